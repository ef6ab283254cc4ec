"""Who moved between the segments of a model, and how large they will be: counted from people's own records.

The model is put to the same records on two days. Each function takes a
:class:`pcn_analysis.population.Population` and a model and returns a table ready for
:func:`pcn_analysis.release.release` under ``hes``.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pandas as pd

from pcn_analysis import engine, rules
from pcn_analysis.dates import age_on, months_before
from pcn_analysis.exceptions import problem
from pcn_analysis.person_table import incomplete_columns, person_table, registered_people
from pcn_analysis.population import STAGES, check_index_date
from pcn_analysis.provenance import Provenance, Rate, SourcedTable
from pcn_analysis.segmentation.projection import DRAWS, SEED, project_with_limits
from pcn_analysis.segmentation.transitions import DIED, JOINED, LEFT, moves_between
from pcn_analysis.segmentation.yearly_rates import PUBLISHED, own_rates
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.words import NOT_ASSESSED, listed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population
    from pcn_analysis.rules import Model
    from pcn_analysis.segmentation.yearly_rates import YearlyRates

LONGEST = 3
"""Most years that moves are looked at over."""
SHARE = Rate("share", "patients", "segment_patients", interval=True)
STAYED = Rate("stayed_share", "stayed", "before", interval=True)
OUTCOMES = ("stayed", "moved to one of higher priority", "moved to one of lower priority", LEFT, DIED)
"""What became of the people of a segment."""
FLOWS = ("before", "stayed", "moved_out", "left", "died", "moved_in", "joined", "after")
_WINDOW = re.compile(r"_(\d+)m$")
_BY_RULES = re.compile(r"n_ltc|cms_\w+|efi_\w+|on_\w+_register")
_LONGEST_RULE = 60
"""Months of the longest window of the rules behind such columns."""
_UNDATED = ("care_home", "carer", "housebound", "imd_decile")
MODELLED = "Sizes in later years are projected from {}; the limits are 95% of drawn futures in which these hold."


def segments_at(population: Population, model: Model, on: dt.date) -> pd.DataFrame:
    """Put everyone registered on a day in their segment, from what was recorded before it.

    Parameters
    ----------
    population
        People with their records.
    model
        The segments.
    on
        The day: at most the day after the records were taken, and not before the first day that anyone was observed,
        where the records say when that was. Windows that reach back before the observation see less: whoever was ill
        only then is not in their segment yet.

    Returns
    -------
    DataFrame
        One row a person: person_id, segment.

    Raises
    ------
    PcnAnalysisError
        If the records do not reach the day, or the source describes people as at another.
    """
    check_index_date(on, population.extract_date)
    first = _first_observed(population)
    if first and on < first:
        raise problem(
            "index date",
            f"nobody was observed yet on {on}; the records begin on {first}",
            "Look back over fewer years, or deliver earlier records.",
        )
    key = f"segments of {model!r} on {on}"
    if key not in population.remembered:
        then = _as_at(population, on)
        labelled = rules.label(_people(then), model, on=on, incomplete=incomplete_columns(then))
        population.remembered[key] = engine.to_pandas(labelled.select("person_id", "segment"))
    return population.remembered[key].copy()


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
        next_segment (those not there any more ``left`` or ``died``), patients, segment_patients, share with 95%
        Wilson limits. Every combination is there, but only of segments that could be assessed.

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
    rows["segment_patients"] = rows.groupby("segment")["patients"].transform("sum")
    provenance = _with_caution(population, model, _earlier(population, years))
    counts = ("patients", "segment_patients")
    return SourcedTable(with_rates(rows, (SHARE,)), provenance, counts, (SHARE,), about=population.about)


def outcomes(population: Population, model: Model, *, years: int = 1) -> SourcedTable:
    """What became of the people of each segment some years later: who stayed, moved, left and died.

    Returns
    -------
    SourcedTable
        One row a segment and each of ``OUTCOMES``, in order: segment, outcome, patients, segment_patients (some years
        ago), share. The segments that a model puts first are of higher priority; those in none, and those whom it is
        not for, come last, so that whoever comes of age for a model moves up.

    Raises
    ------
    PcnAnalysisError
        As :func:`moves`.
    """
    found, names = _moved(population, model, years)
    place = {name: number for number, name in enumerate(names)}
    went = found[found["segment"] != JOINED]
    further = went["next_segment"].map(place) - went["segment"].map(place)
    ways = [further == 0, further < 0, further > 0, went["next_segment"] == LEFT, went["next_segment"] == DIED]
    went = went.assign(outcome=np.select(ways, OUTCOMES, default=""))
    every = pd.MultiIndex.from_product([names, OUTCOMES], names=["segment", "outcome"])
    rows = went.groupby(["segment", "outcome"])["people"].sum().reindex(every, fill_value=0)
    rows = rows.rename("patients").reset_index()
    rows["segment_patients"] = rows.groupby("segment")["patients"].transform("sum")
    provenance = _with_caution(population, model, _earlier(population, years))
    rate = replace(SHARE, interval=False)
    counts = ("patients", "segment_patients")
    return SourcedTable(with_rates(rows, (rate,)), provenance, counts, (rate,), about=population.about)


def flows(population: Population, model: Model, *, years: int = 1) -> SourcedTable:
    """How each segment came to its size: who stayed, went and came in some years to the index date.

    Returns
    -------
    SourcedTable
        One row a segment, in order: segment, and the people of ``FLOWS`` (before = stayed + moved_out + left + died;
        after = stayed + moved_in + joined), stayed_share with 95% Wilson limits.

    Raises
    ------
    PcnAnalysisError
        As :func:`moves`.
    """
    found, names = _moved(population, model, years)
    same = found["segment"] == found["next_segment"]
    came, left, died = found["segment"] == JOINED, found["next_segment"] == LEFT, found["next_segment"] == DIED
    away = ~(came | same | left | died)
    by = {
        "stayed": ("segment", same),
        "moved_out": ("segment", away),
        "left": ("segment", left & ~came),
        "died": ("segment", died & ~came),
        "moved_in": ("next_segment", away),
        "joined": ("next_segment", came),
    }
    sums = {name: found[which].groupby(column)["people"].sum() for name, (column, which) in by.items()}
    rows = pd.DataFrame(sums, index=pd.Index(names, name="segment")).fillna(0).astype("Int64").reset_index()
    rows["before"] = rows[["stayed", "moved_out", "left", "died"]].sum(axis=1)
    rows["after"] = rows[["stayed", "moved_in", "joined"]].sum(axis=1)
    provenance = _with_caution(population, model, _earlier(population, years))
    frame = with_rates(rows[["segment", *FLOWS]], (STAYED,))
    return SourcedTable(frame, provenance, FLOWS, (STAYED,), about=population.about)


def projection(
    population: Population,
    model: Model,
    *,
    years: int = 5,
    rates: YearlyRates | None = None,
    observed: int = 1,
    leaving_out: Collection[str] = (),
    draws: int = DRAWS,
    seed: int = SEED,
) -> SourcedTable:
    """How large each segment will be in the years after the index date, if a year's rates hold.

    Parameters
    ----------
    years
        How many years to project.
    rates
        Rates to project with, as :func:`pcn_analysis.segmentation.yearly_rates.published_rates`, whose segments must
        be those of the model; by default those of the people themselves.
    observed
        Years before the index date, 1 to 3, that the people's own rates are counted in, each from one index date to
        the next.
    leaving_out
        Segments whose people are not projected, as other rates have none of them.
    draws, seed
        Futures drawn for the limits, and their seed.

    Returns
    -------
    SourcedTable
        One row a year and segment, in order: year, segment, patients (expected), patients_lower, patients_upper. The
        first year is the index date, where all three are what was counted. With rates that begin at an age, only
        people of that age or older are in it.

    Raises
    ------
    PcnAnalysisError
        As :func:`moves`; and if the records hold nobody who died or left, or the rates are of other segments.
    """
    start, names = _initial(population, model)
    start = start[~start["segment"].isin(list(leaving_out))]
    if rates is None:
        _check_years(observed)
        ends = [_earlier(population, back) for back in range(observed + 1)]
        steps = [_between(population, model, since, until) for until, since in pairwise(ends)]
        rates = own_rates(steps, names)
        provenance = _with_caution(population, model, ends[-1])
        from_what = "what these people's records show"
    else:
        provenance = population.provenance.joined(Provenance((PUBLISHED,), people=False))
        from_what = f"rates published by {PUBLISHED.publisher}"
    modelled = Provenance((), people=True, modelled=MODELLED.format(from_what))
    found = project_with_limits(
        start, rates, years, first_year=population.index_date.year, draws=draws, seed=seed
    ).rename(columns={"people": "patients", "people_lower": "patients_lower", "people_upper": "patients_upper"})
    counts = ("patients", "patients_lower", "patients_upper")
    return SourcedTable(found, provenance.joined(modelled), counts, numbers=("year",), about=population.about)


def _moved(population: Population, model: Model, years: int) -> tuple[pd.DataFrame, list[str]]:
    """Moves over some years to the index date, and the segments in order."""
    _check_years(years)
    since = _earlier(population, years)
    return _between(population, model, since, population.index_date), _names(population, model)


def _between(population: Population, model: Model, since: dt.date, until: dt.date) -> pd.DataFrame:
    key = f"moves between segments of {model!r} from {since} to {until}"
    if key not in population.remembered:
        before, after = (segments_at(population, model, on) for on in (since, until))
        _check_comparable(population, model, since, until)
        population.remembered[key] = moves_between(
            before, after, population.tables["persons"], since=since, until=until
        )
    return population.remembered[key].copy()


def _initial(population: Population, model: Model) -> tuple[pd.DataFrame, list[str]]:
    """People of the index date by age and segment, and the segments in order."""
    on = population.index_date
    labelled = engine.lazy(segments_at(population, model, on))
    persons = population.tables["persons"].select("person_id", "birth_date")
    aged = labelled.join(persons, on="person_id", how="inner").with_columns(
        age=age_on(nw.col("birth_date").cast(nw.Date), on)
    )
    counted = engine.to_pandas(aged.group_by("age", "segment").agg(people=nw.len()))
    return counted, _names(population, model)


def _names(population: Population, model: Model) -> list[str]:
    """Segments that could be assessed on the index date, in order."""
    return [name for name, how in _status(population, model, population.index_date).items() if how != NOT_ASSESSED]


def _status(population: Population, model: Model, on: dt.date) -> dict[str, str]:
    return model.status(_columns(population, on), incomplete_columns(_as_at(population, on)))


def _columns(population: Population, on: dt.date) -> list[str]:
    return list(_people(_as_at(population, on)).collect_schema().names())


def _people(population: Population) -> Lazy:
    """The person table, stored or not."""
    stored = population.tables.get("person_table")
    return person_table(population, on=population.index_date) if stored is None else stored


def _as_at(population: Population, on: dt.date) -> Population:
    """The same people on another day, without the stages made for theirs."""
    if on == population.index_date:
        return population
    key = f"as at {on}"
    if key not in population.remembered:
        records = {name: table for name, table in population.tables.items() if name not in STAGES}
        population.remembered[key] = replace(population, index_date=on, tables=records)
    return population.remembered[key]


def _earlier(population: Population, years: int) -> dt.date:
    return months_before(population.index_date, 12 * years)


def _check_years(years: int) -> None:
    if not 1 <= years <= LONGEST:
        message = f"moves are looked at over 1 to {LONGEST} years"
        raise ValueError(message)


def _first_observed(population: Population) -> dt.date | None:
    """First day that anyone was observed; None where no table says."""
    periods = population.tables.get("observation_period")
    if periods is None:
        return None
    first = engine.to_pandas(periods.select(first=nw.col("start_date").min()))["first"].iloc[0]
    return None if pd.isna(first) else pd.Timestamp(first).date()


def _half_observed(population: Population, on: dt.date) -> dt.date | None:
    """Day by which half of the people registered on another were observed; None where no table says."""
    periods = population.tables.get("observation_period")
    if periods is None:
        return None
    registered = registered_people(population.tables["persons"], on=on).select("person_id")
    found = engine.to_pandas(periods.select("person_id", "start_date").join(registered, on="person_id", how="inner"))
    days = pd.to_datetime(found["start_date"]).dropna().sort_values()
    return None if days.empty else days.iloc[(len(days) - 1) // 2].date()


def _with_caution(population: Population, model: Model, since: dt.date) -> Provenance:
    """Where the people come from, and what of the first day was not seen: before the records, or without a date."""
    first, months, words = _half_observed(population, since), _longest_window(model), []
    if first is not None and months_before(since, months) < first:
        words.append(
            f"Records begin on {first} or later for half of the people: on {since}, what happened before that and "
            f"within {months} months was not seen."
        )
    read = {column for element in _elements(model) for column in rules.needed_columns(element.when)}
    if undated := [column.replace("_", " ") for column in _UNDATED if column in read]:
        words.append(f"Facts without a date ({listed(undated)}) are those of today on both days.")
    if not words:
        return population.provenance
    return population.provenance.joined(Provenance((), people=True, modelled=" ".join(words)))


def _longest_window(part: Any) -> int:
    """Months of the longest window that a model, or any part of it, looks back over."""
    if isinstance(part, tuple):
        return max((_longest_window(one) for one in part), default=0)
    if isinstance(part, str):
        if _BY_RULES.fullmatch(part):
            return _LONGEST_RULE
        return int(found[1]) if (found := _WINDOW.search(part)) else 0
    if not is_dataclass(part):
        return 0
    months = getattr(part, "months", 0)
    return max([months, *(_longest_window(getattr(part, one.name)) for one in fields(part))])


def coverage_on(population: Population, model: Model, on: dt.date) -> pd.DataFrame:
    """What could be assessed on a day, and what is missing, of each element and of whom the model is for.

    As :func:`pcn_analysis.rules.coverage`. Segments are alike only where these are: two that are assessed in part may
    lack different things.
    """
    return rules.coverage(_elements(model), _columns(population, on), incomplete_columns(_as_at(population, on)))


def _elements(model: Model) -> list[rules.Element]:
    whom = [rules.Element("whom it is for", model.whom, model.source)] if model.whom else []
    return [*(element for _, element in model.elements()), *whom]


def _check_comparable(population: Population, model: Model, since: dt.date, until: dt.date) -> None:
    """Refuse to compare two days on which the records could assess different elements: nobody moved by that alone."""
    first, second = (coverage_on(population, model, on) for on in (since, until))
    differ = first.loc[(first != second).any(axis=1), "element"].to_list()
    if differ:
        raise problem(
            f"{model.title}, {since} and {until}",
            f"the records can assess {listed(differ[:5])} on one of the two days and not, or not alike, on the other",
            "Choose two days on which the same is recorded.",
        )
