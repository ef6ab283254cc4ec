"""Wherever in the words of a page an NHS number or a known pseudonym is put, it is found."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from pcn_analysis.release.egress import Known, check_files, identifiers
from pcn_analysis.reports.pages import page_html

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.properties

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "01_population_profile.ipynb"
WEIGHTS = range(10, 1, -1)
AROUND = (" {} ", "({})", " NHS{}; ", " x_{}_x ", ",{},")
few = settings(max_examples=40, deadline=None, derandomize=True)
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


@cache
def real_page() -> str:
    """The page of the first notebook, of the invented place, as it is published."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    return page_html(notebook, "Population profile", home="../../index.html", notebook_name="01.ipynb")


@cache
def gaps() -> list[int]:
    """Every place between two words of that page that a reader sees."""
    html = real_page()
    start = html.index("<main")
    shown = re.finditer(r">([^<>]*\S[^<>]*)<", html[start:])
    return [start + one.start(1) + gap.start() for one in shown for gap in re.finditer(r"^|\s|$", one[1])]


@st.composite
def nhs_number(draw: st.DrawFn) -> str:
    """A valid NHS number, written in one of the usual ways."""
    figures = draw(st.lists(st.integers(0, 9), min_size=9, max_size=9))
    last = -sum(figure * weight for figure, weight in zip(figures, WEIGHTS, strict=True)) % 11
    assume(last < 10 and len({*figures, last}) > 1)
    gap = draw(st.sampled_from(["", " ", "-", "\u00a0"]))
    one = "".join(map(str, [*figures, last]))
    return gap.join([one[:3], one[3:6], one[6:]])


def pseudonyms() -> st.SearchStrategy[str]:
    """Pseudonyms as sources have them: runs of letters and figures with signs between."""
    piece = st.text(LETTERS, min_size=1, max_size=12)
    joined = st.tuples(st.lists(piece, min_size=1, max_size=4), st.sampled_from("-_:./")).map(
        lambda one: one[1].join(one[0])
    )
    return joined.filter(lambda one: len(one) >= 9 and not re.search(r"^[0-9a-f]+$", one) and one.islower())


def test_the_page_itself_is_clean(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(real_page(), encoding="utf-8")
    assert check_files([path]) == []
    assert len(gaps()) > 1_000


@given(
    number=nhs_number(), share=st.floats(0, 1), around=st.sampled_from([" {} ", "({})", " NHS{}; ", " x_{}_x ", ",{},"])
)
@few
def test_an_nhs_number_anywhere_on_a_page_is_found(
    tmp_path_factory: pytest.TempPathFactory, number: str, share: float, around: str
) -> None:
    path = with_words(tmp_path_factory, around.format(number), share)
    assert "nhs" in {one.kind for one in check_files([path])}


@given(people=st.lists(pseudonyms(), min_size=1, max_size=50, unique=True), share=st.floats(0, 1), upper=st.booleans())
@few
def test_a_known_pseudonym_anywhere_on_a_page_is_found(
    tmp_path_factory: pytest.TempPathFactory, people: list[str], share: float, upper: bool
) -> None:
    who = people[-1].upper() if upper else people[-1]
    path = with_words(tmp_path_factory, f" ({who}) ", share)
    assert "pseudonym" in {one.kind for one in check_files([path], known=Known.of(people))}


def with_words(folders: pytest.TempPathFactory, words: str, share: float) -> Path:
    """Write the page with words at some share of the way through it."""
    html, at = real_page(), gaps()[round(share * (len(gaps()) - 1))]
    path = folders.getbasetemp() / "planted.html"
    path.write_text(f"{html[:at]}{words}{html[at:]}", encoding="utf-8")
    return path


@given(figures=st.integers(10**9, 10**10 - 1))
@settings(max_examples=500, derandomize=True)
@example(9434765919)
def test_the_check_digit_is_that_of_the_standard_library_of_numbers(figures: int) -> None:
    from stdnum.gb import nhs

    expected = nhs.is_valid(str(figures)) and len(set(str(figures))) > 1
    assert identifiers.nhs_numbers(str(figures)) == int(expected)


@given(people=st.lists(pseudonyms(), max_size=40), text=st.text(LETTERS + "-_:./ ,", max_size=300))
@settings(max_examples=200, derandomize=True)
def test_pseudonyms_are_counted_as_a_plain_search_counts_them(people: list[str], text: str) -> None:
    known = Known.of(people)
    words = " ".join([text, *people[:3], text])
    assert bool(known.found_in(words)) == any(_found_plainly(people, words))


def _found_plainly(people: list[str], words: str) -> Iterator[bool]:
    for one in people:
        core = re.escape(one.strip("-_:./"))
        yield bool(re.search(rf"(?<![a-z0-9]){core}(?![a-z0-9])", words))
