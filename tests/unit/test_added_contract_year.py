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
CEILING = {"clause": "role_clinical_pharmacist_ceiling", "name": "Clinical pharmacist: ceiling", "value": "70000",
           "unit": "GBP a whole-time equivalent a year"}  # fmt: skip
RATES = {
    "core_registered": ("2.50", "GBP a registered patient"),
    "core_adjusted": ("0.75", "GBP a patient of the adjusted population"),
    "additional_roles_sum": ("30", "GBP a weighted patient"),
}
ASKED = f"""
import json
import pcn_analysis
from pcn_analysis.budget.entitlement import entitlement
from pcn_analysis.budget.additional_roles import roles
from pcn_analysis.place import network_of
from pcn_analysis.synthetic.place import invent_place
network = network_of(invent_place(), "U00001")
frame = entitlement(network, "{YEAR}", registered=50_000, weighted=52_000, adjusted=51_000, beds=400).frame
keys = (frame["line"] + " " + frame["basis"]).str.strip()
amounts = frame["amount"].astype(object).where(frame["amount"].notna(), None)
table = roles(network, "{YEAR}").frame.set_index("role")["ceiling"]
ceilings = [len(table), float(table["clinical_pharmacist"]), int(table.notna().sum())]
print(json.dumps([pcn_analysis.__file__, dict(zip(keys, amounts)), ceilings]))
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
    append(contract / "tables" / "network_payments.csv", rates)
    append(contract / "tables" / "additional_roles.csv", [CEILING | of_year])


@pytest.fixture
def copy(tmp_path):
    """A copy of the package with the invented year."""
    folder = tmp_path / "pcn_analysis"
    shutil.copytree(PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    added(folder / "contract")
    return folder


def asked_of(copy):
    """Ask the copy what the year comes to."""
    return subprocess.run([sys.executable, "-c", ASKED], env={**os.environ, "PYTHONPATH": str(copy.parent)},
                          cwd=copy.parent, capture_output=True, text=True, check=False)  # fmt: skip


def test_a_contract_year_is_added_as_rows_and_nothing_else(copy):
    done = asked_of(copy)
    assert done.returncode == 0, done.stderr
    used, amounts, ceilings = json.loads(done.stdout)
    assert Path(used).parent == copy, "the copy was asked"
    assert amounts["core registered"] == 125_000
    assert amounts["core adjusted"] == 38_250
    assert amounts["additional_roles weighted"] == 1_560_000
    assert amounts["enhanced_access adjusted"] is None, "no row gives its rate, and none is carried over"
    assert amounts["care_home_premium beds"] is None
    assert amounts["total"] == 125_000 + 38_250 + 1_560_000
    assert ceilings == [25, 70_000, 1], "roles are carried over, ceilings are not"
    changed = [path for path in PACKAGE.rglob("*.py")
               if path.read_bytes() != (copy / path.relative_to(PACKAGE)).read_bytes()]  # fmt: skip
    assert changed == []


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"unit": "GBP per weighted patient", "value": "0.3"}, "clause support has the unit GBP per weighted patient"),
        ({"unit": "GBP a weighted patient", "value": "2,50"}, "2,50 is no number, and its unit is GBP a weighted"),
    ],
)
def test_a_row_that_is_written_wrong_is_told_and_no_traceback_of_ours(copy, row, told):
    of_year = {"from_year": YEAR, "to_year": YEAR, "standing": "published", "source": "Invented for a test"}
    append(copy / "contract" / "tables" / "network_payments.csv", [{"clause": "support", "name": "a"} | row | of_year])
    line = {"line": "support", "clause": "support", "name": "Support", "from_year": YEAR, "paid": "us", "source": "we"}
    append(copy / "contract" / "contract_lines.csv", [line])
    said = asked_of(copy).stderr
    assert "pcn_analysis.exceptions.PcnAnalysisError: " in said
    assert told in said.splitlines()[-1]
