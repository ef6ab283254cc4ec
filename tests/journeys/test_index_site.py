"""The index of all England as a person meets it: 1,300 networks to search, by mouse, by keyboard, without a script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from pcn_analysis.place import Place
from pcn_analysis.prepared import save_place
from pcn_analysis.provenance import Provenance, Source, SourcedTable
from pcn_analysis.reports import ledger
from pcn_analysis.reports.site import write_index
from pcn_analysis.reports.site.boards import Board
from pcn_analysis.reports.site.index import index_html
from pcn_analysis.reports.site.published import ListedPage
from pcn_analysis.reports.site.rows import ListedPlace, Row
from pcn_analysis.settings import Settings

pytestmark = pytest.mark.journey

PLACES, OF_EACH, BOARDS = 260, 5, 36
FIRST, LAST = ("Ash", "Beck", "Carr", "Dene", "Elm"), ("ford", "ley", "mouth", "stead", "thwaite", "wick", "worth")
TITLES = {
    "01_population_profile": "Population profile",
    "04_network_footprint": "Network footprint",
    "13_workforce_and_money": "Workforce and money",
}
PUBLISHED = Provenance(
    (Source("Lists", "A publisher", "July 2026", "OGL", "Contains public information."),), people=False
)
ROWS = "tr[data-search]:visible"
TYPED = """words => {
  const box = document.getElementById("search"), begun = performance.now();
  box.value = words;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  document.body.getBoundingClientRect();
  return performance.now() - begun;
}"""
"""Milliseconds from the event of a key to a page that is laid out again."""


def place_of(number: int, marlhaven: Place) -> ListedPlace:
    """A place of five networks; the first stands in the next place as well; every fiftieth place has a failure."""
    name = f"{FIRST[number % 5]}{LAST[number % 7]} {number}"
    tables = {"practices": SourcedTable(marlhaven.tables["practices"].frame, PUBLISHED)}
    place = replace(marlhaven, slug=f"place-{number}-2026-07", name=name, vintage="2026-07", tables=tables)
    board = Board(f"Q{number % BOARDS:02d}", f"NHS Board {number % BOARDS} Integrated Care Board")
    numbers = [number * OF_EACH + one for one in range(OF_EACH)]
    shared = [(number - 1) * OF_EACH] if number % 10 == 1 else []
    return ListedPlace(place, tuple(network(place, one, board, number % 50 == 0) for one in numbers + shared), None)


def network(place: Place, number: int, board: Board, failing: bool) -> Row:
    code, name = f"U{number:05d}", f"{FIRST[number % 5]} and {LAST[number % 7].title()} PCN {number}"
    failed = failing and number % OF_EACH == 0
    pages = tuple(
        ListedPage((place.slug, code, stem), title, {".html": f"{stem}.html"}, "2026-11-23T10:00:00Z",
                   failed=failed and stem.startswith("04"), error="KeyError in cell 7" * failed)
        for stem, title in TITLES.items()
    )  # fmt: skip
    words = f"{name} {code} {place.name} {board.name} practice of {number} a{number:05d}".lower()
    return Row(place.slug, code, name, pages, words, "5", "43,210", "30,000 to 50,000", board)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, marlhaven: Place) -> Path:
    """An index of 260 places with 1,300 networks in 1,326 rows."""
    path = tmp_path_factory.mktemp("england") / "index.html"
    path.write_text(index_html([place_of(number, marlhaven) for number in range(PLACES)]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, index: Path) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.goto(index.as_uri())
    yield opened
    opened.close()
    assert complaints == []


def found(page: Page, words: str) -> None:
    expect(page.locator("#found")).to_have_text(words)


def test_all_networks_are_counted_once_and_the_first_hundred_rows_are_shown(page: Page) -> None:
    found(page, "1,300 networks in 1,326 rows")
    expect(page.locator(ROWS)).to_have_count(100)
    page.get_by_role("button", name="Show all 1,326 rows").click()
    expect(page.locator(ROWS)).to_have_count(1326)
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 101, "reading goes on where it stopped"
    expect(page.get_by_role("button", name="Show all")).to_have_count(0)


def test_a_code_and_part_of_a_name_find_networks(page: Page) -> None:
    box = page.get_by_label("Search by network")
    box.fill("u00123")
    found(page, "1 network")
    expect(page.get_by_role("link", name="Population profile of Dene and Thwaite PCN 123")).to_be_visible()
    box.fill("  DENE   stead pcn 283 ")
    found(page, "1 network")
    expect(page.locator(f"{ROWS} > th")).to_have_text("Dene and Stead PCN 283")
    box.fill("practice of 777 a00777")
    found(page, "1 network")
    box.fill("no such network")
    found(page, "0 networks")
    expect(page.locator("#none")).to_be_visible()


def test_board_and_place_filter_alone_and_together(page: Page) -> None:
    page.get_by_label("Integrated care board").select_option("Q07")
    found(page, "41 networks")
    assert set(page.locator(f"{ROWS} > td:nth-child(5)").all_inner_texts()) == {"Board 7"}
    page.get_by_label("Place", exact=True).select_option("place-43-2026-07")
    found(page, "5 networks")
    page.get_by_label("Search by network").fill("u00216")
    found(page, "1 network")
    page.get_by_label("Place", exact=True).select_option("place-44-2026-07")
    found(page, "0 networks")


def test_only_those_with_failures(page: Page) -> None:
    listed = page.locator(".banner.failed li")
    expect(listed.first).to_have_text("Ashford 0, Ash and Ford PCN 0 (U00000), Network footprint: KeyError in cell 7")
    page.get_by_label("Only with failures").check()
    found(page, "6 networks")
    expect(page.locator(f"{ROWS} .failing").first).to_have_text("1 of 3 failed")


def test_a_view_is_in_the_address_and_comes_back_from_it(page: Page, index: Path) -> None:
    page.get_by_label("Search by network").fill("dene")
    page.get_by_label("Integrated care board").select_option("Q07")
    expect(page).to_have_url(f"{index.as_uri()}#q=dene&icb=Q07")
    said = page.locator("#found").inner_text()
    page.goto("about:blank")
    page.goto(f"{index.as_uri()}#q=dene&icb=Q07")
    found(page, said)
    assert page.get_by_label("Search by network").input_value() == "dene"
    page.goto(f"{index.as_uri()}#place=place-3-2026-07")
    found(page, "5 networks")
    page.goto(f"{index.as_uri()}#icb=nowhere")
    found(page, "1,300 networks in 1,326 rows")


def test_a_link_to_the_main_part_changes_no_view(page: Page) -> None:
    page.get_by_label("Search by network").fill("u00123")
    page.evaluate("location.hash = 'main'")
    found(page, "1 network")
    assert page.get_by_label("Search by network").input_value() == "u00123"


def test_a_network_is_found_by_keyboard_alone(page: Page) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "search":
            break
    page.keyboard.type("u01299")
    page.keyboard.press("Enter")
    found(page, "1 network")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "A":
            break
    assert page.evaluate("document.activeElement.getAttribute('href')") == (
        "place-259-2026-07/U01299/01_population_profile.html"
    )


def test_a_key_is_answered_at_once(page: Page) -> None:
    times = [page.evaluate(TYPED, words) for words in ("d", "de", "dene", "dene and", "", "u", "u0", "no such", "")]
    assert max(times) < 200, times


def test_without_a_script_the_list_is_complete_and_nothing_is_dead(browser: Browser, index: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(index.as_uri())
    expect(page.locator("tr[data-search]")).to_have_count(1326)
    expect(page.locator("tr[data-search][hidden]")).to_have_count(0)
    expect(page.locator("#filters")).to_be_hidden()
    found(page, "1,300 networks in 1,326 rows")
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_index_is_accessible_and_fits(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_heading_row_stays_in_sight(page: Page) -> None:
    page.locator(ROWS).nth(80).scroll_into_view_if_needed()
    assert page.locator("thead th").first.bounding_box()["y"] == pytest.approx(0, abs=2)


def test_what_is_printed_is_all_that_was_found(page: Page) -> None:
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator(ROWS)).to_have_count(1326)
    expect(page.locator("#filters")).to_be_hidden()


def test_the_page_of_a_place_is_accessible_and_leads_back(
    project: Settings, marlhaven: Place, browser: Browser
) -> None:
    save_place(marlhaven, project.processed)
    folder = project.reports / "synthetic" / "U00001"
    folder.mkdir(parents=True)
    for end in (".html", ".xlsx", ".csv", ".ipynb"):
        (folder / f"01_population_profile{end}").touch()
    status = dict.fromkeys(("01_population_profile", "04_network_footprint"), ledger.OK)
    for report, said in (status | {"04_network_footprint": ledger.FAILED}).items():
        ledger.record(
            project.reports, ledger.Entry("r", "synthetic", "U00001", report, said, started="2026-07-01T00:00:00Z")
        )
    index = write_index(project, [], {"synthetic"})
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(index.as_uri())
    page.get_by_role("link", name="Marlhaven", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Marlhaven, 1 July 2026")
    for words in ("Spreadsheet", "CSV", "Notebook"):
        link = page.get_by_role("link", name=f"{words} of Population profile, Harbour PCN")
        assert (folder.parent / str(link.get_attribute("href"))).exists()
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name="All reports").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reports on Primary Care Networks")
    page.close()
