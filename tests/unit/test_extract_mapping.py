"""A mapping file says which column is which; everything wrong with it is told at once, with its place in the file."""

from pathlib import Path

import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.extracts.mapping import load, parse
from pcn_analysis.yaml_text import read_texts

pytestmark = pytest.mark.unit

EXAMPLE = Path(__file__).parents[2] / "config" / "mapping_example.yaml"
PERSONS = "persons: {person_id: ID, birth_date: DOB}\n"


def problems(text: str) -> list[str]:
    with pytest.raises(PcnAnalysisError) as raised:
        parse(text, "m.yaml")
    return [str(one) for one in raised.value.problems]


def test_the_example_is_sound():
    mapping = load(EXAMPLE)
    assert mapping.extract_date.isoformat() == "2026-07-01"
    assert mapping.persons.columns["imd_version"].value == "2019"
    assert mapping.persons.columns["sex"].values["1"] == "male"
    assert mapping.attributes["conditions"]["copd"].kind == "date"
    assert set(mapping.persons.opted_out) == {"type_1_opt_out", "national_data_opt_out"}


def test_words_that_yaml_takes_for_other_things_stay_text():
    written = "a: {NO: no, on: 010, Y: 2026-07-01, 1e3: 0x1F, ~: null, 12:30: 1_000}"
    said = read_texts(written, "m.yaml", example="an.yaml")
    assert said == {"a": {"NO": "no", "on": "010", "Y": "2026-07-01", "1e3": "0x1F", "~": "null", "12:30": "1_000"}}


def test_a_code_with_leading_zeros_is_not_a_number_of_base_eight():
    mapping = parse(PERSONS.replace("}", ", sex: {column: SEX, values: {010: male, 8: female}}}"))
    assert mapping.persons.columns["sex"].values == {"010": "male", "8": "female"}


def test_a_text_is_a_column_and_a_constant_is_written_as_value():
    mapping = parse(PERSONS.replace("}", ', imd_version: "2019"}'))
    assert (mapping.persons.columns["imd_version"].column, mapping.persons.columns["imd_version"].value) == ("2019", "")


def test_names_of_columns_are_folded():
    assert (
        parse("persons: {person_id: ' Patient  Pseudo', birth_date: DOB}").persons.columns["person_id"].column
        == "patient_pseudo"
    )


def test_everything_wrong_is_told_at_once_with_its_place():
    said = problems(
        """
        title: X
        extract_date: 01/07/2026
        skip_lines: two
        persons:
          sexx: SEX
          imd_decile: IMD
          sex: {column: SEX, values: {M: male, F: woman}}
          lsoa21: {column: LSOA, colour: red}
        conditions: {diabtes: DM, copd: {column: C, kind: maybe}}
        latest: {bmi: {column: BMI, unit: lb}, hba1c: HB}
        scores: {efi: EFI}
        wat: 1
        """
    )
    for part in (
        "m.yaml, wat: there is nothing of this name",
        "m.yaml, extract_date: is no date",
        "m.yaml, skip_lines: is no number of lines",
        "m.yaml, persons.sexx: there is nothing of this name. Did you mean sex?",
        "m.yaml, persons.imd_decile: does not say which end decile 1 is",
        "m.yaml, persons.sex.values.F: is none of the words that can stand here. Known: female, ind",
        "m.yaml, persons.lsoa21.colour: there is nothing of this name",
        "m.yaml, persons.person_id: is not mapped",
        "m.yaml, persons.birth_date: is not mapped",
        "m.yaml, conditions.diabtes: there is nothing of this name. Did you mean diabetes",
        "m.yaml, conditions.copd.kind: is none of the words",
        "m.yaml, latest.bmi: has a unit that cannot be used here",
        "m.yaml, latest.hba1c: has no unit",
        "m.yaml, scores.efi: there is nothing of this name. Known: efi_category, efi_deficits, efi_score.",
    ):
        assert any(one.startswith(part) for one in said), part
    assert len(said) == 14


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "m.yaml: holds no sections"),
        ("- a\n- b", "m.yaml: holds no sections"),
        ("title: X", "m.yaml: maps neither persons nor tables"),
        ("persons: {a: [}", "m.yaml, line 1: cannot be read as YAML"),
        ("persons:\n\tsex: M", "m.yaml, line 2: cannot be read as YAML"),
        ("a: &x [*x]", "cannot be read as YAML"),
        ("? [a, b]\n: c", "cannot be read as YAML"),
        ("a: 1\n---\nb: 2", "cannot be read as YAML"),
        ("[" * 5000, "cannot be read as YAML"),
        (PERSONS + PERSONS, "m.yaml, line 2: persons stands twice"),
        ("persons: {person_id: A, person_id: B, birth_date: C}", "m.yaml, line 1: person_id stands twice"),
        ("persons: {person_id: A, birth_date: {value: 1950-01-01}}", "persons.birth_date.value: there is nothing"),
        ("persons: {person_id: , birth_date: B}", "persons.person_id.column: is empty"),
        ("persons: {person_id: [A], birth_date: B}", "persons.person_id: does not hold names"),
        ("persons: {person_id: A, birth_date: {age: AGE, column: B}}", "persons.birth_date: names two sources"),
        ("persons: {person_id: A, birth_date: {year: Y, day: D}}", "persons.birth_date: has a day without a month"),
        ("persons: {person_id: A, birth_date: {precision: month}}", "persons.birth_date: names no column"),
        ('persons: {person_id: "?", birth_date: B}', "persons.person_id.column: has to be filled in"),
        (PERSONS.replace("}", ", imd_decile: {column: I, one_is: '?'}}"), "imd_decile.one_is: has to be filled in"),
        (PERSONS.replace("}", ", carer: {column: C, yes: [A, b], no: B}}"), "persons.carer: 1 words stand for yes"),
        (PERSONS.replace("}", ", sex: {column: C, values: {m: male, M: male}}}"), "values.M: stands twice, but for"),
        ("tables: {conditions: {file: c, fill_down: ID, columns: {}}}", "fill_down: cannot be done, as rows are read"),
        ("tables: {condition: {file: c}}", "tables.condition: there is nothing of this name. Did you mean conditions"),
        ("tables: {persons: {columns: {person_id: A, birth_date: B}}}", "tables.persons: names no file"),
        ("tables: {conditions: {file: c, opted_out: {}, columns: {}}}", "conditions.opted_out: there is nothing"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_plainly(text, said):
    assert any(said in one for one in problems(text)), problems(text)


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path):
    with pytest.raises(PcnAnalysisError, match="there is no such file"):
        load(tmp_path / "no.yaml")
    (tmp_path / "m.yaml").write_bytes(b"title: \xff\xfe")
    with pytest.raises(PcnAnalysisError, match="is no text in UTF-8"):
        load(tmp_path / "m.yaml")


def test_a_table_without_what_every_row_must_have_is_refused():
    said = problems("tables: {encounters: {file: visits, columns: {person_id: P, visit_start_date: D}}}")
    assert [one.split(": ")[0] for one in said] == [
        f"m.yaml, tables.encounters.columns.{column}" for column in ("visit_id", "visit_type", "attended")
    ]
