"""What changed in the networks of a place between the maps that are kept of it and today.

Maps of earlier dates say which practice belonged to which network. Each is held against the next, the last against
that of the place's own date (:mod:`pcn_analysis.network.changes`).
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pandas as pd

from pcn_analysis.network import changes
from pcn_analysis.network.of_place import OUTSIDE_NETWORKS
from pcn_analysis.place import Place
from pcn_analysis.provenance import SourcedTable, derive
from pcn_analysis.words import NOT_KNOWN, count

EARLIER = "earlier_memberships"
LISTS_OF = dt.date(2023, 7, 1)
"""Date of the lists of practices that are gone."""
NEW, GONE = "New practice", "Merged or closed"
"""Where practices come from that are on the later map alone, and go that are on the earlier one alone."""
MOST_OF = 0.5
"""A network of an earlier date was the place's where this share of its practices is the place's now; our choice."""


def changed(place: Place) -> SourcedTable:
    """List practices of a place that moved, merged, closed or opened between two maps.

    Returns
    -------
    SourcedTable
        One row a practice and change, in order of date and network: step (number of the pair of maps, from 1), between
        (the two dates), practice_name, change (as :data:`pcn_analysis.network.changes.KINDS`), into (name of the
        practice that absorbed it, inferred), from_network and to_network (names; null where there is none), patients
        (its list today; of a practice that is gone its list of July 2023, null where it had none), list (the same with
        its date, in words). Empty where nothing changed, or no earlier map is kept.
    """
    found = _found(place)
    moved = found[found["change"] != changes.STAYED]
    moved = moved.sort_values(["step", "from_network", "to_network", "practice_name"], na_position="last")
    columns = ["step", "between", "practice_name", "change", "into", "from_network", "to_network", "patients", "list"]
    return _sourced(place, moved[columns].reset_index(drop=True), numbers=("step",))


def memberships(place: Place) -> SourcedTable:
    """Count practices by the network that they were in on one map and on the next.

    Returns
    -------
    SourcedTable
        One row a pair of maps and of networks: step, before and after (their dates), from_network, to_network (also
        :data:`NEW`, :data:`GONE` and practices in none), practices, patients (known lists, as in :func:`changed`),
        stayed. Empty where no earlier map is kept.
    """
    found = _found(place)
    came, went = found["change"].eq(changes.OPENED), found["change"].isin([changes.MERGED, changes.CLOSED])
    found["from_network"] = found["from_network"].fillna(OUTSIDE_NETWORKS).mask(came, NEW)
    found["to_network"] = found["to_network"].fillna(OUTSIDE_NETWORKS).mask(went, GONE)
    found["stayed"] = found["change"] == changes.STAYED
    by = ["step", "before", "after", "from_network", "to_network", "stayed"]
    rows = found.groupby(by, as_index=False).agg(practices=("practice_name", "size"), patients=("patients", "sum"))
    return _sourced(place, rows, numbers=("step", "practices"))


# -- shared by the functions above -------------------------------------------------------------------------

FOUND = {
    **{"step": "int64", "before": "str", "after": "str", "between": "str", "practice_name": "str", "change": "str"},
    **{"into": "str", "from_network": "str", "to_network": "str", "patients": "float64", "list": "str"},
}


def _found(place: Place) -> pd.DataFrame:
    """What became of each practice from map to map."""
    today = place.tables["practices"].frame
    if EARLIER not in place.tables:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in FOUND.items()})
    earlier = place.tables[EARLIER].frame
    own = _own(today, earlier)
    today, earlier = today[today["practice_code"].isin(own)], earlier[earlier["practice_code"].isin(own)]
    maps = [(date.date(), rows) for date, rows in earlier.groupby("as_at")] + [(place.index_date, today)]
    found = pd.concat(
        [_step(*pair, today, earlier).assign(step=step) for step, pair in enumerate(pairwise(maps), start=1)],
        ignore_index=True,
    )
    names = {
        column: pd.concat([earlier, today]).dropna(subset=column).set_index(column)[f"{column[:-5]}_name"].to_dict()
        for column in ("practice_code", "pcn_code")
    }
    found["practice_name"] = found["practice_code"].map(names["practice_code"])
    found["into"] = found["survivor"].map(names["practice_code"])
    for side, network in (("from_network", "network_before"), ("to_network", "network_after")):
        found[side] = found[network].map(names["pcn_code"])
    of = {"earlier": _day(LISTS_OF), "later": _day(place.index_date)}
    found["list"] = [
        NOT_KNOWN if pd.isna(row.patients) else f"{count(row.patients)} on {of[str(row.list_of)]}"
        for row in found.itertuples()
    ]
    return found.astype(FOUND)[list(FOUND)]


def _own(today: pd.DataFrame, earlier: pd.DataFrame) -> set[str]:
    """Practices of the place's networks today, and of networks that were mostly made of these."""
    networks = today.loc[today["in_place"], "pcn_code"].dropna()
    members = today.loc[today["in_place"] | today["pcn_code"].isin(networks), "practice_code"]
    are_own = earlier["practice_code"].isin(members) | earlier["survivor"].isin(members)
    mostly = are_own.groupby([earlier["as_at"], earlier["pcn_code"]]).transform("mean") >= MOST_OF
    then = earlier["pcn_code"].isin(networks) | mostly.fillna(False)
    return {*members, *earlier.loc[are_own | then, "practice_code"]}


def _step(
    before: tuple[dt.date, pd.DataFrame],
    after: tuple[dt.date, pd.DataFrame],
    today: pd.DataFrame,
    earlier: pd.DataFrame,
) -> pd.DataFrame:
    """What became of each practice between two maps; of one that is gone by today the earlier list."""
    now = today.set_index("practice_code")["list_size"].astype(float)
    then = earlier.groupby("practice_code")["earlier_list_size"].first().astype(float)
    mergers = earlier.dropna(subset="survivor").drop_duplicates("practice_code")
    mergers = mergers.rename(columns={"practice_code": "closed_practice"})[["closed_practice", "survivor"]]
    lists = now.combine_first(then)
    found = changes.changes(before[1], after[1], lists, lists_before=then, mergers=mergers).practices
    found["list_of"] = found["list_of"].mask(~found["practice_code"].isin(now.index), "earlier")
    dates = _day(before[0]), _day(after[0])
    return found.assign(before=dates[0], after=dates[1], between=" to ".join(dates))


def _day(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"


def _sourced(place: Place, rows: pd.DataFrame, numbers: tuple[str, ...]) -> SourcedTable:
    parents = [place.tables[name] for name in ("practices", EARLIER) if name in place.tables]
    return derive(rows, *parents, counts=("patients",), numbers=numbers, about=place.about())
