"""The chance of a first heart attack or stroke by QRISK3: people of each sex by band, and why others have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.anticipatory.score_agreement.found import everyone
from pcn_analysis.anticipatory.whom import NULL, OTHER, each
from pcn_analysis.counted import Counted
from pcn_analysis.engine import to_pandas
from pcn_analysis.provenance import Rate
from pcn_analysis.rules import ASSESSED, NOT_ASSESSED, PARTLY
from pcn_analysis.scores.qrisk3 import BANDS, DISCLAIMER, INPUTS, qrisk3_of
from pcn_analysis.statistics.rates import with_rates

if TYPE_CHECKING:
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable
    from pcn_analysis.scores.qrisk3 import Scored

SEXES = ("female", "male")
"""The sexes for which QRISK3 has equations."""
COUNTS = ("people", "scored", "registered")
SHARE = Rate("share", "people", "scored", interval=True)
OF_REGISTERED = Rate("share", "people", "registered")
AGE = INPUTS["age"]
BAND, ANY = "band of QRISK3", "any reason"
FOR_WHOM = (
    *(one.said for one in INPUTS.values() if one.kind == "exclusion"),
    f"{AGE.name} out of range ({AGE.lowest:g}–{AGE.highest:g})",
)
"""Reasons why QRISK3 is not for somebody; any other is that a value is missing or out of range."""


def qrisk3_by_sex(population: Population) -> SourcedTable:
    """Count people by band of QRISK3 and sex, on the index date.

    Returns
    -------
    SourcedTable
        One row a sex and band, the lowest band first: sex, band, people, scored (of the sex, with a score), registered
        (of the sex), share of the scored with limits, status, assumed (in words, all that was assumed of anyone),
        lacking (what records could not show) and disclaimer, which stands wherever any of this is shown. Whoever has no
        score is in no band. Where nobody can have a score there are no numbers.
    """
    found, people = _scored(population)
    rows = []
    for sex in SEXES:
        own = people[people["sex"] == sex]
        counts = own["qrisk3_band"].value_counts() if found.scores is not None else None
        for band in BANDS:
            row = {"sex": sex, "band": band, "registered": len(own)}
            known = {} if counts is None else {"people": int(counts.get(band, 0)), "scored": int(counts.sum())}
            rows.append(row | known)
    frame = pd.DataFrame(rows, columns=["sex", "band", *COUNTS]).astype(dict.fromkeys(COUNTS, "Int64"))
    full = PARTLY if found.unassessed else ASSESSED
    frame = frame.assign(
        status=NOT_ASSESSED if found.scores is None else full,
        assumed="; ".join(found.assumed),
        lacking="; ".join(found.unassessed),
        disclaimer=DISCLAIMER,
    )
    bands = each(BAND, BANDS)
    counted = {
        "people": Counted(by=("sex",), means={"band": bands} | NULL),
        "scored": Counted(by=("sex",), where=((BAND, tuple(BANDS)),), means=NULL),
        "registered": Counted(by=("sex",)),
    }
    return population.sourced(with_rates(frame, (SHARE,)), counts=COUNTS, rates=(SHARE,), counted=counted)


def qrisk3_without(population: Population) -> SourcedTable:
    """Count people without a score by QRISK3 by the reason for it; one person can have several.

    Returns
    -------
    SourcedTable
        One row a reason: reason, kind (whether QRISK3 is not for them, or a value is missing or out of range), people,
        registered, share; those of the first kind first. The first row is of everyone without a score. No rows where
        nobody can have a score.
    """
    found, people = _scored(population)
    counts = ("people", "registered")
    reason = Counted(where=((BAND, (OTHER,)),), groups=("reason=no QRISK3 score",), means={"reason": {ANY: ()}})
    counted = {"people": reason, "registered": Counted()}
    if found.scores is None:
        empty = pd.DataFrame(columns=["reason", "kind", *counts, "share"])
        return population.sourced(empty.astype({"reason": "str", "kind": "str"} | dict.fromkeys(counts, "Int64")),
                                  counts=counts, rates=(OF_REGISTERED,), counted=counted)  # fmt: skip
    without = people["qrisk3_missing"].dropna()
    reasons = (
        without.str.split("; ").explode().value_counts().sort_index().rename_axis("reason").reset_index(name="people")
    )
    not_for = reasons["reason"].isin(FOR_WHOM)
    parts = {
        "everyone without a score": pd.DataFrame({"reason": [ANY], "people": [len(without)]}),
        "not for them": reasons[not_for],
        "missing or out of range": reasons[~not_for],
    }
    frame = pd.concat([part.assign(kind=kind) for kind, part in parts.items()], ignore_index=True)
    frame = frame.assign(registered=len(people)).astype({"people": "Int64", "registered": "Int64"})
    kinds = {"counts": counts, "rates": (OF_REGISTERED,), "ranked_by": ("kind", "people")}
    return population.sourced(with_rates(frame, (OF_REGISTERED,)), **kinds, counted=counted)


def _scored(population: Population) -> tuple[Scored, pd.DataFrame]:
    """The scores of everyone registered, with their sex."""

    def find() -> tuple[Scored, pd.DataFrame]:
        people = everyone(population)
        found = qrisk3_of(population, people)
        sex = to_pandas(people.select("person_id", "sex"))
        if found.scores is None:
            return found, sex
        scores = to_pandas(found.scores.select("person_id", "qrisk3_band", "qrisk3_missing"))
        return found, sex.merge(scores, on="person_id", how="left")

    return population.once("QRISK3 of everyone", find)
