"""Everyone of a cohort with what is open of theirs, and the order in which an objective puts them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from pcn_analysis.anticipatory.caseload.care_gaps import with_medicines
from pcn_analysis.anticipatory.caseload.reasons import missing_in_words
from pcn_analysis.anticipatory.cohorts import Step
from pcn_analysis.anticipatory.eligibility import eligible, held_columns
from pcn_analysis.engine import to_pandas
from pcn_analysis.person_table import incomplete_columns, table_of
from pcn_analysis.rules import ASSESSED, NOT_ASSESSED, Criterion, assessment, flags
from pcn_analysis.scores.hazardous_medicines import ANY, unassessable

if TYPE_CHECKING:
    from pcn_analysis.anticipatory.caseload.objective import Objective
    from pcn_analysis.anticipatory.cohorts import Cohort
    from pcn_analysis.population import Population

COHORT, NEED, GAP, CONTACT = "cohort", "need", "care gap", "contact"
"""What a thing that is asked is for."""
DESCRIBED = ("person_id", "practice_code", "age", "imd_decile")
NO_CONTACTS = (CONTACT, "Last contact with general practice", NOT_ASSESSED, "attended contacts with general practice")
Asked = tuple[str, str, Criterion]


@dataclass(frozen=True)
class Line:
    """Everyone of a cohort, in order of person_id, with what they meet.

    Parameters
    ----------
    people
        One row a person: person_id, practice_code, age, imd_decile, last_contact.
    gaps, bands
        Whether each care gap is open, and each band of need is met, by its name; those that could not be assessed are
        absent.
    not_assessed
        what (cohort, need, care gap, contact), name, status, missing: of everything that was not assessed in full.
    """

    people: pd.DataFrame
    gaps: pd.DataFrame
    bands: pd.DataFrame
    not_assessed: pd.DataFrame


@dataclass(frozen=True)
class Order:
    """The order of a line by an objective: those with an open gap, the first first.

    Parameters
    ----------
    rows
        Places of people in the line.
    parts
        need, gaps, impact, score of each, in that order.
    value, usual
        How much of their open gaps each professional closes, and most usually closes. It is nothing for people of no
        known practice: no practice's list could show them, so that nobody takes a slot for them.
    """

    rows: np.ndarray
    parts: pd.DataFrame
    value: np.ndarray
    usual: np.ndarray


def line_of(population: Population, cohort: Cohort, objective: Objective) -> Line:
    """Find everyone of a cohort, their open gaps and their need on the index date.

    Raises
    ------
    PcnAnalysisError
        If a step that the cohort rests on could not be assessed.
    """
    on, table = population.index_date, table_of(population)
    asked = _asked(cohort, objective)
    held = held_columns(table, [Step(name, criterion, "") for _, name, criterion in asked])
    empty = sorted(set(table.collect_schema().names()) - set(held))
    chosen = with_medicines(eligible(table, cohort, on=on), population)
    made = sorted(set(chosen.collect_schema().names()) - set(table.collect_schema().names()))
    marks = {f"_met_{number}": one for number, one in enumerate(asked) if one[0] != COHORT}
    flagged = flags(chosen, {mark: criterion for mark, (_, _, criterion) in marks.items()}, on=on, without=empty)
    columns = flagged.collect_schema().names()
    found = [mark for mark in marks if mark in columns]
    described = [name for name in DESCRIBED if name in columns]
    rows = to_pandas(flagged.select(*described, *found)).sort_values("person_id", ignore_index=True)
    contacts = last_contacts(population, rows["person_id"])
    nothing = pd.Series(dtype="datetime64[us]", index=pd.Index([], dtype="str"))
    dates = (nothing if contacts is None else contacts).reindex(rows["person_id"]).array
    people = rows.reindex(columns=list(DESCRIBED)).assign(last_contact=dates)
    met = {what: {mark: marks[mark][1] for mark in found if marks[mark][0] == what} for what in (GAP, NEED)}
    gaps, bands = (rows[list(names)].astype(bool).rename(columns=names) for names in met.values())
    told = _told(population, asked, [*held, *made]) + ([] if contacts is not None else [NO_CONTACTS])
    return Line(people, gaps, bands, pd.DataFrame(told, columns=["what", "name", "status", "missing"], dtype="str"))


def last_contacts(population: Population, people: pd.Series) -> pd.Series | None:
    """Date of the last attended contact with general practice before the index date, by person_id.

    Returns
    -------
    Series or None
        None where no such contact is recorded of anyone, so that nothing is known; a person without one is not in it.
    """
    encounters = population.tables.get("encounters")
    if encounters is None:
        return None
    date = nw.col("visit_start_date").cast(nw.Date)
    seen = encounters.filter(
        nw.col("visit_type") == "gp_contact", nw.col("attended"), date < population.index_date
    ).select("person_id", _date=date)
    last = to_pandas(seen.group_by("person_id").agg(nw.col("_date").max()))
    if last.empty:
        return None
    own = last[last["person_id"].isin(people)].set_index("person_id")["_date"]
    return pd.to_datetime(own).astype("datetime64[us]")


def _asked(cohort: Cohort, objective: Objective) -> list[Asked]:
    """Everything that is asked of people: what it is for, its name, and the criterion."""
    return [
        *((COHORT, step.name, step.criterion) for step in cohort.steps if step.criterion is not None),
        *((NEED, band.name, band.when) for part in objective.need for band in part.bands),
        *((GAP, gap.name, gap.when) for gap in objective.gaps),
    ]


def _told(population: Population, asked: list[Asked], columns: list[str]) -> list[tuple[str, str, str, str]]:
    """What was not assessed in full, and why."""
    incomplete = dict(incomplete_columns(population))
    if ANY in columns:
        incomplete[ANY] = list(unassessable(columns, has_medicines=True))
    found = [(what, name, *assessment(criterion, columns, incomplete)) for what, name, criterion in asked]
    found = [one for one in found if one[2] != ASSESSED]
    return [(what, name, status, missing_in_words(missing)) for what, name, status, missing in found]


def in_order(line: Line, objective: Objective) -> Order:
    """Put in order those with an open gap that counts.

    The largest score goes first; of equals the larger need; of equals again the order is that of a hash of person_id,
    which is the same each time and means nothing.
    """
    gaps = [gap for gap in objective.gaps if gap.name in line.gaps]
    counts = np.array([gap.weight * objective.impactibility[gap.evidence] for gap in gaps])
    weights = np.array([gap.weight for gap in gaps])
    closes = np.array([[float(one in gap.closes) for one in objective.professionals] for gap in gaps])
    first = np.array([[float(one == gap.closes[0]) for one in objective.professionals] for gap in gaps])
    shape = (len(gaps), len(objective.professionals))
    met = line.gaps[[gap.name for gap in gaps]].to_numpy(dtype=float)
    weighted, counted = met @ weights, met @ counts
    need = _need(line, objective)
    score = (need * counted).round(9)
    people = line.people["person_id"].to_numpy(dtype=object)
    order = np.lexsort((people.astype(str), pd.util.hash_array(people), -need, -score))
    rows = order[score[order] > 0]
    impact = np.divide(counted, weighted, out=np.zeros(len(met)), where=weighted > 0)
    parts = pd.DataFrame({"score": score, "need": need, "gaps": weighted, "impact": impact}).iloc[rows]
    listed = line.people["practice_code"].notna().to_numpy()[rows]
    each = met[rows] * counts * listed[:, None]
    return Order(rows, parts.reset_index(drop=True), each @ closes.reshape(shape), each @ first.reshape(shape))


def _need(line: Line, objective: Objective) -> np.ndarray:
    """1 and, of each part, the points of the first band that is met."""
    need = np.ones(len(line.people))
    for part in objective.need:
        bands = [band for band in part.bands if band.name in line.bands]
        if bands:
            met = [line.bands[band.name].to_numpy(dtype=bool) for band in bands]
            need = need + np.select(met, [band.points for band in bands], 0.0)
    return need
