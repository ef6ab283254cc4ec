"""What is asked of a design is checked before anything is worked out, and all that is wrong is said at once."""

import pandas as pd
import pytest

from pcn_analysis.network.design.constraints import Wanted, joined, problems_of

pytestmark = pytest.mark.unit
LISTS = pd.Series({"A00001": 10_000, "A00002": 20_000, "A00003": 15_000})
TODAY = pd.Series({"A00001": "U00001", "A00002": "U00001"})


def said(wanted: Wanted, lists: pd.Series = LISTS, today: pd.Series = TODAY) -> list[str]:
    return [str(problem) for problem in problems_of(wanted, lists, today)]


def test_a_plain_wish_is_fine() -> None:
    assert said(Wanted(1)) == []
    assert said(Wanted(2, (10_000, 40_000), keep=[("A00001", "A00002")], separate=[("A00001", "A00003")])) == []


def test_everything_wrong_is_said_at_once() -> None:
    wanted = Wanted(
        4, (50_000, 30_000), keep=[("A00001",)], separate=[("A00001", "A0002")], max_moves=-1, time_limit=0.0
    )
    found = " ".join(said(wanted))
    for words in (
        "4 networks of 3 practices",
        "50,000 to 30,000 is no band",
        "'A00001' is named alone",
        "'A0002' is no practice of this design. Did you mean A00002",
        "--max-moves: it is negative",
        "--time-limit: it is not above 0",
    ):
        assert words in found


def test_a_practice_that_is_kept_with_another_cannot_be_separated_from_it() -> None:
    wanted = Wanted(1, keep=[("A00001", "A00002"), ("A00002", "A00003")], separate=[("A00001", "A00003")])
    assert said(wanted) == ["--separate: A00001 and A00003 are also to be kept together. Drop one of the two wishes."]


def test_practices_kept_together_lie_on_one_side_of_the_border() -> None:
    within = pd.Series({"A00001": "Wirral", "A00002": "Cheshire", "A00003": "Cheshire"})
    found = said(Wanted(1, keep=[("A00001", "A00002")], within=within))
    assert found == ["--keep: the practices kept with A00001 are on two sides of a border. Drop one of the two wishes."]


def test_a_practice_without_a_side_of_the_border_is_named() -> None:
    within = pd.Series({"A00001": "Wirral", "A00002": None})
    assert "2 practices without a label (A00002, A00003)" in said(Wanted(1, within=within))[0]


def test_a_practice_without_patients_is_named() -> None:
    lists = pd.Series({"A00001": 10_000, "A00002": 0, "A00003": None})
    assert "2 practices without patients (A00002, A00003)" in said(Wanted(1), lists)[0]


def test_lists_that_are_estimates_are_refused() -> None:
    assert "not whole numbers" in said(Wanted(1), LISTS + 0.5)[0]


def test_a_practice_named_twice_is_counted() -> None:
    assert "list sizes: 1 practice named more than once" in said(Wanted(1), pd.concat([LISTS, LISTS[:1]]))[0]
    assert "networks of today: 1 practice named" in said(Wanted(1), LISTS, pd.concat([TODAY, TODAY[:1]]))[0]
    assert "--keep: A00001 is named twice" in said(Wanted(1, keep=[("A00001", "A00001")]))[0]


def test_groups_that_share_a_practice_are_one() -> None:
    assert joined([("C", "D"), ("A", "B"), ("B", "C")], "ABCDE") == {**dict.fromkeys("ABCD", "A"), "E": "E"}
