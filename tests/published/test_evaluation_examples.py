"""Figures of risk models against a published table, the numbers of dcurves, and sums that a reader can do."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from pcn_analysis.anticipatory.evaluation import evaluate

pytestmark = pytest.mark.published

with Path(__file__).with_name("evaluation_worked_examples.csv").open(encoding="utf-8", newline="") as stream:
    EXAMPLES = list(csv.DictReader(stream))


def predictions(row):
    columns = {name: list(map(float, row[f"{name}s"].split("|"))) for name in ("risk", "outcome", "weight")}
    return pd.DataFrame(columns).assign(model="example", known=True)


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"{row['example']}, {row['figure']} {row['threshold']}")
def test_worked_examples(row):
    found = evaluate(predictions(row), bootstraps=0)
    if row["threshold"]:
        at = (found.net_benefit["threshold"].astype(float) - float(row["threshold"])).abs() < 1e-9
        value = found.net_benefit.loc[at, row["figure"]].item()
    else:
        value = found.overall[row["figure"]].item()
    decimals = len(row["expected"].partition(".")[2])
    assert round(value, decimals) == pytest.approx(float(row["expected"]), abs=10**-decimals / 2)
