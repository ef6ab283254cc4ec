"""How many medicines a person has on an index date, and when those of some groups were last issued."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import narwhals as nw

from pcn_analysis import codelists, tables
from pcn_analysis.dates import months_before
from pcn_analysis.engine import on_frames, to_pandas
from pcn_analysis.person.medicine_lists import SUBSTANCE, issues_on_lists
from pcn_analysis.person.wide import beside, set_wide

if TYPE_CHECKING:
    from pcn_analysis.engine import Lazy

CURRENT_DAYS = 84
"""A medicine issued in so many days before the index date counts as taken: three issues of 28 days."""


def has_bnf_codes(medications: Lazy, *, on: dt.date) -> bool:
    """Whether any issue before the index date has a BNF code; without one nothing is known of groups of medicines."""
    date = nw.col("drug_exposure_start_date").cast(nw.Date)
    coded = medications.filter(~nw.col("bnf_code").is_null(), date < on).select("bnf_code")
    return not to_pandas(coded.head(1)).empty


@on_frames
def medicine_columns(medications: Lazy, people: Lazy, *, on: dt.date) -> Lazy:
    """Count medicines and issues of each person: the medicine columns of the person table.

    Two medicines differ if their substances do (the first nine characters of the BNF code), or their names where
    there is no code: two strengths of one substance are one. The list of preparations that a count of polypharmacy
    leaves out (such as vaccines, appliances and dressings) is **not** applied yet: everything issued counts.

    Parameters
    ----------
    medications
        ``tables.MEDICATIONS``; issues from the index date on are not read.
    people
        One row a person, with person_id.
    on
        The index date.

    Returns
    -------
    LazyFrame
        One row a person of ``people``: person_id; n_medications (different medicines issued in the 84 days before
        ``on``); n_medications_12m; then for each group of codelists/medicine_groups.csv <group>_12m (issues in the
        12 months before ``on``) and <group>_date (latest issue before ``on``; null without one). Counts are 0 for a
        person without issues.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["p1", "p2"]})
    >>> issues = pd.DataFrame({
    ...     "person_id": "p1", "drug_exposure_start_date": pd.to_datetime(["2025-08-01", "2026-06-01"]),
    ...     "bnf_code": ["0403010B0", "0212000B0"], "drug_name": ["Amitriptyline", "Atorvastatin"]})
    >>> counted = medicine_columns(issues, people, on=dt.date(2026, 7, 1)).sort_values("person_id")
    >>> counted[["n_medications", "n_medications_12m", "antidepressants_12m"]].to_numpy().tolist()
    [[1, 2, 1], [0, 0, 0]]
    """
    date = nw.col("drug_exposure_start_date").cast(nw.Date)
    issues = medications.select("person_id", "bnf_code", "drug_name", date=date).filter(nw.col("date") < on)
    counts = ["n_medications", "n_medications_12m"]
    by_group = {f"{group}_12m": (group, "issues") for group in tables.MEDICINE_GROUPS}
    dates = {f"{group}_date": (group, "date") for group in tables.MEDICINE_GROUPS}
    grouped = set_wide(_issues_by_group(issues, on), "group", by_group | dates)
    counted = beside(people, _different_medicines(issues, on), counts=counts)
    both = counted.join(beside(people, grouped, counts=list(by_group)), on="person_id", how="left")
    in_order = [name for group in tables.MEDICINE_GROUPS for name in (f"{group}_12m", f"{group}_date")]
    return both.select("person_id", *counts, *in_order)


def _different_medicines(issues: Lazy, on: dt.date) -> Lazy:
    """Count a medicine once, by its latest issue."""
    recent = on - dt.timedelta(days=CURRENT_DAYS)
    substance = nw.col("bnf_code").str.slice(0, SUBSTANCE)
    named = nw.when(nw.col("bnf_code").is_null()).then(nw.col("drug_name")).otherwise(substance)
    latest = (
        issues.filter(nw.col("date") >= months_before(on, 12))
        .select("person_id", "date", medicine=named)
        .group_by("person_id", "medicine")
        .agg(nw.col("date").max())
    )
    return (
        latest.select(
            "person_id",
            n_medications=nw.when(nw.col("date") >= recent).then(nw.lit(1)).otherwise(nw.lit(0)),
            n_medications_12m=nw.lit(1),
        )
        .group_by("person_id")
        .agg(nw.col("n_medications").sum(), nw.col("n_medications_12m").sum())
    )


def _issues_by_group(issues: Lazy, on: dt.date) -> Lazy:
    """Issues of each group of medicines: person_id, group, issues (12 months), date (the latest)."""
    within = nw.when(nw.col("date") >= months_before(on, 12)).then(nw.lit(1)).otherwise(nw.lit(0))
    return (
        issues_on_lists(issues, codelists.rows("medicine_groups"), name="group")
        .with_columns(issues=within)
        .group_by("person_id", "group")
        .agg(nw.col("issues").sum(), nw.col("date").max())
    )
