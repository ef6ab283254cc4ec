"""What ranks a caseload: need × open care gaps × how likely it is that closing them helps, every number visible.

The file ``objective.yaml`` holds the numbers with their reasons. The risk of an admission is no part of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcn_analysis.anticipatory.caseload.care_gaps import FOLDER, CareGap, care_gaps
from pcn_analysis.exceptions import nearest, problem
from pcn_analysis.rules.forms import read_criterion
from pcn_analysis.rules.written import Written
from pcn_analysis.settings import MODEL_FILES
from pcn_analysis.yaml_text import read_text

if TYPE_CHECKING:
    from pcn_analysis.rules import Criterion

DEFAULT = "default"
FILE = "objective.yaml"


@dataclass(frozen=True)
class Band:
    """People with one need: its name in plain words, what they meet, and the points that it gives."""

    name: str
    when: Criterion
    points: float


@dataclass(frozen=True)
class Part:
    """One part of need: whoever meets several of its bands has the points of the first."""

    name: str
    bands: tuple[Band, ...]
    source: str


@dataclass(frozen=True)
class Objective:
    """What ranks a caseload.

    Parameters
    ----------
    name, title, source
        Short and full name, and who chose the numbers.
    impactibility
        What each grade of evidence counts.
    need
        The parts of need; a person's need is 1 and the points of each.
    gaps
        The care gaps with their weights.
    professionals
        Who can have slots.
    assumptions
        What it takes for granted.
    """

    name: str
    title: str
    source: str
    impactibility: dict[str, float]
    need: tuple[Part, ...]
    gaps: tuple[CareGap, ...]
    professionals: tuple[str, ...]
    assumptions: tuple[str, ...] = ()

    def with_weight(self, gap: str, factor: float) -> Objective:
        """The same with the weight of one gap multiplied."""
        gaps = (replace(one, weight=one.weight * factor) if one.name == gap else one for one in self.gaps)
        return replace(self, gaps=tuple(gaps))

    def with_grade(self, grade: str, factor: float) -> Objective:
        """The same with what one grade of evidence counts multiplied."""
        return replace(self, impactibility=self.impactibility | {grade: self.impactibility[grade] * factor})

    def with_points(self, part: str, factor: float) -> Objective:
        """The same with the points of one part of need multiplied."""
        needs = []
        for one in self.need:
            bands = tuple(replace(band, points=band.points * factor) for band in one.bands)
            needs.append(replace(one, bands=bands) if one.name == part else one)
        return replace(self, need=tuple(needs))


def find_objective(objective: Objective | str = DEFAULT) -> Objective:
    """Find an objective.

    Parameters
    ----------
    objective
        ``default``, or the path of a file that ends in ``.yaml``; an objective is given back as it is.

    Raises
    ------
    PcnAnalysisError
        If there is none of that name, or with everything that is wrong in its file.

    Examples
    --------
    >>> find_objective().impactibility
    {'strong': 1.0, 'moderate': 0.75, 'not known': 0.5}
    """
    if isinstance(objective, Objective):
        return objective
    if objective.endswith(MODEL_FILES):
        return objective_of(read_text(Path(objective)), Path(objective).name)
    if objective != DEFAULT:
        raise problem("objective", f"there is none called {objective}", nearest(objective, [DEFAULT]))
    return _of_package()


@cache
def _of_package() -> Objective:
    return objective_of((FOLDER / FILE).read_text(encoding="utf-8"), FILE)


def objective_of(text: str, name: str) -> Objective:
    """Make an objective of the text of a file.

    Parameters
    ----------
    text
        As ``objective.yaml``; ``weights`` may give care gaps, by their names, other weights than ``care_gaps.yaml``.
    name
        What the file is called in messages.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong in it.
    """
    file, known = Written(text, name, example=FILE), care_gaps()
    content = file.content
    file.keys(content, ("objective", "title", "source", "impactibility", "need"), "", ("weights", "assumptions"))
    written = file.mapping(content, "impactibility")
    file.keys(written, tuple(known.grades), f"{name}, impactibility")
    grades = {grade: file.number(count, f"{name}, impactibility, {grade}") for grade, count in written.items()}
    weights = {}
    for gap, weight in file.mapping(content, "weights").items():
        weights[gap] = file.number(weight, f"{name}, weights, {gap}")
        if gap not in (names := [one.name for one in known.gaps]):
            file.wrong(f"{name}, weights", f"there is no gap {gap}", nearest(gap, names))
    need = tuple(_part(file, one) for one in file.rows(content, "need"))
    file.once([one.name for one in need], "part")
    assumptions = tuple(file.words(content, "assumptions"))
    gaps = tuple(replace(one, weight=weights.get(one.name, one.weight)) for one in known.gaps)
    if not any(one.weight * grades.get(one.evidence, 0) for one in gaps):
        file.wrong("", "no care gap counts for anything", "Give one a weight and a grade above 0.")
    file.check()
    short, title, source = (str(content[key]) for key in ("objective", "title", "source"))
    return Objective(short, title, source, grades, need, gaps, known.professionals, assumptions)


def _part(file: Written, written: dict[str, Any]) -> Part:
    where = f"{file.name}, part {written.get('part', '?')}"
    file.keys(written, ("part", "source", "bands"), where)
    bands = [_band(file, one, where) for one in file.rows(written, "bands", where)]
    name, source = (str(written.get(key, "")) for key in ("part", "source"))
    return Part(name, tuple(one for one in bands if one), source)


def _band(file: Written, written: dict[str, Any], where: str) -> Band | None:
    where = f"{where}, band {written.get('band', '?')}"
    file.keys(written, ("band", "when", "points"), where)

    def named(kind: str, name: str) -> None:
        file.wrong(where, f"{kind} {name} is asked for, and there is none", "Write out what is asked.")

    when = read_criterion(written["when"], where, named, file.problems) if written.get("when") else None
    points = file.number(written.get("points"), where)
    return Band(str(written.get("band", "")), when, points) if when else None
