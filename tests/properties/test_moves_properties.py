"""What holds of every person's answer: one segment, a lower one next, and changes that do what is said of them."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pcn_analysis import rules
from pcn_analysis.person_table import person_table
from pcn_analysis.population import Population
from pcn_analysis.segmentation.moves import moves
from pcn_analysis.segmentation.people import named, segment
from tests.unit.vignettes import ON, Row, condition, contact, issue, lazy, person, population_of, reading, to_pandas

pytestmark = pytest.mark.properties

few = settings(max_examples=2, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
MODELS = ["system_p", "snee", "reconstructed_bridges_to_health"]

WHO = ["a", "b", "c"]
DAYS = ["2005-01-01", "2024-06-30", "2024-07-01", "2026-06-30"]
SLUGS = [
    "palliative_care", "dementia", "cancer", "diabetes", "non_diabetic_hyperglycaemia", "ckd", "asthma", "anxiety",
    "stroke", "hypertension", "homelessness", "alcohol_misuse", "fall", "housebound", "kidney_failure",
]  # fmt: skip
Records = dict[str, list[Row]]


@st.composite
def records(draw: st.DrawFn) -> Records:
    """Draw the records of a few people of any age: conditions, medicines, readings and contacts."""
    who, day = st.sampled_from(WHO), st.sampled_from(DAYS)
    born = st.sampled_from(["1935-02-01", "1980-07-01", "2008-07-01", "2015-01-01"])
    recorded = st.builds(
        condition, who, st.sampled_from(SLUGS), day,
        status=st.sampled_from(["active", "active", "resolved"]), source=st.sampled_from(["gp", "apc"]),
    )  # fmt: skip
    return {
        "persons": [person(one, born=draw(born), housebound=draw(st.booleans())) for one in WHO],
        "conditions": draw(st.lists(recorded, min_size=3, max_size=8)),
        "medications": draw(st.lists(st.builds(issue, who, day, bnf=st.sampled_from(["0403010B0", None])), max_size=6)),
        "measurements": draw(
            st.lists(st.builds(reading, who, st.sampled_from(["bmi", "egfr"]), day, st.floats(15, 60)), max_size=4)
        ),
        "encounters": draw(
            st.lists(st.builds(contact, who, st.sampled_from(["ed", "emergency_admission"]), day), max_size=12)
        ),
    }


def stored(given: Records) -> Population:
    """A population with its person table."""
    made = population_of(**given)
    made.tables["person_table"] = lazy(to_pandas(person_table(made, on=ON)))
    return made


def changed(given: Records, done: list[dict[str, Any]]) -> Records:
    """The records with a person more for each change: a copy of who is asked, with the rows that the change states."""
    grown = {name: list(rows) for name, rows in given.items()}
    for place, move in enumerate(done):
        fresh = {"person_id": f"copy{place}"}
        for name, rows in given.items():
            grown[name] += [row | fresh for row in rows if row["person_id"] == move["person_id"]]
        for row in json.loads(move["rows"]):
            name, times = row.pop("table"), row.pop("times")
            if name == "persons":
                grown[name][-1] = grown[name][-1] | row
            else:
                grown[name] += [row | fresh] * times
    return grown


@few
@pytest.mark.parametrize("name", MODELS)
@given(records())
def test_each_stated_change_to_the_records_moves_the_person_exactly_there(name, given):
    found = moves(population_of(**given), name, WHO)
    up = found[found["direction"] == "up"].to_dict("records")
    after = to_pandas(segment(stored(changed(given, up)), name)).set_index("person_id")["segment"]
    assert [after[f"copy{place}"] for place in range(len(up))] == [move["to_segment"] for move in up]
    before = {who: after[who] for who in WHO}
    assert {move["person_id"]: move["segment"] for move in up}.items() <= before.items()


@few
@pytest.mark.parametrize("name", MODELS)
@given(records())
def test_everyone_is_in_one_segment_the_next_is_lower_and_later_records_change_nothing(name, given):
    people = stored(given)
    found = to_pandas(segment(people, name)).set_index("person_id")
    assert sorted(found.index) == WHO
    order = named(name).names(people.tables["person_table"].collect_schema().names(), {"n_ltc": ["something"]})
    place = {one: number for number, one in enumerate([*order, rules.NONE_ASSESSED])}
    for own, following in zip(found["segment"], found["next_segment"].fillna(""), strict=True):
        assert not following or place[following] > place[own]
    later = [condition(who, slug, day) for who in WHO for slug in SLUGS for day in ("2026-07-01", "2027-01-01")]
    seen = [contact(who, "ed", "2026-07-01") for who in WHO for _ in range(25)]
    grown = given | {"conditions": given["conditions"] + later, "encounters": given["encounters"] + seen}
    assert to_pandas(segment(stored(grown), name)).set_index("person_id").loc[WHO].equals(found.loc[WHO])
