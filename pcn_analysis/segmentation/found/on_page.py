"""The segments found in a place as a page shows them: those that are stored, or why there are none.

Nothing here is refused. Where no segments were looked for, or none can be used, :func:`of_place` gives none with the
reason; every table of people is then empty, and :func:`outcome` holds the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.place import network_of
from pcn_analysis.provenance import Counted, SourcedTable
from pcn_analysis.segmentation import counting
from pcn_analysis.segmentation.found.counts import ADULTS, choice
from pcn_analysis.segmentation.found.estimator import FoundSegments
from pcn_analysis.segmentation.found.fitted import FoundInPlace, found_folder, load_found
from pcn_analysis.settings import load_settings
from pcn_analysis.words import percent

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.population import Population

METHODS = {"latent_classes": "latent class analysis", "correspondence": "k-means on correspondence analysis"}
"""Names of the methods, as a sentence says them; of those that are stored, a page shows the first."""
ASK = "with the command under “Method and sources”"
"""How to come by segments: a page has the command there, on a line of its own."""
NOT_TRIED = "not put to the bootstrap"
"""What is said of the stability of a solution with a higher BIC than one that is stable, or than one class."""
_CRITERIA = ("n_segments", "log_likelihood", "parameters", "bic")
_STABILITY = ("n_segments", "segment", "weight", "jaccard", "adjusted_rand", "bootstraps")


def of_place(population: Population, method: str | None = None, processed: Path | None = None) -> FoundInPlace:
    """Load the segments that were found in the place of some people.

    Parameters
    ----------
    population
        The people of one network of the place.
    method
        How they were found; by default whichever way they were, the first of ``METHODS`` that can be used. Those found
        in the other way are then named in ``found.why_``.
    processed
        The folder of prepared things; by default that of the project.

    Returns
    -------
    FoundInPlace
        Without any segments where none were looked for, or where what is stored cannot be used; ``found.why_`` says
        which.
    """
    place, people = population.place, population.people
    processed = processed or load_settings().processed
    methods = [method] if method else list(METHODS)
    stored = [one for one in methods if found_folder(processed, place.slug, people, one).exists()]
    if not stored:
        why = f"Nobody has looked for segments in the records of {place.name} yet. An analyst can, {ASK}."
        return _nothing(population, methods[0], why)
    cannot: dict[str, str] = {}
    for one in stored:
        try:
            fitted = load_found(processed, place.slug, people, one)
        except PcnAnalysisError as error:
            cannot[one] = "; ".join(problem.what for problem in error.problems)
            continue
        others = [_also(other, cannot.get(other, "")) for other in stored if other != one]
        fitted.found.why_ = " ".join([fitted.found.why_, *others])
        return fitted
    how = "" if stored[0] == next(iter(METHODS)) else f" (method: {stored[0]})"
    why = f"Not shown: {'; '.join(dict.fromkeys(cannot.values()))}. An analyst can look again, {ASK}{how}."
    return _nothing(population, stored[0], why)


def _also(method: str, why: str) -> str:
    return f"Segments found by {METHODS[method]} are stored as well, and not shown{f': {why}' if why else ''}."


def outcome(population: Population, fitted: FoundInPlace) -> SourcedTable:
    """What came of looking for segments in a place.

    Returns
    -------
    SourcedTable
        One row: why (in a sentence or two), method, stable (yes or no), n_segments, networks (how many were read),
        adults (of whom anything is known), conditions (how many were used), left_out (in words: which were unknown,
        as they were not assessed in full in every network, and which too rare, with how few that is).
    """
    found = fitted.found
    row = {
        "why": found.why_,
        "method": METHODS.get(found.method, found.method),
        "stable": "yes" if found.stable_ else "no",
        "n_segments": found.n_segments_ or 0,
        "networks": len(fitted.networks),
        "adults": fitted.adults,
        "conditions": len(found.feature_names_),
        "left_out": _left_out(found),
    }
    numbers = ("n_segments", "networks", "conditions")
    frame = pd.DataFrame([row])
    counted = {"adults": _adults(population, fitted)}
    about, counts = population.about, tuple(counted)
    return SourcedTable(frame, fitted.provenance, counts=counts, numbers=numbers, about=about, counted=counted)


def _adults(population: Population, fitted: FoundInPlace) -> Counted:
    """Adults of every network that was read of whom it is known of any of these conditions whether they have it."""
    if not fitted.networks:
        return Counted(of="adults of no network")
    networks = tuple(network_of(population.place, code).name for code in fitted.networks)
    where = (*ADULTS.where, ("anything known of long-term conditions", counting.YES))
    return Counted(where=where, whole_place=True, networks=networks, never=ADULTS.never)


def _left_out(found: FoundSegments) -> str:
    reasons = {
        "unknown (not recorded in full in every network that was read)": found.not_assessed_,
        f"rare (fewer than {percent(found.rarest)} of the adults of whom it is known)": found.rare_,
    }
    return ". And ".join(f"{why}: {'; '.join(names)}" for why, names in reasons.items() if names)


def tried(population: Population, fitted: FoundInPlace) -> SourcedTable:
    """How the number of segments was chosen, as a page shows it.

    Returns
    -------
    SourcedTable
        One row a number of segments, 1 first: n_segments, bic (above the lowest), stability (in words: the least mean
        Jaccard similarity of a segment, and the adjusted Rand index of all), chosen (yes or no).
    """
    made = choice(fitted)
    frame = made.frame
    words = (
        "least Jaccard " + _decimals(frame["least_jaccard"]) + ", adjusted Rand " + _decimals(frame["adjusted_rand"])
    )
    stability = words.where(frame["least_jaccard"].notna(), NOT_TRIED).astype("str")
    rows = frame[["n_segments", "bic"]].assign(stability=stability, chosen=frame["chosen"])
    return SourcedTable(rows, made.provenance, numbers=("n_segments", "bic"), about=population.about)


def _decimals(values: pd.Series) -> pd.Series:
    return values.astype("object").map("{:.2f}".format, na_action="ignore").astype("object")


def _nothing(population: Population, method: str, why: str) -> FoundInPlace:
    found = FoundSegments(method=method)
    found.stable_, found.why_ = False, why
    found.n_segments_ = found.solution_ = None
    found.segment_names_ = found.feature_names_ = found.not_assessed_ = found.rare_ = []
    found.overall_ = np.array([])
    found.criteria_ = pd.DataFrame(columns=list(_CRITERIA), dtype=float)
    found.stability_ = pd.DataFrame(columns=list(_STABILITY), dtype=float)
    return FoundInPlace(
        place=population.place.slug,
        people=population.people,
        networks=(),
        index_date=population.index_date,
        adults=0,
        found=found,
        provenance=population.provenance,
        made_from="",
        versions={},
    )
