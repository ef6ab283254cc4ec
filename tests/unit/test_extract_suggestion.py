"""A first mapping file is a draft: it places what names and values tell, and says what is left to a person."""

import csv
from contextlib import contextmanager

import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.extracts import suggestion, wide
from pcn_analysis.extracts.delivery import open_delivery
from pcn_analysis.extracts.findings import Findings
from pcn_analysis.extracts.identifiers import Door
from pcn_analysis.extracts.mapping import parse
from pcn_analysis.extracts.suggestion import suggest
from pcn_analysis.extracts.workspace import workspace

pytestmark = pytest.mark.unit

EVEN = ["1", "0"] * 20
NCL = {
    "Person Id": [f"0{index:05}x" for index in range(40)],
    "gender": ["M", "F"] * 20,
    "birth_date_approx": ["1950-06-01", "1961-11-01"] * 20,
    "lsoa_code_21": [f"E0100{index:04}" for index in range(40)],
    "imd_decile_25": [str(index % 10 + 1) for index in range(40)],
    "practice_code": ["N85001"] * 40,
    "is_dummy_patient": ["0"] * 40,
    "has_copd": EVEN,
    "asthma_flag": ["Y", ""] * 20,
    "dementia_diagnosis_date": ["2020-05-06", ""] * 20,
    "qof_dm": EVEN,
    "apc_nel_12mo": ["0", "3"] * 20,
    "ae_encounters": ["0", "7"] * 20,
    "efi": ["0", "12"] * 20,
    "efi_category": ["Fit", "Mild Frailty"] * 20,
    "bmi": ["31.5", "22"] * 20,
    "bmi_date": ["2026-01-02"] * 40,
    "total_cost": ["10.5", "1200.75"] * 20,
    "note": [f"secret words {index}" for index in range(40)],
}


@contextmanager
def delivered(folder, columns):
    path = folder / "people.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([columns, *zip(*columns.values(), strict=True)])
    with workspace(folder / "work") as space:
        yield open_delivery(path, space, Findings(), Door())


def suggested(folder, columns):
    with delivered(folder, columns) as delivery:
        return suggest(delivery)


def line(text, key):
    return next(one.strip() for one in text.splitlines() if one.strip().startswith(f"{key}:"))


def test_names_and_values_place_most_columns(tmp_path):
    text = suggested(tmp_path, NCL)
    assert line(text, "person_id") == "person_id: person_id"
    assert line(text, "sex") == "sex: {column: gender, values: {f: female, m: male}}"
    assert line(text, "birth_date").startswith(
        "birth_date: {column: birth_date_approx, precision: month}  # not sure: "
    )
    assert line(text, "imd_decile").startswith('imd_decile: {column: imd_decile_25, one_is: "?"}  # most deprived or')
    assert line(text, "imd_version") == 'imd_version: {value: "2025"}  # not sure: from the name of the column'
    assert line(text, "copd") == "copd: has_copd"
    assert line(text, "asthma") == "asthma: asthma_flag  # not sure: does a blank mean no? Then add blank: no"
    assert line(text, "dementia").startswith("dementia: {column: dementia_diagnosis_date, kind: date}  # not sure: ")
    assert line(text, "DM") == "DM: qof_dm"
    assert line(text, "dummy") == "dummy: is_dummy_patient"
    assert line(text, "nel_12m") == "nel_12m: apc_nel_12mo"
    assert line(text, "ae_12m").endswith("# not sure: does it count the 12 months before extract_date")
    assert line(text, "efi_deficits").startswith("efi_deficits: efi  # not sure: by its values a count")
    assert (
        line(text, "efi_category") == 'efi_category: {column: efi_category, values: {fit: fit, "mild frailty": mild}}'
    )
    assert line(text, "bmi").startswith('bmi: {column: bmi, date: bmi_date, unit: "kg/m2"}  # not sure: make sure')
    left = text.partition("# Could not be placed")[2]
    assert [one.strip("# ") for one in left.splitlines()[1:]] == ["total_cost: numbers", "note: text"]


def test_once_the_questions_are_answered_the_draft_reads_the_file(tmp_path):
    with delivered(tmp_path, NCL) as delivery:
        text = suggest(delivery)
        with pytest.raises(PcnAnalysisError, match=r"persons\.imd_decile\.one_is: has to be filled in"):
            parse(text)
        text = text.replace('one_is: "?"', "one_is: most deprived").replace(
            'extract_date: "?"', "extract_date: 2026-07-01"
        )
        assert '"?"' not in text
        extract = wide.read(delivery, parse(text))
    assert [feed.table for feed in extract.feeds] == ["persons", "attributes"]
    assert extract.covered == {"copd", "asthma", "dementia"}


def test_values_of_records_are_never_shown_but_for_short_common_words(tmp_path):
    chd = ["Diagnosed"] * 20 + ["None"] * 10 + ["A very long answer"] * 10
    sex = ["M"] * 31 + ["Z9"] * 9
    text = suggested(tmp_path, NCL | {"gender": sex, "chd": chd})
    assert line(text, "coronary_heart_disease").endswith("# not sure: which of its words mean yes: Diagnosed, None")
    assert line(text, "sex") == "sex: {column: gender, values: {m: male}}"
    shown = {cell for column in NCL.values() for cell in column if len(cell) > 4 and cell in text}
    assert shown <= {"Mild Frailty"}
    assert "Z9" not in text


def test_a_column_with_many_different_words_shows_none(tmp_path):
    text = suggested(tmp_path, NCL | {"chd": [f"w{index}" for index in range(40)]})
    assert line(text, "coronary_heart_disease").endswith("# not sure: which of its words mean yes")


def test_columns_that_hold_identifiers_are_named_and_not_mapped(tmp_path):
    valid = ["9434765919", "9434765870", "4505577104", "9876543210"] * 10
    columns = {("patient_id" if key == "Person Id" else key): cells for key, cells in NCL.items()} | {
        "patient_id": valid, "home_postcode": ["CH41 5EU"] * 40,
    }  # fmt: skip
    text = suggested(tmp_path, columns)
    assert line(text, "person_id") == 'person_id: "?"  # not sure: no column has the name of a pseudonym'
    assert "#   patient_id: NHS numbers" in text
    assert "#   home_postcode: postcodes" in text
    assert "9434765919" not in text
    assert text.count("patient_id") == text.count("home_postcode") == 1


def test_a_practice_is_told_by_its_values_where_no_name_says_so(tmp_path):
    columns = {("surgery x" if key == "practice_code" else key): cells for key, cells in NCL.items()}
    assert (
        line(suggested(tmp_path, columns), "practice_code")
        == "practice_code: surgery_x  # not sure: by its values alone"
    )


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (
            {"birth_year": ["1950"] * 40, "birth_month": ["6"] * 40},
            "birth_date: {year: birth_year, month: birth_month}",
        ),
        ({"age": ["41"] * 40}, "birth_date: {age: age}"),
        (
            {"other": ["41"] * 40},
            'birth_date: "?"  # not sure: no column is named like a date or year of birth, or an age',
        ),
        ({"dob_month": ["1950-06"] * 40}, "birth_date: dob_month"),
    ],
)
def test_the_date_of_birth_is_looked_for_in_four_ways(tmp_path, columns, said):
    assert line(suggested(tmp_path, {"person_id": NCL["Person Id"], **columns}), "birth_date") == said


def test_odd_headings_and_words_do_not_break_the_file(tmp_path):
    odd = {'a "quoted": # {name}': EVEN, "'": EVEN, "sex": ["#: {x}"] * 40, "no": EVEN, "é\x01": EVEN}
    text = suggested(tmp_path, NCL | odd | {"gender": NCL["gender"]})
    with pytest.raises(PcnAnalysisError) as raised:
        parse(text)
    assert all("has to be filled in" in str(one) for one in raised.value.problems)


def test_of_a_large_file_a_sample_is_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(suggestion, "SAMPLE", 30)
    text = suggested(tmp_path, NCL)
    assert line(text, "copd") == "copd: has_copd"
    assert line(text, "DM") == "DM: qof_dm"


def test_one_file_is_wanted(tmp_path):
    with delivered(tmp_path, NCL) as delivery:
        delivery.files["other"] = []
        with pytest.raises(PcnAnalysisError, match="holds 2 tables"):
            suggest(delivery)
