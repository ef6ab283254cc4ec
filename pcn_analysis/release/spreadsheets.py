"""A list as a spreadsheet that a screen reader can follow: one table, its header row marked, nothing said by colour.

The first sheet is the list: header row frozen and repeated in print, no merged cells, the file's title and language in
its properties. The second, “Read me”, says what the list is. Every text is written as text, so that none of it can be
taken for a formula, a link or a number. The same rows give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

LANGUAGE = "en-GB"
LIST, READ_ME = "List", "Read me"
FOOTER = "For review by a clinician who knows the patient; not a diagnosis, not a decision. Do not publish or copy."
"""Stands under every printed page, and first on the sheet “Read me”."""
NARROWEST, WIDEST, READ_ME_WIDTH = 10, 60, 100
"""Characters of a column; longer texts are wrapped."""
_CORE, _END = "docProps/core.xml", "</cp:coreProperties>"
PLAIN = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
"""How a workbook is written: no text of it becomes a formula, a number or a link."""


def spreadsheet(rows: pd.DataFrame, *, title: str, readme: str, day: dt.date) -> bytes:
    """Make a spreadsheet of a list.

    Parameters
    ----------
    rows
        The list, with a heading for each column. Texts stay texts, whatever they begin with; whole numbers are numbers;
        anything else is written as text; what is missing is an empty cell. Without rows the table has one empty row, as
        a table needs one.
    title
        What the file is called in its properties.
    readme
        The lines of the second sheet.
    day
        The date of the list, for the properties; nothing reads the clock.

    Returns
    -------
    bytes
        The content of an ``.xlsx`` file.

    Examples
    --------
    >>> content = spreadsheet(pd.DataFrame({"place": [1]}), title="A list", readme="Why", day=dt.date(2026, 7, 1))
    >>> content[:2]
    b'PK'
    """
    from xlsxwriter.workbook import Workbook

    made = io.BytesIO()
    with Workbook(made, PLAIN) as book:
        created = dt.datetime.combine(day, dt.time())
        book.set_properties({"title": title, "subject": title, "comments": FOOTER, "created": created})
        _list(book, rows)
        _read_me(book, [FOOTER, "", *readme.splitlines()])
    return with_language(made.getvalue())


def _list(book: Workbook, rows: pd.DataFrame) -> None:
    sheet, wrapped = book.add_worksheet(LIST), book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    headings = [{"header": str(name), "header_format": bold} for name in rows]
    last = max(len(rows), 1)
    sheet.add_table(0, 0, last, len(headings) - 1, {"name": LIST, "columns": headings, "style": "Table Style Light 1"})
    for number, name in enumerate(rows):
        values = rows[name]
        sheet.set_column(number, number, _width(str(name), values), wrapped)
        _write(sheet, number, values)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    _page(sheet)


def _write(sheet: Worksheet, number: int, values: pd.Series) -> None:
    """One column: whole numbers as numbers, anything else as text."""
    whole = pd.api.types.is_integer_dtype(values.dtype)
    for row, value in enumerate(values.array, start=1):
        if pd.isna(value):
            continue
        if whole:
            sheet.write_number(row, number, int(value))
        else:
            sheet.write_string(row, number, str(value))


def _read_me(book: Workbook, lines: Sequence[str]) -> None:
    sheet, wrapped = book.add_worksheet(READ_ME), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, READ_ME_WIDTH, wrapped)
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, wrapped)
    _page(sheet)


def _page(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{FOOTER}&RPage &P of &N")


def _width(heading: str, values: pd.Series) -> int:
    """Characters of the longest text of a column, within limits, and room for the button of the heading."""
    told: Any = values.astype("string").str.len().max()
    longest = max(len(heading) + 4, 0 if pd.isna(told) else int(told) + 1)
    return min(max(longest, NARROWEST), WIDEST)


def with_language(content: bytes) -> bytes:
    """The same file with its language, of which the library that writes it knows nothing."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.infolist():
            text = before.read(part)
            if part.filename == _CORE:
                text = text.replace(_END.encode(), f"<dc:language>{LANGUAGE}</dc:language>{_END}".encode())
            after.writestr(part, text, zipfile.ZIP_DEFLATED)
    return made.getvalue()
