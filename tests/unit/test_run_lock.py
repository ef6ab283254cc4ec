"""One run at a time, and whoever comes second is told who holds the project."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.reports.run_lock import HOLDER, only_run

pytestmark = pytest.mark.unit
SINCE = "2026-07-01 02:00 UTC"


def test_a_second_run_is_told_who_holds_the_project(tmp_path: Path) -> None:
    told = rf"^report: another run is making reports: process {os.getpid()} of \S+ on \S+, since {SINCE}\. Wait"
    with only_run(tmp_path, SINCE), pytest.raises(PcnAnalysisError, match=told), only_run(tmp_path, SINCE):
        pytest.fail("two runs at once")


def test_it_is_free_again_however_a_run_ends(tmp_path: Path) -> None:
    with pytest.raises(KeyError), only_run(tmp_path, SINCE):
        raise KeyError
    with only_run(tmp_path, SINCE):
        assert (tmp_path / HOLDER).exists()
    assert not (tmp_path / HOLDER).exists()


@pytest.mark.parametrize("left", ["", "{}", "[1]", "\0", '{"process": 1}'])
def test_what_a_killed_run_left_does_not_matter(tmp_path: Path, left: str) -> None:
    (tmp_path / HOLDER).write_text(left)
    with only_run(tmp_path, SINCE):
        (tmp_path / HOLDER).write_text(left)
        with pytest.raises(PcnAnalysisError, match=re.escape("report: another run is making reports. Wait")):
            only_run(tmp_path, SINCE).__enter__()


def test_only_the_owner_can_read_who_holds_it(tmp_path: Path) -> None:
    with only_run(tmp_path / "restricted", SINCE):
        assert (tmp_path / "restricted").stat().st_mode & 0o077 == 0
