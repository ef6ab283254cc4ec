"""An analyst sets parameters of notebooks, for one run or for good, and is told of mistakes before anything runs."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pcn_analysis.settings import Settings
from tests.conftest import command, make_project

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


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The page of one network of the invented place, with nothing set."""
    settings = make_project(tmp_path / "project", monkeypatch)
    assert command("prepare", "--synthetic", root=settings.root).returncode == 0
    done = command(*REPORT, "--pcn", "U00005", root=settings.root)
    assert done.returncode == 0, done.stderr
    return settings


def test_a_mistake_is_told_before_anything_runs_and_what_is_set_is_on_the_page(made: Settings) -> None:
    before = published(made)
    lasting(made.root, "13,U00005,beds,many", "13,U00005,bedz,3")
    done = command(*REPORT, "--set", "contract_year=2026-27", "--set", "place=x", root=made.root)
    assert done.returncode == 2
    for said in ("line 2, beds: its value is not a number", "line 3: notebook 13_workforce_and_money has no parameter",
                 "--set contract_year: 2026-27 is none", "--set place: cannot be set"):  # fmt: skip
        assert said in done.stderr
    assert published(made) == before
    assert "Indicators of the fund in 2024/25" not in page(made, "U00005")

    lasting(made.root, "13,U00005,beds,214")
    both = (*REPORT, "--pcn", "U00001", "--pcn", "U00005", "--set", "contract_year=2024/25")
    done = command(*both, root=made.root)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 pages made")
    assert all("Indicators of the fund in 2024/25" in page(made, code) for code in ("U00001", "U00005"))
    beds = {code: page(made, code).count("214 ") for code in ("U00001", "U00005")}
    assert beds["U00005"] > beds["U00001"]
    assert command(*both, root=made.root).stdout.startswith("0 pages made, 2 up to date")
    lasting(made.root, "13,U00005,beds,215")
    assert command(*both, root=made.root).stdout.startswith("1 pages made, 1 up to date")
