"""Today's networks of a place held against random ones: the only fair comparison of localisation across sizes.

Larger and fewer networks have more localisation for no other reason. So today's are held against random contiguous
plans of as many networks within the same range of sizes (:mod:`pcn_analysis.network.design.random_plans`), and each
network against those random ones that are nearest to it in size. Worked out once by ``pcn-analysis prepare``, kept
beside the prepared places, and read by the page of the place. Nothing in it is of people.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pcn_analysis.codes import COUNTRY
from pcn_analysis.exceptions import problem
from pcn_analysis.network.design.ground import ground_of
from pcn_analysis.network.design.random_plans import below, like_today
from pcn_analysis.network.of_place import groups_of, names_of, registered_of
from pcn_analysis.network.place_plans import FOLDER, neighbours_of, own_practices, read_facts, write_facts
from pcn_analysis.network.standing import SIMILAR
from pcn_analysis.provenance import SourcedTable, derive
from pcn_analysis.settings import load_settings
from pcn_analysis.words import listed, number, percent

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.network.design.ground import Ground
    from pcn_analysis.network.design.random_plans import RandomPlans, Today
    from pcn_analysis.place import Place

FILE = "today.json"
"""Name of what is kept, in the folder of designs of the place."""
ALL, WORST = "all networks together", "worst-off network"
"""What is measured beside each network: localisation of all, and the smallest localisation or commitment of any."""
QUANTILES = {"least": 0.0, "low": 0.05, "middle": 0.5, "high": 0.95, "most": 1.0}
"""What is kept of random values."""
NOT_COMPUTED = "not computed: run `pcn-analysis prepare` again"
COLUMNS = ("measure", "pcn_code", "patients", "today", *QUANTILES, "percentile", "of", "different")
AGAIN = "Run `pcn-analysis prepare` again."


@dataclass(frozen=True)
class Held:
    """Today's networks as they stand against random ones.

    Parameters
    ----------
    networks, smallest, largest
        How many networks of today, and the range of their lists: the band of the random plans. Of own practices.
    plans, different
        Random plans drawn, and how many of them differ.
    contiguous
        Whether each network of today hangs together as random ones do; null where that is not known.
    rows
        A row a measure: measure (:data:`ALL`, :data:`WORST`, or ``network``), pcn_code and patients (of a network),
        today (its value), least, low, middle, high and most (of random ones: 0, 5, 50, 95 and 100%), percentile (share
        of random ones with less and half of those with as much; null where all random ones are the same), of (how many
        random ones it is held against), different (how many of these differ). No rows where there is no comparison.
    why
        Why there is no comparison, in a sentence; empty where there is one.
    notes
        What a reader must know of it, in sentences.
    """

    networks: int
    smallest: int | None
    largest: int | None
    plans: int
    different: int
    contiguous: bool | None
    rows: tuple[dict[str, Any], ...]
    why: str
    notes: tuple[str, ...]


def can_be_held(place: Place) -> bool:
    """Whether today's networks of a place can be looked at: not those of all England, nor without counts by area."""
    return place.name != COUNTRY and "registrations_by_area" in place.tables


def held_against_random(place: Place, seed: int = 0) -> Held:
    """Hold today's networks of a place against random ones.

    Its own practices with patients are in, if they are in a network today; others are rivals, as in a design.

    Parameters
    ----------
    place
        A prepared place with counts by area.
    seed
        Where random numbers start; with that of a design, its row of today has the same percentile.
    """
    networks, lists = groups_of(place), own_practices(place)["list_size"].astype(int)
    people, mine = registered_of(place), lists[networks.reindex(lists.index).notna()]
    sizes = mine.groupby(networks).sum()
    if why := _cannot(place, sizes, int((~mine.index.isin(people.practices)).sum())):
        return _held(sizes, why=why)
    ground = ground_of(people, mine, neighbours_of(place), networks)
    today = like_today(ground, seed)
    notes = tuple(_notes(len(lists) - len(mine), today, _straddling(place, sizes.index)))
    if today.drawn is None:
        why = f"no plan of {number(len(sizes), 'contiguous network')} of their sizes was found to begin from"
        return _held(sizes, today, why=why, notes=notes)
    if today.drawn.distinct <= 1:
        why = f"all of {len(today.drawn.worst)} random plans of their number and sizes are one and the same"
        return _held(sizes, today, why=why, notes=notes)
    rows = [*_of_plans(today, today.drawn), *_of_networks(ground, today, today.drawn)]
    return _held(sizes, today, rows=tuple(rows), notes=notes)


def keep_held(place: Place, held: Held, processed: Path) -> Path:
    """Write it where the page of the place finds it."""
    return write_facts(place, asdict(held), processed, FILE)


def kept_held(place: Place, processed: Path) -> Held | None:
    """Read what is kept; None where there is nothing, or only something of the place as it was before.

    Raises
    ------
    PcnAnalysisError
        If it is damaged.
    """
    path = processed / FOLDER / place.slug / FILE
    facts = read_facts(place, path, AGAIN) if path.exists() else None
    if facts is None:
        return None
    try:
        kept = {field.name: facts[field.name] for field in fields(Held)}
    except KeyError as error:
        raise problem(path.name, "is damaged", AGAIN) from error
    return Held(**kept | {"rows": tuple(kept["rows"]), "notes": tuple(kept["notes"])})


# -- tables of the page ------------------------------------------------------------------------------------


def random_drawn(place: Place) -> SourcedTable:
    """What was drawn at random, or why nothing was.

    Returns
    -------
    SourcedTable
        One row: networks, smallest, largest, plans, different, why and notes, as in :class:`Held`; notes are one text.
        Where nothing is kept of the place as it is now, why is :data:`NOT_COMPUTED`.
    """
    held = kept_held(place, load_settings().processed)
    held = held or Held(len(place.networks()), None, None, 0, 0, None, (), NOT_COMPUTED, ())
    names = ("networks", "smallest", "largest", "plans", "different")
    row = {name: getattr(held, name) for name in (*names, "why")} | {"notes": " ".join(held.notes)}
    frame = pd.DataFrame([row]).astype(dict.fromkeys(names, "Int64"))
    return derive(frame, *_parents(place), counts=names[1:3], numbers=("networks", *names[3:]), about=place.about())


def against_random(place: Place) -> SourcedTable:
    """Today's networks beside random ones.

    Returns
    -------
    SourcedTable
        One row a measure: that of all networks, of the worst-off, and each network, most patients first. Columns as in
        :class:`Held`, name (of the measure or network), and the shares in words (``today_said``). No rows where
        there is no comparison, or nothing is kept.
    """
    held = kept_held(place, load_settings().processed)
    frame = pd.DataFrame(held.rows if held else (), columns=list(COLUMNS))
    numbers = ("today", *QUANTILES, "percentile", "of", "different")
    frame = frame.astype({"patients": "Int64", "of": "Int64", "different": "Int64"})
    frame = frame.astype(dict.fromkeys(("today", *QUANTILES, "percentile"), "Float64"))
    frame["name"] = frame["pcn_code"].map(names_of(place)).fillna(frame["measure"])
    for name in ("today", *QUANTILES, "percentile"):
        frame[f"{name}_said"] = frame[name].map(percent)
    return derive(frame, *_parents(place), counts=("patients",), numbers=numbers, about=place.about())


def _parents(place: Place) -> list[SourcedTable]:
    return [place.tables[name] for name in ("registrations_by_area", "practices", "areas")]


# -- shared by the functions above -------------------------------------------------------------------------


def _cannot(place: Place, sizes: pd.Series, uncounted: int) -> str:
    """Why nothing can be drawn, before anything is."""
    few = {0: "none of its practices is in a network", 1: "it has one network, and one can be made in one way only"}
    if len(sizes) in few:
        return few[len(sizes)]
    if place.boundaries.empty:
        return "it is on no map, so that no network can be said to be contiguous"
    are = "is" if uncounted == 1 else "are"
    return f"{number(uncounted, 'practice')} with a list {are} not in the counts by area" if uncounted else ""


def _held(
    sizes: pd.Series,
    today: Today | None = None,
    *,
    rows: tuple[dict[str, Any], ...] = (),
    why: str = "",
    notes: tuple[str, ...] = (),
) -> Held:
    drawn = today.drawn if today else None
    return Held(
        networks=len(sizes),
        smallest=int(sizes.min()) if len(sizes) else None,
        largest=int(sizes.max()) if len(sizes) else None,
        plans=len(drawn.worst) if drawn else 0,
        different=drawn.distinct if drawn else 0,
        contiguous=today.contiguous if today else None,
        rows=rows,
        why=why,
        notes=notes,
    )


def _of_plans(today: Today, drawn: RandomPlans) -> list[dict[str, Any]]:
    """Rows of whole plans."""
    local, worst = today.score.localisation, today.score.worst
    shared = {"pcn_code": None, "patients": None, "of": len(drawn.worst), "different": drawn.distinct}
    return [
        {"measure": ALL, **_row(local, drawn.localisation), "percentile": drawn.percentile(local), **shared},
        {"measure": WORST, **_row(worst, drawn.worst), "percentile": drawn.percentile_of_worst(worst), **shared},
    ]


def _of_networks(ground: Ground, today: Today, drawn: RandomPlans) -> list[dict[str, Any]]:
    """Rows of networks, most patients first: each against the random networks nearest to it in size."""
    sizes, local = drawn.sizes.ravel(), drawn.each_localisation.ravel()
    lists = np.bincount(today.plan, ground.lists)
    rows = []
    for network in np.argsort(-lists, kind="stable"):
        near = np.argsort(np.abs(sizes - lists[network]), kind="stable")[:SIMILAR]
        value, different = float(today.score.each_localisation[network]), len(np.unique(local[near]))
        rows.append({
            "measure": "network", "pcn_code": str(ground.networks[network]), "patients": int(lists[network]),
            **_row(value, local[near]), "percentile": below(local[near], value) if different > 1 else None,
            "of": len(near), "different": different,
        })  # fmt: skip
    return rows


def _row(value: float, drawn: np.ndarray) -> dict[str, float]:
    quantiles = np.quantile(drawn, list(QUANTILES.values()))
    return {"today": float(value), **dict(zip(QUANTILES, map(float, quantiles), strict=True))}


def _notes(in_none: int, today: Today, straddling: list[str]) -> list[str]:
    said = {
        "Not all of today's networks hang together as random ones do: today's plan could not have been drawn.":
            not today.contiguous,
        f"{number(in_none, 'practice')} in no network {'counts as a rival' if in_none == 1 else 'count as rivals'}.":
            in_none > 0,
        f"Practices elsewhere of {listed(straddling or [''])} count as rivals, as in a design.": bool(straddling),
    }  # fmt: skip
    return [sentence for sentence, holds in said.items() if holds]


def _straddling(place: Place, networks: pd.Index) -> list[str]:
    """Names of the networks that also have practices which are not of the place."""
    groups, names = groups_of(place), names_of(place)
    elsewhere = groups[~groups.index.isin(own_practices(place).index)]
    return sorted(names[code] for code in networks.intersection(elsewhere.dropna().unique()))
