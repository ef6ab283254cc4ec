"""Whether another variant of a score would pick the same people: counts of both, and of one alone."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.anticipatory.score_agreement import whom
from pcn_analysis.anticipatory.score_agreement.found import scores_of
from pcn_analysis.counted import Counted
from pcn_analysis.provenance import Rate
from pcn_analysis.statistics.rates import with_rates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pcn_analysis.anticipatory.score_agreement.score import Score, Variant
    from pcn_analysis.counted import Conditions
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable

    Pair = tuple[Score, Variant, Variant]

PAIR = ("people", "above", "above_other", "both", "only", "only_other", "either", "no_score", "no_score_other")
"""What is counted of each two variants."""
USUAL = ("scored", "picked", "both", "only", "missed", "either", "only_unscored", "missed_unscored")
"""What is counted of each variant beside the usual one."""
AGREEMENT = Rate("agreement", "both", "either")
PAIR_RATES = (
    Rate("share", "above", "people", interval=True),
    Rate("share_other", "above_other", "people", interval=True),
    AGREEMENT,
)
USUAL_RATES = (Rate("share", "picked", "scored", interval=True), AGREEMENT)


def variants_compared(population: Population) -> SourcedTable:
    """Hold each two variants of a score against each other on the people of a network, on the index date.

    Returns
    -------
    SourcedTable
        One row a score and pair of variants: score, threshold (in words), variant, other_variant (titles), people (who
        have a score by either), above (picked by the first), above_other, both, only (picked by the first alone),
        only_other, either, no_score (of only_other, those to whom the first gives no score, as of another age),
        no_score_other; shares of people with limits, and agreement (both of either). Of variants that cannot be
        assessed there are no rows.
    """
    rows = [
        {"score": score.name, "threshold": score.threshold, "variant": one.title, "other_variant": other.title}
        | _counted(one.picks, other.picks)
        for score in scores_of(population)
        for one, other in combinations(score.assessed(), 2)
    ]
    frame = with_rates(_table(rows, ("score", "threshold", "variant", "other_variant"), PAIR), PAIR_RATES)
    pairs = [(score, *pair) for score in scores_of(population) for pair in combinations(score.assessed(), 2)]
    told = {(one.title, other.title): whom.of_pair(score, one, other) for score, one, other in pairs}
    counted = _declared(PAIR, ("variant", "other_variant"), told, pairs)
    return population.sourced(frame, counts=PAIR, rates=PAIR_RATES, counted=counted)


def against_usual(population: Population) -> SourcedTable:
    """Hold each variant of a score against the usual one, the first that can be assessed.

    Returns
    -------
    SourcedTable
        One row a score and variant, the usual one first: score, threshold (in words), variant, usual (titles), is_usual
        (yes or no), scored (who have a score by it), picked (by it), both (by the usual one too), only (by it alone),
        missed (by the usual one alone), either, only_unscored (of only, those to whom the usual one gives no score),
        missed_unscored; share of the scored with limits, agreement (both of either), status and lacking. A variant that
        cannot be assessed has no numbers.
    """
    rows = []
    for score in scores_of(population):
        usual = next(iter(score.assessed()), None)
        for one in score.variants:
            row = {"score": score.name, "threshold": score.threshold, "variant": one.title}
            row |= {"usual": usual.title if usual else "", "is_usual": "yes" if one is usual else "no"}
            counts = _beside(one.picks, usual.picks) if usual and one.picks is not None else {}
            rows.append(row | counts | {"status": one.status, "lacking": one.lacking})
    words = ("score", "threshold", "variant", "usual", "is_usual", "status", "lacking")
    frame = with_rates(_table(rows, words, USUAL), USUAL_RATES)
    counted = _declared(USUAL, "variant", *_beside_usual(population))
    return population.sourced(frame, counts=USUAL, rates=USUAL_RATES, counted=counted)


def _beside_usual(population: Population) -> tuple[dict[str, tuple[Conditions | None, ...]], list[Pair]]:
    """What each column counts of each variant, beside the usual one of its score."""
    told: dict[str, tuple[Conditions | None, ...]] = {}
    pairs: list[Pair] = []
    for score in scores_of(population):
        usual = next(iter(score.assessed()), None)
        for one in score.variants:
            if usual is None or one.picks is None:
                told[one.title] = (None,) * len(USUAL)
                continue
            if one is usual:
                picks = whom.picked(score, one)
                told[one.title] = (whom.scored(score, one), picks, picks, None, None, picks, None, None)
                continue
            _, above, _, both, only, missed, either, unscored, usual_unscored = whom.of_pair(score, one, usual)
            told[one.title] = (whom.scored(score, one), above, both, only, missed, either, usual_unscored, unscored)
            pairs.append((score, one, usual))
    return told, pairs


def _declared(
    columns: tuple[str, ...], keys: Any, told: Mapping[Any, Sequence[Any]], pairs: Sequence[Pair]
) -> dict[str, Counted]:
    """Whom each column counts, by the variants of its rows."""
    never = tuple(dict.fromkeys(tie for pair in pairs for tie in whom.never(*pair)))
    return {
        column: Counted(means={keys: {key: one[place] for key, one in told.items()}}, never=never)
        for place, column in enumerate(columns)
    }


def _table(rows: list[dict[str, Any]], words: tuple[str, ...], counts: tuple[str, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=[*words, *counts])
    return frame.astype(dict.fromkeys(words, "str") | dict.fromkeys(counts, "Int64"))


def _counted(one: Any, other: Any) -> dict[str, int]:
    """How many two variants pick; whoever has no score by a variant is not picked by it."""
    known = pd.DataFrame({"one": one, "other": other}).dropna(how="all").astype("boolean")
    unscored, unscored_other = known["one"].isna(), known["other"].isna()
    first, second = (known[name].fillna(False).astype(bool) for name in known)
    only, only_other = first & ~second, second & ~first
    parts = (first, second, first & second, only, only_other, first | second, only_other & unscored,
             only & unscored_other)  # fmt: skip
    return dict(zip(PAIR, (len(known), *(int(part.sum()) for part in parts)), strict=True))


def _beside(one: Any, usual: Any) -> dict[str, int]:
    """The same of one variant beside the usual one."""
    found = _counted(one, usual)
    return {
        "scored": int(one.notna().sum()),
        "picked": found["above"],
        "both": found["both"],
        "only": found["only"],
        "missed": found["only_other"],
        "either": found["either"],
        "only_unscored": found["no_score_other"],
        "missed_unscored": found["no_score"],
    }
