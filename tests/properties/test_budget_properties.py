"""What holds of the contract's money whatever the sizes: it is linear, shares sum, and what is not known is never 0."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcn_analysis.budget.entitlement import entitlement
from pcn_analysis.budget.practice_shares import practice_shares, shared_pence
from pcn_analysis.budget.two_years import two_years
from pcn_analysis.contract.clauses import NOT_KNOWN
from pcn_analysis.contract.years import YEARS
from pcn_analysis.place import network_of
from tests.unit.paid_places import network_with
from tests.unit.vignettes import NETWORK, tiny_place

pytestmark = pytest.mark.properties

HARBOUR = network_of(tiny_place(), NETWORK)
BASES = ("registered", "weighted", "adjusted", "beds")
years = st.sampled_from(YEARS)
number = st.floats(0, 200_000, allow_nan=False).map(lambda value: round(value, 2))
sizes = st.fixed_dictionaries({}, optional=dict.fromkeys(BASES, number))
lists = st.dictionaries(st.sampled_from([f"A{number}" for number in range(6)]), st.integers(0, 20_000), min_size=1)


def lines_of(table):
    frame = table.frame
    return frame[frame["line"] != "total"].set_index(["line", "basis", "clause"])


@given(years, sizes, st.integers(2, 9))
@settings(deadline=None)
def test_an_amount_is_linear_in_its_size(year, given_sizes, times):
    once = lines_of(entitlement(HARBOUR, year, **{"registered": 100} | given_sizes))
    more = {name: value * times for name, value in ({"registered": 100} | given_sizes).items()}
    often = lines_of(entitlement(HARBOUR, year, **more))
    assert list(once.index) == list(often.index)
    assert once["amount"].isna().tolist() == often["amount"].isna().tolist()
    known = once["amount"].notna()
    for key in once.index[known]:
        assert often.loc[key, "amount"] == pytest.approx(once.loc[key, "amount"] * times)


@given(years, sizes)
@settings(deadline=None)
def test_what_is_not_known_is_null_and_says_what_lacks_and_what_is_known_lacks_nothing(year, given_sizes):
    frame = lines_of(entitlement(HARBOUR, year, **given_sizes))
    unknown = frame["amount"].isna()
    assert (frame["standing"] == NOT_KNOWN).tolist() == unknown.tolist()
    assert frame["missing"].ne("").tolist() == unknown.tolist()
    lacking = {basis for basis in ("weighted", "adjusted", "beds") if basis not in given_sizes}
    of_lacking = frame.index.get_level_values("basis").isin(lacking)
    assert frame.loc[of_lacking, ["size", "amount"]].isna().all(axis=None)


@given(years, sizes)
@settings(deadline=None)
def test_a_total_is_the_sum_of_what_is_known_and_null_where_nothing_is(year, given_sizes):
    frame = entitlement(HARBOUR, year, **given_sizes).frame
    each, total = frame[frame["line"] != "total"]["amount"], frame["amount"].iloc[-1]
    if each.isna().all():
        assert pd.isna(total)
    else:
        assert total == pytest.approx(each.sum())
    lacking = int(each.isna().sum())
    assert frame["missing"].iloc[-1].startswith(f"{lacking} of {len(each)} line" if lacking else "")


@given(years, lists, sizes)
@settings(deadline=None)
def test_shares_of_practices_sum_to_the_line_to_the_penny(year, held, given_sizes):
    network = network_with(held, [(code, "2022/23", size * 1.07 + 1, None) for code, size in held.items()])
    whole = lines_of(entitlement(network, year, **given_sizes))["amount"]
    shares = practice_shares(network, year, **given_sizes).frame
    for key, rows in shares.groupby(["line", "basis", "clause"], sort=False):
        if rows["amount"].isna().all():
            continue
        assert rows["amount"].notna().all()
        assert (rows["amount"] * 100).round().sum() == round(whole.loc[key] * 100)
        exact = rows["share"].astype(float) * float(whole.loc[key])
        assert (rows["amount"].astype(float) - exact).abs().max() <= 0.0151
        assert rows["share"].sum() == pytest.approx(1)


@given(st.floats(0, 1e7, allow_nan=False), st.lists(st.integers(0, 10**5), min_size=1, max_size=8))
def test_pence_are_whole_not_below_0_and_sum_to_the_amount(amount, held):
    shared = shared_pence(amount, {f"P{place}": size for place, size in enumerate(held)})
    if not sum(held):
        assert shared == {}
        return
    pence = {code: round(value * 100) for code, value in shared.items()}
    assert sum(pence.values()) == round(amount * 100)
    assert min(pence.values()) >= 0
    assert all(not pence[f"P{place}"] for place, size in enumerate(held) if size == 0)


@given(years, years, sizes, sizes)
@settings(deadline=None)
def test_the_parts_of_a_difference_sum_to_it_and_the_order_of_the_years_counts_for_nothing(one, other, held, later):
    there = two_years(HARBOUR, one, other, held, later).frame.set_index(["line", "basis"])
    back = two_years(HARBOUR, other, one, later, held).frame.set_index(["line", "basis"])
    parts = there[["of_rate", "of_size", "of_beginning_or_end"]]
    known = there["difference"].notna()
    assert parts[known].fillna(0).sum(axis=1).to_numpy() == pytest.approx(there.loc[known, "difference"].to_numpy())
    assert parts[~known].isna().all(axis=None), "what is not known is no 0"
    assert set(there.index) == set(back.index)
    turned = -1 if one == other else 1  # of one year, sizes alone tell the earlier from the later
    for key in there.index[known]:
        assert back.loc[key, "difference"] == pytest.approx(turned * there.loc[key, "difference"])
