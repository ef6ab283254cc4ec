"""The Hospital Frailty Risk Score, one patient at a time. The index date is 1 July 2026."""

import pytest

from pcn_analysis import codelists, tables
from pcn_analysis.engine import to_pandas
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.scores.hospital_frailty import (
    CODES,
    VARIANTS,
    band_column,
    hospital_frailty,
    hospital_frailty_reasons,
    score_column,
    unassessable,
)
from tests.unit.vignettes import ON, by_person, contact, person, rows_of, table

pytestmark = pytest.mark.unit

NOBODY_ELSE = "somebody with a diagnosis, so that the score can be assessed"
POINTS = {code.prefixes[0]: code.points / 10 for code in CODES}


def diagnosis(code, date="2026-03-01", who="p1", **columns):
    """One diagnosis of an admission."""
    usual = {"code_system": "icd10", "source": "apc", "status": "active"}
    return {"person_id": who, "code": code, "condition_start_date": date} | usual | columns


def records(*rows):
    other = diagnosis("Z00", who=NOBODY_ELSE, visit_id="v0")
    return table("conditions", [other, *(row if isinstance(row, dict) else diagnosis(row) for row in rows)])


def aged(years):
    return table("persons", [person("p1", born=f"{2026 - years}-07-01")])


def score(*rows, variant="gilbert_2018", age=81, **options):
    """Score and band of one patient."""
    found = hospital_frailty(records(*rows), aged(age), on=ON, variant=variant, **options)
    return by_person(found, score_column(variant), band_column(variant))["p1"]


# -- patients ------------------------------------------------------------------------------------------------


def test_a_woman_of_81_with_an_old_heart_attack_kidney_disease_and_delirium():
    assert score("I25.2", "N18.3", "F05.9") == (4.6, "low"), "an old heart attack is not of the 109; 1.4 and 3.2"


def test_the_same_woman_after_a_fall_and_a_urinary_infection_is_of_intermediate_risk():
    assert score("I25.2", "N18.3", "F05.9", "W19", "N39.0") == (11.0, "intermediate")


def test_with_dementia_in_alzheimers_disease_besides_she_is_of_high_risk():
    assert score("N18.3", "F05.9", "W19", "N39.0", "F00.1", "G30.1") == (22.1, "high")


def test_her_reasons_name_each_code_with_its_latest_day_and_its_points():
    rows = [diagnosis("F05.9", "2025-01-01"), diagnosis("F050", "2026-01-01"), "N18.3", "I25.2"]
    found = to_pandas(hospital_frailty_reasons(records(*rows), aged(81), on=ON))
    assert list(found) == [*tables.REASONS.column_names(), "variant", "points"]
    source = "Hospital Frailty Risk Score, 75 and over, two years: a hospital diagnosis"
    delirium = "Delirium, not induced by alcohol and other psychoactive substances (F05)"
    assert rows_of(found) == [
        ("p1", "Chronic renal failure (N18)", "2026-03-01", source, "gilbert_2018", 1.4),
        ("p1", delirium, "2026-01-01", source, "gilbert_2018", 3.2),
    ]


def test_a_code_counts_once_however_often_and_in_however_many_forms_it_is_recorded():
    assert score("F05.0", "F05.9", "F050", "F05X", "F05") == (3.2, "low")


# -- bands ---------------------------------------------------------------------------------------------------

OF_4_9, OF_5_0, OF_5_1 = ("G30", "R63"), ("G30", "Z93"), ("G30", "Z93", "R50")
OF_14_9, OF_15_0 = ("F00", "G81", "R32", "N20", "G40"), ("F00", "G81", "R00", "Z74", "L89")
OF_15_1 = (*OF_15_0, "R50")
BANDS = {
    # bands of a variant:  4.9, 5.0, 5.1, 14.9, 15.0, 15.1
    "gilbert_2018": ["low", "intermediate", "intermediate", "intermediate", "intermediate", "high"],
    "obh_65": ["low", "intermediate", "intermediate", "intermediate", "intermediate", "high"],
    "any_age": ["low", "intermediate", "intermediate", "intermediate", "intermediate", "high"],
    "nhp_emergency": ["low", "low", "intermediate", "intermediate", "intermediate", "high"],
    "ohdsi_365_days": ["low", "intermediate", "intermediate", "intermediate", "high", "high"],
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_exactly_5_and_exactly_15_fall_where_the_variant_says(variant):
    stays = table("encounters", [contact("p1", "emergency_admission", "2026-03-01", visit_id="v1")])
    found = [
        score(*(diagnosis(code, visit_id="v1") for code in codes), variant=variant, encounters=stays)
        for codes in (OF_4_9, OF_5_0, OF_5_1, OF_14_9, OF_15_0, OF_15_1)
    ]
    assert [points for points, _ in found] == [4.9, 5.0, 5.1, 14.9, 15.0, 15.1]
    assert [band for _, band in found] == BANDS[variant]


@pytest.mark.parametrize("codes", [("F03", "F01", "K52", "Z73"), ("N20", "E16", "I67", "K52")])
def test_points_that_floats_add_up_to_just_below_5_are_5(codes):
    total = 0.0
    for code in codes:
        total += POINTS[code]
    assert total < 5, "the trap that whole tenths avoid"
    assert score(*codes) == (5.0, "intermediate")


def test_points_that_floats_add_up_to_just_above_15_are_15():
    codes = ("G81", "S42", "R33", "N17", "W10", "H91", "F01", "R94")
    total = 0.0
    for code in codes:
        total += POINTS[code]
    assert total > 15
    assert score(*codes) == (15.0, "intermediate")


# -- ages, windows, admissions -------------------------------------------------------------------------------


@pytest.mark.parametrize(("variant", "youngest"), [("gilbert_2018", 75), ("obh_65", 65), ("nhp_emergency", 76)])
def test_who_is_too_young_for_a_variant_has_no_score_rather_than_0(variant, youngest):
    stays = table("encounters", [contact(NOBODY_ELSE, "emergency_admission", "2026-03-01", visit_id="v0")])
    assert score(variant=variant, age=youngest, encounters=stays) == (0.0, "low")
    assert score(variant=variant, age=youngest - 1, encounters=stays) == (None, None)
    reasons = hospital_frailty_reasons(records("F05.9"), aged(youngest - 1), on=ON, variant=variant, encounters=stays)
    assert rows_of(reasons) == []


def test_who_has_no_date_of_birth_has_no_score_where_age_matters():
    unborn = table("persons", [person("p1", born=None)])
    assert by_person(hospital_frailty(records("F05"), unborn, on=ON), "hfrs_gilbert_2018") == {"p1": None}
    found = hospital_frailty(records("F05"), unborn, on=ON, variant="any_age")
    assert by_person(found, "hfrs_any_age") == {"p1": 3.2}


def test_without_dates_of_birth_at_all_a_variant_of_certain_ages_is_refused():
    nameless = aged(81).select("person_id")
    with pytest.raises(PcnAnalysisError, match="people have no birth_date"):
        hospital_frailty(records("F05"), nameless, on=ON)


@pytest.mark.parametrize(
    ("variant", "date", "expected"),
    [
        ("gilbert_2018", "2026-06-30", 3.2),
        ("gilbert_2018", "2026-07-01", 0.0),
        ("gilbert_2018", "2024-07-01", 3.2),
        ("gilbert_2018", "2024-06-30", 0.0),
        ("ohdsi_365_days", "2025-07-01", 3.2),
        ("ohdsi_365_days", "2025-06-30", 0.0),
        ("any_age", "1999-01-01", 3.2),
    ],
)
def test_each_variant_looks_back_so_far_and_no_day_further(variant, date, expected):
    assert score(diagnosis("F05", date), variant=variant)[0] == expected


def test_a_variant_of_emergencies_counts_the_diagnoses_of_emergency_admissions_only():
    stays = table(
        "encounters",
        [
            contact("p1", "emergency_admission", "2026-03-01", visit_id="v1"),
            contact("p1", "elective_admission", "2026-04-01", visit_id="v2"),
        ],
    )
    rows = [diagnosis("F05", visit_id="v1"), diagnosis("G30", visit_id="v2"), diagnosis("G81", visit_id=None)]
    assert score(*rows, variant="nhp_emergency", encounters=stays) == (3.2, "low")
    assert score(*rows, variant="gilbert_2018", encounters=stays) == (11.6, "intermediate")


# -- what cannot be assessed ---------------------------------------------------------------------------------


def test_without_contacts_the_variant_of_emergencies_cannot_be_assessed():
    assert list(to_pandas(hospital_frailty(records("F05"), aged(81), on=ON, variant="nhp_emergency"))) == ["person_id"]
    assert rows_of(hospital_frailty_reasons(records("F05"), aged(81), on=ON, variant="nhp_emergency")) == []
    assert "no contacts" in unassessable(records("F05"), on=ON, variant="nhp_emergency")[0]


@pytest.mark.parametrize("held", [[], [diagnosis("F05", source="gp")], [diagnosis("F05", "2020-01-01")]])
def test_without_hospital_diagnoses_of_anybody_in_the_window_there_is_no_score_rather_than_0(held):
    conditions = table("conditions", held)
    assert list(to_pandas(hospital_frailty(conditions, aged(81), on=ON))) == ["person_id"]
    assert len(unassessable(conditions, on=ON)) == 1
    assert unassessable(records(), on=ON) == []


def test_a_missing_code_counts_nothing():
    assert score(diagnosis(""), diagnosis("F0"), diagnosis("XF05")) == (0.0, "low")


def test_an_unknown_variant_is_refused_with_the_nearest():
    with pytest.raises(PcnAnalysisError, match="Did you mean gilbert_2018"):
        hospital_frailty(records("F05"), aged(81), on=ON, variant="gilbert_2017")


# -- the tables ----------------------------------------------------------------------------------------------


def test_there_are_109_codes_of_three_characters_with_points_in_whole_tenths():
    rows = codelists.rows("hospital_frailty_codes")
    assert len(rows) == len({row["icd10_prefix"] for row in rows}) == 109
    assert all(len(row["icd10_prefix"]) == 3 for row in rows)
    assert [code.points for code in CODES] == [round(float(row["points"]) * 10) for row in rows]
    assert (max(code.points for code in CODES), min(code.points for code in CODES)) == (71, 1)


def test_every_row_of_the_tables_names_its_source():
    for name in ("codes", "variants"):
        assert all(
            "doi:10.1016/S0140-6736(18)30668-8" in row["source"] for row in codelists.rows(f"hospital_frailty_{name}")
        )
    assert all(row["source"] for row in codelists.rows("hospital_frailty_bands"))


def test_the_bands_of_every_variant_are_low_intermediate_and_high():
    for variant in VARIANTS.values():
        assert [band.name for band in variant.bands] == ["low", "intermediate", "high"]
        assert [band.lower for band in variant.bands] == [None, 50, 150]
