"""How long QRISK3 takes for a million people, against the same row by row: part of ``make bench``.

    python benchmarks/qrisk3.py [PEOPLE]

Nobody in the table exists: inputs are drawn from a row's number, and some are missing or out of bounds. All read the
same Parquet file, check every input, give a score or every reason, and write the answer. Row by row is one function
in plain Python, put to each row by ``DataFrame.apply(axis=1)``, as most would, or by a loop over dictionaries, which
is the fastest way to call it. Both are run on a sample and their time per row is scaled up; on the sample all three
have to agree. Seconds of processor time are told beside seconds, as other work on the machine changes these alone.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pcn_analysis import codelists, engine
from pcn_analysis.scores.qrisk3 import INPUTS, qrisk3
from pcn_analysis.scores.qrisk3.inputs import BOTH_DIABETES, WORDS

PEOPLE, SAMPLE = 1_000_000, 20_000
CHECKED = 1e-9
FLAGS = tuple(column for column, one in INPUTS.items() if one.kind == "flag")


def write_people(path: Path, people: int) -> None:
    """Write a table of inputs: one in fifty lacks each number, and one in ten has each condition."""

    def drawn(number: int, of: int) -> str:
        return f"(hash(i * 1000 + {number}) % {of})"

    cells = ["'P' || lpad(i::VARCHAR, 16, '0') AS person_id"]
    for number, (column, one) in enumerate(INPUTS.items()):
        if one.kind == "number":
            wide = (one.highest - one.lowest) * 1.02
            made = f"{one.lowest} + {drawn(number, 10_000)} / 10000.0 * {wide}"
            value = f"CASE WHEN {drawn(number + 500, 50)} > 0 THEN {'round' if column == 'age' else ''}({made}) END"
        elif one.kind == "word":
            value = f"list_element({list(WORDS[column])}, 1 + {drawn(number, len(WORDS[column]))}::INTEGER)"
        else:
            value = f"{drawn(number, 10)} = 0"
        cells.append(f"{value} AS {column}")
    duckdb.execute(f"COPY (SELECT {', '.join(cells)} FROM range({people}) AS t(i)) TO '{path}' (FORMAT parquet)")


# -- the same, row by row ----------------------------------------------------------------------------------


class Loop:
    """QRISK3 of one person after another, written as one would write it down from the published equations."""

    def __init__(self) -> None:
        rows = codelists.rows("qrisk3_coefficients")
        self.weights: dict[str, dict[tuple[str, str], list[float]]] = {"female": {}, "male": {}}
        self.survival = {row["sex"]: float(row["coefficient"]) for row in rows if row["term"] == "survival_10_years"}
        for row in rows:
            three = self.weights[row["sex"]].setdefault((row["term"], row["word"]), [0.0, 0.0, 0.0])
            three[("", "age_1", "age_2").index(row["with_age"])] = float(row["coefficient"])
        self.centres = {(row["sex"], row["term"]): float(row["centre"]) for row in codelists.rows("qrisk3_terms")}
        self.flags = {sex: [(flag, self.weights[sex][flag, ""]) for flag in FLAGS if (flag, "") in self.weights[sex]]
                      for sex in self.weights}  # fmt: skip

    def missing(self, row: dict[str, Any]) -> str:
        reasons = []
        for column, one in INPUTS.items():
            value = row[column]
            if value is None or value != value:  # noqa: PLR0124 (not a number)
                if not one.for_sex or row["sex"] == one.for_sex:
                    reasons.append(f"{one.name} not known")
            elif one.kind == "exclusion":
                if value:
                    reasons.append(one.said)
            elif one.kind == "word":
                if value not in WORDS[column]:
                    reasons.append(f"{one.name} not one that QRISK3 has")
            elif one.kind == "number" and not one.lowest <= value <= one.highest:
                reasons.append(f"{one.name} out of range ({one.lowest:g}–{one.highest:g})")
        if row["type_1_diabetes"] and row["type_2_diabetes"]:
            reasons.append(BOTH_DIABETES)
        return "; ".join(reasons)

    def chance(self, row: dict[str, Any]) -> float:
        sex, age, bmi = row["sex"], row["age"] / 10, row["bmi"] / 10
        weights, centres = self.weights[sex], self.centres
        age_1 = (age**-2 if sex == "female" else 1 / age) - centres[sex, "age_1"]
        age_2 = (age if sex == "female" else age**3) - centres[sex, "age_2"]
        values = {
            "age_1": age_1,
            "age_2": age_2,
            "bmi_1": bmi**-2 - centres[sex, "bmi_1"],
            "bmi_2": bmi**-2 * math.log(bmi) - centres[sex, "bmi_2"],
        }
        for name in ("cholesterol_ratio", "systolic", "systolic_sd", "townsend"):
            values[name] = row[name] - centres[sex, name]
        total = 0.0
        for name, value in values.items():
            alone, with_1, with_2 = weights[name, ""]
            total += value * (alone + age_1 * with_1 + age_2 * with_2)
        for name, (alone, with_1, with_2) in self.flags[sex]:
            if row[name]:
                total += alone + age_1 * with_1 + age_2 * with_2
        for name in ("ethnicity_group", "smoking"):
            alone, with_1, with_2 = weights[name, row[name]]
            total += alone + age_1 * with_1 + age_2 * with_2
        return 1 - self.survival[sex] ** math.exp(total)

    def score(self, row: dict[str, Any]) -> dict[str, Any]:
        reason = self.missing(row)
        return {
            "person_id": row["person_id"],
            "qrisk3": None if reason else self.chance(row),
            "qrisk3_missing": reason or None,
        }


# -- measured ----------------------------------------------------------------------------------------------


def worker(which: str, path: Path, made: Path) -> dict[str, float]:
    """Score a file: seconds, seconds of processor time, and megabytes held at most."""
    import resource

    start, processor = time.perf_counter(), time.process_time()
    if which == "ours":
        engine.write_stage(qrisk3(engine.scan(path)), made)
    elif which == "apply":
        pd.read_parquet(path).apply(Loop().score, axis=1, result_type="expand").to_parquet(made)
    else:
        loop = Loop()
        rows = [loop.score(row) for row in pq.read_table(path).to_pylist()]
        pq.write_table(pa.Table.from_pylist(rows), made, compression="zstd")
    took = {"seconds": time.perf_counter() - start, "processor": time.process_time() - processor}
    return took | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def disagreements(ours: Path, theirs: Path) -> int:
    """People whom the two do not score alike."""
    found = duckdb.sql(
        f"SELECT count(*) FROM '{theirs}' AS b LEFT JOIN '{ours}' AS a USING (person_id) "
        f"WHERE a.qrisk3_missing IS DISTINCT FROM b.qrisk3_missing OR (a.qrisk3 IS NULL) <> (b.qrisk3 IS NULL) "
        f"OR abs(a.qrisk3 - b.qrisk3) > {CHECKED}"
    ).fetchall()
    return int(found[0][0])


def with_qrisk3(people: int = PEOPLE, sample: int = SAMPLE) -> None:
    """Print how long QRISK3 of everyone takes, in how much memory, and the ratios to the other ways."""
    sample = min(sample, people)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        everyone, some = place / "people.parquet", place / "sample.parquet"
        write_people(everyone, people)
        duckdb.execute(f"COPY (FROM '{everyone}' LIMIT {sample}) TO '{some}' (FORMAT parquet)")
        took = {}
        for which in ("ours", "loop", "apply", "ours"):
            path = everyone if which == "ours" else some
            command = [sys.executable, __file__, "--worker", which, str(path), str(place / f"{which}.parquet")]
            took[which] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        wrong = {which: disagreements(place / "ours.parquet", place / f"{which}.parquet") for which in OTHERS}
        scored = duckdb.sql(f"SELECT count(qrisk3) FROM '{place / 'ours.parquet'}'").fetchall()[0][0]
    assert not any(wrong.values()), f"people are scored otherwise: {wrong}"
    ours = took["ours"]
    print(
        f"QRISK3 of {people:,} people ({scored:,} have a score): {ours['seconds']:.2f} s, processor "
        f"{ours['processor']:.2f} s, peak {ours['peak']:,.0f} MB"
    )
    for which, name in OTHERS.items():
        wall, processor = (took[which][kind] / sample * people for kind in ("seconds", "processor"))
        print(
            f"  {name}: {wall:.1f} s, processor {processor:.1f} s (scaled from {sample:,} rows): "
            f"{wall / ours['seconds']:.0f} times as long, {processor / ours['processor']:.0f} times the processor"
        )


OTHERS = {"apply": "row by row, DataFrame.apply", "loop": "row by row, loop over dictionaries"}

if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        print(json.dumps(worker(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))))
    else:
        with_qrisk3(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
