"""Every control of the hazard log names tests that exist, risks follow from the matrix, and the page is current."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.hazards import Control, Hazard, document, faults, hazards, ids_of_tests
from tests.hazards.matrix import LIKELIHOODS, MATRIX, SEVERITIES

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]
TEST = "tests/unit/test_lists.py::test_only_their_owner_can_read_them"
TESTED = Control("design", "Files are for their owner alone", (TEST,))
DEPLOYER = Control("deployer", "Guard the folder")
OPEN = Control("design", "A footer", (), "It is not built")
LEVELS = ("significant", "high", "low")
HAZARD = Hazard("H01", "Lists", "A list is read by others", ("A folder is open",), "Distress", *LEVELS, (TESTED,))


def test_nothing_is_wrong_with_the_log():
    """Each test that guards a control exists and runs; see `faults` for what else is asked."""
    assert faults(hazards(), ids_of_tests()) == []


def test_the_page_is_current():
    assert (ROOT / "docs" / "hazard_log.md").read_text(encoding="utf-8") == document(hazards())


def test_hazards_are_numbered_in_order_and_each_area_stands_together():
    log = hazards()
    assert [it.id for it in log] == [f"H{number:02}" for number in range(1, len(log) + 1)]
    areas = [it.area for it in log]
    assert areas == sorted(areas, key=areas.index)


def test_risk_never_falls_as_severity_or_likelihood_rises_and_runs_from_1_to_5():
    rows = list(map(list, MATRIX.values()))
    columns = list(map(list, zip(*rows, strict=True)))
    assert list(MATRIX) == list(LIKELIHOODS)
    assert {len(row) for row in rows} == {len(SEVERITIES)}
    assert rows == list(map(sorted, rows))
    assert columns == list(map(sorted, columns))
    assert (rows[0][0], rows[-1][-1]) == (1, 5)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({}, None),
        ({"controls": ()}, "has no control"),
        ({"causes": ()}, "has no cause"),
        ({"effect": ""}, "has an empty text"),
        ({"severity": "dreadful"}, "dreadful is no level"),
        ({"likelihood_after": "very high"}, "is likelier with its controls than without"),
        ({"controls": (DEPLOYER,)}, "is less likely without a control that is tested"),
        ({"controls": (OPEN,)}, "is less likely without a control that is tested"),
        ({"severity": "catastrophic"}, "leaves a risk of 4"),
        ({"severity": "major"}, "leaves a risk of 3 without a reason"),
        ({"severity": "major", "why": "Nothing more can be done"}, None),
    ],
)
def test_what_is_wrong_with_a_hazard_is_told(changed, fault):
    found = faults([replace(HAZARD, **changed)], {TEST})
    assert f"H01: {fault}" in found if fault else found == []


@pytest.mark.parametrize(
    ("control", "fault"),
    [
        (TESTED, None),
        (OPEN, None),
        (DEPLOYER, None),
        (replace(TESTED, tests=()), "needs tests, or why there are none yet, and not both"),
        (replace(TESTED, not_yet="Later"), "needs tests, or why there are none yet, and not both"),
        (replace(TESTED, tests=(TEST + "_no_more",)), f"there is no test {TEST}_no_more"),
        (replace(TESTED, tests=("tests/unit/test_lists.py",)), "there is no test tests/unit/test_lists.py"),
        (replace(DEPLOYER, tests=(TEST,)), "what a deployer does is tested by the deployer"),
        (replace(TESTED, kind="hope"), "hope is no kind of control"),
    ],
)
def test_what_is_wrong_with_a_control_is_told(control, fault):
    found = faults([replace(HAZARD, controls=(TESTED, control))], {TEST})
    assert found == ([f"H01: {fault}: {control.what}"] if fault else [])


def test_a_number_that_stands_twice_is_told():
    assert faults([HAZARD, HAZARD], {TEST}) == ["H01 stands twice"]


def test_tests_are_found_without_importing_them_and_those_that_never_run_are_not(tmp_path):
    (tmp_path / "tests" / "unit").mkdir(parents=True)
    text = (
        "import nowhere\n"
        "@pytest.mark.parametrize('x', [1])\ndef test_runs(x): ...\n"
        "@pytest.mark.skip(reason='broken')\ndef test_is_skipped(): ...\n"
        "@pytest.mark.xfail\ndef test_fails(): ...\n"
        "def helper():\n    def test_inside(): ...\n"
    )
    (tmp_path / "tests" / "unit" / "test_it.py").write_text(text, encoding="utf-8")
    assert ids_of_tests(tmp_path) == {"tests/unit/test_it.py::test_runs"}


def test_a_hazard_is_open_while_a_control_has_no_test():
    assert HAZARD.status == "tested"
    assert replace(HAZARD, controls=(TESTED, DEPLOYER)).status == "tested; deployer to act"
    assert replace(HAZARD, controls=(TESTED, DEPLOYER, OPEN)).status == "open"


def test_the_intended_purpose_and_the_log_name_each_other_and_the_readme_names_both():
    purpose, log = "intended_purpose.md", "hazard_log.md"
    assert purpose in document(hazards())
    for path in ("docs/intended_purpose.md", "docs/README.md", "README.md"):
        text = (ROOT / path).read_text(encoding="utf-8")
        assert log in text, path
        assert purpose in text or path.endswith(purpose), path
