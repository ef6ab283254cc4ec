"""Whom counts by segment count, in the words of :class:`pcn_analysis.counted.Counted`.

A dimension has the same name in every table: that of a model's segments is :func:`dimension`. Whom a model is not for
is in none of its segments, so that every row of a segment says as well that its people are those whom the model is for.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from pcn_analysis.codes import AGE_GROUPS
from pcn_analysis.provenance import Counted
from pcn_analysis.rules import AtLeast, Below, OneOf, Recorded
from pcn_analysis.segmentation import whom
from pcn_analysis.segmentation.labels import assessed, status
from pcn_analysis.tables import CONDITION_NAMES, FRAILTY_BANDS
from pcn_analysis.words import NOT_KNOWN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Any

    import pandas as pd

    from pcn_analysis.counted import Conditions
    from pcn_analysis.population import Population
    from pcn_analysis.rules import Criterion, Model

YES, NO = ("yes",), ("no",)
KNOWN = ("no", "yes")
"""Classes of those of whom it is known whether they are in a group."""
ADULT = 18
CONTACTS = "contacts"
"""What contacts of one kind are called that are counted, where people are not."""
KIND = "contact=kind of contact"
SEEN = "seen in the last 12 months"
"""Who had any contact of a kind, before the name of that kind."""
FRAILTY, OTHER = "frailty", "(other)"
"""Dimension of the bands of frailty, and the class of those who are in none."""
EVERYBODY = Counted()
FEW = 3
"""Elements of a segment of which it is said that whoever is in it meets one."""


def dimension(model: Model) -> str:
    """Dimension of the segments of a model; of a file of one's own it says which version of it.

    Examples
    --------
    >>> from pcn_analysis.segmentation.models import find_model
    >>> dimension(find_model("system_p"))
    'segment of system_p'
    """
    return f"segment of {model.name}" + (f" ({model.sha256[:12]})" if model.file else "")


def aged(years: float) -> str:
    """Dimension of whether someone has reached an age.

    Examples
    --------
    >>> aged(18), aged(17)
    ('adult', '17 or over')
    """
    return "adult" if years == ADULT else f"{years:g} or over"


def for_model(model: Model, *, are: bool = True) -> Conditions:
    """Those whom a model is for, or those whom it is not for; no condition where it is for everyone.

    Examples
    --------
    >>> from pcn_analysis.segmentation.models import find_model
    >>> for_model(find_model("core20plus5_children")), for_model(find_model("system_p"))
    ((('adult', ('no',)),), ())
    """
    match model.whom:
        case None:
            return ()
        case AtLeast("age", years):
            return ((aged(years), YES if are else NO),)
        case Below("age", years):
            return ((aged(years), NO if are else YES),)
    return ((f"whom {model.name} is for", YES if are else NO),)


def never(model: Model) -> tuple[Conditions, ...]:
    """What cannot be of people whom a model is for, or not for, by their age."""
    match model.whom:
        case AtLeast("age", years) | Below("age", years):
            return ages_never(years)
    return ()


def ages_never(years: float) -> tuple[Conditions, ...]:
    """Broad age groups of nobody who has reached an age, and of nobody who has not; and so of adults.

    Examples
    --------
    >>> ages_never(65)[0]
    (('65 or over', ('yes',)), ('age_group', ('0-19', '20-39', '40-64')))
    """
    begin = {group: int(bands[0].split("-")[0].removesuffix("+")) for group, bands in AGE_GROUPS.items()}
    ends = dict(zip(begin, [*list(begin.values())[1:], 1000], strict=True))
    younger = tuple(takewhile(lambda group: ends[group] <= years, begin))
    older = tuple(group for group in begin if begin[group] >= years)
    name = aged(years)
    found: list[Conditions] = [((name, YES), ("age_group", younger))] if younger else []
    found += [((name, NO), ("age_group", older))] if older else []
    if years != ADULT:
        lower, higher = sorted([(years, name), (ADULT, aged(ADULT))])
        found.append(((lower[1], NO), (higher[1], YES)))
    return tuple(found)


def segment_means(
    population: Population, model: Model, *, named: str = "", everyone: bool = True
) -> dict[str, Conditions | None]:
    """What each name of a segment stands for; one that could not be assessed is the segment of nobody.

    Parameters
    ----------
    population, model
        The people and the model.
    named
        Dimension of the segments; by default that of the model (:func:`dimension`).
    everyone
        Whether the row of everyone is there as well.
    """
    known, those = assessed(population, model), for_model(model)
    found: dict[str, Conditions | None] = {whom.everyone(model): those} if everyone else {}
    for name in status(population, model):
        found[name] = ((named or dimension(model), (name,)), *those) if name in known else None
    return found | ({model.others: for_model(model, are=False)} if model.whom else {})


def by_segment(
    population: Population,
    model: Model,
    *by: str,
    column: str = "segment",
    means: Mapping[Any, Mapping[Any, Conditions | None]] | None = None,
    **whose: Any,
) -> Counted:
    """People of a segment in each row.

    Parameters
    ----------
    population, model
        The people and the model.
    *by
        Other columns whose value is a class, as in ``Counted.by``.
    column
        The column of the segment.
    means
        What values of other columns stand for.
    **whose
        Everything else of a :class:`pcn_analysis.counted.Counted`.
    """
    all_means = {column: segment_means(population, model), **(means or {})}
    return Counted(by=(f"{column}={dimension(model)}", *by), means=all_means, never=_never(model, whose), **whose)


def by_element(population: Population, model: Model, rows: pd.DataFrame) -> Counted:
    """People of a segment who meet an element of it, in each row.

    An element that asks for no more than a condition is that condition. Whoever is in a segment meets one of its
    elements; it is said where few were met, so that of one alone as many meet it as are in the segment.

    Parameters
    ----------
    population, model
        The people and the model.
    rows
        All segments and elements that anyone in the segment meets: segment, element.
    """
    met, means = rows.groupby("segment")["element"].agg(list), element_means(model)
    few = [one.name for one in model.segments if one.when is None and 0 < len(met.get(one.name, ())) <= FEW]
    unlike = tuple(
        ((dimension(model), (name,)), *(_without(asked) for element in met[name] for asked in means[element]))
        for name in few
    )
    return by_segment(population, model, means={"element": means}, never=unlike)


def element_means(model: Model) -> dict[str, Conditions]:
    """What the name of an element of a model stands for."""
    prefix = dimension(model).replace("segment", "element", 1)
    return {one.name: (_asked(one.when) or (f"{prefix}: {one.name}", YES),) for _, one in model.elements()}


def _asked(asked: Criterion) -> tuple[str, tuple[str, ...]] | None:
    """What other tables count as well: a condition or bands of frailty; None where more is asked, or something else."""
    match asked:
        case Recorded(condition) if condition in CONDITION_NAMES:
            return CONDITION_NAMES[condition], YES
        case OneOf("efi_category", bands):
            return FRAILTY, tuple(str(band) for band in bands)
    return None


def _without(condition: tuple[str, tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
    """Those who do not meet an element."""
    name, classes = condition
    return name, NO if classes == YES else tuple(band for band in (*FRAILTY_BANDS, OTHER) if band not in classes)


def of_model(model: Model, *by: str, **whose: Any) -> Counted:
    """People whom a model is for, whatever their segment."""
    where = (*for_model(model), *whose.pop("where", ()))
    return Counted(by=by, where=where, never=_never(model, whose), **whose)


def known_of(names: Iterable[str], unknown: Collection[str], prefix: str = "") -> dict[str, Conditions | None]:
    """Conditions that a number is of those of whom something is known: none, where it is known of everyone.

    Parameters
    ----------
    names
        Names of groups: conditions, contacts.
    unknown
        Those of them of which it is not known of everyone whether they are in it.
    prefix
        What stands before the names as dimensions.

    Examples
    --------
    >>> known_of(["Asthma", "Cancer"], {"Cancer"})
    {'Asthma': (), 'Cancer': (('Cancer', ('no', 'yes')),)}
    """
    return {name: ((_group(name, prefix), KNOWN),) if name in unknown else () for name in names}


def not_known_of(names: Iterable[str], prefix: str = "") -> dict[str, Conditions | None]:
    """As :func:`known_of`, of those of whom it is not known."""
    return {name: ((_group(name, prefix), (NOT_KNOWN,)),) for name in names}


def _group(name: str, prefix: str) -> str:
    """Dimension of being in a group, as in ``Counted.groups``."""
    return f"{prefix}: {name}" if prefix else name


def _never(model: Model, whose: dict[str, Any]) -> tuple[Conditions, ...]:
    return (*never(model), *whose.pop("never", ()))
