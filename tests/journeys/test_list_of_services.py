"""Lists of open gaps of a service from the command line: under restricted alone, and as many as are counted."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pandas as pd
import pytest
from test_bad_input import new_project, run

from pcn_analysis.population import load_population
from pcn_analysis.prepared import save_place
from pcn_analysis.release.list_kinds import NOTE, SERVICE
from pcn_analysis.services.work import gaps
from pcn_analysis.synthetic.place import invent_place

pytestmark = pytest.mark.journey

NETWORK, INVENTED = "U00005", "SYN-"
ONE = ("--place", "synthetic", "--pcn", NETWORK)
SERVICES = ("neighbourhood_inequalities", "structured_medication_reviews")
EARLIER = "2022/23"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Lists of two services, and of one of them by the rules of an earlier contract year."""
    root = new_project(tmp_path_factory.mktemp("services") / "root")
    save_place(invent_place(), root / "data" / "processed")
    before = {path for path in root.rglob("*") if path.is_file()}
    outcomes = [run(root, "list", "--of", "service", "--service", name, *ONE) for name in SERVICES]
    outcomes.append(run(root, "list", "--of", "service", "--service", SERVICES[0], "--contract-year", EARLIER, *ONE))
    return {"root": root, "before": before, "outcomes": outcomes, "folder": root / "data" / "restricted" / "lists"}


def folders(made: dict) -> dict[str, Path]:
    names = (*SERVICES, f"{SERVICES[0]}_2022_23")
    return {name: made["folder"].joinpath("synthetic", "services", name, NETWORK) for name in names}


def rows_of(folder: Path) -> pd.DataFrame:
    return pd.concat([pd.read_csv(path, dtype="str", keep_default_na=False) for path in sorted(folder.glob("*.csv"))])


def practices() -> list[str]:
    frame = invent_place().tables["practices"].frame
    return sorted(frame.loc[frame["pcn_code"] == NETWORK, "practice_code"])


def test_each_practice_has_a_file_of_each_service_and_year(made: dict) -> None:
    assert [one.code for one in made["outcomes"]] == [0] * 3, [one.err for one in made["outcomes"]]
    for name, folder in folders(made).items():
        files = [path.name for path in sorted(folder.glob("*.csv"))]
        assert files == [f"SYNTHETIC_PEOPLE_service_{name}_{code}_2026-07-01.csv" for code in practices()]
        assert (folder / "README.txt").read_text(encoding="utf-8").startswith("Lists of open care gaps")


def test_a_row_is_a_person_with_what_is_open_when_it_is_due_and_what_would_close_it(made: dict) -> None:
    for folder in folders(made).values():
        rows = rows_of(folder)
        assert list(rows) == [*SERVICE.columns, "note"]
        assert set(rows["note"]) == {NOTE}
        assert set(rows["synthetic"]) == {"True"}
        assert rows["person_id"].is_unique
        assert rows["person_id"].str.startswith(f"{INVENTED}{NETWORK}-").all()
        assert rows[["open_gaps", "due", "tasks", "roles"]].ne("").all(axis=None)
        assert rows["due"].str.fullmatch(r"now|\d{4}-\d\d-\d\d").all()


def test_counts_of_open_gaps_are_the_rows_of_the_lists(made: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(made["root"])
    population = load_population("synthetic", NETWORK, "synthetic")
    for name in SERVICES:
        listed = rows_of(folders(made)[name])["open_gaps"].str.split("; ")
        counted = gaps(population, services=[name]).frame.dropna(subset=["people"])
        assert counted["people"].sum() > 0
        for row in counted.itertuples():
            assert listed.map(lambda names, gap=row.gap: gap in names).sum() == row.people, row.gap


def test_lists_land_under_restricted_alone_for_their_owner_and_are_noted(made: dict) -> None:
    root, folder = made["root"], made["folder"]
    written = {path for path in root.rglob("*") if path.is_file()} - made["before"]
    assert {path.relative_to(root).parts[:2] for path in written} == {("data", "restricted"), ("data", "processed")}
    assert not (root / "reports").exists() or not list((root / "reports").rglob("*.csv"))
    lines = [json.loads(line) for line in (folder / "audit.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(line["kind"], line["model"]) for line in lines] == [
        ("service", name) for name in (*SERVICES, f"{SERVICES[0]} {EARLIER}")
    ]
    if os.name == "posix":
        for path in (folder, *folder.rglob("*")):
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path.name


def test_no_identifier_is_said_or_stands_beside_the_lists(made: dict) -> None:
    assert not [one for one in made["outcomes"] if INVENTED in one.out + one.err]
    beside = [path for path in made["folder"].rglob("*") if path.suffix in (".txt", ".jsonl")]
    assert not [path for path in beside if INVENTED in path.read_text(encoding="utf-8")]


def test_a_service_or_year_that_there_is_not_is_refused_with_what_there_is(made: dict) -> None:
    unknown = run(made["root"], "list", "--of", "service", "--service", "care-homes", *ONE)
    assert (unknown.code, unknown.err) == (
        2,
        "Error: service: there is none called care-homes. Did you mean care_homes?\n",
    )
    nothing = run(made["root"], "list", "--of", "service", *ONE)
    assert nothing.code == 2
    assert "--service: nothing says which service" in nothing.err
    year = run(made["root"], "list", "--of", "service", "--service", "care_homes", "--contract-year", "2019", *ONE)
    assert year.code == 2
    assert "contract_year: 2019 is none." in year.err
