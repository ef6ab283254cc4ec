"""The release gate: what may leave, and in which form."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest
from handmade import INVENTED, PUBLISHED, RECORDS, sourced

from pcn_analysis.exceptions import DisclosureError
from pcn_analysis.plots import charts, maps
from pcn_analysis.provenance import Counted, Provenance, Rate, Source, SourcedTable
from pcn_analysis.release import PROFILES, ReleasedTable, release
from pcn_analysis.release.disclosure import for_audit
from pcn_analysis.release.refusals import undeclared
from pcn_analysis.statistics.rates import wilson

pytestmark = pytest.mark.unit

SHARE = Rate("share", "patients", "registered", interval=True)
PATIENTS = ("patients", "registered")


def of_people(patients, registered=212, **more) -> SourcedTable:
    frame = pd.DataFrame({"segment": [f"s{i}" for i in range(len(patients))], "patients": patients}).assign(
        registered=registered, **more
    )
    return sourced(frame, RECORDS, counts=PATIENTS, rates=(SHARE,))


# -- counts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, 0),
        *((n, None) for n in range(1, 8)),
        *((8, 10), (9, 10), (10, 10), (11, 10), (12, 10), (13, 15), (17, 15), (18, 20)),
        *((212, 210), (213, 215), (1_000_002, 1_000_000), (1_000_003, 1_000_005)),
        (None, None),
    ],
)
def test_counts_of_people_are_rounded_to_five_or_not_shown(count, shown):
    (value,) = PROFILES["hes"].protect(pd.Series([count], dtype="Int64"))
    assert (None if pd.isna(value) else value) == shown


@pytest.mark.parametrize(("estimate", "shown"), [(0.4, None), (7.4, None), (7.99, None), (8.0, 10), (12.49, 10)])
def test_estimates_of_people_are_rounded_alike(estimate, shown):
    (value,) = PROFILES["hes"].protect(pd.Series([estimate]))
    assert (None if pd.isna(value) else value) == shown


def test_a_count_that_is_missing_stays_missing_and_so_does_its_rate():
    frame = release(of_people(pd.array([None, 100], dtype="Int64"))).frame
    assert frame["patients"].isna().to_list() == [True, False]
    assert frame[["share", "share_lower", "share_upper"]].iloc[0].isna().all()


def test_a_count_too_small_to_show_is_null_and_never_zero():
    frame = release(of_people([3, 0, 100])).frame
    assert frame["patients"].isna().to_list() == [True, False, False]
    assert frame["share"].isna().to_list() == [True, False, False]
    assert frame["share"][1] == 0


# -- rates -------------------------------------------------------------------------------------------------


def test_rates_and_limits_are_computed_again_from_what_is_shown():
    frame = release(of_people([103, 48])).frame
    assert frame[[*PATIENTS]].to_numpy().tolist() == [[105, 210], [50, 210]]
    assert frame["share"].to_list() == [105 / 210, 50 / 210]
    low, high = wilson(pd.Series([105, 50]), pd.Series([210, 210]))
    assert frame["share_lower"].to_list() == low.to_list()
    assert frame["share_upper"].to_list() == high.to_list()


def test_nothing_released_gives_back_three_of_212():
    row = release(of_people([3])).frame.iloc[0]
    assert row["registered"] == 210
    assert row[["patients", "share", "share_lower", "share_upper"]].isna().all()
    numbers = [value for value in row if not isinstance(value, str) and not pd.isna(value)]
    assert numbers == [210]


def test_a_comparison_is_made_again_from_what_is_shown():
    """12 of 62 lies above 10%; of what is shown, 10 of 60, that cannot be said."""
    frame = pd.DataFrame({"patients": [12], "registered": [62], "all_patients": [100], "all_registered": [1000]})
    rates = (
        Rate("overall", "all_patients", "all_registered"),
        Rate("share", "patients", "registered", interval=True, against="overall"),
    )
    table = sourced(frame, RECORDS, counts=(*PATIENTS, "all_patients", "all_registered"), rates=rates)
    assert table.frame["share_compared"].to_list() == ["higher"]
    assert release(table).frame["share_compared"].to_list() == ["similar"]


def test_open_data_changes_nothing():
    table = sourced(pd.DataFrame({"patients": [3], "registered": [212]}), PUBLISHED, counts=PATIENTS, rates=(SHARE,))
    pd.testing.assert_frame_equal(release(table, profile="open_data").frame, table.frame)


# -- who may use open_data ---------------------------------------------------------------------------------

NAMELESS = Source("A file", "", "1 July 2026", "", "", kind="published")
RECORD_SET = Source("GP extract", "A practice", "1 July 2026", "", "")


@pytest.mark.parametrize(
    ("provenance", "what"),
    [
        (RECORDS, "derives from records of people"),
        (PUBLISHED.joined(RECORDS), "derives from records of people"),
        (INVENTED.joined(RECORDS), "derives from records of people"),
        (Provenance((), people=False), "no published source is known"),
        (Provenance((RECORD_SET,), people=False), "1 sources are not published"),
        (Provenance((NAMELESS,), people=False), "1 sources are without publisher or period"),
        (PUBLISHED.joined(Provenance((NAMELESS,), people=False)), "1 sources are without publisher or period"),
    ],
    ids=["people", "published and people", "synthetic people", "sourceless", "records", "nameless", "one nameless"],
)
def test_open_data_is_refused_unless_all_was_published(provenance, what):
    table = sourced(pd.DataFrame({"patients": [3]}), provenance, counts=("patients",))
    with pytest.raises(DisclosureError, match=what):
        release(table, profile="open_data")
    assert pd.isna(release(table).frame["patients"][0])


@pytest.mark.parametrize("profile", ["threshold_10", "exact_with_secondary"])
def test_exact_counts_beside_blanks_do_not_leave_without_an_audit(profile):
    with pytest.raises(DisclosureError, match=r"Use publish\(\)"):
        release(of_people([3, 100]), profile=profile)
    assert for_audit(of_people([3, 100]), profile=profile).frame["patients"].to_list() == [pd.NA, 100]


@pytest.mark.parametrize(
    ("profile", "shown"), [("hes", [0, pd.NA, 15]), ("opensafely", [0, pd.NA, 15]), ("opensafely_midpoint", [0, 3, 15])]
)
def test_rates_follow_from_the_counts_of_every_profile(profile, shown):
    table = release(of_people([0, 3, 14]), profile=profile)
    assert table.frame["patients"].to_list() == shown
    registered = table.frame["registered"][0]
    assert table.frame["share"].to_list() == [one if one is pd.NA else one / registered for one in shown]


def test_a_count_below_0_is_refused():
    with pytest.raises(DisclosureError, match="column patients: 2 counts are below 0"):
        release(sourced(pd.DataFrame({"patients": [-3, -1, 5]}), RECORDS, counts=("patients",)))


def test_an_unknown_profile_is_refused():
    with pytest.raises(DisclosureError, match="there is no profile 'none'"):
        release(sourced(pd.DataFrame({"patients": [3]}), counts=("patients",)), profile="none")


# -- lists of people ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    "key",
    [
        *("person_id", "Person_ID", "visit_id", "nhs_number", "patient_id", "NHS number", "NHS-Number", "nhsNumber"),
        *("NHS no.", "pseudo_id", "PSEUDO_NHS", "Pseudonym", "HES ID", "HESID", "new_nhs_number", " person id "),
    ],
)
def test_a_row_for_a_person_never_leaves(profile, key):
    table = sourced(pd.DataFrame({key: ["p1"], "segment": ["a"]}), PUBLISHED)
    with pytest.raises(DisclosureError, match="a row for a person never leaves"):
        release(table, profile=profile)


# -- undeclared numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "numbers",
    [
        pd.Series([3, 4]),
        pd.Series([0.3, 0.4]),
        pd.Series([3, None], dtype="Int64"),
        pd.Series([3, None], dtype="Float64"),
        pd.Series([3, None], dtype=object),
        pd.Series([3, 4], dtype="category"),
        pd.Series(["3", None], dtype="str"),
        pd.Series(["3", None], dtype=object),
        pd.Series([" 3.5 ", "segment"], dtype="string"),
        pd.Series(["3", "4"], dtype="category"),
        pd.Series(["segment", 4], dtype=object),
        pd.Series([dt.date(1950, 1, 2), None], dtype=object),
        pd.Series([Decimal("3"), None], dtype=object),
        pd.Series([(3,), "a"], dtype=object),
        pd.to_datetime(pd.Series(["1950-01-02", None])),
        pd.to_datetime(pd.Series(["1950-01-02", None])).astype("category"),
        pd.to_datetime(pd.Series(["1950-01-02", "1951-01-02"])).dt.to_period("M"),
        pd.to_timedelta(pd.Series([3, None]), unit="D"),
        pd.Series(pd.cut(pd.Series([3, 4]), [0, 3, 9])),
        pd.Series([3, 4]).astype("Sparse[int]"),
    ],
    ids=lambda values: f"{values.dtype} of {type(values.iloc[0]).__name__}",
)
def test_a_number_column_of_no_declared_kind_is_refused(numbers):
    table = sourced(pd.DataFrame({"segment": ["a", "b"], "extra": numbers}), RECORDS)
    with pytest.raises(DisclosureError, match="column extra: its numbers are of no declared kind"):
        release(table)


def test_declared_numbers_words_and_flags_may_leave():
    frame = pd.DataFrame({"segment": ["a"], "practices": [3], "uncertain": [True]})
    assert release(sourced(frame, RECORDS, numbers=("practices",))).frame.to_numpy().tolist() == [["a", 3, True]]


@pytest.mark.parametrize(
    "words",
    [
        pd.Series(["Q1", "0-19"], dtype="str"),
        pd.Series(["Q1", None], dtype=object),
        pd.Series(["E01000001", "A81001"], dtype="category"),
        pd.Series([True, None], dtype=object),
        pd.Series([True, None], dtype="boolean"),
        pd.Series([True, False], dtype="category"),
        pd.Series([None, None], dtype=object),
    ],
    ids=lambda values: f"{values.dtype} of {type(values.iloc[0]).__name__}",
)
def test_words_and_flags_of_every_type_may_leave(words):
    table = sourced(pd.DataFrame({"segment": ["a", "b"], "extra": words}), RECORDS)
    assert release(table).frame["extra"].isna().to_list() == words.isna().to_list()


@pytest.mark.parametrize("kind", ["str", "object", "category", "boolean"])
def test_a_table_of_words_without_rows_may_leave(kind):
    frame = pd.DataFrame({"element": pd.Series([], dtype=kind), "patients": pd.Series([], dtype="Int64")})
    assert len(release(sourced(frame, RECORDS, counts=("patients",)))) == 0


def test_all_problems_are_named_at_once():
    frame = pd.DataFrame({"person_id": ["p1"], "age": [80], "cost": [10.5], "patients": [3], "registered": [212]})
    table = SourcedTable(frame, RECORDS, counts=("registered",), rates=(Rate("share", *PATIENTS),))
    with pytest.raises(DisclosureError) as caught:
        release(table)
    assert [one.where for one in caught.value.problems] == [
        "column person_id",
        "column age",
        "column cost",
        "column patients",
        "column patients",
    ]


# -- withheld counts ---------------------------------------------------------------------------------------


def test_a_withheld_count_takes_its_rate_and_limits_with_it_and_is_told_from_a_small_one():
    table = release(of_people([3, 48, 100]), withheld={(1, "patients")})
    assert table.frame["patients"].isna().to_list() == [True, True, False]
    assert table.frame.loc[1, ["share", "share_lower", "share_upper"]].isna().all()
    assert table.withheld == {(1, name) for name in ("patients", "share", "share_lower", "share_upper")}


def test_what_is_seen_of_a_table_tells_small_withheld_and_missing_counts_apart():
    patients = pd.array([3, 48, None, 0, 100], dtype="Int64")
    table = release(of_people(patients), withheld={(1, "patients"), (2, "patients")})
    assert table.seen("patients").astype(object).where(lambda seen: seen.notna(), None).to_numpy().tolist() == [
        [1, 7, "suppressed"],
        [1, None, "withheld"],
        [0, None, "missing"],
        [0, 0, "zero"],
        [98, 102, "rounded"],
    ]


def test_a_small_count_can_be_withheld_and_then_it_could_be_of_any_size():
    table = release(of_people([3]), withheld={(0, "patients")})
    assert table.seen("patients").loc[0, "kind"] == "withheld"


@pytest.mark.parametrize("cell", [(0, "patients"), (7, "patients"), (1, "share"), (1, "segment")])
def test_only_a_count_above_0_can_be_withheld(cell):
    with pytest.raises(ValueError, match=r"with(hold|held)"):
        release(of_people([0, 48]), withheld={cell})


def test_a_withheld_count_is_ranked_as_0_so_that_its_place_does_not_tell_its_size():
    frame = pd.DataFrame({"element": ["d", "c", "b", "a"], "patients": [400, 3, 30, 0]})
    table = sourced(frame, RECORDS, counts=("patients",), ranked_by=("patients",))
    shown = release(table, withheld={(0, "patients")})
    assert shown.frame["element"].to_list() == ["b", "a", "c", "d"]
    assert shown.rows == (2, 3, 1, 0)
    assert shown.withheld == {(3, "patients")}


def test_equals_are_ranked_by_name_whatever_their_order_was():
    frame = pd.DataFrame({"element": ["z", "y", "x"], "patients": [7, 4, 1]})
    for order in ([0, 1, 2], [2, 0, 1]):
        table = sourced(frame.iloc[order], RECORDS, counts=("patients",), ranked_by=("patients",))
        assert release(table).frame["element"].to_list() == ["x", "y", "z"]


# -- whom a count counts -----------------------------------------------------------------------------------


def test_what_a_count_counts_leaves_with_it():
    counted = {"patients": Counted(by=("segment",)), "registered": Counted()}
    table = dataclasses.replace(of_people([100]), counted=counted)
    assert release(table).counted == counted
    assert release(table).counts == PATIENTS
    assert undeclared(table) == []


def test_a_count_of_people_of_which_nothing_is_said_is_named():
    table = dataclasses.replace(
        of_people([100]), counted={"patients": Counted(by=("age_group=age",), groups=("gap",)), "people": Counted()}
    )
    assert [(one.where, one.what) for one in undeclared(table)] == [
        ("column registered", "it is not said whom it counts"),
        ("column people", "it is said whom it counts, and it is no count"),
        ("column patients", "whom it counts is said by column age_group, which is not there"),
        ("column patients", "whom it counts is said by column gap, which is not there"),
    ]


def test_published_counts_need_no_word_of_whom_they_count():
    assert undeclared(sourced(pd.DataFrame({"patients": [3]}), PUBLISHED, counts=("patients",))) == []


# -- released tables ---------------------------------------------------------------------------------------


def test_a_released_table_is_made_by_release_alone():
    with pytest.raises(TypeError, match=r"made by release\(\) alone"):
        ReleasedTable(pd.DataFrame({"patients": [3]}), PUBLISHED, "hes")


def test_a_released_table_cannot_be_remade_with_other_values():
    table = release(of_people([100]))
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(table, _frame=pd.DataFrame({"patients": [3]}))


def test_a_released_table_does_not_keep_the_key_of_the_gate():
    table = release(of_people([100]))
    assert "gate" not in {field.name for field in dataclasses.fields(ReleasedTable)}
    for kept in [*vars(table).values(), getattr(table, "gate", None)]:
        with pytest.raises(TypeError, match=r"made by release\(\) alone"):
            ReleasedTable(pd.DataFrame({"patients": [3]}), PUBLISHED, "hes", gate=kept)


def test_the_period_of_a_released_table_is_that_of_its_first_source():
    registers = dataclasses.replace(PUBLISHED.sources[0], title="Registers", period="2024-25")
    frame = pd.DataFrame({"segment": ["a"]})
    both = Provenance((registers, *PUBLISHED.sources), people=False)
    assert release(sourced(frame, both)).period() == "2024-25"
    assert release(sourced(frame, Provenance((), people=False))).period() == "1 July 2026"


def test_changing_the_frame_of_a_released_table_changes_only_a_copy():
    table = release(of_people([100]))
    copy = table.frame
    copy.loc[0, "patients"] = 3
    assert table.frame["patients"][0] == 100


def test_releasing_leaves_the_table_that_went_in_as_it_was():
    table = of_people([3])
    release(table)
    assert table.frame["patients"][0] == 3


def test_a_released_table_carries_no_index_of_the_table_that_went_in():
    table = of_people([100, 200])
    named = SourcedTable(table.frame.set_axis(["p1", "p2"]), RECORDS, table.counts, table.rates)
    assert release(named).frame.index.to_list() == [0, 1]


CHARTS = [
    *(charts.practice_lists, charts.network_sizes, charts.age_pyramid, charts.deprivation, charts.prevalence),
    *(charts.network_footprints, charts.shared_networks, maps.footprint),
]


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.__name__)
@pytest.mark.parametrize("table", [of_people([3]), of_people([3]).frame], ids=["sourced", "frame"])
def test_figures_refuse_tables_that_were_not_released(chart, table):
    with pytest.raises(TypeError, match="from a released table"):
        chart(table)
