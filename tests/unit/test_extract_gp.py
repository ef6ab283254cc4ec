"""Long coded events are read by a layout: recognised, joined to their code dictionary, and put to several tables."""

from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.extracts import gp_extract
from pcn_analysis.extracts.delivery import open_delivery
from pcn_analysis.extracts.findings import Findings
from pcn_analysis.extracts.identifiers import Door
from pcn_analysis.extracts.mapping import parse
from pcn_analysis.extracts.typed import typed
from pcn_analysis.extracts.workspace import workspace

pytestmark = pytest.mark.unit

ASTHMA, LONG, WEIGHT, DRUG = "195967001", "999999999999999105", "27113001", "039113611000001102"
EMIS = {
    "291_Admin_Patient_20260701": (
        "PatientGuid,OrganisationGuid,Sex,DateOfBirth,DateOfDeath,DateOfRegistration,Deleted,IsConfidential,DummyType\n"
        "{A1},o,M,1950-06-01,,2001-04-05,false,false,false\n{A2},o,F,1980-01-15,,2010-01-01,false,false,true\n"
        "{A3},o,U,1990-12-01,2026-01-02,,true,false,false\n"
    ),
    "291_CareRecord_Observation_20260701": (
        "ObservationGuid,PatientGuid,EffectiveDate,CodeId,Value,NumericUnit,Deleted,IsConfidential\n"
        "{O1},{A1},2019-03-04 00:00:00,1,,,false,false\n{O2},{A1},2020-03-04,2,,,false,true\n"
        "{O3},{A1},2021-03-04,3,81.5,kg,false,false\n{O4},{A3},2021-03-04,3,<5,kg,true,false\n"
        "{O5},{A2},2021-03-04,9,,,false,false\n"
    ),
    "291_Coding_ClinicalCode_20260701": (
        f"CodeId,Term,SnomedCTConceptId\n1,Asthma,{ASTHMA}\n2,Something,{LONG}\n3,Body weight,{WEIGHT}\n"
    ),
    "291_Prescribing_IssueRecord_20260701": (
        "IssueRecordGuid,PatientGuid,EffectiveDate,CodeId,Quantity,QuantityUnit,CourseDurationInDays\n"
        "{I1},{A1},2026-05-06,7,200,dose,28\n"
    ),
    "291_Coding_DrugCode_20260701": f"CodeId,Term,DmdProductCodeId\n7,Salbutamol inhaler,{DRUG}\n",
}
PERSONS = "tables: {persons: {file: people, columns: {person_id: ID, birth_date: BORN}}"


@contextmanager
def delivered(folder, files):
    (folder / "in").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / "in" / f"{name}.csv").write_text(text, encoding="utf-8", newline="\n")
    with workspace(folder / "work") as space:
        yield open_delivery(folder / "in", space, Findings(), Door())


def rows(delivery, table, layout=None):
    """Rows of one table as they are read, by the columns that hold anything."""
    found = []
    for feed in gp_extract.read(delivery, layout).feeds:
        if feed.table == table:
            relation = typed(delivery.space, feed, delivery.findings).relation
            names = [one for one, *_ in delivery.space.rows(f"DESCRIBE SELECT * EXCLUDE (_feed) FROM {relation}")]
            read = delivery.space.rows(f"SELECT * EXCLUDE (_feed) FROM {relation} ORDER BY person_id, _row")
            found += [{key: str(one) for key, one in zip(names, row, strict=True) if one is not None} for row in read]
    return found


def test_emis_is_recognised_and_its_persons_are_read(tmp_path):
    with delivered(tmp_path, EMIS) as delivery:
        extract = gp_extract.read(delivery)
        persons = rows(delivery, "persons")
    assert (extract.kind, extract.title) == ("gp_extract", "GP extract (EMIS IM1)")
    assert [feed.table for feed in extract.feeds] == ["persons", "conditions", "measurements", "medications"]
    assert [(row["person_id"], row["sex"], row.get("_withheld")) for row in persons] == [
        ("{A1}", "male", None), ("{A2}", "female", "a dummy patient"), ("{A3}", "unknown", "deleted"),
    ]  # fmt: skip
    assert persons[2]["death_date"] == "2026-01-02"


def test_codes_of_emis_come_from_its_dictionary_with_every_digit(tmp_path):
    with delivered(tmp_path, EMIS) as delivery:
        conditions, medications = rows(delivery, "conditions"), rows(delivery, "medications")
    assert [(row["_row"], row.get("code"), row.get("_withheld")) for row in conditions] == [
        ("{O1}", ASTHMA, None), ("{O2}", LONG, "confidential"), ("{O3}", WEIGHT, None), ("{O5}", None, None),
        ("{O4}", WEIGHT, "deleted"),
    ]  # fmt: skip
    assert {row["condition_start_date"] for row in conditions[:1]} == {"2019-03-04"}
    assert conditions[0]["code_system"] == "snomed"
    assert conditions[0]["source"] == "gp"
    assert medications == [
        {"person_id": "{A1}", "drug_exposure_start_date": "2026-05-06", "days_supply": "28", "code": DRUG,
         "code_system": "dmd", "drug_name": "Salbutamol inhaler", "quantity": "200.0", "quantity_unit": "dose"},
    ]  # fmt: skip


def test_an_observation_with_a_number_is_a_measurement_as_well(tmp_path):
    with delivered(tmp_path, EMIS) as delivery:
        first, second = rows(delivery, "measurements")
    assert (first["_row"], first["code"], first["value_as_number"], first["operator"], first["unit"]) == (
        "{O3}", WEIGHT, "81.5", "=", "kg",
    )  # fmt: skip
    assert (second["value_as_number"], second["operator"], second["_withheld"]) == ("5.0", "<", "deleted")


def test_every_file_is_read_once(tmp_path):
    with delivered(tmp_path, EMIS) as delivery:
        gp_extract.read(delivery)
        assert len(list(delivery.space.folder.glob("*raw*"))) == len(EMIS)


def test_a_code_that_the_dictionary_has_twice_and_differently_is_missing_and_counted(tmp_path):
    dictionary = EMIS["291_Coding_ClinicalCode_20260701"] + f"1,Asthma,{LONG}\n3,Body weight,{WEIGHT}\n"
    with delivered(tmp_path, EMIS | {"291_Coding_ClinicalCode_20260701": dictionary}) as delivery:
        conditions = rows(delivery, "conditions")
        assert [row.get("code") for row in conditions] == [None, LONG, WEIGHT, None, WEIGHT]
        assert "keys with several rows that differ; what differs is not used: 1 (set to missing)" in str(
            delivery.findings.rows[0]
        )


def test_a_delivery_of_no_layout_is_refused_with_the_nearest(tmp_path):
    files = {name: text for name, text in EMIS.items() if "DrugCode" not in name}
    with delivered(tmp_path, files) as delivery, pytest.raises(PcnAnalysisError) as raised:
        gp_extract.read(delivery)
    first, second = (str(one) for one in raised.value.problems)
    assert "is of no layout that is known (GP extract (EMIS IM1), GP extract (OLIDS), " in first
    assert "the nearest is GP extract (EMIS IM1), which misses" in first
    assert second.startswith("emis_im1.yaml, tables.medications.join.coding: no file fits *coding_drugcode*")


def test_a_missing_column_is_named_with_its_file(tmp_path):
    observations = EMIS["291_CareRecord_Observation_20260701"].replace("CodeId", "CodeID2").replace("Value", "Val")
    files = EMIS | {"291_CareRecord_Observation_20260701": observations}
    with delivered(tmp_path, files) as delivery, pytest.raises(PcnAnalysisError) as raised:
        gp_extract.read(delivery)
    said = "\n".join(str(one) for one in raised.value.problems)
    assert "291_CareRecord_Observation_20260701.csv has no column codeid. Did you mean codeid2?" in said
    assert "has no column value. Did you mean val" in said


def test_olids_gives_month_of_birth_names_of_medicines_and_no_units(tmp_path):
    files = {
        "person": "person_id,gender,birth_year,birth_month,death_year,death_month,gp_practice_code,"
        "gp_registration_date\n"
        "001,Female,1950,6,2026,,F82001,2020-01-01\n",
        "observation": "id,person_id,clinical_effective_date,result_value,is_confidential,lds_is_deleted,"
        "mapped_concept_code,problem_end_date\nx,001,2020-05-06,7.5,false,false,195967001,2021-01-01\n",
        "medication_order": "person_id,clinical_effective_date,medication_name,quantity_value,quantity_unit,"
        "duration_days\n"
        "001,2026-05-06,Salbutamol,200,dose,28\n",
    }
    with delivered(tmp_path, files) as delivery:
        [person], [condition] = rows(delivery, "persons"), rows(delivery, "conditions")
        [medication], [measurement] = rows(delivery, "medications"), rows(delivery, "measurements")
    assert (person["birth_date"], person["birth_precision"], person["sex"]) == ("1950-06-15", "month", "female")
    assert (person["death_date"], person["practice_code"]) == ("2026-07-01", "F82001")
    assert (condition["code"], condition["condition_end_date"]) == (ASTHMA, "2021-01-01")
    assert (medication["code_system"], medication["code"], medication["days_supply"]) == ("text", "Salbutamol", "28")
    assert "unit" not in measurement


def test_gdppr_has_everything_in_one_table(tmp_path):
    head = "NHS_NUMBER_DEID,DATE_OF_BIRTH,SEX,ETHNIC,LSOA,PRACTICE,DATE,CODE,EPISODE_PRESCRIPTION,VALUE1_CONDITION\n"
    person = "0a7,1950-06-01,2,A,E01000001,N85001"
    text = head + f"{person},2020-01-02,{ASTHMA},,\n{person},2020-01-03,{WEIGHT},,80\n{person},2020-01-04,{DRUG},1,\n"
    with delivered(tmp_path, {"gdppr_2026": text}) as delivery:
        [one] = rows(delivery, "persons")
        assert (one["person_id"], one["sex"], one["lsoa21"]) == ("0a7", "female", "E01000001")
        assert [row["code"] for row in rows(delivery, "conditions")] == [ASTHMA, WEIGHT]
        assert [row["value_as_number"] for row in rows(delivery, "measurements")] == ["80.0"]
        assert [row["code"] for row in rows(delivery, "medications")] == [DRUG]


def test_tpp_events_are_of_one_coding_system_each(tmp_path):
    files = {
        "patients": "patient_id,date_of_birth,sex,date_of_death\n1,1950-06-01,F,\n",
        "clinical_events": "patient_id,date,snomedct_code,ctv3_code,numeric_value\n"
        f"1,2020-01-02,{ASTHMA},H33..,\n1,2020-01-03,,XE2eD,5\n",
        "medications": f"patient_id,date,dmd_code\n1,2026-01-02,{DRUG}\n",
    }
    with delivered(tmp_path, files) as delivery:
        found = [(row["code_system"], row["code"]) for row in rows(delivery, "conditions")]
        measured = [(row["code_system"], row["value_as_number"]) for row in rows(delivery, "measurements")]
    assert found == [("snomed", ASTHMA), ("ctv3", "XE2eD")]
    assert measured == [("ctv3", "5.0")]


def test_a_layout_of_the_users_own_is_read_with_visits_and_parts_that_may_be_missing(tmp_path):
    layout = parse(
        PERSONS
        + ", encounters: {file: '*visits*', row: V, only: {KIND: [seen]}, columns: {visit_id: V, person_id: ID, "
        "visit_start_date: {year: Y, month: M, day: D}, visit_type: {value: gp_contact}, attended: {value: 'true'}, "
        "care_professional: {column: WHO, optional: true}}}, conditions: {file: nothing, optional: true, columns: "
        "{person_id: ID, condition_start_date: D, code: C, code_system: {value: snomed}, source: {value: gp}}}}"
    )
    files = {
        "people": "ID,BORN\n01,1950-06-01\n",
        "visits_2025": "V,ID,Y,M,D,KIND\nv1,01,2025,3,4,Seen\nv2,01,2025,3,5,DNA\n",
        "visits_2026": "V,ID,Y,M,D,KIND,WHO\nv3,01,2026,3,,Seen,Nurse\n",
    }
    with delivered(tmp_path, files) as delivery:
        found = rows(delivery, "encounters", layout)
    assert [(row["visit_id"], row["visit_start_date"], row.get("care_professional")) for row in found] == [
        ("v1", "2025-03-04", None), ("v3", "2026-03-15", "Nurse"),
    ]  # fmt: skip
    assert {(row["visit_type"], row["attended"]) for row in found} == {("gp_contact", "True")}


def test_a_mapping_of_one_row_a_patient_is_no_layout(tmp_path):
    with delivered(tmp_path, EMIS) as delivery, pytest.raises(PcnAnalysisError, match="not long tables"):
        gp_extract.read(delivery, parse("persons: {person_id: A, birth_date: B}"))


CODES = st.lists(st.from_regex(r"0{0,3}[1-9][0-9]{5,14}|[1-9][0-9]{17}", fullmatch=True), min_size=1, max_size=15)
GUIDS = st.from_regex(r"0{1,4}[0-9]{1,8}", fullmatch=True)


@given(codes=CODES, guid=GUIDS)
@settings(max_examples=20, deadline=None)
@pytest.mark.properties
def test_codes_and_patients_come_through_digit_by_digit(tmp_path_factory, codes, guid):
    dictionary = "CodeId,Term,SnomedCTConceptId\n" + "".join(f"0{index},t,{one}\n" for index, one in enumerate(codes))
    events = EMIS["291_CareRecord_Observation_20260701"].split("\n", 1)[0] + "\n"
    events += "".join(f"o{index},{guid},2020-01-01,0{index},,,0,0\n" for index in range(len(codes)))
    files = EMIS | {"291_Coding_ClinicalCode_20260701": dictionary, "291_CareRecord_Observation_20260701": events}
    with delivered(tmp_path_factory.mktemp("codes"), files) as delivery:
        found = rows(delivery, "conditions")
    assert sorted(row["code"] for row in found) == sorted(codes)
    assert {row["person_id"] for row in found} == {guid}
