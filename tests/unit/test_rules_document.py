"""The pages to sign: what a clinician needs to judge a model, and kept current."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from pcn_analysis.commands.rules import document
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.rules import AtLeast, Element, Model, NotAvailable, Recorded, Segment, all_of
from pcn_analysis.rules.document import SIGNED_BY, overview, sign_off
from pcn_analysis.segmentation.models import MODELS, PUBLISHED, find_model

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
    written = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}
    stale = sorted(name for name in expected | written if expected.get(name) != written.get(name))
    assert stale == [], "run `make docs`, and remove pages of models that there are no more"


@pytest.mark.parametrize("name", MODELS)
def test_every_element_of_every_model_is_on_its_page_once_with_what_it_asks(name):
    model, rows = find_model(name), table_rows(sign_off(find_model(name)))
    headings = [row for row in rows if row[0] == "element"]
    assert len(headings) == len(model.segments)
    for _, element in model.elements():
        assert sum(row[0] == element.name and len(row) >= 3 for row in rows) == 1


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.stem)
def test_no_page_has_a_limit_right_after_another_number_or_a_sentence(page):
    limit = r"(?:below|over) [\d.]+|[\d.]+ or more"
    assert re.findall(rf"(?:\d|deprived|reckon it|known) (?:{limit})\b", page.read_text(encoding="utf-8")) == []


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


# -- no page takes the place of another model's ----------------------------------------------------------------


@pytest.fixture
def write_model(tmp_path):
    """Writes the file of a model of one's own, of a name, in a folder."""

    def write(file, name):
        path = tmp_path / file
        path.parent.mkdir(exist_ok=True)
        text = (PUBLISHED / "snee.yaml").read_text(encoding="utf-8")
        path.write_text(re.sub(r"(?m)^model: .*$", f"model: {name}", text), encoding="utf-8")
        return str(path)

    return write


def refused(models, folder):
    with pytest.raises(PcnAnalysisError) as caught:
        document(models, folder)
    assert not list(folder.glob("*.md")), "nothing is written"
    return [str(one) for one in caught.value.problems]


def test_two_models_in_files_of_equal_stem_are_refused_all_at_once_before_anything_is_written(write_model, tmp_path):
    files = [write_model(file, name) for file, name in [("a/one.yaml", "a"), ("b/ONE.yaml", "b"), ("a/two.yaml", "c")]]
    files += [write_model("b/two.yaml", "d"), "snee"]
    remedy = "Give their files different names, or write them to different folders with --to."
    assert refused(files, tmp_path / "pages") == [
        f"one.md: would be the page of 2 models, {files[0]} and {files[1]}. {remedy}",
        f"two.md: would be the page of 2 models, {files[2]} and {files[3]}. {remedy}",
    ]


def test_a_model_of_ones_own_in_a_file_named_as_a_published_one_or_as_the_list_of_pages_is_refused(
    write_model, tmp_path
):
    files = [write_model("System_P.yaml", "mine"), write_model("readme.yaml", "ours")]
    assert refused(files, tmp_path / "pages") == [
        f"System_P.md: would be the page of system_p, and {files[0]} is another model. Give its file another name.",
        f"readme.md: would be the list of all pages, and not one of {files[1]}. Give its file another name.",
    ]


def test_a_page_that_is_there_is_written_again_for_the_same_model_and_for_no_other(write_model, tmp_path):
    pages = tmp_path / "pages"
    document([write_model("mine.yaml", "mine")], pages)
    before = (pages / "mine.md").read_text(encoding="utf-8")
    document([write_model("mine.yaml", "mine")], pages)
    (pages / "notes.md").write_text("# Not generated", encoding="utf-8")
    with pytest.raises(PcnAnalysisError) as caught:
        document([write_model("mine.yaml", "theirs"), write_model("notes.yaml", "notes")], pages)
    remedy = "Remove it if it is no longer needed, or write to another folder with --to."
    assert [str(one) for one in caught.value.problems] == [
        f"mine.md: is there and is not the page of theirs. {remedy}",
        f"notes.md: is there and is not the page of notes. {remedy}",
    ]
    assert (pages / "mine.md").read_text(encoding="utf-8") == before


def test_a_model_that_is_named_twice_or_by_its_published_file_has_one_page(tmp_path, capsys):
    document(["snee", "snee", str(PUBLISHED / "snee.yaml")], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["snee.md"]
    assert capsys.readouterr().out.startswith("Wrote 1 page to ")
