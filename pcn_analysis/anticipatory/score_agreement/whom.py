"""Whom counts of scores are of: those whom a variant picks, does not pick, and to whom it gives no score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.anticipatory.whom import NO, OTHER, YES

if TYPE_CHECKING:
    from pcn_analysis.anticipatory.score_agreement.score import Score, Variant
    from pcn_analysis.counted import Conditions


def picked(score: Score, one: Variant) -> Conditions:
    """Whom a variant picks."""
    return (*score.whom, (one.of(score), one.high or YES))


def scored(score: Score, one: Variant) -> Conditions:
    """Whom it gives a score."""
    return (*score.whom, (one.of(score), score.bands if one.high else (*YES, *NO)))


def unscored(score: Score, one: Variant) -> Conditions:
    """Whom it gives no score, of those whom the score is for."""
    return (*score.whom, (one.of(score), (OTHER,)))


def not_picked(score: Score, one: Variant) -> Conditions:
    """Whom it does not pick, a score or none, of those whom the score is for."""
    others = tuple(band for band in score.bands if band not in one.high) if one.high else NO
    return (*score.whom, (one.of(score), (*others, OTHER)))


def either(score: Score, one: Variant, other: Variant) -> Conditions:
    """Whom one of two variants picks, or both."""
    return (*score.whom, (_of_both("picked", score, one, other), YES))


def either_scored(score: Score, one: Variant, other: Variant) -> Conditions:
    """Whom one of two variants gives a score, or both."""
    return (*score.whom, (_of_both("scored", score, one, other), YES))


def never(score: Score, one: Variant, other: Variant) -> tuple[Conditions, ...]:
    """What ties those whom either picks, or gives a score, to each of two variants."""
    tied: list[Conditions] = list(score.never)
    for what, has, has_not in (("picked", picked, not_picked), ("scored", scored, unscored)):
        both = _of_both(what, score, one, other)
        tied += [(*has(score, variant), (both, NO)) for variant in (one, other)]
        tied.append((*dict.fromkeys((*has_not(score, one), *has_not(score, other))), (both, YES)))
    return tuple(tied)


def of_pair(score: Score, one: Variant, other: Variant) -> tuple[Conditions, ...]:
    """Whom each column of :data:`pcn_analysis.anticipatory.score_agreement.pairs.PAIR` counts of two variants."""
    first, second = picked(score, one), picked(score, other)
    return (
        either_scored(score, one, other),
        first,
        second,
        (*first, *second),
        (*first, *not_picked(score, other)),
        (*second, *not_picked(score, one)),
        either(score, one, other),
        (*second, *unscored(score, one)),
        (*first, *unscored(score, other)),
    )


def _of_both(what: str, score: Score, one: Variant, other: Variant) -> str:
    first, second = sorted((one.title, other.title))
    return f"{what} by {score.name}: {first} or {second}"
