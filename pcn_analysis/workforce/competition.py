"""What networks of one area would ask of the same labour market if all were to be staffed alike.

The area is the integrated care board of a network. Each network's wish is the difference between a target for 10,000
patients and what it has; wishes are never set off against what other networks have above it, as nobody is moved. How
many of a profession there are in the area beside these, in trusts and ambulance services, no open file says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest
from pcn_analysis.provenance import Provenance, Source, SourcedTable, derive
from pcn_analysis.workforce.staffing import PER, every_network, known
from pcn_analysis.workforce.supply import QUANTILES, spread
from pcn_analysis.workforce.team_checks import is_number

if TYPE_CHECKING:
    from pcn_analysis.place import Network

FIRST = "paramedic"
"""Role that is told of first: ambulance services need the same people."""
GIVEN = "given"
"""Where a target comes from, if not from what the country's networks have."""
LEVELS = (*QUANTILES, "mean")
"""What networks of the country have that may be a target."""
TARGETS = Source(
    "Whole-time equivalents for 10,000 patients to be reached", "whoever set them", "as given", "not stated",
    "Targets were given with the call.", kind=GIVEN,
)  # fmt: skip
"""Targets that somebody has set; nobody is in them, and nobody publishes them: such a table is no open data."""


def competition(network: Network, targets: Mapping[str, float] | None = None, *, level: str = "median") -> SourcedTable:
    """How many more whole-time equivalents the networks of an area would need, beside those that are there.

    Parameters
    ----------
    network
        One network of a place; the area is its integrated care board.
    targets
        Whole-time equivalents for 10,000 patients to be reached, by role; roles without one are left out. None: of each
        role what ``level`` says. A table of targets that are given is released, but not as open data.
    level
        What networks of the country have, over those of which it is known: ``mean`` or one of
        :data:`pcn_analysis.workforce.supply.QUANTILES`. The median is 0 of a role that most of them have none of.

    Returns
    -------
    SourcedTable
        One row a role, paramedics first, then in the order of the codelist: role, name, area (name of the board),
        target (for 10,000 patients), target_of, networks (of the area, of which it is known), networks_not_known,
        fte (that they have now), networks_short, shortfall (added up over those that are short), shortfall_share (of
        ``fte``), above (added up over those above the target), own_fte, own_shortfall and place_shortfall. Roles of
        which nothing is known have none. No rows where nothing is known of the network.

    Raises
    ------
    PcnAnalysisError
        If a target is of no role or no number of 0 or more, or there is no such level; all of it at once.

    Examples
    --------
    >>> from pcn_analysis.place import network_of
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> frame = competition(network_of(invent_place(), "U00001"), {"paramedic": 0.3, "gp": 0.0}).frame
    >>> frame[["role", "networks", "networks_not_known"]].values.tolist()
    [['paramedic', 6, 1], ['gp', 6, 1]]
    """
    short = wishes(network, targets, level=level)
    rows = short.frame
    own = rows[rows["marked"]].set_index("role")
    board = rows.loc[rows["marked"], "icb_code"]
    area = rows[rows["icb_code"].isin(board.dropna())] if len(board) else rows.iloc[:0]
    groups, of_place = area.groupby("role", sort=False), rows[rows["in_place"]].groupby("role", sort=False)
    frame = groups.agg(
        name=("name", "first"),
        area=("icb_name", "first"),
        target=("target", "first"),
        target_of=("target_of", "first"),
        networks=("shortfall", "count"),
        everyone=("shortfall", "size"),
        fte=("counted_fte", "sum"),
        networks_short=("short", "sum"),
        shortfall=("shortfall", "sum"),
        above=("above", "sum"),
    )
    frame = frame.assign(
        networks_not_known=frame["everyone"] - frame["networks"],
        shortfall_share=frame["shortfall"] / frame["fte"].where(frame["fte"] > 0),
        own_fte=own["fte"].reindex(frame.index),
        own_shortfall=own["shortfall"].reindex(frame.index),
        place_shortfall=of_place["shortfall"].sum().reindex(frame.index),
    )
    frame = frame[frame["networks"] > 0].reset_index()
    frame = frame.sort_values("role", key=lambda roles: roles != FIRST, kind="stable", ignore_index=True)
    counted = ("networks", "networks_not_known", "networks_short")
    sums = ("target", "fte", "shortfall", "shortfall_share", "above", "own_fte", "own_shortfall", "place_shortfall")
    frame = frame.astype(dict.fromkeys(counted, "Int64") | dict.fromkeys(sums, "Float64"))
    columns = ["role", "name", "area", "target", "target_of", *counted, *sums[1:]]
    return derive(frame[columns], short, numbers=(*counted, *sums), about=network.about)


def wishes(network: Network, targets: Mapping[str, float] | None = None, *, level: str = "median") -> SourcedTable:
    """How far each network of the country is below a target, by role.

    Parameters
    ----------
    network, targets, level
        As in :func:`competition`.

    Returns
    -------
    SourcedTable
        Rows of :func:`pcn_analysis.workforce.staffing.every_network` that have a target, with target and target_of,
        wanted (whole-time equivalents), shortfall and above (0 or more; null where it is not known what there is),
        counted_fte (``fte``, where both are known) and short.
    """
    every = every_network(network)
    rows = every.frame
    _check(targets, level, set(rows["role"]))
    chosen = spread(known(rows), "")[level].to_dict() if targets is None else dict(targets)
    rows = rows[rows["role"].isin(set(chosen))]
    rows = rows.assign(
        target=rows["role"].map(chosen).astype("Float64"),
        target_of=f"{level} of the country's networks" if targets is None else GIVEN,
    )
    counted = known(rows).index
    wanted = rows["target"] * rows["patients"] / PER
    gap = (wanted - rows["fte"]).where(rows.index.isin(counted))
    rows = rows.assign(wanted=wanted, shortfall=gap.clip(lower=0), above=(-gap).clip(lower=0))
    rows = rows.assign(counted_fte=rows["fte"].where(gap.notna()), short=(gap > 0).fillna(False))
    given = [] if targets is None else [SourcedTable(pd.DataFrame(), Provenance((TARGETS,), people=False))]
    numbers = (*every.numbers, "target", "wanted", "shortfall", "above", "counted_fte")
    return derive(rows.reset_index(drop=True), every, *given, numbers=numbers, about=network.about)


def _check(targets: Mapping[str, float] | None, level: str, roles: set[str]) -> None:
    problems = []
    if level not in LEVELS:
        problems.append(Problem(f"level {level}", "there is no such level", nearest(str(level), LEVELS)))
    if targets is not None and not isinstance(targets, Mapping):
        problems.append(Problem("targets", "they are no numbers by role", "Give a dict of roles and numbers."))
        targets = None
    for role, value in (targets or {}).items():
        where = f"target of {role}"
        if role not in roles and roles:
            problems.append(Problem(where, "there is no such role", nearest(str(role), roles)))
        if not is_number(value):
            remedy = "Give whole-time equivalents for 10,000 patients."
            problems.append(Problem(where, "is below 0, or no number", remedy))
    if problems:
        raise PcnAnalysisError(*problems)
