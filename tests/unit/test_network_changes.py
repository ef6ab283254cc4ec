"""What became of practices and networks between two maps, one example of each kind."""

import pandas as pd
import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.network.changes import KINDS, changes

pytestmark = pytest.mark.unit

NAMES = {"U1": "One", "U2": "Two", "U3": "Three", "U4": "Four"}


def a_map(names: dict[str, str] = NAMES, **networks: str | None) -> pd.DataFrame:
    frame = pd.DataFrame({"practice_code": list(networks), "pcn_code": list(networks.values())}, dtype="str")
    return frame.assign(pcn_name=frame["pcn_code"].map(names))


BEFORE = a_map(A="U1", B="U1", C="U2", D="U2", E=None, F="U3", G="U3", H="U")
AFTER = a_map(A="U1", B="U2", C=None, E="U1", F="U4", J="U2", H=None)
LISTS = pd.Series({"A": 100, "B": 200, "C": 300, "E": 500, "F": 600, "J": 900, "H": 50})
EARLIER = pd.Series({"A": 90, "D": 400, "G": 70})
MERGERS = pd.DataFrame({"closed_practice": ["G"], "survivor": ["F"]})


@pytest.fixture
def found():
    return changes(BEFORE, AFTER, LISTS, lists_before=EARLIER, mergers=MERGERS)


def test_what_became_of_each_practice(found):
    assert found.practices.set_index("practice_code")["change"].to_dict() == {
        "A": "stayed",
        "B": "moved network",
        "C": "left every network",
        "D": "closed",
        "E": "joined a network",
        "F": "moved network",
        "G": "merged",
        "H": "stayed",  # in no network, whether that is written U or left empty
        "J": "opened",
    }


def test_patients_are_the_later_list_and_of_a_practice_that_is_gone_the_earlier(found):
    of = found.practices.set_index("practice_code")
    assert of["patients"].to_dict() == {
        **LISTS.to_dict(),
        "D": 400,
        "G": 70,
    }
    assert of.index[of["list_of"] == "earlier"].to_list() == ["D", "G"]


def test_without_a_list_patients_are_not_known():
    found = changes(BEFORE, AFTER, LISTS.drop("B"))
    of = found.practices.set_index("practice_code")
    assert of.index[of["patients"].isna()].to_list() == ["B", "D", "G"]
    assert of.loc[["B", "D", "G"], "list_of"].isna().all()
    assert found.counted().loc["closed"].to_dict() == {"practices": 2, "patients": 0, "without_list": 2}


def test_a_practice_that_goes_on_is_never_given_its_earlier_list():
    found = changes(BEFORE, AFTER, LISTS.drop("A"), lists_before=EARLIER).practices.set_index("practice_code")
    assert found.loc["A", ["patients", "list_of"]].isna().all()


def test_a_merged_practice_is_now_in_the_network_of_its_survivor(found):
    merged = found.practices.set_index("practice_code").loc["G"]
    assert merged[["network_before", "network_after", "survivor"]].to_list() == ["U3", "U4", "F"]


def test_patients_of_a_merged_practice_arrive_once_and_not_again_with_their_survivor(found):
    """F's list of 600 holds the 70 of G, which came from the same network."""
    table = found.networks.set_index("network")
    assert table.loc["U4", "arrived"] == table.loc["U3", "departed"] == 600


def test_without_mergers_it_is_one_that_closed():
    found = changes(BEFORE, AFTER, LISTS, lists_before=EARLIER).practices.set_index("practice_code")
    assert found.loc["G", "change"] == "closed"
    assert found.loc["G", ["network_after", "survivor"]].isna().all()


def test_a_merger_of_a_practice_that_is_still_there_is_not_believed():
    found = changes(BEFORE, AFTER, LISTS, mergers=pd.DataFrame({"closed_practice": ["B"], "survivor": ["A"]}))
    assert found.practices.set_index("practice_code").loc["B", "change"] == "moved network"


def test_what_became_of_each_network(found):
    table = found.networks.set_index("network")
    assert table["change"].to_dict() == {"U1": "same", "U2": "same", "U3": "ended", "U4": "new"}
    assert table["practices_before"].to_dict() == {"U1": 2, "U2": 2, "U3": 2, "U4": 0}
    assert table["practices_after"].to_dict() == {"U1": 2, "U2": 2, "U3": 0, "U4": 1}
    assert table["arrived"].to_dict() == {"U1": 500, "U2": 200 + 900, "U3": 0, "U4": 600}
    assert table["departed"].to_dict() == {"U1": 200, "U2": 300 + 400, "U3": 600, "U4": 0}
    assert table["successor"].dropna().to_dict() == {"U3": "U4"}
    assert table.loc["U3", "successor_share"] == 1


def test_a_successor_has_most_of_the_patients():
    before, after = a_map(A="U1", B="U1", C="U1"), a_map(A="U2", B="U3", C=None)
    table = changes(before, after, pd.Series({"A": 20, "B": 30, "C": 50})).networks.set_index("network")
    assert table.loc["U1", ["successor", "successor_share"]].to_list() == ["U3", 0.3]


def test_a_network_is_renamed_where_more_than_capitals_differ():
    before = a_map(A="U1", B="U2")
    after = a_map({"U1": "ONE", "U2": "Two and a Half"}, A="U1", B="U2")
    table = changes(before, after, LISTS).networks.set_index("network")
    assert table["change"].to_dict() == {"U1": "same", "U2": "renamed"}
    assert table.loc["U2", ["name_before", "name_after"]].to_list() == ["Two", "Two and a Half"]


def test_every_kind_is_counted_in_order(found):
    table = found.counted()
    assert table.index.to_list() == list(KINDS)
    assert table["practices"].to_dict() == dict(zip(KINDS, (2, 2, 1, 1, 1, 1, 1), strict=True))
    assert table["patients"].to_dict() == dict(zip(KINDS, (150, 800, 500, 300, 70, 400, 900), strict=True))


def test_a_map_that_names_a_practice_twice_is_refused():
    with pytest.raises(PcnAnalysisError, match="later map: 1 practice named more than once"):
        changes(BEFORE, pd.concat([AFTER, AFTER.head(1)]), LISTS)
