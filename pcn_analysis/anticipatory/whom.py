"""Whom a cohort and its steps count, in dimensions that other tables have as well (:mod:`pcn_analysis.counted`).

A step that asks for an age is some classes of ``age_group``; one that asks for a band of frailty is tied to
``frailty``. All but ages are classes of one dimension of their cohort: the last step that somebody meets, in order, so
that nobody meets a step without those before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pcn_analysis.anticipatory.eligibility import held_columns
from pcn_analysis.codes import AGE_GROUPS
from pcn_analysis.counted import Counted
from pcn_analysis.person_table import table_of
from pcn_analysis.rules import NOT_ASSESSED, AtLeast, Not, OneOf, Several, assessment
from pcn_analysis.tables import FRAILTY_BANDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pcn_analysis.anticipatory.cohorts import Cohort
    from pcn_analysis.counted import Conditions
    from pcn_analysis.population import Population
    from pcn_analysis.rules import Criterion, Element

YES, NO = ("yes",), ("no",)
ADULT = 18
AGE, FRAILTY, PRACTICE = "age_group", "frailty", "practice"
"""Dimensions that other tables have as well."""
OTHER = "(other)"
"""Class of those who are in none of the classes that are named: who meets no step, or has no score."""
FRAILTIES = (*FRAILTY_BANDS, OTHER)
NULL: dict[Any, Any] = {"status": {NOT_ASSESSED: None}}
"""What a count means in the rows of what was not assessed, where it is null: nobody."""
_FIRST = {group: int(group.split("-")[0].removesuffix("+")) for group in AGE_GROUPS}
_END = dict(zip(_FIRST, [*list(_FIRST.values())[1:], float("inf")], strict=True))


@dataclass(frozen=True)
class Whom:
    """Whom the steps of a cohort leave.

    Parameters
    ----------
    asked
        What is true of those who meet each step; nothing where it could not be assessed.
    others
        What is true of those whom it takes out.
    never
        What nobody can be at once.
    """

    asked: tuple[Conditions, ...]
    others: tuple[Conditions, ...]
    never: tuple[Conditions, ...]

    def after(self, steps: int) -> Conditions:
        """Conditions of those who remain after so many steps."""
        return tuple(one for asked in self.asked[:steps] for one in asked)

    def taken_out(self, step: int) -> Conditions:
        """Conditions of those whom a step takes out; steps are counted from 0."""
        return (*self.after(step), *self.others[step])

    @property
    def cohort(self) -> Conditions:
        """Conditions of those in the cohort."""
        return self.after(len(self.asked))

    def counted(self, *conditions: tuple[str, tuple[str, ...]], **kinds: Any) -> Counted:
        """People of the cohort under further conditions; kinds as in :class:`pcn_analysis.counted.Counted`."""
        return Counted(where=(*self.cohort, *conditions), never=self.never, **kinds)

    def by_step(self, names: Sequence[str]) -> dict[str, Counted]:
        """Columns of a table with a row a step: patients, before, taken_out and not_known.

        Of a step with the status "not assessed" only patients is there.
        """
        lacking = {name: ((f"not recorded: {name}", YES),) for name in names}
        means = {
            "patients": {name: self.after(place) for place, name in enumerate(names, start=1)},
            "before": {name: self.after(place) for place, name in enumerate(names)},
            "taken_out": {name: self.taken_out(place) for place, name in enumerate(names)},
            "not_known": {name: (*self.after(place), *lacking[name]) for place, name in enumerate(names)},
        }
        status = {"patients": {}} | dict.fromkeys(("before", "taken_out", "not_known"), NULL)
        return {
            column: Counted(means={"step": steps} | status[column], never=self.never) for column, steps in means.items()
        }


def whom(population: Population, cohort: Cohort) -> Whom:
    """Whom each step of a cohort leaves, of the people of a network."""
    held = held_columns(table_of(population), cohort.steps)
    assessed = [one.criterion and assessment(one.criterion, held)[0] != NOT_ASSESSED for one in cohort.steps]
    steps = [(one.name, one.criterion if known else None) for one, known in zip(cohort.steps, assessed, strict=True)]
    return of_steps(named(cohort), steps)


def named(cohort: Cohort) -> str:
    """A cohort by its title; one of a file of one's own by its content as well, which may change."""
    return f"{cohort.title} ({cohort.sha256[:8]})" if cohort.file else cohort.title


def of_steps(cohort: str, steps: Collection[tuple[str, Criterion | None]]) -> Whom:
    """Whom steps leave, each by its name and what it asks; one that asks nothing takes nobody out.

    Examples
    --------
    >>> from pcn_analysis.rules import Holds
    >>> found = of_steps("Carers", [("Registered", None), ("Over 64", AtLeast("age", 65)), ("Carer", Holds("carer"))])
    >>> found.cohort
    (('age_group', ('65-74', '75-84', '85+')), ('steps of Carers', ('Carer',)))
    >>> found.taken_out(2)
    (('age_group', ('65-74', '75-84', '85+')), ('steps of Carers', ('(other)',)))
    """
    dimension = f"steps of {cohort}"
    classes = (OTHER, *(name for name, asks in steps if asks is not None and _age(asks) is None))
    met: list[tuple[Conditions, Conditions]] = []
    never: list[Conditions] = []
    for name, asks in steps:
        if asks is None:
            met.append(((), ()))
        elif (years := _age(asks)) is not None:
            met.append((aged(years), aged(years, younger=True)))
            never += never_aged(years)
        else:
            place = classes.index(name)
            met.append((((dimension, classes[place:]),), ((dimension, classes[:place]),)))
            if bands := _bands(asks):
                others = tuple(band for band in FRAILTIES if band not in bands)
                never.append(((dimension, classes[place:]), (FRAILTY, others)))
                never.append(((dimension, (classes[place - 1],)), (FRAILTY, bands)))
    return Whom(tuple(one for one, _ in met), tuple(other for _, other in met), tuple(never))


def aged(years: float, *, younger: bool = False) -> Conditions:
    """People of an age or more, or those who are younger: classes of ``age_group`` where it is the first of one.

    Examples
    --------
    >>> aged(75), aged(18), aged(0)
    ((('age_group', ('75-84', '85+')),), (('adult', ('yes',)),), ())
    """
    if years <= 0:
        return ((AGE, ()),) if younger else ()
    if years in _FIRST.values():
        return ((AGE, tuple(group for group, first in _FIRST.items() if (first < years) == younger)),)
    return ((_of_age(years), NO if younger else YES),)


def never_aged(years: float) -> tuple[Conditions, ...]:
    """What ties an age that is the first of no class of ``age_group`` to those classes."""
    if years <= 0 or years in _FIRST.values():
        return ()
    young = tuple(group for group in _FIRST if _END[group] <= years)
    old = tuple(group for group, first in _FIRST.items() if first >= years)
    tied = [((_of_age(years), one), (AGE, groups)) for one, groups in ((YES, young), (NO, old)) if groups]
    if years != ADULT:
        tied.append(((_of_age(min(years, ADULT)), NO), (_of_age(max(years, ADULT)), YES)))
    return tuple(tied)


def _of_age(years: float) -> str:
    return "adult" if years == ADULT else f"{years:g} or over"


def each(dimension: str, classes: Iterable[str]) -> dict[str, Conditions]:
    """The classes of a dimension as they are, where a table shows some of them."""
    return {one: ((dimension, (one,)),) for one in classes}


def means_of(elements: Collection[Element]) -> dict[str, Conditions]:
    """Those of some elements that are bands of frailty, by their name."""
    return {one.name: ((FRAILTY, bands),) for one in elements if (bands := _bands(one.when))}


def _age(asks: Criterion) -> float | None:
    """The age from which a criterion is met; None where it asks for anything else."""
    return asks.value if isinstance(asks, AtLeast) and asks.column == "age" else None


def _bands(asks: Criterion) -> tuple[str, ...]:
    """The classes of ``frailty`` that meet a criterion; none where it asks for anything else."""
    match asks:
        case OneOf("efi_category", values):
            return tuple(band for band in FRAILTIES if band in values)
        case Not(inner):
            found = _bands(inner)
            return tuple(band for band in FRAILTIES if band not in found) if found else ()
        case Several(criteria, 1):
            each = [_bands(one) for one in criteria]
            return tuple(band for band in FRAILTIES if all(each) and any(band in one for one in each))
    return ()
