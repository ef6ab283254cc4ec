"""Reports and lists on people, from the command line: invented people are marked everywhere, and nobody gets out."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from test_bad_input import Outcome, new_project, refuses, run

from pcn_analysis.engine import to_pandas
from pcn_analysis.person_table import stages
from pcn_analysis.place import Place
from pcn_analysis.population import load_population, population_folder, store_population
from pcn_analysis.prepared import load_place, save_place
from pcn_analysis.provenance import Provenance, Source
from pcn_analysis.reports import ledger
from pcn_analysis.reports.pages import check_page
from pcn_analysis.settings import ROOT_VARIABLE, Settings
from pcn_analysis.sources.local_authority import prepare_place
from pcn_analysis.synthetic.people import draw_people
from tests import miniature as mini

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.journey

PLACE, NETWORK = "northfield-2026-07", "U90001"
SEGMENTATION, ANTICIPATORY = "02_segmentation", "03_anticipatory_care"
MARK = "_SYNTHETIC_PEOPLE"
ONE = ("--place", PLACE, "--pcn", NETWORK)
INVENTED = "SYN-"
"""What the pseudonyms of invented people begin with."""
POISON = "POISON-NHS-9434765919"
NO_RECORDS = "no patient records have been prepared"


@pytest.fixture(scope="module")
def northfield(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """An invented local authority, prepared as a real one."""
    folder = mini.write_open_data(tmp_path_factory.mktemp("published") / "open")
    return prepare_place("Northfield", folder, "2026-07")


def people_project(folder: Path, place: Place) -> Path:
    root = new_project(folder)
    save_place(place, root / "data" / "processed")
    return root


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, northfield: Place) -> dict[str, Outcome | Path | str]:
    """A project in which reports were made without invented people, then with them, then lists; never changed."""
    root = people_project(tmp_path_factory.mktemp("people") / "root", northfield)
    plain = run(root, "report", *ONE, "--notebook", "01", "--notebook", "02", "--notebook", "03")
    without = both_indexes(root)
    files = sorted(path.name for path in (root / "reports").rglob("*.*") if path.is_file() and path.suffix != ".json")
    marked = run(root, "report", *ONE, "--notebook", "02", "--notebook", "03", "--with-synthetic-people")
    index = both_indexes(root)
    lists = run(root, "list", *ONE, "--with-synthetic-people")
    return {"root": root, "plain": plain, "without": without, "files": files, "marked": marked, "index": index,
            "lists": lists}  # fmt: skip


def both_indexes(root: Path) -> str:
    """The index of all places, and the page of the place."""
    found = (root / "reports" / name for name in ("index.html", f"{PLACE}/index.html"))
    return "".join(path.read_text(encoding="utf-8") for path in found)


def page(root: Path, name: str, suffix: str = ".html") -> Path:
    return root / "reports" / PLACE / NETWORK / f"{name}{suffix}"


def texts(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every file under a folder with its name and all that it holds, downloads inside pages included."""
    for path in sorted(folder.rglob("*")):
        held = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
        inside = [base64.b64decode(one).decode("utf-8") for one in re.findall(r"text/csv;base64,([\w+/=]+)", held)]
        yield path, "\n".join([path.relative_to(folder).as_posix(), held, *inside])


# -- without invented people -------------------------------------------------------------------------------


def test_without_records_a_real_place_has_open_data_reports_alone_and_is_told_why(made: dict) -> None:
    plain = made["plain"]
    assert plain.code == 0, plain.err
    assert (
        f"Northfield: no segmentation or anticipatory care: {NO_RECORDS}; --with-synthetic-people shows them on "
        "invented people.\n"
    ) in plain.out
    assert "1 pages made, 0 up to date, 0 failed." in plain.out
    of_page = [f"01_population_profile.{kind}" for kind in ("csv", "html", "ipynb", "xlsx")]
    assert made["files"] == [*of_page, "index.html", "index.html", "ledger.jsonl"]
    assert "SYNTHETIC" not in made["without"]
    absent = (
        "No segmentation, anticipatory care, segment comparison, admission risk, score agreement, "
        "service specifications, neighbourhood inequalities or team plan"
    )
    assert f"{absent}: {NO_RECORDS}." in made["without"]


def test_reports_on_people_alone_are_refused_where_there_are_none(made: dict) -> None:
    says = rf"Northfield: no segmentation: {NO_RECORDS}\. --with-synthetic-people shows them on invented people\."
    refuses(made["root"], "report", *ONE, "--notebook", "02", says=(says,))
    refuses(made["root"], "open", "02", *ONE, says=(says,))
    refuses(made["root"], "list", *ONE, says=(rf"Northfield: no anticipatory care: {NO_RECORDS}\. --with",))


# -- with invented people ----------------------------------------------------------------------------------


def test_invented_people_are_drawn_once_and_said_to_be_drawn(made: dict) -> None:
    assert made["marked"].code == 0, made["marked"].err
    assert made["marked"].err.count("Drawing synthetic people for Northfield Central PCN …") == 1
    assert "2 pages made, 0 up to date, 0 failed." in made["marked"].out
    assert "Drawing" not in made["lists"].err


@pytest.mark.parametrize("name", [SEGMENTATION, ANTICIPATORY])
def test_invented_people_are_marked_in_all_four_places(made: dict, name: str) -> None:
    """The banner, each figure's title, each download, and each file's name."""
    html = page(made["root"], f"{name}{MARK}").read_text(encoding="utf-8")
    check_page(html, name)
    assert not page(made["root"], name).exists()
    assert page(made["root"], f"{name}{MARK}", ".ipynb").exists()
    assert "SYNTHETIC PEOPLE. Nobody on this page exists: people were drawn at random to fit published" in html
    assert "<title>SYNTHETIC PEOPLE: " in html
    assert re.search(r"<h1[^>]*>SYNTHETIC PEOPLE: ", html)
    figures = re.findall(r'<img [^>]*alt="([^"]*)"', html)
    assert figures
    assert all(alt.startswith("Synthetic people. ") for alt in figures)
    downloads = re.findall(r'<a download="([^"]*)" href="data:text/csv;base64,([^"]+)"', html)
    assert downloads
    for file, encoded in downloads:
        assert file.startswith("synthetic-people-")
        heading, *rows = base64.b64decode(encoded).decode("utf-8").splitlines()
        assert heading.endswith("synthetic")
        assert rows
        assert all(row.endswith(",True") for row in rows)
    captions = re.findall(r"<caption>([^<]*)", html)
    assert captions
    assert all(caption.startswith("SYNTHETIC PEOPLE: ") for caption in captions)


def test_the_index_names_invented_people_in_the_link(made: dict) -> None:
    for name, title in ((SEGMENTATION, "Segmentation"), (ANTICIPATORY, "Anticipatory care")):
        assert f'href="{PLACE}/{NETWORK}/{name}{MARK}.html" aria-label="{title} (SYNTHETIC PEOPLE) of ' in made["index"]
        assert f'href="{NETWORK}/{name}{MARK}.html">{title} (SYNTHETIC PEOPLE)<' in made["index"]
    assert "No segmentation" not in made["index"]


def test_the_ledger_tells_pages_on_invented_people_from_others(made: dict) -> None:
    reports = {entry.report for entry in ledger.read(made["root"] / "reports") if entry.status == ledger.OK}
    assert reports == {"01_population_profile", f"{SEGMENTATION}{MARK}", f"{ANTICIPATORY}{MARK}"}


def test_a_second_run_makes_nothing_again_and_draws_nobody(made: dict, tmp_path: Path) -> None:
    root = Path(shutil.copytree(made["root"], tmp_path / "root"))
    again = run(root, "report", *ONE, "--with-synthetic-people", "--notebook", "02", "--notebook", "03")
    assert "0 pages made, 2 up to date, 0 failed." in again.out
    assert "Drawing" not in again.err


def test_what_a_team_can_see_comes_from_the_settings(made: dict, tmp_path: Path) -> None:
    root = Path(shutil.copytree(made["root"], tmp_path / "root"))
    (root / "config").mkdir()
    (root / "config" / "pcn_analysis.toml").write_text("monthly_capacity = 37\n", encoding="utf-8")
    again = run(root, "report", *ONE, "--with-synthetic-people", "--notebook", "02", "--notebook", "03")
    assert "1 pages made, 1 up to date, 0 failed." in again.out
    notebook = page(root, f"{ANTICIPATORY}{MARK}", ".ipynb").read_text(encoding="utf-8")
    assert "monthly_capacity = 37" in notebook


def test_a_working_copy_is_marked_and_set_to_invented_people(
    made: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pcn_analysis.reports.working import working_copy

    root = people_project(tmp_path / "root", load_place(made["root"] / "data" / "processed" / PLACE))
    monkeypatch.setenv(ROOT_VARIABLE, str(root))
    said: list[str] = []
    path = working_copy(Settings(root), "03", PLACE, NETWORK, synthetic_people=True, say=said.append)
    assert path.name == f"{ANTICIPATORY}{MARK}_{PLACE}_{NETWORK}.ipynb"
    assert said == ["Drawing synthetic people for Northfield Central PCN …"]
    text = path.read_text(encoding="utf-8")
    assert r"people = \"synthetic\"" in text
    assert "monthly_capacity = 60" in text
    assert load_population(PLACE, NETWORK, "synthetic").name == "Northfield Central PCN"


# -- what is known to have left ----------------------------------------------------------------------------


def test_what_left_is_in_the_release_register_and_nothing_small_follows_from_it(made: dict) -> None:
    assert "Weighing 2 pages of northfield-2026-07 together …" in made["marked"].err
    listed, audited, checked = (run(made["root"], "release", word) for word in ("list", "audit", "check"))
    assert (listed.code, audited.code, checked.code) == (0, 0, 0), audited.out + checked.out
    for name in (SEGMENTATION, ANTICIPATORY):
        assert f"hes  {NETWORK} {name}{MARK}, table 1: " in listed.out
    assert "nothing can be worked out" in audited.out
    assert "nothing found that must not leave" in checked.out


# -- lists -------------------------------------------------------------------------------------------------


def test_lists_are_written_for_each_practice_where_only_their_owner_can_read(made: dict) -> None:
    assert made["lists"].code == 0, made["lists"].err
    assert "2 lists written, in data/restricted/lists\n" in made["lists"].out
    assert INVENTED not in made["lists"].out + made["lists"].err
    folder = made["root"] / "data" / "restricted" / "lists"
    names = sorted(path.name for path in folder.rglob("*.csv"))
    assert names == [f"SYNTHETIC_PEOPLE_proactive_care_{code}_2026-07-01.csv" for code in ("A90001", "A90002")]
    rows = [line for path in folder.rglob("*.csv") for line in path.read_text("utf-8").splitlines()[1:]]
    assert rows
    assert all(row.startswith(f"True,{INVENTED}{NETWORK}-") for row in rows)
    [line] = (folder / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    assert sum(one["rows"] for one in json.loads(line)["files"].values()) == len(rows)
    if os.name == "posix":
        for path in (folder, *folder.rglob("*")):
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path.name


def test_nothing_with_a_row_for_a_person_lies_under_reports(made: dict) -> None:
    found = list(texts(made["root"] / "reports"))
    assert any(MARK in text for _, text in found)
    assert not [path.name for path, text in found if INVENTED in text]


@pytest.mark.parametrize("entry", ["restricted", "processed"])
@pytest.mark.parametrize("folder", ["reports/lists", "notebooks"])
def test_people_are_kept_out_of_folders_that_may_be_published(
    made: dict, tmp_path: Path, entry: str, folder: str
) -> None:
    root = new_project(tmp_path / "root")
    (root / "config").mkdir()
    (root / "config" / "pcn_analysis.toml").write_text(f'{entry} = "{folder}"\n', encoding="utf-8")
    says = rf"pcn_analysis.toml: {entry} lies in {folder[:7]}.*, which may be published\. Set it to a folder of its own"
    refuses(root, "list", *ONE, "--with-synthetic-people", says=(says,))
    refuses(root, "report", *ONE, says=(says,))


# -- a stop ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="Ctrl+C is sent in another way there")
def test_ctrl_c_while_people_are_drawn_is_told_and_leaves_nothing_of_them(tmp_path: Path) -> None:
    """Two workers are stopped in the middle, as by a person at a terminal."""
    root = new_project(tmp_path / "root")
    assert run(root, "prepare", "--synthetic").code == 0
    people = root / "data" / "processed" / "people" / "synthetic" / "synthetic"
    with subprocess.Popen(
        [sys.executable, "-m", "pcn_analysis", "list", "--pcn", "U00001", "--pcn", "U00002"],
        env={**os.environ, ROOT_VARIABLE: str(root), "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        end = time.monotonic() + 60
        while not list(people.glob(".pcn_code=*.*[0-9]/*")) and time.monotonic() < end:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert err.splitlines()[-1] == "Stopped. What was finished is kept."
    assert [path.name for path in people.iterdir() if path.name.startswith(".")] == []
    assert list((root / "data" / "restricted" / "failed").iterdir()) == []


# -- poison ------------------------------------------------------------------------------------------------


def poisoned(root: Path, place: Place, network: str = NETWORK) -> None:
    """Store people whose every identifier is poison, as if they were patient records."""
    processed = root / "data" / "processed"
    draw_people(place, network, processed)
    drawn = population_folder(processed, place.slug, "synthetic", network)

    def write(folder: Path) -> None:
        for path in drawn.glob("*.parquet"):
            table = pq.read_table(path)
            for index, name in enumerate(table.column_names):
                if name in ("person_id", "visit_id", "visit_occurrence_id"):
                    marked = pc.binary_join_element_wise(pa.scalar(POISON), table[name].cast(pa.string()), "-")
                    table = table.set_column(index, name, marked)
            if path.stem not in ("person_table", "frailty_reasons"):
                pq.write_table(table, folder / path.name)

    source = Source("Patient records", "Invented trust", "to 1 July 2026", "agreement", "Used by agreement.")
    store_population(
        processed,
        place,
        "records",
        network,
        covered=load_covered(drawn),
        provenance=Provenance((source,), people=True),
        extract_date=place.index_date,
        made_from="poison",
        write=write,
        stages=stages,
    )
    shutil.rmtree(drawn)


def load_covered(folder: Path) -> list[str]:
    return list(json.loads((folder / "people.json").read_text(encoding="utf-8"))["covered"])


def add_line(root: Path, name: str, line: str) -> None:
    """Put a line at the end of the second code cell of a notebook, after the parameters."""
    path = root / "notebooks" / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = [cell for cell in notebook.cells if cell.cell_type == "code"][1]
    cell.source = f"{cell.source}\n{line}"
    nbformat.write(notebook, path)


def assert_clean(root: Path, *outcomes: Outcome, but: tuple[str, ...] = ()) -> None:
    """No identifier anywhere but in the prepared data and the lists themselves."""
    for outcome in outcomes:
        assert POISON not in outcome.out + outcome.err
    allowed = ("data/processed", *but)
    for path, text in texts(root):
        where = path.relative_to(root).as_posix()
        is_list = where.startswith("data/restricted/lists/") and path.suffix in (".csv", ".xlsx")
        if is_list or where.startswith(allowed):
            assert POISON not in path.name
        else:
            assert POISON not in text, where


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory, northfield: Place) -> Path:
    """A project with those records; never changed."""
    root = people_project(tmp_path_factory.mktemp("recorded") / "root", northfield)
    poisoned(root, northfield)
    return root


@pytest.fixture
def poison(tmp_path: Path, recorded: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it for one test."""
    root = Path(shutil.copytree(recorded, tmp_path / "root"))
    monkeypatch.setenv(ROOT_VARIABLE, str(root))
    persons = load_population(PLACE, NETWORK, "records").tables["persons"]
    assert all(value.startswith(POISON) for value in to_pandas(persons)["person_id"])
    return root


def test_no_identifier_of_a_record_leaves_by_pages_lists_messages_or_ledger(poison: Path) -> None:
    report = run(poison, "report", *ONE, "--notebook", "02", "--notebook", "03")
    assert "2 pages made, 0 up to date, 0 failed." in report.out, report.err
    assert page(poison, SEGMENTATION).exists()
    assert "SYNTHETIC" not in page(poison, SEGMENTATION).read_text(encoding="utf-8")
    lists = run(poison, "list", *ONE)
    assert lists.code == 0, lists.err
    listed = (poison / "data" / "restricted" / "lists").rglob("*.csv")
    assert any(POISON in path.read_text(encoding="utf-8") for path in listed)
    assert_clean(poison, report, lists)


@pytest.mark.parametrize(
    "line",
    [
        'assert False, str(population.tables["persons"].collect("pyarrow").to_native())',
        'print(population.tables["persons"].collect("pyarrow").to_native())',
        '{}[population.tables["persons"].collect("pyarrow").to_native()["person_id"][0].as_py()]',
        'population.tables["persons"].collect("pyarrow").to_native()',
    ],
    ids=["an error", "a print", "a key that is not there", "a bare value"],
)
def test_no_identifier_of_a_record_leaves_by_a_notebook_that_fails(poison: Path, line: str) -> None:
    """What a cell held stays in data/restricted/failed/, which is why it is there."""
    add_line(poison, SEGMENTATION, line)
    report = run(poison, "report", *ONE, "--notebook", "02")
    assert report.code == 1
    assert not page(poison, SEGMENTATION).exists()
    assert_clean(poison, report, but=("data/restricted/failed/",))


@pytest.mark.parametrize("file", ["person_table.parquet", "people.json"])
def test_no_identifier_of_a_record_is_in_what_is_said_of_damaged_people(poison: Path, file: str) -> None:
    """Records that are damaged are told as such; invented people never take their place."""
    path = population_folder(poison / "data" / "processed", PLACE, "records", NETWORK) / file
    path.write_bytes(path.read_bytes()[:-40] + POISON.encode())
    report = run(poison, "report", *ONE, "--notebook", "02", "--with-synthetic-people")
    lists = run(poison, "list", *ONE)
    assert (report.code, lists.code) == (1, 1)
    assert "its stored people are damaged" in report.err
    assert "its stored people are damaged" in lists.err
    assert_clean(poison, report, lists, but=("data/restricted/failed/",))


def test_a_working_copy_of_a_report_on_records_holds_none(poison: Path) -> None:
    from pcn_analysis.reports.working import working_copy

    path = working_copy(Settings(poison), "02", PLACE, NETWORK)
    assert path.name == f"{SEGMENTATION}_{PLACE}_{NETWORK}.ipynb"
    assert r"people = \"records\"" in path.read_text(encoding="utf-8")
    assert_clean(poison)
