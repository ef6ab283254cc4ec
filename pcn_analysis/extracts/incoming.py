"""Bring in records: every delivery through the door, read, held against itself, coded, linked and grouped.

Each step is a module of its own; this is their order.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pcn_analysis import tables
from pcn_analysis.clinical_codes.folder import read_codelists, shipped
from pcn_analysis.exceptions import PcnAnalysisError, Problem, problem
from pcn_analysis.extracts import adapters, linkage
from pcn_analysis.extracts.coding import CODED, Meanings, coded, covered, find_meanings
from pcn_analysis.extracts.exclusions import EVENT_DATES, People, screened_people, screened_records
from pcn_analysis.extracts.findings import Finding, Findings
from pcn_analysis.extracts.identifiers import Door, check_made, cut_to_month
from pcn_analysis.extracts.measured import in_units
from pcn_analysis.extracts.networks import in_networks
from pcn_analysis.extracts.observed import observed
from pcn_analysis.extracts.opt_outs import read_opt_outs
from pcn_analysis.extracts.pseudonyms import Pseudonyms, read_key
from pcn_analysis.extracts.typed import Typed, typed
from pcn_analysis.extracts.workspace import name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from pcn_analysis.clinical_codes.contract import Codelist
    from pcn_analysis.extracts.feeds import Extract, Feed
    from pcn_analysis.extracts.workspace import Workspace
    from pcn_analysis.place import Place


KEPT_DIGITS = "[1-9][0-9]{14}0+"
"""What a spreadsheet makes of a number of more than 15 digits."""


@dataclass(frozen=True)
class Asked:
    """What a user brings.

    Parameters
    ----------
    deliveries
        Path of each delivery, by its kind: ``tables``, ``gp_extract``, ``wide``, ``omop``, ``hospital``.
    mapping, layout
        Mapping file of a wide delivery; layout file of a GP extract that is none of those known.
    codelists
        Folder of codelists.
    extract_date
        The day that the records were taken, where the delivery does not say so.
    key
        File with the key of pseudonyms; identifiers are refused without one.
    opt_outs
        File of people to leave out.
    """

    deliveries: Mapping[str, Path]
    mapping: Path | None = None
    layout: Path | None = None
    codelists: Path | None = None
    extract_date: dt.date | None = None
    key: Path | None = None
    opt_outs: Path | None = None


@dataclass
class Incoming:
    """Records that have come in, while their workspace is open.

    Parameters
    ----------
    space
        The workspace.
    extracts
        What was delivered, the one that says who there is first.
    extract_date
        The last day that is known of.
    people
        Everyone who stays.
    persons
        How to read ``tables.PERSONS`` with ``pcn_code``.
    records
        How to read the other tables that there are, by name; people who left the place are still in them.
    covered
        Conditions that the records were coded for.
    meanings
        What the codes stand for.
    links
        Who is in which delivery, in counts.
    codelists
        The lists that the user brought.
    findings
        Everything that was found.
    read
        Rows read of each table, before anything was left out.
    """

    space: Workspace
    extracts: list[Extract]
    extract_date: dt.date
    people: People
    persons: str
    records: dict[str, str]
    covered: frozenset[str]
    meanings: Meanings
    links: list[linkage.Link]
    codelists: list[Codelist]
    findings: Findings
    read: dict[str, int] = field(default_factory=dict)


def bring_in(
    asked: Asked,
    place: Place | None,
    space: Workspace,
    say: Callable[[str], None] = lambda _: None,
    published: Sequence[Path] = (),
) -> Incoming:
    """Bring in everything that a user brings.

    Parameters
    ----------
    asked
        What they bring.
    place
        The prepared place that people are held against; None where there is none.
    space
        Where it is worked on.
    say
        Called with a line for each step.
    published
        Folders that may be published, where no key may lie.

    Raises
    ------
    PcnAnalysisError
        If something cannot be read at all, holds identifiers, or leaves nobody.
    """
    findings = Findings()
    lists = read_codelists(asked.codelists) if asked.codelists else []
    key = read_key(asked.key, published) if asked.key else None
    pseudonyms = Pseudonyms(space, key, findings) if key else None
    extracts = _read(asked, space, Door(key, findings), findings, say)
    say("Holding rows against each other")
    parts = _typed(extracts, space, pseudonyms, findings)
    extract_date = _extract_date(asked, extracts, parts, space)
    together = {table: _together(table, parts) for table in tables.NAMED if any(one.table == table for one in parts)}
    opted_out = _opted_out(asked, together, space, pseudonyms, findings)
    leading = _leading(together["persons"], space, findings)
    _note_twice(together, space, findings)
    people = screened_people(space, leading, extract_date=extract_date, opted_out=opted_out, findings=findings)
    if not people.rows:
        nobody = Problem(extracts[0].name, "holds nobody who can be used", "Deliver the people with their records.")
        reasons = [one for one in findings.rows if one.where == "persons" and one.action == "left out"]
        raise PcnAnalysisError(nobody, *map(_nobody_left, reasons))
    records = {
        table: screened_records(space, table, together[table], people, extract_date=extract_date, findings=findings)
        for table in EVENT_DATES
        if table in together
    }
    say("Looking up codes")
    ours = shipped()
    found = find_meanings(space, records, lists, ours)
    records |= {table: coded(space, table, records[table], found, findings) for table in CODED if table in records}
    if "measurements" in records:
        records["measurements"] = in_units(space, records["measurements"], findings)
    given = together.get("observation_period")
    periods = observed(space, people, given, records, extract_date=extract_date, findings=findings)
    return Incoming(
        space=space,
        extracts=extracts,
        extract_date=extract_date,
        people=people,
        persons=in_networks(space, people, place, findings),
        records=records | {"observation_period": periods},
        covered=_covered(space, extracts, together, lists, ours),
        meanings=found,
        links=linkage.links(space, extracts, together),
        codelists=lists,
        findings=findings,
        read={one: sum(part.rows for part in parts if part.table == one) for one in together},
    )


def _read(asked: Asked, space: Workspace, door: Door, findings: Findings, say: Callable[[str], None]) -> list[Extract]:
    """Every delivery, read by the adapter of its kind; identifiers in any of them are told together."""
    extracts = []
    for kind in (one for one in adapters.ORDER if one in asked.deliveries):
        say(f"Reading {asked.deliveries[kind].name}")
        extracts.append(adapters.read(kind, asked, space, findings, door))
    door.check()
    if not any(feed.table == "persons" for feed in extracts[0].feeds):
        raise problem(extracts[0].name, "does not say who there is", "Bring a delivery with people.")
    return extracts


def _typed(extracts: list[Extract], space: Workspace, pseudonyms: Pseudonyms | None, findings: Findings) -> list[Typed]:
    """Every feed, its values read, under pseudonyms where there is a key, and without identifiers in any case."""
    parts = []
    for index, extract in enumerate(extracts):
        for feed in extract.feeds:
            part = typed(space, feed, findings, index)
            _check_digits(space, feed, part)
            if pseudonyms:
                relation = pseudonyms.replaced(part.relation, f"{part.table}.person_id")
                if part.table == "persons":
                    relation = f"({cut_to_month(relation)})"
                part = Typed(part.table, relation, part.rows)
            words = [one.name for one in tables.NAMED[part.table].columns if one.kind == "string" and not one.pattern]
            check_made(space, part.table, part.relation, words)
            if part.table == "persons" and not pseudonyms:
                _check_births(space, feed, part)
            parts.append(part)
    return parts


def _check_digits(space: Workspace, feed: Feed, part: Typed) -> None:
    """Refuse identifiers of people of which a spreadsheet has kept 15 digits: one stands for several people."""
    rounded, long = space.row(
        f"SELECT count(*) FILTER (regexp_full_match(person_id, '{KEPT_DIGITS}')), count(*) FROM "
        f"(SELECT DISTINCT person_id FROM {part.relation} WHERE regexp_full_match(person_id, '[0-9]{{16,}}'))"
    )
    if rounded > 1 and 2 * rounded > long:
        what = f"{rounded:,} of {long:,} long identifiers of people end in zeros, as a spreadsheet writes them"
        raise problem(f"{feed.where}, person_id", what, "Export it again, and do not open it in a spreadsheet.")


def _check_births(space: Workspace, feed: Feed, part: Typed) -> None:
    """Refuse dates of birth with their day, whatever their column was called: there is no key to cut them by."""
    days = space.row(
        f"SELECT count(*) FROM {part.relation} WHERE birth_precision = 'day' AND day(birth_date) NOT IN (1, 15)"
    )[0]
    if days:
        remedy = "Give the month of birth (its 15th, with birth_precision month), or a key: --pseudonymise KEYFILE."
        raise problem(f"{feed.where}, date of birth", f"holds {days:,} dates of birth with their day", remedy)


def _opted_out(
    asked: Asked, together: dict[str, str], space: Workspace, pseudonyms: Pseudonyms | None, findings: Findings
) -> str | None:
    """How to read the list of people to leave out."""
    if not asked.opt_outs:
        return None
    listed = read_opt_outs(asked.opt_outs, space, pseudonyms, findings)
    listed.check_share(space, together["persons"])
    among = f"SELECT DISTINCT person_id FROM {together['persons']}"
    found = space.row(f"SELECT count(*) FROM {listed.relation} JOIN ({among}) USING (person_id)")[0]
    findings.add(listed.name, "people listed as opted out", listed.people, "noted")
    findings.add(listed.name, "people listed as opted out who are in no delivery", listed.people - found, "noted")
    return listed.relation


def _leading(persons: str, space: Workspace, findings: Findings) -> str:
    """Rows of the delivery that says who there is; an opt-out or a death in any delivery is one in all of them."""
    others = (
        f"SELECT person_id, min(_opted_out) AS opted_out_elsewhere, min(death_date) AS died_elsewhere "
        f"FROM {persons} WHERE _feed > 0 GROUP BY person_id"
    )
    joined = f"(SELECT * FROM {persons} AS everyone LEFT JOIN ({others}) AS others USING (person_id) WHERE _feed = 0)"
    deaths = f"SELECT count(*) FROM {joined} WHERE death_date IS NULL AND died_elsewhere IS NOT NULL"
    findings.add("persons.death_date", "death known from another delivery only", space.row(deaths)[0], "changed")
    return (
        "(SELECT persons.* EXCLUDE (opted_out_elsewhere, died_elsewhere) REPLACE ("
        "coalesce(_opted_out, opted_out_elsewhere) AS _opted_out, coalesce(death_date, died_elsewhere) AS death_date) "
        f"FROM {joined} AS persons)"
    )


def _note_twice(together: dict[str, str], space: Workspace, findings: Findings) -> None:
    """Count contacts that look the same in two deliveries: nobody can say whether they are one."""
    if "encounters" not in together:
        return
    same = (
        f"SELECT 1 FROM {together['encounters']} GROUP BY person_id, visit_type, visit_start_date "
        "HAVING count(DISTINCT _feed) > 1"
    )
    twice = space.row(f"SELECT count(*) FROM ({same})")[0]
    what = "contacts of the same person, kind and day in two deliveries, counted twice"
    findings.add("encounters", what, twice, "noted")


def _nobody_left(finding: Finding) -> Problem:
    return Problem(finding.where, f"{finding.what}: {finding.rows:,}, {finding.action}", "Nobody is left.")


def _together(table: str, parts: list[Typed]) -> str:
    """All rows of one table, from whichever delivery."""
    union = " UNION ALL BY NAME ".join(f"SELECT * FROM {one.relation}" for one in parts if one.table == table)
    return f"({union})"


def _extract_date(asked: Asked, extracts: list[Extract], parts: list[Typed], space: Workspace) -> dt.date:
    """The last day that is known of: as asked, else as the deliveries say."""
    stated = [one.extract_date for one in extracts if one.extract_date]
    if not asked.extract_date and len(set(stated)) > 1:
        days = ", ".join(sorted({day.isoformat() for day in stated}))
        remedy = "Bring deliveries of one day, or say with --extract-date up to when all of them know."
        raise problem("--extract-date", f"the deliveries are of different days: {days}", remedy)
    if asked.extract_date or stated:
        return asked.extract_date or stated[0]
    dated = [(name(EVENT_DATES[one.table]), one.relation) for one in parts if one.table in EVENT_DATES]
    days = " UNION ALL ".join(f"SELECT max({column}) AS day FROM {relation}" for column, relation in dated)
    last = space.row(f"SELECT max(day) FROM ({days})")[0] if dated else None
    hint = f"The last date in them is {last}. " if last else ""
    raise problem("--extract-date", "nothing says when the records were taken", f"{hint}Give --extract-date.")


def _covered(
    space: Workspace,
    extracts: list[Extract],
    together: dict[str, str],
    brought: Sequence[Codelist],
    ours: Sequence[Codelist],
) -> frozenset[str]:
    """Conditions that the records were coded for, by deliveries that list every condition of a person.

    A list that the user brought covers its condition in any system that occurs; one that is shipped only in the
    system that most rows are coded in: a stray code of ICD-10 says nothing of all the others.
    """
    complete = [index for index, one in enumerate(extracts) if one.lists_every_condition]
    named = {slug for one in extracts for slug in one.covered}
    if "conditions" not in together or not complete:
        return frozenset(named)
    feeds = ", ".join(map(str, complete))
    counted = f"SELECT code_system, count(*) FROM {together['conditions']} WHERE _feed IN ({feeds}) GROUP BY 1"
    present = {str(system): int(rows) for system, rows in space.rows(counted) if system}
    main = {system: rows for system, rows in present.items() if 2 * rows > sum(present.values())}
    return frozenset(named | covered(present, brought) | covered(main, ours))
