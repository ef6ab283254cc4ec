"""People of whom next to nothing is coded: everything is said to be not assessed or not known, and nothing is 0."""

import pytest
from vignettes import ON, condition, contact, issue, person, population_of, reading

from pcn_analysis import charts, readings
from pcn_analysis.anticipatory import reach
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.person_table import incomplete_columns, person_table, stages
from pcn_analysis.release import release
from pcn_analysis.segmentation import segments
from pcn_analysis.segmentation.models import find_model
from pcn_analysis.words import NOT_ASSESSED

pytestmark = pytest.mark.unit

SYSTEM_P = find_model("system_p")

UNKNOWN = ("lsoa21", "imd_decile", "imd_version", "practice_code", "care_home", "housebound", "carer", "ethnicity",
           "registration_start_date", "interpreter_needed")  # fmt: skip
PERSONS = [person(f"p{n}", sex="unknown", born=f"{1930 + n}-07-01", **dict.fromkeys(UNKNOWN)) for n in range(60)]
UNCODED = {
    "conditions": [condition("p1", None, "2015-01-01")],
    "medications": [issue("p1", "2026-06-01", bnf=None, name="Something")],
    "measurements": [reading("p1", "bmi", "2026-01-01", 31.0, unit=None)],
    "encounters": [contact("p1", "outpatient", "2026-01-01")],
}


@pytest.fixture
def uncoded():
    population = population_of(PERSONS, covered=frozenset(), **UNCODED)
    population.tables.update(stages(population))
    return population


def test_the_person_table_has_no_column_of_what_nothing_is_known_of(uncoded):
    held = set(uncoded.tables["person_table"].collect_schema().names())
    absent = {
        "n_ltc",
        "efi_score",
        "efi_category",
        "bmi",
        "bmi_date",
        "antidepressants_12m",
        "gp_12m",
        "ae_12m",
        "nel_12m",
    }
    assert not absent & held
    assert not [name for name in held if name.startswith(("has_", "on_"))]
    assert {"op_12m", "n_medications", "age"} <= held
    assert "frailty_reasons" not in uncoded.tables


def test_a_kind_of_record_that_begins_on_the_index_date_is_not_there_yet():
    later = {
        "measurements": [reading("p1", "bmi", "2026-07-01", 31.0)],
        "encounters": [contact("p1", "ed", "2026-07-01")],
    }
    columns = person_table(population_of(PERSONS, covered=frozenset(), **later), on=ON).collect_schema().names()
    assert not {"bmi", "ae_12m", "ae_24m"} & set(columns)


def test_a_measurement_without_a_unit_is_missing_behind_what_reads_it():
    population = population_of(PERSONS, conditions=[], medications=[], measurements=UNCODED["measurements"])
    assert "on_ob_register" not in person_table(population, on=ON).collect_schema().names()
    assert "Chronic kidney disease" in incomplete_columns(population)["n_ltc"]


def test_every_segment_is_not_assessed_and_nobody_is_healthy(uncoded):
    sizes, missing = (release(one(uncoded, SYSTEM_P)) for one in (segments.sizes, segments.not_assessed))
    assert set(missing.frame["status"]) == {NOT_ASSESSED}
    said = readings.segments(sizes, missing)
    assert said.startswith("No segment could be assessed for the people ")
    assert said.endswith("Nobody is called healthy for want of data.")
    assert charts.segment_sizes(sizes) is None
    assert "Healthy" not in segments.rule_table(uncoded, SYSTEM_P).frame["segment"].to_list()


@pytest.mark.parametrize("count", [segments.by_age, segments.by_deprivation, segments.by_practice])
def test_nothing_is_shown_by_group_where_no_segment_could_be_assessed(uncoded, count):
    assert len(release(count(uncoded, SYSTEM_P))) == 0


def test_nobody_meets_an_element(uncoded):
    assert readings.elements(release(segments.elements_met(uncoded, SYSTEM_P))) == (
        "No reasons: no segment that could be assessed holds anyone."
    )


def test_without_frailty_there_is_no_proactive_care(uncoded):
    with pytest.raises(PcnAnalysisError, match="frailty could not be assessed"):
        reach.eligible_by_severity(uncoded)


# -- of frailty alone something is known -------------------------------------------------------------------


@pytest.fixture
def frail():
    said = [{"person_id": one["person_id"], "attribute_date": "2026-07-01", "efi_score": 0.5} for one in PERSONS]
    population = population_of(PERSONS, covered=frozenset(), attributes=said)
    population.tables.update(stages(population))
    return population


def test_sexes_areas_and_practices_that_are_known_of_nobody_have_no_rows_but_a_sentence(frail):
    ages = release(reach.eligible_by_age(frail))
    assert set(ages.frame["sex"]) == {"indeterminate or not known"}
    assert readings.reach_by_age(ages) == "Not shown for women and men: the records do not say who is which."
    fifths, practices = (release(one(frail)) for one in (reach.eligible_by_deprivation, reach.eligible_by_practice))
    assert (len(fifths), len(practices)) == (0, 0)
    assert readings.reach_by_deprivation(fifths) == "Not shown: the records do not say where people live."
    assert readings.reach_by_practice(practices) == "Not shown: the records do not say where people are registered."


def test_where_people_live_is_said_to_be_unknown_beside_a_segment_that_was_assessed(frail):
    fifths, practices = (release(one(frail, SYSTEM_P)) for one in (segments.by_deprivation, segments.by_practice))
    assert readings.by_deprivation(fifths, "Frailty/Dementia").endswith("the records do not say where people live.")
    assert readings.by_practice(practices, "Frailty/Dementia").endswith(
        "the records do not say where people are registered."
    )
    assert "Frailty/Dementia holds 100.0%" in readings.at_older_ages(
        release(segments.by_age(frail, SYSTEM_P)), "Frailty/Dementia"
    )
