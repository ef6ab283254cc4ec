"""Between a notebook and whoever runs it: what its tables tell goes out, and what they have to withhold comes in.

A notebook that runs for a page is told by two environment variables where to leave what its released tables tell, and
where to read which cells they have to withhold. Without them, as in JupyterLab, nothing is written or read: each table
is protected by itself, and nobody has looked at it together with others.
"""

from __future__ import annotations

import json
import os
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pcn_analysis.release.audit import Cell
    from pcn_analysis.release.disclosure import ReleasedTable
    from pcn_analysis.release.register import Told

TOLD, WITHHELD = "PCN_ANALYSIS_TOLD", "PCN_ANALYSIS_WITHHELD"


@dataclass(frozen=True)
class HandedOver:
    """The files by which a notebook and its runner talk."""

    told: Path
    withheld: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a notebook is told by: variables of its environment."""
        return {TOLD: str(self.told), WITHHELD: str(self.withheld)}

    def tables(self, report: str) -> list[Told]:
        """What the tables of the notebook told, named after its report."""
        from pcn_analysis.release.register import read

        return [
            replace(one, table=f"{report}, {one.table}", seen=tuple(_named(one.seen, report)))
            for one in read(self.told)
        ]


def hand_over(folder: Path, withheld: Collection[Cell] = ()) -> HandedOver:
    """Write what a notebook has to withhold, and say where it leaves what it tells.

    Parameters
    ----------
    folder
        Where the files are put; what was told there before is removed.
    withheld
        Cells that no table shows.
    """
    files = HandedOver(folder / "told.jsonl", folder / "withheld.json")
    files.told.unlink(missing_ok=True)
    files.withheld.write_text(json.dumps([astuple(one) for one in sorted(withheld)]), encoding="ascii")
    return files


def for_page() -> bool:
    """Whether a notebook runs for a page, so that whoever runs it looks at all of its tables together."""
    return bool(os.environ.get(TOLD))


def to_withhold(table: ReleasedTable) -> set[tuple[int, str]]:
    """Which counts of the table that a released one was made from the runner wants withheld: row and column."""
    path = os.environ.get(WITHHELD)
    if not path:
        return set()
    from pcn_analysis.release.audit import Cell, cells_of
    from pcn_analysis.release.publish import positions
    from pcn_analysis.release.register import tuples

    cells = frozenset(Cell(*tuples(one)) for one in json.loads(Path(path).read_text(encoding="ascii")))
    return positions(table, cells_of(table, ""), cells) if cells else set()


def tell(table: ReleasedTable) -> None:
    """Leave what a released table tells to the runner."""
    if not for_page():
        return
    path = os.environ[TOLD]
    from pcn_analysis.release.register import line, told

    number = len(Path(path).read_text(encoding="ascii").splitlines()) + 1 if Path(path).exists() else 1
    with Path(path).open("a", encoding="ascii", newline="\n") as file:
        file.write(line(told(table, f"table {number}")))


def _named(seen: Collection, report: str) -> Iterator:
    return (replace(one, table=f"{report}, {one.table}") for one in seen)
