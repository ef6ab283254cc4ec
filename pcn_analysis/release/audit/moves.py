"""The least change to numbers that agree with all that is known by which a sum has another value; or why there is none.

The change is looked for by linear programming, from where nothing is changed. With whole numbers to begin with, the
least change is nearly always one of whole people; it is checked in whole numbers. That there is none, even of
fractions of people, is proven by the ranges of a few cells (Farkas), which are told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import highspy
import numpy as np
from scipy import sparse

from pcn_analysis.release.audit.model import MANY
from pcn_analysis.release.audit.solver import FOUND, NONE, UNKNOWN

if TYPE_CHECKING:
    from pcn_analysis.release.audit.model import Model

COSTS = 6
"""Ways to weigh changes of atoms that are tried until the least change is one of whole people."""

_SEED = 8
_NOUGHT = 1e-7
_WHOLE = 1e-6
"""How near a number that a linear programme gives is to a whole one."""


class Move(NamedTuple):
    """What a change ends with: numbers; or that there are none, and the cells, by number, whose ranges prove it.

    No cells are named where only people being whole is the proof.
    """

    status: str
    atoms: np.ndarray | None = None
    forcing: tuple[int, ...] | None = None


class Moves:
    """Changes to numbers that agree with all that is known.

    Parameters
    ----------
    model
        What is known.
    atoms
        Numbers that agree with it.
    free
        Atoms that may change; all, if left out. Where only some may, that there is no change is no proof.
    alone
        Leave out what is known of other atoms as well as of these. That there is no change is proof then.
    """

    def __init__(self, model: Model, atoms: np.ndarray, free: np.ndarray | None = None, *, alone: bool = False):
        self.model, self.atoms, self._proves = model, atoms, free is None or alone
        self._moving = np.flatnonzero(model.possible if free is None else model.possible & free)
        rows = sparse.vstack([model.cells, model.agreements, model.links], format="csr")
        nothing = np.zeros(model.agreements.shape[0])
        low = np.concatenate([model.low, nothing, -model.within])
        high = np.concatenate([np.where(model.high < MANY, model.high, highspy.kHighsInf), nothing, model.within])
        dice, size = np.random.default_rng(_SEED), 2 * len(self._moving)
        self._costs = [np.ones(size), *dice.uniform(1, 2, (COSTS, size))]
        now, counted, rows = rows @ atoms, np.diff(rows[:, model.possible].indptr), rows[:, self._moving]
        touched = np.diff(rows.indptr)
        self._used = np.flatnonzero((touched > 0) & ((touched == counted) | (not alone)))
        self._solver = _solver(rows[self._used], (low - now)[self._used], (high - now)[self._used], atoms[self._moving])

    def to(self, row: sparse.csr_array, value: int, pivots: int | None = None) -> Move:
        """Change the numbers so that a sum has a value.

        Parameters
        ----------
        row
            The sum, as a row of weights of atoms.
        value
            Of the sum.
        pivots
            Steps of the search; what is not found in them is unknown.
        """
        weights = row[:, self._moving]
        change = value - int((row @ self.atoms)[0])
        if not weights.nnz:
            return Move(FOUND, self.atoms) if change == 0 else Move(NONE, forcing=()) if self._proves else Move(UNKNOWN)
        size = len(self._moving)
        columns = np.concatenate([weights.indices, weights.indices + size]).astype(np.int32)
        self._solver.deleteRows(1, np.array([len(self._used)], np.int32))
        self._solver.addRow(change, change, len(columns), columns, np.concatenate([weights.data, -weights.data]) * 1.0)
        return self._least(pivots)

    def mended(self) -> Move:
        """Change numbers that do not agree with all that is known so that they do."""
        return self._least(None)

    def _least(self, pivots: int | None) -> Move:
        """The least change, or the next to least, that is one of whole people."""
        solver, found = self._solver, Move(UNKNOWN)
        solver.setOptionValue("simplex_iteration_limit", highspy.kHighsIInf if pivots is None else pivots)
        for costs in self._costs:
            solver.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
            solver.clearSolver()
            solver.run()
            status = solver.getModelStatus()
            if status == highspy.HighsModelStatus.kInfeasible and self._proves:
                return Move(NONE, forcing=self._forcing())
            if status != highspy.HighsModelStatus.kOptimal or (found := self._whole()).status == FOUND:
                break
        return found

    def _whole(self) -> Move:
        """The numbers after the change, if it is one of whole people."""
        more, fewer = np.split(np.array(self._solver.getSolution().col_value), 2)
        change = np.round(more - fewer)
        atoms = self.atoms.copy()
        atoms[self._moving] += change.astype(int)
        whole = np.abs(more - fewer - change).max(initial=0) < _WHOLE
        return Move(FOUND, atoms) if whole and self.model.holds(atoms) else Move(UNKNOWN)

    def _forcing(self) -> tuple[int, ...]:
        """Cells whose ranges prove that there is no change; that a cell is not of nobody says no range.

        All cells, should HiGHS not tell.
        """
        _, there, ray = self._solver.getDualRay()  # type: ignore[attr-defined]  # its types do not name it
        weights = np.array(ray)[: len(self._used)] if there else np.full(len(self._used), -1.0)
        cells = self._used < len(self.model.known)
        numbers, weights = self._used[cells], weights[cells]
        used = (weights < -_NOUGHT) | ((weights > _NOUGHT) & (self.model.low[numbers] > 1))
        return tuple(numbers[used].tolist())


def _solver(rows: sparse.csr_array, low: np.ndarray, high: np.ndarray, atoms: np.ndarray) -> highspy.Highs:
    """The linear programme: what each atom has more, and fewer; as little as possible. Its last row is for the sum."""
    size = rows.shape[1]
    both = sparse.vstack([sparse.hstack([rows, -rows]), sparse.csr_array((1, 2 * size))], format="csc")
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = both.shape[1], both.shape[0]
    programme.col_cost_, programme.col_lower_ = np.ones(2 * size), np.zeros(2 * size)
    programme.col_upper_ = np.concatenate([np.full(size, highspy.kHighsInf), atoms.astype(float)])
    programme.row_lower_, programme.row_upper_ = np.append(low, 0.0), np.append(high, 0.0)
    programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    programme.a_matrix_.start_, programme.a_matrix_.index_ = both.indptr, both.indices
    programme.a_matrix_.value_ = both.data.astype(float)
    solver = highspy.Highs()
    for option, setting in (("output_flag", False), ("presolve", "off"), ("threads", 1)):
        solver.setOptionValue(option, setting)
    solver.passModel(programme)
    return solver
