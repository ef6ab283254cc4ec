"""What measurements are in: one name for a unit, the unit that is read, and nothing that nobody can have."""

import pytest

from pcn_analysis.extracts.measured import in_units
from tests.unit.extract_rooms import reading, room

pytestmark = pytest.mark.unit


@pytest.fixture
def here(tmp_path):
    with room(tmp_path) as opened:
        yield opened


def measured(here, what, value, unit, **columns):
    relation = here.ready("measurements", reading("a", "2020-01-01", value, measurement=what, unit=unit, **columns))
    rows = here.dictionaries(in_units(here.space, relation, here.findings))
    return [(row.get("value_as_number"), row.get("unit")) for row in rows]


@pytest.mark.parametrize(("percent", "mmol_mol"), [("6.0", 42), ("6.5", 48), ("7.0", 53), ("7.5", 58), ("9.0", 75)])
def test_hba1c_in_percent_becomes_the_published_mmol_mol(here, percent, mmol_mol):
    """The pairs that NICE prints in its guideline NG28."""
    [(value, unit)] = measured(here, "hba1c", percent, "%")
    assert (round(value), unit) == (mmol_mol, "mmol/mol")
    assert here.found() == {"a value in another unit, converted": 1}


@pytest.mark.parametrize(("what", "value", "unit", "expected"), [
    ("hb", "13.5", "g/dL", (135, "g/L")), ("height", "1.8", "m", (180, "cm")), ("weight", "3200", "g", (3.2, "kg")),
    ("weight", "70", "KG", (70, "kg")), ("bmi", "25", "kg/m²", (25, "kg/m2")), ("sbp", "120", "mmHg", (120, "mm[Hg]")),
    ("hba1c", "48", "mmol/mol", (48, "mmol/mol")), ("bmi", "25", "%", (25, "%")),
])  # fmt: skip
def test_units_have_one_name_and_are_converted_where_it_is_known_how(here, what, value, unit, expected):
    [(got, named)] = measured(here, what, value, unit)
    assert (pytest.approx(got), named) == expected


def test_a_value_without_a_unit_keeps_none_and_its_value(here):
    assert measured(here, "hba1c", "6.5", None) == [(6.5, None)]
    assert here.found() == {"a value without a unit, which nothing reads": 1}


def test_a_unit_that_is_not_known_is_missing(here):
    assert measured(here, "bmi", "25", "stone per acre") == [(25, None)]
    assert here.found() == {"a unit that is not known here": 1}


@pytest.mark.parametrize(("what", "value", "unit", "stays"), [
    ("bmi", "10", "kg/m2", True), ("bmi", "80", "kg/m2", True), ("bmi", "9.99", "kg/m2", False),
    ("bmi", "80.01", "kg/m2", False), ("hba1c", "1", "%", False), ("hba1c", "300", "mmol/mol", False),
    ("bmi", "500", None, True), ("height", "9999", "cm", True), ("unheard of", "1e9", "kg", True),
    ("egfr", "0", "mL/min/1.73m2", True), ("hb", "1", "g/dL", False),
])  # fmt: skip
def test_values_that_nobody_can_have_are_left_out_and_limits_are_inclusive(here, what, value, unit, stays):
    assert bool(measured(here, what, value, unit)) is stays
    assert here.findings.left_out("measurements") == (not stays)


def test_a_measurement_without_a_value_stays(here):
    assert measured(here, "bmi", None, None) == [(None, None)]
    assert here.found() == {}


def test_a_measurement_that_has_no_name_keeps_its_value_and_unit(here):
    assert measured(here, None, "6.5", "%") == [(6.5, "%")]


def test_no_rows_are_no_rows(here):
    empty = here.ready("measurements", reading("a", "2020-01-01", "1"))
    assert here.rows(in_units(here.space, f"(SELECT * FROM {empty} WHERE false)", here.findings)) == []
