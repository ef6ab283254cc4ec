"""Who lives in which care home, and which homes there are: what the tables of care homes have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from pcn_analysis.contract.years import asked_year
from pcn_analysis.engine import to_pandas
from pcn_analysis.person_table import table_of
from pcn_analysis.services.care_homes import stays
from pcn_analysis.services.service_table import service_table
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.words import NOT_KNOWN

if TYPE_CHECKING:
    from pcn_analysis.counted import Counted
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import Rate, SourcedTable
    from pcn_analysis.services.service_table import ServiceTable

SERVICE = "care_homes"
HERE, ELSEWHERE, NOBODY = "this network", "another network", "no network"
ALIGNED = (HERE, ELSEWHERE, NOBODY, NOT_KNOWN)
"""To whom a home is aligned; not known where the home of a resident is not."""


def year_of(population: Population, year: str) -> str:
    """The contract year that is asked about, or else that of the index date."""
    return asked_year(year, population.index_date)


def cohort_table(population: Population, year: str) -> ServiceTable:
    """What everyone meets of the service."""
    return service_table(population, SERVICE, year_of(population, year))


def residents(population: Population, year: str) -> pd.DataFrame:
    """The residents with how each is recorded, and in which home each lives.

    Returns
    -------
    DataFrame
        One row a person of the cohort: person_id; care_home (the flag), where the records have it; where they have
        stays, has_care_home_stay and care_home_code (null without a stay that lasts).
    """
    table, people = cohort_table(population, year), table_of(population)
    flag = [name for name in people.collect_schema().names() if name == "care_home"]
    flags = to_pandas(people.select("person_id", *flag))
    found = table.people.loc[table.cohort, ["person_id"]].merge(flags, on="person_id", how="left")
    held = stays(population, year_of(population, year))
    if held is None:
        return found
    last = to_pandas(held.filter(nw.col("ended").is_null()).select("person_id", "care_home_code", "start_date"))
    last = last.sort_values(["person_id", "start_date", "care_home_code"]).drop_duplicates("person_id", keep="last")
    joined = found.merge(last[["person_id", "care_home_code"]], on="person_id", how="left")
    return joined.assign(has_care_home_stay=joined["care_home_code"].notna())


def listed_homes(population: Population) -> pd.DataFrame:
    """Homes that were delivered with the records, those aligned here first, then by name.

    Returns
    -------
    DataFrame
        One row a home: care_home_code, home (a name of its own, with the code where two share one), beds, nursing,
        aligned (of ``ALIGNED``). No rows where no home was delivered.
    """
    names = ["care_home_code", "home", "beds", "nursing", "aligned"]
    table = population.tables.get("care_homes")
    if table is None:
        return pd.DataFrame(columns=names).astype({"care_home_code": "str", "beds": "Int64", "aligned": "str"})
    found = to_pandas(table)
    twice = found["care_home_name"].duplicated(keep=False) | found["care_home_name"].eq(NOT_KNOWN)
    coded = found["care_home_name"] + " (" + found["care_home_code"] + ")"
    here = found["pcn_code"].eq(population.pcn_code).fillna(False)
    aligned = pd.Series(ELSEWHERE, index=found.index, dtype="str").mask(here, HERE)
    found = found.assign(home=found["care_home_name"].where(~twice, coded), aligned=aligned)
    found["aligned"] = found["aligned"].mask(found["pcn_code"].isna(), NOBODY)
    order = found.assign(place=found["aligned"].map(ALIGNED.index)).sort_values(["place", "home"])
    return order[names].reset_index(drop=True)


def counted_rows(
    population: Population,
    rows: list[dict[str, Any]],
    columns: tuple[str, ...],
    *,
    counted: dict[str, Counted],
    rate: Rate,
    numbers: tuple[str, ...] = (),
) -> SourcedTable:
    """Rows with a share that follows from two counts, ready for release."""
    frame = pd.DataFrame(rows, columns=list(columns)).astype(dict.fromkeys(counted, "Int64"))
    frame = with_rates(frame.astype(dict.fromkeys(numbers, "Int64")), (rate,))
    return population.sourced(frame, counts=tuple(counted), rates=(rate,), numbers=numbers, counted=counted)
