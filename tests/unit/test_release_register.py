"""The register of what was released: it says what a reader learnt, and nothing else."""

import json

import pandas as pd
import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.provenance import Counted, Provenance, SourcedTable
from pcn_analysis.release import release
from pcn_analysis.release.register import read, record, told

pytestmark = pytest.mark.unit


def released(*patients):
    frame = pd.DataFrame({"sex": ["everyone", "female", "male"], "patients": patients})
    counted = {"patients": Counted(by=("sex",), never=((("sex", ("female",)), ("prostate", ("yes",))),))}
    return release(SourcedTable(frame, Provenance((), people=True), counts=("patients",), counted=counted))


def test_what_was_released_is_read_back_as_it_was(tmp_path):
    table = told(released(216, 213, 3), "sexes")
    record(tmp_path / "place" / "U00001.jsonl", [table], run="r1", released="2026-07-02T09:00:00Z")
    [kept] = read(tmp_path / "place" / "U00001.jsonl")
    assert (kept.seen, kept.profile, kept.table) == (table.seen, "hes", "sexes")
    assert (kept.run, kept.released) == ("r1", "2026-07-02T09:00:00Z")
    assert kept.sha256 == table.sha256


def test_the_register_holds_what_everybody_learns_and_no_true_number(tmp_path):
    record(tmp_path / "register.jsonl", [told(released(216, 213, 3), "sexes")], run="r1", released="")
    numbers = json.loads((tmp_path / "register.jsonl").read_text())["numbers"]
    assert [one[1:4] for one in numbers] == [[213, 217, "rounded"], [213, 217, "rounded"], [1, 7, "suppressed"]]


def test_a_table_that_says_the_same_again_is_not_recorded_again(tmp_path):
    path = tmp_path / "register.jsonl"
    assert record(path, [told(released(216, 213, 3), "sexes")], run="r1", released="") == 1
    assert record(path, [told(released(216, 213, 3), "sexes")], run="r2", released="") == 0
    assert record(path, [told(released(226, 223, 3), "sexes")], run="r3", released="") == 1
    assert [one.run for one in read(path)] == ["r1", "r3"]


def test_no_register_is_an_empty_one_and_a_damaged_one_is_refused(tmp_path):
    path = tmp_path / "register.jsonl"
    assert read(path) == []
    record(path, [told(released(216, 213, 3), "sexes")], run="r1", released="")
    path.write_text(path.read_text() + '{"table": "cut sh', encoding="ascii")
    with pytest.raises(PcnAnalysisError, match="1 of 2 lines of the release register are damaged"):
        read(path)
