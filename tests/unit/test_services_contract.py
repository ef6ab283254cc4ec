"""What the contract says in which year: published, to verify, carried over, our choice or not known."""

import datetime as dt

import pytest

from pcn_analysis.contract import clauses as contract
from pcn_analysis.contract.clauses import COLUMNS, PUBLISHED, STANDINGS, Clause, Row, clause, in_year, read_table
from pcn_analysis.contract.years import YEARS, contract_year, find_year, first_day
from pcn_analysis.exceptions import PcnAnalysisError

pytestmark = pytest.mark.unit

HEAD = ",".join(COLUMNS)


def row(value="120", unit="GBP a bed", years=("2021/22", "2023/24"), standing=PUBLISHED):
    return Row("homes", "premium", "Premium", value, unit, *years, standing, "BMA", "")


def told(text):
    problems = []
    read_table(f"{HEAD}\n{text}", "ours.csv", problems)
    return [(one.where, one.what) for one in problems]


def test_a_contract_year_begins_on_the_first_of_april():
    assert contract_year(dt.date(2026, 3, 31)) == "2025/26"
    assert contract_year(dt.date(2026, 4, 1)) == "2026/27"
    assert [first_day(year).isoformat()[4:] for year in YEARS] == ["-04-01"] * len(YEARS)
    assert [contract_year(first_day(year)) for year in YEARS] == list(YEARS)


def test_a_year_that_is_none_is_refused_with_the_nearest_one():
    with pytest.raises(PcnAnalysisError, match="Did you mean 2024/25"):
        find_year("2024/2025")


def test_a_value_is_what_its_own_year_says():
    rows = [row("60", years=("2020/21", "2020/21")), row("120")]
    assert [in_year(rows, year).value for year in ("2020/21", "2021/22", "2023/24")] == ["60", "120", "120"]


def test_a_payment_is_never_carried_over_to_a_year_of_which_nothing_was_found():
    later = in_year([row()], "2024/25")
    assert (later.value, later.standing, later.assumed) == ("", "not known", True)
    with pytest.raises(PcnAnalysisError, match="Premium is not known for 2024/25"):
        _ = later.number


def test_a_threshold_is_carried_over_and_says_from_when():
    later = in_year([row("80", "share")], "2026/27")
    assert (later.number, later.standing) == (80, "carried over from 2023/24")


def test_a_threshold_is_not_carried_back():
    assert in_year([row("80", "share")], "2019/20").standing == "not known"


def test_where_a_source_says_not_known_the_last_value_before_it_is_an_assumption():
    silent = row("", "share", ("2024/25", ""), "not known")
    assert in_year([row("80", "share"), silent], "2025/26").standing == "carried over from 2023/24"
    assert in_year([silent], "2025/26").standing == "not known"


def test_what_holds_in_every_year_needs_no_years():
    always = row("140", "mm[Hg]", ("", ""))
    assert {in_year([always], year).standing for year in YEARS} == {PUBLISHED}


def test_everything_that_is_wrong_with_a_table_is_told_at_once():
    assert told("a,A,1,a,2019/20,2018/19,heard,,") == [
        ("ours.csv, row 2", "standing heard is none"),
        ("ours.csv, row 2", "nothing says where it comes from"),
        ("ours.csv, row 2", "2018/19 is no contract year"),
    ]
    assert told("a,A,,a,,,published,BMA,") == [
        ("ours.csv, row 2", "a value stands beside “not known”, or none beside another standing")
    ]


def test_two_rows_for_the_same_year_are_refused():
    twice = "a,A,1,a,2019/20,2021/22,published,BMA,\na,A,2,a,2021/22,,published,Pulse,"
    assert told(twice) == [("ours.csv, row 3", "a has another row for some of its years")]
    assert told(twice.replace("2021/22,,", "2022/23,,")) == []


def test_a_table_with_other_columns_is_refused():
    problems = []
    assert read_table("clause,value\na,1", "ours.csv", problems) == ()
    assert problems[0].what == "has other columns"


def test_every_clause_of_this_package_says_where_it_comes_from_in_every_year():
    names = [(service, one.clause) for service, rows in contract.tables().items() for one in rows]
    owners = {name: {service for service, other in names if other == name} for _, name in names}
    assert {name: where for name, where in owners.items() if len(where) > 1} == {}, "a clause has one table"
    for name in owners:
        for year in YEARS:
            found = clause(name, year)
            assert isinstance(found, Clause)
            assert found.row.source
            assert found.standing in STANDINGS or found.standing.startswith("carried over from ")


def test_a_clause_that_is_not_there_is_told_with_the_nearest_one():
    with pytest.raises(PcnAnalysisError, match="Did you mean proactive_care_plan_months"):
        clause("proactive_care_plan_month", "2026/27")


@pytest.mark.parametrize(("value", "unit"), [("2,50", "GBP a bed"), ("inf", "GBP a bed"), ("-2", "GBP a bed"),
                                             ("many", "IIF points"), ("70%", "share")])  # fmt: skip
def test_a_payment_a_point_and_a_share_are_numbers(value, unit):
    [(where, what)] = told(f'premium,Premium,"{value}",{unit},2019/20,,published,BMA,')
    assert (where, what) == ("ours.csv, row 2", f"{value} is no number, and its unit is {unit}")
    assert told(f"premium,Premium,0.5,{unit},2019/20,,published,BMA,") == []
