"""The pages to sign: what a clinician needs to judge a model, and kept current."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from pcn_analysis.rules import AtLeast, Element, Model, NotAvailable, Recorded, Segment, all_of
from pcn_analysis.rules.document import SIGNED_BY, overview, sign_off
from pcn_analysis.segmentation.models import MODELS, find_model

pytestmark = pytest.mark.unit

DOCS = Path(__file__).parents[2] / "docs" / "rules"

BUSY = Element("Often in A&E", AtLeast("ae_24m", 20), "a paper", note="20 | or more.", codelist="X_COD")
HOUSING = Element("Homeless", NotAvailable("housing records"), "another paper", words="Anyone homeless.")
ILL = Element("Asthma", Recorded("asthma"), "a paper")
MODEL = Model(
    "ours",
    "Our model",
    (
        Segment("Ill", 2, (ILL,), "Asthma."),
        Segment("Complex", 1, (BUSY, HOUSING), "Both.", all_of(BUSY.when, HOUSING.when)),
    ),
    "Well",
    "a paper",
    variant="own",
    assumptions=("Every attendance counts.",),
    whom=AtLeast("age", 18),
    others="Under 18",
)


def table_rows(page):
    return [re.split(r" (?<!\\)\| ", line[2:-2]) for line in page.splitlines() if line.startswith("| ")]


def test_the_pages_are_current():
    expected = {f"{name}.md": sign_off(find_model(name)) for name in MODELS}
    expected["README.md"] = overview((name, find_model(name)) for name in MODELS)
    written = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*")}
    stale = sorted(name for name in expected | written if expected.get(name) != written.get(name))
    assert stale == [], "run `make docs`, and remove pages of models that there are no more"


@pytest.mark.parametrize("name", MODELS)
def test_every_element_of_every_model_is_on_its_page_once_with_what_it_asks(name):
    model, rows = find_model(name), table_rows(sign_off(find_model(name)))
    headings = [row for row in rows if row[0] == "element"]
    assert len(headings) == len(model.segments)
    for _, element in model.elements():
        assert sum(row[0] == element.name and len(row) >= 3 for row in rows) == 1


def test_segments_stand_in_the_order_of_priority():
    assert re.findall(r"^## \d+\. (.+)$", sign_off(MODEL), flags=re.MULTILINE) == ["Complex", "Ill"]


def test_a_table_says_what_each_element_asks_where_that_comes_from_and_what_is_noted():
    headings = ["element", "asks", "list of codes", "the publication says", "source", "note"]
    found = table_rows(sign_off(MODEL))
    table = found[found.index(headings) :]
    busy, housing = (dict(zip(headings, row, strict=True)) for row in table[2:4])
    assert busy["asks"].endswith("20 or more")
    assert (busy["list of codes"], busy["source"], busy["note"]) == ("X_COD", "", "20 \\| or more.")
    assert housing["asks"] == "housing records (not held)"
    assert (housing["the publication says"], housing["source"]) == ("Anyone homeless.", "another paper")


def test_a_page_says_whom_a_model_is_for_how_elements_go_together_and_what_is_assumed():
    page = sign_off(MODEL)
    assert "- **For whom.** age 18 or more; everyone else is “Under 18”\n" in page
    assert "**Is met by** “Often in A&E”; and “Homeless”." in page
    assert "- Every attendance counts.\n" in page
    assert "## The remainder: Well" in page


def test_a_page_has_the_faults_that_the_linter_finds():
    assert ["no codelist", "Complex", "Homeless", "not held: housing records"] in table_rows(sign_off(MODEL))
    well = replace(MODEL, segments=MODEL.segments[:1])
    assert "The linter finds none." in sign_off(well)


def test_there_are_blank_lines_to_sign_on():
    rows = table_rows(sign_off(MODEL))
    place = rows.index(["signs as", "name", "date", "signature"])
    assert [row[0] for row in rows[place + 2 :]] == list(SIGNED_BY)
    assert all(not "".join(row[1:]).strip(" |") for row in rows[place + 2 :])


def test_a_signature_holds_for_the_rules_that_were_signed_and_no_others():
    def fingerprint(model):
        return re.search(r"`([0-9a-f]{16})`", sign_off(model))[1]

    assert fingerprint(MODEL) == fingerprint(replace(MODEL))
    lower = replace(BUSY, when=AtLeast("ae_24m", 10))
    complex_ = replace(MODEL.segments[1], elements=(lower, HOUSING), when=all_of(lower.when, HOUSING.when))
    assert fingerprint(MODEL) != fingerprint(replace(MODEL, segments=(MODEL.segments[0], complex_)))
