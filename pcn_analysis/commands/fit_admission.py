"""``pcn-analysis fit --of admission``: fit the model of unplanned admission of a place, once for all its networks."""

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


def fit_admission(settings: Settings, place: Place, kind: str, codes: Sequence[str]) -> None:
    """Fit, store and sum up the model of unplanned admission of a place.

    Parameters
    ----------
    settings
        Of the project.
    place
        A prepared place.
    kind
        ``records`` or ``synthetic``.
    codes
        Networks whose people are stored.

    Raises
    ------
    PcnAnalysisError
        If people cannot be loaded, or no model can be fitted to them.
    """
    from pcn_analysis.anticipatory import admission
    from pcn_analysis.anticipatory.admission.validation import PROGRESS
    from pcn_analysis.population import load_population
    from pcn_analysis.release import release

    say(f"Reading the people of {number(len(codes), 'network')} of {place.name} …")
    print_of = admission.made_from(settings.processed, place.slug, kind, codes)
    populations = [load_population(place.slug, code, kind) for code in codes]
    with following(PROGRESS):
        fitted = admission.fit_admission(populations, made_from=print_of)
    released = {name: release(table) for name, table in admission.card_tables(fitted).items()}
    folder = admission.store_admission(
        fitted,
        settings.processed,
        card=lambda sha256: admission.model_card(fitted, released, model_sha256=sha256),
    )
    for row in released["overall"].frame.to_dict("records"):
        typer.echo(f"  {row['model']}: {admission.auc_in_words(row)}")
    typer.echo(f"{place.name}: risks are those of {fitted.chosen}.")
    if fitted.not_assessed:
        typer.echo(f"Not assessed: {', '.join(fitted.not_assessed)}.")
    if fitted.survivors_only:
        typer.echo("Nobody in these records died or left: do not use this model. Its card says why.")
    if fitted.provenance.synthetic:
        typer.echo("These people are invented: a model of them says nothing of the place.")
    typer.echo(f"Stored for you alone, with its card, in {shown(folder, settings)}")
