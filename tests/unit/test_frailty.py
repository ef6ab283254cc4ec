"""The electronic frailty index, one patient at a time. The index date is 1 July 2026."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from vignettes import ON, by_person, condition, person_rows, reading, resolved, rows_of, table

from pcn_analysis import codelists, tables
from pcn_analysis.engine import lazy
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.person.conditions import recorded_conditions
from pcn_analysis.person.measurements import latest_measurements
from pcn_analysis.scores import frailty
from pcn_analysis.scores.frailty import assessable_deficits, frailty_deficits, frailty_index

pytestmark = pytest.mark.unit

GOLDEN = Path(__file__).parents[1] / "published" / "frailty_bands.csv"
WOMAN = {"person_id": "p1", "sex": "female", "n_medications_12m": 0}
MAN = WOMAN | {"sex": "male"}


def deficits(*, conditions=(), readings=(), person=WOMAN, covered=None):
    """Deficits of one patient: name, latest date and source."""
    recorded = recorded_conditions(table("conditions", list(conditions)), on=ON)
    measured = table("measurements", list(readings))
    found = frailty_deficits(recorded, measured, person_rows(person), on=ON, covered=covered)
    return [row[1:] for row in rows_of(found)]


def names(**what):
    return [name for name, *_ in deficits(**what)]


# -- deficits by a record ----------------------------------------------------------------------------------

DEFICIT_OF = {
    row["condition"]: row["frailty_deficit"] for row in codelists.rows("conditions") if row["frailty_deficit"]
}


def test_every_condition_of_the_index_is_its_deficit_and_no_other_is_one():
    patients = [WOMAN | {"person_id": slug} for slug in tables.CONDITION_NAMES]
    records = [condition(slug, slug, "1995-01-01") for slug in tables.CONDITION_NAMES]
    recorded = recorded_conditions(table("conditions", records), on=ON)
    found = by_person(frailty_deficits(recorded, None, person_rows(*patients), on=ON), "element")
    assert found == {slug: frailty.DEFICITS[deficit] for slug, deficit in DEFICIT_OF.items()}


def test_there_are_36_deficits_and_each_can_be_shown():
    shown = set(DEFICIT_OF.values()) | {frailty.POLYPHARMACY}
    assert set(frailty.DEFICITS) == shown
    assert len(shown) == 36


def test_angina_and_a_heart_attack_are_one_deficit_dated_by_the_later():
    records = [condition("p1", "angina", "2001-01-01"), condition("p1", "myocardial_infarction", "2015-06-01")]
    assert deficits(conditions=records) == [("Ischaemic heart disease", "2015-06-01", frailty.BY_RECORD)]


def test_a_deficit_once_recorded_is_not_undone_by_resolution():
    records = [condition("p1", "asthma", "2001-01-01"), resolved("p1", "asthma", "2010-01-01")]
    assert names(conditions=records) == ["Respiratory disease"]


def test_a_record_from_the_index_date_on_is_not_read():
    assert names(conditions=[condition("p1", "fall", "2026-06-30")]) == ["Falls"]
    assert names(conditions=[condition("p1", "fall", "2026-07-01")]) == []


def test_a_condition_without_a_codelist_is_not_read():
    assert names(conditions=[condition("p1", "fall", "2020-01-01")], covered={"dizziness"}) == []


UNIT_OF = {row["measurement"]: row["unit"] for row in codelists.rows("frailty_value_rules")} | {"hb": "g/L"}


def measured(what, date, value, *, unit="", operator="="):
    """One measurement, in the unit of its rule (haemoglobin in g/L) unless another (or None) is given."""
    return reading("p1", what, date, value, unit=UNIT_OF[what] if unit == "" else unit, operator=operator)


# -- deficits by a value: what is measured, a value beyond the limit, the limit itself, the deficit --------

VALUES = [
    ("falls_12m", 1, 0, "Falls"),
    ("dbp_24h", 85.5, 85, "Hypertension"),
    ("sbp_24h", 136, 135, "Hypertension"),
    ("barthel", 18, 19, "Activity limitation"),
    ("six_cit", 8, 7, "Memory and cognitive problems"),
    ("tsh", 0.35, 0.36, "Thyroid disorders"),
    ("tsh", 5.6, 5.5, "Thyroid disorders"),
    ("egfr", 59, 60, "Chronic kidney disease"),
    ("urine_protein_24h", 151, 150, "Chronic kidney disease"),
    ("urine_albumin_24h", 21, 20, "Chronic kidney disease"),
    ("urine_protein_creatinine", 51, 50, "Chronic kidney disease"),
    ("urine_albumin_creatinine", 3.1, 3, "Chronic kidney disease"),
    ("urine_microalbumin", 3.1, 3, "Chronic kidney disease"),
    ("abpi", 0.94, 0.95, "Peripheral vascular disease"),
    ("dxa_hip_t_score", -2.5, -2.4, "Osteoporosis"),
    ("copd_unscheduled_12m", 1, 0, "Respiratory disease"),
    ("must", 1, 0, "Weight loss and anorexia"),
]
ALSO_TESTED = {"chads2", "hb"}


@pytest.mark.parametrize(("what", "beyond", "limit", "deficit"), VALUES)
def test_a_value_beyond_the_published_limit_is_a_deficit(what, beyond, limit, deficit):
    assert deficits(readings=[measured(what, "2019-01-01", beyond)]) == [(deficit, "2019-01-01", frailty.BY_VALUE)]
    assert names(readings=[measured(what, "2019-01-01", limit)]) == []


def test_every_rule_for_a_value_is_tested_here():
    rules = codelists.rows("frailty_value_rules")
    assert len(rules) == 22
    assert {row["measurement"] for row in rules} == {what for what, *_ in VALUES} | ALSO_TESTED
    assert {row["deficit"] for row in rules} <= set(frailty.DEFICITS)


@pytest.mark.parametrize("value", [0, 1, 6])
def test_any_stroke_risk_score_says_that_there_is_atrial_fibrillation(value):
    assert names(readings=[measured("chads2", "2019-01-01", value)]) == ["Atrial fibrillation"]


@pytest.mark.parametrize(
    ("person", "value", "unit", "anaemic"),
    [
        (MAN, 129, "g/L", True), (MAN, 130, "g/L", False), (MAN, 12.9, "g/dL", True), (MAN, 13.0, "g/dL", False),
        (WOMAN, 114, "g/L", True), (WOMAN, 115, "g/L", False), (WOMAN, 129, "g/L", False),
        (WOMAN, 11.4, "g/dL", True), (WOMAN, 11.5, "g/dL", False),
        (MAN, 25, "g/L", False), (MAN, 25.1, "g/L", True), (WOMAN, 25, "g/L", False), (WOMAN, 0, "g/dL", False),
        (MAN, 12.9, "g/L", False), (MAN, 100, "g/dL", False), (MAN, 7.5, "mmol/L", False), (MAN, 100, None, False),
        (WOMAN | {"sex": "unknown"}, 60, "g/L", False),
    ],
)  # fmt: skip
def test_anaemia_is_below_130_in_men_and_115_in_women_in_either_unit(person, value, unit, anaemic):
    found = names(person=person, readings=[measured("hb", "2019-01-01", value, unit=unit)])
    assert (found == ["Anaemia"]) is anaemic


@pytest.mark.parametrize(
    ("what", "value", "unit"),
    [
        ("urine_albumin_creatinine", 5, "mg/g"), ("egfr", 45, "mL/min"), ("egfr", 45, None), ("egfr", 45, "{score}"),
        ("tsh", 9, None), ("sbp_24h", 150, "kPa"), ("barthel", 12, "%"),
    ],
)  # fmt: skip
def test_a_value_in_another_unit_or_without_the_one_it_needs_is_not_read(what, value, unit):
    assert names(readings=[measured(what, "2019-01-01", value, unit=unit)]) == []
    assert names(readings=[measured(what, "2019-01-01", value)]) != []


@pytest.mark.parametrize(
    ("what", "value"), [("barthel", 12), ("chads2", 2), ("falls_12m", 1), ("abpi", 0.8), ("dxa_hip_t_score", -3)]
)
def test_a_score_a_count_or_a_ratio_needs_no_unit(what, value):
    assert len(names(readings=[measured(what, "2019-01-01", value, unit=None)])) == 1


def test_a_filtration_rate_is_read_in_the_unit_in_which_the_person_table_holds_it():
    assert UNIT_OF["egfr"] == tables.LATEST_MEASUREMENTS["egfr"][1]
    lacking = [measured("egfr", "2019-01-01", 45, unit=unit) for unit in ("mL/min", None)]
    lacking.append(measured("egfr", "2019-01-01", 45, operator=None))
    assert names(readings=lacking) == []
    latest = latest_measurements(table("measurements", lacking), person_rows(WOMAN), on=ON)
    assert by_person(latest, "egfr") == {"p1": None}


@pytest.mark.parametrize(
    ("what", "operator", "value", "counts"),
    [
        ("tsh", "<", 0.01, True), ("tsh", ">", 100, True), ("egfr", ">", 59, False), ("egfr", ">=", 90, False),
        ("egfr", "<", 15, True), ("urine_albumin_creatinine", "<", 5, False),
        ("urine_albumin_creatinine", "<=", 300, False), ("urine_albumin_creatinine", ">=", 30, True),
        ("chads2", ">", 2, True), ("chads2", None, 2, False), ("egfr", None, 15, False),
    ],
)  # fmt: skip
def test_a_bound_counts_where_it_settles_the_question(what, operator, value, counts):
    assert bool(names(readings=[measured(what, "2019-01-01", value, operator=operator)])) is counts


def test_a_reading_beyond_the_limit_counts_for_good_and_a_missing_value_never_does():
    once_low = [measured("egfr", "2015-01-01", 45), measured("egfr", "2026-01-01", 90)]
    assert deficits(readings=once_low) == [("Chronic kidney disease", "2015-01-01", frailty.BY_VALUE)]
    assert names(readings=[measured("egfr", "2026-07-01", 45)]) == []
    assert names(readings=[measured("chads2", "2020-01-01", None)]) == []


def test_a_record_and_a_value_are_one_deficit_with_the_later_source():
    found = deficits(conditions=[condition("p1", "ckd", "2018-01-01")], readings=[measured("egfr", "2020-01-01", 50)])
    assert found == [("Chronic kidney disease", "2020-01-01", frailty.BY_VALUE)]


# -- polypharmacy, people and tables that are not there ----------------------------------------------------


@pytest.mark.parametrize(("medicines", "expected"), [(4, []), (5, ["Polypharmacy"]), (None, [])])
def test_five_medicines_in_a_year_are_a_deficit(medicines, expected):
    assert names(person=WOMAN | {"n_medications_12m": medicines}) == expected


def test_without_medicines_measurements_and_conditions_there_are_no_deficits():
    nobody = frailty_deficits(None, None, person_rows({"person_id": "p1", "sex": "female"}), on=ON)
    assert rows_of(nobody) == []
    assert nobody.collect_schema().names() == tables.REASONS.column_names()


def test_each_way_of_showing_a_deficit_is_named_in_words():
    named = deficits(
        conditions=[condition("p1", "fall", "2020-01-01")],
        readings=[measured("egfr", "2020-01-01", 50)],
        person=WOMAN | {"n_medications_12m": 5},
    )
    assert {name: source for name, _, source in named} == {
        "Falls": "Electronic frailty index: a record",
        "Chronic kidney disease": "Electronic frailty index: a measured value",
        "Polypharmacy": "Electronic frailty index: number of medicines",
    }


def test_people_who_are_not_asked_about_are_left_out():
    assert deficits(conditions=[condition("p2", "fall", "2020-01-01")]) == []


@pytest.mark.parametrize(
    ("covered", "measured", "medicines", "expected"),
    [
        ((), False, False, 0),
        ((), False, True, 1),
        (("angina", "myocardial_infarction", "gout"), False, False, 1),
        ((), True, False, 13),
        (tuple(tables.CONDITION_NAMES), True, True, 36),
    ],
)
def test_how_many_deficits_can_be_assessed(covered, measured, medicines, expected):
    if measured and not covered:
        expected = len({row["deficit"] for row in codelists.rows("frailty_value_rules")})
    assert assessable_deficits(covered, measured, medicines) == expected


# -- the index ---------------------------------------------------------------------------------------------


def index_of(number, variant="efi_36"):
    """Index of someone with so many deficits."""
    shown = pd.DataFrame({"person_id": "p1", "element": list(frailty.DEFICITS.values())[:number]}).astype("str")
    answer = frailty_index(person_rows({"person_id": "p1", "age": 80}), lazy(shown), variant=variant)
    return by_person(answer, "efi_deficits", "efi_score", "efi_category")["p1"]


with GOLDEN.open(encoding="utf-8", newline="") as stream:
    PUBLISHED = [(row["variant"], int(row["deficits"]), row["band"]) for row in csv.DictReader(stream)]


@pytest.mark.parametrize(("variant", "number", "band"), PUBLISHED)
def test_bands_start_and_end_where_they_are_published(variant, number, band):
    assert index_of(number, variant) == (number, pytest.approx(number / 36), band)


def test_the_bands_leave_no_number_out_and_are_those_of_the_table():
    for variant in ("efi_36", "frailtytoolkit_count"):
        rows = [row for row in codelists.rows("frailty_bands") if row["variant"] == variant]
        assert tuple(row["band"] for row in rows) == tables.FRAILTY_BANDS
        edges = [int(row[edge]) for row in rows for edge in ("lowest", "highest")]
        assert (edges[0], edges[-1]) == (0, 36)
        assert all(after == before + 1 for before, after in zip(edges[1::2], edges[2::2], strict=False))


def test_the_two_sets_of_bands_disagree_at_13_deficits_only():
    disagree = [n for n in range(11, 16) if index_of(n)[2] != index_of(n, "frailtytoolkit_count")[2]]
    assert disagree == [13]


def test_bands_that_do_not_exist_are_an_error_with_the_nearest():
    with pytest.raises(PcnAnalysisError, match="Did you mean efi_36"):
        index_of(3, "efi-36")
