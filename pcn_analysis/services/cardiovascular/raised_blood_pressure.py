"""Raised blood pressure of people who are not on the hypertension register, and how it was followed up (CVD-01).

What a reading is stands in :mod:`pcn_analysis.services.cardiovascular.blood_pressure_readings`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis import codelists
from pcn_analysis.contract.clauses import clause
from pcn_analysis.contract.years import first_day
from pcn_analysis.dates import months_before
from pcn_analysis.engine import distinct, on_frames
from pcn_analysis.person.conditions import recorded_conditions
from pcn_analysis.person.medicine_lists import issues_on_lists
from pcn_analysis.person.wide import beside
from pcn_analysis.schema import Column
from pcn_analysis.services.cardiovascular.blood_pressure_readings import days_read, of_last_day

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.engine import Lazy

NORMAL, AMBULATORY, HOME, REFERRED, STARTED, DECLINED = ROUTES = (
    "a later reading that is not raised",
    "ambulatory monitoring",
    "home monitoring",
    "on the register, and referred the same day",
    "on the register, and treatment started",
    "on the register, and treatment declined",
)
"""Ways of following a raised reading up, in the order that counts where two are of one day."""
NONE_RECORDED, NOT_ASKED = "none recorded", "no raised reading"
"""Follow-up of a raised reading of which no record tells; and of those who have no such reading."""
EVENTS = ("ambulatory_blood_pressure", "home_blood_pressure", "same_day_hypertension_referral",
          "blood_pressure_treatment")  # fmt: skip
"""Events of care that the routes rest on."""
FOLLOW_UP = (
    Column("raised_blood_pressure_date", "date", "Raised reading that CVD-01 asks about.", nullable=True),
    Column(
        "blood_pressure_follow_up",
        "category",
        "How the raised reading was followed up first.",
        allowed=(*ROUTES, NONE_RECORDED, NOT_ASKED),
    ),
    Column("blood_pressure_follow_up_date", "date", "When it was followed up so.", nullable=True),
)


@dataclass(frozen=True)
class Rule:
    """What CVD-01 asks in a contract year.

    Parameters
    ----------
    first_day
        1 April of the contract year.
    look_back
        Months before it whose last reading counts.
    systolic, diastolic
        Pressures from which a reading is raised, in mm[Hg].
    new_months
        Months without an antihypertensive before one that is called started.
    """

    first_day: dt.date
    look_back: int
    systolic: float
    diastolic: float
    new_months: int

    @property
    def start(self) -> dt.date:
        """First day whose readings count."""
        return months_before(self.first_day, self.look_back)


def rule_of(year: str) -> Rule:
    """What CVD-01 asks in a contract year, from the clauses.

    Examples
    --------
    >>> rule_of("2026/27").start
    datetime.date(2024, 4, 1)
    """
    number = {name: clause(f"cvd_{name}", year).number for name in
              ("look_back_months", "raised_systolic", "raised_diastolic", "new_treatment_months")}  # fmt: skip
    return Rule(
        first_day(year),
        int(number["look_back_months"]),
        number["raised_systolic"],
        number["raised_diastolic"],
        int(number["new_treatment_months"]),
    )


@on_frames
def blood_pressure_follow_up(
    measurements: Lazy,
    events: Lazy,
    issues: Lazy,
    conditions: Lazy,
    people: Lazy,
    *,
    on: dt.date,
    rule: Rule,
) -> Lazy:
    """Say who has a raised reading without being on the hypertension register, and how it was followed up first.

    The raised reading is the last one in the months before 1 April, if that is raised; else the first raised one since.
    Whoever was on the register before that day is not asked about. Follow-up is of that day or later: ambulatory or
    home monitoring; being put on the register together with a same-day referral, with treatment started (an event, or
    an issue of an antihypertensive after some months without one), or with treatment declined. A later reading that is
    not raised counts where it is the last of all.

    Parameters
    ----------
    measurements, events, issues, conditions
        ``tables.MEASUREMENTS``, ``CARE_EVENTS``, ``MEDICATIONS`` and ``CONDITIONS``. Records from the index date on
        are not read.
    people
        One row a person, with person_id and, where it is known, on_hyp_register; of whoever is on the register without
        a dated record of hypertension it is taken that they were before.
    on
        The index date.
    rule
        What CVD-01 asks in the contract year.

    Returns
    -------
    LazyFrame
        One row a person of ``people``: person_id and ``FOLLOW_UP``.

    References
    ----------
    Ardens, IIF: Cardiovascular disease prevention (CVD), support article 31000166923, on IIF 2022/23; NICE NG136.
    """
    days = days_read(measurements, on)
    asked = _asked(days, conditions, people, on, rule)
    registered = asked.filter(~nw.col("since").is_null()).select("person_id", "since")
    later = _later_events(events, asked, on)
    found = (
        (NORMAL, _normal(days, asked, rule)),
        (AMBULATORY, _of(later, EVENTS[0], "done")),
        (HOME, _of(later, EVENTS[1], "done")),
        (REFERRED, _with_register(_of(later, EVENTS[2], "done"), registered)),
        (STARTED, _with_register(_of(later, EVENTS[3], "done"), registered)),
        (STARTED, _with_register(_new_treatment(issues, asked, on, rule), registered)),
        (DECLINED, _with_register(_of(later, EVENTS[3], "declined", "unsuitable"), registered)),
    )
    return _first_routes(asked, found, people)


def _raised(rule: Rule) -> Any:
    return (nw.col("systolic") >= rule.systolic) | (nw.col("diastolic") >= rule.diastolic)


def _asked(days: Lazy, conditions: Lazy, people: Lazy, on: dt.date, rule: Rule) -> Lazy:
    """Whom CVD-01 asks about: person_id, raised (the day), since (when they came on the register; null: they are not).

    The last reading before 1 April is earlier than any since, so that the earlier of the two is the one.
    """
    day = nw.col("date")
    before = of_last_day(days.filter(day >= rule.start, day < rule.first_day)).filter(_raised(rule))
    since = days.filter(day >= rule.first_day, _raised(rule))
    both = nw.concat([one.select("person_id", raised=day) for one in (before, since)])
    raised = both.group_by("person_id").agg(nw.col("raised").min())
    asked = raised.join(_registered(conditions, people, on), on="person_id", how="left")
    known, on_it = nw.col("since"), nw.col("_on_register")
    return asked.filter(on_it.is_null() | (known >= nw.col("raised"))).select("person_id", "raised", "since")


def _registered(conditions: Lazy, people: Lazy, on: dt.date) -> Lazy:
    """Who is on the register, and since when: the first record of hypertension, null where none is dated."""
    recorded = recorded_conditions(conditions, on=on).filter(nw.col("condition") == "hypertension", nw.col("current"))
    dated = recorded.select("person_id", since=nw.col("first_date").cast(nw.Date))
    told = "on_hyp_register" in people.collect_schema().names()
    flagged = people.select("person_id", _told=nw.col("on_hyp_register") if told else nw.lit(False))
    known = flagged.join(dated, on="person_id", how="left").filter(~nw.col("since").is_null() | nw.col("_told"))
    return known.select("person_id", "since", _on_register=nw.lit(True))


def _later_events(events: Lazy, asked: Lazy, on: dt.date) -> Lazy:
    """Events of those who are asked about, from the day of the raised reading on: person_id, event, outcome, date."""
    date = nw.col("event_date").cast(nw.Date)
    dated = events.filter(date < on, nw.col("event").is_in(EVENTS)).select("person_id", "event", "outcome", date=date)
    joined = dated.join(asked.select("person_id", "raised"), on="person_id", how="inner")
    return joined.filter(nw.col("date") >= nw.col("raised"))


def _of(later: Lazy, event: str, *outcomes: str) -> Lazy:
    """The first event of a kind: person_id, date."""
    kept = later.filter(nw.col("event") == event, reduce(or_, [nw.col("outcome") == one for one in outcomes]))
    return kept.group_by("person_id").agg(nw.col("date").min())


def _normal(days: Lazy, asked: Lazy, rule: Rule) -> Lazy:
    """Those whose last reading of all is later than the raised one, and not raised."""
    last = of_last_day(days).filter(~_raised(rule)).select("person_id", "date")
    joined = last.join(asked.select("person_id", "raised"), on="person_id", how="inner")
    return joined.filter(nw.col("date") > nw.col("raised")).select("person_id", "date")


def _new_treatment(issues: Lazy, asked: Lazy, on: dt.date, rule: Rule) -> Lazy:
    """The first antihypertensive since the raised reading, of those who had none in the months before it."""
    rows = [row for row in codelists.rows("service_medicine_groups") if row["group"] == "antihypertensives"]
    date = nw.col("drug_exposure_start_date").cast(nw.Date)
    dated = issues.select("person_id", "bnf_code", date=date).filter(nw.col("date") < on)
    joined = issues_on_lists(dated, rows, name="group").join(
        asked.select("person_id", "raised"), on="person_id", how="inner"
    )
    raised = nw.col("raised")
    earliest = raised.dt.offset_by(f"-{rule.new_months}mo").cast(nw.Date)
    had = distinct(joined.filter(nw.col("date") < raised, nw.col("date") >= earliest).select("person_id"))
    since = joined.filter(nw.col("date") >= raised).join(had, on="person_id", how="anti")
    return since.group_by("person_id").agg(nw.col("date").min())


def _with_register(found: Lazy, registered: Lazy) -> Lazy:
    """Those who were put on the register as well: both are there on the later of the two days."""
    joined = found.join(registered, on="person_id", how="inner")
    return joined.select("person_id", date=nw.max_horizontal("date", "since"))


def _first_routes(asked: Lazy, found: tuple[tuple[str, Lazy], ...], people: Lazy) -> Lazy:
    """Everyone with the first route of whoever is asked about."""
    parts = [
        one.select("person_id", "date", route=nw.lit(route), rank=nw.lit(ROUTES.index(route))) for route, one in found
    ]
    first = nw.concat(parts).unique(subset=["person_id"], keep="first", order_by=["date", "rank"])
    routed = asked.join(first, on="person_id", how="left").select(
        "person_id",
        raised_blood_pressure_date="raised",
        blood_pressure_follow_up=nw.when(nw.col("route").is_null()).then(nw.lit(NONE_RECORDED)).otherwise(
            nw.col("route")
        ),
        blood_pressure_follow_up_date="date",
    )  # fmt: skip
    word = nw.col("blood_pressure_follow_up")
    everyone = beside(people, routed)
    return everyone.with_columns(
        blood_pressure_follow_up=nw.when(word.is_null()).then(nw.lit(NOT_ASKED)).otherwise(word)
    )
