"""What the documents on reproducibility and on nightly runs name is there: files, commands, options, targets."""

from __future__ import annotations

import re
import shutil
from functools import cache
from typing import Any

import pytest
import typer.main

from pcn_analysis.cli import app
from pcn_analysis.place import Place
from pcn_analysis.prepared import save_place
from pcn_analysis.reports.planning import plan
from pcn_analysis.reports.selection import FIELDS
from pcn_analysis.settings import Settings
from tests.conftest import ROOT

pytestmark = pytest.mark.unit

DOCUMENTS = ("docs/rap.md", "docs/scheduling.md")
MADE = ("reports/", "data/restricted/", "config/parameters.csv", "config/pcn_analysis.toml")
"""What is there once somebody has run something or copied an example."""


@cache
def text(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def code(document: str) -> list[str]:
    """What stands in it as code, words and blocks alike, and where its links lead."""
    plain = re.sub(r"```\w*\n(.*?)```", lambda block: "".join(f"`{one}`\n" for one in block[1].splitlines() if one),
                   text(document), flags=re.DOTALL)  # fmt: skip
    return re.findall(r"`([^`\n]+)`", plain)


def commands(document: str) -> list[list[str]]:
    """Words after the name of the program, without what a comment says."""
    found = [re.search(r"pcn-analysis (?:\.exe )?(.*)", one.split("#")[0].split(">>")[0]) for one in code(document)]
    return [one[1].strip(' ")').split() for one in found if one and not one[1].startswith(".")]


def options(command: str) -> set[str]:
    group: Any = typer.main.get_command(app)
    return {option for parameter in group.commands[command].params for option in parameter.opts}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_is_named_exists(document: str) -> None:
    named = [one for one in code(document) if re.fullmatch(r"[\w.-]+(/[\w.-]+)*/?", one)
             if "/" in one or one.endswith((".md", ".toml", ".yml", ".txt")) or one == "LICENSE"]  # fmt: skip
    links = re.findall(r"\]\(([^)#:]+)\)", text(document))
    assert len(named) > 5
    ours = [one for one in named if not one.startswith(MADE) and one != "levels_of_RAP.md"]
    assert [one for one in ours if not (ROOT / one).exists()] == []
    assert [one for one in links if not (ROOT / "docs" / one).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_option_and_target_that_is_named_exists(document: str) -> None:
    found = commands(document)
    assert found
    for name, *words in found:
        assert {word for word in words if word.startswith("--")} <= options(name), (name, words)
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert {one.removeprefix("make ") for one in code(document) if one.startswith("make ")} <= targets


def test_every_option_of_a_nightly_run_exists_and_every_field_is_named() -> None:
    named = {word for one in code("docs/scheduling.md") for word in one.split() if word.startswith("--")}
    assert named - {"--every-place"} <= options("report")
    assert set(FIELDS) <= set(code("docs/scheduling.md"))


def test_the_example_of_lasting_parameters_can_be_used(project: Settings, marlhaven: Place) -> None:
    save_place(marlhaven, project.processed)
    (project.root / "config").mkdir()
    shutil.copy(ROOT / "config" / "parameters_example.csv", project.root / "config" / "parameters.csv")
    given = {(job.report.name[:2], job.pcn_code): dict(job.given) for job in plan(project, [marlhaven], [], []).jobs}
    assert given["13", "U00001"]["beds"] == 214
    assert given["13", "U00002"] == {"compared_year": "2024/25"}
    assert given["14", "U00001"]["staff_stay"] is False
