"""Whole numbers that agree with all that is known, found by HiGHS and checked in whole numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

if TYPE_CHECKING:
    from pcn_analysis.release.audit.model import Model

FOUND, NONE, UNKNOWN = "found", "none", "unknown"
"""What a search ends with: numbers, the proof that there are none, or neither in time."""

_INFEASIBLE = 2
_SEED = 8
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
        found = _solve(must, near, time_limit, whole=whole)
        if found.x is None:
            return Answer(NONE if found.status == _INFEASIBLE else UNKNOWN)
        atoms[moving] = np.round(found.x[: moving.sum()]).astype(int)
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


def _solve(
    must: LinearConstraint, near: tuple[sparse.csr_array, np.ndarray] | None, time_limit: float, *, whole: bool
) -> Any:
    """Hand the rows to HiGHS; each sum that should be near a number has two variables for being off.

    Fractions of people are wanted in as few atoms as there can be, each weighed a little differently: then few of them
    are fractions.
    """
    size, off = must.A.shape[1], 0 if near is None else near[0].shape[0]
    wider = sparse.hstack([must.A, sparse.csr_array((must.A.shape[0], 2 * off))], format="csr") if off else must.A
    constraints = [LinearConstraint(wider, must.lb, must.ub)]
    if near is not None:
        unit = sparse.eye_array(off, format="csr")
        constraints.append(LinearConstraint(sparse.hstack([near[0], unit, -unit], format="csr"), near[1], near[1]))
    weights = np.zeros(size) if whole else np.random.default_rng(_SEED).uniform(0, 1, size)
    return milp(
        np.concatenate([weights, np.ones(2 * off)]),
        integrality=np.concatenate([np.full(size, int(whole)), np.zeros(2 * off)]),
        bounds=Bounds(0, np.inf),
        constraints=constraints,
        options={"time_limit": time_limit, "mip_rel_gap": _ENOUGH if off else 0.0},
    )
