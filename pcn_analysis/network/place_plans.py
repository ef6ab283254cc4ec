"""Designs of a place's networks: made once on request, kept beside the prepared places, read by its page.

Nothing in them is of people: practices, networks and published counts.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.codes import COUNTRY
from pcn_analysis.exceptions import problem
from pcn_analysis.network.borders import Borders
from pcn_analysis.network.contiguity import BRIDGES
from pcn_analysis.network.design import Wanted, design
from pcn_analysis.network.of_place import groups_of, registered_of
from pcn_analysis.network.points import practice_points
from pcn_analysis.provenance import Rate, derive
from pcn_analysis.stored import replacing_file, seal

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.network.design import Design
    from pcn_analysis.place import Place
    from pcn_analysis.provenance import SourcedTable

FOLDER = "network_plans"
"""Folder of designs beside the prepared places; a folder of each place in it."""
NUMBERS = (
    *("networks", "moves", "localisation", "worst", "worst_localisation", "worst_commitment", "in_band", "parts"),
    *("main_part", "percentile"),
)
COUNTS = ("patients_moved", "smallest", "largest")


@dataclass(frozen=True)
class Kept:
    """A design as it is kept.

    Parameters
    ----------
    wanted
        What was asked: networks, band, keep, separate, max_moves, within_la, seed.
    plans, table
        As in :class:`pcn_analysis.network.design.Design`.
    status, gap, seconds
        Of the exact assignment.
    random_localisation
        Localisation of each random plan that the designs are held against, in order; empty where there is none.
    notes
        What a reader must know, in sentences.
    """

    wanted: dict[str, Any]
    plans: pd.DataFrame
    table: pd.DataFrame
    status: str
    gap: float
    seconds: float
    random_localisation: tuple[float, ...]
    notes: tuple[str, ...]


def own_practices(place: Place) -> pd.DataFrame:
    """Practices of a place that are designed, those with most patients in it; by practice code."""
    practices = place.tables["practices"].frame
    return practices[practices["in_place"] & (practices["list_size"] > 0)].set_index("practice_code")


def design_place(place: Place, wanted: Wanted) -> Design:
    """Design networks of whole practices for a place.

    Parameters
    ----------
    place
        A prepared place, on a map: a local authority or an invented one.
    wanted
        What is asked of the networks.

    Raises
    ------
    PcnAnalysisError
        If the place is all England or has no counts by area, or as :func:`design`.
    """
    if place.name == COUNTRY:
        raise problem("--place", f"networks of all {COUNTRY} are not designed at once", "Name a local authority.")
    if "registrations_by_area" not in place.tables:
        raise problem("--place", f"no counts of patients by area belong to {place.name}", "Name a published place.")
    points = practice_points(own_practices(place).reset_index()).dropna()
    return design(
        registered_of(place),
        own_practices(place)["list_size"].astype(int),
        neighbours_of(place),
        wanted,
        today=groups_of(place),
        points=points if len(points) else None,
    )


def neighbours_of(place: Place) -> pd.DataFrame:
    """Areas with a common border, or joined by a named bridge: area_code and neighbour_code."""
    bridged = pd.DataFrame(list(BRIDGES), columns=["area_code", "neighbour_code"])
    return pd.concat([Borders.of(place.boundaries).shared(), bridged], ignore_index=True)


def keep_design(place: Place, wanted: Wanted, made: Design, processed: Path) -> Path:
    """Write a design where the page of the place finds it; one of the same number of networks is replaced."""
    asked = {name: value for name, value in asdict(wanted).items() if name not in ("within", "time_limit")}
    facts = {
        "wanted": asked | {"within_la": wanted.within is not None},
        "plans": {plan: column.dropna().to_dict() for plan, column in made.plans.items()},
        "table": json.loads(made.table.to_json(orient="records", double_precision=15)),
        "status": made.status,
        "gap": made.gap,
        "seconds": round(made.seconds, 1),
        "random_localisation": [] if made.random is None else [float(one) for one in made.random.localisation],
        "notes": list(made.notes),
    }
    return write_facts(place, facts, processed, f"{wanted.networks:02d}_networks.json")


def kept_designs(place: Place, processed: Path) -> list[Kept]:
    """Read every design that was made of a place as it is now, by number of networks; older ones are passed over.

    Raises
    ------
    PcnAnalysisError
        If one is damaged.
    """
    found = [
        read_facts(place, path, "Run `pcn-analysis network design` again, or remove it.")
        for path in sorted((processed / FOLDER / place.slug).glob("*_networks.json"))
    ]
    return [_kept(facts) for facts in found if facts is not None]


def write_facts(place: Place, facts: dict[str, Any], processed: Path, name: str) -> Path:
    """Write what was worked out of a place, sealed and with the fingerprint of the place, in its folder of designs."""
    facts = {"place": place.slug, "fingerprint": place.fingerprint, **facts}
    path = processed / FOLDER / place.slug / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing_file(path) as aside:
        aside.write_text(json.dumps(facts | {"seal": seal(facts)}, indent=1), encoding="utf-8", newline="\n")
    return path


def read_facts(place: Place, path: Path, remedy: str) -> dict[str, Any] | None:
    """Read what was worked out of a place; None where it was of the place as it was before.

    Raises
    ------
    PcnAnalysisError
        If it is damaged; it says what to do about it.
    """
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        sound = facts["seal"] == seal(facts)
        current = facts["fingerprint"] == place.fingerprint
    except (OSError, ValueError, KeyError, TypeError):
        sound = current = False
    if not sound:
        raise problem(path.name, "is damaged", remedy)
    return facts if current else None


def _kept(facts: dict[str, Any]) -> Kept:
    table = pd.DataFrame(facts["table"])
    return Kept(
        wanted=facts["wanted"],
        plans=pd.DataFrame(facts["plans"]),
        table=table.assign(efficient=table["efficient"].astype("boolean")),
        status=facts["status"],
        gap=float("nan") if facts["gap"] is None else facts["gap"],
        seconds=facts["seconds"],
        random_localisation=tuple(facts["random_localisation"]),
        notes=tuple(facts["notes"]),
    )


def plans_table(place: Place, made: Design | Kept) -> SourcedTable:
    """Set plans side by side, today's networks first.

    Returns
    -------
    SourcedTable
        The table of a :class:`Design`, with share_moved (patients_moved ÷ registered at the practices of the place).
    """
    total = int(own_practices(place)["list_size"].sum())
    rates = (Rate("share_moved", "patients_moved", "registered"),)
    frame = made.table.assign(registered=total)
    frame = frame.assign(share_moved=frame["patients_moved"] / total)
    parents = (place.tables["registrations_by_area"], place.tables["practices"])
    counts = (*COUNTS, "registered")
    return derive(frame, *parents, counts=counts, rates=rates, numbers=NUMBERS, about=place.about())
