"""The tables of a page, taken out of its executed notebook, and the one CSV file of their values."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import handmade
import pandas as pd
import pytest
from shown_pages import FIRST, SECOND, STEM, TITLE, kept_outputs, notebook_of, profile, read_back, show_people

from pcn_analysis.display import show_reading, show_table
from pcn_analysis.display.output import MARK
from pcn_analysis.display.table_facts import FACTS
from pcn_analysis.reports.shown_tables import shown_page, table_files
from pcn_analysis.reports.tidy import COLUMNS, observations

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.place import Network

pytestmark = pytest.mark.unit


def read(notebook: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(observations(shown_page(notebook, TITLE, STEM)))))


def one_table(frame: pd.DataFrame, **kinds: Any) -> list[dict[str, str]]:
    with kept_outputs() as outputs:
        show_table(handmade.released(frame, **kinds), {frame.columns[0]: "First"}, "One table")
    return read(notebook_of(outputs))


def test_a_page_has_its_tables_in_order_with_headings_kinds_and_all_values(harbour: Network) -> None:
    page = shown_page(profile(harbour), TITLE, STEM)
    assert [table.facts["caption"] for table in page.tables] == [FIRST, SECOND]
    first, second = page.tables
    assert [(one.name, one.kind, one.heading) for one in first.columns] == [
        ("practice_code", "word", ""),
        ("practice_name", "word", "Practice"),
        ("patients", "count", ""),
        ("network_patients", "count", ""),
        ("share", "rate", "Share"),
    ]
    assert first.rows[0] == ("A00001", "Quayside Surgery", "24000", "40000", "0.6")
    assert [one.kind for one in second.columns] == ["word"] * 2 + ["count"] * 2 + ["number", "flag"] + ["rate"] * 3


def test_why_a_value_is_missing_is_what_the_page_says(harbour: Network) -> None:
    table = shown_page(profile(harbour), TITLE, STEM).tables[1]
    names = [one.name for one in table.columns]
    gaps = [dict(zip(names, gaps, strict=True)) for gaps in table.gaps]
    assert [one["patients"] for one in gaps] == ["withheld", "", "not known", ""]
    assert [one["share"] for one in gaps] == ["withheld", "", "not known", "not applicable"]
    assert [one["share_lower"] for one in gaps] == ["withheld", "", "not known", "not applicable"]
    assert [one["weight"] for one in gaps] == ["", "", "", "not known"]
    assert {one["sex"] for one in gaps} == {""}


def test_what_this_package_did_not_show_as_a_table_is_in_no_file(harbour: Network) -> None:
    with kept_outputs() as outputs:
        show_reading("Said.")
        show_people({"sex": "Sex"})
    outputs[1].metadata[MARK] = "somebody"
    assert shown_page(notebook_of(outputs), TITLE, STEM).tables == ()


def test_a_page_without_tables_has_no_files(tmp_path: Path) -> None:
    with kept_outputs() as outputs:
        show_reading("Said.")
    assert table_files(notebook_of(outputs), TITLE, STEM, tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_the_same_notebook_gives_the_same_bytes_read_from_its_file_or_not(harbour: Network, tmp_path: Path) -> None:
    made = []
    for number, notebook in enumerate([profile(harbour), profile(harbour), read_back(profile(harbour), tmp_path)]):
        folder = tmp_path / str(number)
        folder.mkdir()
        files = table_files(notebook, TITLE, STEM, folder)
        assert [path.name for path in files] == [f"{STEM}.xlsx", f"{STEM}.csv"]
        made.append([path.read_bytes() for path in files])
    assert made[0] == made[1] == made[2]
    assert b"\r" not in made[0][1]


# -- one row a value ---------------------------------------------------------------------------------------


def test_every_value_is_a_row_with_its_labels(harbour: Network) -> None:
    rows = read(profile(harbour))
    assert tuple(rows[0]) == COLUMNS
    assert rows[1] == {
        "place": "Marlhaven",
        "network": "Harbour PCN",
        "pcn_code": "U00001",
        "index_date": "2026-07-01",
        "vintage": "2026-07",
        "part_modelled": "False",
        "synthetic": "True",
        "report": STEM,
        "table": FIRST,
        "row": "practice_code: A00001",
        "measure": "patients",
        "value": "24000",
        "status": "",
    }
    [held] = [one for one in rows if one["status"] == "withheld" and one["measure"] == "patients"]
    assert (held["row"], held["value"]) == ("age_band: 0 to 4; sex: female", "")
    assert len({(one["table"], one["row"], one["measure"]) for one in rows}) == len(rows)


def test_a_value_is_there_or_there_is_a_reason(harbour: Network) -> None:
    assert all(bool(one["value"]) != bool(one["status"]) for one in read(profile(harbour)))


def test_files_of_several_pages_can_be_put_below_each_other(harbour: Network) -> None:
    texts = [observations(shown_page(profile(harbour), TITLE, stem)) for stem in ("01", "02")]
    stacked = pd.concat([pd.read_csv(io.StringIO(one)) for one in texts])
    assert list(stacked.columns) == list(COLUMNS)
    assert stacked["report"].value_counts().to_list() == [len(stacked) / 2] * 2


def test_a_caption_that_comes_twice_is_numbered() -> None:
    with kept_outputs() as outputs:
        show_people({"sex": "Sex"})
        show_people({"sex": "Sex"})
    assert list(dict.fromkeys(one["table"] for one in read(notebook_of(outputs)))) == [SECOND, f"{SECOND} (2)"]


ROWS = {
    "its first word": ({"role": ["a", "b"], "name": ["x", "y"], "fte": [1.0, 2.0]}, ["role: a", "role: b"]),
    "as many words as it takes": (
        {"sex": ["f", "f"], "age": ["0", "5"], "people": [1.0, 1.0]},
        ["sex: f; age: 0", "sex: f; age: 5"],
    ),
    "a number that it begins with": ({"decile": [1, 2], "people": [3.0, 3.0]}, ["decile: 1", "decile: 2"]),
    "a number where words do not do": (
        {"kind": ["a", "a"], "year": [3.0, 4.0], "flag": [True, True]},
        ["kind: a; year: 3.0", "kind: a; year: 4.0"],
    ),
    "a number of ours where nothing does": (
        {"kind": ["a", "a"], "flag": [True, False]},
        ["kind: a", "kind: a (2)"],
    ),
    "words of which one is left to be a value": ({"kind": ["a", "a"], "said": ["x", "x"]}, ["kind: a", "kind: a (2)"]),
    "nothing where there is one column": ({"said": ["x", "y"]}, ["row", "row (2)"]),
    "never its status": ({"status": ["x", "y"], "kind": ["a", "b"], "fte": [1.0, 2.0]}, ["kind: a", "kind: b"]),
}


@pytest.mark.parametrize("rule", ROWS)
def test_a_row_is_told_by(rule: str) -> None:
    frame, expected = ROWS[rule]
    numbers = tuple(name for name, values in frame.items() if isinstance(values[0], int | float))
    rows = one_table(pd.DataFrame(frame), numbers=tuple(name for name in numbers if name != "flag"))
    assert list(dict.fromkeys(one["row"] for one in rows)) == expected


def test_the_facts_beside_a_table_hold_none_of_its_values(harbour: Network) -> None:
    table = profile(harbour).cells[1].outputs[1]
    facts = str(table.metadata[FACTS])
    assert "network_patients" in facts
    assert "24000" not in facts
    assert "Quayside" not in facts
