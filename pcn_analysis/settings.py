"""Where the project's folders are, and the few choices a user makes once.

The project folder is ``PCN_ANALYSIS_ROOT`` where that is set, else the nearest folder at or above the
current one that holds ``notebooks/`` and ``data/processed/``. ``config/example.toml`` is a complete, valid
configuration; a copy named ``config/pcn_analysis.toml`` is read when it exists.
"""

from __future__ import annotations

import math
import os
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest, problem

ROOT_VARIABLE = "PCN_ANALYSIS_ROOT"
MODEL_FILES = (".yaml", ".yml")
"""How the name of a file with a model ends."""
KERNELS = ("auto", "forked", "ordinary")
WORDS = ("model", "kernels", "workers")
"""Entries that are no folders."""
SKILL_MIX = {"GP": 10, "clinical pharmacist": 15, "practice nurse": 15, "physiotherapist": 10, "care coordinator": 10}
"""Slots a month by professional where nothing else is set: as many as ``monthly_capacity``, our choice."""


@dataclass(frozen=True)
class Settings:
    """The folders of one project and how reports are run.

    Parameters
    ----------
    root
        The project folder; the other folders lie in it unless configured otherwise.
    raw, processed, restricted, reports, notebooks
        Where downloads, prepared tables, lists of people, reports and notebooks are.
    jobs
        How many notebooks run at once.
    workers
        Who runs them: a backend of joblib, ``loky`` for processes of this machine.
    cell_minutes
        Longest time that one cell of a notebook may take.
    kernels
        How kernels start: ``forked`` from a process that has imported the libraries, ``ordinary``, or ``auto``, forked
        on Linux and ordinary elsewhere. On Windows they are ordinary always.
    kernel_gigabytes
        Most memory that one kernel may have, on Linux; 0 is no limit.
    monthly_capacity
        How many assessments a proactive care team can do in a month.
    slots
        Slots a month of a network for its caseload, by professional.
    model
        The model of segments that reports show: the name of a published one, or the path of a file.
    """

    root: Path
    raw: Path = Path("data/raw")
    processed: Path = Path("data/processed")
    restricted: Path = Path("data/restricted")
    reports: Path = Path("reports")
    notebooks: Path = Path("notebooks")
    jobs: int = 2
    workers: str = "loky"
    cell_minutes: float = 10
    kernels: str = "auto"
    kernel_gigabytes: float = 8
    monthly_capacity: int = 60
    slots: dict[str, int] = field(default_factory=lambda: dict(SKILL_MIX), hash=False)
    model: str = "system_p"

    def __post_init__(self) -> None:
        for name in ("raw", "processed", "restricted", "reports", "notebooks"):
            object.__setattr__(self, name, self.root / getattr(self, name))
        if self.model.endswith(MODEL_FILES):
            object.__setattr__(self, "model", str(self.root / self.model))


def project_root(start: Path | None = None) -> Path:
    """Find the project folder.

    Raises
    ------
    PcnAnalysisError
        If there is none at or above ``start``.
    """
    named = os.environ.get(ROOT_VARIABLE)
    if named and not Path(named).is_dir():
        raise problem(ROOT_VARIABLE, f"there is no folder {named}", "Set it to the project folder, or unset it.")
    if named:
        return Path(named).resolve()
    folder = (start or Path.cwd()).resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / "notebooks").is_dir() and (candidate / "data" / "processed").is_dir():
            return candidate
    raise problem(
        str(folder),
        "this is not a pcn_analysis project: notebooks/ and data/processed/ are not here or above",
        f"Change to the project folder, or set {ROOT_VARIABLE}.",
    )


def load_settings(root: Path | None = None) -> Settings:
    """Read the settings of the project that ``root`` (default: the current folder) belongs to.

    Raises
    ------
    PcnAnalysisError
        If the configuration file cannot be read or holds an unknown or wrongly typed entry.
    """
    settings = Settings(project_root(root))
    path = settings.root / "config" / "pcn_analysis.toml"
    return read_settings(path, settings.root) if path.exists() else settings


def read_settings(path: Path, root: Path) -> Settings:
    """Read one configuration file; see ``config/example.toml`` for every entry."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise problem(path.name, f"not valid TOML ({error})", "Start from config/example.toml.") from error
    kinds: dict[str, Any] = dict.fromkeys((one.name for one in fields(Settings) if one.name != "root"), str)
    kinds |= {
        "jobs": int,
        "cell_minutes": (int, float),
        "kernel_gigabytes": (int, float),
        "monthly_capacity": int,
        "slots": dict,
    }
    problems = [
        Problem(path.name, f"unknown entry {name!r}", nearest(name, kinds)) for name in values if name not in kinds
    ] + [
        Problem(path.name, f"{name} has the wrong type of value", "See config/example.toml.")
        for name, value in values.items()
        if name in kinds and (not isinstance(value, kinds[name]) or isinstance(value, bool))
    ]
    for name in ("jobs", "cell_minutes", "monthly_capacity"):
        if isinstance(values.get(name), (int, float)) and values[name] <= 0:
            problems.append(Problem(path.name, f"{name} is not above 0", "See config/example.toml."))
    if isinstance(given := values.get("kernel_gigabytes"), (int, float)) and not 0 <= given < math.inf:
        problems.append(Problem(path.name, "kernel_gigabytes is below 0 or no number", "Set it to 0 for no limit."))
    if isinstance(given := values.get("kernels"), str) and given not in KERNELS:
        problems.append(Problem(path.name, f"kernels is {given!r}", nearest(given, KERNELS)))
    if isinstance(values.get("slots"), dict) and not _are_slots(values["slots"]):
        problems.append(
            Problem(path.name, "slots are not all whole numbers, with one above 0", "See config/example.toml.")
        )
    if problems:
        raise PcnAnalysisError(*problems)
    changed: dict[str, Any] = {
        key: root / value if isinstance(value, str) and key not in WORDS else value for key, value in values.items()
    }
    settings = replace(Settings(root), **changed)
    if published := _in_published(settings):
        raise PcnAnalysisError(*(Problem(path.name, what, "Set it to a folder of its own.") for what in published))
    return settings


def _are_slots(slots: dict[str, Any]) -> bool:
    """Whether slots are whole numbers and none is below 0, with one above it."""
    whole = all(isinstance(one, int) and not isinstance(one, bool) and one >= 0 for one in slots.values())
    return whole and any(slots.values())


def _in_published(settings: Settings) -> list[str]:
    """Folders of people that lie where everything may be published."""
    return [
        f"{name} lies in {public}, which may be published"
        for name in ("processed", "restricted")
        for public in ("reports", "notebooks")
        if getattr(settings, name).resolve().is_relative_to(getattr(settings, public).resolve())
    ]
