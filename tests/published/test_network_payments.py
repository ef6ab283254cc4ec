"""What a network of 50,000 patients is entitled to, line by line, against arithmetic that a reader can do."""

import csv
import re
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from pcn_analysis.budget.entitlement import entitlement
from pcn_analysis.place import network_of
from tests.unit.vignettes import NETWORK, tiny_place

pytestmark = pytest.mark.published

SIZES = {"registered": 50_000, "weighted": 52_000, "adjusted": 51_000, "beds": 400}
with Path(__file__).with_name("network_payments_worked_examples.csv").open(encoding="utf-8", newline="") as stream:
    EXAMPLES = list(csv.DictReader(stream))
YEARS = list(dict.fromkeys(row["contract_year"] for row in EXAMPLES))


def key(row):
    return row["line"], row["basis"]


@pytest.fixture(scope="module")
def found():
    network = network_of(tiny_place(), NETWORK)
    return {year: entitlement(network, year, **SIZES).frame for year in YEARS}


@pytest.mark.parametrize("year", YEARS)
def test_the_lines_of_a_year_are_those_of_the_worked_example_and_no_others(found, year):
    expected = [key(row) for row in EXAMPLES if row["contract_year"] == year]
    assert [key(row) for row in found[year].to_dict("records")] == expected


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"{row['contract_year']} {row['line']} {row['basis']}")
def test_each_line_is_what_the_arithmetic_gives(found, row):
    frame = found[row["contract_year"]]
    line = frame[(frame["line"] == row["line"]) & (frame["basis"] == row["basis"])].iloc[0]
    assert line["standing"] == row["standing"]
    if not row["amount"]:
        assert pd.isna(line["amount"])
        assert line["missing"]
        return
    assert round(line["amount"], 2) == pytest.approx(float(row["amount"]), abs=0.001)
    if row["line"] != "total":
        assert line["formula"].startswith(f"{row['arithmetic']} ")


@pytest.mark.parametrize("row", [row for row in EXAMPLES if row["amount"]],
                         ids=lambda row: f"{row['contract_year']} {row['line']} {row['basis']}")  # fmt: skip
def test_the_arithmetic_of_the_worked_examples_is_right(row):
    parts = row["arithmetic"].replace(",", "")
    numbers = [Decimal(part) for part in parts.replace("×", "+").split("+")]
    product = numbers[0] * numbers[1] if "×" in parts else sum(numbers)
    assert product == Decimal(row["amount"])


@pytest.mark.parametrize("year", YEARS)
def test_a_total_says_how_many_lines_are_not_in_it(found, year):
    told = next(row["source"] for row in EXAMPLES if row["contract_year"] == year and row["line"] == "total")
    assert found[year]["missing"].iloc[-1] == told


def test_the_document_shows_the_worked_examples_and_no_other_numbers():
    text = (Path(__file__).parents[2] / "docs" / "budget.md").read_text(encoding="utf-8")
    table = text.partition("## Worked examples")[2].partition("## Sizes")[0]
    shown = re.findall(r"[=|] ([\d,.]+)(?:\\\*)?(?= \|)", table)
    amounts = [Decimal(row["amount"]) for row in EXAMPLES if row["amount"]]
    assert sorted(Decimal(one.replace(",", "")) for one in shown) == sorted(amounts)
