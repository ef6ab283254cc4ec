"""Bring in records: every delivery through the door, read, held against itself, coded, linked and grouped.

Each step is a module of its own; this is their order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pcn_analysis.clinical_codes.folder import read_codelists, shipped
from pcn_analysis.exceptions import PcnAnalysisError, Problem
from pcn_analysis.extracts import linkage
from pcn_analysis.extracts.arrival import Arrived, arrive
from pcn_analysis.extracts.care import events_among, note_events, with_systems
from pcn_analysis.extracts.coding import CODED, Meanings, coded, find_meanings
from pcn_analysis.extracts.coverage import covered_conditions
from pcn_analysis.extracts.ethnicity import told_apart
from pcn_analysis.extracts.exclusions import EVENT_DATES, People, screened_homes, screened_people, screened_records
from pcn_analysis.extracts.findings import Findings
from pcn_analysis.extracts.identifiers import Door
from pcn_analysis.extracts.measured import in_units
from pcn_analysis.extracts.networks import in_networks
from pcn_analysis.extracts.observed import observed
from pcn_analysis.extracts.opt_outs import find_opted_out
from pcn_analysis.extracts.precedence import extract_day, leading_people, note_silence, of_one_delivery
from pcn_analysis.extracts.pseudonyms import Pseudonyms, read_key

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from pcn_analysis.clinical_codes.contract import Codelist
    from pcn_analysis.extracts.feeds import Extract
    from pcn_analysis.extracts.workspace import Workspace
    from pcn_analysis.place import Place


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
        How to read the other tables that there are, by name; people who left the place are still in them. The table
        ``care_homes`` is of nobody.
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
    extracts: Sequence[Extract]
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
    brought, ours = read_codelists(asked.codelists) if asked.codelists else [], shipped()
    key = read_key(asked.key, published) if asked.key else None
    pseudonyms = Pseudonyms(space, key, findings) if key else None
    arrived = arrive(asked, space, Door(key, findings), pseudonyms=pseudonyms, findings=findings, say=say)
    day = extract_day(asked.extract_date, arrived.extracts, arrived.tables, space)
    people = _who_stays(asked, arrived, day, space, pseudonyms=pseudonyms, findings=findings)
    records = _what_stays(arrived, people, day, space, findings)
    say("Looking up codes")
    found = find_meanings(space, records, brought, ours)
    covered = covered_conditions(space, arrived.extracts, records.get("conditions"), found, brought=brought, ours=ours)
    records = _understood(records, found, arrived.extracts, space, findings)
    given = arrived.tables.get("observation_period")
    periods = observed(space, people, given, records, extract_date=day, findings=findings)
    if "care_homes" in arrived.tables:
        records["care_homes"] = screened_homes(space, arrived.tables["care_homes"], findings)
    return Incoming(
        space=space,
        extracts=arrived.extracts,
        extract_date=day,
        people=people,
        persons=in_networks(space, people, place, findings),
        records=records | {"observation_period": periods},
        covered=covered,
        meanings=found,
        links=linkage.links(space, arrived.extracts, arrived.tables),
        codelists=brought,
        findings=findings,
        read=arrived.read,
    )


def _who_stays(
    asked: Asked,
    arrived: Arrived,
    day: dt.date,
    space: Workspace,
    *,
    pseudonyms: Pseudonyms | None,
    findings: Findings,
) -> People:
    """Everyone who stays, of the delivery that says who there is; that there is nobody is an error with its reasons."""
    persons = arrived.tables["persons"]
    opted_out = find_opted_out(asked.opt_outs, persons, space, pseudonyms, findings) if asked.opt_outs else None
    leading = told_apart(space, leading_people(persons, space, findings), findings)
    people = screened_people(space, leading, extract_date=day, opted_out=opted_out, findings=findings)
    if not people.rows:
        whole = arrived.extracts[0].name
        nobody = Problem(whole, "holds nobody who can be used", "Deliver the people with their records.")
        reasons = [one for one in findings.rows if one.where == "persons" and one.action == "left out"]
        raise PcnAnalysisError(
            nobody, *(Problem(one.where, f"{one.what}: {one.rows:,}, left out", "Nobody is left.") for one in reasons)
        )
    return people


def _what_stays(arrived: Arrived, people: People, day: dt.date, space: Workspace, findings: Findings) -> dict[str, str]:
    """How to read the records that stay, by table: those that can be used, and of what is counted no row twice."""
    records = {}
    for table in (one for one in EVENT_DATES if one in arrived.tables):
        rows = screened_records(space, table, arrived.tables[table], people, extract_date=day, findings=findings)
        if table == "care_events":  # of which delivery each is told from their codes
            records[table] = with_systems(space, rows, findings)
        else:
            records[table] = of_one_delivery(space, table, rows, arrived.extracts, findings)
    note_silence(space, records, day, findings)
    return records


def _understood(
    records: Mapping[str, str], found: Meanings, extracts: Sequence[Extract], space: Workspace, findings: Findings
) -> dict[str, str]:
    """Records with what their codes stand for, and measured values in units that are known; of events none twice."""
    understood = {
        table: coded(space, table, rows, found, findings) if table in CODED else rows for table, rows in records.items()
    }
    if "measurements" in understood:
        understood["measurements"] = in_units(space, understood["measurements"], findings)
    if events := events_among(space, records.get("conditions"), understood.get("care_events"), found, extracts):
        understood["care_events"] = of_one_delivery(space, "care_events", events, extracts, findings)
        note_events(space, understood["care_events"], findings)
    return understood
