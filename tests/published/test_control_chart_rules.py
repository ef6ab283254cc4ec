"""XmR charts against NHSRplotthedots, and every rule of every profile on points that a reader can follow."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from pcn_analysis.statistics.control_charts import (
    COMMON,
    OUTSIDE,
    SHIFT,
    TREND,
    TWO_IN_THREE,
    assurance,
    profiles,
    xmr_chart,
)

pytestmark = pytest.mark.published

STEADY = [9, 11] * 6
"""Mean 10 and moving ranges of 2: limits 4.68 and 15.32, near limits 6.45 and 13.55."""
SIGNALS = {"-": COMMON, "o": OUTSIDE, "t": TREND, "2": TWO_IN_THREE, "s": SHIFT}


def golden(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def chart(values, **options) -> pd.DataFrame:
    values = pd.Series(values, dtype=float)
    return xmr_chart(values, pd.Series(pd.date_range("2024-01-01", periods=len(values), freq="MS")), **options)


RULES = golden("control_chart_rules.csv")


@pytest.mark.parametrize(
    "row", golden("control_chart_limits.csv"), ids=lambda row: f"{row['series']}, {row['profile']}"
)
def test_limits_are_the_published_ones(row):
    found = chart(map(float, row["values"].split("|")), profile=row["profile"]).iloc[0]
    for name in ("mean", "lower", "upper"):
        assert round(found[name], int(row["decimals"])) == pytest.approx(float(row[name])), name


@pytest.mark.parametrize("row", RULES, ids=lambda row: f"{row['case']}, {row['profile']}")
def test_every_rule_on_points_after_a_steady_year(row):
    after = [float(value) for value in row["values"].split("|")]
    found = chart([*STEADY, *after], profile=row["profile"], fix_after=len(STEADY))
    assert found["signal"].to_list()[: len(STEADY)] == [COMMON] * len(STEADY)
    assert found["signal"].to_list()[len(STEADY) :] == [SIGNALS[sign] for sign in row["signals"].split("|")]


def test_every_profile_has_a_vector_for_every_rule_that_it_has():
    told = {(row["profile"], sign) for row in RULES for sign in row["signals"].split("|")}
    for key, it in profiles().items():
        wanted = {"s", "t"} | ({"2"} if it.two_in_three else set())
        if key != "abspc":  # seven points are one too few for its shift
            assert {sign for profile, sign in told if profile == key} >= wanted, key
        else:
            assert {sign for profile, sign in told if profile == key} == {"-", "o", "s", "t"}


@pytest.mark.parametrize(
    ("better", "target", "said"),
    [
        ("higher", 4, ("consistently fails", "consistently passes", "passes and fails by chance")),
        ("lower", 4, ("consistently passes", "consistently fails", "passes and fails by chance")),
        (None, 4, (None, None, None)),
        ("higher", None, (None, None, None)),
    ],
)
def test_assurance_is_as_in_nhsrplotthedots(better, target, said):
    limits = [(1, 3), (5, 7), (1, 5)]
    charts = [pd.DataFrame({"lower": [lower], "upper": [upper]}) for lower, upper in limits]
    assert tuple(assurance(one, target, better=better) for one in charts) == said


def test_after_a_rebase_the_latest_limits_are_held_against_the_target():
    found = chart([*STEADY, *(value + 20 for value in STEADY)], rebase=[pd.Timestamp("2025-01-01")])
    assert assurance(found, 20, better="higher") == "consistently passes"
    assert assurance(found[:12], 20, better="higher") == "consistently fails"
