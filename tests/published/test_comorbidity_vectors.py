"""Charlson index and Hospital Frailty Risk Score against worked examples, and against tables of 150 sets of codes."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from pcn_analysis.scores.charlson import charlson, charlson_reasons, find_variant, score_column
from pcn_analysis.scores.hospital_frailty import CODES, hospital_frailty
from tests.conftest import ROOT, need
from tests.unit.vignettes import ON

pytestmark = pytest.mark.published

REFERENCE = ROOT.parent / "shared" / "reference"


def read(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


EXAMPLES = read(Path(__file__).with_name("comorbidity_worked_examples.csv"))


def reference(name):
    path = REFERENCE / f"{name}.csv"
    need(path.is_file(), f"the reference table {path.name}")
    return read(path)


def conditions_of(sets):
    """Records of people, from the codes of each."""
    pairs = [(who, code) for who, codes in sets.items() for code in codes]
    return pd.DataFrame(pairs, columns=["person_id", "code"]).assign(
        code_system="icd10", source="apc", status="active", condition_start_date=pd.Timestamp("2025-01-01")
    )


def scores(sets, score, variant):
    """Score of each person."""
    people = pd.DataFrame({"person_id": list(sets)})
    if score == "charlson":
        found, column = charlson(conditions_of(sets), people, on=ON, variant=variant), score_column(variant)
    else:
        found, column = hospital_frailty(conditions_of(sets), people, on=ON, variant=variant), f"hfrs_{variant}"
    return dict(zip(found["person_id"], found[column], strict=True))


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"{row['example']}, {row['variant']}")
def test_worked_examples(row):
    assert scores({"p1": row["codes"].split("|")}, row["score"], row["variant"]) == {"p1": float(row["expected"])}


@pytest.fixture(scope="module")
def vectors():
    found = reference("comorbidity_reference_vectors")
    assert len(found) == 150
    return found


@pytest.mark.parametrize(
    ("column", "score", "variant"),
    [
        ("charlson_1987", "charlson", "charlson_1987"),
        ("quan_2011", "charlson", "quan_2011"),
        ("pycomorb_charlson", "charlson", "charlson_1987"),
        ("pycomorb_quan", "charlson", "quan_2011"),
        ("hfrs", "hospital_frailty", "any_age"),
        ("pycomorb_hfrs", "hospital_frailty", "any_age"),
        ("comorbidipy_hfrs", "hospital_frailty", "any_age"),
    ],
)
def test_every_row_of_the_reference_vectors(vectors, column, score, variant):
    found = scores({row["id"]: row["codes"].split("|") for row in vectors}, score, variant)
    assert found == pytest.approx({row["id"]: float(row[column]) for row in vectors}, abs=1e-9)


def test_comorbidipy_differs_in_those_with_aids_by_the_points_that_it_gives_to_that(vectors):
    found = scores({row["id"]: row["codes"].split("|") for row in vectors}, "charlson", "quan_2011")
    less = {row["id"]: found[row["id"]] - float(row["comorbidipy_quan"]) for row in vectors}
    assert {who: by for who, by in less.items() if by} == dict.fromkeys(["4", "31", "73", "97", "101", "129"], 2)


def test_the_categories_of_every_row_are_those_of_the_reference_vectors(vectors):
    sets = {row["id"]: row["codes"].split("|") for row in vectors}
    found = charlson_reasons(conditions_of(sets), pd.DataFrame({"person_id": list(sets)}), on=ON)
    replaced = {
        "Mild liver disease": "Moderate or severe liver disease",
        "Diabetes without chronic complication": "Diabetes with chronic complication",
        "Any malignancy": "Metastatic solid tumour",
    }
    for row in vectors:
        named = {one.replace("tumor", "tumour") for one in row["categories"].split("|") if one}
        expected = {one for one in named if replaced.get(one) not in named}
        assert set(found.loc[found["person_id"] == row["id"], "element"]) == expected


# -- the tables as transcribed -------------------------------------------------------------------------------

MAPPINGS = {"quan_2005": "quan_2011", "uk_shmi_v1.60": "shmi_uk", "rcs_england_2010": "rcs_2010"}


@pytest.mark.parametrize(("mapping", "variant"), MAPPINGS.items())
def test_the_codes_of_every_category_are_those_of_the_reference_table(mapping, variant):
    expected: dict[str, set[str]] = {}
    for row in reference("charlson_icd10"):
        if row["variant"] == mapping:
            expected.setdefault(row["category"].replace("tumor", "tumour"), set()).add(row["icd10_prefix"])
    assert {one.name: set(one.prefixes) for one in find_variant(variant).elements()} == expected


@pytest.mark.parametrize(("column", "variant"), [("charlson_1987",) * 2, ("quan_2011",) * 2])
def test_the_points_of_every_category_are_those_of_the_reference_table(column, variant):
    expected = {row["category"].replace("tumor", "tumour"): float(row[column]) for row in reference("charlson_weights")}
    assert {one.name: one.points for one in find_variant(variant).elements()} == expected


@pytest.mark.parametrize(("column", "variant"), [("shmi_uk", "shmi_uk"), ("rcs", "rcs_2010")])
def test_the_points_of_variants_with_names_of_their_own_are_the_same_numbers(column, variant):
    expected = sorted(int(row[column]) for row in reference("charlson_weights") if row[column])
    assert sorted(one.points for one in find_variant(variant).elements()) == expected


def test_the_109_codes_and_points_are_those_of_the_reference_table():
    expected = {(row["icd10_3char"],): round(float(row["points"]) * 10) for row in reference("hfrs")}
    assert {code.prefixes: code.points for code in CODES} == expected
