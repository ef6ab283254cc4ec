"""Segments found once for a place, stored as numbers in JSON, and loaded again.

What is stored describes segments, not people: how large each is, how common each condition is in it, and how the number
of segments was chosen. These numbers are exact, so that the file lies with the people of the place, readable by its
owner only; what is shown of it passes release.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import reduce
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pcn_analysis.exceptions import problem
from pcn_analysis.population import PEOPLE_KINDS
from pcn_analysis.populations import check_alike, people_sha256
from pcn_analysis.provenance import Provenance
from pcn_analysis.rules import ASSESSED, assessment
from pcn_analysis.scores.long_term_conditions import LONG_TERM_CONDITIONS
from pcn_analysis.segmentation.found.conditions import NAMES, condition_patterns
from pcn_analysis.segmentation.found.estimator import FoundSegments
from pcn_analysis.segmentation.found.models import Solution
from pcn_analysis.stored import recover, replacing, seal

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from pcn_analysis.population import Population

FOLDER, FILE = "found_segments", "segments.json"
CODE = ("segmentation/found", "scores", "rules")
"""What finds segments and says what a condition is: folders of this package."""
LIBRARIES = ("stepmix", "scikit-learn", "numpy", "scipy")
REMEDY = "Run `pcn-analysis fit` again."
_ARRAYS = ("weights", "shares", "centres", "axes", "means")
_LISTS = ("feature_names_", "not_assessed_", "rare_", "segment_names_")


@dataclass(frozen=True)
class FoundInPlace:
    """Segments found among all adults of a place.

    Parameters
    ----------
    place
        Name of the place's folder.
    people
        ``records`` or ``synthetic``.
    networks
        ODS codes of the networks whose people were read.
    index_date
        The day that the people are described on.
    adults
        How many people they were found in: those of whom a condition that is used is known.
    found
        The segments, or why there are none.
    provenance
        Where the records came from.
    made_from
        What they were found in, by :func:`made_from`; by which it is known later whether that has changed.
    versions
        Version of each library that took part.
    """

    place: str
    people: str
    networks: tuple[str, ...]
    index_date: dt.date
    adults: int
    found: FoundSegments
    provenance: Provenance
    made_from: str
    versions: dict[str, str]


def fit_place(populations: Sequence[Population], *, made_from: str = "", **settings: Any) -> FoundInPlace:
    """Find segments among all adults of some networks of one place.

    Parameters
    ----------
    populations
        The people of each network, of one place, one kind and one index date, with their person tables. A condition
        that could not be assessed in full in each of them is not used, and named: some column that it reads is not
        there. A flag that is empty for some people is missing of these alone.
    made_from
        What :func:`made_from` says of them.
    **settings
        Parameters of :class:`FoundSegments`.

    Raises
    ------
    PcnAnalysisError
        If there are no people, if they do not belong together, or if too little is known of them.
    """
    check_alike(populations, where="found segments")
    first = populations[0]
    counted = [condition_patterns(one.tables["person_table"], on=one.index_date) for one in populations]
    in_full = set.intersection(*(_assessed(one) for one in populations))
    everywhere = [name for name in NAMES if name in in_full and all(one[name].notna().any() for one in counted)]
    together = pd.concat(counted, ignore_index=True)
    together[[name for name in NAMES if name not in everywhere]] = np.nan
    found = FoundSegments(**settings).fit(together[list(NAMES)], sample_weight=together["people"])
    return FoundInPlace(
        place=first.place.slug,
        people=first.people,
        networks=tuple(sorted(one.pcn_code for one in populations)),
        index_date=first.index_date,
        adults=int(together["people"][together[found.feature_names_].notna().any(axis=1)].sum()),
        found=found,
        provenance=reduce(Provenance.joined, (one.provenance for one in populations)),
        made_from=made_from,
        versions={name: version(name) for name in LIBRARIES},
    )


def _assessed(population: Population) -> set[str]:
    """Conditions whose definition reads nothing that the records of a network do not have."""
    columns = population.tables["person_table"].collect_schema().names()
    return {one.name for one in LONG_TERM_CONDITIONS if assessment(one.when, columns)[0] == ASSESSED}


def made_from(processed: Path, place: str, people: str, networks: Collection[str]) -> str:
    """Fingerprint of the stored people of some networks and of the code that finds segments in them."""
    return people_sha256(processed, place, people, networks, code=CODE)


def found_folder(processed: Path, place: str, people: str, method: str = "latent_classes") -> Path:
    """Folder of the segments found in a place by a method, beside its people.

    Examples
    --------
    >>> from pathlib import Path
    >>> found_folder(Path("processed"), "wirral", "records").as_posix()
    'processed/people/wirral/records/found_segments/latent_classes'
    """
    if people not in PEOPLE_KINDS:
        raise problem("people", f"there is no kind {people!r}", f"Choose one of {', '.join(PEOPLE_KINDS)}.")
    return processed / "people" / place / people / FOLDER / method


def store_found(fitted: FoundInPlace, processed: Path) -> Path:
    """Store found segments, whole or not at all, and return their folder."""
    folder = found_folder(processed, fitted.place, fitted.people, fitted.found.method)
    facts = _facts(fitted)
    facts["seal"] = seal(facts)
    with replacing(folder, close="Close what reads these segments.", private=processed / "people") as aside:
        (aside / FILE).write_text(json.dumps(facts, indent=1, ensure_ascii=False), encoding="utf-8")
    return folder


def load_found(processed: Path, place: str, people: str, method: str = "latent_classes") -> FoundInPlace:
    """Load the segments found in a place.

    Raises
    ------
    PcnAnalysisError
        If none were stored, if the file is damaged, or if the people or the code have changed since.
    """
    folder = found_folder(processed, place, people, method)
    recover(folder)
    if not folder.exists():
        raise problem(place, f"no segments have been found by {method}", "Run `pcn-analysis fit`.")
    try:
        facts = json.loads((folder / FILE).read_text(encoding="utf-8"))
        intact = facts["seal"] == seal(facts)
        fitted = _fitted(facts)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise problem(FILE, "the stored segments are damaged", REMEDY) from error
    if not intact:
        raise problem(FILE, "the stored segments are damaged", REMEDY)
    if fitted.made_from and fitted.made_from != made_from(processed, place, people, fitted.networks):
        raise problem(place, "its people, or the code, have changed since segments were found in it", REMEDY)
    return fitted


def _facts(fitted: FoundInPlace) -> dict[str, Any]:
    found, solution = fitted.found, fitted.found.solution_
    arrays = {name: getattr(solution, name) for name in _ARRAYS} if solution else {}
    settings = found.get_params()
    return {
        "place": fitted.place,
        "people": fitted.people,
        "networks": list(fitted.networks),
        "index_date": fitted.index_date.isoformat(),
        "adults": fitted.adults,
        "made_from": fitted.made_from,
        "versions": fitted.versions,
        "provenance": fitted.provenance.to_dict(),
        "settings": settings | {"numbers": list(settings["numbers"])},
        "stable": found.stable_,
        "why": found.why_,
        **{name.rstrip("_"): getattr(found, name) for name in _LISTS},
        "overall": found.overall_.tolist(),
        "solution": {name: values.tolist() for name, values in arrays.items() if values is not None},
        "criteria": found.criteria_.to_dict("list"),
        "stability": found.stability_.to_dict("list"),
    }


def _fitted(facts: dict[str, Any]) -> FoundInPlace:
    found = FoundSegments(**facts["settings"])
    found.stable_, found.why_ = facts["stable"], facts["why"]
    for name in _LISTS:
        setattr(found, name, facts[name.rstrip("_")])
    found.overall_ = np.array(facts["overall"], dtype=float)
    arrays = {name: np.array(values, dtype=float) for name, values in facts["solution"].items()}
    found.solution_ = Solution(**arrays) if arrays else None
    found.n_segments_ = len(found.solution_) if found.solution_ else None
    found.criteria_, found.stability_ = pd.DataFrame(facts["criteria"]), pd.DataFrame(facts["stability"])
    return FoundInPlace(
        place=facts["place"],
        people=facts["people"],
        networks=tuple(facts["networks"]),
        index_date=dt.date.fromisoformat(facts["index_date"]),
        adults=facts["adults"],
        found=found,
        provenance=Provenance.from_dict(facts["provenance"]),
        made_from=facts["made_from"],
        versions=facts["versions"],
    )
