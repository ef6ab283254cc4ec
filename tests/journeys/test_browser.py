"""Pages as a person meets them: in a real browser, by keyboard, with nothing but the files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from pcn_analysis.settings import Settings

pytestmark = pytest.mark.journey
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SERIOUS = {"serious", "critical"}


@dataclass
class Visit:
    """A page with everything that it asked for and complained of."""

    page: Page
    outside: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    def open(self, path: Path) -> Visit:
        self.page.goto(path.as_uri())
        return self

    def serious_violations(self) -> list[str]:
        violations = Axe().run(self.page).response["violations"]
        return [f"{v['id']}: {len(v['nodes'])} nodes" for v in violations if v["impact"] in SERIOUS]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    seen = Visit(page)
    page.on("request", lambda request: seen.outside.append(request.url) if is_outside(request.url) else None)
    page.on("console", lambda message: seen.console.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: seen.console.append(str(error)))
    yield seen
    page.close()


def is_outside(address: str) -> bool:
    return not address.startswith(("file:", "data:"))


def test_search_finds_a_network_and_opens_its_report(pack: Settings, visit: Visit) -> None:
    page = visit.open(pack.reports / "index.html").page
    expect(page.locator("#found")).to_have_text("5 networks")
    page.get_by_label("Search by network").fill("old priory")
    assert page.get_by_role("row").filter(has_text="U00005").is_visible()
    assert not page.get_by_role("row").filter(has_text="U00001").is_visible()
    expect(page.locator("#found")).to_have_text("1 network")
    page.get_by_role("link", name="Population profile of Old Priory PCN").click()
    expect(page).to_have_title("Population profile: Old Priory PCN")
    expect(page.get_by_role("heading", level=1)).to_have_text("Population profile: Old Priory PCN")
    page.get_by_role("link", name="All reports").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reports on Primary Care Networks")
    assert visit.outside == []
    assert visit.console == []


@pytest.mark.parametrize(
    ("words", "found"), [("u00003", 1), ("PCN", 5), ("net loft surgery", 1), ("x90001", 1), ("no such network", 0)]
)
def test_search_by_code_name_and_practice(pack: Settings, visit: Visit, words: str, found: int) -> None:
    page = visit.open(pack.reports / "index.html").page
    page.get_by_label("Search by network").fill(words)
    expect(page.locator("tr[data-search]:visible")).to_have_count(found)
    assert page.locator("#none").is_visible() == (found == 0)


def test_the_index_works_by_keyboard(pack: Settings, visit: Visit) -> None:
    page = visit.open(pack.reports / "index.html").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("harbour")
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-search]:visible")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Population profile: Harbour PCN")


@pytest.mark.parametrize("name", ["index", "01_population_profile", "04_network_footprint"])
def test_pages_are_accessible_and_stand_alone(pack: Settings, visit: Visit, name: str) -> None:
    path = pack.reports / "index.html" if name == "index" else pack.reports / "synthetic" / "U00001" / f"{name}.html"
    visit.open(path)
    assert visit.serious_violations() == []
    assert visit.outside == []
    assert visit.console == []
    broken = "Array.from(document.images).filter(image => !image.naturalWidth || !image.alt.trim()).length"
    assert visit.page.evaluate(broken) == 0


@pytest.mark.parametrize("name", ["01_population_profile", "04_network_footprint"])
def test_pages_fit_a_telephone(pack: Settings, visit: Visit, name: str) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 800})
    visit.open(pack.reports / "synthetic" / "U00001" / f"{name}.html")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_table_downloads_as_it_was_released(pack: Settings, visit: Visit) -> None:
    visit.open(pack.reports / "synthetic" / "U00001" / "01_population_profile.html")
    with visit.page.expect_download() as download:
        visit.page.get_by_role("link", name="Download this table (CSV)").first.click()
    assert download.value.suggested_filename == "synthetic-registered-patients-by-practice.csv"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert text.startswith(
        "practice_code,practice_name,patients,network_patients,share,place,index_date,vintage,part_modelled,synthetic\n"
    )
    assert text.count("\n") == 8
