"""Figures of segments compared, in time and found, and the text that stands for each."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import outlook_tables as tables
import pytest
from handmade import DRAWN, RECORDS, sourced

from pcn_analysis.plots import alt_text, charts

mpl.use("Agg")
pytestmark = pytest.mark.unit

FIGURES = {
    "models_crossed": (tables.crossed, ("Model A", "Model B"), "Frailty Old (75.0%); Healthy Well (90.0%)"),
    "segment_outcomes": (tables.outcomes, (1,), "Frailty: stayed 60.0%, moved to one of higher priority 0.0%"),
    "segment_projection": (tables.projection, ("own moves",), "Frailty 250 to 400 (350 to 450)"),
    "found_sizes": (tables.found_sizes, (), "Gout; Asthma 10.0%"),
    "found_conditions": (tables.found_conditions, (), "Gout; Asthma Gout (70.0%)"),
    "found_across": (tables.found_across, (), "Gout; Asthma Frailty (80.0%)"),
}
PARTS = ("patients", "segment_patients")
COUNTS = {"segment_outcomes": PARTS, "segment_projection": ("patients", "patients_lower", "patients_upper")}
RATES = {"segment_outcomes": (tables.SHARE,), "segment_projection": ()}
NUMBERS = {"segment_outcomes": (), "segment_projection": ("year",)}
EVERY = pytest.mark.parametrize("name", FIGURES)


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def drawn(name, table):
    return getattr(charts, name)(table, *FIGURES[name][1])


def described(name, table):
    return getattr(alt_text, name)(table, *FIGURES[name][1])


def texts(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


@EVERY
def test_descriptions_hold_what_the_figure_shows(name):
    make, _, said = FIGURES[name]
    assert said in described(name, make())
    assert described(name, make(DRAWN)).startswith("Synthetic people. ")


@EVERY
def test_figures_of_invented_people_say_so_in_their_title(name):
    title = drawn(name, FIGURES[name][0](DRAWN)).get_title(loc="left")
    assert title.startswith("SYNTHETIC PEOPLE\n")
    assert title.endswith("Harbour PCN, 1 July 2026")


@EVERY
def test_a_number_that_is_not_shown_is_neither_drawn_nor_described(name):
    few = FIGURES[name][0](RECORDS, last=3)
    words = " ".join([*texts(drawn(name, few)), described(name, few)])
    assert "nan" not in words
    assert "NA" not in words


@EVERY
def test_nothing_is_drawn_or_described_of_no_rows(name):
    nothing = tables.none_of(FIGURES[name][0]())
    assert drawn(name, nothing) is None
    assert described(name, nothing) == ""


@EVERY
def test_figures_and_descriptions_refuse_what_was_not_released(name):
    unreleased = sourced(FIGURES[name][0]().frame)
    for of in (drawn, described):
        with pytest.raises(TypeError):
            of(name, unreleased)


def test_a_cell_for_each_pair_with_the_people_of_its_row():
    ax = drawn("models_crossed", tables.crossed())
    assert texts(ax) == ["75.0%", "25.0%", "0.0%", "2.0%", "8.0%", "90.0%"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Frailty (200)", "Healthy (1,000)"]
    assert "Rows: Model A. Columns: Model B." in ax.get_xlabel().replace("\n", " ")


def test_parts_of_a_bar_add_up_and_narrow_ones_are_not_written():
    ax = drawn("segment_outcomes", tables.outcomes())
    ends = [bar.get_x() + bar.get_width() for bar in ax.patches]
    assert ends[-2:] == pytest.approx([1.0, 1.0])
    assert texts(ax) == ["60.0%", "78.0%", "11.0%", "15.0%", "10.0%", "20.0%"]


def parts(ax):
    """End of the last part of each bar, by row."""
    ends = {}
    for bar in ax.patches:
        ends[round(bar.get_y(), 1)] = max(ends.get(round(bar.get_y(), 1), 0), bar.get_x() + bar.get_width())
    return list(ends.values())


def test_no_bar_is_longer_than_the_whole_though_its_parts_are_rounded():
    frame = tables.outcomes().frame
    frame["patients"] = frame["patients"].mask(frame["outcome"] == "stayed", frame["patients"] + 20)
    more = tables.released(frame, RECORDS, counts=("patients", "segment_patients"), rates=(tables.SHARE,))
    ax = drawn("segment_outcomes", more)
    assert parts(ax) == pytest.approx([1.0, 1.0])
    assert ax.get_xlim() == (0, 1)


def hatched(ax):
    return [bar for bar in ax.patches if bar.get_hatch()]


def test_what_is_not_shown_is_a_hatched_gap_that_the_legend_names():
    ax = drawn("segment_outcomes", tables.outcomes(RECORDS, last=3))
    frail, healthy = hatched(ax)
    assert frail.get_width() == pytest.approx(0)
    assert healthy.get_width() > 0
    assert healthy.get_x() + healthy.get_width() == pytest.approx(1)
    assert "not shown (1 to 7 people)" in [text.get_text() for text in ax.get_legend().get_texts()]
    assert not hatched(drawn("segment_outcomes", tables.outcomes(RECORDS)))


def test_of_segments_of_fewer_than_a_hundred_people_nothing_is_drawn_and_the_figure_says_so():
    frame = tables.outcomes().frame.assign(segment_patients=lambda f: f["segment_patients"].replace(200, 95))
    few = tables.released(frame, RECORDS, counts=("patients", "segment_patients"), rates=(tables.SHARE,))
    ax = drawn("segment_outcomes", few)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Healthy (1,000)"]
    assert "segments of fewer than 100 people are left out" in ax.get_legend().get_title().get_text().replace("\n", " ")
    assert "Frailty" not in described("segment_outcomes", few)
    assert "left out" not in drawn("segment_outcomes", tables.outcomes()).get_legend().get_title().get_text()


def test_a_birthday_has_a_colour_of_its_own():
    frame = tables.outcomes().frame
    frame["outcome"] = frame["outcome"].replace("moved to one of higher priority", "turned 18")
    born = tables.released(frame, counts=("patients", "segment_patients"), rates=(tables.SHARE,))
    ax = drawn("segment_outcomes", born)
    assert "turned 18" in [text.get_text() for text in ax.get_legend().get_texts()]


LONG = "People with an illness whose name is much longer than others"


@pytest.mark.parametrize("name", ["segment_outcomes", "segment_projection"])
def test_long_names_are_wrapped_and_everything_is_inside_the_figure(name):
    table = FIGURES[name][0](RECORDS, last=3)
    frame = table.frame.assign(segment=lambda f: f["segment"].replace("Frailty", LONG))
    long = tables.released(frame, RECORDS, counts=COUNTS[name], rates=RATES[name], numbers=NUMBERS[name])
    ax = drawn(name, long)
    ax.figure.canvas.draw()
    shown = [text.get_text().replace("\n", " ") for text in (*ax.texts, *ax.get_yticklabels())]
    assert any(LONG in text for text in shown)
    whole = ax.figure.bbox
    inside = [
        ax.title,
        ax._left_title,
        ax.xaxis.label,
        *ax.texts,
        *ax.get_yticklabels(),
        *filter(None, [ax.get_legend()]),
    ]
    for one in inside:
        box = one.get_window_extent()
        assert box.x0 >= whole.x0 - 1
        assert box.x1 <= whole.x1 + 1


def test_those_whom_a_model_is_not_for_are_in_no_projection():
    table = tables.projection(others="Under 18")
    assert "Under 18" not in texts(drawn("segment_projection", table))
    assert "Under 18" not in described("segment_projection", table)


def test_a_projected_segment_is_a_line_from_its_own_zero_with_its_ends_written():
    ax = drawn("segment_projection", tables.projection())
    first, second = ax.lines
    assert list(first.get_ydata()) == pytest.approx([250 / 450, 400 / 450])
    assert list(second.get_ydata()) == pytest.approx([1060 / 1060, 900 / 1060])
    assert {"250", "400 (350 to 450)", "1,060", "900 (810 to 990)", "2026", "2031"} <= set(texts(ax))
    assert "2026 to 2031, by own moves" in ax.get_title(loc="left")


def test_the_commonest_condition_of_all_adults_is_on_top():
    ax = drawn("found_conditions", tables.found_conditions())
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Asthma (9.5%)", "Gout (8.8%)"]
    assert texts(ax) == ["5.0%", "50.0%", "2.0%", "70.0%"]
