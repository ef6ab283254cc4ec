"""Funnels, rates, figures and sentences of early cancer diagnosis: from released counts alone."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import review_tables as tables
from handmade import DRAWN, RECORDS, without_rows

from pcn_analysis import readings
from pcn_analysis.plots import alt_text, charts
from pcn_analysis.services.early_cancer_diagnosis.by_practice import LEAST_PRACTICES, funnels, referral_rates
from pcn_analysis.statistics.events import byar
from pcn_analysis.statistics.rates import wilson

mpl.use("Agg")
pytestmark = pytest.mark.unit


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def bowel(**kinds):
    frame = tables.screening(**kinds).frame
    return frame[frame["measure"] == tables.BOWEL].reset_index(drop=True)


def drawn_words(ax):
    axes = [ax, *ax.child_axes]
    return " ".join(text.get_text() for one in axes for text in one.texts)


# -- funnels and rates ---------------------------------------------------------------------------------------


def test_a_practice_is_held_against_all_practices_together():
    frame = bowel()
    assert frame["baseline"].tolist() == pytest.approx([1050 / 1500] * 3)
    assert frame["position"].tolist() == ["below the 99.8% limit"] * 2 + ["above the 99.8% limit"]
    low, _ = wilson(pd.Series([450]), pd.Series([500]), 0.998)
    assert low[0] > 1050 / 1500


def test_practices_that_are_alike_lie_within_the_limits():
    assert bowel(last=300)["position"].tolist() == ["within the limits"] * 3


def test_a_count_that_is_too_small_to_show_moves_no_baseline():
    frame = bowel(provenance=RECORDS, last=3)
    assert frame["practices"].tolist() == [2] * 3
    assert frame["baseline"].tolist() == pytest.approx([0.6] * 3)
    assert frame["position"].isna().tolist() == [False, False, True]


def test_over_dispersion_is_estimated_of_ten_practices_and_not_of_nine():
    few, enough = bowel(practices=LEAST_PRACTICES - 1), bowel(practices=LEAST_PRACTICES)
    assert few[["tau2", "wider_lower_95"]].isna().all(axis=None)
    assert (enough["tau2"] > 0).all()
    assert (enough["wider_lower_95"] < enough["lower_95"]).all()
    assert (enough["wider_upper_998"] > enough["upper_998"]).all()


def test_where_no_number_may_be_shown_there_are_no_limits():
    rows = tables.by_practice().frame
    nothing = funnels(rows.assign(people=pd.array([pd.NA] * len(rows), "Int64"), share=pd.NA))
    assert nothing[["baseline", "lower_95", "position"]].isna().all(axis=None)
    rates = referral_rates(rows.assign(people=pd.array([pd.NA] * len(rows), "Int64")))
    assert rates[["rate", "people"]].isna().all(axis=None)


def test_what_came_of_referrals_is_held_against_all_practices_as_screening_is():
    frame = tables.pathway_funnels().frame
    assert frame["part"].tolist() == ["urgent referrals"] * 6
    assert frame["baseline"].tolist() == pytest.approx([100 / 600] * 3 + [0.8] * 3)
    assert frame["position"].tolist() == [
        "below the 95% limit", "below the 95% limit", "above the 99.8% limit", *["within the limits"] * 3
    ]  # fmt: skip


def test_a_practice_where_nobody_was_referred_has_no_number_that_is_not_shown():
    frame = tables.pathway_funnels(RECORDS, last=3, referred=0).frame
    assert frame["percentage"].tolist() == ["10.0%", "10.0%", "not shown", "80.0%", "80.0%", "nobody"]
    assert frame["baseline"].tolist() == pytest.approx([0.1] * 3 + [0.8] * 3)
    assert frame["position"].isna().tolist() == [False, False, True] * 2


def test_a_rate_has_byars_limits_and_the_network_is_the_sum_of_what_is_shown():
    frame = tables.referrals().frame
    assert frame.loc[0, ["practice_name", "people", "of"]].tolist() == ["All practices", 300, 12000]
    low, high = byar(pd.Series([100]))
    assert frame.loc[1, ["rate", "lower_95", "upper_95"]].tolist() == pytest.approx(
        [2500, low[0] / 0.04, high[0] / 0.04]
    )


def test_a_practice_that_refers_many_more_is_above_the_limit():
    position = tables.referrals(last=250).frame["position"]
    assert position[3] == "above the 99.8% limit"
    assert pd.isna(position[0]), "all practices are held against nothing"


def test_a_table_that_people_read_has_shares_and_limits_in_words():
    """What follows from released counts is no rate to a shown table, which would round it to whole people."""
    row = bowel().iloc[0]
    assert (row["percentage"], row["network"], row["wider_limits"]) == ("60.0%", "70.0%", "not known")
    assert row["limits"] == "66.0% to 74.0%"
    assert bowel(provenance=RECORDS, last=3)["percentage"].tolist() == ["60.0%", "60.0%", "not shown"]
    assert tables.referrals().frame["limits"][1] == "2,034 to 3,041"


# -- sentences -----------------------------------------------------------------------------------------------


def test_uptake_is_read_with_practices_beyond_their_limits_and_what_is_not_known():
    text = readings.cancer_screening(tables.screening())
    assert "screened in time: breast screening, women of 50 to 70, within 3 years 60.0% and bowel screening" in text
    assert "Practice C (bowel screening within 2.5 years, above)" in text
    assert "not estimated from 3 practices" in text
    assert "who has no cervix is not known" in text


def test_of_practices_that_are_alike_and_of_many_other_sentences_are_read():
    assert "No practice lies beyond its 99.8% limits." in readings.cancer_screening(tables.screening(last=300))
    many = readings.cancer_screening(tables.screening(practices=LEAST_PRACTICES))
    assert "wider limits as well" in many


def test_real_practices_are_not_named_with_invented_people():
    text = readings.cancer_screening(tables.screening(DRAWN))
    assert "Practice C" not in text
    assert "Beyond 99.8% limits: 3 values of 6." in text


def test_what_came_of_referrals_by_practice_is_read_with_practices_beyond_their_limits():
    text = readings.cancer_pathway_funnels(tables.pathway_funnels())
    assert "against all together in conversion and lower gastrointestinal urgent referral with a FIT." in text
    assert "Beyond 99.8% limits: Practice C (conversion, above)." in text
    assert "Between 95% and 99.8% limits: 2 values of 6;" in text
    assert "not estimated from 3 practices" in text
    assert "A conversion rate has no good direction" in text
    assert "not shown" not in text


def test_practices_that_are_not_shown_are_counted_and_those_without_anybody_are_not():
    text = readings.cancer_pathway_funnels(tables.pathway_funnels(RECORDS, last=3, referred=0))
    assert "1 value of 6 is not shown and left out of the share of all practices" in text
    assert "Between 95% and 99.8% limits: 0 values of 4;" in text


def test_real_practices_are_not_named_with_invented_people_whatever_came_of_referrals():
    text = readings.cancer_pathway_funnels(tables.pathway_funnels(DRAWN))
    assert "Practice C" not in text
    assert "Beyond 99.8% limits: 1 value of 6." in text


def test_where_nothing_of_referrals_can_be_shown_by_practice_that_is_all_that_is_read():
    assert readings.cancer_pathway_funnels(tables.screening()).endswith("is not known by practice.")
    few = tables.by_practice().followed_by(_few_converted)
    assert readings.cancer_pathway_funnels(few).endswith("is not shown by practice: too few.")


def _few_converted(rows):
    rows = rows[rows["measure"] == tables.BOWEL].assign(measure=tables.CONVERSION)
    return funnels(rows.assign(people=pd.array([pd.NA] * len(rows), "Int64"), share=pd.NA))


def test_a_rate_is_read_as_crude():
    text = readings.cancer_referrals(tables.referrals())
    assert "300 people registered with Harbour PCN were referred urgently with suspected cancer in 12 months" in text
    assert "2,500 for each 100,000" in text
    assert "0 practices of 3 lie beyond" in text
    assert "what would be expected of people of these ages is not known" in text


def test_without_rows_or_numbers_it_is_said_that_nothing_is_known():
    nobody = tables.referrals().followed_by(lambda frame: frame.iloc[:0])
    assert readings.cancer_referrals(nobody).endswith("is not known.")
    unscreened = tables.screening().followed_by(lambda frame: frame.iloc[:0])
    assert "no record says so of anybody" in readings.cancer_screening(unscreened)
    few = tables.referrals().followed_by(lambda frame: frame.assign(rate=pd.NA))
    assert readings.cancer_referrals(few).endswith("not shown: too few.")


def test_what_came_of_referrals_is_read_with_what_is_asked_for_and_what_is_not_known():
    text = readings.cancer_pathways(tables.pathways())
    assert "Conversion: a first cancer: 8.0% of 100 (4.1% to 15.0%)." in text
    assert "Stage 1 or 2, of first cancers: 50.0% of 120" in text
    assert "asked for: 75.0%, published)" in text
    assert "Not known from these records: Lower gastrointestinal urgent referral with a FIT." in text
    assert "Bowel" not in text


def test_few_are_not_shown_in_words_either():
    text = readings.cancer_pathways(tables.pathways(RECORDS, last=3))
    assert "Stage 1 or 2, of first cancers: not shown." in text


# -- figures -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("cancer_screening", tables.screening),
        ("cancer_referrals", tables.referrals),
        ("cancer_pathway_funnels", tables.pathway_funnels),
    ],
)
def test_figures_of_invented_people_say_so_and_numbers_that_are_not_shown_are_not_drawn(name, make):
    drawn = getattr(charts, name)(make(DRAWN))
    assert drawn.get_title(loc="left").startswith("SYNTHETIC PEOPLE\n")
    assert getattr(alt_text, name)(make(DRAWN)).startswith("Synthetic people. ")
    few = make(RECORDS, last=3)
    words = f"{drawn_words(getattr(charts, name)(few))} {getattr(alt_text, name)(few)}"
    assert "not shown" in words
    assert "nan" not in words
    assert "NA" not in words


def test_nothing_is_drawn_of_no_rows():
    made = {
        "cancer_screening": without_rows(tables.screening()),
        "cancer_referrals": without_rows(tables.by_practice()),
        "cancer_pathway_funnels": tables.screening(),
    }
    for name, nothing in made.items():
        assert getattr(charts, name)(nothing) is None
        assert getattr(alt_text, name)(nothing) == ""


def test_each_programme_has_a_panel_with_a_mark_for_each_practice():
    ax = charts.cancer_screening(tables.screening())
    assert [panel.get_title(loc="left") for panel in ax.child_axes] == [
        tables.BREAST.replace("within 3", "within\n3"),
        tables.BOWEL,
    ]
    marks = [
        sum(len(line.get_xdata()) for line in panel.lines if line.get_marker() in "^vo") for panel in ax.child_axes
    ]
    assert marks == [3, 3]


def test_what_came_of_referrals_has_a_panel_a_measure_and_says_of_whom_there_is_no_number():
    table = tables.pathway_funnels(RECORDS, last=3, referred=0)
    ax = charts.cancer_pathway_funnels(table)
    assert "What came of urgent referrals, by practice" in ax.get_title(loc="left")
    assert [[text.get_text() for text in panel.texts] for panel in ax.child_axes] == [["not shown"], ["nobody"]]
    bars = [sum(not np.isnan(bar.get_width()) for bar in panel.patches) for panel in ax.child_axes]
    assert bars == [4, 4], "limits of practices without a number say nothing"
    assert "line: all practices with a number" in drawn_words(ax)
    text = alt_text.cancer_pathway_funnels(table)
    assert "10.0%, practices 10.0% to 10.0%, 0 above and 0 below their limits, 1 practice not shown; Lower" in text
    assert text.endswith("with a FIT 80.0%, practices 80.0% to 80.0%, 0 above and 0 below their limits.")


def test_each_figure_draws_and_each_sentence_reads_its_own_part_of_the_funnels():
    both = tables.screening().followed_by(_with_conversion)
    assert len(charts.cancer_screening(both).child_axes) == 2
    assert len(charts.cancer_pathway_funnels(both).child_axes) == 1
    for words in (readings, alt_text):
        assert "onversion" not in words.cancer_screening(both)
        assert "screening" not in words.cancer_pathway_funnels(both)


def _with_conversion(rows):
    conversion = rows[rows["measure"] == tables.BREAST].assign(measure=tables.CONVERSION, part="urgent referrals")
    return pd.concat([rows, conversion])


def test_the_description_says_who_lies_beyond_the_limits():
    text = alt_text.cancer_screening(tables.screening())
    assert "Bowel screening within 2.5 years 70.0%, practices 60.0% to 90.0%, 1 above and 2 below their limits" in text
    assert "All practices 2,500; Practice A 2,500" in alt_text.cancer_referrals(tables.referrals())
