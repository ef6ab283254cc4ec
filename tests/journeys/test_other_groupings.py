"""Groupings of a place's practices, from a file that somebody drops to the command, the page and its index."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_bad_input import new_project, refuses, run

from pcn_analysis.network.groupings import own_practices
from pcn_analysis.prepared import load_place
from pcn_analysis.reports.pages import check_page

pytestmark = pytest.mark.journey

STATED = '"# publisher: Marlhaven Council, invented",\r\n# period: July 2026,\r\n'
COMPARE = ("network", "compare", "--place", "synthetic", "--grouping")
PAGE = Path("reports", "synthetic", "ALL", "10_groupings.html")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the invented place, and a folder for its groupings."""
    root = new_project(tmp_path_factory.mktemp("groupings") / "root")
    assert run(root, "prepare", "--synthetic").code == 0
    (root / "data" / "raw" / "groupings" / "marlhaven").mkdir(parents=True)
    return root


@pytest.fixture(scope="module")
def rows(root: Path) -> str:
    """Practices in turn into two neighbourhoods."""
    codes = own_practices(load_place(root / "data" / "processed" / "synthetic")).index
    grouped = (f"{code.lower()},{('East', 'West')[at % 2]}" for at, code in enumerate(codes))
    return "\r\n".join(["Practice code,Group", *grouped, ""])


@pytest.fixture
def drop(root: Path):
    """Put a file of the place's groupings into its folder, for one test."""
    put: list[Path] = []

    def dropped(name: str, text: str) -> Path:
        path = root / "data" / "raw" / "groupings" / "marlhaven" / name
        path.write_bytes(text.encode("cp1252"))
        put.append(path)
        return path

    yield dropped
    for path in put:
        path.unlink(missing_ok=True)


def test_the_command_measures_a_grouping_and_holds_it_against_networks(root, rows, drop):
    drop("neighbourhood.csv", STATED + rows)
    ended = run(root, *COMPARE, "neighbourhood")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[0] == "Marlhaven, 1 July 2026"
    assert lines[1].startswith("neighbourhood (Marlhaven Council, invented, July 2026, neighbourhood.csv): ")
    assert "have the size meant, 37,500 to 62,500" in lines[1]
    at = next(number for number, line in enumerate(lines) if line.startswith("group "))
    assert sorted(line.split()[0] for line in lines[at + 1 : at + 3]) == ["East", "West"]
    assert "against Primary Care Networks (5 groups)" in ended.out
    assert "adjusted Rand index " in ended.out
    assert " practices not in the group matched with theirs:" in ended.out


def test_a_grouping_held_against_itself_agrees_wholly(root):
    ended = run(root, *COMPARE, "pcn", "--against", "pcn")
    assert "adjusted Rand index 1.00, adjusted mutual information 1.00" in ended.out
    assert ended.out.rstrip().endswith("nobody would change groups.")


def test_a_draft_anywhere_is_told_with_rounded_counts_and_what_to_add(root, rows, tmp_path):
    path = tmp_path / "draft.csv"
    path.write_text(rows, encoding="utf-8-sig")
    ended = run(root, *COMPARE, path)
    assert ended.code == 0
    assert "draft.csv does not say who publishes it and of when it is: a draft." in ended.out
    assert str(tmp_path) not in ended.out


def test_what_is_wrong_with_both_files_is_told_at_once(root, drop):
    drop("one.csv", "practice_code,group\nX90001,\nX90002,A\nX90002,B\n")
    drop("two.csv", "practice,group\nX90001,A\n")
    says = (r"one.csv: rows without a group: 1\. .*", r"one.csv: practices in more than one group: 1 \(X90002\)\. .*",
            r"two.csv: the column practice_code is missing\. Begin it with practice_code,group .*")  # fmt: skip
    refuses(root, *COMPARE, "one", "--against", "two", says=says)


def test_an_unknown_name_is_told_with_the_nearest_and_where_to_put_a_file(root, drop, rows):
    drop("localities.csv", STATED + rows)
    says = (r"--grouping: Marlhaven has no grouping “locality”\. Did you mean localities\? "
            r"Or put it into data/raw/groupings/marlhaven/locality\.csv, or give the path of a file\.",)  # fmt: skip
    refuses(root, *COMPARE, "locality", says=says)


def test_the_page_shows_the_neighbourhoods_of_a_place_and_those_of_a_file_before_them(root, rows, drop):
    asked = ("report", "--place", "synthetic", "--notebook", "10")
    assert run(root, *asked).code == 0
    before = (root / PAGE).read_text(encoding="utf-8")
    drop("neighbourhood.csv", STATED + rows)
    assert run(root, *asked).code == 0
    after = (root / PAGE).read_text(encoding="utf-8")
    assert ("Lantern Hill" in before, "Lantern Hill" in after) == (True, False)
    assert (before.count("<img"), after.count("<img")) == (4, 4)
    assert "Marlhaven Council, invented" in after
    for html in (before, after):
        check_page(html, "10_groupings")
    assert 'href="synthetic/ALL/10_groupings.html"' in (root / "reports" / "index.html").read_text(encoding="utf-8")
