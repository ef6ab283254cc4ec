"""Tables that follow from a released one: they see what was released, and nothing else."""

import pandas as pd
import pytest
from handmade import DRAWN, released

from pcn_analysis.provenance import Rate

pytestmark = pytest.mark.unit
SHARE = Rate("share", "people", "of", interval=True)


def reviews(people=(23, 4)):
    frame = pd.DataFrame({"group": ["frail", "resident"], "people": people, "of": 100}).astype(
        {"people": "Int64", "of": "Int64"}
    )
    return released(frame, DRAWN, counts=("people", "of"), rates=(SHARE,))


def doubled(rows):
    return rows.assign(twice=rows["people"] * 2)


def test_what_follows_is_made_from_rounded_and_suppressed_numbers():
    assert reviews().followed_by(doubled).frame["twice"].to_list() == [50, pd.NA]


def test_it_keeps_where_the_numbers_came_from_and_under_which_rule_they_left():
    made = reviews().followed_by(doubled)
    assert (made.provenance, made.profile, made.about) == (reviews().provenance, "hes", reviews().about)


def test_shares_are_still_known_as_shares():
    assert reviews().followed_by(doubled).rates == (SHARE,)
    assert reviews().followed_by(lambda rows: rows[["group", "share"]]).rates == (), "without its counts it is a number"


def test_it_is_not_weighed_again_as_it_says_nothing_new():
    assert reviews().followed_by(doubled).counts == ()


def test_a_function_that_carries_true_numbers_from_elsewhere_is_refused():
    true = pd.Series([23, 4])

    def leaks(rows):
        return rows.assign(people=true)

    with pytest.raises(TypeError, match="without a closure"):
        reviews().followed_by(leaks)


def test_the_released_table_itself_does_not_change():
    table = reviews()
    table.followed_by(lambda rows: rows.drop(columns="people"))
    assert "people" in table.frame
