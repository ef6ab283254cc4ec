"""How many people are in each band of a score, by each variant that has bands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.anticipatory.score_agreement.found import scores_of
from pcn_analysis.anticipatory.whom import NULL
from pcn_analysis.counted import Counted
from pcn_analysis.provenance import Rate
from pcn_analysis.rules import NONE_ASSESSED, NOT_ASSESSED
from pcn_analysis.statistics.rates import with_rates

if TYPE_CHECKING:
    from pcn_analysis.anticipatory.score_agreement.score import Score, Variant
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable

COUNTS = ("people", "scored")
SHARE = Rate("share", "people", "scored", interval=True)


def bands(population: Population) -> SourcedTable:
    """Count people by band of each score that has bands, on the index date.

    Returns
    -------
    SourcedTable
        One row a score, variant and band, the lowest band first: score, variant, band, level (0 for the lowest), among
        (whose bands, in words), people, scored (who have a band), share with limits, status, lacking. A variant that
        cannot be assessed has one row, without band and numbers. The band "None of those assessed" is there only where
        somebody is in it.
    """
    rows: list[dict[str, Any]] = []
    for score in (one for one in scores_of(population) if one.bands):
        for variant in score.variants:
            about: dict[str, Any] = {"score": score.name, "variant": variant.title, "among": score.among}
            about |= {"status": variant.status, "lacking": variant.lacking}
            if variant.bands is None:
                rows += [about] if variant.status == NOT_ASSESSED else []
                continue
            counts = variant.bands.value_counts()
            shown = [name for name in score.bands if name != NONE_ASSESSED or counts.get(name, 0)]
            lowest = len(shown) - len([name for name in shown if name != NONE_ASSESSED])
            rows += [
                about | {"band": name, "level": max(place - lowest, 0), "people": int(counts.get(name, 0)),
                         "scored": int(counts.sum())}
                for place, name in enumerate(shown)
            ]  # fmt: skip
    words = dict.fromkeys(("score", "variant", "band", "among", "status", "lacking"), "str")
    numbers = dict.fromkeys(("level", *COUNTS), "Int64")
    frame = pd.DataFrame(rows, columns=["score", "variant", "band", "level", "among", *COUNTS, "status", "lacking"])
    frame = with_rates(frame.astype(words | numbers), (SHARE,))
    kinds = {"counts": COUNTS, "rates": (SHARE,), "numbers": ("level",)}
    return population.sourced(frame, **kinds, counted=_of_bands(population))


def _of_bands(population: Population) -> dict[str, Counted]:
    """People of a band, and of any band, by variant; of one that has none nobody."""
    banded = [(score, one) for score in scores_of(population) for one in score.variants]
    known = [(score, one, _bands_of(score, one)) for score, one in banded if one.bands is not None]
    people = {(one.title, band): (*score.whom, (name, (band,))) for score, one, name in known for band in score.bands}
    scored = {one.title: (*score.whom, (name, score.bands)) for score, one, name in known}
    never = tuple(dict.fromkeys(tie for score, *_ in known for tie in score.never))
    return {
        "people": Counted(means={("variant", "band"): people} | NULL, never=never),
        "scored": Counted(means={"variant": scored} | NULL, never=never),
    }


def _bands_of(score: Score, one: Variant) -> str:
    """What the bands of a variant are called; by a variant that picks by something else they are apart."""
    return one.of(score) if one.high else f"band by {score.name}: {one.title}"
