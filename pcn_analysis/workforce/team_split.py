"""Who does what in a team whose posts are settled: the most weighted hours, and the usual role of a task first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from pcn_analysis.workforce.team_checks import UNIT

if TYPE_CHECKING:
    from pcn_analysis.workforce.team_inputs import Case


def shared_out(case: Case, parts: tuple[int, ...]) -> tuple[float, np.ndarray]:
    """Weighted hours that a team covers, and who does what: the usual role of a task first."""
    task, role = pairs_of(case)
    split = np.zeros((len(case.work), len(case.roles)))
    if not len(task):
        return 0.0, split
    each, base = capacity_of(case)
    hours = np.array([one.hours for one in case.work])
    limits = np.concatenate([hours, base + each * np.array(parts)])
    pair = np.arange(len(task))
    matrix = sparse.csr_array(
        (np.ones(2 * len(pair)), (np.concatenate([task, len(hours) + role]), np.concatenate([pair, pair])))
    )
    matrix.resize(len(limits), len(pair))
    within = LinearConstraint(matrix, np.full(len(limits), -np.inf), limits)
    weights = np.array([one.weight for one in case.work])[task]
    most = milp(-weights, constraints=[within], bounds=Bounds(0, np.inf))
    least = LinearConstraint(sparse.csr_array(weights[None, :]), -most.fun * (1 - 1e-9), np.inf)
    ranks = np.array([case.work[one].roles.index(other) for one, other in zip(task, role, strict=True)], dtype=float)
    usual = milp(ranks, constraints=[within, least], bounds=Bounds(0, np.inf))
    values = most.x if usual.x is None else usual.x
    split[task, role] = np.clip(values, 0, None).round(6)
    return 0.0 - float(most.fun), split


def pairs_of(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the task and of the role of every pair that may be."""
    pairs = [(task, role) for task, one in enumerate(case.work) for role in sorted(one.roles)]
    return np.array([task for task, _ in pairs], dtype=int), np.array([role for _, role in pairs], dtype=int)


def capacity_of(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """Contact hours a month of one part of each role, and of the staff who stay."""
    hours = np.array([one.hours for one in case.roles])
    return hours * case.part / UNIT, hours * np.array([one.base for one in case.roles]) / UNIT
