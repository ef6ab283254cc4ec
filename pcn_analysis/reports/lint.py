"""House rules of notebooks, checked from their text alone.

Thin: no functions, loops, conditions or joins; few and short cells; public names of the package only; one
cell of annotated parameters. Honest: reference outputs are there, in order, and come from the synthetic place
and nothing else.
"""

from __future__ import annotations

import ast
import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pcn_analysis
from pcn_analysis.display.header import MIME
from pcn_analysis.exceptions import Problem
from pcn_analysis.reports.catalogue import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_CODE_CELLS = 12
MOST_LINES = 14
LOGIC = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.If, ast.IfExp,
    ast.Try, ast.With, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp,
)  # fmt: skip
WRANGLING = {
    *("merge", "join", "concat", "groupby", "agg", "assign", "apply", "query", "pivot", "pivot_table", "loc", "iloc"),
    *("frame", "table", "tables", "exit", "read_csv", "read_parquet", "to_csv"),
}
REFRESH = "Run `make notebooks` and review the difference."


def notebook_problems(folder: Path) -> list[Problem]:
    """Say what is wrong with the notebooks; an empty list means nothing."""
    expected = {report.name for report in CATALOGUE}
    paths = sorted(folder.glob("*.ipynb"))
    found = {path.stem for path in paths}
    problems = [
        Problem(f"notebooks/{name}.ipynb", "is missing", "Restore it.") for name in sorted(expected - found)
    ] + [
        Problem(f"notebooks/{name}.ipynb", "is in no catalogue", "Add it to reports/catalogue.py.")
        for name in sorted(found - expected)
    ]
    fingerprint = synthetic_fingerprint()
    on_people = {report.name for report in CATALOGUE if report.needs_people}
    for path in paths:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for what, remedy in (
            *_source_faults(notebook),
            *_output_faults(notebook, fingerprint, people=path.stem in on_people),
        ):
            problems.append(Problem(f"notebooks/{path.name}", what, remedy))
    return problems


def synthetic_fingerprint() -> str:
    """Fingerprint of the embedded default, which reference outputs must carry."""
    from pcn_analysis.synthetic.place import invent_place

    return invent_place().fingerprint


def _code_cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _tags(cell: dict[str, Any]) -> list[str]:
    return list(cell["metadata"].get("tags", []))


def _source_faults(notebook: dict[str, Any]) -> Iterator[tuple[str, str]]:
    cells = _code_cells(notebook)
    if len(cells) > MOST_CODE_CELLS:
        yield f"{len(cells)} code cells, more than {MOST_CODE_CELLS}", "Move what it does into the package."
    parameters = [cell for cell in cells if "parameters" in _tags(cell)]
    if len(parameters) != 1:
        yield f"{len(parameters)} cells are tagged 'parameters', not 1", "Tag one."
    yield from _heading_faults(notebook)
    for number, cell in enumerate(cells, start=1):
        source = "".join(cell["source"])
        where = f"code cell {number}"
        if source.count("\n") >= MOST_LINES:
            yield f"{where} has more than {MOST_LINES} lines", "Split it, or move logic into the package."
        try:
            tree = ast.parse(source)
        except SyntaxError:
            yield f"{where} is not plain Python", "Take out magics, shell commands and faults."
            continue
        if strange := _called(tree) - set(pcn_analysis.__all__):
            yield f"{where} calls {', '.join(sorted(strange))}", "Call public names of pcn_analysis only."
        if any(isinstance(node, LOGIC) for node in ast.walk(tree)):
            yield f"{where} holds logic", "Move it into the package."
        if any(isinstance(node, ast.Attribute) and node.attr in WRANGLING for node in ast.walk(tree)):
            yield f"{where} wrangles data", "Move it into the package."
        if any(not _shows(node) for node in tree.body if isinstance(node, ast.Expr)):
            yield f"{where} shows something by other means than show_…()", "Release it and show it."
        yield from ((f"{where} {fault}", "Import public names of pcn_analysis only.") for fault in _imports(tree))
        if cell in parameters and not all(isinstance(node, ast.AnnAssign) for node in tree.body):
            yield f"{where}: a parameter is not annotated", "Write `name: type = default  # meaning`."


def _called(tree: ast.Module) -> set[str]:
    """Plain names that a cell calls."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {function.id for function in calls if isinstance(function, ast.Name)}


def _shows(statement: ast.Expr) -> bool:
    call = statement.value
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id.startswith("show_")


def _heading_faults(notebook: dict[str, Any]) -> Iterator[tuple[str, str]]:
    text = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    levels = [len(line) - len(line.lstrip("#")) for line in text.splitlines() if line.startswith("#")]
    if levels.count(1) != 1 or levels[0] != 1:
        yield "has not exactly one first-level heading, at its top", "Give it one title."
    if any(after > before + 1 for before, after in pairwise(levels)):
        yield "skips a level of heading", "Use levels in order."


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield f"imports {', '.join(alias.name for alias in node.names)}"
        if isinstance(node, ast.ImportFrom):
            private = [alias.name for alias in node.names if alias.name not in pcn_analysis.__all__]
            if node.module != "pcn_analysis" or private:
                yield f"imports {', '.join(private) or node.module}, not public"


def _output_faults(notebook: dict[str, Any], fingerprint: str, *, people: bool) -> Iterator[tuple[str, str]]:
    cells = [cell for cell in _code_cells(notebook) if "parameters" not in _tags(cell)]
    bare = sum(not cell["outputs"] for cell in cells)
    if bare:
        yield f"{bare} code cells have no reference output", REFRESH
    outputs = [output for cell in cells for output in cell["outputs"]]
    if any(output["output_type"] in ("error", "stream") for output in outputs):
        yield "an output is an error or a stream of text", REFRESH
    pages = [output["data"][MIME] for output in outputs if MIME in output.get("data", {})]
    expected = {"synthetic": True, "people": people, "fingerprint": fingerprint}
    if len(pages) != 1 or any(pages[0].get(name) != value for name, value in expected.items()):
        yield "outputs do not come from the synthetic place of this version", REFRESH
    order = [cell["execution_count"] for cell in _code_cells(notebook)]
    if order != list(range(1, len(order) + 1)):
        yield "cells were not executed once, in order", REFRESH
