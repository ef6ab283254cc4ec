"""What an attacker gets out of random tables of 5 × 4 under two rules: the known figures, found again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pcn_analysis.release.audit import Attacker, Cell, Seen, audit
from pcn_analysis.release.profiles import PROFILES

pytestmark = pytest.mark.published

MEAN, SIZE, SHAPE, SEED = 12, 0.8, (5, 4), 1


def told(value: int, rule: str, totals: str, **box: str) -> Seen:
    """What a number tells; totals may be shown under another rule."""
    profile = PROFILES[rule if len(box) == len(SHAPE) else totals]
    shown = profile.protect(pd.Series([value], dtype="Int64")).iloc[0]
    return Seen(cell(box), *profile.seen(shown), "table", 0, "patients", ("row", "column"))


def cell(box: dict[str, str]) -> Cell:
    return Cell(("network",), tuple(sorted((one, (name,)) for one, name in box.items())))


def of_table(counts: np.ndarray, rule: str, totals: str) -> list[Seen]:
    rows, columns = range(SHAPE[0]), range(SHAPE[1])
    return [
        told(int(counts.sum()), rule, totals),
        *(told(int(counts[i].sum()), rule, totals, row=str(i)) for i in rows),
        *(told(int(counts[:, j].sum()), rule, totals, column=str(j)) for j in columns),
        *(told(int(counts[i, j]), rule, totals, row=str(i), column=str(j)) for i in rows for j in columns),
    ]


def disclosed(tables: int, rule: str, totals: str) -> tuple[int, int]:
    """How many numbers are not shown, and how many of them an attacker knows all the same."""
    dice, hidden, known = np.random.default_rng(SEED), 0, 0
    for _ in range(tables):
        counts = dice.negative_binomial(SIZE, SIZE / (SIZE + MEAN), SHAPE)
        found = audit(of_table(counts, rule, totals), attacker=Attacker(small=0)).findings
        hidden += len(found)
        known += sum(one.status == "disclosed" for one in found)
    return hidden, known


def test_of_what_plain_suppression_hides_about_half_is_known_all_the_same():
    hidden, known = disclosed(12, "exact_with_secondary", "open_data")
    assert 0.4 < known / hidden < 0.8


def test_of_what_rounding_totals_as_well_hides_hardly_anything_is():
    hidden, known = disclosed(12, "hes", "hes")
    assert known / hidden < 0.02


@pytest.mark.slow
def test_of_150_tables_plain_suppression_gives_away_53_per_cent():
    hidden, known = disclosed(150, "exact_with_secondary", "open_data")
    assert (hidden, known) == (1184, 631)


@pytest.mark.slow
def test_of_150_tables_the_rule_of_hospital_statistics_gives_away_about_one_in_a_thousand():
    hidden, known = disclosed(150, "hes", "hes")
    assert hidden > 1000
    assert known <= 5
