"""What time does to lists and to those admitted often. The date is 1 July 2025; records reach 30 June 2026."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from vignettes import contact, frame, person, population_of

from pcn_analysis.anticipatory.evaluation import (
    persistence,
    persistence_table,
    regression_table,
    regression_to_the_mean,
)
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.provenance import Provenance
from pcn_analysis.release import release

pytestmark = pytest.mark.unit

ON = dt.date(2025, 7, 1)
QUARTERS = ["2024-07-01", "2024-10-01", "2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01", "2026-01-01",
            "2026-06-30"]  # fmt: skip


def month(number):
    return dt.date(2026, number, 1)


# -- lists --------------------------------------------------------------------------------------------------


def test_each_list_is_held_against_every_later_one():
    lists = {month(3): ["a", "d"], month(1): ["a", "b", "c", "d"], month(2): ["a", "b", "x"]}
    found = persistence(lists)
    assert found[["month", "later_month", "months_later", "listed", "still"]].to_numpy().tolist() == [
        ["2026-01", "2026-02", 1, 4, 2],
        ["2026-01", "2026-03", 2, 4, 2],
        ["2026-02", "2026-03", 1, 3, 1],
    ]
    assert found["share"].to_list() == pytest.approx([0.5, 0.5, 1 / 3])


def test_months_later_run_over_the_end_of_a_year():
    found = persistence({dt.date(2025, 11, 1): ["a"], dt.date(2026, 2, 1): ["a"]})
    assert found["months_later"].to_list() == [3]


def test_a_list_of_nobody_has_no_share():
    assert persistence({month(1): [], month(2): ["a"]})["share"].isna().all()


def test_lists_that_cannot_be_compared_are_refused_together():
    with pytest.raises(PcnAnalysisError) as caught:
        persistence({dt.date(2026, 1, 1): ["a", "a"], dt.date(2026, 1, 15): ["b"]})
    assert str(caught.value).splitlines() == [
        "lists: 1 are of a month that another is of. Give one list a month.",
        "lists: 1 of 2 hold someone twice. Put everyone on a list once.",
    ]
    with pytest.raises(PcnAnalysisError, match="lists: there are 1"):
        persistence({month(1): ["a"]})


def test_persistence_is_released_as_counts():
    lists = {month(1): [f"p{n}" for n in range(52)], month(2): [f"p{n}" for n in range(11, 63)]}
    row = release(persistence_table(lists, Provenance((), people=True))).frame.iloc[0]
    assert (row["listed"], row["still"], row["share"]) == (50, 40, 0.8)


# -- regression to the mean ---------------------------------------------------------------------------------


def admission(who, date, **columns):
    return contact(who, "emergency_admission", date, **columns)


def background():
    """One admission a quarter of a person who is not registered, so that the records cover both years."""
    return [admission("elsewhere", date) for date in QUARTERS]


def measured(persons, stays, **options):
    found = regression_to_the_mean(
        frame("encounters", stays + background()), frame("persons", persons), on=ON, **options
    )
    return found.set_index("group")


def test_admissions_are_counted_in_the_year_before_and_the_year_after():
    stays = [
        admission("often", "2024-07-01"), admission("often", "2025-06-30"), admission("often", "2025-07-01"),
        admission("often", "2024-06-30"), admission("often", "2026-07-01"), admission("once", "2025-01-01"),
        contact("once", "ed", "2025-02-01"), admission("once", "2025-02-02", attended=False),
    ]  # fmt: skip
    found = measured([person("often"), person("once"), person("never")], stays)
    assert found.index.to_list() == ["2 or more in the year before", "everyone"]
    columns = ["people", "admissions_before", "admissions_after", "admitted_after"]
    assert found[columns].to_numpy().tolist() == [[1, 2, 1, 1], [3, 3, 1, 1]]
    assert found["each_year_before"].to_list() == pytest.approx([2, 1], rel=0.01)
    assert found["each_year_after"].to_list() == pytest.approx([1, 1 / 3], rel=0.01)


def test_who_dies_or_leaves_is_kept_for_as_long_as_they_were_there():
    persons = [
        person("died", death_date="2025-12-31"),
        person("left", registration_end_date="2025-10-01"),
        person("came", registration_start_date="2025-01-01"),
        person("left before", registration_end_date="2025-06-01"),
    ]
    stays = [admission("left", "2025-11-01"), admission("came", "2024-12-01"), admission("died", "2025-12-31")]
    whole = measured(persons, stays).loc["everyone"]
    assert whole[["people", "died_or_left"]].to_list() == [3, 2]
    assert whole[["admissions_before", "admissions_after"]].to_list() == [0, 1]
    assert whole["years_before"] == pytest.approx((365 * 2 + 181) / 365.25)
    assert whole["years_after"] == pytest.approx((184 + 92 + 365) / 365.25)


def test_nobody_admitted_often_has_no_rate():
    often = measured([person("once")], [admission("once", "2025-01-01")]).iloc[0]
    assert often["people"] == 0
    assert pd.isna(often["each_year_before"])


def test_people_of_unchanging_rates_who_were_admitted_often_are_admitted_less_often_after():
    rng = np.random.default_rng(1)
    rates = rng.gamma(0.5, 0.4, 3_000)
    days = pd.date_range("2024-07-01", "2026-06-30")
    stays = [
        admission(f"p{n}", str(day.date()))
        for n, times in enumerate(rng.poisson(rates * 2))
        for day in rng.choice(days, times)
        for day in [pd.Timestamp(day)]
    ]
    often, everyone = measured([person(f"p{n}") for n in range(3_000)], stays).to_dict("records")
    assert often["each_year_before"] > 2
    assert often["each_year_after"] < 0.7 * often["each_year_before"]
    assert often["each_year_after"] > 2 * everyone["each_year_after"]
    assert everyone["each_year_after"] == pytest.approx(everyone["each_year_before"], rel=0.2)


def test_years_that_the_records_do_not_cover_are_refused():
    few = frame("encounters", [admission("elsewhere", date) for date in QUARTERS[:5]])
    with pytest.raises(PcnAnalysisError) as caught:
        regression_to_the_mean(few, frame("persons", [person("one")]), on=ON, until=dt.date(2025, 9, 1))
    assert str(caught.value).splitlines() == [
        "encounters: the year after 2025-07-01 ends on 2026-07-01, and the records before. Choose an earlier date.",
        "encounters: no emergency admission of anyone is recorded in 3 of the 8 quarters about 2025-07-01. "
        "Choose a date with a year of records before and after it.",
    ]


def test_what_one_to_seven_people_had_is_not_released():
    persons = [person(f"p{n}") for n in range(60)]
    before = [admission(f"p{n}", date) for n in range(20) for date in ("2024-08-01", "2025-02-01")]
    after = [admission("p0", f"2025-{month}-{day}") for month in ("08", "09", "10") for day in ("01", "05", "09", "13")]
    population = population_of(persons, encounters=before + after + background())
    rows = release(regression_table(population, on=ON)).frame.set_index("group")
    often = rows.loc["2 or more in the year before"]
    assert (often["people"], often["admissions_before"], often["each_year_before"]) == (20, 40, 2)
    assert rows[["admissions_after", "each_year_after", "admitted_after"]].isna().all(axis=None)
    assert rows.loc["everyone", "people"] == 60


def test_a_population_without_contacts_is_refused():
    with pytest.raises(PcnAnalysisError, match="there are no records of contacts"):
        regression_table(population_of([person("one")]), on=ON)
