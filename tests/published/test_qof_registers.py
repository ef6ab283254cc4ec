"""QOF registers, version 50: patients on both sides of every clause, from their records to the person table.

The index date is 1 July 2026. Patients are in ``register_patients.py``.
"""

from __future__ import annotations

import csv
import re

import pytest

from pcn_analysis import tables
from pcn_analysis.engine import to_pandas
from pcn_analysis.person.registers import REGISTERS, unassessable
from pcn_analysis.person_table import person_table
from tests.conftest import ROOT, need
from tests.published import register_patients as patients
from tests.unit.vignettes import ON, by_person, person, population_of

pytestmark = pytest.mark.published

FILE = ROOT.parent / "shared" / "reference" / "qof_registers_v50.csv"
CODES = {
    "asthma": "AST", "atrial_fibrillation": "AF", "cancer": "CAN", "chd": "CHD", "ckd": "CKD", "copd": "COPD",
    "dementia": "DEM", "depression": "DEP", "diabetes": "DM", "epilepsy": "EP", "heart_failure": "HF",
    "hypertension": "HYP", "learning_disability": "LD", "ndh": "NDH", "obesity": "OB", "osteoporosis": "OST",
    "pad": "PAD", "palliative_care": "PC", "rheumatoid_arthritis": "RA", "smi": "MH", "stroke_tia": "STIA",
}  # fmt: skip
"""Our codes of the registers, by the names of the file."""
EVERYONE = [
    (f"{CODES[name]} {number}", CODES[name], patient)
    for name, some in patients.PATIENTS.items()
    for number, patient in enumerate(some, 1)
]


def population(everyone, **changes):
    """People with the facts of each, and with every table of records, empty or not."""
    persons, records = [], {"conditions": [], "medications": [], "measurements": []}
    for who, facts in everyone:
        own = person(who)
        for table, row in facts:
            if table == "persons":
                own |= row
            else:
                records[table].append(row | {"person_id": who})
        persons.append(own)
    return population_of(persons, **{name: rows for name, rows in records.items() if name not in changes}, **changes)


@pytest.fixture(scope="module")
def found():
    """Every patient's row of the person table."""
    some = to_pandas(person_table(population([(who, patient.facts) for who, _, patient in EVERYONE]), on=ON))
    return {code: by_person(some, tables.register_column(code)) for code in REGISTERS}


@pytest.mark.parametrize(
    ("who", "code", "patient"),
    [pytest.param(*one, id=f"{one[0]}: {one[2].story}") for one in EVERYONE],
)
def test_a_register_holds_whom_its_clauses_say(found, who, code, patient):
    assert found[code][who] is patient.on, f"{patient.clause}: {patient.story}"


DIFFERING = [(who, code, patient) for who, code, patient in EVERYONE if patient.differs]


@pytest.mark.parametrize(("who", "code", "patient"), [pytest.param(*one, id=one[0]) for one in DIFFERING])
def test_where_we_differ_from_the_rule_the_note_of_the_register_says_so(who, code, patient):
    assert patient.differs in REGISTERS[code].note, patient.story


def test_the_registers_that_differ_are_these_and_no_others():
    differing = {code for _, code, _ in DIFFERING}
    assert differing == {"AST", "CKD", "DEP", "MH", "NDH", "OB", "OST", "RA"}
    explained = {code for code, register in REGISTERS.items() if register.note} - differing
    assert explained == {"CAN", "COPD", "DM", "EP", "HYP"}, "notes that say how, not otherwise"


# -- the file ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rules():
    """The rule of each register, in the words of the file."""
    need(FILE.is_file(), "the summary of the QOF registers, ../shared/reference/qof_registers_v50.csv,")
    with FILE.open(encoding="utf-8") as stream:
        return {row["register"]: row["rules"] for row in csv.DictReader(stream)}


def test_every_register_of_the_file_is_one_of_ours(rules):
    assert set(rules) == set(CODES) == set(patients.PATIENTS)
    assert sorted(CODES.values()) == sorted(REGISTERS)


def test_every_clause_that_is_quoted_is_in_the_file(rules):
    quoted = {(name, patient.clause) for name, some in patients.PATIENTS.items() for patient in some}
    assert [(name, clause) for name, clause in quoted if clause not in rules[name]] == []


@pytest.mark.parametrize("name", CODES)
def test_every_clause_of_the_file_has_its_patients(rules, name):
    quoted = {patient.clause for patient in patients.PATIENTS[name]}
    clauses = re.split(r" - ", rules[name])[1:]
    assert [clause for clause in clauses if not any(one in clause for one in quoted)] == []


def test_every_register_has_patients_on_and_off_it():
    for name, some in patients.PATIENTS.items():
        assert {patient.on for patient in some} == {True, False}, name


# -- what is not held --------------------------------------------------------------------------------------

PARTS = {
    # what the records lack, the registers that are then not there, those that are there and too small
    "medicines": ({"on_ast_register", "on_ep_register"}, {"on_mh_register": ["Lithium"]}),
    "measurements": ({"on_ob_register"}, {}),
    "asthma": ({"on_ast_register"}, {}),
    "ckd_1_2": ({"on_ckd_register"}, {}),
    "diabetes": ({"on_dm_register", "on_ndh_register"}, {}),
    "fragility_fracture": ({"on_ost_register"}, {}),
    "angina": (set(), {"on_chd_register": ["Angina"]}),
    "tia": (set(), {"on_stia_register": ["Transient ischaemic attack"]}),
    "bipolar_disorder": (set(), {"on_mh_register": ["Bipolar affective disorder"]}),
}


@pytest.mark.parametrize("lacking", PARTS)
def test_a_register_that_lacks_what_it_asks_for_is_no_column_and_never_a_column_of_no(lacking):
    facts = [*patients.given(patients.INHALER, "2026-05-01"), *patients.measured("bmi", 33.0, "2026-05-01")]
    tables_held = {"medicines": "medications", "measurements": "measurements"}
    if lacking in tables_held:
        one = population([("p1", facts)])
        del one.tables[tables_held[lacking]]
    else:
        one = population([("p1", facts)], covered=set(tables.CONDITION_NAMES) - {lacking})
    columns = set(person_table(one, on=ON).collect_schema().names())
    absent, partly = PARTS[lacking]
    assert {tables.register_column(code) for code in REGISTERS} - columns == absent
    assert {name: missing for name, missing in unassessable(columns).items() if name not in absent} == partly
