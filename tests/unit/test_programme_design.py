"""A design is fixed before outcomes are seen, says everything that is wrong at once, and shows when it was changed."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from pcn_analysis.anticipatory.programme import Design, check_treated, design_of, read_design, read_treated
from pcn_analysis.anticipatory.programme.design_files import treated_sha256
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.rules import AtLeast

pytestmark = pytest.mark.unit

WRITTEN = """
programme: calls after discharge
question: Do calls after discharge keep people out of A&E?
outcome: ed
design: matched_comparison
months_before: 12
months_after: 6
smallest_difference: 0.1
agreed_on: 2024-12-01
comparison: others
covariates: [age, sex]
exact: [practice_code, age_group]
whom: {number: ae_12m, at_least: 1}
treated: calls.csv
"""


def design(**values) -> Design:
    usual = {"name": "calls", "question": "Fewer?", "outcome": "ed", "design": "matched_comparison",
             "months_before": 12, "months_after": 6, "smallest_difference": 0.1,
             "agreed_on": dt.date(2024, 12, 1)}  # fmt: skip
    return Design(**(usual | values))


def wrong(make) -> list[str]:
    with pytest.raises(PcnAnalysisError) as error:
        make()
    return [str(one) for one in error.value.problems]


def test_a_file_says_what_the_dataclass_says():
    found = design_of(WRITTEN, "calls.yaml")
    assert found == design(
        name="calls after discharge",
        question="Do calls after discharge keep people out of A&E?",
        covariates=("age", "sex"),
        exact=("practice_code", "age_group"),
        whom=AtLeast("ae_12m", 1),
        treated="calls.csv",
    )


def test_the_list_lies_beside_its_design(tmp_path):
    (tmp_path / "calls.yaml").write_text(WRITTEN, encoding="utf-8")
    assert read_design(tmp_path / "calls.yaml").treated == str(tmp_path / "calls.csv")


def test_the_hash_is_the_same_however_the_file_is_laid_out_and_wherever_its_list_is():
    lines = WRITTEN.strip().splitlines()
    again = "# agreed by the board\n" + "\n".join(reversed(lines)).replace("calls.csv", "elsewhere.csv")
    assert design_of(again, "again.yaml").sha256 == design_of(WRITTEN, "calls.yaml").sha256


@pytest.mark.parametrize(
    "changed",
    [{"outcome": "gp_contact"}, {"months_after": 12}, {"smallest_difference": 0.05}, {"covariates": ("age",)},
     {"whom": AtLeast("ae_12m", 2)}, {"comparison": ("A00001",)}, {"agreed_on": dt.date(2025, 1, 1)}],
)  # fmt: skip
def test_whatever_is_changed_later_changes_the_hash(changed):
    assert replace(design(), **changed).sha256 != design().sha256


def test_before_and_after_alone_is_refused_with_the_reason():
    assert "regression to the mean" in wrong(lambda: design(design="before_after"))[0]


@pytest.mark.parametrize("kind", ["matched_comparison", "difference_in_differences"])
def test_comparing_with_nobody_is_refused_where_the_same_people_would_be_left(kind):
    assert "regression to the mean" in wrong(lambda: design(design=kind, comparison="nobody"))[0]


def test_a_series_of_people_picked_at_its_start_is_refused():
    made = wrong(lambda: design(design="interrupted_time_series", whom=AtLeast("ae_12m", 1)))
    assert "regression to the mean" in made[0]


def test_everything_wrong_with_a_file_is_told_at_once():
    text = WRITTEN.replace("outcome: ed", "outcome: happiness").replace("0.1", "ten").replace("12\n", "a year\n", 1)
    text = text.replace("2024-12-01", "soon").replace("[age, sex]", "[age, shoe_size]") + "budget: 5\n"
    problems = wrong(lambda: design_of(text, "calls.yaml"))
    said = ("budget", "outcome", "months_before", "smallest_difference", "agreed_on", "shoe_size")
    assert [word for word in said if not any(word in one for one in problems)] == []
    assert len(problems) == len(said)


def test_a_missing_line_is_named_once():
    text = WRITTEN.replace("question: Do calls after discharge keep people out of A&E?\n", "")
    assert wrong(lambda: design_of(text, "calls.yaml")) == [
        "calls.yaml: question is missing. Start from docs/programme.md."
    ]


def test_a_list_keeps_codes_as_words_and_dates_as_dates(tmp_path):
    (tmp_path / "list.csv").write_text("practice_code,start_date\nA00001,2025-01-01\n", encoding="utf-8")
    found = read_treated(tmp_path / "list.csv")
    assert found.to_dict("records") == [{"practice_code": "A00001", "start_date": pd.Timestamp("2025-01-01")}]


def test_a_list_says_everything_that_is_wrong_and_never_whom_it_concerns():
    rows = pd.DataFrame({"person_id": ["9990001", "9990001", "", "9990002"],
                         "start_date": ["2025-01-01", "2025-02-30", "2025-01-01", "1/2/25"]})  # fmt: skip
    problems = wrong(lambda: check_treated(rows))
    assert [one.split(":")[0] for one in problems] == [
        "treated, person_id",
        "treated, person_id",
        "treated, start_date",
    ]
    assert not any("999" in one or "1/2" in one for one in problems)


def test_an_empty_list_is_nobody_treated():
    assert (
        "nobody got the programme" in wrong(lambda: check_treated(pd.DataFrame(columns=["person_id", "start_date"])))[0]
    )


def test_a_list_of_people_and_practices_is_refused():
    rows = pd.DataFrame({"person_id": ["p"], "practice_code": ["A00001"]})
    assert len(wrong(lambda: check_treated(rows))) == 2


def test_the_order_of_a_list_does_not_change_its_hash():
    rows = pd.DataFrame({"person_id": ["a", "b"], "start_date": ["2025-01-01", "2025-02-01"]})
    assert treated_sha256(check_treated(rows)) == treated_sha256(check_treated(rows[::-1]))
