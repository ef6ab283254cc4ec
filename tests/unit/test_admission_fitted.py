"""The admission model of a place: fitted, stored, loaded, refused where it is not to be trusted, and its card."""

import json
import stat
from dataclasses import replace

import pandas as pd
import pytest
from admitted import drawn, outcomes

from pcn_analysis.anticipatory import admission
from pcn_analysis.anticipatory.admission.fitted import choose
from pcn_analysis.anticipatory.admission.keeping import CARD, FACTS, MODEL, read_models
from pcn_analysis.anticipatory.admission.models import BOOSTING, LOGISTIC
from pcn_analysis.anticipatory.admission.samples import Sample, read
from pcn_analysis.anticipatory.admission.validation import CEILING, left_out
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.release import release

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def people():
    return drawn(700)


@pytest.fixture(scope="module")
def fitted(people):
    return admission.fit_admission([people], bootstraps=20)


@pytest.fixture(scope="module")
def released(fitted):
    return {name: release(table) for name, table in admission.card_tables(fitted).items()}


@pytest.fixture(scope="module")
def card(fitted, released):
    return admission.model_card(fitted, released, model_sha256="0123abcd")


def reseal(folder, **changed):
    from pcn_analysis.stored import seal

    facts = json.loads((folder / FACTS).read_text()) | changed
    (folder / FACTS).write_text(json.dumps(facts | {"seal": seal(facts)}))


# -- fitted --------------------------------------------------------------------------------------------------


def test_it_learns_from_one_year_and_is_tested_on_the_next(fitted):
    assert fitted.flow["origin"].to_list() == ["2024-07-01", "2025-07-01"]
    sums = fitted.flow[["admitted", "died", "left", "followed"]].sum(axis=1)
    assert (sums == fitted.flow["adults"]).all()
    assert (fitted.flow[["admitted", "died", "left"]] > 0).all(axis=None)


def test_both_models_and_every_baseline_that_can_be_assessed_are_evaluated(fitted):
    models = [LOGISTIC, BOOSTING, "Age alone", "Earlier emergency admissions alone", "Frailty index alone"]
    assert fitted.temporal.overall["model"].to_list() == models
    assert fitted.left_out.overall["model"].to_list() == [LOGISTIC, BOOSTING]
    assert list(fitted.models) == models
    assert "Charlson index, Quan 2011" in fitted.not_assessed
    assert fitted.temporal.overall["auc"].iloc[0] > 0.6


def test_people_who_left_are_of_unknown_outcome_and_those_who_died_are_not(fitted):
    tested = fitted.flow.iloc[1]
    row = fitted.temporal.overall.iloc[0]
    assert row["not_known"] == tested["left"]
    assert row["known"] == tested["adults"] - tested["left"]
    assert row["events"] == tested["admitted"]


def test_where_no_true_risk_can_be_drawn_there_is_no_ceiling(fitted, card):
    assert CEILING not in fitted.temporal.overall["model"].to_list()
    assert "What could be reached at best is not known." in card


def test_the_same_people_give_the_same_model(people, fitted):
    again = admission.fit_admission([people], bootstraps=20)
    assert admission.risks(people, again).equals(admission.risks(people, fitted))
    assert again.temporal.to_dict() == fitted.temporal.to_dict()


def test_risks_are_of_every_adult_on_the_index_date_from_0_to_1(people, fitted):
    found = admission.risks(people, fitted)
    assert found["person_id"].is_monotonic_increasing
    assert found["risk"].between(0, 1).all()
    assert len(found) == len(admission.people_at(people, on=people.index_date))


def test_risks_are_refused_for_another_place_or_day(people, fitted):
    with pytest.raises(PcnAnalysisError, match="people of another place, kind or index date"):
        admission.risks(people, replace(fitted, place="elsewhere"))


def test_risks_are_refused_where_a_column_that_the_model_reads_is_not_there(people, fitted):
    bare = replace(people, tables={name: people.tables[name] for name in ("persons", "conditions", "medications")})
    with pytest.raises(PcnAnalysisError, match="columns that the model reads are not there: nel_12m"):
        admission.risks(bare, fitted)


def test_people_of_two_days_do_not_belong_together(people):
    other = replace(people, index_date=people.index_date.replace(year=2025))
    with pytest.raises(PcnAnalysisError, match="people of 2 different places, kinds or index dates"):
        admission.fit_admission([people, other])


def test_boosting_is_chosen_only_where_it_is_better_beyond_doubt(fitted):
    rows = fitted.temporal.differences
    pair = (rows["model"] == BOOSTING) & (rows["other_model"] == LOGISTIC)
    for lower, expected in ((0.001, BOOSTING), (-0.001, LOGISTIC), (None, LOGISTIC)):
        changed = rows.assign(auc_lower=rows["auc_lower"].mask(pair, lower))
        assert choose(replace(fitted.temporal, differences=changed)) == expected


# -- practices left out --------------------------------------------------------------------------------------


def sample_of(practices, ended):
    people = outcomes(ended, [100] * len(ended)).assign(
        person_id=[f"p{i}" for i in range(len(ended))],
        practice_code=practices,
        age=[20 + i % 60 for i in range(len(ended))],
        group_practice_name=practices,
        weight=1.0,
        known=True,
    )
    return Sample(None, people, ("age",))


def test_a_practice_left_out_is_not_learnt_from():
    """In A1 alone everyone was admitted: a model that had seen it would give its people more than the others give."""
    ended = ["admitted"] * 100 + ["admitted", *["followed"] * 9] * 20
    one = sample_of(["A1"] * 100 + ["A2"] * 100 + ["A3"] * 100, ended)
    found = left_out(one, ["age"])
    of_a1 = found[(found["model"] == LOGISTIC) & (found["practice_name"] == "A1")]["risk"]
    assert of_a1.max() < 0.3


def test_where_all_others_have_one_kind_of_outcome_it_is_an_error():
    one = sample_of(["A1"] * 50 + ["A2"] * 50, ["admitted", "followed"] * 25 + ["followed"] * 50)
    with pytest.raises(PcnAnalysisError, match="0 of 50 people with a known outcome were admitted"):
        left_out(one, ["age"])


def test_one_practice_cannot_be_left_out():
    with pytest.raises(PcnAnalysisError, match="fewer than two"):
        left_out(sample_of(["A1"] * 4, ["admitted", "followed"] * 2), ["age"])


def test_with_many_practices_only_the_quick_model_is_fitted_without_each():
    codes = [f"A{i % 21:02d}" for i in range(210)]
    found = left_out(sample_of(codes, ["admitted" if i % 5 == 0 else "followed" for i in range(210)]), ["age"])
    assert found["model"].unique().tolist() == [LOGISTIC]
    assert found["risk"].notna().all()


def test_what_is_read_is_in_the_order_of_the_columns():
    assert list(read(sample_of(["A1"] * 2, ["admitted", "followed"]), ["age"])) == ["age"]


# -- stored --------------------------------------------------------------------------------------------------


@pytest.fixture
def stored(fitted, card, tmp_path):
    return admission.store_admission(replace(fitted, made_from=""), tmp_path, card=lambda _: card)


def test_a_model_is_the_same_once_loaded(people, fitted, stored, tmp_path):
    loaded = admission.load_admission(tmp_path, "tiny", "synthetic")
    assert admission.risks(people, loaded, BOOSTING).equals(admission.risks(people, fitted, BOOSTING))
    assert loaded.temporal.to_dict() == fitted.temporal.to_dict()
    assert (loaded.chosen, loaded.columns, loaded.about) == (fitted.chosen, fitted.columns, fitted.about)
    assert loaded.flow.equals(fitted.flow)


def test_only_the_owner_can_read_what_is_stored(stored):
    assert {path.name for path in stored.iterdir()} == {MODEL, FACTS, CARD}
    assert {stat.S_IMODE(path.stat().st_mode) for path in stored.iterdir()} == {0o600}


@pytest.mark.parametrize("name", [MODEL, FACTS])
def test_a_changed_file_is_refused(name, stored, tmp_path):
    path = stored / name
    path.write_bytes(path.read_bytes()[:-20] + b"x" * 20)
    with pytest.raises(PcnAnalysisError, match="the stored admission model is damaged"):
        admission.load_admission(tmp_path, "tiny", "synthetic")


def test_a_model_of_other_people_or_code_is_refused(stored, tmp_path):
    reseal(stored, made_from="others")
    with pytest.raises(PcnAnalysisError, match="have changed since its admission model was fitted"):
        admission.load_admission(tmp_path, "tiny", "synthetic")


def test_a_model_of_another_version_of_scikit_learn_is_refused(fitted, stored, tmp_path):
    reseal(stored, versions=fitted.versions | {"scikit-learn": "0.1"})
    with pytest.raises(PcnAnalysisError, match=r"made with scikit-learn 0\.1"):
        admission.load_admission(tmp_path, "tiny", "synthetic")


def test_no_model_is_said_to_be_none(tmp_path):
    with pytest.raises(PcnAnalysisError, match="no admission model has been fitted"):
        admission.load_admission(tmp_path, "tiny", "synthetic")


def test_a_model_file_that_holds_anything_else_is_refused(tmp_path):
    from skops.io import dump

    dump({"estimator": stat.S_IMODE}, tmp_path / MODEL)
    with pytest.raises(PcnAnalysisError, match="1 kinds of object that no model of ours has"):
        read_models(tmp_path / MODEL)


def test_what_is_no_model_file_is_said_to_be_none(tmp_path):
    (tmp_path / MODEL).write_bytes(b"no archive")
    with pytest.raises(PcnAnalysisError, match="it is no model file"):
        read_models(tmp_path / MODEL)


# -- the card ------------------------------------------------------------------------------------------------


def test_the_card_says_what_it_is_for_what_it_is_not_and_that_people_are_invented(card):
    for words in (
        "**Synthetic people.** Nobody behind these figures exists.",
        "## Intended purpose",
        "## Who it is not for",
        "Never rank people by risk alone.",
        "Deprivation: most deprived",
        "Charlson index alone",
        "| SHA-256 of the model file | 0123abcd |",
        "| Followed to the end |",
    ):
        assert words in card


def test_the_card_has_all_27_items_of_tripod_ai(card):
    rows = card.split("## TRIPOD+AI")[1].split("## Versions")[0].splitlines()
    items = [row.split("|")[1].strip() for row in rows if row.startswith("| ")][1:]
    assert items == [str(number) for number in range(1, 28)]


def test_the_card_holds_no_count_that_may_not_be_shown(fitted, card):
    died = int(fitted.flow["died"].iloc[0])
    flow = next(line for line in card.splitlines() if line.startswith("| 2024-07-01"))
    shown = flow.split("|")[5].strip()
    assert shown == ("not shown" if died < 8 else str(int((died + 2.5) // 5 * 5)))
    assert "p00001" not in card


def test_a_card_is_made_from_released_tables_only(fitted):
    with pytest.raises(TypeError, match="released tables only"):
        admission.model_card(fitted, admission.card_tables(fitted))


def test_records_of_those_registered_today_make_a_model_that_warns(fitted, released):
    warned = admission.model_card(replace(fitted, survivors_only=True), released)
    assert "**Survivors only.**" in warned
    assert "**Survivors only.**" not in admission.model_card(fitted, released)


def test_nobody_who_died_or_left_is_noticed():
    kept = drawn(250, leaving=0, dying=0)
    found = admission.fit_admission([kept], bootstraps=0)
    assert found.survivors_only
    assert pd.DataFrame(found.flow)[["died", "left"]].to_numpy().sum() == 0


def test_admissions_that_have_nothing_to_do_with_anybody_are_not_told_apart():
    found = admission.fit_admission([drawn(700, shuffled=True, seed=3)], bootstraps=100)
    row = found.temporal.overall.iloc[0]
    assert row["auc_lower"] < 0.5 < row["auc_upper"]
