"""What time alone does: who is still on next month's list, and how those admitted often are admitted less often."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from pcn_analysis import engine
from pcn_analysis.anticipatory.whom import YES
from pcn_analysis.counted import Counted
from pcn_analysis.dates import months_before
from pcn_analysis.exceptions import PcnAnalysisError, Problem, problem
from pcn_analysis.person_table import registered_people
from pcn_analysis.provenance import Rate, SourcedTable
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.thresholds import SMALLEST_SHOWN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pcn_analysis.counted import Conditions
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import About, Provenance

STILL = Rate("share", "still", "listed", interval=True)
BEFORE = Rate("each_year_before", "admissions_before", "years_before")
AFTER = Rate("each_year_after", "admissions_after", "years_after")
COUNTS = (
    "people", "died_or_left", "years_before", "admissions_before", "years_after", "admissions_after", "admitted_after",
)  # fmt: skip
LISTED = "people of lists of the highest risks"
OFTEN = 2
"""Emergency admissions in a year from which someone is said to be admitted often."""
MONTHS = 12
_DAYS = 365.25


def persistence(lists: Mapping[dt.date, Collection[str]]) -> pd.DataFrame:
    """How many of those on one month's list are still on each later one.

    Parameters
    ----------
    lists
        Identifiers of the people on each list, by its date. Who died or left since is on no later list.

    Returns
    -------
    DataFrame
        One row a list and later list, in order: month and later_month (``2026-07``), months_later, listed (on the
        first), still (on both), share with 95% Wilson limits; null for a list of nobody.

    Raises
    ------
    PcnAnalysisError
        If there are fewer than two lists, two of one month, or a list with someone twice.

    Examples
    --------
    >>> import datetime as dt
    >>> kept = persistence({dt.date(2026, 7, 1): ["a", "b"], dt.date(2026, 8, 1): ["b", "c"]})
    >>> kept[["months_later", "listed", "still"]].to_numpy().tolist()
    [[1, 2, 1]]
    """
    months = [f"{day:%Y-%m}" for day in sorted(lists)]
    if problems := [*_wrong_lists(lists, months)]:
        raise PcnAnalysisError(*problems)
    ordered = [(day, set(lists[day])) for day in sorted(lists)]
    rows = [
        {
            "month": f"{day:%Y-%m}",
            "later_month": f"{later:%Y-%m}",
            "months_later": (later.year - day.year) * 12 + later.month - day.month,
            "listed": len(people),
            "still": len(people & others),
        }
        for place, (day, people) in enumerate(ordered)
        for later, others in ordered[place + 1 :]
    ]
    return with_rates(pd.DataFrame(rows), (STILL,))


def persistence_table(
    lists: Mapping[dt.date, Collection[str]], provenance: Provenance, about: About | None = None, of: str = LISTED
) -> SourcedTable:
    """:func:`persistence`, ready for release; ``of`` says who is on these lists, where there are other lists."""
    found = persistence(lists)
    on_list = {f"{day:%Y-%m}": ((f"on the list of {day}", YES),) for day in lists}
    counted = {
        "listed": Counted(of=of, means={"month": on_list}),
        "still": Counted(of=of, means={"month": on_list, "later_month": on_list}),
    }
    return SourcedTable(found, provenance, ("listed", "still"), (STILL,), ("months_later",), about, counted=counted)


def regression_to_the_mean(
    encounters: Any, people: Any, *, on: dt.date, until: dt.date | None = None, often: int = OFTEN
) -> pd.DataFrame:
    """Emergency admissions in the year before and after a date, of those admitted often before it and of everyone.

    Nothing was done for the first because they were admitted often, and yet they are admitted less often after it: a
    year that someone is chosen for is likely to have been a bad one for them. As much as that is no effect of whatever
    is done for them.

    Parameters
    ----------
    encounters
        ``tables.ENCOUNTERS``; emergency admissions that were attended are counted, by their first day.
    people
        ``tables.PERSONS``; everyone registered and alive on the date is in. Who dies or leaves in the year after is
        kept, with the time until then; time before a registration that is known is not counted, nor its admissions.
    on
        The date.
    until
        The first day of which the records no longer tell, if that is known.
    often
        Admissions in the year before, from which someone was admitted often.

    Returns
    -------
    DataFrame
        Two rows, those admitted often and everyone: group, people, died_or_left (in the year after), years_before
        (of registered time), admissions_before, years_after, admissions_after, admitted_after (people),
        each_year_before and each_year_after (admissions for each year of registered time; null without any).

    Raises
    ------
    PcnAnalysisError
        If the records end before the year after the date does, or if for a quarter of either year they hold no
        emergency admission of anyone: such a quarter is taken to be not covered.
    """
    start, end = months_before(on, MONTHS), months_before(on, -MONTHS)
    known = registered_people(engine.lazy(people), on=on)
    known = known.select("person_id", "registration_start_date", "registration_end_date", "death_date")
    persons = engine.to_pandas(known)
    date = nw.col("visit_start_date").cast(nw.Date)
    admitted = engine.lazy(encounters).filter(
        nw.col("visit_type") == "emergency_admission", nw.col("attended"), date >= start, date < end
    )
    stays = engine.to_pandas(admitted.select("person_id", "visit_start_date"))
    _check_covered(pd.to_datetime(stays["visit_start_date"]), on, until)
    each = _each_person(persons, stays, pd.Timestamp(start), pd.Timestamp(on), pd.Timestamp(end))
    groups = {f"{often} or more in the year before": each[each["admissions_before"] >= often], "everyone": each}
    sums = [_sums(part) | {"group": name} for name, part in groups.items()]
    rows = pd.DataFrame(sums)[["group", *COUNTS]].astype({"group": "str"})
    return with_rates(rows, (BEFORE, AFTER))


def regression_table(population: Population, *, on: dt.date, often: int = OFTEN) -> SourcedTable:
    """:func:`regression_to_the_mean` of a population, ready for release.

    How many admissions one to seven people had is null, as is how long so few people were registered.
    """
    tables = population.tables
    if "encounters" not in tables:
        raise problem("encounters", "there are no records of contacts", "Deliver hospital admissions.")
    until = population.extract_date + dt.timedelta(days=1)
    rows = regression_to_the_mean(tables["encounters"], tables["persons"], on=on, until=until, often=often)
    few = rows["people"].between(1, SMALLEST_SHOWN - 1)
    few_after = few | rows["admitted_after"].between(1, SMALLEST_SHOWN - 1)
    for column, hidden in (
        ("years_before", few), ("admissions_before", few), ("years_after", few), ("admissions_after", few_after),
    ):  # fmt: skip
        rows[column] = rows[column].astype("Float64").mask(hidden)
    rates = (BEFORE, AFTER)
    return population.sourced(with_rates(rows, rates), counts=COUNTS, rates=rates, counted=_of_people(rows, on))


def _of_people(rows: pd.DataFrame, on: dt.date) -> dict[str, Counted]:
    """Whom each column counts, and admissions and years of whom; what is null is held against nothing."""
    group: dict[str, Conditions] = {}
    group |= {name: ((f"emergency admissions in the year before {on}", (name,)),) for name in rows["group"][:-1]}
    group[rows["group"].iloc[-1]] = ()
    known = {column: rows["group"][rows[column].notna()].to_list() for column in COUNTS}
    means = {column: {name: one if name in known[column] else None for name, one in group.items()} for column in COUNTS}
    people, after = f"people of {on}", f"in the year after {on}"
    of = dict.fromkeys(("people", "died_or_left", "admitted_after"), people)
    of |= {column: f"{column.replace('_', ' ')}, {people}" for column in COUNTS if column not in of}
    where = {"died_or_left": ((f"died or left {after}", YES),), "admitted_after": ((f"admitted {after}", YES),)}
    return {
        column: Counted(of=of[column], where=where.get(column, ()), means={"group": means[column]}) for column in COUNTS
    }


def _each_person(
    persons: pd.DataFrame, stays: pd.DataFrame, start: pd.Timestamp, on: pd.Timestamp, end: pd.Timestamp
) -> pd.DataFrame:
    """One row a person: admissions and years of registered time before and after, and whether they died or left."""
    since = pd.to_datetime(persons["registration_start_date"]).clip(lower=start).fillna(start)
    gone = pd.to_datetime(persons["registration_end_date"]).fillna(end)
    died = (pd.to_datetime(persons["death_date"]) + pd.Timedelta(days=1)).fillna(end)
    last = pd.concat([gone, died], axis=1).min(axis=1).clip(upper=end)
    each = persons[["person_id"]].assign(since=since, last=last, died_or_left=last < end)
    each = each.assign(years_before=(on - since).dt.days / _DAYS, years_after=(last - on).dt.days / _DAYS)
    seen = stays.assign(day=pd.to_datetime(stays["visit_start_date"])).merge(each, on="person_id")
    seen = seen[(seen["day"] >= seen["since"]) & (seen["day"] < seen["last"])]
    before = seen[seen["day"] < on].groupby("person_id").size()
    after = seen[seen["day"] >= on].groupby("person_id").size()
    counted = {name: each["person_id"].map(one).fillna(0).astype(int) for name, one in
               (("admissions_before", before), ("admissions_after", after))}  # fmt: skip
    return each.assign(**counted)


def _sums(each: pd.DataFrame) -> dict[str, float]:
    sums = each[["died_or_left", "years_before", "admissions_before", "years_after", "admissions_after"]].sum()
    return {**sums.to_dict(), "people": len(each), "admitted_after": int((each["admissions_after"] > 0).sum())}


def _check_covered(days: pd.Series, on: dt.date, until: dt.date | None) -> None:
    """Raise unless the records cover the year before and the year after a date."""
    quarters = [months_before(on, months) for months in range(MONTHS, -MONTHS - 1, -3)]
    seen = pd.cut(days, pd.to_datetime(quarters), right=False).value_counts(sort=False)
    empty, problems = int((seen == 0).sum()), []
    where = "encounters"
    if until is not None and until < quarters[-1]:
        what = f"the year after {on} ends on {quarters[-1]}, and the records before"
        problems.append(Problem(where, what, "Choose an earlier date."))
    if empty:
        what = f"no emergency admission of anyone is recorded in {empty} of the {len(seen)} quarters about {on}"
        problems.append(Problem(where, what, "Choose a date with a year of records before and after it."))
    if problems:
        raise PcnAnalysisError(*problems)


def _wrong_lists(lists: Mapping[dt.date, Collection[str]], months: list[str]) -> Iterator[Problem]:
    if len(lists) < 2:  # noqa: PLR2004
        yield Problem("lists", f"there are {len(lists)}", "Give the lists of two months or more.")
    if twice := len(months) - len(set(months)):
        yield Problem("lists", f"{twice} are of a month that another is of", "Give one list a month.")
    if repeated := sum(len(set(people)) < len(people) for people in lists.values()):
        yield Problem("lists", f"{repeated} of {len(lists)} hold someone twice", "Put everyone on a list once.")
