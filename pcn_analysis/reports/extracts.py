"""Check and prepare records that somebody delivered: bring them in, write what was found, store who stays."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis.exceptions import PcnAnalysisError, problem
from pcn_analysis.extracts.incoming import bring_in
from pcn_analysis.extracts.quality import quality
from pcn_analysis.extracts.storing import Stored, index_day, store
from pcn_analysis.extracts.workspace import workspace
from pcn_analysis.reports.failures import work_folder
from pcn_analysis.reports.planning import choose_places
from pcn_analysis.reports.quality_page import write_quality
from pcn_analysis.words import slug

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pcn_analysis.extracts.findings import Finding
    from pcn_analysis.extracts.incoming import Asked
    from pcn_analysis.extracts.linkage import Link
    from pcn_analysis.place import Place
    from pcn_analysis.settings import Settings


@dataclass(frozen=True)
class Outcome:
    """What became of records that were delivered.

    Parameters
    ----------
    page
        The data-quality report.
    verdict
        Its first sentences.
    links
        Who is in which delivery.
    findings
        Everything that was found.
    stored
        What was stored; None where they were only checked.
    """

    page: Path
    verdict: tuple[str, ...]
    links: list[Link]
    findings: list[Finding]
    stored: Stored | None


def take_in(
    settings: Settings,
    asked: Asked,
    *,
    place: str | None = None,
    name: str | None = None,
    index_date: dt.date | None = None,
    synthetic: bool = False,
    keep: bool = True,
    say: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Take in records of people: report on their quality first, then store them.

    Parameters
    ----------
    settings
        Where things are.
    asked
        What was delivered, and how it is to be read.
    place
        A prepared place whose networks people are held against; without one they are in no network.
    name
        What records without a place are called; by default as the delivery is.
    index_date
        The day that results describe (:func:`pcn_analysis.extracts.storing.index_day`).
    synthetic
        Whether the records are known to be of nobody.
    keep
        Whether to store them, and not only to check them.
    say
        Called with a line for each step.

    Raises
    ------
    PcnAnalysisError
        If there is nothing to take in, or something has to be put right first.
    """
    prepared = _place(settings, asked, place, synthetic=synthetic)
    called = prepared.name if prepared else _name(asked, name)
    folder = settings.restricted / "checks" / (prepared.slug if prepared else slug(called))
    with _told_safely(settings), workspace(settings.processed / "people") as space:
        incoming = bring_in(asked, prepared, space, say, (settings.reports, settings.notebooks))
        on = index_day(incoming, prepared, index_date)
        found = quality(incoming)
        page = write_quality(found, folder, synthetic=synthetic)
        stored = None
        if keep:
            stored = store(
                incoming, prepared, settings.processed, name_of_records=called, on=on, synthetic=synthetic, say=say
            )
    return Outcome(page, found.verdict, incoming.links, incoming.findings.rows, stored)


@contextmanager
def _told_safely(settings: Settings) -> Iterator[None]:
    """Keep the traceback of what nobody foresaw where it may lie, since it can hold values, and tell only its kind."""
    try:
        yield
    except (PcnAnalysisError, OSError):
        raise
    except Exception as error:
        with suppress(type(error)), work_folder(settings.restricted, "extract"):
            raise
        what = f"something went wrong that nobody foresaw ({type(error).__name__})"
        remedy = f"Its traceback is in {settings.restricted.name}/failed/; it may hold values of records."
        raise problem("prepare", what, remedy) from None


def _place(settings: Settings, asked: Asked, place: str | None, *, synthetic: bool) -> Place | None:
    """The one prepared place of a name, if one is named; refused is what cannot be taken in whatever it holds."""
    if not asked.deliveries:
        kinds = "--gp-extract, --wide, --omop, --hospital or --tables"
        raise problem("records", "none are named", f"Give {kinds}.")
    if not place:
        return None
    found = choose_places(settings.processed, place)
    if len(found) > 1:
        several = " or ".join(one.slug for one in found)
        raise problem("--place", f"{place} has been prepared more than once", f"Say which: {several}.")
    if synthetic and not found[0].provenance.synthetic:
        what = f"{found[0].name} is a real place, and these records are said to be of nobody"
        raise problem("--synthetic", what, "Leave out --place: they then stand alone.")
    return found[0]


def _name(asked: Asked, name: str | None) -> str:
    """What records without a place are called."""
    first = next(iter(asked.deliveries.values())).resolve()
    called = name or (first.name if first.is_dir() else first.stem)
    if not slug(called):
        raise problem("--name", "the records have no name with a letter or digit", "Give one, such as harbour-study.")
    return called
