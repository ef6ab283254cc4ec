"""QRISK3 held against ClinRisk's own program, another port's published results, and the published coefficients."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pcn_analysis import codelists
from pcn_analysis.engine import lazy, to_pandas
from pcn_analysis.scores.qrisk3 import INPUTS, qrisk3
from pcn_analysis.scores.qrisk3.inputs import WORDS
from tests.conftest import ROOT, need
from tests.unit.qrisk3_people import inputs
from tests.unit.vignettes import by_person

pytestmark = pytest.mark.published

HERE, REFERENCE = Path(__file__).parent, ROOT.parent / "shared" / "reference"
TO_THE_LAST = 1e-6
"""Per cent: how near a score has to be to ClinRisk's."""
CLINRISK = {
    "atrial_fibrillation": "b_AF",
    "atypical_antipsychotics": "b_atypicalantipsy",
    "corticosteroids": "b_corticosteroids",
    "erectile_dysfunction": "b_impotence2",
    "migraine": "b_migraine",
    "rheumatoid_arthritis": "b_ra",
    "chronic_kidney_disease": "b_renal",
    "severe_mental_illness": "b_semi",
    "lupus": "b_sle",
    "treated_hypertension": "b_treatedhyp",
    "type_1_diabetes": "b_type1",
    "type_2_diabetes": "b_type2",
    "family_history": "fh_cvd",
    "cholesterol_ratio": "rati",
    "systolic": "sbp",
    "systolic_sd": "sbps5",
    "townsend": "town",
}
"""What ClinRisk calls our columns."""


def read(path):
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def reference(name):
    path = REFERENCE / f"{name}.csv"
    need(path.exists(), f"the published table ../shared/reference/{name}.csv")
    return pd.read_csv(path)


def of_clinrisk(row):
    """One published row in our columns; there 1 is a woman, and smoking counts from 1."""
    flags = {ours: bool(row[theirs]) for ours, theirs in CLINRISK.items() if INPUTS[ours].kind == "flag"}
    numbers = {ours: float(row[theirs]) for ours, theirs in CLINRISK.items() if INPUTS[ours].kind == "number"}
    return (
        flags
        | numbers
        | {
            "age": row["age"],
            "sex": "female" if row["gender"] == 1 else "male",
            "ethnicity_group": WORDS["ethnicity_group"][int(row["ethrisk"]) - 1],
            "smoking": WORDS["smoking"][int(row["smoke_cat"]) - 1],
            "bmi": row["weight"] / (row["height"] / 100) ** 2,
        }
    )


def test_every_published_row_has_the_score_of_clinrisks_own_program():
    rows = reference("qrisk3_test_vectors")
    assert len(rows) == 97
    scored = by_person(qrisk3(inputs(*(of_clinrisk(row) for _, row in rows.iterrows()))), "qrisk3")
    apart = [abs(scored[f"p{number}"] * 100 - row) for number, row in enumerate(rows["c_reference_unrounded"])]
    assert max(apart) < TO_THE_LAST


@pytest.mark.parametrize("row", read(HERE / "qrisk3_worked_rows.csv"), ids=lambda row: row["patient"])
def test_a_worked_row_has_the_score_of_clinrisks_own_program(row):
    person = {
        "age": int(row["age"]),
        "bmi": float(row["weight_kg"]) / (float(row["height_cm"]) / 100) ** 2,
        **{word: row[word] for word in ("sex", "ethnicity_group", "smoking")},
        **{number: float(row[number]) for number in ("townsend", "systolic", "systolic_sd", "cholesterol_ratio")},
        **dict.fromkeys(row["conditions"].split(), True),
    }
    assert by_person(qrisk3(inputs(person)), "qrisk3")["p0"] == pytest.approx(float(row["chance"]), abs=1e-8)


@pytest.mark.parametrize(
    "row", read(HERE / "qrisk3_other_ages.csv"), ids=lambda row: f"{row['sex']} {row['age']} {row['ethnicity_group']}"
)
def test_at_other_ages_the_score_is_that_of_another_port(row):
    person = {
        "age": int(row["age"]),
        "sex": row["sex"],
        "ethnicity_group": row["ethnicity_group"],
        "cholesterol_ratio": float(row["cholesterol_ratio"]),
        "systolic": 120.0,
        "systolic_sd": 10.0,
        "bmi": 70 / 1.7**2,
    }
    scored = by_person(qrisk3(inputs(person)), "qrisk3")["p0"]
    assert round(scored * 100, 1) == pytest.approx(float(row["per_cent"]))


# -- against the published terms, evaluated as they are written ----------------------------------------------


def anybody(number, seed=2017):
    """People of every age, with any combination of conditions."""
    draw = random.Random(seed)
    people = []
    for _ in range(number):
        person = {"age": draw.randint(25, 84), "sex": draw.choice(WORDS["sex"])}
        person |= {column: draw.choice(WORDS[column]) for column in ("ethnicity_group", "smoking")}
        for column, one in INPUTS.items():
            if one.kind == "number" and column != "age":
                person[column] = draw.uniform(one.lowest, one.highest)
            if one.kind == "flag":
                person[column] = draw.random() < 0.3
        if person["type_1_diabetes"]:
            person["type_2_diabetes"] = False
        people.append(person)
    return inputs(*people)


def as_published(people, terms, sex):
    """The chance in the published words: each term is evaluated as ClinRisk writes it."""
    frame = people.rename(columns=CLINRISK).astype(dict.fromkeys(CLINRISK.values(), "float64"))
    frame["smoke_cat"] = frame["smoking"].map(WORDS["smoking"].index)
    dage, dbmi = (frame[name].astype("float64") / 10 for name in ("age", "bmi"))
    frame["age_1"], frame["age_2"] = (dage**-2, dage) if sex == "female" else (dage**-1, dage**3)
    frame["bmi_1"], frame["bmi_2"] = dbmi**-2, dbmi**-2 * np.log(dbmi)
    value = dict(zip(terms["term"], terms["coefficient"], strict=True))
    centres = terms[terms["kind"] == "centre"]
    for name, centre in zip(centres["term"], centres["coefficient"].astype(float), strict=True):
        frame[name] = frame[name] - centre
    total = frame["ethnicity_group"].map(lambda w: float(value[f"Iethrisk[{WORDS['ethnicity_group'].index(w) + 1}]"]))
    total = total + frame["smoke_cat"].map(lambda index: float(value[f"Ismoke[{index}]"]))
    linear = terms[terms["kind"] == "linear"]
    for term, coefficient in zip(linear["term"], linear["coefficient"].astype(float), strict=True):
        total = total + frame.eval(term).astype("float64") * coefficient
    return 1 - float(value["survivor[10]"]) ** np.exp(total)


@pytest.mark.parametrize("sex", ["female", "male"])
def test_people_of_every_age_have_the_score_of_the_published_terms_as_written(sex):
    terms = reference("qrisk3_coefficients").query("sex == @sex")
    people = anybody(500).query("sex == @sex")
    expected = dict(zip(people["person_id"], as_published(people, terms, sex), strict=True))
    scored = by_person(qrisk3(people), "qrisk3")
    assert len(scored) > 200
    assert max(abs(scored[who] - chance) for who, chance in expected.items()) < 1e-12


def test_every_published_coefficient_is_here_once():
    published = reference("qrisk3_coefficients")
    theirs = published[~published["kind"].isin(["transform", "centre"]) & (published["term"] != "Iethrisk[0]")]
    ours = [row["coefficient"] for row in codelists.rows("qrisk3_coefficients")]
    assert sorted(map(float, ours)) == sorted(theirs["coefficient"].astype(float))
    centres = published[published["kind"] == "centre"]["coefficient"].astype(float)
    assert sorted(float(row["centre"]) for row in codelists.rows("qrisk3_terms")) == sorted(centres)


def test_duckdb_and_polars_agree_on_people_of_every_age():
    import polars as pl

    people = anybody(500)
    on_duckdb = by_person(qrisk3(people), "qrisk3")
    on_polars = by_person(to_pandas(qrisk3(lazy(pl.from_pandas(people).lazy()))), "qrisk3")
    assert all(abs(on_duckdb[who] - on_polars[who]) < 1e-9 for who in on_duckdb)
