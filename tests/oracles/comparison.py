"""Our values beside theirs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

RELATIVE, OF_WIDTH, WORDS = "relative", "share of the interval's width", "labels that differ"
"""What a difference is told in."""
NEAR_ZERO = 1e-9
"""Values nearer to 0 are compared as they are."""


@dataclass(frozen=True)
class Comparison:
    """Values of one method, ours and theirs.

    Parameters
    ----------
    method
        The method, in words; the row of the table on the page.
    ours, theirs
        Values in the same order; NaN where there is none.
    tolerance
        The largest difference that is put up with.
    unit
        ``RELATIVE``, ``OF_WIDTH`` (with ``width``) or ``WORDS``.
    width
        Width of their interval.
    labels
        What values stand for, of ``WORDS``: the first for 0.
    """

    method: str
    ours: np.ndarray
    theirs: np.ndarray
    tolerance: float
    unit: str = RELATIVE
    width: np.ndarray | None = None
    labels: tuple[str, ...] = ()

    @property
    def known(self) -> int:
        """How many of theirs there are, nulls not counted."""
        return int((~np.isnan(self.theirs)).sum())

    @property
    def nulls(self) -> int:
        """How many of theirs are null."""
        return int(np.isnan(self.theirs).sum())

    @property
    def apart(self) -> np.ndarray:
        """How far each two are apart: 0 where both are null, infinite where one is and the other is not."""
        ours, theirs = np.asarray(self.ours, dtype=float), np.asarray(self.theirs, dtype=float)
        apart = np.abs(ours - theirs)
        if self.unit == OF_WIDTH:
            apart = apart / self.width
        elif self.unit == RELATIVE:
            apart = apart / np.where(np.abs(theirs) > NEAR_ZERO, np.abs(theirs), 1)
        apart = np.where(np.isnan(ours) != np.isnan(theirs), np.inf, apart)
        return np.where(np.isnan(ours) & np.isnan(theirs), 0, apart)

    @property
    def largest(self) -> float:
        """The largest difference, or how many labels differ; infinite where one is null and the other is not."""
        apart = self.apart
        if self.unit == WORDS and np.isfinite(apart).all():
            return float((apart > 0).sum())
        return float(apart.max(initial=0))

    def furthest(self, floor: float) -> tuple[float, float]:
        """Our value and theirs where the two are furthest apart; the first of theirs where none is by more than so far.

        Differences below the floor are those of arithmetic, and which is largest is not the same on every machine.
        """
        apart = self.apart
        at = int(apart.argmax() if apart.max() > floor else (~np.isnan(self.theirs)).argmax())
        return float(self.ours[at]), float(self.theirs[at])


def gathered(triples: list[tuple[str, float, float]], tolerance: float) -> list[Comparison]:
    """One comparison for each method of (method, our value, their value)."""
    found = []
    for method in dict.fromkeys(name for name, _, _ in triples):
        pairs = np.array([(ours, theirs) for name, ours, theirs in triples if name == method], dtype=float)
        found.append(Comparison(method, pairs[:, 0], pairs[:, 1], tolerance))
    return found


def numbers(column: pd.Series) -> np.ndarray:
    """Numbers of a column; NaN where null or no number."""
    return pd.to_numeric(column, errors="coerce").astype("Float64").to_numpy(dtype=float, na_value=np.nan)
