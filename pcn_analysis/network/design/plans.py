"""Plans side by side: named, measured and held against today's networks.

Every plan is measured as today's networks are: on whole practices, with the same areas and the same rivals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from pcn_analysis.network.design.score import added_up, footprints_of, in_parts, score_sums
from pcn_analysis.network.design.state import moves_of

if TYPE_CHECKING:
    from pcn_analysis.network.design.ground import Ground

TODAY, NEW = "today", "new"
FEWEST, MOST = 3, 5
"""How many plans are shown, where there are as many."""
APART = 2
"""Practices by which two plans differ at least, as long as there are enough."""


def named(ground: Ground, plan: np.ndarray) -> np.ndarray:
    """Name a plan's networks after the networks of today that they continue.

    Networks are matched so that as few practices as possible move, and of these as few patients. A network that
    continues none is called new, with a number, largest first.

    Parameters
    ----------
    ground
        Practices and their networks of today.
    plan
        Position of each practice's network.
    """
    networks = int(plan.max()) + 1
    practices = added_up(ground.today, plan, networks)
    patients = added_up(ground.today * ground.lists[:, None], plan, networks)
    own, continued = linear_sum_assignment(practices + patients / (ground.lists.sum() + 1.0), maximize=True)
    names: dict[int, str] = {
        int(network): str(ground.networks[old])
        for network, old in zip(own, continued, strict=True)
        if practices[network, old] > 0
    }
    sizes = np.bincount(plan, ground.lists, networks)
    fresh = [int(network) for network in np.argsort(-sizes, kind="stable") if int(network) not in names]
    names |= {network: f"{NEW} {rank}" for rank, network in enumerate(fresh, start=1)}
    return np.array([names[int(network)] for network in plan])


def chosen(plans: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Choose plans that differ, in the order given: by two practices, or by one where there would be too few.

    Parameters
    ----------
    plans
        Position of each practice's network, by name of the plan.
    """
    kept: dict[str, np.ndarray] = {}
    for least in (APART, 1):
        for name, plan in plans.items():
            room = name not in kept and len(kept) < (MOST if least == APART else FEWEST)
            if room and all(different(plan, other) >= least for other in kept.values()):
                kept[name] = plan
    return {name: plan for name, plan in plans.items() if name in kept}


def different(one: np.ndarray, other: np.ndarray) -> int:
    """Practices by which two plans differ, when their networks are matched as well as they can be.

    Examples
    --------
    >>> different(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 1]))
    1
    """
    return moves_of((other[:, None] == np.arange(other.max() + 1)).astype(float), one, int(one.max()) + 1)


def measured(ground: Ground, plan: np.ndarray, band: tuple[int, int]) -> dict[str, Any]:
    """Measure one plan; a row of the table of plans.

    Parameters
    ----------
    ground
        Practices and areas.
    plan
        Position of each practice's network.
    band
        Fewest and most patients of a network.
    """
    networks = int(plan.max()) + 1
    sums = added_up(ground.patients.T, plan, networks)
    score = score_sums(sums, added_up(ground.registered, plan, networks), ground.everyone, ground.rival)
    sizes = np.bincount(plan, ground.lists, networks)
    footprint = footprints_of(sums, ground.rival)
    parts = [in_parts(ground, footprint, network, sums) for network in range(networks)]
    stays = ground.networks.get_indexer(named(ground, plan))[:, None] == np.arange(len(ground.networks))
    left = (ground.today.any(axis=1)) & ~(ground.today.astype(bool) & stays).any(axis=1)
    return {
        "networks": networks,
        "moves": int(left.sum()),
        "patients_moved": int(ground.lists[left].sum()),
        "localisation": score.localisation,
        "worst": score.worst,
        "worst_localisation": float(score.each_localisation.min()),
        "worst_commitment": float(score.each_commitment.min()),
        "smallest": int(sizes.min()),
        "largest": int(sizes.max()),
        "in_band": int(((sizes >= band[0]) & (sizes <= band[1])).sum()),
        "parts": sum(count for count, _ in parts),
        "main_part": min(share for _, share in parts),
    }


def efficient(rows: pd.DataFrame) -> pd.Series:
    """Whether no other plan is as good or better in moves, localisation and the worst-off network (Pareto).

    Parameters
    ----------
    rows
        moves, localisation and worst of each plan.

    Examples
    --------
    >>> rows = pd.DataFrame({"moves": [3, 5, 5], "localisation": [0.6, 0.7, 0.6], "worst": [0.4, 0.4, 0.4]})
    >>> efficient(rows).tolist()
    [True, True, False]
    """
    good = np.column_stack([-rows["moves"].to_numpy(float), rows["localisation"], rows["worst"]])
    as_good = (good[:, None] >= good).all(axis=2)
    better = (good[:, None] > good).any(axis=2)
    return pd.Series(~(as_good & better).any(axis=0), rows.index)
