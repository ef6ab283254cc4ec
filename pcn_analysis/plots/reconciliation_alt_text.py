"""Description of the chart of what a network was paid over what the contract's rates give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.plots.described import described
from pcn_analysis.plots.reconciliation import drawn_payments, told

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable


@described
def payments_held(table: ReleasedTable) -> str:
    """Describe each line's published payment over what was computed, and the median of all networks."""
    each = "; ".join(
        f"{row.column} {told(row)}, median {row.median:.2f}" for row in drawn_payments(table.frame).itertuples()
    )
    return (
        f"Bands of published payments over what the rates give, of all networks of {table.about.comparator}, with "
        f"{table.about.network} marked: {each or 'none can be compared'}."
    )
