"""Lists of segments from the command line: everyone with why and what would move them, and nobody gets out."""

from __future__ import annotations

import base64
import json
import os
import re
import stat
from pathlib import Path

import pandas as pd
import pytest
from test_bad_input import Outcome, new_project, run

from pcn_analysis.prepared import save_place
from pcn_analysis.segmentation.models import find_model
from pcn_analysis.synthetic.place import invent_place

pytestmark = pytest.mark.journey

NETWORK = "U00005"
ONE = ("--place", "synthetic", "--pcn", NETWORK)
INVENTED = "SYN-"
"""What the pseudonyms of invented people begin with."""
MODELS = ("system_p", "snee")
PER_PRACTICE = 2
"""Of how many people of each practice it is asked what would move them."""


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype="str", keep_default_na=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Lists by two models, then by the first again with what would move a few, one of whom is nowhere; and a page."""
    root = new_project(tmp_path_factory.mktemp("lists") / "root")
    save_place(invent_place(), root / "data" / "processed")
    before = {path for path in root.rglob("*") if path.is_file()}
    first, other = (run(root, "list", "--of", "segments", *ONE, "--model", model) for model in MODELS)
    folder = root / "data" / "restricted" / "lists"
    plain = {path: path.read_bytes() for path in folder.rglob("*.csv")}
    some = [read(path).head(PER_PRACTICE)["person_id"] for path in plain if "system_p" in path.parts]
    asked = folder.parent / "asked.csv"
    pd.concat([*some, pd.Series([f"{INVENTED}elsewhere"], name="person_id")]).to_csv(asked, index=False)
    again = run(root, "list", "--of", "segments", *ONE, "--model", "system_p", "--what-would-move", asked)
    report = run(root, "report", *ONE, "--notebook", "02")
    return {"root": root, "before": before, "folder": folder, "plain": plain, "asked": pd.concat(some).to_list(),
            "outcomes": [first, other, again, report]}  # fmt: skip


def lists(made: dict, model: str) -> list[Path]:
    return sorted((made["folder"] / "synthetic" / "segments" / model / NETWORK).glob("*.csv"))


def practices() -> list[str]:
    frame = invent_place().tables["practices"].frame
    return sorted(frame.loc[frame["pcn_code"] == NETWORK, "practice_code"])


def test_each_practice_has_a_list_by_each_model_and_they_live_side_by_side(made: dict) -> None:
    expected = len(practices())
    assert [one.code for one in made["outcomes"]] == [0] * 4, [one.err for one in made["outcomes"]]
    for outcome in made["outcomes"][:3]:
        assert f"{expected} lists written, in data/restricted/lists\n" in outcome.out
        assert "A list is not a diagnosis, and not to be published." in outcome.out
    for model in MODELS:
        names = [f"SYNTHETIC_PEOPLE_segments_{model}_{code}_2026-07-01.csv" for code in practices()]
        assert [path.name for path in lists(made, model)] == names
    assert sorted(made["folder"].rglob("*.csv")) == sorted(path for model in MODELS for path in lists(made, model))
    assert not list(made["folder"].rglob("earlier"))


def test_everyone_is_on_the_list_of_their_practice_once_with_a_segment_of_the_model(made: dict) -> None:
    listed = {}
    for model in MODELS:
        rows = pd.concat([read(path) for path in lists(made, model)])
        assert rows["person_id"].is_unique
        assert rows["person_id"].str.startswith(f"{INVENTED}{NETWORK}-").all()
        assert set(rows["synthetic"]) == {"True"}
        chosen = find_model(model)
        names = {*(segment.name for segment in chosen.ordered()), "None of those assessed", chosen.remainder}
        assert set(rows["segment"]) <= {*names, chosen.others}
        elements = {element.name for _, element in chosen.elements()}
        told = rows.loc[rows["segment"].isin({segment.name for segment in chosen.ordered()}), "reasons"]
        first = told.str.split("; ").str[0].str.replace(r" \(\d{4}-\d\d-\d\d\)$", "", regex=True)
        assert set(first) <= elements, "everyone in a segment has an element that they meet"
        listed[model] = set(rows["person_id"])
    assert listed["system_p"] == listed["snee"]
    assert len(listed["snee"]) > 1000


def test_what_would_move_is_told_of_those_asked_for_alone_and_changes_nothing_else(made: dict) -> None:
    for path in lists(made, "system_p"):
        rows, plain = read(path), made["plain"][path].decode("utf-8")
        asked = rows["person_id"].isin(made["asked"])
        assert asked.sum() == PER_PRACTICE
        assert rows.loc[asked, "would_move"].ne("").all()
        assert rows.loc[~asked, "would_move"].eq("").all()
        assert rows.drop(columns="would_move").to_csv(index=False, lineterminator="\n") == plain
    assert any("to " in text for path in lists(made, "system_p") for text in read(path)["would_move"])
    assert "In none of these networks: 1 person asked for." in made["outcomes"][2].out
    assert all(path.read_bytes() == made["plain"][path] for path in lists(made, "snee"))


def test_files_land_under_restricted_alone_for_their_owner_and_are_noted(made: dict) -> None:
    root, folder = made["root"], made["folder"]
    written = {path for path in root.rglob("*") if path.is_file()} - made["before"]
    elsewhere = {path.relative_to(root).parts[:2] for path in written} - {("data", "restricted"), ("data", "processed")}
    assert {top for top, *_ in elsewhere} == {"reports"}
    assert list((root / "data" / "restricted" / "failed").iterdir()) == []
    lines = [json.loads(line) for line in (folder / "audit.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(line["kind"], line["model"], line["earlier"]) for line in lines] == [
        ("segments", model, 0) for model in ("system_p", "snee", "system_p")
    ]
    for path in lists(made, "system_p"):
        assert lines[2]["files"][path.name]["rows"] == len(read(path))
    if os.name == "posix":
        for path in (folder, *folder.rglob("*")):
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path.name


def test_no_identifier_is_said_nor_lies_in_anything_but_lists_and_prepared_people(made: dict) -> None:
    def held(path: Path) -> str:
        text = path.read_bytes().decode("utf-8", "replace")
        inside = re.findall(r"text/csv;base64,([\w+/=]+)", text)
        return "\n".join([path.name, text, *(base64.b64decode(one).decode("utf-8") for one in inside)])

    outcomes: list[Outcome] = made["outcomes"]
    assert not [one for one in outcomes if INVENTED in one.out + one.err]
    reports = [path for path in (made["root"] / "reports").rglob("*") if path.is_file()]
    assert any(path.suffix == ".html" and NETWORK in path.parts for path in reports)
    assert not [path.name for path in reports if INVENTED in held(path) or "segments_system_p" in path.name]
    beside = [path for path in made["folder"].rglob("*") if path.is_file() and path.suffix not in (".csv", ".xlsx")]
    assert {path.name for path in beside} == {"README.txt", "audit.jsonl"}
    assert not [path.name for path in beside if INVENTED in held(path)]
