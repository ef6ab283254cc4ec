"""A small project whose runs can be stopped at a known moment, and the state in which they leave it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from pcn_analysis.prepared import save_place
from pcn_analysis.reports import ledger
from pcn_analysis.reports.reference import KEPT_METADATA
from pcn_analysis.settings import ROOT_VARIABLE, Settings
from pcn_analysis.sources.local_authority import prepare_place
from tests import miniature

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE = "northfield-2026-07"
OPEN, PEOPLE = ("01_population_profile", "04_network_footprint"), "02_segmentation"
HELD = "04_network_footprint"
"""The notebook that waits at a gate, and that can be told to misbehave."""
ASKED = ("report", "--place", PLACE, "--notebook", "01", "--notebook", "02", "--notebook", "04", "--jobs", "2")
WITH_PEOPLE = ("--with-synthetic-people",)

PARAMETERS = 'place: str = "synthetic"  # a place\npcn_code: str = "U00001"  # a network'
PEOPLE_TOO = f'{PARAMETERS}\npeople: str = "synthetic"  # whose records'
GATE = """
import os, time
from pathlib import Path
Path(f"reached_{pcn_code}").write_text(str(os.getpid()))
while not Path("open").exists():
    time.sleep(0.02)
if Path(f"misbehave_{pcn_code}.py").exists():
    exec(Path(f"misbehave_{pcn_code}.py").read_text())
"""
READING = """
from pcn_analysis import show_reading
show_reading(f"A page on {pcn_code}.")
"""
TABLE = """
import datetime as dt
import pandas as pd
from pcn_analysis import release, show_table
from pcn_analysis.provenance import About, Counted, Provenance, SourcedTable
frame = pd.DataFrame({"group": ["everyone"], "patients": [int(pcn_code[1:]) % 900 + 100]})
table = SourcedTable(frame, Provenance((), people=True, synthetic=True), counts=("patients",),
                     about=About(pcn_code, place, "England", dt.date(2026, 7, 1), "2026-07"),
                     counted={"patients": Counted(by=("group",))})
show_table(release(table), {"group": "Group", "patients": "People"}, caption="People by group")
"""


def lay_out(settings: Settings, files: Path) -> None:
    """Make a project of a small place, with quick notebooks under the names of real ones."""
    save_place(prepare_place("Northfield", miniature.write_open_data(files), "2026-07"), settings.processed)
    _write(settings, OPEN[0], PARAMETERS, READING)
    _write(settings, HELD, PARAMETERS, GATE, READING)
    _write(settings, PEOPLE, PEOPLE_TOO, TABLE)


def _write(settings: Settings, name: str, parameters: str, *code: str) -> None:
    cells = [new_markdown_cell(f"# {name}"), new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    cells += [new_code_cell(one) for one in code]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    notebook = new_notebook(cells=cells, metadata=KEPT_METADATA)
    nbformat.write(notebook, settings.notebooks / f"{name}.ipynb")


@dataclass
class Run:
    """A run that is going on."""

    root: Path
    process: subprocess.Popen[str]

    def reached(self, network: str, seconds: float = 120) -> int:
        """Wait until the notebook that is held has reached its gate for a network; the process of its kernel."""
        path, end = self.root / f"reached_{network}", time.monotonic() + seconds
        while not (path.exists() and path.read_text().strip()):
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < end, "the gate was not reached"
            time.sleep(0.02)
        return int(path.read_text())

    def ended(self, seconds: float = 300) -> tuple[int, str, str]:
        """Wait for the end; the exit code and what was said."""
        out, err = self.process.communicate(timeout=seconds)
        return self.process.returncode, out, err


def started(root: Path, *more: str) -> Run:
    """Start a run as a person, or a schedule, does."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pcn_analysis", *ASKED, *WITH_PEOPLE, *more],
        cwd=root,
        env={**os.environ, ROOT_VARIABLE: str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    return Run(root, process)


def open_gate(root: Path) -> None:
    """Let notebooks through that are held, now and later."""
    (root / "open").touch()


def whole(root: Path, *more: str) -> tuple[int, str, str]:
    """A run from beginning to end."""
    open_gate(root)
    return started(root, *more).ended()


def state(root: Path) -> dict[str, str]:
    """What is published and what is on record, by hash: of each file, page of the ledger, and release register.

    Left out is what says when and by which run something was made, how long it took and by how many kernels: the
    manifests of runs, and those fields of the ledger and of the registers.
    """
    reports = root / "reports"
    found = {f"reports/{path.relative_to(reports).as_posix()}": _hash(path.read_bytes()) for path in _files(reports)}
    for page, entry in ledger.latest(ledger.read(reports)).items():
        said = {name: value for name, value in asdict(entry).items() if name not in PASSING}
        found[f"ledger/{'/'.join(page)}"] = _hash(json.dumps(said, sort_keys=True).encode())
    for path in sorted((root / "data" / "restricted" / "released").rglob("*.jsonl")):
        told = sorted({json.dumps(_lasting(line), sort_keys=True) for line in path.read_text().splitlines()})
        found[f"released/{path.parent.name}/{path.name}"] = _hash("\n".join(told).encode())
    return found


PASSING = ("run", "started", "finished", "seconds", "kernel", "peak_mb", "cpu_seconds", "attempts")
"""What the ledger says of how a page was made, and not of the page."""


def _lasting(line: str) -> dict[str, Any]:
    return {name: value for name, value in json.loads(line).items() if name not in ("run", "released")}


def _files(reports: Path) -> Iterator[Path]:
    for path in sorted(reports.rglob("*")):
        if path.is_file() and path.name != ledger.FILE and path.parent.name != "runs":
            yield path


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
