"""Names of classes: the conditions that are over-represented in them.

A condition stands out in a class where it is at least ``TIMES`` as common as among everyone, and at least ``COMMON`` of
the class have it.

References
----------
Guisado-Clavero et al. 2018, Multimorbidity patterns in the elderly, BMC Geriatrics 18:16,
doi:10.1186/s12877-018-0705-7: patterns defined by a prevalence above 20% and a ratio of observed to expected above 2.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcn_analysis.segmentation.found.models import Numbers, Solution

TIMES, COMMON = 2.0, 0.20
"""Least ratio of observed to expected, and least share of a class, at which a condition stands out."""
NAMED = 3
"""Most conditions in a name."""
FEW, MIXED = "Few long-term conditions", "No condition stands out"


def over_represented(solution: Solution, features: Sequence[str], overall: Numbers) -> pd.DataFrame:
    """Say how common each condition is in each class and among everyone, and whether it stands out.

    Parameters
    ----------
    solution
        The classes.
    features
        Names of the conditions, in the order of the columns of the solution.
    overall
        Share of everyone who has each.

    Returns
    -------
    DataFrame
        One row a class and condition, the commonest first within each: segment (its number), condition, share,
        overall, ratio (share over overall; null where nobody has it), exclusivity (the share of those with the
        condition who are in the class), stands_out.
    """
    n, of = len(solution), len(features)
    frame = pd.DataFrame(
        {
            "segment": np.repeat(np.arange(n), of),
            "condition": np.tile(np.array(features, dtype=object), n),
            "share": solution.shares.ravel(),
            "overall": np.tile(overall, n),
        }
    )
    frame["ratio"] = frame["share"] / frame["overall"].where(frame["overall"] > 0)
    frame["exclusivity"] = frame["ratio"] * np.repeat(solution.weights, of)
    frame["stands_out"] = (frame["ratio"] >= TIMES) & (frame["share"] >= COMMON)
    return frame.sort_values(
        ["segment", "share", "condition"], ascending=[True, False, True], kind="stable", ignore_index=True
    )


def segment_names(solution: Solution, features: Sequence[str], overall: Numbers) -> list[str]:
    """Name each class by the commonest conditions that stand out in it; no name is given twice.

    Examples
    --------
    >>> from pcn_analysis.segmentation.found.models import Solution
    >>> two = Solution(np.array([0.8, 0.2]), np.array([[0.01, 0.02], [0.5, 0.6]]))
    >>> segment_names(two, ["Asthma, treated", "Dementia"], np.array([0.108, 0.136]))
    ['Few long-term conditions', 'Dementia; Asthma, treated']
    """
    table = over_represented(solution, features, overall)
    standing = table[table["stands_out"]].groupby("segment")["condition"].agg(list)
    few = solution.shares.sum(axis=1) < overall.sum()
    names = [_name(standing.get(one, []), bool(few[one])) for one in range(len(solution))]
    seen: Counter[str] = Counter()
    numbered = []
    for name in names:
        seen[name] += 1
        numbered.append(name if names.count(name) == 1 else f"{name} ({seen[name]})")
    return numbered


def _name(conditions: Sequence[str], few: bool) -> str:
    if not conditions:
        return FEW if few else MIXED
    more = len(conditions) - NAMED
    return "; ".join(conditions[:NAMED]) + (f"; and {more} more" if more > 0 else "")
