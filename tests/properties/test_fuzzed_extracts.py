"""Damaged deliveries: one of our errors, or the same people but for what the report lists. Never anything else.

Kinds of damage are in ``tests/mutations/``; what is held against what, in ``tests/judged.py``. With
``PCN_ANALYSIS_MUTATIONS=FILE`` the outcomes of all cases are written to the file, as a table of kinds and deliveries.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from pcn_analysis import cli
from pcn_analysis.extracts.incoming import bring_in
from pcn_analysis.extracts.workspace import workspace
from pcn_analysis.settings import ROOT_VARIABLE
from tests.brought import OPTED_OUT, SCRATCH, delivered, lists_read_once, unharmed
from tests.conftest import ROOT
from tests.deliveries import EXAMPLES, EXTRACT_DATE
from tests.judged import LOUD, case
from tests.mutations import MUTATIONS, Mutation, NotHereError, apply, document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

pytestmark = pytest.mark.properties

TOLD = os.environ.get("PCN_ANALYSIS_MUTATIONS")
SEEDS = 200
MANY = 1500
_SLOW = ("zip bomb", "very long line", "very long cell")
"""Kinds that are put to one delivery only: they say the same of every other, and take long."""


@pytest.fixture(autouse=True, scope="module")
def _lists_are_read_once() -> Iterator[None]:
    with lists_read_once():
        yield


# -- every kind, seen to fire ------------------------------------------------------------------------------


def _files(folder: Path) -> dict[str, bytes]:
    paths = [folder] if folder.is_file() else sorted(one for one in folder.rglob("*") if one.is_file())
    return {str(one.relative_to(folder)): one.read_bytes() for one in paths}


@pytest.mark.parametrize("kind", MUTATIONS)
def test_each_kind_changes_a_delivery_and_has_the_outcome_that_is_declared(kind: str, tmp_path: Path) -> None:
    it = MUTATIONS[kind]
    files = ("persons", "measurements", it.sheet) if it.on == "tables" and it.sheet else ()
    unmutated = delivered(it.on, files).write(tmp_path / "unmutated")
    one = delivered(it.on, files)
    mutated = apply(one, [it], random.Random(1), tmp_path / "mutated", it.sheet)
    assert _files(mutated.path) != _files(unmutated), "nothing happened"
    outcome, came = case(it.on, [it], 1, tmp_path, sheet=it.sheet, files=files)
    assert outcome == it.outcome
    if it.rows is not None and came is not None:
        new = came.findings - unharmed(it.on, files).findings
        assert sum(rows for (_, _, action), rows in new.items() if action in LOUD) == it.rows, dict(new)


def test_there_are_many_kinds_and_they_are_documented() -> None:
    assert len(MUTATIONS) >= 60
    assert (ROOT / "docs" / "mutations.md").read_text(encoding="utf-8") == document()


REFUSALS = ("UTF-16 without a mark", "column missing", "dates in two orders", "NHS numbers in a column", "zip bomb")


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_refusal_is_exit_code_2_with_a_line_for_each_problem(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one = EXAMPLES["tables"]()
    mutated = apply(one, [MUTATIONS[kind]], random.Random(1), tmp_path / "delivery", "measurements")
    (tmp_path / "data" / "processed").mkdir(parents=True)
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    words = ["check", "--tables", str(mutated.path), "--extract-date", str(EXTRACT_DATE)]
    monkeypatch.setattr(sys, "argv", ["pcn-analysis", *words])
    with pytest.raises(SystemExit) as ended:
        cli.run()
    assert ended.value.code == 2
    told = [line for line in capsys.readouterr().err.splitlines() if not line.endswith("…")]
    assert told
    assert all(line.startswith("Error: ") for line in told)


# -- everything, everywhere --------------------------------------------------------------------------------

_outcomes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)


@pytest.fixture(scope="module", autouse=True)
def _told() -> Iterator[None]:
    """Write the outcomes of all cases, where a file was named for them."""
    yield
    if TOLD and _outcomes:
        Path(TOLD).write_text(_table(), encoding="utf-8")


def _table() -> str:
    lines = [f"| kind | {' | '.join(EXAMPLES)} |", "|---|" + "---|" * len(EXAMPLES)]
    for kind in MUTATIONS:
        cells = [
            ", ".join(f"{rows} {outcome}" for outcome, rows in sorted(_outcomes[kind, example].items()))
            for example in EXAMPLES
        ]
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _drawn(seed: int) -> tuple[str, list[Mutation]]:
    """A delivery and one or two kinds of damage; every kind comes in turn."""
    rng = random.Random(seed)
    often = [one for one in MUTATIONS.values() if one.name not in _SLOW]
    chosen = [often[seed % len(often)]]
    if rng.random() < 0.5:
        chosen.append(rng.choice(often))
    return rng.choice(list(EXAMPLES)), chosen


PARTS_OF = {
    "tables": (
        ("persons", "conditions"),
        ("persons", "measurements"),
        ("persons", "medications", "observation_period"),
        ("persons", "encounters"),
        ("persons", "care_events"),
        ("persons", "care_home_stays", "care_homes"),
    ),
    "omop": (
        ("person", "death", "observation_period", "condition_occurrence", "concept", "cdm_source"),
        ("person", "care_site", "condition_occurrence", "drug_exposure", "concept", "cdm_source"),
        ("person", "location", "measurement", "visit_occurrence", "concept", "cdm_source"),
    ),
    "hospital": (("apc_2025", "ae_2025"), ("apc_2025", "op_2025")),
}
"""Files of smaller deliveries, which come in faster; together they are all files of each."""


def _part(example: str, seed: int) -> tuple[str, ...]:
    return random.Random(str(seed)).choice(PARTS_OF.get(example.partition(" ")[0], ((),)))


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_unmutated_delivery_comes_in_as_what_is_known_of_its_people(example: str) -> None:
    for files in ((), *PARTS_OF.get(example.partition(" ")[0], ())):
        for opted_out in (False, True):
            came = unharmed(example, files, opted_out=opted_out)
            assert (OPTED_OUT in {row[0] for row in came.rows["persons"]}) != opted_out


def _fuzz(seeds: Iterable[int], cases: int = MANY, *, whole: bool = True) -> int:
    """Put damage to deliveries; how many cases there were. All that come out wrong are told together.

    Deliveries are whole, or of some of their files.
    """
    done, wrong = 0, []
    for seed in seeds:
        if done == cases:
            break
        example, chosen = _drawn(seed)
        with tempfile.TemporaryDirectory(dir=SCRATCH) as scratch:
            files = () if whole else _part(example, seed)
            try:
                outcome, _ = case(example, chosen, seed, Path(scratch), files=files, opted_out=seed % 4 == 0)
            except NotHereError:
                continue
            except Exception as error:
                wrong.append(f"{seed}: {example}, {[one.name for one in chosen]}: {type(error).__name__}: {error}")
                outcome = "WRONG"
        done += 1
        for one in chosen:
            _outcomes[one.name, example][outcome] += 1
    assert not wrong, "\n".join([f"{len(wrong)} of {done} cases came out wrong", *wrong])
    return done


PARTS = 10


@pytest.mark.parametrize("part", range(PARTS))
def test_a_damaged_delivery_is_refused_or_the_same_but_for_what_is_listed(part: int) -> None:
    assert _fuzz(range(part * 1000, part * 1000 + 1000), SEEDS // PARTS, whole=False) == SEEDS // PARTS


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_many_damaged_deliveries_are(part: int) -> None:
    first = 100_000 + part * 1000
    assert _fuzz(range(first, first + 1000), MANY // PARTS) == MANY // PARTS


@pytest.mark.slow
def test_one_corrupt_row_among_a_hundred_thousand_costs_that_row(tmp_path: Path) -> None:
    rows, one = 100_000, EXAMPLES["tables"]()
    day, who = pd.Timestamp("1990-01-01"), [row[0] for row in one.sheets["persons"].rows]
    many = [
        [who[index % 12], f"{day + pd.Timedelta(days=index // 12):%Y-%m-%d}", "bmi", "27.5", "=", "kg/m2"]
        for index in range(rows)
    ]
    one.sheets["measurements"].rows = many
    path = one.write(tmp_path / "delivery")
    file = path / "measurements.csv"
    lines = file.read_bytes().split(b"\n")
    lines[77_777] = lines[77_777][:20] + b'"\xff\0,,' + lines[77_777][20:]
    file.write_bytes(b"\n".join(lines))
    with workspace(tmp_path / "people") as space:
        found = bring_in(one.asked(path, tmp_path / "beside"), None, space)
        assert [it.rows for it in found.findings.rows if it.where == "measurements.csv" and it.action in LOUD] == [1]
        left = found.findings.left_out("measurements")
        assert found.read["measurements"] == rows - 1
        assert space.row(f"SELECT count(*) FROM {found.records['measurements']}")[0] == rows - 1 - left
