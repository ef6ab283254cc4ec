"""Structured medication reviews: who is in a priority group, who is left out, who goes first. The day is 1 July 2026.

All patients are in one network, each by a name that says what matters.
"""

import pytest
from review_people import CODEINE, DIAZEPAM, GABAPENTIN, NAPROXEN, REVIEW, SUBSTANCES, issues, network, patient
from vignettes import care_event, issue, plain, stay

from pcn_analysis.contract.years import YEARS
from pcn_analysis.services.catalogue import find_service
from pcn_analysis.services.service_table import GAP, MEASURE, REASON, service_table
from pcn_analysis.services.structured_medication_reviews import NUMBER, incomplete

pytestmark = pytest.mark.unit

SERVICE = "structured_medication_reviews"
HOME, DISABILITY, MANY, HARM, FRAIL, ADDICTIVE = (
    "Care home resident", "Learning disability", "Complex or problematic polypharmacy", "Medicines linked to harm",
    "Severe frailty", "Potentially addictive medicines",
)  # fmt: skip
DONE = "Structured medication review in 12 months"
MARKED = "Reviewed, of the severely frail who are housebound, recently admitted or fallen"
NONE, SEVERAL = (
    "No structured medication review in 12 months",
    "Several priority groups, and no structured medication review in 12 months",
)
DISABLED = {"has_learning_disability": True, "learning_disability_date": "2020-01-01"}
FALLEN, FALLEN_BEFORE = ({"has_fall": True, "fall_date": date} for date in ("2025-07-01", "2025-06-30"))
FAILING = {"has_heart_failure": True, "heart_failure_date": "2020-01-01"}
NINE, TENTH = SUBSTANCES[:9], SUBSTANCES[9]

PATIENTS = [
    patient("on nothing"),
    patient("resident by a flag", care_home=True),
    patient("resident by a stay"),
    patient("left the home"),
    patient("child with a learning disability", age=9, **DISABLED),
    *(patient(name) for name in ("ten medicines", "nine medicines", "nine and one that is no repeat")),
    *(patient(name) for name in ("nine and one of the 84th day", "nine and one of the 85th day")),
    patient("naproxen at 65", age=65),
    patient("naproxen at 64", age=64),
    patient("naproxen at 65, reviewed", age=65),
    patient("codeine, reviewed"),
    patient("naproxen and heart failure at 50", age=50, **FAILING),
    patient("severely frail", efi_category="severe"),
    patient("moderately frail", efi_category="moderate"),
    *(patient(f"{code} {when}") for code in (CODEINE, GABAPENTIN, DIAZEPAM) for when in ("in time", "a day before")),
    patient("codeine on the day"),
    *(patient(f"resident, {what}", care_home=True) for what in ("dying", "dying a day before")),
    *(patient(f"resident, {what} {when}", care_home=True)
      for what in ("declined", "unsuitable") for when in ("in time", "a day before")),
    patient("resident, declined and reviewed", care_home=True),
    patient("resident, offered", care_home=True),
    *(patient(f"resident, reviewed {date}", care_home=True)
      for date in ("2025-06-30", "2025-07-01", "2026-06-30", "2026-07-01")),
    patient("frail and housebound by a flag", efi_category="severe", housebound=True),
    patient("frail and housebound by a record", efi_category="severe", has_housebound=True,
            housebound_date="2020-01-01"),
    patient("frail and admitted", efi_category="severe", nel_12m=1),
    patient("frail and fallen", efi_category="severe", **FALLEN),
    patient("frail and fallen a day before", efi_category="severe", **FALLEN_BEFORE),
    patient("resident, housebound", care_home=True, housebound=True),
    patient("resident on codeine", care_home=True),
    patient("frail resident", care_home=True, efi_category="severe"),
    patient("frail resident, reviewed", care_home=True, efi_category="severe"),
    *(patient(f"resident of {age}", age=age, care_home=True) for age in (17, 18)),
]  # fmt: skip
DYING = {"resident, dying": "2024-07-01", "resident, dying a day before": "2024-06-30"}
PATIENTS = [one | {"palliative_care_date": DYING.get(one["person_id"])} for one in PATIENTS]
MEDICINES = [
    *issues("ten medicines", *SUBSTANCES),
    *issues("nine medicines", *NINE),
    *issues("nine and one that is no repeat", *NINE),
    issue("nine and one that is no repeat", "2026-06-01", bnf=TENTH) | {"repeat": False},
    *issues("nine and one of the 84th day", *NINE),
    *issues("nine and one of the 84th day", TENTH, date="2026-04-08"),
    *issues("nine and one of the 85th day", *NINE),
    *issues("nine and one of the 85th day", TENTH, date="2026-04-07"),
    *(one for name in ("naproxen at 65", "naproxen at 64", "naproxen and heart failure at 50")
      for one in issues(name, NAPROXEN)),
    *issues("naproxen at 65, reviewed", NAPROXEN),
    *issues("codeine, reviewed", CODEINE),
    *(one for code in (CODEINE, GABAPENTIN, DIAZEPAM) for one in issues(f"{code} in time", code, date="2026-04-01")),
    *(one for code in (CODEINE, GABAPENTIN, DIAZEPAM)
      for one in issues(f"{code} a day before", code, date="2026-03-31")),
    *issues("codeine on the day", CODEINE, date="2026-07-01"),
    *issues("resident on codeine", CODEINE),
]  # fmt: skip
EVENTS = [
    *(care_event(f"resident, {what} in time", REVIEW, "2025-07-01", what) for what in ("declined", "unsuitable")),
    *(care_event(f"resident, {what} a day before", REVIEW, "2025-06-30", what) for what in ("declined", "unsuitable")),
    care_event("resident, declined and reviewed", REVIEW, "2026-01-01", "declined"),
    care_event("resident, declined and reviewed", REVIEW, "2026-03-01"),
    care_event("resident, offered", REVIEW, "2026-06-01", "offered"),
    *(care_event(f"resident, reviewed {date}", REVIEW, date)
      for date in ("2025-06-30", "2025-07-01", "2026-06-30", "2026-07-01")),
    *(care_event(f"{who}, reviewed", REVIEW, "2026-01-01") for who in ("frail resident", "naproxen at 65", "codeine")),
]  # fmt: skip
STAYS = [
    stay("resident by a stay", "1-100000001", "2026-01-01"),
    stay("left the home", "1-100000001", "2026-01-01", ended="2026-06-01"),
]


@pytest.fixture(scope="module")
def people():
    return network(*PATIENTS, medications=MEDICINES, events=EVENTS, stays=STAYS)


@pytest.fixture(scope="module")
def now(people):
    return service_table(people, SERVICE, "2026/27")


def of(table, name, values):
    """A value of one patient."""
    return values[table.people["person_id"] == name].iloc[0]


def groups(table, name):
    return [group for group in table.reasons if of(table, name, table.reasons[group])]


def open_gaps(table, name):
    return [gap for gap in table.gaps if of(table, name, table.gaps[gap])]


# -- the six groups ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("on nothing", []),
        ("resident by a flag", [HOME]),
        ("resident by a stay", [HOME]),
        ("left the home", []),
        ("child with a learning disability", [DISABILITY]),
        ("ten medicines", [MANY]),
        ("nine medicines", []),
        ("nine and one that is no repeat", []),
        ("nine and one of the 84th day", [MANY]),
        ("nine and one of the 85th day", []),
        ("naproxen at 65", [HARM]),
        ("naproxen at 64", []),
        ("naproxen and heart failure at 50", [HARM]),
        ("severely frail", [FRAIL]),
        ("moderately frail", []),
        *((f"{code} in time", [ADDICTIVE]) for code in (CODEINE, GABAPENTIN, DIAZEPAM)),
        *((f"{code} a day before", []) for code in (CODEINE, GABAPENTIN, DIAZEPAM)),
        ("codeine on the day", []),
        ("frail resident", [HOME, FRAIL]),
    ],
)
def test_each_patient_is_in_the_groups_that_the_records_show(now, name, expected):
    assert groups(now, name) == expected
    assert of(now, name, now.cohort) == bool(expected)


def test_potentially_addictive_medicines_are_a_reason_from_2021_22(people):
    """The index date stays the same: only the contract year differs."""
    then, later = (service_table(people, SERVICE, year) for year in ("2020/21", "2021/22"))
    name = f"{CODEINE} in time"
    assert (groups(then, name), groups(later, name)) == ([], [ADDICTIVE])
    both = "resident on codeine"
    assert (open_gaps(then, both), open_gaps(later, both)) == ([NONE], [NONE, SEVERAL])


@pytest.mark.parametrize("year", YEARS)
def test_in_the_years_before_nobody_goes_first_for_them(year):
    service = find_service(SERVICE, year)
    known = year not in ("2019/20", "2020/21")
    assert (ADDICTIVE in [one.name for one in service.cohort.first]) == known
    assert (ADDICTIVE in [one.name for _, one in service.cohort.elements()]) == known
    assert "smr_addictive_in_force" in [one.row.clause for one in service.clauses]


# -- who is left out -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "in_cohort"),
    [
        ("resident, dying", False),
        ("resident, dying a day before", True),
        ("resident, declined in time", False),
        ("resident, declined a day before", True),
        ("resident, unsuitable in time", False),
        ("resident, unsuitable a day before", True),
        ("resident, declined and reviewed", True),
        ("resident, offered", True),
    ],
)
def test_end_of_life_care_of_24_months_and_a_refusal_of_12_leave_a_resident_out(now, name, in_cohort):
    assert of(now, name, now.cohort) == in_cohort


def test_an_offer_is_no_review_and_a_review_after_a_refusal_is_one(now):
    assert not of(now, "resident, offered", now.measures[DONE])
    assert of(now, "resident, declined and reviewed", now.measures[DONE])


# -- measures and gaps ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "met"), [("2025-06-30", False), ("2025-07-01", True), ("2026-06-30", True), ("2026-07-01", False)]
)
def test_a_review_counts_for_12_months_and_the_gap_is_the_rest(now, date, met):
    name = f"resident, reviewed {date}"
    assert of(now, name, now.measures[DONE]) == met
    assert open_gaps(now, name) == ([] if met else [NONE])


def test_the_measure_says_nothing_of_people_in_no_group(now):
    assert now.measures[DONE].isna().eq(~now.cohort).all()


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("severely frail", False),
        ("frail and housebound by a flag", True),
        ("frail and housebound by a record", True),
        ("frail and admitted", True),
        ("frail and fallen", True),
        ("frail and fallen a day before", False),
    ],
)
def test_the_severely_frail_who_are_housebound_admitted_or_fallen_are_marked_and_go_before_the_others(
    now, name, marked
):
    assert of(now, name, now.measures[MARKED].notna()) == marked
    assert of(now, name, now.people["priority"]) == (2 if marked else 3)


def test_being_housebound_alone_marks_nobody_who_is_not_severely_frail(now):
    assert not of(now, "resident, housebound", now.measures[MARKED].notna())


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("naproxen at 65", 1),
        ("resident by a flag", 4),
        ("ten medicines", 5),
        ("child with a learning disability", 6),
        (f"{CODEINE} in time", 7),
    ],
)
def test_medicines_linked_to_harm_go_first_and_addictive_ones_last(now, name, place):
    assert of(now, name, now.people["priority"]) == place


def test_who_is_in_two_groups_without_a_review_has_both_gaps_open(now):
    assert open_gaps(now, "resident by a flag") == [NONE]
    assert open_gaps(now, "frail resident") == [NONE, SEVERAL]
    assert open_gaps(now, "frail resident, reviewed") == []


def test_the_gap_is_due_12_months_after_the_last_review():
    gap = find_service(SERVICE, "2026/27").gaps[0]
    assert (gap.due.column, gap.due.months) == ("structured_medication_review_date", 12)


@pytest.mark.parametrize("year", YEARS)
def test_the_fund_measured_four_groups_in_2022_23_alone(year):
    measures = [one for one in find_service(SERVICE, year).measures if one.name.startswith("SMR-01")]
    names = ["SMR-01A", "SMR-01B", "SMR-01C", "SMR-01D"] if year == "2022/23" else []
    assert [one.name[:7] for one in measures] == names
    assert all(one.target and not one.target.value for one in measures), "its thresholds were not found"


@pytest.mark.parametrize(
    ("letter", "reviewed", "not_reviewed", "not_asked"),
    [
        ("A", "naproxen at 65, reviewed", "naproxen at 65", "naproxen at 64"),
        ("B", "frail resident, reviewed", "severely frail", "moderately frail"),
        ("C", "codeine, reviewed", f"{CODEINE} in time", f"{CODEINE} a day before"),
        ("D", "frail resident, reviewed", "resident of 18", "resident of 17"),
    ],
)
def test_the_fund_asked_of_each_of_its_groups_who_was_reviewed(people, letter, reviewed, not_reviewed, not_asked):
    then = service_table(people, SERVICE, "2022/23")
    (name,) = (one for one in then.measures if one.startswith(f"SMR-01{letter}"))
    told = [plain(of(then, who, then.measures[name])) for who in (reviewed, not_reviewed, not_asked)]
    assert told == [True, False, None]


# -- what the records lack -----------------------------------------------------------------------------------


def test_without_medicines_three_groups_are_not_assessed_and_the_others_are():
    table = service_table(network(patient("p", care_home=True), medications=None, stays=[]), SERVICE, "2026/27")
    unknown = [name for name in (HOME, DISABILITY, MANY, HARM, FRAIL, ADDICTIVE)
               if table.status[REASON, name] == "not assessed"]  # fmt: skip
    assert unknown == [MANY, HARM, ADDICTIVE]
    assert table.cohort[0]
    assert table.missing[REASON, MANY] == (NUMBER,)


def test_a_combination_whose_condition_is_not_known_makes_its_group_partly_assessed():
    known = network(patient("p", age=65), medications=issues("p", NAPROXEN), without=("has_asthma", "asthma_date"))
    table = service_table(known, SERVICE, "2026/27")
    assert incomplete(known) == {"hazardous_combination": ["has_asthma"]}
    assert (table.status[REASON, HARM], table.missing[REASON, HARM]) == ("partly assessed", ("has_asthma",))
    assert table.reasons[HARM][0], "the others are found all the same"


def test_where_no_review_was_ever_recorded_nobody_is_said_to_lack_one():
    bare = network(patient("p", care_home=True))
    bare.tables.pop("care_events")
    table = service_table(bare, SERVICE, "2026/27")
    assert table.status[MEASURE, DONE] == table.status[GAP, NONE] == "not assessed"
    assert table.cohort[0]
