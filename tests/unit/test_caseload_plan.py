"""Whom a month's slots go to, for people a clinician would know. The index date is 1 July 2026."""

import re

import pandas as pd
import pytest
from caseload_people import APIXABAN, NAPROXEN, SEEN, many, patient, people_of
from vignettes import contact, issue

from pcn_analysis.anticipatory.caseload import care_gaps, caseload, fairer, find_objective
from pcn_analysis.exceptions import PcnAnalysisError

pytestmark = pytest.mark.unit

ALL = {"GP": 5, "clinical pharmacist": 5, "practice nurse": 5, "physiotherapist": 5, "care coordinator": 5,
       "social prescribing link worker": 5}  # fmt: skip


def only(made):
    """The one person of a caseload."""
    [row] = made.people.to_dict("records")
    return row


# -- three patients ----------------------------------------------------------------------------------------


def test_mrs_a_falls_takes_eleven_medicines_and_naproxen_without_gastroprotection_so_the_pharmacist_sees_her():
    mrs_a = patient("a", efi_category="severe", n_ltc=7, n_medications=11, fall_date="2026-02-03")
    found = only(
        caseload(
            people_of(
                mrs_a,
                medications=[issue("a", SEEN, bnf=NAPROXEN)],
                encounters=[
                    contact("a", "gp_contact", "2026-01-31"),
                    contact("a", "gp_contact", "2026-06-20", attended=False),
                    contact("a", "ed", "2026-06-25"),
                    contact("a", "gp_contact", "2026-07-01"),
                ],
            ),
            capacity={"clinical pharmacist": 1, "practice nurse": 1},
        )
    )
    assert found["open_gaps"] == (
        "A hazardous combination of medicines; Falls and 5 or more medicines; A fall in 12 months; "
        "10 or more medicines, with moderate or severe frailty"
    )
    assert found["reasons"] == "Severe frailty; 6 or more long-term conditions"
    assert (found["professional"], found["month"], found["place"]) == ("clinical pharmacist", 1, 1)
    assert found["need"] == 1 + 2 + 1
    assert found["gaps"] == 3 + 3 + 2 + 2
    assert found["score"] == pytest.approx(4 * (3 * 1 + 3 * 0.75 + 2 * 1 + 2 * 0.75))
    assert found["score"] == pytest.approx(found["need"] * found["gaps"] * found["impact"])
    assert found["last_contact"] == pd.Timestamp("2026-01-31"), "attended, with the practice, before the index date"
    assert found["months_since_contact"] == 5


def test_mr_b_has_atrial_fibrillation_at_78_and_no_anticoagulant_so_the_gp_or_the_pharmacist_sees_him():
    mr_b = patient("b", on_af_register=True)
    gap = "Atrial fibrillation and a risk of stroke, without an anticoagulant in 3 months"
    found = only(caseload(people_of(mr_b), capacity=ALL))
    assert (found["open_gaps"], found["professional"]) == (gap, "GP")
    lately, long_ago = issue("b", "2026-04-01", bnf=APIXABAN), issue("b", "2026-03-31", bnf=APIXABAN)
    assert not len(caseload(people_of(mr_b, medications=[lately]), capacity=ALL).people)
    assert only(caseload(people_of(mr_b, medications=[long_ago]), capacity=ALL))["open_gaps"] == gap


def test_miss_c_is_moderately_frail_and_everything_is_done_so_she_is_not_listed_but_counted():
    made = caseload(people_of(patient("c"), patient("d", on_af_register=True)), capacity=ALL)
    assert list(made.people["person_id"]) == ["d"]
    assert (made.without_gap, len(made.not_reached)) == (1, 0)


# -- single gaps -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gap", "differs", "closed"),
    [
        ("Blood pressure above target", {"on_hyp_register": True, "sbp": 141.0}, {"sbp": 140.0}),
        ("Blood pressure above target", {"on_hyp_register": True, "dbp": 91.0, "age": 85}, {"dbp": 90.0}),
        ("Blood pressure above target", {"on_hyp_register": True, "sbp": 151.0, "age": 80}, {"sbp": 150.0}),
        ("Blood pressure not measured", {"on_hyp_register": True, "sbp_date": "2025-06-30"},
         {"sbp_date": "2025-07-01"}),
        ("HbA1c above 75", {"on_dm_register": True, "hba1c": 76.0}, {"hba1c": 75.0}),
        ("HbA1c not measured", {"on_dm_register": True, "hba1c_date": None}, {"on_dm_register": False}),
        ("Kidney function", {"on_ckd_register": True, "egfr_date": None}, {"egfr_date": SEEN}),
        ("10 or more medicines", {"n_medications": 10}, {"n_medications": 9}),
        ("COPD or asthma", {"on_copd_register": True, "ae_12m": 2}, {"ae_12m": 1, "nel_12m": 1}),
        ("Physical health", {"on_mh_register": True, "bmi_date": None}, {"bmi_date": SEEN}),
        ("Moderate or severe frailty, and no GP contact", {"gp_12m": 0}, {"gp_12m": 1}),
        ("Social vulnerability", {"social_vulnerability_date": SEEN}, {"social_vulnerability_date": "2025-06-30"}),
        ("A fall in 12 months", {"fall_date": SEEN}, {"fall_date": "2025-06-30"}),
        ("Atrial fibrillation", {"on_af_register": True, "age": 70, "on_hyp_register": True},
         {"on_hyp_register": False}),
        ("Atrial fibrillation", {"on_af_register": True, "age": 66, "on_stia_register": True},
         {"on_stia_register": False}),
    ],
)  # fmt: skip
def test_a_gap_is_open_on_one_side_of_its_limit_and_closed_on_the_other(gap, differs, closed):
    made = caseload(people_of(patient("open", **differs), patient("closed", **differs | closed)), capacity=ALL)
    assert list(made.people["person_id"]) == ["open"]
    assert made.people["open_gaps"].iloc[0].startswith(gap)


def test_every_gap_names_its_standard_who_closes_it_what_is_known_and_what_is_not_assessed():
    known = care_gaps()
    for gap in known.gaps:
        assert gap.source
        assert gap.not_assessed
        assert set(gap.closes) <= set(known.professionals)
        assert gap.weight in known.weights
        assert gap.evidence in known.grades
        assert not re.search(r"\d ?%|odds|hazard ratio", gap.source), "no effect size"


# -- what is not known -------------------------------------------------------------------------------------


def test_a_gap_without_its_columns_is_said_to_be_not_assessed_and_opens_for_nobody():
    made = caseload(people_of(*many(1, 2), medications=None, without=("hba1c", "hba1c_date")), capacity=ALL)
    told = made.not_assessed.set_index("name")
    assert told.loc["HbA1c not measured in 12 months, on the diabetes register", "status"] == "not assessed"
    assert told.loc["A hazardous combination of medicines", "missing"] == "issues of medicines with BNF codes"
    assert "oral anticoagulants" in " ".join(told["missing"])
    assert "_" not in " ".join(told["missing"]), "words, and no names of columns"
    assert list(made.people["person_id"]) == ["p001"]
    assert told.loc["No structured medication review in 12 months", "status"] == "not assessed", "no table holds them"


def test_a_register_that_is_null_for_everyone_is_not_taken_for_no():
    made = caseload(people_of(*[one | {"on_ckd_register": None} for one in many(2, 2)]), capacity=ALL)
    gap = "Kidney function (eGFR) not measured in 12 months, on the kidney disease register"
    assert made.not_assessed.set_index("name").loc[gap, "status"] == "not assessed"


def test_a_list_says_whether_there_was_no_contact_or_nothing_is_known_of_any():
    population = people_of(*many(2))
    assert caseload(population, capacity=ALL).to_list()[0]["last_contact"].to_list() == ["none recorded"]
    del population.tables["encounters"]
    made = caseload(population, capacity=ALL)
    assert made.to_list()[0]["last_contact"].to_list() == ["not known"]
    assert (made.not_assessed["what"] == "contact").any()


def test_risks_stand_beside_people_and_never_change_their_order():
    population = people_of(*many(1, 3, 2))
    risks = pd.DataFrame({"person_id": ["p000", "p001"], "risk": [0.9, 0.1]})
    with_risks, without = (caseload(population, capacity=ALL, risks=one) for one in (risks, None))
    assert list(with_risks.people["person_id"]) == list(without.people["person_id"]) == ["p001", "p002", "p000"]
    assert with_risks.people["risk"].fillna(-1).to_list() == [0.1, -1, 0.9]
    assert "risk" not in without.people


# -- slots -------------------------------------------------------------------------------------------------


def test_who_comes_first_has_the_first_month_and_each_month_is_filled_before_the_next():
    made = caseload(people_of(*many(2, 2, 2, 3, 1)), capacity={"practice nurse": 2}, months=2)
    assert made.people["month"].to_list() == [1, 1, 2, 2]
    assert made.slots["used"].to_list() == [2, 2]
    assert made.people["place"].to_list() == [1, 2, 3, 4]
    assert made.not_reached["place"].to_list() == [5]
    assert made.people["person_id"].iloc[0] == "p003"
    assert made.not_reached["person_id"].to_list() == ["p004"]


def test_where_the_best_professional_has_no_slot_left_the_next_sees_the_person():
    capacity = {"clinical pharmacist": 1, "practice nurse": 1}
    made = caseload(people_of(*many(2, 2)), capacity=capacity)
    assert made.people["professional"].to_list() == ["clinical pharmacist", "practice nurse"]


def test_nobody_is_sent_to_a_professional_who_closes_nothing_of_theirs():
    made = caseload(people_of(*many(2, 2)), capacity={"physiotherapist": 9, "practice nurse": 1})
    assert made.people["professional"].to_list() == ["practice nurse"]
    assert len(made.not_reached) == 1
    assert made.said == "Some slots are left, as nobody who waits has a care gap that those professionals close."


@pytest.mark.parametrize(
    ("scores", "capacity", "said"),
    [
        ((2, 2), {"GP": 5}, "There are slots for everyone with an open care gap; some slots are left."),
        ((2, 2), {"GP": 2}, "There are slots for everyone with an open care gap."),
        ((2, 2), {"GP": 1}, "Every slot is used, and people with open care gaps wait."),
        ((0, 0), {"GP": 1}, "Nobody was given a slot: nobody of the cohort has an open care gap"),
        ((2, 2), {"GP": 0, "practice nurse": 5}, "There are slots for everyone with an open care gap"),
    ],
)
def test_more_slots_than_people_and_fewer_are_said(scores, capacity, said):
    assert caseload(people_of(*many(*scores)), capacity=capacity).said.startswith(said)


def test_a_capacity_that_cannot_be_used_is_told_with_everything_that_is_wrong_with_it():
    with pytest.raises(PcnAnalysisError) as told:
        caseload(people_of(patient("a")), capacity={"GP": -1, "nurse": 2, "practice nurse": 1.5}, months=0)
    text = str(told.value)
    for wrong in ("GP are fewer than 0", "no professional nurse", "practice nurse are no whole", "months are no whole"):
        assert wrong in text
    for nothing in ({}, {"GP": 0}):
        with pytest.raises(PcnAnalysisError, match="there is no slot, so nobody can be offered one"):
            caseload(people_of(patient("a")), capacity=nothing)


@pytest.mark.parametrize("wrong", [{"risk": [0.5, 0.5]}, {"risk": [1.5, None], "person_id": ["a", "a"]}])
def test_risks_that_cannot_be_used_are_refused_in_counts(wrong):
    with pytest.raises(PcnAnalysisError, match=r"^risks: ") as told:
        caseload(people_of(patient("a")), capacity=ALL, risks=pd.DataFrame(wrong))
    assert "'a'" not in str(told.value)


def test_a_cohort_with_nobody_in_it_is_no_error():
    made = caseload(people_of(patient("a", age=40)), capacity=ALL)
    assert (len(made.people), len(made.not_reached), made.without_gap) == (0, 0, 0)
    assert made.slots["used"].sum() == 0


# -- a practice that is not known --------------------------------------------------------------------------


ASTRAY = [one | {"person_id": f"a{one['person_id']}", "practice_code": None} for one in many(3, 3)]
"""Two whose gaps count the most, and whose practice is not known."""


def test_nobody_takes_a_slot_whom_no_list_of_a_practice_could_show():
    made = caseload(people_of(*ASTRAY, *many(2, 2, 2)), capacity={"practice nurse": 2})
    assert made.people["person_id"].str.startswith("p").all()
    assert made.slots["used"].sum() == 2
    assert set(made.without_practice["person_id"]) == {"ap000", "ap001"}
    assert made.not_reached["place"].to_list() == [1, 2, 5], "they keep their place in line, and are counted"


def test_with_floors_nobody_without_a_practice_takes_a_slot_either():
    some = [one | {"imd_decile": 1} for one in ASTRAY]
    made = fairer(caseload(people_of(*some, *many(2, 2, 2)), capacity={"practice nurse": 2}))
    assert made.people["person_id"].str.startswith("p").all()
    assert len(made.people) == 2


def test_what_is_said_of_slots_speaks_of_those_of_a_known_practice():
    made = caseload(people_of(*ASTRAY, *many(2)), capacity={"practice nurse": 2})
    assert (
        made.said == "There are slots for everyone with an open care gap whose practice is known; some slots are left."
    )
    assert caseload(people_of(*ASTRAY), capacity={"practice nurse": 2}).said == (
        "Nobody was given a slot: nobody with an open care gap has a known practice, whose list could show them."
    )


def test_lists_count_people_of_no_known_practice_and_hold_nothing_of_them():
    people, reasons = caseload(people_of(*ASTRAY, *many(2)), capacity={"practice nurse": 2}).to_list()
    astray = people[people["practice_code"].isna()]
    assert (len(people), len(astray)) == (3, 2)
    assert astray[["month", "suggested_professional", "open_gaps", "reasons"]].isna().all(axis=None)
    assert not reasons["person_id"].isin(astray["person_id"]).any()


# -- an objective of one's own -----------------------------------------------------------------------------


OWN = """
objective: ours
title: Ours
source: We
impactibility: {strong: 1, moderate: 1, not known: 0}
need:
  - {part: Age, source: we, bands: [{band: 90 or over, when: {number: age, at_least: 90}, points: 1}]}
weights: {A fall in 12 months: 9}
"""


def test_weights_of_ones_own_change_the_order(tmp_path):
    file = tmp_path / "ours.yaml"
    file.write_text(OWN, encoding="utf-8")
    population = people_of(patient("fell", fall_date=SEEN), patient("af", on_af_register=True))
    assert caseload(population, capacity=ALL).people["person_id"].to_list() == ["af", "fell"]
    made = caseload(population, capacity=ALL, objective=str(file))
    assert made.people["person_id"].to_list() == ["fell", "af"]
    assert made.people["score"].to_list() == [9, 3]


def test_everything_that_is_wrong_in_an_objective_is_told_at_once(tmp_path):
    file = tmp_path / "ours.yaml"
    wrong = (
        OWN.replace("strong: 1", "strong: much").replace("A fall in", "A call in").replace("number: age", "number: aje")
    )
    file.write_text(wrong, encoding="utf-8")
    with pytest.raises(PcnAnalysisError) as told:
        find_objective(str(file))
    for one in ("strong: a number is 0 or more", "there is no gap A call in", "no column aje"):
        assert one in str(told.value)
    with pytest.raises(PcnAnalysisError, match="Did you mean default"):
        find_objective("defualt")
