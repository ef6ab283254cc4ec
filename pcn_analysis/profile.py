"""Who is registered with a network: how many, how old, how deprived, with which recorded conditions.

Each function takes a :class:`pcn_analysis.place.Network` or place and returns a table with its provenance,
ready for :func:`pcn_analysis.release.release`. The comparison place counts only its own practices; the
comparator is the country.
"""

from __future__ import annotations

import pandas as pd

from pcn_analysis import codelists, codes, tables
from pcn_analysis.place import Network, Place
from pcn_analysis.provenance import Rate, SourcedTable, derive
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.thresholds import CORE20_DECILES, size_band


def network_sizes(place: Place) -> SourcedTable:
    """List size of every network of a place, with its band.

    Returns
    -------
    SourcedTable
        One row a network, by name, and one last row for practices of the place in none (where there are
        any; its pcn_code is null): pcn_code, pcn_name, practices, patients, size_band.
    """
    practices = place.tables["practices"]
    frame = practices.frame
    networks = place.networks()
    sums = frame.groupby("pcn_code").agg(practices=("practice_code", "size"), patients=("list_size", "sum"))
    rows = networks.join(sums, on="pcn_code")
    alone = frame[frame["in_place"] & frame["pcn_code"].isna()]
    if len(alone):
        rows.loc[len(rows)] = [None, codes.NO_NETWORK, len(alone), alone["list_size"].sum()]
    rows["size_band"] = rows["patients"].map(size_band).where(rows["pcn_code"].notna())
    return derive(rows, practices, counts=("patients",), numbers=("practices",), about=place.about())


def practice_lists(network: Network) -> SourcedTable:
    """Practices of a network, largest list first.

    Returns
    -------
    SourcedTable
        practice_code, practice_name, patients, network_patients, share (of the network's list).
    """
    practices = network.table("practices")
    own = _own_practices(network)[["practice_code", "practice_name", "list_size"]]
    rows = own.rename(columns={"list_size": "patients"}).assign(network_patients=own["list_size"].sum())
    rows = rows.sort_values(["patients", "practice_code"], ascending=[False, True], ignore_index=True)
    rates = (Rate("share", "patients", "network_patients"),)
    counts = ("patients", "network_patients")
    return derive(with_rates(rows, rates), practices, counts=counts, rates=rates, about=network.about)


def age_structure(network: Network) -> SourcedTable:
    """Age and sex of a network's patients in five-year bands, with the comparator's.

    Returns
    -------
    SourcedTable
        One row a sex and age band, youngest first: sex, age_band, patients, registered, share (of all the
        network's patients), comparator_patients, comparator_registered, comparator_share. No rows where the
        vintage has no ages.
    """
    rows = _ages(network, codes.AGE_BANDS, by_sex=True)
    return _with_shares(network, rows, ["sex", "age_band"], ("", "comparator_"), *_age_parents(network))


def age_groups(network: Network) -> SourcedTable:
    """Broad age groups of a network's patients, with the place's and the comparator's.

    Returns
    -------
    SourcedTable
        One row a group, youngest first: age_group, then patients, registered and share, and the same with
        ``place_`` and ``comparator_`` before them. No rows where the vintage has no ages.
    """
    rows = _ages(network, tuple(codes.AGE_GROUPS), by_sex=False)
    return _with_shares(network, rows, ["age_group"], ("", "place_", "comparator_"), *_age_parents(network))


def deprivation(network: Network) -> SourcedTable:
    """Deprivation of the areas where a network's patients live, with the place's.

    Patients without an English area have no decile; they are left out of both counts.

    Returns
    -------
    SourcedTable
        One row a decile, 1 (most deprived) first: imd_decile, then patients, registered and share, and the
        same with ``place_`` before them.
    """
    deciles = pd.Index(range(1, 11), name="imd_decile")
    sums = {
        prefix: members.groupby("imd_decile")["patients"].sum().reindex(deciles, fill_value=0.0)
        for prefix, members in _located(network).items()
    }
    rows = pd.DataFrame({f"{prefix}patients": counts for prefix, counts in sums.items()}, index=deciles)
    for prefix, counts in sums.items():
        rows[f"{prefix}registered"] = counts.sum()
    return _with_shares(network, rows.reset_index(), ["imd_decile"], ("", "place_"), *_area_parents(network))


def core20(network: Network) -> SourcedTable:
    """Patients living in the most deprived fifth of England's areas, in the network and in the place.

    Returns
    -------
    SourcedTable
        Two rows: population (the network's name, the place's), patients, registered (with an English area),
        share.
    """
    names = {"": network.name, "place_": network.place.name}
    rows = pd.DataFrame(
        [
            {
                "population": names[prefix],
                "patients": members.loc[members["imd_decile"] <= CORE20_DECILES, "patients"].sum(),
                "registered": members["patients"].sum(),
            }
            for prefix, members in _located(network).items()
        ]
    )
    return _with_shares(network, rows, ["population"], ("",), *_area_parents(network))


def prevalence(network: Network) -> SourcedTable:
    """Recorded prevalence of QOF conditions, with the place's and the comparator's.

    Registers and lists are added up over practices and then divided: never a mean of rates. Each register is
    divided by the list of the ages that QOF counts it among. Practices without QOF data are left out of both.
    Recorded prevalence is what practices know of; it is crude, so an older network has more of most.

    Returns
    -------
    SourcedTable
        One row a register, by condition: register, condition, ages, patients (on the register), registered
        (of those ages), prevalence with 95% Wilson limits and whether they lie above or below the
        comparator's, and the same counts and prevalence with ``place_`` and ``comparator_`` before them. No
        rows where the vintage has no registers.
    """
    names = register_names()
    sums = {}
    for prefix, members in _groups(network, "disease_registers").items():
        by_register = members.groupby("register")[["register_size", "list_size"]].sum()
        sums[f"{prefix}patients"] = by_register["register_size"]
        sums[f"{prefix}registered"] = by_register["list_size"]
    rows = names.join(pd.DataFrame(sums), on="register", how="inner").sort_values("condition", ignore_index=True)
    rates = (
        Rate("comparator_prevalence", "comparator_patients", "comparator_registered"),
        Rate("place_prevalence", "place_patients", "place_registered"),
        Rate("prevalence", "patients", "registered", interval=True, against="comparator_prevalence"),
    )
    counts = tuple(sums)
    parent = _table_or_empty(network, "disease_registers")
    parents = (parent, network.table("practices"))
    return derive(with_rates(rows, rates), *parents, counts=counts, rates=rates, about=network.about)


def register_names() -> pd.DataFrame:
    """Names of the QOF registers: register, condition, ages."""
    return pd.DataFrame(codelists.rows("qof_registers"))[["register", "condition", "ages"]]


# -- who is counted ----------------------------------------------------------------------------------------


def _own_practices(network: Network) -> pd.DataFrame:
    practices = network.table("practices").frame
    return practices[practices["pcn_code"] == network.pcn_code]


def _age_parents(network: Network) -> tuple[SourcedTable, ...]:
    return _table_or_empty(network, "registrations_by_age"), network.table("practices")


def _area_parents(network: Network) -> tuple[SourcedTable, ...]:
    return tuple(network.table(name) for name in ("registrations_by_area", "areas", "practices"))


def _table_or_empty(network: Network, name: str) -> SourcedTable:
    """A table that the vintage may lack; then an empty one, made from what there is."""
    if name in network.place.tables:
        return network.table(name)
    return derive(tables.NAMED[name].empty(), network.table("practices"))


def _groups(network: Network, name: str) -> dict[str, pd.DataFrame]:
    """Rows of an organisation table: the network's practices, the place's, and the comparator."""
    frame = _table_or_empty(network, name).frame
    practices = network.table("practices").frame
    own = set(_own_practices(network)["practice_code"])
    of_place = set(practices.loc[practices["in_place"], "practice_code"])
    by_practice = frame[frame["organisation_type"] == "practice"]
    return {
        "": by_practice[by_practice["organisation_code"].isin(own)],
        "place_": by_practice[by_practice["organisation_code"].isin(of_place)],
        "comparator_": frame[frame["organisation_type"] == "comparator"],
    }


def _located(network: Network) -> dict[str, pd.DataFrame]:
    """Patients by area, with its decile: the network's and the place's, with an English area only."""
    practices = network.table("practices").frame
    decile = network.table("areas").frame.set_index("area_code")["imd_decile"]
    frame = network.table("registrations_by_area").frame
    frame = frame[frame["area_code"].isin(decile.index)]
    frame = frame.assign(imd_decile=frame["area_code"].map(decile), patients=frame["patients"].astype(float))
    of_place = practices.loc[practices["in_place"], "practice_code"]
    return {
        "": frame[frame["practice_code"].isin(_own_practices(network)["practice_code"])],
        "place_": frame[frame["practice_code"].isin(of_place)],
    }


def _ages(network: Network, groups: tuple[str, ...], *, by_sex: bool) -> pd.DataFrame:
    """Patients by age group (and sex) in the network, the place and the comparator, with their totals."""
    name = "age_band" if by_sex else "age_group"
    broad = {band: group for group, bands in codes.AGE_GROUPS.items() for band in bands}
    keys = (["sex"] if by_sex else []) + [name]
    sums, totals = {}, {}
    for prefix, members in _groups(network, "registrations_by_age").items():
        grouped = members.assign(age_group=members["age_band"].map(broad))
        sums[f"{prefix}patients"] = grouped.groupby(keys)["patients"].sum()
        totals[f"{prefix}registered"] = members["patients"].sum()
    rows = pd.DataFrame(sums).reset_index()
    rows[name] = pd.Categorical(rows[name], groups, ordered=True)
    rows = rows.sort_values(keys, ignore_index=True).astype({name: str})
    return rows.assign(**totals)


def _with_shares(
    network: Network, rows: pd.DataFrame, labels: list[str], prefixes: tuple[str, ...], *parents: SourcedTable
) -> SourcedTable:
    """Divide the patients of each population by its registered patients."""
    rates = tuple(Rate(f"{prefix}share", f"{prefix}patients", f"{prefix}registered") for prefix in prefixes)
    counts = tuple(name for rate in rates for name in (rate.numerator, rate.denominator))
    numbers = tuple(label for label in labels if label == "imd_decile")
    frame = with_rates(rows[[*labels, *counts]], rates)
    return derive(frame, *parents, counts=counts, rates=rates, numbers=numbers, about=network.about)
