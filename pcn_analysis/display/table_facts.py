"""What files made beside a page must know of a table that it shows: kept in the metadata of the output.

The values are those of the page's own download; nothing is held here twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pcn_analysis.release import ReleasedTable

FACTS = "pcn_analysis_table"
"""Key in the metadata of an output."""
WORD, FLAG, COUNT, RATE, NUMBER = "word", "flag", "count", "rate", "number"
"""What a column holds: words; true and false; people, or what befell them; proportions from 0 to 1; other numbers."""


def table_facts(
    table: ReleasedTable, headings: Mapping[str, str], caption: str, *, missing: str, shares: Collection[str] = ()
) -> dict[str, Any]:
    """Say what a table is, without its values.

    Parameters
    ----------
    table
        The table.
    headings
        The columns that the page shows, with their headings.
    caption
        What it is.
    missing
        What a missing number is called where nothing says why it is missing.
    shares
        Columns that are shares of 1 and no rates of counts.

    Returns
    -------
    dict
        Plain values. ``columns`` has the kind of each column of the download but its labels; ``made_from`` the counts
        of which a rate is missing if they are. What has an order is a list, as a notebook sorts names.
    """
    made_from = {name: [rate.numerator, rate.denominator] for rate in table.rates for name in rate.columns()}
    rates = {*made_from, *shares, *(rate.asked for rate in table.rates)}
    frame, about, provenance = table.frame, table.about, table.provenance
    return {
        "caption": caption,
        "label": provenance.label,
        "columns": [
            [name, _kind(frame[name], name in table.counts, name in rates)] for name in frame if name != "geometry"
        ],
        "headings": [list(one) for one in headings.items()],
        "made_from": made_from,
        "missing": missing,
        "people": provenance.people,
        "profile": table.profile,
        "sources": [f"{source.title}, {source.period}" for source in provenance.sources],
        "place": about.place,
        "network": about.network,
        "index_date": about.date.isoformat(),
        "vintage": about.vintage,
        "part_modelled": bool(provenance.modelled),
        "synthetic": provenance.synthetic,
    }


def _kind(values: pd.Series, counts: bool, is_rate: bool) -> str:
    if pd.api.types.is_bool_dtype(values):
        return FLAG
    if not pd.api.types.is_numeric_dtype(values):
        return WORD
    return COUNT if counts else RATE if is_rate else NUMBER
