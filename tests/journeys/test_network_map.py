"""The map of a place's networks in a browser that has no network: to look at, to point at, to search in."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from test_bad_input import new_project, refuses, run
from test_browser import FLAGS

from pcn_analysis.prepared import load_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

pytestmark = pytest.mark.journey

FIELD = "Find an area or a network"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the map of the invented place."""
    root = new_project(tmp_path_factory.mktemp("map") / "root")
    assert run(root, "prepare", "--synthetic").code == 0
    done = run(root, "network", "map", "--place", "synthetic")
    assert (done.code, done.err) == (0, "")
    return root


@pytest.fixture(scope="module")
def folder(root: Path) -> Path:
    return root / "reports" / "synthetic" / "ALL"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def page(folder: Path, browser: Browser):
    """The map in a browser that is offline; whatever it asks for is noted."""
    context = browser.new_context(offline=True, viewport={"width": 1100, "height": 1400})
    page = context.new_page()
    page.asked, page.wrong = [], []  # type: ignore[attr-defined]
    page.on(
        "request", lambda one: None if one.url.startswith(("file:", "data:", "blob:")) else page.asked.append(one.url)
    )
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.goto(folder.joinpath("network_map.html").as_uri())
    page.locator("canvas").first.wait_for()
    yield page
    context.close()


def test_the_map_asks_for_nothing_and_says_what_it_is_of(page):
    page.wait_for_timeout(500)
    assert (page.asked, page.wrong) == ([], [])
    assert page.get_by_role("heading", level=1).inner_text() == "Networks of Marlhaven, 1 July 2026"
    assert "SYNTHETIC DATA" in page.locator(".banner").first.inner_text()
    assert (
        page.locator("ul.key li").all_inner_texts()[-1].strip()
        == "a network from elsewhere, none, or nobody registered"
    )


def test_an_area_that_is_pointed_at_is_said_in_words(page):
    box = page.locator("canvas").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    said = page.get_by_text("most with ")
    said.wait_for()
    assert said.inner_text().endswith((" registered.", " Won narrowly."))


def test_what_is_searched_for_is_told_for_those_who_see_no_map(page, folder):
    with (folder / "synthetic-network_map.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    name = rows[0]["pcn_name"]
    page.get_by_label(FIELD).fill(name)
    page.keyboard.press("Enter")
    told = page.get_by_text("areas found.")
    told.wait_for()
    assert told.inner_text().startswith(f"{sum(row['pcn_name'] == name for row in rows)} areas found.")
    page.get_by_label(FIELD).fill("no such thing")
    page.keyboard.press("Enter")
    page.get_by_text("Nothing on this map is called so.").wait_for()


def test_the_page_has_no_fault_that_axe_finds(page):
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []


def test_the_data_beside_the_map_are_its_areas(folder):
    with (folder / "synthetic-network_map.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    codes = [row["area_code"] for row in rows]
    assert {row["synthetic"] for row in rows} == {"True"}
    shapes = gpd.read_file(folder / "synthetic-network_map.gpkg")
    assert shapes.crs.to_epsg() == 27700
    assert shapes["area_code"].to_list() == codes
    assert shapes.geometry.is_valid.all()


def test_the_index_leads_to_the_map(root):
    index = (root / "reports" / "index.html").read_text(encoding="utf-8")
    assert 'href="synthetic/ALL/network_map.html"' in index
    of_place = (root / "reports" / "synthetic" / "index.html").read_text(encoding="utf-8")
    for end in ("network_map.html", "synthetic-network_map.csv", "synthetic-network_map.gpkg"):
        assert f'href="ALL/{end}"' in of_place
    assert "of counts that have changed since" not in index + of_place


def test_a_map_of_earlier_counts_is_said_to_be_one(root):
    page = root / "reports" / "synthetic" / "ALL" / "network_map.html"
    now = page.read_text(encoding="utf-8")
    fingerprint = load_place(root / "data" / "processed" / "synthetic").fingerprint
    page.write_text(now.replace(fingerprint, "0123456789abcdef"), encoding="utf-8")
    assert run(root, "report", "--place", "synthetic", "--pcn", "U00001", "--notebook", "04").code == 0
    index = (root / "reports" / "synthetic" / "index.html").read_text(encoding="utf-8")
    page.write_text(now, encoding="utf-8")
    assert "of counts that have changed since; run pcn-analysis network map" in index


def test_a_place_of_records_alone_has_no_map(root):
    refuses(root, "network", "map", "--place", "Nowhere", says=("has not been prepared",))
