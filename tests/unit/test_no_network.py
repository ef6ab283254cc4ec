"""People whose practice is not known or in no network: a group of their own, with the reports on people alone."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import handmade
import pandas as pd
import pytest
from vignettes import SOURCE, condition, frame, person, tiny_place

from pcn_analysis import engine
from pcn_analysis.display.header import header_html, people_banner
from pcn_analysis.display.method import method_html
from pcn_analysis.engine import write_stage
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.person_table import stages
from pcn_analysis.place import Place, network_of, place_of_records
from pcn_analysis.population import Population, load_population, population_folder, store_population
from pcn_analysis.prepared import load_network, load_place, prepared_facts, save_place
from pcn_analysis.provenance import Provenance, Source
from pcn_analysis.release.list_kinds import NOTE
from pcn_analysis.reports.care_lists import write_care_lists
from pcn_analysis.reports.planning import choose_places, networks_of, plan
from pcn_analysis.reports.site import write_index
from pcn_analysis.reports.working import working_copy

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.settings import Settings

pytestmark = pytest.mark.unit

DAY = dt.date(2026, 3, 31)
RECORDS = Provenance((Source("Person facts", "An ICB", "31 March 2026", "agreement", "By agreement."),), people=True)
INVENTED = replace(RECORDS, synthetic=True)
ON_PEOPLE = [
    "02_segmentation",
    "03_anticipatory_care",
    "05_segment_comparison",
    "06_admission_risk",
    "07_score_agreement",
    "11_service_specifications",
    "12_inequalities",
    "14_team_plan",
]
WHO = "people whose practice is not known or in no network"


def real_place() -> Place:
    """The tiny place, as if its tables were published; one practice of it is in no network."""
    place = tiny_place()
    practices = place.tables["practices"].frame
    alone = practices.assign(practice_code="A00002", practice_name="Lone Surgery", pcn_code=None, pcn_name=None)
    tables = {name: replace(table, provenance=handmade.PUBLISHED) for name, table in place.tables.items()}
    both = pd.concat([practices, alone], ignore_index=True)
    tables["practices"] = replace(tables["practices"], frame=both)
    return replace(place, slug="realton", name="Realton", vintage="2026-07", tables=tables)


def records_alone(provenance: Provenance = RECORDS) -> Place:
    return place_of_records("Harbour Study", index_date=DAY, provenance=provenance, notes=("A note.",))


def store(
    processed: Path,
    place: Place,
    code: str = "U",
    provenance: Provenance = RECORDS,
    *,
    frail: bool = True,
    **practice: Any,
) -> Path:
    """Store two people, one of them frail by the score that the source gives."""
    persons = [person(who, born="1930-01-01", **({"practice_code": None} | practice)) for who in ("p1", "p2")]
    said = [
        {"person_id": "p1", "attribute_date": DAY.isoformat()} | ({"efi_score": 0.5} if frail else {"has_copd": True})
    ]
    tables = {"persons": persons, "attributes": said, "conditions": [condition("p1", None, "2020-01-01")]}

    def write(folder: Path) -> None:
        for name, rows in tables.items():
            write_stage(frame(name, rows), folder / f"{name}.parquet")

    return store_population(
        processed,
        place,
        "records",
        code,
        covered=(),
        provenance=provenance,
        extract_date=DAY,
        made_from="these",
        write=write,
        stages=stages,
        index_date=DAY,
    )


# -- the group ---------------------------------------------------------------------------------------------


def test_any_place_has_the_group_and_its_people_have_no_network(project: Settings) -> None:
    place = real_place()
    save_place(place, project.processed)
    assert (network_of(place, "U").pcn_code, network_of(place, "U").name) == ("U", "No network")
    folder = store(project.processed, place)
    assert folder == population_folder(project.processed, "realton", "records", "U")
    assert folder.name == "pcn_code=U"
    people = engine.to_pandas(load_population("realton", "U").tables["person_table"])
    assert people["pcn_code"].isna().all()
    assert len(people) == 2


def test_nothing_published_is_of_the_group(project: Settings) -> None:
    save_place(real_place(), project.processed)
    with pytest.raises(PcnAnalysisError, match=r"nothing is published of people whose practice is not known"):
        load_network("realton", "U")


# -- planning ----------------------------------------------------------------------------------------------


@pytest.fixture
def realton(project: Settings) -> Place:
    """A real place with records of those in no network, stored."""
    save_place(real_place(), project.processed)
    store(project.processed, load_place(project.processed / "realton"))
    return load_place(project.processed / "realton")


def test_the_group_comes_after_the_networks_where_its_records_are_stored(project: Settings, realton: Place) -> None:
    listed = [(code, name) for _, code, name in networks_of([realton], [], project.processed)]
    assert listed == [("U00001", "Harbour PCN"), ("U", "No network, Realton")]
    population_folder(project.processed, "realton", "records", "U").rename(project.processed / "gone")
    assert [code for _, code, _ in networks_of([realton], [], project.processed)] == ["U00001"]
    says = r"^--pcn: no records have been prepared of people whose practice is not known or in no network\."
    with pytest.raises(PcnAnalysisError, match=says):
        networks_of([realton], ["U"], project.processed)


def test_the_group_has_reports_on_people_alone_and_is_not_asked_for_others(project: Settings, realton: Place) -> None:
    made = plan(project, [realton], [], [])
    assert [job.stem for job in made.jobs if job.pcn_code == "U"] == ON_PEOPLE
    assert [job.stem for job in made.jobs if job.pcn_code == "U00001"] == [
        "01_population_profile",
        "04_network_footprint",
        "13_workforce_and_money",
    ]
    [absent] = made.absent
    lacking = (
        "no segmentation, anticipatory care, segment comparison, admission risk, score agreement, "
        "service specifications, neighbourhood inequalities or team plan"
    )
    said = f"Realton: {lacking}: no patient records"
    assert absent.line().startswith(said)
    assert [job.stem for job in plan(project, [realton], ["U"], []).jobs] == ON_PEOPLE
    with pytest.raises(PcnAnalysisError, match=r"of people in no network nothing is published"):
        plan(project, [realton], ["U"], ["01"])


def test_invented_people_are_never_drawn_for_the_group(project: Settings, realton: Place) -> None:
    jobs = plan(project, [realton], ["U"], [], synthetic_people=True).jobs
    assert {job.people for job in jobs} == {"records"}


def test_what_the_group_goes_without_is_said_of_it_alone(project: Settings, realton: Place) -> None:
    store(project.processed, realton, frail=False)
    store(project.processed, realton, "U00001", practice_code="A00001")
    made = plan(project, [realton], [], [])
    assert [one.line() for one in made.absent] == [
        f"Realton: {WHO}: no anticipatory care: the patient records bring no codelists for frailty."
    ]


def test_the_index_shows_the_group_below_the_networks_and_says_who_is_in_it(project: Settings, realton: Place) -> None:
    index = write_index(project, [], {"realton"}).read_text(encoding="utf-8")
    assert index.index("Harbour PCN</th>") < index.index(f"No network: {WHO}</th><td>U</td>")
    html = place_page(project, "realton")
    assert html.index("Harbour PCN</a></th>") < html.index(f"No network: {WHO}</a></th><td>U</td>")
    [made] = re.findall("<tr><th[^>]*>Segmentation, 31 March 2026</th>.*</tr>", html)
    assert made.endswith("<td>not made</td></tr>"), "records are of another day than the counts"
    assert "belong to no network." in html
    assert "have no page" not in html


def place_page(settings: Settings, slug: str) -> str:
    """The page of a place, which the index leads to."""
    return (settings.reports / slug / "index.html").read_text(encoding="utf-8")


# -- lists -------------------------------------------------------------------------------------------------


def test_people_of_no_known_practice_are_on_no_list(project: Settings, realton: Place) -> None:
    made = write_care_lists(project, "Realton", ["U"])
    assert (made.failed, made.without_practice) == ({}, 1)
    assert made.files == 1, "of the practice of the place that is in no network; nobody is on it"


def test_a_practice_in_no_network_has_its_list_and_reasons_say_that_they_are_not_known(
    project: Settings, realton: Place
) -> None:
    store(project.processed, realton, practice_code="A00077")
    made = write_care_lists(project, "Realton", ["U"])
    assert (made.failed, made.files, made.without_practice) == ({}, 2, 0)
    folder = project.restricted / "lists" / "realton" / "U"
    [row] = (folder / "proactive_care_A00077_2026-03-31.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert row == f"False,p1,severe,reasons not known: the source gives a score only,{NOTE}"


def test_people_of_a_practice_of_a_network_are_refused_in_the_group(project: Settings, realton: Place) -> None:
    store(project.processed, realton, practice_code="A00001")
    [failed] = write_care_lists(project, "Realton", ["U"]).failed.values()
    assert "1 of 1 rows are of a practice of another network" in failed


# -- a place of records alone ------------------------------------------------------------------------------


def test_a_place_of_records_is_stored_and_loaded(project: Settings) -> None:
    place = records_alone()
    assert (place.slug, place.vintage, place.index_date, place.is_published) == (
        "records-harbour-study", "records", DAY, False,
    )  # fmt: skip
    save_place(place, project.processed)
    loaded = load_place(project.processed / place.slug)
    assert (loaded.name, loaded.notes, loaded.missing, loaded.provenance) == (
        "Harbour Study", ("A note.",), place.missing, RECORDS,
    )  # fmt: skip
    assert loaded.networks().empty
    assert loaded.boundaries.crs.to_epsg() == 27700
    assert prepared_facts(project.processed / place.slug)["synthetic"] is False


@pytest.mark.parametrize("name", ["", " - "])
def test_a_place_of_records_has_a_name(name: str) -> None:
    with pytest.raises(PcnAnalysisError, match="the name holds no letter or digit"):
        place_of_records(name, index_date=DAY, provenance=RECORDS)


def test_a_place_of_records_is_made_of_records() -> None:
    with pytest.raises(ValueError, match="does not say that these are records of people"):
        place_of_records("Study", index_date=DAY, provenance=handmade.PUBLISHED)


@pytest.fixture
def study(project: Settings) -> Place:
    save_place(records_alone(), project.processed)
    store(project.processed, records_alone())
    return load_place(project.processed / "records-harbour-study")


def test_a_place_of_records_is_chosen_like_any_other(project: Settings, study: Place, realton: Place) -> None:
    assert [place.slug for place in choose_places(project.processed, None)] == ["realton", study.slug]
    assert [place.slug for place in choose_places(project.processed, "harbour study")] == [study.slug]


def test_its_reports_on_counts_are_absent_with_the_reason(project: Settings, study: Place) -> None:
    made = plan(project, [study], [], [])
    assert [(job.stem, job.pcn_code, job.title) for job in made.jobs] == [
        ("02_segmentation", "U", "Segmentation: Harbour Study"),
        ("03_anticipatory_care", "U", "Anticipatory care: Harbour Study"),
        ("05_segment_comparison", "U", "Segment comparison: Harbour Study"),
        ("06_admission_risk", "U", "Admission risk: Harbour Study"),
        ("07_score_agreement", "U", "Score agreement: Harbour Study"),
        ("11_service_specifications", "U", "Service specifications: Harbour Study"),
        ("12_inequalities", "U", "Neighbourhood inequalities: Harbour Study"),
        ("14_team_plan", "U", "Team plan: Harbour Study"),
    ]
    [absent] = made.absent
    assert absent.line() == (
        "Harbour Study: no population profile, network footprint or workforce and money: "
        "no published counts belong to these records."
    )
    with pytest.raises(
        PcnAnalysisError, match=r"no population profile: no published counts .* Choose reports on people"
    ):
        plan(project, [study], [], ["01"])


def test_a_place_of_records_without_people_says_so(project: Settings) -> None:
    with pytest.raises(
        PcnAnalysisError, match=r"^report: Harbour Study has no records of people\. Prepare them again\.$"
    ):
        plan(project, [records_alone()], [], [])


def test_the_index_lists_a_place_of_records(project: Settings, study: Place) -> None:
    index = write_index(project, [], {study.slug}).read_text(encoding="utf-8")
    assert "Reports made from records of people, of 1 place." in index
    assert f'<a href="{study.slug}/index.html">Harbour Study</a>' in index
    html = place_page(project, study.slug)
    assert "<h1>Harbour Study, 31 March 2026</h1>" in html
    assert "Records of people, to which no published counts belong." in html
    lacking = "No population profile, network footprint or workforce and money"
    assert f"{lacking}: no published counts belong to these records." in html
    assert "SYNTHETIC" not in html + index


def test_a_notebook_on_a_place_of_records_can_be_opened(project: Settings, study: Place) -> None:
    path = working_copy(project, "02", "Harbour Study", None)
    assert path.name == "02_segmentation_records-harbour-study_U.ipynb"


def test_records_that_were_invented_are_marked_wherever_they_go(project: Settings) -> None:
    save_place(records_alone(INVENTED), project.processed)
    place = load_place(project.processed / "records-harbour-study")
    store(project.processed, place, provenance=INVENTED)
    jobs = plan(project, [place], [], []).jobs
    assert [job.stem for job in jobs] == [f"{name}_SYNTHETIC_PEOPLE" for name in ON_PEOPLE]
    assert all(job.title.startswith("SYNTHETIC PEOPLE: ") for job in jobs)
    index = write_index(project, [], {place.slug}).read_text(encoding="utf-8")
    html = place_page(project, place.slug)
    [made] = re.findall(r"<tr><th[^>]*>Segmentation \(SYNTHETIC PEOPLE\)</th>.*</tr>", html)
    assert made.endswith("<td>not made</td></tr>")
    assert people_banner(place) in html
    assert people_banner(place) in index
    assert "SYNTHETIC PEOPLE. Nobody in these records exists" in header_html(load_population(place.slug, "U"))
    assert working_copy(project, "02", "Harbour Study", None).name.startswith("02_segmentation_SYNTHETIC_PEOPLE_")
    made = write_care_lists(project, "Harbour Study", [])
    assert (made.failed, made.files, made.without_practice) == ({}, 0, 1)


def test_real_and_invented_records_do_not_share_a_place(project: Settings) -> None:
    for place, provenance in ((records_alone(), INVENTED), (real_place(), INVENTED)):
        with pytest.raises(ValueError, match="the provenance does not say that these are records of people"):
            store(project.processed, place, provenance=provenance)


# -- what pages say of them --------------------------------------------------------------------------------


def people_of(place: Place, **held: Any) -> Population:
    return Population(place, "U", "records", DAY, DAY, held, frozenset(), RECORDS)


def test_the_head_says_who_they_are() -> None:
    assert f"<dd>No network (U): {WHO}</dd>" in header_html(people_of(real_place()))
    assert "Data vintage" not in header_html(people_of(records_alone()))


def test_titles_are_of_the_place_where_its_people_are_all_that_there_is() -> None:
    assert people_of(records_alone()).about.title() == "Harbour Study, 31 March 2026"
    assert people_of(real_place()).about.title() == "No network, 31 March 2026"


def test_the_head_counts_people_as_released(project: Settings, study: Place) -> None:
    assert "<dt>People</dt><dd>not shown, from patient records</dd>" in header_html(load_population(study.slug, "U"))


def test_the_method_names_records_without_their_files() -> None:
    source = replace(RECORDS.sources[0], file="/home/someone/facts.csv", kind="records")
    population = replace(
        people_of(real_place(), attributes=None), provenance=replace(RECORDS, sources=(source, SOURCE))
    )
    html = method_html(population, "So it was made.")
    assert "<li>Records: Person facts, 31 March 2026.</li>" in html
    assert "<li>Flags, counts and scores without dated records" in html
    assert "facts.csv" not in html
    assert "Records: Vignettes" not in html
    assert "Flags, counts" not in method_html(people_of(real_place()), "So it was made.")
