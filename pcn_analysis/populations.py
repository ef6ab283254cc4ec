"""The people of several networks of one place, taken together: that they belong together, and whether they changed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pcn_analysis.exceptions import problem
from pcn_analysis.population import prepared_people
from pcn_analysis.provenance import code_sha256

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from pcn_analysis.population import Population


def check_alike(populations: Sequence[Population], *, where: str) -> None:
    """Check that there are people, and all of one place, one kind and one index date.

    Parameters
    ----------
    populations
        The people of each network.
    where
        What is fitted on them, for messages.

    Raises
    ------
    PcnAnalysisError
        If there are none, or they do not belong together.

    Examples
    --------
    >>> check_alike([], where="found segments")
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: found segments: no people are prepared. Prepare the people of this place
    first.
    """
    if not populations:
        raise problem(where, "no people are prepared", "Prepare the people of this place first.")
    alike = {(one.place.slug, one.people, one.index_date) for one in populations}
    if len(alike) > 1:
        what = f"people of {len(alike)} different places, kinds or index dates"
        raise problem(where, what, "Fit the people of one place on one day.")


def people_sha256(processed: Path, place: str, people: str, networks: Collection[str], *, code: tuple[str, ...]) -> str:
    """SHA-256 of the stored people of some networks and of the code that makes something of them.

    Parameters
    ----------
    processed
        The folder of prepared places.
    place, people, networks
        Name of the place's folder, ``records`` or ``synthetic``, and ODS codes; the order of these does not matter.
    code
        Folders and modules of this package, as for :func:`pcn_analysis.provenance.code_sha256`.
    """
    prints = [prepared_people(processed, place, people, one).get("fingerprint", "") for one in sorted(networks)]
    return hashlib.sha256("\n".join([*sorted(networks), *prints, code_sha256(code)]).encode()).hexdigest()
