"""What of the scores could not be assessed on some people, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.anticipatory.score_agreement.cardiovascular import qrisk3_by_sex
from pcn_analysis.anticipatory.score_agreement.found import scores_of
from pcn_analysis.anticipatory.score_agreement.reviews import ANY, by_tier, hazardous_combinations
from pcn_analysis.rules import ASSESSED

if TYPE_CHECKING:
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable


def not_assessed(population: Population) -> SourcedTable:
    """List what could not be assessed in full, and what it lacks.

    Returns
    -------
    SourcedTable
        One row a score and variant, tier or combination that was not assessed or in part only: score, which, status,
        lacking. Words only.
    """
    rows = [
        (score.name, one.title, one.status, one.lacking) for score in scores_of(population) for one in score.variants
    ]
    scored = qrisk3_by_sex(population).frame.iloc[0]
    rows.append(("QRISK3", "QRISK3-2017", scored["status"], scored["lacking"]))
    rows += [
        (f"Risk tiers: {row.condition}", row.tier, row.status, row.lacking)
        for row in by_tier(population).frame.itertuples()
        if row.lacking
    ]
    rows += [
        ("Hazardous medicines", row.combination, row.status, row.lacking)
        for row in hazardous_combinations(population).frame.itertuples()
        if row.combination != ANY
    ]
    rows = [row for row in rows if row[2] != ASSESSED]
    return population.sourced(pd.DataFrame(rows, columns=["score", "which", "status", "lacking"], dtype="str"))
