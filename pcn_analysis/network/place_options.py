"""Other networks that a place could have, as far as designs of it are kept, beside today's.

Designs are made once with ``pcn-analysis network design`` and kept beside the prepared places
(:mod:`pcn_analysis.network.place_plans`). Without one the tables have no rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from pcn_analysis.network import place_plans
from pcn_analysis.network.borders import Borders
from pcn_analysis.network.catchments import plurality
from pcn_analysis.network.colouring import coloured
from pcn_analysis.network.of_place import groups_of, names_of, registered_of
from pcn_analysis.network.place_null import kept_held
from pcn_analysis.provenance import Rate, SourcedTable, derive
from pcn_analysis.settings import load_settings
from pcn_analysis.words import percent

if TYPE_CHECKING:
    from pcn_analysis.network.place_null import Held
    from pcn_analysis.network.place_plans import Kept
    from pcn_analysis.place import Place

TODAY = "today"
ELSEWHERE = "elsewhere "
"""Stands before the network of a practice that is not designed, which competes with those that are."""


def plans(place: Place) -> SourcedTable:
    """Set the plans of every kept design side by side, today's networks first.

    Returns
    -------
    SourcedTable
        The first row is today's networks, the others plans, by number of networks: design (what was asked, in words;
        of today ``today``), plan, the columns of :func:`pcn_analysis.network.place_plans.plans_table`,
        localisation_said, worst_said and percentile_said (the same in words), proven
        (how far the exact assignment is known to be the best), notes (what a reader must know of the design), and
        random_low and random_high (least and most localisation of the random contiguous plans of the same number and
        band); the last four are null for today. The percentile of today is that of the prepared place, whatever a
        design began from; where none is kept with it, that of the first design. Empty where no design is kept.
    """
    processed = load_settings().processed
    kept, held = place_plans.kept_designs(place, processed), kept_held(place, processed)
    if not kept:
        return _none(place)
    tables = [place_plans.plans_table(place, one) for one in kept]
    frames = [_with_random(_as_prepared(table.frame, held), one) for table, one in zip(tables, kept, strict=True)]
    rows = [frame if number == 0 else frame[frame["plan"] != TODAY] for number, frame in enumerate(frames)]
    frame = pd.concat(rows, ignore_index=True)
    numbers = (*place_plans.NUMBERS, "random_low", "random_high")
    return derive(frame, *_parents(place), counts=(*place_plans.COUNTS, "registered"), numbers=numbers,
                  rates=(Rate("share_moved", "patients_moved", "registered"),), about=place.about())  # fmt: skip


def plan_areas(place: Place) -> SourcedTable:
    """Every area with its network in each plan of one design, and today: the design nearest to today's number.

    Practices that are not designed compete with the networks of a plan, as they do in a design.

    Returns
    -------
    SourcedTable
        One row a plan and area with a shape, today first, a GeoDataFrame in EPSG:27700: design, plan, moves (practices
        that leave their network), worst (least localisation or commitment of any of its networks), area_code,
        local_authority_name, pcn_code (the network of the plan that most of its registered people would be with; null
        where it is none of them), colour (0 to 5; neighbours differ, and a network keeps that of
        :func:`pcn_analysis.network.place_networks.area_map`). Empty where no design is kept.
    """
    shapes = place.boundaries
    kept = place_plans.kept_designs(place, load_settings().processed)
    if not kept:
        return _none(place)
    today = len(place.networks())
    chosen = min(kept, key=lambda one: (abs(one.wanted["networks"] - today), one.wanted["networks"]))
    known = place.tables["areas"].frame.set_index("area_code")["local_authority_name"]
    borders, colour, rows = Borders.of(shapes), dict[str, int](), []
    for plan, moves, worst in chosen.table[["plan", "moves", "worst"]].itertuples(index=False):
        of = _won(place, chosen.plans[plan]).reindex(shapes["area_code"])
        mapped = coloured(borders.between(of), sorted(chosen.plans[plan].dropna().unique(), key=_order(place)), colour)
        colour = colour or mapped
        facts = {"plan": plan, "moves": moves, "worst": worst}
        rows.append(shapes.assign(**facts, pcn_code=of.to_numpy(), colour=of.map(mapped).to_numpy()))
    frame = gpd.GeoDataFrame(pd.concat(rows, ignore_index=True), geometry="geometry", crs=shapes.crs)
    frame["design"], frame["local_authority_name"] = asked(chosen), frame["area_code"].map(known)
    frame["colour"] = frame["colour"].astype("Int64")
    return derive(frame, *_parents(place), numbers=("moves", "worst", "colour"), about=place.about())


def asked(kept: Kept) -> str:
    """What was asked of a design, in words: its number of networks, their sizes and every wish.

    The seed is no wish.
    """
    wanted = kept.wanted
    floor, ceiling = wanted["band"]
    wishes = {
        f"{len(wanted['keep'])} kept together": bool(wanted["keep"]),
        f"{len(wanted['separate'])} kept apart": bool(wanted["separate"]),
        f"at most {wanted['max_moves']} moves": wanted["max_moves"] is not None,
        "none across a local authority": wanted["within_la"],
    }
    return ", ".join(
        [f"{wanted['networks']} networks of {floor:,} to {ceiling:,}", *(w for w, on in wishes.items() if on)]
    )


# -- shared by the functions above -------------------------------------------------------------------------


def _none(place: Place) -> SourcedTable:
    """Table of no plan."""
    return derive(pd.DataFrame({"plan": pd.Series(dtype="str")}), *_parents(place), about=place.about())


def _as_prepared(frame: pd.DataFrame, held: Held | None) -> pd.DataFrame:
    """Give today the percentile that was worked out once for the place, so that a page says it in one way."""
    if held is None or not held.rows:
        return frame
    return frame.assign(percentile=frame["percentile"].mask(frame["plan"] == TODAY, held.rows[0]["percentile"]))


def _with_random(frame: pd.DataFrame, kept: Kept) -> pd.DataFrame:
    """Name the design, and give the range of random plans that it is held against."""
    of_plans = frame["plan"] != TODAY
    ends = pd.Series(kept.random_localisation, dtype="float64").agg(["min", "max"])
    design = pd.Series(asked(kept), frame.index).where(of_plans, TODAY)
    said = {f"{name}_said": frame[name].map(percent) for name in ("localisation", "worst", "percentile")}
    return frame.assign(
        **said,
        design=design,
        proven=pd.Series(_proven(kept), frame.index).where(of_plans),
        notes=pd.Series(" ".join(kept.notes), frame.index).where(of_plans),
        random_low=pd.Series(ends["min"], frame.index).where(of_plans),
        random_high=pd.Series(ends["max"], frame.index).where(of_plans),
    )


def _proven(kept: Kept) -> str:
    """How far the exact assignment, from which every plan was searched, is known to be the best for its aim."""
    if kept.status == "optimal":
        return "proven best for its aim"
    gap = "" if kept.gap != kept.gap else f", within {percent(kept.gap)} of the best possible"
    return f"stopped by the time limit{gap}"


def _won(place: Place, plan: pd.Series) -> pd.Series:
    """Network of a plan that wins each area; null where another does."""
    designed = plan.dropna().astype("str")
    groups = groups_of(place)
    groups = (ELSEWHERE + groups).where(~groups.index.isin(plan.index))
    groups.loc[designed.index] = designed
    winner = plurality(registered_of(place).grouped(groups))["winner"]
    return winner.where(winner.isin(designed))


def _order(place: Place):
    """Networks of today by name, as in every map, then new ones."""
    names = names_of(place)
    return lambda code: (code not in names, names.get(code, code))


def _parents(place: Place) -> list[SourcedTable]:
    return [place.tables[name] for name in ("registrations_by_area", "practices", "areas")]
