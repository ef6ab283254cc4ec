"""What changed between two dated maps of practices and networks, and for how many patients.

A map says to which network each practice belongs on one date. Practices move, merge, close and open; networks
begin, end and are renamed. The people affected are the list of the practice concerned: that of the later date, or
for a practice that is gone that of the earlier date, where it is given. Registrations that moved between practices
in the meantime are no change of a map and are not seen here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pcn_analysis import codes
from pcn_analysis.network.registered import check_practices_once

STAYED, MOVED, JOINED, LEFT = "stayed", "moved network", "joined a network", "left every network"
MERGED, CLOSED, OPENED = "merged", "closed", "opened"
KINDS = (STAYED, MOVED, JOINED, LEFT, MERGED, CLOSED, OPENED)
"""What can become of a practice; a closure is merged only where a survivor is named."""

SAME, RENAMED, NEW, ENDED = "same", "renamed", "new", "ended"


@dataclass(frozen=True)
class Changes:
    """What changed between two maps.

    Parameters
    ----------
    practices
        One row a practice of either map, in order of code: practice_code, change (one of :data:`KINDS`),
        network_before, network_after (null: in none; of a merged practice that of its survivor), survivor,
        patients, list_of (``later`` or ``earlier``: which list that is; null where there is none). A survivor's list
        holds the patients of the practice that merged into it, which are those of that practice too.
    networks
        One row a network of either map, in order of code: network, name_before, name_after, change (``same``,
        ``renamed``, ``new`` or ``ended``), practices_before, practices_after, arrived and departed (patients of
        practices that came from or went elsewhere, those that opened, closed or merged into a practice of another
        network among them, as far as their lists are known; nobody twice), successor (of an ended network: the one
        where most patients of its practices are now) and successor_share (of all their patients).
    """

    practices: pd.DataFrame
    networks: pd.DataFrame

    def counted(self) -> pd.DataFrame:
        """Practices and patients of each kind of change, in the order of :data:`KINDS`.

        The patients of all kinds together are more than there are: those who merged are in their survivor's list too.

        Returns
        -------
        DataFrame
            Indexed by change: practices, patients, without_list (practices whose patients are not known).
        """
        by_kind = self.practices.groupby("change")
        rows = pd.DataFrame(
            {
                "practices": by_kind.size(),
                "patients": by_kind["patients"].sum(),
                "without_list": by_kind["patients"].apply(lambda patients: int(patients.isna().sum())),
            }
        )
        return rows.reindex(list(KINDS)).fillna(0).astype({"practices": int, "without_list": int})


def changes(
    before: pd.DataFrame,
    after: pd.DataFrame,
    lists: pd.Series,
    *,
    lists_before: pd.Series | None = None,
    mergers: pd.DataFrame | None = None,
) -> Changes:
    """Compare two maps of practices and networks.

    Parameters
    ----------
    before, after
        practice_code, pcn_code (null or ``codes.UNALLOCATED``: in no network) and pcn_name, one row a practice.
    lists
        List by practice code, of the later date.
    lists_before
        List by practice code, of the earlier date; used for practices that are gone by the later one.
    mergers
        closed_practice and survivor, where they are known or inferred
        (:func:`pcn_analysis.sources.mergers.find_mergers`). Without them a merged practice is one that closed.

    Raises
    ------
    PcnAnalysisError
        If a map names a practice twice.

    Examples
    --------
    >>> maps = [pd.DataFrame({"practice_code": ["A1", "A2"], "pcn_code": ["U1", to], "pcn_name": ["One", name]})
    ...         for to, name in (("U1", "One"), ("U2", "Two"))]
    >>> found = changes(*maps, pd.Series({"A1": 4_000, "A2": 6_000}))
    >>> found.practices[["practice_code", "change", "patients"]].to_numpy().tolist()
    [['A1', 'stayed', 4000.0], ['A2', 'moved network', 6000.0]]
    >>> found.networks[["network", "change", "arrived", "departed"]].to_numpy().tolist()
    [['U1', 'same', 0.0, 6000.0], ['U2', 'new', 6000.0, 0.0]]
    """
    check_practices_once(before.set_index("practice_code"), "earlier map")
    check_practices_once(after.set_index("practice_code"), "later map")
    heirs = {} if mergers is None else dict(zip(mergers["closed_practice"], mergers["survivor"], strict=True))
    practices = _practices(_network_of(before), _network_of(after), heirs)
    earlier = pd.Series(dtype=float) if lists_before is None else lists_before
    now, then = (practices["practice_code"].map(one.astype(float)).astype(float) for one in (lists, earlier))
    gone = practices["change"].isin([MERGED, CLOSED])
    patients = then.where(gone, now)
    practices["patients"] = patients
    practices["list_of"] = pd.Series(np.where(gone, "earlier", "later"), dtype="str").mask(patients.isna())
    return Changes(practices, _networks(before, after, practices))


def _network_of(practices: pd.DataFrame) -> pd.Series:
    network = practices.set_index("practice_code")["pcn_code"].astype("str")
    return network.mask(network == codes.UNALLOCATED)


def _practices(before: pd.Series, after: pd.Series, heirs: dict[str, str]) -> pd.DataFrame:
    """What became of each practice, without its patients."""
    code = before.index.union(after.index)
    survivor = pd.Series(code, dtype="str").map(heirs).where(code.isin(before.index) & ~code.isin(after.index))
    was = before.reindex(code).reset_index(drop=True)
    now = after.reindex(code).reset_index(drop=True).fillna(survivor.map(after).astype("str"))
    change = np.select(
        [
            ~code.isin(before.index),
            survivor.notna(),
            ~code.isin(after.index),
            was.isna() & now.isna(),
            was.isna(),
            now.isna(),
            was == now,
        ],
        [OPENED, MERGED, CLOSED, STAYED, JOINED, LEFT, STAYED],
        MOVED,
    )
    return pd.DataFrame(
        {
            "practice_code": code,
            "change": pd.Series(change, dtype="str"),
            "network_before": was,
            "network_after": now,
            "survivor": survivor,
        }
    )


def _networks(before: pd.DataFrame, after: pd.DataFrame, practices: pd.DataFrame) -> pd.DataFrame:
    """What became of each network."""
    names = [_names(before), _names(after)]
    network = names[0].index.union(names[1].index)
    old, new = (one.reindex(network) for one in names)
    renamed = old.str.casefold() != new.str.casefold()
    change = np.select([old.isna(), new.isna(), renamed], [NEW, ENDED, RENAMED], SAME)
    members = [_network_of(one).value_counts().reindex(network, fill_value=0) for one in (before, after)]
    practices = practices.assign(patients=_own(practices))
    crossed = practices[practices["network_before"].fillna("") != practices["network_after"].fillna("")]
    flows = [crossed.groupby(side)["patients"].sum() for side in ("network_after", "network_before")]
    rows = pd.DataFrame(
        {
            "name_before": old,
            "name_after": new,
            "change": change,
            "practices_before": members[0],
            "practices_after": members[1],
            "arrived": flows[0].reindex(network, fill_value=0.0),
            "departed": flows[1].reindex(network, fill_value=0.0),
        },
        index=network,
    )
    ended = practices[practices["network_before"].isin(network[change == ENDED])]
    return rows.join(_successors(ended)).rename_axis("network").reset_index()


def _own(practices: pd.DataFrame) -> pd.Series:
    """Patients of each practice without those of practices merged into it, who are counted with these."""
    merged = practices[practices["change"] == MERGED].groupby("survivor")["patients"].sum()
    taken = merged.reindex(practices["practice_code"], fill_value=0.0).to_numpy()
    return (practices["patients"] - taken).clip(lower=0)


def _successors(ended: pd.DataFrame) -> pd.DataFrame:
    """Network that holds most patients of each ended one, and its share of all of them."""
    total = ended.groupby("network_before")["patients"].sum()
    moved = ended.groupby(["network_before", "network_after"])["patients"].sum().rename("patients").reset_index()
    moved = moved[moved["patients"] > 0].sort_values(["patients", "network_after"], ascending=[False, True])
    most = moved.drop_duplicates("network_before").set_index("network_before")
    return pd.DataFrame({"successor": most["network_after"], "successor_share": most["patients"] / total[most.index]})


def _names(practices: pd.DataFrame) -> pd.Series:
    """Name of each network of a map; the first by practice code where practices write it differently."""
    network = _network_of(practices).to_numpy()
    ordered = practices.assign(pcn_code=network).dropna(subset="pcn_code").sort_values("practice_code")
    return ordered.drop_duplicates("pcn_code").set_index("pcn_code")["pcn_name"].fillna("")
