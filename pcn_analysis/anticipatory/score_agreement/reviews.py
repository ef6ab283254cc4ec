"""Whom published rules would have seen first: risk tiers of six conditions, and hazardous combinations of medicines."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from pcn_analysis import rules
from pcn_analysis.anticipatory.risk_tiers import find_tiers, risk_tiers, tier_coverage, tiers_of
from pcn_analysis.anticipatory.whom import NULL, YES
from pcn_analysis.counted import Counted
from pcn_analysis.engine import to_pandas
from pcn_analysis.person.medicines import has_bnf_codes
from pcn_analysis.person_table import incomplete_columns, table_of
from pcn_analysis.provenance import Rate
from pcn_analysis.rules import ASSESSED, NOT_ASSESSED, PARTLY
from pcn_analysis.scores import hazardous_medicines
from pcn_analysis.statistics.rates import with_rates

if TYPE_CHECKING:
    from pcn_analysis.counted import Conditions
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable

COUNTS = ("people", "on_register")
SHARE = Rate("share", "people", "on_register", interval=True)
OF_EVERYONE = Rate("share", "people", "registered", interval=True)
HAZARD = "hazardous combination"
ANY = "Any of these"
"""Whoever has at least one combination."""
WORDS = {
    "has_peptic_ulcer": "peptic ulcers",
    "peptic_ulcer_ever_date": "peptic ulcers that were marked as resolved",
    "has_heart_failure": "heart failure",
    "has_asthma": "asthma",
    "egfr": "filtration rates",
    "age": "ages",
}
"""Columns of the person table in words; what is not here is a group of medicines."""


def by_tier(population: Population) -> SourcedTable:
    """Count people on six registers by risk tier, on the index date.

    Returns
    -------
    SourcedTable
        One row a condition and tier, the highest first, those in none last: condition, tier, level (0 for those in
        none), people, on_register, share with limits, status, lacking (what its rules ask for and no record shows). A
        tier that cannot be assessed has no number. A register that is not known has none at all.
    """
    rows = population.once("risk tiers", lambda: [row for one in find_tiers() for row in _of_register(population, one)])
    frame = pd.DataFrame(rows).astype({"people": "Int64", "on_register": "Int64", "level": "Int64"})
    frame = with_rates(frame, (SHARE,))
    kinds = {"counts": COUNTS, "rates": (SHARE,), "numbers": ("level",)}
    return population.sourced(frame, **kinds, counted=_of_tiers(frame))


def _of_tiers(frame: pd.DataFrame) -> dict[str, Counted]:
    """People in a tier of a register, and on it."""
    tiers: dict[Any, Conditions | None] = {}
    registers: dict[Any, Conditions | None] = {}
    for condition, rows in frame.groupby("condition"):
        on_register, dimension = (f"on the register: {condition}", YES), f"risk tier: {condition}"
        known = tuple(rows["tier"][rows["status"] != NOT_ASSESSED])
        of_tiers = ((dimension, known),) if known else ()
        registers[condition] = (on_register, *of_tiers) if rows["on_register"].notna().all() else None
        tiers |= {(condition, tier): (on_register, (dimension, (tier,))) for tier in known}
    people = Counted(means={("condition", "tier"): tiers} | NULL)
    return {"people": people, "on_register": Counted(means={"condition": registers})}


def _of_register(population: Population, register: str) -> list[dict[str, Any]]:
    """Rows of one register; where no tier can be assessed nobody is said to be in none of them either."""
    held, missing, model = table_of(population), incomplete_columns(population), tiers_of(register)
    columns = held.collect_schema().names()
    labels = risk_tiers(held, register=register, on=population.index_date, incomplete=missing)
    counts = to_pandas(labels.group_by("tier").agg(people=nw.len())).set_index("tier")["people"]
    status = {name: how for name, how in model.status(columns, missing).items() if name != model.others}
    if all(status[one.name] == NOT_ASSESSED for one in model.segments):
        status = dict.fromkeys(status, NOT_ASSESSED)
    known = model.knows_whom(columns, missing)
    members = int(counts.drop(index=[model.others], errors="ignore").sum()) if known else None
    lacking = _lacking_of_tiers(register, columns, missing)
    condition = model.title.removeprefix("Risk tiers of ").split(",")[0]
    return [
        {
            "condition": condition[:1].upper() + condition[1:],
            "tier": tier,
            "level": len(status) - 1 - place,
            "people": None if how == NOT_ASSESSED else int(counts.get(tier, 0)),
            "on_register": members,
            "status": how,
            "lacking": "; ".join(lacking.get(tier, ())),
        }
        for place, (tier, how) in enumerate(status.items())
    ]


def _lacking_of_tiers(register: str, columns: list[str], missing: dict[str, list[str]]) -> dict[str, dict[str, None]]:
    """What the rules of each tier ask for that no record shows."""
    found = tier_coverage(columns, register=register, incomplete=missing).set_index("element")["missing"]
    lacking: dict[str, dict[str, None]] = {}
    for segment, element in tiers_of(register).elements():
        lacking.setdefault(segment.name, {}).update(dict.fromkeys(filter(None, found[element.name].split("; "))))
    return lacking


def hazardous_combinations(population: Population) -> SourcedTable:
    """Count people with each of the nine combinations of medicines of IIF SMR-01A, on the index date.

    Returns
    -------
    SourcedTable
        One row a combination, the commonest first, then one for any of them: combination, people, registered, share
        with limits, status, lacking (in words), kind (combination or any). One that cannot be assessed has no number;
        one person can have several.
    """
    held, on = table_of(population), population.index_date
    columns, issues = held.collect_schema().names(), population.tables.get("medications")
    coded = issues is not None and has_bnf_codes(issues, on=on)
    elements = hazardous_medicines.combinations(on)
    status, lacking = _status_of_combinations(columns, coded=coded)
    reasons = pd.DataFrame(columns=["person_id", "element"])
    if coded:
        made = hazardous_medicines.hazardous_combinations(issues, held, on=on).select("person_id", "element")
        reasons = population.once("hazardous combinations", lambda: to_pandas(made))
    counts = reasons.groupby("element")["person_id"].nunique()
    rows = [
        {"combination": one.name, "people": int(counts.get(one.name, 0)) if status[one.name] != NOT_ASSESSED else None,
         "status": status[one.name], "lacking": lacking.get(one.name, ""), "kind": "combination"}
        for one in elements
    ]  # fmt: skip
    some = any(row["people"] is not None for row in rows)
    rows.append({"combination": ANY, "people": int(reasons["person_id"].nunique()) if some else None,
                 "status": (PARTLY if lacking else ASSESSED) if some else NOT_ASSESSED, "lacking": "",
                 "kind": "any"})  # fmt: skip
    registered = len(to_pandas(held.select("person_id")))
    frame = pd.DataFrame(rows).assign(registered=registered).astype({"people": "Int64", "registered": "Int64"})
    frame = with_rates(frame, (OF_EVERYONE,))
    some_of_them = ((f"{HAZARD}: any", YES),)
    people = Counted(groups=(f"combination={HAZARD}",), where=some_of_them, means={"combination": {ANY: ()}} | NULL)
    kinds = {"counts": ("people", "registered"), "rates": (OF_EVERYONE,), "ranked_by": ("kind", "people")}
    return population.sourced(frame, **kinds, counted={"people": people, "registered": Counted()})


def _status_of_combinations(columns: list[str], *, coded: bool) -> tuple[dict[str, str], dict[str, str]]:
    """Whether each combination can be assessed, and what it lacks, in words."""
    on_hand = [*columns, *(f"{group}_date" for group in hazardous_medicines.MEDICINES if coded)]
    covered = rules.coverage(hazardous_medicines.combinations(dt.date.max), on_hand).set_index("element")
    absent = hazardous_medicines.unassessable(columns, has_medicines=coded)
    lacking = {name: "; ".join(dict.fromkeys(_in_words(one) for one in what)) for name, what in absent.items()}
    return covered["status"].to_dict(), lacking


def _in_words(column: str) -> str:
    """What stands behind a column that is missing."""
    return WORDS.get(column, "issues of medicines with a BNF code")
