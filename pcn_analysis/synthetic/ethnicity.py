"""Ethnic category of synthetic people: England's shares, drawn by chance alone, and not known of everyone.

Shares are those of the Census of 2021 (ONS TS021; ``codelists/synthetic_ethnicity.csv``), everywhere and at every age
alike. It depends on nothing but the practice, which records it for more or fewer of its people; and nothing depends on
it but the highest body mass index of those who are to be on no obesity register, as QOF counts some categories from
27.5.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from pcn_analysis import codelists
from pcn_analysis.tables.records import NOT_STATED

NOT_RECORDED = (0.02, 0.25)
UNSTATED = (0.01, 0.06)
"""Lowest and highest share of a practice's people whose category is not recorded, or who did not state it; invented."""


@cache
def shares() -> dict[str, float]:
    """Share of each of the 19 categories among the usual residents of England.

    Examples
    --------
    >>> round(shares()["White: Irish"], 4)
    0.0087
    """
    people = {row["ethnicity"]: int(row["people"]) for row in codelists.rows("synthetic_ethnicity")}
    return {name: number / sum(people.values()) for name, number in people.items()}


def draw_ethnicity(practice: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw the ethnic category as each person's practice has it.

    Parameters
    ----------
    practice
        Practice code of each person.
    rng
        Source of random numbers, used for nothing else, so that all else is drawn as it would be without.

    Returns
    -------
    array of object
        Words of the list, ``Not stated``, or None where nothing was recorded.
    """
    names, own = np.unique(practice.astype(str), return_inverse=True)
    unrecorded, unstated = (rng.uniform(*limits, len(names))[own] for limits in (NOT_RECORDED, UNSTATED))
    found = rng.choice(np.array(list(shares()), dtype=object), len(practice), p=list(shares().values()))
    chance = rng.random(len(practice))
    found[chance < unrecorded + unstated] = NOT_STATED
    found[chance < unrecorded] = None
    return found
