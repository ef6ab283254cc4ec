"""The page of a check as its reader meets it: in a browser, with nothing but the file; and who can read the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from pcn_analysis.extracts.findings import Findings
from pcn_analysis.extracts.quality import Quality, quality
from pcn_analysis.extracts.quality.timing import Coverage
from pcn_analysis.reports.quality_page import quality_html, write_quality
from tests.arrivals import EXTRACT, Row, arrived

pytestmark = pytest.mark.journey
PRACTICES = ("A00001", "A00002", "A00003", "A00004")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Quality:
    """A check of four practices: one badly coded, a month of contacts missing, codes in no list."""
    findings = Findings()
    findings.add("persons", "born after the extract was taken", 3, "left out")
    findings.add("conditions", "repeated rows", 1_204, "left out")
    findings.add("persons.death_date", "dates that stand for no date, such as 1801-01-01", 5, "set to missing")
    persons = [{"person_id": f"{code}-{at}", "practice_code": code} for code in PRACTICES for at in range(30)]
    conditions = [
        {"person_id": one["person_id"], "code": code}
        for one in persons
        for code in (("I10", "J45", "Z720", "R074") if one["practice_code"] != "A00004" else ("I10",))
    ]
    with arrived(
        tmp_path_factory.mktemp("check"),
        persons=persons,
        left_out=["x1", "x2", "x3"],
        conditions=conditions,
        encounters=_contacts(),
        measurements=[{"person_id": "A00001-1"}, {"person_id": "A00001-1", "measurement": "hba1c", "unit": None}],
        covered=["hypertension", "asthma"],
        findings=findings,
        read={"conditions": len(conditions) + 1_204},
        extracts=[replace(EXTRACT, name="<b>june</b>.zip")],
    ) as incoming:
        return quality(incoming)


def _contacts() -> list[Row]:
    starts = [
        start for start in pd.date_range("2024-07-01", "2026-06-01", freq="MS") if start.strftime("%Y-%m") != "2025-09"
    ]
    return [
        {"person_id": f"{code}-0", "visit_start_date": f"{start:%Y-%m}-{day:02d}"}
        for start in starts
        for code in PRACTICES
        for day in range(5, 15)
    ]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, found: Quality, tmp_path: Path) -> Iterator[Page]:
    """The page, opened; it has asked for nothing and complained of nothing."""
    opened = browser.new_page(viewport={"width": 1100, "height": 900})
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: asked.append(message.text))
    opened.goto(write_quality(found, tmp_path / "checks" / "june", synthetic=True).as_uri())
    yield opened
    assert [one for one in asked if not one.startswith(("file:", "data:"))] == []
    opened.close()


def test_axe_finds_nothing_even_with_everything_unfolded(page: Page) -> None:
    assert page.locator("details").count() > 2
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    violations = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {len(one['nodes'])} nodes" for one in violations] == []


def test_the_verdict_comes_first_and_every_section_is_there(page: Page) -> None:
    headings = page.get_by_role("heading", level=2).all_text_contents()
    assert headings[0] == "What matters most"
    assert [one.partition(". ")[0] for one in headings[1:]] == [str(at) for at in range(1, 11)]
    first = page.locator(".verdict li").first.text_content()
    assert first == "120 of 123 people are kept, and 3 are left out."


def test_the_page_says_that_it_is_not_to_be_published_and_that_nobody_exists(page: Page) -> None:
    assert page.get_by_text("Not to be published: exact counts of people.").is_visible()
    assert page.locator(".banner.synthetic").is_visible()


def test_a_table_that_did_not_come_is_called_so(page: Page) -> None:
    row = page.locator("table", has_text="What is known of people, by practice").get_by_role("row", name="A00001")
    assert row.get_by_role("cell").all_text_contents()[:1] == ["30"]
    assert row.get_by_role("cell", name="no table").count() == 1
    assert page.get_by_text("There is no table of medicines").is_visible()
    assert "–" not in page.locator("main").inner_text()


def test_a_low_month_is_drawn_said_and_written(page: Page) -> None:
    pictures = page.get_by_role("img", name="Bars: Contacts and spells by month")
    assert pictures.get_attribute("alt").endswith("from 0 to 40 rows; low in 2025-09.")
    assert page.evaluate("Array.from(document.images).every(image => image.naturalWidth > 0 && image.alt)")
    page.get_by_text("Table: Rows by month").click()
    assert page.get_by_role("row", name="September 2025").get_by_role("cell", name="0 (low)").is_visible()
    assert page.locator(".verdict").get_by_text("September 2025").is_visible()


@pytest.mark.parametrize("first", [1, 2], ids=["from January", "to January"])
def test_no_word_of_a_drawing_is_cut_off(browser: Browser, found: Quality, first: int) -> None:
    beyond = """source => {
        const box = document.createElement("div");
        box.innerHTML = atob(source.split(",")[1]);
        document.body.append(box);
        const whole = box.querySelector("svg").getBoundingClientRect();
        return [...box.querySelectorAll("text")].filter(one => {
            const its = one.getBoundingClientRect();
            return its.left < whole.left || its.right > whole.right;
        }).map(one => one.textContent);
    }"""
    page = browser.new_page()
    coverage = tuple(_from(one, first) for one in found.coverage)
    page.set_content(quality_html(replace(found, coverage=coverage), synthetic=True))
    sources = page.locator("img").evaluate_all("images => images.map(one => one.src)")
    assert {word for one in sources for word in page.evaluate(beyond, one)} == set()
    page.close()


def _from(coverage: Coverage, first: int) -> Coverage:
    """The same bars, the first of them of another month of 2024."""
    named = (f"{2024 + at // 12}-{at % 12 + 1:02d}" for at in range(first - 1, 100))
    return replace(coverage, months=tuple(replace(one, period=next(named)) for one in coverage.months))


def test_conditions_that_cannot_be_assessed_are_folded_away(page: Page) -> None:
    page.get_by_text("Table: Conditions that cannot be assessed").click()
    assert page.get_by_role("row", name="Parkinson's disease").is_visible()


def test_the_page_fits_a_telephone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_what_is_folded_is_printed(page: Page) -> None:
    folded = "document.querySelector('details:not(.contents) table').checkVisibility()"
    assert not page.evaluate(folded)
    page.emulate_media(media="print")
    assert page.evaluate(folded)
    assert page.locator(".contents").is_hidden()


def test_a_name_of_a_delivery_is_text_and_no_html(page: Page) -> None:
    assert page.get_by_role("heading", level=1).text_content() == "Check of records: <b>june</b>.zip"


def test_only_records_known_to_be_of_nobody_are_called_synthetic(found: Quality, tmp_path: Path) -> None:
    assert "SYNTHETIC" not in quality_html(found, synthetic=False)
    folder = write_quality(found, tmp_path / "checks" / "june", synthetic=False).parent
    assert json.loads((folder / "check.json").read_text(encoding="utf-8"))["synthetic"] is False


def test_only_the_owner_can_read_a_check(found: Quality, tmp_path: Path) -> None:
    path = write_quality(found, tmp_path / "checks" / "june", synthetic=True)
    assert sorted(one.name for one in path.parent.iterdir()) == ["check.html", "check.json"]
    modes = {
        one.name: oct(one.stat().st_mode & 0o777)
        for one in (path, path.with_name("check.json"), *list(path.parents)[:2])
    }
    assert modes == {"check.html": "0o600", "check.json": "0o600", "june": "0o700", "checks": "0o700"}


def test_the_figures_are_those_of_the_page(found: Quality, tmp_path: Path) -> None:
    folder = write_quality(found, tmp_path / "checks" / "june", synthetic=True).parent
    figures = json.loads((folder / "check.json").read_text(encoding="utf-8"))
    assert figures["note"].startswith("Not to be published")
    assert figures["people"] == {"read": 123, "left_out": 3, "kept": 120}
    assert figures["practices"][3]["remarks"] == [
        "condition codes 1.0 a person, where the median practice has 4.0 a person",
    ]
    assert figures["practices"][0]["medicine"] is None


def test_an_earlier_check_stays_where_a_later_one_fails(found: Quality, tmp_path: Path) -> None:
    path = write_quality(found, tmp_path / "checks" / "june", synthetic=True)
    before = path.read_bytes()
    with pytest.raises(TypeError):
        write_quality(replace(found, not_assessed=(object(),)), tmp_path / "checks" / "june", synthetic=True)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.parent.iterdir()] == ["june"]
