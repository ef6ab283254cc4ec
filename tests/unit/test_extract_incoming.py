"""Several deliveries at once: an opt-out in one of them is one in all."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.extracts.incoming import Asked, bring_in
from pcn_analysis.extracts.workspace import workspace

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit

DAY = dt.date(2026, 7, 1)
MAPPING = """
extract_date: 2026-07-01
persons:
  person_id: who
  birth_date: {year: born}
  national_data_opt_out: {column: nds, yes: [Y], no: [N]}
conditions:
  diabetes: dm
"""


def deliveries(folder: Path, opted_out: str) -> Asked:
    """Three people in tables of ours, and a wide file that knows who of them has opted out."""
    (folder / "tables").mkdir()
    rows = "".join(f"00{number},female,1950-07-01,year\n" for number in range(3))
    (folder / "tables/persons.csv").write_text("person_id,sex,birth_date,birth_precision\n" + rows, encoding="utf-8")
    wide = "".join(f"00{number},1950,{'Y' if f'00{number}' == opted_out else 'N'},1\n" for number in range(4))
    (folder / "wide.csv").write_text("who,born,nds,dm\n" + wide, encoding="utf-8")
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    kinds = {"tables": folder / "tables", "wide": folder / "wide.csv"}
    return Asked(kinds, mapping=folder / "mapping.yaml", extract_date=DAY)


def test_an_opt_out_in_any_delivery_takes_the_person_out_of_all(tmp_path):
    with workspace(tmp_path / "people") as space:
        came = bring_in(deliveries(tmp_path, "001"), None, space)
        kept = space.rows(f"SELECT person_id FROM {came.persons} ORDER BY 1")
        assert kept == [("000",), ("002",)]
        assert [str(one) for one in came.findings.rows if one.where == "persons" and one.action == "left out"] == [
            "persons: national data opt-out: 1 (left out)"
        ]


def test_the_first_delivery_says_who_there_is_and_links_are_counted(tmp_path):
    with workspace(tmp_path / "people") as space:
        came = bring_in(deliveries(tmp_path, ""), None, space)
        assert came.people.rows == 3
        [link] = came.links
        assert (link.both, link.only_first, link.only_second) == (3, 0, 1)
        assert came.covered == {"diabetes"}


def test_nobody_left_is_an_error_that_says_why(tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables/persons.csv").write_text("person_id,sex,birth_date\np1,male,2099-01-15\n", encoding="utf-8")
    asked = Asked({"tables": tmp_path / "tables"}, extract_date=DAY)
    with workspace(tmp_path / "people") as space, pytest.raises(PcnAnalysisError) as error:
        bring_in(asked, None, space)
    assert "born after the extract was taken: 1, left out" in str(error.value)
    assert "p1" not in str(error.value)
