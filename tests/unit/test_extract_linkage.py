"""Several deliveries of the same pseudonyms: who is in which, in counts; and what findings add up to."""

import pytest

from pcn_analysis.extracts.feeds import Extract, Feed
from pcn_analysis.extracts.findings import Findings
from pcn_analysis.extracts.linkage import links
from pcn_analysis.extracts.typed import typed
from tests.unit.extract_rooms import condition, room

pytestmark = pytest.mark.unit


@pytest.fixture
def here(tmp_path):
    with room(tmp_path) as opened:
        yield opened


def delivered(title):
    return Extract("tables", title, title, (), True, True)


def records(here, *deliveries):
    parts = []
    for number, people in enumerate(deliveries):
        rows = here.recorded(*(condition(who, "2020-01-01") for who in people))
        parts.append(
            typed(here.space, Feed("conditions", f"SELECT * FROM {rows}", "x"), here.findings, number).relation
        )
    return {"conditions": f"({' UNION ALL '.join(f'SELECT * FROM {one}' for one in parts)})"}


def test_people_are_counted_once_however_many_rows_they_have(here):
    tables = records(here, ["a", "a", "b", None], ["b", "b", "c", "d", None])
    [link] = links(here.space, [delivered("GP extract"), delivered("Hospital")], tables)
    assert (link.both, link.only_first, link.only_second) == (1, 1, 2)
    assert str(link) == ("1 people are in both GP extract and Hospital; 1 in the first only, 2 in the second only")


def test_each_further_delivery_is_held_against_the_first(here):
    tables = records(here, ["a", "b"], ["b", "c"], ["c"])
    found = links(here.space, [delivered(one) for one in "123"], tables)
    assert [(one.second, one.both, one.only_first, one.only_second) for one in found] == [
        ("2", 1, 1, 1), ("3", 0, 2, 1)
    ]  # fmt: skip


def test_one_delivery_has_no_links(here):
    assert links(here.space, [delivered("x")], records(here, ["a"])) == []


def test_lines_of_a_file_are_not_rows_of_the_table_of_that_name():
    found = Findings()
    found.add("conditions.csv", "rows with more or fewer cells", 5, "left out")
    found.add("conditions", "no code", 2, "left out")
    found.add("conditions.code", "a code that a spreadsheet has rounded", 1, "left out")
    found.add("conditions.status", "values", 7, "set to missing")
    found.add("conditions", "nothing", 0, "left out")
    assert found.left_out("conditions") == 3
    assert len(found.to_list()) == 4
    assert str(found.rows[0]) == "conditions.csv: rows with more or fewer cells: 5 (left out)"


def test_an_action_that_is_none_is_a_mistake():
    with pytest.raises(ValueError, match="no such action"):
        Findings().add("x", "y", 1, "dropped")
