"""What is published of the networks and practices of one place, and what a reader must know of it.

Organisations are those of 31 March 2024. A network keeps its code when practices join or leave it, and practices have
merged since: both are said of a place, and nothing is added up for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.sources.published_measures import measures
from pcn_analysis.words import number

if TYPE_CHECKING:
    from pandas.core.groupby import DataFrameGroupBy

OTHER_SIZE = 0.10
"""A network whose published denominator differs from its list of today by more than this share is told of."""
SIZED_BY = "acc_10"
"""The measure whose denominators are about as large as lists."""


def of_place(
    published: pd.DataFrame | None, practices: pd.DataFrame, mergers: pd.DataFrame, comparator: str
) -> pd.DataFrame | None:
    """What is published of a place: of its networks and practices, of practices that these absorbed, of the country.

    Parameters
    ----------
    published
        As :func:`read_published_measures` gives it; None where there is no file.
    practices
        Practices of today that are of the place or of its networks: practice_code, pcn_code.
    mergers
        closed_practice and survivor.
    comparator
        Name of the country, whose rows are the sums of everything that is published of networks, or of practices.

    Returns
    -------
    DataFrame or None
        Rows of the table ``published_measures``.
    """
    if published is None:
        return None
    survivor = mergers.set_index("closed_practice")["survivor"]
    survivor = survivor[survivor.isin(practices["practice_code"])]
    wanted = {*practices["practice_code"], *practices["pcn_code"].dropna(), *survivor.index}
    own = published[published["organisation_code"].isin(wanted)]
    own = own.assign(survivor=own["organisation_code"].map(survivor))
    return pd.concat([own, _summed(published, comparator)], ignore_index=True)


def _summed(published: pd.DataFrame, comparator: str) -> pd.DataFrame:
    """Sums over all that is published: rows whose value is withheld are left out of both."""
    whole = {row["measure"] for row in measures() if row["denominator"]}
    known = published["numerator"].notna() & (published["denominator"].notna() | ~published["measure"].isin(whole))
    keys = ["measure", "contract_year"]
    sums = published[known].groupby(keys, as_index=False)[["numerator", "denominator"]].sum(min_count=1)
    return sums.assign(organisation_type="comparator", organisation_code=comparator, organisation_name=comparator)


def notes(
    published: pd.DataFrame | None, practices: pd.DataFrame, mergers: pd.DataFrame, most_named: int
) -> tuple[str, ...]:
    """Say what a reader must know of the published measures of a place; each only where it applies.

    Parameters
    ----------
    published, mergers
        As in :func:`of_place`.
    practices
        As in :func:`of_place`, with pcn_name and list_size.
    most_named
        Of more organisations than these it is said how many, and not which.
    """
    if published is None:
        return ()
    first = (
        "Measures of the Network Contract are of 2023/24, of networks and practices as they were on 31 March 2024; "
        "those of the country are sums of what is published."
    )
    told = [
        f"{number(len(those), noun)} {one if len(those) == 1 else more}"
        f"{': ' + '; '.join(those) if len(those) <= most_named else ''}."
        for noun, one, more, those in _differences(published, practices, mergers)
        if those
    ]
    return (first, *told)


def _differences(
    published: pd.DataFrame, practices: pd.DataFrame, mergers: pd.DataFrame
) -> tuple[tuple[str, str, str, list[str]], ...]:
    """How organisations of then are not those of today: what they are, in words of one and of several, and which."""
    networks = published[published["organisation_type"] == "network"].drop_duplicates("organisation_code")
    known = networks.set_index("organisation_code")["organisation_name"]
    today = practices.dropna(subset=["pcn_code"]).groupby("pcn_code")
    names, own = today["pcn_name"].first(), set(practices["practice_code"])
    there = names.index[names.index.isin(known.index)]
    renamed = [f"{one}, then {known[one]}" for one in there if known[one].casefold() != names[one].casefold()]
    no_network, no_practice = (set(one) - set(published["organisation_code"]) for one in (names.index, own))
    none, size = "no measures published for 2023/24", "in 2023/24, and may have had other practices"
    absorbed = "absorbed since and not added to the successor"
    return (
        ("network", f"has {none}", f"have {none}", sorted(no_network)),
        ("practice", f"has {none}", f"have {none}", sorted(no_practice)),
        ("network", "had another name in 2023/24", "had other names in 2023/24", renamed),
        ("network", f"was of another size {size}", f"were of other sizes {size}", _other_sizes(published, today)),
        (
            "practice",
            f"with measures published for 2023/24 was {absorbed}",
            f"with measures published for 2023/24 were {absorbed}",
            _absorbed(published, practices, mergers),
        ),
    )


def _other_sizes(published: pd.DataFrame, today: DataFrameGroupBy) -> list[str]:
    """Networks whose published denominator is far from their list of today."""
    sizes = today["list_size"].sum()
    then = published[published["measure"] == SIZED_BY].set_index("organisation_code")["denominator"].dropna()
    both = pd.concat([then.rename("then"), sizes.astype(float).rename("now")], axis=1, join="inner")
    other = both[(both["now"] / both["then"] - 1).abs() > OTHER_SIZE].sort_index()
    return [f"{code}, {row['then']:,.0f} then and {row['now']:,.0f} now" for code, row in other.iterrows()]


def _absorbed(published: pd.DataFrame, practices: pd.DataFrame, mergers: pd.DataFrame) -> list[str]:
    """Published practices that one of the place absorbed since."""
    pairs = mergers[
        mergers["survivor"].isin(practices["practice_code"])
        & mergers["closed_practice"].isin(published["organisation_code"])
    ]
    return [f"{row.closed_practice} in {row.survivor}" for row in pairs.itertuples()]
