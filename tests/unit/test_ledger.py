"""The ledger: one line an attempt, only ever added to."""

import pytest

from pcn_analysis.reports.ledger import FILE, Entry, latest, read, record

pytestmark = pytest.mark.unit

FIRST = Entry("run1", "wirral-2026-07", "U99194", "01_population_profile", "ok", files={"01.html": "ab12"})
SECOND = Entry("run2", "wirral-2026-07", "U99194", "01_population_profile", "failed", error="the list is damaged …")
OTHER = Entry("run2", "wirral-2026-07", "U79121", "01_population_profile", "ok")


def test_without_a_file_there_are_no_entries(tmp_path):
    assert read(tmp_path) == []


def test_entries_are_read_as_they_were_recorded_in_order(tmp_path):
    for entry in (FIRST, SECOND, OTHER):
        record(tmp_path / "reports", entry)
    assert read(tmp_path / "reports") == [FIRST, SECOND, OTHER]


def test_a_page_is_a_place_a_network_and_a_report():
    assert FIRST.page == SECOND.page == ("wirral-2026-07", "U99194", "01_population_profile")


def cut_short(folder, keep: int) -> None:
    """Leave only the first ``keep`` bytes of the last line."""
    path = folder / FILE
    *lines, last = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines) + last[:keep])


@pytest.mark.parametrize("keep", [0, 1, 30, -2])
def test_a_last_line_cut_short_is_passed_over(tmp_path, keep):
    record(tmp_path, FIRST)
    record(tmp_path, SECOND)
    cut_short(tmp_path, keep)
    assert read(tmp_path) == [FIRST]


def test_a_last_line_cut_short_within_a_letter_is_passed_over(tmp_path):
    record(tmp_path, FIRST)
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes() + '{"run": "…'.encode()[:-1])
    assert read(tmp_path) == [FIRST]


def test_what_is_recorded_after_a_line_cut_short_is_read(tmp_path):
    record(tmp_path, FIRST)
    record(tmp_path, SECOND)
    cut_short(tmp_path, 30)
    record(tmp_path, OTHER)
    assert read(tmp_path) == [FIRST, OTHER]


@pytest.mark.parametrize("line", ["[]", "5", "null", '{"run": "run1"}', '{"unknown": 1}'])
def test_a_line_that_is_no_entry_is_passed_over(tmp_path, line):
    record(tmp_path, FIRST)
    with (tmp_path / FILE).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    record(tmp_path, OTHER)
    assert read(tmp_path) == [FIRST, OTHER]


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\x85", "\u2028"], ids=["LF", "CRLF", "NEL", "LS"])
def test_an_error_of_several_lines_is_one_entry(tmp_path, separator):
    entry = Entry("run1", "wirral-2026-07", "U99194", "01", "failed", error=f"one{separator}two")
    record(tmp_path, entry)
    assert read(tmp_path) == [entry]


def test_the_latest_entry_of_each_page():
    assert latest([FIRST, SECOND, OTHER]) == {FIRST.page: SECOND, OTHER.page: OTHER}


def test_the_latest_entry_of_a_status():
    assert latest([FIRST, SECOND, OTHER], "ok") == {FIRST.page: FIRST, OTHER.page: OTHER}
    assert latest([FIRST, SECOND, OTHER], "ok", "failed")[FIRST.page] == SECOND
    assert latest([FIRST], "up to date") == {}
