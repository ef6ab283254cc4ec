"""Who would be offered proactive care, counted among a few people. The index date is 1 July 2026."""

from dataclasses import replace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from vignettes import person, person_rows, population_of, reading

from pcn_analysis import engine, readings, tables
from pcn_analysis.anticipatory import reach
from pcn_analysis.anticipatory.cohorts import find_cohort
from pcn_analysis.anticipatory.eligibility import PROACTIVE_CARE, eligible
from pcn_analysis.exceptions import DisclosureError, PcnAnalysisError
from pcn_analysis.person_table import stages
from pcn_analysis.plots import alt_text, charts
from pcn_analysis.release import release

mpl.use("Agg")

pytestmark = pytest.mark.unit

ALL = frozenset(tables.CONDITION_NAMES)
FRAIL = {"age": 80, "sex": "female", "efi_category": "moderate", "care_home": False,
         "palliative_care_date": None, "imd_decile": 1, "practice_code": "A00001"}  # fmt: skip
END_OF_LIFE = "No end-of-life care recorded in the last 24 months"
DECLINED = "Has not declined the offer"


def patient(who, **differs):
    return {"person_id": who, **FRAIL, **differs}


PATIENTS = [
    # would be offered care
    patient("w1", age=65, palliative_care_date="2024-06-30"),  # over 24 months ago
    patient("w2", age=90, practice_code="A00002", imd_decile=10, care_home=None),
    patient("m1", age=75, sex="male", efi_category="severe", practice_code="A00002", imd_decile=5),
    # would not
    patient("w3", age=64),
    patient("w4", age=66, efi_category="fit"),
    patient("w5", efi_category="mild", imd_decile=None),
    patient("m2", sex="male", care_home=True),
    patient("m3", sex="male", efi_category="severe", palliative_care_date="2024-07-01"),
    patient("m4", sex="male", age=50, efi_category=None, practice_code="A00002"),
]
REASONS = [
    ("w1", "Falls"), ("w1", "Anaemia"), ("w2", "Falls"), ("w2", "Dementia"), ("m1", "Falls"), ("m1", "Anaemia"),
    ("m2", "Dementia"), ("m3", "Dementia"), ("w3", "Tremor"),
]  # fmt: skip
"""Who has which deficit; m2, m3 and w3 would not be offered care."""


def counted(patients, reasons=(), second="Anchor Practice"):
    """People with this person table and these reasons of frailty, at two practices."""
    population = population_of([person("somebody")], conditions=[], medications=[], measurements=[])
    practices = population.place.tables["practices"]
    other = practices.frame.assign(practice_code="A00002", practice_name=second)
    both = replace(practices, frame=pd.concat([practices.frame, other], ignore_index=True))
    found = pd.DataFrame(list(reasons), columns=["person_id", "element"], dtype="str")
    stages = {"person_table": person_rows(*patients), "frailty_reasons": engine.lazy(found)}
    place = replace(population.place, tables=population.place.tables | {"practices": both})
    return replace(population, place=place, tables=population.tables | stages)


@pytest.fixture
def nine():
    """Nine people, of whom three would be offered care."""
    return counted(PATIENTS, REASONS)


def rows(table, *columns):
    return list(table.frame[[*columns]].itertuples(index=False, name=None))


# -- step by step ------------------------------------------------------------------------------------------


def test_each_step_leaves_so_many_of_those_who_came_to_it(nine):
    assert rows(reach.attrition(nine), "step", "patients", "before", "not_known", "status") == [
        ("Registered and alive", 9, 9, 0, "assessed"),
        ("Aged 65 or over", 7, 9, 0, "assessed"),
        ("Moderate or severe frailty", 5, 7, 0, "assessed"),
        ("Lives at home", 4, 5, 1, "assessed"),
        (END_OF_LIFE, 3, 4, 0, "assessed"),
        (DECLINED, 3, pd.NA, pd.NA, "not assessed"),
    ]


def test_the_share_of_a_step_is_of_the_step_before(nine):
    share = reach.attrition(nine).frame["share"]
    assert share[:-1].to_list() == pytest.approx([1, 7 / 9, 5 / 7, 4 / 5, 3 / 4])
    assert pd.isna(share.iloc[-1]), "of a step that was not assessed there is no share, not all of them"


def test_every_step_says_who_asks_for_it(nine):
    assert reach.attrition(nine).frame["source"].to_list() == [
        step.source for step in find_cohort(PROACTIVE_CARE).steps
    ]


def test_a_step_that_cannot_be_assessed_takes_nobody_out_and_says_so():
    without = counted([{name: value for name, value in row.items() if name != "care_home"} for row in PATIENTS])
    assert rows(reach.attrition(without), "step", "patients", "not_known", "status")[-3:-1] == [
        ("Lives at home", 5, pd.NA, "not assessed"),
        (END_OF_LIFE, 4, 0, "assessed"),
    ]


def test_where_nobody_is_known_to_live_in_a_care_home_or_not_that_step_is_not_assessed():
    """Its number is of people whom no step took out, not of people known to live at home."""
    unknown = counted([row | {"care_home": None} for row in PATIENTS])
    assert rows(reach.attrition(unknown), "step", "patients", "not_known", "status")[-3:-1] == [
        ("Lives at home", 5, pd.NA, "not assessed"),
        (END_OF_LIFE, 4, 0, "assessed"),
    ]


def test_without_a_codelist_for_end_of_life_care_that_step_is_not_assessed():
    without = [{name: value for name, value in row.items() if name != "palliative_care_date"} for row in PATIENTS]
    last = reach.attrition(counted(without)).frame.iloc[-2]
    assert (last["step"], last["patients"], last["status"]) == (END_OF_LIFE, 4, "not assessed")


def test_records_that_show_few_deficits_find_frailty_in_part_only():
    """One condition of the index has a codelist; who would be offered care is more than could be counted."""
    some = population_of([person("p1", born="1940-01-01")], covered={"hypertension"}, conditions=[])
    some = replace(some, tables=some.tables | stages(some))
    found = dict(rows(reach.attrition(some), "step", "status"))
    assert found["Moderate or severe frailty"] == "partly assessed"
    assert found["Aged 65 or over"] == "assessed"
    assert found[END_OF_LIFE] == "not assessed"
    assert len(reach.deficits_not_assessed(some).frame) == 35


# -- who they are ------------------------------------------------------------------------------------------


def test_by_severity_those_who_go_first_are_on_top(nine):
    assert rows(reach.eligible_by_severity(nine), "frailty", "patients") == [("severe", 1), ("moderate", 2)]


def test_by_practice_in_order_of_names_among_people_of_65_and_over(nine):
    assert rows(
        reach.eligible_by_practice(nine), "practice_name", "patients", "registered"
    ) == [
        ("Anchor Practice", 2, 2),
        ("Quayside Surgery", 1, 5),
    ]  # fmt: skip
    assert "practice_code" not in reach.eligible_by_practice(nine).frame


def test_people_of_no_known_practice_come_last():
    """One at none and one at a practice that the place does not have."""
    some = counted([*PATIENTS, patient("n1", practice_code=None), patient("n2", practice_code="A00099")])
    assert rows(reach.eligible_by_practice(some), "practice_name", "patients", "registered") == [
        ("Anchor Practice", 2, 2),
        ("Quayside Surgery", 1, 5),
        ("not known", 2, 2),
    ]


NAMESAKES = [
    patient("a1"),
    patient("a2", efi_category="fit"),
    patient("b1", practice_code="A00002", efi_category="fit"),
]


@pytest.mark.parametrize("frail", [(), ("b1",)], ids=["care at one of them", "care at both"])
def test_practices_that_share_a_name_are_told_apart_by_their_codes(frail):
    """Also where nobody of one of them would be offered care."""
    people = [row | ({"efi_category": "severe"} if row["person_id"] in frail else {}) for row in NAMESAKES]
    assert rows(
        reach.eligible_by_practice(counted(people, second="Quayside Surgery")),
        "practice_name", "patients", "registered",
    ) == [
        ("Quayside Surgery (A00001)", 1, 2),
        ("Quayside Surgery (A00002)", len(frail), 1),
    ]  # fmt: skip


def test_by_age_and_sex_every_group_is_there(nine):
    assert rows(reach.eligible_by_age(nine), "sex", "age_group", "patients", "registered") == [
        ("female", "65-74", 1, 2),
        ("female", "75-84", 0, 1),
        ("female", "85+", 1, 1),
        ("male", "65-74", 0, 0),
        ("male", "75-84", 1, 3),
        ("male", "85+", 0, 0),
    ]


@pytest.mark.parametrize("sex", ["indeterminate", "unknown", None])
def test_a_third_group_of_sex_is_there_when_people_are_in_it(sex):
    some = counted([*PATIENTS, patient("x1", sex=sex)])
    frame = reach.eligible_by_age(some).frame
    assert list(dict.fromkeys(frame["sex"])) == ["female", "male", "indeterminate or not known"]
    assert rows(reach.eligible_by_age(some), "sex", "age_group", "patients", "registered")[6:] == [
        ("indeterminate or not known", "75-84", 1, 1),
    ]


def test_by_deprivation_every_fifth_is_there_and_no_share_of_nobody(nine):
    table = reach.eligible_by_deprivation(nine)
    assert rows(table, "deprivation_fifth", "patients", "registered") == [
        ("most deprived", 1, 4),
        ("second", 0, 0),
        ("third", 1, 1),
        ("fourth", 0, 0),
        ("least deprived", 1, 1),
        ("not known", 0, 1),
    ]
    assert table.frame["share"].to_list() == [0.25, pd.NA, 1, pd.NA, 1, 0]


def test_reasons_are_those_of_people_who_would_be_offered_care_in_order_of_names_until_released(nine):
    assert rows(reach.reasons_for_frailty(nine), "element", "patients", "eligible") == [
        ("Anaemia", 2, 3),
        ("Dementia", 1, 3),
        ("Falls", 3, 3),
    ]


@pytest.mark.parametrize(
    ("covered", "records", "missing"),
    [
        (ALL, ("measurements", "medications"), []),
        (ALL - {"fall"}, ("medications",), ["Falls"]),
        (ALL - {"fall"}, ("measurements", "medications"), []),
        (ALL, ("measurements",), ["Polypharmacy"]),
    ],
)
def test_deficits_that_records_could_never_show_are_named(covered, records, missing):
    read = {"measurements": [reading("p1", "falls_12m", "2026-01-01", 1, unit=None)], "medications": []}
    some = population_of([person("p1")], covered=covered, conditions=[], **{name: read[name] for name in records})
    table = reach.deficits_not_assessed(some)
    assert table.frame["deficit"].to_list() == missing
    assert len(release(table)) == len(missing)


GROUPED = (
    reach.eligible_by_severity,
    reach.eligible_by_priority,
    reach.eligible_by_practice,
    reach.eligible_by_age,
    reach.eligible_by_deprivation,
)
EVERY_GROUP = pytest.mark.parametrize("count", GROUPED, ids=lambda count: count.__name__)


@EVERY_GROUP
def test_groups_sum_to_the_last_step(nine, count):
    assert count(nine).frame["patients"].sum() == reach.attrition(nine).frame["patients"].iloc[-1] == 3


UNKNOWN = [
    patient("u1", sex=None),
    patient("u2", sex="indeterminate", practice_code=None),
    patient("u3", sex="unknown", imd_decile=None, practice_code="A00099"),
    patient("u4", imd_decile=None, efi_category="fit", practice_code=None),
    patient("u5", care_home=None, imd_decile=None),
]
"""Four who would be offered care and one who would not, of whom something is not known."""


@EVERY_GROUP
@pytest.mark.parametrize("people", [[*PATIENTS, *UNKNOWN], UNKNOWN], ids=["some known", "all unknown"])
def test_groups_sum_to_the_last_step_with_people_of_whom_something_is_not_known(count, people):
    some = counted(people)
    steps, frame = reach.attrition(some).frame["patients"], count(some).frame
    assert frame["patients"].sum() == steps.iloc[-1] == 4 + 3 * (len(people) > 5)
    if "registered" in frame:
        assert frame["registered"].sum() == steps.iloc[1] == 5 + 7 * (len(people) > 5)
        assert (frame["patients"] <= frame["registered"]).all()


@EVERY_GROUP
def test_groups_by_what_is_known_of_nobody_have_no_rows_and_others_sum_to_the_last_step(count):
    unknown = [row | {"imd_decile": None, "practice_code": None, "sex": None} for row in PATIENTS]
    absent = [
        {name: value for name, value in row.items() if name not in ("imd_decile", "practice_code")} for row in PATIENTS
    ]
    nothing_to_tell = count in (reach.eligible_by_practice, reach.eligible_by_deprivation)
    for people in (unknown, absent):
        frame = count(counted(people)).frame
        assert frame.empty if nothing_to_tell else frame["patients"].sum() == 3


@EVERY_GROUP
def test_groups_of_synthetic_people_sum_to_the_last_step(old_priory, count):
    last = reach.attrition(old_priory).frame["patients"].iloc[-1]
    frame = count(old_priory).frame
    assert frame["patients"].sum() == last > 300
    if "registered" in frame:
        assert frame["registered"].sum() == reach.attrition(old_priory).frame["patients"].iloc[1]
        assert (frame["patients"] <= frame["registered"]).all()


def test_those_counted_are_those_who_would_be_listed(old_priory):
    listed = eligible(old_priory.tables["person_table"], PROACTIVE_CARE, on=old_priory.index_date)
    frame = engine.to_pandas(listed.select("efi_category", "care_home", "age", "palliative_care_date"))
    assert len(frame) == reach.attrition(old_priory).frame["patients"].iloc[-1]
    assert frame["age"].min() == 65
    assert set(frame["efi_category"]) == {"moderate", "severe"}
    assert not frame["care_home"].any()
    assert not (frame["palliative_care_date"] >= pd.Timestamp("2024-07-01")).any()


def test_synthetic_people_who_would_be_offered_care_have_nine_deficits_or_more(old_priory):
    table = reach.reasons_for_frailty(old_priory)
    frame, eligible_people = table.frame, table.frame["eligible"].iloc[0]
    assert frame["element"].is_monotonic_increasing
    assert release(table).frame["patients"].fillna(0).is_monotonic_decreasing
    assert frame["patients"].sum() >= 9 * eligible_people
    assert (frame["patients"] <= eligible_people).all()


# -- any cohort --------------------------------------------------------------------------------------------

USERS = [
    {"person_id": who, "age": age, "sex": "male", "ae_12m": times, "care_home": home, "practice_code": "A00001",
     "imd_decile": 1, "efi_category": None, "palliative_care_date": None}
    for who, age, times, home in (("u1", 18, 5, False), ("u2", 40, 21, None), ("u3", 85, 12, False),
                                  ("u4", 17, 9, False), ("u5", 30, 4, False), ("u6", 80, 6, True))
]  # fmt: skip
"""Three in high intensity use; one too young, one who seldom attends, one in a care home."""


@pytest.fixture
def six():
    return counted(USERS)


def test_a_cohort_is_counted_among_people_of_its_own_age(six):
    found = rows(reach.eligible_by_age(six, "high_intensity_use"), "sex", "age_group", "patients", "registered")
    assert found == [("female", group, 0, 0) for group in ("18-19", "20-39", "40-64", "65-74", "75-84", "85+")] + [
        ("male", "18-19", 1, 1),
        ("male", "20-39", 0, 1),
        ("male", "40-64", 1, 1),
        ("male", "65-74", 0, 0),
        ("male", "75-84", 0, 1),
        ("male", "85+", 1, 1),
    ]
    assert rows(reach.eligible_by_practice(six, "high_intensity_use"), "patients", "registered") == [(3, 5)]


def test_by_priority_everyone_is_counted_once_and_those_who_go_first_are_on_top(six):
    assert rows(reach.eligible_by_priority(six, "high_intensity_use"), "first", "patients") == [
        ("More than 20 A&E attendances in the last 12 months", 1),
        ("10 or more A&E attendances in the last 12 months", 1),
        ("Everyone else", 1),
    ]


def test_other_pathways_are_offered_to_those_whom_a_step_takes_out(six):
    assert rows(reach.other_pathways(six, "high_intensity_use"), "goes_to", "patients", "before", "status") == [
        ("Enhanced Health in Care Homes", 1, 4, "assessed"),
        ("End-of-life care", 0, 3, "assessed"),
    ]


def test_a_pathway_of_a_step_that_cannot_be_assessed_has_no_number():
    unknown = counted([row | {"care_home": None} for row in USERS])
    assert rows(reach.other_pathways(unknown, "high_intensity_use"), "patients", "status")[0] == (pd.NA, "not assessed")


def test_a_reason_that_cannot_be_assessed_has_no_number():
    """Frailty is known of nobody: who has two conditions and was admitted is in for those."""
    ill = {"age": 50, "sex": "male", "n_ltc": 2, "nel_12m": 1, "ae_12m": 0, "fall_date": None, "efi_category": None}
    some = counted([{"person_id": f"i{number}"} | ill for number in range(3)])
    assert rows(reach.reasons_met(some, "rising_risk"), "element", "patients", "eligible") == [
        ("A fall recorded in the last 12 months", 0, 3),
        ("Emergency admission in the last 12 months", 3, 3),
        ("Mild or moderate frailty", pd.NA, 3),
        ("Two or more A&E attendances in the last 12 months", 0, 3),
        ("Two or more long-term conditions", 3, 3),
    ]


def test_severity_of_frailty_is_a_reason_for_proactive_care(nine):
    assert rows(reach.reasons_met(nine), "element", "patients", "eligible") == [
        ("Moderate frailty", 2, 3),
        ("Severe frailty", 1, 3),
    ]


@pytest.mark.parametrize("cohort", ["rising_risk", "high_intensity_use", "end_of_life", "housebound"])
def test_every_cohort_is_counted_on_synthetic_people_and_released(old_priory, cohort):
    last = reach.attrition(old_priory, cohort).frame["patients"].iloc[-1]
    assert last > 0
    for count in (reach.eligible_by_priority, reach.eligible_by_age, reach.eligible_by_deprivation):
        assert count(old_priory, cohort).frame["patients"].sum() == last
    for count in COUNTS:
        assert release(count(old_priory, cohort)).profile == "hes"


def test_nobody_of_the_synthetic_people_is_known_to_be_a_carer(old_priory):
    with pytest.raises(PcnAnalysisError, match="unpaid carer could not be assessed, and “Carers” rests on it"):
        reach.eligible_by_priority(old_priory, "carers")
    assert "not assessed" in reach.attrition(old_priory, "carers").frame["status"].to_list()


# -- release -----------------------------------------------------------------------------------------------

COUNTS = (reach.attrition, reach.other_pathways, *GROUPED, reach.reasons_met, reach.reasons_for_frailty)


@pytest.mark.parametrize("count", COUNTS, ids=lambda count: count.__name__)
def test_every_table_can_be_released_and_names_nobody(nine, count):
    shown = release(count(nine))
    assert shown.profile == "hes"
    assert shown.provenance.people
    assert not {row["person_id"] for row in PATIENTS} & set(shown.frame.select_dtypes("str").to_numpy().ravel())
    assert set(shown.frame["patients"].fillna(0)) <= {0, 10}, "nine people are about 10, and fewer are not shown"


@pytest.mark.parametrize("count", COUNTS, ids=lambda count: count.__name__)
def test_where_nobody_would_be_offered_care_that_is_counted_and_released(count):
    nobody = counted([patient("w4", efi_category="fit")], [("w4", "Falls")])
    shown = release(count(nobody)).frame
    if count is reach.attrition:
        assert shown["patients"].to_list() == [pd.NA, pd.NA, 0, 0, 0, 0]
    else:
        assert shown["patients"].fillna(0).sum() == 0
        assert len(shown) == len(count(nobody).frame)


def test_the_people_themselves_cannot_be_released(nine):
    listed = eligible(nine.tables["person_table"], PROACTIVE_CARE, on=nine.index_date)
    for frame in (engine.to_pandas(listed), engine.to_pandas(nine.tables["frailty_reasons"])):
        with pytest.raises(DisclosureError, match="never leaves through release"):
            release(nine.sourced(frame))


def test_without_the_key_people_in_rows_are_refused_for_their_numbers(nine):
    listed = engine.to_pandas(nine.tables["person_table"]).drop(columns="person_id")
    with pytest.raises(DisclosureError, match="no declared kind"):
        release(nine.sourced(listed))


def falling(counts):
    """Thirty people with moderate frailty, all of whom fell; the first so many have each other deficit."""
    names = [f"p{number:02}" for number in range(30)]
    reasons = [(who, "Falls") for who in names]
    reasons += [(who, element) for element, number in counts.items() for who in names[:number]]
    return counted([patient(who) for who in names], reasons)


ELEMENTS = ("Anaemia", "Arthritis", "Asthma", "Dementia", "Foot problems", "Tremor", "Weight loss")
ORDERS = [(1, 2, 3, 4, 5, 6, 7), (7, 6, 5, 4, 3, 2, 1), (4, 1, 7, 2, 6, 3, 5), (1, 1, 7, 7, 1, 7, 1)]


@pytest.mark.parametrize("order", ORDERS[1:], ids=str)
def test_the_order_of_released_reasons_says_nothing_of_counts_that_are_not_shown(order):
    """Which of 1 to 7 people has which deficit changes nothing that is released."""
    first, second = (
        release(reach.reasons_for_frailty(falling(dict(zip(ELEMENTS, one, strict=True))))).frame
        for one in (ORDERS[0], order)
    )
    pd.testing.assert_frame_equal(first, second)
    assert first["element"].to_list() == ["Falls", *ELEMENTS]
    assert first["patients"].to_list() == [30, *[pd.NA] * 7]


def test_released_reasons_have_the_commonest_first_and_equal_ones_in_order_of_names():
    """11 and 12 people are both shown as 10, and 13 as 15; what is not shown comes last."""
    some = falling({"Anaemia": 11, "Asthma": 5, "Dementia": 12, "Tremor": 13})
    assert rows(release(reach.reasons_for_frailty(some)), "element", "patients") == [
        ("Falls", 30), ("Tremor", 15), ("Anaemia", 10), ("Dementia", 10), ("Asthma", pd.NA),
    ]  # fmt: skip


@pytest.fixture
def fifty():
    """Fifty people of 80 at two practices: 30 and 4 with moderate frailty, 3 with severe, 13 fit."""
    moderate = [patient(f"m{number}", practice_code="A00001" if number < 30 else "A00002") for number in range(34)]
    severe = [patient(f"s{number}", efi_category="severe") for number in range(3)]
    fit = [patient(f"f{number}", efi_category="fit", practice_code="A00002") for number in range(13)]
    reasons = [(row["person_id"], "Falls") for row in moderate] + [(row["person_id"], "Tremor") for row in severe]
    return counted([*moderate, *severe, *fit], reasons)


HIDDEN = {"", "not shown", "not shown  (not shown of the step above)", "not shown  (not assessed)"}
"""What may stand beside a bar that is not drawn."""


def labels(ax):
    return [text.get_text() for text in ax.texts]


def test_few_people_are_not_shown_in_any_form(fifty):
    """3 people with severe frailty are not shown: not in the bar, its key, the description or the sentence."""
    severity = release(reach.eligible_by_severity(fifty))
    assert severity.frame["patients"].to_list() == [pd.NA, 35]
    ax = charts.capacity(severity, 10)
    assert [bar.get_width() for bar in ax.patches] == [0, 3.5]
    key = [text.get_text() for text in ax.get_legend().get_texts()]
    assert key == ["Severe frailty: not shown", "Moderate frailty: 35 people"]
    assert "severe frailty not shown; moderate frailty 35 people, 4 months." in alt_text.capacity(severity, 10)
    assert readings.proactive_care(release(reach.attrition(fifty)), severity, 10) == (
        "35 people registered with Harbour PCN would be offered proactive care on 1 July 2026; how many have severe "
        "frailty is not shown. At 10 assessments a month, all of them take 4 months, if each is assessed once, all "
        "accept and nobody becomes frail meanwhile. Not assessed, so that nobody is left out for it: has not declined "
        "the offer."
    )
    plt.close("all")


def test_a_practice_with_few_people_has_no_dot_and_is_no_extreme(fifty):
    practices = release(reach.eligible_by_practice(fifty))
    assert practices.frame["patients"].to_list() == [pd.NA, 35]
    ax = charts.eligible_by_practice(practices)
    dots = dict(zip([label.get_text() for label in ax.get_yticklabels()], ax.lines[0].get_xdata(), strict=True))
    assert dots["Quayside Surgery"] == 1
    assert np.isnan(dots["Anchor Practice"])
    assert labels(ax) == ["not shown"]
    assert "highest Quayside Surgery (100.0%), lowest Quayside Surgery (100.0%)." in (
        alt_text.eligible_by_practice(practices)
    )
    assert readings.reach_by_practice(practices) == "Too few people are shown to compare practices."
    plt.close("all")


def test_a_reason_of_few_people_is_not_shown(fifty):
    reasons = release(reach.reasons_for_frailty(fifty))
    assert rows(reasons, "element", "patients") == [("Falls", 35), ("Tremor", pd.NA)]
    few, many = labels(charts.reasons(reasons))
    assert few in HIDDEN
    assert many == "100.0%"
    assert "Falls 100.0%; Tremor not shown." in alt_text.reasons(reasons)
    sentence = readings.commonest_reasons(reasons, release(reach.deficits_not_assessed(fifty)))
    assert sentence.startswith(
        "The commonest deficits of those who would be offered care are falls (100.0%) and tremor (not shown). "
    )
    plt.close("all")


def test_a_step_that_leaves_few_is_not_shown():
    few = counted([patient(f"m{number}", care_home=number > 4) for number in range(20)])
    steps = release(reach.attrition(few))
    assert steps.frame["patients"].to_list() == [20, 20, 20, pd.NA, pd.NA, pd.NA]
    ax = charts.attrition(steps)
    assert labels(ax)[3:] == ["20  (100.0% of the step above)", "20  (100.0% of the step above)", "20"]
    assert set(labels(ax)[:3]) <= HIDDEN
    assert f"Lives at home not shown; {END_OF_LIFE} not shown; {DECLINED} not shown." in alt_text.attrition(steps)
    plt.close("all")
