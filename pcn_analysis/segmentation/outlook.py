"""Segments held against another model and against time: what a page shows of it, or why it cannot.

Each function takes a :class:`pcn_analysis.population.Population` and returns a table ready for
:func:`pcn_analysis.release.release` under ``hes``. Where records do not reach back far enough, or cannot say it for
another reason, its table has no rows and :func:`not_shown` says why; :mod:`pcn_analysis.segmentation.dynamics` would
refuse.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.exceptions import PcnAnalysisError, problem
from pcn_analysis.provenance import Counted, Rate, SourcedTable
from pcn_analysis.rules import ASSESSED
from pcn_analysis.segmentation import counted_pairs, counting, dynamics, whom
from pcn_analysis.segmentation.dynamics.ahead import projected
from pcn_analysis.segmentation.labels import REMAINDER, SEGMENT, kinds, labels, named, shown, status
from pcn_analysis.segmentation.models import find_model
from pcn_analysis.segmentation.yearly_rates import published_rates
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.words import listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcn_analysis.population import Population
    from pcn_analysis.rules import Model

FIRST = 2
"""How many segments of highest priority are held against each other."""
LEAST_BASE = 98
"""Of segments with fewer people, 100 once rounded, it is not shown what became of them."""
YEARS = 5
"""How many years a page projects."""
BNSSG = "bnssg"
"""The model that there are published rates of."""
MOVES, PROJECTION, PUBLISHED = "moves", "projection", "projection with published rates"
"""What may not be shown."""
INVENTED = {
    MOVES: "these people were invented to fit published counts of today, so that what they did before is no finding",
    PROJECTION: "these people were invented, and invented people have no future worth projecting",
}
"""Why people invented for a real place have neither moves nor projections."""
OF_BOTH = Rate("share", "patients", "registered")


def first_segments(population: Population, one: Model, other: Model, *, first: int = FIRST) -> SourcedTable:
    """Who is in the segments of highest priority of two models, or of one of them only.

    Parameters
    ----------
    population
        People with their person table.
    one, other
        The models.
    first
        How many segments of each.

    Returns
    -------
    SourcedTable
        Three rows: of (both, or the title of the model in whose first segments alone they are, and "only"), segments
        (their names), patients, registered (whom both models are for), share. No rows where no such segment could be
        assessed in one of them.
    """
    both = labels(population, one).merge(labels(population, other), on="person_id", suffixes=("", "_other"))
    columns = (("segment", one), ("segment_other", other))
    for column, model in columns:
        both = both[both[column] != model.others] if model.whom else both
    firsts = [_first(population, model, first) for _, model in columns]
    within = [both[column].isin(names) for (column, _), names in zip(columns, firsts, strict=True)]
    titles, words = [named(one), named(other)], [listed(names) if names else "" for names in firsts]
    rows = pd.DataFrame(
        {
            "of": ["both", *(f"{title} only" for title in titles)],
            "segments": ["; ".join(words), *words],
            "patients": [
                int((within[0] & within[1]).sum()),
                int((within[0] & ~within[1]).sum()),
                int((within[1] & ~within[0]).sum()),
            ],
            "registered": len(both),
        }
    )
    rows = rows if all(firsts) else rows.head(0)
    counted = {"patients": _of_firsts(population, (one, other), rows["of"], firsts)}
    counted["registered"] = counted_pairs.of_both(one, other)
    frame = with_rates(rows, (OF_BOTH,))
    return population.sourced(frame, counts=tuple(counted), rates=(OF_BOTH,), counted=counted)


def _of_firsts(population: Population, models: tuple[Model, Model], of: pd.Series, firsts: list[list[str]]) -> Counted:
    """People of the first segments of both models, of the first alone, and of the other alone."""
    rest = [
        [name for name in whom.names(population, model) if name not in first]
        for model, first in zip(models, firsts, strict=True)
    ]
    pairs = zip(of, ((firsts[0], firsts[1]), (firsts[0], rest[1]), (rest[0], firsts[1])), strict=False)
    means = {
        row: tuple((counting.dimension(model), tuple(names)) for model, names in zip(models, both, strict=True))
        for row, both in pairs
    }
    return replace(counted_pairs.of_both(*models), means={"of": means})


def _first(population: Population, model: Model, first: int) -> list[str]:
    """Names of the first segments that could be assessed."""
    kind = kinds(population, model)
    return [name for name in shown(population, model) if kind[name] == SEGMENT][:first]


def everyone(population: Population, model: Model, *, years: int = 1) -> SourcedTable:
    """As :func:`pcn_analysis.segmentation.dynamics.everyone`."""
    return _tried(population, model, lambda: dynamics.everyone(population, model, years=years), MOVES)[0]


def outcomes(population: Population, model: Model, *, years: int = 1) -> SourcedTable:
    """As :func:`pcn_analysis.segmentation.dynamics.outcomes`, of segments of enough people (:data:`LEAST_BASE`)."""
    made, _ = _tried(population, model, lambda: dynamics.outcomes(population, model, years=years), MOVES)
    return _of_enough(made, "segment_patients", ["patients"])


def moves(population: Population, model: Model, *, years: int = 1) -> SourcedTable:
    """As :func:`pcn_analysis.segmentation.dynamics.moves`, of segments of enough people (:data:`LEAST_BASE`)."""
    made, _ = _tried(population, model, lambda: dynamics.moves(population, model, years=years), MOVES)
    return _of_enough(made, "segment_patients", ["patients"])


def flows(population: Population, model: Model, *, years: int = 1) -> SourcedTable:
    """As :func:`pcn_analysis.segmentation.dynamics.flows`, of segments of enough people (:data:`LEAST_BASE`)."""
    made, _ = _tried(population, model, lambda: dynamics.flows(population, model, years=years), MOVES)
    return _of_enough(made, "before", [name for name in dynamics.FLOWS if name not in ("before", "after")])


def flow_columns(model: Model) -> dict[str, str]:
    """Columns of :func:`flows` with their headings, as a page shows them."""
    crossing = dynamics.crossing(model)
    return {
        "segment": "Segment", "before": "Before", "moved_in": "Moved in", "joined": "Born or joined",
        **({"crossed": crossing.capitalize()} if crossing else {}),
        "moved_out": "Moved out", "left": "Left", "died": "Died", "after": "After",
    }  # fmt: skip


def _of_enough(table: SourcedTable, base: str, parts: list[str]) -> SourcedTable:
    """Leave out what became of the people of segments with few: one part could be worked out from the others."""
    if table.frame.empty:
        return table
    few = table.frame[base].lt(LEAST_BASE) & table.frame[base].gt(0)
    frame = table.frame.assign(**{name: table.frame[name].astype("Int64").mask(few) for name in parts})
    return replace(table, frame=with_rates(frame, table.rates))


def projection(population: Population, model: Model, *, years: int = YEARS) -> SourcedTable:
    """As :func:`pcn_analysis.segmentation.dynamics.projection`, by the people's own rates of the last year."""
    return _own(population, model, years)[0]


def published_projection(population: Population, *, years: int = YEARS) -> SourcedTable:
    """How large BNSSG's core segments will be, if the rates that it published hold here.

    Returns
    -------
    SourcedTable
        As :func:`pcn_analysis.segmentation.dynamics.projection`, the first core segment first, and not_placed: people
        of 17 or over whose score is not known, who are not projected. The limits are of chance alone.
    """
    return _published(population, years)[0]


def both_projections(population: Population, model: Model, *, years: int = YEARS) -> SourcedTable:
    """The last year of both projections of BNSSG's core segments, next to each other.

    Returns
    -------
    SourcedTable
        One row a core segment, in the order of the model: segment, year (a word), now, own, own_lower, own_upper,
        published, published_lower, published_upper. No rows for another model, or where either is not shown.
    """
    own, published = projection(population, model, years=years), published_projection(population, years=years)
    limits = ("", "_lower", "_upper")
    columns = [f"{whose}{limit}" for whose in ("own", "published") for limit in limits]
    if model.segments != find_model(BNSSG).segments or own.frame.empty or published.frame.empty:
        return population.sourced(pd.DataFrame())
    last = [made.frame[made.frame["year"] == made.frame["year"].iloc[-1]] for made in (own, published)]
    each = [
        frame.rename(columns={f"patients{limit}": f"{whose}{limit}" for limit in limits})
        for frame, whose in zip(last, ("own", "published"), strict=True)
    ]
    now = own.frame.loc[own.frame["year"] == own.frame["year"].iloc[0], ["segment", "patients"]]
    both = each[0].merge(each[1], on="segment", suffixes=("", "_again")).merge(now, on="segment")
    rows = both.rename(columns={"patients": "now"})[["segment", "year", "now", *columns]]
    provenance = own.provenance.joined(published.provenance)
    counted = {"now": counting.by_segment(population, model)}
    for whose, limit in ((whose, limit) for whose in ("own", "published") for limit in limits):
        of = projected(whose == "own", limit)
        counted[f"{whose}{limit}"] = counting.by_segment(population, model, "year", of=of)
    return SourcedTable(rows, provenance, tuple(counted), numbers=("year",), about=population.about, counted=counted)


def not_shown(population: Population, model: Model, *, years: int = 1) -> SourcedTable:
    """Why moves or projections cannot be shown.

    Returns
    -------
    SourcedTable
        One row for each of ``MOVES``, ``PROJECTION`` and ``PUBLISHED`` that is not shown: what, why. Words only.
    """
    reasons = {
        MOVES: _tried(population, model, lambda: dynamics.flows(population, model, years=years), MOVES)[1],
        PROJECTION: _own(population, model, YEARS)[1],
        PUBLISHED: _published(population, YEARS)[1],
    }
    rows = [(what, why) for what, why in reasons.items() if why]
    return population.sourced(pd.DataFrame(rows, columns=["what", "why"], dtype="str"))


def _own(population: Population, model: Model, years: int) -> tuple[SourcedTable, str]:
    return population.once(
        f"projection of {model!r} over {years} years",
        lambda: _tried(population, model, lambda: dynamics.projection(population, model, years=years), PROJECTION),
    )


def _published(population: Population, years: int) -> tuple[SourcedTable, str]:
    bnssg = find_model(BNSSG)
    return population.once(
        f"projection with published rates over {years} years",
        lambda: _tried(population, bnssg, lambda: _by_published_rates(population, bnssg, years), PROJECTION),
    )


def _by_published_rates(population: Population, model: Model, years: int) -> SourcedTable:
    found = status(population, model)
    unknown = next(name for name, kind in kinds(population, model).items() if kind == REMAINDER)
    if found[unknown] != ASSESSED:
        lowest = model.ordered()[-1].name
        what = f"{lowest} is of those only of whom every condition of the score could be assessed, and some could not"
        raise problem(model.title, what, "Bring codelists for all of them.")
    rates = published_rates([segment.name for segment in reversed(model.ordered())])
    left_out = (unknown, model.others)
    made = dynamics.projection(population, model, years=years, rates=rates, leaving_out=left_out)
    not_placed = int((labels(population, model)["segment"] == unknown).sum())
    where = counting.segment_means(population, model)[unknown] or ()
    counted = {**made.counted, "not_placed": Counted(where=where, never=counting.never(model))}
    return replace(made, frame=made.frame.assign(not_placed=not_placed), counts=tuple(counted), counted=counted)


def _tried(
    population: Population, model: Model, make: Callable[[], SourcedTable], what: str
) -> tuple[SourcedTable, str]:
    """A table; or one without rows, and why."""
    if population.provenance.synthetic and not population.place.provenance.synthetic:
        return population.sourced(pd.DataFrame()), INVENTED[what]
    if not shown(population, model):
        return population.sourced(pd.DataFrame()), "no segment of the model could be assessed"
    try:
        return make(), ""
    except PcnAnalysisError as error:
        return population.sourced(pd.DataFrame()), "; ".join(one.what for one in error.problems)
