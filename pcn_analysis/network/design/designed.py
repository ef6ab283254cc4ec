"""Design networks of a place: the one way in."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis.exceptions import PcnAnalysisError, problem
from pcn_analysis.network.design.constraints import Wanted, problems_of
from pcn_analysis.network.design.exact import INFEASIBLE, Assigned, assign
from pcn_analysis.network.design.feasibility import check_fits, said_of_tightness
from pcn_analysis.network.design.ground import Ground, Units, ground_of, sites_of, units_of
from pcn_analysis.network.design.plans import TODAY, chosen, efficient, measured, named
from pcn_analysis.network.design.random_plans import RandomPlans, first_plan, like_today, random_plans
from pcn_analysis.network.design.score import dissimilarity
from pcn_analysis.network.design.search import FEWER_MOVES, search, searched
from pcn_analysis.network.design.state import broken
from pcn_analysis.words import number

if TYPE_CHECKING:
    from pcn_analysis.network.registered import Registered

SHARED_GROUND = "shared ground"
"""Name of the plan of the exact assignment."""
ANY_PLAN = "any that fits"
"""Name of a plan within the band where the exact assignment found none in time."""


@dataclass(frozen=True)
class Design:
    """Plans for a place: options to discuss, each with what it costs and gains; none is the answer.

    Parameters
    ----------
    plans
        Indexed by practice: its network today, and in each plan. A network of a plan has the code of the network
        of today that it continues, or is called new with a number.
    table
        One row a plan, today's networks first: plan, networks, moves (practices that leave their network of
        today), patients_moved, localisation (over all networks), worst (smallest localisation or commitment of
        any), worst_localisation, worst_commitment, smallest and largest (registered patients), in_band
        (networks), parts (of all footprints), main_part (smallest share of a network's patients in its footprint
        who live in the main part), percentile (share of random contiguous plans of the same number and band with
        less localisation; today's networks are held against plans of their own number and range of sizes; null
        where fewer than two random plans differ), efficient (no other plan is as good or better in moves,
        localisation and worst; null for today).
    status, gap, bound, cost, seconds
        Of the exact assignment: see :class:`pcn_analysis.network.design.exact.Assigned`.
    random
        Random plans of the number and band wanted; None where no plan was found.
    notes
        What a reader must know of this design, in sentences.
    """

    plans: pd.DataFrame
    table: pd.DataFrame
    status: str
    gap: float
    bound: float
    cost: float
    seconds: float
    random: RandomPlans | None = None
    notes: tuple[str, ...] = ()


def design(
    registered: Registered,
    lists: pd.Series,
    neighbours: pd.DataFrame,
    wanted: Wanted,
    *,
    today: pd.Series,
    points: pd.DataFrame | None = None,
) -> Design:
    """Put whole practices into contiguous networks within a band of sizes.

    Parameters
    ----------
    registered
        Patients by area and practice, complete in every area: practices that are not in ``lists`` are rivals.
    lists
        Published list by practice code: the practices to be designed.
    neighbours
        area_code and neighbour_code of areas with a common border.
    wanted
        Number, band and wishes.
    today
        Network by practice code, of rivals as well; null or absent for none.
    points
        easting and northing of practices in metres (EPSG:27700); those at the same point stay together. None
        where they are not known.

    Returns
    -------
    Design
        Three to five plans where there are as many, and today's networks.

    Raises
    ------
    PcnAnalysisError
        If the wishes are wrong or contradict each other, the number cannot fit, or it is proven that no plan of
        the exact model keeps every wish and none was found otherwise. All that is wrong is said at once.
    """
    if found := problems_of(wanted, lists, today):
        raise PcnAnalysisError(*found)
    ground = ground_of(registered, lists, neighbours, today)
    units = units_of(ground, wanted, [] if points is None else sites_of(points, ground.practices))
    check_fits(units, wanted)
    exact, found_plans = _sound_plans(units, wanted)
    plans = chosen({name: plan[units.of] for name, plan in found_plans.items()})
    null = random_plans(units, wanted, next(iter(found_plans.values()))) if plans else None
    members = ground_of(registered, lists[today.reindex(lists.index).notna()], neighbours, today)
    rows = [_today(members, wanted), *(_row(ground, wanted, name, plan, null) for name, plan in plans.items())]
    table = pd.DataFrame([row for row in rows if row])
    table["efficient"] = efficient(table[table["plan"] != TODAY]).reindex(table.index).astype("boolean")
    return Design(
        plans=_frame(ground, today, plans),
        table=table,
        status=exact.status,
        gap=exact.gap,
        bound=exact.bound,
        cost=exact.cost,
        seconds=exact.seconds,
        random=null,
        notes=(*_notes(ground, units, wanted, exact, points, plans=bool(plans)), *_straddling(ground, today)),
    )


def _sound_plans(units: Units, wanted: Wanted) -> tuple[Assigned, dict[str, np.ndarray]]:
    """The exact assignment, and plans of units by name, of which none breaks a rule."""
    exact = assign(units, wanted, dissimilarity(units))
    found = _searched(units, wanted, exact)
    if exact.status == INFEASIBLE and not found:
        raise _no_plan(wanted)
    for plan in found.values():
        if breaks := broken(units, wanted, plan):
            message = f"a plan breaks: {', '.join(breaks)}"
            raise AssertionError(message)
    return exact, found


def _no_plan(wanted: Wanted) -> PcnAnalysisError:
    wishes = {
        "--keep": wanted.keep,
        "--separate": wanted.separate,
        "--within-la": wanted.within is not None,
        "--max-moves": wanted.max_moves is not None,
    }
    loosened = ", ".join(["--band", *(name for name, asked in wishes.items() if asked)])
    floor, ceiling = wanted.band
    networks = f"{wanted.networks} contiguous networks of {floor:,} to {ceiling:,} patients"
    what = f"no {networks} keep every wish: proven of the exact model"
    return problem("--networks", what, f"Give another number, or loosen one of {loosened}.")


def _searched(units: Units, wanted: Wanted, exact: Assigned) -> dict[str, np.ndarray]:
    """Plans of units by name: the exact one first, then the best found for each aim; none where none is known."""
    deadline = time.monotonic() + wanted.time_limit
    start, name = exact.plan, SHARED_GROUND
    if start is None:
        start, name = _any_plan(units, wanted, deadline), ANY_PLAN
    return {} if start is None else {name: start} | searched(units, wanted, start, deadline)


def _any_plan(units: Units, wanted: Wanted, deadline: float) -> np.ndarray | None:
    """Find a plan that breaks nothing without the exact model: any in the band, then with few enough moves."""
    start = first_plan(units, wanted, deadline)
    if start is not None and wanted.max_moves is not None:
        start = search(units, replace(wanted, max_moves=None), start, aim=FEWER_MOVES, deadline=deadline)
    return None if start is None or broken(units, wanted, start) else start


def _row(ground: Ground, wanted: Wanted, name: str, plan: np.ndarray, null: RandomPlans | None) -> dict:
    row = {"plan": name, **measured(ground, plan, wanted.band)}
    return row | {"percentile": np.nan if null is None else null.percentile(row["localisation"])}


def _today(members: Ground, wanted: Wanted) -> dict:
    """Row of today's networks, of the practices that are in one; empty where none is."""
    if not len(members.practices):
        return {}
    today = like_today(members, wanted.seed)
    return _row(members, replace(today.wanted, band=wanted.band), TODAY, today.plan, today.drawn)


def _frame(ground: Ground, today: pd.Series, plans: dict[str, np.ndarray]) -> pd.DataFrame:
    columns = {name: named(ground, plan) for name, plan in plans.items()}
    return pd.DataFrame({TODAY: today.reindex(ground.practices), **columns}, index=ground.practices)


def _notes(
    ground: Ground, units: Units, wanted: Wanted, exact: Assigned, points: pd.DataFrame | None, *, plans: bool
) -> tuple[str, ...]:
    outside, unknown = ~ground.today.any(axis=1), ground.patients.sum(axis=0) == 0
    unplaced = ", ".join(ground.practices[unknown])
    absent = number(outside.sum(), "practice")
    said = {
        said_of_tightness(units, wanted): True,
        "Where practices stand is not known: those in one building are kept together only if named.": points is None,
        f"{absent} in no network today: part of every plan, not of today's row.": outside.any(),
        f"Where their patients live is not known: {unplaced}.": unknown.any(),
        _said_of_none(wanted, exact, plans): exact.plan is None,
    }
    return tuple(sentence for sentence, holds in said.items() if sentence and holds)


def _said_of_none(wanted: Wanted, exact: Assigned, plans: bool) -> str:
    """Say that the exact assignment found no plan, and where those shown come from."""
    if not plans:
        return f"No plan was found in {wanted.time_limit:g} seconds; there may be one."
    why = "has none" if exact.status == INFEASIBLE else f"found none in {wanted.time_limit:g} seconds"
    return f"The exact assignment {why}; the plans shown come from recombination and search, and have no bound."


def _straddling(ground: Ground, today: pd.Series) -> tuple[str, ...]:
    """Say which networks of today also have practices that are not designed, and so compete with their own."""
    elsewhere = today[~today.index.isin(ground.practices)].dropna()
    shared = sorted(set(ground.networks) & set(elsewhere))
    return (f"These also have practices elsewhere, which count as rivals: {', '.join(shared)}.",) if shared else ()
