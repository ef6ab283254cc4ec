"""A contract year is added as rows of data: a copy of the package with more rows computes what it comes to."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import pcn_analysis

pytestmark = pytest.mark.unit

PACKAGE = Path(pcn_analysis.__file__).parent
YEAR = "2027/28"
CEILING = {"clause": "invented_ceiling", "name": "Invented ceiling", "value": "70000", "unit": "GBP a post"}
RATES = {
    "core_registered": ("2.50", "GBP a registered patient"),
    "core_adjusted": ("0.75", "GBP a patient of the adjusted population"),
    "additional_roles_sum": ("30", "GBP a weighted patient"),
}
ASKED = f"""
import json
import pcn_analysis
from pcn_analysis.budget.entitlement import entitlement
from pcn_analysis.contract.clauses import clause
from pcn_analysis.place import network_of
from pcn_analysis.synthetic.place import invent_place
network = network_of(invent_place(), "U00001")
frame = entitlement(network, "{YEAR}", registered=50_000, weighted=52_000, adjusted=51_000, beds=400).frame
keys = (frame["line"] + " " + frame["basis"]).str.strip()
amounts = frame["amount"].astype(object).where(frame["amount"].notna(), None)
ceiling = clause("{CEILING["clause"]}", "{YEAR}").number
print(json.dumps([pcn_analysis.__file__, dict(zip(keys, amounts)), ceiling]))
"""


def append(path, rows):
    """Add rows to a CSV file, under the columns that it has."""
    with path.open(encoding="utf-8", newline="") as stream:
        columns = csv.DictReader(stream).fieldnames
    with path.open("a", encoding="utf-8", newline="") as stream:
        csv.DictWriter(stream, columns, restval="", lineterminator="\n").writerows(rows)


def added(contract):
    """Put an invented contract year into the files of a copy."""
    append(contract / "contract_years.csv", [{"contract_year": YEAR, "source": "Invented for a test"}])
    of_year = {"from_year": YEAR, "to_year": YEAR, "standing": "published", "source": "Invented for a test"}
    rates = [{"clause": name, "name": name, "value": value, "unit": unit} | of_year
             for name, (value, unit) in RATES.items()]  # fmt: skip
    append(contract / "tables" / "network_payments.csv", [*rates, CEILING | of_year])


def test_a_contract_year_is_added_as_rows_and_nothing_else(tmp_path):
    copy = tmp_path / "pcn_analysis"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    added(copy / "contract")
    done = subprocess.run([sys.executable, "-c", ASKED], env={**os.environ, "PYTHONPATH": str(tmp_path)}, cwd=tmp_path,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    used, amounts, ceiling = json.loads(done.stdout)
    assert Path(used).parent == copy, "the copy was asked"
    assert amounts["core registered"] == 125_000
    assert amounts["core adjusted"] == 38_250
    assert amounts["additional_roles weighted"] == 1_560_000
    assert amounts["enhanced_access adjusted"] is None, "no row gives its rate, and none is carried over"
    assert amounts["care_home_premium beds"] is None
    assert amounts["total"] == 125_000 + 38_250 + 1_560_000
    assert ceiling == 70_000
    changed = [path for path in PACKAGE.rglob("*.py")
               if path.read_bytes() != (copy / path.relative_to(PACKAGE)).read_bytes()]  # fmt: skip
    assert changed == []
