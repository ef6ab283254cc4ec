"""A few people of a cohort for tests of the caseload. The index date is 1 July 2026."""

from dataclasses import replace

import pandas as pd

from pcn_analysis.engine import lazy
from tests.unit.vignettes import contact, issue, person, person_rows, population_of, table

SEEN = "2026-05-01"
USUAL = {
    "practice_code": "A00001", "age": 78, "sex": "female", "imd_decile": 5, "care_home": False,
    "palliative_care_date": None, "efi_category": "moderate", "n_ltc": 3, "n_medications": 4,
    "on_af_register": False, "on_hyp_register": False, "on_dm_register": False, "on_ckd_register": False,
    "on_hf_register": False, "on_pad_register": False, "on_stia_register": False, "on_copd_register": False,
    "on_ast_register": False, "on_mh_register": False, "myocardial_infarction_ever_date": None,
    "has_peptic_ulcer": False, "peptic_ulcer_date": None, "has_heart_failure": False, "heart_failure_date": None,
    "has_asthma": False, "asthma_date": None, "sbp": 130.0, "dbp": 80.0, "sbp_date": SEEN, "egfr": 70.0,
    "egfr_date": SEEN, "hba1c": 40.0, "hba1c_date": SEEN, "bmi_date": SEEN, "gp_12m": 3, "ae_12m": 0, "nel_12m": 0,
    "fall_date": None, "social_vulnerability_date": None,
}  # fmt: skip
"""Somebody at home with moderate frailty and nothing open."""
NAPROXEN, APIXABAN = "1001010P0", "0208020Z0"


def patient(who, **differs):
    return {"person_id": who, **USUAL, **differs}


def people_of(*patients, medications=(), encounters=(), without=()):
    """A population of these people, with a few medicines and contacts, and without some columns."""
    population = population_of([person("somebody")], conditions=[], measurements=[])
    rows = [{name: value for name, value in one.items() if name not in without} for one in patients]
    held = {"person_table": person_rows(*rows)}
    if medications is not None:
        held["medications"] = table("medications", [issue("somebody", SEEN), *medications])
    held["encounters"] = table("encounters", [contact("somebody", "gp_contact", "2024-01-01"), *encounters])
    return replace(population, tables=population.tables | held)


def many(*scores, practice="A00001", fifth=5):
    """People with so many open gaps each, of one practice: the more emergency contacts and falls, the more."""
    return [patient(f"p{number:03}", practice_code=practice, imd_decile=fifth, **OPEN[score])
            for number, score in enumerate(scores)]  # fmt: skip


OPEN = [
    {},
    {"on_dm_register": True, "hba1c_date": "2024-01-01"},
    {"on_hyp_register": True, "sbp": 160.0},
    {"on_hyp_register": True, "sbp": 160.0, "n_medications": 11},
    {"on_copd_register": True, "ae_12m": 2},
    {"n_medications": 11},
]
"""No open gap; one that counts 0.75, one that counts 2, two that count 3.5; one that counts 1, one that counts 1.5 and
that neither nurse nor physiotherapist closes."""


def shuffled(population, seed):
    """The same people with the rows of their table in another order."""
    frame = population.tables["person_table"].collect().to_pandas().sample(frac=1, random_state=seed)
    return replace(population, tables=population.tables | {"person_table": lazy(frame.reset_index(drop=True))})


def scores_of(people: pd.DataFrame) -> dict[str, float]:
    return dict(zip(people["person_id"], people["score"], strict=True))


def two_fifths(first, second):
    """People of the most deprived fifth with these gaps, then of the least deprived."""
    most = many(*first, fifth=1)
    least = [one | {"person_id": f"q{one['person_id']}"} for one in many(*second, fifth=10)]
    return people_of(*most, *least)
