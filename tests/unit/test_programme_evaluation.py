"""A programme put to records: who is compared, what is refused, what is said, and what may leave."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pcn_analysis.anticipatory.programme import (
    Design,
    balance_of,
    by_group,
    by_month,
    evaluate_programme,
    people_left,
    result,
)
from pcn_analysis.engine import to_pandas
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.person_table import person_table
from pcn_analysis.population import Population
from pcn_analysis.release import release
from pcn_analysis.rules import AtLeast
from tests.declared_counts import problems_of, undeclared
from tests.unit import programme_people as invented

pytestmark = pytest.mark.unit

AFTER = slice(invented.START_MONTH, invented.MONTHS)
GOT = tuple(f"A{i:05}" for i in range(1, 11))
"""Practices 1 to 10 of 20."""


def design(kind: str = "matched_comparison", **values) -> Design:
    usual = {"name": "calls", "question": "Fewer?", "outcome": "ed", "design": kind, "months_before": 12,
             "months_after": 12, "smallest_difference": 0.1, "agreed_on": dt.date(2024, 12, 1)}  # fmt: skip
    return Design(**(usual | values))


def world(effect: float = 1.0, *, count: int = 2000, practices: int = 20, yearly: float = 1.0, seed: int = 1):
    """People in practices, and a tenth of each practice who got the programme, with its effect on them."""
    people = invented.persons(count, practices=practices)
    rate = np.random.default_rng(seed).gamma(2, yearly / 24, (count, 1)) * np.ones(invented.MONTHS)
    got = np.arange(count) // practices % 5 == 0
    rate[got, AFTER] *= effect
    return people, rate, got


@pytest.fixture(scope="module")
def helped() -> tuple[Population, pd.DataFrame]:
    """A programme that nearly halves attendances of some people of each practice."""
    people, rate, got = world(0.55)
    return invented.population(people, invented.contacts(people, rate, seed=2)), invented.list_of(people[got])


@pytest.fixture(scope="module")
def practices_helped() -> Population:
    """Ten practices of twenty with a third fewer attendances from the start."""
    people, rate, _ = world()
    rate[np.ix_(people["practice_code"].isin(GOT), np.arange(invented.START_MONTH, invented.MONTHS))] *= 0.65
    return invented.population(people, invented.contacts(people, rate, seed=3))


def wrong(*what, **how) -> list[str]:
    with pytest.raises(PcnAnalysisError) as error:
        evaluate_programme(*what, **how)
    return [str(one) for one in error.value.problems]


# -- what is found -----------------------------------------------------------------------------------------


def test_an_effect_in_people_is_found_by_matching_and_by_differences(helped):
    population, treated = helped
    matched = evaluate_programme(
        population, design(covariates=("age", "sex"), exact=("practice_code",)), treated=treated
    )
    differences = evaluate_programme(population, design("difference_in_differences"), treated=treated)
    assert [one.verdict for one in (matched, differences)] == ["fewer", "fewer"]
    assert all(one.found.effect.lower <= 0.55 <= one.found.effect.upper for one in (matched, differences))
    assert matched.sentence.startswith("Those with the programme had fewer A&E attendances than they would have had")


def test_an_effect_in_practices_is_found_by_differences_and_in_the_series(practices_helped):
    treated = invented.practices_from(*GOT)
    for kind, before in (("difference_in_differences", 12), ("interrupted_time_series", 24)):
        found = evaluate_programme(practices_helped, design(kind, months_before=before), treated=treated)
        assert (kind, found.verdict) == (kind, "fewer")
        assert found.found.effect.lower <= 0.65 <= found.found.effect.upper


def test_people_of_practices_with_the_programme_can_be_matched_with_those_of_others(practices_helped):
    chosen = design(covariates=("age", "sex"), comparison=("A00011", "A00012", "A00013"), whom=AtLeast("ae_12m", 1))
    found = evaluate_programme(practices_helped, chosen, treated=invented.practices_from("A00001"))
    assert found.found.flow.set_index("step").loc["in the records"].to_list() == [100, 300]


def test_no_effect_is_never_called_fewer_here():
    people, rate, got = world()
    population = invented.population(people, invented.contacts(people, rate, seed=4))
    for kind in ("matched_comparison", "difference_in_differences"):
        found = evaluate_programme(population, design(kind), treated=invented.list_of(people[got]))
        assert found.verdict in ("cannot tell", "no difference that matters")


def test_people_chosen_for_many_contacts_fall_by_themselves_and_no_design_takes_it_for_an_effect():
    people, rate, _ = world(count=4000)
    seen = invented.contacts(people, rate, seed=5)
    year = seen["visit_start_date"].between(pd.Timestamp("2024-01-01"), pd.Timestamp("2024-12-31"))
    often = people["person_id"].map(seen.loc[year, "person_id"].value_counts()).fillna(0) >= 3
    chosen = people[often & (np.random.default_rng(6).random(len(people)) < 0.4)]
    population, treated = invented.population(people, seen), invented.list_of(chosen)
    matched = evaluate_programme(population, design(exact=("earlier",)), treated=treated)
    kept = replace(design("difference_in_differences"), whom=AtLeast("ae_12m", 3))
    differences = evaluate_programme(population, kept, treated=treated)
    rows = matched.found.groups.set_index(["group", "period"])
    rates = rows["events"] / rows["years"]
    assert rates["programme", "after"] < 0.7 * rates["programme", "before"]
    assert rates["comparison", "after"] < 0.7 * rates["comparison", "before"]
    for found in (matched, differences):
        assert found.found.effect.lower < 1 < found.found.effect.upper


def test_the_result_shows_when_its_design_was_changed_later(helped):
    population, treated = helped
    found = evaluate_programme(population, design(), treated=treated)
    assert found.is_of(design())
    assert not found.is_of(design(smallest_difference=0.05))


def test_a_design_agreed_when_the_outcome_was_known_is_said_to_be_so(helped):
    population, treated = helped
    late = evaluate_programme(population, design(agreed_on=dt.date(2026, 1, 1)), treated=treated)
    early = evaluate_programme(population, design(agreed_on=dt.date(2025, 12, 31)), treated=treated)
    assert any("agreed on 2026-01-01" in note for note in late.notes)
    assert not any("agreed" in note for note in early.notes)


def test_the_same_list_from_a_file_gives_the_same(helped, tmp_path):
    population, treated = helped
    treated.to_csv(tmp_path / "list.csv", index=False)
    one = evaluate_programme(population, design(), treated=treated)
    other = evaluate_programme(population, design(treated=str(tmp_path / "list.csv")))
    assert (one.found.effect, one.treated_sha256) == (other.found.effect, other.treated_sha256)


# -- who is followed, and for how long ---------------------------------------------------------------------


def small(**changed) -> tuple[Population, pd.DataFrame]:
    """Sixty people of one practice who come once a month, the first twenty with the programme."""
    people = invented.persons(60, practices=1)
    for column, values in changed.items():
        for row, value in values.items():
            people.loc[row, column] = pd.Timestamp(value)
    months = pd.date_range(invented.BEGIN, periods=invented.MONTHS, freq="MS") + pd.Timedelta(days=9)
    seen = people[["person_id"]].merge(pd.DataFrame({"visit_start_date": months}), how="cross")
    seen = seen.assign(visit_id=[f"v{i}" for i in range(len(seen))], visit_type="ed", attended=True)
    return invented.population(people, seen), invented.list_of(people[:20])


def counts(found, group: str, period: str) -> tuple[int, int, float]:
    row = found.found.groups.set_index(["group", "period"]).loc[(group, period)]
    return int(row["people"]), int(row["events"]), round(float(row["years"]), 2)


def test_who_dies_or_leaves_stays_with_the_time_that_they_had():
    population, treated = small(death_date={0: "2025-07-01"}, registration_end_date={1: "2025-04-01"})
    found = evaluate_programme(population, design("difference_in_differences"), treated=treated)
    assert counts(found, "programme", "before") == (20, 240, 20.04)
    assert counts(found, "programme", "after") == (20, 18 * 12 + 6 + 3, 18.73)
    after = found.found.groups.set_index(["group", "period"]).loc[("programme", "after")]
    assert (after["died"], after["left"]) == (1, 1)


def test_who_died_before_the_start_is_compared_with_nobody():
    population, treated = small(death_date={0: "2024-12-31", 30: "2024-12-31", 31: "2025-01-01"})
    flow = evaluate_programme(population, design(), treated=treated).found.flow.set_index("step")
    assert flow.loc["in the records"].to_list() == [20, 40]
    assert flow.loc["alive and registered at the start"].to_list() == [19, 39]


def test_who_came_during_the_months_before_is_in_neither_group():
    population, treated = small(registration_start_date={0: "2024-01-02", 1: "2024-01-01", 30: "2024-06-01"})
    flow = evaluate_programme(population, design(), treated=treated).found.flow.set_index("step")
    assert flow.loc["registered in all of the months before"].to_list() == [19, 39]


def test_pairs_are_followed_from_the_same_day():
    population, treated = small(death_date={30: "2025-05-01"})
    treated = treated.assign(start_date=[invented.START] * 10 + [pd.Timestamp("2025-06-01")] * 10)
    found = evaluate_programme(population, design(), treated=treated)
    assert counts(found, "programme", "after")[1:] == (240, 19.99)
    assert counts(found, "comparison", "after")[2] >= 19.99 - 0.67


def test_starts_within_a_month_can_be_followed_from_the_next():
    population, treated = small(death_date={0: "2025-12-15"})
    treated = treated.assign(start_date=pd.Timestamp("2024-12-02"))
    found = evaluate_programme(population, design(starts="next_month"), treated=treated)
    exact = evaluate_programme(population, design(), treated=treated.assign(start_date=invented.START))
    assert counts(found, "programme", "after") == counts(exact, "programme", "after") == (20, 240, 19.94)


def test_contacts_that_were_not_attended_or_came_after_leaving_do_not_count():
    people = invented.persons(60, practices=1)
    people.loc[0, "registration_end_date"] = pd.Timestamp("2025-02-01")
    seen = invented.contacts(people, np.full((60, 1), 1.0))
    population = invented.population(people, seen)
    missed = invented.population(people, pd.concat([seen, seen.assign(attended=False)]))
    one, other = (evaluate_programme(each, design("difference_in_differences"), treated=invented.list_of(people[:20]))
                  for each in (population, missed))  # fmt: skip
    assert one.found.groups.equals(other.found.groups)
    late = (seen["person_id"] == "p00000") & (seen["visit_start_date"] >= pd.Timestamp("2025-02-01"))
    without = invented.population(people, seen[~late])
    again = evaluate_programme(without, design("difference_in_differences"), treated=invented.list_of(people[:20]))
    assert again.found.groups.equals(one.found.groups)


def test_two_networks_are_evaluated_together_and_a_person_in_both_is_refused():
    people, rate, got = world(0.55)
    seen = invented.contacts(people, rate, seed=2)
    halves = [invented.population(people[half], seen[seen["person_id"].isin(people[half]["person_id"])])
              for half in (people.index < 1000, people.index >= 1000)]  # fmt: skip
    together = evaluate_programme(halves, design(), treated=invented.list_of(people[got]))
    assert together.verdict == "fewer"
    twice = wrong([halves[0], halves[0]], design(), treated=invented.list_of(people))
    assert "1,000 people are in more than one" in twice[0]


# -- what is refused ---------------------------------------------------------------------------------------


def test_nobody_of_the_list_in_the_records_and_days_outside_are_told_at_once(helped):
    treated = pd.DataFrame({"person_id": ["x1", "x2"], "start_date": ["2019-01-01", "2031-01-01"]})
    problems = wrong(helped[0], design(), treated=treated)
    assert len(problems) == 2
    assert "2 starts outside the records" in problems[0]
    assert "nobody of the list is in the records" in problems[1]
    assert not any("x1" in one for one in problems)


def test_everybody_treated_is_refused(helped):
    everyone = invented.list_of(invented.persons(2000, practices=20))
    for kind in ("matched_comparison", "difference_in_differences"):
        assert "nobody to compare with" in wrong(helped[0], design(kind), treated=everyone)[0]


def test_a_single_practice_in_a_group_is_refused(helped):
    alone = wrong(helped[0], design("difference_in_differences"), treated=invented.practices_from("A00001"))
    assert "one practice alone" in alone[0]


def test_a_series_of_people_is_refused_as_regression_to_the_mean(helped):
    assert "regression to the mean" in wrong(helped[0], design("interrupted_time_series"), treated=helped[1])[0]


def test_a_series_is_interrupted_once(practices_helped):
    treated = invented.practices_from("A00001", "A00002").assign(start_date=["2025-01-01", "2025-02-01"])
    assert "2 different starts" in wrong(practices_helped, design("interrupted_time_series"), treated=treated)[0]


def test_practices_that_are_not_there_or_on_both_sides_are_named(practices_helped):
    chosen = design("difference_in_differences", comparison=("A00001", "A00011", "A00099"))
    problems = wrong(practices_helped, chosen, treated=invented.practices_from("A00001", "A00002", "A00098"))
    assert ["A00098" in problems[0], "A00099" in problems[1], "A00001" in problems[2]] == [True] * 3


def test_an_outcome_that_nobody_had_is_refused(helped):
    assert (
        "no gp_contact is recorded of anybody" in wrong(helped[0], design(outcome="gp_contact"), treated=helped[1])[0]
    )
    people, rate, got = world()
    rate[:, invented.START_MONTH - 12 : invented.START_MONTH + 12] = 0
    population = invented.population(people, invented.contacts(people, rate))
    assert "nobody who is compared had any" in wrong(population, design(), treated=invented.list_of(people[got]))[0]


def test_a_list_of_whom_nobody_is_left_at_the_start_is_refused():
    population, treated = small(death_date=dict.fromkeys(range(20), "2024-06-01"))
    for kind in ("matched_comparison", "difference_in_differences"):
        assert wrong(population, design(kind), treated=treated) == [
            "calls, programme: nobody is left: registered in all of the months before. Look at dates and whom."
        ]


def test_columns_that_could_not_be_assessed_are_named(helped):
    chosen = design(covariates=("age", "efi_score"), whom=AtLeast("nel_12m", 1))
    assert "could not be assessed on 2025-01-01: efi_score, whom" in wrong(helped[0], chosen, treated=helped[1])[0]


def test_no_list_and_no_people_are_said_plainly(helped):
    assert "there is no list" in wrong(helped[0], design())[0]
    assert "there is none" in wrong([], design(), treated=helped[1])[0]


def test_many_different_starts_are_refused_with_the_way_out(helped):
    population, treated = helped
    days = pd.date_range("2024-06-01", periods=len(treated), freq="D")
    many = treated.assign(start_date=days.where(days < pd.Timestamp("2025-03-01"), days[0]))
    assert "next_month" in wrong(population, design(), treated=many)[0]
    assert evaluate_programme(population, design(starts="next_month"), treated=many).verdict == "fewer"


# -- what cannot be told -----------------------------------------------------------------------------------


def test_records_that_end_before_the_months_compared_cannot_tell(helped):
    population, treated = helped
    found = evaluate_programme(population, design(months_after=24), treated=treated)
    assert found.verdict == "cannot tell"
    assert any("records do not cover the months compared" in one for one in found.reasons)
    early = evaluate_programme(population, design(months_before=48), treated=treated)
    assert any("records do not cover" in one for one in early.reasons)


def test_groups_that_nothing_has_in_common_cannot_tell(helped):
    people, rate, _ = world(0.5)
    old = people["birth_date"] < pd.Timestamp("1960-01-01")
    population = invented.population(people, invented.contacts(people, rate))
    found = evaluate_programme(population, design(covariates=("age",)), treated=invented.list_of(people[old]))
    assert found.verdict == "cannot tell"
    assert any("anybody like them" in one or "unbalanced" in one for one in found.reasons)


def test_few_people_and_few_contacts_cannot_tell_and_no_figure_is_said():
    people, rate, _ = world(count=200, yearly=0.2)
    population = invented.population(people, invented.contacts(people, rate))
    found = evaluate_programme(population, design(), treated=invented.list_of(people[:6]))
    assert found.verdict == "cannot tell"
    assert {"fewer than 20 people: programme, comparison", "fewer than 20 pairs"} <= set(found.reasons)
    assert not any("interval" in one for one in found.reasons)
    assert release(result(found)).frame[["estimate", "lower", "upper"]].isna().all(axis=None)


# -- what may leave ----------------------------------------------------------------------------------------


def test_every_table_passes_the_gate_and_counts_are_rounded(helped, practices_helped):
    one = evaluate_programme(helped[0], design(covariates=("age", "sex")), treated=helped[1])
    series = design("interrupted_time_series", months_before=24)
    other = evaluate_programme(practices_helped, series, treated=invented.practices_from(*GOT))
    for found in (one, other):
        for table in (result, by_group, people_left, balance_of, by_month):
            frame = release(table(found)).frame
            for column in {"people", "contacts", "years", "programme", "comparison"} & set(frame):
                assert (frame[column].dropna() % 5 == 0).all()
    assert len(release(by_month(other)).frame) == 2 * 36
    assert release(balance_of(one)).frame["covariate"].to_list() == ["age", "sex: female", "sex: male", "earlier"]
    assert release(by_month(one)).frame.empty


def test_no_figure_of_a_model_leaves_where_a_count_behind_it_may_not_be_shown(helped):
    whole = evaluate_programme(helped[0], design(), treated=helped[1])
    few = replace(whole, found=replace(whole.found, groups=whole.found.groups.assign(events=7)))
    assert release(result(whole)).frame["estimate"].notna().all()
    assert release(result(few)).frame[["estimate", "lower", "upper"]].isna().all(axis=None)
    assert release(balance_of(few)).frame[["before", "after"]].isna().all(axis=None)


def test_the_verdict_stands_beside_the_estimate_with_the_hash_of_its_design(helped):
    found = evaluate_programme(helped[0], design(), treated=helped[1])
    row = release(result(found)).frame.iloc[0]
    assert (row["measure"], row["verdict"], row["design_sha256"]) == ("rate ratio", "fewer", design().sha256)
    assert row["estimate"] == round(found.found.effect.value, 2)


# -- on the synthetic people -------------------------------------------------------------------------------


def test_a_programme_that_never_was_is_put_to_the_synthetic_people_with_all_that_is_known_of_them(old_priory):
    start = pd.Timestamp(old_priory.index_date) - pd.DateOffset(months=12)
    people = to_pandas(person_table(old_priory, on=start.date()).select("person_id", "nel_12m")).sort_values(
        "person_id"
    )
    treated = invented.list_of(people[people["nel_12m"] >= 1][::3], start)
    covariates = ("age", "sex", "imd_decile", "n_ltc", "efi_category", "gp_12m")
    chosen = design(outcome="emergency_admission", covariates=covariates, exact=("earlier",))
    found = evaluate_programme(old_priory, chosen, treated=treated)
    rows = found.found.groups.set_index(["group", "period"])
    rates = rows["events"] / rows["years"]
    assert rates["programme", "after"] < rates["programme", "before"]
    assert found.found.effect.lower < 1 < found.found.effect.upper
    assert found.verdict == "cannot tell"
    assert release(by_group(found)).provenance.label == "SYNTHETIC PEOPLE"


def test_every_count_says_whom_it_counts_and_agrees_with_the_others(helped, practices_helped):
    population, treated = helped
    got = invented.practices_from(*GOT)
    found = [
        evaluate_programme(population, design(covariates=("age", "sex"), exact=("practice_code",)), treated=treated),
        evaluate_programme(practices_helped, design("difference_in_differences"), treated=got),
        evaluate_programme(practices_helped, design("interrupted_time_series", months_before=24), treated=got),
    ]
    for one in found:
        tables = {made.__name__: made(one) for made in (result, by_group, people_left, balance_of, by_month)}
        assert undeclared(tables) == []
        assert problems_of(tables) == []
        kinds = {counted.of for table in tables.values() for counted in table.counted.values()}
        assert all(one.design_sha256[:8] in of for of in kinds), "another design counts other people"
    matched = people_left(found[0])
    last, groups = matched.frame["programme"].iloc[-1], by_group(found[0])
    wrong = replace(groups, frame=groups.frame.assign(people=groups.frame["people"] + 1))
    assert problems_of({"left": matched, "groups": wrong})
    assert last == groups.frame["people"].iloc[0]
