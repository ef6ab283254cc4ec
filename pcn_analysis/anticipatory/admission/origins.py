"""What came of people in the months after a day: admitted, died, left or followed to the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from pcn_analysis import engine
from pcn_analysis.dates import months_before
from pcn_analysis.exceptions import problem
from pcn_analysis.person_table import registered_people

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population

OUTCOME = "emergency_admission"
"""Kind of contact that is predicted."""
ADULT = 18
ENDED = ("admitted", "died", "left", "followed")
"""How a follow-up can end. Only of those who left is it not known what came."""
MONTHS = 12
CHANCE = 1e-6
"""Records that are silent at the end of a window more unlikely than this by chance do not reach it."""


def followed(population: Population, *, origin: dt.date, months: int = MONTHS) -> pd.DataFrame:
    """Say what came of each adult in the months from a day on.

    Everyone of 18 or over is in who is alive, registered and (where ``observation_period`` says so) observed at the
    origin. Their follow-up ends with the first emergency admission that they attended; or their death, which is no
    admission and after which none can come; or the first day on which they are no longer registered or observed. An
    admission of the day of death is one; of the first day no longer registered it is none. Who dies on that day did not
    leave. What is recorded of a person afterwards is not read.

    Parameters
    ----------
    population
        People with ``encounters``.
    origin
        First day of the follow-up; it belongs to it.
    months
        Length of the follow-up; the day so many months later is the first after it.

    Returns
    -------
    DataFrame
        One row a person, in order of person_id: person_id, admitted (whether), days (from the origin to the end of
        their follow-up), ended (one of ``ENDED``).

    Raises
    ------
    PcnAnalysisError
        If there are no encounters, or if the records do not reach the end of the follow-up.
    """
    end = months_before(origin, -months)
    if "encounters" not in population.tables:
        remedy = "Prepare records of hospital admissions."
        raise problem(population.name, "its records hold no contacts, so that nobody's admission is known", remedy)
    check_reach(population, origin, end)
    people = engine.to_pandas(_at(population, origin, end)).sort_values("person_id", ignore_index=True)
    length = (end - origin).days
    admitted, died, left = (_days(people[name], origin) for name in ("admission", "death_date", "gone"))
    left = np.where(died <= left, np.inf, left)
    exits = np.minimum.reduce([admitted, died, left, np.full(len(people), float(length))])
    how = np.select([left <= exits, admitted <= exits, died <= exits], ["left", "admitted", "died"], "followed")
    how[exits >= length] = "followed"
    return pd.DataFrame(
        {"person_id": people["person_id"], "admitted": how == "admitted", "days": exits.astype(int), "ended": how}
    )


def _at(population: Population, origin: dt.date, end: dt.date) -> Lazy:
    """Adults at the origin with the dates that could end their follow-up."""
    persons = registered_people(population.tables["persons"], on=origin)
    born = nw.col("birth_date").cast(nw.Date)
    persons = persons.filter(born <= months_before(origin, 12 * ADULT)).select(
        "person_id", "death_date", gone=nw.col("registration_end_date")
    )
    day = nw.col("visit_start_date").cast(nw.Date)
    contacts = population.tables["encounters"].filter(
        nw.col("visit_type") == OUTCOME, nw.col("attended"), day >= origin, day < end
    )
    persons = persons.join(contacts.group_by("person_id").agg(admission=day.min()), on="person_id", how="left")
    if "observation_period" not in population.tables:
        return persons
    start, last = (nw.col(name).cast(nw.Date) for name in ("start_date", "end_date"))
    observed = population.tables["observation_period"].filter(start <= origin, last >= origin)
    after = last.dt.offset_by("1d")
    persons = persons.join(observed.select("person_id", unobserved=after), on="person_id", how="inner")
    return persons.with_columns(gone=nw.min_horizontal(nw.col("gone").cast(nw.Date), nw.col("unobserved")))


def _days(dates: pd.Series, origin: dt.date) -> np.ndarray:
    """Days from the origin; infinite where there is no date."""
    found = (pd.to_datetime(dates) - pd.Timestamp(origin)).dt.days
    return found.astype("Float64").to_numpy(dtype=float, na_value=np.inf)


def check_reach(population: Population, origin: dt.date, end: dt.date) -> None:
    """Raise unless records reach from an origin to the end of its follow-up.

    They do not where the extract was taken before; nor where the admissions that there are all lie so long before the
    end that this cannot be chance, as hospital records often end months before the others.

    Raises
    ------
    PcnAnalysisError
        If they do not.
    """
    last = population.extract_date
    day = nw.col("visit_start_date").cast(nw.Date)
    shorter = "Ask for a shorter follow-up (months), or take an earlier index date."
    if (end - last).days > 1:
        what = f"a follow-up from {origin} to {end} is longer than the records, which were taken on {last}"
        raise problem(population.name, what, shorter)
    kind = population.tables["encounters"].filter(nw.col("visit_type") == OUTCOME, day >= origin, day < end)
    found = engine.to_pandas(kind.select(last=day.max(), admissions=nw.len())).iloc[0]
    if not found["admissions"]:
        return
    silent = (pd.Timestamp(end) - pd.Timestamp(found["last"])).days - 1
    if (1 - silent / (end - origin).days) ** int(found["admissions"]) < CHANCE:
        what = f"emergency admissions are recorded until {found['last']:%Y-%m-%d}, and the follow-up lasts until {end}"
        raise problem(population.name, what, shorter)


def check_classes(people: pd.DataFrame, what: str) -> None:
    """Raise unless some are known to have been admitted, and some not.

    Raises
    ------
    PcnAnalysisError
        If there is nobody, or if all of whom it is known ended alike.
    """
    known = people["ended"] != "left"
    admitted = int((people["admitted"] & known).sum())
    if 0 < admitted < int(known.sum()):
        return
    found = "nobody" if not admitted else "everybody"
    told = f"{found} of {int(known.sum()):,} people whose outcome is known had an emergency admission"
    remedy = "A model needs both: look whether admissions are in the records, or take more people."
    raise problem(what, told, remedy)
