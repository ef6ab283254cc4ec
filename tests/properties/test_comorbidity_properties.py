"""Charlson index and Hospital Frailty Risk Score: every code sets what it should; DuckDB, Polars and pandas agree."""

import csv
import tempfile
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcn_analysis import codelists
from pcn_analysis.dates import months_before
from pcn_analysis.engine import lazy, scan, to_pandas, write_stage
from pcn_analysis.person.diagnoses import resolved_codes
from pcn_analysis.scores import charlson as index
from pcn_analysis.scores import hospital_frailty as frailty
from tests.unit.vignettes import ON, contact, frame, person, rows_of

pytestmark = pytest.mark.properties

CODELISTS = Path(codelists.__file__).parent
DIGITS = "0123456789X"


def csv_rows(name):
    with (CODELISTS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


MAPPINGS: dict[str, dict[str, set[str]]] = {}
"""Prefixes of each category of each mapping, read by the test itself."""
for row in csv_rows("charlson_icd10"):
    MAPPINGS.setdefault(row["mapping"], {}).setdefault(row["category"], set()).add(row["icd10_prefix"])
PREFIXES = {mapping: sorted(set().union(*found.values())) for mapping, found in MAPPINGS.items()}
VARIANT_OF = {row["mapping"]: row["variant"] for row in csv_rows("charlson_variants")}


def categories_by_hand(mapping, code):
    """Categories of one code, a prefix at a time."""
    return {category for category, prefixes in MAPPINGS[mapping].items() if code.startswith(tuple(prefixes))}


def categories_found(mapping, codes):
    """Categories of each code, as the package resolves them."""
    categories = list(index.find_variant(VARIANT_OF[mapping]).categories.items())
    found = resolved_codes(pd.Series(codes, dtype="str"), [element for _, element in categories])
    answer = {code: set() for code in codes}
    for code, place in zip(found["code"], found["place"], strict=True):
        answer[code].add(categories[place][0])
    return answer


# -- every code ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mapping", MAPPINGS)
def test_every_prefix_and_every_code_below_it_sets_exactly_its_categories(mapping):
    codes = {one + more for one in PREFIXES[mapping] for more in ("", *DIGITS[:10], "00", "99")}
    codes = sorted(code for code in codes if len(code) >= 3)
    assert categories_found(mapping, codes) == {code: categories_by_hand(mapping, code) for code in codes}
    assert all(categories_by_hand(mapping, code) for code in codes)


@pytest.mark.parametrize("mapping", MAPPINGS)
def test_what_is_beside_a_prefix_sets_only_what_another_prefix_says(mapping):
    codes = sorted({one[:-1] + digit for one in PREFIXES[mapping] if len(one) >= 3 for digit in DIGITS[:10]})
    assert categories_found(mapping, codes) == {code: categories_by_hand(mapping, code) for code in codes}


@settings(max_examples=100, deadline=None, derandomize=True)
@given(code=st.from_regex(r"[A-Z][0-9]{2}[0-9]{0,2}", fullmatch=True), mapping=st.sampled_from(sorted(MAPPINGS)))
def test_any_code_sets_what_its_prefixes_say_and_a_dot_changes_nothing(code, mapping):
    dotted = f"{code[:3]}.{code[3:]}" if len(code) > 3 else code
    expected = categories_by_hand(mapping, code)
    assert categories_found(mapping, list({code, dotted})) == dict.fromkeys((code, dotted), expected)


@pytest.mark.parametrize("variant", index.VARIANTS)
def test_one_code_alone_gives_the_points_of_its_categories(variant):
    row = next(row for row in csv_rows("charlson_variants") if row["variant"] == variant)
    weights = {one["category"]: int(one[row["weights"]] or 0) for one in csv_rows("charlson_weights")}
    codes = [code for code in PREFIXES[row["mapping"]] if len(code) >= 3]
    expected = {code: sum(weights[one] for one in categories_by_hand(row["mapping"], code)) for code in codes}
    lowest = {code: max(points, int(row["lowest"])) if row["lowest"] else points for code, points in expected.items()}
    rows = pd.DataFrame({"person_id": codes, "code": codes}).assign(
        code_system="icd10", source="apc", status="active", condition_start_date=pd.Timestamp("2025-01-01")
    )
    found = index.charlson(rows, pd.DataFrame({"person_id": codes}), on=ON, variant=variant)
    assert dict(zip(found["person_id"], found[index.score_column(variant)], strict=True)) == lowest


def test_every_code_of_hospital_frailty_gives_its_points_and_every_other_gives_none():
    points = {row["icd10_prefix"]: float(row["points"]) for row in csv_rows("hospital_frailty_codes")}
    every = [f"{letter}{number:02}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for number in range(100)]
    codes = [code + more for code in every for more in ("", "1")]
    rows = pd.DataFrame({"person_id": codes, "code": codes}).assign(
        code_system="icd10", source="apc", status="active", condition_start_date=pd.Timestamp("2025-01-01")
    )
    found = frailty.hospital_frailty(rows, pd.DataFrame({"person_id": codes}), on=ON, variant="any_age")
    answer = dict(zip(found["person_id"], found["hfrs_any_age"], strict=True))
    assert answer == {code: points.get(code[:3], 0.0) for code in codes}
    assert sum(value > 0 for value in answer.values()) == 2 * 109


# -- the engines ---------------------------------------------------------------------------------------------


def edges(on):
    starts = [on, on - timedelta(days=365), *(months_before(on, months) for months in (12, 24))]
    return [(day + timedelta(days=shift)).isoformat() for day in starts for shift in (-1, 0, 1)]


COMMON = (
    "I252",
    "I50.0",
    "K73.9",
    "K721",
    "E119",
    "E112",
    "C50",
    "C780",
    "B24",
    "F059",
    "G30",
    "Z93",
    "N18X",
    "Z00",
    "I5",
)


@st.composite
def records(draw):
    """An index date, people of ages on the edges, diagnoses on the edges of every window, and their admissions."""
    on = draw(st.sampled_from([ON, date(2024, 2, 29)]))
    names = [f"p{number}" for number in range(6)]
    born = [f"{on.year - years}-{on.month:02}-{min(on.day, 28):02}" for years in (64, 65, 75, 76, 90)]
    diagnosis = st.fixed_dictionaries(
        {
            "person_id": st.sampled_from([*names, "stranger"]),
            "code": st.sampled_from(COMMON),
            "condition_start_date": st.sampled_from(edges(on)),
            "code_system": st.sampled_from(["icd10", "icd10", "icd10", "snomed"]),
            "source": st.sampled_from(["apc", "apc", "op", "gp"]),
            "status": st.sampled_from(["active", "active", "unknown", "resolved"]),
            "visit_id": st.sampled_from(["v0", "v1", "v2", None]),
        }
    )
    people = [person(name, born=draw(st.sampled_from(born))) for name in names]
    stays = [
        contact(
            "p0", draw(st.sampled_from(["emergency_admission", "elective_admission"])), on.isoformat(), visit_id=f"v{i}"
        )
        for i in range(3)
    ]
    return on, people, draw(st.lists(diagnosis, max_size=40)), stays


def answers(conditions, people, stays, on):
    found = {}
    for variant in index.VARIANTS:
        for months in (None, 12):
            asked = {"on": on, "variant": variant, "months": months}
            found[variant, months] = index.charlson(conditions, people, **asked)
            found[variant, months, "why"] = index.charlson_reasons(conditions, people, **asked)
            found[variant, months, "not"] = index.unassessable(conditions, on=on, months=months)
    for variant in frailty.VARIANTS:
        asked = {"on": on, "variant": variant, "encounters": stays}
        found[variant] = frailty.hospital_frailty(conditions, people, **asked)
        found[variant, "why"] = frailty.hospital_frailty_reasons(conditions, people, **asked)
        found[variant, "not"] = frailty.unassessable(conditions, **asked)
    return {name: answer if isinstance(answer, list) else compared(answer) for name, answer in found.items()}


def compared(answer):
    collected = answer if isinstance(answer, pd.DataFrame) else to_pandas(answer)
    return list(collected.columns), rows_of(collected)


def on_parquet(folder, name, values):
    return scan(write_stage(lazy(values), Path(folder) / f"{name}.parquet"))


@settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(world=records())
def test_every_engine_gives_the_same_scores_bands_and_reasons(world):
    on, *rows = world
    frames = {
        name: frame(name, values) for name, values in zip(("persons", "conditions", "encounters"), rows, strict=True)
    }
    order = ("conditions", "persons", "encounters")
    with tempfile.TemporaryDirectory() as folder:
        parquet = answers(*(on_parquet(folder, name, frames[name]) for name in order), on)
        polars = answers(*(lazy(pl.from_pandas(frames[name]).lazy()) for name in order), on)
        pandas = answers(*(frames[name] for name in order), on)
    for name, expected in parquet.items():
        assert polars[name] == expected, name
        assert pandas[name] == expected, name


@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(world=records(), variant=st.sampled_from(sorted(index.VARIANTS)))
def test_reasons_add_up_to_the_score_and_the_order_of_records_changes_nothing(world, variant):
    on, people, rows, _ = world
    persons, conditions = frame("persons", people), frame("conditions", rows)
    column = index.score_column(variant)
    found = index.charlson(conditions, persons, on=on, variant=variant)
    turned = index.charlson(conditions.iloc[::-1], persons, on=on, variant=variant)
    assert rows_of(found) == rows_of(turned)
    if column in found:
        reasons = index.charlson_reasons(conditions, persons, on=on, variant=variant)
        sums = reasons.groupby("person_id")["points"].sum().reindex(found["person_id"], fill_value=0)
        lowest = index.find_variant(variant).lowest
        assert found[column].to_list() == [points if lowest is None else max(points, lowest) for points in sums]
