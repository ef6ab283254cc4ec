"""The medicines that QRISK3 asks of, from issues."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis import codelists
from pcn_analysis.dates import months_before
from pcn_analysis.engine import distinct
from pcn_analysis.person.medicine_lists import issues_on_lists
from pcn_analysis.person.medicines import CURRENT_DAYS
from pcn_analysis.person.wide import beside, set_wide

if TYPE_CHECKING:
    from pcn_analysis.engine import Lazy

TREATMENTS = ("antihypertensives", "atypical_antipsychotics", "corticosteroids", "erectile_dysfunction", "statin")
REGULAR_ISSUES, REGULAR_DAYS = 2, 28
"""Regular use: issued on at least two days, the latest no more than 28 days before (BMJ 2017;357:j2099)."""
STATIN_MONTHS = 12
"""A statin issued in so many months counts as taken; our choice, as it lowers the cholesterol that is measured."""


def treated(medications: Lazy, people: Lazy, *, on: dt.date) -> Lazy:
    """Say of each person which treatments are taken before an index date.

    Atypical antipsychotics and corticosteroids: issued on at least two days, the latest within 28 days.
    Antihypertensives: issued within 84 days (our choice). A statin: within 12 months. Medicines for erectile
    dysfunction: ever.

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
        One row a person of ``people``: person_id and a true or false column for each of ``TREATMENTS``.
    """
    date = nw.col("drug_exposure_start_date").cast(nw.Date)
    issues = medications.select("person_id", "bnf_code", date=date).filter(nw.col("date") < on)
    matched = issues_on_lists(issues, codelists.rows("qrisk3_medicines"), name="input")
    days = distinct(matched.select("person_id", "input", "date", _one=nw.lit(1)))
    counted = days.group_by("person_id", "input").agg(nw.col("date").max(), _issues=nw.col("_one").sum())
    met = nw.when(_taken(on)).then(nw.lit(1)).otherwise(nw.lit(0))
    wide = set_wide(counted.with_columns(_met=met), "input", {one: (one, "_met") for one in TREATMENTS})
    return beside(people, wide, counts=TREATMENTS).select("person_id", **{one: nw.col(one) == 1 for one in TREATMENTS})


def _taken(on: dt.date) -> Any:
    """Whether the number of days of issue and the latest of them make a treatment a current one."""
    what, date = nw.col("input"), nw.col("date")
    regular = (nw.col("_issues") >= REGULAR_ISSUES) & (date >= on - dt.timedelta(days=REGULAR_DAYS))
    return (
        (what.is_in(["atypical_antipsychotics", "corticosteroids"]) & regular)
        | ((what == "antihypertensives") & (date >= on - dt.timedelta(days=CURRENT_DAYS)))
        | ((what == "statin") & (date >= months_before(on, STATIN_MONTHS)))
        | (what == "erectile_dysfunction")
    )
