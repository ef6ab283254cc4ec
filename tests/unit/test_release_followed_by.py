"""Tables that follow from a released one: they see what was released, and nothing else."""

import functools

import pandas as pd
import pytest
from handmade import DRAWN, released

from pcn_analysis.provenance import Provenance, Rate, Source, SourcedTable
from pcn_analysis.release import release

pytestmark = pytest.mark.unit
PUBLISHED = Provenance(
    (Source("Staff", "NHS England", "June 2026", "OGL", "NHS England", kind="published"),), people=False
)
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


class Carrier:
    def __init__(self, rows):
        self.rows = rows

    def __call__(self, rows):
        return rows.assign(people=self.rows)


def by_default(rows, *, true=pd.Series([23, 4])):  # noqa: B008 - that is what is refused
    return rows.assign(people=true)


@pytest.mark.parametrize("leaks", [
    functools.partial(lambda true, rows: rows.assign(people=true), pd.Series([23, 4])),
    Carrier([23, 4]), Carrier([23, 4]).__call__, by_default,
    lambda rows, true=(23, 4): rows.assign(people=true),
], ids=["partial", "object", "method", "keyword default", "default"])  # fmt: skip
def test_nothing_else_that_can_carry_numbers_is_taken_for_a_function(leaks):
    with pytest.raises(TypeError, match="sees those tables alone"):
        reviews().followed_by(leaks)


def test_the_released_table_itself_does_not_change():
    table = reviews()
    table.followed_by(lambda rows: rows.drop(columns="people"))
    assert "people" in table.frame


# -- several tables ----------------------------------------------------------------------------------------


def staff():
    made = SourcedTable(
        pd.DataFrame({"group": ["frail", "resident"], "posts": [3.0, 1.0]}), PUBLISHED, numbers=("posts",)
    )
    return release(made, profile="open_data")


def per_post(rows, posts, share=1.0):
    return rows.merge(posts, on="group").assign(each=lambda frame: share * frame["people"] / frame["posts"])


def test_it_can_follow_from_several_released_tables_and_from_what_a_reader_chooses():
    made = reviews().followed_by(per_post, staff(), share=0.5)
    assert made.frame["posts"].to_list() == [3.0, 1.0]
    assert made.frame["each"].isna().to_list() == [False, True], "what is not shown stays so"


def test_it_is_of_people_if_any_of_them_is_whichever_comes_first():
    for made in (
        reviews().followed_by(per_post, staff()),
        staff().followed_by(lambda posts, rows: rows.merge(posts), reviews()),
    ):
        assert (made.profile, made.provenance.people) == ("hes", True)


@pytest.mark.parametrize(
    "wrong",
    [
        pd.Series([23, 4]),
        [23, 4],
        {"all": [23]},
        {("frail", "old"): 23},
        {str(one): 1 for one in range(51)},
        "x" * 201,
        reviews,
    ],
)
def test_what_is_given_beside_is_words_and_numbers_and_no_table(wrong):
    with pytest.raises(TypeError, match="share is something else"):
        reviews().followed_by(per_post, staff(), share=wrong)


def test_a_table_that_is_not_released_is_refused():
    with pytest.raises(TypeError, match="call release"):
        reviews().followed_by(per_post, pd.DataFrame({"group": [], "posts": []}))
