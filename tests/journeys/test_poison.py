"""Poison in every identifier of a delivery: whatever goes well or wrong, nothing that is written or said holds any.

People arrive with NHS numbers, names, postcodes, days of birth and notes in free text. ``test_people_reports.py`` does
the same with people who are stored already.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from test_bad_input import Outcome, new_project, run

from pcn_analysis.commands import clock
from pcn_analysis.population import load_population
from pcn_analysis.prepared import save_place
from pcn_analysis.reports import ledger
from pcn_analysis.settings import ROOT_VARIABLE
from pcn_analysis.synthetic.place import invent_place

pytestmark = pytest.mark.journey

NETWORK, DAY = "U00005", dt.date(2026, 7, 1)
PEOPLE = 150
NUMBERS = [f"{first}{last}" for first in range(943_476_000, 943_476_400)
           if (last := -sum(int(one) * (10 - at) for at, one in enumerate(str(first))) % 11) < 10][:PEOPLE]  # fmt: skip
"""Valid NHS numbers, one for each person."""
POISON = re.compile(
    r"943[\s-]?476[\s-]?\d{4}|poison|CH4[0-9] ?5AL|19[0-9]{2}-0[0-9]-17|17/0[0-9]/19[0-9]{2}", re.IGNORECASE
)
"""Any value of a person: their number, name, note, postcode or day of birth."""
COLUMNS = "person_id,nhs_number,surname,postcode,birth_date,birth_precision,sex,practice_code,lsoa21,notes"
SECTIONS = "02_segmentation"


def delivery(folder: Path) -> Path:
    """Tables of 150 people of one network whose every identifier is poison."""
    practices = invent_place().tables["practices"].frame
    own = practices[practices["pcn_code"].eq(NETWORK)]["practice_code"].iloc[0]
    folder.mkdir(parents=True)
    lines = [COLUMNS]
    conditions = ["person_id,condition_start_date,code,code_system,condition,status,source"]
    for at, number in enumerate(NUMBERS):
        born = f"{1930 + at % 60}-0{1 + at % 9}-17"
        lines.append(f"{number},{number},Poisonby{at},CH4{at % 10} 5AL,{born},day,"
                     f"{'female' if at % 2 else 'male'},{own},,POISON note of {number}")  # fmt: skip
        what = "44054006,snomed,diabetes" if at % 3 else "195967001,snomed,asthma"
        conditions.append(f"{number},2020-0{1 + at % 9}-11,{what},active,gp")
    (folder / "persons.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    (folder / "conditions.csv").write_text("\n".join([*conditions, ""]), encoding="utf-8")
    return folder


def prepare(root: Path, *more: object) -> Outcome:
    return run(root, "prepare", "--tables", root.parent / "in", "--place", "synthetic", "--extract-date", DAY, *more)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the invented place, a delivery beside it and a key; never changed."""
    base = tmp_path_factory.mktemp("poison")
    root = new_project(base / "root")
    save_place(invent_place(), root / "data" / "processed")
    (root / "data" / "processed" / "people").mkdir(mode=0o700)
    delivery(base / "in")
    assert run(root, "key", base / "key.txt").code == 0
    return root


@pytest.fixture(scope="module")
def recorded(ready: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    """The project with those people stored under their pseudonyms, and what was said; never changed."""
    base = tmp_path_factory.mktemp("recorded")
    shutil.copytree(ready.parent, base, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "today", lambda: DAY)
        said = prepare(base / "root", "--pseudonymise", base / "key.txt")
    assert said.code == 0, said.err
    return base / "root", said


@pytest.fixture
def project(recorded: tuple[Path, Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it for one test."""
    monkeypatch.setattr(clock, "today", lambda: DAY)
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path / "root"))
    shutil.copytree(recorded[0].parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / "root"


def pseudonyms(root: Path) -> set[str]:
    """The pseudonyms under which people are stored."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ROOT_VARIABLE, str(root))
        persons = load_population("synthetic", NETWORK, "records").tables["persons"]
        return set(persons.select("person_id").collect("pyarrow").to_native()["person_id"].to_pylist())


def assert_nobody_told(root: Path, *said: Outcome, but: tuple[str, ...] = ()) -> None:
    """No value of a person in anything said, or written outside the stored people and the folders that are named."""
    who = pseudonyms(root) if (root / "data/processed/people/synthetic/records").exists() else set()
    heard = [one.out + one.err for one in said]
    files = [path for path in root.rglob("*") if path.is_file()]
    for path in files:
        where = path.relative_to(root).as_posix()
        assert not POISON.search(where)
        if not where.startswith(("data/processed/people/", *but)):
            heard.append(path.read_bytes().decode("utf-8", "replace"))
    for text in heard:
        found = POISON.search(text)
        assert found is None, f"{len(found[0])} characters of poison"
        assert not who.intersection(re.findall(r"[\w-]{6,}", text))


def failing(root: Path, line: str) -> Outcome:
    """Run a notebook that a line has been added to."""
    path = root / "notebooks" / f"{SECTIONS}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = [cell for cell in notebook.cells if cell.cell_type == "code"][1]
    cell.source = f"{cell.source}\n{line}"
    nbformat.write(notebook, path)
    return run(root, "report", "--place", "synthetic", "--pcn", NETWORK, "--notebook", "02")


# -- the door ----------------------------------------------------------------------------------------------


def test_a_delivery_that_says_who_people_are_is_refused_without_saying_it(ready: Path, tmp_path: Path) -> None:
    shutil.copytree(ready.parent, tmp_path, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "today", lambda: DAY)
        refused = prepare(tmp_path / "root")
        checked = run(tmp_path / "root", "check", "--tables", tmp_path / "in", "--extract-date", DAY)
    assert refused.code == checked.code == 2
    assert "150 NHS numbers" in refused.err
    assert_nobody_told(tmp_path / "root", refused, checked)


@pytest.mark.parametrize(
    ("column", "value"),
    [("birth_date", "born POISON"), ("sex", "POISON"), ("practice_code", "POISON17"), ("birth_precision", "POISON"),
     ("person_id", "")],
)  # fmt: skip
def test_bad_values_are_counted_and_not_quoted(ready: Path, tmp_path: Path, column: str, value: str) -> None:
    shutil.copytree(ready.parent, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "in" / "persons.csv"
    head, *rows = [line.split(",") for line in file.read_text(encoding="utf-8").splitlines()]
    for row in rows[:40]:
        row[head.index(column)] = value
    file.write_text("\n".join(",".join(row) for row in [head, *rows]) + "\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "today", lambda: DAY)
        ended = prepare(tmp_path / "root", "--pseudonymise", tmp_path / "key.txt")
    assert ended.code in (0, 2)
    assert_nobody_told(tmp_path / "root", ended)


def test_a_file_that_cannot_be_read_is_named_and_not_quoted(ready: Path, tmp_path: Path) -> None:
    shutil.copytree(ready.parent, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "in" / "persons.csv"
    file.write_bytes(file.read_bytes().replace(b",female,", b',"female,', 1)[:-9] + b"\xff\xfe\x00POISON")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "today", lambda: DAY)
        ended = prepare(tmp_path / "root", "--pseudonymise", tmp_path / "key.txt")
    assert ended.code in (0, 2)
    assert_nobody_told(tmp_path / "root", ended, but=("data/restricted/failed/",))


# -- pages, lists, failures ---------------------------------------------------------------------------------


def test_pages_and_lists_of_a_poisoned_delivery_hold_none(project: Path, recorded: tuple[Path, Outcome]) -> None:
    assert len(pseudonyms(project)) == PEOPLE
    report = run(project, "report", "--place", "synthetic", "--pcn", NETWORK, "--notebook", "02")
    assert "1 pages made, 0 up to date, 0 failed." in report.out, report.err
    lists = run(project, "list", "--place", "synthetic", "--pcn", NETWORK, "--of", "segments")
    assert lists.code == 0, lists.err
    assert list((project / "data/restricted/lists").rglob("*.csv"))
    checked = run(project, "release", "check")
    assert checked.code == 0, checked.out + checked.err
    assert_nobody_told(project, recorded[1], report, lists, checked, but=("data/restricted/lists/",))
    rows = json.loads((project / "data/restricted/lists/audit.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert not POISON.search(json.dumps(rows))


OURS = "from pcn_analysis.exceptions import problem;"
ROW = 'population.tables["persons"].collect("pyarrow").to_native()'


@pytest.mark.parametrize(
    "line",
    [
        f"raise ValueError({ROW}.to_pylist()[0])",
        f"{OURS} raise problem({ROW}['person_id'][0].as_py(), 'born on 1950-' + '03-17', str({ROW}['person_id'][1]))",
        f"import sys; sys.stderr.write(str({ROW}.to_pylist()))",
    ],
    ids=["an error", "an error of ours, which is quoted", "on stderr"],
)
def test_a_row_in_what_goes_wrong_in_a_notebook_stays_where_nobody_reads_it(project: Path, line: str) -> None:
    ended = failing(project, line)
    assert ended.code == 1
    assert not (project / "reports/synthetic" / NETWORK / f"{SECTIONS}.html").exists()
    assert_nobody_told(project, ended, but=("data/restricted/failed/",))
    [entry] = ledger.read(project / "reports")
    if "problem" in line:
        assert entry.error == (
            "PcnAnalysisError in cell 3: its words are not repeated, as they hold 1 date of birth or age in days and "
            "2 pseudonyms of people"
        )


# -- what a page would have held -----------------------------------------------------------------------------


LEAKS = (
    "from pcn_analysis.display.output import show_html; told = [show_html(one, 'show_reading', 'x') for one in ("
    f"'of ' + {ROW}['person_id'][0].as_py(), '943 476' + ' 5919', 'CH41' + ' 5AL', 'bo' + 'rn on 3 July 1980', "
    "'<table><tr><th>person_id</th></tr></table>', 'from /' + 'home/somebody/people.csv')]"
)
"""Shown through this package, so that nothing before the last look would stop it; not whole in the source."""


def test_a_page_that_would_say_it_fails_and_nothing_of_it_is_published(project: Path) -> None:
    ended = failing(project, LEAKS)
    assert ended.code == 1
    [entry] = ledger.read(project / "reports")
    holds = (
        "holds 1 NHS number, 1 whole postcode, 1 date of birth or age in days, 1 pseudonym of a person, 1 row of a "
        "table that has one for each person, 1 table or output that was not released and 1 path of a machine. Nothing "
        "of it is published; take it out of what makes the file."
    )
    assert entry.error == f"DisclosureError: {SECTIONS}.ipynb: {holds}\n{SECTIONS}.html: {holds}"
    files = [path.relative_to(project / "reports") for path in (project / "reports").rglob("*") if path.is_file()]
    assert sorted(path.name for path in files if path.parts[0] != "runs") == [
        "index.html",
        "index.html",
        "ledger.jsonl",
    ]
    assert "holds 1 NHS number, 1 whole postcode" in (project / "reports/index.html").read_text(encoding="utf-8")
    assert_nobody_told(project, ended, but=("data/restricted/failed/",))


def test_the_command_finds_what_was_put_beside_the_pages_and_says_where(project: Path) -> None:
    folder = project / "reports" / "synthetic" / NETWORK
    folder.mkdir(parents=True)
    (folder / "extract.csv").write_text(f"person_id,sex\n{min(pseudonyms(project))},female\n", encoding="utf-8")
    found = run(project, "release", "check")
    assert found.code == 1
    assert found.out.splitlines() == [
        f"reports/synthetic/{NETWORK}/extract.csv: 1 pseudonym of a person",
        f"reports/synthetic/{NETWORK}/extract.csv: 1 row of a table that has one for each person",
        f"reports/synthetic/{NETWORK}/extract.csv: 1 table or output that was not released",
    ]
    assert found.err == "1 file of 1 must not leave.\n"
    assert run(project, "release", "check", folder / "nothing.csv").code == 2
    assert_nobody_told(project, found, but=("reports/synthetic/",))
