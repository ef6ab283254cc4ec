"""Reasons to withhold a count: what forces a small number, what may be withheld, and what cannot be mended."""

from __future__ import annotations

import numpy as np
import pytest

from pcn_analysis.exceptions import DisclosureError
from pcn_analysis.release import publish
from pcn_analysis.release.audit import Cell, Finding, Seen, Structure, audit
from pcn_analysis.release.audit.attack import Auditor
from pcn_analysis.release.publish import NotMended, coarsened
from pcn_analysis.release.secondary import Reason, can_be_withheld, least, reason, without

pytestmark = pytest.mark.unit

HARBOUR, LIGHTHOUSE = (f"Marlhaven|{name}|2026-07-01" for name in ("Harbour PCN", "Lighthouse PCN"))
BY = ("sex", "age_group", "colour")
STRUCTURE = Structure(
    classes={"sex": ("female", "male"), "age_group": ("0-64", "65+"), "colour": ("red", "green", "blue")}
)
SUPPRESSED = (1, 7)


def told(shown: int | tuple[int, int], people: str = HARBOUR, table: str = "t", **box: str) -> Seen:
    """What a number tells: itself, or the range in which it lies if it is not shown."""
    low, high = shown if isinstance(shown, tuple) else (shown, shown)
    kind = ("exact" if low else "zero") if low == high else "suppressed" if low == 1 else "rounded"
    cell = Cell((people,), tuple((dimension, (name,)) for dimension, name in sorted(box.items())))
    return Seen(cell, low, high, kind, table, 0, "patients", BY)


def test_what_cannot_be_mended_names_the_tables_that_it_follows_from_and_no_others():
    earlier = [told(10, table="earlier"), told(7, sex="female", table="earlier")]
    new = [told(SUPPRESSED, sex="male", table="new"), told(50, LIGHTHOUSE, table="innocent")]
    with pytest.raises(DisclosureError, match="nothing more can be withheld") as raised:
        coarsened(new, earlier, auditor=Auditor(structure=STRUCTURE))
    assert isinstance(raised.value, NotMended)
    assert raised.value.tables == {"earlier", "new"}


def test_tables_that_cannot_all_be_true_are_not_put_out_as_if_more_could_be_withheld():
    seen = [told(10), told(30, sex="female"), told(SUPPRESSED, sex="male")]
    with pytest.raises(DisclosureError, match="contradict each other") as raised:
        coarsened(seen, auditor=Auditor(structure=STRUCTURE))
    assert not isinstance(raised.value, NotMended)


def test_a_number_that_was_too_narrow_already_may_not_become_narrower():
    earlier = [told(100), told((96, 98), sex="female"), told(SUPPRESSED, sex="male")]
    new = [told(number, sex="female", age_group=age) for number, age in ((50, "0-64"), (47, "65+"))]
    found = coarsened(new, earlier, auditor=Auditor(structure=STRUCTURE))
    assert found.withheld
    male = [one for one in found.already if one.cell == earlier[2].cell and one.less is None]
    assert [(one.low, one.high, one.values) for one in male] == [(2, 4, 3)]


def test_of_many_cells_those_that_turn_out_not_to_be_needed_are_shown_again(monkeypatch):
    monkeypatch.setattr(publish, "MOST_AUDITS", 4)
    numbers = with_totals([[10, 9, 0], [0, 7, 13]])
    seen = [told(SUPPRESSED if 0 < number < 8 else number, **box) for number, box in numbers]
    found = coarsened(seen, auditor=Auditor(structure=STRUCTURE))
    assert (len(found.withheld), found.least, found.audit.clean) == (3, False, True)
    for cell in found.withheld:
        assert not audit(without(seen, found.withheld - {cell}), structure=STRUCTURE).clean


def with_totals(people):
    """Numbers of two sexes and three colours, and of all of either."""
    numbers = np.array(people)
    for i, sex in ((0, "female"), (1, "male"), (slice(None), None)):
        for j, colour in ((0, "red"), (1, "green"), (2, "blue"), (slice(None), None)):
            box = {name: one for name, one in (("sex", sex), ("colour", colour)) if one}
            yield int(numbers[i, j].sum()), box


def finding(*, by_sums=True, forced_by=(), less=None, cell="male") -> Finding:
    return Finding(one(cell), 3, 3, 1, "disclosed", ("t",), "", less, tuple(map(one, forced_by)), by_sums)


def one(name: str) -> Cell:
    return Cell((HARBOUR,), (("sex", (name,)),))


TOLD = {seen.cell: seen for seen in (told(SUPPRESSED, sex="male"), told(9, sex="female"), told(90, sex="other"))}


def test_one_of_the_cells_that_force_a_number_and_can_be_withheld_has_to_be():
    found = reason(finding(forced_by=("female", "unknown")), TOLD, ())
    assert found == Reason(frozenset({one("female")}))
    assert reason(finding(forced_by=("female", "other")), TOLD, {one("female")}).any_of == {one("other")}


def test_nothing_is_guessed_where_sums_prove_it_by_cells_that_are_out():
    assert reason(finding(forced_by=("unknown",)), TOLD, ()) == Reason(frozenset())


def test_where_sums_prove_nothing_any_cell_of_the_population_is_guessed():
    assert reason(finding(by_sums=False), TOLD, ()) == Reason(frozenset(TOLD), proven=False)
    of_others = Finding(Cell((LIGHTHOUSE,)), 3, 3, 1, "too narrow", ("t",))
    assert reason(of_others, TOLD, ()).any_of == frozenset()


def test_what_is_withheld_and_follows_all_the_same_may_be_shown_instead_unless_it_is_small():
    withheld = set(TOLD)
    assert reason(finding(cell="female"), TOLD, withheld).or_shown == one("female")
    assert reason(finding(cell="male"), TOLD, withheld).or_shown is None
    assert reason(finding(cell="female", less=one("male")), TOLD, withheld).or_shown is None
    assert reason(finding(cell="female"), TOLD, ()).or_shown is None


def test_what_is_shown_already_cannot_be_withheld_and_what_was_withheld_then_can_be():
    male, female, other = TOLD.values()
    earlier = [female, *without([other], {other.cell})]
    assert set(can_be_withheld(TOLD.values(), earlier)) == {male.cell, other.cell}


def test_what_is_withheld_in_any_case_stays_so_and_may_meet_the_reasons_by_itself():
    found = least([Reason(frozenset({one("female"), one("other")}))], TOLD, kept={one("other"), one("male")})
    assert found.withheld == {one("other"), one("male")}
