"""What each vintage says of all England: who is registered where, with which practice, of which network."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis import codes
from pcn_analysis.exceptions import problem
from pcn_analysis.sources import area_facts, nowcast, open_data
from pcn_analysis.sources.country_networks import country_networks
from pcn_analysis.sources.mergers import MIN_GROWTH, find_mergers
from pcn_analysis.sources.network_workforce import read_network_workforce
from pcn_analysis.sources.practice_payments import read_practice_payments
from pcn_analysis.sources.published_measures import read_published_measures

if TYPE_CHECKING:
    from pathlib import Path

COUNTED_ON = dt.date(2023, 7, 1)
LISTED_ON = dt.date(2026, 7, 1)
RESIDUALS = (codes.UNKNOWN_AREA, codes.OUTSIDE_ENGLAND)


@dataclass(frozen=True)
class England:
    """What a vintage says of all England, before one place is taken out of it.

    Parameters
    ----------
    index_date
        The date that the lists describe.
    counts
        practice_code, area_code, patients; complete, residuals included.
    membership
        Practices and their networks.
    list_sizes
        Published list by practice code.
    areas
        area_code, area_name, local authority, imd_decile, imd_score; residents and what else is known of areas, where
        it is.
    ages, registers
        By practice; None where the vintage has none.
    notes
        How the counts were made.
    modelled
        What of the counts is an estimate; empty when they are published.
    mergers
        Closed practices and their survivors, where predecessors were added.
    grown, new
        Practices whose list grew too much to be explained, and practices that had no patients then, where
        counts are modelled.
    points
        practice_code, latitude and longitude of main sites; None where no file says.
    earlier
        Members of networks on earlier dates, as in the table ``earlier_memberships``; None where no file says.
    measures
        What is published of every network and practice under the Network Contract; None where no file says.
    workforce, payments
        Who works for every network, and what every practice was paid; None where no file says.
    """

    index_date: dt.date
    counts: pd.DataFrame
    membership: open_data.Membership
    list_sizes: pd.Series
    areas: pd.DataFrame
    ages: pd.DataFrame | None
    registers: pd.DataFrame | None
    notes: tuple[str, ...]
    modelled: str
    mergers: pd.DataFrame
    grown: frozenset[str] = frozenset()
    new: frozenset[str] = frozenset()
    points: pd.DataFrame | None = None
    earlier: pd.DataFrame | None = None
    measures: pd.DataFrame | None = None
    workforce: pd.DataFrame | None = None
    payments: pd.DataFrame | None = None

    @cached_property
    def practices(self) -> pd.DataFrame:
        """Every practice: its list, the local authority that most of its patients live in, its network, its main site.

        ``unmapped`` says whether the membership file has no sound row of it; its network is not known then.
        """
        authority = self.areas.set_index("area_code")["local_authority_name"]
        located = self.counts.assign(local_authority_name=self.counts["area_code"].map(authority))
        home = plurality(located.dropna(subset=["local_authority_name"]), "local_authority_name")
        practices = self.list_sizes.rename("list_size").rename_axis("practice_code").reset_index()
        practices["local_authority_name"] = practices["practice_code"].map(home)
        practices = practices.merge(self.membership.practices, on="practice_code", how="left")
        unmapped = practices["practice_name"].isna() | practices["practice_code"].isin(self.membership.faulty)
        practices["practice_name"] = practices["practice_name"].fillna(practices["practice_code"])
        if self.points is not None:
            practices = practices.merge(self.points, on="practice_code", how="left")
        return practices.assign(unmapped=unmapped)

    @cached_property
    def networks(self) -> pd.DataFrame:
        """Every network, as in the table ``country_networks``; none of them is of a place."""
        return country_networks(self.practices.assign(in_place=False), self.counts, self.areas, self.ages)


def published(files: dict[str, Path]) -> England:
    """Everything of July 2023 on LSOA 2011; nothing modelled."""
    counts, lists = _counts_2023(files)
    areas = open_data.read_area_lookup(files["lsoa_lookup"], 2011).merge(
        open_data.read_deprivation(files["deprivation"], 2011), on="area_code", how="left"
    )
    _check_join(counts, areas, files)
    return England(
        index_date=COUNTED_ON,
        counts=counts.astype({"patients": float}),
        membership=open_data.read_membership(files["membership"]),
        list_sizes=lists,
        areas=areas,
        ages=None,
        registers=None,
        notes=(
            "Lists and where patients live are published and of 1 July 2023; network membership is that of "
            "March 2023, areas are those of 2011 and deprivation is the Index of 2019.",
        ),
        modelled="",
        mergers=pd.DataFrame(columns=["closed_practice", "survivor"]),
    )


def nowcast_of_2026(files: dict[str, Path]) -> England:
    """Lists and membership of July 2026; where patients live is estimated from July 2023."""
    counts, earlier = _counts_2023(files)
    lists = open_data.read_lists(files["ages"], LISTED_ON)
    mergers = find_mergers(counts, lists.sizes)
    moved = nowcast.add_predecessors(counts, mergers)
    residents = open_data.read_residents(files["residents"])
    on_2021 = nowcast.to_lsoa21(moved, open_data.read_lsoa_links(files["lsoa_lookup"]), residents)
    estimated = nowcast.scale_to_lists(on_2021, lists.sizes)
    areas = open_data.read_area_lookup(files["area_lookup"], 2021).merge(
        open_data.read_deprivation(files["deprivation"], 2021), on="area_code", how="left"
    )
    _check_join(estimated, areas, files)
    membership = open_data.read_membership(files["membership"], LISTED_ON)
    areas = area_facts.with_area_facts(areas, files, membership.practices)
    return England(
        index_date=LISTED_ON,
        counts=estimated,
        membership=membership,
        list_sizes=lists.sizes,
        areas=areas.assign(residents=areas["area_code"].map(residents)),
        ages=lists.ages,
        registers=open_data.read_registers(files["registers"]),
        notes=(
            "List sizes, ages and network membership are published (1 July 2026); recorded prevalence is of "
            "2024-25, for the practices that are members now.",
            "A practice belongs to the place where more of its patients lived in July 2023 than in any other.",
        ),
        modelled=(
            "Where patients live is part modelled: each practice's distribution over areas in July 2023, "
            "with that of practices it has absorbed since, scaled to its list of July 2026."
        ),
        mergers=mergers,
        grown=frozenset(_grown(earlier, lists.sizes) - set(mergers["survivor"])),
        new=frozenset(lists.sizes.index.difference(earlier.index)),
        points=area_facts.read_practice_points(files["practice_points"]) if "practice_points" in files else None,
        earlier=_earlier_memberships(files, earlier, mergers),
        measures=read_published_measures(files["published_measures"]) if "published_measures" in files else None,
        workforce=_workforce(files),
        payments=read_practice_payments(files["practice_payments"]) if "practice_payments" in files else None,
    )


def _workforce(files: dict[str, Path]) -> pd.DataFrame | None:
    if "network_workforce" not in files:
        return None
    return read_network_workforce(files["network_workforce"], open_data.WORKFORCE_ON)


def _earlier_memberships(files: dict[str, Path], lists: pd.Series, mergers: pd.DataFrame) -> pd.DataFrame | None:
    """Members of networks on each earlier date of which there is a map, with their lists of July 2023."""
    maps = [
        open_data.read_membership(files[key], on).practices.assign(as_at=pd.Timestamp(on))
        for on in open_data.EARLIER_MAPS
        if (key := f"membership_{on:%Y_%m}") in files
    ]
    if not maps:
        return None
    rows = pd.concat(maps, ignore_index=True)
    survivor = mergers.set_index("closed_practice")["survivor"]
    return rows.assign(earlier_list_size=rows["practice_code"].map(lists), survivor=rows["practice_code"].map(survivor))


def _grown(earlier: pd.Series, now: pd.Series) -> set[str]:
    """Practices whose list grew by more than a merger needs to be looked for."""
    both = pd.concat([earlier.rename("earlier"), now.rename("now")], axis=1, join="inner").astype(float)
    return set(both.index[both["now"] > (1 + MIN_GROWTH) * both["earlier"]])


def _counts_2023(files: dict[str, Path]) -> tuple[pd.DataFrame, pd.Series]:
    """Counts of July 2023 with residuals named, and the list that they add up to."""
    counts = open_data.read_counts(files["counts"], COUNTED_ON)
    links = open_data.read_lsoa_links(files["lsoa_lookup"])
    found = counts.loc[counts["area_code"].str.match(codes.ENGLISH_LSOA), "area_code"].unique()
    vintage = codes.lsoa_vintage(found, links["lsoa11_code"], links["lsoa21_code"], where=files["counts"].name)
    if vintage != 2011:  # noqa: PLR2004 - the LSOA vintage
        raise problem(files["counts"].name, "is on LSOA 2021, where LSOA 2011 is needed", "Use the file of July 2023.")
    counts["area_code"] = codes.split_areas(counts["area_code"])
    counts = counts.groupby(["practice_code", "area_code"], as_index=False)["patients"].sum()
    return counts, counts.groupby("practice_code")["patients"].sum()


def _check_join(counts: pd.DataFrame, areas: pd.DataFrame, files: dict[str, Path]) -> None:
    """No English area may be without a local authority or a deprivation decile."""
    found = pd.Index(counts.loc[~counts["area_code"].isin(RESIDUALS), "area_code"].unique())
    known = areas.set_index("area_code")
    lost = found.difference(known.index)
    bare = known["imd_decile"].reindex(found).isna().sum() - len(lost)
    if len(lost) or bare:
        raise problem(
            files["deprivation"].name,
            f"{len(lost):,} LSOAs of the counts have no local authority and {bare:,} no decile",
            "Use lookup and deprivation files of the same LSOA vintage, complete.",
        )


READERS = {"2023-07": published, "2026-07": nowcast_of_2026}
"""The reader of each vintage's files."""


def plurality(counts: pd.DataFrame, group: str) -> pd.Series:
    """For each practice, the group that most of its patients are in; ties go to the first by name.

    Parameters
    ----------
    counts
        practice_code, patients and the grouping column.
    group
        Name of the grouping column.
    """
    sums = counts.groupby(["practice_code", group], as_index=False)["patients"].sum()
    first = sums.sort_values(["practice_code", "patients", group], ascending=[True, False, True])
    return first.drop_duplicates("practice_code").set_index("practice_code")[group]
