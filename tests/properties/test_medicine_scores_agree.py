"""Polypharmacy, hazardous combinations and risk tiers give the same rows on DuckDB, on Polars and on pandas."""

import datetime as dt
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pcn_analysis.anticipatory.risk_tiers import risk_tiers, tier_reasons
from pcn_analysis.dates import months_before
from pcn_analysis.engine import lazy, scan, to_pandas, write_stage
from pcn_analysis.scores.hazardous_medicines import hazardous_combinations, hazardous_counts
from pcn_analysis.scores.polypharmacy import VARIANTS, polypharmacy
from tests.properties.test_engines_agree import compared, plain_dates
from tests.unit.vignettes import frame, issue, person_rows

pytestmark = pytest.mark.properties

LEAP_DAY, USUAL = dt.date(2024, 2, 29), dt.date(2026, 7, 1)
BNF = (
    "1001010P0AAADAD", "1003020P0", "0103050P0", "0208020Z0", "0209000A0", "0209000A0AAABAB", "0209000C0", "0204000R0",
    "020400080", "0204000H0", "0501013B0", "0503010D0", "0602010V0", "02", "0212", None,
)  # fmt: skip
CONDITIONS = ("peptic_ulcer", "heart_failure", "asthma", "diabetes", "tia")
REGISTERS = ("on_dm_register", "on_hyp_register", "on_ckd_register", "on_hf_register", "on_chd_register")
VALUES = {
    "egfr": (14.9, 15.0, 44.9, 45.0, 60.0), "hba1c": (48.0, 58.0, 75.0, 90.1), "bmi": (35.0, 35.1),
    "sbp": (140.0, 150.1, 180.0, 180.1), "dbp": (90.0, 100.1, 120.1),
}  # fmt: skip


def edges(on):
    starts = [on, *(on - dt.timedelta(days=days) for days in (28, 84)), *(months_before(on, many) for many in (6, 12))]
    return [(day + dt.timedelta(days=shift)).isoformat() for day in starts for shift in (-1, 0, 1)]


@st.composite
def worlds(draw):
    """An index date, people on the edges of every limit, and issues on the edges of every window."""
    on = draw(st.sampled_from([USUAL, LEAP_DAY]))
    day = st.sampled_from(edges(on))
    flag, names = st.sampled_from([True, False, None]), [f"p{number}" for number in range(8)]
    people = []
    for name in names:
        row = {"person_id": name, "age": draw(st.sampled_from([17, 18, 64, 65, 80, 81, None]))}
        for slug in CONDITIONS:
            row |= {f"has_{slug}": draw(flag), f"{slug}_date": draw(st.one_of(st.none(), day))}
        for slug, values in VALUES.items():
            value = draw(st.sampled_from([*values, None]))
            row |= {slug: value, f"{slug}_date": None if value is None else draw(day)}
        people.append(row | {column: draw(flag) for column in REGISTERS})
    row = st.builds(
        lambda who, date, bnf, name, repeat: issue(who, date, bnf=bnf, name=name) | {"repeat": repeat},
        st.sampled_from([*names, "stranger"]),
        day,
        st.sampled_from(BNF),
        st.sampled_from(["One", "Two"]),
        flag,
    )
    return on, people, draw(st.lists(row, max_size=40))


def every_edge(on):
    """One person with every medicine on every edge, one with none."""
    row = {"person_id": "p0", "age": 65}
    for slug in CONDITIONS:
        row |= {f"has_{slug}": True, f"{slug}_date": edges(on)[0]}
    for slug, values in VALUES.items():
        row |= {slug: values[-1], f"{slug}_date": edges(on)[0]}
    row |= dict.fromkeys(REGISTERS, True)
    return on, [row, row | {"person_id": "p1"}], [issue("p0", day, bnf=bnf) for day in edges(on) for bnf in BNF]


def answers(medications, people, on):
    found = {variant: polypharmacy(medications, people, on=on, variant=variant) for variant in VARIANTS}
    found |= {"combinations": hazardous_combinations(medications, people, on=on)}
    found |= {"counts": hazardous_counts(medications, people, on=on)}
    for register in ("diabetes", "hypertension"):
        found[f"tiers of {register}"] = risk_tiers(people, register=register, on=on)
        found[f"reasons of {register}"] = tier_reasons(people, register=register, on=on)
    return {name: compared(answer) for name, answer in found.items()}


@settings(max_examples=1, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(world=worlds())
@example(world=every_edge(LEAP_DAY))
@example(world=every_edge(USUAL))
def test_every_engine_gives_the_same_answer(world):
    on, people, issues = world
    held = {"medications": frame("medications", issues), "people": to_pandas(person_rows(*people))}
    with tempfile.TemporaryDirectory() as folder:
        on_parquet = {
            name: scan(write_stage(plain_dates(lazy(values)), Path(folder) / f"{name}.parquet"))
            for name, values in held.items()
        }
        expected = answers(*on_parquet.values(), on)
    on_polars = (lazy(pl.from_pandas(values).lazy()) for values in held.values())
    assert answers(*on_polars, on) == expected
    assert answers(*held.values(), on) == expected
