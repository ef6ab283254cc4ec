"""The declared tables and the data dictionary that is printed from them."""

from pathlib import Path

import pytest

from pcn_analysis import tables
from pcn_analysis.dictionary import data_dictionary

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]
EVERY = pytest.mark.parametrize("table", tables.ALL, ids=lambda table: table.name)

PERSON_COLUMNS = {
    "persons": """person_id sex birth_date birth_precision death_date ethnicity lsoa21 imd_decile imd_version
        practice_code registration_start_date registration_end_date care_home housebound carer language
        interpreter_needed""",
    "conditions": """person_id condition_start_date condition_end_date code code_system condition status source
        visit_id""",
    "medications": """person_id drug_exposure_start_date drug_exposure_end_date days_supply code code_system bnf_code
        drug_name quantity quantity_unit repeat""",
    "measurements": "person_id measurement_date measurement code code_system value_as_number operator unit",
    "encounters": """visit_id person_id visit_type visit_start_date visit_end_date admission_method
        length_of_stay_days primary_diagnosis attended provider_code cost_gbp care_professional""",
    "observation_period": "person_id start_date end_date",
    "person_snapshot": """person_id index_date n_ltc efi_score efi_category n_medications ae_12m nel_12m el_12m
        op_12m gp_12m cost_12m_gbp""",
}


def test_table_names_are_unique():
    assert len(tables.NAMED) == len(tables.ALL)


@EVERY
def test_column_names_are_unique_and_the_key_is_among_them(table):
    names = table.column_names()
    assert len(set(names)) == len(names)
    assert set(table.key) <= set(names)


@EVERY
def test_no_part_of_a_key_may_be_missing(table):
    assert not [column.name for column in table.columns if column.name in table.key and column.nullable]


@EVERY
def test_identifiers_and_codes_are_strings(table):
    of = {column.name: column.kind for column in table.columns}
    codes = {name for name in of if name.endswith(("_code", "_id")) or name in ("code", "lsoa21")}
    assert {of[name] for name in codes} <= {"string"}


@EVERY
def test_every_column_says_what_it_means(table):
    assert all(column.meaning.endswith(".") for column in table.columns)


@EVERY
def test_only_categories_have_a_list_of_values_and_only_strings_a_pattern(table):
    assert {column.kind for column in table.columns if column.allowed} <= {"category"}
    assert {column.kind for column in table.columns if column.pattern} <= {"string"}
    assert all(column.allowed for column in table.columns if column.kind == "category")


def test_person_tables_have_the_columns_of_the_agreed_schema():
    assert {table.name: table.column_names() for table in tables.PEOPLE} == {
        name: columns.split() for name, columns in PERSON_COLUMNS.items()
    }


def test_tables_with_a_person_in_a_row_are_marked_as_being_of_people():
    assert {table.name for table in tables.ALL if table.people} == set(PERSON_COLUMNS)
    assert {table.name for table in tables.ALL if "person_id" in table.column_names()} == set(PERSON_COLUMNS)


def test_practices_have_what_the_agreed_schema_asks_for():
    agreed = "practice_code practice_name pcn_code pcn_name icb_code list_size latitude longitude neighbourhood"
    assert set(agreed.split()) <= set(tables.PRACTICES.column_names())


def test_the_data_dictionary_in_the_documentation_is_current():
    written = (ROOT / "docs" / "data_dictionary.md").read_text(encoding="utf-8")
    assert written == data_dictionary(), "run `make docs`"


@EVERY
def test_the_data_dictionary_describes_every_column(table):
    section = data_dictionary().split(f"### `{table.name}`\n")[1].split("\n### ")[0]
    assert f"One row is {table.grain}." in section
    assert [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")] == table.column_names()


def test_the_data_dictionary_escapes_the_bars_of_a_pattern():
    rows = [line for line in data_dictionary().splitlines() if line.startswith("| ")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {7}
