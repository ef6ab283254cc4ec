"""What became of networks and practices since each earlier map of a country, counted and named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.network.changes import CLOSED, ENDED, JOINED, LEFT, MERGED, MOVED, NEW, OPENED, RENAMED, changes
from pcn_analysis.provenance import SourcedTable, derive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcn_analysis.network.changes import Changes
    from pcn_analysis.place import Network, Place

EARLIER = "earlier_memberships"
PRACTICES = {
    MOVED: "practices that moved to another network",
    JOINED: "practices that joined a network",
    LEFT: "practices that left every network",
    MERGED: "practices that merged into another",
    CLOSED: "practices that closed or cannot be traced",
    OPENED: "practices that opened",
}
NETWORKS = {NEW: "networks that are new", ENDED: "networks that ended", RENAMED: "networks that were renamed"}
COLUMNS = ("since", "change", "kind", "number", "of", "patients", "without_list")


def england_changes(country: Network) -> SourcedTable:
    """Count what changed since each earlier map.

    Returns
    -------
    SourcedTable
        One row a map and kind of change, earliest map first: since (its month), change, kind (``practices`` or
        ``networks``), number, of (how many there were then), patients (of the practices concerned, as far as lists are
        known; null for networks), without_list (practices whose patients are not known). Empty where a place has no
        earlier map.
    """
    place = country.place
    rows = [row for since, before, found in _since(place) for row in _counted(since, before, found)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"patients": "Float64"})
    parents = [place.tables[name] for name in ("practices", EARLIER) if name in place.tables]
    numbers = ("number", "of", "without_list")
    return derive(frame, *parents, counts=("patients",), numbers=numbers, about=place.about())


def england_networks_changed(country: Network, networks: SourcedTable) -> SourcedTable:
    """Name the networks that are new, ended or were renamed since the earliest map.

    Returns
    -------
    SourcedTable
        One row a network, those of the marked place first, then by kind and code: pcn_code, change, name_before,
        name_after, home (local authority where most patients live; of an ended network that of its successor), marked,
        successor (name of the network where most of an ended one's patients are now), practices_before,
        practices_after, arrived and departed (patients). Empty where a place has no earlier map.
    """
    place = country.place
    now = networks.frame.set_index("pcn_code")
    tables = [found.networks.assign(since=since) for since, _, found in _since(place)][:1]
    words = ["pcn_code", "change", "name_before", "name_after", "home", "marked", "successor", "since"]
    numbers = ("practices_before", "practices_after")
    if tables:
        rows = tables[0][tables[0]["change"].isin(list(NETWORKS))].rename(columns={"network": "pcn_code"})
        heir = rows["successor"].where(rows["change"] == ENDED, rows["pcn_code"])
        rows = rows.assign(home=heir.map(now["home"]), successor=rows["successor"].map(now["pcn_name"]))
        rows["marked"] = heir.map(now["marked"]).astype("boolean").fillna(False).astype(bool)
        order = rows["change"].map({kind: place for place, kind in enumerate(NETWORKS)})
        rows = rows.assign(order=order).sort_values(
            ["marked", "order", "pcn_code"], ascending=[False, True, True], ignore_index=True
        )
    else:
        rows = pd.DataFrame(columns=[*words, *numbers, "arrived", "departed"])
    counts = ("arrived", "departed")
    rows = rows[[*words, *numbers, *counts]]
    parents = [place.tables[name] for name in (EARLIER,) if name in place.tables]
    return derive(rows, networks, *parents, counts=counts, numbers=numbers, about=place.about())


def _since(place: Place) -> Iterator[tuple[str, pd.DataFrame, Changes]]:
    """Month of each earlier map, the map, and what changed since."""
    if EARLIER not in place.tables:
        return
    earlier, now = place.tables[EARLIER].frame, place.tables["practices"].frame
    lists = now.set_index("practice_code")["list_size"].astype(float)
    for date, before in earlier.groupby("as_at"):
        mergers = before.dropna(subset=["survivor"]).rename(columns={"practice_code": "closed_practice"})
        then = before.set_index("practice_code")["earlier_list_size"].astype(float)
        found = changes(before, now, lists, lists_before=then, mergers=mergers)
        yield f"{pd.Timestamp(str(date)):%B %Y}", before, found


def _counted(since: str, before: pd.DataFrame, found: Changes) -> Iterator[tuple[object, ...]]:
    """One row for each kind of change."""
    practices, networks = found.counted(), found.networks["change"].value_counts()
    for kind, words in PRACTICES.items():
        row = practices.loc[kind]
        yield since, words, "practices", int(row["practices"]), len(before), row["patients"], int(row["without_list"])
    for kind, words in NETWORKS.items():
        yield since, words, "networks", int(networks.get(kind, 0)), before["pcn_code"].nunique(), None, 0
