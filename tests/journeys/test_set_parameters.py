"""An analyst sets parameters of notebooks, for one run or for good, and is told of mistakes before anything runs."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pcn_analysis.settings import Settings
from tests.conftest import command

pytestmark = pytest.mark.journey

REPORT = ("report", "--place", "synthetic", "--notebook", "13")


def published(settings: Settings) -> dict[str, str]:
    """Every file below the reports, with its hash."""
    return {
        path.relative_to(settings.reports).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in settings.reports.rglob("*")
        if path.is_file()
    }


def page(settings: Settings, code: str) -> str:
    return (settings.reports / "synthetic" / code / "13_workforce_and_money.html").read_text(encoding="utf-8")


def lasting(root: Path, *lines: str) -> None:
    (root / "config").mkdir(exist_ok=True)
    text = "\n".join(["notebook,pcn_code,parameter,value", *lines])
    (root / "config" / "parameters.csv").write_text(text, encoding="utf-8")


def test_a_mistake_is_told_before_anything_runs(own_pack: Settings) -> None:
    before = published(own_pack)
    lasting(own_pack.root, "13,U00001,beds,many", "13,U00001,bedz,3")
    done = command(*REPORT, "--set", "contract_year=2026-27", "--set", "place=x", root=own_pack.root)
    assert done.returncode == 2
    assert [line.split(": ")[0].removeprefix("error") for line in done.stderr.splitlines() if ": " in line][-4:] == [
        "config/parameters.csv, line 2, beds",
        "config/parameters.csv, line 3",
        "--set contract_year",
        "--set place",
    ], done.stderr
    assert published(own_pack) == before


def test_what_is_set_is_on_the_page_of_the_run_and_of_the_network(own_pack: Settings) -> None:
    lasting(own_pack.root, "13,U00005,beds,214")
    assert "2024/25" not in page(own_pack, "U00001").split("<h2")[1]
    done = command(*REPORT, "--set", "contract_year=2024/25", "--pcn", "U00001", "--pcn", "U00005", root=own_pack.root)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 pages made")
    assert all("Indicators of the fund in 2024/25" in page(own_pack, code) for code in ("U00001", "U00005"))
    assert "214" in page(own_pack, "U00005")
    again = command(*REPORT, "--set", "contract_year=2024/25", "--pcn", "U00001", "--pcn", "U00005", root=own_pack.root)
    assert again.stdout.startswith("0 pages made, 2 up to date")
    lasting(own_pack.root, "13,U00005,beds,215")
    third = command(*REPORT, "--set", "contract_year=2024/25", "--pcn", "U00001", "--pcn", "U00005", root=own_pack.root)
    assert third.stdout.startswith("1 pages made, 1 up to date")
