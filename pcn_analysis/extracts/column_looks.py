"""What the values of a column look like, by counts alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis import codes
from pcn_analysis.extracts import values
from pcn_analysis.extracts.mapping_sql import is_date
from pcn_analysis.extracts.workspace import name

if TYPE_CHECKING:
    from pcn_analysis.extracts.text_files import Raw
    from pcn_analysis.extracts.workspace import Workspace

AT_ONCE = 12
"""Columns looked at in one query."""
MOST = 0.95
"""From this share of a column's filled cells on, it looks like something."""
FEWEST_ROWS, LONGEST_WORD, MOST_WORDS = 10, 12, 12
"""Words of a column are shown only where each is in so many rows, is no longer, and there are no more of them."""
_WHOLE = "regexp_replace({0}, '\\.0+$', '')"
_SEXES = ("m", "f", "male", "female", "i", "u", "indeterminate", "unknown")
_TESTS = {
    "filled": "{0} IS NOT NULL",
    "flag": values.among(_WHOLE, (*values.YES, *values.NO)),
    "yes": values.among(_WHOLE, values.YES),
    "date": "{date}",
    "first": "{date} AND day({either}) IN (1, 15)",
    "month": "regexp_full_match({0}, '[0-9]{{4}}-[0-9]{{2}}|[0-9]{{1,2}}/[0-9]{{4}}')",
    "practice": f"regexp_matches(upper({{0}}), '{codes.PRACTICE}')".replace("{5}", "{{5}}"),
    "area": f"regexp_matches(upper({{0}}), '{codes.LSOA}')".replace("{6}", "{{6}}"),
    "decile": "regexp_full_match({0}, '(10|[1-9])(\\.0+)?')",
    "sex": values.among("{0}", _SEXES),
    "whole": "({whole}) >= 0",
    "number": "({number}) IS NOT NULL",
    "fraction": "({number}) BETWEEN 0 AND 1",
}
ORDER = ("flag", "sex", "practice", "area", "month", "date", "decile", "whole", "number")
"""What a column may look like, the most telling first."""
WORDS = {
    "flag": "yes or no", "sex": "sexes", "practice": "practice codes", "area": "LSOA codes", "month": "months",
    "date": "dates", "decile": "1 to 10", "whole": "whole numbers", "number": "numbers", "text": "text",
    "nothing": "nothing",
}  # fmt: skip


@dataclass(frozen=True)
class Looks:
    """What the values of a column look like.

    Parameters
    ----------
    column
        Its folded name.
    rows
        Rows of the table.
    counts
        How many cells are what, by name of a test; ``filled`` of all that hold something.
    """

    column: str
    rows: int
    counts: dict[str, int]

    def mostly(self, test: str) -> bool:
        """Whether nearly all that is filled passes a test."""
        return self.counts["filled"] > 0 and self.counts[test] >= MOST * self.counts["filled"]

    @property
    def kind(self) -> str:
        """One of ``WORDS``."""
        if not self.counts["filled"]:
            return "nothing"
        return next((test for test in ORDER if self.mostly(test)), "text")

    @property
    def has_blanks(self) -> bool:
        """Whether some cells are blank."""
        return self.counts["filled"] < self.rows


def looks(space: Workspace, raw: Raw) -> dict[str, Looks]:
    """Count what the values of each column are.

    Parameters
    ----------
    space
        The workspace.
    raw
        The table; every column that was read is looked at.
    """
    found = {}
    for start in range(0, len(raw.columns), AT_ONCE):
        columns = raw.columns[start : start + AT_ONCE]
        counts = space.row(f"SELECT {', '.join(_count(column) for column in columns)} FROM {raw.relation}")
        for index, column in enumerate(columns):
            mine = counts[index * len(_TESTS) : (index + 1) * len(_TESTS)]
            found[column] = Looks(column, raw.rows, dict(zip(_TESTS, mine, strict=True)))
    return found


def common_words(space: Workspace, raw: Raw, column: str) -> list[str]:
    """Short words that a column holds in many rows, the commonest first; none where it holds many different ones."""
    quoted = name(column)
    found = space.rows(
        f"SELECT {quoted}, count(*) AS rows FROM {raw.relation} WHERE {quoted} IS NOT NULL "
        f"GROUP BY {quoted} ORDER BY rows DESC, {quoted} LIMIT {MOST_WORDS + 1}"
    )
    if len(found) > MOST_WORDS:
        return []
    return [str(word) for word, rows in found if rows >= FEWEST_ROWS and len(str(word)) <= LONGEST_WORD]


def _count(column: str) -> str:
    quoted = name(column)
    parts = {
        "date": is_date(quoted), "either": values.date(quoted, "either"), "whole": values.whole(quoted),
        "number": values.number(quoted),
    }  # fmt: skip
    return ", ".join(f"count(*) FILTER ({test.format(quoted, **parts)})" for test in _TESTS.values())
