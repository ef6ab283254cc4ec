"""Cardiovascular disease: statins by QRISK3, peripheral arterial disease, end-of-life care, and who goes first.

The index date is 1 July 2026. QRISK3 is not reckoned here: each patient is given the chance that the test is about.
"""

import pandas as pd
import pytest
from cardiovascular_people import (
    ABOVE,
    AF,
    DYING,
    FH,
    HEART_ATTACK,
    HIGH_BP,
    HYPERTENSION,
    LDL,
    LIPIDS_ABOVE,
    NO_ANTICOAGULANT,
    NO_LIPIDS,
    NO_READING,
    NO_STATIN,
    RAISED,
    RECENT,
    SERVICE,
    STATIN,
    STROKE,
    TREATED,
    YEAR,
    Records,
)
from vignettes import plain

from pcn_analysis.engine import lazy
from pcn_analysis.scores.qrisk3.whom import Scored
from pcn_analysis.services import cardiovascular
from pcn_analysis.services.service_table import service_table

pytestmark = pytest.mark.unit
HIGH, OFFER = "QRISK3 of 20% or more, no statin", "QRISK3 of 10% to 20%, no statin"
NEITHER = "QRISK3 of 10% or more, neither a statin nor a record that it was declined"
WITH_STATIN = "Cardiovascular disease, with a statin"
AT_TARGET = "Cardiovascular disease, cholesterol at target in 12 months"
UNDER_80 = "Hypertension under 80 at 140/90 or less in 12 months"
FROM_80 = "Hypertension at 80 or over at 150/90 or less in 12 months"
PAD, VERY_HIGH_BP = ("peripheral_arterial_disease", "2019-01-01"), ("2026-06-01", 182.0, 95.0)
HIGH_CHOLESTEROL = {"lipids": [("cholesterol", RECENT, 9.1)]}
CHANCES = {
    "9.9%": 0.099, "10.0%": 0.1, "19.9%": 0.199, "20.0%": 0.2,
    "20%, statin 6 months ago": 0.2, "20%, statin more than 6 months ago": 0.2,
    "20%, declined 12 months ago": 0.2, "20%, declined longer ago": 0.2, "20%, statin not suitable": 0.2,
    "10%, declined 12 months ago": 0.1, "10%, declined longer ago": 0.1, "10%, statin 6 months ago": 0.1,
    "20%, dying": 0.2, "20%, and a raised blood pressure": 0.2, "20%, and a stroke without a statin": 0.2,
}  # fmt: skip
"""The chance of a first heart attack or stroke within ten years, of whom there is one."""
PATIENTS = {
    # by QRISK3
    "no score": ({}, set()),
    "9.9%": ({}, set()),
    "10.0%": ({}, {OFFER}),
    "19.9%": ({}, {OFFER}),
    "20.0%": ({}, {HIGH}),
    "20%, statin 6 months ago": ({"takes": [(STATIN, "2026-01-01")]}, set()),
    "20%, statin more than 6 months ago": ({"takes": [(STATIN, "2025-12-31")]}, {HIGH}),
    "20%, declined 12 months ago": ({"events": [("statin", "2025-07-01", "declined")]}, set()),
    "20%, declined longer ago": ({"events": [("statin", "2025-06-30", "declined")]}, {HIGH}),
    "20%, statin not suitable": ({"events": [("statin", RECENT, "unsuitable")]}, set()),
    "10%, declined 12 months ago": ({"events": [("statin", "2025-07-01", "declined")]}, set()),
    "10%, declined longer ago": ({"events": [("statin", "2025-06-30", "declined")]}, {OFFER}),
    "10%, statin 6 months ago": ({"takes": [(STATIN, "2026-01-01")]}, set()),
    "20%, dying": ({"has": [DYING]}, set()),
    # secondary prevention
    "peripheral arterial disease, nothing": ({"has": [PAD]}, {NO_STATIN, NO_LIPIDS}),
    "peripheral arterial disease, treated, LDL 1.8": ({"has": [PAD], "takes": [TREATED], "lipids": [LDL]}, set()),
    "peripheral arterial disease, treated, LDL 2.1": (
        {"has": [PAD], "takes": [TREATED], "lipids": [("ldl_cholesterol", RECENT, 2.1)]}, {LIPIDS_ABOVE}),
    "stroke, statin not suitable": (
        {"has": [STROKE], "lipids": [LDL], "events": [("statin", RECENT, "unsuitable")]}, set()),
    "stroke, statin declined longer ago": (
        {"has": [STROKE], "lipids": [LDL], "events": [("statin", "2025-06-30", "declined")]}, {NO_STATIN}),
    "stroke at 17": ({"has": [STROKE], "born": "2008-07-02"}, set()),
    # end-of-life care
    "hypertension, dying": ({"has": [HYPERTENSION, DYING], "bp": [(RECENT, 160.0, 95.0)]}, set()),
    "hypertension at 86, dying": (
        {"has": [HYPERTENSION, DYING], "born": "1940-01-01", "bp": [(RECENT, 160.0, 95.0)]}, set()),
    "heart attack, dying": ({"has": [HEART_ATTACK, DYING]}, set()),
    # familial hypercholesterolaemia
    "cholesterol 9.1, chronic liver disease": (
        HIGH_CHOLESTEROL | {"has": [("chronic_liver_disease", "2020-01-01")]}, set()),
    "cholesterol 9.1, alcohol misuse": (HIGH_CHOLESTEROL | {"has": [("alcohol_misuse", "2020-01-01")]}, set()),
    "cholesterol 9.1, referral declined 12 months ago": (
        HIGH_CHOLESTEROL | {"events": [("familial_hypercholesterolaemia_referral", "2025-07-01", "declined")]}, set()),
    "cholesterol 9.1, referral declined longer ago": (
        HIGH_CHOLESTEROL | {"events": [("familial_hypercholesterolaemia_referral", "2025-06-30", "declined")]}, {FH}),
    # several at once, for who goes first
    "very high blood pressure and AF": (
        {"has": [AF], "born": "1950-01-01", "bp": [VERY_HIGH_BP]}, {RAISED, NO_ANTICOAGULANT}),
    "AF and a raised blood pressure": (
        {"has": [AF], "born": "1950-01-01", "bp": [HIGH_BP]}, {RAISED, NO_ANTICOAGULANT}),
    "20%, and a raised blood pressure": ({"bp": [HIGH_BP]}, {RAISED, HIGH}),
    "20%, and a stroke without a statin": ({"has": [STROKE], "lipids": [LDL]}, {HIGH, NO_STATIN}),
    "hypertension above target": ({"has": [HYPERTENSION], "bp": [(RECENT, 182.0, 95.0)]}, {ABOVE}),
    "hypertension, never measured": ({"has": [HYPERTENSION]}, {NO_READING}),
}  # fmt: skip


@pytest.fixture(scope="module")
def found():
    """What holds of every patient, all in one network, each with the chance that is written down for them."""
    records = Records()
    for who, (own, _) in PATIENTS.items():
        records.add(who, **own)
    scores = pd.DataFrame({"person_id": [*PATIENTS], "qrisk3": [CHANCES.get(who) for who in PATIENTS]})
    with pytest.MonkeyPatch.context() as given:
        given.setattr(cardiovascular, "qrisk3_of", lambda *_, **__: Scored(lazy(scores), (), {}))
        return service_table(records.population(), SERVICE, YEAR)


def of(frame, found, who):
    return frame[found.people["person_id"].eq(who)].iloc[0]


@pytest.mark.parametrize("patient", PATIENTS)
def test_which_questions_are_open(found, patient):
    expected = PATIENTS[patient][1]
    reasons, gaps = (of(held, found, patient) for held in (found.reasons, found.gaps))
    assert set(reasons.index[reasons]) == expected
    assert set(gaps.index[gaps]) == expected
    assert bool(of(found.cohort, found, patient)) == bool(expected)


@pytest.mark.parametrize(
    ("patient", "open_"),
    [
        ("no score", None),
        ("9.9%", None),
        ("10.0%", True),
        ("20.0%", True),
        ("20%, statin 6 months ago", False),
        ("20%, statin more than 6 months ago", True),
        ("20%, declined 12 months ago", False),
        ("20%, declined longer ago", True),
        ("20%, statin not suitable", False),
        ("20%, dying", None),
    ],
)
def test_of_whom_with_a_chance_of_10_percent_neither_a_statin_nor_a_refusal_is_recorded(found, patient, open_):
    assert plain(of(found.measures[NEITHER], found, patient)) is open_


@pytest.mark.parametrize(
    ("measure", "patient", "met"),
    [
        (WITH_STATIN, "peripheral arterial disease, nothing", False),
        (WITH_STATIN, "peripheral arterial disease, treated, LDL 1.8", True),
        (WITH_STATIN, "stroke, statin not suitable", None),
        (WITH_STATIN, "stroke, statin declined longer ago", False),
        (WITH_STATIN, "heart attack, dying", None),
        (AT_TARGET, "peripheral arterial disease, nothing", False),
        (AT_TARGET, "peripheral arterial disease, treated, LDL 1.8", True),
        (AT_TARGET, "peripheral arterial disease, treated, LDL 2.1", False),
        (AT_TARGET, "heart attack, dying", None),
        (UNDER_80, "hypertension above target", False),
        (UNDER_80, "hypertension, never measured", False),
        (UNDER_80, "hypertension, dying", None),
        (FROM_80, "hypertension at 86, dying", None),
    ],
)
def test_whom_a_measure_asks_about_who_meets_it_and_who_is_left_out(found, measure, patient, met):
    assert plain(of(found.measures[measure], found, patient)) is met


@pytest.mark.parametrize(
    ("patient", "place"),
    [
        ("very high blood pressure and AF", 1),
        ("AF and a raised blood pressure", 2),
        ("20%, and a raised blood pressure", 3),
        ("20%, and a stroke without a statin", 4),
        ("peripheral arterial disease, nothing", 5),
        ("10.0%", 6),
        ("hypertension above target", 6),
    ],
)
def test_who_goes_first(found, patient, place):
    assert of(found.people["priority"], found, patient) == place
