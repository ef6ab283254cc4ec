"""Show a released table as an HTML table that screen readers can follow, with its values to download."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pandas as pd
from jinja2 import Environment

from pcn_analysis.display.output import show_html
from pcn_analysis.display.table_facts import FACTS, table_facts
from pcn_analysis.release import check_released
from pcn_analysis.words import (
    NOT_ASSESSED,
    NOT_IN_THE_FILE,
    NOT_KNOWN,
    NOT_PUBLISHED,
    NOT_SHOWN,
    WITHHELD,
    count,
    percent,
    slug,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pcn_analysis.provenance import Rate
    from pcn_analysis.release import ReleasedTable

_TEMPLATE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
    """\
{% if folded %}<details><summary>Table: {{ caption }}</summary>
{% endif %}
<div class="table-scroll" tabindex="0" role="region" aria-label="Table: {{ caption }}">
<table class="released">
<caption>{{ caption }}</caption>
<thead><tr>
{% for heading, kind in headings %}
<th scope="col"{% if kind and not loop.first %} class="number"{% endif %}>{{ heading }}</th>
{% endfor %}
</tr></thead>
<tbody>
{% for row in rows %}
<tr>{% for value, kind in row %}{% if loop.first %}<th scope="row">{{ value }}</th>{% else %}\
<td{% if kind %} class="number"{% endif %}>{{ value }}</td>{% endif %}{% endfor %}</tr>
{% endfor %}
</tbody>
</table>
</div>
{% if note %}
<p class="status">{{ note }}</p>
{% endif %}
{% if folded %}</details>
{% endif %}
<p class="download"><a download="{{ file }}" href="data:text/csv;base64,{{ csv }}">Download this table (CSV)</a>\
{% if left %} The download has all {{ total }} rows.{% endif %}</p>"""
)

MOST_OPEN = 25
"""A table with more rows is folded, so that the page below it is found."""
WHY_WITHHELD = (
    f"{WITHHELD.capitalize()}: a number of any size that is kept back because, beside the others, it would give away "
    "one that is too small to show."
)
"""Below a table that withholds a number."""
WHY_MISSING = (NOT_ASSESSED, NOT_PUBLISHED, NOT_KNOWN, NOT_IN_THE_FILE)
"""Statuses of rows that say why their numbers are missing; other numbers that are missing are not shown."""
NOT_APPLICABLE = "–"
"""How a missing word is written; a missing number is one that is not shown, or withheld."""


def show_table(
    table: ReleasedTable,
    columns: Mapping[str, str],
    caption: str,
    *,
    most: int | None = None,
    folded: bool = False,
    decimals: Mapping[str, int] | None = None,
    shares: Collection[str] = (),
    missing: str = NOT_SHOWN,
) -> None:
    """Show chosen columns of a released table, with all of it to download as CSV.

    Parameters
    ----------
    table
        The table; one without rows shows nothing.
    columns
        Column names with the heading that each is shown under. Rates are shown as percentages, counts as
        whole numbers; null as "not shown", or as "withheld" with a note below.
    caption
        What the table is.
    most
        Show only this many rows from the top; the download has all of them.
    folded
        Show the caption alone until a reader opens the table: for a long one below a figure that it repeats. One of
        more than ``MOST_OPEN`` rows is folded in any case.
    decimals
        Decimals of columns that are neither counts nor rates; the download has two more.
    shares
        Columns that are shares of 1 and no rates of counts, which are written as rates are.
    missing
        What a missing number is called where nothing is suppressed and the row has no status that says why.
    """
    check_released(table)
    if not len(table):
        return
    html = table_html(
        table, columns, caption, most=most, folded=folded, decimals=decimals, shares=shares, missing=missing
    )
    facts = table_facts(table, columns, caption, missing=missing, shares=shares)
    show_html(html, "show_table", caption, **{FACTS: facts})


def table_html(
    table: ReleasedTable,
    columns: Mapping[str, str],
    caption: str,
    *,
    most: int | None = None,
    folded: bool = False,
    decimals: Mapping[str, int] | None = None,
    shares: Collection[str] = (),
    missing: str = NOT_SHOWN,
) -> str:
    """Return a released table as HTML; see :func:`show_table`."""
    check_released(table)
    frame = table.frame
    shown = frame.head(most) if most else frame
    rates = {name for rate in table.rates for name in _shares(rate) if not name.endswith("_compared")}
    rates |= set(shares)
    kinds = {
        name: pd.api.types.is_numeric_dtype(frame[name]) and not pd.api.types.is_bool_dtype(frame[name])
        for name in columns
    }
    nobody = {name: shown[rate.denominator].eq(0).fillna(False) for rate in table.rates for name in rate.columns()}
    status = shown["status"] if "status" in shown else pd.Series(missing, index=shown.index)
    why = status.where(status.isin(WHY_MISSING), missing)
    kept_back = {(row, name) for row, name in table.withheld if name in columns and row < len(shown)}
    written = {
        name: [
            _blank(
                kinds[name],
                name in nobody and bool(nobody[name].iloc[row]),
                why.iloc[row],
                (row, name) in kept_back,
            )
            if pd.isna(value)
            else _written(value, name in rates, (decimals or {}).get(name, 0))
            for row, value in enumerate(shown[name])
        ]
        for name in columns
    }
    more = f" (first {len(shown)} of {len(frame)})" if len(shown) < len(frame) else ""
    label = table.provenance.label
    return _TEMPLATE.render(
        caption=f"{label}: {caption}{more}" if label else f"{caption}{more}",
        headings=[(heading, kinds[name]) for name, heading in columns.items()],
        rows=[[(written[name][i], kinds[name]) for name in columns] for i in range(len(shown))],
        csv=base64.b64encode(csv_text(table, decimals, shares).encode()).decode(),
        file="-".join(filter(None, [_file_name(label), f"{_file_name(caption)}.csv"])),
        left=bool(more),
        note=WHY_WITHHELD if kept_back else "",
        folded=folded or len(shown) > MOST_OPEN,
        total=len(frame),
    )


def csv_text(table: ReleasedTable, decimals: Mapping[str, int] | None = None, shares: Collection[str] = ()) -> str:
    """Return all released values as CSV; shapes are left out, estimates have one decimal, rates five.

    Columns whose decimals are given have two more than they are shown with, and shares have five.

    Every row says which place, date and files it is of, whether any of it is modelled, and whether it is
    invented, so that the values keep their labels away from the page. A number that is not there is an empty cell, so
    that a column of numbers is read as one. Where any is withheld, a column ``withheld`` names those of each row;
    other empty counts are too small to show or were not assessed.
    """
    check_released(table)
    frame = table.frame
    frame = pd.DataFrame(frame[[name for name in frame.columns if name != "geometry"]])
    rates = {name for rate in table.rates for name in _shares(rate)} | set(shares)
    numbers = frame.select_dtypes("number").columns
    places = dict.fromkeys(numbers, 1) | {name: shown + 2 for name, shown in (decimals or {}).items()}
    frame[numbers] = frame[numbers].round(places | dict.fromkeys(rates, 5))
    labels: dict[str, Any] = {
        "place": table.about.place,
        "index_date": table.about.date.isoformat(),
        "vintage": table.about.vintage,
        "part_modelled": bool(table.provenance.modelled),
        "synthetic": table.provenance.synthetic,
    }
    if table.withheld:
        named = ["; ".join(name for name in table.counts if (row, name) in table.withheld) for row in range(len(frame))]
        labels = {WITHHELD: named, **labels}
    frame = frame.assign(**{name: value for name, value in labels.items() if name not in frame})
    return frame.to_csv(index=False, lineterminator="\n")


def _shares(rate: Rate) -> list[str]:
    """Columns of a rate, and of the share that is asked for."""
    return [*rate.columns(), *([rate.asked] if rate.asked else [])]


def _blank(is_number: bool, of_nobody: bool, why: str, withheld: bool) -> str:
    """A number that is missing is withheld, or the status of its row says why; a rate among nobody is none."""
    if withheld:
        return WITHHELD
    if not is_number or of_nobody:
        return NOT_APPLICABLE
    return why


def _written(value: Any, is_rate: bool, decimals: int) -> str:
    if pd.api.types.is_bool(value):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if is_rate:
        return percent(value)
    return f"{float(value):,.{decimals}f}" if decimals else count(value)


def _file_name(caption: str) -> str:
    return slug(caption)[:60].rstrip("-")
