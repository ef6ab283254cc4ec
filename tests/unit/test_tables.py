"""The declared tables and the data dictionary that is printed from them."""

from pathlib import Path

import pytest

from pcn_analysis import codelists, tables
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
    "care_events": "person_id event_date event outcome code code_system",
    "care_home_stays": "person_id care_home_code start_date end_date arrived_from",
    "observation_period": "person_id start_date end_date",
    "reasons": "person_id element date source",
}
AGREED = ["person_id", "index_date", "n_ltc", "efi_score", "efi_category", "n_medications", "ae_12m", "nel_12m",
          "el_12m", "op_12m", "gp_12m"]  # fmt: skip
"""What the agreed schema asks of one row a person; its cost_12m_gbp waits for records that hold costs."""


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


@pytest.mark.parametrize("name", PERSON_COLUMNS)
def test_records_of_people_have_the_columns_of_the_agreed_schema(name):
    assert tables.NAMED[name].column_names() == PERSON_COLUMNS[name].split()


def test_the_person_table_has_what_the_agreed_schema_asks_for():
    assert set(AGREED) <= set(tables.PERSON_TABLE.column_names())
    assert tables.PERSON_TABLE.key == ("person_id", "index_date")


@pytest.mark.parametrize(
    ("codelist", "key", "columns"),
    [
        ("conditions", "condition", ("has_{}", "{}_date")),
        ("medicine_groups", "group", ("{}_12m", "{}_date")),
        ("qof_registers", "register", ("on_{}_register",)),
    ],
)
def test_the_person_table_has_columns_for_every_row_of_a_codelist(codelist, key, columns):
    named = {row[key].lower() for row in codelists.rows(codelist)}
    expected = {column.format(name) for name in named for column in columns}
    assert len(named) > 1
    assert expected <= set(tables.PERSON_TABLE.column_names())


def test_a_condition_or_register_that_is_in_no_codelist_has_no_column():
    names = tables.PERSON_TABLE.column_names()
    conditions = {name.removeprefix("has_") for name in names if name.startswith("has_")}
    registers = {name[len("on_") : -len("_register")] for name in names if name.endswith("_register")}
    assert conditions == {row["condition"] for row in codelists.rows("conditions")}
    assert registers == {row["register"].lower() for row in codelists.rows("qof_registers")}


def test_tables_with_a_person_in_a_row_are_marked_as_being_of_people():
    of_people = {*PERSON_COLUMNS, "attributes", "person_table"}
    assert {table.name for table in tables.ALL if table.people} == of_people
    assert {table.name for table in tables.ALL if "person_id" in table.column_names()} == of_people


def test_every_event_of_care_has_a_name_a_service_and_a_source():
    rows = codelists.rows("care_events")
    assert [row["event"] for row in rows] == list(tables.CARE_EVENT_NAMES)
    assert all(row["name"] and row["service"] and row["source"] for row in rows)
    assert {row["service"] for row in rows} == {
        "structured_medication_review", "care_homes", "proactive_care", "personalised_care", "early_cancer",
        "cardiovascular", "inequalities",
    }  # fmt: skip


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
