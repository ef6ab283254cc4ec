"""How measures of services differ between national fifths of deprivation: indices, from released values alone.

The slope index compares the two ends of a line through the fifths, and so uses all of them; the relative index is the
ratio of the same two ends. Both are told, as an absolute and a relative difference can point to different measures.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from pcn_analysis.deprivation import FIFTHS
from pcn_analysis.statistics.concentration import concentration_index
from pcn_analysis.statistics.inequality import error_on_scale, slope_index
from pcn_analysis.words import NOT_KNOWN, listed

KNOWN = tuple(fifth for fifth in FIFTHS if fifth != NOT_KNOWN)
MOST, LEAST = KNOWN[0], KNOWN[-1]
KEY = ["service", "measure"]
POINTS = 100
"""Percentage points in 1."""
HIGHER, LOWER = "higher", "lower"
NUMBERS = (
    "sii", "sii_lower", "sii_upper", "rii", "rii_lower", "rii_upper", "concentration_index", "most_deprived",
    "least_deprived", "gap",
)  # fmt: skip
DIGITS = {"sii": 1, "rii": 2}
"""How many digits of each index are told."""
SAME = "no difference can be told"


def inequalities(released: pd.DataFrame) -> pd.DataFrame:
    """Indices of inequality of each measure, from what is released of it by fifth of deprivation.

    For :meth:`pcn_analysis.release.ReleasedTable.followed_by` on
    :func:`pcn_analysis.services.counts.by_deprivation`: it sees rounded counts and nothing else. People of no known
    area are in no fifth, and left out.

    Parameters
    ----------
    released
        One row a measure and fifth: service, measure, deprivation_fifth, better, people, of, share with limits.

    Returns
    -------
    DataFrame
        One row a measure, in the order in which they come: service, measure, better; sii, in percentage points from the
        most to the least deprived end of the line, with 95% limits; rii, the least deprived end over the most deprived
        one, with 95% limits; concentration_index, from -1 to 1, below 0 where more of what is measured lies with the
        more deprived; most_deprived and least_deprived, the shares of the outer fifths; gap, percentage points of the
        most deprived fifth above the least deprived; worse_for (whom it is worse for, as far as limits tell); sii_said,
        rii_said and concentration_said (index and limits as a table shows them); why (why an index or its limits are
        null). All of a measure are null where a fifth is not shown or has nobody.

    Notes
    -----
    The line goes through fifths weighted by the people whom the measure concerns
    (:func:`pcn_analysis.statistics.inequality.slope_index`). Limits follow from Wilson limits of released counts; where
    nobody or everybody of a fifth meets the measure there are none. A measure that is no need and no harm
    (better is "neither") is worse for nobody.

    References
    ----------
    Low A, Low A. Measuring the gap: quantifying and comparing local health inequalities. J Public Health
    2004;26:388-95.

    Examples
    --------
    >>> from pcn_analysis.provenance import Rate
    >>> from pcn_analysis.statistics.rates import with_rates
    >>> rows = pd.DataFrame({
    ...     "service": "Ours", "measure": "Has a plan", "better": "higher", "deprivation_fifth": KNOWN,
    ...     "people": [200, 250, 300, 350, 400], "of": 500})
    >>> found = inequalities(with_rates(rows, [Rate("share", "people", "of", interval=True)])).iloc[0]
    >>> found["sii_said"], found["rii_said"], found["worse_for"]
    ('50.0 (43.7 to 56.3)', '2.43 (2.13 to 2.79)', 'the most deprived')
    """
    rows = released[released["deprivation_fifth"].isin(KNOWN)]
    why = {key: _why(of) for key, of in rows.groupby(KEY, sort=False)}
    table = pd.DataFrame(list(why), columns=KEY).astype("str").assign(why=list(why.values()))
    table["better"] = [rows.loc[rows["measure"].eq(one.measure) & rows["service"].eq(one.service), "better"].iloc[0]
                       for one in table.itertuples()]  # fmt: skip
    found = _indices(rows[[not why[key] for key in zip(*(rows[name] for name in KEY), strict=True)]])
    table = table.merge(found, on=KEY, how="left")
    limits = table["why"].eq("") & table["sii_lower"].isna()
    table["why"] = table["why"].mask(limits, "no limits: nobody, or everybody, of a fifth meets it")
    limits_of = {of: table[[of, f"{of}_lower", f"{of}_upper"]].itertuples(index=False, name=None) for of in DIGITS}
    for of, rows_of in limits_of.items():
        table[f"{of}_said"] = [_said(of, *row) for row in rows_of]
    table["concentration_said"] = ["" if pd.isna(one) else f"{one:.3f}" for one in table["concentration_index"]]
    ends = table[["better", "sii_lower", "sii_upper"]].itertuples(index=False, name=None)
    table["worse_for"] = [worse_for(*row) for row in ends]
    return table[[*KEY, "better", *NUMBERS, "worse_for", "sii_said", "rii_said", "concentration_said", "why"]]


def worse_for(better: str, lower: Any, upper: Any) -> str:
    """For whom a measure is worse, by the limits of its slope index from the most to the least deprived.

    Examples
    --------
    >>> worse_for("higher", 2.0, 5.0), worse_for("lower", 2.0, 5.0), worse_for("higher", -1.0, 5.0)
    ('the most deprived', 'the least deprived', 'no difference can be told')
    >>> worse_for("neither", 2.0, 5.0), worse_for("higher", pd.NA, pd.NA)
    ('higher in the least deprived', '')
    """
    if pd.isna(lower) or pd.isna(upper):
        return ""
    if lower <= 0 <= upper:
        return SAME
    rises = lower > 0
    if better not in (HIGHER, LOWER):
        return f"higher in the {'least' if rises else 'most'} deprived"
    return f"the {'most' if rises == (better == HIGHER) else 'least'} deprived"


def _why(rows: pd.DataFrame) -> str:
    """Why there is no index of a measure; empty where there is."""
    by_fifth = rows.drop_duplicates("deprivation_fifth").set_index("deprivation_fifth").reindex(list(KNOWN))
    concerned = by_fifth["of"].eq(0).fillna(False)
    nobody = [fifth for fifth in KNOWN if concerned[fifth]]
    hidden = [fifth for fifth in KNOWN if fifth not in nobody and pd.isna(by_fifth.loc[fifth, "share"])]
    said = [f"not shown: {listed(hidden)}"] if hidden else []
    return "; ".join([*said, *([f"it concerns nobody: {listed(nobody)}"] if nobody else [])])


def _indices(rows: pd.DataFrame) -> pd.DataFrame:
    """Indices of measures of which every fifth is shown."""
    if rows.empty:
        return pd.DataFrame(columns=[*KEY, *NUMBERS]).astype(
            dict.fromkeys(KEY, "str") | dict.fromkeys(NUMBERS, "Float64")
        )
    order = rows["deprivation_fifth"].map({fifth: place for place, fifth in enumerate(KNOWN, start=1)})
    places = pd.Series(list(zip(*(rows[name] for name in KEY), strict=True)), index=rows.index)
    number = places.map({key: place for place, key in enumerate(dict.fromkeys(places))})
    error = error_on_scale(rows["share_lower"], rows["share_upper"], "proportion")
    found = slope_index(rows["share"], rows["of"], order, number, standard_error=error, kind="proportion",
                        multiplier=POINTS)  # fmt: skip
    found = found.rename(
        columns={f"{of}_{end}_95": f"{of}_{end}" for of in ("sii", "rii") for end in ("lower", "upper")}
    )
    of_each = rows.assign(order=order).groupby(number)
    outer = {name: rows[order == place].set_axis(number[order == place])["share"]
             for name, place in (("most_deprived", 1), ("least_deprived", len(KNOWN)))}  # fmt: skip
    index = {key: concentration_index(of["share"], of["order"], weight=of["of"]) for key, of in of_each}
    found = found.assign(**outer, concentration_index=pd.Series(index, dtype="Float64"))
    found["gap"] = (found["most_deprived"] - found["least_deprived"]) * POINTS
    keys = pd.DataFrame(list(dict.fromkeys(places)), columns=KEY).astype("str")
    return keys.join(found[list(NUMBERS)].astype("Float64"))


def _said(of: str, value: Any, lower: Any, upper: Any) -> str:
    """An index with its limits; empty where there is none."""
    if pd.isna(value):
        return ""
    digits = DIGITS[of]
    limits = "" if pd.isna(lower) or pd.isna(upper) else f" ({lower:.{digits}f} to {upper:.{digits}f})"
    return f"{value:.{digits}f}{limits}"
