"""What may stand on a page: only what this package showed, and nothing that loads or runs."""

from __future__ import annotations

import re
from typing import Any

import handmade
import matplotlib as mpl
import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from pcn_analysis.display import show_figure, show_header, show_method, show_reading, show_table
from pcn_analysis.display.header import header_html
from pcn_analysis.display.output import MARK
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.place import Network
from pcn_analysis.plots import charts
from pcn_analysis.reports.pages import check_outputs, check_page, page_html

mpl.use("Agg")
pytestmark = pytest.mark.unit

SECRET = "9434765919"
TITLE = "Population profile: Harbour PCN"
LIST_OF_PEOPLE = pd.DataFrame({"nhs_number": [SECRET], "age": [93]})


def marked(html: str = "<p>Said.</p>", **data: Any) -> Any:
    return new_output("display_data", data={"text/html": html, **data}, metadata={MARK: "show_reading"})


def notebook(*outputs: Any, heading: str = "# Population profile") -> Any:
    return new_notebook(cells=[new_markdown_cell(heading), new_code_cell("show_reading(…)", outputs=list(outputs))])


# -- every output is marked --------------------------------------------------------------------------------

UNMARKED = {
    "a print": new_output("stream", name="stdout", text=f"patient {SECRET}"),
    "a warning": new_output("stream", name="stderr", text=f"UserWarning: patient {SECRET}"),
    "a bare frame": new_output(
        "execute_result",
        data={"text/html": LIST_OF_PEOPLE.to_html(), "text/plain": LIST_OF_PEOPLE.to_string()},
        execution_count=1,
    ),
    "a bare value": new_output("execute_result", data={"text/plain": SECRET}, execution_count=1),
    "a displayed frame": new_output("display_data", data={"text/html": LIST_OF_PEOPLE.to_html()}),
    "a figure": new_output("display_data", data={"image/png": "aaaa"}, metadata={"image/png": {"alt": SECRET}}),
    "an error": new_output("error", ename="ValueError", evalue=SECRET, traceback=[SECRET]),
    "a mark in the data": new_output("display_data", data={"text/plain": SECRET, MARK: "show_table"}),
}


@pytest.mark.parametrize("kind", UNMARKED)
def test_an_output_that_this_package_did_not_show_is_refused_and_not_repeated(kind: str) -> None:
    for check in (check_outputs, lambda made, title: page_html(made, title, "home", "name")):
        with pytest.raises(PcnAnalysisError) as caught:
            check(notebook(marked(), UNMARKED[kind]), TITLE)
        assert str(caught.value) == (
            f"{TITLE}: 1 output of its notebook not shown by show_table, show_figure or their like. "
            "Take out prints and bare values; release tables and show them."
        )


def test_all_outputs_of_all_cells_are_counted() -> None:
    made = notebook(marked(), *UNMARKED.values())
    made.cells.append(new_code_cell("print(1)", outputs=[UNMARKED["a print"]]))
    with pytest.raises(PcnAnalysisError, match=f"{len(UNMARKED) + 1} outputs of its notebook not shown by"):
        check_outputs(made, TITLE)


def test_what_this_package_showed_is_accepted() -> None:
    made = notebook(marked(), marked())
    made.cells.append(new_code_cell("x = 1", outputs=[]))
    check_outputs(made, TITLE)


@pytest.fixture
def displayed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was given to the notebook to show."""
    calls: list[dict[str, Any]] = []

    def display(data: dict[str, str], metadata: dict[str, Any], *, raw: bool) -> None:
        assert raw
        calls.append({"data": data, "metadata": metadata})

    monkeypatch.setattr("IPython.display.display", display)
    return calls


def test_everything_that_this_package_shows_is_marked_and_can_be_read_as_text(
    displayed: list[dict[str, Any]], harbour: Network
) -> None:
    columns = {"practice_name": "Practice", "patients": "Patients"}
    show_header(harbour, "Population profile")
    show_reading("A sentence.")
    show_figure(charts.practice_lists(handmade.practice_lists()), "Bars.")
    show_table(handmade.practice_lists(), columns, "Practices")
    show_table(handmade.practice_lists(), columns, "Practices", most=1, folded=True)
    show_method(harbour, "So it was made.")
    assert [one["metadata"][MARK] for one in displayed] == [
        *("show_header", "show_reading", "show_figure", "show_table", "show_table", "show_method")
    ]
    assert all(one["data"]["text/plain"].strip() for one in displayed)
    check_outputs(notebook(*(new_output("display_data", **one) for one in displayed)), TITLE)
    assert displayed[2]["metadata"]["image/png"] == {"alt": "Bars."}


def test_the_head_of_a_page_names_the_network_and_leaves_the_title_to_the_page(harbour: Network) -> None:
    html = header_html(harbour)
    assert "<dt>Network</dt><dd>Harbour PCN (U00001)</dd>" in html
    assert "page-title" not in html
    assert "Population profile" not in html


# -- the title ---------------------------------------------------------------------------------------------


def test_the_heading_of_a_page_is_its_title_with_the_name_of_the_network() -> None:
    made = notebook(marked(), heading="# Population profile\n\nWhat it is.\n\n## Lists")
    html = page_html(made, TITLE, "../../index.html", "01.ipynb")
    assert html.count("<h1") == 1
    assert f">{TITLE}</h1>" in html
    assert f"<title>{TITLE}</title>" in html
    assert ">Lists</h2>" in html
    assert made.cells[0].source.startswith("# Population profile\n"), "the notebook itself is left as it was"


def test_a_name_in_a_title_is_text_and_no_pattern() -> None:
    html = page_html(notebook(marked()), r"Profile: A & B \1 PCN", "../../index.html", "01.ipynb")
    assert "<title>Profile: A &amp; B \\1 PCN</title>" in html
    assert "A &amp; B" in html.partition("<h1")[2].partition("</h1>")[0]


# -- nothing is loaded and nothing runs --------------------------------------------------------------------

ELSEWHERE = "//elsewhere.example/x"
LOADS = [
    f'<img alt="x" src="https:{ELSEWHERE}">',
    '<img alt="x" src="beside.png">',
    f'<img alt="x" srcset="https:{ELSEWHERE} 2x">',
    f'<link rel="stylesheet" href="https:{ELSEWHERE}">',
    f'<base href="https:{ELSEWHERE}">',
    f'<area href="https:{ELSEWHERE}">',
    f'<iframe src="https:{ELSEWHERE}"></iframe>',
    f'<embed src="https:{ELSEWHERE}">',
    f'<object data="https:{ELSEWHERE}"></object>',
    f'<video poster="https:{ELSEWHERE}"></video>',
    f'<svg aria-label="x"><image href="https:{ELSEWHERE}"/></svg>',
    f'<svg aria-label="x"><image xlink:href="https:{ELSEWHERE}"/></svg>',
    f'<svg aria-label="x"><use href="{ELSEWHERE}#a"/></svg>',
    f'<p style="background: url(https:{ELSEWHERE})">x</p>',
    f"<p style=\"background: url('https:{ELSEWHERE}')\">x</p>",
    f'<p STYLE="background: url({ELSEWHERE})">x</p>',
    f"<style>p {{ background: url(https:{ELSEWHERE}) }}</style>",
    f"<style>@import '{ELSEWHERE}';</style>",
    f"<style>p {{ margin: 0 }}</style><style>p {{ background: url({ELSEWHERE}) }}</style>",
    f'<meta http-equiv="refresh" content="0; url=https:{ELSEWHERE}">',
    f'<META HTTP-EQUIV="Refresh" content="0; url=https:{ELSEWHERE}">',
    f'<meta http-equiv=" refresh" content="0; url=https:{ELSEWHERE}">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" JavaScript:alert(1)">x</a>',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    f"<style>p {{ background: URL({ELSEWHERE}) }}</style>",
    f"<style>@IMPORT '{ELSEWHERE}';</style>",
    f'<img alt="x" srcset="data:a 1x, https:{ELSEWHERE} 2x">',
    f'<form action="https:{ELSEWHERE}"></form>',
    f'<a href="beside.html" ping="https:{ELSEWHERE}">x</a>',
    f'<table background="https:{ELSEWHERE}"></table>',
]
RUNS = [
    "<script>alert(1)</script>",
    "<SCRIPT type='module'>alert(1)</SCRIPT>",
    "<body onload='alert(1)'>",
    '<img alt="x" src="data:," onerror="alert(1)">',
    "<p OnClick=alert(1)>x</p>",
    "<details ontoggle=alert(1) open>x</details>",
    "<svg aria-label='x' onload=alert(1)></svg>",
]


NOT_OURS = [
    '<p style="color: red">x</p>',
    "<style>p { background: url(data:image/png;base64,YQ==) }</style>",
    '<svg aria-label="x"><use href="#a"/></svg>',
    "<marquee>x</marquee>",
]
"""Harmless, but no part of our pages: what is not known to be needed is refused."""


@pytest.mark.parametrize("html", [*LOADS, *NOT_OURS])
def test_a_page_that_would_load_something_is_refused(html: str) -> None:
    with pytest.raises(PcnAnalysisError, match=r"^Page: parts that might load or run something") as caught:
        check_page(html, "Page")
    assert "elsewhere" not in str(caught.value)


@pytest.mark.parametrize("html", RUNS)
def test_a_page_that_would_run_something_is_refused(html: str) -> None:
    with pytest.raises(PcnAnalysisError, match=r"^Page: (1 scripts, more than 0|parts that might load or run)"):
        check_page(html, "Page")


@pytest.mark.parametrize("html", [*LOADS, *RUNS])
def test_what_a_notebook_shows_is_held_to_the_same(html: str) -> None:
    with pytest.raises(PcnAnalysisError, match=r"might load or run something|scripts, more than"):
        page_html(notebook(marked(html)), TITLE, "../../index.html", "01.ipynb")


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://www.ons.gov.uk/">a source</a>',
        '<a download="x.csv" href="data:text/csv;base64,YQ==">a download</a>',
        '<img alt="x" src="data:image/png;base64,YQ==">',
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">',
    ],
)
def test_a_page_that_stands_alone_is_accepted(html: str) -> None:
    check_page(html, "Page")


def test_as_many_scripts_as_are_allowed_and_no_more() -> None:
    check_page("<script>1</script>", "Index", scripts=1)
    with pytest.raises(PcnAnalysisError, match=r"2 scripts, more than 1|might load or run"):
        check_page("<script>1</script><p onclick=1>", "Index", scripts=1)


def test_a_page_forbids_in_itself_what_it_must_not_do() -> None:
    html = page_html(notebook(marked()), TITLE, "../../index.html", "01.ipynb")
    (policy,) = re.findall(r"<meta [^>]*Content-Security-Policy[^>]*>", html)
    assert "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\"" in policy


def test_notebooks_as_nbformat_writes_them_are_understood() -> None:
    made = nbformat.reads(nbformat.writes(notebook(marked(), UNMARKED["a print"])), as_version=4)
    with pytest.raises(PcnAnalysisError, match="1 output of its notebook"):
        check_outputs(made, TITLE)
