"""Care homes and their beds: which homes there are, who lives there, to whom they are aligned, and the premium.

Homes are delivered with the records: their beds are numbers of no person, their residents are people, and are counted
under ``hes``. The premium is paid for the beds of homes that are aligned to a network, whoever is registered with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.contract.clauses import clause
from pcn_analysis.contract.years import YEARS
from pcn_analysis.counted import Counted
from pcn_analysis.provenance import Rate
from pcn_analysis.services.care_homes.residents import (
    ALIGNED,
    HERE,
    cohort_table,
    counted_rows,
    listed_homes,
    residents,
    year_of,
)
from pcn_analysis.words import NOT_KNOWN

if TYPE_CHECKING:
    from pcn_analysis.counted import Conditions
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable

PREMIUM = "ehch_premium"
HOME = "care home"
"""Dimension of homes; the class of who lives in none that is known is ``not known``."""
SHARE = Rate("share", "people", "of", interval=True)


def homes(population: Population, year: str = "") -> SourcedTable:
    """The care homes that are aligned to this network, or in which its registered people live.

    Returns
    -------
    SourcedTable
        One row a home, those aligned here first, then by name; residents whose home is not known last: home, beds,
        nursing (yes, no, not known), aligned (of ``ALIGNED``), people (residents registered here), of (the cohort),
        share with limits.
    """
    table, held = cohort_table(population, year), residents(population, year)
    listed = listed_homes(population)
    lives = held.get("care_home_code", pd.Series(pd.NA, index=held.index, dtype="str"))
    lives = lives.where(lives.isin(listed["care_home_code"]))
    sizes = lives.value_counts()
    shown = listed[(listed["aligned"] == HERE) | listed["care_home_code"].isin(sizes.index)]
    rows = [
        {"home": one.home, "beds": one.beds, "nursing": "yes" if one.nursing else "no", "aligned": one.aligned,
         "people": int(sizes.get(one.care_home_code, 0)), "of": len(held)}
        for one in shown.itertuples(index=False)
    ]  # fmt: skip
    unknown = {"home": NOT_KNOWN, "beds": pd.NA, "nursing": NOT_KNOWN, "aligned": NOT_KNOWN}
    rows += [{**unknown, "people": int(lives.isna().sum()), "of": len(held)}] if rows else []
    cohort = Counted(where=table.whom.cohort, never=table.whom.never)
    counted = {"people": Counted((f"home={HOME}",), where=cohort.where, never=cohort.never), "of": cohort}
    columns = ("home", "beds", "nursing", "aligned", "people", "of")
    return counted_rows(population, rows, columns, counted=counted, rate=SHARE, numbers=("beds",))


def alignment(population: Population, year: str = "") -> SourcedTable:
    """To whom the homes are aligned in which people of this network live.

    Returns
    -------
    SourcedTable
        One row a class of ``ALIGNED``: aligned, homes (of this network or with residents of it), beds, people, of (the
        cohort), share with limits. No rows where no home is delivered with the records.
    """
    by_home = homes(population, year)
    frame, cohort = by_home.frame, by_home.counted["of"]
    rows: list[dict[str, Any]] = []
    means: dict[Any, Conditions | None] = {}
    for name in ALIGNED if len(frame) else ():
        own = frame[frame["aligned"] == name]
        known = own[own["home"] != NOT_KNOWN]
        rows.append({"aligned": name, "homes": len(known), "beds": known["beds"].sum(), "people": own["people"].sum(),
                     "of": frame["of"].iloc[0]})  # fmt: skip
        means[name] = ((HOME, tuple(own["home"])),)
    counted = {"people": Counted(where=cohort.where, never=cohort.never, means={"aligned": means}), "of": cohort}
    columns, numbers = ("aligned", "homes", "beds", "people", "of"), ("homes", "beds")
    return counted_rows(population, rows, columns, counted=counted, rate=SHARE, numbers=numbers)


def premium(population: Population, year: str = "") -> SourcedTable:
    """The care home premium of each contract year, and what it comes to for the beds that are aligned today.

    Returns
    -------
    SourcedTable
        One row a contract year: contract_year, asked (whether it is the one that is asked about), homes and beds
        (aligned to this network today), payment (GBP a bed; null where not known), entitlement (GBP), standing, source,
        note. It counts no person.
    """
    asked = year_of(population, year)
    own = listed_homes(population)
    own = own[own["aligned"] == HERE]
    beds = int(own["beds"].sum()) if "care_homes" in population.tables else pd.NA
    rows = []
    for one in YEARS:
        paid = clause(PREMIUM, one)
        rows.append({
            "contract_year": one, "asked": one == asked, "homes": len(own), "beds": beds,
            "payment": float(paid.value) if paid.value else pd.NA, "standing": paid.standing,
            "source": paid.row.source if paid.value else "", "note": paid.row.note if paid.value else "",
        })  # fmt: skip
    frame = pd.DataFrame(rows).astype({"homes": "Int64", "beds": "Int64", "payment": "Float64"})
    frame.insert(5, "entitlement", frame["payment"] * frame["beds"].astype("Float64"))
    return population.sourced(frame, numbers=("homes", "beds", "payment", "entitlement"))
