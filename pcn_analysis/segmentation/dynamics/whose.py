"""Whom the counts of moves count: people of two days, by their segment on each.

Everyone who is there on the later day was in a segment on the earlier day, or came since (``JOINED``). Those who left
or died are people of their own, by the segment that they had; those of the earlier day are both together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pcn_analysis.provenance import Counted
from pcn_analysis.rules import AtLeast, Below
from pcn_analysis.segmentation.counting import dimension, for_model, never, segment_means
from pcn_analysis.segmentation.transitions import DIED, JOINED, LEFT

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.counted import Conditions
    from pcn_analysis.population import Population
    from pcn_analysis.rules import Model

STAYED, MOVED = "stayed", "moved"
UP, DOWN = "moved to one of higher priority", "moved to one of lower priority"
ENDS = (LEFT, DIED)


@dataclass(frozen=True)
class TwoDays:
    """The segments of a model on two days.

    Parameters
    ----------
    population, model
        The people and the model.
    since
        The earlier day.
    names
        Names of the segments that anyone was in on one of the days, first priority first.
    crossing
        What it is called when the model begins, or ceases, to be for someone; empty where it is for everyone.
    """

    population: Population
    model: Model
    since: dt.date
    names: tuple[str, ...]
    crossing: str

    @property
    def inside(self) -> tuple[str, ...]:
        """Names without that of those whom the model is not for."""
        return tuple(name for name in self.names if not self.model.whom or name != self.model.others)

    @property
    def ways(self) -> tuple[str, ...]:
        """All ways in which people came to their segment."""
        return (JOINED, STAYED, MOVED, *filter(None, [self.crossing]))

    @property
    def before(self) -> str:
        """Dimension of the segment on the earlier day."""
        return f"{dimension(self.model)} on {self.since}"

    @property
    def how(self) -> str:
        """Dimension of the way in which people came to their segment."""
        return f"way to the {dimension(self.model)} since {self.since}"

    @property
    def end(self) -> str:
        """Dimension of what became of those who are not there any more."""
        return f"what became of people since {self.since}"

    @property
    def now(self) -> dict[str, Conditions | None]:
        """What the name of a segment stands for on the later day."""
        means = segment_means(self.population, self.model, everyone=False)
        return {name: means[name] for name in self.names}

    def there(self, *by: str, **whose: Any) -> Counted:
        """People of the later day."""
        return Counted(by=by, never=(*never(self.model), *_way_never(self)), **whose)

    def gone(self, end: str, *by: str, **whose: Any) -> Counted:
        """People who left between the days, or died."""
        unlike = ((self.before, (JOINED,)), (self.end, (LEFT, DIED)))
        return Counted(by=by, of=self.those_gone, where=((self.end, (end,)),), never=(unlike,), **whose)

    @property
    def those_gone(self) -> str:
        """What people who left or died are called."""
        return f"people who left or died since {self.since}"

    def of_both(self, before: tuple[str, ...], now: tuple[str, ...]) -> Conditions | None:
        """People by their segments on both days; None where there are none, or they are of more than one kind."""
        if not before or not now or not (set(now) <= set(self.inside) or now == (self.model.others,)):
            return None
        if now == (self.model.others,):
            return ((self.before, before), *for_model(self.model, are=False))
        return ((self.before, before), (dimension(self.model), now), *for_model(self.model))

    def but(self, name: str) -> tuple[str, ...]:
        """All other segments that the model's people can be in."""
        return tuple(one for one in self.inside if one != name)


def of_moves(days: TwoDays) -> dict[str, Counted]:
    """Whom :func:`pcn_analysis.segmentation.dynamics.moves` counts."""
    froms: dict[str, Conditions] = {name: ((days.before, (name,)),) for name in (*days.names, JOINED)}
    before, now = f"segment={days.before}", f"next_segment={dimension(days.model)}"
    ways = {"how": dict.fromkeys(days.ways, ())}  # all that there are; they follow from the segments
    to = {"segment": froms, "next_segment": days.now | dict.fromkeys(ENDS)}
    counted = days.there(before, now, f"how={days.how}", means={**to, **ways})
    for end in ENDS:
        only: dict[str, Conditions | None] = {**dict.fromkeys((*days.names, *ENDS)), end: ()}
        ended = days.gone(end, before, f"next_segment={days.end}", means={"segment": froms, "next_segment": only})
        counted = _or(counted, ended)
    return {"patients": counted, "segment_patients": _of_before(days)}


def of_outcomes(days: TwoDays) -> dict[str, Counted]:
    """Whom :func:`pcn_analysis.segmentation.dynamics.outcomes` counts."""
    rows: dict[tuple[str, str], Conditions | None] = {}
    for name in days.names:
        place = days.inside.index(name) if name in days.inside else 0
        went = {UP: days.inside[:place], DOWN: days.inside[place + 1 :]} if name in days.inside else {UP: (), DOWN: ()}
        went |= {STAYED: (name,), days.crossing: (days.model.others,) if name in days.inside else days.inside}
        rows |= {(name, outcome): days.of_both((name,), to) for outcome, to in went.items()}
        rows |= {(name, end): None for end in ENDS}
    counted = days.there(means={("segment", "outcome"): rows})
    for end in ENDS:
        ended = {(name, what): ((days.before, (name,)),) if what == end else None for name, what in rows}
        counted = _or(counted, days.gone(end, means={("segment", "outcome"): ended}))
    return {"patients": counted, "segment_patients": _of_before(days)}


def of_flows(days: TwoDays) -> dict[str, Counted]:
    """Whom :func:`pcn_analysis.segmentation.dynamics.flows` counts."""
    inside, others = days.inside, (days.model.others,)
    young = isinstance(days.model.whom, Below)
    out = {name: (days.but(name) if name in inside else ()) for name in days.names}
    rows = {
        "stayed": {name: days.of_both((name,), (name,)) for name in days.names},
        "moved_out": {name: days.of_both((name,), out[name]) for name in days.names},
        "moved_in": {name: days.of_both(out[name], (name,)) for name in days.names},
        "joined": {name: days.of_both((JOINED,), (name,)) for name in days.names},
        "crossed": dict.fromkeys(days.names),
        "after": days.now,
    }
    if isinstance(days.model.whom, AtLeast | Below):  # whom there is but one way to cross
        rows["crossed"] = {
            name: days.of_both((name,), others) if young else days.of_both(others, (name,)) for name in inside
        } | {others[0]: days.of_both(inside, others) if young else days.of_both(others, inside)}
    froms = {name: ((days.before, (name,)),) for name in days.names}
    counted = {name: days.there(means={"segment": row}) for name, row in rows.items()}
    ends = {end: days.gone(end, means={"segment": froms}) for end in ENDS}
    return {"before": _of_before(days), **counted, **ends}


def of_everyone(days: TwoDays) -> dict[str, Counted]:
    """Whom :func:`pcn_analysis.segmentation.dynamics.everyone` counts."""
    ways = {"stayed": STAYED, "moved": MOVED, "joined": JOINED}
    counted = {name: days.there(where=((days.how, (way,)),)) for name, way in ways.items()}
    for_everyone = Counted(of="people for whom the model began, or ceased, to be")
    crossed = days.there(where=((days.how, (days.crossing,)),)) if days.crossing else for_everyone
    before = days.there(where=((days.before, days.names),), also=(days.those_gone,))
    return {
        "before": before,
        "crossed": crossed,
        "after": Counted(),
        **counted,
        **{end: days.gone(end) for end in ENDS},
    }


def _of_before(days: TwoDays) -> Counted:
    """People of the earlier day by their segment; those who joined are of the later day alone."""
    those = {name: ((days.before, (name,)),) for name in days.names}
    joined = days.there(means={"segment": dict.fromkeys(days.names) | {JOINED: ((days.before, (JOINED,)),)}})
    return days.there(means={"segment": those | {JOINED: None}}, also=(days.those_gone,), otherwise=joined)


def _or(counted: Counted, otherwise: Counted) -> Counted:
    """A declaration with another for rows of which it, and those that it has for others, say nothing."""
    last = _or(counted.otherwise, otherwise) if counted.otherwise else otherwise
    return replace(counted, otherwise=last)


def _way_never(days: TwoDays) -> tuple[Conditions, ...]:
    """The way to a segment follows from the segments on both days: what nobody can be."""
    inside, ways = days.inside, days.ways[1:]
    found: list[Conditions] = [
        ((days.how, (JOINED,)), (days.before, days.names)),
        ((days.how, ways), (days.before, (JOINED,))),
    ]
    for name in inside:
        now = days.of_both((name,), (name,)) or ()
        found.append(((days.how, (MOVED,)), *now))
        found.append(((days.how, (STAYED,)), (days.before, days.but(name)), *now[1:]))
    if days.model.whom:
        others, own, not_own = (days.model.others,), for_model(days.model), for_model(days.model, are=False)
        for way, before, whose in (
            ((days.crossing,), inside, own),
            ((days.crossing,), others, not_own),
            ((STAYED, MOVED), inside, not_own),
            ((STAYED, MOVED), others, own),
            ((MOVED,), others, not_own),
        ):
            found.append(((days.how, way), (days.before, before), *whose))
    return tuple(one for one in found if all(classes for _, classes in one))
