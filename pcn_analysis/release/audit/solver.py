"""Numbers that agree with all that is known, of whole people or of fractions, found by HiGHS and checked when whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import highspy
import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from pcn_analysis.release.audit.model import MANY

if TYPE_CHECKING:
    from pcn_analysis.release.audit.model import Model

FOUND, NONE, UNKNOWN = "found", "none", "unknown"
"""What a search ends with: numbers, the proof that there are none, or neither in time."""

_INFEASIBLE = 2
_SEED = 8
_WISHED = 10.0
"""What it costs to be off what is wished for by one; a person costs at most one."""
_ENOUGH = 0.5
"""Relative gap at which a search for numbers near a wish ends: any that agree will do."""


class Answer(NamedTuple):
    """What a search found: how it ended, and numbers, which agree with all that is known where it ended well."""

    status: str
    atoms: np.ndarray | None = None


class Wish(NamedTuple):
    """What numbers are looked for.

    Attributes
    ----------
    near
        Rows × atoms, and the numbers that these sums should be near.
    exactly
        Rows × atoms, and the numbers that these sums must be.
    """

    near: tuple[sparse.csr_array, np.ndarray] | None = None
    exactly: tuple[sparse.csr_array, np.ndarray] | None = None


def search(
    model: Model,
    wish: Wish,
    *,
    time_limit: float,
    free: np.ndarray | None = None,
    around: np.ndarray | None = None,
    whole: bool = True,
) -> Answer:
    """Look for whole numbers that agree with all that is known.

    Parameters
    ----------
    model
        What is known.
    wish
        Which of them are looked for.
    time_limit
        Seconds.
    free, around
        The atoms that are looked for, and numbers for the others. What is known of others as well is left out, so that
        there are none is proof; those that are found are held to it afterwards.
    whole
        Whether people have to be whole. If not, fractions of people are looked for, which is quick, and rounded: where
        the rounded numbers do not agree, how it ended is unknown, and they are near to some that do.
    """
    moving = model.possible if free is None else model.possible & free
    rows, low, high = _rows(model, wish)
    inside = np.diff(rows[:, model.possible & ~moving].indptr) == 0
    rows, low, high = rows[inside][:, moving], low[inside], high[inside]
    used = np.diff(rows.indptr) > 0
    if ((low > 0) | (high < 0))[~used].any():
        return Answer(NONE)
    atoms = np.zeros(model.size, int) if around is None else around.copy()
    if used.any():
        must = LinearConstraint(rows[used], low[used], high[used])
        near = None if wish.near is None else (wish.near[0][:, moving], wish.near[1])
        status, found = (_solve if whole else _solve_by_fractions)(*_written(must, near), time_limit)
        if found is None:
            return Answer(status)
        atoms[moving] = np.round(found[: moving.sum()]).astype(int)
    agree = model.holds(atoms) and (wish.exactly is None or bool((wish.exactly[0] @ atoms == wish.exactly[1]).all()))
    return Answer(FOUND if agree else UNKNOWN, atoms)


def _rows(model: Model, wish: Wish) -> tuple[sparse.csr_array, np.ndarray, np.ndarray]:
    """All rows that must hold, with their ranges."""
    nothing = np.zeros(model.agreements.shape[0], int)
    blocks = [model.cells, model.agreements, model.links]
    lows, highs = [model.low, nothing, -model.within], [model.high, nothing, model.within]
    if wish.exactly is not None:
        blocks.append(wish.exactly[0])
        lows.append(wish.exactly[1])
        highs.append(wish.exactly[1])
    return sparse.vstack(blocks, format="csr"), np.concatenate(lows), np.concatenate(highs)


def _written(
    must: LinearConstraint, near: tuple[sparse.csr_array, np.ndarray] | None
) -> tuple[LinearConstraint, int, int]:
    """Rows, and how many atoms and other variables they have: two for each sum that should be near a number."""
    size, off = must.A.shape[1], 0 if near is None else near[0].shape[0]
    if near is None:
        return must, size, 0
    unit = sparse.eye_array(off, format="csr")
    wider = sparse.hstack([must.A, sparse.csr_array((must.A.shape[0], 2 * off))], format="csr")
    rows = sparse.vstack([wider, sparse.hstack([near[0], unit, -unit], format="csr")], format="csr")
    return LinearConstraint(rows, np.append(must.lb, near[1]), np.append(must.ub, near[1])), size, 2 * off


def _solve(must: LinearConstraint, size: int, off: int, time_limit: float) -> tuple[str, np.ndarray | None]:
    """Find whole numbers, with as little off as is quickly found; or end without."""
    found = milp(
        np.concatenate([np.zeros(size), np.ones(off)]),
        integrality=np.concatenate([np.ones(size), np.zeros(off)]),
        bounds=Bounds(0, np.inf),
        constraints=must,
        options={"time_limit": time_limit, "mip_rel_gap": _ENOUGH if off else 0.0},
    )
    return NONE if found.status == _INFEASIBLE else UNKNOWN, found.x


def _solve_by_fractions(
    must: LinearConstraint, size: int, off: int, time_limit: float
) -> tuple[str, np.ndarray | None]:
    """Find numbers that need not be whole, as near as can be to what is wished for, and in few atoms.

    Then few are not whole. The interior-point method is several times as quick as the simplex
    method where there are many populations. That it finds none is no proof: it gives up where there seem to be none.
    """
    weights = np.random.default_rng(_SEED).uniform(0, 1, size)
    solver = highspy.Highs()
    for option, setting in (("output_flag", False), ("threads", 1), ("solver", "ipm"), ("time_limit", time_limit)):
        solver.setOptionValue(option, setting)
    costs = np.concatenate([weights, np.full(off, _WISHED)])
    solver.passModel(programme(must.A, must.lb, must.ub, costs, np.full(size + off, highspy.kHighsInf)))
    solver.run()
    solved = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return UNKNOWN, np.array(solver.getSolution().col_value) if solved else None


def programme(
    rows: sparse.csr_array, low: np.ndarray, high: np.ndarray, costs: np.ndarray, upper: np.ndarray
) -> highspy.HighsLp:
    """A linear programme: numbers from 0 to ``upper`` with sums from ``low`` to ``high``, at the least cost."""
    columns, made = sparse.csc_array(rows), highspy.HighsLp()
    made.num_row_, made.num_col_ = columns.shape
    made.col_cost_, made.col_lower_, made.col_upper_ = costs, np.zeros(len(costs)), upper
    made.row_lower_, made.row_upper_ = low.astype(float), np.where(high < MANY, high, highspy.kHighsInf)
    made.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    made.a_matrix_.start_, made.a_matrix_.index_ = columns.indptr, columns.indices
    made.a_matrix_.value_ = columns.data.astype(float)
    return made
