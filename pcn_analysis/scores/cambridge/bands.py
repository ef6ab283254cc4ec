"""The core segments of BNSSG: five bands of the score.

They are fixed limits of January 2023 and no fifths: in North Somerset 61.6% of adults were in the first band and 3.4%
in the fifth (nhs-bnssg-analytics/dpm 0.2.22, December 2023).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis import codelists
from pcn_analysis.engine import on_frames
from pcn_analysis.exceptions import problem
from pcn_analysis.rules import NONE_ASSESSED
from pcn_analysis.scores.cambridge.score import assessed_column, score_column
from pcn_analysis.scores.cambridge.variants import VARIANTS, find_variant
from pcn_analysis.words import listed

if TYPE_CHECKING:
    from pcn_analysis.engine import Lazy

OF_BNSSG = "bnssg2023_general_35of37"
"""The variant on whose scores the bands were fixed."""


def segment_column(variant: str) -> str:
    """Column of the core segment by a variant.

    Examples
    --------
    >>> segment_column("bnssg2023_general_35of37")
    'core_segment_bnssg2023_general_35of37'
    """
    return f"core_segment_{variant}"


@on_frames
def core_segments(people: Lazy, *, variant: str = OF_BNSSG) -> Lazy:
    """Add the core segment, CS1 to CS5, to each person.

    Parameters
    ----------
    people
        Rows with the two columns of a variant, as :func:`cambridge_scores` adds them.
    variant
        Name of a variant that has bands.

    Returns
    -------
    LazyFrame
        The rows of ``people`` with ``core_segment_<variant>``: null where the score is. The first band is named of
        those only of whom every condition could be assessed; the others below its limit are in "None of those
        assessed". A higher band of someone of whom some could not be assessed is the least that it can be.

    Raises
    ------
    PcnAnalysisError
        If there is no such variant, or no bands were published for it.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({
    ...     "person_id": ["a", "b", "c"], "cms_bnssg2023_general_35of37": [0.08, 0.09, 0.0],
    ...     "cms_bnssg2023_general_35of37_assessed": [35, 34, 34]})
    >>> core_segments(scores).sort_values("person_id").iloc[:, -1].to_list()
    ['CS1', 'CS2', 'None of those assessed']
    """
    chosen = find_variant(variant)
    rows = [row for row in codelists.rows("cambridge_bands") if row["bands"] == chosen.bands]
    if not rows:
        banded = listed(sorted(name for name, one in VARIANTS.items() if one.bands))
        raise problem("core segments", f"no bands were published for {variant}", f"Choose one of {banded}.")
    score, assessed = nw.col(score_column(variant)), nw.col(assessed_column(variant))
    first, *others = rows
    complete = assessed >= len(chosen.weights)
    band: Any = nw.when(complete).then(nw.lit(first["band"])).otherwise(nw.lit(NONE_ASSESSED))
    for row in others:
        band = nw.when(score >= float(row["lower_inclusive"])).then(nw.lit(row["band"])).otherwise(band)
    return people.with_columns(**{segment_column(variant): nw.when(score.is_null()).then(None).otherwise(band)})
