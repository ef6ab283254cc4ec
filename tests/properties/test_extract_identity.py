"""A code or pseudonym comes out as it went in: digit by digit, from every kind of file to Parquet."""

import csv
import io
import tempfile
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pcn_analysis.extracts import values
from pcn_analysis.extracts.feeds import Feed
from pcn_analysis.extracts.typed import ROUNDED, typed
from tests.unit.extract_rooms import room

pytestmark = pytest.mark.properties

digits = st.text("0123456789", min_size=1, max_size=18)
words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufeff"),
    min_size=1, max_size=20,
)  # fmt: skip
awkward = st.text("aB0\",;|\t '\\/-_.eE+%\u00a3\u00e9", min_size=1, max_size=12)
NOTHING = {one.casefold() for one in values.NULL_WORDS}
USUAL = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def comparable(cell: str) -> bool:
    """Whether a cell is something once it is trimmed, and none of the words for nothing."""
    trimmed = cell.strip(" \t\u00a0")
    return bool(trimmed) and trimmed.casefold() not in NOTHING and trimmed.lower() not in NOTHING


identifiers = st.lists(st.one_of(digits, words, awkward).filter(comparable), min_size=1, max_size=6)
SNOMED = ["999000011000001104", "000000000000000001", "138875005", "9007199254740993"]


def came_out(path: Path, folder: Path) -> list[tuple[str, str]]:
    """person_id and code of the rows of a delivery, at the end of the way."""
    with room(folder) as here:
        delivery = here.opened(path)
        [table] = delivery.files
        raw = delivery.read(table, {"person_id", "code"})
        read = typed(here.space, Feed("conditions", f"SELECT * FROM {raw.relation}", table), here.findings)
        return here.space.rows(f"SELECT person_id, code FROM {read.relation} ORDER BY ALL")


def went_in(cells: list[str]) -> list[tuple[str, str]]:
    trimmed = [cell.strip(" \t\u00a0") for cell in cells]
    return sorted((cell, other) for cell, other in zip(trimmed, trimmed[::-1], strict=True))


@contextmanager
def folder():
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def text_of(cells: list[str], separator: str, quoting: int, end: str) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, quoting=quoting, lineterminator=end)
    pairs = zip(cells, cells[::-1], strict=True)
    writer.writerow(["person_id", "unwanted", "code"])
    writer.writerows([cell, f"x{number}", other] for number, (cell, other) in enumerate(pairs))
    return stream.getvalue()


@given(
    identifiers, st.sampled_from(",;|\t"), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)  # fmt: skip
@example(SNOMED, ",", csv.QUOTE_MINIMAL, "\n", "utf-8")
@example(['a"b', "a,b", "it's", "a  b"], ",", csv.QUOTE_MINIMAL, "\r\n", "cp1252")
@USUAL
def test_text_keeps_every_character(cells, separator, quoting, end, encoding):
    try:
        content = text_of(cells, separator, quoting, end).encode(encoding)
    except UnicodeEncodeError:
        return
    if encoding == "cp1252" and not content.isascii():
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return  # it is UTF-8 by chance, and nobody could tell
        if any(_is_utf8(content, at) for at in range(len(content))):
            return
    with folder() as here:
        path = here / "conditions.csv"
        path.write_bytes(content)
        assert came_out(path, here) == went_in(cells)


def _is_utf8(content: bytes, at: int) -> bool:
    """Whether bytes of Windows-1252 happen to be one character of UTF-8."""
    for length in (2, 3, 4):
        try:
            if content[at] >= 0x80 and len(content[at : at + length].decode()) == 1:
                return True
        except UnicodeDecodeError:
            continue
    return False


@given(identifiers, st.booleans())
@example(SNOMED, True)
@USUAL
def test_parquet_keeps_every_character(cells, dictionary):
    column, back = pa.array(cells), pa.array(cells[::-1])
    if dictionary:
        column, back = column.dictionary_encode(), back.dictionary_encode()
    with folder() as here:
        pq.write_table(pa.table({"person_id": column, "code": back}), here / "conditions.parquet")
        assert came_out(here / "conditions.parquet", here) == went_in(cells)


@given(st.lists(st.integers(0, 10**18 - 1), min_size=1, max_size=6))
@example([999000011000001104, 9007199254740993])
@USUAL
def test_whole_numbers_of_parquet_and_duckdb_keep_every_digit(numbers):
    wanted = went_in([str(one) for one in numbers])
    with folder() as here:
        rows = pa.table({"person_id": pa.array(numbers, pa.int64()), "code": pa.array(numbers[::-1], pa.int64())})
        pq.write_table(rows, here / "conditions.parquet")
        assert came_out(here / "conditions.parquet", here) == wanted
        with duckdb.connect(str(here / "all.duckdb")) as connection:
            connection.register("delivered", rows)
            connection.execute("CREATE TABLE conditions AS SELECT * FROM delivered")
        assert came_out(here / "all.duckdb", here) == wanted


@given(identifiers)
@example(SNOMED)
@USUAL
def test_a_duckdb_file_keeps_every_character(cells):
    with folder() as here:
        with duckdb.connect(str(here / "all.duckdb")) as connection:
            connection.register("delivered", pa.table({"person_id": cells, "code": cells[::-1]}))
            connection.execute("CREATE TABLE conditions AS SELECT * FROM delivered")
        assert came_out(here / "all.duckdb", here) == went_in(cells)


@given(st.text("0123456789abcdef", min_size=6, max_size=64))
@settings(max_examples=300)
def test_no_hexadecimal_pseudonym_is_taken_for_a_rounded_number(pseudonym):
    found = duckdb.execute(f"SELECT regexp_full_match(?, '{ROUNDED}')", [pseudonym]).fetchall()
    assert found == [(False,)]
