"""Numbers and lists as people read them."""

import pandas as pd
import pytest

from pcn_analysis.words import count, folded, listed, number, percent, ranked

pytestmark = pytest.mark.unit

MISSING = pytest.mark.parametrize("value", [None, pd.NA, float("nan")])


@pytest.mark.parametrize(
    ("value", "written"), [(0, "0"), (999, "999"), (98691, "98,691"), (1_000_000.4, "1,000,000"), (12.6, "13")]
)
def test_counts(value, written):
    assert count(value) == written


@pytest.mark.parametrize(
    ("value", "written"), [(0, "0.0%"), (0.16693, "16.7%"), (1, "100.0%"), (0.00049, "<0.1%"), (1.5, "150.0%")]
)
def test_percentages(value, written):
    assert percent(value) == written


@MISSING
def test_what_is_missing_is_not_shown(value):
    assert count(value) == percent(value) == "not shown"


@MISSING
def test_a_missing_number_of_something_is_not_shown(value):
    assert number(value, "area") == "not shown areas"


@pytest.mark.parametrize(
    ("value", "written"), [(0, "0 areas"), (1, "1 area"), (2, "2 areas"), (1200, "1,200 areas"), (1.0, "1 area")]
)
def test_a_number_agrees_with_its_noun(value, written):
    assert number(value, "area") == written


def test_an_irregular_plural_is_given():
    assert number(2, "local authority", "local authorities") == "2 local authorities"
    assert number(1, "local authority", "local authorities") == "1 local authority"


@pytest.mark.parametrize(
    ("rank", "total", "written"),
    [
        (1, 1, "the only one of"),
        (1, 2, "the largest of"),
        (2, 2, "the smallest of"),
        (2, 3, "the second largest of"),
        (10, 11, "the tenth largest of"),
        (11, 12, "number 11 by size of"),
        (12, 12, "the smallest of"),
    ],
)
def test_ranks(rank, total, written):
    assert ranked(rank, total) == written


@pytest.mark.parametrize(("names", "written"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_lists(names, written):
    assert listed(names) == written


@pytest.mark.parametrize("heading", ["NHS Number", "\ufeffnhs_number", " nhs  NUMBER\n", "NHS\tnumber"])
def test_names_of_columns_are_compared_whatever_their_case_spaces_and_byte_order_mark(heading):
    assert folded(heading) == "nhs_number"


def test_names_of_columns_that_differ_in_a_letter_stay_apart():
    assert len({folded(one) for one in ("code", "codes", "co de", "co-de")}) == 4
