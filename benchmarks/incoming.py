"""How much time and memory people take on their way in: part of ``make bench``; a million of them by hand.

    python benchmarks/incoming.py [PEOPLE]

Nobody in the extract exists: rows are numbers turned into text, in the tables of the data dictionary.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from pcn_analysis.prepared import save_place
from pcn_analysis.settings import ROOT_VARIABLE
from pcn_analysis.synthetic.place import invent_place

PEOPLE = 1_000_000
"""By hand; ``make bench`` takes fewer."""
EXTRACT_DATE = "2026-07-01"
WORKER = """
import resource, sys
from pcn_analysis.cli import run
try:
    run()
finally:
    print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
"""


def write_extract(folder: Path, people: int, practices: list[str]) -> dict[str, int]:
    """Write an extract as CSV; rows by table."""
    day = f"DATE '{EXTRACT_DATE}'"
    of = ", ".join(f"'{one}'" for one in practices)
    who = f"(i % {people})"
    person = f"'P' || lpad((hash({who}) % 1000000007)::VARCHAR, 12, '0') || lpad({who}::VARCHAR, 8, '0')"
    selects = {
        "persons": (
            1,
            f"{person} AS person_id, CASE WHEN i % 2 = 0 THEN 'female' ELSE 'male' END AS sex, "
            f"strftime({day} - (365 * (i % 95) + 30)::INTEGER, '%Y-%m-15') AS birth_date, 'month' AS birth_precision, "
            f"list_element([{of}], 1 + (i % {len(practices)})::INTEGER) AS practice_code, '' AS death_date",
        ),
        "conditions": (
            6,
            f"{person} AS person_id, {day} - (hash(i) % 7000)::INTEGER AS condition_start_date, "
            "substr('I10I48E11J44J45N18F32M81I25I50', 1 + 3 * (hash(i + 1) % 10)::INTEGER, 3) AS code, "
            "'icd10' AS code_system, 'active' AS status, 'gp' AS source",
        ),
        "medications": (
            14,
            f"{person} AS person_id, {day} - (hash(i) % 720)::INTEGER AS drug_exposure_start_date, "
            "'0205051R0AAAAAA' AS code, 'bnf' AS code_system, 'Ramipril 5mg capsules' AS drug_name",
        ),
        "measurements": (
            8,
            f"{person} AS person_id, {day} - (hash(i) % 1500)::INTEGER AS measurement_date, 'sbp' AS measurement, "
            "90 + hash(i + 2) % 90 AS value_as_number, '=' AS operator, 'mm[Hg]' AS unit",
        ),
        "encounters": (
            8,
            f"'V' || lpad(i::VARCHAR, 14, '0') AS visit_id, {person} AS person_id, 'gp_contact' AS visit_type, "
            f"{day} - (hash(i) % 1100)::INTEGER AS visit_start_date, 'true' AS attended",
        ),
    }
    rows = {}
    for table, (each, columns) in selects.items():
        rows[table] = people * each
        path = folder / f"{table}.csv"
        duckdb.execute(f"COPY (SELECT {columns} FROM range({rows[table]}) AS t(i)) TO '{path}' (HEADER, DELIMITER ',')")
    return rows


def with_an_extract(people: int) -> None:
    """Prepare an extract in a process of its own, and print what it took."""
    place = invent_place()
    practices = place.tables["practices"].frame
    own = practices.loc[practices["in_place"] & practices["pcn_code"].notna(), "practice_code"].tolist()
    with tempfile.TemporaryDirectory() as name:
        root, extract = Path(name) / "project", Path(name) / "extract"
        for needed in ("notebooks", "data/processed", "reports"):
            (root / needed).mkdir(parents=True)
        extract.mkdir()
        save_place(place, root / "data/processed")
        rows = write_extract(extract, people, own)
        size = sum(path.stat().st_size for path in extract.iterdir()) / 1e6
        command = [sys.executable, "-c", WORKER, "prepare", "--tables", str(extract), "--place", "synthetic"]
        command += ["--extract-date", EXTRACT_DATE, "--synthetic"]
        start = time.perf_counter()
        done = subprocess.run(
            command, env=os.environ | {ROOT_VARIABLE: str(root)}, capture_output=True, text=True, check=False
        )
        took = time.perf_counter() - start
        if done.returncode:
            raise SystemExit(done.stderr)
        peak = next(line for line in reversed(done.stderr.splitlines()) if line.startswith("peak")).split()[1]
        total = sum(rows.values())
        start = time.perf_counter()
        for path in extract.iterdir():
            duckdb.sql(f"SELECT count(*) FROM read_csv('{path}', all_varchar = true)").fetchall()
        floor = time.perf_counter() - start
        print(
            f"prepare {people:,} people, {total:,} rows, {size:,.0f} MB of CSV: {took:.0f} s, "
            f"{total / took:,.0f} rows/s; peak {int(peak):,} MB ({int(peak) / size:.2f} of the CSV); "
            f"{took / floor:.1f} times counting its rows"
        )


if __name__ == "__main__":
    with_an_extract(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
