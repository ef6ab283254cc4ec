"""Lists of a cohort: who is in it, which priority they meet first, why; and what a list needs before it is made."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from vignettes import condition, frame, person

from pcn_analysis.engine import write_stage
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.person_table import stages
from pcn_analysis.place import place_of_records
from pcn_analysis.population import store_population
from pcn_analysis.prepared import save_place
from pcn_analysis.provenance import Provenance, Source
from pcn_analysis.release.list_kinds import NOTE
from pcn_analysis.reports.caseload_lists import plan_of, write_caseload_lists
from pcn_analysis.reports.cohort_lists import write_cohort_lists

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.settings import Settings

pytestmark = pytest.mark.unit

DAY = dt.date(2026, 3, 31)
RECORDS = Provenance((Source("Person facts", "An ICB", "31 March 2026", "agreement", "By agreement."),), people=True)
PLACE, POISON = "Harbour Study", "POISON-NHS-9434765919"
COHORT = """\
cohort: gouty
title: Gout at home
whom: People with gout
source: The test
assumptions: [Who is well is well.]
steps:
  - step: Gout
    elements: [{element: Gout, when: {recorded: gout}}]
  - step: No end-of-life care
    when: {not: {recorded: palliative_care}}
first:
  - {element: Epilepsy as well, when: {recorded: epilepsy}, source: Our choice}
  - {element: Severe frailty, when: {word: efi_category, one_of: [severe]}, source: Our choice}
"""


@pytest.fixture
def study(project: Settings) -> Settings:
    """A project with four patients of whom frailty is not known, and a cohort that does not rest on it."""
    return studied(project, "gout", "epilepsy")


def studied(project: Settings, *covered: str) -> Settings:
    """The project with people of whom these conditions are coded."""
    place = place_of_records(PLACE, index_date=DAY, provenance=RECORDS)
    save_place(place, project.processed)
    persons = [person(f"{POISON}-{who}", practice_code="A00077") for who in ("well", "one", "two")]
    persons.append(person(f"{POISON}-astray", practice_code=None))
    conditions = [
        condition(f"{POISON}-one", "gout", "2012-03-01"),
        condition(f"{POISON}-two", "gout", "2020-01-31"),
        condition(f"{POISON}-two", "epilepsy", "2025-03-01"),
        condition(f"{POISON}-two", "fall", "2025-12-01"),
        condition(f"{POISON}-astray", "gout", "2020-01-01"),
    ]
    rows = {"persons": persons, "conditions": [one for one in conditions if one["condition"] in covered]}

    def write(folder: Path) -> None:
        for name, own in rows.items():
            write_stage(frame(name, own), folder / f"{name}.parquet")

    stored = {"provenance": RECORDS, "extract_date": DAY, "index_date": DAY, "made_from": "these"}
    store_population(project.processed, place, "records", "U", write=write, stages=stages, covered=covered, **stored)
    (project.root / "ours.yaml").write_text(COHORT, encoding="utf-8")
    return project


def folder_of(project: Settings, *parts: str) -> Path:
    return project.restricted.joinpath("lists", "records-harbour-study", *parts, "U")


def test_a_list_of_a_cohort_says_who_goes_first_and_why(study: Settings) -> None:
    made = write_cohort_lists(study, PLACE, [], cohort=str(study.root / "ours.yaml"))
    assert (made.failed, made.files, made.without_practice) == ({}, 1, 1)
    [path] = folder_of(study, "cohorts", "gouty").glob("*.csv")
    assert path.name == "cohort_gouty_A00077_2026-03-31.csv"
    assert path.read_text(encoding="utf-8").replace(f"{POISON}-", "") == (
        "synthetic,person_id,first,reasons,note\n"
        f"False,two,Epilepsy as well,Gout (2020-01-31),{NOTE}\n"
        f"False,one,,Gout (2012-03-01),{NOTE}\n"
    )


def test_the_readme_says_whose_cohort_it_is_and_what_was_not_assessed(study: Settings) -> None:
    write_cohort_lists(study, PLACE, [], cohort=str(study.root / "ours.yaml"))
    text = (folder_of(study, "cohorts", "gouty") / "README.txt").read_text(encoding="utf-8")
    for said in (
        "\nCohort: Gout at home (gouty). Source: The test\n",
        "\n- Who is well is well.\n",
        "\nPriorities, the first first:\n- Epilepsy as well\n- Severe frailty\n",
        "\n- No end-of-life care (not assessed; missing: end-of-life care)\n",
        "\n- Severe frailty (not assessed; missing: frailty)\n",
        "1 person has no known practice and is on no list.",
    ):
        assert said in text
    assert POISON not in text


def test_a_cohort_that_rests_on_frailty_is_absent_where_nothing_is_known_of_it_and_others_are_not(
    study: Settings,
) -> None:
    with pytest.raises(PcnAnalysisError) as caught:
        write_cohort_lists(study, PLACE, [], cohort="proactive_care")
    assert "no list of proactive care: the patient records bring no codelists for frailty" in str(caught.value)
    plan = plan_of({"GP": 1}, cohort="proactive_care", objective="default")
    with pytest.raises(PcnAnalysisError, match="no caseload: the patient records bring no codelists for frailty"):
        write_caseload_lists(study, PLACE, [], plan=plan)
    assert not (study.restricted / "lists").exists()


def test_what_a_cohort_rests_on_and_records_lack_is_told_of_the_network(study: Settings) -> None:
    for write in (
        lambda: write_cohort_lists(study, PLACE, [], cohort="high_intensity_use"),
        lambda: write_caseload_lists(
            study, PLACE, [], plan=plan_of({"GP": 1}, cohort="high_intensity_use", objective="default")
        ),
    ):
        with pytest.raises(PcnAnalysisError) as caught:
            write()
        assert "5 or more A&E attendances in the last 12 months could not be assessed, and “" in str(caught.value)
        assert "Bring records or codelists for it, or choose another cohort." in str(caught.value)
        assert POISON not in str(caught.value)
    assert not (study.restricted / "lists").exists()
    assert not (study.restricted / "failed").exists()


def test_a_caseload_says_in_its_readme_what_ranks_it_and_what_the_records_lack(project: Settings) -> None:
    study = studied(project, "gout", "fall")
    plan = plan_of({"GP": 3, "practice nurse": 1}, cohort=str(study.root / "ours.yaml"), objective="default", fair=True)
    made = write_caseload_lists(study, PLACE, [], plan=plan)
    assert (made.failed, made.files) == ({}, 1)
    folder = folder_of(study, "caseload", "gouty_by_default")
    text = (folder / "README.txt").read_text(encoding="utf-8")
    for said in (
        "PRISMATIC",
        "\nCohort: Gout at home (gouty). Source: The test\n",
        "\nObjective: Need, open care gaps, and the evidence that closing them helps (default). Source: Our choice",
        "Slots of the network a month: GP 3 and practice nurse 1. Months: 1. ",
        "gives out the same slots again",
        "at least four fifths of its share of the slots",
        "\n- A fall in 12 months: 2 (strong)\n",
        "Evidence counts: strong 1; moderate 0.75; not known 0.5.",
        "Severe frailty 2; Moderate frailty 1; 6 or more long-term conditions 1",
        "care gap: HbA1c above 75 mmol/mol, on the diabetes register; ",
    ):
        assert said in text, said
    assert POISON not in text
