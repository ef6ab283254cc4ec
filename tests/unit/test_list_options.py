"""Options of ``pcn-analysis list``: each has an effect or is refused, and everything that is wrong is told at once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pcn_analysis import cli
from pcn_analysis.anticipatory.cohorts import COHORTS, find_cohort
from pcn_analysis.commands.lists import ListOf, read_slots
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.reports.caseload_lists import plan_of
from pcn_analysis.reports.cohort_lists import cohort_named, needs_frailty
from pcn_analysis.rules import needed_columns

if TYPE_CHECKING:
    from pcn_analysis.settings import Settings

pytestmark = pytest.mark.unit

PACKAGE = Path(cli.__file__).parent
OBJECTIVE = PACKAGE / "anticipatory" / "caseload" / "objective.yaml"
HOUSEBOUND = PACKAGE / "anticipatory" / "cohorts" / "housebound.yaml"
GIVEN = {
    "--model": ("snee",),
    "--what-would-move": ("asked.csv",),
    "--cohort": ("carers",),
    "--slots": ("GP=1",),
    "--months": ("2",),
    "--objective": ("default",),
    "--fair": (),
    "--service": ("care_homes",),
    "--contract-year": ("2025/26",),
}


@pytest.fixture
def told(project: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """What the command says is wrong, line by line; nothing is written."""

    def run(*arguments: str) -> list[str]:
        monkeypatch.setattr(sys, "argv", ["pcn-analysis", "list", *arguments])
        with pytest.raises(SystemExit) as end:
            cli.run()
        assert end.value.code == 2
        assert not (project.restricted / "lists").exists()
        return capsys.readouterr().err.splitlines()

    return run


@pytest.mark.parametrize(
    ("of", "used"),
    [
        (ListOf.PROACTIVE_CARE, set()),
        (ListOf.SEGMENTS, {"--model", "--what-would-move"}),
        (ListOf.COHORT, {"--cohort"}),
        (ListOf.CASELOAD, {"--cohort", "--slots", "--months", "--objective", "--fair"}),
        (ListOf.SERVICE, {"--service", "--contract-year"}),
    ],
)
def test_options_without_effect_are_refused_all_at_once(told, of, used):
    lines = told("--of", of, *(word for name, value in GIVEN.items() for word in (name, *value)))
    refused = [line.removeprefix("Error: ").split(":")[0] for line in lines if "has no effect" in line]
    assert refused == [name for name in GIVEN if name not in used]


def test_an_option_without_effect_says_where_it_has_one(told):
    [line] = told("--of", "segments", "--cohort", "carers")
    assert line == (
        "Error: --cohort: has no effect on lists of segments. Add `--of cohort` or `--of caseload`, or leave it out."
    )


def test_everything_that_is_wrong_with_a_caseload_is_told_at_once(told):
    slots = ("--slots", "pharmacist=3", "--slots", "GP=-1")
    lines = told("--of", "caseload", "--model", "snee", *slots, "--cohort", "frail", "--objective", "risk")
    assert [line.split(". ")[0] for line in lines] == [
        "Error: --model: has no effect on lists of caseload",
        "Error: --slots: “GP=-1” is no professional with a whole number",
        "Error: cohort: there is none called frail",
        "Error: objective: there is none called risk",
    ]
    lines = told("--of", "caseload", "--slots", "pharmacist=3", "--cohort", "frail")
    assert [line.split(". ")[0] for line in lines] == [
        "Error: cohort: there is none called frail",
        "Error: capacity: there is no professional pharmacist",
    ]


def test_a_caseload_without_a_slot_is_refused(told):
    assert told("--of", "caseload", "--slots", "GP=0")[0].startswith("Error: capacity: there is no slot")


def test_a_cohort_has_to_be_named(told):
    assert told("--of", "cohort") == [
        "Error: --cohort: nothing says which cohort. Give its name, or a .yaml file.",
    ]


@pytest.mark.parametrize("written", ["GP", "=3", "GP=", "GP=2.5", "GP=-1", "GP=1=2", " = 1"])
def test_slots_are_a_professional_and_a_whole_number(written):
    slots, [wrong] = read_slots([written])
    assert (slots, wrong.remedy) == ({}, 'Write it as "GP=10".')


def test_an_objective_in_the_name_of_ours_with_other_numbers_is_refused_and_a_copy_is_not(tmp_path):
    text = OBJECTIVE.read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    asked = {"cohort": "carers", "objective": str(tmp_path / "mine.yaml")}
    assert plan_of({"GP": 1}, **asked).objective.name == "default"
    (tmp_path / "mine.yaml").write_text(text.replace("points: 2", "points: 3"), encoding="utf-8")
    with pytest.raises(PcnAnalysisError, match="default: is the name of the objective of this package"):
        plan_of({"GP": 1}, **asked)


def test_a_cohort_in_the_name_of_one_of_ours_with_other_rules_is_refused_and_a_copy_is_not(tmp_path):
    text = HOUSEBOUND.read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    assert cohort_named(str(tmp_path / "mine.yaml")) == find_cohort("housebound")
    (tmp_path / "mine.yaml").write_text(text.replace("months: 24", "months: 12"), encoding="utf-8")
    with pytest.raises(PcnAnalysisError, match="housebound: is the name of a cohort of this package with other rules"):
        cohort_named(str(tmp_path / "mine.yaml"))


def test_only_cohorts_that_rest_on_frailty_need_it():
    assert {name for name in COHORTS if needs_frailty(find_cohort(name))} == {"proactive_care"}


@pytest.mark.parametrize("name", COHORTS)
def test_no_cohort_reads_a_risk(name):
    cohort = find_cohort(name)
    asked = [step.criterion for step in cohort.steps if step.criterion] + [one.when for one in cohort.first]
    assert not [column for one in asked for column in needed_columns(one) if "risk" in column]
