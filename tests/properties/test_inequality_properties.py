"""Statements on checks, plans and indices of inequality that hold for every set of records, on every engine."""

import datetime as dt

import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcn_analysis.dates import months_before
from pcn_analysis.engine import lazy, on_frames
from pcn_analysis.provenance import Rate
from pcn_analysis.services.ethnic_groups import NOT_STATED, RECORDED_AS, ethnic_group, how_recorded
from pcn_analysis.services.neighbourhood_inequalities import CHECK, PLAN, planned_checks, seasons
from pcn_analysis.services.neighbourhood_inequalities.indices import KNOWN, SAME, inequalities
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.words import NOT_KNOWN
from tests.unit.vignettes import by_person, care_event, frame, person

pytestmark = pytest.mark.properties

ON = dt.date(2026, 7, 1)
DAYS = ("2025-06-30", "2025-07-01", "2026-02-10", "2026-02-11", "2026-06-30", "2026-07-01")
WHO = ("p1", "p2")
FEW = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
events = st.lists(
    st.builds(care_event, st.sampled_from(WHO), st.sampled_from([CHECK, PLAN, "mdt_review"]), st.sampled_from(DAYS),
              st.sampled_from(["done", "declined"])),
    max_size=12,
)  # fmt: skip


def rewritten(rows, who):
    """When somebody last had a plan on or after a check of the 12 months, as one would look it up by hand."""
    start = months_before(ON, 12).isoformat()
    done = [one for one in rows if one["person_id"] == who and one["outcome"] == "done"]
    counted = [(one["event"], one["event_date"]) for one in done if start <= one["event_date"] < "2026-07-01"]
    days = {what: [day for event, day in counted if event == what] for what in (CHECK, PLAN)}
    after = [plan for plan in days[PLAN] if any(check <= plan for check in days[CHECK])]
    return max(after, default=None)


@FEW
@given(rows=events)
def test_a_plan_counts_from_the_day_of_a_check_on_every_engine(rows):
    records, people = frame("care_events", rows), frame("persons", [person(who) for who in WHO])
    expected = {who: rewritten(rows, who) for who in WHO}
    for held in (lazy, lambda values: lazy(pl.from_pandas(values).lazy())):
        found = planned_checks(held(records), held(people), on=ON, months=12)
        assert by_person(found, "ld_check_and_plan_date") == expected


@FEW
@given(
    said=st.lists(st.sampled_from(["White: Irish", "Not stated", "Z", "99", "Somewhere else", "", None]), max_size=8)
)
def test_whether_a_group_is_recorded_is_the_same_on_every_engine_and_agrees_with_the_group(said):
    people = pd.DataFrame({"person_id": [f"p{n}" for n in range(len(said))], "ethnicity": pd.Series(said, dtype="str")})

    @on_frames
    def recorded(rows):
        import narwhals as nw

        return rows.select("person_id", how=how_recorded(nw.col("ethnicity")))

    alike = [
        by_person(recorded(held(people)), "how") for held in (lazy, lambda rows: lazy(pl.from_pandas(rows).lazy()))
    ]
    assert alike[0] == alike[1]
    group = ethnic_group(people["ethnicity"])
    for number, how in enumerate(alike[0].values()):
        assert how in RECORDED_AS
        assert (how == NOT_STATED) == (group[number] == NOT_STATED)
        assert how != NOT_KNOWN or group[number] == NOT_KNOWN


@given(on=st.dates(dt.date(2019, 4, 1), dt.date(2027, 3, 31)))
def test_a_season_has_begun_and_the_next_is_due_only_when_none_lasts(on):
    begun, to_come = seasons(on, "09-01", "03-31")
    assert begun <= on
    assert (on - begun).days < 366
    assert (to_come is None) == (on.month >= 9 or on.month <= 3)
    assert to_come is None or (to_come > on and to_come.month == 9)


counts = st.lists(st.integers(1, 99), min_size=5, max_size=5)


@given(people=counts, better=st.sampled_from(["higher", "lower"]))
def test_turning_the_fifths_round_turns_the_slope_and_whom_it_is_worse_for(people, better):
    def found(values):
        rows = pd.DataFrame({"service": "Ours", "measure": "It", "better": better, "deprivation_fifth": list(KNOWN),
                             "people": values, "of": 100})  # fmt: skip
        return inequalities(with_rates(rows, [Rate("share", "people", "of", interval=True)])).iloc[0]

    one, other = found(people), found(people[::-1])
    assert one["sii"] == pytest.approx(-other["sii"], abs=1e-9)
    assert one["concentration_index"] == pytest.approx(-other["concentration_index"], abs=1e-9)
    assert one["sii_lower"] == pytest.approx(-other["sii_upper"], abs=1e-9)
    turned = {"the most deprived": "the least deprived", "the least deprived": "the most deprived", SAME: SAME}
    assert other["worse_for"] == turned[one["worse_for"]]
