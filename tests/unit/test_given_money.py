"""What a user gives of money and staff: files, sizes and years. What is wrong is told at once, and never repeated."""

import datetime as dt

import pandas as pd
import pytest

from pcn_analysis.budget.additionality import read_baseline
from pcn_analysis.budget.claims import read_claims
from pcn_analysis.budget.entitlement import entitlement
from pcn_analysis.budget.practice_shares import practice_shares
from pcn_analysis.budget.two_years import two_years
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.network.grouping_files import read_grouping_file
from pcn_analysis.place import network_of
from pcn_analysis.synthetic.place import invent_place

pytestmark = pytest.mark.unit

YEAR, DAY = "2025/26", dt.date(2025, 12, 31)


@pytest.fixture(scope="module")
def network():
    return network_of(invent_place(), "U00001")


@pytest.fixture
def wrote(tmp_path):
    def write(text):
        path = tmp_path / "given.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def told(asked, *arguments, **named):
    """Everything that is told, a line each."""
    with pytest.raises(PcnAnalysisError) as caught:
        asked(*arguments, **named)
    return [str(one) for one in caught.value.problems]


# -- a file without a header -------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ["2025-06,Jane Smith,1,5000", "monht,Jane Smith,rolle,amounts"])
def test_a_row_where_the_header_is_looked_for_is_never_repeated(wrote, row):
    """Neither the name nor the pay of somebody, nor what merely looks like a column."""
    path = wrote(f"{row}\n{row}\n")
    lines = [*told(read_claims, path, YEAR, DAY), *told(read_baseline, path), *told(read_grouping_file, path)]
    assert lines[0] == "given.csv: the column month is missing. Begin it with month,role,wte,amount."
    assert "given.csv: the column role is missing. Begin it with role,baseline_wte,now_wte." in lines
    assert "given.csv: the column group is missing. Begin it with practice_code,group or with pcn_code,group." in lines
    said = " ".join(lines).casefold()
    assert not any(word in said for word in ("jane", "smith", "5000", "2025-06", "monht", "rolle"))


# -- numbers that are none ---------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["inf", "-inf", "1e400", "nan", "1e12"])
def test_what_is_not_finite_or_larger_than_any_can_be_is_no_number(wrote, number):
    path = wrote(f"month,role,wte,amount\n2025-06,paramedic,{number},{number}\n")
    assert [line.split(", the first")[0] for line in told(read_claims, path, YEAR, DAY)] == [
        "given.csv: 1 row with whole-time equivalents that are no number, or not above 0",
        "given.csv: 1 row with an amount that is no number, or below 0",
    ]
    path = wrote(f"role,baseline_wte,now_wte\nparamedic,{number},{number}\n")
    assert len(told(read_baseline, path)) == 2


def test_five_thousand_whole_time_equivalents_are_a_slip(wrote):
    path = wrote("month,role,wte,amount\n2025-06,paramedic,5000,5000\n")
    assert len(told(read_claims, path, YEAR, DAY)) == 1


# -- arguments ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", ["fifty", pd.NA, float("inf"), float("nan"), -1, 1e12, True])
def test_a_size_that_is_no_number_is_told(network, size):
    for asked in (entitlement, practice_shares):
        assert told(asked, network, YEAR, registered=size) == [
            "registered: is no number of 0 or more. Give a size, or leave it out."
        ]


def test_a_year_and_sizes_that_are_wrong_are_told_together(network):
    assert told(entitlement, network, 2023, registered="fifty", beds=-1) == [
        "contract_year: 2023 is none. Did you mean 2023/24 or 2022/23?",
        "registered: is no number of 0 or more. Give a size, or leave it out.",
        "beds: is no number of 0 or more. Give a size, or leave it out.",
    ]


def test_sizes_of_two_years_that_are_called_otherwise_are_told_with_the_nearest(network):
    assert told(two_years, network, "2023-24", None, {"registred": 5}, {"beds": "many"}) == [
        "contract_year: 2023-24 is none. Did you mean 2023/24?",
        "contract_year: None is none. Known: 2019/20, 2020/21, 2021/22, 2022/23, 2023/24, 2024/25, 2025/26, 2026/27.",
        "size registred: there is none of that name. Did you mean registered?",
        "beds: is no number of 0 or more. Give a size, or leave it out.",
    ]
