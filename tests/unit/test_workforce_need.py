"""From need to work to roles: hours a month from released counts, posts, and files of one's own assumptions."""

import pandas as pd
import pytest

from pcn_analysis import codelists
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.provenance import Provenance, Source, SourcedTable
from pcn_analysis.release import release
from pcn_analysis.segmentation.models import MODELS, find_model
from pcn_analysis.services.catalogue import every_service
from pcn_analysis.workforce.assumed import assumed, assumptions, contact_hours, segment_work, task_roles
from pcn_analysis.workforce.need import (
    NO_ASSUMPTION,
    for_plan,
    hours_by_role,
    hours_by_segment,
    hours_by_task,
    wte_by_role,
)  # fmt: skip
from pcn_analysis.workforce.planner import plan_team
from pcn_analysis.workforce.role_words import NAMES, OF_SCHEME, role_of
from pcn_analysis.workforce.team_checks import named

pytestmark = pytest.mark.unit

TASKS = [
    ("Structured medication reviews", "Structured medication review", "clinical pharmacist", 240, 30.0),
    ("Cardiovascular disease", "Blood pressure follow-up", "practice nurse", 4, 20.0),
    ("Enhanced health in care homes", "Seeing a resident in a round", "GP", 48, 10.0),
]


def released(rows=TASKS):
    """A released table of work: numbers of people below 8 are not shown."""
    frame = pd.DataFrame(rows, columns=["service", "task", "role", "people", "minutes"]).astype(
        {"people": "Int64", "minutes": "Float64"}
    )
    frame = frame.assign(standing="our choice", status="assessed")
    columns = {"counts": ("people",), "numbers": ("minutes",)}
    return release(SourcedTable(frame, Provenance((), people=True), **columns))


def sizes(patients=(120, 40)):
    frame = pd.DataFrame({"segment": ["Frailty/Dementia", "Cancer"], "patients": pd.array(patients, "Int64")})
    return release(SourcedTable(frame.assign(status="assessed"), Provenance((), people=True), counts=("patients",)))


def written(folder, text, name="own.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems(read, path):
    with pytest.raises(PcnAnalysisError) as caught:
        read(path)
    return [str(one) for one in caught.value.problems]


# -- tasks -------------------------------------------------------------------------------------------------


def test_a_backlog_is_worked_off_over_its_months():
    """240 people × 30 minutes = 120 hours, over 12 months: 10 hours a month."""
    row = released().followed_by(hours_by_task).frame.iloc[0]
    assert row[["role", "hours", "basis"]].to_list() == ["clinical_pharmacist", 10.0, "open gaps"]
    assert row["roles"].split(", ")[0] == "clinical_pharmacist"


def test_work_that_recurs_is_done_again():
    """50 residents (48, rounded) × 10 minutes = 8.33 hours: once over 12 months, and 12 times a year again."""
    row = released().followed_by(hours_by_task).frame.iloc[2]
    assert row["people"] == 50
    assert row["hours"] == pytest.approx(50 * 10 / 60 * (1 / 12 + 12 / 12))


def test_people_who_are_not_shown_give_hours_that_are_not_shown():
    table = released().followed_by(hours_by_task)
    assert pd.isna(table.frame.loc[1, "hours"])
    assert pd.isna(table.followed_by(hours_by_role).frame.set_index("role").loc["practice_nurse", "hours"])
    assert pd.isna(table.followed_by(for_plan).frame.set_index("task").loc["Blood pressure follow-up", "hours"])


def test_nobody_to_be_seen_are_no_hours():
    table = released([("Any", "Lipid review", "clinical pharmacist", 0, 30.0)]).followed_by(hours_by_task)
    assert table.frame["hours"].item() == 0.0


def test_what_the_scheme_does_not_pay_for_is_shown():
    roles = released().followed_by(hours_by_task).followed_by(hours_by_role).frame
    assert roles[["role", "of_scheme"]].to_numpy().tolist() == [
        ["clinical_pharmacist", True], ["practice_gp", False], ["practice_nurse", False],
    ]  # fmt: skip


def test_hours_become_posts():
    """10 hours a month of 80.625 contact hours."""
    chain = released().followed_by(hours_by_task).followed_by(hours_by_role).followed_by(wte_by_role).frame
    assert chain["wte"].iloc[0] == pytest.approx(10 / 80.625)
    assert pd.isna(chain["wte"].iloc[2])


def test_two_services_with_a_task_of_one_name_are_told_apart():
    rows = [("One", "Talk", "GP", 10, 6.0), ("Other", "Talk", "care coordinator", 20, 6.0)]
    tasks = released(rows).followed_by(hours_by_task).frame
    assert tasks["task"].to_list() == ["Talk (One)", "Talk (Other)"]
    assert tasks["role"].to_list() == ["practice_gp", "care_coordinator"], "the role of its service is its usual one"


def test_a_role_that_nobody_knows_is_told_with_the_nearest():
    with pytest.raises(PcnAnalysisError, match=r"Did you mean dietitian\?"):
        released([("One", "Talk", "dietician", 10, 6.0)]).followed_by(hours_by_task)


# -- segments ----------------------------------------------------------------------------------------------


def test_contacts_of_a_segment_are_hours_a_month():
    """120 people × 2 contacts of 20 minutes a year: 80 hours a year."""
    frame = sizes().followed_by(hours_by_segment).frame
    assert frame.loc[0, "hours"] == pytest.approx(120 * 2 * 20 / 60 / 12)
    assert frame.loc[1, "status"] == NO_ASSUMPTION
    assert pd.isna(frame.loc[1, "hours"])


def test_a_segment_that_is_not_shown_has_no_hours():
    assert pd.isna(sizes((3, 40)).followed_by(hours_by_segment).frame.loc[0, "hours"])


def test_contacts_of_one_kind_are_one_task_of_a_plan():
    both = pd.concat([released().followed_by(hours_by_task).frame, sizes().followed_by(hours_by_segment).frame])
    plan = for_plan(both)
    assert len(plan) == 4
    assert plan["task"].is_unique


def test_contacts_that_others_can_do_in_another_segment_are_tasks_of_their_own():
    """4 hours of a coordinator or a GP, 2 and 1 hours of a coordinator alone: a GP never gets those 3."""
    tasks = pd.DataFrame(
        {"task": ["Contact"] * 3 + ["Other"], "hours": pd.array([4.0, 2.0, 1.0, 5.0], "Float64"),
         "roles": ["care_coordinator, gp", "care_coordinator", " care_coordinator", "gp"]}
    )  # fmt: skip
    assert for_plan(tasks).to_numpy().tolist() == [
        ["Contact (Care co-ordinator)", 3.0, "care_coordinator"],
        ["Contact (Care co-ordinator, General practitioner)", 4.0, "care_coordinator, gp"],
        ["Other", 5.0, "gp"],
    ]
    for rows in (tasks, tasks.iloc[::-1]):
        assert for_plan(rows).equals(for_plan(tasks))


# -- roles in words ----------------------------------------------------------------------------------------


def test_a_role_of_the_scheme_has_one_name_everywhere():
    scheme = codelists.names("additional_roles", "role")
    assert {role: NAMES[role] for role in OF_SCHEME} == scheme
    assert list(NAMES) == [*scheme, "practice_gp", "practice_nurse", "administrator"]
    assert {role: role_of(name) for role, name in scheme.items() if role != "gp"} == {r: r for r in scheme if r != "gp"}


@pytest.mark.parametrize("words", ["GP", "gp", "Gp", "General practitioner", "practice_gp"])
def test_a_gp_in_a_service_is_that_of_a_practice_in_any_capitals(words):
    assert role_of(words) == "practice_gp"


# -- the tables of this package ----------------------------------------------------------------------------


def test_every_task_of_every_service_says_who_can_do_it_the_usual_role_first():
    can = dict(zip(task_roles()["task"], task_roles()["roles"], strict=True))
    tasks = {task.name: task.role for service in every_service("2026/27") for task in service.tasks}
    assert {task: named(can[task])[0] for task in tasks} == {task: role_of(role) for task, role in tasks.items()}
    assert set(can) == set(tasks)


def test_every_segment_with_contacts_is_one_of_a_model():
    segments = {one.name for name in MODELS for one in find_model(name).segments}
    assert set(segment_work()["segment"]) <= segments


def test_every_row_says_how_sure_it_is_and_where_it_comes_from():
    for table in (assumptions(), task_roles(), segment_work()):
        assert table[["standing", "source"]].ne("").all().all()
    ours = pd.concat([task_roles(), segment_work()])
    assert set(ours["standing"]) == {"our choice"}
    for table in (task_roles(), segment_work()):
        assert {one for cell in table["roles"] for one in named(cell)} <= set(NAMES)
    assert {"practice_nurse", "practice_gp", "administrator"} == set(NAMES) - OF_SCHEME


# -- one's own ---------------------------------------------------------------------------------------------

HEADER = "assumption,applies_to,value,unit,standing,source,note"


def test_rows_of_ones_own_take_the_place_of_ours(tmp_path):
    months = "backlog_months,Lipid review,6,months,our choice,Board of 1 May,"
    share = "contact_share,paramedic,0.5,share of time,our choice,Board of 1 May,"
    own = assumptions(written(tmp_path, f"{HEADER}\n{months}\n{share}"))
    assert assumed(own, "backlog_months", "Lipid review") == 6
    assert assumed(own, "backlog_months", "Vaccination") == 12
    assert contact_hours(own, "paramedic") == pytest.approx(80.625 * 0.5 / 0.6)
    assert contact_hours(own, "gp") == 80.625
    table = released([("Any", "Lipid review", "clinical pharmacist", 240, 30.0)])
    assert hours_by_task(table.frame, assumptions=own)["hours"].item() == 20.0


def test_contacts_of_ones_own_can_take_a_row_out(tmp_path):
    own = segment_work(written(
        tmp_path, "segment,task,roles,contacts_a_year,minutes,standing,source,note\n"
        "Frailty/Dementia,Contact with a person with frailty or dementia,care_coordinator,0,20,our choice,Us,\n"
        'Cancer,Review,"practice_nurse, gp",1,30,our choice,Us,',
    ))  # fmt: skip
    frame = hours_by_segment(sizes().frame, own)
    assert frame["status"].to_list() == [NO_ASSUMPTION, "assessed"]
    assert frame.loc[1, "hours"] == pytest.approx(40 * 0.5 / 12)


def test_all_that_is_wrong_with_a_file_is_told_at_once(tmp_path):
    rows = (
        "backlog_month,,6,months,our choice,Us,", "contact_share,,1.2,share,heard,,",
        "repeats,Vacination,often,times,our choice,Us,", "repeats,Vacination,1,times,our choice,Us,",
    )  # fmt: skip
    path = written(tmp_path, "\n".join([HEADER, *rows]))
    assert problems(assumptions, path) == [
        "own.csv: 1 row with no source, the first in row 3. Fill it in.",
        "own.csv: 1 row with a standing that is none, the first in row 3. It is one of published, to verify, our "
        "choice, not known.",
        "own.csv: 1 row with an assumption that there is not, the first in row 2. It is one of backlog_months, "
        "repeats, weekly_hours, contact_share, leave_days, bank_holidays, other_days_away.",
        "own.csv: 2 rows with an applies_to that is not known, the first in row 4. Write a task of task_roles.csv, or "
        "leave it empty.",
        "own.csv: 2 rows with a value that is no number that can be, the first in row 3. Give repeats: 0 or more, and "
        "at most 366; contact_share: more than 0, and at most 1.",
        "own.csv: 1 row with assumption and applies_to as in a row before, the first in row 5. Keep one of them.",
    ]


def test_a_task_for_nobody_or_for_nobody_known_is_refused(tmp_path):
    path = written(
        tmp_path, "task,roles,standing,source,note\nVaccination,,our choice,Us,\nLipid review,gps,our choice,Us,"
    )
    assert problems(task_roles, path) == [
        "own.csv: 1 row with nobody who can do it, the first in row 2. Name a role.",
        "own.csv: 1 row with a role that is none, the first in row 3. Write short names of "
        "codelists/additional_roles.csv, or administrator, practice_gp, practice_nurse.",
    ]


PERSON = "9434765919,Jane Smith,RIVER LANE SURGERY,Lipid review"


@pytest.mark.parametrize("read", [assumptions, task_roles, segment_work])
@pytest.mark.parametrize("header", ["", HEADER, "task,roles,standing,source,note", "nhs_number,name,practice,task"])
def test_a_file_of_people_is_never_printed(tmp_path, read, header):
    """A list cut without its header has a person in its first row; whatever the file, no cell comes back."""
    found = "\n".join(problems(read, written(tmp_path, f"{header}\n{PERSON}\n{PERSON}")))
    assert not [one for one in ("9434765919", "smith", "river", "nhs_number") if one in found.casefold()]


def test_cells_of_the_right_columns_are_never_printed_either(tmp_path):
    for header, read in ((HEADER, assumptions), ("segment,task,roles,contacts_a_year,minutes,standing,source,note",
                                                 segment_work)):  # fmt: skip
        row = ",".join([*["Jane Smith"] * header.count(","), ""])
        found = problems(read, written(tmp_path, f"{header}\n{row}"))
        assert len(found) >= 3
        assert not [one for one in found if "Smith" in one]


def test_a_column_that_is_not_asked_for_is_refused(tmp_path):
    path = written(tmp_path, f"{HEADER},name,salary\ncontact_share,gp,0.5,share,our choice,Us,,Jane Smith,9")
    assert problems(assumptions, path) == [
        "own.csv: 2 columns that no such file has. Keep assumption, applies_to, value, unit, standing, source, note "
        "alone.",
    ]


def test_columns_that_are_missing_and_a_year_without_work_are_refused(tmp_path):
    found = problems(assumptions, written(tmp_path, "assumption,value\nrepeats,1"))
    assert [one.split(":")[1].strip().split(". ")[0] for one in found] == [
        f"the column {one} is missing" for one in ("applies_to", "unit", "standing", "source", "note")
    ]
    idle = written(tmp_path, f"{HEADER}\nother_days_away,gp,250,days a year,our choice,Us,")
    assert problems(assumptions, idle) == ["own.csv: all days of the year are days away. Leave some days to work."]


def test_a_plan_follows_from_what_is_released_and_from_nothing_else():
    """10 hours of reviews a month fill 0.2 of a pharmacist in tenths; hours that are not shown are not planned."""
    rows = pd.DataFrame(
        {"role": ["clinical_pharmacist"], "name": ["Clinical pharmacist"], "cost": [60_000.0], "available": [None],
         "hours": [contact_hours(assumptions(), "clinical_pharmacist")], "now": [0.0], "peer_group": [None]}
    )  # fmt: skip
    work = released(TASKS[:2]).followed_by(hours_by_task).followed_by(for_plan)
    published = Provenance(
        (Source("Cost of posts", "tests", "2026/27", "MIT", "Handmade.", kind="published"),), people=False
    )
    roles = release(SourcedTable(rows, published, numbers=("cost", "hours", "available", "now")), profile="open_data")
    posts = work.followed_by(_posts, roles, budget=60_000).frame
    assert posts[["planned", "cost", "used"]].iloc[0].to_list() == [0.2, 12_000.0, 10.0]


def _posts(work, roles, budget):
    return plan_team(work, roles, budget).posts
