"""Read an extract in the OMOP Common Data Model, version 5.4."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.extracts import values
from pcn_analysis.extracts.feeds import Extract
from pcn_analysis.extracts.omop import people, records, visits
from pcn_analysis.extracts.omop.cdm import Cdm, open_cdm

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.extracts.delivery import Delivery

TITLE = "OMOP CDM extract"


def read(delivery: Delivery) -> Extract:
    """Say which rows of an OMOP delivery are rows of our tables.

    Parameters
    ----------
    delivery
        Holds a table ``person``. The tables of conditions, drugs, measurements, visits, observation periods, deaths,
        locations, care sites and concepts are optional: of what is not there nothing is known, and that is noted.

    Returns
    -------
    Extract
        Persons are everyone in ``person``. OMOP knows no registration dates. Whether a condition that is not there
        is one that a person does not have can be said only if there is a table of conditions. The extract was taken
        when ``cdm_source`` says that the source was released, else on the last day that anyone was observed.

    Raises
    ------
    PcnAnalysisError
        If there is no table ``person``, or a table lacks a column that it must have.
    """
    cdm = open_cdm(delivery)
    cdm.relations["visits"] = visits.with_kinds(cdm)
    feeds = (
        people.persons(cdm),
        people.observation_period(cdm),
        records.conditions(cdm),
        records.medications(cdm),
        records.measurements(cdm),
        visits.encounters(cdm),
    )
    return Extract(
        kind="omop",
        name=delivery.name,
        title=TITLE,
        feeds=tuple(feed for feed in feeds if feed),
        lists_everyone=True,
        lists_every_condition="condition_occurrence" in cdm.there,
        extract_date=_extract_date(cdm),
    )


def _extract_date(cdm: Cdm) -> dt.date | None:
    released = f"SELECT max({values.date('source_release_date')}) FROM {cdm.relations['cdm_source']}"
    observed = f"SELECT max({values.date('observation_period_end_date')}) FROM {cdm.relations['observation_period']}"
    return cdm.space.row(f"SELECT coalesce(({released}), ({observed}))")[0]
