"""Two scenarios of a team: hours, costs and plans side by side, each worked out by hand."""

import pytest
import scenario_tables as tables
from scenario_tables import FIRST

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.place import network_of
from pcn_analysis.provenance import SYNTHETIC_PEOPLE
from pcn_analysis.release import release
from pcn_analysis.settings import ROOT_VARIABLE
from pcn_analysis.workforce import scenario_costs, scenario_plans
from pcn_analysis.workforce.assumed import of_folder
from pcn_analysis.workforce.planner import INFEASIBLE, OPTIMAL
from pcn_analysis.workforce.scenario_plans import HIDDEN, NO_COSTS, NO_SUM, NO_WORK, OUTSIDE, WITHIN
from pcn_analysis.workforce.scenarios import asked, by_role, by_task

pytestmark = pytest.mark.unit

PHARMACIST, SUPPORT, LINK = "clinical_pharmacist", "healthcare_support_worker", "social_prescribing_link_worker"


def planned(posts, column="planned"):
    return {row["role"]: row[column] for row in posts.frame.dropna(subset=[column]).to_dict("records")}


# -- hours ---------------------------------------------------------------------------------------------------


def test_hours_of_both_scenarios_stand_side_by_side():
    """1,935 × 30 ÷ 60 ÷ 12 = 80.625 hours a month, and twice that over 6 months."""
    rows = tables.work().followed_by(by_task).frame.set_index("task")
    assert rows.loc["Structured medication review", ["hours", "other_hours"]].to_list() == [80.625, 161.25]
    assert rows.loc["Vaccination", ["hours", "other_hours"]].isna().all()
    assert rows["planned"].to_list() == [True, True, True, True, False]


def test_contacts_of_segments_are_shown_and_planned_only_if_asked_for():
    task = "Contact with a person with frailty or dementia"
    for add, said in ((False, False), (True, True)):
        rows = tables.work(add_segments=add).followed_by(by_task).frame.set_index("task")
        assert rows.loc[task, ["hours", "other_hours", "planned"]].to_list() == [5.0, 5.0, said]


def test_posts_of_roles_are_told_with_those_that_the_scheme_does_not_pay_for():
    """80.625 hours of reviews are one post. A practice nurse is none of the scheme's."""
    rows = tables.work().followed_by(by_role).frame.set_index("role")
    assert rows.loc[PHARMACIST, ["wte", "other_wte", "paid"]].to_list() == [1.0, 2.0, "yes"]
    assert rows.loc["practice_nurse", ["wte", "other_wte", "paid", "not_shown"]].to_list() == [1.0, 2.0, "no", 1]


HEADER = "assumption,applies_to,value,unit,standing,source,note\n"
OWN = f"{HEADER}contact_share,,0.3,share,our choice,Our own diaries,\n"


def own_folder(root, name, text):
    (root / "data" / "raw" / "ours").mkdir(parents=True, exist_ok=True)
    (root / "data" / "raw" / "ours" / name).write_text(text, encoding="utf-8")


def test_a_folder_of_ones_own_takes_the_place_of_assumptions(tmp_path, monkeypatch):
    """Half the share of time with patients: 40.3 hours a month, and twice the posts for the same hours."""
    own_folder(tmp_path, "assumptions.csv", OWN)
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    rows = tables.work(own="ours").followed_by(by_role, own="ours").frame.set_index("role")
    assert rows.loc[PHARMACIST, ["wte", "other_wte"]].to_list() == [2.0, 4.0]
    assert tables.costs(own="ours").frame["hours"].unique().tolist() == [80.625 / 2]


@pytest.mark.parametrize("own", ["nowhere", "../ours", "empty", "/etc"])
def test_a_folder_that_has_none_of_the_files_or_lies_elsewhere_is_told(tmp_path, own):
    (tmp_path / "raw" / "empty").mkdir(parents=True)
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "assumptions.csv").write_text(OWN, encoding="utf-8")
    with pytest.raises(PcnAnalysisError, match=r"^own: there is no folder of data/raw/ of that name"):
        of_folder(own, tmp_path / "raw")


def test_what_is_wrong_with_several_files_is_told_at_once(tmp_path):
    own_folder(tmp_path, "assumptions.csv", OWN.replace("0.3", "three"))
    own_folder(tmp_path, "task_roles.csv", "task,roles\n")
    with pytest.raises(PcnAnalysisError) as caught:
        of_folder("ours", tmp_path / "data" / "raw")
    assert {one.where for one in caught.value.problems} == {"assumptions.csv", "task_roles.csv"}


def test_everything_that_cannot_be_asked_is_told_at_once():
    wrong = {"budget": -1, "backlog_months": 0, "staff_stay": 2, "smallest_team": float("inf")}
    with pytest.raises(PcnAnalysisError) as caught:
        asked(FIRST, wrong)
    assert [str(one).split(":")[0] for one in caught.value.problems] == [
        "budget of scenario B", "backlog_months of scenario B", "staff_stay of scenario B",
        "smallest_team of scenario B",
    ]  # fmt: skip


# -- costs ---------------------------------------------------------------------------------------------------


def test_a_post_costs_its_ceiling_or_what_is_given_or_is_not_known():
    rows = tables.costs(salaries={PHARMACIST: 55_000}).frame.set_index("role")
    assert rows["cost"].astype(object).where(rows["cost"].notna(), None).to_list() == [55_000, 30_000, None]
    assert rows["cost_of"].to_list() == ["given for this page", "ceiling of the scheme", "not known"]


def test_salaries_of_no_role_and_below_zero_are_refused_together():
    with pytest.raises(PcnAnalysisError) as caught:
        tables.costs(salaries={"clinical_pharmacists": 1, SUPPORT: 0})
    assert [str(one) for one in caught.value.problems] == [
        "salaries: clinical_pharmacists: it is no role of the scheme in this year. Did you mean clinical_pharmacist?",
        "salaries: healthcare_support_worker: it is no sum of money above 0. Give GBP a year of one WTE.",
    ]


def test_where_gps_have_a_sum_of_their_own_none_is_planned_from_this_one():
    rows = [*tables.ROLES, ("gp", "doctors", 100_000.0, 1.0, "published")]
    frame = tables.costs(rows, tables.lines(line="additional_roles_gp")).frame.set_index("role")
    assert frame.loc["gp", "cost_of"] == "paid from a sum of its own"
    assert frame["cost"].isna()["gp"]
    assert tables.costs(rows).frame.set_index("role").loc["gp", "cost"] == 100_000


def test_people_of_no_network_have_no_published_staff_and_no_sum(marlhaven):
    nowhere = network_of(marlhaven, "U")
    assert scenario_costs.staff_there(nowhere).frame.empty
    assert len(scenario_costs.staff_there(network_of(marlhaven, "U00001")).frame)


def test_every_number_between_people_and_posts_is_listed_with_its_standing(marlhaven):
    table = release(scenario_costs.assumptions_made(network_of(marlhaven, "U00001")), profile="open_data").frame
    assert set(table["of"]) == {"Hours and posts", "Who can do a task", "Contacts of a segment"}
    assert set(table["standing"]) == {"our choice", "published"}
    assert not table["source"].eq("").any()


# -- plans ---------------------------------------------------------------------------------------------------


def test_both_plans_are_those_that_are_worked_out_by_hand():
    """A: £100,000. A pharmacist (£60,000; half of one is there) and a support worker (£30,000) do all but 5 hours.

    B: £150,000 of the contract. Twice the hours: 161.25 + 161.25 + 10. Two support workers (£60,000) leave £90,000,
    which is 1.5 pharmacists: 161.25 + 120.9375 = 282.1875 of 332.5 hours.
    """
    found = tables.plans()
    outcomes = found.followed_by(scenario_plans.outcomes).frame.set_index("scenario")
    posts = found.followed_by(scenario_plans.posts)
    assert planned(posts) == {PHARMACIST: 1.0, SUPPORT: 1.0}
    assert planned(posts, "other_planned") == {PHARMACIST: 1.5, SUPPORT: 2.0}
    assert outcomes["cost"].to_list() == [90_000, 150_000]
    assert outcomes["status"].to_list() == [OPTIMAL, OPTIMAL]
    assert outcomes["coverage"].to_list() == pytest.approx([161.25 / 166.25, 282.1875 / 332.5])
    assert outcomes["outside"].to_list() == [5.0, 10.0]
    assert outcomes["budget_of"].to_list() == ["given for this page", "additional roles of the contract year"]


def test_who_is_there_and_not_planned_is_shown_with_the_others():
    rows = tables.view("posts").frame.set_index("role")
    assert rows.loc[LINK, "now"] == 2.0
    assert rows.loc[LINK, "cost_of"] == "not known"
    assert rows.loc[LINK, ["planned", "other_planned"]].isna().all()


def test_what_nobody_can_do_is_told_from_what_is_not_shown():
    rows = tables.view("cover").frame.set_index("task")
    assert rows["status"].to_dict() == {
        "Blood pressure follow-up": WITHIN, "Structured medication review": WITHIN,
        "Offer of social prescribing": OUTSIDE, "Vaccination": HIDDEN,
    }  # fmt: skip
    assert rows.loc["Vaccination", ["hours", "share"]].isna().all()
    assert rows.loc["Structured medication review", ["share", "other_share"]].to_list() == [1.0, 0.75]


def test_a_team_that_cannot_be_says_why_and_the_other_scenario_stands():
    """Half a pharmacist who stays costs £30,000, which £20,000 do not pay."""
    found = tables.view("outcomes", first=FIRST | {"budget": 20_000}).frame
    assert found["status"].to_list() == [INFEASIBLE, OPTIMAL]
    remarks = tables.view("remarks", first=FIRST | {"budget": 20_000}).frame
    [why] = remarks.loc[remarks["kind"].eq("why no team is possible"), "sentence"]
    assert why.startswith("These cannot hold together: 0.50 WTE of Clinical pharmacist who are there stay; the sum is")
    assert tables.view("posts", first=FIRST | {"budget": 20_000}).frame["planned"].isna().all()


def test_without_a_sum_a_cost_or_work_there_is_no_plan_and_not_an_empty_one():
    none = [(*row[:2], None, *row[3:]) for row in tables.ROLES]
    few = [(*row[:3], 3, row[4]) for row in tables.TASKS]
    for given, status in (
        ({"sums": tables.lines(None)}, NO_SUM),
        ({"rows": none}, NO_COSTS),
        ({"tasks": few}, NO_WORK),
    ):
        outcomes = tables.view("outcomes", **given).frame.set_index("scenario")
        assert outcomes.loc["B", "status"] == status
        assert outcomes.loc["B", ["cost", "coverage"]].isna().all()
    assert tables.view("outcomes", sums=tables.lines(None)).frame["status"].to_list() == [OPTIMAL, NO_SUM]


def test_one_role_alone_makes_a_plan():
    rows = tables.ROLES[:1]
    assert planned(tables.view("posts", rows=rows)) == {PHARMACIST: 1.0}


def test_what_each_sum_buys_ends_at_the_plan_itself():
    outcomes = tables.view("outcomes").frame.set_index("scenario")
    bought = tables.curve("trade_offs").frame
    chosen = bought[bought["chosen"]].set_index("scenario")
    assert chosen["cost"].to_dict() == outcomes["cost"].to_dict()
    assert chosen["coverage"].to_dict() == pytest.approx(outcomes["coverage"].to_dict())
    assert bought["scenario"].value_counts().min() > 3


def test_sums_are_tried_up_to_the_plan_and_not_up_to_a_sum_that_buys_no_more():
    """£5,000,000 in twelve steps would be £452,000 each, and the plan costs £90,000."""
    bought = tables.curve("trade_offs", FIRST | {"budget": 5_000_000}).frame
    assert bought["scenario"].value_counts()["A"] > 6


def test_assumptions_are_changed_in_the_scenarios_that_have_a_plan():
    assert set(tables.curve("sensitivities").frame["scenario"]) == {"A", "B"}
    without = tables.curve("sensitivities", sums=tables.lines(None)).frame
    assert set(without["scenario"]) == {"A"}
    assert tables.curve("trade_offs", FIRST | {"budget": 0}, sums=tables.lines(None)).frame.empty


def test_what_follows_is_of_invented_people_and_passes_on_their_profile():
    for table in (tables.plans(), tables.curve("trade_offs"), tables.view("cover")):
        assert table.provenance.people
        assert table.provenance.label == SYNTHETIC_PEOPLE
        assert table.profile == "hes"


def test_hours_that_are_not_shown_never_reach_a_plan():
    """3 people and 7 people are not shown: the plans are the same."""
    more = [(*row[:3], 7 if row[3] == 3 else row[3], row[4]) for row in tables.TASKS]
    assert tables.plans().frame.equals(tables.plans(tasks=more).frame)
