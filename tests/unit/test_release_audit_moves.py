"""How the audit looks for other numbers: the least change that agrees with all that is known, or what forbids it."""

from __future__ import annotations

import numpy as np
import pytest

from pcn_analysis.release.audit import Attacker, Cell, Seen, Structure, audit, searches
from pcn_analysis.release.audit.attack import Auditor
from pcn_analysis.release.audit.cells import known
from pcn_analysis.release.audit.dimensions import Dimensions
from pcn_analysis.release.audit.model import Model
from pcn_analysis.release.audit.moves import Move, Moves
from pcn_analysis.release.audit.searches import Searches
from pcn_analysis.release.audit.solver import FOUND, NONE, UNKNOWN, Answer, Wish, search
from pcn_analysis.release.audit.targets import Targets
from pcn_analysis.release.audit.witnesses import Witnesses
from pcn_analysis.release.secondary import without

pytestmark = pytest.mark.unit

HARBOUR, LIGHTHOUSE, PLACE = (f"Marlhaven|{name}|2026-07-01" for name in ("Harbour PCN", "Lighthouse PCN", "*"))
BY = ("sex", "age_group", "colour")
STRUCTURE = Structure(
    classes={"sex": ("female", "male"), "age_group": ("0-64", "65+"), "colour": ("red", "green", "blue")},
    networks={PLACE: (HARBOUR, LIGHTHOUSE)},
)
SUPPRESSED = (1, 7)


def told(shown: int | tuple[int, int | None], people: str = HARBOUR, table: str = "t", **box) -> Seen:
    """What a number tells: itself, or the range in which it lies if it is not shown."""
    low, high = shown if isinstance(shown, tuple) else (shown, shown)
    conditions = {one: (classes,) if isinstance(classes, str) else classes for one, classes in box.items()}
    kind = "exact" if low == high else "withheld" if high is None else "suppressed" if low == 1 else "rounded"
    return Seen(Cell((people,), tuple(sorted(conditions.items()))), low, high, kind, table, 0, "patients", BY)


def modelled(*seen: Seen) -> Model:
    cells = known(seen)
    return Model(cells, Dimensions([one.cell.box for one in cells], frozenset(BY), STRUCTURE))


def any_way(model: Model, *exactly: tuple[Seen, int]) -> np.ndarray:
    """Numbers that agree with all that is known, some cells being told what they are."""
    numbers = [number(model, one) for one, _ in exactly]
    wish = Wish(exactly=(model.cells[numbers], np.array([value for _, value in exactly], int))) if exactly else Wish()
    found = search(model, wish, time_limit=30)
    assert found.status == FOUND
    return found.atoms


def row(model: Model, one: Seen):
    """A cell as a row of weights of atoms."""
    return model.cells[[number(model, one)]]


def number(model: Model, one: Seen) -> int:
    return [each.cell for each in model.known].index(one.cell)


def of(model: Model, people: str) -> np.ndarray:
    """Which atoms are of a network."""
    return model.blocks[[HARBOUR, LIGHTHOUSE].index(people)]


def square(inside: tuple[int, int | None] = SUPPRESSED) -> list[Seen]:
    """Twenty people by sex and age, of whom only the margins are shown, and the people of a colour."""
    ages = [told(10, age_group=one) for one in ("0-64", "65+")]
    sexes = [told(10, sex=one) for one in ("female", "male")]
    return [told(20), *ages, *sexes, told(inside, sex="female", age_group="65+"), told((8, 12), colour="red")]


def test_the_least_change_moves_four_people_round_a_square_and_nobody_else():
    seen = square()
    model = modelled(*seen)
    way = any_way(model)
    corner = row(model, seen[5])
    now = int((corner @ way)[0])
    other = now + (1 if now < 7 else -1)
    found = Moves(model, way).to(corner, other)
    assert found.status == FOUND
    assert found.atoms.dtype.kind == "i"
    assert model.holds(found.atoms)
    assert (corner @ found.atoms)[0] == other
    assert np.abs(found.atoms - way).sum() == 4


@pytest.mark.parametrize("value", range(1, 8))
def test_every_value_that_agrees_is_reached_from_one_way(value):
    seen = square()
    model = modelled(*seen)
    found = Moves(model, any_way(model)).to(row(model, seen[5]), value)
    assert found.status == FOUND
    assert model.holds(found.atoms)
    assert (row(model, seen[5]) @ found.atoms)[0] == value


def test_moves_can_be_asked_again_and_again():
    seen = square()
    model = modelled(*seen)
    moves = Moves(model, any_way(model))
    statuses = [moves.to(row(model, seen[5]), value).status for value in (3, 8, 2, 0, 7)]
    assert statuses == [FOUND, NONE, FOUND, NONE, FOUND]


def few_men() -> list[Seen]:
    """Ten people, of whom seven are women, so three are men; and the young, who have nothing to do with it."""
    return [told(10), told(7, sex="female"), told(SUPPRESSED, sex="male"), told(6, age_group="0-64")]


@pytest.mark.parametrize("value", [2, 4])
def test_that_there_is_no_change_is_proven_by_the_cells_that_forbid_it_and_by_no_others(value):
    everyone, female, male, _ = seen = few_men()
    model = modelled(*seen)
    found = Moves(model, any_way(model)).to(row(model, male), value)
    assert found.status == NONE
    assert found.atoms is None
    assert {model.known[i].cell for i in found.forcing} == {everyone.cell, female.cell}


@pytest.mark.parametrize(("value", "forces"), [(8, True), (0, False)])
def test_that_a_small_number_is_7_at_most_is_a_reason_and_that_somebody_is_counted_is_none(value, forces):
    seen = [told((20, 40)), told(SUPPRESSED, sex="male")]
    model = modelled(*seen)
    found = Moves(model, any_way(model)).to(row(model, seen[1]), value)
    assert found.status == NONE
    assert found.forcing == ((number(model, seen[1]),) if forces else ())


def test_a_lower_limit_of_more_than_one_is_a_reason():
    seen = [told((8, 12), sex="female"), told(SUPPRESSED, sex="female", age_group="65+")]
    model = modelled(*seen)
    found = Moves(model, any_way(model)).to(row(model, seen[0]), 7)
    assert (found.status, found.forcing) == (NONE, (number(model, seen[0]),))


def two_networks(*place: Seen) -> list[Seen]:
    """Few men in one network, whatever the other has, and what is told of both together."""
    of_other = [told(30, LIGHTHOUSE), told((10, 25), LIGHTHOUSE, sex="female")]
    return [*few_men(), *of_other, *place]


def test_a_population_by_itself_proves_what_all_would_and_with_the_others_held_still_proves_nothing():
    seen = two_networks(told((20, 60), PLACE))
    model = modelled(*seen)
    way, male, free = any_way(model), row(model, seen[2]), of(model, HARBOUR)
    assert Moves(model, way, free).to(male, 4).status == UNKNOWN
    alone, whole = Moves(model, way, free, alone=True).to(male, 4), Moves(model, way).to(male, 4)
    assert alone.status == whole.status == NONE
    assert {model.known[i].cell for i in alone.forcing} == {seen[0].cell, seen[1].cell}


def linked_networks() -> list[Seen]:
    """Who is male is not shown of either of two networks, but of both together: what one has more the other has not."""
    return [
        *(told((8, 40), one) for one in (HARBOUR, LIGHTHOUSE)),
        *(told(SUPPRESSED, one, sex="male") for one in (HARBOUR, LIGHTHOUSE)),
        told(8, PLACE, sex="male"),
    ]


def test_what_another_population_must_make_up_for_is_found_only_where_it_may_change_too():
    seen = linked_networks()
    model = modelled(*seen)
    way, male, free = any_way(model), row(model, seen[2]), of(model, HARBOUR)
    other = 3 if int((male @ way)[0]) != 3 else 4
    assert Moves(model, way, free).to(male, other).status == UNKNOWN
    assert Moves(model, way, free, alone=True).to(male, other).status == UNKNOWN, "it does not agree with the place"
    assert Moves(model, way).to(male, other).status == FOUND


def test_whole_numbers_of_one_population_that_do_not_agree_with_the_others_are_no_way():
    seen = linked_networks()
    model = modelled(*seen)
    way, male = any_way(model, (seen[2], 4)), row(model, seen[2])
    wish = Wish(exactly=(male, np.array([5])))
    apart = search(model, wish, time_limit=30, free=of(model, HARBOUR), around=way)
    assert (apart.status, (male @ apart.atoms)[0]) == (UNKNOWN, 5)
    assert search(model, wish, time_limit=30).status == FOUND


def test_a_change_in_one_population_keeps_what_is_told_of_all_where_it_is_not_looked_at_alone():
    old = told(SUPPRESSED, sex="male", age_group="65+")
    seen = [*linked_networks(), old]
    model = modelled(*seen)
    way, free = any_way(model, (seen[2], 4), (old, 2)), of(model, HARBOUR)
    found = Moves(model, way, free).to(row(model, old), 3)
    assert found.status == FOUND
    assert (found.atoms[~free] == way[~free]).all()
    assert Moves(model, way, free, alone=True).to(row(model, old), 3).status == UNKNOWN


def test_sums_of_atoms_that_may_not_change_keep_their_value_and_that_is_no_proof():
    model = modelled(*two_networks(told((20, 60), PLACE)))
    way, female = any_way(model), row(model, told((10, 25), LIGHTHOUSE, sex="female"))
    now, moves = int((female @ way)[0]), Moves(model, way, of(model, HARBOUR))
    assert moves.to(female, now).status == FOUND
    assert moves.to(female, now + 1).status == UNKNOWN


@pytest.mark.parametrize(("seen", "values", "in_time"), [(square(), (2, 6), FOUND), (few_men(), (4, 5), NONE)])
def test_the_end_of_a_search_before_its_time_is_neither_a_way_nor_a_proof(seen, values, in_time):
    model = modelled(*seen)
    way = any_way(model)
    [target] = [row(model, one) for one in seen if one.kind == "suppressed"]
    moves, value = Moves(model, way), next(one for one in values if one != (target @ way)[0])
    assert moves.to(target, value, pivots=0).status == UNKNOWN
    assert moves.to(target, value).status == in_time, "later searches have all their time"


def two_of_three_colours(*, hidden: tuple[int, int | None] = SUPPRESSED) -> list[Seen]:
    """Four are red or blue, four green or blue: however many are red or green, they are an even number."""
    pairs = (("blue", "red"), 4), (("blue", "green"), 4), (("green", "red"), hidden)
    return [told(shown, colour=colours) for colours, shown in pairs]


def test_no_time_is_neither_a_way_nor_a_proof_and_the_next_search_has_its_own():
    seen = square()
    model = modelled(*seen)
    way, corner = any_way(model), row(model, seen[5])
    other = next(value for value in range(1, 8) if value != (corner @ way)[0])
    assert Moves(model, way, time_limit=0).to(corner, other) == Move(UNKNOWN)
    assert Moves(model, way, time_limit=0).to(corner, 9) == Move(UNKNOWN), "though there is no way to 9"
    assert Moves(model, way + 1, time_limit=0).mended() == Move(UNKNOWN)
    moves = Moves(model, way, time_limit=30)
    assert {moves.to(corner, other).status for _ in range(3)} == {FOUND}


def test_where_fractions_of_people_find_nothing_in_time_whole_numbers_are_searched(monkeypatch):
    model = modelled(*square())
    monkeypatch.setattr(searches, "search", lambda *args, whole=True, **kwargs: (
        search(*args, whole=whole, **kwargs) if whole else search(*args, whole=whole, **kwargs | {"time_limit": 0.0})
    ))  # fmt: skip
    assert Searches(model, 30, []).first(Wish()).status == FOUND


def test_a_change_of_half_people_is_no_way_and_that_there_is_no_other_is_no_proof():
    seen = two_of_three_colours()
    model = modelled(*seen)
    way = any_way(model)
    moves = [Moves(model, way).to(row(model, seen[2]), value) for value in range(1, 9)]
    assert [one.status for one in moves] == [UNKNOWN, FOUND, UNKNOWN, FOUND, UNKNOWN, FOUND, UNKNOWN, NONE]
    assert [one.atoms is None for one in moves] == [one.status != FOUND for one in moves], "rounded numbers are no way"


def test_whole_numbers_that_agree_in_one_population_alone_are_no_way():
    seen = linked_networks()
    model = modelled(*seen)
    way, male = any_way(model, (seen[2], 4)), row(model, seen[2])
    assert Moves(model, way, of(model, HARBOUR), alone=True).to(male, 5).status == UNKNOWN


def test_where_the_least_change_is_one_of_halves_another_of_the_least_is_taken():
    """Half a person fewer is blue, and half a person more red and green; or somebody moves from ``off`` to ``on``."""
    doors = "abcdef"
    *blue, red_or_green = two_of_three_colours(hidden=(1, None))
    wanted = told((1, 40), colour=("green", "red", *(f"on {one}" for one in doors)))
    seen = [*blue, red_or_green, *(told(4, colour=(f"off {one}", f"on {one}")) for one in doors), wanted]
    cells = known(seen)
    model = Model(cells, Dimensions([one.cell.box for one in cells], frozenset(BY), Structure()))
    way = any_way(model, (red_or_green, 4), (wanted, 14))
    found = Moves(model, way).to(row(model, wanted), 15)
    assert found.status == FOUND
    assert (row(model, wanted) @ found.atoms)[0] == 15


def test_whole_numbers_prove_it_then_but_name_no_cells():
    seen = two_of_three_colours()
    model = modelled(*seen)
    found = Searches(model, 30, [any_way(model)]).exhaustive(row(model, seen[2]), 5)
    assert (found.status, found.forcing) == (NONE, None)


def test_what_is_too_narrow_for_whole_people_alone_is_found_and_told_from_what_sums_prove():
    whole = [one for one in audit(two_of_three_colours(), structure=STRUCTURE).breaches if one.less is None]
    assert [(one.low, one.high, one.values, one.status, one.by_sums) for one in whole] == [
        (2, 6, 3, "too narrow", False)
    ]
    [sums] = [one for one in audit(few_men(), structure=STRUCTURE).breaches if one.less is None]
    assert (sums.low, sums.high, sums.values, sums.status, sums.by_sums) == (3, 3, 1, "disclosed", True)


@pytest.mark.parametrize("shown", [(16, 18), (10, 12)])
def test_a_difference_that_could_be_none_or_large_in_halves_of_people_is_too_small_in_whole_ones_alone(shown):
    """As many are red as green, so the 15 who are red, green or pink have an odd number of pink ones among them."""
    pairs = (("blue", "red"), 8), (("blue", "green"), 8), (("green", "pink", "red"), 15), ("grey", 10)
    seen = [*(told(number, colour=colours) for colours, number in pairs), told(shown, colour=("grey", "pink"))]
    value = (shown[0] + shown[1]) // 2 - 10
    found = [one for one in audit(seen).breaches if (one.cell, one.less) == (seen[4].cell, seen[3].cell)]
    assert [(one.low, one.high, one.values, one.status, one.by_sums) for one in found] == [
        (value, value, 1, "disclosed", False)
    ]


def test_four_values_of_which_whole_people_leave_two_are_too_few_but_not_by_sums():
    [found] = [one for one in audit(two_of_three_colours(hidden=(1, 4))).breaches if one.less is None]
    assert (found.low, found.high, found.values, found.status, found.by_sums) == (2, 4, 2, "too narrow", False)


@pytest.mark.parametrize("in_time", [True, False])
def test_what_is_left_is_proven_only_if_every_value_between_was_searched_to_the_end(in_time, monkeypatch):
    model = modelled(*two_of_three_colours(hidden=(1, 4)))
    targets = Targets(model, 4, 7)
    witnesses = Witnesses(model, targets, 30, [any_way(model)])
    if not in_time:
        monkeypatch.setattr(searches, "search", lambda *_, **__: Answer(UNKNOWN))
    [hidden] = [i for i, one in enumerate(targets.all) if not targets.derived[i] and one.less is None]
    left = witnesses.settle(hidden)
    assert (left.low, left.high, left.values, left.proven) == (2, 4, 2, in_time)


def test_what_whole_people_of_several_networks_leave_is_proven_with_all_of_them():
    """What both networks have in two of three colours, less what the one is known to have, is as of one alone."""
    pairs = (("blue", "red"), ("blue", "green"))
    seen = [told(24, PLACE, colour=pair) for pair in pairs]
    seen += [told(10, LIGHTHOUSE, colour=colour) for colour in ("blue", "green", "red")]
    hidden = told(SUPPRESSED, colour=("green", "red"))
    found = [one for one in audit([*seen, hidden], structure=STRUCTURE).breaches if one.cell == hidden.cell]
    assert [(one.low, one.high, one.values, one.status) for one in found] == [(2, 6, 3, "too narrow")]


@pytest.mark.parametrize(("female", "left"), [((6, 8), 3), ((6, 9), 4)])
def test_three_values_are_too_few_and_four_are_not(female, left):
    seen = [told(10), told(female, sex="female"), told(SUPPRESSED, sex="male")]
    found = audit(seen, structure=STRUCTURE)
    assert found.clean == (left >= 4)
    [male] = [one for one in found.findings if one.cell == seen[2].cell and one.less is None]
    assert (male.values, male.by_sums) == (left, left < 4)


def test_ways_of_an_audit_before_are_taken_where_they_still_agree_and_left_where_they_do_not():
    wide = square((1, None))
    before = modelled(*wide)
    moves, corner = Moves(before, any_way(before)), row(before, wide[5])
    ways = [moves.to(corner, value).atoms for value in (1, 3, 4, 9)]
    for now, left in (((3, 7), [3, 4]), ((5, 6), [])):
        model = before.knowing(known(square(now)))
        witnesses = Witnesses(model, Targets(model, 4, 7), 30, ways)
        values = [int((corner @ way)[0]) for way in witnesses.ways]
        assert witnesses.status == FOUND
        assert values == left if left else values[0] in now


def test_a_cell_that_was_of_nobody_and_is_no_longer_has_unknowns_again():
    nobody, somebody = ([*few_men()[:1], told(men, sex="male")] for men in (0, SUPPRESSED))
    before = modelled(*nobody)
    assert before.knowing(known(somebody)).possible.sum() > before.possible.sum()
    assert before.knowing(known(somebody)).possible.tolist() == modelled(*somebody).possible.tolist()


def test_numbers_of_populations_that_do_not_agree_together_are_mended():
    seen = [told((8, 40), HARBOUR), told((8, 40), LIGHTHOUSE), told(77, PLACE)]
    model = modelled(*seen)
    apart = np.zeros(model.size, int)
    assert not model.holds(apart)
    found = Moves(model, apart).mended()
    assert found.status == FOUND
    assert model.holds(found.atoms)
    assert Searches(model, 30, []).first(Wish()).status == FOUND


def test_one_network_that_contradicts_itself_is_enough_for_there_to_be_no_way():
    model = modelled(told(5), told(9, sex="female"), told(30, LIGHTHOUSE), told((20, 60), PLACE))
    assert Searches(model, 30, []).first(Wish()).status == NONE


def what_is_found(audited) -> list[tuple]:
    return [(str(one), one.low, one.high, one.values) for one in audited.breaches]


def test_an_auditor_forgets_what_no_longer_agrees_and_remembers_nothing_that_is_wrong():
    seen = [*linked_networks(), *(told((5, 7), one, sex="female") for one in (HARBOUR, LIGHTHOUSE))]
    auditor = Auditor(structure=STRUCTURE)
    for withheld in ((), {seen[4].cell}, {seen[5].cell, seen[6].cell}, ()):
        left = without(seen, withheld)
        assert what_is_found(auditor.audit(left)) == what_is_found(audit(left, structure=STRUCTURE))


def test_what_no_link_joins_with_the_cells_that_an_audit_is_about_is_left_out():
    auditor, male = Auditor(structure=STRUCTURE), Cell((HARBOUR,), (("sex", ("male",)),))
    other = told(44, LIGHTHOUSE)
    assert auditor.audit([*few_men(), other], about=frozenset({male})).breaches
    assert not auditor.audit([*few_men(), other], about=frozenset({other.cell})).findings
    linked = [*few_men(), other, told((50, 60), PLACE)]
    assert auditor.audit(linked, about=frozenset({other.cell})) == auditor.audit(linked)


BANDS = ("0-17", "18-39", "40-64", "65-74", "75+")


SECOND = f"{HARBOUR}|2"


def two_editions() -> list[Seen]:
    """Each band is one fewer and shown alike; all of them are four fewer, and the total is shown lower."""
    bands = [told((213, 217), people, age_group=band) for people in (HARBOUR, SECOND) for band in BANDS]
    return [told((1083, 1087)), told((1063, 1067), SECOND), *bands]


@pytest.mark.parametrize("known_changes", [1, 100])
def test_editions_that_differ_by_more_than_he_thinks_make_the_attacker_no_weaker(known_changes):
    frail = [told(20, frail="yes"), told(15, frail="yes", sex="female"), told(SUPPRESSED, frail="yes", sex="male")]
    found = audit([*two_editions(), *frail], attacker=Attacker(known_changes=known_changes))
    male = [one for one in found.breaches if one.cell == frail[-1].cell]
    assert [(one.status, one.low, one.high) for one in male] == [("disclosed", 5, 5)]
    assert "contradiction" not in {one.status for one in found.findings}


def test_what_he_knows_rightly_of_two_editions_he_keeps_where_he_is_wrong_of_other_numbers():
    now, then = told(SUPPRESSED, frail="yes"), told((8, 12), SECOND, frail="yes")
    found = audit([*two_editions(), now, then], attacker=Attacker(known_changes=1))
    assert [(one.low, one.high) for one in found.breaches if one.cell == now.cell] == [(7, 7)]


@pytest.mark.parametrize(("together", "left"), [(45, [25, 20]), (77, [40, 20])])
def test_one_population_is_changed_as_little_as_brings_what_it_shares_nearer(together, left):
    """Of twenty people each, Harbour can have 8 to 40; the rest of 77 is left for Lighthouse."""
    model = modelled(told((8, 40), HARBOUR), told((8, 40), LIGHTHOUSE), told(together, PLACE))
    twenty = np.full(model.size, 20)
    near = Moves(model, twenty, of(model, HARBOUR), nearing=True).mended()
    assert [int(near.atoms[of(model, one)].sum()) for one in (HARBOUR, LIGHTHOUSE)] == left
    assert near.status == (FOUND if sum(left) == together else UNKNOWN)
    both = Moves(model, near.atoms, of(model, LIGHTHOUSE), nearing=True).mended()
    assert both.status == FOUND
    assert model.holds(both.atoms)
    assert int(both.atoms.sum()) == together


def test_what_one_population_alone_can_be_is_a_way_if_the_others_can_be_changed_to_agree(monkeypatch):
    """A man more in Harbour is one fewer in Lighthouse, whom only a search of Lighthouse finds."""
    harbour, lighthouse = (told((1, 40), one, sex="male") for one in (HARBOUR, LIGHTHOUSE))
    model = modelled(harbour, lighthouse, told(30, PLACE, sex="male"))
    way = any_way(model, (harbour, 10))
    monkeypatch.setattr(searches, "search", lambda *args, free=None, **kwargs: (
        Answer(UNKNOWN) if free is None else search(*args, free=free, **kwargs)
    ))  # fmt: skip
    found = Searches(model, 30, [way]).exhaustive(row(model, harbour), 12)
    assert found.status == FOUND
    assert [int((row(model, one) @ found.atoms)[0]) for one in (harbour, lighthouse)] == [12, 18]
    assert model.holds(found.atoms)
