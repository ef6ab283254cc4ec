"""The least change to numbers that agree with all that is known by which a sum has another value; or why there is none.

The change is looked for by linear programming, from where nothing is changed. With whole numbers to begin with, the
least change is nearly always one of whole people; where it is not, it is rounded by chance, and the least change from
there is looked for. What is found is checked in whole numbers. That there is none, even of
fractions of people, is proven by the ranges of a few cells (Farkas), which are told.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import highspy
import numpy as np
from scipy import sparse

from pcn_analysis.release.audit.model import MANY
from pcn_analysis.release.audit.solver import FOUND, NONE, UNKNOWN, programme

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcn_analysis.release.audit.model import Model

ROUNDED = 12
"""Times that the least change is rounded, until it is one of whole people."""

_FRACTIONS = "fractions"
"""What a change ends with that is one of fractions of people; the numbers are then rounded."""
_SEED = 8
_NOUGHT = 1e-7
_PRICE = 1000.0
"""Of each person by which what is to be neared is off, where a changed person costs 1."""
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
        Numbers that agree with it, or are to be changed so that they do.
    free
        Atoms that may change; all, if left out. Where only some may, that there is no change is no proof.
    alone
        Leave out what is known of other atoms as well as of these. That there is no change is proof then.
    nearing
        Of what is known of other atoms as well as of these, be as little off as can be; it need not hold.
    time_limit
        Seconds of one search; what is not found in them is unknown.
    """

    def __init__(
        self,
        model: Model,
        atoms: np.ndarray,
        free: np.ndarray | None = None,
        *,
        alone: bool = False,
        nearing: bool = False,
        time_limit: float = highspy.kHighsInf,
    ):
        self.model, self.atoms, self._time_limit = model, atoms, time_limit
        self._of = partial(Moves, model, free=free, alone=alone, nearing=nearing, time_limit=time_limit)
        self._proves = free is None or alone
        self._moving = np.flatnonzero(model.possible if free is None else model.possible & free)
        rows = sparse.vstack([model.cells, model.agreements, model.links], format="csr")
        nothing = np.zeros(model.agreements.shape[0])
        low = np.concatenate([model.low, nothing, -model.within])
        high = np.concatenate([np.where(model.high < MANY, model.high, np.inf), nothing, model.within])
        now, counted, rows = rows @ atoms, np.diff(rows[:, model.possible].indptr), rows[:, self._moving]
        touched = np.diff(rows.indptr)
        self._used = np.flatnonzero((touched > 0) & ((touched == counted) | (not alone)))
        bounds = (low - now)[self._used], (high - now)[self._used], atoms[self._moving]
        self._solver = _solver(rows[self._used], *bounds, off=nearing & (touched < counted)[self._used])

    def to(self, row: sparse.csr_array, value: int, pivots: int | None = None) -> Move:
        """Change the numbers so that a sum has a value.

        Of some that may change alone, numbers come with an unknown end as well: those that agree with what was held.

        Parameters
        ----------
        row
            The sum, as a row of weights of atoms.
        value
            Of the sum.
        pivots
            Steps of each search, of which there are more where people would not be whole; what is not found in them is
            unknown.
        """
        found = self._nearer(lambda moves: moves._once(row, value, pivots))
        reached = found.atoms is None or int((row @ found.atoms)[0]) == value
        return found if reached else Move(UNKNOWN)

    def mended(self) -> Move:
        """Change numbers that do not agree with all that is known so that they do; those of an unknown end as above."""
        return self._nearer(lambda moves: moves._least(None))

    def _nearer(self, change: Callable[[Moves], Move]) -> Move:
        """Try a change; while it is one of fractions of people, round it by chance and try again from there.

        Numbers are told of a way alone: those that are rounded need not agree with what is known. That there is none is
        proven at once or not at all.
        """
        self._dice = np.random.default_rng(_SEED)
        found = change(self)
        if found.status == NONE:
            return found
        for seed in range(ROUNDED):
            if found.status != _FRACTIONS or found.atoms is None:
                break
            moves = self._of(found.atoms)
            moves._weigh(np.random.default_rng(seed))
            found = change(moves)
        return found if found.status != _FRACTIONS else Move(UNKNOWN)

    def _once(self, row: sparse.csr_array, value: int, pivots: int | None) -> Move:
        weights = row[:, self._moving]
        change = value - int((row @ self.atoms)[0])
        if not weights.nnz:
            if change == 0:
                return Move(FOUND, self.atoms) if self.model.holds(self.atoms) else Move(UNKNOWN)
            return Move(NONE, forcing=()) if self._proves else Move(UNKNOWN)
        size = len(self._moving)
        columns = np.concatenate([weights.indices, weights.indices + size]).astype(np.int32)
        self._solver.deleteRows(1, np.array([len(self._used)], np.int32))
        self._solver.addRow(change, change, len(columns), columns, np.concatenate([weights.data, -weights.data]) * 1.0)
        return self._least(pivots)

    def _least(self, pivots: int | None) -> Move:
        """The least change, or why there is none."""
        solver = self._solver
        solver.setOptionValue("simplex_iteration_limit", highspy.kHighsIInf if pivots is None else pivots)
        solver.setOptionValue("time_limit", solver.getRunTime() + self._time_limit)  # HiGHS counts every run of it
        solver.clearSolver()
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible and self._proves:
            return Move(NONE, forcing=self._forcing())
        return self._whole() if status == highspy.HighsModelStatus.kOptimal else Move(UNKNOWN)

    def _weigh(self, dice: np.random.Generator) -> None:
        """Weigh changes of atoms a little differently, so that no two are as good as each other."""
        size, self._dice = 2 * len(self._moving), dice
        self._solver.changeColsCost(size, np.arange(size, dtype=np.int32), dice.uniform(1, 2, size))

    def _whole(self) -> Move:
        """The numbers after the change, and whether it is one of whole people; else they are rounded by chance."""
        more, fewer = np.split(np.array(self._solver.getSolution().col_value)[: 2 * len(self._moving)], 2)
        change = np.round(more - fewer)
        whole = np.abs(more - fewer - change).max(initial=0) < _WHOLE
        if not whole:
            rounded = np.floor(more - fewer + self._dice.uniform(0, 1, len(change)))
            change = np.maximum(rounded, -self.atoms[self._moving])
        atoms = self.atoms.copy()
        atoms[self._moving] += change.astype(int)
        if not whole:
            return Move(_FRACTIONS, atoms)
        return Move(FOUND if self.model.holds(atoms) else UNKNOWN, atoms)

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


def _solver(
    rows: sparse.csr_array, low: np.ndarray, high: np.ndarray, atoms: np.ndarray, off: np.ndarray
) -> highspy.Highs:
    """The linear programme: what each atom has more, and fewer; as little as possible. Its last row is for the sum.

    After the atoms come, twice, what each row that need not hold is off by.
    """
    size = rows.shape[1]
    apart = sparse.identity(len(off), format="csc")[:, np.flatnonzero(off)]
    every = sparse.hstack([rows, -rows, apart, -apart])
    both = sparse.vstack([every, sparse.csr_array((1, every.shape[1]))], format="csr")
    upper = np.concatenate([np.full(size, np.inf), atoms, np.full(2 * off.sum(), np.inf)])
    costs = np.append(np.ones(2 * size), np.full(2 * off.sum(), _PRICE))
    solver = highspy.Highs()
    for option, setting in (("output_flag", False), ("presolve", "off"), ("threads", 1)):
        solver.setOptionValue(option, setting)
    solver.passModel(programme(both, np.append(low, 0.0), np.append(high, 0.0), costs, upper))
    return solver
