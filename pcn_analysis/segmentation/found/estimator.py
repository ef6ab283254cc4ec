"""Found segments as an estimator in the manner of scikit-learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClusterMixin
from threadpoolctl import threadpool_limits

from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest, problem
from pcn_analysis.segmentation.found.choosing import choose
from pcn_analysis.segmentation.found.models import METHODS
from pcn_analysis.segmentation.found.naming import over_represented, segment_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pcn_analysis.segmentation.found.models import Numbers, Solution

WHERE = "found segments"
NOWHERE = -1
"""Label of someone of whom no condition is known: they are in no segment."""


class FoundSegments(ClusterMixin, BaseEstimator):
    """Find segments of people by which long-term conditions they have.

    Parameters
    ----------
    method
        ``latent_classes`` (StepMix) or ``correspondence`` (k-means on correspondence analysis).
    n_segments
        Number of segments; None to take it from the data, which may say that there is none to be had.
    numbers
        Numbers of segments that are tried where none is given.
    random_state
        What everything random follows from: the same people and the same number give the same segments.
    starts
        Random starts of each fit.
    bootstraps
        Bootstrap samples by which stability is judged.
    rarest
        Least share of people who have a condition that is used; rarer ones are left out and named. Our choice.

    Attributes
    ----------
    n_segments_
        Number of segments; None where no solution is stable and no number was asked for.
    stable_
        Whether every segment is found again in bootstrap samples.
    why_
        Why this number, or why none.
    criteria_, stability_
        Tables of :class:`pcn_analysis.segmentation.found.choosing.Choice`.
    segment_names_
        Names, the largest segment first: label 0 is the first. Empty where there are none.
    feature_names_
        Conditions used, in order of the alphabet.
    not_assessed_, rare_
        Conditions that nothing is known of, and those that are too rare.
    overall_
        Share of everyone who has each condition that is used.
    solution_
        The segments; None where there are none.

    Examples
    --------
    >>> people = pd.DataFrame({"asthma": [1, 1, 0, 0], "copd": [1, 1, 0, 0], "gout": [0, 1, 0, 1]})
    >>> found = FoundSegments(n_segments=2, starts=2, bootstraps=5).fit(people, sample_weight=[50, 9, 200, 30])
    >>> found.segment_names_, found.predict(people).tolist(), found.stable_
    (['Few long-term conditions', 'asthma; copd'], [1, 1, 0, 0], True)
    """

    def __init__(
        self,
        method: str = "latent_classes",
        n_segments: int | None = None,
        *,
        numbers: Sequence[int] = (2, 3, 4, 5, 6, 7, 8),
        random_state: int = 0,
        starts: int = 10,
        bootstraps: int = 50,
        rarest: float = 0.01,
    ):
        self.method = method
        self.n_segments = n_segments
        self.numbers = numbers
        self.random_state = random_state
        self.starts = starts
        self.bootstraps = bootstraps
        self.rarest = rarest

    def fit(self, X: pd.DataFrame, y: object = None, sample_weight: Any = None) -> FoundSegments:  # noqa: N803, ARG002
        """Find segments.

        Parameters
        ----------
        X
            A row for each person or pattern, a column for each condition: 1 or true, 0 or false, missing where it is
            not known. The order of rows and columns does not matter. Rows of which no condition that is used is known
            are left out.
        y
            Not read; for scikit-learn.
        sample_weight
            How many people show each row; one by default.

        Raises
        ------
        PcnAnalysisError
            With everything that is wrong: an unknown method, too few people, fewer than two conditions, values that
            are neither yes nor no.
        """
        _check_settings(self)
        frame = _as_numbers(X[sorted(X.columns)])
        people = np.ones(len(frame)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        known = people @ frame.notna().to_numpy()
        shares = pd.Series(people @ frame.fillna(0).to_numpy() / np.maximum(known, 1), index=frame.columns)
        self.not_assessed_ = list(frame.columns[known == 0])
        self.rare_ = list(frame.columns[(known > 0) & (shares < self.rarest)])
        self.feature_names_ = [name for name in frame if name not in {*self.not_assessed_, *self.rare_}]
        self.overall_ = shares[self.feature_names_].to_numpy()
        patterns, counts = _distinct(frame[self.feature_names_], people)
        known_of = ~_nothing_known(patterns)
        patterns, counts = patterns[known_of], counts[known_of]
        _check_enough(self, patterns)
        with threadpool_limits(1):  # small products: several threads are slower, and differ in the last digit
            found = choose(
                patterns,
                counts,
                method=self.method,
                numbers=_numbers(self),
                seed=self.random_state,
                starts=self.starts,
                bootstraps=self.bootstraps,
                asked=self.n_segments is not None,
            )
        self.criteria_, self.stability_ = found.criteria, found.stability
        self.stable_, self.why_ = found.stable, found.why
        self._take(found.solution)
        return self

    def _take(self, solution: Solution | None) -> None:
        self.solution_ = solution
        self.n_segments_ = None if solution is None else len(solution)
        self.segment_names_ = [] if solution is None else segment_names(solution, self.feature_names_, self.overall_)

    def predict(self, X: pd.DataFrame) -> NDArray[np.int64]:  # noqa: N803
        """Put people into the segment that they likeliest belong to.

        Parameters
        ----------
        X
            As for :meth:`fit`; other columns are not read. A missing value says nothing, either way.

        Returns
        -------
        array of int
            Labels: 0 is the largest segment of those fitted, and ``segment_names_[0]`` its name. -1 is no segment: none
            of the conditions is known.

        Raises
        ------
        PcnAnalysisError
            If there are no segments, with the reason; or if columns are missing.
        """
        solution, patterns = self._solution(), self._patterns(X)
        return np.where(_nothing_known(patterns), NOWHERE, solution.labels(patterns))

    def predict_proba(self, X: pd.DataFrame) -> Numbers:  # noqa: N803
        """Probability of each segment for each row; 0 or 1 by ``correspondence``. Otherwise as :meth:`predict`.

        It is missing (NaN) where none of the conditions is known.
        """
        solution, patterns = self._solution(), self._patterns(X)
        return np.where(_nothing_known(patterns)[:, None], np.nan, solution.memberships(patterns))

    def fit_predict(self, X: pd.DataFrame, y: object = None, sample_weight: Any = None) -> NDArray[np.int64]:  # noqa: N803
        """Find segments and put the same people into them."""
        return self.fit(X, y, sample_weight=sample_weight).predict(X)

    def over_represented(self) -> pd.DataFrame:
        """Say what stands out in each segment: :func:`pcn_analysis.segmentation.found.naming.over_represented`."""
        table = over_represented(self._solution(), self.feature_names_, self.overall_)
        return table.assign(segment=table["segment"].map(dict(enumerate(self.segment_names_))))

    def _solution(self) -> Solution:
        if not hasattr(self, "why_"):
            raise problem(WHERE, "they have not been looked for yet", "Call fit first.")
        if self.solution_ is None:
            raise problem(WHERE, self.why_.rstrip("."), "Show that instead; or ask for a number of segments by name.")
        return self.solution_

    def _patterns(self, frame: pd.DataFrame) -> Numbers:
        if missing := [name for name in self.feature_names_ if name not in frame]:
            raise problem(WHERE, f"no column {', '.join(missing)}", "Give every condition that they were found by.")
        return _as_numbers(frame[self.feature_names_]).to_numpy()


def _as_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns of 1, 0 and NaN."""
    numbers = frame.astype("Float64").astype("float64")
    wrong = [name for name in numbers if not numbers[name].dropna().isin([0.0, 1.0]).all()]
    if wrong:
        raise problem(", ".join(map(str, wrong)), "values are neither yes nor no", "Give 1, 0, or nothing.")
    return numbers


def _nothing_known(patterns: Numbers) -> NDArray[np.bool_]:
    return np.asarray(np.isnan(patterns).all(axis=1))


def _distinct(frame: pd.DataFrame, people: Numbers) -> tuple[Numbers, Numbers]:
    """Distinct rows in order, and the people who show each."""
    values = frame.to_numpy()
    keys = np.where(np.isnan(values), 2, values).astype(np.int8)
    distinct, where = np.unique(keys, axis=0, return_inverse=True)
    counts = np.bincount(where.ravel(), weights=people, minlength=len(distinct)).astype(np.float64)
    shown = counts > 0
    patterns = np.where(distinct == 2, np.nan, distinct).astype(np.float64)  # noqa: PLR2004
    return patterns[shown], counts[shown]


def _numbers(found: FoundSegments) -> list[int]:
    """Numbers of segments to try: the one that was asked for, or several."""
    return list(found.numbers) if found.n_segments is None else [found.n_segments]


def _check_settings(found: FoundSegments) -> None:
    problems = []
    if found.method not in METHODS:
        problems.append(Problem("method", f"there is none called {found.method}", nearest(found.method, METHODS)))
    if min(_numbers(found), default=0) < 2:  # noqa: PLR2004
        problems.append(Problem("number of segments", "it is below 2", "Ask for 2 or more."))
    problems += [
        Problem(name, "it is below 1", "Ask for 1 or more.")
        for name in ("starts", "bootstraps")
        if getattr(found, name) < 1
    ]
    if problems:
        raise PcnAnalysisError(*problems)


def _check_enough(found: FoundSegments, patterns: Numbers) -> None:
    most = max(_numbers(found))
    if len(found.feature_names_) < 2:  # noqa: PLR2004
        counted = f"{len(found.feature_names_)} conditions are assessed and common enough"
        raise problem(WHERE, counted, "At least 2 are needed: add records, or lower `rarest`.")
    if len(patterns) <= most:
        what = f"people show {len(patterns)} patterns of conditions, too few for {most} segments"
        raise problem(WHERE, what, "Look for fewer segments, or among more people.")
