"""What to do about what is found out, and which cells contradict each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy.optimize import OptimizeResult

    from pcn_analysis.release.audit.cells import Cell
    from pcn_analysis.release.audit.model import Model

_NOUGHT = 1e-7


def contradicting(model: Model) -> list[int]:
    """Cells, by number, that cannot all be true; none where only people being whole makes it so.

    They are those with a shadow price where ranges may be left, by as little as possible.
    """
    found = _loosened(model, len(model.known), 0)
    if found.status != 0 or found.fun < _NOUGHT:
        return []
    above, below = np.split(found.ineqlin.marginals, 2)
    priced = (np.abs(above) > _NOUGHT) | (np.abs(below) > _NOUGHT)
    return np.flatnonzero(priced[: len(model.known)]).tolist()


def tenable(model: Model) -> list[int]:
    """Links of two dates or editions, by number, that need not be left so that all cells can be true."""
    links = len(model.within)
    found = _loosened(model, 0, links)
    left = found.x[-2 * links :].reshape(2, links) if found.status == 0 and links else np.ones((2, links))
    return np.flatnonzero((left < _NOUGHT).all(axis=0)).tolist()


def _loosened(model: Model, cells: int, links: int) -> OptimizeResult:
    """Leave the ranges of all cells, or of all links, by as little as possible: two more variables for each."""
    rows, agreements = sparse.vstack([model.cells, model.links])[:, model.possible], model.agreements[:, model.possible]
    low, high = np.concatenate([model.low, -model.within]), np.concatenate([model.high, model.within])
    more = cells + links
    unit = sparse.eye_array(len(low), more, k=0 if cells else -len(model.known), format="csr")
    none = sparse.csr_array(unit.shape)
    return linprog(
        np.concatenate([np.zeros(rows.shape[1]), np.ones(2 * more)]),
        A_ub=sparse.vstack([sparse.hstack([rows, -unit, none]), sparse.hstack([-rows, none, -unit])]),
        b_ub=np.concatenate([high, -low]).astype(float),
        A_eq=sparse.hstack([agreements, sparse.csr_array((agreements.shape[0], 2 * more))])
        if agreements.shape[0]
        else None,
        b_eq=np.zeros(agreements.shape[0]) if agreements.shape[0] else None,
        method="highs",
    )


def remedy(model: Model, cells: Sequence[int], shown: tuple[str, ...]) -> str:
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
