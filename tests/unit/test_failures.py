"""What failed is kept for the owner alone and told without a value; what runs left is cleared away."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from pcn_analysis.exceptions import problem
from pcn_analysis.reports.failures import clear_leftovers, said_safely, work_folder
from pcn_analysis.settings import Settings

pytestmark = pytest.mark.unit

SECRET = "POISON-NHS-9434765919"


class CellError(Exception):
    """As papermill raises it."""

    def __init__(self, ename: str, evalue: str):
        self.ename, self.evalue, self.exec_count = ename, evalue, 3


def kept(restricted: Path) -> list[str]:
    return sorted(path.name for path in (restricted / "failed").iterdir())


def test_a_failure_is_kept_with_its_traceback_until_the_next_time(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=SECRET), work_folder(tmp_path, "page") as work:
        raise ValueError(SECRET)
    assert kept(tmp_path) == [work.name]
    assert SECRET in (work / "traceback.txt").read_text(encoding="utf-8")
    with work_folder(tmp_path, "page"):
        pass
    assert kept(tmp_path) == []


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_a_stop_leaves_nothing(tmp_path: Path, stop: type[BaseException]) -> None:
    def stopped() -> None:
        with work_folder(tmp_path, "page") as work:
            (work / "page.ipynb").write_text("half", encoding="utf-8")
            raise stop

    with pytest.raises(stop):
        stopped()
    assert kept(tmp_path) == []


def test_a_folder_that_another_run_works_in_is_left_alone(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    with work_folder(settings.restricted, "page") as first:
        with work_folder(settings.restricted, "page") as second:
            assert first.is_dir()
            assert second != first
        clear_leftovers(settings)
        assert first.is_dir()
    assert kept(settings.restricted) == []


def test_what_killed_runs_left_is_cleared_and_failures_are_kept(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    people = settings.processed / "people" / "place" / "synthetic"
    (people / ".pcn_code=U00001.4242").mkdir(parents=True)
    (settings.restricted / "failed" / "page.0123abcd").mkdir(parents=True)
    with pytest.raises(ValueError, match="x"), work_folder(settings.restricted, "other") as failed:
        raise ValueError("x")
    clear_leftovers(settings)
    assert list(people.iterdir()) == []
    assert kept(settings.restricted) == [failed.name]


@pytest.mark.skipif(os.name != "posix", reason="Windows has other rights")
def test_what_others_could_read_is_closed(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    for folder in (settings.processed / "people" / "place", settings.restricted / "failed" / "page.0123abcd"):
        folder.mkdir(parents=True)
        (folder / "traceback.txt").touch(mode=0o644)
    clear_leftovers(settings)
    for top in (settings.processed / "people", settings.restricted):
        for path in (top, *top.rglob("*")):
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path.name


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, SECRET, f"/data/{SECRET}"), f"OSError: {os.strerror(errno.ENOSPC)}"),
        (PermissionError(errno.EACCES, "x", SECRET), f"PermissionError: {os.strerror(errno.EACCES)}"),
        (OSError(SECRET), "OSError"),
        (ValueError(SECRET), "ValueError"),
        (problem("practices", "2 rows", "Fill."), "PcnAnalysisError: practices: 2 rows. Fill."),
        (
            CellError("OSError", f"[Errno {errno.ENOSPC}] No: '{SECRET}'"),
            f"OSError in cell 3: {os.strerror(errno.ENOSPC)}",
        ),
        (CellError("KeyError", SECRET), "KeyError in cell 3"),
    ],
)
def test_what_is_said_names_the_reason_of_the_system_and_no_value(error: Exception, said: str) -> None:
    assert said_safely(error) == said
    assert SECRET not in said
