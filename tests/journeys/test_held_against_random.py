"""Today's networks are held against random ones when a place is prepared, and its page reads what was kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_bad_input import new_project, run

from pcn_analysis.network.place_null import kept_held
from pcn_analysis.prepared import load_place

pytestmark = pytest.mark.journey


def test_preparing_a_place_holds_its_networks_against_random_ones_once(tmp_path: Path):
    root = new_project(tmp_path / "root")
    done = run(root, "prepare", "--synthetic")
    assert (done.code, done.err) == (0, "")
    processed = root / "data" / "processed"
    held = kept_held(load_place(processed / "synthetic"), processed)
    assert held is not None
    assert held.rows[0]["percentile"] > 0.9
    assert done.out.splitlines()[-1] == (
        f"Held today's networks against 500 random plans ({held.different} different) of 5 contiguous networks of "
        "17,129 to 58,640 patients."
    )
    before = (processed / "network_plans" / "synthetic" / "today.json").read_bytes()
    assert run(root, "prepare", "--synthetic").code == 0
    assert (processed / "network_plans" / "synthetic" / "today.json").read_bytes() == before
