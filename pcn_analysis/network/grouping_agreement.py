"""How far two groupings of a place's practices agree, and who would change groups.

The grouping is held against another, such as networks: its groups are matched one to one with those of the other so
that as many patients as possible stay together (:mod:`pcn_analysis.network.concordance`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.network.concordance import concordance
from pcn_analysis.network.groupings import own_practices
from pcn_analysis.provenance import Rate
from pcn_analysis.statistics.rates import with_rates

if TYPE_CHECKING:
    from pcn_analysis.network.concordance import Concordance
    from pcn_analysis.network.grouped import Grouped
    from pcn_analysis.provenance import SourcedTable

PARTS, JOINS = "leaves most of its group", "joins others with most of its group"
ENTERS, LEAVES = "enters a group", "is in no group then"
"""What becomes of a practice that is not in the group matched with its own."""


def agreement(found: Grouped) -> SourcedTable:
    """Say how far the two groupings agree.

    Returns
    -------
    SourcedTable
        One row: grouping and other (their titles), groups and other_groups (that have any of the practices), practices
        and patients (in a group of both, which the rest is about), left_out and left_out_patients (in a group of one
        only), adjusted_rand and adjusted_mutual_information (practices count alike; null of fewer than two),
        rand_said and information_said (the same in words), moved_practices, moved_patients, moved_share (not in the
        group matched with their own, ÷ patients), parted_practices, parted_patients, parted_share (not in the group
        that most patients of their own are in; however large that is), whole (groups of the other that lie whole in
        one group). Empty where one grouping is not there.
    """
    if found.grouping is None or found.other is None:
        return found.empty("grouping", "practices")
    held, both = _held(found), _both(found).dropna(subset=["group", "other"])
    parted = both[both["group"] != both["other"].map(_most(both))]
    row = {
        "grouping": found.grouping.title,
        "other": found.other.title,
        "groups": held.groups[1],
        "other_groups": held.groups[0],
        "practices": held.practices,
        "patients": held.patients,
        "left_out": held.left_out,
        "left_out_patients": held.left_out_patients,
        "adjusted_rand": held.adjusted_rand,
        "adjusted_mutual_information": held.adjusted_mutual_information,
        "rand_said": _index(held.adjusted_rand),
        "information_said": _index(held.adjusted_mutual_information),
        "moved_practices": held.moved_practices,
        "moved_patients": held.moved_patients,
        "parted_practices": len(parted),
        "parted_patients": float(parted["patients"].sum()),
        "whole": int(both.groupby("other")["group"].nunique().eq(1).sum()),
    }
    indices = ("adjusted_rand", "adjusted_mutual_information", "rand_said", "information_said")
    rates = (Rate("moved_share", "moved_patients", "patients"), Rate("parted_share", "parted_patients", "patients"))
    counts = ("patients", "left_out_patients", "moved_patients", "parted_patients")
    numbers = ("groups", "other_groups", "practices", "left_out", "moved_practices", "parted_practices", "whole")
    frame = with_rates(pd.DataFrame([row]), rates)
    return found.sourced(frame, "practices", counts=counts, rates=rates, numbers=(*numbers, *indices))


def made_of(found: Grouped) -> SourcedTable:
    """Of which groups of the other grouping each group is made.

    Returns
    -------
    SourcedTable
        One row a group and a group of the other that have practices in common, by the largest of the other first and
        groups below it that are mostly of it: group_name, other_name, practices, patients (in both), group_patients (of
        the group, in a group of both groupings), share, matched (whether these two are matched). Empty where one
        grouping is not there.
    """
    if found.grouping is None or found.other is None:
        return found.empty("group_name", "practices")
    both = _both(found).dropna(subset=["group", "other"])
    rows = both.groupby(["group", "other"], as_index=False).agg(
        practices=("patients", "size"), patients=("patients", "sum")
    )
    rows["group_patients"] = rows.groupby("group")["patients"].transform("sum")
    pairs = set(_held(found).matching[["other", "group"]].itertuples(index=False, name=None))
    rows["matched"] = [pair in pairs for pair in zip(rows["group"], rows["other"], strict=True)]
    sizes = both.groupby("other")["patients"].sum().sort_values(ascending=False, kind="stable")
    rows["place"] = rows["other"].map({other: place for place, other in enumerate(sizes.index)})
    first = rows.sort_values("patients", ascending=False, kind="stable").drop_duplicates("group")
    rows["under"] = rows["group"].map(first.set_index("group")["place"])
    rows = rows.sort_values(["under", "group_patients", "group", "place"], ascending=[True, False, True, True])
    rows = rows.drop(columns=["place", "under"]).reset_index(drop=True)
    rows.insert(0, "group_name", rows.pop("group").map(found.grouping.names))
    rows.insert(1, "other_name", rows.pop("other").map(found.other.names))
    rates = (Rate("share", "patients", "group_patients"),)
    counts = ("patients", "group_patients")
    return found.sourced(with_rates(rows, rates), "practices", counts=counts, rates=rates, numbers=("practices",))


def would_change(found: Grouped) -> SourcedTable:
    """List practices that would change groups if the other grouping became this one, group matched with group.

    Returns
    -------
    SourcedTable
        One row a practice, most patients first: practice_code, practice_name, patients, other_name (its group in the
        other grouping), matched_name (the group matched with that; null where there is none), group_name (its group),
        change (:data:`PARTS` where most patients of its group of the other go elsewhere, :data:`JOINS` where they go
        the same way, :data:`ENTERS`, :data:`LEAVES`). Practices in no group of either have no row. Empty where one
        grouping is not there.
    """
    if found.grouping is None or found.other is None:
        return found.empty("practice_code", "practices")
    rows = _both(found).rename_axis("practice_code").reset_index()
    matched = _held(found).matching.set_index("group")["other"]
    rows["matched"] = rows["other"].map(matched)
    change = pd.Series(PARTS, rows.index).mask(rows["group"] == rows["other"].map(_most(rows)), JOINS)
    change = change.mask(rows["other"].isna(), ENTERS).mask(rows["group"].isna(), LEAVES)
    stays = (rows["group"] == rows["matched"]).fillna(False) | (rows["group"].isna() & rows["other"].isna())
    rows = rows.assign(change=change)[~stays.astype(bool)]
    names = own_practices(found.place)["practice_name"]
    rows = rows.assign(
        practice_name=rows["practice_code"].map(names),
        other_name=rows["other"].map(found.other.names),
        matched_name=rows["matched"].map(found.grouping.names),
        group_name=rows["group"].map(found.grouping.names),
    )
    columns = ["practice_code", "practice_name", "patients", "other_name", "matched_name", "group_name", "change"]
    rows = rows.sort_values(["patients", "practice_code"], ascending=[False, True], ignore_index=True)[columns]
    return found.sourced(rows, "practices", counts=("patients",))


# -- shared by the functions above -------------------------------------------------------------------------


def _both(found: Grouped) -> pd.DataFrame:
    """Group of each practice in either grouping, with its list; by practice code."""
    one, other = found.grouping, found.other
    lists = own_practices(found.place)["list_size"].rename("patients")
    groups = {"group": one.of if one else None, "other": other.of if other else None}
    return pd.DataFrame({**groups, "patients": lists})


def _most(both: pd.DataFrame) -> pd.Series:
    """Group that most patients of each group of the other are in; of as many the first by code."""
    sums = both.groupby(["other", "group"])["patients"].sum().reset_index()
    return (
        sums.sort_values("patients", ascending=False, kind="stable")
        .drop_duplicates("other")
        .set_index("other")["group"]
    )


def _held(found: Grouped) -> Concordance:
    """The other grouping as the one that is, and this one as the one that would be."""
    both = _both(found)
    return concordance(both["other"], both["group"], both["patients"])


def _index(value: float) -> str:
    """An index with two decimals."""
    return "not known" if pd.isna(value) else f"{value:.2f}"
