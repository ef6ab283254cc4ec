"""What a linter says must follow does follow, for every person."""

import datetime as dt
from itertools import combinations_with_replacement, product

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcn_analysis.engine import lazy, to_pandas
from pcn_analysis.rules import (
    AtLeast,
    Below,
    EverRecorded,
    FirstRecordedFromAge,
    FirstRecordedWithin,
    InHospitalWithin,
    MoreThan,
    Not,
    NotAvailable,
    OneOf,
    Recorded,
    RecordedFromAge,
    RecordedSince,
    RecordedWithin,
    Several,
    flags,
    needed_columns,
)
from pcn_analysis.rules.implication import implies

pytestmark = pytest.mark.properties

ON = dt.date(2026, 7, 1)
DAYS = [dt.date(1990, 1, 1), dt.date(2020, 1, 1), dt.date(2024, 6, 30), dt.date(2025, 7, 1), dt.date(2026, 6, 30)]
SLUGS = st.sampled_from(["cancer", "stroke"])
MONTHS, YEARS, LEVELS = st.sampled_from([12, 24]), st.sampled_from([20, 40]), st.sampled_from([1, 2, 3])
LEAVES = st.one_of(
    st.builds(Recorded, st.just("cancer")),
    st.builds(RecordedWithin, SLUGS, MONTHS),
    st.builds(RecordedSince, SLUGS, st.sampled_from(DAYS[1:3])),
    st.builds(RecordedFromAge, SLUGS, YEARS),
    st.builds(FirstRecordedWithin, st.just("cancer"), MONTHS),
    st.builds(FirstRecordedFromAge, st.just("cancer"), YEARS),
    st.builds(EverRecorded, SLUGS),
    st.builds(InHospitalWithin, st.just("stroke"), MONTHS),
    st.builds(AtLeast, st.just("ae_24m"), LEVELS),
    st.builds(MoreThan, st.just("ae_24m"), LEVELS),
    st.builds(Below, st.just("ae_24m"), LEVELS),
    st.builds(OneOf, st.just("sex"), st.sampled_from([("male",), ("male", "female")])),
    st.just(NotAvailable("nothing")),
)


def _several(inner):
    lists = st.lists(inner, min_size=1, max_size=3)
    return lists.flatmap(lambda some: st.builds(Several, st.just(tuple(some)), st.integers(1, len(some))))


CRITERIA = st.recursive(LEAVES, lambda inner: _several(inner) | st.builds(Not, inner), max_leaves=6)


def _everyone() -> pd.DataFrame:
    """Histories of two conditions in every order that records can have, with numbers from none to four."""
    rows = []
    for first in (None, *DAYS):
        for latest in (day for day in (None, *DAYS) if (day is None) == (first is None) and (not day or day >= first)):
            for resolved in (False, True) if latest else (False,):
                for visit in (None, latest):
                    rows.append((first, latest, resolved, visit))
    made = []
    for number, (first, latest, resolved, visit) in enumerate(rows):
        current = None if resolved else latest
        row = {"person_id": str(number), "birth_date": dt.date(1985 if number % 2 else 2003, 3, 1)}
        row |= {"ae_24m": (None, 0, 1, 2, 3, 4)[number % 6], "sex": (None, "male", "female")[number % 3]}
        for slug in ("cancer", "stroke"):
            row |= {f"has_{slug}": current is not None, f"{slug}_date": current, f"{slug}_ever_date": latest}
            row |= {f"{slug}_first_date": first if current else None, f"{slug}_hospital_date": visit}
        made.append(row)
    frame = pd.DataFrame(made)
    dates = {name: "datetime64[us]" for name in frame.columns if name.endswith("_date")}
    return frame.astype(dates | {"ae_24m": "Int64", "sex": "str"})


EVERYONE = _everyone()


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(CRITERIA, CRITERIA)
def test_who_meets_one_criterion_meets_every_other_that_it_implies(one, other):
    if not implies(one, other):
        return
    met = to_pandas(flags(lazy(EVERYONE), {"one": one, "other": other}, on=ON))
    if "one" in met:
        assert "other" in met or not met["one"].any(), needed_columns(other)
        assert not (met["one"] & ~met["other"]).any() if "other" in met else True


# -- every pair of some ------------------------------------------------------------------------------------

SINGLE = [
    Recorded("cancer"),
    EverRecorded("cancer"),
    *(
        kind("cancer", months)
        for kind in (RecordedWithin, FirstRecordedWithin, InHospitalWithin)
        for months in (12, 24)
    ),
    *(kind("cancer", years) for kind in (RecordedFromAge, FirstRecordedFromAge) for years in (20, 40)),
    *(RecordedSince("cancer", day) for day in DAYS[1:3]),
    *(kind("ae_24m", level) for kind in (AtLeast, MoreThan, Below) for level in (1, 2, 3)),
    OneOf("sex", ("male",)),
    OneOf("sex", ("male", "female")),
]
PARTS = (Recorded("cancer"), AtLeast("ae_24m", 2), OneOf("sex", ("male",)), NotAvailable("nothing"))
JOINED = [
    Several(parts, least)
    for number in (1, 2, 3)
    for parts in combinations_with_replacement(PARTS, number)
    for least in range(1, number + 1)
]


@pytest.mark.parametrize("criteria", [[*SINGLE, *map(Not, SINGLE)], [*JOINED, *PARTS, *map(Not, JOINED)]])
def test_of_every_two_criteria_that_one_implies_the_other_is_true_of_every_person(criteria):
    met = to_pandas(flags(lazy(EVERYONE), {str(n): one for n, one in enumerate(criteria)}, on=ON))
    sets = [set(met.index[met[str(n)]]) if str(n) in met else None for n in range(len(criteria))]
    for (one, who), (other, whom) in product(zip(criteria, sets, strict=True), repeat=2):
        if implies(one, other):
            assert who is not None, one
            assert whom is not None, other
            assert who <= whom, (one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (RecordedWithin("cancer", 12), RecordedWithin("cancer", 24)),
        (FirstRecordedWithin("cancer", 24), RecordedWithin("cancer", 24)),
        (FirstRecordedWithin("cancer", 12), FirstRecordedWithin("cancer", 24)),
        (FirstRecordedFromAge("cancer", 20), Recorded("cancer")),
        (InHospitalWithin("cancer", 12), InHospitalWithin("cancer", 24)),
        (InHospitalWithin("cancer", 12), EverRecorded("cancer")),
        (RecordedSince("cancer", DAYS[2]), RecordedSince("cancer", DAYS[1])),
        (AtLeast("ae_24m", 2), MoreThan("ae_24m", 1)),
        (MoreThan("ae_24m", 1), AtLeast("ae_24m", 1)),
        (Below("ae_24m", 1), Below("ae_24m", 2)),
        (OneOf("sex", ("male",)), OneOf("sex", ("male", "female"))),
        (Not(Recorded("cancer")), Not(RecordedWithin("cancer", 12))),
        (Several(PARTS, 2), Several(PARTS, 1)),
        (Several(PARTS[:3], 3), PARTS[2]),
        (Several((PARTS[0], PARTS[3]), 1), PARTS[0]),
    ],
)
def test_what_plainly_follows_is_known_to_follow(one, other):
    assert implies(one, other)
