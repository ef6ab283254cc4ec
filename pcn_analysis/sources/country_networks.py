"""Every network of the country in one row, and what a reader must know of the workforce and payments of a place's own.

A network of a place is held against all networks: their size, age, deprivation and rurality are measured here once,
from the same lists and areas as the place's own.
"""

from __future__ import annotations

import pandas as pd

from pcn_analysis.codes import AGE_BANDS
from pcn_analysis.sources.area_facts import URBAN
from pcn_analysis.sources.network_workforce import unlisted_roles
from pcn_analysis.words import number

AGED_75 = AGE_BANDS[15:]
"""Five-year bands of people aged 75 and over."""


def country_networks(
    practices: pd.DataFrame, counts: pd.DataFrame, areas: pd.DataFrame, ages: pd.DataFrame | None
) -> pd.DataFrame:
    """Measure every network of the country.

    Parameters
    ----------
    practices
        One row a practice: practice_code, pcn_code, pcn_name, icb_code, icb_name, list_size, in_place.
    counts
        practice_code, area_code, patients; residuals included, which have no score and no class.
    areas
        area_code, imd_score, and rural_urban where it is known.
    ages
        practice_code, age_band, patients; None where the vintage has none.

    Returns
    -------
    DataFrame
        Rows of the table ``country_networks``, by code. A network whose practices are of several boards is of the one
        that most of its patients are with.

    Examples
    --------
    >>> practices = pd.DataFrame({"practice_code": ["A1"], "pcn_code": ["U00001"], "pcn_name": ["Harbour PCN"],
    ...                           "icb_code": ["QXX"], "icb_name": ["Coast"], "list_size": [100], "in_place": [True]})
    >>> counts = pd.DataFrame({"practice_code": ["A1", "A1", "A1"], "patients": [60, 30, 10],
    ...                        "area_code": ["E01000001", "E01000002", "unknown"]})
    >>> areas = pd.DataFrame({"area_code": ["E01000001", "E01000002"], "imd_score": [30.0, 60.0],
    ...                       "rural_urban": ["UN1", "RLN1"]})
    >>> row = country_networks(practices, counts, areas, None).loc[0]
    >>> row[["deprivation_score", "rural_share"]].astype(float).round(3).to_list()  # (60×30 + 30×60) ÷ 90, 30 ÷ 90
    [40.0, 0.333]
    """
    members = practices.dropna(subset=["pcn_code"])
    network = members.set_index("practice_code")["pcn_code"]
    groups = members.groupby("pcn_code")
    rows = groups.agg(
        pcn_name=("pcn_name", "first"),
        in_place=("in_place", "any"),
        patients=("list_size", "sum"),
        practices=("practice_code", "size"),
    )
    boards = _boards(members)
    called = members.dropna(subset=["icb_code"]).groupby("icb_code")["icb_name"].first()
    rows = rows.assign(icb_code=boards, icb_name=boards.map(called))
    rows["aged_75_share"] = pd.NA if ages is None else _aged_75(ages, network)
    known = areas.set_index("area_code")
    of_area = {"deprivation_score": known["imd_score"]}
    if "rural_urban" in known:
        of_area["rural_share"] = (~known["rural_urban"].isin(URBAN)).where(known["rural_urban"].notna())
    rows = rows.assign(rural_share=pd.NA)
    return rows.assign(**_means(counts, counts["practice_code"].map(network), of_area)).reset_index()


def _boards(members: pd.DataFrame) -> pd.Series:
    """Board with which most patients of each network are; the first by code where two have as many."""
    sizes = members.groupby(["pcn_code", "icb_code"], as_index=False)["list_size"].sum()
    first = sizes.sort_values(["pcn_code", "list_size", "icb_code"], ascending=[True, False, True])
    return first.drop_duplicates("pcn_code").set_index("pcn_code")["icb_code"]


def _aged_75(ages: pd.DataFrame, network: pd.Series) -> pd.Series:
    patients = ages["patients"].astype(float)
    old = patients.where(ages["age_band"].isin(AGED_75), 0.0)
    sums = pd.DataFrame({"old": old, "all": patients}).groupby(ages["practice_code"].map(network)).sum()
    return sums["old"] / sums["all"].where(sums["all"] > 0)


def _means(counts: pd.DataFrame, network: pd.Series, of_area: dict[str, pd.Series]) -> pd.DataFrame:
    """Means over the patients of each network who live in an area that has a value."""
    patients, parts = counts["patients"].astype(float), {}
    for name, values in of_area.items():
        value = counts["area_code"].map(values.astype("Float64").astype(float))
        parts[name], parts[f"{name} of"] = patients * value, patients.where(value.notna())
    sums = pd.DataFrame(parts).groupby(network).sum()
    return pd.DataFrame({name: sums[name] / sums[f"{name} of"].where(sums[f"{name} of"] > 0) for name in of_area})


def with_survivors(payments: pd.DataFrame | None, mergers: pd.DataFrame) -> pd.DataFrame | None:
    """Rows of the table ``practice_payments``: which practice of today absorbed each, if any did."""
    if payments is None:
        return None
    return payments.assign(survivor=payments["practice_code"].map(mergers.set_index("closed_practice")["survivor"]))


def notes(
    workforce: pd.DataFrame | None, payments: pd.DataFrame | None, practices: pd.DataFrame, most_named: int
) -> tuple[str, ...]:
    """Say what a reader must know of workforce and payments of a place's networks; each only where it applies.

    Parameters
    ----------
    workforce, payments
        As they were read; None where there is no file.
    practices
        Practices of today of the place's networks: practice_code, pcn_code.
    most_named
        Of more networks than these it is said how many, and not which.
    """
    own = set(practices["pcn_code"].dropna())
    told = [] if workforce is None else _of_workforce(workforce, own, most_named)
    return (*told, *([] if payments is None else _of_payments(payments, own, most_named)))


def _of_workforce(workforce: pd.DataFrame, own: set[str], most_named: int) -> list[str]:
    on = workforce["counted_on"].iloc[0]
    told = [
        f"Staff of networks are of {on.day} {on:%B %Y}, as networks then told it; of contracted services it is known "
        "how much work they are, not how many people."
    ]
    if absent := sorted(own - set(workforce["pcn_code"])):
        told.append(f"{_networks(absent)} no row in the workforce file{_named(absent, most_named)}.")
    if len(strange := unlisted_roles(workforce)):
        roles = len(strange.drop_duplicates(["staff_role", "detailed_role"]))
        told.append(
            f"{number(roles, 'role')} of the workforce file {'is' if roles == 1 else 'are'} not known to be of the "
            f"scheme, and kept under the published name ({strange['fte'].sum():,.1f} FTE of all networks)."
        )
    return told


def _of_payments(payments: pd.DataFrame, own: set[str], most_named: int) -> list[str]:
    told = ["Payments are of 2022/23; where every practice of a network shows 0 for a line, no amount is known of it."]
    if absent := sorted(own - set(payments["pcn_code"].dropna())):
        told.append(f"{_networks(absent)} no payments published for 2022/23{_named(absent, most_named)}.")
    return told


def _networks(those: list[str]) -> str:
    return f"{number(len(those), 'network')} {'has' if len(those) == 1 else 'have'}"


def _named(those: list[str], most_named: int) -> str:
    return f": {', '.join(those)}" if len(those) <= most_named else ""
