"""Who has an open question of blood pressure, stroke risk or cholesterol, and what the service measures of it."""

import pandas as pd
import pytest
from cardiovascular_people import (
    ABOVE,
    AF,
    APIXABAN,
    DIABETES,
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

from pcn_analysis.contract import clauses as contract
from pcn_analysis.contract.years import YEARS
from pcn_analysis.release import release
from pcn_analysis.services.cardiovascular import counts
from pcn_analysis.services.cardiovascular.raised_blood_pressure import HOME, NONE_RECORDED, NORMAL, REFERRED, ROUTES
from pcn_analysis.services.cardiovascular.treated_by_risk import statin_by_risk, stroke_risk
from pcn_analysis.services.catalogue import find_service
from pcn_analysis.services.counts import measures, reasons
from pcn_analysis.services.service_table import GAP, MEASURE, service_table

pytestmark = pytest.mark.unit


PATIENTS = {
    # CVD-01
    "raised": ({"bp": [HIGH_BP]}, {RAISED}),
    "raised at 17": ({"bp": [HIGH_BP], "born": "2008-07-02"}, set()),
    "raised at 18": ({"bp": [HIGH_BP], "born": "2008-07-01"}, {RAISED}),
    "raised and dying": ({"bp": [HIGH_BP], "has": [DYING]}, set()),
    "raised, monitored": (
        {"bp": [HIGH_BP], "events": [("home_blood_pressure", "2026-05-08")]}, set()),
    "raised, referred the same day and put on the register": (
        {"bp": [HIGH_BP], "has": [("hypertension", "2026-05-01")],
         "events": [("same_day_hypertension_referral", "2026-05-01")]}, {ABOVE}),
    "raised, normal since": ({"bp": [HIGH_BP, ("2026-05-20", 128.0, 78.0)]}, set()),
    # targets on the register
    "hypertension, 140/90 at 79": (
        {"has": [HYPERTENSION], "born": "1946-07-02", "bp": [(RECENT, 140.0, 90.0)]}, set()),
    "hypertension, 141/90 at 79": (
        {"has": [HYPERTENSION], "born": "1946-07-02", "bp": [(RECENT, 141.0, 90.0)]}, {ABOVE}),
    "hypertension, 140/91 at 79": (
        {"has": [HYPERTENSION], "born": "1946-07-02", "bp": [(RECENT, 140.0, 91.0)]}, {ABOVE}),
    "hypertension, 150/90 at 80": (
        {"has": [HYPERTENSION], "born": "1946-07-01", "bp": [(RECENT, 150.0, 90.0)]}, set()),
    "hypertension, 151/90 at 80": (
        {"has": [HYPERTENSION], "born": "1946-07-01", "bp": [(RECENT, 151.0, 90.0)]}, {ABOVE}),
    "hypertension, 12 months ago": (
        {"has": [HYPERTENSION], "bp": [("2025-07-01", 130.0, 80.0)]}, set()),
    "hypertension, more than 12 months ago": (
        {"has": [HYPERTENSION], "bp": [("2025-06-30", 130.0, 80.0)]}, {NO_READING}),
    # atrial fibrillation
    "AF, score 2, nothing": ({"has": [AF, DIABETES], "born": "1958-01-01"}, {NO_ANTICOAGULANT}),
    "AF, score 1, a man": ({"has": [AF, DIABETES], "born": "1970-01-01"}, set()),
    "AF, a woman with sex and diabetes": ({"has": [AF, DIABETES], "sex": "female", "born": "1970-01-01"},
                                          {NO_ANTICOAGULANT}),
    "AF, a woman with sex alone": ({"has": [AF], "sex": "female", "born": "1970-01-01"}, set()),
    "AF, sex not known, 2 without it": ({"has": [AF], "sex": "unknown", "born": "1950-01-01"}, {NO_ANTICOAGULANT}),
    "AF, anticoagulant 6 months ago": (
        {"has": [AF], "born": "1950-01-01", "takes": [(APIXABAN, "2026-01-01")]}, set()),
    "AF, anticoagulant more than 6 months ago": (
        {"has": [AF], "born": "1950-01-01", "takes": [(APIXABAN, "2025-12-31")]}, {NO_ANTICOAGULANT}),
    "AF, declined 12 months ago": (
        {"has": [AF], "born": "1950-01-01", "events": [("anticoagulant", "2025-07-01", "declined")]}, set()),
    "AF, declined longer ago": (
        {"has": [AF], "born": "1950-01-01", "events": [("anticoagulant", "2025-06-30", "declined")]},
        {NO_ANTICOAGULANT}),
    "AF, not suitable": (
        {"has": [AF], "born": "1950-01-01", "events": [("anticoagulant", RECENT, "unsuitable")]}, set()),
    "AF and dying": ({"has": [AF, DYING], "born": "1950-01-01"}, set()),
    "no AF": ({"has": [DIABETES], "born": "1950-01-01"}, set()),
    # secondary prevention
    "heart attack, treated, LDL 1.8": ({"has": [HEART_ATTACK], "takes": [TREATED], "lipids": [LDL]}, set()),
    "heart attack, LDL 2.0": (
        {"has": [HEART_ATTACK], "takes": [TREATED], "lipids": [("ldl_cholesterol", RECENT, 2.0)]}, set()),
    "heart attack, LDL 2.1": (
        {"has": [HEART_ATTACK], "takes": [TREATED], "lipids": [("ldl_cholesterol", RECENT, 2.1)]}, {LIPIDS_ABOVE}),
    "stroke, non-HDL 2.6": (
        {"has": [STROKE], "takes": [TREATED], "lipids": [("non_hdl_cholesterol", RECENT, 2.6)]}, set()),
    "stroke, non-HDL 2.7": (
        {"has": [STROKE], "takes": [TREATED], "lipids": [("non_hdl_cholesterol", RECENT, 2.7)]}, {LIPIDS_ABOVE}),
    "stroke, LDL above and non-HDL at target": (
        {"has": [STROKE], "takes": [TREATED],
         "lipids": [("ldl_cholesterol", RECENT, 2.2), ("non_hdl_cholesterol", RECENT, 2.5)]}, set()),
    "stroke, measured longer ago": (
        {"has": [STROKE], "takes": [TREATED], "lipids": [("ldl_cholesterol", "2025-06-30", 1.5)]}, {NO_LIPIDS}),
    "stroke, no statin": ({"has": [STROKE], "lipids": [LDL]}, {NO_STATIN}),
    "stroke, statin declined": (
        {"has": [STROKE], "lipids": [LDL], "events": [("statin", RECENT, "declined")]}, set()),
    "stroke, statin more than 6 months ago": (
        {"has": [STROKE], "lipids": [LDL], "takes": [(STATIN, "2025-12-31")]}, {NO_STATIN}),
    # familial hypercholesterolaemia
    "cholesterol 9.1": ({"lipids": [("cholesterol", RECENT, 9.1)]}, {FH}),
    "cholesterol 9.0": ({"lipids": [("cholesterol", RECENT, 9.0)]}, set()),
    "cholesterol 7.6 at 29": ({"born": "1996-06-02", "lipids": [("cholesterol", RECENT, 7.6)]}, {FH}),
    "cholesterol 7.6 at 30": ({"born": "1996-06-01", "lipids": [("cholesterol", RECENT, 7.6)]}, set()),
    "cholesterol 9.1, referred": (
        {"lipids": [("cholesterol", RECENT, 9.1)],
         "events": [("familial_hypercholesterolaemia_referral", "2016-01-01")]}, set()),
    "cholesterol 9.1, thyroid disorder": (
        {"lipids": [("cholesterol", RECENT, 9.1)], "has": [("thyroid_disorder", "2020-01-01")]}, set()),
    "cholesterol 9.1, diabetes": ({"lipids": [("cholesterol", RECENT, 9.1)], "has": [DIABETES]}, {FH}),
}  # fmt: skip


@pytest.fixture(scope="module")
def people():
    """Every patient, in one network."""
    records = Records()
    for who, (own, _) in PATIENTS.items():
        records.add(who, **own)
    return records.population()


@pytest.fixture(scope="module")
def found(people):
    return service_table(people, SERVICE, YEAR)


def of(frame, found, who):
    return frame[found.people["person_id"].eq(who)].iloc[0]


@pytest.mark.parametrize("patient", PATIENTS)
def test_which_questions_are_open(found, patient):
    expected = PATIENTS[patient][1]
    row = of(found.reasons, found, patient)
    assert set(row.index[row]) == expected
    assert bool(of(found.cohort, found, patient)) == bool(expected)
    gaps = of(found.gaps, found, patient)
    assert set(gaps.index[gaps]) == expected


def test_a_very_high_reading_goes_first():
    records = Records()
    records.add("182/95", bp=[("2026-06-01", 182.0, 95.0)])
    records.add("179/119", bp=[("2026-06-01", 179.0, 119.0)])
    records.add("150/120", bp=[("2026-06-01", 150.0, 120.0)])
    table = service_table(records.population(), SERVICE, YEAR)
    assert table.people.set_index("person_id")["priority"].to_dict() == {"182/95": 1, "150/120": 1, "179/119": 3}


# -- measures ----------------------------------------------------------------------------------------------

MET_BY = {
    counts.FOLLOWED_UP: {
        True: {"raised, monitored", "raised, referred the same day and put on the register", "raised, normal since"},
        False: {"raised", "raised at 18"},
    },
    "Atrial fibrillation at risk of stroke, with an anticoagulant": {
        True: {"AF, anticoagulant 6 months ago"},
        False: {
            "AF, score 2, nothing", "AF, a woman with sex and diabetes", "AF, sex not known, 2 without it",
            "AF, anticoagulant more than 6 months ago", "AF, declined longer ago",
        },
    },
    "Hypertension at 80 or over at 150/90 or less in 12 months": {
        True: {"hypertension, 150/90 at 80"},
        False: {"hypertension, 151/90 at 80"},
    },
    "Hypertension under 80 at 140/90 or less in 12 months": {
        True: {"hypertension, 140/90 at 79", "hypertension, 12 months ago"},
        False: {"hypertension, 141/90 at 79", "hypertension, 140/91 at 79", "hypertension, more than 12 months ago",
                "raised, referred the same day and put on the register"},
    },
    "Cardiovascular disease, cholesterol at target in 12 months": {
        True: {"heart attack, treated, LDL 1.8", "heart attack, LDL 2.0", "stroke, non-HDL 2.6",
               "stroke, LDL above and non-HDL at target", "stroke, no statin", "stroke, statin declined",
               "stroke, statin more than 6 months ago"},
        False: {"heart attack, LDL 2.1", "stroke, non-HDL 2.7", "stroke, measured longer ago"},
    },
    "Cardiovascular disease, with a statin": {
        True: {"heart attack, treated, LDL 1.8", "heart attack, LDL 2.0", "heart attack, LDL 2.1",
               "stroke, non-HDL 2.6", "stroke, non-HDL 2.7", "stroke, LDL above and non-HDL at target",
               "stroke, measured longer ago"},
        False: {"stroke, no statin", "stroke, statin more than 6 months ago"},
    },
}  # fmt: skip


@pytest.mark.parametrize("measure", MET_BY)
def test_whom_a_measure_asks_about_and_who_meets_it(found, measure):
    held = found.measures[measure]
    who = {answer: set(found.people["person_id"][held.eq(answer).fillna(False)]) for answer in (True, False)}
    assert who == MET_BY[measure]


def test_what_cannot_be_assessed_of_familial_hypercholesterolaemia_is_said(found):
    assert found.status[GAP, FH] == "partly assessed"
    assert "a coded diagnosis of familial hypercholesterolaemia" in found.missing[GAP, FH]


def test_without_a_score_nobody_is_said_to_be_without_a_statin(found):
    """Body mass index is recorded of nobody here: QRISK3 cannot be reckoned."""
    assert found.status[MEASURE, "QRISK3 of 10% or more, neither a statin nor a record that it was declined"] == (
        "not assessed"
    )


def test_without_medicines_nobody_is_said_to_be_untreated():
    """A record that one person declined a statin does not make everyone else untreated."""
    records = Records()
    records.add("p1", has=[STROKE], events=[("statin", RECENT, "declined")])
    records.add("p2", has=[STROKE])
    table = service_table(records.population("medications"), SERVICE, YEAR)
    assert table.status[GAP, NO_STATIN] == "not assessed"
    assert NO_STATIN not in table.gaps


def test_without_events_of_care_follow_up_is_assessed_in_part():
    records = Records()
    records.add("p1", bp=[HIGH_BP])
    table = service_table(records.population("care_events"), SERVICE, YEAR)
    assert table.status[MEASURE, counts.FOLLOWED_UP] == "partly assessed"
    assert "Home blood pressure monitoring" in table.missing[MEASURE, counts.FOLLOWED_UP]


def test_without_blood_pressures_follow_up_is_not_assessed():
    records = Records()
    records.add("p1", has=[STROKE])
    table = service_table(records.population(), SERVICE, YEAR)
    assert table.status[MEASURE, counts.FOLLOWED_UP] == "not assessed"


# -- tables of counts --------------------------------------------------------------------------------------


def test_routes_add_up_to_everyone_who_is_asked_about(people):
    frame = counts.follow_up_routes(people).frame.set_index("route")
    expected = {HOME: 1, REFERRED: 1, NORMAL: 1, NONE_RECORDED: 2}
    assert frame["people"].to_dict() == dict.fromkeys((*ROUTES, NONE_RECORDED), 0) | expected
    assert set(frame["of"]) == {5}


def test_routes_that_could_not_be_assessed_have_no_numbers():
    records = Records()
    records.add("p1")
    frame = counts.follow_up_routes(records.population()).frame
    assert frame["people"].isna().all()
    assert set(frame["status"]) == {"not assessed"}


def test_atrial_fibrillation_by_risk_and_treatment(people):
    frame = stroke_risk(people).frame.set_index("band")
    assert frame[["people", "treated", "declined", "neither"]].to_dict("index") == {
        "0, or 1 for sex alone": {"people": 1, "treated": 0, "declined": 0, "neither": 1},
        "1, in a man": {"people": 1, "treated": 0, "declined": 0, "neither": 1},
        "2 to 3": {"people": 8, "treated": 1, "declined": 2, "neither": 5},
        "4 or more": {"people": 0, "treated": 0, "declined": 0, "neither": 0},
    }


def test_bands_of_risk_are_null_without_medicines():
    records = Records()
    records.add("p1", has=[AF])
    frame = stroke_risk(records.population()).frame
    assert frame["people"].isna().all()
    assert set(frame["missing"]) == {"oral anticoagulants"}


def test_statins_by_risk_carry_the_disclaimer_of_qrisk3(people):
    frame = statin_by_risk(people).frame
    assert frame["disclaimer"].str.contains("ClinRisk").all()
    assert frame["people"].isna().all()


def test_everything_that_is_counted_can_be_released(people):
    made = (counts.follow_up_routes(people), stroke_risk(people), statin_by_risk(people),
            counts.hypertension_gap(people), measures(people, YEAR, [SERVICE]), reasons(people, SERVICE))  # fmt: skip
    for table in made:
        assert set(table.counted) == set(table.counts)
        assert len(release(table)) == len(table.frame)


def test_hypertension_of_these_records_is_held_against_what_is_expected(people):
    """The place of this test has no published ages: nothing is expected, and nothing is made up."""
    frame = counts.hypertension_gap(people).frame.set_index("register")
    assert frame.loc[counts.RECORDS, "on_register"] == 8
    assert frame["expected_prevalence"].isna().all()
    assert set(frame["status"]) == {"not known"}


def test_expected_prevalence_is_that_of_the_survey_by_age_and_sex():
    ages = pd.DataFrame({"sex": ["male", "male", "female"], "age_band": ["10-14", "15-19", "95+"], "patients": 100})
    assert counts.expected_prevalence(ages) == pytest.approx((0 + 0.06 + 0.75) / 3)
    assert counts.expected_prevalence(ages.iloc[:0]) is None


# -- the specification -------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", YEARS)
def test_it_reads_in_every_contract_year(year):
    service = find_service(SERVICE, year)
    assert counts.FOLLOWED_UP in [one.name for one in service.measures]
    assert {one.row.clause for one in service.not_known} <= {"cvd_in_force", "cvd_01_threshold"}


def test_every_clause_of_the_service_is_used_and_every_number_is_a_clause():
    used = {one.row.clause for one in find_service(SERVICE, YEAR).clauses}
    assert used == {row.clause for row in contract.tables()[SERVICE]}


def test_what_is_to_verify_says_so():
    standings = {one.row.clause: one.standing for one in find_service(SERVICE, "2022/23").clauses}
    assert standings["cvd_qrisk_high"] == "to verify"
    assert standings["cvd_ldl_target"] == "our choice"
