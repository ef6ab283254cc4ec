"""How many medicines count towards polypharmacy, one patient at a time. The index date is 1 July 2026."""

import csv

import pytest
from vignettes import ON, by_person, issue, people, table

from pcn_analysis import codelists
from pcn_analysis.engine import lazy, to_pandas
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.person.medicine_lists import codes_on_lists
from pcn_analysis.scores.polypharmacy import (
    NO_CODES,
    NO_REPEATS,
    VARIANTS,
    count_column,
    polypharmacy,
    polypharmacy_columns,
    unassessable,
)
from tests.conftest import ROOT, need

pytestmark = pytest.mark.unit

DAYS_84_AGO, DAY_BEFORE = "2026-04-08", "2026-04-07"
YEAR_AGO, DAY_BEFORE_A_YEAR_AGO = "2025-07-01", "2025-06-30"
STATIN = "0212000B0"


def medicines(*bnf, who="p1", date="2026-06-01", **columns):
    return [issue(who, date, bnf=code) | columns for code in bnf]


def different(number):
    """So many substances of chapter 2."""
    return [f"0205051{letter}0" for letter in "ABCDEFGHIJKLMNOPQRST"[:number]]


def counted(issues, *who, variant="repeats_84d"):
    """Number, uncoded, band and flags of each person."""
    found = polypharmacy(table("medications", issues), people(*(who or ("p1",))), on=ON, variant=variant)
    return by_person(found, *polypharmacy_columns(variant))


def numbers(*issues_of_one, variant="repeats_84d"):
    """Numbers of several patients, each with their issues, beside someone of whom medicines are held."""
    who = [f"{number:02}" for number in range(len(issues_of_one))]
    issues = [one | {"person_id": name} for name, some in zip(who, issues_of_one, strict=True) for one in some]
    found = counted([*issues, *medicines(STATIN, who="stranger")], *who, variant=variant)
    return [found[name][0] for name in who]


# -- what is one medicine, and which count ----------------------------------------------------------------


def test_strengths_and_brands_of_one_substance_are_one_medicine():
    assert numbers(medicines("0212000B0AAABAB", "0212000B0BBAAAB", "0212000B0", "0212000Y0AAABAB")) == [2]


SCOPE = [
    # a code, and whether it counts
    ("0501013B0", 0),  # an antibacterial
    ("0503010D0", 1),  # for HIV: chapter 5 is out, this paragraph is in
    ("0503030C0", 1),  # for viral hepatitis
    ("0503021C0", 0),  # for herpes
    ("0602010V0", 0),  # levothyroxine: the section is out
    ("0601022B0", 1),  # metformin
    ("0601060D0", 0),  # test strips: only this paragraph is out
    ("0106040M0", 1),  # macrogol
    ("0107010N0", 0),
    ("1001010P0", 1),  # naproxen by mouth
    ("1003020P0", 0),  # ibuprofen rubbed in
    ("1106000Z0", 0),  # eye drops
    ("1404000H0", 0),  # a vaccine
    ("2120000AA", 0),
    ("1902000A0", 1),  # chapter 19 is not listed, and so in scope
]


def test_what_counts_is_decided_by_the_longest_prefix_and_what_is_not_listed_counts():
    found = numbers(*(medicines(bnf) for bnf, _ in SCOPE))
    assert dict(zip(SCOPE, found, strict=True)) == {row: row[1] for row in SCOPE}


def test_the_other_scope_takes_whole_chapters_and_nothing_else():
    thyroid, hiv, other = (medicines(bnf) for bnf in ("0602010V0", "0503010D0", "1902000A0"))
    assert numbers(thyroid, hiv, other, variant="repeats_84d_chapters") == [1, 0, 0]


@pytest.mark.published
def test_the_scope_is_that_of_the_published_list():
    path = ROOT.parent / "shared" / "reference" / "polypharmacy_bnf_scope.csv"
    need(path.exists(), "the published scope, ../shared/reference/polypharmacy_bnf_scope.csv,")
    with path.open(encoding="utf-8") as file:
        excluded = {row["bnf_chapter_code"].replace(".", ""): row["is_excluded"] for row in csv.DictReader(file)}
    ours = {row["bnf_prefix"]: row["is_in"] for row in codelists.rows("polypharmacy_scope") if "seeds" in row["source"]}
    assert ours.pop("") == "TRUE"
    assert len(ours) == 44
    assert ours == {prefix: {"TRUE": "FALSE", "FALSE": "TRUE"}[one] for prefix, one in excluded.items()}


def test_every_row_of_every_list_names_its_source():
    lists = ("polypharmacy_scope", "polypharmacy_variants", "polypharmacy_bands")
    assert all(row["source"] for name in lists for row in codelists.rows(name))
    scopes = {row["scope"] for row in codelists.rows("polypharmacy_scope")}
    assert {one.scope for one in VARIANTS.values()} == scopes


def test_a_code_shorter_than_a_prefix_is_not_on_its_list():
    codes = lazy(to_pandas(table("medications", medicines("10", "1003", "100302")).select("bnf_code")))
    rows = [{"scope": "rubbed in", "bnf_prefix": "1003", "is_in": "TRUE"}]
    assert sorted(to_pandas(codes_on_lists(codes, rows, name="scope"))["bnf_code"]) == ["1003", "100302"]


# -- windows -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variant", "first", "before"),
    [
        ("repeats_84d", DAYS_84_AGO, DAY_BEFORE),
        ("issues_84d", DAYS_84_AGO, DAY_BEFORE),
        ("issues_12m", YEAR_AGO, DAY_BEFORE_A_YEAR_AGO),
    ],
)
def test_the_first_day_of_a_window_is_in_it_and_the_index_date_is_not(variant, first, before):
    dates = (first, before, "2026-06-30", "2026-07-01")
    assert numbers(*(medicines(STATIN, date=date) for date in dates), variant=variant) == [1, 0, 1, 0]


def test_only_what_is_known_to_be_a_repeat_is_a_repeat():
    issues = [*medicines(STATIN), *medicines("0601022B0", repeat=False), *medicines("0205051R0", repeat=None)]
    assert numbers(issues) == [1]
    assert numbers(issues, variant="issues_84d") == [3]


# -- bands and flags ---------------------------------------------------------------------------------------


BANDED = [
    # so many medicines, the band, five or more, ten or more
    (0, "none", False, False),
    (1, "1-4", False, False),
    (4, "1-4", False, False),
    (5, "5-9", True, False),
    (9, "5-9", True, False),
    (10, "10-14", True, True),
    (14, "10-14", True, True),
    (15, "15+", True, True),
]


def test_bands_and_flags_begin_at_their_number():
    issues = [one for many, *_ in BANDED for one in medicines(*different(many), who=f"{many:02}")]
    found = counted(issues, *(f"{many:02}" for many, *_ in BANDED))
    assert [(number, *rest) for number, _, *rest in found.values()] == BANDED


# -- what is not known -------------------------------------------------------------------------------------


def test_everyone_has_a_row_and_strangers_have_none():
    found = counted([*medicines(STATIN), *medicines(STATIN, who="stranger")], "p1", "p2")
    assert {who: values[0] for who, values in found.items()} == {"p1": 1, "p2": 0}


def test_a_medicine_without_a_code_counts_apart_and_0_beside_it_is_not_said():
    told = medicines(STATIN, who="p2")
    uncoded = [issue("p1", "2026-06-01", bnf=None, name=name) for name in ("One", "One", "Two")]
    assert counted([*uncoded, *told])["p1"] == (None, 2, None, None, None)
    assert counted([*uncoded, *medicines(STATIN), *told])["p1"] == (1, 2, "1-4", False, False)


@pytest.mark.parametrize("issues", [[], [issue("p1", "2026-06-01", bnf=None)], medicines(STATIN, date="2026-07-01")])
def test_without_any_code_before_the_index_date_nobody_is_counted(issues):
    assert counted(issues)["p1"] == (None,) * 5
    assert unassessable(table("medications", issues), on=ON) == [NO_CODES]


def test_where_no_issue_says_whether_it_is_a_repeat_repeats_are_not_counted():
    issues = [*medicines(STATIN, repeat=None), *medicines(STATIN, date="2026-07-01")]
    assert unassessable(table("medications", issues), on=ON) == [NO_REPEATS]
    assert counted(issues)["p1"] == (None,) * 5
    assert unassessable(table("medications", issues), on=ON, variant="issues_84d") == []
    assert counted(issues, variant="issues_84d")["p1"][0] == 1


def test_a_variant_that_there_is_not_is_named_and_the_nearest_is_said():
    with pytest.raises(PcnAnalysisError, match=r"no variant called repeats_48d\. Did you mean repeats_84d"):
        counted([], variant="repeats_48d")


def test_the_name_of_the_variant_is_in_every_column():
    for variant in VARIANTS:
        assert all(column.endswith(variant) for column in polypharmacy_columns(variant))
        assert polypharmacy_columns(variant)[0] == count_column(variant)
