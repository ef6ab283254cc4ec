"""Risk tiers of people on six registers, as North Central London published them: who to review first, and why.

One file a register, in the format of segmentation models: tiers are segments, everyone else on the register is the
remainder, people who are not on it are apart. Inequalities are strict where they were published so. Most rules rest on
something that no column of the person table holds; it stands in the files as ``not_available`` and is never guessed.

References
----------
North Central London ICB, long-term conditions locally commissioned service, ncl-icb-analytics/dbt-ncl-analytics at
213ca0542d52 (OGL 3 and MIT): the definitions in words.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from pcn_analysis import rules
from pcn_analysis.engine import on_frames
from pcn_analysis.exceptions import nearest, problem
from pcn_analysis.rules.model_files import model_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    import pandas as pd

    from pcn_analysis.engine import Lazy
    from pcn_analysis.rules import Model

FOLDER = files("pcn_analysis") / "anticipatory" / "risk_tiers"


def find_tiers() -> tuple[str, ...]:
    """Names of the registers that have tiers; each is ``anticipatory/risk_tiers/<name>.yaml``.

    Examples
    --------
    >>> find_tiers()
    ('copd', 'coronary_heart_disease', 'diabetes', 'heart_failure', 'hypertension', 'kidney_disease')
    """
    return tuple(sorted(one.name.removesuffix(".yaml") for one in FOLDER.iterdir() if one.name.endswith(".yaml")))


@cache
def tiers_of(register: str) -> Model:
    """Find the tiers of a register.

    Raises
    ------
    PcnAnalysisError
        If the register has none.

    Examples
    --------
    >>> [one.name for one in tiers_of("heart_failure").ordered()]
    ['High risk (HR)', 'Medium risk (MR)']
    """
    if register not in find_tiers():
        raise problem("risk tiers", f"there are none of {register}", nearest(register, find_tiers()))
    return model_of((FOLDER / f"{register}.yaml").read_text(encoding="utf-8"), f"{register}.yaml")


@on_frames
def risk_tiers(
    people: Lazy, *, register: str, on: dt.date, incomplete: Mapping[str, Collection[str]] = rules.COMPLETE
) -> Lazy:
    """Put each person in a tier of one register.

    Parameters
    ----------
    people
        The person table. A rule whose columns it lacks puts nobody in a tier; a missing value meets nothing.
    register
        One of :func:`find_tiers`.
    on
        The index date.
    incomplete
        What is missing behind columns that are there, in words.

    Returns
    -------
    LazyFrame
        One row a person: person_id, tier, next_tier (where they would be if nothing put them in their own; null for
        the remainder and for those who are not on the register). Who is on the register and in no tier is low risk
        only where every tier could be assessed; until then "None of those assessed". Where it is not known who is on
        the register nobody is in a tier.

    Raises
    ------
    PcnAnalysisError
        If the register has no tiers.

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> people = pd.DataFrame({
    ...     "person_id": ["p1", "p2", "p3"], "on_dm_register": [True, True, False], "hba1c": [90.1, 58.0, 95.0]})
    >>> tiers = risk_tiers(people, register="diabetes", on=dt.date(2026, 7, 1)).sort_values("person_id")
    >>> tiers["tier"].to_list()
    ['High risk and complex (HRC)', 'None of those assessed', 'Not on the register']
    """
    labelled = rules.label(people, tiers_of(register), on=on, incomplete=incomplete)
    return labelled.rename({"segment": "tier", "next_segment": "next_tier"})


@on_frames
def tier_reasons(people: Lazy, *, register: str, on: dt.date) -> Lazy:
    """List the rules that each person on a register meets, of whichever tier.

    Parameters
    ----------
    people, register, on
        As in :func:`risk_tiers`.

    Returns
    -------
    LazyFrame
        One row a person and rule, as ``tables.REASONS``: person_id, element, date (the latest record behind it),
        source. Nobody has any where it is not known who is on the register.

    Raises
    ------
    PcnAnalysisError
        If the register has no tiers.
    """
    model = tiers_of(register)
    whom = {"_on_register": model.whom} if model.whom else {}
    flagged = rules.flags(people, whom, on=on)
    known = "_on_register" in flagged.collect_schema().names()
    members = flagged.filter("_on_register").drop("_on_register") if known else people.head(0)
    return rules.reasons(members, [element for _, element in model.elements()], on=on)


def tier_coverage(
    columns: Collection[str], *, register: str, incomplete: Mapping[str, Collection[str]] = rules.COMPLETE
) -> pd.DataFrame:
    """Say which rules of a register a person table can assess, and what is missing behind the others.

    Parameters
    ----------
    columns
        Columns of the person table.
    register, incomplete
        As in :func:`risk_tiers`.

    Returns
    -------
    DataFrame
        As :func:`pcn_analysis.rules.coverage`: element, status, missing.
    """
    return rules.coverage([element for _, element in tiers_of(register).elements()], columns, incomplete)
