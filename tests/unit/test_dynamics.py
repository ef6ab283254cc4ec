"""Who moved between segments in the year to 1 July 2026, in records that a reader can count on fingers."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from vignettes import ON, condition, contact, person, population_of, rows_of, table

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.person_table import stages
from pcn_analysis.release import release
from pcn_analysis.rules import AtLeast, Element, Holds, Model, Recorded, RecordedWithin, Segment, any_of
from pcn_analysis.segmentation import dynamics
from pcn_analysis.segmentation.dynamics import days
from pcn_analysis.segmentation.labels import labels
from pcn_analysis.segmentation.transitions import moves_between
from pcn_analysis.segmentation.yearly_rates import AGES, YearlyRates

pytestmark = pytest.mark.unit

SINCE = dt.date(2025, 7, 1)
MODEL = Model(
    "two",
    "Lungs, then blood pressure",
    (
        Segment("Lungs", 1, (Element("COPD", Recorded("copd"), "example"),), "COPD."),
        Segment("Pressure", 2, (Element("High", Recorded("hypertension"), "example"),), "High blood pressure."),
    ),
    "Well",
    "example",
)
PERSONS = [
    person("stays well"),
    person("falls ill"),
    person("stays ill"),
    person("gets worse"),
    person("dies", death_date="2025-12-01"),
    person("leaves", registration_end_date="2026-03-01"),
    person("joins", registration_start_date="2026-02-01"),
    person("is born", born="2026-01-15", registration_start_date="2026-01-15"),
    person("came and went", registration_start_date="2025-08-01", registration_end_date="2026-04-01"),
    person("died before", death_date="2025-06-30"),
]
CONDITIONS = [
    condition("falls ill", "copd", "2026-02-01"),
    condition("stays ill", "copd", "2015-03-01"),
    condition("gets worse", "hypertension", "2010-03-01"),
    condition("gets worse", "copd", "2026-06-30"),
    condition("dies", "copd", "2015-03-01"),
    condition("joins", "hypertension", "2012-03-01"),
]


def a_year(persons=PERSONS, conditions=CONDITIONS, **records):
    population = population_of(persons, covered={"copd", "hypertension"}, conditions=conditions, **records)
    return replace(population, tables=population.tables | stages(population))


@pytest.fixture
def ten():
    return a_year()


def segments(**them):
    return pd.DataFrame({"person_id": list(them), "segment": list(them.values())})


def some(found):
    """Rows that count anyone."""
    frame = found.frame[found.frame["patients"] > 0]
    return set(frame[["segment", "next_segment", "patients"]].itertuples(index=False, name=None))


# -- two days of any segments ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("death", "what"),
    [
        ("2025-07-01", "died"),  # alive at the start of the first day
        ("2026-06-30", "died"),
        ("2026-07-01", "left"),  # alive at the start of the second: gone for another reason
        (None, "left"),
    ],
)
def test_who_is_gone_died_if_a_death_before_the_second_day_is_recorded(death, what):
    persons = table("persons", [person("p1", death_date=death)])
    found = moves_between(segments(p1="Well"), segments(p1="Well").head(0), persons, since=SINCE, until=ON)
    assert rows_of(found) == [(65, "Well", what, 1)]


def test_ages_are_of_the_first_day_but_of_those_who_joined_of_the_second():
    persons = table("persons", [person("p1", born="1956-01-01"), person("p2", born="1956-01-01")])
    found = moves_between(segments(p1="Well"), segments(p1="Ill", p2="Ill"), persons, since=SINCE, until=ON)
    assert rows_of(found) == [(69, "Well", "Ill", 1), (70, "joined", "Ill", 1)]


# -- a population's own records ----------------------------------------------------------------------------


def test_segments_on_an_earlier_day_hold_what_was_recorded_before_it(ten):
    assert rows_of(dynamics.segments_at(ten, MODEL, SINCE)) == [
        ("dies", "Lungs"),
        ("falls ill", "Well"),
        ("gets worse", "Pressure"),
        ("leaves", "Well"),
        ("stays ill", "Lungs"),
        ("stays well", "Well"),
    ]


def test_everyone_stayed_moved_left_died_or_joined(ten):
    assert some(dynamics.moves(ten, MODEL)) == {
        ("Lungs", "Lungs", 1),
        ("Lungs", "died", 1),
        ("Pressure", "Lungs", 1),
        ("Well", "Lungs", 1),
        ("Well", "Well", 1),
        ("Well", "left", 1),
        ("joined", "Pressure", 1),
        ("joined", "Well", 1),
    }


def test_every_combination_is_there_and_shares_are_of_where_people_started(ten):
    found = dynamics.moves(ten, MODEL).frame
    assert len(found) == 3 * 5 + 3
    well = found[found["segment"] == "Well"]
    assert well["segment_patients"].to_list() == [3] * 5
    assert well["share"].sum() == pytest.approx(1)


def test_flows_add_up_before_and_after(ten):
    frame = dynamics.flows(ten, MODEL).frame
    assert frame.set_index("segment")[list(dynamics.FLOWS)].to_numpy().tolist() == [
        [2, 1, 0, 0, 1, 2, 0, 0, 3],
        [1, 0, 1, 0, 0, 0, 1, 0, 1],
        [3, 1, 1, 1, 0, 0, 1, 0, 2],
    ]


def test_everyone_is_counted_once_in_parts_that_add_up(ten):
    row = dynamics.everyone(ten, MODEL).frame.iloc[0]
    assert row[list(dynamics.EVERYONE)].to_list() == [6, 2, 2, 0, 1, 1, 2, 6]
    assert (row["crossing"], row["since"]) == ("", "1 July 2025")


def test_who_left_died_and_joined_are_the_same_under_every_model(ten):
    """Small numbers are hidden in one table of everyone, not in each segment and then summed."""
    reversed_order = replace(MODEL, segments=tuple(replace(one, priority=3 - one.priority) for one in MODEL.segments))
    adults = replace(MODEL, whom=AtLeast("age", 18), others="Under 18")
    same = ["before", "left", "died", "joined", "after"]
    rows = [dynamics.everyone(ten, model).frame[same].iloc[0].to_list() for model in (MODEL, reversed_order, adults)]
    assert rows[0] == rows[1] == rows[2] == [6, 1, 1, 2, 6]


def with_birthdays():
    """One turned 18 well, one turned 18 ill, one is still 17."""
    young = {"turns": "2008-01-01", "turns ill": "2008-01-02", "is 17": "2009-01-01"}
    persons = [*PERSONS, *(person(name, born=born) for name, born in young.items())]
    return a_year(persons, [*CONDITIONS, condition("turns ill", "copd", "2015-03-01")])


ADULTS = replace(MODEL, whom=AtLeast("age", 18), others="Under 18")


def test_a_birthday_is_no_move_to_a_segment_of_higher_priority():
    found = dynamics.outcomes(with_birthdays(), ADULTS).frame
    young = found[found["segment"] == "Under 18"].set_index("outcome")["patients"]
    assert young.to_dict() == {
        "stayed": 1, "moved to one of higher priority": 0, "moved to one of lower priority": 0, "turned 18": 2,
        "left": 0, "died": 0,
    }  # fmt: skip
    assert dynamics.everyone(with_birthdays(), ADULTS).frame[["moved", "crossed"]].to_numpy().tolist() == [[2, 2]]
    assert set(dynamics.moves(with_birthdays(), ADULTS).frame["how"]) == {
        "stayed", "moved", "turned 18", "joined", "left", "died",
    }  # fmt: skip


def test_flows_of_a_model_for_adults_tell_birthdays_apart_and_add_up():
    frame = dynamics.flows(with_birthdays(), ADULTS).frame.set_index("segment")
    assert frame["kind"].to_list() == ["segment", "segment", "remainder", "others"]
    assert frame["crossed"].to_dict() == {"Lungs": 1, "Pressure": 0, "Well": 1, "Under 18": 2}
    adults, young = frame[frame["kind"] != "others"], frame.loc["Under 18"]
    assert (adults["before"] == adults[["stayed", "moved_out", "left", "died"]].sum(axis=1)).all()
    assert (adults["after"] == adults[["stayed", "moved_in", "joined", "crossed"]].sum(axis=1)).all()
    assert young["before"] == young["stayed"] + young["crossed"] == 3
    assert young["moved_out"] == 0


def test_a_segment_that_nobody_is_in_is_in_no_table(ten):
    none = Segment("Gout", 3, (Element("Gout", Recorded("hypertension"), "example"),), "Gout.")
    more = replace(MODEL, segments=(*MODEL.segments, none))
    for make in (dynamics.moves, dynamics.outcomes, dynamics.flows, dynamics.projection):
        assert set(make(ten, more).frame["segment"]) - {"joined"} == {"Lungs", "Pressure", "Well"}


def test_tables_of_moves_pass_the_gate(ten):
    for found in (dynamics.moves(ten, MODEL), dynamics.flows(ten, MODEL), dynamics.projection(ten, MODEL, years=2)):
        assert release(found).provenance.people


def test_a_day_before_anyone_was_observed_is_refused(ten):
    row = {"person_id": "stays well", "start_date": "2025-07-02", "end_date": "2026-06-30"}
    late = replace(ten, tables=ten.tables | {"observation_period": table("observation_period", [row])})
    with pytest.raises(PcnAnalysisError, match=r"nobody was observed yet on 1 July 2025; .* 2 July 2025"):
        dynamics.moves(late, MODEL)


def test_a_day_that_the_records_do_not_reach_is_refused(ten):
    with pytest.raises(PcnAnalysisError, match="later than the day after the records were taken"):
        dynamics.segments_at(ten, MODEL, dt.date(2026, 7, 3))


def test_days_on_which_different_things_were_recorded_are_not_compared():
    often = Element("Often", any_of(AtLeast("ae_24m", 1)), "example")
    model = Model("seen", "Seen", (Segment("Often", 1, (often,), "Attended."),), "Other", "example")
    population = a_year(encounters=[contact("stays well", "ed", "2026-01-15")])
    with pytest.raises(PcnAnalysisError, match="can assess Often on one of the two days and not"):
        dynamics.moves(population, model)


def test_days_on_which_different_things_are_missing_are_not_compared():
    """A feed began between the two days: in part assessed on both, but not of the same."""
    often = Element("Often", any_of(Recorded("copd"), Recorded("gout"), AtLeast("ae_24m", 1)), "example")
    model = Model("seen", "Seen", (Segment("Often", 1, (often,), "Attended."),), "Other", "example")
    population = a_year(encounters=[contact("stays well", "ed", "2026-01-15")])
    with pytest.raises(PcnAnalysisError, match="can assess Often on one of the two days and not"):
        dynamics.moves(population, model)


def test_days_on_which_it_is_known_differently_whom_a_model_is_for_are_not_compared():
    whom = any_of(Recorded("copd"), AtLeast("ae_24m", 1))
    population = a_year(encounters=[contact("stays well", "ed", "2026-01-15")])
    with pytest.raises(PcnAnalysisError, match="can assess whom it is for on one of the two days and not"):
        dynamics.moves(population, replace(MODEL, whom=whom, others="Others"))


@pytest.mark.parametrize(("months", "cautious"), [(12, False), (13, True)])
def test_a_window_that_reaches_back_before_the_records_is_told(ten, months, cautious):
    recent = Element("Recent", RecordedWithin("copd", months), "example")
    model = Model("recent", "Recent", (Segment("Recent", 1, (recent,), "COPD of late."),), "Other", "example")
    row = {"person_id": "stays well", "start_date": "2024-07-01", "end_date": "2026-06-30"}
    seen = replace(ten, tables=ten.tables | {"observation_period": table("observation_period", [row])})
    made = dynamics.moves(seen, model)
    assert (days.RECORDS_BEGIN in made.frame) is cautious
    if cautious:
        assert set(made.frame[days.RECORDS_BEGIN]) == {"1 July 2024"}
        assert set(made.frame[days.LOOKS_BACK]) == {"13 months"}
    assert made.provenance == seen.provenance, "it is said in words: nothing of it is modelled"


@pytest.mark.parametrize(
    "column", ["n_ltc", "cms_general_37", "efi_score", "efi_category", "on_can_register", "on_ast_register"]
)
def test_columns_made_by_rules_look_back_over_the_longest_window_of_these(column):
    assert days._longest_window(AtLeast(column, 1)) == 60
    assert days._longest_window(any_of(AtLeast("age", 65), AtLeast("ae_24m", 1))) == 24


def test_one_person_observed_early_does_not_make_the_records_begin_early(ten):
    """Half of those registered on the earlier day count, and nobody who joined after it."""
    recent = Element("Recent", RecordedWithin("copd", 12), "example")
    model = Model("recent", "Recent", (Segment("Recent", 1, (recent,), "COPD of late."),), "Other", "example")
    starts = {"stays well": "1990-01-01", "falls ill": "2025-01-01", "stays ill": "2025-03-01", "is born": "2026-01-15"}
    rows = [{"person_id": who, "start_date": day, "end_date": "2026-06-30"} for who, day in starts.items()]
    seen = replace(ten, tables=ten.tables | {"observation_period": table("observation_period", rows)})
    said = dynamics.moves(seen, model).frame
    assert set(said[days.RECORDS_BEGIN]) == {"1 January 2025"}
    assert set(said[days.LOOKS_BACK]) == {"1 year"}


def home_alone_or_not():
    home = Element("Housebound", any_of(Holds("housebound"), Holds("care_home")), "example")
    return Model("home", "Home", (Segment("Home", 1, (home,), "Housebound."),), "Other", "example")


@pytest.mark.parametrize("table", [dynamics.moves, dynamics.outcomes, dynamics.flows, dynamics.projection])
def test_facts_without_a_date_are_named_and_nothing_is_called_modelled_for_them(ten, table):
    """They are taken to have held on the earlier day too: that is no estimate of a number."""
    named, without = table(ten, home_alone_or_not()), table(ten, MODEL)
    assert set(named.frame[days.UNCHANGED]) == {"living in a care home and being housebound"}
    assert days.UNCHANGED not in without.frame
    assert named.provenance == without.provenance
    assert set(release(named).frame[days.UNCHANGED]) == set(named.frame[days.UNCHANGED])


def test_moves_counted_on_two_days_are_not_modelled(ten):
    assert dynamics.moves(ten, home_alone_or_not()).provenance == ten.provenance


def test_people_are_put_to_a_model_once_for_each_day(ten):
    dynamics.moves(ten, MODEL)
    asked = len(ten.remembered)
    dynamics.flows(ten, MODEL)
    dynamics.outcomes(ten, MODEL)
    assert len(ten.remembered) == asked
    assert dynamics.segments_at(ten, MODEL, ON).equals(labels(ten, MODEL))


@pytest.mark.parametrize("years", [0, 4])
def test_moves_are_looked_at_over_one_to_three_years(ten, years):
    with pytest.raises(ValueError, match="1 to 3 years"):
        dynamics.moves(ten, MODEL, years=years)


# -- projection --------------------------------------------------------------------------------------------


def test_a_projection_begins_with_the_people_of_the_index_date(ten):
    found = dynamics.projection(ten, MODEL, years=2).frame
    assert found["year"].unique().tolist() == ["2026", "2027", "2028"]
    first = found[found["year"] == "2026"]
    assert first["segment"].to_list() == ["Lungs", "Pressure", "Well"]
    assert first["patients"].to_list() == first["patients_upper"].to_list() == [3, 1, 2]


def test_other_rates_say_whose_they_are_and_need_the_same_segments(ten):
    none = np.zeros((AGES, 3))
    stay = np.eye(3, 4)[None]
    same = YearlyRates(("Lungs", "Pressure", "Well"), (0,), stay, none, none, none, none)
    found = dynamics.projection(ten, MODEL, years=3, rates=same)
    assert found.frame["patients"].to_list() == [3, 1, 2] * 4
    assert "Bristol, North Somerset" in found.provenance.modelled
    with pytest.raises(PcnAnalysisError, match="there are no rates of the segment Well"):
        dynamics.projection(ten, MODEL, rates=replace(same, segments=("Lungs", "Pressure", "Fit")))
