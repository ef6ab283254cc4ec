"""Sections of a check on what records say: codes, conditions, units, dates, codelists, and what they cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.extracts.quality.coded import FEWEST_ROWS, SHOWN
from pcn_analysis.extracts.quality.kept import TITLES
from pcn_analysis.extracts.quality.sentences import CONTACTS
from pcn_analysis.reports.quality_parts import Part, Words, day, said, share, table, upper
from pcn_analysis.words import count, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcn_analysis.extracts.quality import Quality

PRECISIONS = {"day": "The day", "month": "The month", "year": "The year only"}


def codes(quality: Quality) -> Iterator[Part]:
    """Codes by table and system, and the commonest that are not mapped."""
    if not quality.systems:
        yield said("No record has a code.")
        return
    yield said(
        "A code is mapped where the delivery itself, or a codelist, says which condition, medicine or measurement it "
        "stands for. Not every code needs to be: many stand for nothing that is reported. All rows that were coded are "
        "counted, also those of practices elsewhere."
    )
    yield table(
        "Codes by table and system",
        quality.systems,
        {
            "Table": lambda one: TITLES[one.table],
            "System": lambda one: one.system,
            "Different codes #": lambda one: count(one.codes),
            "Rows #": lambda one: count(one.rows),
            "Codes mapped #": lambda one: share(one.mapped_codes, one.codes),
            "Rows mapped #": lambda one: share(one.mapped_rows, one.rows),
            "Codes not of the system's form #": lambda one: _formed(one.ill_formed),
            "Their rows #": lambda one: _formed(one.ill_formed_rows),
        },
    )
    if quality.unmapped:
        yield table(
            f"Codes that are not mapped, commonest first: at most {SHOWN}, of {FEWEST_ROWS} rows or more",
            quality.unmapped,
            {
                "Code": lambda one: one.code,
                "System": lambda one: one.system,
                "Table": lambda one: TITLES[one.table],
                "Rows #": lambda one: count(one.rows),
            },
        )
    yield said(
        "Codes without the form of their system, local codes and texts are counted and never named: anything can stand "
        "in them."
    )


def _formed(ill_formed: int | None) -> str:
    return "any form" if ill_formed is None else count(ill_formed)


def conditions(quality: Quality) -> Iterator[Part]:
    """People with each condition, beside the registers of England."""
    if not quality.conditions:
        yield said("No condition can be assessed.")
        return
    if quality.registers:
        yield said(
            "First, conditions beside England's disease registers of 2024-25 (of the Quality and Outcomes Framework, "
            "QOF). Denominators and rules differ: here it is everyone of those ages with any record of the condition, "
            "among all who are kept, and a register asks for more. A share far from England's is a reason to look at "
            "codes and codelists, and no finding about people."
        )
        yield table(
            "People with a record, beside the disease registers of England",
            quality.registers,
            {
                "Register": lambda one: one.name,
                "Ages": lambda one: one.ages,
                "People with a record #": lambda one: count(one.people),
                "Of people #": lambda one: count(one.of),
                "Share #": lambda one: share(one.people, one.of),
                "England #": lambda one: percent(one.england),
                "Compared": lambda one: _far(one.far),
            },
            folded=False,
        )
    yield table(
        "People with a record of each condition that can be assessed",
        quality.conditions,
        {
            "Condition": lambda one: one.name,
            "People #": lambda one: count(one.people),
            "Share of people kept #": lambda one: share(one.people, quality.people.kept),
        },
    )
    if quality.not_covered:
        yield table(
            "Conditions that cannot be assessed, as no codelist covers them", quality.not_covered, {"Condition": str}
        )


def _far(far: str | None) -> str:
    if far is None:
        return "too few people to compare"
    return f"Look at it: {far} {'of ' if far.endswith('third') else ''}England's" if far else "not far"


def units(quality: Quality) -> Iterator[Part]:
    """Measurements by unit."""
    if quality.units is None:
        yield said("There is no table of measurements.")
        return
    yield said("Results read a value only in the unit that they need, and a unit is never guessed.")
    everything = [one for found in quality.found.values() for one in found]
    found = [one for one in everything if one.where in ("measurements.unit", "measurements.value_as_number")]
    if found:
        yield table(
            "Found in all measurements",
            found,
            {
                "What was found": lambda one: upper(one.what),
                "Rows #": lambda one: count(one.rows),
                "What became of them": lambda one: upper(one.action),
            },
        )
    yield table(
        "Measurements that are kept, by unit, after conversion",
        quality.units,
        {
            "Measurement": lambda one: upper(one.name),
            "Unit": lambda one: one.unit or "no unit",
            "Rows #": lambda one: count(one.rows),
            "Of those, without a number #": lambda one: count(one.without_value),
            "Unit that results need": lambda one: one.wanted or "none set",
        },
    )


def dates(quality: Quality) -> Iterator[Part]:
    """First and last days, days that stand out, and dates of birth."""
    if quality.dates:
        yield said("Of all days 0.3% are a 1 January, and 3.3% the first of a month.")
        yield table(
            "Dates of each table",
            quality.dates,
            {
                "Table": lambda one: TITLES[one.table],
                "Rows #": lambda one: count(one.rows),
                "Earliest #": lambda one: day(one.earliest),
                "Latest #": lambda one: day(one.latest),
                "On 1 January #": lambda one: share(one.new_year, one.rows),
                "On the first of a month #": lambda one: share(one.first_of_month, one.rows),
                "Remarks": lambda one: upper("; ".join(one.remarks)) or "None",
            },
        )
    yield table(
        "What is known of dates of birth",
        quality.birth_precision.items(),
        {
            "Known": lambda one: PRECISIONS[one[0]],
            "People #": lambda one: count(one[1]),
            "Share of people kept #": lambda one: share(one[1], quality.people.kept),
        },
    )


def codelists(quality: Quality) -> Iterator[Part]:
    """The user's codelists, and what of them to look at."""
    if not quality.codelists:
        yield said(
            "None. The package's own lists of ICD-10 codes, which no clinician has reviewed, are used where they fit."
        )
        return
    yield table(
        "Codelists",
        quality.codelists,
        {
            "List": lambda one: one.codelist,
            "Version": lambda one: one.version,
            "System": lambda one: one.system,
            "Stands for": lambda one: one.stands_for.replace(":", ": ").replace("_", " "),
            "Codes #": lambda one: count(one.codes),
            "Review": lambda one: upper(one.review),
            "To be looked at #": lambda one: count(len(one.suspicious)),
        },
    )
    members = [(one.codelist, member) for one in quality.codelists for member in one.suspicious]
    if members:
        yield table(
            "Entries of codelists that somebody should look at",
            members,
            {
                "List": lambda one: one[0],
                "Code": lambda one: one[1].code or "the whole list",
                "Term": lambda one: one[1].term or "none given",
                "Why": lambda one: upper(one[1].why),
            },
        )


def cannot(quality: Quality) -> Iterator[Part]:
    """What these records cannot say."""
    if quality.not_assessed:
        yield Words(quality.not_assessed, "list")
    else:
        yield said("Nothing was found that cannot be assessed.")
    there = [one for one in (quality.contacts or {}).items() if one[1]]
    if there:
        yield table(
            "Contacts by kind",
            there,
            {"Kind": lambda one: upper(CONTACTS[one[0]]), "Rows #": lambda one: count(one[1])},
        )
