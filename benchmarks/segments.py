"""How long all models of segments take for everyone: part of ``make bench``, or by itself.

    python benchmarks/segments.py [PEOPLE]

Nobody in the person table exists: rows are numbers turned into columns. The floor is one scan of the same columns.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

from pcn_analysis import tables
from pcn_analysis.rules import needed_columns
from pcn_analysis.segmentation.models import MODELS, find_model

PEOPLE = 1_000_000
WORKER = """
import datetime as dt, resource, sys, time
from pathlib import Path
import duckdb, narwhals as nw
from pcn_analysis import engine, rules
from pcn_analysis.segmentation.models import find_model
what, path, columns, models = sys.argv[1], Path(sys.argv[2]), sys.argv[3].split(","), sys.argv[4].split(",")
on = dt.date(2026, 7, 1)
start = time.perf_counter()
if what == "scan":
    duckdb.sql("SET enable_progress_bar = false")
    reader = duckdb.sql(f"SELECT {', '.join(['person_id', *columns])} FROM '{path}'").to_arrow_reader(100_000)
    for batch in reader:
        pass
else:
    found = [find_model(name) for name in models]
    made = rules.label_all(engine.scan(path), found, on=on, with_elements=what == "segments and reasons")
    engine.write_stage(made, path.parent / "made.parquet")
took = time.perf_counter() - start
print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def asked_columns() -> list[str]:
    """Columns of the person table that any model reads."""
    criteria = [element.when for name in MODELS for _, element in find_model(name).elements()]
    asked = {column for one in criteria for column in needed_columns(one)}
    return [column.name for column in tables.PERSON_TABLE.columns if column.name in asked]


def write_people(path: Path, people: int) -> None:
    """Write a person table in which one in twenty has each condition, on any day of ten years."""
    cells = ["'P' || lpad(i::VARCHAR, 16, '0') AS person_id"]
    for number, column in enumerate(one for one in tables.PERSON_TABLE.columns if one.name in set(asked_columns())):
        rare = f"hash(i * 1000 + {number}) % 20 = 0"
        words = list(column.allowed or ("A", "B"))
        day = f"DATE '2026-06-30' - (hash(i + {number}) % 3650)::INTEGER"
        made = {
            "boolean": rare,
            "date": f"CASE WHEN {rare} THEN {day} END",
            "integer": f"(hash(i + {number}) % 95)::BIGINT",
            "number": f"(hash(i + {number}) % 4000) / 1000.0",
        }
        cells.append(f"{made.get(column.kind, f'list_element({words}, 1 + (hash(i) % 2)::INTEGER)')} AS {column.name}")
    duckdb.execute(f"COPY (SELECT {', '.join(cells)} FROM range({people}) AS t(i)) TO '{path}' (FORMAT parquet)")


def all_models(people: int = PEOPLE) -> None:
    """Label everyone by every model, list every reason, and print what it took against one scan."""
    columns, models = asked_columns(), list(MODELS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.parquet"
        write_people(path, people)
        took = {}
        for what in ("scan", "scan", "segments", "segments and reasons"):
            command = [sys.executable, "-c", WORKER, what, str(path), ",".join(columns), ",".join(models)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            seconds, peak = done.stdout.split()
            took[what] = float(seconds), int(peak)
    floor = took["scan"][0]
    for what in ("segments", "segments and reasons"):
        seconds, peak = took[what]
        print(
            f"{what} of {people:,} people in {len(models)} models, {len(columns)} columns: {seconds:.1f} s, "
            f"{seconds / floor:.1f} times a scan of the same columns ({floor:.2f} s); peak {peak:,} MB"
        )


if __name__ == "__main__":
    all_models(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
