"""Delimited text: every line is a row, or one that is counted as left out; nothing is merged, shifted or lost."""

import random

import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.extracts import text_lines
from pcn_analysis.extracts.text_lines import cells_of
from tests.unit.extract_rooms import Room, room

pytestmark = pytest.mark.unit

BROKEN = "rows with more or fewer cells than the header, or an unclosed quote"
NO_TEXT = "rows with bytes that are no text"
RECODED = "rows with characters that are not UTF-8, read as Windows-1252"


@pytest.fixture
def here(tmp_path):
    with room(tmp_path) as opened:
        yield opened


def table(rows: int = 10, *, columns: int = 3, separator: str = ",") -> list[str]:
    """A header and rows; the cell of row 4 in the second column is ``r4c2``."""
    header = separator.join(f"c{column}" for column in range(1, columns + 1))
    return [header] + [
        separator.join(f"r{row}c{column}" for column in range(1, columns + 1)) for row in range(1, rows + 1)
    ]


def text(lines: list[str], end: str = "\n") -> str:
    return end.join(lines) + end


def first_cells(here: Room, content: str | bytes) -> list[str]:
    return [row[0] for row in here.rows(here.read(content).relation)]


# -- what is read --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "|", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_separator_line_end_and_encoding_are_told_from_the_file(here, separator, end, encoding):
    lines = ["id\tname\tnote", "001\tZoë\t5 µg", "002\t£ 3\tx"]
    raw = here.read(text([line.replace("\t", separator) for line in lines], end).encode(encoding))
    assert here.rows(raw.relation) == [("001", "Zoë", "5 µg"), ("002", "£ 3", "x")]
    assert raw.rows == 2


def test_the_last_line_needs_no_line_end(here):
    assert first_cells(here, "id,sex\np1,male\np2,female") == ["p1", "p2"]


def test_mixed_line_ends_are_all_line_ends(here):
    assert first_cells(here, "id,sex\r\np1,male\np2,male\rp3,male\r\n") == ["p1", "p2", "p3"]


def test_cells_are_trimmed_of_every_kind_of_blank_and_empty_ones_are_null(here):
    raw = here.read('id,a,b,c\n p1 ,\u00a0x\u00a0,\t, \np2,"  y ","",\ufeffz\n')
    assert here.rows(raw.relation) == [("p1", "x", None, None), ("p2", "y", None, "z")]


def test_quotes_hold_separators_quotes_and_line_breaks(here):
    raw = here.read('id,note,n\np1,"a, b",1\np2,"he said ""no""",2\np3,"two\nlines, of text",3\np4,"",4\n')
    notes = [row[1] for row in here.rows(raw.relation)]
    assert notes == ["a, b", 'he said "no"', "two\nlines, of text", None]
    assert here.found() == {}


def test_a_line_break_may_stand_in_the_first_and_in_the_last_cell(here):
    raw = here.read('note,id,more\n"a\nb",p1,"c\n\nd"\n"e",p2,f\n')
    assert here.rows(raw.relation) == [("a\nb", "p1", "c\n\nd"), ("e", "p2", "f")]


def test_a_quote_within_a_cell_is_kept_as_it_is(here):
    raw = here.read('id;drug;n\np1;5" catheter;1\np2;a "b" c;2\np3;x;3\n')
    assert [row[1] for row in here.rows(raw.relation)] == ['5" catheter', 'a "b" c', "x"]
    assert here.found() == {"rows with an odd quote within a cell, kept as it is": 1}


def test_wanted_columns_alone_are_read_and_rows_are_counted_all_the_same(here):
    content = text([*table(5), "too,few"])
    raw = here.read(content, keep=lambda column: column == "c2")
    assert (raw.header, raw.columns, raw.rows) == (("c1", "c2", "c3"), ("c2",), 5)
    assert here.found() == {BROKEN: 1}
    nothing = here.read(content, keep=lambda _: False)
    assert nothing.rows == 5
    assert here.space.row(f"SELECT count(*) FROM {nothing.relation}") == (5,)


def test_a_file_of_one_column_is_read(here):
    assert first_cells(here, "person_id\n0001\n\n0002\n") == ["0001", "0002"]


def test_no_two_lines_of_one_column_are_ever_one_row(here):
    lines = ["person_id", *(f"p{row}" for row in range(1, 13))]
    lines[3], lines[5] = '"p3', 'p5"'
    assert first_cells(here, text(lines)) == sorted(["p1", "p2", "p4", 'p5"', *(f"p{row}" for row in range(6, 13))])
    assert here.found()[BROKEN] == 1


def test_four_hundred_columns_are_read(here):
    raw = here.read(text(table(3, columns=400)))
    assert here.rows(raw.relation)[1][399] == "r2c400"


def test_a_very_long_cell_is_read(here):
    raw = here.read(f"id,note\np1,{'x' * 1_000_000}\np2,y\n")
    assert [len(row[1]) for row in here.rows(raw.relation)] == [1_000_000, 1]


def test_blank_lines_are_nothing_and_lines_of_empty_cells_are_counted(here):
    assert first_cells(here, 'id,sex\n\np1,male\n,\n"",""\np2,male\n\n\n') == ["p1", "p2"]
    assert here.found() == {"rows without any value": 2}


def test_a_header_in_the_middle_is_no_row(here):
    assert first_cells(here, "id,sex\np1,male\n\ufeffid,sex\nid,sex\np2,male\n") == ["p1", "p2"]
    assert here.found() == {"rows that repeat the header": 2}


# -- headers -------------------------------------------------------------------------------------------------


def test_headings_are_folded(here):
    raw = here.read(b'\xef\xbb\xbf NHS Number ,"Date of\nBirth",SEX\n1,2,3\n')
    assert raw.header == ("nhs_number", "date_of_birth", "sex")
    assert raw.rows == 1


def test_a_heading_that_is_missing_gets_the_name_of_its_place(here):
    assert here.read("id,,sex\n1,2,3\n").header == ("id", "column_2", "sex")


def test_a_heading_twice_is_an_error(here):
    with pytest.raises(PcnAnalysisError, match="names a column twice: sex"):
        here.read("id,Sex, sex \n1,2,3\n")


def test_only_a_header_is_a_table_without_rows(here):
    assert here.read("id,sex").rows == 0


def test_lines_above_the_header_are_skipped_when_asked(here):
    raw = here.read('Extract of "1 July\n\nid,sex\np1,male\n', skip_lines=2)
    assert here.rows(raw.relation) == [("p1", "male")]


def test_lines_above_the_header_are_an_error_otherwise(here):
    with pytest.raises(PcnAnalysisError, match="first line must name the columns"):
        here.read("Extract of 1 July\nid,sex\np1,male\np2,male\n")


def test_the_line_by_which_excel_is_told_the_separator_is_no_header(here):
    assert here.read("sep=;\nid;sex\np1;male\n").header == ("id", "sex")


def test_separators_at_the_end_of_every_row_are_nothing(here):
    raw = here.read("id,sex\np1,male,,\np2,female,,\n")
    assert here.rows(raw.relation) == [("p1", "male"), ("p2", "female")]


def test_a_separator_at_the_end_of_one_row_is_not_read_past(here):
    """A row with a separator too many may be shifted, even if its last cell is empty."""
    lines = [*table(), "p,,q,"]
    assert len(first_cells(here, text(lines))) == 10
    assert here.found() == {BROKEN: 1}


def test_cells_beyond_the_header_are_an_error(here):
    with pytest.raises(PcnAnalysisError, match="3 of 3 rows do not have the cells"):
        here.read("id,sex\n1,2,3\n1,2,3\n1,2,3\n")


def test_a_header_longer_than_the_rows_is_an_error_unless_the_rest_is_empty(here):
    with pytest.raises(PcnAnalysisError, match="2 of 2 rows"):
        here.read("id,sex,age\np1,male\np2,male\n")
    assert here.read("id,sex,,\np1,male\np2,male\n").header == ("id", "sex")


def test_a_separator_of_another_kind_in_the_rows_is_an_error(here):
    with pytest.raises(PcnAnalysisError, match="do not have the cells"):
        here.read("id,sex\np1;male\np2;male\n")


# -- what cannot be read -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("content", "why"), [
    (b"", "is empty"), (b"\n\n", "names no columns"), (b"PK\x03\x04 and so on", "no text file"),
    (bytes(4000), "no text file"), ("id,sex\np1,male\n".encode("utf-32"), "no text file"),
    ("id,sex\np1,male\n".encode("utf-16-le"), "no text file"), ("id,sex\np1,m\n".encode("utf-16")[:-1], "is missing"),
    (b"\xd0\xcf\x11\xe0" + b"x" * 400, "no text file"),
])  # fmt: skip
def test_what_is_no_table_is_refused_in_one_line(here, content, why):
    with pytest.raises(PcnAnalysisError, match=why) as error:
        here.read(content)
    assert str(error.value).startswith("table.csv: ")


def test_a_line_without_an_end_is_refused_before_it_fills_the_memory(here, monkeypatch):
    monkeypatch.setattr(text_lines, "CHUNK", 100)
    monkeypatch.setattr(text_lines, "LONGEST", 1000)
    with pytest.raises(PcnAnalysisError, match="longer than 1,000 bytes"):
        here.read("id,sex\n" + "x" * 2000)


@pytest.mark.parametrize("row", [1, 5, 10])
@pytest.mark.parametrize("columns", [2, 3, 40])
@pytest.mark.parametrize("column", ["first", "last"])
def test_an_unclosed_quote_costs_its_own_row_only(here, row, columns, column):
    lines = table(columns=columns)
    broken = lines[row].split(",")
    place = 0 if column == "first" else -1
    broken[place] = '"' + broken[place]
    lines[row] = ",".join(broken)
    raw = here.read(text(lines), keep=lambda name: name == "c1")
    assert here.rows(raw.relation) == sorted((f"r{one}c1",) for one in range(1, 11) if one != row)
    assert here.found() == {BROKEN: 1}


@pytest.mark.parametrize("other", ['"r6c1,r6c2,r6c3', 'r6c1,"r6c2,r6c3', 'r6c1,r6c2,"r6c3', '"r6c1",x"r6c2,r6c3'])
@pytest.mark.parametrize("apart", [1, 2, 5])
def test_two_unclosed_quotes_never_make_one_row_of_several(here, other, apart):
    lines = table(12)
    lines[6], lines[6 - apart] = other, f'r{6 - apart}c1,"r{6 - apart}c2,r{6 - apart}c3'
    kept = first_cells(here, text(lines))
    assert set(kept) >= {f"r{one}c1" for one in range(1, 13) if one not in (6, 6 - apart)}
    assert len(kept) + here.found()[BROKEN] == 12


def test_rows_that_stand_within_a_closed_quote_are_rows(here):
    lines = table(12)
    lines[4], lines[7] = 'r4c1,"r4c2,r4c3', 'r7c1,r7c2",r7c3'
    kept = first_cells(here, text(lines))
    assert kept == sorted(f"r{one}c1" for one in range(1, 13) if one != 4)
    assert here.found()[BROKEN] == 1


def test_a_quote_that_closes_too_soon_costs_its_row(here):
    lines = table()
    lines[3] = '"r3"c1,r3c2,r3c3'
    lines[4] = 'a"b,"c,r4c3'
    assert len(first_cells(here, text(lines))) == 8
    assert here.found() == {BROKEN: 2}


def test_rows_with_more_or_fewer_cells_are_counted_once_each(here):
    lines = table(20)
    lines[2], lines[9], lines[20] = "a,b,c,d,e,f,g", "a", "a,b"
    assert len(first_cells(here, text(lines))) == 17
    assert here.found() == {BROKEN: 3}


def test_two_rows_on_one_line_are_one_line_that_cannot_be_read(here):
    lines = table()
    lines[3:5] = ["".join(lines[3:5])]
    assert len(first_cells(here, text(lines))) == 8
    assert here.found() == {BROKEN: 1}


def test_a_damaged_byte_costs_its_own_row_only(here):
    lines = [line.encode() for line in table()]
    lines[1], lines[5] = "é,ü,ø".encode(), b"r5c1,\xff\xfe,r5c3"
    assert len(first_cells(here, b"\n".join(lines))) == 9
    assert here.found() == {NO_TEXT: 1}


def test_null_bytes_cost_their_own_rows_only(here):
    lines = [line.encode() for line in table(40, columns=20)]
    lines[5] = b"\0" * 20
    assert len(first_cells(here, b"\r\n".join(lines))) == 39
    assert here.found() == {NO_TEXT: 1}


def test_bytes_of_no_character_in_windows_text_cost_their_own_row_only(here):
    lines = [line.encode() for line in table()]
    lines[2], lines[5] = "Zoë,r2c2,r2c3".encode("cp1252"), b"r5c1,\x81,r5c3"
    assert "Zoë" in first_cells(here, b"\n".join(lines))
    assert here.found() == {NO_TEXT: 1, RECODED: 1}


def test_a_byte_order_mark_in_the_middle_is_trimmed(here):
    assert first_cells(here, "id,sex\np1,male\n\ufeffp2,male\n") == ["p1", "p2"]


def test_a_file_most_of_which_is_broken_is_refused(here):
    with pytest.raises(PcnAnalysisError, match="4 of 10 rows"):
        here.read(text([*table(6), *(["broken"] * 4)]))


def test_blocks_are_joined_without_loss_wherever_they_are_cut(here, monkeypatch):
    lines = ["id,note,n", *(f'{row},"line\nbreak {row}",é' for row in range(50)), '51,"open,é', "52,x,é"]
    for chunk in (1, 7, 64, 1000):
        monkeypatch.setattr(text_lines, "CHUNK", chunk)
        raw = here.read(text(lines))
        assert raw.rows == 51
        assert len({row[0] for row in here.rows(raw.relation)}) == 51


def test_one_corrupt_row_in_a_large_file_is_counted_once(here):
    """The file is larger than what DuckDB and this package read at a time."""
    rows = [f"p{row:08d},2020-01-01,{'x' * 100}" for row in range(300_000)]
    rows[200_000] = 'p00200000,"2020-01-01'
    raw = here.read("id,date,note\n" + "\n".join(rows))
    assert raw.rows == 299_999
    assert here.found() == {BROKEN: 1}


def test_no_cell_of_a_row_is_in_a_message(here):
    for content in ('id,sex\n"SECRET,1\n"SECRET\n', "id,sex\nSECRET\nSECRET,1,2\n"):
        with pytest.raises(PcnAnalysisError) as error:
            here.read(content)
        assert "SECRET" not in str(error.value)
        assert "SECRET" not in str(error.value.__cause__)


# -- any mess ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(40))
def test_any_change_of_a_few_bytes_costs_no_row_but_those_it_touches(here, seed):
    """Rows are those of the file, but for lines that were touched, and what is not there is counted."""
    chance = random.Random(seed)
    separator = chance.choice(",;|\t")
    lines = table(60, columns=chance.choice([2, 3, 9]), separator=separator)
    if chance.random() < 0.5:
        lines = [separator.join(f'"{cell}"' for cell in line.split(separator)) for line in lines]
    content = bytearray(text(lines, chance.choice(["\n", "\r\n"])).encode())
    header_end = content.index(b"\n") + 1
    touched = set()
    for _ in range(chance.choice([1, 2, 3])):
        at = chance.randrange(header_end, len(content))
        touched |= {content[:at].count(b"\n"), content[: at + 1].count(b"\n")}
        junk = chance.choice([b'"', b'""', b",", b";", b"|", b"\t", b"\n", b"\r", b"\0", b"\xff", b"\xc3", b"x", b""])
        content[at : at + (chance.random() < 0.5 and content[at] not in b"\r\n")] = junk
    try:
        raw = here.read(bytes(content))
    except PcnAnalysisError:
        return
    whole = {tuple(cell.strip('"') for cell in line.split(separator)) for line in lines[1:]}
    rows = here.rows(raw.relation)
    strange = [row for row in rows if row not in whole]
    lost = len(whole) - len(whole & set(rows))
    counted = sum(one.rows for one in here.findings.rows if one.action == "left out")
    assert len(strange) <= 2 * len(touched)
    assert lost <= 2 * len(touched)
    assert lost <= counted + len(strange)


def test_cells_are_those_that_the_csv_module_reads():
    assert cells_of('a,"b ""c"", d",,"",5" x', ",") == ["a", 'b "c", d', "", "", '5" x']
    assert cells_of("", ",") == [""]
    assert cells_of('"a', ",") is None
