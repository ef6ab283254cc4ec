"""Lists of segments: everyone with their segment, why, the next one down, and what would move those asked for."""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from vignettes import condition, frame, person

from pcn_analysis import cli
from pcn_analysis.engine import write_stage
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.person_table import stages
from pcn_analysis.place import place_of_records
from pcn_analysis.population import store_population
from pcn_analysis.prepared import save_place
from pcn_analysis.provenance import Provenance, Source
from pcn_analysis.release.list_kinds import NOTE
from pcn_analysis.reports.segment_lists import NOTHING_FOUND, read_asked, write_segment_lists
from pcn_analysis.segmentation.models import find_model

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.settings import Settings

pytestmark = pytest.mark.unit

DAY = dt.date(2026, 3, 31)
RECORDS = Provenance((Source("Person facts", "An ICB", "31 March 2026", "agreement", "By agreement."),), people=True)
PLACE = "Harbour Study"
POISON = "POISON-NHS-9434765919"
MODEL = """\
model: ours
title: Our segments
source: The test
variant: own
remainder: Others
assumptions: [All is well.]
whom: {number: age, at_least: 18}
others: Children
segments:
  - segment: Sugar
    priority: 2
    rule: Diabetes lately.
    elements: [{element: Diabetes lately, when: {recorded: diabetes, within_months: 24}}]
  - segment: Breathing
    priority: 1
    rule: Asthma, COPD or dementia.
    elements:
      - {element: Asthma, when: {recorded: asthma}}
      - {element: COPD, when: {recorded: copd}}
      - {element: Dementia, when: {recorded: dementia}}
"""
PERSONS = [
    *(person(f"{POISON}-{who}", practice_code="A00077") for who in ("well", "sugar", "both")),
    person(f"{POISON}-child", born="2015-01-01", practice_code="A00077"),
    person(f"{POISON}-astray", practice_code=None),
]
CONDITIONS = [
    condition(f"{POISON}-both", "asthma", "2012-03-01"),
    condition(f"{POISON}-both", "copd", "2025-03-01"),
    condition(f"{POISON}-both", "diabetes", "2025-06-01"),
    condition(f"{POISON}-sugar", "diabetes", "2025-04-01"),
    condition(f"{POISON}-child", "asthma", "2020-01-01"),
]


@pytest.fixture
def study(project: Settings) -> Settings:
    """A project with five patients, whose records were not coded for dementia, and with a model of its own."""
    place = place_of_records(PLACE, index_date=DAY, provenance=RECORDS)
    save_place(place, project.processed)

    def write(folder: Path) -> None:
        for name, rows in {"persons": PERSONS, "conditions": CONDITIONS}.items():
            write_stage(frame(name, rows), folder / f"{name}.parquet")

    covered = ["asthma", "copd", "diabetes"]
    stored = {"covered": covered, "provenance": RECORDS, "extract_date": DAY, "index_date": DAY, "made_from": "these"}
    store_population(project.processed, place, "records", "U", write=write, stages=stages, **stored)
    (project.root / "ours.yaml").write_text(MODEL, encoding="utf-8")
    return project


def asked(project: Settings, *people: str) -> Path:
    path = project.root / "asked.csv"
    path.write_text("\n".join(["synthetic,person_id", *(f"False,{POISON}-{who}" for who in people)]), encoding="utf-8")
    return path


def listed(project: Settings) -> str:
    folder = project.restricted / "lists" / "records-harbour-study" / "segments" / "ours" / "U"
    return (folder / "segments_ours_A00077_2026-03-31.csv").read_text(encoding="utf-8").replace(f"{POISON}-", "")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["pcn-analysis", "list", "--place", PLACE, *map(str, arguments)])
    try:
        cli.run()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_everyone_has_a_row_with_their_segment_the_next_one_and_the_elements_of_it(study: Settings) -> None:
    made = write_segment_lists(study, PLACE, [], model=study.root / "ours.yaml")
    assert (made.failed, made.files, made.without_practice, made.not_found) == ({}, 1, 1, 0)
    assert listed(study) == (
        "synthetic,person_id,segment,next_segment,reasons,note\n"
        f"False,both,Breathing,Sugar,COPD (2025-03-01); Asthma (2012-03-01),{NOTE}\n"
        f"False,sugar,Sugar,None of those assessed,Diabetes lately (2025-04-01),{NOTE}\n"
        f"False,well,None of those assessed,,,{NOTE}\n"
        f"False,child,Children,,,{NOTE}\n"
    )


def test_the_readme_says_once_of_which_model_and_what_was_not_assessed(study: Settings) -> None:
    write_segment_lists(study, PLACE, [], model=study.root / "ours.yaml")
    [readme] = (study.restricted / "lists").rglob("README.txt")
    text = readme.read_text(encoding="utf-8")
    assert "\nModel: Our segments (ours, own). Source: The test\n" in text
    assert "\n- All is well.\n" in text
    assert text.count("Dementia") == 1
    assert "\n- Breathing, by Dementia (not assessed; missing: has_dementia)\n" in text
    assert "1 person has no known practice and is on no list." in text
    [line] = (study.restricted / "lists" / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    assert (json.loads(line)["kind"], json.loads(line)["model"]) == ("segments", "ours")
    assert POISON not in line + text


def test_what_would_move_is_said_of_those_asked_for_alone(
    study: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--of", "segments", "--model", study.root / "ours.yaml", "--what-would-move")
    assert run(monkeypatch, *options, asked(study, "sugar", "both", "child", "elsewhere")) == 0
    out, err = capsys.readouterr()
    assert "1 lists written" in out
    assert "In none of these networks: 1 person asked for." in out
    assert POISON not in out + err
    rows = pd.read_csv(pd.io.common.StringIO(listed(study)), keep_default_na=False).set_index("person_id")
    assert rows["would_move"].to_dict() == {
        "both": "to Sugar: if no more counted: Asthma + COPD",
        "sugar": "to Breathing: a record of asthma | to Breathing: a record of chronic obstructive pulmonary disease"
        " | to None of those assessed: if no more counted: Diabetes lately"
        " | to None of those assessed: from 2027-04-02 if nothing new is recorded",
        "well": "",
        "child": NOTHING_FOUND,
    }


def test_nothing_that_would_move_anybody_is_an_answer_too(study: Settings) -> None:
    write_segment_lists(study, PLACE, [], model=study.root / "ours.yaml", asked=[f"{POISON}-child"])
    rows = pd.read_csv(pd.io.common.StringIO(listed(study)), keep_default_na=False).set_index("person_id")
    assert rows["would_move"]["child"] == NOTHING_FOUND


def test_the_nearest_segment_is_told_first_and_the_fewest_records_of_each_before(study: Settings) -> None:
    higher = """  - segment: Both
    priority: 0
    rule: Two at once, or one that is new.
    elements:
      - {element: Two at once, when: {all: [{recorded: asthma}, {recorded: copd}, {recorded: diabetes}]}}
      - {element: COPD and sugar, when: {all: [{recorded: copd}, {recorded: diabetes}]}}
"""
    (study.root / "ours.yaml").write_text(MODEL + higher, encoding="utf-8")
    write_segment_lists(study, PLACE, [], model=study.root / "ours.yaml", asked=[f"{POISON}-well"])
    rows = pd.read_csv(pd.io.common.StringIO(listed(study)), keep_default_na=False).set_index("person_id")
    assert rows["would_move"]["well"].split(" | ") == [
        "to Sugar: a record of diabetes mellitus",
        "to Breathing: a record of asthma",
        "to Breathing: a record of chronic obstructive pulmonary disease",
        "to Both: a record of chronic obstructive pulmonary disease; and a record of diabetes mellitus",
        "to Both: a record of asthma; and a record of chronic obstructive pulmonary disease; and a record of diabetes "
        "mellitus",
    ]


def test_nothing_is_written_where_nobody_asked_for_is_there(
    study: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--of", "segments", "--model", study.root / "ours.yaml")
    assert run(monkeypatch, *options) == 0
    before = {path: path.stat().st_mtime_ns for path in (study.restricted / "lists").rglob("*")}
    assert run(monkeypatch, *options, "--what-would-move", asked(study, "elsewhere", "nowhere")) == 2
    out, err = capsys.readouterr()
    assert "Error: --what-would-move: nobody of the 2 people asked for is registered in these networks." in err
    assert {path: path.stat().st_mtime_ns for path in (study.restricted / "lists").rglob("*")} == before
    assert POISON not in out + err


def test_lists_of_two_models_of_the_same_people_live_side_by_side(study: Settings) -> None:
    for model in (study.root / "ours.yaml", "snee"):
        assert write_segment_lists(study, PLACE, [], model=model).files == 1
    folder = study.restricted / "lists" / "records-harbour-study" / "segments"
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.csv")) == [
        "ours/U/segments_ours_A00077_2026-03-31.csv",
        "snee/U/segments_snee_A00077_2026-03-31.csv",
    ]


@pytest.mark.parametrize("name", ["snee", "SNEE"])
def test_a_model_of_ones_own_in_the_name_of_a_published_one_is_refused(study: Settings, name: str) -> None:
    (study.root / "ours.yaml").write_text(MODEL.replace("model: ours", f"model: {name}"), encoding="utf-8")
    with pytest.raises(PcnAnalysisError) as caught:
        write_segment_lists(study, PLACE, [], model=study.root / "ours.yaml")
    assert str(caught.value).startswith(f"{name}: is the name of a published model with other rules")
    assert not (study.restricted / "lists").exists()


def test_a_copy_of_a_published_model_may_keep_its_name(study: Settings) -> None:
    assert write_segment_lists(study, PLACE, [], model=find_model("snee")).files == 1


@pytest.mark.parametrize("option", ["--model", "--what-would-move"])
def test_options_of_segments_are_refused_for_other_lists(
    study: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    assert run(monkeypatch, option, "snee") == 2
    assert f"Error: {option}: has no effect on lists of proactive-care. Add `--of segments`" in capsys.readouterr().err
    assert not (study.restricted / "lists").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"person\n{POISON}\n", "has no column person_id"),
        ("person_id\n", "names nobody in person_id"),
        (f'person_id\n"{POISON}', "cannot be read as a CSV file in UTF-8"),
        ("", "cannot be read as a CSV file in UTF-8"),
        (
            "person_id\n" + "\n".join(f"{POISON}-{who}" for who in range(201)),
            "201 people are asked for, and 200 at most",
        ),
    ],
    ids=["no column", "nobody", "not closed", "empty", "too many"],
)
def test_a_file_of_those_asked_for_is_refused_without_a_pseudonym(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "asked.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PcnAnalysisError) as caught:
        read_asked(path)
    assert str(caught.value).startswith(f"asked.csv: {said}")
    assert POISON not in str(caught.value)


def test_a_file_of_those_asked_for_can_be_part_of_a_list_and_names_each_once(tmp_path: Path) -> None:
    path = tmp_path / "asked.csv"
    path.write_text("synthetic,person_id,segment\nFalse,007,Ill\nFalse,007,Ill\nFalse,NA,Well\n", encoding="utf-8-sig")
    assert read_asked(path) == ["007", "NA"]
