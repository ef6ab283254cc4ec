"""Every local authority of England is prepared in one go, from published files as small as can be."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from test_bad_input import Outcome, new_project, run

from pcn_analysis.network.place_null import kept_held
from pcn_analysis.prepared import load_place
from tests import miniature

pytestmark = pytest.mark.journey

PLACES = ["northfield-2026-07", "southmere-2026-07"]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return miniature.write_area_facts(miniature.write_open_data(tmp_path / "files"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return new_project(tmp_path / "root")


def every_place(root: Path, files: Path, *more: str) -> Outcome:
    return run(root, "prepare", "--every-place", "--jobs", "1", "--open-data", files, *more)


def tree(root: Path) -> dict[str, bytes]:
    folder = root / "data" / "processed"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_place_is_what_it_is_when_prepared_alone(root: Path, files: Path, tmp_path: Path) -> None:
    done = every_place(root, files)
    assert done.code == 0, done.err
    assert done.out.startswith("2 places prepared, 0 up to date, 0 failed")
    assert [line.split(" (")[0] for line in done.err.splitlines()[2:]] == [
        "1/2 Northfield: prepared, 2 networks, 4 practices, 10,400 patients, in data/processed/northfield-2026-07",
        "2/2 Southmere: prepared, 2 networks, 2 practices, 5,200 patients, in data/processed/southmere-2026-07",
    ]
    alone = new_project(tmp_path / "alone")
    for name in ("Northfield", "Southmere"):
        assert run(alone, "prepare", "--place", name, "--open-data", files).code == 0
    assert tree(root) == tree(alone)
    processed = root / "data" / "processed"
    assert all(kept_held(load_place(processed / slug), processed) is not None for slug in PLACES)


def test_a_run_that_was_stopped_goes_on_where_it_was(root: Path, files: Path) -> None:
    assert every_place(root, files).code == 0
    whole = tree(root)
    shutil.rmtree(root / "data" / "processed" / PLACES[1])
    (root / "data" / "processed" / "network_plans" / PLACES[0] / "today.json").unlink()
    again = every_place(root, files)
    assert again.out.startswith("2 places prepared, 0 up to date, 0 failed")
    assert tree(root) == whole
    third = every_place(root, files)
    assert third.out.startswith("0 places prepared, 2 up to date, 0 failed")
    assert tree(root) == whole


def test_another_file_or_a_damaged_place_is_prepared_again(root: Path, files: Path) -> None:
    assert every_place(root, files).code == 0
    table = root / "data" / "processed" / PLACES[0] / "areas.parquet"
    table.write_bytes(table.read_bytes()[:-9])
    assert every_place(root, files).out.startswith("1 place prepared, 1 up to date, 0 failed")
    prevalence = files / miniature.PREVALENCE
    prevalence.write_bytes(prevalence.read_bytes() + b"\n")
    assert every_place(root, files).out.startswith("2 places prepared, 0 up to date, 0 failed")


def test_a_place_that_cannot_be_prepared_stops_no_other_and_is_named(root: Path, files: Path) -> None:
    members = miniature.membership_2026()
    without = members[members["PRACTICE_CODE"] != "A90006"]
    miniature.write_zip(files / miniature.MAP, "gp-reg-pat-prac-map.csv", without)
    done = every_place(root, files)
    assert done.code == 1
    assert done.out.startswith("1 place prepared, 0 up to date, 1 failed")
    [failed] = [line for line in done.err.splitlines() if line.startswith("Failed: ")]
    assert failed.startswith("Failed: Southmere: ")
    assert "--allow-unmapped" in failed
    assert [path.parent.name for path in (root / "data" / "processed").glob("*/place.json")] == [PLACES[0]]
    assert every_place(root, files, "--allow-unmapped").code == 0


def test_several_at_once_make_the_same(root: Path, files: Path, tmp_path: Path) -> None:
    other = new_project(tmp_path / "other")
    assert every_place(root, files).code == 0
    assert run(other, "prepare", "--every-place", "--jobs", "2", "--open-data", files).code == 0
    assert tree(root) == tree(other)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--every-place", "--place", "Wirral"), "--place: is one of every place"),
        (("--every-place", "--synthetic"), "--synthetic: invents its own place"),
        (("--place", "Wirral", "--jobs", "2"), "--jobs: has no effect on one place"),
        (("--every-place", "--vintage", "2020-01"), "there is no vintage '2020-01'"),
    ],
)
def test_what_does_not_go_together_is_refused(root: Path, words: tuple[str, ...], said: str) -> None:
    done = run(root, "prepare", *words)
    assert done.code == 2
    assert said in done.err
    assert tree(root) == {}
