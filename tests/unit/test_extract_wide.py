"""A file with one row a patient becomes persons and attributes; what is blank or not understood is not known."""

import datetime as dt
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.extracts import wide
from pcn_analysis.extracts.delivery import open_delivery
from pcn_analysis.extracts.findings import Findings
from pcn_analysis.extracts.identifiers import Door
from pcn_analysis.extracts.mapping import SECTIONS, parse
from pcn_analysis.extracts.pseudonyms import Key, Pseudonyms
from pcn_analysis.extracts.typed import typed
from pcn_analysis.extracts.workspace import workspace

pytestmark = pytest.mark.unit

HEADER = "extract_date: 2026-07-01\npersons: {person_id: ID, birth_date: BORN%s}\n"


@contextmanager
def delivered(folder, text, door=None):
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / "people.csv").write_text(text, encoding="utf-8", newline="\n")
    with workspace(folder / "work") as space:
        yield open_delivery(folder / "in" / "people.csv", space, Findings(), door or Door())


def rows(delivery, mapping, table="attributes", extract_date=None):
    """Rows of one table as they are read, by the columns that hold anything; and what was found."""
    extract = wide.read(delivery, parse(mapping, "m.yaml"), extract_date)
    feed = next(one for one in extract.feeds if one.table == table)
    relation = typed(delivery.space, feed, delivery.findings).relation
    names = [column for column, *_ in delivery.space.rows(f"DESCRIBE SELECT * EXCLUDE (_feed) FROM {relation}")]
    found = delivery.space.rows(f"SELECT * EXCLUDE (_feed) FROM {relation} ORDER BY person_id, _withheld NULLS FIRST")
    return [{key: value for key, value in zip(names, row, strict=True) if value is not None} for row in found]


def column(folder, mapping, cells, name, table="attributes"):
    """Values of one of our columns for cells of a column X."""
    text = "ID,BORN,X\n" + "".join(f'p{index:02},1950-06-15,"{cell}"\n' for index, cell in enumerate(cells))
    with delivered(folder, text) as delivery:
        found = [row.get(name) for row in rows(delivery, mapping, table)]
        return found, [str(one) for one in delivery.findings.rows]


def test_a_flag_is_yes_no_or_not_known_and_strange_values_are_counted(tmp_path):
    cells = ["1", "0", "Y", "n", "TRUE", "false", "1.0", "", "unknown", "maybe", "2"]
    found, findings = column(tmp_path, HEADER % "" + "conditions: {diabetes: X}", cells, "has_diabetes")
    assert found == [True, False, True, False, True, False, True, None, None, None, None]
    assert findings == ["attributes.has_diabetes: values that cannot be read as yes or no: 2 (set to missing)"]


def test_a_blank_is_no_only_where_the_mapping_says_so(tmp_path):
    found, _ = column(
        tmp_path, HEADER % "" + "conditions: {asthma: {column: X, blank: no}}", ["Y", "", "unknown"], "has_asthma"
    )
    assert found == [True, False, None]


def test_words_of_the_mapping_take_the_place_of_the_usual_ones(tmp_path):
    mapping = HEADER % "" + "conditions: {gout: {column: X, yes: [Dx, '0'], no: [None found]}}"
    found, _ = column(tmp_path, mapping, ["DX", "none  found", "1", "0"], "has_gout")
    assert found == [True, False, None, True]


def test_a_word_for_no_is_no_longer_one_for_yes(tmp_path):
    found, _ = column(tmp_path, HEADER % "" + "conditions: {gout: {column: X, no: '1'}}", ["1", "Y"], "has_gout")
    assert found == [False, True]


def test_a_date_is_a_flag_with_its_first_date_where_a_rule_asks_for_one(tmp_path):
    mapping = HEADER % "" + "conditions: {cancer: {column: X, kind: date}}"
    cells = ["2019-03-04", "25/12/2020", "", "0", "1801-01-01", "Y", "soon"]
    with delivered(
        tmp_path, "ID,BORN,X\n" + "".join(f"p{i},1950-06-15,{c}\n" for i, c in enumerate(cells))
    ) as delivery:
        found = rows(delivery, mapping)
    assert [row.get("has_cancer") for row in found] == [True, True, None, False, None, True, None]
    dates = [dt.date(2019, 3, 4), dt.date(2020, 12, 25), None, None, None, None, None]
    assert [row.get("cancer_date") for row in found] == dates
    assert [row.get("cancer_first_date") for row in found] == dates


def test_a_date_of_the_latest_record_is_no_first_date(tmp_path):
    found, _ = column(
        tmp_path,
        HEADER % "" + "conditions: {cancer: {column: X, kind: latest_date, blank: no}}",
        ["2019-03-04"],
        "cancer_first_date",
    )
    assert found == [None]


def test_a_condition_that_no_rule_asks_the_first_date_of_has_none(tmp_path):
    found, findings = column(
        tmp_path,
        HEADER % "" + "conditions: {copd: {column: X, kind: date, blank: no}}",
        ["", "2020-01-01", "1801-01-01"],
        "has_copd",
    )
    assert found == [False, True, False]
    said = "attributes.has_copd: dates that stand for no date, such as 1801-01-01, read as blank: 1 (changed)"
    assert findings == [said]


@pytest.mark.parametrize(
    ("direction", "expected"), [("most deprived", [1, 10, None]), ("least deprived", [10, 1, None])]
)
def test_deciles_run_as_the_mapping_says(tmp_path, direction, expected):
    found, findings = column(
        tmp_path,
        HEADER % f", imd_decile: {{column: X, one_is: {direction}}}",
        ["1", "10", "11"],
        "imd_decile",
        "persons",
    )
    assert found == expected
    assert findings == ["persons.imd_decile: values that cannot be read as a whole number, 1 to 10: 1 (set to missing)"]


@pytest.mark.parametrize(
    ("said", "cells", "dates", "precisions"),
    [
        ("{column: X, precision: month}", ["1950-06-01", "01/12/1950"], ["1950-06-15", "1950-12-15"], ["month"] * 2),
        ("X", ["1950-06", "06/1950", "1950", "1950-06-03"], ["1950-06-15", "1950-06-15", "1950-07-01", "1950-06-03"],
         ["month", "month", "year", "day"]),
        ("{year: X}", ["1950", "1950.0", "50"], ["1950-07-01", "1950-07-01", "None"], ["year"] * 3),
        ("{age: X}", ["0", "76", "old", "-1"], ["2026-07-01", "1950-07-01", "None", "None"], ["year"] * 4),
    ],
)  # fmt: skip
def test_dates_of_birth_come_in_four_ways(tmp_path, said, cells, dates, precisions):
    text = "ID,X\n" + "".join(f"p{index},{cell}\n" for index, cell in enumerate(cells))
    with delivered(tmp_path, text) as delivery:
        found = rows(delivery, f"extract_date: 2026-07-01\npersons: {{person_id: ID, birth_date: {said}}}", "persons")
    assert [str(row.get("birth_date")) for row in found] == dates
    assert [row["birth_precision"] for row in found] == precisions


def test_year_and_month_of_birth_stand_in_columns_of_their_own(tmp_path):
    with delivered(tmp_path, "ID,Y,M\np1,1950,6\np2,1950,\np3,1950,13\n") as delivery:
        found = rows(
            delivery, "extract_date: 2026-07-01\npersons: {person_id: ID, birth_date: {year: Y, month: M}}", "persons"
        )
    assert [(str(row["birth_date"]), row["birth_precision"]) for row in found] == [
        ("1950-06-15", "month"), ("1950-07-01", "year"), ("1950-07-01", "year"),
    ]  # fmt: skip


@pytest.mark.parametrize("day", ["2026-01-01", "2026-06-30", "2026-07-01", "2026-12-31"])
def test_an_age_is_the_age_on_the_day_that_it_describes(tmp_path, day):
    on = dt.date.fromisoformat(day)
    with delivered(tmp_path, "ID,AGE\np1,40\n") as delivery:
        [row] = rows(delivery, f"extract_date: {day}\npersons: {{person_id: ID, birth_date: {{age: AGE}}}}", "persons")
    born = row["birth_date"]
    assert on.year - born.year - ((on.month, on.day) < (born.month, born.day)) == 40


def test_words_become_ours_and_others_are_counted(tmp_path):
    mapping = HEADER % ", sex: {column: X, values: {M: male, '2': female}}"
    found, findings = column(tmp_path, mapping, ["m", "2", "female", "X", ""], "sex", "persons")
    assert found == ["male", "female", "female", "unknown", "unknown"]
    assert [one.split(":")[0] for one in findings] == ["persons.sex"]


def test_counts_scores_latest_values_and_registers_stand_beside_the_flags(tmp_path):
    mapping = HEADER % ", practice_code: PRAC" + (
        "counts: {ae_12m: AE, nel_12m: {column: NEL, blank: 0}}\n"
        "scores: {efi_deficits: EFI, efi_category: {column: BAND, values: {Mild frailty: mild}}}\n"
        "latest: {bmi: {column: BMI, date: BMI_DATE, unit: kg/m2}}\nregisters: {DM: QOF_DM}\n"
    )
    text = (
        "ID,BORN,PRAC,AE,NEL,EFI,BAND,BMI,BMI_DATE,QOF_DM\n"
        "007,1950-06-15,N85001,3,,7,mild frailty,31.5,2026-01-02,Y\n008,1950-06-15,n85001,-1,2,40,fit,,,\n"
    )
    with delivered(tmp_path, text) as delivery:
        first, second = rows(delivery, mapping)
        findings = [str(one) for one in delivery.findings.rows]
        assert [row["practice_code"] for row in rows(delivery, mapping, "persons")] == ["N85001", "N85001"]
    day = dt.date(2026, 7, 1)
    assert first == {
        "person_id": "007", "attribute_date": day, "ae_12m": 3, "nel_12m": 0, "efi_deficits": 7, "efi_category": "mild",
        "bmi": 31.5, "bmi_date": dt.date(2026, 1, 2), "on_dm_register": True,
    }  # fmt: skip
    assert second == {"person_id": "008", "attribute_date": day, "nel_12m": 2, "efi_category": "fit"}
    assert [one.split(":")[0] for one in findings] == ["attributes.ae_12m", "attributes.efi_deficits"]


def test_opt_outs_and_withheld_rows_are_marked_and_what_cannot_be_read_is_taken_for_yes(tmp_path):
    mapping = (
        HEADER % ", type_1_opt_out: T1, national_data_opt_out: NDOO" + "withheld: {dummy: D}\nconditions: {gout: G}"
    )
    text = "ID,BORN,T1,NDOO,D,G\np1,1950-06-15,Y,Y,0,1\np2,1950-06-15,N,1,,1\n"
    text += "p3,1950-06-15,,,,1\np4,1950-06-15,9Nd1,,1,1\n"
    with delivered(tmp_path, text) as delivery:
        found = rows(delivery, mapping, "persons")
        withheld = [row.get("_withheld") for row in rows(delivery, mapping)]
    unread = "Type 1 opt-out or not, as the mark cannot be read"
    assert [row.get("_opted_out") for row in found] == ["Type 1 opt-out", "national data opt-out", None, unread]
    assert withheld == [None, None, None, "a dummy patient"]


@pytest.mark.parametrize("days", [["01/02/2020", "03/01/2021"], ["03/01/2021", "01/02/2020"]])
def test_of_two_rows_of_a_patient_the_latest_registration_is_used_in_both_tables(tmp_path, days):
    mapping = HEADER % ", practice_code: P, registration_start_date: R" + "conditions: {gout: G}"
    text = "ID,BORN,P,R,G\n" + "".join(f"q{index:03},1950-06-15,N85002,,0\n" for index in range(200))
    twice = [f"p{index}" for index in range(8)]
    text += "".join(f"{one},1950-06-15,N8500{day[9]},{day},{day[9]}\n" for one in twice for day in days)
    with delivered(tmp_path, text) as delivery:
        persons, attributes = rows(delivery, mapping, "persons")[:16], rows(delivery, mapping)[:16]
    assert [(row["practice_code"], row.get("_withheld")) for row in persons] == [
        ("N85001", None), ("N85000", wide.OTHER_ROWS),
    ] * 8  # fmt: skip
    assert [(row["has_gout"], row.get("_withheld")) for row in attributes] == [
        (True, None), (False, wide.OTHER_ROWS),
    ] * 8  # fmt: skip


def test_an_nhs_number_written_in_two_ways_is_one_patient_with_two_rows(tmp_path):
    key = Key(b"a key of the tests, never used for anybody")
    text = "ID,BORN,P,R,G\n" + "".join(f"q{index:03},1950-06-15,N85002,,0\n" for index in range(60))
    text += "9434765919,1950-06-15,N85001,2021-01-03,1\n943 476 5919,1950-06-15,N85000,2020-02-01,0\n"
    text += "943-476-5927,1950-06-15,N85001,2021-01-03,1\n"
    mapping = HEADER % ", practice_code: P, registration_start_date: R" + "conditions: {gout: G}"
    with delivered(tmp_path, text, Door(key)) as delivery:
        extract = wide.read(delivery, parse(mapping, "m.yaml"))
        pseudonyms = Pseudonyms(delivery.space, key, delivery.findings)
        for feed in extract.feeds:
            read = typed(delivery.space, feed, delivery.findings).relation
            known = pseudonyms.replaced(read, f"{feed.table}.person_id")
            withheld = f"SELECT count(*), count(_withheld) FROM {known} GROUP BY person_id ORDER BY ALL DESC LIMIT 2"
            assert delivery.space.rows(withheld) == [(2, 1), (1, 0)]
    with delivered(tmp_path, text.replace("943", "843")) as delivery:
        assert not any("_withheld" in row for row in rows(delivery, mapping, "persons"))


def test_a_file_of_hundreds_of_columns_is_read_in_little_memory(tmp_path):
    slugs = SECTIONS["conditions"]
    flags = "".join(f"  {slug}: {{column: {slug}, kind: date, blank: no}}\n" for slug in slugs)
    text = f"ID,BORN,{','.join(slugs)}\n" + "".join(
        f"p{at},1950-06-15{',2020-01-02' * len(slugs)}\n" for at in range(3)
    )
    with delivered(tmp_path, text) as delivery:
        delivery.space.connection.execute("SET memory_limit = '128MB'")
        found = rows(delivery, HEADER % "" + f"conditions:\n{flags}")
    assert [row["has_copd"] for row in found] == [True, True, True]


def test_a_file_of_months_is_refused_until_one_month_is_chosen(tmp_path):
    text = "ID,BORN,MONTH\np1,1950-06-15,2026-05\np1,1950-06-15,2026-06\np2,1950-06-15,2026-06\n"
    with delivered(tmp_path, text) as delivery:
        with pytest.raises(PcnAnalysisError, match=r"1 of 2 patients have several rows \(3 rows in all\)") as raised:
            rows(delivery, HEADER % "", "persons")
        assert "p1" not in str(raised.value)
        assert len(rows(delivery, HEADER % "" + "only: {month: 2026-06}", "persons")) == 2


def test_every_mapped_column_that_is_not_there_is_named_with_the_nearest(tmp_path):
    mapping = HEADER % ", lsoa21: LSAO" + "conditions: {gout: G1}\nlatest: {bmi: {column: B, date: BD, unit: kg/m2}}"
    text = "ID,BORN,LSOA\np1,1950-06-15,E01000001\n"
    with delivered(tmp_path, text) as delivery, pytest.raises(PcnAnalysisError) as raised:
        rows(delivery, mapping)
    said = [str(one) for one in raised.value.problems]
    assert said[0] == "m.yaml, persons.lsoa21: people.csv has no column lsao. Did you mean lsoa?"
    assert [one.split(":")[0] for one in said[1:]] == [
        "m.yaml, conditions.gout",
        "m.yaml, latest.bmi",
        "m.yaml, latest.bmi",
    ]


def test_the_day_must_be_said_once(tmp_path):
    undated, day = "persons: {person_id: ID, birth_date: {age: AGE}}", dt.date(2026, 7, 1)
    with delivered(tmp_path, "ID,AGE\np1,40\n") as delivery:
        with pytest.raises(PcnAnalysisError, match="does not say which day"):
            wide.read(delivery, parse(undated))
        assert wide.read(delivery, parse(undated), day).extract_date == day
        with pytest.raises(PcnAnalysisError, match="describes 2026-06-01, and you said 2026-07-01"):
            wide.read(delivery, parse("extract_date: 2026-06-01\n" + undated), day)


def test_mapped_conditions_are_covered_and_registers_are_not(tmp_path):
    with delivered(tmp_path, "ID,BORN,G,DM\np1,1950-06-15,1,1\n") as delivery:
        extract = wide.read(delivery, parse(HEADER % "" + "conditions: {gout: G}\nregisters: {DM: DM}"))
    assert extract.covered == {"gout"}
    assert (extract.kind, extract.lists_everyone, extract.lists_every_condition) == ("wide", True, True)


IDS = st.lists(
    st.from_regex(r"0{1,6}[0-9]{0,20}|[0-9]{19,40}|[0-9]{1,3}[eE][0-9]{1,2}|0x[0-9A-F]{2,6}", fullmatch=True),
    min_size=1, max_size=20, unique=True,
)  # fmt: skip


@given(ids=IDS)
@settings(max_examples=25, deadline=None)
@pytest.mark.properties
def test_pseudonyms_come_through_as_they_were_written(tmp_path_factory, ids):
    text = "ID,BORN,G\n" + "".join(f"{one},1950-06-15,1\n" for one in ids)
    with delivered(tmp_path_factory.mktemp("ids"), text) as delivery:
        for table in ("persons", "attributes"):
            found = {row["person_id"] for row in rows(delivery, HEADER % "" + "conditions: {gout: G}", table)}
            assert found == set(ids)


def test_values_are_brought_into_our_unit_and_impossible_ones_are_missing_and_counted(tmp_path):
    mapping = HEADER % "" + "latest: {hba1c: {column: A, unit: '%'}, bmi: {column: B, date: BD, unit: kg/m²}}"
    text = "ID,BORN,A,B,BD\np1,1950-06-15,7,31.5,2026-01-02\np2,1950-06-15,,315,2026-01-02\np3,1950-06-15,high,,\n"
    with delivered(tmp_path, text) as delivery:
        first, second, third = rows(delivery, mapping)
        findings = [str(one) for one in delivery.findings.rows]
    assert (round(first["hba1c"], 2), first["bmi"]) == (53.01, 31.5)
    assert not {"bmi", "bmi_date", "hba1c"} & {*second, *third}
    assert findings == [
        "attributes.bmi: a value that nobody can have: 1 (set to missing)",
        "attributes.hba1c: values that cannot be read as a number: 1 (set to missing)",
    ]
