"""Statistics held against workbooks of PHEindicatormethods' tests, and the page that says how near they are."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from pcn_analysis.statistics.standardised import directly_standardised_rate, european_standard_population
from tests.conftest import ROOT, need
from tests.oracles import inequality
from tests.oracles.comparison import WORDS, Comparison
from tests.oracles.document import FLOOR, MEASURED, document, measured, row_of, stored, written
from tests.oracles.workbooks import BESIDE, VARIABLE, compare, find, folders, sheets_of

pytestmark = pytest.mark.published

WORKBOOKS = find(*folders())
MISSING = "the folder of workbooks of others, ../shared/reference/oracles,"
STANDARD = european_standard_population()


def golden(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def workbook(name: str) -> dict[str, pd.DataFrame]:
    need((BESIDE / name).is_file(), MISSING)
    return sheets_of(BESIDE / name)


def rate_of(strata: pd.DataFrame, weight: pd.Series | None = None, **options) -> pd.Series:
    weight = pd.Series(STANDARD.to_numpy(), index=strata.index) if weight is None else weight
    area = pd.Series("area", index=strata.index)
    return directly_standardised_rate(strata["count"], strata["pop"], weight, area, **options).iloc[0]


def test_the_workbooks_are_at_hand():
    need(BESIDE.is_dir(), MISSING)
    assert find(BESIDE)


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.name)
def test_our_values_are_those_of_the_workbook(path):
    comparisons = compare(path)
    if not comparisons:
        pytest.skip(f"no reader recognises {path.name}")
    assert sum(one.known for one in comparisons) > 0
    assert [(one.method, one.largest) for one in comparisons if not one.largest <= one.tolerance] == []


def test_a_value_that_is_off_or_missing_would_be_found():
    theirs = pd.Series([100.0, 50.0]).to_numpy()
    assert Comparison("a rate", theirs * 1.001, theirs, 1e-9).largest == pytest.approx(0.001)
    assert Comparison("a rate", pd.Series([100.0, None]).to_numpy(), theirs, 1e-9).largest == float("inf")


def test_further_workbooks_are_read_from_a_folder_that_a_variable_names(tmp_path, monkeypatch):
    strange, known = tmp_path / "testdata_LE.csv", tmp_path / "testdata_Rate.csv"
    strange.write_text("startage,pops,deaths\n0,7060,17\n", encoding="utf-8")
    limits = "501.63188,828.49139"
    known.write_text(
        f"Area,Numerator,Denominator,Rate,lower95_0cl,upper95_0cl,method\nA,65,10000,650,{limits},Byars\n",
        encoding="utf-8",
    )
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert {strange, known} <= set(find(*folders()))
    assert compare(strange) == []
    [rate] = compare(known)
    assert rate.known == 2
    assert rate.largest < 1e-7


def test_the_only_columns_left_out_are_wrong_by_a_factor_of_ten():
    sheets = workbook("testdata_DSR_ISR.xlsx")
    results = sheets["testresults_DSR"].set_index("area").loc["testdata_1976"]
    theirs = results[results["statistic"] == "dsr per 10000"].iloc[0]
    strata = sheets["testdata_1976"]
    ours = rate_of(strata, strata["esp1976"], multiplier=10_000, confidence=[0.998])
    assert theirs["lower99_8cl"] == pytest.approx(10 * ours["lower_99.8"])
    assert theirs["upper99_8cl"] == pytest.approx(10 * ours["upper_99.8"])


@pytest.mark.parametrize("sheet", ["testdata_err1", "testdata_err3", "testdata_err4"])
def test_negative_counts_populations_and_weights_are_refused(sheet):
    strata = workbook("testdata_DSR_ISR.xlsx")[sheet]
    with pytest.raises(ValueError, match="1 value is negative"):
        rate_of(strata, strata["stdpop"])


def test_a_stratum_without_people_gives_no_rate():
    strata = workbook("testdata_DSR_ISR.xlsx")["testdata_err2"].query("area == 'Area1'").reset_index(drop=True)
    assert pd.isna(rate_of(strata)["rate"])


def test_scenarios_that_are_errors_there_are_errors_or_null_here():
    seen = 0
    for rows in inequality.scenarios(workbook("testdata_SII.xlsx")):
        text = rows["TestDescription"].iloc[0]
        if "missing value" not in text and "negative pop" not in text and "missing confidence" not in text:
            continue
        seen += 1
        if "negative" in text:
            with pytest.raises(ValueError, match="population: 1 value is negative"):
                inequality.ours(rows)
        else:
            assert pd.isna(inequality.ours(rows)["sii_lower_95"])
    assert seen == 3


@pytest.mark.parametrize(
    "row", golden("standardised_and_inequality.csv"), ids=lambda row: f"{row['case']} {row['figure']}"
)
def test_published_figures(row):
    sheets = workbook(row["workbook"])
    if row["workbook"] == "testdata_SII.xlsx":
        [rows] = [
            rows
            for rows in inequality.scenarios(sheets)
            if f"{rows['TestDescription'].iloc[0]}|{rows['Area'].iloc[0]}" == row["case"]
        ]
        found = inequality.ours(rows)
    else:
        strata = sheets["testdata_multiarea"]
        found = rate_of(strata[strata["area"] == row["case"]].reset_index(drop=True), confidence=[0.95, 0.998])
    assert float(found[row["figure"]]) == pytest.approx(float(row["expected"]), abs=5.1e-7)


def test_the_european_standard_population_is_that_of_2013():
    assert [(row["age_band"], int(row["people"])) for row in golden("european_standard_population.csv")] == [
        (band, int(people)) for band, people in STANDARD.items()
    ]


def test_the_page_is_made_from_what_was_measured():
    assert (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8") == document()


def test_what_was_measured_is_what_comes_out_again():
    need(BESIDE.is_dir(), MISSING)
    assert written(measured()) == MEASURED.read_text(encoding="utf-8")


def test_the_page_holds_one_value_of_theirs_for_each_method_and_no_row_of_a_workbook():
    page = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")
    shown = {row["theirs"] for row in stored()}
    others = {f"{float(row['expected']):.5g}" for row in golden("standardised_and_inequality.csv")}
    others = {value for value in others if not any(one.startswith(value) for one in shown)}
    assert len(others) > 10
    assert [value for value in others if value in page] == []


def test_the_value_that_is_furthest_off_stands_beside_ours():
    ours, theirs = pd.Series([1.0, None, 2.0, 3.1]).to_numpy(), pd.Series([1.0, None, 2.5, 3.0]).to_numpy()
    assert Comparison("a rate", ours, theirs, 1).furthest(FLOOR) == (2.0, 2.5)
    noise = pd.Series([None, 2.5 + 1e-12, 3.0 + 1e-11]).to_numpy()
    assert Comparison("a rate", noise, theirs[1:], 1).furthest(FLOOR) == (2.5 + 1e-12, 2.5), "the first, not the null"
    missing = pd.Series([1.0, 7.0]).to_numpy()
    assert str(Comparison("a rate", missing, theirs[:2], 1).furthest(FLOOR)) == "(7.0, nan)"


def test_ours_and_theirs_are_written_with_six_digits_and_labels_as_words():
    one = pd.Series([1.0, 0.0]).to_numpy()
    rows = [
        row_of("a.xlsx", Comparison("a rate", one * 1234.5, one * 1234.567, 1)),
        row_of("a.xlsx", Comparison("labels", one, one * 0, 0, WORDS, labels=("within", "above"))),
        row_of("a.xlsx", Comparison("a rate", one * float("nan"), one, 1)),
    ]
    assert [(row["ours"], row["theirs"]) for row in rows] == [
        ("1234.50", "1234.57"), ("above", "within"), ("null", "1.00000"),
    ]  # fmt: skip
    assert "| a rate | 2 | 0 | 1234.50 | 1234.57 | 5e-05 |" in document(rows[:1])
