"""The reports that there are: one notebook each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis.exceptions import nearest, problem

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Report:
    """One report.

    Parameters
    ----------
    name
        Stem of its notebook.
    title
        What it is called on the index.
    question
        What it answers.
    """

    name: str
    title: str
    question: str

    def notebook(self, folder: Path) -> Path:
        """Path of its notebook.

        Raises
        ------
        PcnAnalysisError
            If it is not there.
        """
        path = folder / f"{self.name}.ipynb"
        if not path.exists():
            raise problem(f"notebooks/{path.name}", "is missing", "Restore it from the repository.")
        return path


CATALOGUE: tuple[Report, ...] = (
    Report(
        "01_population_profile",
        "Population profile",
        "Who is registered: how many, how old, how deprived, with which recorded conditions?",
    ),
    Report(
        "04_network_footprint",
        "Network footprint",
        "Where do its patients live, and with which networks does it share people?",
    ),
)


def find_report(name: str) -> Report:
    """Find a report by its name, its number or its title.

    Examples
    --------
    >>> find_report("01").title
    'Population profile'
    """
    for report in CATALOGUE:
        if name.lower().removesuffix(".ipynb") in (report.name, report.name[:2], report.title.lower()):
            return report
    raise problem("--notebook", f"there is no notebook {name!r}", nearest(name, [report.name for report in CATALOGUE]))
