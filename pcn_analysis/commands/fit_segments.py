"""``pcn-analysis fit --of segments``: find segments in the records of a place, once for all its networks.

What is stored describes segments and not people, and is for the owner alone; pages show what passes release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pcn_analysis.commands.following import following
from pcn_analysis.commands.project import say, shown
from pcn_analysis.words import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcn_analysis.place import Place
    from pcn_analysis.settings import Settings


def fit_segments(settings: Settings, place: Place, kind: str, codes: Sequence[str], method: str) -> None:
    """Find segments among all adults of a place by a method, store and name them.

    Parameters are as for :func:`pcn_analysis.commands.fit_admission.fit_admission`.

    Raises
    ------
    PcnAnalysisError
        If people cannot be loaded, or too little is known of them.
    """
    from pcn_analysis.population import load_population
    from pcn_analysis.segmentation.found import fit_place, made_from, store_found
    from pcn_analysis.segmentation.found.choosing import PROGRESS

    say(f"Reading the people of {number(len(codes), 'network')} of {place.name} …")
    print_of = made_from(settings.processed, place.slug, kind, codes)
    populations = [load_population(place.slug, code, kind) for code in codes]
    with following(PROGRESS):
        fitted = fit_place(populations, made_from=print_of, method=method)
    folder = store_found(fitted, settings.processed)
    typer.echo(f"{place.name}: {fitted.found.why_}")
    for name in fitted.found.segment_names_:
        typer.echo(f"  {name}")
    if fitted.provenance.synthetic:
        typer.echo("These people are invented: segments found in them say nothing of the place.")
    typer.echo(f"Stored for you alone in {shown(folder, settings)}")
    typer.echo(f"Next: pcn-analysis report --place {place.slug} --notebook 05")
