"""Matching, the three estimates and the verdict, each on a few rows whose answer is known."""

import math

import numpy as np
import pandas as pd
import pytest

from pcn_analysis.anticipatory.programme import differences, matched, matching, series
from pcn_analysis.anticipatory.programme.verdict import Estimate, decide, too_few

pytestmark = pytest.mark.unit


# -- matching ----------------------------------------------------------------------------------------------


def people(treated, logit, **columns) -> pd.DataFrame:
    rows = pd.DataFrame({"treated": treated, "logit": np.array(logit, dtype=float), "sex": "female"} | columns)
    return rows if "person_id" in rows else rows.assign(person_id=[f"p{i}" for i in range(len(rows))])


def pairs_of(rows: pd.DataFrame, **how) -> list[list[int]]:
    return matching.pairs(rows, by=how.pop("by", ["sex"]), **how).to_numpy().tolist()


def test_the_nearest_is_taken_and_nobody_twice():
    assert pairs_of(people([True, True, False, False], [0.0, 0.1, 0.1, 0.0])) == [[0, 3], [1, 2]]
    assert pairs_of(people([True, True, False, False], [0.0, 0.0, 0.0, 5.0])) in ([[0, 2]], [[1, 2]])


def test_a_pair_is_never_farther_apart_than_the_caliper():
    logit = [0.0, 0.21, 2.0]  # standard deviation 0.9, so that the caliper is 0.18
    assert pairs_of(people([True, False, False], logit)) == []
    assert pairs_of(people([True, False, False], [0.0, 0.15, 2.0])) == [[0, 1]]


def test_a_pair_agrees_exactly_where_asked():
    rows = people([True, False, False, False], [0.0, 0.0, 0.01, 2.0], sex=["female", "male", "female", "male"])
    assert pairs_of(rows) == [[0, 2]]


def test_someone_who_could_be_matched_on_several_days_is_matched_once():
    rows = people([True, True, False, False], [0.0] * 4, person_id=["a", "b", "c", "c"], start=[1, 2, 1, 2])
    assert len(pairs_of(rows, by=["start"])) == 1


def test_the_order_of_records_changes_no_share_of_the_matched():
    draws = np.random.default_rng(0)
    rows = people(draws.random(400) < 0.3, draws.normal(size=400))
    assert abs(len(pairs_of(rows)) - len(pairs_of(rows[::-1].reset_index(drop=True)))) <= 3


def test_many_people_of_one_score_are_matched_all():
    assert len(pairs_of(people([True] * 500 + [False] * 600, [0.0] * 1100))) == 500


def test_balance_is_in_standard_deviations_from_before():
    columns = pd.DataFrame({"age": [70.0, 80.0, 20.0, 30.0, 70.0, 80.0]})
    treated = pd.Series([True, True, False, False, False, False])
    found = pd.DataFrame({"treated_row": [0, 1], "comparison_row": [4, 5]})
    row = matching.balance(columns, treated, found).iloc[0]
    assert row["before"] == pytest.approx(25 / math.sqrt((25 + 650) / 2))
    assert row["after"] == 0


def test_missing_is_matched_on_too():
    rows = pd.DataFrame({"bmi": pd.array([20, None, 30], dtype="Float64"), "care_home": pd.array([True, False, None])})
    assert matching.numbers(rows, ["bmi"]).to_dict("list") == {"bmi": [20, 25, 30], "bmi, not known": [0, 1, 0]}
    assert "care_home, not known" in matching.numbers(rows, ["care_home"])


def test_groups_that_overlap_nowhere_are_said_to_be_so():
    ages = [80 + i % 5 for i in range(40)] + [20 + i % 5 for i in range(60)]
    rows = pd.DataFrame({"person_id": [f"p{i}" for i in range(100)], "start": 0, "treated": [True] * 40 + [False] * 60})
    _, _, against = matched.match(rows.assign(age=ages), ["age"], [])
    assert any("anybody like them" in one for one in against)


def test_covariates_that_stay_apart_within_the_caliper_are_named():
    rows = pd.DataFrame({"person_id": [f"p{i}" for i in range(80)], "start": 0, "treated": [True, False] * 40})
    rows["age"] = np.where(rows["treated"], 0.09, 0.0) + np.tile([0.0, 0.0, 1.0, 1.0], 20)
    found, _, against = matched.match(rows, ["age"], [])
    assert len(found) == 80
    assert against == ["unbalanced after matching (standardised difference above 0.1): age"]


def pairs_with_contacts() -> pd.DataFrame:
    draws = np.random.default_rng(2)
    rows = pd.DataFrame({"pair": np.repeat(np.arange(200), 2), "treated": [True, False] * 200})
    rows["years"], shared = draws.uniform(0.2, 1, 400), np.repeat(draws.gamma(1, 2, 200), 2)
    return rows.assign(events=draws.poisson(shared * rows["years"] * np.where(rows["treated"], 0.8, 1)))


def test_ratio_and_errors_follow_from_what_each_pair_adds_to_both_rates():
    rows = pairs_with_contacts()
    found, against = matched.compare(rows, [])
    one, other = (rows[rows["treated"] == got].reset_index(drop=True) for got in (True, False))
    rate = [group["events"].sum() / group["years"].sum() for group in (one, other)]
    left = [
        (group["events"] - r * group["years"]) / group["events"].sum()
        for group, r in zip((one, other), rate, strict=True)
    ]
    error = math.sqrt(((left[0] - left[1]) ** 2).sum() * 200 / 199 * 399 / 398)
    assert against == []
    assert found.value == pytest.approx(rate[0] / rate[1])
    assert math.log(found.upper / found.lower) / 2 == pytest.approx(1.97196 * error, rel=1e-4)


def test_what_sets_pairs_apart_is_not_taken_for_an_effect():
    rows = pairs_with_contacts().assign(years=1.0)
    rows["ill"] = np.where(rows["treated"], rows["pair"] % 10 < 5, rows["pair"] % 10 < 4).astype(float)
    rows["events"] = np.where(rows["ill"] == 1, 8, 2)
    assert matched.compare(rows, [])[0].value == pytest.approx(5 / 4.4)
    assert matched.compare(rows, ["ill"])[0].value == pytest.approx(1)


def test_words_and_what_follows_from_others_are_adjusted_for_once():
    rows = pairs_with_contacts().assign(sex=lambda frame: np.where(frame["pair"] % 3 == 0, "female", "male"))
    rows["age"] = (rows["pair"] % 7) * 10.0
    one = matched.compare(rows, ["age", "sex"])[0]
    again = matched.compare(rows.assign(months=rows["age"] * 12), ["age", "months", "sex"])[0]
    assert (again.value, again.upper) == (pytest.approx(one.value), pytest.approx(one.upper))


def test_few_contacts_are_not_spread_over_many_covariates():
    rows = pairs_with_contacts()[:40]
    many = [f"c{i}" for i in range(10)]
    rows = rows.assign(**{name: np.random.default_rng(i).normal(size=40) for i, name in enumerate(many)})
    assert rows["events"].sum() < 100
    assert matched.compare(rows, many)[0].upper == pytest.approx(matched.compare(rows, [])[0].upper)


def test_no_contact_in_a_group_gives_no_estimate():
    rows = pd.DataFrame({"pair": [0, 0], "treated": [True, False], "events": [0, 30], "years": 1.0})
    found, against = matched.compare(rows, [])
    assert not found.is_known
    assert against == ["fewer than 10 contacts: programme"]


# -- difference in differences -----------------------------------------------------------------------------


def units(after, *, before=50, years=1.0, treated=5) -> pd.DataFrame:
    count = len(after)
    return pd.DataFrame(
        {"unit": [f"A{i}" for i in range(count)], "start": 0, "treated": np.arange(count) < treated,
         "before_events": before, "before_years": 1.0, "after_events": after, "after_years": years,
         "early_events": 25, "early_years": 0.5, "late_events": 25, "late_years": 0.5}
    )  # fmt: skip


def test_what_changed_for_everybody_is_no_effect():
    assert differences.change(units([25] * 10), "before", "after").value == pytest.approx(1)


def test_time_at_risk_is_the_exposure():
    rows = units([25] * 5 + [50] * 5).assign(after_years=[0.5] * 5 + [1.0] * 5)
    assert differences.change(rows, "before", "after").value == pytest.approx(1)


def test_levels_that_differ_are_no_effect():
    rows = units([100] * 5 + [10] * 5).assign(before_events=[100] * 5 + [10] * 5)
    assert differences.change(rows, "before", "after").value == pytest.approx(1)


def test_practices_that_vary_widen_the_interval():
    alike = differences.change(units([40] * 5 + [50] * 5), "before", "after")
    varied = differences.change(units([20, 60, 40, 30, 50, 50, 30, 70, 60, 40]), "before", "after")
    assert alike.upper < 1 < varied.upper


def test_few_units_are_left_out_one_after_the_other():
    after = np.array([40, 45, 38, 50, 42, 55, 48, 60, 52, 50])
    found, got = differences.change(units(after), "before", "after"), np.arange(10) < 5
    ratio = [math.log(after[got & (np.arange(10) != i)].mean() / after[~got & (np.arange(10) != i)].mean())
             for i in range(10)]  # fmt: skip
    whole = math.log(after[got].mean() / after[~got].mean())
    error = math.sqrt(9 / 10 * sum((one - whole) ** 2 for one in ratio))
    assert math.log(found.value) == pytest.approx(whole)
    assert math.log(found.upper / found.lower) / 2 == pytest.approx(2.7764 * error, rel=1e-3)  # t of 4 degrees


def test_many_units_have_errors_that_are_robust_for_each():
    draws = np.random.default_rng(4)
    rows = units(draws.poisson(draws.gamma(2, 25, 80)), treated=30)
    found = differences.change(rows, "before", "after")
    variance = 0
    for _, group in rows.groupby("treated"):
        share = group["after_events"].sum() / (group["after_events"].sum() + 50 * len(group))
        number = group["after_events"] + 50
        variance += ((group["after_events"] - share * number) ** 2).sum() / (number * share * (1 - share)).sum() ** 2
    error = math.sqrt(variance * 80 / 79 * 79 / 78)
    assert math.log(found.upper / found.lower) / 2 == pytest.approx(1.9905 * error, rel=1e-3)  # t of 79 degrees


def test_people_who_never_came_do_not_count_as_clusters():
    rows = units([20, 30, 25, 25, 28] + [50, 45, 55, 48, 52] + [0] * 10)
    rows.loc[10:, "before_events"] = 0
    assert differences.change(rows, "before", "after") == differences.change(rows[:10], "before", "after")


def test_groups_that_moved_apart_before_the_start_cannot_be_compared():
    rows = units([25, 26, 24, 25, 25, 50, 51, 49, 50, 50])
    rows.loc[rows["treated"], ["early_events", "late_events"]] = [35, 15]
    _, earlier, against = differences.compare(rows, unit="practices")
    assert earlier.upper < 1
    assert any("pre-trends differ" in one for one in against)


def test_few_practices_cannot_tell():
    _, _, against = differences.compare(units([25] * 3 + [50] * 6, treated=3), unit="practices")
    assert against == ["fewer than 10 practices in all, or 4 in a group"]
    _, _, against = differences.compare(units([25] * 4 + [50] * 5, treated=4), unit="practices")
    assert against == ["fewer than 10 practices in all, or 4 in a group"]
    _, _, against = differences.compare(units([25] * 4 + [50] * 6, treated=4), unit="practices")
    assert against == []


# -- interrupted time series -------------------------------------------------------------------------------


def months(events, *, before=12, **columns) -> pd.DataFrame:
    number = np.arange(len(events)) - before
    return pd.DataFrame(
        {"number": number, "calendar": number % 12 + 1, "programme_events": events, "programme_years": 10.0} | columns
    )


def test_level_and_slope_are_told_apart():
    rate = np.array([1000.0] * 12 + [800 * 0.98**i for i in range(12)])
    found = series.interruption(months(rate.round().astype(int)))
    assert found.level.value == pytest.approx(0.8, abs=0.005)
    assert found.slope.value == pytest.approx(0.98, abs=0.001)
    assert found.effect.value == pytest.approx(0.8 * 0.98**5.5, abs=0.005)


def test_a_trend_that_goes_on_is_no_effect():
    rate = (1000 * 0.97 ** np.arange(24)).round().astype(int)
    assert series.interruption(months(rate)).effect.value == pytest.approx(1, abs=0.01)


def test_a_season_is_no_effect():
    wave = np.array([1000 * math.exp(0.3 * math.cos(2 * math.pi * i / 12)) for i in range(-24, 6)]).round().astype(int)
    assert series.interruption(months(wave, before=24)).effect.value == pytest.approx(1, abs=0.01)


def test_what_moves_the_comparison_as_well_is_no_effect():
    shock = np.array([1000] * 12 + [600] * 12)
    alone = series.interruption(months(shock))
    beside = series.interruption(months(shock, comparison_events=shock * 2, comparison_years=20.0))
    assert alone.effect.value < 0.65
    assert beside.effect.value == pytest.approx(1, abs=0.01)


def test_people_who_come_or_go_are_no_effect():
    rows = months(np.array([1000] * 12 + [500] * 12), comparison_events=np.array([900] * 12 + [1800] * 12))
    rows["programme_years"], rows["comparison_years"] = [10.0] * 12 + [5.0] * 12, [10.0] * 12 + [20.0] * 12
    assert series.interruption(rows).effect.value == pytest.approx(1)
    assert series.interruption(rows[["number", "calendar", "programme_events", "programme_years"]]).effect.value == (
        pytest.approx(1)
    )


def test_months_that_resemble_each_other_widen_the_interval():
    draws = np.random.default_rng(3)
    wave = np.repeat(draws.normal(0, 0.2, 8), 6)
    apart = np.exp(draws.permutation(wave))
    one, other = (series.interruption(months((500 * w).round().astype(int), before=24)).effect
                  for w in (np.exp(wave), apart))  # fmt: skip
    assert math.log(one.upper / one.lower) > math.log(other.upper / other.lower)


def test_fewer_than_eight_months_cannot_tell():
    assert series.interruption(months([100] * 15, before=7)).against == ("fewer than 8 months before the start",)
    assert series.interruption(months([100] * 15, before=8)).against == ("fewer than 8 months after the start",)
    assert series.interruption(months([100] * 16, before=8)).against == ()


def test_a_side_without_contacts_gives_no_estimate():
    assert not series.interruption(months([0] * 12 + [100] * 12)).effect.is_known


# -- the verdict -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lower", "upper", "verdict"),
    [(0.5, 0.95, "fewer"), (1.05, 1.9, "more"), (0.91, 1.1, "no difference that matters"),
     (0.89, 1.1, "cannot tell"), (0.91, 1.12, "cannot tell"), (0.92, 0.99, "no difference that matters"),
     (0.5, 2.0, "cannot tell"), (0.5, 1.0, "cannot tell")],
)  # fmt: skip
def test_the_whole_interval_decides(lower, upper, verdict):
    assert decide(Estimate(math.sqrt(lower * upper), lower, upper), 0.1)[0] == verdict


def test_every_reason_against_is_told_and_none_holds_the_figure():
    verdict, reasons = decide(Estimate(0.5, 0.4, 0.6), 0.1, ["too few practices", "unbalanced"])
    assert (verdict, reasons) == ("cannot tell", ("too few practices", "unbalanced"))


def test_ten_contacts_are_enough_and_nine_are_not():
    assert too_few({"programme": 10, "comparison": 10}) == []
    assert too_few({"programme": 9, "comparison": 3}) == ["fewer than 10 contacts: programme, comparison"]
