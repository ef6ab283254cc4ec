"""Enhanced access: minutes due, rotas that somebody wrote, the hours that they cover, and what is shown of them."""

import datetime as dt

import pandas as pd
import pytest
from vignettes import NETWORK, tiny_place

from pcn_analysis import alt_text, charts, readings
from pcn_analysis.contract.years import YEARS, first_day
from pcn_analysis.exceptions import DisclosureError, PcnAnalysisError
from pcn_analysis.place import network_of
from pcn_analysis.release import release
from pcn_analysis.services import enhanced_access as access
from pcn_analysis.services.enhanced_access.rota import invent_rota, read_rota, rota_of

pytestmark = pytest.mark.unit

HEADER = "date,start,end,role,site,minutes offered,minutes delivered"
MONDAY = dt.date(2026, 6, 1)
SATURDAY = "2026-06-06"


@pytest.fixture(scope="module")
def network():
    return network_of(tiny_place(), NETWORK)


def written(folder, *rows, header=HEADER, name="U00001.csv"):
    path = folder / name
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


def a_full_week(gp=True):
    """Every Network Standard Hour of one week, by one person at a time."""
    role = "GP" if gp else "practice nurse"
    evenings = [f"{MONDAY + dt.timedelta(days=day)},18:30,20:00,{role},Hub,90,80" for day in range(5)]
    return [*evenings, f"{SATURDAY},09:00,17:00,{role},Hub,480,400"]


def wrong(path):
    with pytest.raises(PcnAnalysisError) as caught:
        read_rota(path)
    return [one.what for one in caught.value.problems]


# -- minutes due -------------------------------------------------------------------------------------------


def test_extended_hours_are_half_an_hour_for_each_thousand_to_the_nearest_quarter_hour():
    assert access.weekly_minutes(50_000, 30, 15) / 60 == 25, "the contract's own example"
    assert access.weekly_minutes(40_249, 30, 15) == 1200
    assert access.weekly_minutes(40_250, 30, 15) == 1215, "half of a quarter hour goes up"


def test_the_rule_changes_on_1_october_2022(network):
    rules = {day: access.minutes_due(network, on=dt.date(2022, 9, 30) if day == "before" else dt.date(2022, 10, 1))
             for day in ("before", "after")}  # fmt: skip
    assert rules["before"].frame["rule"].item() == "extended hours"
    assert rules["after"].frame["rule"].item() == "enhanced access"
    assert rules["after"].frame["minutes"].item() == 6, "100 patients: six minutes, which are not rounded"


def test_the_registered_list_stands_for_the_adjusted_population_only_where_that_is_not_given(network):
    assumed, given = access.minutes_due(network), access.minutes_due(network, 120)
    assert assumed.frame[["population", "basis"]].iloc[0].to_list() == [
        100, "registered list, taken for the adjusted population",
    ]  # fmt: skip
    assert given.frame[["population", "basis"]].iloc[0].to_list() == [120, "adjusted population, as given"]
    release(assumed, profile="open_data")
    with pytest.raises(DisclosureError, match="not published"):
        release(given, profile="open_data")
    assert release(given).frame["minutes"].item() == pytest.approx(7.2)


def test_payments_are_those_of_the_year_and_never_carried_over(network):
    paid = {year: access.minutes_due(network, on=first_day(year)).frame["payment"].item() for year in YEARS}
    assert paid["2019/20"] == 1.099
    assert paid["2024/25"] == 7.975, "the revised value, backdated to 1 April"
    assert paid["2025/26"] == 8.427
    assert pd.isna(paid["2026/27"])


# -- files -------------------------------------------------------------------------------------------------


def test_a_rota_is_read_with_british_dates_semicolons_and_without_what_was_delivered(tmp_path):
    path = written(tmp_path, "01/06/2026;18:30;20:00;GP;Hub;90", header="Date;Start;End;Role;Site;Minutes offered")
    row = read_rota(path).sessions.iloc[0]
    assert row[["start", "end", "minutes_offered"]].to_list() == [1110, 1200, 90]
    assert str(row["date"].date()) == "2026-06-01"
    assert pd.isna(row["minutes_delivered"])


def test_everything_that_is_wrong_with_the_rows_is_told_at_once(tmp_path):
    path = written(
        tmp_path,
        "2026-06-31,18:30,20:00,GP,Hub,90,",
        "2026-06-01,evening,20:00,GP,Hub,90,",
        "2026-06-01,18:30,25:00,GP,Hub,90,",
        "2026-06-01,20:00,18:30,GP,Hub,0,",
        "2026-06-01,18:30,20:00,,Hub,90,",
        "2026-06-01,18:30,20:00,GP,,90,",
        "2026-06-01,18:30,20:00,GP,Hub,many,",
        "2026-06-01,18:30,20:00,GP,Hub,91,",
        "2026-06-01,18:30,20:00,GP,Hub,90,most",
    )
    assert wrong(path) == [
        "1 row with no date, the first in row 2",
        "1 row with a start that is no time, the first in row 3",
        "1 row with an end that is no time, the first in row 4",
        "1 row with an end that is not after the start, the first in row 5",
        "1 row with no role, the first in row 6",
        "1 row with no site, the first in row 7",
        "1 row with minutes offered that are no number, or below 0, the first in row 8",
        "2 rows with more minutes offered than the session lasts, the first in row 5",
        "1 row with minutes delivered that are no number, or below 0, the first in row 10",
    ]


def test_columns_that_are_missing_are_named_and_a_workbook_is_refused(tmp_path):
    assert wrong(written(tmp_path, "2026-06-01,18:30", header="date,start")) == [
        f"the column {one} is missing" for one in ("end", "role", "site", "minutes_offered")
    ]
    book = tmp_path / "rota.csv"
    book.write_bytes(b"PK\x03\x04")
    assert wrong(book) == ["it is a workbook or a zip"]
    assert wrong(written(tmp_path)) == ["there is no row below the header"]
    assert wrong(written(tmp_path, "2026-06-01,18:30,20:00,GP", header=HEADER)) == [
        "1 row with more or fewer cells than the header"
    ]


def test_a_file_goes_before_the_invented_rota_and_a_real_place_without_a_file_has_none(tmp_path, network):
    assert rota_of(network, tmp_path).provenance.synthetic
    folder = tmp_path / "rotas" / "marlhaven"
    folder.mkdir(parents=True)
    written(folder, *a_full_week(), name=f"{NETWORK}.csv")
    found = rota_of(network, tmp_path)
    assert (found.provenance.synthetic, found.provenance.sources[0].kind) == (False, "rota")
    with pytest.raises(DisclosureError, match="not published"):
        release(access.coverage(network, found), profile="open_data")


def test_an_invented_rota_is_the_same_each_time_and_labelled(network):
    once, again = invent_rota(network), invent_rota(network)
    assert once.sessions.equals(again.sessions)
    assert release(access.by_half_hour(network, once)).provenance.label == "SYNTHETIC"


# -- coverage ----------------------------------------------------------------------------------------------


def covered(network, tmp_path, *rows):
    return access.coverage(network, read_rota(written(tmp_path, *rows))).frame.iloc[0]


def test_a_week_of_all_standard_hours_leaves_none_uncovered(network, tmp_path):
    row = covered(network, tmp_path, *a_full_week())
    assert row[["standard_hours", "uncovered_hours", "without_gp_hours", "outside_share"]].to_list() == [15.5, 0, 0, 0]
    assert row[["offered", "delivered", "due"]].to_list() == [930, 800, 6]


def test_without_a_gp_all_hours_are_covered_and_none_by_a_gp(network, tmp_path):
    row = covered(network, tmp_path, *a_full_week(gp=False))
    assert row[["uncovered_hours", "without_gp_hours"]].to_list() == [0, 15.5]


def test_a_half_hour_that_lacks_one_minute_is_not_covered_and_two_who_share_it_cover_it(network, tmp_path):
    week = a_full_week()
    late = [week[0].replace("18:30", "18:31").replace("90,80", "89,80"), *week[1:]]
    assert covered(network, tmp_path, *late)["uncovered_hours"] == 0.5
    shared = [
        week[0].replace("18:30", "18:45").replace("90,80", "75,70"),
        "2026-06-01,18:30,18:45,GP,Other,15,",
        *week[1:],
    ]
    assert covered(network, tmp_path, *shared)["uncovered_hours"] == 0


def test_a_week_that_nobody_works_in_between_counts_as_a_week(network, tmp_path):
    later = [row.replace("2026-06-0", "2026-06-1").replace("06-11", "06-15") for row in a_full_week()[:1]]
    row = covered(network, tmp_path, *a_full_week(), *later)
    assert row["weeks"] == 3
    assert row["uncovered_hours"] == pytest.approx((15.5 + 15.5 - 1.5) / 3)


def test_sessions_outside_standard_hours_are_shown_and_said_to_be(network, tmp_path):
    rota = read_rota(written(tmp_path, *a_full_week(), "2026-06-07,10:00,11:00,GP,Hub,60,60"))
    slots = access.by_half_hour(network, rota).frame
    sunday = slots[slots["day"] == "Sunday"]
    assert sunday[["time", "standard", "minutes"]].to_numpy().tolist() == [["10:00", "no", 30], ["10:30", "no", 30]]
    assert access.coverage(network, rota).frame["outside_share"].item() == pytest.approx(60 / 990)
    assert slots["minutes"].sum() == 990


def test_years_before_enhanced_access_have_no_standard_hours(network, tmp_path):
    rota = read_rota(written(tmp_path, *a_full_week()))
    assert set(access.by_half_hour(network, rota, "2021/22").frame["standard"]) == {"not known"}


# -- what is shown -----------------------------------------------------------------------------------------


def test_what_is_due_is_read_with_what_it_rests_on(network):
    told = readings.access_minutes_due(release(access.minutes_due(network)))
    assert "registered list, taken for the adjusted population" in told
    assert "are 6 minutes" in told
    assert told.endswith("What is paid for it in 2026/27 is not known.")
    assert "£8.427" in readings.access_minutes_due(release(access.minutes_due(network, on=dt.date(2025, 7, 1))))


def test_what_a_rota_offers_is_read_and_its_absence_as_well(network, tmp_path):
    rota = read_rota(written(tmp_path, *a_full_week(gp=False)))
    told = readings.access_coverage(release(access.coverage(network, rota)))
    assert "offers 930 minutes a week" in told
    assert "nobody works in: none; no GP works in: 15.50 hours a week" in told
    assert "there is no rota" in readings.access_coverage(release(access.coverage(network, None)))


def test_the_week_is_drawn_and_described(network, tmp_path):
    slots = release(access.by_half_hour(network, read_rota(written(tmp_path, *a_full_week()[1:]))))
    ax = charts.enhanced_access_week(slots)
    assert [one.get_text() for one in ax.get_xticklabels()][:2] == ["Monday", "Tuesday"]
    described = alt_text.enhanced_access_week(slots)
    assert "Saturday 480" in described
    assert "of 31 standard half hours 3 are not covered in every week, 3 without a GP" in described
    none = release(access.by_half_hour(network, None))
    assert charts.enhanced_access_week(none) is None
    assert alt_text.enhanced_access_week(none) == ""
