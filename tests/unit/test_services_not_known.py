"""Services where little is known: records alone, cohorts of which nobody is found, and how what is missing is said."""

from __future__ import annotations

import datetime as dt

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from handmade import DRAWN, RECORDS, released
from kept_people import kept
from vignettes import person, population_of

from pcn_analysis import charts, readings
from pcn_analysis.anticipatory.caseload.reasons import missing_in_words
from pcn_analysis.contract.years import asked_year, find_year
from pcn_analysis.display.tables import csv_text, table_html
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.place import network_of, place_of_records
from pcn_analysis.provenance import Rate
from pcn_analysis.release import release
from pcn_analysis.services import enhanced_access
from pcn_analysis.services.counts import by_deprivation, cohorts, reasons
from pcn_analysis.services.neighbourhood_inequalities.indices import inequalities
from pcn_analysis.services.published import published_measures

pytestmark = pytest.mark.unit

INEQUALITIES = "neighbourhood_inequalities"
BRITISH = "White: English, Welsh, Scottish, Northern Irish or British"


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def cohort(*people):
    """What is said of whom Core20PLUS is for; nobody's records can say who is autistic."""
    table = cohorts(kept(population_of(list(people))), "2026/27").frame.set_index("service")
    return table.loc["Tackling neighbourhood health inequalities"]


# -- cohorts of which nobody is found ----------------------------------------------------------------------


def test_somebody_in_the_most_deprived_fifth_is_found_though_other_groups_are_not_known():
    found = cohort(person("p", age=40, imd_decile=2, ethnicity=BRITISH))
    assert (found["people"], found["status"]) == (1, "partly assessed")
    assert "PLUS: learning disability or autism" in found["missing"]


def test_nobody_found_is_not_nobody_where_some_groups_could_not_be_assessed():
    """Somebody of the third decile may be autistic: the records cannot say."""
    found = cohort(person("p", age=40, imd_decile=3, ethnicity=BRITISH))
    assert pd.isna(found["people"])
    assert found["status"] == "not assessed"
    assert found["missing"].startswith("nobody was found, and this could be assessed in part only: Core20 or PLUS")
    assert "autism" in found["missing"]


def test_each_reason_keeps_what_it_lacks_where_the_cohort_is_not_known():
    people = kept(population_of([person("p", age=40, imd_decile=3, ethnicity=BRITISH)]))
    told = reasons(people, INEQUALITIES, "2026/27").frame.set_index("reason")
    assert "autism" in told.loc["PLUS: learning disability or autism", "missing"]
    assert set(told["status"]) == {"not assessed"}


# -- records alone -----------------------------------------------------------------------------------------


@pytest.fixture
def alone():
    place = place_of_records("Harbour Study", index_date=dt.date(2019, 1, 9), provenance=RECORDS)
    return network_of(place, "U")


def test_nothing_is_published_of_records_alone_and_the_page_says_so(alone):
    table = release(published_measures(alone), profile="open_data")
    assert len(table) == 0
    assert readings.published_measures(table).startswith("Not shown: nothing is published of")
    assert charts.published_measures(table) is None


def test_no_minutes_are_due_of_records_alone_rather_than_0(alone):
    table = release(enhanced_access.minutes_due(alone))
    assert len(table) == 0
    assert readings.access_minutes_due(table).startswith("How many minutes are due is not known")
    assert len(enhanced_access.coverage(alone, None).frame) == 0


def test_without_a_year_records_of_before_the_contract_are_held_against_its_first_and_later_ones_are_refused():
    assert asked_year("", dt.date(2019, 3, 31)) == "2019/20"
    assert asked_year("", dt.date(2019, 4, 1)) == "2019/20"
    assert asked_year("", dt.date(2020, 4, 1)) == "2020/21"
    assert asked_year("2025/26", dt.date(2019, 1, 9)) == "2025/26"
    with pytest.raises(PcnAnalysisError, match="2027/28 is none"):
        find_year(asked_year("", dt.date(2027, 4, 1)))


# -- what is said ------------------------------------------------------------------------------------------


def test_measures_by_fifth_say_how_many_there_are_or_that_it_is_not_known_where_people_live():
    two = [person(name, age=40, imd_decile=2, ethnicity=BRITISH) for name in "ab"]
    shown = release(by_deprivation(kept(population_of(two)), "2026/27"))
    said = readings.measures_by_fifth(shown)
    assert ", by national fifth of deprivation of the areas where people live." in said
    assert "of them a fifth has nobody or too few people to show." in said
    nowhere = kept(population_of([person("a", age=40, imd_decile=None, ethnicity=BRITISH)]))
    unknown = release(by_deprivation(nowhere, "2026/27"))
    assert readings.measures_by_fifth(unknown).startswith("Not shown: the records do not say where people live")
    assert readings.inequality(unknown.followed_by(inequalities)).startswith(
        "Not shown: the records do not say where people live"
    )


def test_a_reader_is_told_what_is_missing_in_words():
    assert missing_in_words(["n_medicines_repeats_84d", "imd_decile", "benzodiazepines_z_drugs_date"]) == (
        "repeat medicines; deprivation of the area; benzodiazepines and Z-drugs"
    )


def test_a_share_that_is_asked_for_is_written_as_the_share_beside_it():
    """1.6% is asked for: in whole numbers that would be 0."""
    rate = Rate("share", "people", "of", interval=True, asked="target")
    frame = pd.DataFrame({"measure": ["Referred"], "people": [300], "of": [20_000], "share": [0.015],
                          "share_lower": [0.0134], "share_upper": [0.0168], "target": [0.016]})  # fmt: skip
    table = released(frame, RECORDS, counts=("people", "of"), rates=(rate,), numbers=("target",))
    html = table_html(table, {"measure": "Measure", "share": "Share", "target": "Asked for"}, "Measures")
    assert '<td class="number">1.6%</td>' in html
    assert ",0.016" in csv_text(table)


def test_a_long_source_below_a_bare_frame_does_not_stand_on_its_legend(monkeypatch):
    """The sources of a real place take four lines; the legend of the control charts ends above them."""
    monkeypatch.setattr("pcn_analysis.plots.style.source_line", lambda _: "One.\nTwo.\nThree.\nFour.")
    months = [f"2025-{month:02d}" for month in range(1, 13)]
    frame = pd.DataFrame({"event": "Reviews", "month": months, "events": [20, 25] * 6, "mean": 22.5, "lower": 10.0,
                          "upper": 35.0, "signal": "common cause"})  # fmt: skip
    ax = charts.control_charts(released(frame, DRAWN, counts=("events",), numbers=("mean", "lower", "upper")))
    figure = ax.figure
    figure.canvas.draw()
    lowest = ax.child_axes[-1].get_legend().get_window_extent().y0
    assert figure._supxlabel.get_window_extent().y1 <= lowest
