"""What forces a number into a narrow range: the cells whose ranges cannot be done without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

if TYPE_CHECKING:
    from pcn_analysis.release.audit.cells import Cell
    from pcn_analysis.release.audit.model import Model

_NOUGHT = 1e-7


def forcing(model: Model, row: sparse.csr_array) -> list[int]:
    """Cells, by number, whose ranges force the smallest or the largest value of a sum of atoms.

    They are those with a shadow price in the linear programme, with fractions of people allowed: their ranges alone
    give the same bounds. What follows only from people being whole is not told apart.

    Parameters
    ----------
    model
        What is known.
    row
        The sum, as a row of weights of atoms.
    """
    weights = row.toarray()[0][model.possible].astype(float)
    prices = np.zeros(len(model.known), bool)
    for sign in (1, -1):
        found = _programme(model, sign * weights)
        if found.status == 0:
            above, below = np.split(found.ineqlin.marginals[: 2 * len(model.known)], 2)
            prices |= (np.abs(above) > _NOUGHT) | (np.abs(below) > _NOUGHT)
    return np.flatnonzero(prices).tolist()


def contradicting(model: Model) -> list[int]:
    """Cells, by number, that cannot all be true; none where only people being whole makes it so.

    They are those with a shadow price where ranges may be left, by as little as possible.
    """
    size, cells = int(model.possible.sum()), len(model.known)
    weights = np.concatenate([np.zeros(size), np.ones(2 * cells)])
    found = _programme(model, weights, loose=True)
    if found.status != 0 or found.fun < _NOUGHT:
        return []
    above, below = np.split(found.ineqlin.marginals[: 2 * cells], 2)
    return np.flatnonzero((np.abs(above) > _NOUGHT) | (np.abs(below) > _NOUGHT)).tolist()


def _programme(model: Model, weights: np.ndarray, *, loose: bool = False):
    """Solve the linear programme; where it is loose, each cell has two more variables for leaving its range."""
    cells, agreements, links = (rows[:, model.possible] for rows in (model.cells, model.agreements, model.links))
    count = cells.shape[0]
    unit, none = sparse.eye_array(count), sparse.csr_array((count, count))
    above, below, more = [cells], [-cells], 0
    if loose:
        above, below, more = [cells, -unit, none], [-cells, none, -unit], 2 * count
    wider = [sparse.csr_array((rows.shape[0], more)) for rows in (links, agreements)]
    return linprog(
        weights,
        A_ub=sparse.vstack(
            [
                sparse.hstack(above),
                sparse.hstack(below),
                sparse.hstack([links, wider[0]]),
                sparse.hstack([-links, wider[0]]),
            ]
        ),
        b_ub=np.concatenate([model.high, -model.low, model.within, model.within]).astype(float),
        A_eq=sparse.hstack([agreements, wider[1]]) if agreements.shape[0] else None,
        b_eq=np.zeros(agreements.shape[0]) if agreements.shape[0] else None,
        method="highs",
    )


def remedy(model: Model, cells: list[int], shown: tuple[str, ...]) -> str:
    """What to do so that cells no longer force a number: which breakdown to coarsen, or which cell to withhold.

    Parameters
    ----------
    model
        What is known.
    cells
        The cells, by number.
    shown
        Tables in which the number itself is.
    """
    said: list[Cell] = [model.known[i].cell for i in cells]
    dimensions = sorted({dimension for cell in said for dimension, _ in cell.box})
    tables = sorted({table for i in cells for table in model.known[i].tables} - set(shown)) or sorted(shown)
    if not dimensions:
        return "Withhold the total, or do not show its parts."
    return f"Merge classes of {' or of '.join(dimensions)} in {' or '.join(tables)}, or withhold one of the cells."
