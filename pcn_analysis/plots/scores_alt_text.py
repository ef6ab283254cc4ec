"""Descriptions of charts of scores: built from the same released tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.plots.described import described
from pcn_analysis.plots.scores import has_numbers, tier_name
from pcn_analysis.words import NOT_ASSESSED, count, percent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pcn_analysis.release import ReleasedTable


@described
def score_variants(table: ReleasedTable) -> str:
    """Describe whom each variant picks beside the usual one."""
    return (
        f"Bars of the people whom a variant of a score and its usual variant pick: the usual one alone, both, the "
        f"variant alone, {table.about.title()}: {_joined(_variant(row) for row in table.frame.itertuples())}."
    )


def _variant(row: Any) -> str:
    name = f"{row.score}, {row.variant}"
    if row.status == NOT_ASSESSED:
        return f"{name} {NOT_ASSESSED}"
    if row.is_usual == "yes":
        return f"{name} (usual) {count(row.picked)}"
    return f"{name} {count(row.picked)}, {count(row.both)} by both, {count(row.missed)} by the usual one alone"


@described
def score_bands(table: ReleasedTable) -> str:
    """Describe the highest band of each variant."""
    highest = table.frame.groupby(["score", "variant"], sort=False).tail(1)
    each = _joined(
        f"{row.score}, {row.variant} {NOT_ASSESSED if row.status == NOT_ASSESSED else _band(row)}"
        for row in highest.itertuples()
    )
    return f"Bars of the shares of people above the lowest band, {table.about.title()}. In the highest band: {each}."


def _band(row: Any) -> str:
    return f"{row.band} {percent(row.share)}"


@described
def qrisk3_bands(table: ReleasedTable) -> str:
    """Describe the shares of bands of each sex."""
    if not has_numbers(table.frame, "people"):
        return f"No figure of QRISK3, {table.about.title()}: {NOT_ASSESSED}."
    each = _joined(
        f"{sex}: {', '.join(_band(row) for row in rows.itertuples())}"
        for sex, rows in table.frame.groupby("sex", sort=False)
    )
    return (
        f"Bars of the share of people with a QRISK3 score (ClinRisk Ltd; its disclaimer stands beside the figure) in "
        f"each band of the chance of a first heart attack or stroke within ten years, {table.about.title()}: {each}."
    )


@described
def risk_tiers(table: ReleasedTable) -> str:
    """Describe the tiers of each register."""
    each = _joined(f"{condition} {_tiers(rows)}" for condition, rows in table.frame.groupby("condition", sort=False))
    return f"Bars of the share of people on six registers by risk tier, {table.about.title()}: {each}."


def _tiers(rows: pd.DataFrame) -> str:
    if rows["status"].eq(NOT_ASSESSED).all():
        return NOT_ASSESSED
    return ", ".join(
        f"{tier_name(row.tier) or 'in none'} {NOT_ASSESSED if row.status == NOT_ASSESSED else count(row.people)}"
        for row in rows.itertuples()
    )


@described
def hazardous_medicines(table: ReleasedTable) -> str:
    """Describe the bars of combinations."""
    each = _joined(
        f"{row.combination} {NOT_ASSESSED if row.status == NOT_ASSESSED else count(row.people)}"
        for row in table.frame.itertuples()
    )
    return f"Bar chart of people with each hazardous combination of medicines, {table.about.title()}: {each}."


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(parts)
