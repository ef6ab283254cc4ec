"""The attacker's view is exact: on small tables it is what trying every table of whole people gives."""

from __future__ import annotations

from itertools import combinations_with_replacement, product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcn_analysis.release.audit import Attacker, Cell, Seen, Structure, audit
from pcn_analysis.release.audit.cells import known
from pcn_analysis.release.audit.dimensions import Dimensions
from pcn_analysis.release.audit.model import Model
from pcn_analysis.release.audit.targets import Targets
from pcn_analysis.release.audit.witnesses import Witnesses

pytestmark = pytest.mark.properties

ALL_VALUES = 60
MOST_PEOPLE = 5
DIMENSIONS = {
    "two networks": {"population": ("M|A|d", "M|B|d"), "sex": ("female", "male"), "frail": ("yes", "no")},
    "bands that overlap": {"population": ("M|A|d",), "age_group": ("0-64", "65-69", "70+"), "sex": ("female", "male")},
    "a cycle": {"population": ("M|A|d",), "sex": ("female", "male"), "frail": ("yes", "no"), "died": ("yes", "no")},
}
CLASSES = {
    "sex": [("female",), ("male",)],
    "frail": [("yes",), ("no",)],
    "died": [("yes",), ("no",)],
    "age_group": [("0-64",), ("65-69",), ("65 or over",), ("70+",), ("65-69", "70+"), ("0-64", "70+")],
}
BANDS = {"65 or over": ("65-69", "70+")}
STRUCTURE = Structure(
    classes={"sex": ("female", "male"), "age_group": ("0-64", "65-69", "70+")},
    networks={"M|*|d": ("M|A|d", "M|B|d")},
)
COMPLETE = tuple(CLASSES)

few = settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
many = settings(few, max_examples=1500)


def tables_of(points: int, people: int) -> np.ndarray:
    """Write down every way to put up to so many people on so many points."""
    ways = [np.bincount(one, minlength=points) for n in range(people + 1) for one in everybody(points, n)]
    return np.array(ways)


def everybody(points: int, people: int):
    return (np.array(one, int) for one in combinations_with_replacement(range(points), people))


def inside(cell: Cell, point: dict[str, str]) -> bool:
    populations = ("M|A|d", "M|B|d") if cell.populations == ("M|*|d",) else cell.populations
    return point["population"] in populations and all(
        point[dimension] in [part for one in classes for part in BANDS.get(one, (one,))]
        for dimension, classes in cell.box
    )


@st.composite
def released(draw: st.DrawFn) -> tuple[list[dict[str, str]], np.ndarray, list[Seen]]:
    """Draw people, and what is released of them: some boxes, each exactly, rounded, or only that it is small."""
    dimensions = DIMENSIONS[draw(st.sampled_from(sorted(DIMENSIONS)))]
    points = [dict(zip(dimensions, one, strict=True)) for one in product(*dimensions.values())]
    people = draw(st.lists(st.integers(0, len(points) - 1), max_size=MOST_PEOPLE))
    truth = np.bincount(people, minlength=len(points))
    everyone = ("M|*|d",) if len(dimensions["population"]) > 1 else dimensions["population"]
    cells = {Cell(everyone)}
    for _ in range(draw(st.integers(2, 7))):
        who = draw(st.sampled_from([everyone, *((one,) for one in dimensions["population"])]))
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


def agrees_with_brute_force(case) -> None:
    points, truth, seen = case
    model, targets, witnesses = taken_apart(seen)
    member = np.array([[inside(one.cell, point) for one in model.known] for point in points], int)
    values = tables_of(len(points), MOST_PEOPLE) @ member
    values = values[((values >= model.low) & (values <= model.high)).all(axis=1)]
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
