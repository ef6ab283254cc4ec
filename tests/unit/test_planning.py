"""Which pages are made, of which people, under which names, and what is said of those that are not."""

from __future__ import annotations

import sys
from dataclasses import replace

import handmade
import pandas as pd
import pytest

from pcn_analysis import cli, population
from pcn_analysis.anticipatory.admission import admission_folder
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.place import Place
from pcn_analysis.prepared import save_place
from pcn_analysis.provenance import SourcedTable
from pcn_analysis.reports import attempts, ledger, people, runner
from pcn_analysis.reports.care_lists import write_care_lists
from pcn_analysis.reports.catalogue import CATALOGUE, find_report
from pcn_analysis.reports.jobs import Job, sealed
from pcn_analysis.reports.kernel import KernelFacts
from pcn_analysis.reports.making import Made
from pcn_analysis.reports.planning import Plan, choose_places, plan
from pcn_analysis.reports.site import write_index
from pcn_analysis.segmentation.models import PUBLISHED
from pcn_analysis.settings import SKILL_MIX, Settings
from pcn_analysis.synthetic import people as drawing

pytestmark = pytest.mark.unit

OPEN = ["01_population_profile", "04_network_footprint", "13_workforce_and_money"]
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
MARKED = [f"{name}_SYNTHETIC_PEOPLE" for name in ON_PEOPLE]
WITHOUT = (
    "no segmentation, anticipatory care, segment comparison, admission risk, score agreement, "
    "service specifications, neighbourhood inequalities or team plan: "
    "no patient records have been prepared"
)
REALTON = "realton-2026-07"


@pytest.fixture
def places(project: Settings, marlhaven: Place) -> tuple[Place, Place]:
    """The invented place, and a real one that looks like it, both stored; notebooks on people are there."""
    published = {name: SourcedTable(table.frame, handmade.PUBLISHED) for name, table in marlhaven.tables.items()}
    real = replace(marlhaven, slug=REALTON, name="Realton", vintage="2026-07", tables=published)
    for place in (marlhaven, real):
        save_place(place, project.processed)
    return marlhaven, real


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """Networks of which patient records have been prepared: place and code."""
    networks: set[tuple[str, str]] = set()

    def prepared(processed: object, slug: str, kind: str, code: str) -> dict[str, str]:
        return {"seal": f"{slug} {code}"} if kind == "records" and (slug, code) in networks else {}

    monkeypatch.setattr(population, "prepared_people", prepared)
    return networks


def stems(made: Plan, code: str = "U00001") -> list[str]:
    return [job.stem for job in made.jobs if job.pcn_code == code]


# -- which places -----------------------------------------------------------------------------------------


def test_the_page_of_all_networks_is_made_once_for_england_and_for_nothing_else(
    project: Settings, places: tuple[Place, Place]
) -> None:
    england = replace(places[1], slug="england-2026-07", name="England")
    save_place(england, project.processed)
    made = plan(project, [england], [], ["09"])
    assert [job.page for job in made.jobs] == [("england-2026-07", "ALL", "09_england_networks")]
    assert made.jobs[0].title == "All networks: England"
    assert made.jobs[0].parameters(project, made.jobs[0].report.defaults(project.notebooks)) == {
        "place": "england-2026-07", "pcn_code": "ALL",
    }  # fmt: skip
    with pytest.raises(PcnAnalysisError, match="09_england_networks is made once for all England, and for nothing"):
        plan(project, [places[1]], [], ["09"])
    assert not [job for job in plan(project, list(places), [], []).jobs if job.report.name == "09_england_networks"]


def test_england_is_not_reported_on_unless_it_is_named(project: Settings, places: tuple[Place, Place]) -> None:
    save_place(replace(places[1], slug="england-2026-07", name="England"), project.processed)
    assert "england-2026-07" not in [place.slug for place in choose_places(project.processed, None)]
    assert [place.slug for place in choose_places(project.processed, "england")] == ["england-2026-07"]


def test_pages_of_every_network_of_england_are_made_only_where_they_are_asked_for(
    project: Settings, places: tuple[Place, Place]
) -> None:
    england = replace(places[1], slug="england-2026-07", name="England")
    save_place(england, project.processed)
    assert [job.stem for job in plan(project, [england], [], []).jobs] == ["09_england_networks"]
    assert len(plan(project, [england], [], ["04"]).jobs) == 5
    assert {job.pcn_code for job in plan(project, [england], ["U00001"], []).jobs} == {"U00001"}


def test_pages_of_a_place_are_made_once_for_each_published_place(
    project: Settings, places: tuple[Place, Place]
) -> None:
    made = plan(project, list(places), [], [])
    whole = [job for job in made.jobs if job.pcn_code == "ALL"]
    pages = ("08_place_networks", "10_groupings")
    assert [job.page for job in whole] == [(place.slug, "ALL", name) for place in places for name in pages]
    assert [job.title for job in whole if job.stem == pages[0]] == [
        "Networks of a place: Marlhaven", "Networks of a place: Realton",
    ]  # fmt: skip
    assert [job.title for job in whole if job.stem == pages[1]] == [
        "Other groupings: Marlhaven", "Other groupings: Realton",
    ]  # fmt: skip
    assert not any("networks of a place" in one.line() for one in made.absent), "it is absent nowhere"


def test_the_page_of_a_place_is_left_out_where_networks_are_named_and_no_notebook_is(
    project: Settings, places: tuple[Place, Place]
) -> None:
    assert not [job for job in plan(project, [places[0]], ["U00001"], []).jobs if job.pcn_code == "ALL"]
    [job] = plan(project, [places[0]], ["U00001"], ["08"]).jobs
    assert job.page == ("synthetic", "ALL", "08_place_networks")
    assert job.parameters(project, job.report.defaults(project.notebooks)) == {"place": "synthetic", "pcn_code": "ALL"}


# -- which people ------------------------------------------------------------------------------------------


def test_the_invented_place_always_has_its_reports_on_invented_people(
    project: Settings, places: tuple[Place, Place]
) -> None:
    made = plan(project, [places[0]], [], [])
    assert sorted(stems(made)) == sorted([*OPEN, *MARKED])
    assert made.absent == []


def test_a_real_place_without_records_has_open_data_reports_alone_and_says_why(
    project: Settings, places: tuple[Place, Place], recorded: set[tuple[str, str]]
) -> None:
    made = plan(project, [places[1]], [], [])
    assert stems(made) == OPEN
    assert [one.line() for one in made.absent] == [
        "Realton: no segmentation, anticipatory care, segment comparison, admission risk, score agreement, "
        "service specifications, neighbourhood inequalities or team plan: "
        "no patient records have "
        "been prepared; --with-synthetic-people shows them on invented people."
    ]


def test_asked_for_invented_people_a_real_place_has_marked_reports(
    project: Settings, places: tuple[Place, Place], recorded: set[tuple[str, str]]
) -> None:
    made = plan(project, [places[1]], ["U00001"], [], synthetic_people=True)
    assert sorted(stems(made)) == sorted([*OPEN, *MARKED])
    assert {job.title for job in made.jobs if job.people} == {
        "SYNTHETIC PEOPLE: Segmentation: Harbour PCN",
        "SYNTHETIC PEOPLE: Anticipatory care: Harbour PCN",
        "SYNTHETIC PEOPLE: Segment comparison: Harbour PCN",
        "SYNTHETIC PEOPLE: Admission risk: Harbour PCN",
        "SYNTHETIC PEOPLE: Score agreement: Harbour PCN",
        "SYNTHETIC PEOPLE: Service specifications: Harbour PCN",
        "SYNTHETIC PEOPLE: Neighbourhood inequalities: Harbour PCN",
        "SYNTHETIC PEOPLE: Team plan: Harbour PCN",
    }
    assert made.absent == []


@pytest.mark.parametrize("asked", [False, True])
def test_records_come_before_invented_people_network_by_network(
    project: Settings, places: tuple[Place, Place], recorded: set[tuple[str, str]], asked: bool
) -> None:
    recorded.add((REALTON, "U00001"))
    made = plan(project, [places[1]], ["U00001", "U00005"], [], synthetic_people=asked)
    assert sorted(stems(made)) == sorted([*OPEN, *ON_PEOPLE])
    assert sorted(stems(made, "U00005")) == sorted([*OPEN, *(MARKED if asked else [])])
    said = f"1 of 2 networks: {WITHOUT}"
    assert [one.what for one in made.absent] == ([] if asked else [said])


@pytest.mark.parametrize("asked", [False, True])
def test_people_who_cannot_be_fitted_are_absent_with_that_reason(
    project: Settings, places: tuple[Place, Place], recorded: set[tuple[str, str]], asked: bool
) -> None:
    tables = {name: table for name, table in places[1].tables.items() if name != "registrations_by_age"}
    made = plan(project, [replace(places[1], tables=tables)], [], [], synthetic_people=asked)
    assert stems(made) == OPEN
    [absent] = made.absent
    assert absent.line().startswith(f"Realton: {WITHOUT}, and synthetic people cannot be fitted: ")
    assert "--with-synthetic-people" not in absent.line(), "nothing is promised that would not help"


def stored_without_frailty(project: Settings, code: str) -> None:
    """Put a person table without a frailty band where records of a network are."""
    folder = population.population_folder(project.processed, REALTON, "records", code)
    folder.mkdir(parents=True)
    pd.DataFrame({"person_id": ["a"], "age": [80]}).to_parquet(folder / "person_table.parquet")


def test_records_without_codelists_for_frailty_have_no_anticipatory_care_and_it_is_said_why(
    project: Settings, places: tuple[Place, Place]
) -> None:
    stored_without_frailty(project, "U00001")
    made = plan(project, [places[1]], ["U00001", "U00005"], [], synthetic_people=True)
    without = [name for name in ON_PEOPLE if name != "03_anticipatory_care"]
    assert sorted(stems(made)) == sorted([*OPEN, *without]), "invented people never stand in for records"
    assert sorted(stems(made, "U00005")) == sorted([*OPEN, *MARKED])
    assert [one.line() for one in made.absent] == [
        "Realton: 1 of 2 networks: no anticipatory care: the patient records bring no codelists for frailty."
    ]


def test_where_frailty_is_all_that_is_asked_for_it_is_refused_before_anything_runs(
    project: Settings, places: tuple[Place, Place]
) -> None:
    stored_without_frailty(project, "U00001")
    says = r"^Realton: no anticipatory care: .* no codelists for frailty\. Bring codelists for the deficits"
    with pytest.raises(PcnAnalysisError, match=says):
        plan(project, [places[1]], ["U00001"], ["03"])
    with pytest.raises(PcnAnalysisError, match=says):
        write_care_lists(project, REALTON, ["U00001"])


def test_a_report_asked_for_that_cannot_be_made_is_a_mistake_told_in_a_line(
    project: Settings, places: tuple[Place, Place], recorded: set[tuple[str, str]]
) -> None:
    with pytest.raises(PcnAnalysisError, match=r"^Realton: no segmentation: no patient records have been prepared\. "):
        plan(project, [places[1]], [], ["02"])


# -- names, parameters and hashes --------------------------------------------------------------------------


def test_pages_from_records_and_from_invented_people_never_share_a_name(project: Settings) -> None:
    records, invented = (
        Job("a", "U00001", "Harbour PCN", find_report("02"), kind) for kind in ("records", "synthetic")
    )
    assert records.page != invented.page
    assert records.target(project.reports) != invented.target(project.reports)
    assert invented.target(project.reports, ".ipynb").name == "02_segmentation_SYNTHETIC_PEOPLE.ipynb"


def test_a_report_is_found_by_the_name_of_a_page_on_invented_people() -> None:
    assert find_report("02_segmentation_SYNTHETIC_PEOPLE.ipynb") is find_report("Segmentation")


def test_a_notebook_is_given_the_parameters_that_it_declares_and_no_others(
    project: Settings, places: tuple[Place, Place]
) -> None:
    given = {
        job.report.name: job.parameters(project, job.report.defaults(project.notebooks))
        for job in plan(replace(project, monthly_capacity=7), [places[0]], ["U00001"], []).jobs
    }
    network = {"place": "synthetic", "pcn_code": "U00001"}
    assert given["01_population_profile"] == network
    assert given["02_segmentation"] == {**network, "people": "synthetic", "model_name": "system_p"}
    team = {"monthly_capacity": 60, "slots": SKILL_MIX}
    assert given["03_anticipatory_care"] == {**network, "people": "synthetic", **team}
    assert given["06_admission_risk"] == given["07_score_agreement"] == {**network, "people": "synthetic"}


def test_parameters_that_are_no_plain_values_are_told_in_a_line(project: Settings) -> None:
    path = project.notebooks / "02_segmentation.ipynb"
    path.write_text(path.read_text("utf-8").replace('str = \\"U00001\\"', "str = code()"), encoding="utf-8")
    with pytest.raises(PcnAnalysisError, match=r"^notebooks/02_segmentation\.ipynb: its parameters cannot be read"):
        find_report("02").defaults(project.notebooks)


def test_a_page_depends_on_the_seal_of_its_people_and_on_what_a_team_can_see(
    project: Settings, monkeypatch: pytest.MonkeyPatch, places: tuple[Place, Place]
) -> None:
    jobs = [Job("synthetic", "U00001", "Harbour PCN", report, "synthetic" if report.needs_people else "")
            for report in CATALOGUE]  # fmt: skip

    def hashes(settings: Settings = project) -> dict[str, str]:
        return {job.report.name: job.made_from for job in sealed(jobs, settings)}

    before, seen_more = hashes(), hashes(replace(project, monthly_capacity=61))
    other_slots = hashes(replace(project, slots={"GP": 11}))
    assert {name for name in before if before[name] != seen_more[name]} == {"03_anticipatory_care"}
    assert {name for name in before if before[name] != other_slots[name]} == {"03_anticipatory_care"}
    monkeypatch.setattr(population, "prepared_people", lambda *_: {"seal": "another"})
    drawn_again = hashes()
    assert {name for name in before if before[name] != drawn_again[name]} == set(ON_PEOPLE)


def test_pages_on_people_depend_on_what_was_fitted_once_for_their_place(
    project: Settings, places: tuple[Place, Place]
) -> None:
    jobs = [Job("synthetic", "U00001", "Harbour PCN", report, "synthetic" if report.needs_people else "")
            for report in CATALOGUE]  # fmt: skip
    before = {job.report.name: job.made_from for job in sealed(jobs, project)}
    folder = admission_folder(project.processed, "synthetic", "synthetic")
    folder.mkdir(parents=True)
    (folder / "facts.json").write_text("{}", encoding="utf-8")
    after = {job.report.name: job.made_from for job in sealed(jobs, project)}
    assert {name for name in before if before[name] != after[name]} == set(ON_PEOPLE)


def test_a_page_on_all_networks_of_a_place_depends_on_the_designs_that_are_kept_of_it(
    project: Settings, places: tuple[Place, Place]
) -> None:
    jobs = [Job("synthetic", "ALL", "Marlhaven", find_report("08")), Job("synthetic", "U00001", "H", find_report("04"))]
    before = [job.made_from for job in sealed(jobs, project)]
    folder = project.processed / "network_plans" / "synthetic"
    folder.mkdir(parents=True)
    (folder / "06_networks.json").write_text("{}", encoding="utf-8")
    after = [job.made_from for job in sealed(jobs, project)]
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_a_page_that_compares_networks_depends_on_the_people_of_each(
    project: Settings, monkeypatch: pytest.MonkeyPatch, places: tuple[Place, Place]
) -> None:
    jobs = [Job("synthetic", "U00001", "Harbour PCN", find_report(one), "synthetic") for one in ("02", "03")]
    monkeypatch.setattr(population, "prepared_people", lambda *who: {"seal": who[-1]})

    def hashes() -> list[str]:
        return [job.made_from for job in sealed(jobs, project)]

    before = hashes()
    (project.processed / "people" / "synthetic" / "synthetic" / "pcn_code=U00009").mkdir(parents=True)
    after = hashes()
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_a_page_depends_on_the_file_of_a_model_of_ones_own(project: Settings, places: tuple[Place, Place]) -> None:
    file = project.root / "config" / "mine.yaml"
    file.parent.mkdir(exist_ok=True)
    published = (PUBLISHED / "system_p.yaml").read_text(encoding="utf-8")
    file.write_text(published, encoding="utf-8")
    own = replace(project, model="config/mine.yaml")
    jobs = [Job("synthetic", "U00001", "Harbour PCN", find_report(one)) for one in ("01", "02")]

    def hashes() -> list[str]:
        return [job.made_from for job in sealed(jobs, own)]

    before = hashes()
    assert jobs[1].parameters(own, ["model_name"]) == {"model_name": "config/mine.yaml"}, "of no user"
    elsewhere = replace(project, model="/home/someone/mine.yaml")
    assert jobs[1].parameters(elsewhere, ["model_name"]) == {"model_name": "/home/someone/mine.yaml"}
    file.write_text(published.replace("within_months: 24", "within_months: 12"), encoding="utf-8")
    assert before[1] != hashes()[1]
    file.write_text("model: mine", encoding="utf-8")
    with pytest.raises(PcnAnalysisError, match=r"mine\.yaml"):
        hashes()


def test_a_network_of_another_prepared_place_is_told_with_the_place(
    project: Settings, places: tuple[Place, Place], recorded: set[tuple[str, str]]
) -> None:
    elsewhere = replace(places[1], slug="elsewhere-2026-07", name="Elsewhere")
    frame = elsewhere.tables["practices"].frame.assign(pcn_code=lambda rows: "E" + rows["pcn_code"].str[1:])
    tables = elsewhere.tables | {"practices": replace(elsewhere.tables["practices"], frame=frame)}
    asked = replace(elsewhere, tables=tables)
    with pytest.raises(PcnAnalysisError) as caught:
        plan(project, [asked], ["U00001", "U99999"], [])
    told = [str(one) for one in caught.value.problems]
    assert told[0].startswith("--pcn: U00001 is a network of ")
    assert "--pcn: no prepared place has a network 'U99999'" in told[1]
    alone = "--pcn: U00001 is a network of Marlhaven, which is invented, and not of the places asked for. "
    for path in (project.processed / REALTON).iterdir():
        path.unlink()
    with pytest.raises(PcnAnalysisError, match=f"^{alone}Add `--place synthetic`"):
        plan(project, [asked], ["U00001"], [])


# -- drawing -----------------------------------------------------------------------------------------------


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Codes of networks drawn; U00005 cannot be."""
    codes: list[str] = []

    def draw_people(place: Place, code: str, processed: object) -> None:
        if code == "U00005":
            message = "SYN-secret"
            raise ValueError(message)
        codes.append(code)

    monkeypatch.setattr(drawing, "draw_people", draw_people)
    monkeypatch.setattr(drawing, "up_to_date", lambda _, code, __: code in codes)
    monkeypatch.setattr(attempts, "made_page", lambda *_: Made([], [], KernelFacts("ordinary")))
    monkeypatch.setattr(attempts, "published", lambda *_: {"page.html": "sha256"})
    return codes


def test_people_are_drawn_before_pages_and_one_networks_failure_stops_no_other(
    project: Settings, places: tuple[Place, Place], drawn: list[str]
) -> None:
    settings, said = replace(project, jobs=1), []
    jobs = plan(settings, [places[0]], ["U00001", "U00005"], []).jobs
    entries = runner.run(jobs, settings, say=said.append)
    assert drawn == ["U00001"]
    assert said == ["Drawing synthetic people for Harbour PCN …", "Drawing synthetic people for Old Priory PCN …"]
    failed = {entry.page: entry.error for entry in entries if entry.status == ledger.FAILED}
    assert failed == {
        ("synthetic", "U00005", stem): "synthetic people could not be drawn: ValueError" for stem in MARKED
    }
    assert len(entries) == len(jobs)
    assert ledger.latest(ledger.read(project.reports)).keys() == {job.page for job in jobs}
    [kept] = (project.restricted / "failed").iterdir()
    assert "SYN-secret" in (kept / "traceback.txt").read_text(encoding="utf-8")
    said.clear()
    people.draw_missing({("synthetic", "U00001"): "Harbour PCN"}, settings, said.append)
    assert said == [], "people who are up to date are not drawn again"


def test_the_model_that_a_run_names_is_that_of_its_pages_and_of_no_other_run(
    project: Settings, places: tuple[Place, Place], drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[str] = []

    def made_page(_job: Job, settings: Settings, *_: object) -> Made:
        used.append(settings.model)
        return Made([], [], KernelFacts("ordinary"))

    monkeypatch.setattr(attempts, "made_page", made_page)
    monkeypatch.setattr(cli, "settings_of_project", lambda: project)
    monkeypatch.chdir(project.root / "notebooks")
    (project.root / "mine.yaml").write_text((PUBLISHED / "snee.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    asked = ["pcn-analysis", "report", "--place", "synthetic", "--pcn", "U00001", "--notebook", "02", "--jobs", "1"]
    for given in ((), ("--model", "snee"), ("--model", "../mine.yaml")):
        monkeypatch.setattr(sys, "argv", [*asked, *given])
        with pytest.raises(SystemExit) as ended:
            cli.run()
        assert not ended.value.code
    assert used == ["system_p", "snee", str((project.root / "mine.yaml").resolve())]
    monkeypatch.setattr(sys, "argv", [*asked, "--model", "sne"])
    with pytest.raises(SystemExit) as ended:
        cli.run()
    assert ended.value.code == cli.PUT_RIGHT


# -- the index ---------------------------------------------------------------------------------------------


def place_page(settings: Settings, slug: str) -> str:
    """The page of a place, which the index leads to."""
    return (settings.reports / slug / "index.html").read_text(encoding="utf-8")


def entry_of(job: Job, status: str) -> ledger.Entry:
    error, moment = "why" * (status != "ok"), "2026-07-01T00:00:00Z"
    return ledger.Entry("r", *job.page, status, "h", {"page.html": "h"}, moment, moment, 1, "0", error)


def published(settings: Settings, place: Place, status: str = "ok") -> list[ledger.Entry]:
    """Pages as a run would have left them."""
    entries = []
    for job in plan(settings, [place], ["U00001"], [], synthetic_people=True).jobs:
        job.target(settings.reports).parent.mkdir(parents=True, exist_ok=True)
        job.target(settings.reports).write_text("page", encoding="utf-8")
        entries.append(entry_of(job, status if job.people else "ok"))
        ledger.record(settings.reports, entries[-1])
    return entries


def test_the_index_lists_invented_people_of_a_real_place_only_when_the_run_asked_for_them(
    project: Settings, places: tuple[Place, Place], recorded: set[tuple[str, str]]
) -> None:
    entries = published(project, places[1])
    asked = write_index(project, entries, {REALTON}, synthetic_people=True).read_text(encoding="utf-8")
    asked_of_place = place_page(project, REALTON)
    title = 'aria-label="Segmentation (SYNTHETIC PEOPLE) of Harbour PCN">Segmentation<'
    assert f'SYNTHETIC PEOPLE:</span> <a href="{REALTON}/U00001/{MARKED[0]}.html" {title}' in asked
    assert f'href="U00001/{MARKED[0]}.html">Segmentation (SYNTHETIC PEOPLE)<' in asked_of_place
    for html in (asked, asked_of_place):
        assert '<p class="banner synthetic">SYNTHETIC PEOPLE. Nobody on the pages marked so exists' in html
    assert "No segmentation" not in asked_of_place
    plain = write_index(project, entries, {REALTON}).read_text(encoding="utf-8")
    plain_of_place = place_page(project, REALTON)
    assert "SYNTHETIC" not in plain + plain_of_place
    run = f"pcn-analysis report --place {REALTON} --with-synthetic-people"
    assert f"<p>Not listed: 8 pages on invented people, made before. To list them, run {run}.</p>" in plain_of_place
    assert "Not listed" not in asked_of_place
    assert (
        "<p>No segmentation, anticipatory care, segment comparison, admission risk, score agreement, "
        "service specifications, neighbourhood inequalities or team plan: "
        "no patient records have been "
        "prepared.</p>"
    ) in plain_of_place
    assert f'href="{REALTON}/U00001/{OPEN[0]}.html"' in plain


def test_the_index_lists_those_of_the_invented_place_whenever_it_lists_the_place(
    project: Settings, places: tuple[Place, Place]
) -> None:
    entries = published(project, places[0])
    html = write_index(project, entries, {"synthetic"}).read_text(encoding="utf-8")
    assert f'href="synthetic/U00001/{MARKED[1]}.html" aria-label="Anticipatory care (SYNTHETIC PEOPLE) of' in html
    assert f'href="U00001/{MARKED[1]}.html">Anticipatory care (SYNTHETIC PEOPLE)<' in place_page(project, "synthetic")
    for page in (html, place_page(project, "synthetic")):
        assert '<p class="banner synthetic">SYNTHETIC DATA' in page


def test_the_index_lists_every_place_that_has_pages_the_invented_one_last(
    project: Settings, places: tuple[Place, Place], recorded: set[tuple[str, str]]
) -> None:
    published(project, places[0])
    html = write_index(project, published(project, places[1]), {REALTON}).read_text(encoding="utf-8")
    assert f'href="synthetic/U00001/{OPEN[0]}.html"' in html
    assert html.index('<p class="banner synthetic">Marlhaven: SYNTHETIC DATA') < html.index("<table")
    assert html.rindex('data-place="realton') < html.index('data-place="synthetic"')
    for page in (project.reports / "synthetic").rglob("*.html"):
        page.unlink()
    assert "SYNTHETIC DATA" not in write_index(project, [], {REALTON}).read_text(encoding="utf-8")


def test_the_index_lists_pages_from_records_under_their_plain_name(
    project: Settings, places: tuple[Place, Place], recorded: set[tuple[str, str]]
) -> None:
    recorded.add((REALTON, "U00001"))
    entries = published(project, places[1])
    html = write_index(project, entries, {REALTON}).read_text(encoding="utf-8")
    assert f'href="{REALTON}/U00001/{ON_PEOPLE[0]}.html" aria-label="Segmentation of Harbour PCN">Segmentation<' in html
    assert f'href="U00001/{ON_PEOPLE[0]}.html">Segmentation<' in place_page(project, REALTON)
    assert f"<p>4 of 5 networks: {WITHOUT}.</p>" in place_page(project, REALTON)


def test_failures_of_pages_that_the_index_does_not_list_are_not_on_it(
    project: Settings, places: tuple[Place, Place], recorded: set[tuple[str, str]]
) -> None:
    entries = published(project, places[1], status="failed")
    assert "Pages that could not be made when last tried" not in write_index(project, entries, {REALTON}).read_text(
        "utf-8"
    )
    asked = write_index(project, entries, {REALTON}, synthetic_people=True).read_text(encoding="utf-8")
    assert "Pages that could not be made when last tried: 8." in asked
