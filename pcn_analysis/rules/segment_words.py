"""What puts a person in a segment, in words that name its elements instead of repeating what each asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.rules.criteria import Criterion, Not, Several
from pcn_analysis.rules.in_words import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.rules.models import Model, Segment

ANY_ELEMENT = "any one of the elements"


def segment_in_words(segment: Segment, model: Model) -> str:
    """Say how the elements of a segment go together.

    Parameters
    ----------
    segment
        The segment.
    model
        The model that it is of; a rule can ask for elements of other segments.

    Examples
    --------
    >>> from pcn_analysis.rules import Element, Model, Recorded, Segment, all_of
    >>> asthma, gout = (Element(name, Recorded(name.lower()), "here") for name in ("Asthma", "Gout"))
    >>> both = Segment("Both", 1, (asthma, gout), "Asthma and gout.", all_of(asthma.when, gout.when))
    >>> segment_in_words(both, Model("one", "One", (both,), "Well", "here"))
    '“Asthma”; and “Gout”'
    """
    if segment.when is None:
        return ANY_ELEMENT
    everyone = [element for _, element in model.elements()]
    names = {element.when: element.name for element in (*reversed(everyone), *segment.elements)}
    return _in_words(segment.when, names)


def _in_words(criterion: Criterion, names: Mapping[Criterion, str]) -> str:
    """A criterion with the elements within it by name; what is no element is written out."""
    if criterion in names:
        return f"“{names[criterion]}”"
    match criterion:
        case Not(inner):
            return f"not: {_in_words(inner, names)}"
        case Several(criteria, at_least) if _names_any(criterion, names):
            parts = [_in_words(one, names) for one in criteria]
            grouped = [f"({part})" if "; " in part else part for part in parts]
            if at_least in (1, len(parts)):
                return ("; or " if at_least == 1 else "; and ").join(grouped)
            return f"at least {at_least} of {len(parts)}: {'; '.join(grouped)}"
    return in_words(criterion)


def _names_any(criterion: Criterion, names: Mapping[Criterion, str]) -> bool:
    match criterion:
        case Several(criteria):
            return any(one in names or _names_any(one, names) for one in criteria)
        case Not(inner):
            return inner in names or _names_any(inner, names)
    return False
