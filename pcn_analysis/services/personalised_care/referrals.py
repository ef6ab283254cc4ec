"""Social prescribing in numbers: referrals against the list, offers and refusals apart, and who is referred.

Each function takes the people of a network and returns a table ready for :func:`pcn_analysis.release.release` under
``hes``. How wellbeing changed is in :mod:`pcn_analysis.services.personalised_care.wellbeing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.codes import AGE_GROUPS, age_group
from pcn_analysis.contract.clauses import clause
from pcn_analysis.contract.years import asked_year
from pcn_analysis.counted import Counted
from pcn_analysis.dates import months_before
from pcn_analysis.deprivation import FIFTHS, deprivation_fifth
from pcn_analysis.provenance import Rate
from pcn_analysis.services.counts import MET, NOT_MET, SHARE, Classes, conditions, never_of
from pcn_analysis.services.ethnic_groups import ORDER, ethnic_group
from pcn_analysis.services.neighbourhood_inequalities.ethnicity import DIMENSION, tied_to_broad_groups
from pcn_analysis.services.personalised_care import REFERRAL
from pcn_analysis.services.service_table import service_rows, service_table
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.words import NOT_KNOWN

if TYPE_CHECKING:
    from pcn_analysis.counted import Conditions
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable
    from pcn_analysis.services.service_table import ServiceTable
    from pcn_analysis.services.specification import Measure

SERVICE = "personalised_care"
OF_LIST = "Referred to social prescribing in 12 months, of everyone registered"
OF_COHORT = "Referred to social prescribing in 12 months, of those who may benefit"
REFERRED, DECLINED, OFFERED, NOTHING = (
    "referred",
    "declined or unsuitable",
    "offered, and nothing more",
    "none of these",
)
OUTCOMES = {REFERRED: f"{REFERRAL}_date", DECLINED: f"{REFERRAL}_declined_date", OFFERED: f"{REFERRAL}_offered_date"}
"""What became of social prescribing, and the date that says so; the first that a person has counts."""
BECAME_OF = "social prescribing in 12 months"
OTHER_SEX = "indeterminate or not known"
SEXES = ("female", "male", OTHER_SEX)
EVERYONE = ("everyone_people", "everyone_of")
RATES = (Rate("everyone_share", *EVERYONE), Rate("share", "people", "of", interval=True, against="everyone_share"))


def referrals(population: Population, year: str = "") -> SourcedTable:
    """How many of everyone registered were referred to social prescribing in 12 months, or declined, or were offered.

    An offer is no referral. Everybody is in one row: who was referred is not in the others, whatever came before.

    Returns
    -------
    SourcedTable
        One row an outcome: outcome, people, of (everyone registered), share with limits, lower and upper (thresholds of
        PC-01, a share; null in the other rows, or where not known), standing (of these). No rows where no referral is
        recorded of anybody.
    """
    asked = asked_year(year, population.index_date)
    table = service_table(population, SERVICE, asked)
    became = _became_of(population, asked)
    limits = [clause(f"personalised_pc01_{end}", asked) for end in ("lower", "upper")]
    lower, upper = (float(one.value) if one.value else pd.NA for one in limits)
    rows = [
        {"outcome": name, "people": int((became == name).sum()), "of": len(became),
         "lower": lower if name == REFERRED else pd.NA, "upper": upper if name == REFERRED else pd.NA,
         "standing": limits[0].standing if name == REFERRED else ""}
        for name in (*OUTCOMES, NOTHING)
        if became is not None
    ]  # fmt: skip
    columns = ["outcome", "people", "of", "lower", "upper", "standing"]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("people", "of"), "Int64"))
    frame = with_rates(frame.astype(dict.fromkeys(("lower", "upper"), "Float64")), (SHARE,))
    counted = {"people": Counted((f"outcome={BECAME_OF}",), never=_tied(table)), "of": Counted()}
    return population.sourced(
        frame, counts=("people", "of"), rates=(SHARE,), numbers=("lower", "upper"), counted=counted
    )


def equity(population: Population, year: str = "", measure: str = OF_LIST) -> SourcedTable:
    """Who is referred, of everyone registered: by sex, age, deprivation of the area and ethnic group.

    Need differs between groups, so that equal shares need not be fair ones. Of those who may benefit the numbers are
    often too small to show; ``OF_COHORT`` asks for them.

    Returns
    -------
    SourcedTable
        One row a group: by (sex, age, deprivation, ethnicity), group, people (referred), of (everyone),
        share with limits, and the same of everyone; share_compared says whether the whole interval lies above or below
        everyone's. *Not stated* and *not known* are apart. No rows where either is not known of anybody, and none of a
        kind of group that is not.
    """
    table = service_table(population, SERVICE, asked_year(year, population.index_date))
    asked = next(one for one in table.service.measures if one.name == measure)
    held = table.measures.get(measure)
    rows: list[dict[str, Any]] = []
    means: dict[Any, Conditions | None] = {}
    columns = ["by", "group", "people", "of", *EVERYONE]
    for classes in [] if held is None else _groups(table.people):
        met, of = held.fillna(False).groupby(classes.of).sum(), held.notna().groupby(classes.of).sum()
        for name in classes.order:
            if name == OTHER_SEX and not of.get(name, 0):
                continue
            sizes = int(met.get(name, 0)), int(of.get(name, 0)), int(held.sum()), int(held.notna().sum())
            rows.append(dict(zip(columns, (classes.column, name, *sizes), strict=True)))
            means[classes.column, name] = ((classes.dimension, (name,)),)
    counts = tuple(columns[2:])
    frame = with_rates(pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(counts, "Int64")), RATES)
    counted = _counted(table, asked, means)
    return population.sourced(frame, counts=counts, rates=RATES, counted=counted)


def _became_of(population: Population, year: str) -> pd.Series | None:
    """What became of social prescribing for each person; None where no referral is recorded of anybody."""
    people = service_rows(population, SERVICE, year)
    held = [name for name in OUTCOMES.values() if name in people]
    if OUTCOMES[REFERRED] not in held:
        return None
    months = int(clause("personalised_referral_months", year).number)
    first = pd.Timestamp(months_before(population.index_date, months))
    became = pd.Series(NOTHING, index=people.index, dtype="str")
    for name, column in reversed(OUTCOMES.items()):
        if column in held:
            became = became.mask(people[column].ge(first).fillna(False), name)
    return became


def _tied(table: ServiceTable) -> tuple[Conditions, ...]:
    """What nobody can be: referred, and not by the measure; or the other way round."""
    measure = next(one for one in table.service.measures if one.name == OF_LIST)
    (name, _), *_ = conditions(table, measure, (MET,))
    others = (DECLINED, OFFERED, NOTHING)
    return (((BECAME_OF, (REFERRED,)), (name, (NOT_MET,))), ((BECAME_OF, others), (name, (MET,))))


def _groups(people: pd.DataFrame) -> list[Classes]:
    """The kinds of group that are known of anybody."""
    nothing = pd.Series(pd.NA, index=people.index, dtype="Int64")
    sex = people["sex"].astype("str").where(people["sex"].isin(SEXES[:2]), OTHER_SEX)
    found = [
        Classes("sex", "sex", SEXES, sex),
        Classes("age", "age_group", tuple(AGE_GROUPS), age_group(people["age"])),
        Classes("deprivation", "deprivation_fifth", FIFTHS, deprivation_fifth(people.get("imd_decile", nothing))),
        Classes("ethnicity", DIMENSION, ORDER, ethnic_group(people.get("ethnicity", nothing.astype("str")))),
    ]
    return [one for one in found if set(one.of) - {NOT_KNOWN, OTHER_SEX}]


def _counted(table: ServiceTable, measure: Measure, means: dict[Any, Conditions | None]) -> dict[str, Counted]:
    """Whom the columns of :func:`equity` count."""
    whom = {"people": (MET,), "of": (MET, NOT_MET)}
    never = (*never_of([table]), *tied_to_broad_groups())
    found = {}
    for name, classes in whom.items():
        where = conditions(table, measure, classes)
        found[name] = Counted(where=where, never=never, means={("by", "group"): means})
        found[f"everyone_{name}"] = Counted(where=where, never=never)
    return found
