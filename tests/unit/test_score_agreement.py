"""How many people each score picks, whether another variant picks the same ones, and what could not be assessed."""

from dataclasses import replace

import pandas as pd
import pytest
from vignettes import ON, condition, contact, issue, person, population_of, reading

from pcn_analysis import tables
from pcn_analysis.anticipatory import score_agreement
from pcn_analysis.anticipatory.score_agreement.cardiovascular import FOR_WHOM
from pcn_analysis.anticipatory.score_agreement.found import highest, scores_of
from pcn_analysis.anticipatory.score_agreement.score import TITLES
from pcn_analysis.engine import lazy, to_pandas
from pcn_analysis.person_table import person_table
from pcn_analysis.release import release
from pcn_analysis.scores import cambridge, charlson, hospital_frailty, polypharmacy
from pcn_analysis.scores.qrisk3 import BANDS, DISCLAIMER

pytestmark = pytest.mark.unit

CHARLSON, HOSPITAL, MEDICINES = "Charlson index", "Hospital Frailty Risk Score", "Polypharmacy"
CAMBRIDGE, FRAILTY = "Cambridge Multimorbidity Score", "Electronic frailty index"
OLD_WEIGHTS, NEW_WEIGHTS = "Weights of Charlson 1987", "Weights of Quan 2011"
NOW, YEAR = "Medicines issued in 84 days", "Medicines issued in 12 months"


def diagnosis(who, code):
    return {"person_id": who, "code": code, "condition_start_date": "2026-03-01", "code_system": "icd10",
            "source": "apc", "status": "active"}  # fmt: skip


def stored(persons, **records):
    """People with their person table made once, as they are stored."""
    population = population_of(persons, **records)
    made = lazy(to_pandas(person_table(population, on=ON)))
    return replace(population, tables=population.tables | {"person_table": made})


def medicines(who, date):
    return [issue(who, date, bnf=f"02{chapter:02}000A0") for chapter in range(1, 13)]


@pytest.fixture(scope="module")
def population():
    """Twenty people with an infarct, a disease of arteries and COPD, ten with metastases, ten with nothing.

    Ten of the first take twelve medicines, ten took them half a year ago; the ten with metastases are 70, others 86.
    Twenty-four codes of frailty are on the first ten and on those with metastases.
    """
    who = [f"p{number:02}" for number in range(40)]
    coded = [diagnosis(one, code) for one in who[:20] for code in ("I21", "I70", "J44")]
    coded += [diagnosis(one, "C78") for one in who[20:30]]
    frail = ("F00", "G81", "G30", "I69", "R29", "N39", "F05", "W19", "S00", "R31")
    coded += [diagnosis(one, code) for one in (*who[:10], *who[20:30]) for code in frail]
    taken = [row for one in who[:10] for row in medicines(one, "2026-06-01")]
    taken += [row for one in who[10:20] for row in medicines(one, "2025-12-01")]
    persons = [person(one, born="1956-01-01" if one in who[20:30] else "1940-01-01") for one in who]
    return stored(persons, conditions=coded, medications=taken)


@pytest.fixture(scope="module")
def nothing():
    """Forty people of whom nothing is recorded at all."""
    return stored([person(f"p{number}") for number in range(40)], covered=())


def of(table, population):
    return release(getattr(score_agreement, table)(population)).frame


def row(frame, **asked):
    for column, value in asked.items():
        frame = frame[frame[column] == value]
    [only] = frame.to_dict("records")
    return only


# -- variants ----------------------------------------------------------------------------------------------------


def test_every_variant_that_there_is_has_a_title_and_is_on_the_page(population):
    names = {"efi_36", "frailtytoolkit_count", *cambridge.VARIANTS, *charlson.VARIANTS, *hospital_frailty.VARIANTS,
             *polypharmacy.VARIANTS}  # fmt: skip
    assert set(TITLES) == names
    assert {one.title for score in scores_of(population) for one in score.variants} == set(TITLES.values())


def test_weights_of_two_years_pick_different_people(population):
    found = row(of("variants_compared", population), variant=NEW_WEIGHTS, other_variant=OLD_WEIGHTS)
    counts = ("people", "above", "above_other", "both", "only", "only_other", "either")
    assert (found["score"], found["threshold"]) == (CHARLSON, "3 or more")
    assert [found[name] for name in counts] == [40, 20, 30, 20, 0, 10, 30]
    assert found["agreement"] == pytest.approx(2 / 3)


def test_beside_the_usual_variant_it_is_told_who_is_missed_and_who_is_new(population):
    frame = of("against_usual", population)
    usual = row(frame, variant=NEW_WEIGHTS)
    assert (usual["is_usual"], usual["picked"], usual["both"], usual["agreement"]) == ("yes", 20, 20, 1)
    other = row(frame, variant=OLD_WEIGHTS)
    assert (other["usual"], other["is_usual"]) == (NEW_WEIGHTS, "no")
    assert [other[name] for name in ("scored", "picked", "both", "only", "missed")] == [40, 30, 20, 10, 0]


def test_a_longer_window_counts_medicines_that_have_ended(population):
    found = row(of("variants_compared", population), variant=NOW, other_variant=YEAR)
    assert [found[name] for name in ("above", "above_other", "both", "only_other")] == [10, 20, 10, 10]


def test_whom_the_usual_variant_gives_no_score_is_not_picked_by_it_and_told_apart(population):
    younger = row(of("against_usual", population), variant="65 and over, two years, national segmentation")
    usual = row(of("against_usual", population), variant="75 and over, two years, Gilbert 2018")
    assert (usual["scored"], usual["picked"]) == (30, 10)
    assert [younger[name] for name in ("scored", "picked", "both", "only", "only_unscored")] == [40, 20, 10, 10, 10]


def test_a_variant_that_cannot_be_assessed_has_no_number_and_says_why(population):
    emergencies = row(of("against_usual", population), variant=TITLES["nhp_emergency"])
    assert emergencies["status"] == "not assessed"
    assert pd.isna(emergencies["picked"])
    assert emergencies["lacking"] == "no contacts are held that say which admissions were emergencies"
    pairs = of("variants_compared", population)
    assert TITLES["nhp_emergency"] not in set(pairs["variant"]) | set(pairs["other_variant"])
    assert pairs.groupby("score").size().to_dict()[HOSPITAL] == 6


def test_the_highest_scores_are_never_more_than_a_twentieth_of_adults():
    """Of forty there are two places: one who is above all has one, three who tie for the other have none."""
    scores = pd.Series([9.0, *[5.0] * 3, *[0.0] * 36, None], dtype="Float64")
    picked = highest(scores)
    assert picked.sum() == 1
    assert picked[0]
    assert picked.isna().to_list() == scores.isna().to_list()


def test_severe_frailty_by_two_sets_of_bands_differs_in_those_with_13_deficits(population):
    frame = of("bands", population)
    of_index = frame[(frame["score"] == FRAILTY)]
    assert of_index.groupby("variant")["people"].sum().to_list() == [40, 40]
    assert list(of_index["band"][:4]) == ["fit", "mild", "moderate", "severe"]
    assert list(of_index["level"][:4]) == [0, 1, 2, 3]


# -- bands -------------------------------------------------------------------------------------------------------


def test_bands_add_up_to_those_who_have_a_score(population):
    frame = of("bands", population)
    known = frame[frame["status"] != "not assessed"]
    sums = known.groupby(["score", "variant"])["people"].sum()
    assert sums.eq(known.groupby(["score", "variant"])["scored"].first()).all()
    assert row(frame, variant=NOW, band="10-14")["people"] == 10
    assert row(frame, variant=YEAR, band="10-14")["people"] == 20


def test_the_lowest_core_segment_is_said_of_nobody_where_a_condition_was_not_assessed(population):
    frame = of("bands", population)
    found = frame[frame["score"] == CAMBRIDGE]
    assert found["band"].iloc[0] == "None of those assessed", "no values are held, and so no filtration rate"
    assert (found["status"] == "partly assessed").all()
    assert row(found, variant=TITLES["bnssg2023_general_35of37"], band="CS1")["people"] == 0


# -- QRISK3 ------------------------------------------------------------------------------------------------------


def measured(who):
    values = {"sbp": 150, "bmi": 27, "cholesterol_hdl_ratio": 5}
    units = {slug: unit for slug, (_, unit) in tables.LATEST_MEASUREMENTS.items()} | {"cholesterol_hdl_ratio": "1"}
    return [reading(who, slug, "2026-05-01", value, unit=units[slug]) for slug, value in values.items()]


@pytest.fixture(scope="module")
def at_risk():
    """Ten women of 40 and ten men of 75 who can be scored, ten men on a statin, ten who were never measured, of 20."""
    who = [f"p{number:02}" for number in range(40)]
    persons = [person(one, born="1986-01-01") for one in who[:10]]
    persons += [person(one, born="1951-01-01", sex="male") for one in who[10:30]]
    persons += [person(one, born="2006-01-01", sex="male") for one in who[30:]]
    return stored(
        persons,
        conditions=[],
        medications=[issue(one, "2026-06-01", bnf="0212000B0") for one in who[20:30]],
        measurements=[row for one in who[:30] for row in measured(one)],
    )


def test_whoever_has_no_qrisk3_score_is_in_no_band(at_risk):
    frame = of("qrisk3_by_sex", at_risk)
    assert list(frame["band"][:4]) == list(BANDS)
    assert row(frame, sex="female", band="below 5%")["people"] == 10
    assert frame.loc[frame["sex"] == "male", "people"].sum() == 10
    assert set(frame.loc[frame["sex"] == "male", "scored"]) == {10}
    assert set(frame.loc[frame["sex"] == "male", "registered"]) == {30}


def test_why_people_have_no_qrisk3_score_is_counted_those_first_whom_it_is_not_for(at_risk):
    frame = of("qrisk3_without", at_risk)
    assert frame.iloc[0][["reason", "people"]].to_list() == ["any reason", 20]
    assert set(frame.iloc[1:3]["reason"]) <= set(FOR_WHOM)
    assert row(frame, reason="takes a statin")["people"] == 10
    assert row(frame, reason="age out of range (25–84)")["kind"] == "not for them"
    assert row(frame, reason="body mass index not known")["kind"] == "missing or out of range"


def test_what_was_assumed_and_the_disclaimer_go_with_every_number_of_qrisk3(at_risk):
    frame = of("qrisk3_by_sex", at_risk)
    assert set(frame["disclaimer"]) == {DISCLAIMER}
    assert "smoking taken as non-smoker" in frame["assumed"].iloc[0]


# -- risk tiers and medicines --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def on_registers():
    """Ten of sixty people with hypertension have 185/90, fifty 120/70; twenty have COPD; all take an NSAID at 70."""
    who = [f"p{number:02}" for number in range(60)]
    recorded = [condition(one, "hypertension", "2015-01-01") for one in who]
    recorded += [condition(one, "copd", "2015-01-01") for one in who[:20]]
    values = [
        reading(one, "sbp", "2026-05-01", 185 if one in who[:10] else 120, unit=tables.LATEST_MEASUREMENTS["sbp"][1])
        for one in who
    ]
    values += [
        reading(one, "dbp", "2026-05-01", 90 if one in who[:10] else 70, unit=tables.LATEST_MEASUREMENTS["sbp"][1])
        for one in who
    ]
    return stored(
        [person(one, born="1956-01-01") for one in who],
        conditions=recorded,
        measurements=values,
        medications=[issue(one, "2026-06-01", bnf="1001010P0") for one in who[:30]],
        encounters=[contact(one, "gp", "2026-05-01") for one in who],
    )


def test_tiers_are_of_those_on_the_register_and_what_they_lack_is_named(on_registers):
    frame = of("by_tier", on_registers)
    first = row(frame, condition="Hypertension", tier="High risk and complex (HRC)")
    assert (first["people"], first["on_register"], first["status"]) == (10, 60, "partly assessed")
    assert "blood pressure at home" in first["lacking"]
    assert row(frame, condition="Hypertension", tier="None of those assessed")["people"] == 50


def test_a_register_of_which_no_tier_can_be_assessed_has_its_size_and_no_other_number(on_registers):
    frame = of("by_tier", on_registers)
    found = frame[frame["condition"] == "Chronic obstructive pulmonary disease"]
    assert set(found["status"]) == {"not assessed"}
    assert found["people"].isna().all()
    assert "Low risk (LR)" not in set(frame["tier"])


def test_each_hazardous_combination_has_its_people_and_what_is_not_known_of_it_is_said(on_registers):
    frame = of("hazardous_combinations", on_registers)
    assert len(frame) == 10
    assert row(frame, combination="Oral NSAID without gastroprotection, aged 65 or over")["people"] == 30
    assert row(frame, combination="Any of these")["people"] == 30
    heart = row(frame, combination="Oral NSAID in heart failure")
    assert (heart["people"], heart["status"], heart["lacking"]) == (0, "assessed", "")
    kidney = row(frame, combination="Oral NSAID with an eGFR below 45")
    assert (pd.isna(kidney["people"]), kidney["status"], kidney["lacking"]) == (
        True,
        "not assessed",
        "filtration rates",
    )


# -- nothing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["against_usual", "bands", "qrisk3_by_sex", "by_tier", "hazardous_combinations"])
def test_of_people_of_whom_nothing_is_recorded_there_is_no_number_and_never_0(nothing, table):
    frame = of(table, nothing)
    people = "picked" if table == "against_usual" else "people"
    assert len(frame)
    assert set(frame["status"]) == {"not assessed"}
    assert frame[people].isna().all()


def test_everything_that_was_not_assessed_is_listed_with_the_reason(nothing, population):
    frame = of("not_assessed", nothing)
    assert set(frame["status"]) == {"not assessed"}
    assert (frame["lacking"] != "").all()
    assert {CHARLSON, HOSPITAL, MEDICINES, CAMBRIDGE, FRAILTY, "QRISK3"} <= set(frame["score"])
    assert of("variants_compared", nothing).empty
    assert of("qrisk3_without", nothing).empty
    some = of("not_assessed", population)
    assert row(some, which=TITLES["nhp_emergency"])["status"] == "not assessed"
