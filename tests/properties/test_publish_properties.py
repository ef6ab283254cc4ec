"""What publish() lets out: nothing small follows from it, whatever the tables are."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from pcn_analysis.exceptions import DisclosureError
from pcn_analysis.provenance import Counted, Provenance, SourcedTable
from pcn_analysis.release.audit import audit, cells_of
from pcn_analysis.release.publish import publish

pytestmark = pytest.mark.properties

PROFILES = ("hes", "opensafely", "threshold_10", "exact_with_secondary")
PROMISE, SMALL = 4, 7
LARGEST = 1_000
TABLES = settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
MANY_TABLES = settings(max_examples=2_000, deadline=None, suppress_health_check=list(HealthCheck))
FEW = st.one_of(st.just(0), st.integers(1, 9), st.integers(5, 60))


@st.composite
def packs(draw, largest=12):
    """People of two or three dimensions, some of whose classes are never met together, and tables of them."""
    sizes = draw(st.lists(st.integers(2, 3), min_size=1, max_size=3).filter(lambda those: np.prod(those) <= largest))
    people = np.array(draw(st.lists(FEW, min_size=int(np.prod(sizes)), max_size=int(np.prod(sizes))))).reshape(sizes)
    dimensions = [f"dimension {number}" for number in range(len(sizes))]
    every = [by for size in range(1, len(sizes) + 1) for by in itertools.combinations(range(len(sizes)), size)]
    chosen = draw(st.lists(st.sampled_from(every), min_size=1, max_size=4, unique=True))
    return people, {f"table {number}": table(people, dimensions, by) for number, by in enumerate(chosen)}


def table(people, dimensions, by):
    """The numbers of people by some dimensions, with the totals of each."""
    rows = []
    for classes in itertools.product(*([*range(people.shape[one]), None] for one in by)):
        where = [slice(None)] * people.ndim
        for one, chosen in zip(by, classes, strict=True):
            where[one] = slice(None) if chosen is None else chosen
        names = ["everyone" if chosen is None else f"class {chosen}" for chosen in classes]
        rows.append((*names, int(people[tuple(where)].sum())))
    named = [dimensions[one] for one in by]
    frame = pd.DataFrame(rows, columns=[*named, "patients"])
    counted = {"patients": Counted(by=tuple(named))}
    return SourcedTable(frame, Provenance((), people=True), counts=("patients",), counted=counted)


def told_by(published):
    return [one for name, released in published.tables.items() for one in cells_of(released, name)]


def joint_rows(seen, people):
    """Which entries of the joint table each number adds up; the dimensions are all in it, so nothing is left out."""
    rows = []
    for one in seen:
        inside = np.ones(people.shape, bool)
        for dimension, classes in one.cell.box:
            axis = int(dimension.removeprefix("dimension "))
            of_class = np.isin([f"class {number}" for number in range(people.shape[axis])], classes)
            inside &= of_class.reshape([-1 if other == axis else 1 for other in range(people.ndim)])
        rows.append(inside.ravel())
    return np.array(rows, float)


class Attack:
    """What somebody with all released numbers finds by asking the joint table of everything, number by number."""

    def __init__(self, seen, rows):
        self.rows = rows
        self.low = np.array([one.low for one in seen], float)
        self.high = np.array([LARGEST if one.high is None else one.high for one in seen], float)

    def can_be(self, row, low, high):
        """Whether a sum of entries can lie between two numbers."""
        size = self.rows.shape[1]
        known = LinearConstraint(np.vstack([self.rows, row]), [*self.low, low], [*self.high, high])
        found = milp(np.zeros(size), integrality=np.ones(size), bounds=Bounds(0, LARGEST), constraints=known)
        assert found.status in (0, 2)
        return found.status == 0

    def fails(self, row, true, few):
        """Whether as many values as promised are left, of the few that a sum can have as far as the rule tells."""
        others = (value for value in few if value != true and self.can_be(row, value, value))
        return len(list(itertools.islice(others, PROMISE - 1))) == PROMISE - 1

    def fails_at_a_difference(self, row, true):
        """As for a number, but that a difference that may be none or large is no small one."""
        return (
            not 1 <= true <= SMALL
            or self.can_be(row, 0, 0)
            or self.can_be(row, SMALL + 1, LARGEST)
            or self.fails(row, true, range(1, SMALL + 1))
        )


def publish_or_nothing(tables, profile, **more):
    try:
        return publish(tables, profile=profile, **more)
    except DisclosureError:
        return None


def check_nothing_follows(people, tables, profile):
    published = publish_or_nothing(tables, profile)
    if published is None:
        return
    seen = told_by(published)
    assert published.coarsened.audit.clean
    assert audit(seen).clean
    check_left(seen, joint_rows(seen, people), people)


def check_left(seen, rows, people):
    true = rows @ people.ravel()
    for one, value in zip(seen, true, strict=True):
        assert one.low <= value <= (one.high or LARGEST * people.size) or (one.kind == "zero" and value == 0)
    attack = Attack(seen, rows)
    for one, row, value in zip(seen, rows, true, strict=True):
        if one.kind in ("suppressed", "withheld"):
            assert attack.fails(row, value, range(1, one.high + 1 if one.high else int(value) + 2 * PROMISE))
    for outer, inner in itertools.permutations(range(len(seen)), 2):
        if (rows[outer] >= rows[inner]).all():
            assert attack.fails_at_a_difference(rows[outer] - rows[inner], true[outer] - true[inner])


@TABLES
@given(packs(), st.sampled_from(PROFILES))
def test_no_number_that_is_not_shown_can_be_worked_out_and_the_true_ones_are_possible(pack, profile):
    check_nothing_follows(*pack, profile)


@pytest.mark.slow
@MANY_TABLES
@given(packs(), st.sampled_from(PROFILES))
def test_no_number_that_is_not_shown_can_be_worked_out_of_thousands_of_packs(pack, profile):
    check_nothing_follows(*pack, profile)


@pytest.mark.slow
@settings(TABLES, max_examples=30)
@given(packs(largest=27), st.sampled_from(PROFILES))
def test_nor_of_packs_of_three_by_three_by_three(pack, profile):
    check_nothing_follows(*pack, profile)


@settings(TABLES, max_examples=8)
@given(packs(), st.sampled_from(PROFILES), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_tables_does_not_matter(pack, profile, chance):
    _, tables = pack
    names = list(tables)
    chance.shuffle(names)
    mixed = {name: shuffled(tables[name], chance) for name in names}
    one, other = publish_or_nothing(tables, profile), publish_or_nothing(mixed, profile)
    assert (one is None) == (other is None)
    if one is not None:
        assert one.coarsened.withheld == other.coarsened.withheld


@settings(TABLES, max_examples=8)
@given(packs(largest=6), st.sampled_from(PROFILES))
def test_publishing_again_changes_nothing(pack, profile):
    _, tables = pack
    first = publish_or_nothing(tables, profile)
    if first is None:
        return
    again = publish(tables, profile=profile)
    assert again.coarsened.withheld == first.coarsened.withheld
    after = publish(tables, profile=profile, earlier=told_by(first))
    for name, released in first.tables.items():
        left = after.tables[name].frame["patients"]
        assert left.equals(released.frame["patients"].where(left.notna()))


def shuffled(one, chance):
    order = list(range(len(one.frame)))
    chance.shuffle(order)
    return SourcedTable(one.frame.iloc[order], one.provenance, counts=one.counts, counted=one.counted)
