"""One page to make, and the hash of everything that it depends on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcn_analysis.budget import additionality, claims
from pcn_analysis.kernels.identity import libraries as read_libraries
from pcn_analysis.kernels.identity import package_sha256
from pcn_analysis.prepared import FACTS
from pcn_analysis.provenance import SYNTHETIC_PEOPLE, file_sha256
from pcn_analysis.reports.parameter_values import files_named, refuse_misfits
from pcn_analysis.segmentation.models import find_model
from pcn_analysis.services.enhanced_access import rota
from pcn_analysis.settings import MODEL_FILES
from pcn_analysis.words import slug

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pcn_analysis.reports.catalogue import Report
    from pcn_analysis.settings import Settings

GIVEN = (claims.FOLDER, additionality.FOLDER, rota.FOLDER)
"""Folders of ``data/raw/`` with files that networks have given, by place and code."""


@dataclass(frozen=True)
class Job:
    """One page to make.

    Parameters
    ----------
    place, pcn_code, name
        The network: its place's folder, its code and its name.
    report
        Which report.
    people
        From which people: ``records``, ``synthetic`` or none.
    made_from
        Hash of everything that the page depends on.
    invented
        Whether its people are records that are known to be of invented people.
    given
        Parameters that somebody has set, each with its value, checked (:mod:`pcn_analysis.reports.parameters`).
    """

    place: str
    pcn_code: str
    name: str
    report: Report
    people: str = ""
    made_from: str = ""
    invented: bool = False
    given: tuple[tuple[str, Any], ...] = field(default=(), hash=False)

    @property
    def stem(self) -> str:
        """Name of its files, which says where people are invented."""
        return self.report.stem(self.people, invented=self.invented)

    @property
    def page(self) -> tuple[str, str, str]:
        """Which page it is."""
        return self.place, self.pcn_code, self.stem

    @property
    def network(self) -> tuple[str, str]:
        """Which network of which place."""
        return self.place, self.pcn_code

    @property
    def title(self) -> str:
        """Title of the page."""
        plain = f"{self.report.title}: {self.name}"
        return f"{SYNTHETIC_PEOPLE}: {plain}" if self.people == "synthetic" or self.invented else plain

    def target(self, reports: Path, suffix: str = ".html") -> Path:
        """Where its page goes."""
        return reports / self.place / self.pcn_code / f"{self.stem}{suffix}"

    def parameters(self, settings: Settings, declared: Collection[str]) -> dict[str, Any]:
        """Parameters to set in its notebook: of those that it declares, all that a run knows, then what was given.

        Raises
        ------
        PcnAnalysisError
            If a value is of a type that would reach the notebook as another.
        """
        known: dict[str, Any] = {"place": self.place, "pcn_code": self.pcn_code, "people": self.people}
        known |= {"monthly_capacity": settings.monthly_capacity, "slots": dict(settings.slots)}
        known |= {"model_name": _named(settings), **dict(self.given)}
        chosen = {name: value for name, value in known.items() if name in declared}
        refuse_misfits(f"{self.place}, {self.pcn_code}, {self.report.name}", chosen)
        return chosen


def sealed(jobs: Sequence[Job], settings: Settings) -> list[Job]:
    """Give each job the hash of everything that its page depends on, as it is now.

    The hash covers the source of the notebook and its parameters, the facts of the place, the seal of the
    network's people, what was fitted once for its place, designs of its networks, files of groupings of its practices,
    the model of segments if it is a file, files and folders that a parameter names, files that its network has given,
    the package and the libraries.
    """
    model = _text_of(settings.model)
    reports = {job.report for job in jobs}
    sources = {report: _sources(report.notebook(settings.notebooks)) for report in reports}
    declared = {report: report.declared(settings.notebooks) for report in reports}
    slugs = {job.place for job in jobs}
    facts = {slug: (settings.processed / slug / FACTS).read_text(encoding="utf-8") for slug in slugs}
    names = {slug: json.loads(those)["name"] for slug, those in facts.items()}

    def made_from(job: Job) -> str:
        parameters = job.parameters(settings, declared[job.report])
        refuse_misfits(f"{job.place}, {job.pcn_code}, {job.report.name}", parameters, declared[job.report])
        set_ = json.dumps(parameters, sort_keys=True)
        parts = [*sources[job.report], facts[job.place], set_, _seal(job, settings), model, package_hash()]
        parts += _fitted(job, settings) + _designs(job, settings)
        parts += _groupings(job, settings, names[job.place]) + _of_network(job, settings, names[job.place])
        parts += [f"{path.name} {file_sha256(path)}" for path in files_named(parameters, settings)]
        return hashlib.sha256("\0".join([*parts, *libraries()]).encode()).hexdigest()

    return [replace(job, made_from=made_from(job)) for job in jobs]


def _named(settings: Settings) -> str:
    """The model as a notebook names it: a file in the project by its path from there, where notebooks run.

    The path of the project folder may hold the name of a user; that of a file elsewhere is taken out of the notebook
    that is kept (:mod:`pcn_analysis.reports.making`).
    """
    path = Path(settings.model)
    if path.suffix in MODEL_FILES and path.is_relative_to(settings.root):
        return path.relative_to(settings.root).as_posix()
    return settings.model


def _text_of(model: str) -> str:
    """The file of a model of one's own; the published ones are part of the package."""
    find_model(model)  # whatever is wrong with it is said before anything runs
    return Path(model).read_text(encoding="utf-8") if model.endswith(MODEL_FILES) else ""


def _sources(notebook: Path) -> list[str]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells]


def _seal(job: Job, settings: Settings) -> str:
    """Seals of the people that a page is made from; empty where it needs none, or they have not been drawn."""
    if not job.people:
        return ""
    from pcn_analysis.population import population_folder, prepared_people

    codes = [job.pcn_code]
    if job.report.compares_networks:
        others = population_folder(settings.processed, job.place, job.people, job.pcn_code).parent.glob("pcn_code=*")
        codes = sorted({job.pcn_code, *(one.name.removeprefix("pcn_code=") for one in others)})
    return " ".join(
        str(prepared_people(settings.processed, job.place, job.people, code).get("seal", "")) for code in codes
    )


def _fitted(job: Job, settings: Settings) -> list[str]:
    """Hashes of what was fitted in the place of a page on people: segments by each method, and the admission model.

    Fitted again, they change the pages of every network of the place.
    """
    if not job.people:
        return []
    from pcn_analysis.anticipatory.admission.keeping import admission_folder
    from pcn_analysis.segmentation.found.fitted import FOLDER

    segments = settings.processed / "people" / job.place / job.people / FOLDER
    model = admission_folder(settings.processed, job.place, job.people)
    return [file_sha256(path) for path in [*sorted(segments.glob("*/*.json")), *sorted(model.glob("*.json"))]]


def _designs(job: Job, settings: Settings) -> list[str]:
    """Hashes of the designs of other networks that a page on all networks of a place shows."""
    if job.report.once_per != "place":
        return []
    from pcn_analysis.network.place_plans import FOLDER

    return [file_sha256(path) for path in sorted((settings.processed / FOLDER / job.place).glob("*.json"))]


def _groupings(job: Job, settings: Settings, name: str) -> list[str]:
    """Names and hashes of the files of groupings that a page on all practices of a place can show."""
    if job.report.once_per != "place":
        return []
    from pcn_analysis.network.groupings import FOLDER

    folder = settings.raw / FOLDER / slug(name)
    return [f"{path.name} {file_sha256(path)}" for path in sorted(folder.glob("*.csv"))]


def _of_network(job: Job, settings: Settings, name: str) -> list[str]:
    """Folders and hashes of the files that a network has given: its claims, its staff of 2019, its rota."""
    paths = [settings.raw / folder / slug(name) / f"{job.pcn_code}.csv" for folder in GIVEN]
    return [f"{path.parent.parent.name} {file_sha256(path)}" for path in paths if path.is_file()]


@cache
def package_hash() -> str:
    """Hash of every file of the package, read once."""
    return package_sha256()


@cache
def libraries() -> tuple[str, ...]:
    """Python and every installed library, with their versions, read once."""
    return read_libraries()
