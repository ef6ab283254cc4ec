"""The core segments of BNSSG: bands of the Cambridge Multimorbidity Score, both sides of each limit."""

import pytest
from model_patients import Patients
from vignettes import by_person, person_rows

from pcn_analysis import codelists, tables
from pcn_analysis.rules import NONE_ASSESSED
from pcn_analysis.scores.cambridge import assessed_column, core_segments, find_variant, score_column
from pcn_analysis.scores.cambridge.bands import OF_BNSSG
from pcn_analysis.segmentation.models import MODELS

SCORE, ASSESSED = score_column(OF_BNSSG), assessed_column(OF_BNSSG)
pytestmark = [
    pytest.mark.unit,
    pytest.mark.skipif("bnssg" not in MODELS, reason="the person table has no column of the score yet"),
]


@pytest.fixture(scope="module")
def bnssg():
    return Patients("bnssg", kinds={SCORE: "number", ASSESSED: "integer"})


def scored(value, assessed=35, age=45):
    """A person with a score, made of so many conditions that could be assessed."""
    return {"age": age, SCORE: value, ASSESSED: assessed}


BANDS = [
    # the score, the segment, the element that says why
    (0.0, "Core segment 1", "Score under 0.09"),
    (0.08, "Core segment 1", "Score under 0.09"),
    (0.09, "Core segment 2", "Score from 0.09 to under 0.69"),
    (0.68, "Core segment 2", "Score from 0.09 to under 0.69"),
    (0.69, "Core segment 3", "Score from 0.69 to under 1.58"),
    (1.57, "Core segment 3", "Score from 0.69 to under 1.58"),
    (1.58, "Core segment 4", "Score from 1.58 to under 2.96"),
    (2.95, "Core segment 4", "Score from 1.58 to under 2.96"),
    (2.96, "Core segment 5", "Score of 2.96 or more"),
    (12.5, "Core segment 5", "Score of 2.96 or more"),
]


def test_each_limit_belongs_to_the_higher_segment(bnssg):
    cases = [scored(value) for value, *_ in BANDS]
    assert bnssg.segments(*cases) == [segment for _, segment, _ in BANDS]
    assert bnssg.elements(*cases) == [{because} for *_, because in BANDS]


def test_every_segment_and_element_has_a_vignette(bnssg):
    assert {because for *_, because in BANDS} == set(bnssg.names())
    assert {segment for _, segment, _ in BANDS} == {one.name for one in bnssg.model.segments}


def test_nobody_is_in_two_bands_or_has_a_next_one(bnssg):
    assert set(bnssg.next_segments(*(scored(value) for value, *_ in BANDS))) == {"Score not known"}


def test_the_first_segment_is_of_those_only_of_whom_every_condition_is_known(bnssg):
    assert bnssg.segments(scored(0.0, 35), scored(0.0, 34)) == ["Core segment 1", "Score not known"]
    assert bnssg.segments(scored(0.09, 1)) == ["Core segment 2"], "it is in the second at the least"
    assert len(find_variant(OF_BNSSG).weights) == 35


def test_who_has_no_score_is_in_no_segment(bnssg):
    assert bnssg.segments(scored(None)) == ["Score not known"]


def test_without_the_columns_nobody_is_in_any(bnssg):
    assert Patients("bnssg", without=(SCORE, ASSESSED), kinds=bnssg.kinds).segments({}) == [NONE_ASSESSED]


def test_it_is_for_people_of_17_or_more(bnssg):
    assert bnssg.segments(scored(3.0, age=16), scored(3.0, age=17)) == ["Under 17", "Core segment 5"]


def test_limits_and_order_are_those_of_the_published_bands(bnssg):
    bands = [row for row in codelists.rows("cambridge_bands") if row["bands"] == "bnssg_2023"]
    assert [row["band"] for row in bands] == [f"CS{number}" for number in range(1, 6)]
    people = person_rows(
        *({"person_id": f"{number:03}", SCORE: value, ASSESSED: 35} for number, (value, *_) in enumerate(BANDS)),
        **bnssg.kinds,
    )
    named = list(by_person(core_segments(people), f"core_segment_{OF_BNSSG}").values())
    assert named == [segment.replace("Core segment ", "CS") for _, segment, _ in BANDS]


def test_its_columns_are_those_of_the_person_table(bnssg):
    assert {SCORE, ASSESSED, "age"} == set(bnssg.read) <= set(tables.PERSON_TABLE.column_names())
