"""Segments of a place: whose conditions are read, what is stored of them, and what may be counted."""

import datetime as dt
import json
import stat
from dataclasses import replace

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from vignettes import NETWORK, ON, condition, person, population_of

from pcn_analysis.engine import lazy
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.person_table import stages
from pcn_analysis.readings.found import found_across, found_segments
from pcn_analysis.release import release
from pcn_analysis.rules import Element, Model, Recorded, Segment
from pcn_analysis.segmentation import found
from pcn_analysis.segmentation.found.conditions import NAMES

pytestmark = pytest.mark.unit

HEART, LUNGS = ("atrial_fibrillation", "heart_failure", "hypertension"), ("copd", "bronchiectasis")
COVERED = {*HEART, *LUNGS, "dementia", "diabetes"}
LUNGS_FIRST = Model(
    "lungs_first",
    "Lungs first",
    (
        Segment("Lungs", 1, (Element("COPD", Recorded("copd"), "example"),), "COPD."),
        Segment("Diabetes", 2, (Element("Diabetes", Recorded("diabetes"), "example"),), "Diabetes."),
    ),
    "Others",
    "example",
)
QUICK = {"starts": 2, "bootstraps": 4, "numbers": (2, 3)}


def patterns_of(**columns):
    """What is counted of a person table of a few columns."""
    return found.condition_patterns(lazy(pd.DataFrame(columns)), on=ON)


@pytest.fixture(scope="module")
def harbour():
    """120 adults with nothing or diabetes, 60 with conditions of the heart, 40 of the lungs; and 30 children."""
    kinds = [()] * 100 + [("diabetes",)] * 20 + [HEART] * 50 + [HEART[:2]] * 10 + [LUNGS] * 40
    persons = [person(f"p{i}", born="1950-01-01") for i in range(len(kinds))]
    persons += [person(f"c{i}", born="2020-01-01") for i in range(30)]
    records = [condition(f"p{i}", what, "2015-03-01") for i, kind in enumerate(kinds) for what in kind]
    people = population_of(persons, covered=COVERED, conditions=records)
    return replace(people, tables=people.tables | stages(people))


def _with_columns(population, **columns):
    """The same people with columns of their person table put in, or in place of others."""
    table = population.tables["person_table"].with_columns(**columns)
    return replace(population, tables=population.tables | {"person_table": table})


@pytest.fixture(scope="module")
def silent(harbour):
    """The same people, of whom nothing is known unless they have a condition of the heart or lungs, or diabetes."""
    ill = nw.any_horizontal(*[nw.col(f"has_{one}") for one in sorted(COVERED)], ignore_nulls=False)
    return _with_columns(harbour, **{f"has_{one}": nw.when(ill).then(nw.col(f"has_{one}")) for one in COVERED})


@pytest.fixture(scope="module")
def fitted(harbour):
    return found.fit_place([harbour], **QUICK)


# -- whose conditions ----------------------------------------------------------------------------------------


def test_all_adults_are_counted_those_without_a_condition_too_and_no_child():
    counted = patterns_of(age=[18, 17, 80, 80], has_dementia=[False, True, True, False])
    assert counted[["Dementia", "people"]].to_numpy().tolist() == [[0, 2], [1, 1]]


def test_a_condition_that_was_not_assessed_is_known_of_nobody():
    counted = patterns_of(age=[70], has_dementia=[True])
    assert counted["Hypertension"].isna().all()
    assert list(counted) == [*NAMES, "people"]


def test_what_the_source_leaves_empty_is_not_taken_for_no():
    counted = patterns_of(age=[70, 70, 70], has_dementia=pd.array([True, False, None], dtype="boolean"))
    assert sorted(counted["Dementia"].fillna(9)) == [0, 1, 9]


def test_someone_with_one_of_two_records_that_could_show_it_known_is_known():
    blind, low = pd.array([None, False], dtype="boolean"), pd.array([None, None], dtype="boolean")
    counted = patterns_of(age=[70, 70], has_blindness=blind, has_low_vision=low)
    assert sorted(counted["Blindness and low vision"].fillna(9)) == [0, 9]


def test_a_date_or_a_measurement_that_is_not_there_is_no_sign_that_nothing_is_known():
    never = pd.to_datetime(pd.Series([None, "2025-01-01"]))
    egfr = pd.array([None, 50.0], dtype="Float64")
    counted = patterns_of(age=[70, 70], has_cancer=[False, True], cancer_first_date=never, egfr_best_of_2=egfr)
    both = counted[["Cancer first recorded within five years", "Chronic kidney disease"]]
    assert both.to_numpy().tolist() == [[0, 0], [1, 1]]


def test_what_is_asked_of_medicines_or_dates_alone_is_not_known_where_the_source_is_silent():
    counted = patterns_of(
        age=[70],
        laxatives_12m=pd.array([None], dtype="Int64"),
        has_cancer=pd.array([None], dtype="boolean"),
        cancer_first_date=pd.to_datetime(pd.Series([None])),
    )
    assert counted[["Constipation, treated", "Cancer first recorded within five years"]].isna().all(axis=None)
    issued = patterns_of(age=[70], laxatives_12m=pd.array([4], dtype="Int64"))
    assert issued["Constipation, treated"].to_list() == [1]


def test_the_conditions_are_in_order_of_the_alphabet():
    assert list(NAMES) == sorted(NAMES)


# -- a place -------------------------------------------------------------------------------------------------


def test_a_place_has_the_segments_of_its_adults(fitted):
    assert (fitted.adults, fitted.networks, fitted.index_date) == (220, (NETWORK,), ON)
    assert fitted.found.stable_
    assert fitted.found.segment_names_ == [
        "Few long-term conditions",
        "Atrial fibrillation; Heart failure; Hypertension",
        "Bronchiectasis; Chronic obstructive pulmonary disease",
    ]
    assert "Asthma, treated" in fitted.found.not_assessed_
    assert fitted.found.rare_ == ["Dementia"]


def test_a_condition_that_one_network_could_not_assess_is_used_in_none(harbour):
    other = replace(harbour, pcn_code="U00002", covered=harbour.covered - {"diabetes"})
    other = replace(other, tables=other.tables | stages(other))
    both = found.fit_place([harbour, other], **QUICK)
    assert (both.adults, both.networks) == (440, ("U00001", "U00002"))
    assert "Diabetes" in both.found.not_assessed_


def test_a_condition_that_one_network_could_assess_only_in_part_is_used_in_none(harbour):
    blind = nw.col("has_dementia") | nw.col("has_diabetes")
    seeing = _with_columns(harbour, has_blindness=blind, has_low_vision=blind)
    half = _with_columns(replace(harbour, pcn_code="U00002"), has_blindness=blind)
    assert "Blindness and low vision" in found.fit_place([seeing], **QUICK).found.feature_names_
    assert "Blindness and low vision" in found.fit_place([seeing, half], **QUICK).found.not_assessed_


def test_adults_of_whom_nothing_is_known_are_not_among_those_that_segments_are_found_in(silent):
    assert found.fit_place([silent], **QUICK).adults == 120


def test_a_condition_that_nothing_is_known_of_in_one_network_is_used_in_none(harbour):
    silent = nw.when(nw.col("age") > 200).then(nw.col("has_diabetes"))
    other = _with_columns(replace(harbour, pcn_code="U00002"), has_diabetes=silent)
    assert "Diabetes" in found.fit_place([harbour, other], **QUICK).found.not_assessed_


def test_people_who_do_not_belong_together_are_refused(harbour):
    elsewhere = replace(harbour, place=replace(harbour.place, slug="elsewhere"))
    with pytest.raises(PcnAnalysisError, match="2 different places, kinds or index dates"):
        found.fit_place([harbour, elsewhere])
    later = replace(harbour, index_date=dt.date(2027, 7, 1))
    with pytest.raises(PcnAnalysisError, match="2 different places, kinds or index dates"):
        found.fit_place([harbour, later])
    with pytest.raises(PcnAnalysisError, match="no people are prepared"):
        found.fit_place([])


# -- stored --------------------------------------------------------------------------------------------------


def test_what_is_loaded_is_what_was_stored(fitted, harbour, tmp_path):
    folder = found.store_found(fitted, tmp_path)
    loaded = found.load_found(tmp_path, "tiny", "synthetic")
    assert folder == found.found_folder(tmp_path, "tiny", "synthetic")
    patterns = found.condition_patterns(harbour.tables["person_table"], on=ON)
    assert np.array_equal(loaded.found.predict_proba(patterns), fitted.found.predict_proba(patterns))
    assert loaded.found.segment_names_ == fitted.found.segment_names_
    assert loaded.found.stability_.equals(fitted.found.stability_)
    assert loaded.found.criteria_.equals(fitted.found.criteria_)
    assert (loaded.adults, loaded.versions, loaded.provenance) == (220, fitted.versions, fitted.provenance)


def test_segments_by_the_nearest_centre_are_stored_too(harbour, tmp_path):
    ours = found.fit_place([harbour], method="correspondence", **QUICK)
    found.store_found(ours, tmp_path)
    loaded = found.load_found(tmp_path, "tiny", "synthetic", "correspondence")
    patterns = found.condition_patterns(harbour.tables["person_table"], on=ON)
    assert np.array_equal(loaded.found.predict(patterns), ours.found.predict(patterns))


def test_that_no_segments_were_found_is_stored_too(fitted, tmp_path):
    none = replace(fitted, found=type(fitted.found)(**QUICK).fit(_noise(), sample_weight=_noise_people()))
    found.store_found(none, tmp_path)
    loaded = found.load_found(tmp_path, "tiny", "synthetic")
    assert (loaded.found.stable_, loaded.found.n_segments_) == (False, None)
    assert loaded.found.why_ == none.found.why_


def _noise():
    """Every pattern of three conditions, each as often as it comes about by chance."""
    return pd.DataFrame([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)], columns=list("abc"))


def _noise_people():
    return (1000 * (0.7 - 0.4 * _noise()).prod(axis=1)).round()


def test_what_is_stored_names_nobody_and_only_its_owner_can_read_it(fitted, tmp_path):
    path = found.store_found(fitted, tmp_path) / "segments.json"
    facts = json.loads(path.read_text())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "person_id" not in path.read_text()
    longest = max(len(values) for values in [*facts["criteria"].values(), *facts["stability"].values()])
    assert longest < 10 < fitted.adults


@pytest.mark.parametrize("change", [{"why": "Something else."}, {"solution": {"weights": "none"}}, {"settings": None}])
def test_a_stored_file_that_was_changed_is_refused(fitted, tmp_path, change):
    path = found.store_found(fitted, tmp_path) / "segments.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(PcnAnalysisError, match="the stored segments are damaged"):
        found.load_found(tmp_path, "tiny", "synthetic")


def test_segments_of_people_who_have_changed_since_are_refused(fitted, tmp_path):
    found.store_found(replace(fitted, made_from="what was there then"), tmp_path)
    with pytest.raises(PcnAnalysisError, match="have changed since segments were found"):
        found.load_found(tmp_path, "tiny", "synthetic")


def test_segments_of_the_same_people_and_code_are_taken(fitted, tmp_path):
    now = found.made_from(tmp_path, "tiny", "synthetic", [NETWORK])
    found.store_found(replace(fitted, made_from=now), tmp_path)
    assert found.load_found(tmp_path, "tiny", "synthetic").made_from == now


def test_segments_that_were_never_looked_for_are_said_to_be_absent(tmp_path):
    with pytest.raises(PcnAnalysisError, match="no segments have been found by latent_classes"):
        found.load_found(tmp_path, "tiny", "synthetic")


# -- counted -------------------------------------------------------------------------------------------------


def test_people_are_counted_in_each_segment(harbour, fitted):
    frame = found.sizes(harbour, fitted).frame
    assert frame[["patients", "adults"]].to_numpy().tolist() == [[120, 220], [60, 220], [40, 220]]


def test_people_are_counted_by_condition_in_each_segment(harbour, fitted):
    frame = found.conditions(harbour, fitted).frame.set_index(["segment", "condition"])
    pressure = frame.loc[(fitted.found.segment_names_[1], "Hypertension")]
    counts = ["patients", "segment_patients", "patients_of_adults", "adults", "stands_out"]
    assert pressure[counts].to_list() == [50, 60, 50, 220, True]


def test_people_are_counted_across_the_segments_of_a_model_of_rules(harbour, fitted):
    frame = found.across_rules(harbour, fitted, LUNGS_FIRST).frame
    counted = frame[frame["patients"] > 0][["found_segment", "segment", "patients"]].to_numpy().tolist()
    few, heart, lungs = fitted.found.segment_names_
    assert counted == [[few, "Diabetes", 20], [few, "Others", 100], [heart, "Others", 60], [lungs, "Lungs", 40]]
    assert set(frame["segment_patients"]) == {120, 60, 40}


def test_adults_of_whom_nothing_is_known_have_a_row_of_their_own_and_are_in_no_segment(silent, fitted):
    frame = found.sizes(silent, fitted).frame
    names = [*fitted.found.segment_names_, "not known"]
    assert frame["segment"].to_list() == names
    assert frame["patients"].to_list() == [20, 60, 40, 100]
    assert set(frame["adults"]) == {220}
    across = found.across_rules(silent, fitted, LUNGS_FIRST).frame
    assert across[across["found_segment"] == "not known"]["patients"].sum() == 100
    assert set(found.conditions(silent, fitted).frame["adults"]) == {120}
    assert "not known" not in set(found.conditions(silent, fitted).frame["segment"])


def test_a_segment_by_rule_that_could_not_be_assessed_is_not_shown_as_empty(harbour, fitted):
    asthma = Segment("Asthma", 3, (Element("Asthma", Recorded("asthma"), "example"),), "Asthma.")
    frame = found.across_rules(harbour, fitted, replace(LUNGS_FIRST, segments=(*LUNGS_FIRST.segments, asthma))).frame
    assert "Asthma" not in set(frame["segment"])
    assert {"Lungs", "Diabetes", "None of those assessed"} <= set(frame["segment"])
    assert found.across_rules(harbour, fitted, replace(LUNGS_FIRST, segments=(asthma,))).frame.empty


def test_sentences_never_call_those_of_whom_nothing_is_known_a_segment(silent, fitted):
    shown = [release(one) for one in (found.outcome(silent, fitted), found.sizes(silent, fitted))]
    assert "are in the largest here, “Atrial fibrillation; Heart failure; Hypertension”" in found_segments(*shown)
    assert "not known" not in found_across(release(found.across_rules(silent, fitted, LUNGS_FIRST)))


def test_every_table_passes_release_with_small_numbers_hidden(harbour, fitted):
    tables = [
        found.sizes(harbour, fitted),
        found.conditions(harbour, fitted),
        found.across_rules(harbour, fitted, LUNGS_FIRST),
        found.choice(fitted),
    ]
    for table in tables:
        shown = release(table).frame
        for name in table.counts:
            assert not shown[name].dropna().between(1, 7).any()


def test_how_the_number_was_chosen_can_be_shown(fitted):
    frame = found.choice(fitted).frame
    assert frame["chosen"].to_list() == ["no", "no", "yes"]
    assert frame["bic"].to_list() == [frame["bic"].max(), frame["bic"][1], 0]
    stability = fitted.found.stability_
    assert frame["least_jaccard"][2] == stability[stability["n_segments"] == 3]["jaccard"].min()
    assert frame["least_jaccard"].notna().to_list() == [False, False, True]


def test_without_segments_the_tables_of_people_are_empty(harbour, fitted):
    none = replace(fitted, found=type(fitted.found)(**QUICK).fit(_noise(), sample_weight=_noise_people()))
    assert release(found.sizes(harbour, none)).frame.empty
    assert release(found.conditions(harbour, none)).frame.empty
    assert release(found.across_rules(harbour, none, LUNGS_FIRST)).frame.empty
    assert set(release(found.choice(none)).frame["chosen"]) == {"no"}


def test_what_came_of_looking_says_how_and_what_was_left_out(harbour, fitted):
    (row,) = found.outcome(harbour, fitted).frame.to_dict("records")
    left_out = row.pop("left_out")
    assert all(name in left_out for name in [*fitted.found.not_assessed_, "Dementia"])
    assert row == {
        "why": fitted.found.why_, "method": "latent class analysis", "stable": "yes", "n_segments": 3, "networks": 1,
        "adults": 220, "conditions": 6,
    }  # fmt: skip
    none = replace(fitted, found=type(fitted.found)(**QUICK).fit(_noise(), sample_weight=_noise_people()))
    (row,) = found.outcome(harbour, none).frame.to_dict("records")
    assert (row["stable"], row["n_segments"]) == ("no", 0)


def test_segments_of_one_method_are_not_shown_for_those_of_another(harbour, fitted, tmp_path):
    found.store_found(fitted, tmp_path)
    other = found.of_place(harbour, "correspondence", tmp_path)
    assert other.found.why_.startswith("Nobody has looked for segments")
    found.store_found(found.fit_place([harbour], method="correspondence", **QUICK), tmp_path)
    assert found.of_place(harbour, "correspondence", tmp_path).found.method == "correspondence"
    assert found.of_place(harbour, processed=tmp_path).found.method == "latent_classes"
