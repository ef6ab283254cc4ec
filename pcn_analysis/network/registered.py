"""Who is registered where: one sparse matrix of patients by area and practice, and the sums over any groups.

Everything about networks is worked out from it. Practices are added up to whatever they are grouped into:
networks, neighbourhoods, localities, integrated care boards. Patients without an English area have no row;
they are kept beside it, in two kinds, so that every total is the published list.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from pcn_analysis import codes
from pcn_analysis.exceptions import PcnAnalysisError, Problem, problem
from pcn_analysis.words import number

RESIDUALS = {"unknown": codes.UNKNOWN_AREA, "not_english": codes.OUTSIDE_ENGLAND}
"""Columns of patients without an English area: their area is not known, or lies outside England."""


@dataclass(frozen=True)
class Patients:
    """Patients by area and network, or by area and any other group of practices.

    Parameters
    ----------
    matrix
        Areas × networks.
    areas, networks
        Labels of its rows and columns, each in order of code.
    """

    matrix: sparse.csr_array
    areas: pd.Index
    networks: pd.Index

    def by_area(self) -> np.ndarray:
        """Registered patients of each area, R."""
        return np.asarray(self.matrix.sum(axis=1)).ravel()

    def by_network(self) -> np.ndarray:
        """Patients of each network who have an English area."""
        return np.asarray(self.matrix.sum(axis=0)).ravel()

    def cells(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where anybody is: positions of areas and of networks, and the patients there."""
        cells = self.matrix.tocoo()
        present = cells.data > 0
        return cells.row[present], cells.col[present], cells.data[present]


@dataclass(frozen=True)
class Registered:
    """Patients by area and practice.

    Parameters
    ----------
    matrix
        Areas × practices.
    areas, practices
        Labels of its rows and columns, each in order of code. Practices without any patient are among them;
        areas without any are not.
    elsewhere
        Indexed by practice: ``unknown`` (patients whose area is not known) and ``not_english`` (whose area is
        in Wales or elsewhere).
    """

    matrix: sparse.csr_array
    areas: pd.Index
    practices: pd.Index
    elsewhere: pd.DataFrame

    def totals(self) -> pd.DataFrame:
        """Patients of each practice: registered, of whom located (with an English area), unknown, not_english."""
        located = pd.Series(np.asarray(self.matrix.sum(axis=0)).ravel(), self.practices)
        rows = self.elsewhere.assign(located=located)
        return rows.assign(registered=rows.sum(axis=1))[["registered", "located", *RESIDUALS]]

    def group_of(self, groups: pd.Series) -> pd.Series:
        """Group of each practice; ``codes.NO_NETWORK`` where ``groups`` has none or does not know the practice.

        Raises
        ------
        PcnAnalysisError
            If ``groups`` names a practice twice.
        """
        check_practices_once(groups, "groups of practices")
        return groups.reindex(self.practices).astype("str").fillna(codes.NO_NETWORK).rename("group")

    def grouped(self, groups: pd.Series) -> Patients:
        """Add practices up to groups.

        Parameters
        ----------
        groups
            Group by practice code; null where a practice is in none. Practices in none, and those that are not
            in it, are one group, ``codes.NO_NETWORK``, and compete as such.

        Returns
        -------
        Patients
            A column for every group, also those without a patient; one for ``codes.NO_NETWORK`` only where
            some practice is in none.

        Examples
        --------
        >>> counts = pd.DataFrame({"practice_code": ["A1", "B1", "B2"], "patients": [3, 4, 5]})
        >>> counts["area_code"] = "E01000001"
        >>> both = registered(counts).grouped(pd.Series({"A1": "North", "B1": "South", "B2": "South"}))
        >>> both.networks.to_list(), both.matrix.toarray().tolist()
        (['North', 'South'], [[3.0, 9.0]])
        """
        group = self.group_of(groups)
        names = _names(group, groups)
        member = (np.ones(len(group)), (np.arange(len(group)), names.get_indexer(group)))
        matrix = sparse.csr_array(self.matrix @ sparse.csr_array(member, shape=(len(group), len(names))))
        matrix.sort_indices()
        return Patients(matrix, self.areas, names)

    def sizes(self, groups: pd.Series) -> pd.DataFrame:
        """Practices and patients of each group, in the order of the columns of :meth:`grouped`.

        Returns
        -------
        DataFrame
            Indexed by group: practices, registered, located, unknown, not_english. The sums over all groups are
            those over all practices.
        """
        group = self.group_of(groups)
        sums = self.totals().groupby(group).sum()
        sums.insert(0, "practices", group.value_counts().reindex(sums.index))
        return sums.reindex(_names(group, groups)).fillna(0).astype({"practices": int})

    def with_lists(self, lists: pd.Series) -> Registered:
        """Add practices that have a list and no counts: nobody knows where their patients live.

        Parameters
        ----------
        lists
            List by practice code. Practices that are counted already stay as they are.
        """
        absent = lists.index.difference(self.practices)
        practices = self.practices.union(absent, sort=True)
        cells = self.matrix.tocoo()
        column = practices.get_indexer(self.practices)[cells.col]
        matrix = sparse.csr_array((cells.data, (cells.row, column)), shape=(len(self.areas), len(practices)))
        matrix.sort_indices()
        elsewhere = self.elsewhere.reindex(practices, fill_value=0.0).rename_axis("practice_code")
        elsewhere.loc[absent, "unknown"] = lists[absent].to_numpy(dtype=float, na_value=0.0)
        return Registered(matrix, self.areas, practices, elsewhere)


def _names(group: pd.Series, groups: pd.Series) -> pd.Index:
    """Every group, also those of practices that are not counted, in order of code."""
    return pd.Index(sorted({*group.unique(), *groups.dropna().astype("str").unique()}), dtype="str", name="group")


def registered(counts: pd.DataFrame) -> Registered:
    """Arrange counts as a matrix of areas by practices.

    Parameters
    ----------
    counts
        practice_code, area_code, patients, one row a practice and area. Area codes are as published, or with
        the residuals already named (:func:`pcn_analysis.codes.split_areas`).

    Raises
    ------
    PcnAnalysisError
        If a practice and area are counted twice, or patients are missing, negative or not finite.

    Examples
    --------
    >>> counts = pd.DataFrame({"practice_code": "A1", "area_code": ["E01000001", "W01000001", "NO2011"], "patients": 2})
    >>> registered(counts).totals().loc["A1"].to_dict()
    {'registered': 6.0, 'located': 2.0, 'unknown': 2.0, 'not_english': 2.0}
    """
    column, practices = pd.factorize(counts["practice_code"], sort=True)
    row, areas = pd.factorize(counts["area_code"], sort=True)
    patients = counts["patients"].to_numpy(dtype=float, na_value=np.nan)
    _check(column, row, patients, len(areas))
    named = pd.Series(areas, dtype="str")
    kind = codes.split_areas(named).where(named != codes.OUTSIDE_ENGLAND, codes.OUTSIDE_ENGLAND)
    elsewhere = pd.DataFrame(index=pd.Index(practices, name="practice_code"))
    for name, residual in RESIDUALS.items():
        there = (kind == residual).to_numpy()[row]
        elsewhere[name] = np.bincount(column[there], patients[there], len(practices))
    lives = kind.str.match(codes.ENGLISH_LSOA).to_numpy() & (np.bincount(row, patients, len(areas)) > 0)
    kept = lives[row] & (patients > 0)
    position = np.cumsum(lives) - 1
    shape = (int(lives.sum()), len(practices))
    matrix = sparse.csr_array((patients[kept], (position[row[kept]], column[kept])), shape=shape)
    matrix.sort_indices()
    return Registered(matrix, pd.Index(areas[lives]), pd.Index(practices), elsewhere)


def _check(column: np.ndarray, row: np.ndarray, patients: np.ndarray, areas: int) -> None:
    """Raise with everything that is wrong with the counts."""
    bare = int(((column < 0) | (row < 0)).sum())
    repeated = int(pd.Series(column.astype(np.int64) * (areas + 1) + row).duplicated().sum())
    odd = int((~np.isfinite(patients) | (patients < 0)).sum())
    found = []
    if bare:
        found.append(Problem("counts", f"{number(bare, 'row')} without a practice or an area", "Complete the rows."))
    if repeated:
        what = f"{number(repeated, 'row')} repeat a practice and an area"
        found.append(Problem("counts", what, "Use the published file unchanged, or add the rows up."))
    if odd:
        what = f"patients are missing, negative or not finite in {number(odd, 'row')}"
        found.append(Problem("counts", what, "Use the published file unchanged."))
    if found:
        raise PcnAnalysisError(*found)


def check_practices_once(values: pd.Series | pd.DataFrame, where: str) -> None:
    """Raise if something that is said of each practice is said twice of one."""
    twice = int(values.index.duplicated().sum())
    if twice:
        raise problem(where, f"{number(twice, 'practice')} named more than once", "Keep one row a practice.")
