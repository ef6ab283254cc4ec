"""The page on statistics, ``docs/statistics.md``, and what was measured for it."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

from tests.oracles.comparison import OF_WIDTH, Comparison
from tests.oracles.workbooks import BESIDE, compare, find

HERE = Path(__file__).parent
MEASURED, WORDS = HERE / "measured.csv", HERE / "page.md"
FIELDS = ("workbook", "method", "values", "nulls", "ours", "theirs", "largest", "tolerance", "unit")
FLOOR = 1e-9
"""Smaller differences are those of arithmetic, not the same on every machine, and are written as below this."""
DIGITS = 6
"""Significant digits of a value of ours and of theirs."""


def measured(folder: Path = BESIDE) -> list[dict[str, str]]:
    """What comparing every workbook of a folder gave: counts and largest differences, as text."""
    return [row_of(path.name, one) for path in find(folder) for one in compare(path)]


def row_of(workbook: str, one: Comparison) -> dict[str, str]:
    """A row of what was measured, as text."""
    numbers = (
        str(one.known),
        str(one.nulls),
        *(_value(value, one) for value in one.furthest(FLOOR)),
        _difference(one.largest, one.unit),
        _difference(one.tolerance, one.unit),
    )
    return dict(zip(FIELDS, (workbook, one.method, *numbers, one.unit), strict=True))


def _value(value: float, one: Comparison) -> str:
    if math.isnan(value):
        return "null"
    return one.labels[int(value)] if one.labels else f"{value:#.{DIGITS}g}"


def _difference(largest: float, unit: str) -> str:
    if unit == OF_WIDTH:
        return f"{100 * largest:.1f}%"
    return f"below {FLOOR:.0e}" if largest <= FLOOR else f"{largest:.0e}"


def stored() -> list[dict[str, str]]:
    """What was measured last."""
    with MEASURED.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def written(rows: list[dict[str, str]]) -> str:
    """Rows as the text of ``measured.csv``."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def document(rows: list[dict[str, str]] | None = None) -> str:
    """Text of ``docs/statistics.md``."""
    rows = stored() if rows is None else rows
    heads = ("workbook", "method", "values", "of them null", "ours", "theirs", "difference", "put up with", "told as")
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for row in rows:
        values = str(int(row["values"]) + int(row["nulls"]))
        cells = (
            f"`{row['workbook']}`",
            row["method"],
            values,
            row["nulls"],
            row["ours"],
            row["theirs"],
            row["largest"],
            row["tolerance"],
            row["unit"],
        )
        lines.append(f"| {' | '.join(cells)} |")
    return WORDS.read_text(encoding="utf-8").replace("{table}", "\n".join(lines))
