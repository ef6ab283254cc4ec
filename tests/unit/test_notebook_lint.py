"""The house rules of notebooks: each broken once, each seen."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pcn_analysis.display.header import MIME
from pcn_analysis.reports.lint import notebook_problems
from tests.conftest import ROOT

pytestmark = pytest.mark.unit
NAME = "01_population_profile.ipynb"
Notebook = dict[str, Any]


def code(notebook: Notebook) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def add_line(line: str) -> Callable[[Notebook], None]:
    def change(notebook: Notebook) -> None:
        code(notebook)[2]["source"] = [*code(notebook)[2]["source"], f"\n{line}"]

    return change


def set_page(**values: Any) -> Callable[[Notebook], None]:
    def change(notebook: Notebook) -> None:
        for cell in code(notebook):
            for output in cell["outputs"]:
                output.get("data", {}).get(MIME, {}).update(values)

    return change


def strip_outputs(notebook: Notebook) -> None:
    for cell in code(notebook):
        cell["outputs"], cell["execution_count"] = [], None


def untag(notebook: Notebook) -> None:
    code(notebook)[0]["metadata"].clear()


def unannotate(notebook: Notebook) -> None:
    code(notebook)[0]["source"] = ['place = "synthetic"']


def second_title(notebook: Notebook) -> None:
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": ["# Another title"]})


def deep_heading(notebook: Notebook) -> None:
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": ["#### Too deep"]})


def too_many(notebook: Notebook) -> None:
    notebook["cells"] += [dict(code(notebook)[-1]) for _ in range(12)]


def executed_out_of_order(notebook: Notebook) -> None:
    code(notebook)[1]["execution_count"] = 9


def error_output(notebook: Notebook) -> None:
    code(notebook)[2]["outputs"].append({"output_type": "error", "ename": "E", "evalue": "", "traceback": []})


BROKEN: dict[str, tuple[Callable[[Notebook], None], str]] = {
    "a loop": (add_line("for one in (1, 2): print(one)"), "holds logic"),
    "a condition": (add_line("answer = 1 if place else 2"), "holds logic"),
    "a function": (add_line("def helper(): return 1"), "holds logic"),
    "a comprehension": (add_line("[x for x in (1, 2)]"), "holds logic"),
    "a join": (add_line("sizes.frame.merge(lists.frame)"), "wrangles data"),
    "an assignment to a frame": (add_line("sizes.assign(x=1)"), "wrangles data"),
    "a bare frame": (add_line("sizes.frame"), "wrangles data"),
    "a table of the place": (add_line("lists = network.table('practices')"), "wrangles data"),
    "the tables of the place": (add_line("lists = network.place.tables"), "wrangles data"),
    "a bare name": (add_line("network"), "by other means than show_…()"),
    "a print": (add_line("print(network)"), "by other means than show_…()"),
    "a display": (add_line("display(network)"), "by other means than show_…()"),
    "a method that shows": (add_line("network.show_table()"), "by other means than show_…()"),
    "a private import": (add_line("from pcn_analysis.place import load_place"), "imports"),
    "another library": (add_line("import pandas as pd"), "imports pandas"),
    "a long cell": (add_line("\n".join(["x = 1"] * 15)), "more than 14 lines"),
    "no parameters": (untag, "0 cells are tagged 'parameters'"),
    "a parameter without a type": (unannotate, "not annotated"),
    "two titles": (second_title, "first-level heading"),
    "a skipped heading": (deep_heading, "skips a level"),
    "too many cells": (too_many, "code cells, more than 12"),
    "no outputs": (strip_outputs, "no reference output"),
    "an error": (error_output, "an error or a stream"),
    "out of order": (executed_out_of_order, "in order"),
    "a real place's outputs": (set_page(synthetic=False), "do not come from the synthetic place"),
    "outputs from people": (set_page(people=True), "do not come from the synthetic place"),
    "outputs of another version": (set_page(fingerprint="0" * 16), "do not come from the synthetic place"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(path, tmp_path)
    return tmp_path


def test_the_notebooks_as_committed_keep_the_rules(folder: Path) -> None:
    assert notebook_problems(folder) == []


@pytest.mark.parametrize("kind", BROKEN)
def test_each_broken_rule_is_seen(folder: Path, kind: str) -> None:
    change, said = BROKEN[kind]
    notebook = json.loads((folder / NAME).read_text(encoding="utf-8"))
    change(notebook)
    (folder / NAME).write_text(json.dumps(notebook), encoding="utf-8")
    problems = [str(problem) for problem in notebook_problems(folder)]
    assert any(said in problem for problem in problems), problems
    assert all(problem.startswith(f"notebooks/{NAME}") for problem in problems)


def test_notebooks_and_catalogue_are_the_same(folder: Path) -> None:
    (folder / NAME).rename(folder / "99_unknown.ipynb")
    said = {str(problem).split(":")[0]: problem.what for problem in notebook_problems(folder)}
    assert said == {f"notebooks/{NAME}": "is missing", "notebooks/99_unknown.ipynb": "is in no catalogue"}


@pytest.mark.parametrize(
    ("values", "accepted"),
    [
        ({}, True),
        ({"people": False}, False),
        ({"synthetic": False}, False),
        ({"fingerprint": "0" * 16}, False),
    ],
    ids=["invented people", "no people", "people of a real place", "another place"],
)
def test_a_notebook_on_people_holds_outputs_from_invented_people_of_the_invented_place(
    folder: Path, values: dict[str, Any], accepted: bool
) -> None:
    """An executed notebook stands for one on people; only what it says of its outputs is looked at."""
    notebook = json.loads((folder / NAME).read_text(encoding="utf-8"))
    set_page(**{"people": True, **values})(notebook)
    (folder / "02_segmentation.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    problems = [str(problem) for problem in notebook_problems(folder) if "02_segmentation" in str(problem)]
    assert any("do not come from the synthetic place" in problem for problem in problems) is not accepted
