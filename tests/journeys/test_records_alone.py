"""Reports on records that belong to no network, from the command line: of whom next to nothing is coded, and of whom
a source gives flags and a frailty score."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from typing import TYPE_CHECKING

import pytest
from test_bad_input import Outcome, new_project, refuses, run

from pcn_analysis.engine import write_stage
from pcn_analysis.person_table import stages
from pcn_analysis.place import place_of_records
from pcn_analysis.population import store_population
from pcn_analysis.prepared import save_place
from pcn_analysis.provenance import Provenance, Source
from pcn_analysis.reports.pages import check_page
from tests.unit.vignettes import condition, contact, frame, person, reading

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.journey

DAY = dt.date(2018, 12, 31)
POISON = "POISON-NHS-9434765919"
SOURCE = Source("Study records", "A university", "2009 to 2018", "MIT", "By a university.", file="/home/x/person.csv")
NOTHING = ("lsoa21", "imd_decile", "imd_version", "practice_code", "care_home", "housebound", "carer", "ethnicity",
           "registration_start_date", "interpreter_needed")  # fmt: skip
WHO = [f"{POISON}-{number}" for number in range(120)]


def people(sex: str) -> list[dict]:
    blank = dict.fromkeys(NOTHING)
    return [person(who, sex=sex, born=f"{1925 + number % 60}-07-01", **blank) for number, who in enumerate(WHO)]


def store(root: Path, name: str, rows: dict[str, list[dict]], *, synthetic: bool) -> None:
    processed = root / "data" / "processed"
    provenance = Provenance((SOURCE,), people=True, synthetic=synthetic)
    place = place_of_records(name, index_date=DAY, provenance=provenance)
    save_place(place, processed)

    def write(folder: Path) -> None:
        for table, some in rows.items():
            write_stage(frame(table, some), folder / f"{table}.parquet")

    store_population(processed, place, "records", "U", covered=(), provenance=provenance, extract_date=DAY,
                     made_from="these", write=write, stages=stages)  # fmt: skip


UNCODED = {
    "persons": people("unknown"),
    "conditions": [condition(who, None, "2015-01-01") for who in WHO],
    "measurements": [reading(who, "bmi", "2015-01-01", 31.0, unit=None) for who in WHO],
    "encounters": [contact(who, "outpatient", "2018-01-01") for who in WHO],
}
SAID = [
    {
        "person_id": who,
        "attribute_date": DAY.isoformat(),
        "efi_score": 0.01 * (number % 50),
        "has_dementia": number < 20,
    }
    for number, who in enumerate(WHO)
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome | Path]:
    """A project with both, and what the command line said of them; never changed."""
    root = new_project(tmp_path_factory.mktemp("alone") / "root")
    store(root, "Uncoded", UNCODED, synthetic=True)
    store(root, "Facts", {"persons": people("female"), "attributes": SAID}, synthetic=False)
    uncoded, facts = run(root, "report", "--place", "uncoded"), run(root, "report")
    return {"root": root, "uncoded": uncoded, "facts": facts, "lists": run(root, "list", "--place", "Facts")}


def page(made: dict, place: str, name: str) -> str:
    html = (made["root"] / "reports" / place / "U" / f"{name}.html").read_text(encoding="utf-8")
    check_page(html, name)
    return html


def test_people_of_whom_nothing_is_coded_have_segmentation_and_the_rest_is_said_to_be_absent(made: dict) -> None:
    out = made["uncoded"].out
    assert made["uncoded"].code == 0, made["uncoded"].err
    assert "7 pages made, 0 up to date, 0 failed." in out
    lacking = "no population profile, network footprint or workforce and money"
    assert f"Uncoded: {lacking}: no published counts belong to these records.\n" in out
    assert "Uncoded: no anticipatory care: the patient records bring no codelists for frailty.\n" in out
    refuses(made["root"], "list", "--place", "Uncoded", says=(r"no anticipatory care: .* no codelists for frailty\.",))


def test_a_page_of_people_of_whom_nothing_is_coded_draws_no_segment_and_calls_nobody_healthy(made: dict) -> None:
    html = page(made, "records-uncoded", "02_segmentation_SYNTHETIC_PEOPLE")
    assert "SYNTHETIC PEOPLE. Nobody in these records exists" in html
    assert "No segment could be assessed for the people in the records of Uncoded on 31 December 2018" in html
    assert "Nobody is called healthy for want of data." in html
    assert html.count("<img") == 2, "ages, and how often people were seen"
    assert not re.search(r">0(\.0%)?<", html), "what is not known is never 0"
    assert "<li>Records: Study records, 2009 to 2018.</li>" in html
    assert re.search(r"<summary>Table: SYNTHETIC PEOPLE: Elements of the model that these records cannot answer", html)


def test_a_page_of_people_of_whom_nothing_is_coded_begins_with_who_they_are_and_how_often_they_were_seen(
    made: dict,
) -> None:
    html = page(made, "records-uncoded", "02_segmentation_SYNTHETIC_PEOPLE")
    assert html.index("Who are these people?") < html.index("How many people are in each segment?")
    assert (
        "120 people are in the records of Uncoded on 31 December 2018: the records do not say who is female and who "
        "is male. 50.0% are 65 or over"
    ) in html
    assert (
        "In the 12 months before 31 December 2018, 100.0% of these people had an outpatient attendance (1,000 per "
        "1,000 people). Not in these records, and so not known: A&amp;E attendance, emergency admission, planned "
        "admission and GP contact."
    ) in html
    facts = page(made, "records-facts", "02_segmentation")
    assert "How often people were seen before 31 December 2018 is not in these records." in facts
    assert facts.index("120 people are in the records of Facts on 31 December 2018: 100.0% female.") > 0


def test_people_with_flags_and_a_score_have_both_reports(made: dict) -> None:
    assert "8 pages made, 0 up to date, 0 failed." in made["facts"].out, made["facts"].err
    segmentation = page(made, "records-facts", "02_segmentation")
    assert "<h1>Segmentation: Facts</h1>" in re.sub(r"<h1[^>]*>", "<h1>", segmentation)
    assert "120 people in the records of Facts on 31 December 2018" in segmentation
    anticipatory = page(made, "records-facts", "03_anticipatory_care")
    assert "Reasons not known: the source gives a score only." in anticipatory
    assert "Not shown: the records do not say where people live." in anticipatory
    for html in (segmentation, anticipatory):
        assert "SYNTHETIC" not in html
        assert "<li>Flags, counts and scores without dated records behind them" in html


def test_people_of_no_practice_are_on_no_list_and_it_is_said(made: dict) -> None:
    assert made["lists"].code == 0, made["lists"].err
    assert re.search(r"\d+ people have no known practice and are on no list\.", made["lists"].out)


def test_a_real_place_of_records_is_reported_on_by_itself_and_an_invented_one_stands_last_in_the_index(
    made: dict,
) -> None:
    assert "Uncoded" not in made["facts"].out
    index = (made["root"] / "reports" / "index.html").read_text(encoding="utf-8")
    assert 'href="records-facts/U/02_segmentation.html"' in index
    assert index.index("records-facts/U/") < index.index("records-uncoded/U/")
    of_place = (made["root"] / "reports" / "records-uncoded" / "index.html").read_text(encoding="utf-8")
    for html in (index, of_place):
        assert html.index("SYNTHETIC PEOPLE. Nobody") < html.index("<table")
    assert "Uncoded: SYNTHETIC PEOPLE. Nobody" in index


def _text(path: Path) -> str:
    """All that a file holds; of a workbook, all of its parts."""
    if path.suffix != ".xlsx":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as parts:
        return "\n".join(parts.read(name).decode("utf-8") for name in parts.namelist())


def test_no_identifier_and_no_path_leaves(made: dict) -> None:
    texts = [made[name].out + made[name].err for name in ("uncoded", "facts", "lists")]
    files = [path for folder in ("reports", "data/restricted") for path in (made["root"] / folder).rglob("*")]
    texts += [_text(path) for path in files if path.is_file()]
    assert not [text for text in texts if POISON in text or "person.csv" in text]
