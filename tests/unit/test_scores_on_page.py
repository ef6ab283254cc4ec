"""What the page on scores shows and says, on few people, on none and where nothing was assessed."""

import json
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
import scores_shown as shown
from handmade import DRAWN, RECORDS

from pcn_analysis import readings
from pcn_analysis.display.tables import csv_text
from pcn_analysis.plots import alt_text, charts
from pcn_analysis.scores.qrisk3 import DISCLAIMER
from pcn_analysis.words import NOT_ASSESSED

mpl.use("Agg")
pytestmark = pytest.mark.unit

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "07_score_agreement.ipynb"
FIGURES = {
    "score_variants": (shown.variants, "Polypharmacy, Issues 530, 380 by both, 32 by the usual one alone"),
    "score_bands": (shown.bands, "Frailty, Usual severe 10.0%"),
    "qrisk3_bands": (shown.qrisk3, "male: below 5% 40.0%, 5% to 10% 20.0%, 10% to 20% 20.0%, 20% and over 20.0%"),
    "risk_tiers": (shown.tiers, "COPD not assessed; Diabetes HRC 10, HR not assessed, MRA 30, in none 60"),
    "hazardous_medicines": (shown.hazards, "NSAID after an ulcer 30; NSAID and eGFR not assessed; Any of these 70"),
}
EVERY = pytest.mark.parametrize("name", FIGURES)


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def words(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


@EVERY
def test_descriptions_hold_what_the_figure_shows(name):
    make, said = FIGURES[name]
    assert said in getattr(alt_text, name)(make())
    assert getattr(alt_text, name)(make(DRAWN)).startswith("Synthetic people. ")
    assert getattr(charts, name)(make(DRAWN)).get_title(loc="left").startswith("SYNTHETIC PEOPLE\n")


@EVERY
def test_a_number_that_is_not_shown_is_neither_drawn_nor_described_as_another(name):
    table = FIGURES[name][0](RECORDS, last=3)
    text = " ".join([*words(getattr(charts, name)(table)), getattr(alt_text, name)(table)])
    assert "nan" not in text
    assert "NA" not in text.replace("NSAID", "")
    assert "not shown" in text


def test_the_bar_of_two_variants_is_of_whomever_either_picks():
    ax = charts.score_variants(shown.variants())
    assert words(ax) == [
        "Charlson index, 3 or more: not assessed on these people",
        "Polypharmacy, 10 or more",
        "picks 412 (usual)", "412",
        "not assessed",
        "picks 530", "380", "150",
    ]  # fmt: skip
    widths = [bar.get_width() for bar in ax.patches if bar.get_width()]
    assert widths == pytest.approx([1, 32 / 562, 380 / 562, 150 / 562])


def test_a_variant_whose_people_are_too_few_to_show_has_no_bar_and_says_so():
    ax = charts.score_variants(shown.variants_too_few())
    assert words(ax)[1:3] == ["picks not shown (usual)", "not shown"]


def test_a_register_without_any_tier_says_so_and_has_no_bar():
    ax = charts.risk_tiers(shown.tiers())
    assert "no tier could be assessed" in words(ax)
    assert "not assessed: HR" in words(ax)
    assert sum(bar.get_width() for bar in ax.patches) == pytest.approx(1), "one register is drawn"


def test_what_was_assessed_in_part_is_at_least_so_many():
    assert "at least 30" in words(charts.hazardous_medicines(shown.hazards()))


def test_where_nothing_was_assessed_there_is_no_figure():
    nobody = shown.qrisk3(status=NOT_ASSESSED)
    assert charts.qrisk3_bands(nobody) is None
    assert alt_text.qrisk3_bands(nobody).endswith("not assessed.")


# -- sentences ---------------------------------------------------------------------------------------------------


def test_the_variant_that_agrees_least_is_told_with_whom_both_pick():
    assert readings.score_variants(shown.variants()) == (
        "Which variant you take changes whom you see. Polypharmacy (10 or more): 412 people by the usual variant, 530 "
        "by “Issues”; 380 by both. Not assessed: Charlson index (no diagnosis is held)."
    )
    assert readings.variants_apart(shown.pairs()) == (
        "Of the people whom either of two variants picks, so many are picked by both: Polypharmacy 50.0% to 66.7% "
        "(2 pairs)."
    )


def test_variants_are_only_called_the_same_where_not_a_single_person_is_picked_by_one_alone():
    same, nearly, few = (shown.variants_alike(alone) for alone in (0, 2, None))
    assert "every variant picks as many, and the same people" in readings.score_variants(same)
    for table in (nearly, few):
        assert "the same people" not in readings.score_variants(table)


def test_the_highest_band_is_told_of_scores_that_were_assessed():
    assert readings.score_bands(shown.bands()) == (
        "In the highest band by the usual variant of each score: Frailty, severe: 20 (10.0% of people of 65 and over)."
    )
    assert "severe: not shown (not shown of people" in readings.score_bands(shown.bands(RECORDS, last=3))


def test_a_chance_of_ten_percent_is_told_of_each_sex_with_what_was_assumed():
    said = readings.qrisk3_bands(shown.qrisk3(), shown.without_qrisk3())
    assert said == (
        "20 (20.0%) of 100 women and 40 (40.0%) of 100 men with a score have a chance of 10% or more of a first heart "
        "attack or stroke within ten years, from which NICE NG238 offers a statin. 400 of 600 people have no score; "
        "the commonest reason: takes a statin (100). That is no low risk. Assumed: smoking taken as "
        "non-smoker; what is taken as “no” makes a chance too low."
    )
    few = readings.qrisk3_bands(shown.qrisk3(RECORDS, last=3), shown.without_qrisk3(RECORDS))
    assert "and not shown (not shown) of 100 men" in few


def test_where_nobody_can_have_a_score_that_is_no_low_risk():
    said = readings.qrisk3_bands(shown.qrisk3(status=NOT_ASSESSED), shown.without_qrisk3())
    assert said == (
        "QRISK3 could not be assessed of anybody registered with Harbour PCN. Records do not show: smoking. No score "
        "is no low risk."
    )


def test_tiers_medicines_and_what_was_not_assessed_are_told():
    assert readings.risk_tiers(shown.tiers()) == (
        "In the highest tier of which a number is shown: Diabetes: 10 of 100, high risk and complex (HRC). Of COPD no "
        "tier could be assessed. Every number is the least that it can be: rules ask for what no record shows. Nobody "
        "is said to be at low risk."
    )
    assert readings.hazardous_medicines(shown.hazards()) == (
        "70 people registered with Harbour PCN (7.0%) have at least one of nine combinations of medicines that are "
        "linked to harm; the commonest are “NSAID at 65” (50) and “NSAID after an ulcer” (30). In part only: “NSAID "
        "after an ulcer” (not known: old ulcers). Not assessed: “NSAID and eGFR” (not known: filtration rates). A "
        "pharmacist or prescriber looks at each person before any medicine is changed."
    )
    assert readings.scores_not_assessed(shown.lacking()) == (
        "Not assessed at all: Charlson index (2). In part only: Risk tiers: Diabetes (1). What was not assessed is not "
        "0; the table says what is not known."
    )


# -- the disclaimer of QRISK3 (H12) --------------------------------------------------------------------------------


def test_the_disclaimer_stands_in_full_beside_every_figure_of_qrisk3_on_the_page():
    cells = [cell for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    of_qrisk3 = [cell for cell in cells if "qrisk3" in "".join(cell["source"])]
    assert of_qrisk3
    for cell in of_qrisk3:
        said = ["".join(output["data"]["text/plain"]) for output in cell["outputs"]]
        figures = [place for place, output in enumerate(cell["outputs"]) if "image/png" in output["data"]]
        tables = [place for place, text in enumerate(said) if "People by band of QRISK3" in text]
        assert DISCLAIMER in said
        assert all(said[place + 1] == DISCLAIMER for place in figures), "directly below the figure"
        assert all(said[place - 1] == DISCLAIMER for place in tables), "directly above the table"


def test_the_disclaimer_goes_with_the_download_and_with_the_picture():
    table = shown.qrisk3()
    assert csv_text(table).count(DISCLAIMER[:40]) == len(table)
    assert "QRISK3-2017, ClinRisk Ltd; never without its disclaimer" in charts.qrisk3_bands(table).get_title(loc="left")
    assert readings.qrisk3_disclaimer(table) == DISCLAIMER
    assert "its disclaimer stands beside the figure" in alt_text.qrisk3_bands(table)


def test_what_was_not_released_is_neither_drawn_nor_read():
    with pytest.raises(TypeError, match="released"):
        charts.score_variants(object())
    with pytest.raises(TypeError, match="released"):
        readings.qrisk3_disclaimer(object())
