"""What a page shows of two models and of time, on people that a reader can count on fingers; or why it cannot."""

import datetime as dt
from dataclasses import replace

import narwhals as nw
import pandas as pd
import pytest
from vignettes import NETWORK, condition, person, person_rows, population_of, rows_of, table

from pcn_analysis import tables
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.person_table import stages
from pcn_analysis.release import release
from pcn_analysis.rules import AtLeast, Element, Model, Recorded, Segment
from pcn_analysis.scores.cambridge import assessed_column, score_column
from pcn_analysis.scores.cambridge.bands import OF_BNSSG
from pcn_analysis.segmentation import dynamics, found, outlook
from pcn_analysis.segmentation.models import find_model
from pcn_analysis.segmentation.yearly_rates import PUBLISHED_SEGMENTS, published_rates

pytestmark = pytest.mark.unit


def model_of(name, *conditions, **more):
    """A model of a segment for each condition, the first goes first."""
    segments = tuple(
        Segment(one.capitalize(), place, (Element(f"Has {one}", Recorded(one), "example"),), one)
        for place, one in enumerate(conditions, start=1)
    )
    return Model(name, name.capitalize(), segments, "Well", "example", **more)


LUNGS_FIRST = model_of("lungs first", "copd", "asthma", "hypertension")
PRESSURE_FIRST = model_of("pressure first", "hypertension", "asthma", "copd")
PERSONS = [
    person("stays well"),
    person("falls ill"),
    person("gets better"),
    person("gets worse"),
    person("dies", death_date="2025-12-01"),
    person("leaves", registration_end_date="2026-03-01"),
    person("joins", registration_start_date="2026-02-01"),
]
CONDITIONS = [
    condition("falls ill", "copd", "2026-02-01"),
    condition("gets better", "hypertension", "2010-03-01"),
    condition("gets better", "hypertension", "2026-03-01", status="resolved"),
    condition("gets worse", "hypertension", "2010-03-01"),
    condition("gets worse", "copd", "2026-06-30"),
    condition("dies", "copd", "2015-03-01"),
    condition("joins", "hypertension", "2012-03-01"),
]
CODED = {"copd", "asthma", "hypertension"}


def people(persons=PERSONS, conditions=CONDITIONS, covered=CODED, **records):
    population = population_of(persons, covered=covered, conditions=conditions, **records)
    return replace(population, tables=population.tables | stages(population))


@pytest.fixture(scope="module")
def seven():
    return people()


# -- two models --------------------------------------------------------------------------------------------


def test_people_are_in_the_first_segments_of_both_models_or_of_one(seven):
    found_rows = outlook.first_segments(seven, LUNGS_FIRST, PRESSURE_FIRST, first=1)
    assert found_rows.frame[["of", "segments", "patients", "registered"]].to_numpy().tolist() == [
        ["both", "Copd; Hypertension", 1, 5],
        ["Lungs first (own) only", "Copd", 1, 5],
        ["Pressure first (own) only", "Hypertension", 1, 5],
    ]
    assert release(found_rows).provenance.people


def test_two_segments_go_first_and_those_not_assessed_are_none_of_them():
    blind = people(covered={"copd", "hypertension"})
    assert outlook.first_segments(blind, LUNGS_FIRST, LUNGS_FIRST).frame["segments"][1] == "Copd and Hypertension"


def test_the_remainder_is_no_first_segment(seven):
    alone = model_of("alone", "copd")
    assert outlook.first_segments(seven, alone, alone).frame["segments"][1] == "Copd"


def test_whom_one_model_is_not_for_is_in_no_comparison(seven):
    old = replace(LUNGS_FIRST, whom=AtLeast("age", 120), others="Under 120")
    assert outlook.first_segments(seven, old, PRESSURE_FIRST).frame["registered"].unique().tolist() == [0]


def test_models_of_which_nothing_was_assessed_are_not_compared(seven):
    assert len(outlook.first_segments(seven, LUNGS_FIRST, model_of("other", "gout")).frame) == 0


# -- time --------------------------------------------------------------------------------------------------


def test_people_stayed_moved_up_or_down_left_and_died(seven):
    made = dynamics.outcomes(seven, LUNGS_FIRST)
    some = made.frame[made.frame["patients"] > 0]
    assert rows_of(some[["segment", "outcome", "patients", "segment_patients"]]) == [
        ("Copd", "died", 1, 1),
        ("Hypertension", "moved to one of higher priority", 1, 2),
        ("Hypertension", "moved to one of lower priority", 1, 2),
        ("Well", "left", 1, 3),
        ("Well", "moved to one of higher priority", 1, 3),
        ("Well", "stayed", 1, 3),
    ]
    assert len(made.frame) == 3 * len(dynamics.OUTCOMES)


def test_everything_is_shown_of_whom_enough_is_recorded(seven):
    why = outlook.not_shown(seven, LUNGS_FIRST).frame.set_index("what")["why"]
    assert list(why.index) == [outlook.PUBLISHED], "the score takes more conditions than three"
    assert "every condition of the score" in why.iloc[0]
    assert len(outlook.projection(seven, LUNGS_FIRST).frame) == 6 * 3
    assert len(outlook.flows(seven, LUNGS_FIRST).frame) == 3


def test_records_that_begin_too_late_show_no_moves_and_say_why():
    row = {"person_id": "stays well", "start_date": "2026-01-01", "end_date": "2026-06-30"}
    late = people()
    late = replace(late, tables=late.tables | {"observation_period": table("observation_period", [row])})
    for made in (outlook.everyone, outlook.outcomes, outlook.moves, outlook.flows, outlook.projection):
        assert len(release(made(late, LUNGS_FIRST))) == 0
    why = outlook.not_shown(late, LUNGS_FIRST).frame.set_index("what")["why"]
    assert why[outlook.MOVES] == "nobody was observed yet on 1 July 2025; the records begin on 1 January 2026"
    assert why[outlook.PROJECTION] == why[outlook.MOVES]


def test_records_of_those_still_registered_alone_show_moves_and_no_projection():
    here = people([person("stays well"), person("falls ill")], CONDITIONS[:1])
    assert len(outlook.flows(here, LUNGS_FIRST).frame) == 2
    why = outlook.not_shown(here, LUNGS_FIRST).frame.set_index("what")["why"]
    assert "nobody who died or left" in why[outlook.PROJECTION]
    assert outlook.MOVES not in why


def test_moves_and_projections_are_of_the_years_and_the_model_that_were_asked_for():
    eight = people([*PERSONS, person("ill before")], [*CONDITIONS, condition("ill before", "copd", "2024-12-01")])
    for made in (outlook.everyone, dynamics.outcomes, dynamics.moves, outlook.flows):
        assert not made(eight, LUNGS_FIRST, years=2).frame.equals(made(eight, LUNGS_FIRST).frame)
    projected = [outlook.projection(eight, LUNGS_FIRST, years=years).frame["year"].max() for years in (1, 3)]
    assert projected == ["2027", "2029"]
    same_name = replace(PRESSURE_FIRST, name=LUNGS_FIRST.name)
    assert outlook.projection(eight, same_name, years=1).frame["segment"].iloc[0] == "Hypertension"


def crowd(people_there):
    """As many well people, two of whom fell ill in the year, and two hundred with blood pressure."""
    there = [person(f"well {n}") for n in range(people_there)]
    high = [person(f"high {n}") for n in range(200)]
    found = [condition(f"well {n}", "copd", "2026-02-01") for n in range(2)]
    return people(
        [*there, *high], [*found, *(condition(f"high {n}", "hypertension", "2010-03-01") for n in range(200))]
    )


@pytest.mark.parametrize(("people_there", "told"), [(97, False), (98, True)])
def test_what_became_of_the_people_of_a_segment_of_fewer_than_a_hundred_is_not_shown(people_there, told):
    """A hundred once rounded; of fewer, the part that is too small to show could be worked out from the others."""
    some = crowd(people_there)
    for make, parts in (
        (outlook.outcomes, ["patients", "share"]),
        (outlook.moves, ["patients", "share", "share_lower"]),
        (outlook.flows, ["stayed", "left", "died", "moved_in", "stayed_share"]),
    ):
        frame = release(make(some, LUNGS_FIRST)).frame.set_index("segment")
        assert frame.loc[["Well"], parts].notna().any(axis=None) == told
        assert frame.loc[["Hypertension"], parts[0]].notna().any()
    sizes = release(outlook.flows(some, LUNGS_FIRST)).frame.set_index("segment")["before"]
    assert sizes["Well"] == (100 if told else 95)


def test_a_page_heads_birthdays_where_a_model_is_not_for_everyone():
    adults = replace(LUNGS_FIRST, whom=AtLeast("age", 18), others="Under 18")
    assert outlook.flow_columns(adults)["crossed"] == "Turned 18"
    assert "crossed" not in outlook.flow_columns(LUNGS_FIRST)
    assert {*outlook.flow_columns(adults)} <= {"segment", *dynamics.FLOWS}


def of_a_real_place(population):
    counts = {
        name: replace(table, provenance=replace(table.provenance, synthetic=False))
        for name, table in population.place.tables.items()
    }
    return replace(population, place=replace(population.place, tables=counts))


def test_people_invented_for_a_real_place_have_neither_moves_nor_projections(seven):
    drawn = of_a_real_place(seven)
    assert seven.provenance.synthetic
    for make in (outlook.everyone, outlook.outcomes, outlook.moves, outlook.flows, outlook.projection):
        assert len(make(drawn, LUNGS_FIRST).frame) == 0
        assert len(make(seven, LUNGS_FIRST).frame) > 0
    assert len(outlook.published_projection(drawn).frame) == 0
    why = outlook.not_shown(drawn, LUNGS_FIRST).frame.set_index("what")["why"]
    assert "no future worth projecting" in why[outlook.PROJECTION]
    assert "no future worth projecting" in why[outlook.PUBLISHED]
    assert "invented" in why[outlook.MOVES]


def test_records_of_real_people_in_a_real_place_are_projected(seven):
    recorded = replace(of_a_real_place(seven), provenance=replace(seven.provenance, synthetic=False))
    assert len(outlook.projection(recorded, LUNGS_FIRST).frame) > 0


def test_a_model_of_which_nothing_was_assessed_has_no_moves(seven):
    other = model_of("other", "gout")
    assert len(outlook.moves(seven, other).frame) == 0
    assert "no segment of the model could be assessed" in set(outlook.not_shown(seven, other).frame["why"])


SCORE, ASSESSED = score_column(OF_BNSSG), assessed_column(OF_BNSSG)


def scored(scores):
    """People of 45 with a score of BNSSG, as at the index date alone."""
    ids = [f"p{number}" for number in range(len(scores))]
    population = population_of([person(one, born="1981-01-01") for one in ids])
    every = dict.fromkeys(tables.PERSON_TABLE.column_names())
    rows = [
        every | {"person_id": one, "age": 45, SCORE: score, ASSESSED: 35}
        for one, score in zip(ids, scores, strict=True)
    ]
    table_of = {"person_table": person_rows(*rows)}
    return replace(population, tables=population.tables | table_of)


def test_published_rates_are_put_to_the_core_segments_by_their_names_here():
    made = outlook.published_projection(scored([0.0, 0.0, 0.5, 3.0]), years=2)
    first = made.frame[made.frame["year"] == "2026"]
    assert first.set_index("segment")["patients"].to_dict() == {
        **{"Core segment 1": 2, "Core segment 2": 1, "Core segment 3": 0, "Core segment 4": 0, "Core segment 5": 1}
    }
    assert first["segment"].is_monotonic_increasing
    assert "MIT" in {source.licence for source in made.provenance.sources}
    assert "Bristol, North Somerset" in made.provenance.modelled


def test_names_of_the_published_rates_are_those_of_the_model_in_order():
    named = published_rates([segment.name for segment in reversed(find_model("bnssg").ordered())])
    assert [name.replace("Core segment ", "CS") for name in named.segments] == list(PUBLISHED_SEGMENTS)
    with pytest.raises(ValueError, match="5 core segments"):
        published_rates(["Core segment 1"])


def test_people_without_a_score_are_counted_and_not_projected():
    made = outlook.published_projection(scored([0.5, None]), years=1)
    assert made.frame.loc[made.frame["year"] == "2026", "patients"].sum() == 1
    assert made.frame["not_placed"].unique().tolist() == [1]


def test_both_projections_stand_next_to_each_other_for_the_core_segments_alone():
    some = scored([0.0, 0.5, 3.0])
    assert len(outlook.both_projections(some, LUNGS_FIRST).frame) == 0
    made = {
        "own": (outlook.projection, ["Core segment 5", "Core segment 1"]),
        "published": (outlook.published_projection, ["Core segment 1", "Core segment 5"]),
    }
    model = find_model("bnssg")
    for what, key in ((made["own"], f"projection of {model!r} over 5 years"),
                      (made["published"], "projection with published rates over 5 years")):  # fmt: skip
        rows = [(year, name, "segment", 10.0 * place, 8.0, 30.0)
                for year in ("2026", "2031") for place, name in enumerate(what[1], start=1)]  # fmt: skip
        columns = ["year", "segment", "kind", "patients", "patients_lower", "patients_upper"]
        some.remembered[key] = some.sourced(pd.DataFrame(rows, columns=columns)), ""
    both = outlook.both_projections(some, model)
    assert both.frame[["segment", "year", "now", "own", "published"]].to_numpy().tolist() == [
        ["Core segment 5", "2031", 10.0, 10.0, 20.0],
        ["Core segment 1", "2031", 20.0, 20.0, 10.0],
    ]
    assert release(both).provenance.people


def test_published_projections_of_other_years_and_of_children_are_not_mixed_up():
    some = scored([0.0, 0.5])
    child = some.tables["person_table"].with_columns(age=nw.when(nw.col("person_id") == "p1").then(16).otherwise(45))
    some = replace(some, tables=some.tables | {"person_table": child})
    made = [outlook.published_projection(some, years=years).frame for years in (1, 2)]
    assert [frame["year"].max() for frame in made] == ["2027", "2028"]
    assert made[0].loc[made[0]["year"] == "2026", "patients"].sum() == 1, "the child is in no core segment"
    assert made[0]["not_placed"].unique().tolist() == [0]


# -- segments found in the data ----------------------------------------------------------------------------

QUICK = {"starts": 2, "bootstraps": 4, "numbers": (2, 3)}
HEART, LUNGS = ("atrial_fibrillation", "heart_failure", "hypertension"), ("copd", "bronchiectasis")


@pytest.fixture(scope="module")
def harbour():
    kinds = [()] * 100 + [("diabetes",)] * 20 + [HEART] * 50 + [HEART[:2]] * 10 + [LUNGS] * 40
    persons = [person(f"p{number}", born="1950-01-01") for number in range(len(kinds))]
    records = [condition(f"p{n}", what, "2015-03-01") for n, kind in enumerate(kinds) for what in kind]
    return people(persons, records, {*HEART, *LUNGS, "dementia", "diabetes"})


def tables_of(population, fitted):
    model = model_of("lungs", "copd")
    made = [found.sizes(population, fitted), found.conditions(population, fitted), found.tried(population, fitted)]
    return [release(one) for one in (*made, found.across_rules(population, fitted, model))]


def test_a_place_in_which_none_were_looked_for_says_how_to(harbour, tmp_path):
    fitted = found.of_place(harbour, processed=tmp_path)
    assert fitted.found.why_ == (
        f"Nobody has looked for segments in the records of {harbour.place.name} yet. An analyst can, with the command "
        f"under “Method and sources”."
    )
    assert [len(one) for one in tables_of(harbour, fitted)] == [0] * 4
    assert release(found.outcome(harbour, fitted)).frame["why"].to_list() == [fitted.found.why_]


def test_people_of_whom_no_condition_is_coded_are_in_no_table_and_cannot_be_fitted(tmp_path):
    uncoded = people([person("p1")], [], covered=())
    assert [len(one) for one in tables_of(uncoded, found.of_place(uncoded, processed=tmp_path))] == [0] * 4
    with pytest.raises(PcnAnalysisError, match="0 conditions are assessed"):
        found.fit_place([uncoded], **QUICK)


def test_stored_segments_are_shown_with_how_they_were_chosen(harbour, tmp_path):
    found.store_found(found.fit_place([harbour], **QUICK), tmp_path)
    fitted = found.of_place(harbour, processed=tmp_path)
    assert fitted.networks == (NETWORK,)
    sizes, _, tried, _ = tables_of(harbour, fitted)
    assert sizes.frame["patients"].sum() == 220
    chosen = tried.frame[tried.frame["chosen"] == "yes"]
    assert chosen["stability"].str.fullmatch(r"least Jaccard \d\.\d\d, adjusted Rand \d\.\d\d").all()
    assert tried.frame["stability"].iloc[0] == "not put to the bootstrap"
    assert release(found.outcome(harbour, fitted)).frame["stable"].to_list() == ["yes"]


def test_segments_of_other_people_than_are_stored_now_are_not_shown(harbour, tmp_path):
    found.store_found(found.fit_place([harbour], made_from="people of before", **QUICK), tmp_path)
    with pytest.raises(PcnAnalysisError, match="have changed since"):
        found.load_found(tmp_path, harbour.place.slug, harbour.people)
    why = found.of_place(harbour, processed=tmp_path).found.why_
    assert why.startswith("Not shown: its people, or the code, have changed since segments were found in it.")
    assert why.endswith("An analyst can look again, with the command under “Method and sources”.")


def test_moves_are_worked_out_once_for_everything_that_asks():
    seven, day = people(), dt.date(2025, 7, 1)
    outlook.flows(seven, LUNGS_FIRST)
    before = dict(seven.remembered)
    outlook.moves(seven, LUNGS_FIRST)
    outlook.outcomes(seven, LUNGS_FIRST)
    assert seven.remembered.keys() == before.keys()
    assert len(dynamics.segments_at(seven, LUNGS_FIRST, day)) == 6
