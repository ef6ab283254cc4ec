"""gptables' workbook, with its tables written plainly: a value at a time, as a number or as text.

gptables formats tables through pandas, looks in every text for links and notes, and takes some 0.3 seconds for the
tables of a page; this takes a fifth of it, and leaves every text as it is.
"""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING, Any

from gptables.core.wrappers import GPWorkbook, GPWorksheet
from xlsxwriter.workbook import Workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gptables import Cover, GPTable
    from xlsxwriter.format import Format

NARROWEST, WIDEST = 10, 50
"""Characters of a column; longer texts are wrapped."""
_ROOM = 2
_THOUSANDS = {"num_format": "#,##0"}


class Book(GPWorkbook):
    """A workbook of which every sheet is a :class:`Sheet`."""

    def add_worksheet(self, name: str = "", gridlines: str = "hide_all") -> Sheet:
        """Add a sheet, without lines around its cells."""
        sheet = Workbook.add_worksheet(self, name, Sheet)
        sheet.theme, sheet._workbook = self.theme, self
        sheet.hide_gridlines(2 if gridlines == "hide_all" else 0)
        return sheet


class Sheet(GPWorksheet):
    """A sheet whose texts are texts: none is a link, a note, a formula or a number."""

    def _parse_urls(self, sheet: GPTable | Cover) -> None:
        """Leave texts that look like links."""

    def _reference_annotations(self, gptable: GPTable, reference_order: list[str]) -> None:
        """Leave texts that look like notes."""

    def _write_table_elements(self, _pos: list[int], gptable: GPTable, auto_width: bool) -> list[int]:
        """Write the table where its range is, and mark it as one."""
        theme, book = self.theme, self._workbook
        top, left, bottom, _ = gptable.data_range
        rows, above = gptable.table.to_numpy(dtype=object).tolist(), []
        for number, heading in enumerate(gptable.table):
            values = [row[number] for row in rows]
            side = {"align": "right" if any(map(_is_number, values)) else "left"}
            text = book.add_format({**theme.data_format, **side, "valign": "top"})
            whole = book.add_format({**theme.data_format, **side, "valign": "top", **_THOUSANDS})
            above.append({"header": heading, "header_format": book.add_format({**theme.column_heading_format, **side})})
            self._write_values(top + 1, left + number, values, text, whole)
            self.set_column(number, number, _width(heading, values) if auto_width else WIDEST)
        options = {"name": gptable.table_name, "columns": above, "autofilter": False, "style": None}
        self.add_table(*gptable.data_range, options)
        return [bottom + 1, left]

    def _write_values(self, top: int, column: int, values: Sequence[Any], text: Format, whole: Format) -> None:
        for row, value in enumerate(values, start=top):
            if isinstance(value, dict):  # a line of the contents
                [(words, address)] = value.items()
                self.write_url(row, column, address, text, words)
            elif _is_number(value):
                self.write_number(row, column, value, whole if isinstance(value, int) else text)
            else:
                self.write_string(row, column, _said(value), text)


def _is_number(value: Any) -> bool:
    return isinstance(value, Real)


def _said(value: Any) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def _width(heading: str, values: Sequence[Any]) -> float:
    said = [len(next(iter(value)) if isinstance(value, dict) else _said(value)) for value in values]
    longest = max(*map(len, heading.split()), *said)
    return 1.1 * min(max(longest + _ROOM, NARROWEST), WIDEST)
