"""What is said and drawn of care homes, of small released tables written out by hand."""

import pandas as pd
import pytest
from handmade import DRAWN, RECORDS, released

from pcn_analysis import alt_text, charts, readings
from pcn_analysis.provenance import Rate

pytestmark = pytest.mark.unit

SHARE = Rate("share", "people", "of", interval=True)
STATES = ("in_time", "late", "overdue", "not_yet_due", "left_before")


def shares(frame, provenance=RECORDS, **numbers):
    return released(frame, provenance, counts=("people", "of"), rates=(SHARE,), **numbers)


def recorded(stay_only=20, flag_only=10):
    ways = ("a stay and a flag", "a stay, no flag", "a flag, no stay")
    frame = pd.DataFrame({"recorded_as": ways, "people": [70, stay_only, flag_only], "of": 100})
    return shares(frame)


def alignment():
    classes = ("this network", "another network", "no network", "not known")
    frame = pd.DataFrame({"aligned": classes, "homes": [2, 1, 0, 0], "beds": [60, 20, 0, 0], "people": [70, 20, 0, 10],
                          "of": 100})  # fmt: skip
    return shares(frame, numbers=("homes", "beds"))


def timeliness(in_time=40, provenance=RECORDS):
    states = dict(zip(STATES, (in_time, 20, 20, 10, 0), strict=True))
    sums = {"came_due": 40 + in_time, "stays": 50 + in_time}
    row = {"thing": "Personalised care and support plan", "working_days": 7} | states | sums
    rate = (Rate("share", "in_time", "came_due", interval=True),)
    counts = (*STATES, "came_due", "stays")
    return released(pd.DataFrame([row]), provenance, counts=counts, rates=rate, numbers=("working_days",))


def rounds(seen=60, homes_seen=2):
    frame = pd.DataFrame({"week": ["the last", "the one before"], "people": [80, seen], "of": 100,
                          "homes_seen": [2, homes_seen], "homes": 2})  # fmt: skip
    return shares(frame, numbers=("homes_seen", "homes"))


def homes(people=70, provenance=RECORDS):
    frame = pd.DataFrame({
        "home": ["The Oaks", "The Elms", "not known"], "beds": pd.array([40, 20, None], "Int64"), "nursing": "yes",
        "aligned": ["this network", "another network", "not known"], "people": [people, 20, 10], "of": 100,
    })  # fmt: skip
    return shares(frame, provenance, numbers=("beds",))


def premium(asked="2025/26", beds=60):
    frame = pd.DataFrame({
        "contract_year": ["2024/25", "2025/26", "2026/27"], "homes": 2,
        "standing": ["to verify", "published", "not known"],
        "payment": pd.array([100.0, 130.253, None], "Float64"), "beds": pd.array([beds] * 3, "Int64"),
    })  # fmt: skip
    frame = frame.assign(asked=frame["contract_year"] == asked, entitlement=frame["payment"] * frame["beds"])
    return released(frame, RECORDS, numbers=("homes", "beds", "payment", "entitlement"))


def admissions(missing="", count=60):
    frame = pd.DataFrame({"months": [12], "admissions": pd.array([count], "Int64"), "missing": missing,
                          "resident_years": pd.array([100], "Int64")})  # fmt: skip
    found = released(frame, RECORDS, counts=("admissions", "resident_years"), numbers=("months",))
    return found.followed_by(lambda rows: rows.assign(
        rate=rows["admissions"].astype("Float64"), lower=rows["admissions"] - 10.0, upper=rows["admissions"] + 10.0
    ))  # fmt: skip


def test_who_is_recorded_in_one_way_only_is_said():
    told = readings.care_home_residents(recorded(), alignment())
    assert "100 residents registered with Harbour PCN" in told
    assert "a stay, no flag: 20 and a flag, no stay: 10" in told
    assert told.endswith("aligned to this network 70, aligned to another network 20, aligned to no network 0 and home "
                         "not known 10.")  # fmt: skip
    assert "Stays and flags agree." in readings.care_home_residents(recorded(0, 0), alignment())
    assert "a flag, no stay: not shown" in readings.care_home_residents(recorded(20, 3), alignment())


def test_timeliness_is_a_share_of_those_that_came_due():
    told = readings.care_home_timeliness(timeliness())
    assert "Of 90 stays begun in the 12 months before 1 July 2026" in told
    assert "personalised care and support plan in time 50.0%" in told
    assert "of 80 that came due, 20 late, 20 not recorded" in told
    assert "is not shown" in readings.care_home_timeliness(timeliness(5))
    nothing = timeliness().followed_by(lambda rows: rows.iloc[:0])
    assert "not known" in readings.care_home_timeliness(nothing)


def test_rounds_are_read_by_week():
    told = readings.care_home_rounds(rounds())
    assert "between 60.0% and 80.0% in each of the last 2 weeks" in told
    assert "In 2 of these weeks somebody was seen in every one of the 2 homes" in told
    assert "In none of" not in told
    assert "In 1 of these weeks" in readings.care_home_rounds(rounds(homes_seen=1))
    assert "not known" in readings.care_home_rounds(rounds().followed_by(lambda rows: rows.iloc[:0]))


def test_admissions_are_read_for_each_hundred_resident_years():
    assert "60 for each 100 resident-years (50 to 70)" in readings.care_home_admissions(admissions())
    assert "not shown" in readings.care_home_admissions(admissions(count=5))
    assert "the records lack encounters" in readings.care_home_admissions(admissions("encounters"))


def test_the_premium_of_a_year_that_is_not_known_is_told_with_the_last_that_is():
    assert readings.care_home_premium(premium()).startswith("At £130.25 a bed, as in 2025/26, the 60 beds of 2 homes")
    told = readings.care_home_premium(premium("2026/27"))
    assert told.startswith("The care home premium of 2026/27 is not known. At £130.25 a bed, as in 2025/26")
    assert "as in 2024/25 (to verify)" in readings.care_home_premium(premium("2024/25"))
    assert "no homes were delivered" in readings.care_home_premium(premium(beds=None))


def test_charts_are_described_and_label_invented_people():
    table = timeliness(provenance=DRAWN)
    ax = charts.care_home_timeliness(table)
    assert ax.get_title(loc="left").startswith("SYNTHETIC PEOPLE\nDue within 7 working days")
    assert "in time 40, late 20, due, and not recorded 20, not yet due 10" in alt_text.care_home_timeliness(table)
    assert sum(patch.get_width() for patch in ax.patches) == 90
    few = charts.care_home_timeliness(timeliness(5))
    assert "in time (not shown)" in [one.get_text() for one in few.get_legend().get_texts()]


def test_homes_that_are_too_small_have_no_bar_and_say_so():
    ax = charts.care_home_residents(homes(people=5))
    assert max(patch.get_width() for patch in ax.patches) == 20
    assert "residents not shown, 40 beds" in [one.get_text() for one in ax.texts]
    assert "The Oaks not shown, aligned to this network" in alt_text.care_home_residents(homes(people=5))
    assert alt_text.care_home_residents(homes()).endswith("not known 10.")
