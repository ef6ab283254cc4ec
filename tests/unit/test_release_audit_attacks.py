"""The known ways to find out a number that is not shown, each tried."""

from __future__ import annotations

import pytest

from pcn_analysis.release.audit import Attacker, Cell, Seen, Structure, audit
from pcn_analysis.thresholds import ROUNDED_TO, SMALLEST_SHOWN

pytestmark = pytest.mark.unit

NETWORK = "Marlhaven|Harbour PCN|2026-07-01"
WEEK_LATER = "Marlhaven|Harbour PCN|2026-07-08"
MONTH_LATER = "Marlhaven|Harbour PCN|2026-08-01"
WHOLE_PLACE = "Marlhaven|*|2026-07-01"
BOTH_SEXES = Structure(classes={"sex": ("female", "male")})


def plainly(value: int) -> tuple[int, int, str]:
    """Show everything but 1 to 7, exactly."""
    if 0 < value < SMALLEST_SHOWN:
        return 1, SMALLEST_SHOWN - 1, "suppressed"
    return value, value, "exact" if value else "zero"


def by_hes(value: int) -> tuple[int, int, str]:
    """Show nothing of 1 to 7, and the nearest 5 of everything else."""
    if value < SMALLEST_SHOWN:
        return plainly(value)
    shown = (value + 2) // ROUNDED_TO * ROUNDED_TO
    return max(shown - 2, SMALLEST_SHOWN), shown + 2, "rounded"


def told(value: int, rule=plainly, people=NETWORK, *, table="table", of="people", never=(), **box) -> Seen:
    """What a released number tells; a class by the name of its dimension, several as a tuple."""
    conditions = {one: (classes,) if isinstance(classes, str) else classes for one, classes in box.items()}
    cell = Cell((people,), tuple(sorted(conditions.items())), of)
    return Seen(cell, *rule(value), table, 0, "patients", ("sex", "age_group", "practice"), never)


def found(*seen: Seen, structure: Structure | None = None, **attacker) -> list[tuple[str, str]]:
    """All that is not clean: what, and how bad."""
    audited = audit(seen, attacker=Attacker(**attacker), structure=structure)
    return [(str(one).removesuffix(f": {one.status}"), one.status) for one in audited.breaches]


def test_a_number_that_is_its_total_less_the_others_is_disclosed():
    seen = [told(103), told(98, sex="female"), told(5, sex="male")]
    assert ("Harbour PCN: sex male", "disclosed") in found(*seen)


def test_rounding_the_total_and_the_others_protects_it():
    seen = [told(103, by_hes), told(98, by_hes, sex="female"), told(5, by_hes, sex="male")]
    assert not found(*seen)


def test_rounding_does_not_protect_where_many_rounded_numbers_pull_the_same_way():
    """Three numbers of 97 or fewer, shown as 95, and a total of 298 or more, shown as 300, leave 7 alone."""
    classes = ("white", "asian", "black")
    seen = [told(298, by_hes), told(7, by_hes, ethnic_group="mixed")]
    seen += [told(97, by_hes, ethnic_group=one) for one in classes]
    structure = Structure(classes={"ethnic_group": (*classes, "mixed")})
    assert found(*seen, structure=structure) == [("Harbour PCN: ethnic_group mixed", "disclosed")]


def test_a_number_with_fewer_values_left_than_promised_is_too_narrow():
    seen = [told(103), told(45, sex="female", frail="yes"), told(5, sex="male", frail="yes")]
    seen += [told(49, sex="female", frail="no"), told(4, sex="male", frail="no")]
    assert ("Harbour PCN: frail yes".replace("frail yes", "frail, sex male"), "too narrow") not in found(*seen)
    small = [told(9), told(2, sex="female"), told(7, sex="male")]
    assert not found(*small, promise=4)
    assert {status for _, status in found(*small, promise=8)} == {"too narrow"}


def test_a_cycle_of_tables_is_seen_through_though_any_two_of_them_agree_on_more():
    """Of two people, a and b differ, b and c differ, and a and c differ in one at most: which any two would allow."""
    pairs = [("a", "b"), ("b", "c"), ("a", "c")]
    seen = [told(2, lambda _: (2, 2, "exact"))]
    for one, other in pairs:
        seen += [told(0, **{one: "yes", other: "yes"}), told(0, **{one: "no", other: "no"})]
    assert {status for _, status in found(*seen)} == {"contradiction"}


def test_bands_that_overlap_give_the_band_between_them_away():
    seen = [told(100, age_group="65 or over"), told(97, age_group="70+"), told(400, age_group="0-64")]
    assert found(*seen) == [("Harbour PCN: age_group 65 or over, less Harbour PCN: age_group 70+", "disclosed")]


def test_rounded_bands_that_overlap_do_not():
    seen = [told(100, by_hes, age_group="65 or over"), told(97, by_hes, age_group="70+")]
    assert not found(*seen)


def test_a_cohort_that_lies_in_another_gives_away_who_is_in_that_one_alone():
    never = ((("version 1", ("no",)), ("version 2", ("yes",))),)
    one, other = (told(n, never=never, **{f"version {i}": "yes"}) for i, n in ((1, 100), (2, 96)))
    assert found(one, other) == [("Harbour PCN: version 1, less Harbour PCN: version 2", "disclosed")]
    assert not found(told(100, **{"version 1": "yes"}), told(96, **{"version 2": "yes"}))


def test_two_overlapping_cohorts_give_away_those_in_both():
    """Everybody is in one of the two, so that those in both are what the two have more than everybody."""
    never = ((("version 1", ("no",)), ("version 2", ("no",))),)
    seen = [told(100), told(60, never=never, **{"version 1": "yes"}), told(45, **{"version 2": "yes"})]
    seen.append(told(5, **{"version 1": "yes", "version 2": "yes"}))
    assert ("Harbour PCN: version 1, version 2", "disclosed") in found(*seen)


def test_networks_add_up_to_their_place():
    other = "Marlhaven|Lighthouse PCN|2026-07-01"
    seen = [told(60, people=WHOLE_PLACE), told(55), told(5, people=other)]
    made_of = {WHOLE_PLACE: (NETWORK, other)}
    assert ("Lighthouse PCN: everyone", "disclosed") in found(*seen, structure=Structure(networks=made_of))
    assert ("Lighthouse PCN: everyone", "disclosed") not in found(*seen)


def test_a_number_that_crosses_the_line_within_a_week_is_disclosed_and_within_a_month_is_not():
    before, after = told(7, by_hes, sex="male"), (lambda people: told(8, by_hes, people, sex="male"))
    assert ("Harbour PCN: sex male", "disclosed") in found(before, after(WEEK_LATER))
    assert not found(before, after(MONTH_LATER))
    assert not found(before, after(WEEK_LATER), known_changes=8)


def test_a_practice_that_leaves_a_network_takes_its_numbers_with_it():
    practices = {NETWORK: ("Abbey", "Bridge", "Chapel"), WEEK_LATER: ("Abbey", "Bridge")}
    seen = [told(100, frail="yes"), told(97, people=WEEK_LATER, frail="yes")]
    what = "Harbour PCN: frail, practice Chapel"
    assert found(*seen, structure=Structure(practices=practices)) == [(what, "too narrow")]
    assert not found(*seen)
    rounded = [told(100, by_hes, frail="yes"), told(97, by_hes, people=WEEK_LATER, frail="yes")]
    assert not found(*rounded, structure=Structure(practices=practices))


def test_a_practice_that_joins_another_network_is_told_from_both_sides():
    other = "Marlhaven|Lighthouse PCN|2026-07-08"
    seen = [told(7, by_hes, practice="Chapel", frail="yes")]
    seen.append(told(8, by_hes, people=other, practice="Chapel", frail="yes"))
    assert ("Harbour PCN: frail, practice Chapel", "disclosed") in found(*seen)


def test_tables_that_cannot_all_be_true_are_a_contradiction_and_never_clean():
    shown_twice = [told(10, table="one"), told(12, table="other")]
    assert [one.tables for one in audit(shown_twice).breaches] == [("one", "other")]
    assert found(told(10), told(20, sex="female"), told(5, sex="male"))[0][1] == "contradiction"


def test_a_number_that_one_table_shows_and_another_does_not_is_not_hidden():
    seen = [told(5, lambda _: (1, None, "withheld"), sex="male"), told(50, sex="male")]
    assert audit(seen).suppressed == 0


def test_events_and_people_are_not_added_up():
    seen = [told(103), told(98, sex="female"), told(5, sex="male", of="contacts")]
    assert ("Harbour PCN: sex male (contacts)", "disclosed") not in found(*seen)


def test_classes_that_are_not_all_named_leave_room_for_others():
    """Tables of 65 and over only, beside a total of everybody: nobody concludes that there are no younger people."""
    seen = [told(500), told(60, age_group="65-74"), told(5, age_group="75+")]
    assert not [one for one in found(*seen) if one[1] == "contradiction"]


def test_what_forces_a_number_is_named_with_its_tables_and_a_remedy():
    seen = [told(103, table="everybody"), told(98, table="sexes", sex="female"), told(5, table="sexes", sex="male")]
    seen += [told(40, table="beside", frail="yes")]
    finding = next(one for one in audit(seen, structure=BOTH_SEXES).breaches if one.less is None)
    assert (finding.low, finding.high, finding.values) == (5, 5, 1)
    assert finding.tables == ("everybody", "sexes")
    assert {str(one) for one in finding.forced_by} >= {"Harbour PCN: everyone", "Harbour PCN: sex female"}
    assert finding.remedy == "Merge classes of sex in everybody, or withhold one of the cells."
    assert all("male" not in table for table in finding.tables)


def test_a_search_that_ends_without_proof_counts_as_found_out():
    seen = [told(103, by_hes), told(98, by_hes, sex="female"), told(5, by_hes, sex="male")]
    assert {status for _, status in found(*seen, time_limit=0.0)} <= {"not proven"}


def test_a_number_that_is_withheld_and_follows_all_the_same_is_disclosed_though_it_is_not_small():
    seen = [told(103), told(53, sex="female"), told(50, lambda _: (1, None, "withheld"), sex="male")]
    assert ("Harbour PCN: sex male", "disclosed") in found(*seen)
