"""Who at risk of a stroke or heart attack is treated, has declined, or neither: counts for release under ``hes``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.anticipatory.caseload.reasons import missing_in_words
from pcn_analysis.anticipatory.whom import ADULT, NO, NULL, aged
from pcn_analysis.contract.clauses import clause
from pcn_analysis.contract.years import asked_year
from pcn_analysis.counted import Counted
from pcn_analysis.dates import months_before
from pcn_analysis.provenance import Rate
from pcn_analysis.rules import ASSESSED, NOT_ASSESSED, PARTLY
from pcn_analysis.scores.qrisk3 import BANDS, DISCLAIMER
from pcn_analysis.services.cardiovascular import incomplete
from pcn_analysis.services.service_table import service_rows
from pcn_analysis.statistics.rates import with_rates

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pcn_analysis.counted import Conditions
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable

SERVICE = "cardiovascular"
FOUR = 4
"""Points of CHA2DS2-VASc from which the last band is; our choice."""
TREATED, DECLINED, NEITHER = TREATMENT = ("treated", "declined", "neither")
NOT_AT_END: Conditions = (("end-of-life care", NO),)
STROKE_BAND, QRISK3_BAND = "CHA2DS2-VASc in atrial fibrillation", "band of QRISK3"
READ = ("age", "on_pc_register", "on_af_register", "cha2ds2_va", "cha2ds2_vasc", "qrisk3", "statins_date",
        "statin_declined_date", "oral_anticoagulants_date", "anticoagulant_declined_date")  # fmt: skip


def stroke_risk(population: Population, year: str = "") -> SourcedTable:
    """How many adults with atrial fibrillation have an anticoagulant, by CHA2DS2-VASc.

    Whoever declined, or for whom it is not suitable, is apart, unless it is issued all the same. Where sex decides and
    is not known, a person is in no band. End-of-life care is left out.

    Parameters
    ----------
    population
        The people of a network.
    year
        The contract year; that of the index date if none is given.

    Returns
    -------
    SourcedTable
        One row a band, the lowest risk first: band, advice (what NICE NG196 says of anticoagulation), people, treated,
        declined, neither, share (treated, of people) with limits, status, missing. No numbers where it could not be
        assessed.
    """
    year = asked_year(year, population.index_date)
    bands, adults = _stroke_bands(year), _adults(population, year)
    missing = [name for name in ("on_af_register", "cha2ds2_va", "oral_anticoagulants_date") if name not in adults]
    counts = _nothing(bands)
    if not missing:
        own = adults[adults["on_af_register"].fillna(False)]
        told = _treatment(own, "oral_anticoagulants", "anticoagulant", population, year)
        counts = _by_band(_stroke_band(own, [*bands], year), told, [*bands])
    rows = pd.DataFrame({"band": [*bands], "advice": [*bands.values()]}).join(counts)
    status = NOT_ASSESSED if missing else ASSESSED
    rows = rows.assign(status=status, missing=missing_in_words(missing))
    return _sourced(population, rows, Rate("share", TREATED, "people", interval=True), STROKE_BAND, TREATMENT)


def statin_by_risk(population: Population, year: str = "") -> SourcedTable:
    """How many adults with a high QRISK3 have declined a statin, and how many have no record of either.

    QRISK3 is for people without a statin: whoever had one in 12 months has no score and is not here, so that a share of
    those treated cannot be told. End-of-life care is left out.

    Parameters
    ----------
    population, year
        As in :func:`stroke_risk`.

    Returns
    -------
    SourcedTable
        One row a band of the chance from which a statin is offered, the lowest first: band, people, declined, neither,
        share (neither, of people) with limits, status, missing, and disclaimer, which stands wherever any of this is
        shown. No numbers where nobody can have a score.
    """
    year = asked_year(year, population.index_date)
    offer = clause("cvd_qrisk_offer", year).number
    bands, adults = {name: first for name, first in BANDS.items() if first >= offer}, _adults(population, year)
    missing = [name for name in ("qrisk3", "statins_date") if name not in adults]
    partly = [] if missing else incomplete(population).get("qrisk3", [])
    counts = _nothing(bands)
    if not missing:
        own = adults[adults["qrisk3"].ge(offer).fillna(False)]
        told = _treatment(own, "statins", "statin", population, year)
        counts = _by_band(_cut(own["qrisk3"], [*bands.values()], [*bands]), told, [*bands])
    rows = pd.DataFrame({"band": [*bands]}).join(counts.drop(columns=TREATED))
    status = NOT_ASSESSED if missing else PARTLY if partly else ASSESSED
    rows = rows.assign(status=status, missing=missing_in_words(missing or partly), disclaimer=DISCLAIMER)
    return _sourced(population, rows, Rate("share", NEITHER, "people", interval=True), QRISK3_BAND, TREATMENT[1:])


def _adults(population: Population, year: str) -> pd.DataFrame:
    """Adults who are not known to be in end-of-life care, with what is read of them, where it is there."""
    held = service_rows(population, SERVICE, year)
    rows = held[["person_id", *(name for name in READ if name in held)]]
    adult = rows["age"].ge(clause("cvd_adult_age", year).number).fillna(False)
    return rows[adult & ~rows["on_pc_register"].fillna(False)] if "on_pc_register" in rows else rows[adult]


def _treatment(rows: pd.DataFrame, group: str, event: str, population: Population, year: str) -> pd.Series:
    """Whether each person has a medicine, has declined it or may not have it, or neither."""

    def since(column: str, months: str) -> pd.Series:
        first = months_before(population.index_date, int(clause(months, year).number))
        if column not in rows:
            return pd.Series(False, index=rows.index)
        return rows[column].ge(pd.Timestamp(first)).fillna(False)

    words = pd.Series(NEITHER, index=rows.index, dtype="str")
    words = words.mask(since(f"{event}_declined_date", "cvd_declined_months"), DECLINED)
    return words.mask(since(f"{group}_date", f"cvd_{event}_months"), TREATED)


def _stroke_bands(year: str) -> dict[str, str]:
    """Bands of CHA2DS2-VASc, each with what NICE NG196 says of anticoagulation."""
    offer, consider = (int(clause(f"cvd_af_{one}", year).number) for one in ("offer", "consider"))
    return {
        "0, or 1 for sex alone": "not offered",
        f"{consider}, in a man": "considered",
        f"{offer} to {FOUR - 1}": "offered",
        f"{FOUR} or more": "offered",
    }


def _stroke_band(rows: pd.DataFrame, bands: Sequence[str], year: str) -> pd.Series:
    """The band of each person; null where sex decides and is not known."""
    offer, consider = (clause(f"cvd_af_{one}", year).number for one in ("offer", "consider"))
    without, score = rows["cha2ds2_va"], rows["cha2ds2_vasc"]
    found = _cut(score.fillna(without), [0, consider, offer, FOUR], bands).mask(without.eq(0), bands[0])
    return found.where(score.notna() | without.eq(0) | without.ge(offer))


def _cut(values: pd.Series, firsts: Sequence[float], names: Sequence[str]) -> pd.Series:
    """The class of each value, by where each begins."""
    return pd.cut(values.astype(float), [*firsts, float("inf")], right=False, labels=list(names)).astype("str")


def _nothing(bands: Collection[str]) -> pd.DataFrame:
    return pd.DataFrame(pd.NA, index=range(len(bands)), columns=["people", *TREATMENT], dtype="Int64")


def _by_band(bands: pd.Series, treatment: pd.Series, order: Sequence[str]) -> pd.DataFrame:
    """People of each band, and of these by treatment."""
    counts = {kind: bands[treatment == kind].value_counts().reindex(order, fill_value=0) for kind in TREATMENT}
    found = pd.DataFrame(counts).reset_index(drop=True).astype("Int64")
    found.insert(0, "people", found.sum(axis=1))
    return found


def _sourced(population: Population, rows: pd.DataFrame, share: Rate, band: str, kinds: Sequence[str]) -> SourcedTable:
    """The rows with their share, and whom each column counts."""
    where: Conditions = (*aged(ADULT), *NOT_AT_END)
    means: Mapping[Any, Any] = {"band": {one: ((band, (one,)),) for one in rows["band"]}} | NULL
    counted = {"people": Counted(where=where, means=means)}
    counted |= {kind: Counted(where=(*where, (f"treatment by {band}", (kind,))), means=means) for kind in kinds}
    return population.sourced(with_rates(rows, (share,)), counts=("people", *kinds), rates=(share,), counted=counted)
