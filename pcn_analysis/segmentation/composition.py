"""Who the people are, before any model is put to them: their ages and sexes, and how often they were seen.

Each function takes a :class:`pcn_analysis.population.Population`, counts people of its stored person table, and
returns a table ready for :func:`pcn_analysis.release.release` under ``hes``. It needs no practice, no area and no
codelist, so that it describes people of whom a model can say nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from pcn_analysis import engine
from pcn_analysis.codes import AGE_GROUPS, age_group
from pcn_analysis.provenance import Counted, Rate
from pcn_analysis.rules import ASSESSED
from pcn_analysis.segmentation import counting
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.thresholds import SMALLEST_SHOWN
from pcn_analysis.words import NOT_ASSESSED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pcn_analysis.counted import Conditions
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable

OLD = 65
EVERYONE, ALL_AGES, OLD_AGES = "everyone", "all ages", f"{OLD} or over"
"""What the totals are called."""
SEXES = ("female", "male", "indeterminate or not known")
KINDS = {
    "ae_12m": "A&E attendance",
    "nel_12m": "Emergency admission",
    "el_12m": "Planned admission",
    "op_12m": "Outpatient attendance",
    "gp_12m": "GP contact",
}
"""Columns of ``tables.ACTIVITY`` that are described, and what one such contact is called."""

SHARE = Rate("share", "patients", "registered")
EACH = Rate("contacts_each", "contacts", "registered")


def by_age_and_sex(population: Population) -> SourcedTable:
    """People by broad age group and sex, with totals.

    Returns
    -------
    SourcedTable
        One row a sex and age group: sex (everyone, then those of ``SEXES`` that there are), age_group (all ages, then
        the groups that anyone is of, then 65 or over), patients, registered (everyone), share (of everyone). Those of
        no known sex are a group of their own, never left out. No rows where there is nobody.
    """
    people = population.tables["person_table"]
    found = engine.to_pandas(people.group_by("age", "sex").agg(patients=nw.len()))
    rows = with_totals(found.assign(people=EVERYONE), "people", [EVERYONE]).drop(columns="people")
    rows = rows.assign(registered=found["patients"].sum())
    rows = rows if len(found) else rows.head(0)
    patients = Counted(by=("sex", "age_group"), means=old_ages(rows["age_group"]))
    counted = {"patients": patients, "registered": counting.EVERYBODY}
    return population.sourced(with_rates(rows, (SHARE,)), counts=tuple(counted), rates=(SHARE,), counted=counted)


def with_totals(found: pd.DataFrame, by: str, groups: Sequence[str]) -> pd.DataFrame:
    """Count people of some groups by sex and broad age group, with totals.

    Parameters
    ----------
    found
        Numbers of people: age (completed years), sex, patients, and the column ``by``.
    by, groups
        The column of the groups, and the groups in order; every one has all sexes and ages that anyone has.

    Returns
    -------
    DataFrame
        One row a group, sex (everyone first) and age_group (all ages first, 65 or over last): patients.
    """
    found = found.assign(
        age_group=age_group(found["age"]), sex=found["sex"].where(found["sex"].isin(SEXES[:2]), SEXES[2])
    )
    ages = [ALL_AGES, *(group for group in AGE_GROUPS if group in set(found["age_group"])), OLD_AGES]
    sexes = [EVERYONE, *(sex for sex in SEXES if sex in set(found["sex"]))]
    both = pd.concat([found, found.assign(sex=EVERYONE)])
    old = both[both["age"] >= OLD].assign(age_group=OLD_AGES)
    keys = [by, "sex", "age_group"]
    counts = pd.concat([both, both.assign(age_group=ALL_AGES), old]).groupby(keys)["patients"].sum()
    every = pd.MultiIndex.from_product([groups, sexes, ages], names=keys)
    return counts.reindex(every, fill_value=0).reset_index()


def old_ages(groups: Iterable[str]) -> dict[str, dict[str, Conditions]]:
    """What the row of the old stands for: the groups of the old that there are.

    Examples
    --------
    >>> old_ages(["0-19", "65-74", "75-84", OLD_AGES])
    {'age_group': {'65 or over': (('age_group', ('65-74', '75-84')),)}}
    """
    old = [group for group in AGE_GROUPS if int(group[:2].strip("-")) >= OLD]
    there = tuple(group for group in old if group in set(groups)) or tuple(old)
    return {"age_group": {OLD_AGES: (("age_group", there),)}}


def contacts(population: Population) -> SourcedTable:
    """How many people had each kind of contact in the 12 months before the index date, and how many contacts.

    Contacts that were attended are counted, as :func:`pcn_analysis.person.activity.activity_columns` does. A kind that
    the records never hold, or hold of none of these people, is not assessed and has no numbers.

    Returns
    -------
    SourcedTable
        One row a kind of ``KINDS``, in order: contact, patients (with at least one), registered (of whom the number is
        known), share, contacts (null where one to seven people had any), contacts_each (for each person), not_known
        (people of whom it is not), recorded (whether the kind is in the records), status. No rows where no kind is.
    """
    people = population.tables["person_table"]
    present = [name for name in KINDS if name in people.collect_schema().names()]
    found = engine.to_pandas(people.select("person_id", *present)).reindex(columns=list(KINDS)).astype("Int64")
    known = found.notna().sum()
    rows = pd.DataFrame(
        {
            "contact": pd.Series(KINDS),
            "patients": (found > 0).sum(),
            "registered": known,
            "contacts": found.sum(),
            "not_known": found.isna().sum(),
            "recorded": known > 0,
        }
    ).reset_index(drop=True)
    counts = ["patients", "registered", "contacts", "not_known"]
    rows[counts] = rows[counts].astype("Int64").where(rows["recorded"])
    rows = without_few(rows, ["patients"], ["contacts"])
    rows["status"] = rows["recorded"].map({True: ASSESSED, False: NOT_ASSESSED})
    frame = with_rates(rows if rows["recorded"].any() else rows.head(0), (SHARE, EACH))
    unknown = set(rows.loc[rows["not_known"].gt(0).fillna(False), "contact"])
    return population.sourced(frame, counts=tuple(counts), rates=(SHARE, EACH), counted=_whose(unknown))


def _whose(unknown: set[str]) -> dict[str, Counted]:
    """Whom the numbers of contacts count; it is not of everyone known of some kinds whether they had any."""
    kinds = KINDS.values()
    return {
        "patients": Counted(groups=(f"contact={counting.SEEN}",)),
        "registered": Counted(means={"contact": counting.known_of(kinds, unknown, counting.SEEN)}),
        "contacts": Counted(by=(counting.KIND,), of=counting.CONTACTS),
        "not_known": Counted(means={"contact": counting.not_known_of(kinds, counting.SEEN)}),
    }


def without_few(
    rows: pd.DataFrame, people: Sequence[str], columns: Sequence[str], whole: str | None = None
) -> pd.DataFrame:
    """Leave out how much was had where one to seven people had any: it would say much of each of them.

    Parameters
    ----------
    rows
        One row a group.
    people
        Columns that count who had any.
    columns
        How much they had; all are left out of a row where any of ``people`` is one to seven.
    whole
        Label of the row that the others add up to, if there is one. What is left out of the others could be worked out
        from it, so that the smallest others are left out as well until that is of eight people or more.

    Examples
    --------
    >>> seen = pd.DataFrame({"seen": [51, 1, 20, 30], "contacts": [161, 61, 40, 60]}, index=["all", "a", "b", "c"])
    >>> without_few(seen.astype("Int64"), ["seen"], ["contacts"], whole="all")["contacts"].to_list()
    [161, <NA>, <NA>, 60]
    """
    few = pd.Series(False, index=rows.index)
    for name in people:
        few |= rows[name].between(1, SMALLEST_SHOWN - 1).fillna(False).astype(bool)
    part = rows.index != whole
    for name in people if whole is not None else ():
        others = rows.loc[part & ~few & (rows[name] > 0), name].sort_values(kind="stable").index
        for other in others:
            if not 0 < rows.loc[part & few, name].sum() < SMALLEST_SHOWN:
                break
            few[other] = True
    return rows.assign(**{name: rows[name].mask(few) for name in columns})
