"""The reports that there are: one notebook each."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pcn_analysis.codes import COUNTRY, WHOLE_PLACE
from pcn_analysis.exceptions import nearest, problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MARK = "_SYNTHETIC_PEOPLE"
"""Ending of everything made of a report from invented people: page, executed notebook, working copy."""


class Parameter(NamedTuple):
    """A parameter as a notebook declares it: its type, as it is written there, and its default."""

    kind: str
    default: Any


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
    needs_people
        Whether it is made from people, and not from published counts alone.
    compares_networks
        Whether it holds its network against the people of others of the place.
    needs_frailty
        Whether it cannot be made where frailty could not be assessed at all.
    once_per
        What it is made once for: each network, a place whose networks it sets side by side, or all England.
    """

    name: str
    title: str
    question: str
    needs_people: bool = False
    compares_networks: bool = False
    needs_frailty: bool = False
    once_per: Literal["network", "place", "country"] = "network"

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

    def is_of(self, place: str, pcn_code: str) -> bool:
        """Whether it is made of a network of a place, or of all that place's networks.

        Parameters
        ----------
        place
            Name of the place.
        pcn_code
            Code of a network, or ``codes.WHOLE_PLACE``.

        Examples
        --------
        >>> find_report("02").is_of("Wirral", "U99194"), find_report("02").is_of("Wirral", "ALL")
        (True, False)
        """
        if pcn_code != WHOLE_PLACE:
            return self.once_per == "network"
        return self.once_per == ("country" if place == COUNTRY else "place")

    def stem(self, people: str, *, invented: bool = False) -> str:
        """Name of what is made of it, which says where the people are invented.

        Parameters
        ----------
        people
            From which people: ``records``, ``synthetic`` or none.
        invented
            Whether the records are known to be of invented people.

        Examples
        --------
        >>> find_report("02").stem("synthetic"), find_report("02").stem("records")
        ('02_segmentation_SYNTHETIC_PEOPLE', '02_segmentation')
        """
        return self.name + (MARK if people == "synthetic" or invented else "")

    def defaults(self, folder: Path) -> dict[str, Any]:
        """Parameters that its notebook declares, each with its default."""
        return {name: one.default for name, one in self.declared(folder).items()}

    def declared(self, folder: Path) -> dict[str, Parameter]:
        """Parameters that its notebook declares, each with its type and default.

        Raises
        ------
        PcnAnalysisError
            If they are not plain values.
        """
        path = self.notebook(folder)
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        source = "\n".join(
            "".join(cell["source"]) for cell in cells if "parameters" in cell["metadata"].get("tags", [])
        )
        try:
            return {
                statement.target.id: Parameter(ast.unparse(statement.annotation), ast.literal_eval(statement.value))
                for statement in ast.parse(source).body
                if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value
            }
        except (SyntaxError, ValueError) as error:
            remedy = "Write each as `name: type = default  # meaning`."
            raise problem(f"notebooks/{path.name}", "its parameters cannot be read", remedy) from error


CATALOGUE: tuple[Report, ...] = (
    Report(
        "01_population_profile",
        "Population profile",
        "Who is registered: how many, how old, how deprived, with which recorded conditions?",
    ),
    Report(
        "02_segmentation",
        "Segmentation",
        "Who lives in this network, by need?",
        needs_people=True,
        compares_networks=True,
    ),
    Report(
        "03_anticipatory_care",
        "Anticipatory care",
        "Who at home is frail enough to need proactive care, and whom can the team see?",
        needs_people=True,
        needs_frailty=True,
    ),
    Report(
        "04_network_footprint",
        "Network footprint",
        "Where do its patients live, and with which networks does it share people?",
    ),
    Report(
        "05_segment_comparison",
        "Segment comparison",
        "Does another model see the same people, who moved, and where are segments heading?",
        needs_people=True,
    ),
    Report(
        "06_admission_risk",
        "Admission risk",
        "How good is the forecast of unplanned admissions, for whom, and what does time alone do?",
        needs_people=True,
    ),
    Report(
        "07_score_agreement",
        "Score agreement",
        "How many people does each score pick, and would another variant pick the same ones?",
        needs_people=True,
    ),
    Report(
        "08_place_networks",
        "Networks of a place",
        "Are its networks of one piece, whom do they share, what has changed, and what else could they be?",
        once_per="place",
    ),
    Report(
        "09_england_networks",
        "All networks",
        "How large, how coherent and how mixed are England's networks, and where does a place stand among them?",
        once_per="country",
    ),
    Report(
        "10_groupings",
        "Other groupings",
        "How do neighbourhoods, larger areas or localities stand, and how far do they agree with networks?",
        once_per="place",
    ),
    Report(
        "11_service_specifications",
        "Service specifications",
        "Whom is each service of the Network Contract for, what is missing, and how much work is it?",
        needs_people=True,
    ),
    Report(
        "12_inequalities",
        "Neighbourhood inequalities",
        "Who is in Core20 or a PLUS group, and for whom is care worse?",
        needs_people=True,
    ),
    Report(
        "13_workforce_and_money",
        "Workforce and money",
        "What may this network spend, and who is there?",
    ),
    Report(
        "14_team_plan",
        "Team plan",
        "Who is needed, and which team fits the sum?",
        needs_people=True,
    ),
)


def of_networks(reports: Iterable[Report]) -> list[Report]:
    """Those reports that are made once for each network."""
    return [report for report in reports if report.once_per == "network"]


def find_report(name: str) -> Report:
    """Find a report by its name, its number or its title.

    Examples
    --------
    >>> find_report("01").title
    'Population profile'
    """
    plain = name.lower().removesuffix(".ipynb").removesuffix(MARK.lower())
    for report in CATALOGUE:
        if plain in (report.name, report.name[:2], report.title.lower()):
            return report
    raise problem("--notebook", f"there is no notebook {name!r}", nearest(name, [report.name for report in CATALOGUE]))
