"""Lists of a caseload and of cohorts from the command line: side by side, under restricted alone, nobody named."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from test_bad_input import Outcome, new_project, run

from pcn_analysis import cli
from pcn_analysis.prepared import save_place
from pcn_analysis.release.list_kinds import CASELOAD, COHORT, NOTE
from pcn_analysis.synthetic.place import invent_place

pytestmark = pytest.mark.journey

NETWORK = "U00005"
ONE = ("--place", "synthetic", "--pcn", NETWORK)
INVENTED = "SYN-"
"""What the pseudonyms of invented people begin with."""
OBJECTIVE = Path(cli.__file__).parent / "anticipatory" / "caseload" / "objective.yaml"
CASELOADS = ("proactive_care_by_default", "proactive_care_by_needier", "rising_risk_by_default")
COHORTS = ("high_intensity_use", "rising_risk")
SLOTS, MONTHS = {"GP": 5, "clinical pharmacist": 10}, 2


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """A caseload; one by another objective, with floors; one of another cohort, by the settings; and two cohorts."""
    root = new_project(tmp_path_factory.mktemp("caseload") / "root")
    save_place(invent_place(), root / "data" / "processed")
    (root / "config").mkdir()
    (root / "config" / "pcn_analysis.toml").write_text('slots = {"practice nurse" = 7}\n', encoding="utf-8")
    own = OBJECTIVE.read_text(encoding="utf-8").replace("objective: default", "objective: needier")
    (root / "own.yaml").write_text(own.replace("points: 2", "points: 9"), encoding="utf-8")
    before = {path for path in root.rglob("*") if path.is_file()}
    slots = [word for name, number in SLOTS.items() for word in ("--slots", f"{name}={number}")]
    outcomes = [
        run(root, "list", "--of", "caseload", *ONE, *slots, "--months", MONTHS),
        run(root, "list", "--of", "caseload", *ONE, *slots, "--objective", root / "own.yaml", "--fair"),
        run(root, "list", "--of", "caseload", *ONE, "--cohort", "rising_risk"),
        *(run(root, "list", "--cohort", cohort, *ONE) for cohort in COHORTS),
    ]
    return {"root": root, "before": before, "outcomes": outcomes, "folder": root / "data" / "restricted" / "lists"}


def lists(made: dict, *parts: str) -> list[Path]:
    return sorted(made["folder"].joinpath("synthetic", *parts, NETWORK).glob("*.csv"))


def rows_of(paths: list[Path]) -> pd.DataFrame:
    return pd.concat([pd.read_csv(path, dtype="str", keep_default_na=False) for path in paths])


def practices() -> list[str]:
    frame = invent_place().tables["practices"].frame
    return sorted(frame.loc[frame["pcn_code"] == NETWORK, "practice_code"])


def test_lists_of_two_cohorts_and_two_objectives_lie_side_by_side(made: dict) -> None:
    outcomes: list[Outcome] = made["outcomes"]
    assert [one.code for one in outcomes] == [0] * 5, [one.err for one in outcomes]
    for one in outcomes:
        assert f"{len(practices())} lists written, in data/restricted/lists\n" in one.out
        assert "A list is not a diagnosis, and not to be published." in one.out
    expected = {("caseload", name): f"caseload_{name}" for name in CASELOADS}
    expected |= {("cohorts", name): f"cohort_{name}" for name in COHORTS}
    for parts, stem in expected.items():
        names = [f"SYNTHETIC_PEOPLE_{stem}_{code}_2026-07-01.csv" for code in practices()]
        assert [path.name for path in lists(made, *parts)] == names
    assert len(list(made["folder"].rglob("*.csv"))) == len(expected) * len(practices())
    assert not list(made["folder"].rglob("earlier"))


def test_nobody_is_on_a_caseload_twice_and_no_more_than_there_are_slots(made: dict) -> None:
    for name, months, slots in zip(CASELOADS, (MONTHS, 1, 1), (SLOTS, SLOTS, {"practice nurse": 7}), strict=True):
        rows = rows_of(lists(made, "caseload", name))
        assert list(rows) == [*CASELOAD.columns, "note"]
        assert set(rows["note"]) == {NOTE}
        assert rows["person_id"].is_unique
        assert rows["person_id"].str.startswith(f"{INVENTED}{NETWORK}-").all()
        assert rows[["open_gaps", "reasons", "last_contact"]].ne("").all(axis=None)
        used = rows.groupby(["month", "suggested_professional"]).size()
        assert set(rows["suggested_professional"]) <= set(slots)
        assert all(used[month, who] <= slots[who] for month, who in used.index)
        assert 0 < len(rows) <= months * sum(slots.values())
    first, second = (set(rows_of(lists(made, "caseload", name))["person_id"]) for name in CASELOADS[:2])
    assert first != second


def test_a_list_of_a_cohort_holds_its_priorities_in_order_with_reasons(made: dict) -> None:
    for name in COHORTS:
        rows = rows_of(lists(made, "cohorts", name))
        assert list(rows) == [*COHORT.columns, "note"]
        assert rows["person_id"].is_unique
        assert rows["reasons"].ne("").all()
        assert len(rows)


def test_each_list_is_a_spreadsheet_too_that_begins_with_what_it_is_not(made: dict) -> None:
    for path in made["folder"].rglob("*.csv"):
        book = openpyxl.load_workbook(path.with_suffix(".xlsx"))
        told = [[str("" if cell is None else cell) for cell in row] for row in book["List"].iter_rows(values_only=True)]
        rows = pd.read_csv(path, dtype="str", keep_default_na=False)
        assert told[0] == list(rows)
        assert [row for row in told[1:] if any(row)] == rows.to_numpy().tolist()
        readme = [row[0] or "" for row in book["Read me"].iter_rows(values_only=True)]
        assert readme[0].startswith("For review by a clinician")
        assert readme[2:] == (path.parent / "README.txt").read_text(encoding="utf-8").splitlines()
        assert ("PRISMATIC" in "".join(readme)) == ("caseload" in path.parts)


def test_no_list_tells_a_risk_of_anybody(made: dict) -> None:
    for path in made["folder"].rglob("*.csv"):
        headings = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        assert not [name for name in headings if "risk" in name or "score" in name]


def test_lists_land_under_restricted_alone_for_their_owner_and_are_noted(made: dict) -> None:
    root, folder = made["root"], made["folder"]
    written = {path for path in root.rglob("*") if path.is_file()} - made["before"]
    assert {path.relative_to(root).parts[:2] for path in written} == {("data", "restricted"), ("data", "processed")}
    lines = [json.loads(line) for line in (folder / "audit.jsonl").read_text(encoding="utf-8").splitlines()]
    models = ["proactive_care by default", "proactive_care by needier", "rising_risk by default", *COHORTS]
    assert [(line["kind"], line["model"], line["earlier"]) for line in lines] == [
        ("caseload" if " by " in model else "cohort", model, 0) for model in models
    ]
    if os.name == "posix":
        for path in (folder, *folder.rglob("*")):
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path.name


def test_no_identifier_is_said_or_stands_beside_the_lists(made: dict) -> None:
    assert not [one for one in made["outcomes"] if INVENTED in one.out + one.err]
    beside = [path for path in made["folder"].rglob("*") if path.suffix in (".txt", ".jsonl")]
    assert len(beside) == len(CASELOADS) + len(COHORTS) + 1
    assert not [path for path in beside if INVENTED in path.read_text(encoding="utf-8")]
