"""Charlson index and Hospital Frailty Risk Score against pycomorb: part of ``make bench``, or by itself.

    python benchmarks/comorbidity.py [PEOPLE]

Both read the same Parquet file and write their scores to Parquet, each in a process of its own, in turn; what is
measured is the whole process, and the least of several runs is told. Both are put to the same identifiers: strings, as
ours are, and whole numbers, which cost both less. pycomorb is no dependency of ours: PEER_PYTHON names a Python that
has it (``pip install pycomorb`` in a virtual environment elsewhere); by default it is this one. Nobody in the records
exists: rows are numbers turned into codes, half of them codes that count.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from pcn_analysis.scores.charlson import find_variant
from pcn_analysis.scores.hospital_frailty import CODES

PEOPLE, EACH, RUNS = 1_000_000, 3, 4
CHARACTERS = 4
"""Of a code of ICD-10 as hospitals send it."""
PEER_PYTHON = os.environ.get("PEER_PYTHON", sys.executable)
"""A Python that has pycomorb."""
IDENTIFIERS = {"number": "whole numbers", "person_id": "strings of 18 characters"}
"""Column of the file, and what it holds; the scores of the last are compared."""
USED = (
    "import resource; u = resource.getrusage(resource.RUSAGE_SELF); print(u.ru_utime + u.ru_stime, u.ru_maxrss / 1024)"
)
Run = tuple[float, float, float]
OURS = f"""
import datetime as dt, sys
from pathlib import Path
import narwhals as nw
from pcn_analysis.engine import scan, write_stage
from pcn_analysis.scores.charlson import charlson
from pcn_analysis.scores.hospital_frailty import hospital_frailty
folder, who, on = Path(sys.argv[1]), sys.argv[2], dt.date(2026, 7, 1)
tables = (scan(folder / f"{{name}}.parquet") for name in ("conditions", "people"))
conditions, people = (table.with_columns(person_id=nw.col(who)) for table in tables)
write_stage(charlson(conditions, people, on=on), folder / "charlson.parquet")
write_stage(hospital_frailty(conditions, people, on=on, variant="any_age"), folder / "frailty.parquet")
{USED}
"""
PEER = f"""
import sys
from pathlib import Path
import polars as pl
from pycomorb import comorbidity
folder, who = Path(sys.argv[1]), sys.argv[2]
rows = pl.read_parquet(folder / "conditions.parquet", columns=[who, "code"]).with_columns(age=pl.lit(0))
comorbidity("charlson", rows, id_col=who, weights="quan").write_parquet(folder / "peer_charlson.parquet")
comorbidity("hfrs", rows, id_col=who).write_parquet(folder / "peer_frailty.parquet")
{USED}
"""


def write_records(folder: Path, people: int) -> None:
    """Write people and three diagnoses of each on average; half of the codes are of one of the scores."""
    prefixes = {prefix for element in (*find_variant("quan_2011").elements(), *CODES) for prefix in element.prefixes}
    full = sorted({f"{one}{digit}"[:CHARACTERS] for one in prefixes for digit in range(10)})
    person = "'P' || lpad((hash(n) % 1000000007)::VARCHAR, 10, '0') || lpad(n::VARCHAR, 7, '0')"
    drawn = f"CASE WHEN hash(i + 1) % 2 = 0 THEN list_element({full}, 1 + (hash(i + 2) % {len(full)})::INTEGER) "
    drawn += "ELSE chr(65 + (hash(i + 3) % 26)::INTEGER) || lpad((hash(i + 4) % 1000)::VARCHAR, 3, '0') END"
    born = "DATE '2026-06-30' - (hash(n) % 35000)::INTEGER"
    made = {
        "people": f"SELECT {person} AS person_id, n AS number, {born} AS birth_date FROM range({people}) AS t(n)",
        "conditions": f"SELECT {person} AS person_id, n AS number, DATE '2026-06-30' - (hash(i) % 3650)::INTEGER AS "
        f"condition_start_date, {drawn} AS code, 'icd10' AS code_system, 'active' AS status, 'apc' AS source "
        f"FROM (SELECT i, (hash(i * 3 + 1) % {people})::BIGINT AS n FROM range({EACH * people}) AS t(i))",
    }
    for name, select in made.items():
        duckdb.execute(f"COPY ({select}) TO '{folder / name}.parquet' (FORMAT parquet)")


def whole_process(python: str, worker: str, *arguments: str) -> Run:
    """Seconds, seconds of processors and peak megabytes of one process."""
    start = time.perf_counter()
    done = subprocess.run([python, "-c", worker, *arguments], capture_output=True, text=True, check=True)
    took = time.perf_counter() - start
    busy, peak = done.stdout.split()[-2:]
    return took, float(busy), float(peak)


def differences(folder: Path) -> int:
    """How many people have another score by the peer; who has no diagnosis is not in its answer."""
    pairs = (
        ("charlson", "charlson_quan_2011", "Charlson Comorbidity Index"),
        ("frailty", "hfrs_any_age", "HFRS Score"),
    )
    return sum(
        duckdb.sql(
            f"SELECT count(*) FROM '{folder}/{name}.parquet' AS a LEFT JOIN '{folder}/peer_{name}.parquet' AS b "
            f'USING (person_id) WHERE abs(a.{ours} - coalesce(b."{theirs}", 0)) > 1e-9'
        ).fetchall()[0][0]
        for name, ours, theirs in pairs
    )


def comorbidity_scores(people: int = PEOPLE) -> None:
    """Score everyone in each way, in turn, and print the least of the runs, ratios and whether the scores are alike."""
    ways = {"ours": (sys.executable, OURS)}
    asked = subprocess.run([PEER_PYTHON, "-c", "import pycomorb"], capture_output=True, check=False)
    if has_peer := asked.returncode == 0:
        ways["pycomorb"] = (PEER_PYTHON, PEER)
    taken: dict[tuple[str, str], list[Run]] = {(way, who): [] for who in IDENTIFIERS for way in ways}
    with tempfile.TemporaryDirectory() as name:
        write_records(Path(name), people)
        for _ in range(RUNS):
            for (way, who), runs in taken.items():
                runs.append(whole_process(*ways[way], name, who))
        print(f"Charlson and hospital frailty of {people:,} people, {EACH * people:,} codes, the least of {RUNS} runs:")
        for (way, who), runs in taken.items():
            print(f"  {way}, identifiers {IDENTIFIERS[who]}: {_against(taken['ours', who], runs)}")
        said = f"{differences(Path(name)):,} scores differ" if has_peer else "pycomorb is not installed: not compared"
        print(f"  ({said})")


def _against(ours: list[Run], theirs: list[Run]) -> str:
    """The least of the runs of one way, and how many times ours each part of it is."""
    parts = []
    for part, unit in enumerate(("s", "s of processors", "MB")):
        least, own = min(run[part] for run in theirs), min(run[part] for run in ours)
        times = "" if theirs is ours else f" ({least / own:.1f} times ours)"
        parts.append(f"{least:,.1f} {unit}{times}")
    return ", ".join(parts)


if __name__ == "__main__":
    comorbidity_scores(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
