"""Plans of a team that a clinical director can check by hand: Harbour PCN, its sum, its roles and its work."""

import pandas as pd
import pytest
from hard_team import BUDGET, hard_team

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.workforce.infeasible import why_infeasible
from pcn_analysis.workforce.planner import (
    INFEASIBLE,
    NO_ROLE,
    NONE_FOUND,
    OPTIMAL,
    SOLVED,
    TIME_LIMIT,
    WITHIN_GAP,
    plan_team,
)
from pcn_analysis.workforce.sensitivity import sensitivity
from pcn_analysis.workforce.trade_off import trade_off

pytestmark = pytest.mark.unit

PHARMACIST, TECHNICIAN, COORDINATOR = "clinical_pharmacist", "pharmacy_technician", "care_coordinator"


def roles(**differs):
    """A pharmacist costs £60,000 a year, a technician £40,000 and a care coordinator £30,000: 80 hours a month each."""
    rows = {
        PHARMACIST: {"name": "Clinical pharmacist", "cost": 60_000.0, "peer_group": "pharmacy"},
        TECHNICIAN: {"name": "Pharmacy technician", "cost": 40_000.0, "peer_group": "pharmacy"},
        COORDINATOR: {"name": "Care coordinator", "cost": 30_000.0, "peer_group": None},
    }
    usual = {"hours": 80.0, "available": None, "now": 0.0}
    return pd.DataFrame([{"role": role, **usual, **row, **differs.get(role, {})} for role, row in rows.items()])


def work(reviews=320.0, readings=160.0, plans=160.0):
    """A pharmacist reviews medicines; a technician can take blood pressures, and so can a pharmacist."""
    tasks = [
        ("Medication review", reviews, PHARMACIST),
        ("Blood pressure", readings, f"{TECHNICIAN}, {PHARMACIST}"),
        ("Care plan", plans, COORDINATOR),
    ]
    return pd.DataFrame(tasks, columns=["task", "hours", "roles"]).astype({"hours": "Float64"})


def planned(plan):
    return dict(zip(plan.posts["role"], plan.posts["planned"], strict=True))


# -- Harbour PCN -------------------------------------------------------------------------------------------


def test_harbour_has_300_000_pounds_and_buys_the_cheapest_hours_first():
    """All work is 640 hours: 4 pharmacists (£240,000), 2 technicians (£80,000), 2 coordinators (£60,000): £380,000.

    £300,000 lack £80,000. An hour of a pharmacist is the dearest, so reviews are what is left undone: £80,000 are
    1.33 pharmacists. In tenths: 2.6 pharmacists (£156,000) + 2 technicians + 2 coordinators = £296,000 cover
    208 + 160 + 160 = 528 hours; of the £4,000 left nobody can pay a tenth of a pharmacist (£6,000).
    2.7 pharmacists (£162,000) + 1.9 technicians (£76,000) + 2 coordinators = £298,000 cover 216 + 152 + 160 = 528 as
    well, and cost more.
    """
    plan = plan_team(work(), roles(), 300_000)
    assert planned(plan) == {PHARMACIST: 2.6, TECHNICIAN: 2.0, COORDINATOR: 2.0}
    assert plan.cost == 296_000
    assert plan.coverage == pytest.approx(528 / 640)
    assert plan.status == OPTIMAL
    assert plan.least_cost
    assert (plan.bound, plan.gap) == (plan.coverage, 0.0)
    assert plan.binding == ("the sum: £4,000.00 are left, and the cheapest part that would help costs more",)
    cover = plan.cover.set_index("task")
    assert cover.loc["Medication review", ["covered", "share", "by"]].to_list() == [208.0, 0.65, "Clinical pharmacist"]


def test_a_weight_says_what_matters_most():
    """At twice the weight a review is worth £30,000 of each 80 hours, as is a care plan; a blood pressure is left."""
    weighted = work().assign(weight=[2.0, 0.5, 1.0])
    plan = plan_team(weighted, roles(), 300_000, part=0.5)
    assert planned(plan) == {PHARMACIST: 4.0, TECHNICIAN: 0.0, COORDINATOR: 2.0}
    assert plan.coverage == pytest.approx((320 * 2 + 160) / (320 * 2 + 80 + 160))


def test_who_is_there_stays_and_odd_posts_stay_odd():
    """0.83 of a pharmacist stays; more come in tenths beside it."""
    plan = plan_team(work(), roles(), 300_000, staff={PHARMACIST: 0.83})
    now, after = plan.posts.set_index("role").loc[PHARMACIST, ["now", "planned"]]
    assert now == 0.83
    assert round((after - now) * 10, 9) == round((after - now) * 10)
    assert plan.cost <= 300_000


def test_a_team_can_be_made_from_nothing():
    """Two coordinators with no work cost £60,000 as long as they stay."""
    there = roles(**{COORDINATOR: {"now": 2.0}})
    kept, free = (plan_team(work(plans=0.0), there, 120_000, keep=one) for one in (True, False))
    assert (planned(kept)[COORDINATOR], planned(free)[COORDINATOR]) == (2.0, 0.0)
    assert kept.coverage < free.coverage
    assert free.posts.set_index("role").loc[COORDINATOR, "added"] == -2.0


def test_pharmacists_who_cannot_be_recruited_are_named():
    """Only one pharmacist is to be had: 80 hours of reviews; the money is not what is missing."""
    plan = plan_team(work(), roles(), 600_000, available={PHARMACIST: 1.0})
    assert planned(plan) == {PHARMACIST: 1.0, TECHNICIAN: 2.0, COORDINATOR: 2.0}
    assert plan.cost == 200_000
    assert plan.binding == ("Clinical pharmacist: no more than 1.00 WTE can be had",)


def test_nobody_works_in_pharmacy_alone():
    """£50,000 would pay one technician (80 hours) and a third of a coordinator; a pharmacy team of 1.5 they do not."""
    alone = plan_team(work(plans=40.0), roles(), 50_000, part=0.5)
    together = plan_team(work(plans=40.0), roles(), 50_000, part=0.5, smallest_team={"pharmacy": 1.5})
    assert planned(alone)[TECHNICIAN] == 0.5
    assert planned(together) == {PHARMACIST: 0.0, TECHNICIAN: 0.0, COORDINATOR: 0.5}
    assert together.binding[-1].startswith("a team of at least 1.50 WTE of Clinical pharmacist, Pharmacy technician")


def test_a_team_that_is_there_in_part_is_filled_up_in_whole_parts():
    """0.3 of a pharmacist stay and have nothing to do; a team of one is 0.3 + two halves, and 0.8 is too few."""
    there = roles(**{PHARMACIST: {"now": 0.3}, TECHNICIAN: {"available": 0.0}})
    plan = plan_team(work(0.0, 0.0, 0.0), there, 300_000, part=0.5, smallest_team={"pharmacy": 1.0})
    assert planned(plan) == {PHARMACIST: 1.3, TECHNICIAN: 0.0, COORDINATOR: 0.0}
    assert plan.cost == 78_000


def test_the_usual_role_comes_first_where_several_can_do_it():
    """Both are there and idle enough for 40 hours: the technician, named first, does them."""
    there = roles(**{PHARMACIST: {"now": 1.0}, TECHNICIAN: {"now": 1.0}})
    plan = plan_team(work(reviews=40.0, readings=40.0, plans=0.0), there, 100_000)
    assert plan.split[["task", "role", "hours"]].to_numpy().tolist() == [
        ["Blood pressure", TECHNICIAN, 40.0], ["Medication review", PHARMACIST, 40.0],
    ]  # fmt: skip


# -- what is not known -------------------------------------------------------------------------------------


def test_hours_that_are_not_shown_are_neither_planned_nor_counted_as_none():
    plan = plan_team(work(readings=None), roles(), 600_000)
    row = plan.cover.set_index("task").loc["Blood pressure"]
    assert row[["hours", "covered", "share"]].isna().all()
    assert plan.coverage == 1.0, "of the work that is known"
    assert planned(plan)[TECHNICIAN] == 0.0


def test_work_that_no_role_of_the_plan_can_do_stays_in_the_hours():
    nurses = pd.concat([work(), pd.DataFrame({"task": ["Vaccination"], "hours": [160.0], "roles": ["practice_nurse"]})])
    plan = plan_team(nurses, roles(), 600_000)
    assert plan.coverage == pytest.approx(640 / 800)
    assert plan.outside == 160.0
    assert plan.binding == ("some work can be done by no role of this plan",)


def test_a_role_without_a_known_cost_is_left_out_and_said_to_be():
    plan = plan_team(work(), roles(**{TECHNICIAN: {"cost": None, "now": 0.5}}), 600_000)
    assert TECHNICIAN not in planned(plan)
    assert plan.left_out == (
        "Pharmacy technician: not planned, as its cost is not known. The 0.50 WTE who are there are not in the plan.",
    )


@pytest.mark.parametrize("now", [None, pd.NA, float("nan"), 0.0])
def test_nobody_who_is_not_there_is_reported_of_a_role_that_is_left_out(now):
    plan = plan_team(work(), roles(**{TECHNICIAN: {"cost": None, "now": now}}), 600_000)
    assert plan.left_out == ("Pharmacy technician: not planned, as its cost is not known.",)


@pytest.mark.parametrize("column", ["cost", "hours"])
def test_where_no_role_can_be_planned_it_says_so(column):
    """In a year whose ceilings are not known no cost is; there is no team, and no plan of nobody for nothing."""
    unknown = roles(**{COORDINATOR: {"now": 0.5}}).assign(**{column: None})
    plan = plan_team(work(), unknown, 600_000)
    assert plan.status == NO_ROLE
    assert NO_ROLE not in SOLVED
    assert (plan.cost, plan.coverage, plan.posts.empty, plan.outside) == (None, None, True, 640.0)
    assert plan.left_out[0] == (
        f"Care coordinator: not planned, as its {column} {'is' if column == 'cost' else 'are'} not known. "
        "The 0.50 WTE who are there are not in the plan."
    )
    assert len(plan.left_out) == 3
    assert trade_off(work(), unknown, 600_000, points=None).empty
    found = sensitivity(work(), unknown, 600_000, each=True)
    assert set(found["status"]) == {NO_ROLE}
    assert found["coverage"].isna().all()
    assert why_infeasible(work(), unknown, 600_000) == ()


def test_of_no_roles_at_all_there_is_no_plan():
    nobody = roles().iloc[:0]
    plan = plan_team(work(), nobody, 600_000, smallest_team=1.0)
    assert (plan.status, plan.left_out) == (NO_ROLE, ())
    assert trade_off(work(), nobody, 600_000).empty
    assert set(sensitivity(work(), nobody, 600_000)["status"]) == {NO_ROLE}


def test_no_work_that_is_known_has_no_coverage():
    plan = plan_team(work(None, None, None), roles(), 100_000)
    assert (plan.status, plan.cost, plan.coverage) == (OPTIMAL, 0.0, None)


def test_everything_that_is_wrong_is_told_at_once():
    wrong = work().assign(roles=["clinical_pharmasist", TECHNICIAN, COORDINATOR], hours=[-1.0, 1.0, 1.0])
    odd = roles(**{COORDINATOR: {"cost": "dear"}})
    with pytest.raises(PcnAnalysisError) as caught:
        plan_team(wrong, pd.concat([odd, odd.head(1)]), 1.0, staff={"dietician": 1.0}, smallest_team={"farmacy": 1.0})
    told = "\n".join(str(one) for one in caught.value.problems)
    for part in (
        "clinical_pharmasist is no role. Did you mean clinical_pharmacist?",
        "Medication review has no number of 0 or more",
        "care_coordinator has no number of 0 or more",
        "clinical_pharmacist stands there twice",
        "dietician is none of the roles",
        "farmacy is no peer group. Did you mean pharmacy?",
    ):
        assert part in told
    for budget, part, time_limit in ((-1.0, 0.1, 1.0), (1.0, 0.0, 1.0), (1.0, 0.33333, 1.0), (1.0, 0.1, 0.0)):
        with pytest.raises(PcnAnalysisError):
            plan_team(work(), roles(), budget, part=part, time_limit=time_limit)


@pytest.mark.parametrize(("argument", "wrong"), [
    *(("budget", one) for one in ("60000", pd.NA, float("nan"), float("inf"), [1], True)),
    *(("part", one) for one in ("0.1", None, pd.NA, 2)),
    *(("time_limit", one) for one in ("1", None, pd.NA)),
    *(("gap", one) for one in ("0", None, 1.0)),
    *(("smallest_team", one) for one in ({"pharmacy": None}, {"pharmacy": "1"}, {None: 1.0}, "1", pd.NA, [1.0])),
    *((name, one) for name in ("staff", "available") for one in ({PHARMACIST: "many"}, {None: 1.0}, [1.0], 1.0)),
])  # fmt: skip
def test_a_wrong_argument_is_told_and_with_it_whatever_else_is_wrong(argument, wrong):
    asked = {"budget": 100_000, argument: wrong}
    nameless = work().assign(task=["Medication review", None, pd.NA])
    with pytest.raises(PcnAnalysisError) as caught:
        plan_team(nameless, roles(), asked.pop("budget"), **asked)
    told = [str(one) for one in caught.value.problems]
    assert "work.task: 2 rows without a task. Name it." in told
    assert len(told) == 2


def test_what_is_no_table_is_told():
    with pytest.raises(PcnAnalysisError, match="work: it is no table") as caught:
        plan_team(None, {"role": []}, "1")
    assert len(caught.value.problems) == 3


def test_a_trade_off_and_a_sensitivity_tell_what_is_wrong_at_once():
    with pytest.raises(PcnAnalysisError, match="a trade-off has a largest sum") as caught:
        trade_off(work(), roles(), None, points=1, part="0.1", staff={"dietician": 1.0})
    assert len(caught.value.problems) == 4
    with pytest.raises(PcnAnalysisError, match="no share to change") as caught:
        sensitivity(work(), roles(), "1", by="0.2", gap=None)
    assert len(caught.value.problems) == 3


# -- no team, and no time ----------------------------------------------------------------------------------


def test_staff_who_cost_more_than_the_sum_are_named():
    there = roles(**{PHARMACIST: {"now": 2.0}, COORDINATOR: {"now": 0.5}})
    plan = plan_team(work(), there, 100_000)
    assert plan.status == INFEASIBLE
    assert plan.posts.empty
    assert plan.cost is None
    assert plan.reasons == (
        "These cannot hold together: 2.00 WTE of Clinical pharmacist who are there stay; the sum is £100,000 a year. "
        "The cheapest team would cost £120,000.",
    )


def test_a_smallest_team_above_what_can_be_had_is_named():
    there = roles(**{PHARMACIST: {"now": 1.0, "available": 1.0}, TECHNICIAN: {"available": 0.5}})
    (conflict,) = why_infeasible(work(), there, 900_000, smallest_team={"pharmacy": 2.0})
    assert conflict.constraints == (
        ("smallest team", "pharmacy"), ("available", PHARMACIST), ("available", TECHNICIAN), ("staff", PHARMACIST),
    )  # fmt: skip
    assert conflict.sentence == (
        "These cannot hold together: anybody of Clinical pharmacist and Pharmacy technician works in a team of at "
        "least 2.00 WTE; at most 1.00 WTE of Clinical pharmacist can be had; at most 0.50 WTE of Pharmacy technician "
        "can be had; 1.00 WTE of Clinical pharmacist who are there stay."
    )


def test_more_staff_than_can_be_had_are_named_whoever_else_could_fill_the_team():
    there = roles(**{TECHNICIAN: {"now": 3.0, "available": 2.0}})
    (conflict,) = why_infeasible(work(), there, 900_000)
    assert conflict.constraints == (("available", TECHNICIAN), ("staff", TECHNICIAN))


def test_conflicts_that_have_nothing_to_do_with_each_other_are_all_named():
    there = roles(**{PHARMACIST: {"now": 3.0, "available": 2.0}, COORDINATOR: {"now": 2.0, "available": 1.0}})
    found = [one.constraints for one in why_infeasible(work(), there, 900_000)]
    assert sorted(found) == [
        (("available", COORDINATOR), ("staff", COORDINATOR)), (("available", PHARMACIST), ("staff", PHARMACIST)),
    ]  # fmt: skip
    assert len(plan_team(work(), there, 900_000).reasons) == 2


def test_a_team_is_filled_up_the_cheapest_way_before_it_is_said_to_be_too_dear():
    """A pharmacist stays (£60,000), and a team of two needs one more post: a technician, £40,000."""
    asked = {"smallest_team": {"pharmacy": 2.0}, "part": 1.0}
    there = roles(**{PHARMACIST: {"now": 1.0}})
    assert plan_team(work(), there, 100_000, **asked).cost == 100_000
    (conflict,) = why_infeasible(work(), there, 99_999.99, **asked)
    assert conflict.sentence.endswith("the sum is £99,999.99 a year. The cheapest team would cost £100,000.")


def test_at_the_time_limit_the_best_team_is_given_with_its_gap():
    """A proof takes the solver eight seconds; half a second is enough for a team that is at most 1% from the best."""
    plan = plan_team(*hard_team(), BUDGET, part=1.0, smallest_team=3.0, time_limit=0.5)
    assert plan.status == TIME_LIMIT
    assert 0 < plan.coverage < plan.bound <= 1
    assert plan.gap == pytest.approx((plan.bound - plan.coverage) / plan.bound, abs=1e-6)
    assert not plan.least_cost
    assert plan.cost <= BUDGET


def test_where_no_team_was_found_in_time_it_says_so():
    plan = plan_team(*hard_team(), BUDGET, part=1.0, smallest_team=3.0, time_limit=1e-6)
    assert plan.status == NONE_FOUND
    assert plan.posts.empty
    assert plan.coverage is None
    assert plan.reasons == ()


def test_a_gap_that_is_asked_for_is_said():
    plan = plan_team(*hard_team(), BUDGET, part=1.0, smallest_team=3.0, time_limit=60, gap=0.05)
    assert plan.status == WITHIN_GAP
    assert 0 < plan.gap <= 0.05
    assert plan.coverage < plan.bound


# -- numbers as they come ----------------------------------------------------------------------------------


@pytest.mark.parametrize("there", [1 / 3, 2 / 3, 0.66666667, 6.986667, 0.00005, 0.7 + 0.6])
def test_all_who_are_there_can_be_had(there):
    """A network that can have those who are there and nobody else keeps them: no rounding parts the two."""
    staffed = roles(**{PHARMACIST: {"now": there, "available": there}})
    plan = plan_team(work(), staffed, 900_000)
    assert (plan.status, plan.reasons) == (OPTIMAL, ())
    assert planned(plan)[PHARMACIST] == pytest.approx(there, abs=0.00005)
    given = plan_team(work(), roles(), 900_000, staff={PHARMACIST: there}, available={PHARMACIST: there})
    assert planned(given) == planned(plan)


def test_who_is_there_beyond_what_can_be_had_is_still_a_conflict():
    staffed = roles(**{PHARMACIST: {"now": 0.667, "available": 0.6666}})
    assert plan_team(work(), staffed, 900_000).status == INFEASIBLE


def test_noise_of_the_computers_arithmetic_costs_no_part_of_a_post():
    """0.7 + 0.6 is 1.2999999999999998 to a computer, 1.15 x 100 is 114.99999999999999, 0.1 + 0.2 a little above 0.3."""
    assert planned(plan_team(work(), roles(), 900_000, available={PHARMACIST: 0.7 + 0.6}))[PHARMACIST] == 1.3
    only = roles(**{PHARMACIST: {"cost": 115.0}}).head(1)
    assert 1.15 * 100 < 115
    assert plan_team(work(80.0), only, 1.15 * 100, part=1.0).cost == 115.0
    dear = roles(**{PHARMACIST: {"cost": 41_000 * 1.1}}).head(1)
    assert 41_000 * 1.1 > 45_100
    assert plan_team(work(80.0, 0.0, 0.0), dear, 45_100, part=1.0).cost == 45_100
    there = roles(**{PHARMACIST: {"now": 0.3}, TECHNICIAN: {"available": 0.0}})
    assert planned(plan_team(work(0.0, 0.0, 0.0), there, 90_000, smallest_team=0.1 + 0.2))[PHARMACIST] == 0.3
    assert plan_team(work(), roles(), 90_000, part=0.1 + 0.2).status == OPTIMAL


def test_what_can_be_recruited_is_changed_without_noise():
    """0.7 there and 0.5 to be had beside: a fifth more is 0.6, and 1.3 in all."""
    there = roles(**{PHARMACIST: {"now": 0.7, "available": 1.2}})
    found = sensitivity(work(), there, 900_000).set_index(["assumption", "change"])
    assert found.loc[("what can be recruited", 0.2), "posts"] == "Clinical pharmacist +0.10 WTE"


def test_nothing_covered_is_0_and_not_below_it():
    plan = plan_team(work(), roles(), 0.0)
    assert str(plan.coverage) == "0.0"
    assert str(sensitivity(work(), roles(), 0.0)["coverage"].iloc[0]) == "0.0"


# -- what each sum buys, and what an assumption changes ----------------------------------------------------


def test_each_further_sum_buys_less():
    """Care plans first (£30,000 of 80 hours), then blood pressures (£40,000), then reviews (£60,000)."""
    found = trade_off(work(), roles(), 380_000, points=None, part=1.0)
    assert found["cost"].to_list()[:5] == [0, 30_000, 60_000, 100_000, 140_000]
    assert found["cost"].iloc[-1] == 380_000
    assert found["coverage"].iloc[-1] == 1.0
    assert found["step"].iloc[1] == pytest.approx(80 / 640 / 3), "an eighth of the hours for £30,000"
    assert found["step"].iloc[-1] == pytest.approx(80 / 640 / 6)


def test_a_trade_off_of_few_points_is_part_of_the_whole_one():
    few, whole = (trade_off(work(), roles(), 380_000, points=points) for points in (6, None))
    assert 2 <= len(few) <= 6
    assert set(few["cost"]) <= set(whole["cost"])
    assert few["cost"].iloc[0] == 0
    assert few["cost"].iloc[-1] == 380_000
    with pytest.raises(PcnAnalysisError, match="no trade-off"):
        trade_off(work(), roles(), 380_000, points=1)


def test_staff_beyond_the_sum_leave_nothing_to_trade():
    assert trade_off(work(), roles(**{PHARMACIST: {"now": 9.0}}), 100_000).empty


def test_one_assumption_changes_at_a_time():
    there = roles(**{PHARMACIST: {"now": 1.0, "available": 2.0}})
    found = sensitivity(work(), there, 300_000, part=0.5, each=True).set_index(["assumption", "of", "change"])
    # each number of the columns is that of a plan of its own
    fewer = plan_team(work(reviews=320 * 0.8), there, 300_000, part=0.5)
    assert found.loc[("minutes of a task", "Medication review", -0.2), "coverage"] == fewer.coverage
    # 2 pharmacists at most, one there: a fifth more of the one to be recruited is 2.2, of which halves make 2.0
    for change in (-0.2, 0.2):
        posts = found.loc[("what can be recruited", "all", change), "posts"]
        assert posts == ("Clinical pharmacist -0.50 WTE" if change < 0 else "no change")
    dearer = found.loc[("cost of a WTE", "all", 0.2)]
    assert dearer["difference"] < 0
    assert dearer["cost"] <= 300_000
    # 1 first row, then down and up: 5 for everything, 3 tasks, hours and cost of 3 roles, 1 role that is limited
    assert len(found) == 1 + 2 * (5 + 3 + 2 * 3 + 1)


def test_none_in_place_of_staff_is_nobody_in_every_plan():
    there = roles(**{PHARMACIST: {"now": 1.0, "available": 1.0}})
    asked = {"staff": {PHARMACIST: None}, "available": {PHARMACIST: None}}
    plan = plan_team(work(), there, 600_000, **asked)
    assert planned(plan)[PHARMACIST] > 1.0, "no limit is known"
    assert plan.posts.set_index("role").loc[PHARMACIST, "now"] == 0.0
    first = sensitivity(work(), there, 600_000, **asked).iloc[0]
    assert (first["cost"], first["coverage"]) == (plan.cost, plan.coverage)


def test_an_assumption_that_leaves_no_team_says_so():
    found = sensitivity(work(), roles(**{PHARMACIST: {"now": 1.0}}), 60_000).set_index(["assumption", "change"])
    assert found.loc[("the sum", -0.2), "status"] == INFEASIBLE
    assert pd.isna(found.loc[("the sum", -0.2), "coverage"])
