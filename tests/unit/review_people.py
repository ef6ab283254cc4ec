"""A few people for tests of structured medication reviews. The index date is 1 July 2026."""

from dataclasses import replace

from vignettes import care_event, issue, person, person_rows, population_of, table

REVIEW = "structured_medication_review"
USUAL = {
    "age": 70, "sex": "female", "imd_decile": 5, "ethnicity": None, "practice_code": "A00001", "care_home": False,
    "housebound": False, "efi_category": "fit", "nel_12m": 0, "has_fall": False, "fall_date": None,
    "has_housebound": False, "housebound_date": None, "has_learning_disability": False,
    "learning_disability_date": None, "palliative_care_date": None, "has_peptic_ulcer": False,
    "peptic_ulcer_date": None, "peptic_ulcer_ever_date": None, "has_heart_failure": False, "heart_failure_date": None,
    "has_asthma": False, "asthma_date": None, "egfr": 80.0, "egfr_date": "2026-05-01",
}  # fmt: skip
"""Somebody of 70 at home who is in no priority group."""
NAPROXEN, CODEINE, GABAPENTIN, DIAZEPAM = "1001010P0", "0407020C0", "0408010G0", "0401020K0"
SUBSTANCES = tuple(f"0205051{letter}0" for letter in "ABCDEFGHIJ")
"""Ten different substances that count towards polypharmacy."""


def patient(who, **differs):
    return {"person_id": who, **USUAL, **differs}


def issues(who, *codes, date="2026-06-01"):
    return [issue(who, date, bnf=code) for code in codes]


def network(*patients, medications=(), events=None, stays=None, without=(), on=None):
    """A population of these people, somebody of whom was reviewed and somebody declined, years ago."""
    dated = {} if on is None else {"index_date": on}
    population = population_of([person(one["person_id"]) for one in patients], conditions=[], measurements=[], **dated)
    rows = [{name: value for name, value in one.items() if name not in without} for one in patients]
    long_ago = [care_event(patients[0]["person_id"], REVIEW, "2010-01-01", how) for how in ("done", "declined")]
    held = {"person_table": person_rows(*rows), "care_events": table("care_events", [*long_ago, *(events or [])])}
    if medications is not None:
        usual = issue("somebody else", "2026-06-01", bnf="0212000B0")
        old = [issue(patients[0]["person_id"], "2010-01-01", bnf=code) for code in (CODEINE, GABAPENTIN, DIAZEPAM)]
        held["medications"] = table("medications", [usual, *old, *medications])
    if stays is not None:
        held["care_home_stays"] = table("care_home_stays", stays)
    return replace(population, tables=population.tables | held)
