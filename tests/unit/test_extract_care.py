"""Events of care, stays and care homes as they come in; ethnic categories that were not stated."""

import datetime as dt

import pandas as pd
import pytest

from pcn_analysis import engine
from pcn_analysis.clinical_codes.contract import stands_for
from pcn_analysis.clinical_codes.matching import conflicts
from pcn_analysis.codes import UNALLOCATED
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.extracts.care import events_among, with_systems
from pcn_analysis.extracts.coding import coded, find_meanings
from pcn_analysis.extracts.ethnicity import told_apart
from pcn_analysis.extracts.feeds import Extract, Feed
from pcn_analysis.extracts.incoming import Asked, bring_in
from pcn_analysis.extracts.storing import store
from pcn_analysis.extracts.workspace import workspace
from pcn_analysis.population import load_population
from pcn_analysis.settings import ROOT_VARIABLE
from tests.unit.extract_rooms import condition, room
from tests.unit.test_extract_coding import codelist

pytestmark = pytest.mark.unit

REVIEW, REFUSED_REVIEW, DIAGNOSIS = "999001", "999002", "44054006"
LISTS = [
    codelist("event:structured_medication_review", "local", REVIEW),
    codelist("event:structured_medication_review:declined", "local", REFUSED_REVIEW),
]


@pytest.fixture
def here(tmp_path):
    with room(tmp_path) as opened:
        yield opened


def event(who: str, date: str, **columns: str) -> dict[str, str]:
    return {"person_id": who, "event_date": date, "code_system": "local"} | columns


def understood(here, *rows):
    relation = here.ready("care_events", *rows)
    found = find_meanings(here.space, {"care_events": relation}, LISTS, [])
    kept = here.dictionaries(coded(here.space, "care_events", relation, found, here.findings))
    return [(row.get("event"), row.get("outcome")) for row in kept]


# -- what a code stands for --------------------------------------------------------------------------------


def test_a_list_says_which_event_a_code_stands_for_and_what_became_of_it(here):
    rows = [event("a", "2026-01-14", code=code) for code in (REVIEW, REFUSED_REVIEW, DIAGNOSIS)]
    assert set(understood(here, *rows)) == {
        ("structured_medication_review", "done"), ("structured_medication_review", "declined"), (None, None),
    }  # fmt: skip
    assert here.found() == {"in no codelist, so that its event is not known": 1}


def test_what_the_source_says_itself_goes_before_the_list(here):
    said = event("a", "2026-01-14", code=REFUSED_REVIEW, event="structured_medication_review", outcome="unsuitable")
    unsaid = event("b", "2026-01-14", code=REFUSED_REVIEW, event="structured_medication_review")
    other = event("c", "2026-01-14", code=REFUSED_REVIEW, event="health_action_plan")
    assert understood(here, said) == [("structured_medication_review", "unsuitable")]
    assert understood(here, unsaid) == [("structured_medication_review", "declined")]
    assert understood(here, other, event("d", "2026-01-14", code=REVIEW))[0] == ("health_action_plan", None)


def test_a_code_without_its_system_says_nothing(here):
    rows = [event("a", "2026-01-14", code=REVIEW), {"person_id": "b", "event_date": "2026-01-14", "code": REVIEW}]
    kept = here.dictionaries(with_systems(here.space, here.ready("care_events", *rows), here.findings))
    assert [row.get("code") for row in kept] == [REVIEW, None]
    assert here.found() == {"a code without its coding system": 1}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("event:structured_medication_reviews", "names no event of care that is known. Did you mean"),
        ("event:statin:maybe", "names nothing that can become of an event"),
        ("event", "stands_for is not understood"),
    ],
)
def test_a_list_of_no_event_or_outcome_is_refused(text, says):
    with pytest.raises(PcnAnalysisError, match=says):
        stands_for(text, where="codelists.csv, row 1")


def test_a_code_cannot_say_that_one_event_was_done_and_declined_but_can_be_two_events():
    both = [LISTS[0], codelist("event:structured_medication_review:declined", "local", REVIEW)]
    assert [str(one).split(" (")[0] for one in conflicts(both)] == [
        "lists event:structured_medication_review-local and event:structured_medication_review:declined-local: "
        "give one code of local two outcomes of one event"
    ]
    assert conflicts([LISTS[0], codelist("event:health_action_plan", "local", REVIEW)]) == []


# -- events among the coded records of general practice ----------------------------------------------------


def among(here, conditions, *extracts, listed=None):
    relation = here.ready("conditions", *conditions)
    found = find_meanings(here.space, {"conditions": relation}, LISTS, [])
    together = events_among(here.space, relation, listed, found, extracts)
    filled = coded(here.space, "conditions", relation, found, here.findings)
    return together and here.dictionaries(together), here.dictionaries(filled)


GP = Extract("gp_extract", "gp", "GP extract", (Feed("conditions", "", ""),), True, True)
LISTS_EVENTS = Extract("tables", "own", "Tables", (Feed("conditions", "", ""), Feed("care_events", "", "")), True, True)


def test_a_coded_record_of_general_practice_whose_code_stands_for_an_event_is_one(here):
    rows = [condition("a", "2026-01-14", code=one, code_system="local") for one in (REVIEW, REFUSED_REVIEW, DIAGNOSIS)]
    events, conditions = among(here, rows, GP)
    assert sorted((row["event_date"], row["event"], row["outcome"], row["code"]) for row in events) == [
        (dt.date(2026, 1, 14), "structured_medication_review", "declined", REFUSED_REVIEW),
        (dt.date(2026, 1, 14), "structured_medication_review", "done", REVIEW),
    ]
    assert [row.get("condition") for row in conditions] == [None] * 3, "an event is no condition"
    assert here.found() == {"in no codelist, so that its condition is not known": 1}, "that of the diagnosis alone"


def test_nothing_is_added_to_a_delivery_that_lists_its_events(here):
    row = condition("a", "2026-01-14", code=REVIEW, code_system="local")
    assert among(here, [row], LISTS_EVENTS)[0] is None


def test_without_a_list_of_events_nothing_is_known_of_them(here):
    relation = here.ready("conditions", condition("a", "2026-01-14"))
    found = find_meanings(here.space, {"conditions": relation}, [], [])
    assert events_among(here.space, relation, None, found, [GP]) is None


# -- a delivery of our own tables --------------------------------------------------------------------------

OWN = {
    "persons": "person_id,sex,birth_date,ethnicity\n"
    "p1,female,1940-06,Z\np2,male,1950-03,99\np3,female,1961-02,White: Irish\np4,male,1955-01,\n",
    "care_events": "person_id,event_date,event,outcome\n"
    "p1,2026-01-05,structured_medication_review,done\n"
    "p1,2026-01-05,structured_medication_review,done\n"
    "p2,2026-04-02,mdt_review,done\n"  # after the extract
    "p9,2026-01-05,mdt_review,done\n"  # of nobody
    "p3,2026-02-03,mdt_review,\n"  # what became of it is not said
    "p3,2026-02-04,something_else,done\n",
    "care_home_stays": "person_id,care_home_code,start_date,end_date\n"
    "p1,1-0000000118,2025-01-07,2024-12-01\np2,not a code,2025-01-07,\np3,1-0000000227,2025-03-04,2025-04-05\n",
    "care_homes": "care_home_code,care_home_name,beds,nursing,pcn_code\n"
    "1-0000000118,Example Lodge,38,yes,U00118\n1-0000000227,Example Court,21,no,\n"
    "1-0000000227,Example Court,21,no,\n1-0000000336,Example House,many,no,\n1-0000000445,Elsewhere,12,no,U00999\n",
}


@pytest.fixture
def came(tmp_path):
    delivery = tmp_path / "own"
    delivery.mkdir()
    for table, text in OWN.items():
        (delivery / f"{table}.csv").write_text(text, encoding="utf-8")
    with workspace(tmp_path / "people") as space:
        yield bring_in(Asked({"tables": delivery}, extract_date=dt.date(2026, 3, 31)), None, space)


def told(came, where):
    return {(one.what, one.action): one.rows for one in came.findings.rows if one.where == where}


def test_events_are_held_to_the_same_as_other_dated_records(came):
    assert told(came, "care_events") == {
        ("dated after the extract was taken", "left out"): 1,
        ("of people who are not among the persons", "left out"): 1,
        ("repeated rows", "left out"): 1,
    }
    assert told(came, "care_events.event") == {("an event of no name that is known", "noted"): 1}
    assert told(came, "care_events.outcome") == {
        ("what became of the event is not said, so that it counts as nothing", "noted"): 1
    }


def test_stays_need_a_home_and_may_not_say_where_somebody_came_from(came):
    rows = came.space.rows(
        f"SELECT person_id, end_date, arrived_from FROM {came.records['care_home_stays']} ORDER BY 1"
    )
    assert rows == [("p1", None, "not_known"), ("p3", dt.date(2025, 4, 5), "not_known")]
    assert told(came, "care_home_stays") == {("no care_home_code", "left out"): 1}
    assert told(came, "care_home_stays.end_date") == {("end before the start", "set to missing"): 1}


def test_each_home_is_there_once_and_one_without_beds_is_left_out(came):
    rows = came.space.rows(f"SELECT care_home_name FROM {came.records['care_homes']} ORDER BY 1")
    assert rows == [("Elsewhere",), ("Example Court",), ("Example Lodge",)]
    assert told(came, "care_homes") == {
        ("no beds, or one that cannot be read", "left out"): 1, ("repeated rows", "left out"): 1,
    }  # fmt: skip


def test_the_homes_stored_are_those_of_the_network_of_its_people_and_of_no_network(came, tmp_path, monkeypatch):
    processed = tmp_path / "data" / "processed"
    processed.mkdir(parents=True)
    day = came.extract_date
    stored = store(came, None, processed, name_of_records="own", on=day, synthetic=True, say=lambda _: None)
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    held = load_population(stored.place.slug, UNALLOCATED, "records").tables
    names = engine.to_pandas(held["care_homes"].select("care_home_name"))["care_home_name"].tolist()
    assert names == ["Example Lodge", "Example Court"], "a home of another network in which nobody stayed is not"
    assert len(engine.to_pandas(held["care_events"])) == 3
    person_table = engine.to_pandas(held["person_table"].select("person_id", "ethnicity")).set_index("person_id")
    assert person_table["ethnicity"].dropna().to_dict() == {"p1": "Not stated", "p3": "White: Irish"}


# -- ethnic categories -------------------------------------------------------------------------------------


def test_who_did_not_state_their_category_is_told_from_those_of_whom_it_is_not_known(here):
    written = ["Z", "not stated ", "Refused", "99", "X", "Unknown", None, "White: Irish"]
    rows = [{"person_id": f"{at}", "birth_date": "1960-05-15", "ethnicity": one} for at, one in enumerate(written)]
    relation = told_apart(here.space, here.ready("persons", *rows), here.findings)
    kept = pd.Series({row["person_id"]: row.get("ethnicity") for row in here.dictionaries(relation)}).sort_index()
    assert kept.tolist()[:3] == ["Not stated"] * 3
    assert kept.iloc[3:7].isna().all()
    assert kept.iloc[7] == "White: Irish"
    assert here.found() == {"asked for, and not stated": 3, "a code or words for a category that is not known": 2}
