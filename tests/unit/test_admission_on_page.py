"""What a page shows of the admission model of a place: the stored one, or why there is none; nothing is refused."""

import json
import shutil
from dataclasses import replace

import pandas as pd
import pytest
from admitted import drawn
from caseload_people import people_of

from pcn_analysis import readings
from pcn_analysis.anticipatory import admission
from pcn_analysis.anticipatory.admission.card import card_tables
from pcn_analysis.anticipatory.admission.keeping import FACTS
from pcn_analysis.release import release
from tests.declared_counts import problems_of, undeclared

pytestmark = pytest.mark.unit

TABLES = ("absent", "about_model", "flow", "calibration", "at_top", "net_benefit", "compared", "by_group", "in_time",
          "lists_in_time", "limits")  # fmt: skip


@pytest.fixture(scope="module")
def people():
    return drawn(700)


@pytest.fixture(scope="module")
def folder(people, tmp_path_factory):
    folder = tmp_path_factory.mktemp("processed")
    admission.store_admission(admission.fit_admission([people], bootstraps=20), folder)
    return folder


@pytest.fixture(scope="module")
def shown(people, folder):
    return admission.of_place(people, folder)


def frame(shown, name):
    return release(getattr(admission, name)(shown)).frame


def why(shown):
    return dict(zip(*(frame(shown, "absent")[name] for name in ("what", "why")), strict=True))


# -- stored ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_every_table_passes_release_with_a_model_and_without(shown, people, tmp_path, name):
    assert not len(frame(shown, name)) if name == "absent" else len(frame(shown, name))
    nothing = admission.of_place(people, tmp_path)
    assert len(frame(nothing, name)) == (1 if name == "absent" else 2 if name == "in_time" else 0)


def test_every_count_says_whom_it_counts_and_agrees_with_the_others(shown):
    tables = {name: getattr(admission, name)(shown) for name in TABLES} | card_tables(shown.fitted)
    assert undeclared(tables) == []
    assert problems_of(tables) == []
    ended = tables["flow"].frame.iloc[-1]
    wrong = problems_of({"flow": replace(tables["flow"], frame=pd.DataFrame([ended.to_dict() | {"died": 5000}]))})
    assert any("more than" in one for one in wrong)


def test_only_the_model_that_is_used_is_shown_by_tenth_at_the_top_and_by_group(shown):
    for name in ("calibration", "at_top", "by_group"):
        assert set(frame(shown, name)["model"]) == {shown.fitted.chosen}


def test_net_benefit_begins_with_the_model_that_is_used_and_holds_the_simplest_against_it(shown):
    models = list(dict.fromkeys(frame(shown, "net_benefit")["model"]))
    assert models == [shown.fitted.chosen, "Age alone", "Earlier emergency admissions alone"]


def test_every_model_is_compared_on_another_year_and_the_full_ones_on_other_practices(shown):
    compared = frame(shown, "compared")
    assert set(compared.loc[compared["tested"] == "other practices", "role"]) <= {"used", "full"}
    assert set(compared.loc[compared["tested"] == "another year", "role"]) >= {"used", "baseline"}
    assert compared["area"].str.match(r"0\.\d+ \(0\.\d+ to 0\.\d+\)|not shown").all()


def test_a_figure_without_an_interval_is_words_and_passes_release(shown):
    overall = shown.fitted.temporal.overall
    unknown = pd.Series(None, index=overall.index, dtype="Float64")
    overall = overall.assign(auc_lower=unknown, auc_upper=unknown)
    temporal = replace(shown.fitted.temporal, overall=overall)
    plain = replace(shown, fitted=replace(shown.fitted, temporal=temporal, left_out=None))
    assert frame(plain, "compared")["area"].str.endswith("(no interval)").all()


def test_the_first_list_is_held_against_three_later_ones(shown):
    lists = frame(shown, "lists_in_time")
    assert lists["later"].to_list() == ["1 month later", "3 months later", "6 months later"]
    assert set(lists["month"]) == {"2026-01"}
    assert (lists["still"] <= lists["listed"]).all()


def test_the_limits_of_the_card_are_on_the_page_and_survivors_are_warned_of_first(shown):
    said = set(frame(shown, "limits")["limit"])
    assert "Decisions about one person without a clinician; diagnosis, triage, refusing or ending care." in said
    survivors = replace(shown, fitted=replace(shown.fitted, survivors_only=True))
    assert frame(survivors, "limits")["limit"].iloc[0].endswith("Do not use this model.")


# -- not stored --------------------------------------------------------------------------------------------------


def test_a_place_without_a_model_says_so_and_still_shows_what_time_does(people, tmp_path):
    shown = admission.of_place(people, tmp_path)
    assert why(shown) == {"model": "no admission model has been fitted"}
    assert frame(shown, "in_time")["group"].to_list() == ["2 or more in the year before", "everyone"]
    text = readings.admission_model(*(release(getattr(admission, name)(shown)) for name in ("about_model", "absent")))
    assert "An analyst can fit one, with the command under “Method and sources”." in text


def test_a_damaged_model_is_not_shown_and_the_reason_is(people, folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    facts = next((tmp_path / "copy").rglob(FACTS))
    facts.write_text(json.dumps(json.loads(facts.read_text()) | {"chosen": "another"}))
    shown = admission.of_place(people, tmp_path / "copy")
    assert shown.fitted is None
    assert why(shown) == {"model": "the stored admission model is damaged"}


def test_records_without_a_year_of_admissions_say_why_time_is_not_shown(tmp_path):
    shown = admission.of_place(people_of({"person_id": "a", "age": 80}), tmp_path)
    assert set(why(shown)) == {"model", "fit", "admissions in time"}
    assert why(shown)["admissions in time"] == "these records hold no emergency admission of anyone"
    assert why(shown)["fit"].startswith("these records hold no emergency admission of anyone (a stay in hospital")
    assert len(frame(shown, "in_time")) == 0
