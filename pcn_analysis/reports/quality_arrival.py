"""Sections of a check on what came: deliveries, what became of rows, practices, and records over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.extracts.quality.kept import TITLES
from pcn_analysis.extracts.quality.practices import FEWEST_PEOPLE
from pcn_analysis.extracts.quality.sentences import none_stands_out
from pcn_analysis.reports.quality_parts import FOLDED, Bars, Part, Words, day, each, month, said, share, table, upper
from pcn_analysis.words import count, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcn_analysis.extracts.quality import Quality
    from pcn_analysis.extracts.quality.practices import Practice
    from pcn_analysis.extracts.quality.timing import Period

DONE = {
    "left out": ("Left out", "Nothing was left out."),
    "set to missing": ("Values set to missing; their rows are kept", "No value was set to missing."),
    "changed": ("Values changed", "No value was changed."),
    "noted": ("Noted, and kept as it is", "Nothing else was noted."),
}


def came(quality: Quality) -> Iterator[Part]:
    """What was delivered, and how much of it is kept."""
    people = quality.people
    yield said(
        f"The last day that these records know of is {day(quality.extract_date)}. "
        f"{number(people.read, 'person has', 'people have')} a row of their own; {count(people.left_out)} "
        f"{'is' if people.left_out == 1 else 'are'} left out and {count(people.kept)} kept. A person can have several "
        "rows, so that more rows than people can be left out."
    )
    yield table(
        "Deliveries; the first says who there is",
        quality.deliveries,
        {
            "Kind": lambda one: one.title,
            "File or folder": lambda one: one.name,
            "People": lambda one: "Everyone registered" if one.lists_everyone else "Those who were seen",
            "Conditions": lambda one: (
                "Every one of a person" if one.lists_every_condition else "Those of contacts only"
            ),
        },
    )
    columns = {
        "Table": lambda one: TITLES[one.table],
        "Rows read #": lambda one: count(one.read),
        "Left out #": lambda one: count(one.left_out),
        "Of people of practices elsewhere #": lambda one: count(one.elsewhere),
        "Kept #": lambda one: count(one.kept),
        "Share kept #": lambda one: share(one.kept, one.read),
    }
    if not any(one.elsewhere for one in quality.rows):
        del columns["Of people of practices elsewhere #"]
    yield table("Rows of each table", quality.rows, columns)
    for one in quality.rows:
        if one.difference > 0:
            more = f"{number(one.difference, 'row')} more than were read and not left out"
            yield said(f"{TITLES[one.table]}: {more}, as a code with several meanings makes a row of each.")
        elif one.difference < 0:
            further = f"{number(-one.difference, 'row')} more {'is' if one.difference == -1 else 'are'} not used"
            yield said(f"{TITLES[one.table]}: {further}: another delivery says who there is.")
    if quality.links:
        yield _links(quality)


def _links(quality: Quality) -> Part:
    return table(
        "People in two deliveries, before anything is left out",
        quality.links,
        {
            "First": lambda one: one.first,
            "Second": lambda one: one.second,
            "In both #": lambda one: count(one.both),
            "In the first only #": lambda one: count(one.only_first),
            "In the second only, and left out #": lambda one: count(one.only_second),
        },
    )


def found(quality: Quality) -> Iterator[Part]:
    """What was left out, set to missing, changed or noted."""
    yield said("Tables and columns are named as in the data dictionary.")
    columns = {
        "Table and column": lambda one: one.where,
        "What was found": lambda one: upper(one.what),
        "Rows, or people #": lambda one: count(one.rows),
    }
    for action, (title, nothing) in DONE.items():
        found = quality.found[action]
        yield table(title, found, columns, folded=len(found) > 2 * FOLDED) if found else said(nothing)


def practices(quality: Quality) -> Iterator[Part]:
    """How complete the records of each practice are."""
    yield said(
        "Shares are of the people who are kept, those who have died or left among them. Issues of medicines, and "
        "records of the last 12 months, are those of people who were alive and registered on the day of the extract. A "
        "practice stands out where a figure is less than half of the median practice's, or its records end early; "
        f"practices with fewer than {FEWEST_PEOPLE} people are not held against others."
    )
    out = [one for one in quality.practices if one.remarks]
    reasons = {"Practice": _called, "In what way": lambda one: upper("; ".join(one.remarks))}
    yield table("Practices that stand out", out, reasons) if out else said(none_stands_out(quality))
    known = {
        "Sex #": "sex",
        "Area #": "area",
        "Deprivation #": "deprivation",
        "Ethnicity #": "ethnicity",
        "Any condition #": "condition",
        "Any medicine #": "medicine",
        "Any measurement #": "measurement",
        "Any contact #": "contact",
    }
    yield table(
        "What is known of people, by practice",
        quality.practices,
        {"Practice": _called, "People #": lambda one: count(one.people)}
        | {
            title: lambda one, column=column: share(getattr(one, column), one.people) for title, column in known.items()
        },
    )
    yield table(
        "How deeply people are recorded, by practice",
        quality.practices,
        {
            "Practice": _called,
            "Alive and registered #": lambda one: count(one.present),
            "Different condition codes a person #": lambda one: each(one.condition_codes, one.people),
            "Issues a person, last 12 months #": lambda one: each(one.issues, one.present),
            "Any record, last 12 months #": lambda one: share(one.seen, one.present),
            "Latest record #": lambda one: month(one.latest) if one.latest else "not said",
        },
    )


def _called(one: Practice) -> str:
    return one.practice or "No practice"


def time(quality: Quality) -> Iterator[Part]:
    """Rows by month and year, drawn and written."""
    if not quality.coverage:
        yield said("No table has records with dates.")
        return
    yield said(
        "A month is low where it has less than half of the median of the six months before it and the six after. The "
        "month and the year of the extract are pale where they had not ended. Each drawing has its own scale, up to "
        "the number above it; all numbers are in the tables below."
    )
    for one in quality.coverage:
        yield Words((TITLES[one.table],), "heading")
        yield Bars(f"{TITLES[one.table]} by month", one.months)
        yield Bars(f"{TITLES[one.table]} by year", one.years)
    titles = [f"{TITLES[one.table]} #" for one in quality.coverage]
    counts = {title: lambda row, at=at: row[1][at] for at, title in enumerate(titles)}
    months = [
        (month(same[0].period), [_rows(one) for one in same])
        for same in zip(*(one.months for one in quality.coverage), strict=True)
    ]
    yield table("Rows by month", months, {"Month": lambda row: row[0]} | counts, folded=True)
    earlier = ("Earlier", [count(one.earlier) for one in quality.coverage])
    years = [
        (same[0].period, [_rows(one) for one in same])
        for same in zip(*(one.years for one in quality.coverage), strict=True)
    ]
    yield table("Rows by year", [earlier, *years], {"Year": lambda row: row[0]} | counts, folded=True)


def _rows(one: Period) -> str:
    return f"{count(one.rows)}{' (low)' if one.low else ''}{'' if one.whole else ' (not ended)'}"
