"""Sentences, charts and descriptions of a team, of two scenarios that can be worked out by hand."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
import scenario_tables as tables
from handmade import PUBLISHED, released
from scenario_tables import FIRST

from pcn_analysis import readings
from pcn_analysis.place import network_of
from pcn_analysis.plots import alt_text, charts
from pcn_analysis.readings import team as said
from pcn_analysis.release import release
from pcn_analysis.workforce import planner, scenario_costs, scenario_plans, scenarios

mpl.use("Agg")

pytestmark = pytest.mark.unit
NO_TEAM = {"first": FIRST | {"budget": 20_000}}
"""Half a pharmacist who stays costs £30,000, which £20,000 do not pay."""
NOTHING = {"first": FIRST | {"budget": 0}, "sums": tables.lines(None)}
FEW = [(*row[:3], 3, row[4]) for row in tables.TASKS]


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def by_task(**given):
    return tables.work(**given).followed_by(scenarios.by_task)


def by_role(**given):
    return tables.work(**given).followed_by(scenarios.by_role)


def read_plans(**given):
    return readings.team_plans(tables.view("outcomes", **given), tables.view("posts", **given))


def with_outcome(**values):
    """Outcomes of the two plans with some values of the first replaced, as a search that was stopped gives them."""
    frame = tables.view("outcomes").frame
    for name, value in values.items():
        frame.loc[0, name] = value
    return released(frame, PUBLISHED, numbers=tuple(name for name in frame if frame[name].dtype == "Float64"))


def labels(ax):
    return [text.get_text() for text in ax.texts]


# -- work and roles --------------------------------------------------------------------------------------------


def test_hours_of_both_scenarios_are_read_with_what_is_not_shown():
    assert readings.team_work(by_task()) == (
        "To close every gap that is open today for people registered with Harbour PCN would take 166 hours a month "
        "over 12 months (scenario A), and 332 over 6 months (scenario B). Most hours in scenario A: structured "
        "medication review (81), blood pressure follow-up (81) and offer of social prescribing (5). Hours are not "
        "shown, and so not planned (fewer than 8 people): Vaccination. Contacts planned for 1 segment are 5 hours a "
        "month. They are not in the plans, as a care plan can be both a contact and an open gap."
    )


def test_adding_segments_says_that_work_may_be_counted_twice():
    assert "beside open gaps, and may be counted twice" in readings.team_work(by_task(add_segments=True))


def test_where_nothing_is_shown_no_hours_are_read_and_none_drawn_as_zero():
    text = readings.team_work(by_task(tasks=FEW))
    assert text.startswith("How much work is open for people registered with Harbour PCN is not known or not shown.")
    assert readings.team_roles(by_role(tasks=FEW)) == "Of no role are hours of work known."
    assert "not shown" in labels(charts.team_work(by_task(tasks=FEW)))


def test_work_that_was_not_assessed_is_named_as_such():
    rows = [(*tables.TASKS[0][:3], None, 30.0), tables.TASKS[1]]
    worked = tables.worked(rows, status=["not assessed", "assessed"])
    both = worked.followed_by(scenarios.work, tables.sizes(), first=FIRST, other=tables.OTHER)
    text = readings.team_work(both.followed_by(scenarios.by_task))
    assert "Not known from these records, and not planned: Structured medication review." in text


def test_where_no_task_could_be_assessed_it_is_said_once():
    worked = tables.worked([(*row[:3], None, row[4]) for row in tables.TASKS], status="not assessed")
    both = worked.followed_by(scenarios.work, tables.sizes(), first=FIRST, other=tables.OTHER)
    text = readings.team_work(both.followed_by(scenarios.by_task))
    assert "not shown. None of 4 tasks could be assessed from these records. Contacts" in text


def test_posts_are_read_with_work_that_the_scheme_does_not_pay_for():
    text = readings.team_roles(by_role())
    assert text.startswith(
        "If every task is done by its usual role, this work fills 2.1 posts in scenario A and 4.1 in scenario B: "
        "clinical pharmacist 1.0 and 2.0 and social prescribing link worker 0.1 and 0.1. 48.5% of the hours in "
    )
    assert "(practice nurse 81 hours a month)" in text


def test_the_sum_and_who_is_not_planned_are_read():
    assert readings.team_costs(tables.costs(), tables.lines()) == (
        "The contract pays at most £150,000 for additional roles in 2025/26 (3 × 50,000 weighted patients; published)."
        " What a post costs is known of 2 of 3 roles (all of them from a source that is to be verified). The other is "
        "not planned, and no work is given to it. 2.0 whole-time equivalents of them are there (social prescribing "
        "link worker 2.0). They are paid from the same sum, and nothing is set aside for them here: what is left for "
        "the plans is less by what they cost. Give what they cost (parameter salaries)."
    )


def test_a_sum_and_staff_that_are_not_known_are_said_to_be_so():
    rows = [(*tables.ROLES[0][:3], None, "not known"), *tables.ROLES[1:]]
    text = readings.team_costs(tables.costs(rows), tables.lines(None))
    assert text.startswith("What the contract pays for additional roles in this year is not known. ")
    assert text.endswith("How many there are is not known of clinical pharmacist: planned as if there were none.")


def test_assumptions_are_read_by_how_far_they_are_to_be_relied_on(marlhaven):
    made = release(scenario_costs.assumptions_made(network_of(marlhaven, "U00001")), profile="open_data")
    published = int(made.frame["standing"].eq("published").sum())
    text = readings.team_assumptions(made)
    assert text.startswith(f"Between people and posts stand {len(made)} assumptions, ")
    assert f"Only {published} can be looked up" in text


# -- plans -----------------------------------------------------------------------------------------------------


def test_plans_are_read_with_what_they_cost_cover_and_how_sure_it_is():
    assert read_plans() == (
        "Scenario A (open gaps closed in 12 months, staff stay): the team costs £90,000 of £100,000 a year and covers "
        "97.0% of 166 hours a month; 3.0% can be done by no role that is planned. It is proven that no team within the"
        " sum covers more. Scenario B (open gaps closed in 6 months, staff need not stay): the team costs £150,000 of "
        "£150,000 a year and covers 84.9% of 332 hours a month; 3.0% can be done by no role that is planned. It is "
        "proven that no team within the sum covers more. No plan holds the 2.0 whole-time equivalents who are there "
        "and whose cost is not known: the sum pays them as well, and they do some of this work. A plan is arithmetic "
        "on what is assumed: a question for a clinical director, not an answer."
    )


def test_a_search_that_was_stopped_tells_its_gap():
    posts = tables.view("posts")
    stopped = with_outcome(status=planner.TIME_LIMIT, coverage=0.9, bound=0.95, gap=1 / 19)
    assert (
        "The search stopped at its time limit: no team within the sum covers more than 95.0% (gap 5.3%)."
        in readings.team_plans(stopped, posts)
    )
    allowed = with_outcome(status=planner.WITHIN_GAP, coverage=0.9, bound=0.95, gap=1 / 19)
    assert "month; 3.0% can be done by no role that is planned. No team within the sum covers more than 95.0%" in (
        readings.team_plans(allowed, posts)
    )
    none = with_outcome(status=planner.NONE_FOUND)
    assert "no team was found in time. That does not say that there is none." in readings.team_plans(none, posts)


def test_a_scenario_without_a_plan_says_why_and_what_to_give():
    assert "Scenario A (open gaps closed in 12 months, staff stay): no team keeps all that is asked" in read_plans(
        **NO_TEAM
    )
    assert "Give a sum (parameter budget of the scenario)." in read_plans(**NOTHING)
    none = [(*row[:2], None, *row[3:]) for row in tables.ROLES]
    assert "Give it (parameter salaries)." in read_plans(rows=none)
    assert "no plan, as no hours of work are known." in read_plans(tasks=FEW)


def test_every_status_that_there_is_can_be_read():
    assert set(said.SOLVED) == set(planner.SOLVED)
    others = {scenario_plans.NO_SUM, scenario_plans.NO_COSTS, scenario_plans.NO_WORK}
    assert set(said.WITHOUT) == {planner.INFEASIBLE, planner.NONE_FOUND, *others}
    assert (said.OUTSIDE, said.HIDDEN) == (scenario_plans.OUTSIDE, scenario_plans.HIDDEN)


def test_cover_tells_what_no_role_can_do_from_what_is_left_undone():
    """£60,000 pay two support workers or one pharmacist, and not both in full."""
    assert readings.team_cover(tables.view("cover")) == (
        "In scenario A 2 of 3 tasks are covered in full; no role that is planned can do offer of social prescribing. "
        "In scenario B 1 of 3 tasks is covered in full; no role that is planned can do offer of social prescribing. "
        "Not shown, and so not planned: Vaccination."
    )
    poor = readings.team_cover(tables.view("cover", first=FIRST | {"budget": 30_000}))
    assert "nobody does, though somebody could: blood pressure follow-up" in poor
    assert readings.team_cover(tables.view("cover", **NOTHING)) == (
        "Which work would be covered is not known: there is no plan."
    )
    assert "scenario A" not in readings.team_cover(tables.view("cover", **NO_TEAM))


def test_what_a_sum_buys_is_read_from_the_cheapest_team_to_the_plan():
    """A: half a pharmacist who stays costs £30,000 and does 40.3125 of 166.25 hours."""
    text = readings.team_trade_off(tables.curve("trade_offs"))
    assert text.startswith(
        "In scenario A the cheapest team that is possible costs £30,000 and covers 24.2%; £90,000 cover 97.0%. Of the "
        "72.7 percentage points that further money adds, 48.5 come with the first £30,000 of £60,000. In scenario B "
        "the cheapest team that is possible costs £0 and covers 0.0%; £150,000 cover 84.9%."
    )
    assert "buys no more" in readings.team_trade_off(tables.curve("trade_offs", FIRST | {"budget": 30_000}))
    nothing = tables.curve("trade_offs", FIRST | {"budget": 0}, sums=tables.lines(None))
    assert readings.team_trade_off(nothing) == "What each sum would buy is not known: there is no plan."
    assert charts.team_trade_off(nothing) is None


def test_the_assumption_that_matters_most_is_read_or_what_the_cost_rests_on():
    """B: 20% fewer minutes are 266 hours, of which £150,000 cover all but the 8 of social prescribing: 97.0%."""
    text = readings.team_sensitivity(tables.curve("sensitivities"))
    assert "In scenario B what matters most is" in text
    nothing = tables.curve("sensitivities", FIRST | {"budget": 0}, sums=tables.lines(None))
    assert readings.team_sensitivity(nothing) == "Which assumption matters is not known: there is no plan."
    rich = readings.team_sensitivity(tables.curve("sensitivities", FIRST | {"budget": 500_000}))
    assert rich.startswith("In scenario A no assumption changes what is covered; what it costs rests most on")


def test_a_change_that_leaves_no_team_is_said_first():
    """£33,000 pay the half pharmacist who stays, of £30,000; not if each costs a fifth more, or the sum is less."""
    text = readings.team_sensitivity(tables.curve("sensitivities", FIRST | {"budget": 33_000}))
    assert text.startswith("In scenario A there is no team if cost of a WTE is 20.0% higher. In scenario A there is no")


# -- figures ---------------------------------------------------------------------------------------------------


def test_posts_now_and_of_both_scenarios_are_drawn_and_those_not_planned_are_named():
    table = tables.view("posts")
    ax = charts.team_posts(table)
    drawn = {
        one.get_label(): [bar.get_width() for bar in one][::-1] for one in ax.containers if hasattr(one, "patches")
    }
    assert drawn["there now"] == [0.5, 0.0, 2.0]
    assert drawn["scenario A"] == [1.0, 1.0, 0.0]
    assert drawn["scenario B"] == [1.5, 2.0, 0.0]
    assert labels(ax).count("not planned") == 2
    assert "Social prescribing link worker 2.00 now, not planned and not planned" in alt_text.team_posts(table)


def test_hours_and_cover_are_drawn_for_both_scenarios():
    ax = charts.team_work(by_task())
    assert [bar.get_width() for bar in ax.containers[1]][::-1][:2] == [161.25, 161.25]
    assert "Structured medication review 80.6 and 161.2; " in alt_text.team_work(by_task())
    table = tables.view("cover")
    assert {"100%", "75%", "0%", "not shown"} <= set(labels(charts.team_cover(table)))
    assert "Structured medication review 100.0% and 75.0%" in alt_text.team_cover(table)


def test_the_curves_end_in_the_plans():
    table = tables.curve("trade_offs")
    ax = charts.team_trade_off(table)
    assert labels(ax) == ["A: 97.0%", "B: 84.9%"]
    assert [line.get_label() for line in ax.lines] == ["scenario A", "scenario B"]
    assert "scenario B from 0.0% for £0 to 84.9% for £150,000." in alt_text.team_trade_off(table)


def test_changes_are_drawn_in_points_or_told_as_cost():
    table = tables.curve("sensitivities", FIRST | {"budget": 500_000})
    written = labels(charts.team_sensitivity(table))
    assert "same cover: £72,000 if lower, £108,000 if higher" in written
    assert "no change" in written
    assert "scenario A, cost of a WTE: same cover: £72,000 if lower" in alt_text.team_sensitivity(table)
    lost = charts.team_sensitivity(tables.curve("sensitivities", FIRST | {"budget": 33_000}))
    assert any("no team if higher" in one for one in labels(lost))


def test_figures_and_sentences_of_invented_people_say_so():
    for text in (readings.team_work(by_task()), read_plans(), readings.team_cover(tables.view("cover"))):
        assert text.label == "SYNTHETIC PEOPLE"
    assert charts.team_posts(tables.view("posts")).get_title(loc="left").startswith("SYNTHETIC PEOPLE\n")
    assert alt_text.team_posts(tables.view("posts")).startswith("Synthetic people. ")
