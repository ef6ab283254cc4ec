"""What a run was: one file a run, beside the ledger, from which somebody else can tell what was made from what."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import platform
import subprocess
import time
from collections import Counter
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from pcn_analysis.kernels.identity import PACKAGE
from pcn_analysis.prepared import prepared_facts
from pcn_analysis.reports import ledger
from pcn_analysis.reports.effort import now
from pcn_analysis.reports.jobs import libraries, package_hash
from pcn_analysis.stored import replacing_file

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from pcn_analysis.reports.ledger import Entry
    from pcn_analysis.settings import Settings

FOLDER = "runs"
"""Folder of the manifests under ``reports/``."""
RUNNING, ENDED, STOPPED = "running", "ended", "stopped"
"""What a manifest says of its run; one that says that it is running, while none is, was killed."""


class Manifest:
    """The manifest of one run, written when it begins and again when it ends.

    It names no machine, no user and no folder outside the project: everything under ``reports/`` may be published.

    Parameters
    ----------
    settings
        Where things are.
    asked
        What the run was asked for.
    places
        Folders of the places that it is about.
    """

    def __init__(self, settings: Settings, asked: Mapping[str, Any], places: Collection[str]):
        self.settings, self.run_id, self.begun = settings, new_run_id(), time.monotonic()
        self.facts: dict[str, Any] = {
            "run": self.run_id,
            "status": RUNNING,
            "started": now(),
            "asked": dict(asked),
            "package": {"version": version("pcn-analysis"), "sha256": package_hash(), **_revision()},
            "environment": {
                "python": platform.python_version(),
                "system": platform.system(),
                "libraries": len(libraries()) - 1,
                "sha256": hashlib.sha256("\0".join(libraries()).encode()).hexdigest(),
            },
            "places": {slug: _place(settings.processed / slug) for slug in sorted(places)},
        }
        self._write()

    def end(self, entries: Sequence[Entry], left: int = 0, *, stopped: bool = False) -> Path:
        """Write what became of the run.

        Parameters
        ----------
        entries
            What the ledger says of each of its pages.
        left
            Pages that were not begun.
        stopped
            Whether somebody stopped it.
        """
        known = [entry.peak_mb for entry in entries if entry.peak_mb is not None]
        computed = [entry.cpu_seconds for entry in entries if entry.cpu_seconds is not None]
        self.facts |= {
            "status": STOPPED if stopped else ENDED,
            "finished": now(),
            "seconds": round(time.monotonic() - self.begun),
            "pages": {**_counted(entry.status for entry in entries), "not begun": left},
            "kernels": _counted(entry.kernel for entry in entries if entry.kernel),
            "peak_mb": max(known, default=None),
            "cpu_seconds": round(sum(computed), 1) if computed else None,
            "failed": [
                {
                    **dict(zip(("place", "pcn_code", "report"), entry.page, strict=True)),
                    "error": entry.error,
                    "error_class": entry.error_class,
                    "cell": entry.cell,
                }
                for entry in entries
                if entry.status == ledger.FAILED
            ],
        }
        return self._write()

    def _write(self) -> Path:
        target = self.settings.reports / FOLDER / f"{self.run_id}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing_file(target) as aside:
            aside.write_text(json.dumps(self.facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return target


def new_run_id() -> str:
    """Name of a run, from the time to a millionth of a second."""
    return f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S%f}"


def _counted(words: Any) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))


def _place(folder: Path) -> dict[str, Any]:
    """Date, vintage and fingerprints of a place, and the published files that it was made from with their hashes.

    What a delivery of records of people was called is nobody's business outside.
    """
    facts = prepared_facts(folder)
    files = {
        source.get("file", source.get("title", "")): source.get("sha256", "")
        for table in facts.get("tables", {}).values()
        for source in table.get("sources", [])
        if source.get("kind") != "records"
    }
    named = {name: facts.get(name) for name in ("name", "vintage", "index_date", "synthetic", "fingerprint")}
    return {**named, "files": dict(sorted(files.items()))}


def _revision() -> dict[str, Any]:
    """The commit that the package is of, and whether it has been changed since; null where Git does not say."""
    told = {"commit": ("rev-parse", "HEAD"), "changes": ("status", "--porcelain", "--untracked-files=no", ".")}
    said = {name: _git(*words) for name, words in told.items()}
    return {"commit": said["commit"], "dirty": None if said["changes"] is None else bool(said["changes"])}


def _git(*words: str) -> str | None:
    command = ["git", "-C", str(PACKAGE), *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
