"""Additional roles in money: the role table, claims that somebody wrote, what lapses, and the baseline of 2019."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vignettes import NETWORK, tiny_place

from pcn_analysis.budget.additional_roles import roles
from pcn_analysis.budget.additionality import additionality, baseline_of, read_baseline, shortfalls
from pcn_analysis.budget.claim_ceilings import with_ceilings
from pcn_analysis.budget.claims import Claims, claims_of, read_claims
from pcn_analysis.budget.invented_claims import invented_rows
from pcn_analysis.budget.underspend import claims_against_sum
from pcn_analysis.contract.years import YEARS
from pcn_analysis.exceptions import DisclosureError, PcnAnalysisError
from pcn_analysis.place import network_of
from pcn_analysis.provenance import Provenance
from pcn_analysis.release import release

pytestmark = pytest.mark.unit

YEAR, DAY = "2024/25", dt.date(2025, 1, 15)
LINK, PHARMACIST, GP = "social_prescribing_link_worker", "clinical_pharmacist", "gp"


@pytest.fixture(scope="module")
def network():
    return network_of(tiny_place(), NETWORK)


def written(folder, *rows, header="month,role,wte,amount,planned", name="U00001.csv"):
    path = folder / name
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


def wrong(read, *arguments):
    with pytest.raises(PcnAnalysisError) as caught:
        read(*arguments)
    return [one.what for one in caught.value.problems]


# -- the role table ----------------------------------------------------------------------------------------


def test_what_is_not_reimbursed_is_left_to_the_network(network):
    """37,810 are 70% of 54,014.29, of which 30%, 16,204.29, are left."""
    frame = roles(network, "2019/20").frame.set_index("role")
    assert frame.loc[PHARMACIST, "cost_to_network"] == pytest.approx(37_810 / 0.7 * 0.3)
    assert frame.loc[LINK, "cost_to_network"] == 0, "all of it is reimbursed, though its ceiling is not known"
    assert pd.isna(frame.loc[LINK, "ceiling"])
    assert frame.loc[PHARMACIST, "limit"] == "1"


def test_half_of_a_mental_health_practitioner_costs_the_network_nothing(network):
    frame = roles(network, "2022/23").frame.set_index("role")
    found = frame.loc["mental_health_practitioner_young"]
    assert (found["reimbursed"], found["rest_paid_by"], found["cost_to_network"]) == (0.5, "mental health provider", 0)


def with_lists(network, each):
    """The network with one practice of so many patients."""
    practices = network.table("practices")
    own = practices.frame[practices.frame["pcn_code"] == NETWORK].iloc[:1].assign(list_size=each)
    lists = replace(practices, frame=own)
    return network_of(replace(network.place, tables=dict(network.place.tables) | {"practices": lists}), NETWORK)


def test_a_large_network_is_one_of_100_000_or_more_and_its_limit_is_never_that_of_a_smaller_one(network):
    """One link worker in 2019/20: whether a large network could claim for more was not found."""
    below, just = (with_lists(network, each) for each in (99_999, 100_000))
    limits = [roles(one, "2022/23").frame.set_index("role")["limit"] for one in (below, just)]
    assert [limit["advanced_practitioner"] for limit in limits] == ["2", "3"]
    assert [limit["digital_and_transformation_lead"] for limit in limits] == ["1", "1"]
    first = [roles(one, "2019/20").frame.set_index("role")["limit"] for one in (below, just)]
    assert [limit[LINK] for limit in first] == ["1", "not known"]


def test_a_limit_by_number_is_that_of_the_network_s_size(network):
    """Three advanced practitioners in 2023/24, and six where 100,000 or more are registered."""
    bigger = with_lists(network, 100_000)
    limits = {
        name: roles(one, "2023/24").frame.set_index("role")["limit"] for name, one in (("s", network), ("l", bigger))
    }
    assert [limits[name]["advanced_practitioner"] for name in ("s", "l")] == ["3", "6"]
    assert [limits[name]["mental_health_practitioner_adult"] for name in ("s", "l")] == ["none", "none"]
    assert [limits[name]["paramedic"] for name in ("s", "l")] == ["not known", "not known"]


def test_the_role_table_is_of_published_clauses_in_every_year(network):
    for year in YEARS:
        table = roles(network, year)
        assert release(table, profile="open_data").frame["role"].is_unique
        assert not table.frame["standing"].eq("").any()
    assert len(roles(network, "2025/26").frame) == 25


# -- claims ------------------------------------------------------------------------------------------------


def test_a_claim_is_held_against_a_twelfth_of_the_ceiling_of_its_month(tmp_path):
    """65,838 x 0.8 / 12 = 4,389.20 from October 2024; that of September is not known."""
    rows = ["2024-09,clinical_pharmacist,0.8,4000,", "2024-10,clinical_pharmacist,0.8,4389.20,",
            "2024-11,clinical_pharmacist,0.8,4489.20,"]  # fmt: skip
    found = read_claims(written(tmp_path, *rows), YEAR, DAY).rows
    assert found["above_ceiling"].tolist() == ["not known", "no", "yes"]
    assert found["excess"].fillna(-1).round(2).tolist() == [-1, 0, 100]
    london = read_claims(written(tmp_path, *rows), YEAR, DAY, "inner_london").rows
    assert london["above_ceiling"].tolist() == ["not known", "no", "no"], "76,313 x 0.8 / 12 = 5,087.53"


def test_how_sure_a_ceiling_is_stands_beside_what_is_above_it(tmp_path):
    rows = ["2025-06,clinical_pharmacist,1,9000,", "2025-06,paramedic,1,9000,"]
    found = read_claims(written(tmp_path, *rows), "2025/26", dt.date(2026, 1, 10)).rows
    assert found["ceiling_standing"].tolist() == ["to verify", "not known"]
    assert found["above_ceiling"].tolist() == ["yes", "not known"]


def test_a_planned_start_counts_for_a_limit_beside_those_who_are_there_already(tmp_path):
    """One nurse is claimed for in December, another of 0.5 is planned for January and one more for March."""
    nurse = "enhanced_practice_nurse"
    rows = [f"2024-12,{nurse},1,5000,", f"2025-01,{nurse},0.5,2500,yes", f"2025-03,{nurse},1,5000,yes"]
    path = written(tmp_path, *rows)
    flags = {large: read_claims(path, YEAR, DAY, large=large).rows["above_limit"].tolist()
             for large in (False, True, None)}  # fmt: skip
    assert flags == {False: ["no", "yes", "yes"], True: ["no", "no", "yes"], None: ["not known"] * 3}


def test_everything_that_is_wrong_with_claims_is_told_at_once(tmp_path):
    path = written(
        tmp_path,
        "June,clinical_pharmacist,1,5000,",
        "2024-03,clinical_pharmacist,1,5000,",
        "2024-10,clinical_farmacist,1,5000,",
        "2024-09,gp,1,7000,",
        "2024-10,consultant_nurse,1,7000,",
        "2024-11,paramedic,0,7000,",
        "2024-11,dietitian,1,-7,",
        "2024-12,podiatrist,1,4000,",
        "2024-12,podiatrist,0.5,2000,",
        "2025-02,paramedic,1,4000,",
        "2024-10,paramedic,1,4000,yes",
        "2024-10,dietitian,1,4000,perhaps",
    )
    assert wrong(read_claims, path, YEAR, DAY) == [
        "1 row with no month, the first in row 2",
        "1 row with a month outside 2024/25, the first in row 3",
        "1 row with a role that there is none of, the first in row 4",
        "2 rows with a role that is not reimbursed in that month of 2024/25, the first in row 5",
        "1 row with whole-time equivalents that are no number, or not above 0, the first in row 7",
        "1 row with an amount that is no number, or below 0, the first in row 8",
        "1 row with another row of the same month and role, the first in row 10",
        "1 row with planned that is neither yes nor no, the first in row 13",
        "1 row with a month after 2025-01-15, the first in row 11",
        "1 row with a planned start in a month that is claimed for already, the first in row 12",
    ]


def test_a_column_that_could_name_somebody_is_refused_and_never_repeated(tmp_path):
    path = written(tmp_path, "2024-10,gp,1,7000,A Person", header="month,role,wte,amount,name")
    with pytest.raises(PcnAnalysisError) as caught:
        read_claims(path, YEAR, DAY)
    assert "1 column that no such file has" in str(caught.value)
    assert "Person" not in str(caught.value)


def test_claims_are_those_of_the_file_and_invented_only_for_an_invented_place(network, tmp_path):
    folder = tmp_path / "claims" / "marlhaven"
    folder.mkdir(parents=True)
    written(folder, "2024-10,gp,0.5,3852,")
    assert len(claims_of(network, YEAR, DAY, raw=tmp_path).rows) == 1
    invented = claims_of(network, YEAR, DAY, raw=tmp_path / "none")
    assert invented.provenance.synthetic
    assert set(invented.rows["planned"]) == {"yes", "no"}


@pytest.mark.parametrize("year", YEARS)
def test_invented_claims_would_be_read_as_they_are(network, year, tmp_path):
    day = dt.date(int(year[:4]), 12, 20)
    rows = invented_rows(network, year, day)
    file = rows.assign(month=rows["month"].dt.strftime("%Y-%m"))[["month", "role", "wte", "amount", "planned"]]
    path = tmp_path / "invented.csv"
    file.to_csv(path, index=False)
    assert len(read_claims(path, year, day).rows) == len(rows)


def test_an_unknown_area_and_a_day_before_the_year_are_told(tmp_path):
    path = written(tmp_path, "2024-10,gp,1,7000,")
    assert wrong(read_claims, path, YEAR, DAY, "inner_londn") == ["it has no ceilings of its own"]
    assert wrong(read_claims, path, YEAR, dt.date(2024, 3, 31)) == ["it is before 2024/25 begins"]


# -- against the sum ---------------------------------------------------------------------------------------


def nine_months(tmp_path, year="2025/26"):
    """A link worker from April to December at 3,000 a month; a pharmacist who left in June; another planned."""
    rows = [f"2025-{month:02d},{LINK},1,3000," for month in range(4, 13)]
    rows += [f"2025-{month:02d},{PHARMACIST},1,5000," for month in range(4, 7)]
    rows += [f"2026-02,{PHARMACIST},1,5200,yes"]
    return read_claims(written(tmp_path, *rows), year, dt.date(2026, 1, 10))


def test_the_forecast_goes_on_as_in_the_last_month_and_adds_planned_starts(tmp_path):
    """Claimed 9 x 3,000 + 3 x 5,000 = 42,000; three months on at 3,000; two months of 5,200: 61,400 of 100,000."""
    table = claims_against_sum(nine_months(tmp_path), 100_000, "2025/26", dt.date(2026, 1, 10))
    frame = table.frame.set_index("name")
    whole = frame.loc["All roles"]
    assert whole[["claimed", "going_on", "planned", "forecast"]].tolist() == [42_000, 9_000, 10_400, 61_400]
    assert whole[["underspend", "lapses"]].tolist() == [38_600, 38_600]
    pharmacist = frame.loc["Clinical pharmacist"]
    assert pharmacist["last_month"] == 0, "nobody is claimed for in December"
    assert pharmacist["forecast"] == 15_000 + 2 * 5_200
    assert (whole["last_claimed"], whole["months_left"], whole["months_without_claims"]) == ("December 2025", 3, 0)


def test_a_sum_that_is_not_known_leaves_the_rest_null_and_never_0(tmp_path):
    whole = claims_against_sum(nine_months(tmp_path), None, "2025/26", dt.date(2026, 1, 10)).frame.iloc[-1]
    assert whole[["sum", "underspend", "lapses"]].isna().all()
    assert whole["forecast"] == 61_400
    assert whole["standing"] == "not known"


def test_more_than_the_sum_is_below_0_and_nothing_lapses(tmp_path):
    whole = claims_against_sum(nine_months(tmp_path), 60_000, "2025/26", dt.date(2026, 1, 10)).frame.iloc[-1]
    assert whole[["underspend", "lapses"]].tolist() == [-1_400, 0]


def test_general_practitioners_have_a_sum_of_their_own_in_2024_25(tmp_path):
    rows = ["2024-10,gp,0.5,3800,", "2024-10,paramedic,1,4500,", "2024-12,gp,0.5,3800,", "2024-12,paramedic,1,4500,"]
    claims = read_claims(written(tmp_path, *rows), YEAR, DAY)
    sums = claims_against_sum(claims, 50_000, YEAR, DAY, gp_sum=20_000).frame.iloc[-2:]
    assert sums["name"].tolist() == ["All roles but general practitioners", "General practitioners"]
    assert sums["underspend"].tolist() == [50_000 - 5 * 4_500, 20_000 - 5 * 3_800]
    assert sums["months_without_claims"].tolist() == [7, 7], "April to September, and November"


def test_claims_are_never_open_data(tmp_path):
    table = claims_against_sum(nine_months(tmp_path), 100_000, "2025/26", dt.date(2026, 1, 10))
    with pytest.raises(DisclosureError):
        release(table, profile="open_data")
    assert release(table).frame["forecast"].iloc[-1] == 61_400


def test_claims_of_another_year_are_refused(tmp_path):
    claims = nine_months(tmp_path)
    assert wrong(claims_against_sum, claims, 1, YEAR, DAY) == ["they are of 2025/26"]


@pytest.mark.parametrize("amount", [float("nan"), float("inf"), -5, "many", pd.NA, 1e12])
def test_a_sum_that_is_no_number_is_refused_with_all_else_that_is_wrong(tmp_path, amount):
    claims = nine_months(tmp_path)
    assert wrong(claims_against_sum, claims, amount, "2025/26", dt.date(2026, 1, 10)) == ["is no number of 0 or more"]
    with pytest.raises(PcnAnalysisError) as caught:
        claims_against_sum(claims, amount, YEAR, "2026-08-01", gp_sum=amount)
    assert [(one.where, one.what) for one in caught.value.problems] == [
        ("claims", "they are of 2025/26"),
        ("as_at", "it is no day"),
        ("sum_of_year", "is no number of 0 or more"),
        ("gp_sum", "is no number of 0 or more"),
    ]
    assert wrong(claims_against_sum, claims, 1, 2025, dt.date(2026, 1, 10))[0] == "2025 is none"


def test_a_sum_in_pounds_is_the_user_s_and_what_lapses_is_as_sure_as_the_contract(tmp_path):
    table = claims_against_sum(nine_months(tmp_path), 100_000, "2025/26", dt.date(2026, 1, 10))
    assert table.frame.iloc[-1]["sum_standing"] == "published"
    assert "Sum for additional roles of the network" in {one.title for one in table.provenance.sources}


@given(st.lists(st.floats(1, 9_000), min_size=1, max_size=12), st.floats(0, 200_000))
def test_a_forecast_is_what_was_claimed_and_more_and_with_what_lapses_no_less_than_the_sum(amounts, whole):
    months = pd.date_range("2025-04-01", periods=len(amounts), freq="MS")
    rows = pd.DataFrame({"month": months, "role": "paramedic", "wte": 1.0, "amount": amounts, "planned": "no"})
    claims = Claims(with_ceilings(rows, "2025/26"), "2025/26", Provenance((), people=False))
    found = claims_against_sum(claims, whole, "2025/26", dt.date(2026, 3, 31)).frame.iloc[-1]
    assert found["forecast"] >= found["claimed"]
    assert found["forecast"] == pytest.approx(sum(amounts) + amounts[-1] * (12 - len(amounts)))
    assert found["forecast"] + found["lapses"] >= whole - 0.01


# -- additionality -----------------------------------------------------------------------------------------


def test_the_scheme_pays_only_above_the_baseline():
    frame = additionality({PHARMACIST: 2.0, LINK: 0.0, "paramedic": 1.0}, {PHARMACIST: 1.4, LINK: 0.0})
    assert frame.set_index("role")["shortfall"].fillna(-1).to_dict() == {
        PHARMACIST: pytest.approx(0.6),
        LINK: 0,
        "paramedic": -1,
    }
    assert frame["status"].tolist() == ["below the baseline", "baseline met", "not known"]


def test_without_a_baseline_nothing_is_known_of_any_role():
    frame = additionality(None, {PHARMACIST: 1.0})
    assert frame["status"].tolist() == ["not known"]
    assert len(additionality(None, None)) == 25
    assert additionality(None, None)["shortfall"].isna().all()


def test_a_baseline_is_read_with_what_is_not_said_as_not_known(network, tmp_path):
    folder = tmp_path / "baseline" / "marlhaven"
    folder.mkdir(parents=True)
    written(folder, f"{PHARMACIST},1.5,1", f"{LINK},0,", header="role,baseline_wte,now_wte")
    found = baseline_of(network, tmp_path)
    assert (found.then, found.now) == ({PHARMACIST: 1.5, LINK: 0.0}, {PHARMACIST: 1.0})
    assert baseline_of(network, tmp_path / "none") is None
    assert release(shortfalls(network, found)).frame["shortfall"].fillna(-1).tolist() == [0.5, -1]
    assert len(release(shortfalls(network, None), profile="open_data").frame) == 25


def test_everything_that_is_wrong_with_a_baseline_is_told_at_once(tmp_path):
    header = "role,baseline_wte,now_wte"
    path = written(tmp_path, "pharmacy,1,1", "gp,-1,", "gp,1,x", header=header)
    assert wrong(read_baseline, path) == [
        "1 row with a role that there is none of, the first in row 2",
        "1 row with a role that another row has, the first in row 4",
        "1 row with baseline whole-time equivalents that are no number, or below 0, the first in row 3",
        "1 row with now whole-time equivalents that are no number, or below 0, the first in row 4",
    ]
