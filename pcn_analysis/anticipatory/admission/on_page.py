"""The admission model of a place as a page shows it: the one that is stored, or why there is none.

Nothing here is refused. Where no model can be shown its tables are empty, and :func:`absent` says why; what needs no
model is shown without.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

import narwhals as nw
import pandas as pd

from pcn_analysis.anticipatory.admission.card import LIMITS, NOT_FOR
from pcn_analysis.anticipatory.admission.card_tables import GROUPS, figure
from pcn_analysis.anticipatory.admission.features import matrix, people_at
from pcn_analysis.anticipatory.admission.fitted import PRACTICES, YEAR
from pcn_analysis.anticipatory.admission.keeping import load_admission
from pcn_analysis.anticipatory.admission.models import BASELINES
from pcn_analysis.anticipatory.admission.validation import CEILING
from pcn_analysis.anticipatory.evaluation import for_release, persistence_table, regression_table
from pcn_analysis.dates import months_before
from pcn_analysis.engine import to_pandas
from pcn_analysis.exceptions import PcnAnalysisError, problem
from pcn_analysis.settings import load_settings
from pcn_analysis.words import NOT_SHOWN, percent

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from pcn_analysis.anticipatory.admission.fitted import AdmissionModel
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable

MODEL, FIT, TIME, LISTS = "model", "fit", "admissions in time", "lists in time"
"""What a page may have to go without: a stored model, any chance of one, and what needs none."""
NO_ADMISSIONS = "these records hold no emergency admission of anyone"
UNKNOWN_STAYS = " (a stay in hospital of which they do not say whether it was planned counts as none)"
TOP = 0.05
"""The share of adults who are on a list of the highest risks."""
MONTHS_BEFORE = (6, 5, 3, 0)
"""Months before the index date of which lists are made: the first, and those that it is held against."""
RIVALS = 2
"""How many of the simplest models net benefit is shown of, beside the one that is used."""
SURVIVORS = (
    "Nobody in these records died or left, so that those who did before are missing: performance is too good, and "
    "risks of the frail are too low. Do not use this model."
)

T = TypeVar("T")


@dataclass(frozen=True)
class OnPage:
    """What a page has to show of the admission model of a place, and what of it there is not.

    Parameters
    ----------
    population
        The people of one network of the place.
    fitted
        The model; None where none is stored or it cannot be used.
    in_time, lists
        Admissions of these people before and after a day, and who stays on a list of theirs; None where not known.
    why
        Why something is not there, by what it is.
    """

    population: Population
    fitted: AdmissionModel | None = None
    in_time: SourcedTable | None = None
    lists: SourcedTable | None = None
    why: dict[str, str] = field(default_factory=dict)


def of_place(population: Population, processed: Path | None = None) -> OnPage:
    """Load the admission model of the place of some people, and find what time alone does to these.

    Parameters
    ----------
    population
        The people of one network of the place.
    processed
        The folder of prepared things; by default that of the project.
    """
    place, people = population.place.slug, population.people
    why: dict[str, str] = {}
    folder = processed or load_settings().processed
    fitted = _tried(MODEL, why, lambda: load_admission(folder, place, people))
    origin = months_before(population.index_date, 12)
    if _any_admission(population):
        in_time = _tried(TIME, why, lambda: regression_table(population, on=origin))
    else:
        in_time = None
        why |= {TIME: NO_ADMISSIONS} | ({} if fitted else {FIT: NO_ADMISSIONS + UNKNOWN_STAYS})
    lists = _tried(LISTS, why, lambda: _kept(population, fitted)) if fitted else None
    return OnPage(population, fitted, in_time, lists, why)


def absent(shown: OnPage) -> SourcedTable:
    """What the page goes without: what (``MODEL``, ``FIT``, ``TIME``, ``LISTS``) and why, in words.

    ``FIT`` is among them where no model can be fitted to these people, whoever tries.
    """
    frame = pd.DataFrame(shown.why.items(), columns=["what", "why"], dtype="str")
    return shown.population.sourced(frame)


def about_model(shown: OnPage) -> SourcedTable:
    """Which model is used and how it was tested.

    Returns
    -------
    SourcedTable
        One row: chosen, months, networks, index_date (in words), tested (in words), not_assessed (names). No rows
        without a model.
    """
    fitted = shown.fitted
    if fitted is None:
        return _nothing(shown)
    row = {
        "chosen": fitted.chosen,
        "months": fitted.months,
        "networks": len(fitted.networks),
        "index_date": fitted.about.day(),
        "tested": " and on ".join((YEAR, PRACTICES) if fitted.left_out else (YEAR,)),
        "not_assessed": "; ".join(fitted.not_assessed),
    }
    table = fitted.sourced_flow()
    return replace(table, frame=pd.DataFrame([row]), counts=(), numbers=("months", "networks"), counted={})


def flow(shown: OnPage) -> SourcedTable:
    """Who was followed from each origin and what came: use, origin, adults, admitted, died, left, followed."""
    return shown.fitted.sourced_flow() if shown.fitted else _nothing(shown)


def calibration(shown: OnPage) -> SourcedTable:
    """Expected and observed by tenth of risk, of the model that is used; expected in words as well."""
    table = _of_chosen(shown, "curve")
    return _worded(table, expected=lambda row: percent(row["mean_risk"])) if len(table.frame) else table


def at_top(shown: OnPage) -> SourcedTable:
    """Who is at the top of the list and what came of them, of the model that is used; of_list and times in words."""
    table = _of_chosen(shown, "at_top")
    if table.frame.empty:
        return table
    return _worded(table, of_list=lambda row: f"{row['top'] * 100:g}%", times=lambda row: _figure(row, "lift", 1))


def net_benefit(shown: OnPage) -> SourcedTable:
    """Net benefit by threshold of the model that is used and of the simplest ones; from_risk and benefit in words."""
    fitted = shown.fitted
    if fitted is None:
        return _nothing(shown)
    table = for_release.net_benefit(fitted.temporal, fitted.provenance, fitted.about)
    kept = [fitted.chosen, *list(BASELINES)[:RIVALS]]
    table = replace(table, frame=table.frame[table.frame["model"].isin(kept)].reset_index(drop=True))
    return _worded(
        table,
        from_risk=lambda row: f"{row['threshold']:.0%}",
        benefit=lambda row: _per_thousand(row, "net_benefit"),
        everyone=lambda row: _per_thousand(row, "treat_all"),
    )


def compared(shown: OnPage) -> SourcedTable:
    """Figures of every model, tested on another year and on other practices.

    Returns
    -------
    SourcedTable
        One row a model and test: tested (another year, other practices), role (used, full, baseline, ceiling), and the
        columns of :func:`pcn_analysis.anticipatory.evaluation.for_release.overall`; area and ratio in words.
    """
    if (fitted := shown.fitted) is None:
        return _nothing(shown)
    given = (fitted.provenance, fitted.about)
    tests = zip((YEAR, PRACTICES), (fitted.temporal, fitted.left_out), strict=True)
    tables = {name: for_release.overall(one, *given, fitted.tested(name)) for name, one in tests if one}
    frame = pd.concat([one.frame.assign(tested=name) for name, one in tables.items()], ignore_index=True)
    roles = dict.fromkeys(BASELINES, "baseline") | {CEILING: "ceiling", fitted.chosen: "used"}
    table = replace(tables[YEAR], frame=frame.assign(role=frame["model"].map(roles).fillna("full")))
    return _worded(
        table,
        area=lambda row: _figure(row, "auc", 3),
        ratio=lambda row: _figure(row, "observed_to_expected", 2),
    )


def by_group(shown: OnPage) -> SourcedTable:
    """How right risks of the model that is used are in each group; groups, area and ratio in words."""
    fitted, table = shown.fitted, _of_chosen(shown, "by_group")
    if fitted is None or table.frame.empty:
        return table
    named = table.frame.assign(group=table.frame["group"].map(lambda one: GROUPS.get(one, one)))
    table = replace(table, frame=named, counted=fitted.tested(YEAR).by_group(fitted.temporal, GROUPS))
    return _worded(
        table,
        area=lambda row: row["reason"] or _figure(row, "auc", 2),
        ratio=lambda row: row["reason"] or _figure(row, "observed_to_expected", 2),
    )


def in_time(shown: OnPage) -> SourcedTable:
    """Emergency admissions a year before and after a day, of those admitted often before it and of everyone."""
    return shown.in_time or _nothing(shown)


def lists_in_time(shown: OnPage) -> SourcedTable:
    """Who of the first list of the highest risks is on later ones: later, listed, still, share with limits."""
    return shown.lists or _nothing(shown)


def limits(shown: OnPage) -> SourcedTable:
    """What the model is not for, and what its figures do not say: kind, limit."""
    if shown.fitted is None:
        return _nothing(shown)
    rows = [("Not for", one) for one in NOT_FOR] + [("Limit", one) for one in LIMITS]
    rows = [("Limit", SURVIVORS), *rows] if shown.fitted.survivors_only else rows
    frame = pd.DataFrame(rows, columns=["kind", "limit"], dtype="str")
    return replace(shown.fitted.sourced_flow(), frame=frame, counts=(), counted={})


def _any_admission(population: Population) -> bool:
    """Whether anybody is known to have been admitted as an emergency, at any time."""
    encounters = population.tables.get("encounters")
    if encounters is None:
        return False
    admitted = encounters.filter(nw.col("visit_type") == "emergency_admission", nw.col("attended"))
    return len(to_pandas(admitted.select("person_id").head(1))) > 0


def _tried(what: str, why: dict[str, str], find: Callable[[], T]) -> T | None:
    """What is found; None with the reason where it cannot be."""
    try:
        return find()
    except PcnAnalysisError as error:
        why[what] = "; ".join(dict.fromkeys(one.what for one in error.problems))
        return None


def _kept(population: Population, fitted: AdmissionModel) -> SourcedTable:
    """Who of the first list is still on each later one."""
    days = [months_before(population.index_date, months) for months in MONTHS_BEFORE]
    lists = {day: _highest(population, fitted, day) for day in days}
    given = (population.provenance, population.about, f"adults on lists of {fitted.chosen}, {fitted.made_from[:8]}")
    table = persistence_table(lists, *given)
    first = table.frame[table.frame["month"] == f"{days[0]:%Y-%m}"].reset_index(drop=True)
    words = first["months_later"].map(lambda n: f"{n} month{'' if n == 1 else 's'} later")
    return replace(table, frame=first.assign(later=words.astype("str")))


def _highest(population: Population, fitted: AdmissionModel, day: dt.date) -> set[str]:
    """Adults of the highest risks on a day, by the model that is used; equals are in order of person_id."""
    model, people = fitted.models[fitted.chosen], people_at(population, on=day)
    if lacking := [name for name in model.columns if name not in people]:
        what = f"{len(lacking)} columns that the model reads are not there on an earlier day"
        raise problem(population.name, what, "Fit the model again with the people of this network.")
    risk = pd.Series(model.risk(matrix(people, model.columns)), index=people["person_id"])
    places = round(len(risk) * TOP)
    return set(risk.sort_values(ascending=False, kind="stable").index[:places])


def _of_chosen(shown: OnPage, name: str) -> SourcedTable:
    """A table of an evaluation on another year, of the model that is used alone."""
    fitted = shown.fitted
    if fitted is None:
        return _nothing(shown)
    given = (fitted.provenance, fitted.about, fitted.tested(YEAR))
    table: SourcedTable = getattr(for_release, name)(fitted.temporal, *given)
    return replace(table, frame=table.frame[table.frame["model"] == fitted.chosen].reset_index(drop=True))


def _worded(table: SourcedTable, **words: Callable[[dict[str, Any]], str]) -> SourcedTable:
    """Columns of words beside figures that are rounded and hidden already."""
    rows = table.frame.to_dict("records")
    made = {name: pd.Series([write(row) for row in rows], dtype="str") for name, write in words.items()}
    return replace(table, frame=table.frame.assign(**made))


def _figure(row: dict[str, Any], name: str, decimals: int) -> str:
    """A figure with its limits in words, and that it has none where it has none."""
    words = figure(row, name, decimals)
    return words if words == NOT_SHOWN or "(" in words else f"{words} (no interval)"


def _per_thousand(row: dict[str, Any], name: str) -> str:
    """A figure for each thousand people, with its limits in words."""
    thousandfold = {one: row[one] * 1000 for one in (name, f"{name}_lower", f"{name}_upper") if pd.notna(row.get(one))}
    words = figure(thousandfold, name, 1)
    return words if words == NOT_SHOWN else f"{words} per 1,000"


def _nothing(shown: OnPage) -> SourcedTable:
    return shown.population.sourced(pd.DataFrame())
