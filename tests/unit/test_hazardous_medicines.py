"""The nine hazardous combinations, one patient in and one out at a time. The index date is 1 July 2026."""

import pytest
from vignettes import ON, by_person, condition, issue, person, person_rows, population_of, resolved, rows_of, table

from pcn_analysis import codelists, tables
from pcn_analysis.person_table import person_table
from pcn_analysis.scores.hazardous_medicines import (
    ANY,
    ASSESSED_NUMBER,
    COMBINATIONS,
    MEDICINES,
    NUMBER,
    hazardous_combinations,
    hazardous_counts,
    unassessable,
)

pytestmark = pytest.mark.unit

NAPROXEN, IBUPROFEN_GEL = "1001010P0AAADAD", "1003020P0AAAAAA"
OMEPRAZOLE, FAMOTIDINE, MISOPROSTOL, GAVISCON = "0103050P0", "0103010H0", "0103040M0", "0101021B0"
WARFARIN, APIXABAN, HEPARIN = "0208020V0", "0208020Z0", "0208010D0"
ASPIRIN, CLOPIDOGREL, PAIN_ASPIRIN = "0209000A0", "0209000C0", "0407010B0"
PROPRANOLOL, CARVEDILOL, BISOPROLOL, TIMOLOL_DROPS = "0204000R0", "020400080", "0204000H0", "1106000Z0"
SALBUTAMOL = "0301011R0"

RECENTLY = "2026-06-20"
LAST_IN_84, FIRST_OUT_84 = "2026-04-08", "2026-04-07"
LAST_IN_28, FIRST_OUT_28 = "2026-06-03", "2026-06-02"

WELL = {
    "person_id": "p1", "age": 50, "egfr": None, "egfr_date": None,
    **{f"has_{slug}": False for slug in ("peptic_ulcer", "heart_failure", "asthma")},
    **{f"{slug}_date": None for slug in ("peptic_ulcer", "heart_failure", "asthma")},
}  # fmt: skip
ULCER = {"has_peptic_ulcer": True, "peptic_ulcer_date": "2001-01-01"}
FAILING = {"has_heart_failure": True, "heart_failure_date": "2020-01-01"}
WHEEZY = {"has_asthma": True, "asthma_date": "1999-01-01"}


def issued(*codes, date=RECENTLY):
    return [(code, date) for code in codes]


def found_of(*cases):
    """For each patient and what was issued, the names of combinations with their dates."""
    people = [WELL | patient | {"person_id": f"{number:02}"} for number, (patient, _) in enumerate(cases)]
    issues = [issue(f"{number:02}", date, bnf=code) for number, (_, codes) in enumerate(cases) for code, date in codes]
    told = issue("stranger", RECENTLY, bnf=SALBUTAMOL)  # medicines are held with codes
    names = {name for patient in people for name in patient}
    filled = [dict.fromkeys(names) | patient for patient in people]
    met = [{} for _ in cases]
    for who, element, date, _ in rows_of(
        hazardous_combinations(table("medications", [*issues, told]), person_rows(*filled), on=ON)
    ):
        met[int(who)][element] = date
    return met


def found(issues, **patient):
    """Names of the combinations of one patient with their dates."""
    return found_of((patient, issues))[0]


OVER_65 = COMBINATIONS["nsaid_65_unprotected"]
VIGNETTES = [
    # the combination, who has it, and others who just have not: each patient, and what was issued
    ("nsaid_65_unprotected", ({"age": 65}, [NAPROXEN]), [
        ({"age": 64}, [NAPROXEN]), ({"age": None}, [NAPROXEN]), ({"age": 65}, [IBUPROFEN_GEL]),
        ({"age": 65}, [NAPROXEN, OMEPRAZOLE]), ({"age": 65}, [NAPROXEN, FAMOTIDINE]),
        ({"age": 65}, [NAPROXEN, MISOPROSTOL])]),
    ("ulcer_nsaid", ({**ULCER, "age": 18}, [NAPROXEN]), [
        ({**ULCER, "age": 17}, [NAPROXEN]), ({}, [NAPROXEN]), (ULCER, [IBUPROFEN_GEL])]),
    ("ulcer_antiplatelet", (ULCER, [CLOPIDOGREL]), [({**ULCER, "age": 17}, [CLOPIDOGREL]), (ULCER, [PAIN_ASPIRIN])]),
    ("anticoagulant_nsaid", ({"age": 18}, [APIXABAN, NAPROXEN]), [
        ({"age": 17}, [APIXABAN, NAPROXEN]), ({}, [HEPARIN, NAPROXEN]), ({}, [APIXABAN])]),
    ("anticoagulant_antiplatelet", ({}, [WARFARIN, ASPIRIN]), [({}, [WARFARIN]), ({}, [HEPARIN, ASPIRIN])]),
    ("aspirin_antiplatelet", ({}, [ASPIRIN, CLOPIDOGREL]), [
        ({}, [ASPIRIN]), ({}, [CLOPIDOGREL]), ({}, ["0209000A0AAABAB", "0209000A0BBAAAB"]),
        ({}, [PAIN_ASPIRIN, CLOPIDOGREL])]),
    ("heart_failure_nsaid", (FAILING, [NAPROXEN]), [({}, [NAPROXEN]), (FAILING, [IBUPROFEN_GEL])]),
    ("low_egfr_nsaid", ({"egfr": 44.9, "egfr_date": "2024-01-01"}, [NAPROXEN]), [
        ({"egfr": 45.0, "egfr_date": "2024-01-01"}, [NAPROXEN]), ({"egfr": None}, [NAPROXEN])]),
    ("asthma_beta_blocker", (WHEEZY, [PROPRANOLOL]), [
        (WHEEZY, [BISOPROLOL]), (WHEEZY, [TIMOLOL_DROPS]), ({}, [PROPRANOLOL])]),
]  # fmt: skip


@pytest.mark.parametrize(("combination", "inside", "outside"), VIGNETTES, ids=[name for name, *_ in VIGNETTES])
def test_one_patient_has_the_combination_and_those_beside_it_have_not(combination, inside, outside):
    cases = [(patient, issued(*codes)) for patient, codes in (inside, *outside)]
    assert [COMBINATIONS[combination] in met for met in found_of(*cases)] == [True] + [False] * len(outside)


def test_all_nine_have_a_vignette():
    assert [name for name, *_ in VIGNETTES] == list(COMBINATIONS)
    assert len(COMBINATIONS) == 9


@pytest.mark.parametrize(
    ("combination", "patient", "codes"), [(name, patient, codes) for name, (patient, codes), _ in VIGNETTES]
)
def test_a_medicine_is_current_for_28_days_beside_an_anticoagulant_and_an_nsaid_and_for_84_elsewhere(
    combination, patient, codes
):
    days = {row["combination"]: row["days"] for row in codelists.rows("hazardous_combinations")}[combination]
    assert days == ("28" if combination == "anticoagulant_nsaid" else "84")
    last_in, first_out = (LAST_IN_28, FIRST_OUT_28) if days == "28" else (LAST_IN_84, FIRST_OUT_84)
    first, *others = codes
    dates = (last_in, first_out, "2026-06-30", "2026-07-01")
    cases = [(patient, [*issued(first, date=date), *issued(*others)]) for date in dates]
    assert [COMBINATIONS[combination] in met for met in found_of(*cases)] == [True, False, True, False]


def test_gastroprotection_that_was_issued_too_long_ago_protects_no_more():
    assert OVER_65 not in found([*issued(NAPROXEN), *issued(OMEPRAZOLE, date=LAST_IN_84)], age=70)
    assert OVER_65 in found([*issued(NAPROXEN), *issued(OMEPRAZOLE, date=FIRST_OUT_84)], age=70)
    assert OVER_65 in found(issued(NAPROXEN, GAVISCON), age=70), "an antacid is none"


def test_the_date_is_the_later_of_what_is_behind_a_combination():
    both = [*issued(WARFARIN, date="2026-06-10"), *issued(CLOPIDOGREL, date="2026-05-01")]
    assert found(both) == {COMBINATIONS["anticoagulant_antiplatelet"]: "2026-06-10"}
    told = found(issued(NAPROXEN, date="2026-05-01"), has_heart_failure=True, heart_failure_date="2026-06-15")
    assert told == {COMBINATIONS["heart_failure_nsaid"]: "2026-06-15"}


def test_carvedilol_and_other_beta_blockers_that_are_not_selective_count():
    codes = [row["bnf_prefix"] for row in codelists.rows("hazardous_medicine_groups") if "beta" in row["group"]]
    assert CARVEDILOL in codes
    assert all(found_of(*((WHEEZY, issued(code)) for code in codes)))


def test_one_patient_can_have_several_and_they_are_counted():
    patient = person_rows(WELL | ULCER | FAILING | {"age": 80}, WELL | {"person_id": "p2"})
    issues = table("medications", [issue("p1", RECENTLY, bnf=NAPROXEN)])
    counted = hazardous_counts(issues, patient, on=ON)
    assert by_person(counted, NUMBER, ANY, ASSESSED_NUMBER) == {"p1": (3, True, 7), "p2": (0, False, 7)}


def test_without_bnf_codes_nothing_is_found_and_nobody_has_0():
    issues = table("medications", [issue("p1", RECENTLY, bnf=None, name="Naproxen")])
    people = person_rows(WELL | {"age": 80})
    assert rows_of(hazardous_combinations(issues, people, on=ON)) == []
    assert by_person(hazardous_counts(issues, people, on=ON), NUMBER, ANY, ASSESSED_NUMBER) == {"p1": (None, None, 0)}
    assert set(unassessable(WELL, has_medicines=False)) == set(COMBINATIONS.values())


def test_a_history_of_ulcer_that_is_resolved_is_seen_only_where_it_is_told():
    resolved = {"age": 50, "peptic_ulcer_ever_date": "1999-01-01"}
    assert COMBINATIONS["ulcer_nsaid"] in found(issued(NAPROXEN), **resolved)
    lacking = unassessable(WELL, has_medicines=True)
    ulcers = {COMBINATIONS["ulcer_nsaid"], COMBINATIONS["ulcer_antiplatelet"]}
    assert lacking == dict.fromkeys(ulcers, ("peptic_ulcer_ever_date",))
    assert unassessable({*WELL, "peptic_ulcer_ever_date"}, has_medicines=True) == {}


def test_a_person_table_of_full_records_shows_all_nine():
    assert unassessable(tables.PERSON_TABLE.column_names(), has_medicines=True) == {}


def test_an_ulcer_that_was_resolved_is_found_from_records():
    records = {
        "conditions": [condition("p1", "peptic_ulcer", "1999-01-01"), resolved("p1", "peptic_ulcer", "2001-01-01")],
        "medications": [issue("p1", RECENTLY, bnf=NAPROXEN)],
    }
    population = population_of([person("p1", born="1970-01-01")], **records)
    listed = hazardous_combinations(population.tables["medications"], person_table(population, on=ON), on=ON)
    assert by_person(listed, "element") == {"p1": COMBINATIONS["ulcer_nsaid"]}


def test_a_condition_without_a_codelist_is_named_and_the_others_go_on():
    columns = set(WELL) - {"has_asthma", "egfr"} | {"peptic_ulcer_ever_date"}
    assert unassessable(columns, has_medicines=True) == {
        COMBINATIONS["asthma_beta_blocker"]: ("has_asthma",),
        COMBINATIONS["low_egfr_nsaid"]: ("egfr",),
    }
    blind = {name: value for name, value in (WELL | FAILING).items() if "asthma" not in name and "egfr" not in name}
    issues = table("medications", [issue("p1", RECENTLY, bnf=code) for code in (NAPROXEN, PROPRANOLOL)])
    rows = hazardous_combinations(issues, person_rows(blind), on=ON)
    assert [element for _, element, *_ in rows_of(rows)] == [COMBINATIONS["heart_failure_nsaid"]]


def test_every_row_names_its_source_and_says_whether_its_window_is_published():
    rows = codelists.rows("hazardous_combinations")
    assert all("SMR-01A" in row["source"] and "31000166947" in row["source"] for row in rows)
    assert all(("published" in row["note"]) == (row["days"] == "28") for row in rows)
    assert all(row["source"] for row in codelists.rows("hazardous_medicine_groups"))
    asked = {group for row in rows for group in f"{row['medicines']};{row['without']}".split(";") if group}
    assert asked == set(MEDICINES)
    assert not {f"{group}_date" for group in MEDICINES} & set(tables.PERSON_TABLE.column_names())
