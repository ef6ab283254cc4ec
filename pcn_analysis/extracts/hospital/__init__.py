"""Read hospital records: HES and SUS admitted care, HES A&E, the Emergency Care Data Set (ECDS), HES outpatients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.extracts.feeds import Extract
from pcn_analysis.extracts.hospital import admissions, contacts
from pcn_analysis.extracts.hospital.columns import open_records
from pcn_analysis.extracts.hospital.diagnoses import conditions
from pcn_analysis.extracts.hospital.people import persons

if TYPE_CHECKING:
    from pcn_analysis.extracts.delivery import Delivery

TITLE = "Hospital records (admitted care, A&E, outpatients)"


def read(delivery: Delivery) -> Extract:
    """Say which rows of hospital files are rows of our tables.

    Parameters
    ----------
    delivery
        Holds files of at least one kind. Which kind a file is of is told from its columns, not its name; several
        files of one kind, such as one a year, are read as one.

    Returns
    -------
    Extract
        Persons are only those who were seen, and conditions only what was diagnosed there, so that nobody can be said
        not to have one. People are the same where their pseudonyms are the same, and never otherwise.

    Raises
    ------
    PcnAnalysisError
        If there is no file of a kind that is known, or one lacks a column that it must have.
    """
    records = open_records(delivery)
    if "apc" in records.relations:
        records.relations["apc"] = admissions.with_spells(records)
    feeds = (
        persons(records),
        admissions.encounters(records),
        contacts.attendances(records, "ae"),
        contacts.attendances(records, "ecds"),
        contacts.appointments(records),
        *(conditions(records, kind) for kind in ("apc", "ecds", "op")),
    )
    return Extract(
        kind="hospital",
        name=delivery.name,
        title=TITLE,
        feeds=tuple(feed for feed in feeds if feed),
        lists_everyone=False,
        lists_every_condition=False,
    )
