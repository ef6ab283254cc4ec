"""Secondary suppression against pytauargus (OPT): part of ``make bench``, or by itself.

    python benchmarks/disclosure.py [TABLES]

Both protect the same tables of five rows and four columns, with their totals: numbers of a negative binomial
distribution, mean 12, size 0.8. Counts of 1 to 7 are not shown, all others exactly, but for those that are withheld.
What each leaves is put to our audit, with the same attacker: he knows that a shown 0 is nobody, and that what is blank
is not 0. pytauargus shows one mark for both sorts of blanks, so he is not told which are small; it asks that a range
be some percent of a number on each side, ours that four values be left. pytauargus is no dependency of ours:
TAUARGUS_PYTHON names a Python that has it (``pip install pytauargus==0.6.0`` in a virtual environment elsewhere); by
default it is this one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter

import numpy as np
import pandas as pd

from pcn_analysis.provenance import Counted, Provenance, SourcedTable
from pcn_analysis.release.audit import Cell, Seen, audit, cells_of
from pcn_analysis.release.disclosure import for_audit
from pcn_analysis.release.publish import publish
from pcn_analysis.release.secondary import without
from pcn_analysis.thresholds import SMALLEST_SHOWN
from pcn_analysis.words import WITHHELD

TABLES, SEED = 40, 8
MEAN, SIZE = 12, 0.8
ROWS, COLUMNS = 5, 4
PROFILE = "exact_with_secondary"
RULES = ("FREQ(8,10)", "FREQ(8,100)")
"""Counts below 8 are unsafe; the range around them is so many percent."""
TAUARGUS_PYTHON = os.environ.get("TAUARGUS_PYTHON", sys.executable)
"""A Python that has pytauargus."""
Run = tuple[list[Seen] | None, float]
PEER = """
import json, sys, time
from pytauargus import protect
rule, tables = sys.argv[1], json.load(sys.stdin)
done = []
for people in tables:
    cells = [(f"r{i}", f"c{j}") for i, row in enumerate(people) for j, n in enumerate(row) for _ in range(n)]
    micro = {"row": [a for a, _ in cells], "column": [b for _, b in cells], "patients": [1] * len(cells)}
    start = time.perf_counter()
    try:
        rows = protect(micro, ["row", "column"], response="patients", safety_rules=rule).tables[0].rows
        blank = [(one["row"], one["column"]) for one in rows if one["status"] in "UM"]
    except Exception as failed:
        blank = type(failed).__name__
    done.append((blank, time.perf_counter() - start))
print("done", json.dumps(done))
"""


def tables_of(count: int) -> list[np.ndarray]:
    """Draw tables."""
    chance = np.random.default_rng(SEED)
    return [chance.negative_binomial(SIZE, SIZE / (SIZE + MEAN), size=(ROWS, COLUMNS)) for _ in range(count)]


def sourced(people: np.ndarray) -> SourcedTable:
    """One table with its totals."""
    every = [(a, b) for a in [*range(ROWS), None] for b in [*range(COLUMNS), None]]
    names = [("everyone" if a is None else f"r{a}", "everyone" if b is None else f"c{b}") for a, b in every]
    sums = [people[slice(None) if a is None else [a]][:, slice(None) if b is None else [b]].sum() for a, b in every]
    frame = pd.DataFrame(names, columns=["row", "column"]).assign(patients=sums)
    counted = {"patients": Counted(by=("row", "column"))}
    return SourcedTable(frame, Provenance((), people=True), counts=("patients",), counted=counted)


def alone(people: list[np.ndarray]) -> list[Run]:
    """What each table tells where nothing is withheld."""
    return [(cells_of(for_audit(sourced(one), profile=PROFILE), "t"), 0.0) for one in people]


def ours(people: list[np.ndarray]) -> list[Run]:
    """What each table tells, and seconds."""
    done = []
    for one in people:
        table, start = sourced(one), time.perf_counter()
        released = publish({"t": table}, profile=PROFILE).tables["t"]
        done.append((cells_of(released, "t"), time.perf_counter() - start))
    return done


def theirs(people: list[np.ndarray], rule: str) -> list[Run]:
    """What each table tells, and seconds; None where pytauargus failed."""
    numbers = json.dumps([one.tolist() for one in people])
    asked = subprocess.run(
        [TAUARGUS_PYTHON, "-c", PEER, rule], input=numbers, capture_output=True, text=True, check=True
    )
    answer = next(line for line in reversed(asked.stdout.splitlines()) if line.startswith("done "))
    done = json.loads(answer.removeprefix("done "))
    return [
        (None if isinstance(blank, str) else blanked(seen, {tuple(one) for one in blank}), took)
        for (seen, _), (blank, took) in zip(alone(people), done, strict=True)
    ]


def blanked(seen: list[Seen], blank: set[tuple[str, str]]) -> list[Seen]:
    """What a table tells of which some rows are blank, whether small or not."""
    return without(seen, {one.cell for one in seen if _row(one.cell) in blank})


def outcome(people: np.ndarray, seen: list[Seen]) -> Counter[str]:
    """What it costs and what is found out."""
    counts = np.array(sourced(people).frame["patients"])
    small = {one.cell for one in seen if 0 < counts[one.row] < SMALLEST_SHOWN}
    assert all(one.kind in ("suppressed", WITHHELD) for one in seen if one.cell in small)
    more = [one.row for one in seen if one.kind == WITHHELD and one.cell not in small]
    found = audit(seen).breaches
    hidden = [one for one in found if one.less is None]
    primary = [one for one in hidden if one.cell in small]
    return Counter(
        {
            "small": len(small),
            "withheld": len(more),
            "people withheld": int(counts[more].sum()),
            "small given back": sum(one.status == "disclosed" for one in primary),
            "small under 4 values": len(primary),
            "withheld under 4 values": len(hidden) - len(primary),
            "small differences": len(found) - len(hidden),
            "tables not clean": int(bool(found)),
        }
    )


def _row(cell: Cell) -> tuple[str, str]:
    box = {dimension: classes[0] for dimension, classes in cell.box}
    return box.get("row", "Total"), box.get("column", "Total")


def secondary_suppression(count: int = TABLES) -> None:
    """Protect the tables in each way and print what it costs, what is found out, and the seconds."""
    people = tables_of(count)
    ways = {"nothing withheld": alone(people), "ours": ours(people)}
    if subprocess.run([TAUARGUS_PYTHON, "-c", "import pytauargus"], capture_output=True, check=False).returncode == 0:
        ways |= {f"pytauargus OPT {rule}": theirs(people, rule) for rule in RULES}
    else:
        print("(pytauargus is not installed: not compared)")
    print(f"Secondary suppression of {count} tables of {ROWS} by {COLUMNS}, with totals:")
    for way, done in ways.items():
        sums: Counter[str] = Counter()
        for one, (seen, _) in zip(people, done, strict=True):
            sums.update({"failed": 1} if seen is None else outcome(one, seen))
        figures = ", ".join(f"{name} {number:,}" for name, number in sums.items())
        print(f"  {way}: {figures}; {sum(took for _, took in done):.1f} s")


if __name__ == "__main__":
    secondary_suppression(int(sys.argv[1]) if len(sys.argv) > 1 else TABLES)
