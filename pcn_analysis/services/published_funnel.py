"""How far the practices of a network lie from each other in what is published of them.

Funnel limits lie around the network's own share, and are those of chance alone: lists are of thousands of people, and
practices differ in ages as well, so that many lie beyond.
"""

from __future__ import annotations

import pandas as pd

from pcn_analysis.statistics.funnel import proportion_funnel, proportion_position
from pcn_analysis.words import percent

OF_PEOPLE = "people"
"""Kind of a measure that has limits."""
WORDS = {"limits": ("lower_95", "upper_95"), "wider": ("lower_99.8", "upper_99.8")}
"""Columns of limits in words, by the two that each tells."""


def around_network(released: pd.DataFrame) -> pd.DataFrame:
    """Hold each practice against its network, measure by measure, from released values alone.

    Parameters
    ----------
    released
        What is released of :func:`pcn_analysis.services.published.published_by_practice`.

    Returns
    -------
    DataFrame
        The rows of practices of today, of measures that have a share of any of them, with limits (95%), wider
        (99.8%) and position in words; null where there is no share, or it is not one of people.

    References
    ----------
    Spiegelhalter DJ. Funnel plots for comparing institutional performance. Stat Med 2005;24:1185-202.
    doi:10.1002/sim.1970

    Examples
    --------
    >>> rows = pd.DataFrame({
    ...     "measure": "qof_dem", "kind": "people", "absorbed_by": None, "numerator": [60, 90],
    ...     "denominator": [10_000, 10_000], "network_value": 0.0075})
    >>> around_network(rows)[["limits", "position"]].to_numpy().tolist()
    [['0.6% to 0.9%', 'within the limits'], ['0.6% to 0.9%', 'within the limits']]
    """
    rows = released[released["absorbed_by"].isna() & released["network_value"].notna()]
    parts = [_held(of_measure) for _, of_measure in rows.groupby("measure", sort=False)]
    return pd.concat(parts, ignore_index=True) if parts else rows.assign(**dict.fromkeys((*WORDS, "position")))


def _held(rows: pd.DataFrame) -> pd.DataFrame:
    """Practices of one measure with limits and position."""
    network = float(rows["network_value"].iloc[0])
    people = rows["denominator"].where((rows["kind"] == OF_PEOPLE) & rows["numerator"].notna())
    funnel = proportion_funnel(people, network)
    told = {name: [_told(*ends) for ends in funnel[[*both]].itertuples(index=False)] for name, both in WORDS.items()}
    return rows.assign(**told, position=proportion_position(rows["numerator"], people, network))


def _told(low: float, high: float) -> str | None:
    return None if pd.isna(low) else f"{percent(low)} to {percent(high)}"
