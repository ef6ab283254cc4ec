"""Who moved between the segments of a model in some years to the index date, counted from people's own records.

The model is put to the same records on two days. What the first of them cannot show is said with each table: what
happened before the records begin, and facts without a date, which are taken to have been as they are now.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pcn_analysis.dates import months_before
from pcn_analysis.provenance import Rate, SourcedTable
from pcn_analysis.rules import AtLeast, Below
from pcn_analysis.segmentation.dynamics.days import check_comparable, segments_at, with_cautions
from pcn_analysis.segmentation.dynamics.whose import (
    DOWN,
    MOVED,
    UP,
    TwoDays,
    of_everyone,
    of_flows,
    of_moves,
    of_outcomes,
)
from pcn_analysis.segmentation.dynamics.whose import STAYED as STAYED_THERE
from pcn_analysis.segmentation.labels import assessed, kinds
from pcn_analysis.segmentation.transitions import DIED, JOINED, LEFT, moves_between
from pcn_analysis.statistics.rates import with_rates

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from pcn_analysis.counted import Counted
    from pcn_analysis.population import Population
    from pcn_analysis.rules import Model

LONGEST = 3
"""Most years that moves are looked at over."""
SHARE = Rate("share", "patients", "segment_patients", interval=True)
STAYED = Rate("stayed_share", "stayed", "before", interval=True)
OUTCOMES = (STAYED_THERE, UP, DOWN, LEFT, DIED)
"""What became of the people of a segment. Where a model is not for everyone, :func:`crossing` is one more of them."""
FLOWS = ("before", "stayed", "moved_out", "left", "died", "moved_in", "joined", "crossed", "after")
EVERYONE = ("before", "stayed", "moved", "crossed", "left", "died", "joined", "after")


def moves(population: Population, model: Model, *, years: int = 1) -> SourcedTable:
    """Where the people of each segment were some years later, on the index date.

    Parameters
    ----------
    years
        1 to 3.

    Returns
    -------
    SourcedTable
        One row a segment and what followed, in the order of the model: segment (those who came are ``joined``),
        next_segment (those not there any more ``left`` or ``died``), how (``stayed``, ``moved``, ``joined``,
        ``left``, ``died``, or as :func:`crossing` says), patients, segment_patients, share with 95% Wilson limits.
        Every combination is there, but only of segments that anyone was in on one of the days. What the earlier day
        cannot show is said in columns of words: :func:`pcn_analysis.segmentation.dynamics.days.with_cautions`.

    Raises
    ------
    PcnAnalysisError
        If the records do not reach back so far, or an element of the model could be assessed on one of the days only.
    """
    found, names = _moved(population, model, years)
    pairs = [
        *((one, following) for one in names for following in (*names, LEFT, DIED)),
        *((JOINED, following) for following in names),
    ]
    every = pd.MultiIndex.from_tuples(pairs, names=["segment", "next_segment"])
    counts = found.groupby(["segment", "next_segment"])["people"].sum().reindex(every, fill_value=0)
    rows = counts.rename("patients").reset_index()
    rows.insert(2, "how", _how(rows, model))
    days = _two_days(population, model, names, years)
    return _of_segments(days, rows, SHARE, years, of_moves(days))


def outcomes(population: Population, model: Model, *, years: int = 1) -> SourcedTable:
    """What became of the people of each segment some years later: who stayed, moved, left and died.

    Returns
    -------
    SourcedTable
        One row a segment and each of ``OUTCOMES``, in order: segment, outcome, patients, segment_patients (some years
        ago), share. The segments that a model puts first are of higher priority; those in none come last. Where a
        model is not for everyone, whoever had a birthday into it or out of it did not move up or down: that is an
        outcome of its own, in the words of :func:`crossing`.

    Raises
    ------
    PcnAnalysisError
        As :func:`moves`.
    """
    found, names = _moved(population, model, years)
    place = {name: number for number, name in enumerate(names)}
    went = found[found["segment"] != JOINED].reset_index(drop=True)
    further = went["next_segment"].map(place) - went["segment"].map(place)
    words = crossing(model)
    ways = {
        words: _how(went, model).eq(words) & bool(words),
        STAYED_THERE: further == 0, UP: further < 0, DOWN: further > 0,
        LEFT: went["next_segment"] == LEFT, DIED: went["next_segment"] == DIED,
    }  # fmt: skip
    went = went.assign(outcome=np.select(list(ways.values()), list(ways), default=""))
    outcomes = [*OUTCOMES[:3], *filter(None, [words]), *OUTCOMES[3:]]
    every = pd.MultiIndex.from_product([names, outcomes], names=["segment", "outcome"])
    rows = went.groupby(["segment", "outcome"])["people"].sum().reindex(every, fill_value=0)
    rows = rows.rename("patients").reset_index()
    days = _two_days(population, model, names, years)
    return _of_segments(days, rows, replace(SHARE, interval=False), years, of_outcomes(days))


def flows(population: Population, model: Model, *, years: int = 1) -> SourcedTable:
    """How each segment came to its size: who stayed, went and came in some years to the index date.

    Returns
    -------
    SourcedTable
        One row a segment, in order: segment, kind (as in :func:`pcn_analysis.segmentation.labels.kinds`), crossing
        (:func:`crossing`), the people of ``FLOWS``, and stayed_share with 95% Wilson limits. ``crossed`` had a birthday
        into the model, or out of it: of the segment of those whom it is not for, they are among those before; of any
        other, among those after (the other way round where a model is for the young). With these, before = stayed +
        moved_out + left + died and after = stayed + moved_in + joined.

    Raises
    ------
    PcnAnalysisError
        As :func:`moves`.
    """
    found, names = _moved(population, model, years)
    how = _how(found, model)
    crossed = how == crossing(model) if model.whom else how.isna()
    by = {
        "stayed": ("segment", how == STAYED_THERE),
        "moved_out": ("segment", how == MOVED),
        "left": ("segment", how == LEFT),
        "died": ("segment", how == DIED),
        "moved_in": ("next_segment", how == MOVED),
        "joined": ("next_segment", how == JOINED),
        "crossed_out": ("segment", crossed),
        "crossed_in": ("next_segment", crossed),
    }
    sums = {name: found[which].groupby(column)["people"].sum() for name, (column, which) in by.items()}
    rows = pd.DataFrame(sums, index=pd.Index(names, name="segment")).fillna(0).astype("Int64").reset_index()
    rows["before"] = rows[["stayed", "moved_out", "left", "died", "crossed_out"]].sum(axis=1)
    rows["after"] = rows[["stayed", "moved_in", "joined", "crossed_in"]].sum(axis=1)
    rows["crossed"] = rows["crossed_out"] + rows["crossed_in"]
    rows["kind"] = rows["segment"].map(kinds(population, model)).astype("str")
    rows["crossing"] = pd.Series(crossing(model), rows.index, "str")
    rows, counted = rows[["segment", "kind", "crossing", *FLOWS]], of_flows(_two_days(population, model, names, years))
    return _sourced(population, model, rows, STAYED, years=years, counts=FLOWS, counted=counted)


def everyone(population: Population, model: Model, *, years: int = 1) -> SourcedTable:
    """What became of everyone some years later, counted once, whatever their segment.

    All but stayed, moved and crossed are the same under every model.

    Returns
    -------
    SourcedTable
        One row: crossing (:func:`crossing`; empty where the model is for everyone), and the people of ``EVERYONE``
        (before = stayed + moved + crossed + left + died; after = stayed + moved + crossed + joined), stayed_share with
        95% Wilson limits.

    Raises
    ------
    PcnAnalysisError
        As :func:`moves`.
    """
    found, segments = _moved(population, model, years)
    sums = found["people"].groupby(_how(found, model)).sum()
    words = crossing(model)
    names = {"stayed": STAYED_THERE, "moved": MOVED, "crossed": words, "left": LEFT, "died": DIED, "joined": JOINED}
    row: dict[str, Any] = {name: int(sums.get(how, 0)) if how else 0 for name, how in names.items()}
    here = row["stayed"] + row["moved"] + row["crossed"]
    row |= {"before": here + row["left"] + row["died"], "after": here + row["joined"]}
    rows = pd.DataFrame([row], columns=list(EVERYONE)).astype("Int64")
    rows.insert(0, "crossing", pd.Series([words], dtype="str"))
    counted = of_everyone(_two_days(population, model, segments, years))
    return _sourced(population, model, rows, STAYED, years=years, counts=EVERYONE, counted=counted)


def crossing(model: Model) -> str:
    """What it is called when a model begins, or ceases, to be for someone; empty where it is for everyone.

    Examples
    --------
    >>> from pcn_analysis.segmentation.models import find_model
    >>> crossing(find_model("snee")), crossing(find_model("core20plus5_children")), crossing(find_model("system_p"))
    ('turned 18', 'turned 18', '')
    """
    whom = model.whom
    if isinstance(whom, (AtLeast, Below)) and whom.column == "age":
        return f"turned {whom.value:g}"
    return "came under the model, or out of it" if whom else ""


def _how(found: pd.DataFrame, model: Model) -> pd.Series:
    """In which way each row of moves went from its segment to the next."""
    before, after = found["segment"], found["next_segment"]
    outside = [before == model.others, after == model.others]
    ways = {
        JOINED: before == JOINED, LEFT: after == LEFT, DIED: after == DIED, STAYED_THERE: before == after,
        crossing(model): (outside[0] | outside[1]) & bool(model.whom),
    }  # fmt: skip
    return pd.Series(np.select(list(ways.values()), list(ways), default=MOVED), found.index, "str")


def between(population: Population, model: Model, since: dt.date, until: dt.date) -> pd.DataFrame:
    """Count who stayed, moved, joined, left and died between two days, once for each.

    Returns
    -------
    DataFrame
        As :func:`pcn_analysis.segmentation.transitions.moves_between`.

    Raises
    ------
    PcnAnalysisError
        As :func:`moves`.
    """

    def find() -> pd.DataFrame:
        before, after = (segments_at(population, model, on) for on in (since, until))
        check_comparable(population, model, since, until)
        return moves_between(before, after, population.tables["persons"], since=since, until=until)

    return population.once(f"moves between segments of {model!r} from {since} to {until}", find).copy()


def days_back(population: Population, years: int) -> list[dt.date]:
    """The index date, and the same day of each of 1 to 3 years before it."""
    if not 1 <= years <= LONGEST:
        message = f"moves are looked at over 1 to {LONGEST} years"
        raise ValueError(message)
    return [months_before(population.index_date, 12 * back) for back in range(years + 1)]


def _moved(population: Population, model: Model, years: int) -> tuple[pd.DataFrame, list[str]]:
    """Moves over some years to the index date, and the segments in order that anyone was in on one of the days."""
    until, *_, since = days_back(population, years)
    found = between(population, model, since, until)
    anyone = {*found["segment"], *found["next_segment"]}
    return found, [name for name in assessed(population, model) if name in anyone]


def _two_days(population: Population, model: Model, names: list[str], years: int) -> TwoDays:
    """The earlier day and the index date."""
    return TwoDays(population, model, days_back(population, years)[-1], tuple(names), crossing(model))


def _of_segments(
    days: TwoDays, rows: pd.DataFrame, rate: Rate, years: int, counted: Mapping[str, Counted]
) -> SourcedTable:
    """Wrap what became of the people of each segment, with how many they were."""
    rows["segment_patients"] = rows.groupby("segment")["patients"].transform("sum")
    counts = ("patients", "segment_patients")
    return _sourced(days.population, days.model, rows, rate, years=years, counts=counts, counted=counted)


def _sourced(
    population: Population, model: Model, rows: pd.DataFrame, rate: Rate, *, years: int, **columns: Any
) -> SourcedTable:
    """Wrap counts with what the earlier day cannot show."""
    frame = with_cautions(population, model, with_rates(rows, (rate,)), days_back(population, years)[-1])
    return SourcedTable(frame, population.provenance, rates=(rate,), about=population.about, **columns)
