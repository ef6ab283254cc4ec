"""The same people and model on an earlier day: who was in which segment, and what the records cannot show of it.

The records are read as they were before the day; what came later is not known yet. Facts that have no date are those
of today on any day.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from pcn_analysis import engine, rules
from pcn_analysis.dates import months_before
from pcn_analysis.exceptions import problem
from pcn_analysis.person_table import incomplete_columns, person_table, registered_people, table_of
from pcn_analysis.population import STAGES, check_index_date
from pcn_analysis.segmentation.labels import labels
from pcn_analysis.words import listed, number

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.population import Population
    from pcn_analysis.rules import Model

UNDATED = {
    "care_home": "living in a care home",
    "carer": "being a carer",
    "housebound": "being housebound",
    "imd_decile": "deprivation of the area",
}
"""Facts of a person that no table dates, by column."""
SINCE, UNCHANGED = "since", "taken_as_unchanged"
"""Columns of the earlier of two days, and of such facts, where a count of both days rests on them."""
RECORDS_BEGIN, LOOKS_BACK = "records_begin", "looks_back"
"""Columns of what was not seen on the earlier day: when records begin, and how far a model looks back."""
_WINDOW = re.compile(r"_(\d+)m$")
_BY_RULES = re.compile(r"n_ltc|cms_\w+|efi_\w+|on_\w+_register")
_LONGEST_RULE = 60
"""Months of the longest window of the rules behind such columns."""


def as_at(population: Population, on: dt.date) -> Population:
    """The same people on another day, with the person table of that day; they are made once."""
    if on == population.index_date:
        return population

    def make() -> Population:
        records = {name: table for name, table in population.tables.items() if name not in STAGES}
        then = replace(population, index_date=on, tables=records)
        then.tables["person_table"] = person_table(then, on=on)
        return then

    return population.once(f"as at {on}", make)


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
            f"nobody was observed yet on {written(on)}; the records begin on {written(first)}",
            "Look back over fewer years, or deliver earlier records.",
        )
    return labels(as_at(population, on), model)


def coverage_on(population: Population, model: Model, on: dt.date) -> pd.DataFrame:
    """What could be assessed on a day, and what is missing, of each element and of whom the model is for.

    As :func:`pcn_analysis.rules.coverage`. Segments are alike only where these are: two that are assessed in part may
    lack different things.
    """
    then = as_at(population, on)
    return rules.coverage(_elements(model), table_of(then).collect_schema().names(), incomplete_columns(then))


def check_comparable(population: Population, model: Model, since: dt.date, until: dt.date) -> None:
    """Refuse to compare two days on which the records could assess different elements: nobody moved by that alone.

    Raises
    ------
    PcnAnalysisError
        With the first of these elements.
    """
    first, second = (coverage_on(population, model, on) for on in (since, until))
    differ = first.loc[(first != second).any(axis=1), "element"].to_list()
    if differ:
        raise problem(
            f"{model.title}, {written(since)} and {written(until)}",
            f"the records can assess {listed(differ[:5])} on one of the two days and not, or not alike, on the other",
            "Choose two days on which the same is recorded.",
        )


def with_cautions(population: Population, model: Model, frame: pd.DataFrame, since: dt.date) -> pd.DataFrame:
    """Say in columns of words what a count of two days rests on, of which the first is given.

    Nothing of it is estimated. :data:`SINCE` is the day. :data:`UNCHANGED` names the facts without a date that the
    model reads: it is taken for granted that they held on that day too. :data:`RECORDS_BEGIN` and :data:`LOOKS_BACK`
    are there where the model looks further back from the day than the records of half of the people. A column of which
    nothing is to be said is absent.
    """
    read = {column for element in _elements(model) for column in rules.needed_columns(element.when)}
    facts = [words for column, words in UNDATED.items() if column in read]
    said = {SINCE: written(since)} | ({UNCHANGED: listed(facts)} if facts else {})
    first, months = _half_observed(population, since), _longest_window(model)
    if first is not None and months_before(since, months) < first:
        back = number(months, "month") if months % 12 else number(months // 12, "year")
        said |= {RECORDS_BEGIN: written(first), LOOKS_BACK: back}
    return frame.assign(**{name: pd.Series(words, frame.index, "str") for name, words in said.items()})


def written(day: dt.date) -> str:
    """A day as a sentence has it.

    Examples
    --------
    >>> import datetime as dt
    >>> written(dt.date(2025, 7, 1))
    '1 July 2025'
    """
    return f"{day.day} {day:%B %Y}"


def _elements(model: Model) -> list[rules.Element]:
    """Every element of a model, and whom it is for."""
    whom = [rules.Element("whom it is for", model.whom, model.source)] if model.whom else []
    return [*(element for _, element in model.elements()), *whom]


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
    observed = periods.select("person_id", "start_date").join(registered, on="person_id", how="inner")

    def find() -> dt.date | None:
        days = pd.to_datetime(engine.to_pandas(observed)["start_date"]).dropna().sort_values()
        return None if days.empty else days.iloc[(len(days) - 1) // 2].date()

    return population.once(f"half observed, registered on {on}", find)


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
