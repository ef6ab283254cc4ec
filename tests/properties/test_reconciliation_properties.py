"""What holds of payments held against rates, whatever they are: nothing is lost, reasons give what they explain."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcn_analysis.budget.held_payments import KINDS, hold_lines
from pcn_analysis.budget.payment_reasons import BY_CHANCE, TOLD
from pcn_analysis.budget.published_lines import by_line
from tests.unit.reconciled_places import YEAR, paid_tables

pytestmark = pytest.mark.properties

LINES = tuple(by_line(YEAR))
BETWEEN = {"as_computed": [1.0], "smaller_list": [1.0], "half": [0.5], "twice": [2.0], "list_of_another_date": [1.0],
           "other_months": [n / 6 for n in range(1, 13)] + [n / 12 for n in range(1, 13)],
           "other_months_together": [n / 6 for n in range(1, 13)] + [n / 12 for n in range(1, 13)]}  # fmt: skip
WIDEST = {"list_of_another_date": 0.101, "smaller_list": 0.0301, "other_months_together": 0.0301}
size = st.floats(500, 20_000, allow_nan=False).map(lambda value: round(value, 2))
practice = st.tuples(size, size, st.booleans())
rate = st.sampled_from([0.75, 0.72, 0.375, 0.625, 0.7425, 0.735, 0.366, 0.717, 1.5, 1.761, 10.0, 3.764, 0.0, -0.1])
payment = st.one_of(st.none(), st.tuples(rate, st.floats(0.95, 1.05)))


@st.composite
def countries(draw, most=12):
    """Networks of one to four practices, paid some rate times about their list, or nothing that is shown."""
    found = {}
    for number in range(draw(st.integers(1, most))):
        members = draw(st.lists(practice, min_size=1, max_size=4))
        rows = [(f"A{number:02}{place:03}", *one) for place, one in enumerate(members)]
        whole = sum(one[1] for one in rows)
        drawn = {line: draw(payment) for line in LINES}
        paid = {line: None if one is None else round(one[0] * one[1] * whole, 2) for line, one in drawn.items()}
        found[f"U{number + 1:05}"] = (paid, rows)
    return found


@given(countries())
@settings(deadline=None, max_examples=40)
def test_every_network_has_a_row_a_line_and_one_reason(country):
    networks, practices = paid_tables(country)
    frame, tried = hold_lines(networks, practices)
    assert sorted(zip(frame["pcn_code"], frame["line"], strict=True)) == sorted(
        zip(networks["pcn_code"], networks["line"], strict=True)
    )
    assert set(frame["reason"]) <= set(KINDS)
    assert frame["reason"].eq("none_shown").tolist() == frame["published"].isna().tolist()
    for line, rows in frame.groupby("line"):
        counts = rows["reason"].value_counts()
        assert all(counts.get(reason, 0) in (0, fits) for reason, (fits, _) in tried[line].items())


@given(countries())
@settings(deadline=None, max_examples=40)
def test_a_reason_that_explains_gives_the_payment_within_what_it_states(country):
    frame, tried = hold_lines(*paid_tables(country))
    assert (frame["difference"] - (frame["published"] - frame["computed"])).dropna().eq(0).all()
    for row in frame[frame["explained"] == TOLD].itertuples():
        fits, chance = tried[row.line][row.reason]
        assert chance is None or fits > BY_CHANCE * chance
        if row.reason in BETWEEN:
            off = min(abs(row.ratio / one - 1) for one in BETWEEN[row.reason])
            assert off <= WIDEST.get(row.reason, 0.0101)


@given(countries(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=25)
def test_the_order_of_rows_is_of_no_account(country, shuffled):
    networks, practices = paid_tables(country)
    order = list(networks.index)
    shuffled.shuffle(order)
    frame, tried = hold_lines(networks, practices)
    again, same = hold_lines(networks.loc[order].reset_index(drop=True), practices.iloc[::-1].reset_index(drop=True))
    assert tried == same
    pd.testing.assert_series_equal(frame["reason"], again["reason"])


@given(countries(), st.sampled_from([2.0, 4.0]))
@settings(deadline=None, max_examples=25)
def test_twice_the_patients_at_twice_the_money_have_the_same_reasons(country, times):
    larger = {
        code: ({line: None if one is None else one * times for line, one in paid.items()},
               [(name, registered * times, weighted * times, closed) for name, registered, weighted, closed in rows])
        for code, (paid, rows) in country.items()
    }  # fmt: skip
    frame, again = (hold_lines(*paid_tables(one))[0] for one in (country, larger))
    per_patient = frame["line"] != "care_home_premium"
    assert frame.loc[per_patient, "reason"].tolist() == again.loc[per_patient, "reason"].tolist()
    ratios = (one["ratio"].to_numpy("float64", na_value=np.nan) for one in (frame, again))
    np.testing.assert_allclose(*ratios)
