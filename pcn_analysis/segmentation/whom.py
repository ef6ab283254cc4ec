"""Whom a model is for: shares of its segments are of these people, and what is said of everyone is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.rules import AtLeast, Below
from pcn_analysis.segmentation.labels import shown

if TYPE_CHECKING:
    import pandas as pd

    from pcn_analysis.population import Population
    from pcn_analysis.rules import Model


def in_words(model: Model) -> str:
    """Whom a model is for, after a word for people; empty where it is for everyone.

    Examples
    --------
    >>> from pcn_analysis.segmentation.models import find_model
    >>> [in_words(find_model(name)) for name in ("core20plus5_adults", "core20plus5_children", "system_p")]
    ['of 18 or over', 'under 18', '']
    """
    match model.whom:
        case None:
            return ""
        case AtLeast("age", years):
            return f"of {years:.0f} or over"
        case Below("age", years):
            return f"under {years:.0f}"
    return f"who are not “{model.others}”"


def everyone(model: Model) -> str:
    """What the row of all these people is called.

    Examples
    --------
    >>> from pcn_analysis.segmentation.models import find_model
    >>> everyone(find_model("bnssg")), everyone(find_model("system_p"))
    ('Everyone of 17 or over', 'Everyone')
    """
    return f"Everyone {in_words(model)}".rstrip()


def only(people: pd.DataFrame, model: Model) -> pd.DataFrame:
    """Those of some people, with their segment, whom a model is for."""
    return people[people["segment"] != model.others] if model.whom else people


def names(population: Population, model: Model) -> list[str]:
    """As :func:`pcn_analysis.segmentation.labels.shown`, without those whom the model is not for."""
    return [name for name in shown(population, model) if not model.whom or name != model.others]
