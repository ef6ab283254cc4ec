"""Figures of the caseload and of the admission model, and the text that stands for each."""

import care_tables as tables
import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from handmade import DRAWN, RECORDS, sourced

from pcn_analysis.plots import alt_text, charts

mpl.use("Agg")
pytestmark = pytest.mark.unit

FIGURES = {
    "slots_by_professional": (tables.professionals, 3, "GP 10 of 10; practice nurse 20 of 50"),
    "care_gaps": (tables.gaps, 3, "A fall 40 in line, 20 with a slot; High pressure 100 in line, 50 with a slot"),
    "reach_to_need": (tables.reach, 3, "most deprived as ranked 0.33; least deprived as ranked 1.67"),
    "admission_calibration": (tables.calibration, 3, "from 10.0% admitted of 8.0% expected to 30.0% of 32.0%"),
    "admission_top": (tables.top, 3, "top 1% 50.0% and 10.0%; top 10% 20.0% and 40.0%"),
    "admission_net_benefit": (tables.benefit, None, "Splines: at 10% 40 (b), to everyone 0 each; at 20% 10 (c)"),
    "admission_models": (tables.compared, None, "Age, another year, 0.68 (with limits)"),
    "admission_by_group": (tables.groups, None, "highest sex: male 1.30 (with limits), lowest sex: female 1.00"),
    "admissions_in_time": (tables.in_time, None, "2 or more in the year before 2.50 before and 0.60 after"),
    "lists_in_time": (tables.lists, 3, "1 month later 90.0%; 6 months later 80.0%"),
}
EVERY = pytest.mark.parametrize("name", FIGURES)


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def texts(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


@EVERY
def test_descriptions_hold_what_the_figure_shows(name):
    make, _, said = FIGURES[name]
    assert said in getattr(alt_text, name)(make())
    assert getattr(alt_text, name)(make(DRAWN)).startswith("Synthetic people. ")


@EVERY
def test_figures_of_invented_people_say_so_in_their_title(name):
    title = getattr(charts, name)(FIGURES[name][0](DRAWN)).get_title(loc="left")
    assert title.startswith("SYNTHETIC PEOPLE\n")
    assert title.endswith("Harbour PCN, 1 July 2026")


@EVERY
def test_a_number_that_is_not_shown_is_neither_drawn_nor_described(name):
    make, few, _ = FIGURES[name]
    table = make(RECORDS, last=few)
    words = " ".join([*texts(getattr(charts, name)(table)), getattr(alt_text, name)(table)])
    assert "nan" not in words
    assert "NA" not in words


@EVERY
def test_nothing_is_drawn_or_described_of_no_rows(name):
    nothing = tables.none_of(FIGURES[name][0]())
    assert getattr(charts, name)(nothing) is None
    assert getattr(alt_text, name)(nothing) == ""


@EVERY
def test_figures_and_descriptions_refuse_what_was_not_released(name):
    unreleased = sourced(FIGURES[name][0]().frame)
    for of in (getattr(charts, name), getattr(alt_text, name)):
        with pytest.raises(TypeError):
            of(unreleased)


def rows(ax):
    return [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]


def test_care_gaps_that_were_not_assessed_are_not_drawn():
    assert rows(charts.care_gaps(tables.gaps())) == ["High pressure", "A fall"]


def test_where_no_care_gap_was_assessed_there_is_no_figure():
    frame = tables.gaps().frame.tail(1)
    nothing = tables.released(frame, RECORDS, counts=("in_line", "reached"), rates=(tables.REACH,))
    assert charts.care_gaps(nothing) is None


def test_people_who_would_have_a_slot_lie_within_the_slots_of_each_professional():
    ax = charts.slots_by_professional(tables.professionals())
    assert [bar.get_width() for bar in ax.patches] == [50, 10, 20, 10]
    assert texts(ax) == ["20 of 50", "10 of 10"]


def test_reach_is_held_against_that_of_everyone_in_line():
    ax = charts.reach_to_need(tables.reach())
    ranked, floors = (line.get_xdata() for line in ax.lines if len(line.get_xdata()) == 2 and line.get_marker() in "os")
    assert list(ranked) == pytest.approx([50 / 30, 10 / 30])
    assert list(floors) == pytest.approx([1, 1])


def test_reach_that_is_not_shown_is_said_and_not_drawn_as_nothing():
    assert "as ranked: not shown" in texts(charts.reach_to_need(tables.reach(RECORDS, first=3)))


def test_an_interval_of_very_few_people_ends_in_an_arrow_and_makes_the_others_no_shorter():
    """With floors nobody of 10 people is reached, which may be up to 0.28, and of everyone 0.06 are."""
    frame = tables.reach().frame.assign(in_line=[100, 100, 100, 10], reached=[10, 10, 10, 0], in_line_all=1000)
    counts = ("in_line", "reached", "in_line_all", "reached_all")
    ax = charts.reach_to_need(
        tables.released(frame, RECORDS, counts=counts, rates=(tables.OVERALL, tables.AGAINST)),
    )
    assert ax.get_xlim()[1] == pytest.approx(1.03 * 2 * 0.1 / 0.06)
    assert ax.get_xlabel().endswith("with 95% interval; → goes on")
    assert charts.reach_to_need(tables.reach()).get_xlabel().endswith("with 95% interval")


def test_where_nobody_has_a_slot_there_is_no_figure_of_empty_bars():
    assert charts.slots_by_professional(tables.professionals(last=0)) is not None, "one professional has nobody"
    nobody = tables.professionals().frame.assign(patients=0)
    table = tables.released(nobody, RECORDS, counts=("patients",), numbers=("slots",))
    assert charts.slots_by_professional(table) is None


def test_no_name_of_a_group_is_cut_off():
    names = [f"Black, Black British, Caribbean or African: {one}" for one in ("African", "Caribbean")]
    more = tuple(("Ethnicity", name, 1.0) for name in names)
    drawn = [name.replace("\n", " ") for name in rows(charts.admission_by_group(tables.groups(more=more)))]
    assert [f"Ethnicity: {name}" in drawn for name in names] == [True, True]


def test_where_no_slot_is_used_no_reach_is_reckoned():
    frame = tables.reach().frame.assign(reached=0, reached_all=0)
    counts = ("in_line", "reached", "in_line_all", "reached_all")
    nobody = tables.released(frame, RECORDS, counts=counts, rates=(tables.OVERALL, tables.AGAINST))
    assert "most deprived as ranked not shown" in alt_text.reach_to_need(nobody)
    assert texts(charts.reach_to_need(nobody)).count("as ranked: not shown") == 2


def test_the_model_that_is_used_is_named_and_each_test_has_a_marker():
    ax = charts.admission_models(tables.compared())
    assert rows(ax) == ["Truth", "Age", "Splines (used)"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["another year", "other practices"]


def test_practices_are_in_the_table_of_groups_and_not_in_its_figure():
    ax = charts.admission_by_group(tables.groups())
    assert rows(ax) == ["Sex: male", "Sex: female"]
    assert "Quayside" not in alt_text.admission_by_group(tables.groups())


def test_a_tenth_that_is_not_shown_is_counted_below_the_figure():
    assert charts.admission_calibration(tables.calibration(RECORDS, last=3)).get_xlabel() == (
        "Expected: mean risk; 1 of 2 tenths are not shown"
    )
