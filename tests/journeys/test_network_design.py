"""Other networks for a place, from the command line to what its page reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_bad_input import Outcome, new_project, refuses, run

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.network.place_plans import FOLDER, kept_designs, plans_table
from pcn_analysis.prepared import load_place
from pcn_analysis.release import release
from pcn_analysis.stored import seal

pytestmark = pytest.mark.journey

DESIGN = ("network", "design", "--place", "synthetic", "--networks")
KEEP = ("X90001", "X90020")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the invented place."""
    root = new_project(tmp_path_factory.mktemp("design") / "root")
    assert run(root, "prepare", "--synthetic").code == 0
    return root


@pytest.fixture(scope="module")
def designed(root: Path) -> Outcome:
    """Five networks, with two practices kept together and two apart."""
    wishes = ("--keep", ",".join(KEEP), "--separate", "X90002,X90003", "--time-limit", "5")
    return run(root, *DESIGN, "5", *wishes)


def kept(root: Path):
    place = load_place(root / "data" / "processed" / "synthetic")
    [design] = kept_designs(place, root / "data" / "processed")
    return place, design


def test_the_plans_stand_in_a_table_below_todays_networks(designed):
    assert (designed.code, designed.err) == (0, "")
    lines = designed.out.splitlines()
    assert lines[0] == "Marlhaven, 1 July 2026"
    assert lines[1].split()[:2] == ["plan", "networks"]
    assert lines[2].startswith("today")
    assert "options for discussion" in designed.out.lower()
    plans = [line for line in lines[3:] if line.endswith("5 of 5 networks")]
    assert 2 <= len(plans) <= 5


def test_what_is_kept_is_what_was_told(root, designed):
    place, design = kept(root)
    shown = release(plans_table(place, design), profile="open_data").frame
    assert shown["plan"].iloc[0] == "today"
    assert len(shown) == len([line for line in designed.out.splitlines() if line.endswith(" networks")])
    assert design.status == "optimal"
    assert design.wanted["networks"] == 5
    assert design.wanted["keep"] == [list(KEEP)]
    assert not design.wanted["within_la"]


def test_every_wish_is_kept_in_every_plan(root, designed):
    place, design = kept(root)
    lists = place.tables["practices"].frame.set_index("practice_code")["list_size"]
    for name in design.plans.columns.drop("today"):
        plan = design.plans[name]
        assert plan.notna().all(), "every practice is in a network"
        assert plan[KEEP[0]] == plan[KEEP[1]]
        assert plan["X90002"] != plan["X90003"]
        assert lists.reindex(plan.index).groupby(plan).sum().between(30_000, 50_000).all()


def test_the_same_again_gives_the_same_plans(root, designed):
    before = kept(root)[1]
    wishes = ("--keep", ",".join(KEEP), "--separate", "X90002,X90003", "--time-limit", "5")
    assert run(root, *DESIGN, "5", *wishes).code == 0
    assert kept(root)[1].plans.equals(before.plans)


def test_a_design_of_other_counts_is_passed_over_and_a_damaged_one_is_told(root, designed, tmp_path):
    place, _ = kept(root)
    [path] = (root / "data" / "processed" / FOLDER / "synthetic").glob("*_networks.json")
    facts = json.loads(path.read_text(encoding="utf-8"))
    folder = tmp_path / FOLDER / "synthetic"
    folder.mkdir(parents=True)
    older = {name: value for name, value in facts.items() if name != "seal"} | {"fingerprint": "of another day"}
    (folder / path.name).write_text(json.dumps(older | {"seal": seal(older)}), encoding="utf-8")
    assert kept_designs(place, tmp_path) == []
    (folder / path.name).write_text(json.dumps(facts | {"status": "optimal, really"}), encoding="utf-8")
    with pytest.raises(PcnAnalysisError, match=r"05_networks\.json: is damaged"):
        kept_designs(place, tmp_path)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([*DESIGN, "2"], ".*2 × 50,000 is less than 204,229 registered patients: 5 to 6 networks fit"),
        ([*DESIGN, "5", "--band", "big"], ".*“big” is no pair of whole numbers"),
        ([*DESIGN, "5", "--keep", "X90001,Y1"], ".*'Y1' is no practice of this design"),
        (["network", "design", "--place", "Nowhere", "--networks", "5"], ".*the place 'Nowhere' has not been prepared"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(root, words, said):
    refuses(root, *words, says=(said,))


def test_all_that_is_wrong_with_the_wishes_is_told_at_once(root):
    done = run(root, *DESIGN, "5", "--max-moves", "-1", "--keep", "X90001,Y1", "--separate", "X90001,X90001")
    assert [line.split(":")[1].strip() for line in done.err.splitlines()] == ["--max-moves", "--keep", "--separate"]
