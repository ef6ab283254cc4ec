"""From a few literal records of a person to the published chance of QRISK3. The index date is 1 July 2026."""

import csv

import pytest

from pcn_analysis import tables
from pcn_analysis.engine import to_pandas
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.scores.qrisk3 import BANDS, qrisk3_of
from pcn_analysis.scores.qrisk3.measured import UNITS
from tests.conftest import ROOT
from tests.unit.vignettes import ON, by_person, condition, contact, issue, person, population_of, reading

pytestmark = pytest.mark.unit

COVERED = frozenset(tables.CONDITION_NAMES)
NOT_CODED = COVERED - {"migraine", "erectile_dysfunction", "family_history_heart_disease_under_60"}
TOWNSEND = "Townsend score taken as 0"
VARIATION = "variation of systolic blood pressure taken as 0"
WHITE = "ethnic group taken as White or not stated"


def measure(what, date, value, who="p1"):
    return reading(who, what, date, value, unit=UNITS[what])


def body(who="p1"):
    """Weight, height, three pressures that vary by 20 around 180, a ratio of 4, and no cigarettes."""
    pressures = [measure("sbp", f"202{year}-01-01", value, who) for year, value in ((4, 160), (5, 200), (6, 180))]
    return [
        *pressures,
        measure("weight", "2026-01-01", 80.0, who),
        measure("height", "1999-01-01", 178.0, who),
        measure("cholesterol", "2026-02-01", 6.0, who),
        measure("hdl_cholesterol", "2026-02-01", 1.5, who),
        measure("cigarettes", "2026-02-01", 0.0, who),
    ]


PARACETAMOL, PREDNISOLONE = "0407010H0", "0603020T0"
OTHER = [issue("p1", "2026-06-01", bnf=PARACETAMOL)]
"""Something that is held of medicines, and matters to nothing."""
RECORDS = {
    "atrial_fibrillation": {"conditions": [condition("p1", "atrial_fibrillation", "2020-01-01")]},
    "severe_mental_illness": {"conditions": [condition("p1", "bipolar_disorder", "2020-01-01")]},
    "type_1_diabetes": {
        "conditions": [condition("p1", "diabetes", "1980-01-01"), condition("p1", "type_1_diabetes", "1980-01-01")]
    },
    "type_2_diabetes": {
        "conditions": [condition("p1", "diabetes", "2020-01-01"), condition("p1", "type_2_diabetes", "2020-01-01")]
    },
    "corticosteroids": {"medications": [issue("p1", f"2026-06-{day}", bnf=PREDNISOLONE) for day in ("04", "20")]},
    "erectile_dysfunction": {"medications": [issue("p1", "2019-06-01", bnf="0704050Z0")]},
    "family_history": {"conditions": [condition("p1", "family_history_heart_disease_under_60", "2020-01-01")]},
    "": {},
}
"""What is recorded of someone who has one thing that raises the risk."""
ETHNICITY = {
    "Indian": "Asian or Asian British: Indian",
    "Bangladeshi": "Asian or Asian British: Bangladeshi",
}
CIGARETTES = {"non-smoker": 0.0, "light smoker": 5.0}


def published():
    """The published people whose readings are those of ``body``, but for what is recorded of them."""
    with (ROOT / "tests" / "published" / "qrisk3_worked_rows.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    same = ("weight_kg", "systolic", "systolic_sd", "cholesterol_ratio")
    return [row for row in rows if [row[name] for name in same] == ["80", "180", "20", "4"]]


def recorded(row):
    """The records of one published person."""
    found = {"conditions": [], "medications": OTHER, "measurements": body()}
    for name, more in RECORDS[row["conditions"]].items():
        found[name] = [*found[name], *more]
    found["measurements"] = [*found["measurements"], measure("cigarettes", "2026-03-01", CIGARETTES[row["smoking"]])]
    about = person("p1", born="1962-03-01", sex=row["sex"], ethnicity=ETHNICITY[row["ethnicity_group"]])
    return population_of([about], **found)


def of(population, **choices):
    return qrisk3_of(population, population.tables["persons"], **choices)


def scores(population, *columns, **choices):
    return by_person(of(population, **choices).scores, *columns)


def test_there_are_published_people_for_each_kind_of_record():
    assert {row["conditions"] for row in published()} == set(RECORDS)
    assert {row["smoking"] for row in published()} == set(CIGARETTES)


@pytest.mark.parametrize("row", published(), ids=lambda row: row["patient"])
def test_records_of_a_published_person_have_the_published_chance(row):
    found = of(recorded(row))
    assert by_person(found.scores, "qrisk3")["p1"] == pytest.approx(float(row["chance"]), abs=1e-8)
    assert by_person(found.scores, "qrisk3_assumed")["p1"] == TOWNSEND
    assert found.unassessed == {"Townsend score": "no record holds it"}
    assert found.assumed == (
        f"{WHITE} where it is not known",
        TOWNSEND,
        f"{VARIATION} where it is not known",
    )


def woman(**records):
    """An Indian woman of 64 of whom nothing else is recorded."""
    given = {"conditions": [], "medications": OTHER, "measurements": body()} | records
    covered = given.pop("covered", COVERED)
    about = person("p1", born="1962-03-01", ethnicity=ETHNICITY["Indian"])
    return population_of([about], covered=covered, **given)


def test_what_no_list_covers_is_assumed_by_name_and_everyone_is_told():
    found = of(woman(covered=NOT_CODED))
    words = by_person(found.scores, "qrisk3_assumed")["p1"]
    assert words == f"{TOWNSEND}; family history of heart disease taken as no; migraine taken as no"
    assert "erectile dysfunction taken as no" in found.assumed
    assert found.unassessed["migraine"] == "no list of codes covers migraine"
    assert by_person(found.scores, "qrisk3")["p1"] == pytest.approx(0.172298485413, abs=1e-8)


def test_if_nothing_is_to_be_assumed_nobody_has_a_score_where_a_list_is_missing():
    found = of(woman(covered=NOT_CODED), assume=())
    assert (found.scores, found.assumed) == (None, ())
    assert {"migraine", "family history of heart disease"} <= set(found.unassessed)


def test_a_list_that_only_men_need_does_not_stop_women():
    assert scores(woman(covered=COVERED - {"erectile_dysfunction"}), "qrisk3_missing", assume=())["p1"] is None


def test_without_types_of_diabetes_those_without_diabetes_are_scored_and_the_others_are_not():
    untyped = COVERED - {"type_1_diabetes", "type_2_diabetes"}
    assert scores(woman(covered=untyped), "qrisk3_missing") == {"p1": None}
    diabetic = woman(covered=untyped, conditions=[condition("p1", "diabetes", "2020-01-01")])
    assert scores(diabetic, "qrisk3", "qrisk3_band", "qrisk3_missing")["p1"] == (
        None, None, "type 1 diabetes not known; type 2 diabetes not known"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("lacking", "why"),
    [
        ({"medications": [issue("p1", "2026-06-01", bnf=None)]}, "use of a statin"),
        ({"measurements": [row for row in body() if row["measurement"] != "hdl_cholesterol"]}, "cholesterol ratio"),
        ({"covered": COVERED - {"stroke"}}, "cardiovascular disease"),
        ({"covered": COVERED - {"diabetes", "type_1_diabetes"}}, "type 1 diabetes"),
    ],
    ids=["medicines", "cholesterol", "stroke", "diabetes"],
)
def test_what_may_not_be_assumed_leaves_nobody_with_a_score_and_is_named(lacking, why):
    found = of(woman(**lacking))
    assert found.scores is None
    assert why in found.unassessed


def test_of_people_without_records_nothing_is_scored():
    alone = population_of([person("p1")])
    found = of(alone)
    assert found.scores is None
    assert found.unassessed["use of a statin"] == "no issues of medicines with BNF codes"
    assert found.unassessed["body mass index"] == "no readings of body mass index, or of weight and height"


def test_what_a_source_says_in_a_flag_alone_is_no_record_of_who_has_it():
    flags = [{"person_id": "p1", "attribute_date": ON.isoformat(), "has_migraine": True}]
    found = of(woman(attributes=flags, conditions=[condition("p1", "lupus", "2020-01-01")]))
    assert found.unassessed["migraine"] == "no list of codes covers migraine"
    assert "migraine taken as no" in by_person(found.scores, "qrisk3_assumed")["p1"]


def test_what_may_not_be_assumed_is_refused():
    with pytest.raises(PcnAnalysisError, match=r"assume\.statin: nothing may be assumed of this"):
        of(woman(), assume=["statin"])


def test_bands_begin_at_their_lower_limit_and_who_has_no_score_is_in_none():
    assert BANDS == {"below 5%": 0.0, "5% to 10%": 0.05, "10% to 20%": 0.10, "20% and over": 0.20}
    smokes = [*body()[:-1], measure("cigarettes", "2026-02-01", 30.0)]
    old = [person("p1", born="1962-03-01"), person("p2", born="1930-01-01"), person("p3", born="1990-01-01")]
    held = [*smokes, *body("p2"), *body("p3")]
    many = population_of(
        old, conditions=[], medications=OTHER, measurements=held, encounters=[contact("p1", "ed", "2026-01-01")]
    )
    found = to_pandas(of(many).scores).set_index("person_id")
    assert found["qrisk3_band"].astype(object).where(found["qrisk3_band"].notna(), None).to_dict() == {
        "p1": "20% and over", "p2": None, "p3": "below 5%"
    }  # fmt: skip
    assert found.loc["p2", "qrisk3_missing"] == "age out of range (25–84)"
