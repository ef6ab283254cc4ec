"""Additionality: the scheme pays for staff above those who were there on 31 March 2019, role by role.

Where fewer are left that the scheme does not pay for, that many have to be made up for before it pays. The baseline of
a network is published nowhere: it is read from ``data/raw/baseline/<place>/<network code>.csv``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis import codelists
from pcn_analysis.budget.assumptions import RATES
from pcn_analysis.budget.given_files import MOST_WTE, cells_of, given, numbers_in, path_of, told
from pcn_analysis.contract.additional_roles import role_names
from pcn_analysis.exceptions import PcnAnalysisError, nearest
from pcn_analysis.provenance import SourcedTable
from pcn_analysis.words import NOT_KNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pcn_analysis.place import Network
    from pcn_analysis.provenance import Provenance

FOLDER = "baseline"
"""Folder within that of published files; it has a folder a place."""
COLUMNS = ("role", "baseline_wte")
NOW = "now_wte"
"""Optional: whole-time equivalents of today that the scheme does not pay for."""
EXAMPLE = "Begin it with role,baseline_wte,now_wte."
NUMBERS = ("baseline", "now", "shortfall")
MET, SHORT = "baseline met", "below the baseline"
_MEANS = {
    MET: "The scheme pays for staff above the baseline.",
    SHORT: "The scheme pays only once the shortfall is made up for with staff whom it does not pay for.",
    NOT_KNOWN: "What the scheme may pay for cannot be told.",
}
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Baseline:
    """Staff in the roles whom the scheme does not pay for, on 31 March 2019 and now.

    Parameters
    ----------
    then, now
        Whole-time equivalents by role; a role that is absent is not known.
    provenance
        Who says so.
    """

    then: Mapping[str, float]
    now: Mapping[str, float]
    provenance: Provenance


def baseline_of(network: Network, raw: Path | None = None) -> Baseline | None:
    """The baseline of a network from its file; None where there is none.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with the file.
    """
    path = path_of(network, FOLDER, raw)
    return read_baseline(path) if path.is_file() else None


def read_baseline(path: Path) -> Baseline:
    """Read and check the file of a baseline.

    Parameters
    ----------
    path
        A CSV file with the columns role (its short name), baseline_wte (on 31 March 2019; 0 where there was nobody) and
        optionally now_wte (today, whom the scheme does not pay for; empty where it is not known), a row a role.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with the file.
    """
    written, problems = cells_of(path, COLUMNS, (NOW,), EXAMPLE)
    if problems:
        raise PcnAnalysisError(*problems)
    known = written["role"].isin(role_names())
    wrong = written["role"][~known].iloc[0] if not known.all() else ""
    then, now = (numbers_in(written[name], MOST_WTE) for name in (COLUMNS[1], NOW))
    number = "whole-time equivalents that are no number, or below 0"
    problems = told(path.name, [
        ("a role that there is none of", ~known, nearest(wrong, role_names())),
        ("a role that another row has", written["role"].duplicated(), "Add them up: there is one row a role."),
        (f"baseline {number}", then.isna() | then.lt(0), "Write them as 0.6, and 0 where there was nobody."),
        (f"now {number}", written[NOW].ne("") & (now.isna() | now.lt(0)), "Write a number, or leave the cell empty."),
    ])  # fmt: skip
    if problems:
        raise PcnAnalysisError(*problems)
    before, today = (
        {role: float(wte) for role, wte in zip(written["role"], one, strict=True) if pd.notna(wte)}
        for one in (then, now)
    )
    return Baseline(before, today, given(path, "Baseline of additional roles", "31 March 2019"))


def shortfalls(network: Network, baseline: Baseline | None) -> SourcedTable:
    """Hold a network's staff of today against its baseline, as a table to release; see :func:`additionality`.

    Parameters
    ----------
    network
        A network of a place.
    baseline
        What its file says; None: there is none, and nothing is known of any role.
    """
    then, now = (baseline.then, baseline.now) if baseline else (None, None)
    provenance = (baseline or RATES).provenance
    return SourcedTable(additionality(then, now), provenance, numbers=NUMBERS, about=network.about)


def additionality(baseline: Mapping[str, float] | None, now: Mapping[str, float] | None) -> pd.DataFrame:
    """Hold staff of today whom the scheme does not pay for against the baseline of 31 March 2019.

    Parameters
    ----------
    baseline
        Whole-time equivalents by role on 31 March 2019; None: not known. A role that is absent is not known.
    now
        Those of today whom the scheme does not pay for; None: not known. A role that is absent is not known, not 0.

    Returns
    -------
    pandas.DataFrame
        One row a role of either, in the order of the codelist; every role where neither is known: role, name, baseline,
        now, shortfall (whole-time equivalents below the baseline, 0 where there is none; null where either is not
        known), status (baseline met, below the baseline, not known) and what that means.

    Examples
    --------
    >>> found = additionality({"clinical_pharmacist": 1.5, "paramedic": 0.0}, {"clinical_pharmacist": 1.0})
    >>> found[["role", "shortfall", "status"]].values.tolist()
    [['clinical_pharmacist', 0.5, 'below the baseline'], ['paramedic', <NA>, 'not known']]
    """
    then, today = baseline or {}, now or {}
    asked = {*then, *today} or set(role_names())
    rows = [
        {"role": role, "name": name, "baseline": then.get(role), "now": today.get(role)}
        for role, name in codelists.names("additional_roles", "role").items()
        if role in asked
    ]
    frame = pd.DataFrame(rows, columns=["role", "name", "baseline", "now"])
    frame = frame.astype({"baseline": "Float64", "now": "Float64"})
    frame["shortfall"] = (frame["baseline"] - frame["now"]).clip(lower=0)
    short = frame["shortfall"].gt(_ROUNDING).map({True: SHORT, False: MET}).astype("str")
    frame["status"] = short.where(frame["shortfall"].notna(), NOT_KNOWN)
    frame["means"] = frame["status"].map(_MEANS)
    return frame
