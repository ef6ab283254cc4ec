"""How many medicines a person has, and those of some groups."""

import pytest
from vignettes import ON, by_person, issue, people, table

from pcn_analysis import codelists
from pcn_analysis.person.medicine_lists import SUBSTANCE
from pcn_analysis.person.medicines import medicine_columns

pytestmark = pytest.mark.unit

PREFIX_LENGTHS = (4, 6, SUBSTANCE)
"""Characters of a BNF code that name a section, a paragraph and a substance."""
STATIN, ACE_INHIBITOR, OTHER_STATIN = "0212000B0AAABAB", "0205051R0AAADAD", "0212000Y0AAADAD"


def counted(*issues, who=("p1",), columns=("n_medications", "n_medications_12m")):
    return by_person(medicine_columns(table("medications", list(issues)), people(*who), on=ON), *columns)


# -- different medicines -----------------------------------------------------------------------------------


def test_a_person_without_issues_has_none_rather_than_nothing_known():
    assert counted(issue("p1", "2026-06-01"), who=("p1", "p2"))["p2"] == (0, 0)


def test_with_no_issues_at_all_everyone_has_none():
    assert counted(columns=("n_medications", "antidepressants_12m", "antidepressants_date")) == {"p1": (0, 0, None)}


def test_a_medicine_issued_every_month_is_one_medicine():
    assert counted(*(issue("p1", f"2026-0{month}-01", bnf=STATIN) for month in (4, 5, 6)))["p1"] == (1, 1)


def test_two_codes_are_two_medicines():
    issues = [issue("p1", "2026-06-01", bnf=bnf) for bnf in (STATIN, ACE_INHIBITOR, OTHER_STATIN)]
    assert counted(*issues)["p1"] == (3, 3)


def test_a_medicine_without_a_code_is_known_by_its_name():
    issues = [issue("p1", "2026-06-01", bnf=None, name=name) for name in ("Oral rehydration", "Oral rehydration", "X")]
    assert counted(*issues)["p1"] == (2, 2)


@pytest.mark.parametrize(
    ("date", "counts"),
    [
        pytest.param("2026-07-01", (0, 0), id="on the index date: not seen"),
        pytest.param("2026-06-30", (1, 1), id="the day before"),
        pytest.param("2026-04-08", (1, 1), id="84 days before"),
        pytest.param("2026-04-07", (0, 1), id="85 days before"),
        pytest.param("2025-07-01", (0, 1), id="12 months before"),
        pytest.param("2025-06-30", (0, 0), id="a day more than 12 months before"),
    ],
)
def test_the_windows_hold_their_first_day_and_not_the_index_date(date, counts):
    assert counted(issue("p1", date))["p1"] == counts


# -- groups ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bnf", "group", "is_in"),
    [
        pytest.param("0403010B0AAAGAG", "antidepressants", True, id="section, four characters"),
        pytest.param("0407020C0AAABAB", "analgesics", True, id="paragraph, six characters"),
        pytest.param("0407041T0AAAAAA", "analgesics", False, id="another paragraph of the section"),
        pytest.param("0402030K0AAAKAK", "lithium", True, id="substance, nine characters"),
        pytest.param("0402030Q0AAAAAA", "lithium", False, id="another substance of the paragraph"),
        pytest.param("0402", "lithium", False, id="a code shorter than the prefix"),
        pytest.param(None, "lithium", False, id="no code"),
    ],
)
def test_a_group_is_told_from_the_beginning_of_the_code(bnf, group, is_in):
    answer = counted(issue("p1", "2026-06-01", bnf=bnf), columns=(f"{group}_12m", f"{group}_date"))
    assert answer["p1"] == ((1, "2026-06-01") if is_in else (0, None))


def test_every_issue_of_a_group_counts_whichever_its_prefix():
    issues = [issue("p1", "2026-06-01", bnf=bnf) for bnf in ("0301011R0", "0302000C0", "0302000C0")]
    assert counted(*issues, columns=("asthma_medicines_12m",)) == {"p1": 3}


def test_the_latest_issue_is_known_beyond_the_window_of_the_count():
    issues = [issue("p1", date, bnf="0403010B0") for date in ("2019-05-01", "2022-05-01", "2026-07-01")]
    assert counted(*issues, columns=("antidepressants_12m", "antidepressants_date")) == {"p1": (0, "2022-05-01")}


def test_the_first_day_of_the_window_counts_and_the_day_before_does_not():
    issues = [issue("p1", date, bnf="0403010B0") for date in ("2025-06-30", "2025-07-01", "2026-06-30")]
    assert counted(*issues, columns=("antidepressants_12m",)) == {"p1": 2}


def test_every_listed_prefix_names_a_section_a_paragraph_or_a_substance():
    assert {len(row["bnf_prefix"]) for row in codelists.rows("medicine_groups")} <= set(PREFIX_LENGTHS)


def test_every_listed_group_is_found_by_each_of_its_prefixes():
    for row in codelists.rows("medicine_groups"):
        full = row["bnf_prefix"].ljust(15, "A")
        assert counted(issue("p1", "2026-06-01", bnf=full), columns=(f"{row['group']}_12m",)) == {"p1": 1}, row
