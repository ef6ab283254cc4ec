"""Figures of a check of records that have come in: counts only, and never of whom."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pcn_analysis import tables
from pcn_analysis.extracts.quality import arrived, coded, conditions, practices, sentences, timing, units
from pcn_analysis.extracts.quality.kept import find_kept

if TYPE_CHECKING:
    from pcn_analysis.extracts.findings import Finding
    from pcn_analysis.extracts.incoming import Incoming
    from pcn_analysis.extracts.linkage import Link
    from pcn_analysis.extracts.quality.arrived import Delivered, People, Rows
    from pcn_analysis.extracts.quality.coded import Brought, System, Unmapped
    from pcn_analysis.extracts.quality.conditions import Compared, Recorded
    from pcn_analysis.extracts.quality.practices import Practice
    from pcn_analysis.extracts.quality.timing import Coverage, Dates
    from pcn_analysis.extracts.quality.units import Measured


@dataclass(frozen=True)
class Quality:
    """The quality of records that have come in.

    Every count is exact, so that none of it may be published. No identifier and no value of a record is in it, but
    for codes as :func:`~pcn_analysis.extracts.quality.coded.unmapped` says. What is None has no table or no form;
    it is never 0 instead.

    Parameters
    ----------
    verdict
        What matters most, in sentences with numbers.
    extract_date
        The last day that is known of.
    deliveries, people, rows, links
        What came, and what is kept of it; who is in which delivery.
    found
        Everything that was found, by what became of it.
    practices
        Completeness by practice.
    coverage, dates
        Rows over time, and days that stand out, by table.
    birth_precision
        Kept people by what of their date of birth is known.
    systems, unmapped, codelists
        Codes by table and system; the commonest that no list holds; lists that the user brought.
    conditions, registers
        People with each condition that can be assessed; the same beside the registers of England.
    not_covered
        Names of the conditions that cannot be assessed.
    units
        Measurements by unit; None where there is no such table.
    contacts
        Contacts by kind; None where there is no such table.
    medicines_without_bnf
        Issues of medicines whose BNF code is not known; None where there is no such table.
    not_assessed
        What these records cannot say, in sentences.
    """

    verdict: tuple[str, ...]
    extract_date: dt.date
    deliveries: tuple[Delivered, ...]
    people: People
    rows: tuple[Rows, ...]
    links: tuple[Link, ...]
    found: dict[str, tuple[Finding, ...]]
    practices: tuple[Practice, ...]
    coverage: tuple[Coverage, ...]
    dates: tuple[Dates, ...]
    birth_precision: dict[str, int]
    systems: tuple[System, ...]
    unmapped: tuple[Unmapped, ...]
    codelists: tuple[Brought, ...]
    conditions: tuple[Recorded, ...]
    registers: tuple[Compared, ...]
    not_covered: tuple[str, ...]
    units: tuple[Measured, ...] | None
    contacts: dict[str, int] | None
    medicines_without_bnf: int | None
    not_assessed: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a JSON file; dates as ``2026-07-01``."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), default=dt.date.isoformat))
        return plain


def quality(incoming: Incoming) -> Quality:
    """Work out the figures of a check.

    Parameters
    ----------
    incoming
        Records that have come in, while their workspace is open. Figures are of the people who are kept, and of
        their records, unless said otherwise; nothing is stored.

    Returns
    -------
    Quality
        The figures. All are made in the workspace, so that no more than counts is held in memory.
    """
    kept = find_kept(incoming)
    coverage, dates = timing.timing(kept)
    by_condition, registers = conditions.conditions(kept, incoming.covered)
    figures: dict[str, Any] = {
        "extract_date": incoming.extract_date,
        "deliveries": arrived.deliveries(incoming),
        "people": arrived.people(incoming, kept),
        "rows": arrived.rows(incoming, kept),
        "links": tuple(incoming.links),
        "found": arrived.found(incoming),
        "practices": practices.practices(kept),
        "coverage": coverage,
        "dates": dates,
        "birth_precision": timing.birth_precision(kept),
        "systems": coded.systems(incoming),
        "unmapped": coded.unmapped(incoming),
        "codelists": coded.brought(incoming),
        "conditions": by_condition,
        "registers": registers,
        "not_covered": tuple(
            name for slug, name in tables.CONDITION_NAMES.items() if slug not in {one.condition for one in by_condition}
        ),
        "units": units.units(incoming, kept),
        "contacts": conditions.kinds_of_contact(kept),
        "medicines_without_bnf": conditions.without_bnf(kept),
    }
    unsaid = Quality(verdict=(), not_assessed=(), **figures)
    return Quality(verdict=sentences.verdict(unsaid), not_assessed=sentences.not_assessed(unsaid), **figures)
