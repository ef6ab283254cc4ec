"""Wherever QRISK3 is shown, its disclaimer stands beside it."""

import ast
import json

import pytest

from pcn_analysis.scores.qrisk3 import DISCLAIMER
from tests.conftest import ROOT

pytestmark = pytest.mark.unit

SAID = "QRISK3 is the work of ClinRisk Ltd."
"""How the disclaimer begins."""
SCORED_BY = {"qrisk3", "qrisk3_of"}


def imported(source):
    """What a module takes from the score."""
    return {
        alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pcn_analysis.scores.qrisk3")
        for alias in node.names
    }


def without_disclaimer(source):
    names = imported(source)
    return bool(names & SCORED_BY) and "DISCLAIMER" not in names


def shown(notebook):
    """All that a notebook shows, in one line of text."""
    texts = []
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            texts += [output.get("text", ""), data.get("text/html", ""), data.get("text/markdown", "")]
    return " ".join("".join(text) for text in texts).replace("\n", " ")


def test_the_disclaimer_begins_as_pages_are_searched_for():
    assert DISCLAIMER.startswith(SAID)


def test_whoever_scores_people_takes_the_disclaimer_along():
    assert without_disclaimer("from pcn_analysis.scores.qrisk3 import qrisk3_of")
    assert not without_disclaimer("from pcn_analysis.scores.qrisk3 import DISCLAIMER, qrisk3_of")
    package = ROOT / "pcn_analysis"
    others = [path for path in package.rglob("*.py") if "qrisk3" not in path.parts]
    assert [str(path) for path in others if without_disclaimer(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_that_shows_qrisk3_shows_its_disclaimer(path):
    said = shown(json.loads(path.read_text("utf-8")))
    assert "QRISK3" not in said or SAID in said


def test_a_notebook_without_it_would_be_found():
    output = {"data": {"text/html": ["<p>QRISK3\n", "of 20% and over</p>"]}}
    assert shown({"cells": [{"outputs": [output]}, {}]}).split() == ["<p>QRISK3", "of", "20%", "and", "over</p>"]
