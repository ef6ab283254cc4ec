"""How fast synthetic people are drawn, and what their person table costs: part of ``make bench``."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
from joblib import Parallel, delayed

from pcn_analysis import engine
from pcn_analysis.person_table import person_table, stages
from pcn_analysis.place import Place
from pcn_analysis.population import Population, load_population
from pcn_analysis.prepared import save_place
from pcn_analysis.settings import ROOT_VARIABLE
from pcn_analysis.synthetic.people import draw_people, write_people
from pcn_analysis.synthetic.records import Files

WORKERS = 2
MEGABYTE = 1 << 20


def peak_memory() -> float:
    """Megabytes that this process has held at most; not known on Windows."""
    if sys.platform == "win32":
        return float("nan")
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def drawn(place: Place, pcn_code: str, folder: Path) -> tuple[int, float]:
    """Draw the records of one network, without their stages."""
    target = folder / pcn_code
    target.mkdir()
    with Files(target) as files:
        write_people(place, pcn_code, files)
    return files.rows, peak_memory()


def rewritten(folder: Path) -> None:
    """Read every record and write it again: the floor."""
    for path in sorted(folder.rglob("*.parquet")):
        pq.write_table(pq.read_table(path), folder / "again.parquet", compression="zstd")


def with_synthetic_people(place: Place) -> None:
    codes = place.networks()["pcn_code"].tolist()
    people = int(sum(place.tables["practices"].frame.query("in_place and pcn_code.notna()")["list_size"]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        Parallel(n_jobs=WORKERS)(delayed(time.sleep)(0.01) for _ in range(WORKERS))
        start = time.perf_counter()
        results: Any = Parallel(n_jobs=WORKERS)(delayed(drawn)(place, code, folder) for code in codes)
        took = time.perf_counter() - start
        records = sum(rows for rows, _ in results)
        start = time.perf_counter()
        rewritten(folder)
        floor = time.perf_counter() - start
    peak = max(memory for _, memory in results)
    print(
        f"draw {people:,} people, {records:,} records ({records / people:.1f} each), {WORKERS} workers: {took:.1f} s, "
        f"{people / took:,.0f} people/s, {records / took:,.0f} records/s; peak {peak:,.0f} MB a worker; "
        f"{took / floor:.2f} times reading and writing them on one core ({floor:.1f} s)"
    )


def with_one_network(place: Place, compare: Any) -> None:
    import os

    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for needed in ("notebooks", "data/processed"):
            (root / needed).mkdir(parents=True)
        os.environ[ROOT_VARIABLE] = name
        save_place(place, root / "data/processed")
        draw_people(place, "U00001", root / "data/processed")
        population = load_population(place.slug, "U00001", "synthetic")
        folder = root / "data/processed/people" / place.slug / "synthetic/pcn_code=U00001"
        compare(
            "person table (58,640 people)",
            lambda: engine.write_stage(person_table(population, on=population.index_date), root / "p.parquet"),
            "DuckDB: count each record by person",
            lambda: [_counted(folder / f"{table}.parquet") for table in _RECORDS],
        )
        compare(
            "frailty, with its reasons",
            lambda: _written(population, root),
            "DuckDB: count each record by person",
            lambda: [_counted(folder / f"{table}.parquet") for table in _RECORDS],
        )
        del os.environ[ROOT_VARIABLE]


_RECORDS = ("conditions", "medications", "measurements", "encounters")


def _written(population: Population, root: Path) -> None:
    engine.write_stage(stages(population)["frailty_reasons"], root / "r.parquet")


def _counted(path: Path) -> None:
    duckdb.sql(f"select person_id, count(*) from read_parquet('{path}') group by all").fetch_arrow_table()
