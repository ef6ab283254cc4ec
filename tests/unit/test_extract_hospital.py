"""What of hospital records becomes which row of our tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from pcn_analysis.clinical_codes.systems import normalised
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.extracts import hospital
from pcn_analysis.extracts.hospital.admissions import METHODS
from pcn_analysis.extracts.hospital.diagnoses import SOURCES, icd10
from pcn_analysis.extracts.workspace import text
from pcn_analysis.person.attributes import IN_HOSPITAL
from tests.unit.extract_rooms import Adapted, Room, room

pytestmark = pytest.mark.unit

APC = (
    "EPIKEY,PSEUDO_HESID,ADMIDATE,ADMIMETH,DISDATE,EPISTART,EPIORDER,EPISTAT,CLASSPAT,PROCODE3,"
    "DIAG_3_01,DIAG_4_01,DIAG_4_02,DIAG_4_CONCAT\n"
)
PERSON = "EPIKEY,PSEUDO_HESID,ADMIDATE,ADMIMETH,SEX,MYDOB,STARTAGE,ETHNOS,GPPRAC,LSOA11\n"
AE = "AEKEY,PSEUDO_HESID,ARRIVALDATE,ARRIVALAGE,AEATTENDCAT,PROCODE3,SEX,DIAG2_01\n"
OP = "ATTENDKEY,PSEUDO_HESID,APPTDATE,APPTAGE,ATTENDED,PROCODE3,SEX,DIAG_4_01\n"
ECDS = "EPIKEY|TOKEN_PERSON_ID|ARRIVAL_DATE|DEPARTURE_DATE|ATTENDANCE_CATEGORY|PROVIDER_CODE|STATED_GENDER|BIRTH_YEAR|BIRTH_MONTH|DIAGNOSIS_CODE_1|DIAGNOSIS_CODE_2|DIAGNOSIS_QUALIFIER_2|FINAL_PRICE\n"  # noqa: E501


Reader = Callable[..., Adapted]


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path) as opened:
        yield opened


@pytest.fixture
def read(here: Room) -> Reader:
    return partial(here.adapted, hospital.read)


# -- which file is which -----------------------------------------------------------------------------------


def test_kinds_are_told_from_columns_and_not_from_names_of_files(read: Reader) -> None:
    done = read(
        one=OP + "1,p1,2020-01-01,50,5,RBL,1,R69X\n",
        two=ECDS + "1|p1|2020-01-01||1|RBL|1|1970|5|||| \n",
        three=AE + "1,p1,2020-01-01,50,1,RBL,1,\n",
        four=APC + "1,p1,2020-01-01,21,2020-01-02,2020-01-01,1,3,1,RBL,J45,J459,,\n",
        five="code,name\n1,x\n",
    )
    assert done.rows("encounters", "visit_id") == ["ae-1", "apc-1", "ecds-1", "op-1"]
    assert done.found("no hospital record known here") == 1
    assert not done.extract.lists_everyone
    assert not done.extract.lists_every_condition


def test_files_of_several_years_are_read_as_one(read: Reader) -> None:
    row = "p1,2020-01-01,50,5,RBL,1,R69X\n"
    assert read(a=OP + f"1,{row}", b=OP.replace(",SEX", "") + "2,p1,2021-01-01,51,5,RBL,R69X\n").rows(
        "encounters", "visit_id"
    ) == ["op-1", "op-2"]


def test_a_delivery_of_nothing_known_is_refused(read: Reader) -> None:
    with pytest.raises(PcnAnalysisError, match=r"holds no table of admitted care \(HES or SUS\), A&E"):
        read(one="code,name\n1,x\n")


def test_all_missing_columns_are_told_at_once(read: Reader) -> None:
    with pytest.raises(PcnAnalysisError) as error:
        read(apc=APC.replace("ADMIMETH", "METHOD"), op=OP.replace("ATTENDED", "CAME").replace("PSEUDO_HESID", "ID"))
    assert [one.what for one in error.value.problems] == [
        "no column ADMIMETH or ADMISSIONMETHOD_HOSPITALPROVIDERSPELL",
        "no column TOKEN_PERSON_ID or PSEUDO_HESID",
        "no column ATTENDED",
    ]


# -- spells ------------------------------------------------------------------------------------------------


def test_episodes_of_one_stay_are_one_admission(read: Reader) -> None:
    done = read(
        apc=APC
        + "1,p1,2020-01-01,21,,2020-01-01,1,3,1,RBL,,J459,,\n"
        + "2,p1,2020-01-01,21,2020-01-09,2020-01-05,2,3,1,RBL,,I500,,\n"
        + "3,p1,2020-01-01,11,2020-01-01,2020-01-01,1,3,1,RWW,,Z491,,\n"
        + "4,p2,2020-01-01,2A,2020-01-02,2020-01-01,1,3,1,RBL,,R104,,\n"
    )
    columns = ("visit_id", "person_id", "visit_type", "visit_start_date", "visit_end_date", "length_of_stay_days")
    first, ninth = dt.date(2020, 1, 1), dt.date(2020, 1, 9)
    assert done.rows("encounters", *columns, "primary_diagnosis", "admission_method") == [
        ("apc-1", "p1", "emergency_admission", first, ninth, 8, "J459", "21"),
        ("apc-3", "p1", "elective_admission", first, first, 0, "Z491", "11"),
        ("apc-4", "p2", "emergency_admission", first, dt.date(2020, 1, 2), 1, "R104", "2A"),
    ]
    assert done.found("episodes, which are 3 spells in hospital, 1 of several episodes") == 4


def test_the_order_of_episodes_says_which_is_first(read: Reader) -> None:
    rows = "1,p1,2020-01-01,81,,2020-01-01,2,3,1,RBL,,I500,,\n2,p1,2020-01-01,21,,2020-01-05,1,3,1,RBL,,J459,,\n"
    done = read(apc=APC + rows)
    assert done.rows("encounters", "visit_id", "primary_diagnosis", "visit_type") == [
        ("apc-1", "J459", "emergency_admission")
    ]


def test_without_an_order_the_earlier_episode_is_first(read: Reader) -> None:
    rows = "1,p1,2020-01-01,21,,2020-01-05,98,3,1,RBL,,I500,,\n2,p1,2020-01-01,21,,2020-01-01,99,3,1,RBL,,J459,,\n"
    assert read(apc=APC + rows).rows("encounters", "primary_diagnosis") == ["J459"]


def test_an_identifier_of_the_spell_decides_where_there_is_one(read: Reader) -> None:
    header = "AIMTC_Pseudo_NHS,PBRspellID,StartDate_HospitalProviderSpell,DischargeDate_FromHospitalProviderSpell,StartDate_ConsultantEpisode,AdmissionMethod_HospitalProviderSpell,DiagnosisPrimary_ICD,Diagnosis1stSecondary_ICD\n"  # noqa: E501
    done = read(
        sus=header
        + "p1,s1,2020-01-01,2020-01-03,2020-01-01,21,J45.9,I10X\n"
        + "p1,s1,2020-01-01,2020-01-03,2020-01-02,21,I50.0,\n"
        + "p1,s2,2020-01-01,2020-01-01,2020-01-01,12,H269,\n"
        + "p2,s1,2020-01-01,2020-01-01,2020-01-01,12,H269,\n"
        + "9000219621,s3,2020-01-01,2020-01-01,2020-01-01,12,H269,\n"
    )
    spells = done.rows("encounters", "person_id", "visit_type", "length_of_stay_days")
    assert spells == [
        ("p1", "elective_admission", 0), ("p1", "emergency_admission", 2), ("p2", "elective_admission", 0),
        (None, "elective_admission", 0),
    ]  # fmt: skip
    assert len(set(done.rows("encounters", "visit_id"))) == 4
    assert done.rows("conditions", "person_id", "code")[:4] == [
        ("p1", "H269"), ("p1", "I10"), ("p1", "I500"), ("p1", "J459"),
    ]  # fmt: skip


def test_repeated_rows_without_a_key_are_the_same_spell(read: Reader) -> None:
    header = "AIMTC_Pseudo_NHS,StartDate_HospitalProviderSpell,AdmissionMethod_HospitalProviderSpell,Sex\n"
    done = read(sus=header + "p1,,21,1\np1,,21,1\np1,,11,1\n")
    assert len(done.rows("encounters", "visit_id")) == 2


def test_identifiers_of_visits_hold_no_pseudonym(read: Reader) -> None:
    header = "AIMTC_Pseudo_NHS,StartDate_HospitalProviderSpell,AdmissionMethod_HospitalProviderSpell,Sex\n"
    assert read(sus=header + "pseudonym,2020-01-01,21,1\n").rows("encounters", "visit_id") == ["apc-row1"]


@pytest.mark.parametrize(
    ("method", "kind"),
    [*METHODS.items(), ("2d", "emergency_admission"), ("99", "other"), ("", "other")],
)
def test_the_admission_method_says_the_kind(read: Reader, method: str, kind: str) -> None:
    done = read(apc=APC + f"1,p1,2020-01-01,{method},,2020-01-01,1,3,1,RBL,,J459,,\n")
    assert done.rows("encounters", "visit_type") == [kind]
    assert done.found("without a known admission method") == (method in ("99", ""))


def test_emergency_elective_and_maternity_methods_are_those_of_the_nhs_data_dictionary() -> None:
    of_kind = {kind: {code for code, one in METHODS.items() if one == kind} for kind in METHODS.values()}
    assert of_kind == {
        "emergency_admission": {"21", "22", "23", "24", "25", "28", "2A", "2B", "2C", "2D"},
        "elective_admission": {"11", "12", "13"},
        "maternity_admission": {"31", "32", "82", "83"},
        "other": {"81"},
    }


@pytest.mark.parametrize("patient_class", ["3", "4"])
def test_stays_of_regular_attenders_are_no_admissions(read: Reader, patient_class: str) -> None:
    done = read(apc=APC + f"1,p1,2020-01-01,13,,2020-01-01,1,3,{patient_class},RBL,,N185,,\n")
    assert done.rows("encounters", "visit_type") == ["other"]
    assert done.found("regular attenders") == 1


def test_unfinished_episodes_are_withheld(read: Reader) -> None:
    done = read(
        apc=APC
        + "1,p1,2020-01-01,21,2020-01-05,2020-01-01,1,3,1,RBL,,J459,,\n"
        + "2,p1,2020-01-01,21,2020-03-31,2020-01-05,2,1,1,RBL,,I500,,\n"
        + "3,p2,2020-01-01,21,,2020-01-01,1,1,1,RBL,,K359,,\n"
    )
    assert done.rows("encounters", "visit_id", "visit_end_date", "_withheld") == [
        ("apc-1", dt.date(2020, 1, 5), None), ("apc-3", None, "an unfinished episode"),
    ]  # fmt: skip
    assert done.rows("conditions", "code", "_withheld") == [
        ("I500", "an unfinished episode"), ("J459", None), ("K359", "an unfinished episode"),
    ]  # fmt: skip


def test_the_null_date_is_no_admission_date_and_joins_no_episodes(read: Reader) -> None:
    rows = "".join(f"{i},p1,1801-01-01,21,1801-01-01,2020-01-01,1,3,1,RBL,,J459,,\n" for i in (1, 2))
    done = read(apc=APC + rows)
    assert done.rows("encounters", "visit_id", "visit_start_date", "length_of_stay_days") == [
        ("apc-1", None, None), ("apc-2", None, None),
    ]  # fmt: skip
    assert done.found("discharges that cannot be read") == 0


def test_a_discharge_that_is_no_date_is_missing_and_counted(read: Reader) -> None:
    done = read(apc=APC + "1,p1,2020-01-01,21,soon,2020-01-01,1,3,1,RBL,,J459,,\n")
    assert done.rows("encounters", "visit_end_date", "length_of_stay_days") == [(None, None)]
    assert done.found("discharges that cannot be read") == 1


# -- A&E and outpatients -----------------------------------------------------------------------------------


def test_planned_follow_ups_are_no_attendances(read: Reader) -> None:
    rows = "1,p1,2020-01-01,50,1,RBL,1,\n2,p1,2020-01-02,50,02,RBL,1,\n3,p1,2020-01-03,50,3,RBL,1,\n"
    ecds = "1|p1|2020-01-01|2020-01-02|1|RBL|1||||||101.50\n2|p1|2020-01-02||4|RBL|1||||||\n"
    done = read(ae=AE + rows, ecds=ECDS + ecds)
    assert done.rows("encounters", "visit_id", "visit_type", "visit_end_date", "cost_gbp") == [
        ("ae-1", "ed", None, None), ("ae-2", "other", None, None), ("ae-3", "ed", None, None),
        ("ecds-1", "ed", "2020-01-02", "101.50"), ("ecds-2", "other", None, None),
    ]  # fmt: skip
    assert done.found("planned follow-ups") == 2


def test_who_did_not_come_to_an_appointment_did_not_attend(read: Reader) -> None:
    rows = "".join(f"{i},p1,2020-01-01,50,{i},RBL,1,\n" for i in range(9))
    done = read(op=OP + rows)
    known = [row for row in done.rows("encounters", "visit_id", "attended", "_withheld") if row[2] is None]
    assert known == [
        ("op-2", False, None), ("op-3", False, None), ("op-4", False, None), ("op-5", True, None), ("op-6", True, None),
        ("op-7", False, None),
    ]  # fmt: skip


# -- diagnoses ---------------------------------------------------------------------------------------------


def test_diagnoses_come_from_columns_of_four_characters_only(read: Reader) -> None:
    done = read(apc=APC + '9,p1,2020-01-01,21,,2020-01-02,1,3,1,RBL,K35,J459,I10X,"J459,I10X"\n')
    assert done.rows("conditions", "code", "code_system", "source", "condition_start_date", "visit_id", "_row") == [
        ("I10", "icd10", "apc", "2020-01-02", "apc-9", "apc-9-02"),
        ("J459", "icd10", "apc", "2020-01-02", "apc-9", "apc-9-01"),
    ]


@pytest.mark.parametrize("written", ["R69X", "i10x", "E11.3D", "G01XA", "H36.0*", "J45.9-", "M45X9", "B95.6+"])
def test_a_code_of_icd10_is_written_as_codelists_write_it(here: Room, written: str) -> None:
    assert here.space.row(f"SELECT {icd10(text(written))}") == (normalised(pd.Series([written]), "icd10")[0],)


def test_marks_for_no_diagnosis_are_none_and_other_texts_are_withheld(read: Reader) -> None:
    rows = "1,p1,2020-01-01,21,,2020-01-01,1,3,1,RBL,,-   ,&,\n2,p1,2020-02-01,21,,2020-02-01,1,3,1,RBL,,0000,7999,\n"
    done = read(apc=APC + rows)
    assert done.rows("conditions", "code", "_withheld") == [(None, "a diagnosis that is no code of ICD-10")] * 2


def test_emergency_care_has_snomed_codes_and_suspicions_are_withheld(read: Reader) -> None:
    ecds = "1|p1|2020-01-01||1|RBL|1|||195967001|22298006|415684004|\n2|p1|2020-01-02||1|RBL|1|||J459|||\n"
    done = read(ecds=ECDS + ecds)
    assert done.rows("conditions", "code", "code_system", "source", "visit_id", "_withheld") == [
        ("195967001", "snomed", "ecds", "ecds-1", None), ("22298006", "snomed", "ecds", "ecds-1", "only suspected"),
        (None, "snomed", "ecds", "ecds-2", "a diagnosis that is no code of SNOMED CT"),
    ]  # fmt: skip


def test_diagnoses_of_hes_accident_and_emergency_are_not_used(read: Reader) -> None:
    done = read(ae=AE + "1,p1,2020-01-01,50,1,RBL,1,040\n")
    assert [feed.table for feed in done.extract.feeds] == ["persons", "encounters"]


# -- persons -----------------------------------------------------------------------------------------------


def test_the_latest_record_of_a_pseudonym_decides_and_differences_are_counted(read: Reader) -> None:
    done = read(
        apc=PERSON
        + "1,007,2020-01-01,21,1,041968,51,A,N85001,\n"
        + "2,007,2021-01-01,21,2,051968,52,H,N85002,\n"
        + "3,007,2022-01-01,21,9,,,Z,V81999,\n"
    )
    columns = ("person_id", "sex", "birth_date", "birth_precision", "practice_code", "ethnicity")
    assert done.rows("persons", *columns) == [
        ("007", "female", dt.date(1968, 5, 15), "month", "N85002", "Asian or Asian British: Indian")
    ]
    assert (done.found("different sex"), done.found("different birth"), done.found("no practice, or not known")) == (
        1,
        1,
        1,
    )


def test_a_category_that_was_never_stated_is_not_one_that_is_not_known(read: Reader) -> None:
    rows = "1,007,2020-01-01,21,1,041968,51,Z,N85001,\n2,008,2020-01-01,21,1,041968,51,99,N85001,\n"
    assert read(apc=PERSON + rows).rows("persons", "person_id", "ethnicity") == [("007", "Not stated"), ("008", None)]


def test_people_of_several_files_are_the_same_only_by_their_pseudonym(read: Reader) -> None:
    done = read(
        ae=AE + "1,p1,2020-01-01,50,1,RBL,1,\n2,P1,2020-01-01,50,1,RBL,2,\n", op=OP + "1,p1,2020-01-01,50,5,RBL,1,\n"
    )
    assert done.rows("persons", "person_id", "sex") == [("P1", "female"), ("p1", "male")]


@pytest.mark.parametrize(
    ("written", "age", "expected"),
    [
        ("041968", "", (dt.date(1968, 4, 15), "month")),
        ("41968", "", (dt.date(1968, 4, 15), "month")),
        ("131968", "51", (dt.date(1968, 7, 1), "year")),
        ("041768", "51", (dt.date(1968, 7, 1), "year")),
        ("April 1968", "51.0", (dt.date(1968, 7, 1), "year")),
        ("", "7001", (dt.date(2020, 7, 1), "year")),
        ("", "7007", (dt.date(2019, 7, 1), "year")),
        ("", "0", (dt.date(2019, 7, 1), "year")),
        ("", "999999999999", (None, "year")),
        ("", "", (None, "year")),
    ],
)
def test_birth_is_a_month_else_a_year_reckoned_from_the_age(
    read: Reader, written: str, age: str, expected: tuple[dt.date | None, str]
) -> None:
    done = read(apc=PERSON + f"1,p1,2020-01-01,21,1,{written},{age},A,N85001,\n")
    assert done.rows("persons", "birth_date", "birth_precision") == [expected]
    assert done.found("only the year is known") == (expected[1] == "year" and expected[0] is not None)


def test_emergency_care_says_year_and_month_of_birth(read: Reader) -> None:
    rows = "1|a|2020-01-01||1|RBL|1|1968|4||||\n2|b|2020-01-01||1|RBL|X|1968|||||\n"
    done = read(ecds=ECDS + rows)
    assert done.rows("persons", "person_id", "sex", "birth_date", "birth_precision") == [
        ("a", "male", dt.date(1968, 4, 15), "month"), ("b", "unknown", dt.date(1968, 7, 1), "year"),
    ]  # fmt: skip


@pytest.mark.parametrize("practice", ["V81997", "V81998", "V81999", "&", "Y", ""])
def test_codes_that_stand_for_no_practice_are_none(read: Reader, practice: str) -> None:
    done = read(apc=PERSON + f"1,p1,2020-01-01,21,1,041968,,A,{practice},\n")
    assert done.rows("persons", "practice_code") == [None]


def test_an_area_of_2011_is_not_used_and_is_counted(read: Reader) -> None:
    done = read(apc=PERSON + "1,p1,2020-01-01,21,1,041968,,A,N85001,E01000001\n")
    assert done.rows("persons", "lsoa21") == [None]
    assert done.found("LSOA of 2011 or 2001") == 1


def test_an_area_of_2021_is_used(read: Reader) -> None:
    done = read(apc=PERSON.replace("LSOA11", "LSOA21") + "1,p1,2020-01-01,21,1,041968,,A,N85001,E01000001\n")
    assert done.rows("persons", "lsoa21") == ["E01000001"]
    assert done.found("LSOA of 2011 or 2001") == 0


def test_keys_that_a_spreadsheet_has_rounded_join_no_spells(read: Reader) -> None:
    rows = "".join(f"5.137E+11,p{i},2020-01-0{i},21,,2020-01-01,1,3,1,RBL,,J459,,\n" for i in (1, 2, 3))
    assert sorted(read(apc=APC + rows).rows("encounters", "visit_id")) == ["apc-row1", "apc-row2", "apc-row3"]


def test_two_people_with_one_key_are_two_spells(read: Reader) -> None:
    rows = "".join(f"7,p{i},2020-01-01,21,,2020-01-01,1,3,1,RBL,,J459,,\n" for i in (1, 2))
    assert read(apc=APC + rows).rows("encounters", "visit_id", "person_id") == [("apc-7", "p1"), ("apc-7", "p2")]


def test_files_without_rows_give_no_rows(read: Reader) -> None:
    done = read(apc=APC, op=OP)
    assert (done.rows("persons", "*"), done.rows("encounters", "*"), done.rows("conditions", "*")) == ([], [], [])


def test_every_diagnosis_of_hospital_rows_gives_way_to_what_is_said_elsewhere():
    assert set(SOURCES.values()) == set(IN_HOSPITAL)
