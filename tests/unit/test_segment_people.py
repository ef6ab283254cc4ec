"""Each person's answer: segment, the next one down, the elements met, and what could not be assessed."""

import pytest
from vignettes import ON, by_person, condition, contact, lazy, person, population_of, rows_of, to_pandas

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.person_table import person_table
from pcn_analysis.rules import NONE_ASSESSED, NOT_ASSESSED, PARTLY
from pcn_analysis.segmentation.models import find_model
from pcn_analysis.segmentation.people import not_assessed, reasons, segment

pytestmark = pytest.mark.unit

RECORDS = {
    "persons": [
        person("well"), person("ill"), person("young", born="2015-01-01"), person("gone", death_date="2020-01-01"),
    ],
    "conditions": [
        condition("ill", "dementia", "2024-05-01"),
        condition("ill", "asthma", "2012-03-01"),
        condition("ill", "asthma", "2025-03-01"),
        condition("young", "asthma", "2020-01-01"),
        condition("gone", "dementia", "2019-01-01"),
    ],
    "encounters": [contact("ill", "ed", "2026-01-15")],
}  # fmt: skip


def stored(**records):
    """A population with its person table, as one that is loaded."""
    made = population_of(**records)
    made.tables["person_table"] = lazy(to_pandas(person_table(made, on=ON)))
    return made


@pytest.fixture(scope="module")
def people():
    return stored(**RECORDS)


def test_everyone_registered_has_a_segment_and_the_next_one_down(people):
    found = segment(people)
    assert by_person(found, "segment", "next_segment") == {
        "well": (NONE_ASSESSED, None),
        "ill": ("Frailty/Dementia", "LTCs"),
        "young": ("LTCs", NONE_ASSESSED),
    }


def test_a_model_is_asked_for_by_name_by_file_or_as_it_is(people, tmp_path):
    named = by_person(segment(people, "snee"), "segment", "next_segment")
    assert named["young"] == ("Under 18", None)
    own = tmp_path / "own.yaml"
    own.write_text(
        "model: own\ntitle: Own\nsource: The test\nvariant: own\nremainder: Others\nsegments:\n"
        "  - {segment: Asthma, priority: 1, rule: Asthma., elements: [{element: Asthma, when: {recorded: asthma}}]}\n",
        encoding="utf-8",
    )
    assert by_person(segment(people, own), "segment") == {"well": "Others", "ill": "Asthma", "young": "Asthma"}
    assert by_person(segment(people, find_model("snee")), "segment", "next_segment") == named
    with pytest.raises(PcnAnalysisError, match="Did you mean snee"):
        segment(people, "sneee")


def test_reasons_are_of_every_segment_with_their_dates_and_mark_those_of_the_own_one(people):
    found = reasons(people, "system_p")
    source = find_model("system_p").source
    physical = "Complex Lives: a long-term physical condition"
    assert rows_of(found) == [
        ("ill", "Complex Lives", physical, "2025-03-01", source, False),
        ("ill", "Frailty/Dementia", "Dementia", "2024-05-01", source, True),
        ("ill", "LTCs", "Asthma", "2025-03-01", source, False),
        ("young", "Complex Lives", physical, "2020-01-01", source, False),
        ("young", "LTCs", "Asthma", "2020-01-01", source, True),
    ]


def test_what_was_not_assessed_is_said_of_the_own_segment_and_those_before_it_only():
    people = population_of(**RECORDS, covered={"dementia", "asthma"})
    lacking = not_assessed(people, "system_p").set_index(["segment", "element"])
    care = "End-of-life care in the last two years"
    assert lacking.loc[("End of Life", care), ["status", "missing"]].tolist() == [NOT_ASSESSED, "palliative_care_date"]
    assert set(lacking.loc["Frailty/Dementia"].index) == {care, "Moderate or severe frailty"}
    assert lacking.loc[("Frailty/Dementia", "Moderate or severe frailty"), "status"] == PARTLY
    assert "Learning disability" in lacking.loc[NONE_ASSESSED].index
    assert "Learning disability" not in lacking.loc["Pre-conditions"].index


def test_what_is_recorded_from_the_index_date_on_changes_nothing(people):
    later = [condition("well", "palliative_care", ON.isoformat()), condition("ill", "palliative_care", "2026-09-01")]
    seen = [contact("well", "ed", "2026-07-01") for _ in range(30)]
    grown = stored(
        persons=RECORDS["persons"],
        conditions=RECORDS["conditions"] + later,
        encounters=RECORDS["encounters"] + seen,
    )
    assert rows_of(segment(grown)) == rows_of(segment(people))
    assert rows_of(reasons(grown)) == rows_of(reasons(people))
