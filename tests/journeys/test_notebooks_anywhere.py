"""The notebooks show the same in any time zone, with any hash seed and any number of threads."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pcn_analysis.settings import ROOT_VARIABLE, Settings
from tests.conftest import command, made_once

pytestmark = [pytest.mark.journey, pytest.mark.slow]

SETTINGS = {  # and so many threads
    "as in London, one": {"TZ": "Europe/London", "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"},
    "a day ahead, two": {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "2"},
    "half an hour off, four": {
        "TZ": "America/St_Johns",
        "PYTHONHASHSEED": "4294967295",
        "OMP_NUM_THREADS": "4",
    },
}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A project with the people whom the notebooks are about by default."""

    def make(made: Settings) -> None:
        assert command("prepare", "--synthetic", root=made.root).returncode == 0
        asked = ("report", "--place", "synthetic", "--pcn", "U00001", "--notebook", "02", "--notebook", "03")
        assert command(*asked, root=made.root).returncode == 0

    return made_once("anywhere", make, tmp_path_factory)


@pytest.mark.parametrize("where", list(SETTINGS))
def test_notebooks_show_what_is_committed(prepared: Settings, where: str) -> None:
    """Every compared output, under settings that change clocks, the order of sets and sums of floats."""
    notebooks = sorted(str(path) for path in prepared.notebooks.glob("*.ipynb"))
    set_ = SETTINGS[where] | {"OPENBLAS_NUM_THREADS": SETTINGS[where]["OMP_NUM_THREADS"]}
    options = ["-o", "addopts=", "-q", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--nbval-cell-timeout=600", *notebooks],
        cwd=prepared.root,
        env={**os.environ, **set_, ROOT_VARIABLE: str(prepared.root), "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > 10 * len(notebooks) * 0.8
    assert not re.search(r"\d+ (failed|xfailed|xpassed|error)", done.stdout)
