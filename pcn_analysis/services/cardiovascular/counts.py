"""How raised blood pressure is followed up, and hypertension known of against expected: ready for release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis import codelists, profile
from pcn_analysis.anticipatory.whom import YES
from pcn_analysis.contract.years import asked_year
from pcn_analysis.counted import Counted
from pcn_analysis.engine import to_pandas
from pcn_analysis.person_table import table_of
from pcn_analysis.provenance import Rate, SourcedTable
from pcn_analysis.rules import NOT_ASSESSED
from pcn_analysis.services.cardiovascular.raised_blood_pressure import NONE_RECORDED, ROUTES
from pcn_analysis.services.counts import MET, NOT_MET, conditions, shares, standing
from pcn_analysis.services.service_table import MEASURE, service_rows, service_table
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.words import NOT_KNOWN

if TYPE_CHECKING:
    from pcn_analysis.counted import Conditions
    from pcn_analysis.population import Population

SERVICE = "cardiovascular"
FOLLOWED_UP = "Raised blood pressure followed up (CVD-01)"
WORD = "blood_pressure_follow_up"
HYPERTENSION = "HYP"
PUBLISHED, RECORDS = "QOF, as published", "these records"
"""Whose register of hypertension is held against what is expected."""
PREVALENCE = Rate("prevalence", "on_register", "registered", interval=True)


def follow_up_routes(population: Population, year: str = "") -> SourcedTable:
    """How raised readings of people who are not on the hypertension register were followed up first (CVD-01).

    Parameters
    ----------
    population
        The people of a network.
    year
        The contract year; that of the index date if none is given.

    Returns
    -------
    SourcedTable
        One row a route, those with no follow-up recorded last: route, people, of (everyone whom CVD-01 asks about),
        share with limits, status, missing. people is null where it could not be assessed.
    """
    table = service_table(population, SERVICE, asked_year(year, population.index_date))
    held, told = table.measures.get(FOLLOWED_UP), standing(table, MEASURE, FOLLOWED_UP)
    routes = (*ROUTES, NONE_RECORDED)
    people: dict[str, dict[str, Any]] = {route: {"people": pd.NA, "of": pd.NA} for route in routes}
    if held is not None:
        rows_of = service_rows(population, SERVICE, table.service.contract_year)
        words = rows_of.sort_values("person_id", ignore_index=True)[WORD]
        each = words[held.notna()].value_counts()
        people = {route: {"people": int(each.get(route, 0)), "of": int(held.notna().sum())} for route in routes}
    rows = [{"route": route} | people[route] | told for route in routes]
    measure = next(one for one in table.service.measures if one.name == FOLLOWED_UP)
    unknown: dict[str, Any] = {"status": {NOT_ASSESSED: None}}
    means: dict[str, Conditions] = {
        route: (
            ("route of follow-up of blood pressure", (route,)),
            *conditions(table, measure, (NOT_MET if route == NONE_RECORDED else MET,)),
        )
        for route in routes
    }
    counted = {
        "people": Counted(means={"route": means} | unknown),
        "of": Counted(where=conditions(table, measure, (MET, NOT_MET)), means=unknown),
    }
    return shares(population, rows, counted)


def hypertension_gap(population: Population) -> SourcedTable:
    """Hypertension that practices know of, against what is expected of the ages and sexes on their lists.

    What is expected is the prevalence of the Health Survey for England of 2003 by age and sex
    (``codelists/hypertension_prevalence.csv``), put to the published lists. The survey counts who takes medicines for
    it or has 140/90 or more at one visit; a diagnosis asks for more, so that the gap is larger than what practices
    could find. The ready-reckoner gives no interval of it, and calls itself a rough approximation.

    Returns
    -------
    SourcedTable
        One row a register (as published in the QOF; of these records): register, on_register, registered (of all ages),
        prevalence with limits, expected_prevalence (null where the ages of the lists are not known), status. People
        follow once it is released (:func:`expected`).

    References
    ----------
    Faculty of Public Health, Hypertension toolkit, tool H3: hypertension prevalence ready-reckoner.
    """
    published = profile.prevalence(population.network)
    own = published.frame[published.frame["register"] == HYPERTENSION]
    ages = profile.age_structure(population.network)
    rows = [
        {"register": PUBLISHED} | ({} if own.empty else own[["patients", "registered"]].iloc[0].to_dict()),
        {"register": RECORDS} | _of_records(population),
    ]
    frame = pd.DataFrame(rows, columns=["register", "patients", "registered"])
    frame = frame.rename(columns={"patients": "on_register"}).astype({"on_register": "Int64", "registered": "Int64"})
    frame = frame.assign(expected_prevalence=pd.array([expected_prevalence(ages.frame)] * len(frame), "Float64"))
    unknown = frame["on_register"].isna() | frame["expected_prevalence"].isna()
    frame["status"] = unknown.map({True: NOT_KNOWN, False: "assessed"})
    means: dict[Any, Any] = {"register": {PUBLISHED: None}}
    counted = {
        "on_register": Counted(where=(("on the register: Hypertension", YES),), means=means),
        "registered": Counted(means=means),
    }
    provenance = population.provenance.joined(published.provenance).joined(ages.provenance)
    return SourcedTable(
        with_rates(frame, (PREVALENCE,)),
        provenance,
        counts=("on_register", "registered"),
        rates=(PREVALENCE,),
        numbers=("expected_prevalence",),
        about=population.about,
        counted=counted,
    )


def expected_prevalence(ages: pd.DataFrame) -> float | None:
    """The share of people of all ages of whom hypertension is expected; None where their ages are not known.

    Parameters
    ----------
    ages
        sex, age_band (of five years) and patients.

    Examples
    --------
    >>> ages = pd.DataFrame({"sex": ["male", "female"], "age_band": ["10-14", "75-79"], "patients": [100, 300]})
    >>> round(expected_prevalence(ages), 4)
    0.5625
    """
    if ages.empty or not ages["patients"].sum():
        return None
    rows = codelists.rows("hypertension_prevalence")
    first = ages["age_band"].str.extract(r"^(\d+)", expand=False).astype(int)
    share = pd.Series(0.0, index=ages.index)
    for row in rows:
        of_age = first.ge(int(row["from_age"])) & first.le(int(row["to_age"] or 200))
        share = share.mask(of_age & ages["sex"].eq(row["sex"]), float(row["prevalence"]))
    patients = ages["patients"].astype(float)
    return float((patients * share).sum() / patients.sum())


def expected(released: pd.DataFrame) -> pd.DataFrame:
    """Add the people who are expected to have hypertension, and how many of them no register knows, with 95% limits.

    Limits are those of the register alone: the most that it could be by chance (its upper Wilson limit) leaves the
    fewest whom it does not know. The expected number is taken as it is, as its source gives no limits; how far the gap
    is known is therefore less than they say.

    Parameters
    ----------
    released
        What is released of :func:`hypertension_gap`.

    Returns
    -------
    DataFrame
        The same rows with expected, not_known_of, not_known_of_lower and not_known_of_upper, in people; below 0 where
        more are on the register than expected.

    Examples
    --------
    >>> rows = pd.DataFrame({"on_register": pd.array([140], "Int64"), "registered": pd.array([1000], "Int64"),
    ...     "expected_prevalence": [0.25]})
    >>> expected(with_rates(rows, (PREVALENCE,))).iloc[0, -4:].round(1).to_list()
    [250.0, 110.0, 87.1, 130.1]
    """
    registered = released["registered"].astype("Float64")
    of_whom = registered * released["expected_prevalence"]
    ends = {"lower": "upper", "upper": "lower"}
    limits = {f"not_known_of_{end}": of_whom - registered * released[f"prevalence_{of}"] for end, of in ends.items()}
    return released.assign(expected=of_whom, not_known_of=of_whom - released["on_register"].astype("Float64"), **limits)


def _of_records(population: Population) -> dict[str, int]:
    """Who is on the hypertension register, of everyone registered; nothing where the register is not known."""
    table = table_of(population)
    if "on_hyp_register" not in table.collect_schema().names():
        return {}
    rows = to_pandas(table.select("on_hyp_register"))
    return {"patients": int(rows["on_hyp_register"].fillna(False).sum()), "registered": len(rows)}
