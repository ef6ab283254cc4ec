"""The page of all networks, made through the command line from published files as small as can be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import miniature
from tests.conftest import command, make_project

pytestmark = pytest.mark.journey


def test_all_networks_of_a_small_england_have_one_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = make_project(tmp_path / "project", monkeypatch)
    files = miniature.write_area_facts(miniature.write_open_data(tmp_path / "files"))
    prepared = command("prepare", "--place", "England", "--open-data", str(files), root=settings.root)
    assert prepared.returncode == 0, prepared.stderr
    done = command("report", "--place", "England", "--notebook", "09", root=settings.root)
    assert done.returncode == 0, done.stderr
    [page] = settings.reports.glob("england-2026-07/*/*.html")
    assert page.relative_to(settings.reports).as_posix() == "england-2026-07/ALL/09_england_networks.html"
    text = page.read_text(encoding="utf-8")
    assert "<h1>All networks: England</h1>" in text
    assert "No network here has most of its patients in Wirral: none is marked." in text
    assert "All networks" in (settings.reports / "index.html").read_text(encoding="utf-8")


def test_a_local_authority_has_no_such_page_and_is_told_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = make_project(tmp_path / "project", monkeypatch)
    assert command("prepare", "--synthetic", root=settings.root).returncode == 0
    done = command("report", "--place", "synthetic", "--notebook", "09", root=settings.root)
    assert done.returncode == 2
    assert "is made once for all England" in done.stderr
    assert not list(settings.reports.glob("*/*/*.html"))
