"""Lists of people: one file a practice, readable by their owner alone, noted without a pseudonym."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import handmade
import pandas as pd
import pytest

from pcn_analysis.engine import lazy
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.place import Place
from pcn_analysis.population import Population
from pcn_analysis.release import lists
from pcn_analysis.release.list_kinds import CASELOAD, COHORT, NOTE, PROACTIVE_CARE, SEGMENTS, Kind
from pcn_analysis.release.lists import write_lists

pytestmark = pytest.mark.unit

NOW = dt.datetime(2026, 7, 2, 9, 30, tzinfo=dt.UTC)
POISON = "POISON-NHS-9434765919"


@pytest.fixture
def population(marlhaven: Place) -> Population:
    date = marlhaven.index_date
    return Population(marlhaven, "U00005", "synthetic", date, date, {}, frozenset(), handmade.DRAWN)


@pytest.fixture
def practices(marlhaven: Place) -> list[str]:
    frame = marlhaven.tables["practices"].frame
    return sorted(frame.loc[frame["pcn_code"] == "U00005", "practice_code"])


@pytest.fixture
def eligible(practices: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person_id": [f"{POISON}-{number}" for number in (3, 1, 2)],
            "practice_code": [practices[0], practices[0], practices[1]],
            "priority": [2, 1, 2],
            "frailty": ["moderate", "severe", "moderate"],
            "age": [80, 90, 85],
        }
    )


@pytest.fixture
def reasons() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person_id": [f"{POISON}-{number}" for number in (3, 3, 1, 1, 9)],
            "element": ["Falls", "Dizziness", "Falls", "Falls", "Tremor"],
            "date": pd.Timestamp("2026-01-01"),
            "source": "Clegg 2016",
        }
    )


def write(folder: Path, population: Population, *frames: Any, **changed: Any) -> list[Path]:
    options = {"restricted": folder / "restricted", "published": [folder / "reports"], "written_at": NOW, "by": "sam"}
    return list(write_lists(population, *frames, **{**options, **changed}).paths)


@pytest.mark.parametrize("door", [lambda frame: frame, lazy], ids=["pandas", "lazy"])
def test_each_practice_has_its_own_people_the_most_urgent_first_and_no_other_column(
    *,
    tmp_path: Path,
    population: Population,
    practices: list[str],
    eligible: pd.DataFrame,
    reasons: pd.DataFrame,
    door: Any,
) -> None:
    paths = write(tmp_path, population, door(eligible), door(reasons))
    assert [path.name for path in paths] == [
        f"SYNTHETIC_PEOPLE_proactive_care_{practice}_2026-07-01.csv" for practice in practices
    ]
    assert {path.parent for path in paths} == {tmp_path / "restricted" / "lists" / "synthetic" / "U00005"}
    first, second, *rest = (path.read_text(encoding="utf-8") for path in paths)
    assert first == (
        "synthetic,person_id,frailty,reasons,note\n"
        f"True,{POISON}-1,severe,Falls,{NOTE}\n"
        f"True,{POISON}-3,moderate,Dizziness; Falls,{NOTE}\n"
    )
    assert second == f"synthetic,person_id,frailty,reasons,note\nTrue,{POISON}-2,moderate,,{NOTE}\n"
    assert set(rest) == {"synthetic,person_id,frailty,reasons,note\n"}, "nobody to list is a list without rows"


def test_lists_of_records_are_not_called_synthetic(
    tmp_path: Path, population: Population, eligible: pd.DataFrame, reasons: pd.DataFrame
) -> None:
    records = replace(population, people="records", provenance=handmade.RECORDS)
    paths = write(tmp_path, records, eligible, reasons)
    assert all(path.name.startswith("proactive_care_") for path in paths)
    assert "True" not in paths[0].read_text(encoding="utf-8")
    assert paths[0].read_text(encoding="utf-8").splitlines()[1].startswith("False,")


@pytest.mark.skipif(os.name != "posix", reason="Windows has other rights")
def test_only_their_owner_can_read_them(
    tmp_path: Path, population: Population, eligible: pd.DataFrame, reasons: pd.DataFrame
) -> None:
    before = os.umask(0)
    try:
        write(tmp_path, population, eligible, reasons)
    finally:
        os.umask(before)
    for path in [tmp_path / "restricted", *(tmp_path / "restricted").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path.name


def test_a_folder_that_others_could_read_is_closed(
    tmp_path: Path, population: Population, eligible: pd.DataFrame, reasons: pd.DataFrame
) -> None:
    folder = tmp_path / "restricted" / "lists" / "synthetic" / "U00005"
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    [path, *_] = write(tmp_path, population, eligible, reasons)
    if os.name == "posix":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        path.chmod(0o644)
        write(tmp_path, population, eligible, reasons)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_audit_has_a_line_a_writing_without_a_pseudonym(
    tmp_path: Path, population: Population, practices: list[str], eligible: pd.DataFrame, reasons: pd.DataFrame
) -> None:
    for _ in range(2):
        paths = write(tmp_path, population, eligible, reasons)
    text = (tmp_path / "restricted" / "lists" / "audit.jsonl").read_text(encoding="utf-8")
    first, second = map(json.loads, text.splitlines())
    assert first == second
    files = first.pop("files")
    assert first == {
        "written_at": "2026-07-02T09:30:00+00:00",
        "by": "sam",
        "place": "synthetic",
        "pcn_code": "U00005",
        "people": "synthetic",
        "index_date": "2026-07-01",
        "kind": "proactive_care",
        "model": None,
        "without_practice": 0,
        "earlier": 0,
    }
    assert [one["rows"] for one in files.values()] == [2, 1, *[0] * (len(practices) - 2)]
    assert [one["practice"] for one in files.values()] == practices
    for path in paths:
        assert files[path.name]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert POISON not in text


def test_what_lies_beside_them_says_what_they_are(
    tmp_path: Path, population: Population, eligible: pd.DataFrame, reasons: pd.DataFrame
) -> None:
    [path, *_] = write(tmp_path, population, eligible, reasons)
    text = (path.parent / "README.txt").read_text(encoding="utf-8")
    for said in ("review by a clinician", "not a diagnosis", "Do not publish", "SYNTHETIC_PEOPLE"):
        assert said in text
    assert not [file for file in path.parent.iterdir() if file.name.startswith(".")], "nothing is left aside"


@pytest.mark.parametrize("folder", ["reports", "reports/data/restricted", "notebooks/../reports/x"])
def test_a_folder_that_may_be_published_is_refused_before_anything_is_written(
    tmp_path: Path, population: Population, eligible: pd.DataFrame, reasons: pd.DataFrame, folder: str
) -> None:
    (tmp_path / "notebooks").mkdir()
    with pytest.raises(PcnAnalysisError, match="restricted: lists of people would lie in reports/"):
        write(tmp_path, population, eligible, reasons, restricted=tmp_path / folder)
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("person_id", [f"{POISON}-1", f"{POISON}-1", f"{POISON}-2"], "1 of 3 rows repeat a person"),
        ("person_id", [f"{POISON}-1", None, None], "2 of 3 rows name nobody"),
        ("practice_code", ["X90001", "X90022", None], "1 of 3 rows are of a practice of another network"),
        *[
            (
                "person_id",
                [f"{POISON}-1", f"{sign}{POISON}", f"{POISON}-2"],
                "1 of 3 rows have a pseudonym that a spread",
            )
            for sign in "=+-@\t\r"
        ],
    ],
)
def test_rows_that_are_not_one_for_each_patient_are_refused_without_a_pseudonym(
    *,
    tmp_path: Path,
    population: Population,
    eligible: pd.DataFrame,
    reasons: pd.DataFrame,
    column: str,
    values: list,
    said: str,
) -> None:
    with pytest.raises(PcnAnalysisError) as caught:
        write(tmp_path, population, eligible.assign(**{column: values}), reasons)
    assert said in str(caught.value)
    assert POISON not in str(caught.value)
    assert not (tmp_path / "restricted").exists()


def test_a_stop_halfway_leaves_the_list_that_was_there(
    tmp_path: Path,
    population: Population,
    eligible: pd.DataFrame,
    reasons: pd.DataFrame,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    [path, *_] = write(tmp_path, population, eligible, reasons)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path, population, eligible.iloc[:1], reasons)
    assert path.read_bytes() == before
    assert not [file for file in path.parent.iterdir() if file.name.startswith(".")]


# -- the audit comes first ---------------------------------------------------------------------------------


def test_a_list_that_cannot_be_noted_does_not_appear(
    tmp_path: Path, population: Population, eligible: pd.DataFrame, reasons: pd.DataFrame
) -> None:
    (tmp_path / "restricted" / "lists" / "audit.jsonl").mkdir(parents=True)
    with pytest.raises(PcnAnalysisError, match=r"^audit\.jsonl: cannot be written \(.+\), so no list was\. See that"):
        write(tmp_path, population, eligible, reasons)
    assert not [path for path in (tmp_path / "restricted").rglob("*") if path.is_file()]


def test_the_audit_is_written_before_a_list_appears(
    tmp_path: Path,
    population: Population,
    eligible: pd.DataFrame,
    reasons: pd.DataFrame,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there: list[list[Path]] = []
    note = lists._note

    def noting(*given: Any) -> None:
        note(*given)
        there.append(list((tmp_path / "restricted" / "lists" / "synthetic" / "U00005").glob("*.csv")))

    monkeypatch.setattr(lists, "_note", noting)
    assert write(tmp_path, population, eligible, reasons)
    assert there == [[]]


# -- people without a practice -----------------------------------------------------------------------------


def test_people_without_a_known_practice_are_counted_and_keep_nobody_off_a_list(
    tmp_path: Path, population: Population, practices: list[str], eligible: pd.DataFrame, reasons: pd.DataFrame
) -> None:
    astray = eligible.assign(practice_code=[None, "A99999", practices[1]])
    made = write_lists(
        population, astray, reasons, restricted=tmp_path / "restricted", published=[], written_at=NOW, by="sam"
    )
    assert (len(made.paths), made.without_practice) == (len(practices), 2)
    assert made.paths[1].read_text("utf-8").splitlines()[1:] == [f"True,{POISON}-2,moderate,,{NOTE}"]
    told = "2 people have no known practice and are on no list."
    assert told in (made.paths[0].parent / "README.txt").read_text(encoding="utf-8")
    line = json.loads((tmp_path / "restricted" / "lists" / "audit.jsonl").read_text(encoding="utf-8"))
    assert line["without_practice"] == 2
    assert lists.said(1) == "1 person has no known practice and is on no list."


# -- lists of before ---------------------------------------------------------------------------------------


def test_lists_of_before_are_put_where_no_practice_picks_one_up(
    tmp_path: Path, population: Population, practices: list[str], eligible: pd.DataFrame, reasons: pd.DataFrame
) -> None:
    before = write(tmp_path, population, eligible, reasons)
    held = before[0].read_bytes()
    folder = before[0].parent
    (folder / "proactive_care_A99999_2025-07-01.csv").write_text("gone", encoding="utf-8")
    later = replace(population, index_date=dt.date(2026, 8, 1))
    for _ in range(2):
        now = write(tmp_path, later, eligible, reasons)
    assert sorted(folder.glob("*.csv")) == sorted(now)
    earlier = folder / "earlier"
    assert sorted(path.name for path in earlier.glob("*.csv")) == sorted(
        ["proactive_care_A99999_2025-07-01.csv", *(path.name for path in before)]
    )
    assert (earlier / before[0].name).read_bytes() == held
    audit = (tmp_path / "restricted" / "lists" / "audit.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line)["earlier"] for line in audit.splitlines()] == [0, len(practices) + 1, 0]
    if os.name == "posix":
        for path in (earlier, *earlier.iterdir()):
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_all_lists_of_a_network_appear_or_none(
    tmp_path: Path,
    population: Population,
    eligible: pd.DataFrame,
    reasons: pd.DataFrame,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = {path: path.read_bytes() for path in write(tmp_path, population, eligible, reasons)}
    put, calls = lists._write, []

    def stopped(path: Path, *given: Any) -> None:
        calls.append(path)
        if len(calls) == 2:
            raise KeyboardInterrupt
        put(path, *given)

    monkeypatch.setattr(lists, "_write", stopped)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, population, eligible.iloc[:1], reasons)
    assert {path: path.read_bytes() for path in before} == before
    assert len((tmp_path / "restricted" / "lists" / "audit.jsonl").read_text("utf-8").splitlines()) == 1


# -- kinds of list -----------------------------------------------------------------------------------------

OWN = replace(SEGMENTS, model="Our own, 2nd")
KINDS = [PROACTIVE_CARE, OWN, replace(COHORT, model="ours"), replace(CASELOAD, model="ours by us")]


@pytest.fixture
def segmented(eligible: pd.DataFrame) -> pd.DataFrame:
    return eligible.assign(segment=["Well", "Ill", "Well"], next_segment=[None, "Well", None]).drop(columns="frailty")


def test_lists_of_segments_tell_reasons_with_their_dates_the_latest_first(
    tmp_path: Path, population: Population, segmented: pd.DataFrame
) -> None:
    met = [(1, "Falls", "2024-05-01"), (1, "Age", None), (1, "Cough", "2026-01-31"), (1, "Ache", "2024-05-01")]
    why = pd.DataFrame(
        [(f"{POISON}-{who}", element, pd.Timestamp(date) if date else pd.NaT) for who, element, date in met],
        columns=["person_id", "element", "date"],
    )
    first, second, *_ = write(tmp_path, population, segmented, why, kind=OWN)
    assert first.read_text(encoding="utf-8") == (
        "synthetic,person_id,segment,next_segment,reasons,note\n"
        f"True,{POISON}-1,Ill,Well,Cough (2026-01-31); Ache (2024-05-01); Falls (2024-05-01); Age,{NOTE}\n"
        f"True,{POISON}-3,Well,,,{NOTE}\n"
    )
    assert second.read_text(encoding="utf-8").splitlines()[1:] == [f"True,{POISON}-2,Well,,,{NOTE}"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_row_of_every_list_says_what_the_list_is_not_and_so_does_its_spreadsheet(
    *, tmp_path: Path, population: Population, eligible: pd.DataFrame, reasons: pd.DataFrame, kind: Kind
) -> None:
    people = eligible.assign(**{name: "said" for name in kind.needed if name not in eligible})
    paths = write(tmp_path, population, people, reasons, kind=kind)
    rows = pd.concat(pd.read_csv(path, dtype="str") for path in paths)
    assert "not a diagnosis" in NOTE
    assert list(rows)[-1] == "note"
    assert set(rows["note"]) == {NOTE}
    for path in paths:
        sheets = pd.read_excel(path.with_suffix(".xlsx"), sheet_name=None, dtype="str")
        assert sheets["List"]["note"].eq(NOTE).sum() == len(pd.read_csv(path))
        assert "not a diagnosis" in next(iter(sheets["Read me"]))
    readme = (paths[0].parent / "README.txt").read_text(encoding="utf-8")
    assert "note, the last column, says on every row what a list is not." in readme


@pytest.mark.parametrize("kind", [PROACTIVE_CARE, COHORT, CASELOAD], ids=lambda kind: kind.name)
def test_the_words_beside_a_list_of_some_say_that_others_may_need_care_as_well(kind: Kind) -> None:
    assert "Whoever is not on it may need care as well." in kind.readme


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_no_list_has_a_risk_or_a_score(
    *, tmp_path: Path, population: Population, eligible: pd.DataFrame, reasons: pd.DataFrame, kind: Kind
) -> None:
    """MHRA's guidance names prognosis for one person among the signs of a device; see docs/intended_purpose.md."""
    numbers = {"risk": 0.625, "score": 0.625, "qrisk3": 0.625, "need": 0.625}
    people = eligible.assign(**{name: "said" for name in kind.needed if name not in eligible}, **numbers)
    paths = write(tmp_path, population, people, reasons, kind=kind)
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert not any(name in heading for name in numbers for heading in text.splitlines()[0].split(","))
        assert "0.625" not in text
        assert not pd.read_excel(path.with_suffix(".xlsx"), dtype="str").isin(["0.625"]).any(axis=None)


def test_lists_of_one_kind_leave_those_of_another_alone(
    tmp_path: Path, population: Population, eligible: pd.DataFrame, segmented: pd.DataFrame, reasons: pd.DataFrame
) -> None:
    care = write(tmp_path, population, eligible, reasons)
    own = write(tmp_path, population, segmented, reasons, kind=OWN, about="\nOf a model.\n")
    assert write(tmp_path, population, eligible, reasons) == care
    folder = tmp_path / "restricted" / "lists" / "synthetic" / "segments" / "our_own_2nd" / "U00005"
    assert all(path.match(f"{folder}/SYNTHETIC_PEOPLE_segments_our_own_2nd_*") for path in own)
    assert all(path.exists() for path in (*care, *own))
    assert not list((tmp_path / "restricted").rglob("earlier"))
    assert "\nOf a model.\n" in (folder / "README.txt").read_text(encoding="utf-8")
    audit = (tmp_path / "restricted" / "lists" / "audit.jsonl").read_text(encoding="utf-8")
    told = [(line["kind"], line["model"], line["earlier"]) for line in map(json.loads, audit.splitlines())]
    assert told == [("proactive_care", None, 0), ("segments", "Our own, 2nd", 0), ("proactive_care", None, 0)]
    assert POISON not in audit


def test_lists_of_two_models_live_side_by_side_and_each_keeps_earlier_ones_of_its_own(
    tmp_path: Path, population: Population, segmented: pd.DataFrame, reasons: pd.DataFrame
) -> None:
    other = replace(SEGMENTS, model="theirs")
    before = write(tmp_path, population, segmented, reasons, kind=OWN)
    theirs = write(tmp_path, population, segmented, reasons, kind=other)
    assert {path.parent.parent.name for path in (*before, *theirs)} == {"our_own_2nd", "theirs"}
    assert all(path.exists() for path in (*before, *theirs))
    later = replace(population, index_date=dt.date(2026, 8, 1))
    now = write(tmp_path, later, segmented, reasons, kind=OWN)
    assert sorted(before[0].parent.glob("*.csv")) == sorted(now)
    kept = sorted(path.name for path in (before[0].parent / "earlier").glob("*.csv"))
    assert kept == sorted(path.name for path in before)
    assert sorted(theirs[0].parent.glob("**/*.csv")) == sorted(theirs)
    audit = (tmp_path / "restricted" / "lists" / "audit.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line)["earlier"] for line in audit.splitlines()] == [0, 0, len(before)]


@pytest.mark.parametrize("column", ["segment", "next_segment", "reasons", "frailty"])
def test_words_that_a_spreadsheet_would_take_for_a_formula_are_refused(
    *,
    tmp_path: Path,
    population: Population,
    eligible: pd.DataFrame,
    segmented: pd.DataFrame,
    reasons: pd.DataFrame,
    column: str,
) -> None:
    kind, people = (PROACTIVE_CARE, eligible) if column == "frailty" else (SEGMENTS, segmented)
    people = people.assign(**{column: [f"={POISON}", "Ill", "Well"]})
    if column == "reasons":
        reasons, people = reasons.assign(element=["=Falls", "Dizziness", "Falls", "Falls", "Tremor"]), segmented
    with pytest.raises(PcnAnalysisError) as caught:
        write(tmp_path, population, people, reasons, kind=kind)
    assert f"1 of 3 rows have words in {column} that a spreadsheet would take" in str(caught.value)
    assert POISON not in str(caught.value)
    assert not (tmp_path / "restricted").exists()
