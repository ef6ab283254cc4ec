"""Risk tiers of six registers: who is in each and why, on both sides of every edge. The index date is 1 July 2026."""

import csv

import pytest
from model_patients import DAY_BEFORE_A_YEAR_AGO, WELL, YEAR_AGO, Patients, has
from vignettes import ON, by_person, person_rows, rows_of

from pcn_analysis import tables
from pcn_analysis.anticipatory.risk_tiers import find_tiers, risk_tiers, tier_coverage, tier_reasons, tiers_of
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.rules import ASSESSED, NONE_ASSESSED, NOT_ASSESSED, PARTLY
from pcn_analysis.rules.lint import lint
from tests.conftest import ROOT, need

pytestmark = pytest.mark.unit

HRC, HR, MRA, MRB = (
    "High risk and complex (HRC)", "High risk (HR)", "Medium risk A (MRA)", "Medium risk B (MRB)",
)  # fmt: skip
OFF = "Not on the register"
REGISTERS = {
    "coronary_heart_disease": ("chd", "on_chd_register"),
    "kidney_disease": ("ckd", "on_ckd_register"),
    "copd": ("copd", "on_copd_register"),
    "diabetes": ("dm", "on_dm_register"),
    "heart_failure": ("hf", "on_hf_register"),
    "hypertension": ("htn", "on_hyp_register"),
}
COLUMNS = tables.PERSON_TABLE.column_names()


def tiers(register, *cases):
    """The tier of each patient, all of them on the register."""
    on_register = {REGISTERS[register][1]: True}
    return Patients(tiers_of(register)).segments(*(on_register | case for case in cases))


def pressure(sbp, dbp, date=YEAR_AGO):
    return {"sbp": float(sbp), "sbp_date": date, "dbp": float(dbp), "dbp_date": date}


def measured(**values):
    return {name: float(value) for name, value in values.items()} | {f"{name}_date": "2026-01-01" for name in values}


# -- the files ---------------------------------------------------------------------------------------------


def test_there_are_tiers_of_six_registers():
    assert set(find_tiers()) == set(REGISTERS)
    with pytest.raises(PcnAnalysisError, match=r"there are none of diabtes\. Did you mean diabetes"):
        tiers_of("diabtes")


@pytest.mark.published
def test_every_published_tier_is_there_and_no_other():
    path = ROOT.parent / "shared" / "reference" / "ncl_ltc_lcs_risk_tiers.csv"
    need(path.exists(), "the published tiers, ../shared/reference/ncl_ltc_lcs_risk_tiers.csv,")
    with path.open(encoding="utf-8", newline="") as stream:
        published = [(row["register"], row["risk_group"]) for row in csv.DictReader(stream)]
    assert len(published) == 22
    published.remove(("dm", "MR"))  # both of MRA and MRB
    ours = []
    for name, (register, _) in REGISTERS.items():
        model = tiers_of(name)
        names = [*(segment.name for segment in model.ordered()), model.remainder]
        ours += [(register, one.split("(")[1].rstrip(")")) for one in names if "(" in one]
    assert sorted(ours) == sorted(published)


@pytest.mark.parametrize("register", REGISTERS)
def test_a_tier_is_of_people_on_the_register_and_says_what_was_published(register):
    model, (_, column) = tiers_of(register), REGISTERS[register]
    assert Patients(model).segments(WELL | {column: False}, WELL | {column: None}) == [OFF, OFF]
    assert all(element.words for _, element in model.elements())
    assert model.variant == "published"
    assert "213ca0542d52" in model.source


@pytest.mark.parametrize("register", REGISTERS)
def test_the_linter_finds_only_what_is_not_held(register):
    assert {fault.kind for fault in lint(tiers_of(register))} == {"no codelist"}


def test_who_is_in_no_tier_is_never_called_low_risk_while_a_rule_cannot_be_assessed():
    for register in REGISTERS:
        assert tiers(register, {}) == [NONE_ASSESSED], register
    assert tiers_of("diabetes").remainder == tiers_of("hypertension").remainder == "Low risk (LR)"


def test_where_the_register_is_not_known_nobody_is_in_a_tier_and_nobody_has_a_reason():
    people = person_rows({"person_id": "p1", "hba1c": 95.0, "hba1c_date": "2026-01-01"})
    assert by_person(risk_tiers(people, register="diabetes", on=ON), "tier") == {"p1": NONE_ASSESSED}
    assert rows_of(tier_reasons(people, register="diabetes", on=ON)) == []


# -- hypertension ------------------------------------------------------------------------------------------

PRESSURES = [
    # pressure, age, another condition, the tier
    (pressure(181, 80), HRC),
    (pressure(130, 121), HRC),
    (pressure(180, 120), HR),  # severe by NG136, which says 180 or 120 and over
    (pressure(180.5, 80), HRC),
    (pressure(161, 80), HR),
    (pressure(130, 101), HR),
    (pressure(160, 100), MRB),
    (pressure(160, 100) | has("diabetes"), MRA),
    (pressure(141, 80), MRB),
    (pressure(130, 91), MRB),
    (pressure(140, 90), NONE_ASSESSED),
    (pressure(140, 90) | has("diabetes"), NONE_ASSESSED),
    (pressure(141, 80, DAY_BEFORE_A_YEAR_AGO), NONE_ASSESSED),
    (pressure(190, 130, DAY_BEFORE_A_YEAR_AGO), NONE_ASSESSED),
    (pressure(141, 80) | {"age": 80}, MRB),
    (pressure(141, 80) | {"age": 81}, NONE_ASSESSED),
    (pressure(150, 90) | {"age": 81}, NONE_ASSESSED),
    (pressure(151, 80) | {"age": 81}, MRB),
    (pressure(130, 91) | {"age": 81}, MRB),
    (pressure(151, 80) | {"age": None}, NONE_ASSESSED),
    *(
        (pressure(141, 80) | has(slug), MRA)
        for slug in ("coronary_heart_disease", "stroke", "tia", "peripheral_arterial_disease", "ckd", "diabetes")
    ),
    (pressure(141, 80) | measured(egfr=59.9), MRA),
    (pressure(141, 80) | measured(egfr=60), MRB),
    (pressure(141, 80) | measured(bmi=36), MRB),  # counts in the tier above only, with an ethnic group
    (pressure(141, 80) | has("asthma"), MRB),
    (has("diabetes"), NONE_ASSESSED),
]


def test_tiers_of_hypertension_are_strictly_over_their_limits():
    assert tiers("hypertension", *(case for case, _ in PRESSURES)) == [tier for _, tier in PRESSURES]


def test_one_value_of_the_last_year_is_enough_and_an_old_one_beside_it_does_not_count():
    mixed = pressure(185, 95) | {"sbp_date": DAY_BEFORE_A_YEAR_AGO}
    assert tiers("hypertension", mixed) == [MRB]


# -- diabetes ----------------------------------------------------------------------------------------------

DM_MRA, DM_MRB = "Moderate risk A (MRA)", "Moderate risk B (MRB)"
SUGARS = [
    (measured(hba1c=90.1), HRC),
    (measured(hba1c=90), HR),
    (measured(hba1c=75.1), HR),
    (measured(hba1c=75), DM_MRB),
    (measured(hba1c=58.1), DM_MRB),
    (measured(hba1c=58), NONE_ASSESSED),
    (measured(egfr=14.9), HRC),
    (measured(egfr=15), HR),
    (measured(egfr=29.9), HR),
    (measured(egfr=30), NONE_ASSESSED),
    (measured(hba1c=58.1, egfr=30), DM_MRA),
    (measured(hba1c=75, egfr=44.9), DM_MRA),
    (measured(hba1c=75, egfr=45), DM_MRB),
    (measured(hba1c=58, egfr=44.9), NONE_ASSESSED),
    (measured(hba1c=60) | has("myocardial_infarction", date=YEAR_AGO), DM_MRA),
    (measured(hba1c=60) | has("tia", date=YEAR_AGO), DM_MRA),
    (measured(hba1c=60) | has("tia", date=DAY_BEFORE_A_YEAR_AGO), DM_MRB),
    (measured(hba1c=60) | has("stroke", date=YEAR_AGO), DM_MRB),  # wider than cerebral thrombosis
    (measured(hba1c=48, bmi=36), NONE_ASSESSED),
    (measured(hba1c=48.1, bmi=36), DM_MRB),
    (measured(hba1c=58, bmi=35.1), DM_MRB),
    (measured(hba1c=58, bmi=35), NONE_ASSESSED),
    (measured(hba1c=50) | has("heart_failure"), DM_MRB),
    (measured(hba1c=50) | has("peripheral_arterial_disease"), DM_MRB),
    (measured(hba1c=50, egfr=45), DM_MRB),
    (measured(hba1c=50, egfr=49.9), DM_MRB),
    (measured(hba1c=50, egfr=50), NONE_ASSESSED),
    (measured(hba1c=50, egfr=44.9), NONE_ASSESSED),
    (measured(bmi=40) | has("heart_failure"), NONE_ASSESSED),
]


def test_tiers_of_diabetes_begin_over_one_limit_and_end_on_the_next():
    assert tiers("diabetes", *(case for case, _ in SUGARS)) == [tier for _, tier in SUGARS]


# -- kidney disease and heart failure ----------------------------------------------------------------------

KIDNEYS = [
    (measured(egfr=14.9), HRC),
    (measured(egfr=15), HR),
    (measured(egfr=29.9), HR),
    (measured(egfr=30), NONE_ASSESSED),
    (measured(egfr=59), NONE_ASSESSED),  # the ratio of albumin to creatinine would decide
    (pressure(120, 90.1), HR),
    (pressure(120, 90), NONE_ASSESSED),
    (pressure(150.1, 80), HR),
    (pressure(150, 80), NONE_ASSESSED),
    (pressure(151, 91, DAY_BEFORE_A_YEAR_AGO), NONE_ASSESSED),
]


def test_tiers_of_kidney_disease_are_told_by_filtration_and_pressure_alone():
    assert tiers("kidney_disease", *(case for case, _ in KIDNEYS)) == [tier for _, tier in KIDNEYS]


def test_heart_failure_that_was_coded_in_six_months_is_medium_risk():
    half_a_year, day_before = has("heart_failure", date="2026-01-01"), has("heart_failure", date="2025-12-31")
    assert tiers("heart_failure", half_a_year, day_before) == ["Medium risk (MR)", NONE_ASSESSED]


# -- reasons, and what is not assessed ---------------------------------------------------------------------


def test_reasons_name_every_rule_that_is_met_with_the_date_of_the_latest_record_and_members_only():
    row = WELL | measured(hba1c=95, egfr=20) | {"on_dm_register": True, "person_id": "p1"}
    names = ["person_id", "on_dm_register", *(one for one in row if one.split("_")[0] in ("hba1c", "egfr"))]
    patient = {name: row[name] for name in names}
    people = person_rows(patient, patient | {"person_id": "p2", "on_dm_register": False})
    found = rows_of(tier_reasons(people, register="diabetes", on=ON))
    assert [(who, element, date) for who, element, date, _ in found] == [
        ("p1", "HbA1c over 90", "2026-01-01"),
        ("p1", "eGFR from 15, below 30", "2026-01-01"),
    ]
    placed = by_person(risk_tiers(people, register="diabetes", on=ON), "tier", "next_tier")
    assert placed == {"p1": (HRC, HR), "p2": (OFF, None)}


ASSESSABLE = {
    # segments of each register, where every column of the person table is there
    "coronary_heart_disease": [NOT_ASSESSED] * 3,
    "copd": [NOT_ASSESSED] * 3,
    "diabetes": [PARTLY] * 4,
    "heart_failure": [NOT_ASSESSED, PARTLY],
    "hypertension": [PARTLY] * 4,
    "kidney_disease": [PARTLY, PARTLY, NOT_ASSESSED],
}


@pytest.mark.parametrize("register", ASSESSABLE)
def test_what_cannot_be_assessed_is_said_of_every_tier(register):
    model = tiers_of(register)
    status = model.status(COLUMNS)
    assert [status[segment.name] for segment in model.ordered()] == ASSESSABLE[register]


def test_rules_that_can_be_assessed_in_full_are_few_and_named():
    full = {
        (register, element)
        for register in REGISTERS
        for element, status in tier_coverage(COLUMNS, register=register)[["element", "status"]].to_numpy().tolist()
        if status == ASSESSED
    }
    assert {register for register, _ in full} == {"diabetes", "heart_failure", "hypertension", "kidney_disease"}
    assert len(full) == 17
    without = tier_coverage(set(COLUMNS) - {"hba1c"}, register="diabetes").set_index("element")
    assert without.loc["HbA1c over 90", "missing"] == "hba1c"
