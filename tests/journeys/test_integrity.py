"""What was prepared is what is reported on: nothing changed, lost, blocked or shown that was not released."""

from __future__ import annotations

import json
import os
import shutil
import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from test_bad_input import new_project, prepare, refuses, run, tree

from pcn_analysis import readings
from pcn_analysis.codes import WHOLE_PLACE
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.network import footprint
from pcn_analysis.place import Network, Place, network_of
from pcn_analysis.plots import alt_text, charts, maps
from pcn_analysis.prepared import load_place, prepared_places, save_place
from pcn_analysis.release import release
from pcn_analysis.reports import attempts, ledger, planning, runner
from pcn_analysis.reports.jobs import Job
from pcn_analysis.reports.kernel import QUIET, STRICT, EncryptedKernelManager, KernelFacts, kernel_environment
from pcn_analysis.reports.making import Made
from pcn_analysis.reports.pages import check_outputs
from pcn_analysis.reports.site import write_index
from pcn_analysis.settings import ROOT_VARIABLE, Settings
from pcn_analysis.sources.local_authority import prepare_place
from tests import miniature as mini
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.journey

NORTHFIELD, SOUTHMERE = "northfield-2026-07", "southmere-2026-07"
SECRET = "9434765919"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Good files; never changed."""
    return mini.write_open_data(tmp_path_factory.mktemp("published") / "open")


@pytest.fixture(scope="module")
def places(published: Path) -> list[Place]:
    """Both invented local authorities, July 2026."""
    return [prepare_place(name, published, "2026-07") for name in ("Northfield", "Southmere")]


@pytest.fixture
def root(tmp_path: Path, places: list[Place]) -> Path:
    """A project with both places prepared."""
    folder = new_project(tmp_path / "project")
    for place in places:
        save_place(place, folder / "data" / "processed")
    return folder


@pytest.fixture
def processed(root: Path) -> Path:
    return root / "data" / "processed"


# -- prepared files that were changed ----------------------------------------------------------------------

CHANGED = rf"{NORTHFIELD}: has been changed since it was prepared\b.*\. Run `pcn-analysis prepare` again\."
ONE_PAGE = ("report", "--place", NORTHFIELD, "--notebook", "01", "--pcn", "U90001")


def one_value(path: Path, column: str, change: Callable[[Any], Any]) -> None:
    """Change one value of a stored table and nothing else."""
    frame = pd.read_parquet(path)
    row = frame.index[frame[column].notna()][0]
    before = frame[column].copy()
    frame.loc[row, column] = change(frame.loc[row, column])
    assert (before != frame[column]).sum() == 1
    frame.to_parquet(path, index=False)


@pytest.mark.parametrize(
    ("table", "column", "change"),
    [
        ("practices", "list_size", lambda value: value + 1),
        ("practices", "practice_name", lambda value: f"{value}s"),
        ("practices", "in_place", lambda value: not value),
        ("areas", "imd_decile", lambda value: 11 - value),
        ("registrations_by_area", "patients", lambda value: value + 1),
        ("registrations_by_age", "patients", lambda value: value + 1),
        ("disease_registers", "register_size", lambda value: value + 1),
    ],
)
def test_a_table_with_one_value_changed_is_refused(
    root: Path, processed: Path, table: str, column: str, change: Callable[[Any], Any]
) -> None:
    one_value(processed / NORTHFIELD / f"{table}.parquet", column, change)
    refuses(root, *ONE_PAGE, says=(CHANGED,))
    refuses(root, "open", "01", "--place", NORTHFIELD, says=(CHANGED,))


def test_a_table_with_a_row_less_or_in_another_order_is_refused(processed: Path) -> None:
    path = processed / NORTHFIELD / "registrations_by_area.parquet"
    frame = pd.read_parquet(path)
    for changed in (frame.iloc[1:], frame.iloc[::-1]):
        changed.to_parquet(path, index=False)
        with pytest.raises(PcnAnalysisError, match="has been changed since it was prepared"):
            load_place(processed / NORTHFIELD)


def test_a_table_written_again_with_the_same_values_is_the_same(processed: Path) -> None:
    path = processed / NORTHFIELD / "practices.parquet"
    before = path.read_bytes()
    pd.read_parquet(path).to_parquet(path, index=False, compression="gzip")
    assert path.read_bytes() != before
    assert load_place(processed / NORTHFIELD).name == "Northfield"


def moved(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.set_geometry(frame.translate(1))


def swapped(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.assign(area_code=frame["area_code"].to_list()[::-1])


def shortened(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.iloc[1:]


@pytest.mark.parametrize("change", [moved, swapped, shortened])
def test_boundaries_that_were_changed_are_refused(root: Path, processed: Path, change: Callable) -> None:
    path = processed / NORTHFIELD / "boundaries.parquet"
    change(gpd.read_parquet(path)).to_parquet(path, index=False)
    refuses(root, *ONE_PAGE, says=(CHANGED,))


@pytest.mark.parametrize("fact", ["fingerprint", "boundaries"])
@pytest.mark.parametrize("value", [None, "0" * 16])
def test_facts_without_the_right_fingerprint_are_refused(root: Path, processed: Path, fact: str, value: Any) -> None:
    path = processed / NORTHFIELD / "place.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    facts |= {fact: value}
    path.write_text(json.dumps({name: one for name, one in facts.items() if one is not None}), encoding="utf-8")
    refuses(root, *ONE_PAGE, says=(CHANGED,))


def test_tables_of_another_place_are_refused(root: Path, processed: Path) -> None:
    shutil.copy(processed / SOUTHMERE / "practices.parquet", processed / NORTHFIELD / "practices.parquet")
    refuses(root, *ONE_PAGE, says=(CHANGED,))


def test_a_changed_place_is_put_right_by_preparing_it_again(root: Path, processed: Path, published: Path) -> None:
    good = tree(processed / NORTHFIELD)
    one_value(processed / NORTHFIELD / "practices.parquet", "list_size", lambda value: value + 1)
    ended = run(root, *prepare(published))
    assert ended.code == 0, ended.err
    assert tree(processed / NORTHFIELD) == good


# -- a stop while a newer place takes the name of an older -------------------------------------------------


def hide(processed: Path) -> Path:
    """Leave a place as a stop between two renames leaves it."""
    before = processed / f".{NORTHFIELD}.before"
    (processed / NORTHFIELD).replace(before)
    return before


@pytest.mark.parametrize(
    "use",
    [
        prepared_places,
        lambda processed: load_place(processed / NORTHFIELD),
        lambda processed: planning.choose_places(processed, "northfield"),
        lambda processed: planning.choose_places(processed, None),
    ],
    ids=["prepared_places", "load_place", "choose_places by name", "choose_places"],
)
def test_a_place_set_aside_by_a_stop_is_found_again(processed: Path, use: Callable[[Path], Any]) -> None:
    good = tree(processed)
    hide(processed)
    use(processed)
    assert tree(processed) == good


def test_a_place_set_aside_by_a_stop_can_be_prepared_again(root: Path, processed: Path, published: Path) -> None:
    good = tree(processed)
    hide(processed)
    ended = run(root, *prepare(published))
    assert ended.code == 0, ended.err
    shutil.rmtree(processed / "network_plans")  # of how today's networks stand among random ones
    assert tree(processed) == good


def test_a_place_left_over_beside_the_newer_one_stops_nothing(root: Path, processed: Path, published: Path) -> None:
    """As a stop after both renames leaves it, before the older place was removed."""
    good = tree(processed)
    shutil.copytree(processed / NORTHFIELD, processed / f".{NORTHFIELD}.before")
    ended = run(root, *prepare(published))
    assert ended.code == 0, ended.err
    shutil.rmtree(processed / "network_plans")  # of how today's networks stand among random ones
    assert tree(processed) == good


def test_the_newer_place_is_kept_where_the_older_is_left_over(processed: Path) -> None:
    shutil.copytree(processed / SOUTHMERE, processed / f".{NORTHFIELD}.before")
    assert prepared_places(processed) == [NORTHFIELD, SOUTHMERE]
    assert load_place(processed / NORTHFIELD).name == "Northfield"


@pytest.mark.parametrize("stop", [KeyboardInterrupt, PermissionError, OSError])
@pytest.mark.parametrize("at", [1, 2])
def test_a_stop_at_either_rename_leaves_what_was_prepared_before(
    processed: Path, places: list[Place], monkeypatch: pytest.MonkeyPatch, stop: type[BaseException], at: int
) -> None:
    good = tree(processed)
    replace, calls = Path.replace, []

    def stopped(path: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == at:
            raise stop
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(PcnAnalysisError if stop is PermissionError else stop):
        save_place(places[0], processed)
    monkeypatch.undo()
    assert tree(processed) == good


# -- a damaged place beside a sound one --------------------------------------------------------------------


def cut_facts(folder: Path) -> None:
    (folder / "place.json").write_text('{"name": "South', encoding="utf-8")


def cut_table(folder: Path) -> None:
    path = folder / "practices.parquet"
    path.write_bytes(path.read_bytes()[:-20])


def change_table(folder: Path) -> None:
    one_value(folder / "practices.parquet", "list_size", lambda value: value + 1)


@pytest.fixture(params=[cut_facts, cut_table, change_table])
def damaged(request: pytest.FixtureRequest, processed: Path) -> None:
    """The second place is damaged."""
    request.param(processed / SOUTHMERE)


@pytest.mark.usefixtures("damaged")
@pytest.mark.parametrize("name", ["Northfield", "northfield", NORTHFIELD])
def test_a_damaged_place_does_not_stop_reports_on_another(root: Path, processed: Path, name: str) -> None:
    settings = Settings(root)
    chosen = planning.choose_places(processed, name)
    assert [place.slug for place in chosen] == [NORTHFIELD]
    jobs = planning.plan(settings, chosen, [], []).jobs
    assert {job.pcn_code for job in jobs} == {*chosen[0].networks()["pcn_code"], WHOLE_PLACE}
    assert {job.place for job in jobs} == {NORTHFIELD}
    refuses(root, "report", "--place", name, "--pcn", "U00000", says=(r"--pcn: no prepared place has .*'U00000'",))


@pytest.mark.usefixtures("damaged")
def test_a_damaged_place_is_told_where_it_is_needed(root: Path) -> None:
    says = rf"{SOUTHMERE}.*(damaged|has been changed since it was prepared\b.*)\. Run `pcn-analysis prepare` again"
    refuses(root, "report", says=(says,))
    refuses(root, "report", "--place", SOUTHMERE, says=(says,))


@pytest.mark.usefixtures("damaged")
def test_an_unknown_place_is_told_beside_a_damaged_one(root: Path) -> None:
    (line,) = refuses(root, "report", "--place", "Atlantis", says=(r"'Atlantis' has not been prepared\. Known: \w",))
    assert ": ," not in line
    assert ", ," not in line


@pytest.mark.usefixtures("damaged")
def test_the_index_is_written_without_a_damaged_place(root: Path) -> None:
    settings = Settings(root)
    made = [
        ledger.Entry("r", slug, "U90001", "01_population_profile", ledger.OK, "h", "h", "2026-07-01T00:00:00Z", 1, "0")
        for slug in (NORTHFIELD, SOUTHMERE)
    ]
    settings.reports.mkdir()
    html = write_index(settings, made, {entry.place for entry in made}).read_text(encoding="utf-8")
    assert "Northfield Central PCN" in html
    assert "Southmere PCN" not in html


# -- a network that serves no area -------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["2023-07", "2026-07"])
def scattered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Network:
    """A small network whose patients are fewer than 5% wherever they live."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(mini.PRACTICES, "A90008", "HAZEL SURGERY")
        patch.setitem(mini.NETWORKS, "U90004", "SCATTERED PCN")
        patch.setitem(mini.MEMBERS, "A90008", "U90004")
        patch.setitem(mini.COUNTS_2023, "A90008", dict.fromkeys([*mini.AREAS_2011][:10], 20))
        patch.setitem(mini.LISTS_2026, "A90008", 200)
        folder = mini.write_open_data(tmp_path_factory.mktemp("scattered") / "open")
    return network_of(prepare_place("Northfield", folder, request.param), "U90004")


def out(table: Any) -> Any:
    return release(table, profile="open_data")


def test_tables_and_sentences_of_a_network_that_serves_nowhere(scattered: Network) -> None:
    networks = out(footprint.network_footprints(scattered.place))
    row = networks.frame.set_index("pcn_code").loc["U90004"]
    assert (row["patients"], row["areas_served"], row["areas_footprint"]) == (200, 0, 0)
    assert row["areas_any"] >= 10
    assert row["localisation"] == 0
    assert pd.isna(row["commitment"])
    assert len(out(footprint.area_footprint(scattered))) == 0
    assert readings.footprint(networks, scattered.name) == (
        "Scattered PCN has most patients in no area, so it has no footprint of its own. It serves at least 5% of "
        "registered patients in no area."
    )
    assert readings.areas(out(footprint.area_footprint(scattered))) == (
        "Scattered PCN serves at least 5% of registered patients in no area."
    )
    assert readings.networks_compared(networks, scattered.name).startswith("Localisation of Scattered PCN is 0.0%;")
    authorities = readings.local_authorities(out(footprint.local_authorities(scattered)))
    assert authorities.removeprefix("An estimated ") == "60.0% of its patients live in Northfield, 40.0% in Southmere."
    said = readings.shared(out(footprint.shared_networks(scattered)))
    shares = out(footprint.shared_networks(scattered)).frame["share"]
    assert f"{shares[0]:.1%} are with it too" in said
    assert f"Coast and Mere PCN than with any other network ({shares[1]:.1%})" in said


def test_figures_of_a_network_that_serves_nowhere(scattered: Network) -> None:
    shown = out(footprint.footprint_map(scattered))
    try:
        ax = maps.footprint(shown)
        ax.figure.canvas.draw()
        west, south, east, north = scattered.place.boundaries.total_bounds
        assert ax.get_xlim() <= (west, east) or (ax.get_xlim()[0] <= west and ax.get_xlim()[1] >= east)
        assert ax.get_ylim()[0] <= south
        assert ax.get_ylim()[1] >= north
        keys = [text.get_text() for text in ax.figure.legends[0].get_texts()]
        assert f"under 5% ({len(scattered.place.boundaries)} areas)" in keys
        assert "Its footprint (0 areas)" in keys
        networks = out(footprint.network_footprints(scattered.place))
        charts.network_footprints(networks).figure.canvas.draw()
    finally:
        plt.close("all")
    title = f"Scattered PCN, {scattered.about.day()}"
    assert alt_text.footprint(shown) == f"Map of areas around {title}; it serves at least 5% of patients in none."
    assert "Scattered PCN 0.0% and not shown" in alt_text.network_footprints(networks)


def test_every_area_of_a_map_has_a_share(scattered: Network) -> None:
    shown = out(footprint.footprint_map(scattered)).frame
    assert shown["share"].notna().all()
    assert set(shown["area_code"]) == set(scattered.place.boundaries["area_code"])


def test_ties_leads_and_runners_up_are_said(published: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(mini.COUNTS_2023, "A90005", {"E01000106": 300, "E01000201": 900, "E01000203": 1000})
    place = prepare_place("Northfield", mini.write_open_data(tmp_path / "open"), "2023-07")
    coast = out(footprint.area_footprint(network_of(place, "U90002"))).frame.set_index("area_code")
    tie = coast.loc["E01000203"]
    assert (tie["patients"], tie["registered"], tie["lead"], tie["margin"]) == (1000, 2000, 0, 0)
    assert (tie["largest_network"], tie["runner_up"]) == ("Coast and Mere PCN", "Southmere PCN")
    assert tie["tied"]
    assert tie["uncertain"]
    clear = coast.loc["E01000106"]
    assert (clear["largest_network"], clear["runner_up"]) == ("Coast and Mere PCN", "No network")
    assert (clear["lead"], clear["tied"]) == (500, False)
    assert clear["margin"] == pytest.approx(500 / 1500)
    alone = coast.loc["E01000201"]
    assert pd.isna(alone["runner_up"])
    assert (alone["lead"], alone["margin"]) == (997, 1)
    assert readings.areas(out(footprint.area_footprint(network_of(place, "U90002")))).endswith(
        "1 area tied with another network."
    )


# -- notes of a place --------------------------------------------------------------------------------------

NOTES = {
    "merged": "1 practice closed since July 2023 and counted in the one that absorbed its patients "
    "(A90007 in A90002); who absorbed whom is inferred",
    "grown": "1 practice whose list grew by more than a fifth since July 2023 without a known merger; where their "
    "new patients live is least certain: A90005 (3,000 patients).",
    "new": "1 practice new since July 2023, whose patients' areas are not known: A90009 (1,500 patients).",
    "without prevalence": "1 practice without recorded prevalence: A90003 (2,400 patients).",
    "unmapped": "1 practice without a row in the membership file, grouped as in no network: A90003 (2,400 patients).",
}
STARTS = {kind: note.partition(" (")[0].partition(":")[0].removeprefix("1 practice") for kind, note in NOTES.items()}


def nothing(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """As published: one practice has closed."""
    mini.write_open_data(folder)


def not_closed(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setitem(mini.LISTS_2026, "A90007", 2200)
    patch.setitem(mini.LISTS_2026, "A90002", 2000)
    mini.write_open_data(folder)


def grew(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setitem(mini.LISTS_2026, "A90005", 3000)
    mini.write_open_data(folder)


def grew_a_fifth(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setitem(mini.LISTS_2026, "A90005", 2400)
    mini.write_open_data(folder)


def opened(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setitem(mini.PRACTICES, "A90009", "IVY SURGERY")
    patch.setitem(mini.MEMBERS, "A90009", "U90001")
    patch.setitem(mini.LISTS_2026, "A90009", 1500)
    mini.write_open_data(folder)


def unrecorded(folder: Path, patch: pytest.MonkeyPatch) -> None:
    mini.write_open_data(folder)
    registers = mini.prevalence()
    registers[registers["PRACTICE_CODE"] != "A90003"].to_csv(folder / mini.PREVALENCE, index=False)


def unmapped(folder: Path, patch: pytest.MonkeyPatch) -> None:
    mini.write_open_data(folder)
    rows = mini.membership_2026()
    mini.write_zip(folder / mini.MAP, "map.csv", rows[rows["PRACTICE_CODE"] != "A90003"])


@pytest.mark.parametrize(
    ("make", "place", "kinds"),
    [
        (nothing, "Northfield", {"merged"}),
        (nothing, "Southmere", set()),
        (not_closed, "Northfield", set()),
        (grew, "Northfield", {"merged", "grown"}),
        (grew_a_fifth, "Northfield", {"merged"}),
        (opened, "Northfield", {"merged", "new"}),
        (opened, "Southmere", set()),
        (unrecorded, "Northfield", {"merged", "without prevalence"}),
        (unmapped, "Northfield", {"merged", "unmapped"}),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_note_stands_only_where_it_applies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable, place: str, kinds: set[str]
) -> None:
    make(tmp_path / "open", monkeypatch)
    made = prepare_place(place, tmp_path / "open", "2026-07", allow_unmapped=make is unmapped)
    said = " ".join(made.notes)
    for kind, note in NOTES.items():
        assert (note in said) == (kind in kinds), (kind, made.notes)
        assert (STARTS[kind] in said) == (kind in kinds), (kind, made.notes)
    save_place(made, tmp_path)
    assert load_place(tmp_path / made.slug).notes == made.notes


def test_published_counts_need_no_notes_on_practices(published: Path) -> None:
    made = prepare_place("Northfield", published, "2023-07")
    assert len(made.notes) == 1
    assert not [kind for kind, start in STARTS.items() if start in made.notes[0]]


# -- where the project is ----------------------------------------------------------------------------------


def test_a_relative_project_folder(tmp_path: Path) -> None:
    new_project(tmp_path / "project")
    ended = run(Path("project"), "prepare", "--synthetic", cwd=tmp_path)
    assert ended.code == 0, ended.err
    assert (tmp_path / "project" / "data" / "processed" / "synthetic" / "place.json").exists()
    assert not (tmp_path / "project" / "project").exists()
    ended = run(Path("../project"), "report", "--pcn", "U99999", cwd=tmp_path / "project")
    assert "--pcn: no prepared place has a network 'U99999'" in ended.err


def test_kernels_are_given_the_whole_address_of_a_relative_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pcn_analysis.settings import load_settings

    new_project(tmp_path / "project")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(ROOT_VARIABLE, "project")
    settings = load_settings()
    with kernel_environment(settings.root, STRICT):
        assert os.environ[ROOT_VARIABLE] == str(tmp_path / "project")
    assert os.environ[ROOT_VARIABLE] == "project"


# -- what a notebook shows and where it goes when it fails -------------------------------------------------

CELLS = (
    'from pcn_analysis import show_reading\nshow_reading("A sentence.")',
    f'print("{SECRET}")',
    f'import warnings\nwarnings.warn("{SECRET}")',
    f'import pandas as pd\npd.DataFrame({{"nhs_number": ["{SECRET}"]}})',
    f'from IPython.display import display, HTML\ndisplay(HTML("{SECRET}"))',
    f'import matplotlib.pyplot as plt\nplt.title("{SECRET}")\nplt.show()',
)


def test_what_a_kernel_really_shows_is_told_apart(tmp_path: Path) -> None:
    made = new_notebook(cells=[new_markdown_cell("# Title"), *(new_code_cell(source) for source in CELLS)])
    with kernel_environment(ROOT, STRICT):
        NotebookClient(
            made, kernel_name="python3", kernel_manager_class=EncryptedKernelManager, extra_arguments=QUIET
        ).execute(cwd=str(tmp_path))
    shown = [cell for cell in made.cells if cell.cell_type == "code"]
    assert all(cell.outputs for cell in shown), "every cell shows something"
    check_outputs(new_notebook(cells=shown[:1]), "Page")
    for cell in shown[1:]:
        with pytest.raises(PcnAnalysisError, match=r"^Page: 1 output of its notebook not shown by") as caught:
            check_outputs(new_notebook(cells=[cell]), "Page")
        assert SECRET not in str(caught.value)


def test_the_reference_notebooks_show_nothing_by_other_means() -> None:
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        check_outputs(nbformat.read(path, as_version=4), path.stem)


def test_what_fails_is_kept_once_in_a_folder_of_its_own(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(root)
    jobs = planning.plan(settings, planning.choose_places(settings.processed, NORTHFIELD), ["U90001"], []).jobs
    failed = settings.restricted / "failed"

    def fails(job: Job, settings: Settings, work: Path, withheld: object, parent: str) -> None:
        assert work.is_dir()
        assert not any(work.iterdir())
        (work / "executed.ipynb").write_text(SECRET, encoding="utf-8")
        raise ValueError(SECRET)

    def works(job: Job, settings: Settings, work: Path, withheld: object, parent: str) -> Made:
        (work / f"{job.stem}.html").write_text(SECRET, encoding="utf-8")
        return Made([work / f"{job.stem}.html"], [], KernelFacts("ordinary"))

    def make_page(job: Job) -> ledger.Entry:
        [entry] = runner.run([job], settings)
        return entry

    settings = replace(settings, jobs=1)
    monkeypatch.setattr(attempts, "made_page", fails)
    for _ in range(2):
        for job in jobs:
            entry = make_page(job)
            assert (entry.status, entry.error) == (ledger.FAILED, "ValueError")
    kept = sorted(failed.iterdir())
    assert [folder.name.rpartition(".")[0] for folder in kept] == sorted("_".join(job.page) for job in jobs)
    for folder in kept:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert SECRET in (folder / "traceback.txt").read_text(encoding="utf-8")
    monkeypatch.setattr(attempts, "made_page", works)
    assert make_page(jobs[0]).status == ledger.OK
    assert {folder.name.rpartition(".")[0] for folder in failed.iterdir()} == {"_".join(job.page) for job in jobs[1:]}
