"""The attacker's view is exact: on small tables it is what trying every table of whole people gives."""

from __future__ import annotations

from functools import cache
from itertools import combinations_with_replacement, product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcn_analysis.release.audit import Attacker, Cell, Seen, Structure, audit
from pcn_analysis.release.audit.attack import Auditor
from pcn_analysis.release.audit.cells import Population, known
from pcn_analysis.release.audit.dimensions import Dimensions
from pcn_analysis.release.audit.model import Model
from pcn_analysis.release.audit.targets import Targets
from pcn_analysis.release.audit.witnesses import Witnesses
from pcn_analysis.release.secondary import without

pytestmark = pytest.mark.properties

ALL_VALUES = 60
MOST_PEOPLE = 5
DIMENSIONS = {
    "three networks": {"population": ("N|A|d", "N|B|d", "N|C|d"), "sex": ("female", "male"), "frail": ("yes", "no")},
    "two networks": {"population": ("M|A|d", "M|B|d"), "sex": ("female", "male"), "frail": ("yes", "no")},
    "bands that overlap": {"population": ("M|A|d",), "age_group": ("0-64", "65-69", "70+"), "sex": ("female", "male")},
    "a cycle": {"population": ("M|A|d",), "sex": ("female", "male"), "frail": ("yes", "no"), "died": ("yes", "no")},
}
ALL = tuple(sorted(DIMENSIONS))
CLASSES = {
    "sex": [("female",), ("male",)],
    "frail": [("yes",), ("no",)],
    "died": [("yes",), ("no",)],
    "age_group": [("0-64",), ("65-69",), ("65 or over",), ("70+",), ("65-69", "70+"), ("0-64", "70+")],
}
BANDS = {"65 or over": ("65-69", "70+")}
NETWORKS = {"M|*|d": ("M|A|d", "M|B|d"), "N|*|d": ("N|A|d", "N|B|d", "N|C|d")}
STRUCTURE = Structure(
    classes={"sex": ("female", "male"), "age_group": ("0-64", "65-69", "70+")},
    networks=NETWORKS,
)
COMPLETE = tuple(CLASSES)

few = settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
hundreds = settings(few, max_examples=300)
many = settings(few, max_examples=1500)


@cache
def tables_of(points: int, people: int) -> np.ndarray:
    """Write down every way to put up to so many people on so many points."""
    ways = [np.bincount(one, minlength=points) for n in range(people + 1) for one in everybody(points, n)]
    return np.array(ways)


def everybody(points: int, people: int):
    return (np.array(one, int) for one in combinations_with_replacement(range(points), people))


def inside(cell: Cell, point: dict[str, str]) -> bool:
    populations = {part for name in cell.populations for part in NETWORKS.get(name, (name,))}
    return point["population"] in populations and all(
        point[dimension] in [part for one in classes for part in BANDS.get(one, (one,))]
        for dimension, classes in cell.box
    )


@st.composite
def released(draw: st.DrawFn, of: tuple[str, ...] = ALL) -> tuple[list[dict[str, str]], np.ndarray, list[Seen]]:
    """Draw people, and what is released of them: some boxes, each exactly, rounded, or only that it is small."""
    dimensions = DIMENSIONS[draw(st.sampled_from(of))]
    points = [dict(zip(dimensions, one, strict=True)) for one in product(*dimensions.values())]
    people = draw(st.lists(st.integers(0, len(points) - 1), max_size=MOST_PEOPLE))
    truth = np.bincount(people, minlength=len(points))
    networks = dimensions["population"]
    everyone = (str(Population.parse(networks[0])._replace(network="*")),) if len(networks) > 1 else networks
    some_of_them = [(one,) for one in networks] + [networks[1:]] * (len(networks) > 1)
    cells = {Cell(everyone)}
    for _ in range(draw(st.integers(2, 7))):
        who = draw(st.sampled_from([everyone, *some_of_them]))
        some = draw(st.sets(st.sampled_from([one for one in dimensions if one != "population"])))
        cells.add(Cell(who, tuple((one, draw(st.sampled_from(CLASSES[one]))) for one in sorted(some))))
    return points, truth, [told(draw, cell, points, truth, cell == Cell(everyone)) for cell in sorted(cells)]


def told(draw: st.DrawFn, cell: Cell, points: list, truth: np.ndarray, limited: bool) -> Seen:
    value = int(sum(n for n, point in zip(truth, points, strict=True) if inside(cell, point)))
    ways = [("exact", value, value), ("rounded", max(value - draw(st.integers(0, 2)), 0), min(value + 1, MOST_PEOPLE))]
    if value == 0:
        ways = [("zero", 0, 0)]
    elif not limited:
        ways += [("suppressed", 1, MOST_PEOPLE), ("suppressed", 1, MOST_PEOPLE), ("withheld", 1, None)]
    kind, low, high = draw(st.sampled_from(ways))
    return Seen(cell, low, high, kind, "t", 0, "patients", COMPLETE)


def taken_apart(seen: list[Seen]) -> tuple[Model, Targets, Witnesses]:
    """Find all values of all targets."""
    cells = known(seen)
    model = Model(cells, Dimensions([one.cell.box for one in cells], COMPLETE, STRUCTURE))
    targets = Targets(model, ALL_VALUES, MOST_PEOPLE)
    witnesses = Witnesses(model, targets, 30)
    witnesses.collect()
    for i in range(len(targets.all)):
        if targets.open[i]:
            witnesses.settle(i)
    return model, targets, witnesses


def all_that_agree(points: list, model: Model) -> tuple[np.ndarray, np.ndarray]:
    """Points × cells: who is counted; and the numbers of all cells in every table that agrees with what is known."""
    member = np.array([[inside(one.cell, point) for one in model.known] for point in points], int)
    values = tables_of(len(points), MOST_PEOPLE) @ member
    return member, values[((values >= model.low) & (values <= model.high)).all(axis=1)]


def agrees_with_brute_force(case) -> None:
    points, truth, seen = case
    model, targets, witnesses = taken_apart(seen)
    member, values = all_that_agree(points, model)
    assert len(values)
    assert witnesses.status == "found"
    by_hand = values @ targets.of_cells.T.toarray()
    for i, target in enumerate(targets.all):
        possible = set(by_hand[:, i].tolist())
        if target.less is None:
            assert set(targets.values(i)) == possible
            assert int((truth @ member)[target.cell]) in possible
        else:
            assert bool(targets.free[i]) == any(not 1 <= one <= MOST_PEOPLE for one in possible)
            assert targets.free[i] or set(targets.values(i)) == possible


@few
@given(released())
def test_the_values_that_each_number_can_have_are_those_of_all_tables_there_are(case):
    agrees_with_brute_force(case)


@pytest.mark.slow
@many
@given(released())
def test_in_many_more_cases_too(case):
    agrees_with_brute_force(case)


def what_is_found(audited) -> list[tuple]:
    """All that is not clean, and what is left of it, but not by which proof."""
    return [(one.cell, one.less, one.low, one.high, one.values, one.status) for one in audited.breaches]


def by_brute_force(points: list, seen: list[Seen], attacker: Attacker) -> list[tuple]:
    """What is found of the numbers in every table there is."""
    cells = known(seen)
    model = Model(cells, Dimensions([one.cell.box for one in cells], COMPLETE, STRUCTURE))
    targets, values = Targets(model, attacker.promise, attacker.small), all_that_agree(points, model)[1]
    found = []
    for target, derived, row in zip(targets.all, targets.derived, targets.of_cells.toarray(), strict=True):
        left = set((values @ row).tolist())
        if len(left) < attacker.promise and not (derived and any(not 1 <= one <= attacker.small for one in left)):
            status = "disclosed" if len(left) == 1 else "too narrow"
            less = None if target.less is None else cells[target.less].cell
            found.append((cells[target.cell].cell, less, min(left), max(left), len(left), status))
    return sorted(found, key=lambda one: (one[0], one[1] is not None, one[1] or one[0]))


@hundreds
@given(released(of=("two networks", "three networks")), st.integers(2, 4))
def test_the_audit_of_several_networks_finds_what_is_found_by_trying_every_table(case, promise):
    points, _, seen = case
    attacker = Attacker(promise=promise, small=MOST_PEOPLE)
    assert what_is_found(audit(seen, attacker=attacker, structure=STRUCTURE)) == by_brute_force(points, seen, attacker)


@few
@given(released(), st.data())
def test_what_was_found_before_with_other_cells_withheld_changes_no_later_audit(case, data):
    _, _, seen = case
    cells = sorted({one.cell for one in seen})
    auditor = Auditor(Attacker(small=MOST_PEOPLE), STRUCTURE)
    for withheld in data.draw(st.lists(st.sets(st.sampled_from(cells), max_size=2), min_size=2, max_size=4)):
        left = without(seen, withheld)
        fresh = audit(left, attacker=auditor.attacker, structure=STRUCTURE)
        assert what_is_found(auditor.audit(left)) == what_is_found(fresh)


@few
@given(released(), st.randoms())
def test_the_order_of_rows_and_telling_twice_change_nothing(case, dice):
    seen = case[2]
    mixed = seen + seen
    dice.shuffle(mixed)
    attacker = Attacker(small=MOST_PEOPLE)
    assert audit(mixed, attacker=attacker, structure=STRUCTURE) == audit(seen, attacker=attacker, structure=STRUCTURE)


@few
@given(released())
def test_what_is_true_is_never_a_contradiction_and_always_within_what_is_left(case):
    points, truth, seen = case
    for found in audit(seen, attacker=Attacker(small=MOST_PEOPLE), structure=STRUCTURE).breaches:
        assert found.status in ("disclosed", "too narrow")
        value = number(found.cell, points, truth) - (0 if found.less is None else number(found.less, points, truth))
        assert found.low <= value <= found.high


def number(cell: Cell, points: list, truth: np.ndarray) -> int:
    return int(sum(n for n, point in zip(truth, points, strict=True) if inside(cell, point)))
