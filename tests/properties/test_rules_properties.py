"""What holds for every person and every rule."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcn_analysis import rules, tables
from pcn_analysis.engine import lazy, to_pandas
from pcn_analysis.rules import NONE_ASSESSED, Element, NotAvailable, Segment, any_of
from pcn_analysis.scores.frailty import frailty_deficits, frailty_index
from pcn_analysis.scores.long_term_conditions import LONG_TERM_CONDITIONS, n_ltc
from pcn_analysis.segmentation.models import MODELS, find_model

pytestmark = pytest.mark.properties

SYSTEM_P = find_model("system_p")

ON = dt.date(2026, 7, 1)
DAYS = [None, "2005-01-01", "2024-06-30", "2024-07-01", "2026-06-30"]
SLUGS = [
    "palliative_care", "dementia", "cancer", "diabetes", "non_diabetic_hyperglycaemia", "ckd", "ckd_1_2", "asthma",
    "heart_failure", "anxiety", "schizophrenia", "hypertension", "learning_disability", "hearing_loss", "homelessness",
    "maltreatment", "imprisonment", "alcohol_misuse", "looked_after",
]  # fmt: skip

few = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def person_tables(draw: st.DrawFn) -> pd.DataFrame:
    """Draw a person table: some of the conditions, each on any day, of a few people."""
    slugs = draw(st.lists(st.sampled_from(SLUGS), min_size=1, unique=True))
    size = draw(st.integers(1, 12))
    columns: dict[str, pd.Series] = {"person_id": pd.Series([f"p{i}" for i in range(size)], dtype="str")}
    for slug in slugs:
        dates = pd.Series(pd.to_datetime(draw(st.lists(st.sampled_from(DAYS), min_size=size, max_size=size))))
        columns[f"{slug}_date"] = dates.astype("datetime64[us]")
        columns[f"has_{slug}"] = dates.notna().astype("boolean")
    if draw(st.booleans()):
        counts = draw(st.lists(st.one_of(st.none(), st.integers(0, 40)), min_size=size, max_size=size))
        columns["ae_24m"] = pd.Series(counts, dtype="Int64")
    if draw(st.booleans()):
        bands = st.sampled_from([None, *tables.FRAILTY_BANDS])
        columns["efi_category"] = pd.Series(draw(st.lists(bands, min_size=size, max_size=size)), dtype="str")
    return pd.DataFrame(columns)


def segments(people: pd.DataFrame, model=SYSTEM_P) -> dict[str, str]:
    labelled = to_pandas(rules.label(lazy(people), model, on=ON))
    assert sorted(labelled["person_id"]) == sorted(people["person_id"])
    return dict(zip(labelled["person_id"], labelled["segment"], strict=True))


@few
@given(person_tables())
def test_every_person_is_in_exactly_one_segment(people):
    found = segments(people)
    assert len(found) == len(people)
    assert set(found.values()) <= set(SYSTEM_P.names(people.columns))


@few
@given(person_tables(), st.permutations(SYSTEM_P.segments))
def test_the_order_of_segments_in_the_file_does_not_matter(people, shuffled):
    assert segments(people, replace(SYSTEM_P, segments=tuple(shuffled))) == segments(people)


@few
@given(person_tables(), st.sampled_from(SYSTEM_P.segments))
def test_an_element_that_cannot_be_assessed_moves_nobody(people, segment):
    nowhere = Element("Nowhere", NotAvailable("records that nobody holds"), "example")
    wider = replace(segment, elements=(*segment.elements, nowhere), when=any_of(segment.criterion(), nowhere.when))
    others = tuple(one for one in SYSTEM_P.segments if one.name != segment.name)
    assert segments(people, replace(SYSTEM_P, segments=(*others, wider))) == segments(people)
    assert NONE_ASSESSED in replace(SYSTEM_P, segments=(Segment("One", 1, (nowhere,), "None."),)).names(people.columns)


@few
@given(person_tables())
def test_reasons_name_only_what_is_met_and_everyone_in_a_segment_has_one(people):
    elements = [element for _, element in SYSTEM_P.elements()]
    by_name = {element.name: f"e{i}" for i, element in enumerate(elements)}
    flagged = to_pandas(rules.flags(lazy(people), {by_name[e.name]: e.when for e in elements}, on=ON))
    met = {
        (row["person_id"], name)
        for row in flagged.to_dict("records")
        for name, column in by_name.items()
        if row.get(column)
    }
    reasons = to_pandas(rules.reasons(lazy(people), elements, on=ON))
    named = list(zip(reasons["person_id"], reasons["element"], strict=True))
    assert len(named) == len(set(named))
    assert set(named) == met
    own = {one.name: {element.name for element in one.elements} for one in SYSTEM_P.segments}
    for person, segment in segments(people).items():
        assert segment == NONE_ASSESSED or any((person, name) in met for name in own[segment])


@few
@given(person_tables())
def test_the_number_of_conditions_is_that_of_the_reasons(people):
    counted = to_pandas(n_ltc(lazy(people), on=ON)).set_index("person_id")["n_ltc"]
    reasons = to_pandas(rules.reasons(lazy(people), LONG_TERM_CONDITIONS, on=ON))
    found = reasons["person_id"].value_counts()
    if counted.isna().any():
        assert counted.isna().all()
        assert reasons.empty
    else:
        assert {who: int(found.get(who, 0)) for who in counted.index} == counted.astype(int).to_dict()


@few
@given(person_tables(), st.lists(st.sampled_from(["efi_category", "ae_24m", "has_asthma", "cancer_date"]), unique=True))
def test_what_is_incomplete_moves_nobody_and_changes_only_what_the_remainder_and_the_status_say(people, incomplete):
    missing = {name: ["something"] for name in incomplete}
    labelled = to_pandas(rules.label(lazy(people), SYSTEM_P, on=ON, incomplete=missing))
    assert dict(zip(labelled["person_id"], labelled["segment"], strict=True)) == segments(people)
    before, after = SYSTEM_P.status(people.columns), SYSTEM_P.status(people.columns, missing)
    assert list(after) == SYSTEM_P.names(people.columns, missing)
    for name, status in before.items():
        assert after[name] == status or (status, after[name]) == (rules.ASSESSED, rules.PARTLY)


@few
@given(person_tables())
def test_a_reason_has_no_date_but_that_of_something_recorded_before_the_index_date(people):
    reasons = to_pandas(rules.reasons(lazy(people), [element for _, element in SYSTEM_P.elements()], on=ON))
    dates = people.set_index("person_id").filter(like="_date")
    for who, date in zip(reasons["person_id"], reasons["date"], strict=True):
        assert pd.isna(date) or date in set(dates.loc[who])


# -- frailty -----------------------------------------------------------------------------------------------

RECORDS = st.tuples(st.sampled_from(list(tables.CONDITION_NAMES)), st.sampled_from(DAYS[1:]))
UNITS = [
    ("hb", "g/L"), ("hb", "g/dL"), ("hb", None), ("tsh", "m[IU]/L"), ("egfr", "mL/min/{1.73_m2}"), ("egfr", "mL/min"),
    ("abpi", None), ("must", "{score}"), ("chads2", None), ("bmi", "kg/m2"),
]  # fmt: skip
READINGS = st.tuples(st.sampled_from(UNITS), st.floats(0, 200), st.sampled_from("=<>"))


def number_of_deficits(records, readings, medicines) -> int:
    people = lazy(pd.DataFrame({"person_id": ["p1"], "sex": ["male"], "n_medications_12m": [medicines]}))
    conditions = pd.DataFrame(records, columns=["condition", "date"]).assign(person_id="p1").astype("str")
    rows = [(*kind, value, operator) for kind, value, operator in readings]
    names = ["measurement", "unit", "value_as_number", "operator"]
    measured = pd.DataFrame(rows, columns=names).assign(person_id="p1")
    kinds = dict.fromkeys(("measurement", "unit", "operator", "person_id"), "str") | {"value_as_number": "Float64"}
    measured = measured.astype(kinds).assign(measurement_date=pd.Timestamp("2020-01-01"))
    conditions["date"] = pd.to_datetime(conditions["date"]).astype("datetime64[us]")
    deficits = frailty_deficits(lazy(conditions), lazy(measured), people, on=ON)
    return int(to_pandas(frailty_index(people, deficits))["efi_deficits"].iloc[0])


@few
@given(st.lists(RECORDS, max_size=60), st.lists(READINGS, max_size=8), st.integers(0, 9), RECORDS, READINGS)
def test_the_number_of_deficits_never_falls_when_something_is_added(records, readings, medicines, record, value):
    before = number_of_deficits(records, readings, medicines)
    assert 0 <= before <= 36
    assert number_of_deficits([*records, record], readings, medicines) - before in {0, 1}
    assert number_of_deficits(records, [*readings, value], medicines) - before in {0, 1}
    assert number_of_deficits(records, readings, medicines + 1) - before in {0, 1}


@few
@given(person_tables())
def test_everyone_is_in_one_segment_of_each_model_and_nobody_well_for_want_of_data(people):
    for model in map(find_model, MODELS):
        found, status = segments(people, model), model.status(people.columns)
        assert set(found.values()) <= set(status)
        if any(status[one.name] != rules.ASSESSED for one in model.segments):
            assert model.remainder not in found.values()


@few
@given(person_tables())
def test_all_models_in_one_pass_say_what_each_says_by_itself(people):
    models = [find_model(name) for name in MODELS]
    together = to_pandas(rules.label_all(lazy(people), models, on=ON, with_elements=True)).set_index("person_id")
    for model in models:
        alone = to_pandas(rules.label(lazy(people), model, on=ON)).set_index("person_id").loc[together.index]
        assert together[model.name].to_list() == alone["segment"].to_list()
        assert together[f"{model.name}_next"].fillna("").to_list() == alone["next_segment"].fillna("").to_list()
        met = to_pandas(rules.reasons(lazy(people), [one for _, one in model.elements()], on=ON))
        named = together[[name for name in together if name.startswith(f"{model.name}: ")]]
        told = {(who, name) for name in named for who in named.index[named[name]]}
        assert told == {
            (who, f"{model.name}: {what}") for who, what in zip(met["person_id"], met["element"], strict=True)
        }
