"""What a report costs beside its own work: papermill's command, its API, and a run with forked kernels.

Each way makes the same reports of open data in processes of its own, whose processor time is summed by the system,
kernels included. A run begins with imports and a parent of its kernels, so what each further report costs is told as
well: the reports of all networks less those of one. The work of the notebooks themselves is what their cells take in a
process that has imported everything and runs them for the second time.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from pcn_analysis.place import Place
from pcn_analysis.prepared import save_place
from pcn_analysis.reports.catalogue import find_report
from pcn_analysis.settings import ROOT_VARIABLE, Settings

NOTEBOOKS = ("01", "04", "13")
NETWORKS = 5
HERE = Path(__file__).resolve()


@dataclass(frozen=True)
class Cost:
    """Processor and wall seconds of some reports."""

    cpu: float
    wall: float

    def less(self, other: Cost, reports: int) -> Cost:
        """What each of so many reports took that the other did not make."""
        return Cost((self.cpu - other.cpu) / reports, (self.wall - other.wall) / reports)


def with_reports(place: Place) -> None:
    """Print the cost of a report made in each way, and how much of it is the notebook's own work."""
    with tempfile.TemporaryDirectory() as folder:
        settings = _project(Path(folder), place)
        codes = place.networks()["pcn_code"].to_list()[:NETWORKS]
        reports = len(codes) * len(NOTEBOOKS)
        ways: dict[str, Callable[[list[str]], list[list[str]]]] = {
            "papermill's command, one a report": partial(_commands, settings),
            "papermill's API, one process": partial(_ourselves, "api", settings),
            "a run, ordinary kernels, one job": partial(_ourselves, "ordinary", settings),
            "a run, forked kernels, one job": partial(_ourselves, "forked", settings),
            "a run, forked kernels, two jobs": partial(_ourselves, "two", settings),
        }
        own = _own_work(settings, codes) / reports
        every = {name: _cost(way(codes), settings) for name, way in ways.items()}
        first = {name: _cost(way(codes[:1]), settings) for name, way in ways.items()}
    each = {name: cost.less(Cost(0, 0), reports) for name, cost in every.items()}
    further = {name: cost.less(first[name], reports - len(NOTEBOOKS)) for name, cost in every.items()}
    stock = each["papermill's command, one a report"]
    for name, cost in each.items():
        beyond = further[name].cpu / own - 1
        print(
            f"{name:<36} {cost.cpu:6.2f} CPU s a report, {cost.wall:6.2f} s; stock / this: CPU "
            f"{stock.cpu / cost.cpu:5.2f}, wall {stock.wall / cost.wall:5.2f}; each further report "
            f"{further[name].cpu:5.2f} CPU s, {further[name].wall:5.2f} s, beyond own work {beyond:5.0%}"
        )
    print(f"{'cells of the notebooks by themselves':<36} {own:6.2f} CPU s a report")


def _project(root: Path, place: Place) -> Settings:
    """A project of its own with the real notebooks and one place."""
    (root / "notebooks").symlink_to(HERE.parents[1] / "notebooks")
    settings = Settings(root)
    for folder in (settings.processed, settings.restricted, settings.reports):
        folder.mkdir(parents=True)
    save_place(place, settings.processed)
    return settings


def _commands(settings: Settings, codes: list[str]) -> list[list[str]]:
    """One command line a report, as papermill is used without a runner."""
    [place] = [path.name for path in settings.processed.iterdir()]
    return [
        [
            *(sys.executable, "-m", "papermill", "--no-progress-bar"),
            str(find_report(notebook).notebook(settings.notebooks)),
            str(settings.root / f"{code}_{notebook}.ipynb"),
            *("-k", "python3", "-r", "place", place, "-r", "pcn_code", code),
        ]
        for code in codes
        for notebook in NOTEBOOKS
    ]


def _ourselves(way: str, settings: Settings, codes: list[str]) -> list[list[str]]:
    return [[sys.executable, str(HERE), way, str(settings.root), *codes]]


def _cost(commands: list[list[str]], settings: Settings) -> Cost:
    """Run command lines and ask the system what they took, everything that they started included."""
    begun, cpu = time.perf_counter(), 0.0
    for command in commands:
        process = subprocess.Popen(
            command,
            cwd=settings.root,
            env={**os.environ, ROOT_VARIABLE: str(settings.root)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"{' '.join(command[:4])} ended with {status}")
        cpu += used.ru_utime + used.ru_stime
    return Cost(cpu, time.perf_counter() - begun)


def _own_work(settings: Settings, codes: list[str]) -> float:
    """Processor seconds of the cells of every report, the second time that they are run in one process."""
    done = subprocess.run(
        [sys.executable, str(HERE), "cells", str(settings.root), *codes],
        cwd=settings.root,
        env={**os.environ, ROOT_VARIABLE: str(settings.root)},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.splitlines()[-1])


# -- what each process does --------------------------------------------------------------------------------


def _cells(settings: Settings, codes: list[str]) -> None:
    import matplotlib as mpl
    from IPython.core.interactiveshell import InteractiveShell

    mpl.use("agg")
    [place] = [path.name for path in settings.processed.iterdir()]
    shell = InteractiveShell.instance()

    def once() -> float:
        begun = time.process_time()
        for code in codes:
            for notebook in NOTEBOOKS:
                _run_cells(shell, settings, notebook, place, code)
        return time.process_time() - begun

    with redirect_stdout(io.StringIO()):
        once()
        taken = once()
    print(taken)


def _run_cells(shell: Any, settings: Settings, notebook: str, place: str, code: str) -> None:
    path = find_report(notebook).notebook(settings.notebooks)
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            shell.run_cell("".join(cell["source"])).raise_error()
            if "parameters" in cell["metadata"].get("tags", []):
                shell.run_cell(f"place, pcn_code = {place!r}, {code!r}")


def _api(settings: Settings, codes: list[str]) -> None:
    import papermill

    [place] = [path.name for path in settings.processed.iterdir()]
    for code in codes:
        for notebook in NOTEBOOKS:
            papermill.execute_notebook(
                find_report(notebook).notebook(settings.notebooks),
                settings.root / f"{code}_{notebook}.ipynb",
                parameters={"place": place, "pcn_code": code},
                kernel_name="python3",
                progress_bar=False,
            )


def _run(settings: Settings, codes: list[str]) -> None:
    from pcn_analysis.reports.planning import choose_places, plan
    from pcn_analysis.reports.runner import run

    places = choose_places(settings.processed, None)
    entries = run(plan(settings, places, codes, NOTEBOOKS).jobs, settings, force=True)
    if len(entries) != len(codes) * len(NOTEBOOKS) or any(entry.status != "ok" for entry in entries):
        sys.exit("not every report was made")


def main() -> None:
    way, root, *codes = sys.argv[1:]
    settings = replace(Settings(Path(root)), jobs=2 if way == "two" else 1)
    settings = replace(settings, kernels="ordinary" if way == "ordinary" else "forked")
    {"cells": _cells, "api": _api}.get(way, _run)(settings, codes)


if __name__ == "__main__":
    main()
