"""Whatever is wrong with a file, an option or a folder is told in one line each, and nothing prepared is touched.

Most cases run the command line inside this process, which is quick; a few run it as a person does.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import traceback
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest

from pcn_analysis import cli
from pcn_analysis.prepared import load_place
from tests import miniature as mini

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.journey

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
ROOT_VARIABLE = "PCN_ANALYSIS_ROOT"
PLACE_2026 = "northfield-2026-07"


# -- the project, the published files and the command line -------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


def run(root: Path | None, *arguments: object, cwd: Path | None = None) -> Outcome:
    """Run the command line inside this process; what would end it with a traceback is told as one."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["pcn-analysis", *map(str, arguments)])
        patch.delenv(ROOT_VARIABLE, raising=False)
        if root:
            patch.setenv(ROOT_VARIABLE, str(root))
        if cwd:
            patch.chdir(cwd)
        if "open" in arguments:  # should it not refuse, it fails rather than start JupyterLab
            patch.setattr(sys, "executable", "no-such-program")
        try:
            cli.run()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        except Exception:
            traceback.print_exc()
            code = 1
    return Outcome(code, out.getvalue(), err.getvalue())


def run_process(root: Path | None, *arguments: object, cwd: Path | None = None) -> Outcome:
    """Run the command line as a person does."""
    environment = {name: value for name, value in os.environ.items() if name != ROOT_VARIABLE}
    environment |= {ROOT_VARIABLE: str(root)} if root else {}
    environment |= {"PYTHONPATH": os.pathsep.join(filter(None, [str(NOTEBOOKS.parent), os.environ.get("PYTHONPATH")]))}
    command = [sys.executable, "-m", "pcn_analysis", *map(str, arguments)]
    ended = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env=environment, cwd=cwd, check=False, timeout=60
    )
    return Outcome(ended.returncode, ended.stdout, ended.stderr)


def tree(folder: Path) -> dict[str, str]:
    """Every folder and file under a folder, hidden ones included, with a hash of what each file holds."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
    }


def new_project(folder: Path) -> Path:
    """Make a project folder in which nothing has been prepared."""
    (folder / "data" / "processed").mkdir(parents=True)
    shutil.copytree(NOTEBOOKS, folder / "notebooks", ignore=shutil.ignore_patterns("working", ".*"))
    return folder


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Good files; never changed."""
    return mini.write_open_data(tmp_path_factory.mktemp("published") / "open")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, published: Path) -> Path:
    """A project with Northfield prepared from both vintages; never changed."""
    root = new_project(tmp_path_factory.mktemp("prepared") / "root")
    for vintage in ("2023-07", "2026-07"):
        ended = run(root, *prepare(published, vintage))
        assert ended.code == 0, ended.err
    return root


@pytest.fixture
def project(tmp_path: Path, prepared: Path) -> Path:
    """A copy of that project for one test."""
    return Path(shutil.copytree(prepared, tmp_path / "project"))


@pytest.fixture
def open_folder(tmp_path: Path, published: Path) -> Path:
    """A copy of the good files for one test to spoil."""
    return Path(shutil.copytree(published, tmp_path / "open"))


def refuses(
    root: Path, *arguments: object, says: tuple[str, ...], cwd: Path | None = None, runner: Callable = run
) -> list[str]:
    """Run a command that must fail; hold what it says to the rules and the project to what it was.

    Parameters
    ----------
    says
        Patterns, one a line of the answer in order: where, what is wrong and what to do.
    """
    before = tree(root)
    ended = runner(None if cwd else root, *arguments, cwd=cwd)
    assert "Traceback" not in ended.out + ended.err, ended.err
    assert ended.code == 2, ended
    lines = [line for line in ended.err.splitlines() if line.strip()]
    assert len(lines) == len(says), ended.err
    for line, pattern in zip(lines, says, strict=True):
        assert re.fullmatch(r"Error: \S.*: \S.*\. \S.*[.?…]", line), line
        assert re.search(pattern, line), line
    assert tree(root) == before
    return lines


# -- ways to spoil a published file ------------------------------------------------------------------------

CSV_FILES = (mini.COUNTS, mini.MAP, mini.AGES, mini.PREVALENCE, mini.CENSUS)
ZIP_FILES = (mini.COUNTS, mini.MAP, mini.AGES)
AREA_FILES = (mini.BOUNDARIES_2021, mini.BOUNDARIES_2011)
PARQUET_FILES = (mini.IMD_2025, mini.LINKS, mini.WARDS, mini.BOUNDARIES_2021)
FILES_2023 = (mini.STRUCTURES, mini.IMD_2019, mini.BOUNDARIES_2011)


def read(path: Path) -> pd.DataFrame:
    """Read a published file as it stands."""
    if path.suffix == ".parquet":
        return gpd.read_parquet(path) if path.name in AREA_FILES else pd.read_parquet(path)
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def write(path: Path, frame: pd.DataFrame) -> None:
    """Write a frame in the layout of the file that it stands for."""
    if path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    elif path.suffix == ".zip":
        mini.write_zip(path, "gp-reg-pat-prac.csv", frame)
    else:
        frame.to_csv(path, index=False)


def write_text(path: Path, data: bytes) -> None:
    """Write bytes as the CSV file, or as the one CSV file in the zip."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("gp-reg-pat-prac.csv", data)
    else:
        path.write_bytes(data)


def with_value(path: Path, column: str, value: str, row: int = 0) -> None:
    """Change one value."""
    frame = read(path)
    frame.loc[row, column] = value
    write(path, frame)


def with_row_twice(path: Path, row: int) -> None:
    """Let one row occur twice."""
    frame = read(path)
    write(path, pd.concat([frame, frame.iloc[[row]]], ignore_index=True))


def first_practice(path: Path) -> int:
    """The first row of a practice; ages have rows of larger bodies above it."""
    frame = read(path)
    return int(frame.index[frame["ORG_TYPE"] == "GP"][0]) if "ORG_TYPE" in frame else 0


def without(path: Path, column: str, value: str) -> None:
    """Leave out the rows that hold a value."""
    frame = read(path)
    write(path, frame[frame[column] != value])


def prepare(folder: Path, vintage: str = "2026-07") -> tuple[object, ...]:
    """Arguments that prepare Northfield."""
    return "prepare", "--place", "Northfield", "--open-data", folder, "--vintage", vintage


def vintage_of(file: str) -> str:
    """The vintage that reads a file."""
    return "2023-07" if file in FILES_2023 else "2026-07"


# -- files that are not there ------------------------------------------------------------------------------


def test_missing_folder(project: Path, tmp_path: Path):
    refuses(project, *prepare(tmp_path / "nowhere"), says=(r"nowhere: there is no such folder\. Give the folder",))


def test_file_in_place_of_a_folder(project: Path, open_folder: Path):
    refuses(project, *prepare(open_folder / mini.CENSUS), says=(rf"{mini.CENSUS}: there is no such folder\.",))


def test_empty_folder_names_every_file(project: Path, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    lines = refuses(project, *prepare(tmp_path / "empty"), says=(r": no such file in empty/ \(.*Download it",) * 9)
    assert len(set(lines)) == 9


def test_missing_file(project: Path, open_folder: Path):
    (open_folder / mini.CENSUS).unlink()
    refuses(
        project,
        *prepare(open_folder),
        says=(r"census2021-ts021-lsoa\*: no such file in open/ \(Census 2021.*from Office for National.*ownload it\.",),
        runner=run_process,
    )


def test_several_missing_files_are_named_at_once(project: Path, open_folder: Path):
    for name in (mini.AGES, mini.PREVALENCE, mini.IMD_2025):
        (open_folder / name).unlink()
    refuses(
        project,
        *prepare(open_folder),
        says=(r"quin-age_2026-07\*: no such file", r"PREVALENCE_2425\*: no such file", r"imd2025.*: no such file"),
    )


def test_unzipped_copy_beside_a_file_does_no_harm(project: Path, open_folder: Path):
    with zipfile.ZipFile(open_folder / mini.COUNTS) as archive:
        archive.extractall(open_folder / Path(mini.COUNTS).stem)
    ended = run(project, *prepare(open_folder))
    assert ended.code == 0, ended.err


def test_misnamed_file(project: Path, open_folder: Path):
    (open_folder / mini.PREVALENCE).rename(open_folder / "PREVALANCE_2425.csv")
    refuses(
        project, *prepare(open_folder), says=(r"PREVALENCE_2425\*: no such file.*Did you mean PREVALANCE_2425\.csv\?",)
    )


@pytest.mark.parametrize(
    ("file", "copy"),
    [(mini.PREVALENCE, "PREVALENCE_2425 (1).csv"), (mini.AGES, "gp-reg-pat-prac-quin-age_2026-07-copy.zip")],
)
def test_two_files_that_both_fit_are_not_chosen_between(project: Path, open_folder: Path, file: str, copy: str):
    shutil.copy(open_folder / file, open_folder / copy)
    says = rf"\*[^:]*: {re.escape(min(file, copy))} and {re.escape(max(file, copy))} both fit\. Keep the one to be used"
    refuses(project, *prepare(open_folder), says=(says,))


def test_files_that_fit_twice_and_files_that_are_missing_are_named_at_once(project: Path, open_folder: Path):
    shutil.copy(open_folder / mini.PREVALENCE, open_folder / "PREVALENCE_2425_v2.csv")
    (open_folder / mini.CENSUS).unlink()
    refuses(
        project,
        *prepare(open_folder),
        says=(r"PREVALENCE_2425\*: .* both fit\. Keep", r"census2021-ts021-lsoa\*: no such file"),
        runner=run_process,
    )


# -- files that cannot be read -----------------------------------------------------------------------------


@pytest.mark.parametrize("file", [*CSV_FILES, *PARQUET_FILES, *FILES_2023])
def test_wrong_columns(project: Path, open_folder: Path, file: str):
    write(open_folder / file, pd.DataFrame({"fruit": ["apple"], "colour": ["green"]}))
    refuses(
        project,
        *prepare(open_folder, vintage_of(file)),
        says=(rf"{re.escape(file)}: (lacks columns? |has none of|is no .*boundaries)",),
    )


def test_one_column_renamed(project: Path, open_folder: Path):
    write(open_folder / mini.COUNTS, mini.counts().rename(columns={"LSOA_CODE": "AREA"}))
    refuses(project, *prepare(open_folder), says=(rf"{mini.COUNTS}: lacks column lsoa_code\. Check that",))


@pytest.mark.parametrize("file", [*CSV_FILES, *PARQUET_FILES, *FILES_2023])
def test_header_only(project: Path, open_folder: Path, file: str):
    write(open_folder / file, read(open_folder / file).iloc[:0])
    says = rf"{re.escape(file)}: (the file has a header and no rows|\d+ areas of the place have no boundary)\. "
    refuses(project, *prepare(open_folder, vintage_of(file)), says=(says,))


@pytest.mark.parametrize("file", [*CSV_FILES, *PARQUET_FILES, *FILES_2023])
def test_empty_file(project: Path, open_folder: Path, file: str):
    (open_folder / file).write_bytes(b"")
    refuses(
        project,
        *prepare(open_folder, vintage_of(file)),
        says=(rf"{re.escape(file)}: (the file is empty|the file cannot be read|is no .*boundaries).*ownload it again",),
    )


@pytest.mark.parametrize("file", ZIP_FILES)
def test_truncated_zip(project: Path, open_folder: Path, file: str):
    whole = (open_folder / file).read_bytes()
    (open_folder / file).write_bytes(whole[: len(whole) // 2])
    refuses(
        project, *prepare(open_folder), says=(rf"{file}: the zip file is damaged or cut short\. Download it again",)
    )


def test_zip_damaged_inside(project: Path, open_folder: Path):
    data = bytearray((open_folder / mini.AGES).read_bytes())
    data[200:300] = bytes(100)
    (open_folder / mini.AGES).write_bytes(data)
    refuses(project, *prepare(open_folder), says=(rf"{mini.AGES}: the zip file is damaged",))


def test_zip_without_a_csv(project: Path, open_folder: Path):
    with zipfile.ZipFile(open_folder / mini.COUNTS, "w") as archive:
        archive.writestr("read-me.txt", "The data are elsewhere.")
    refuses(project, *prepare(open_folder), says=(rf"{mini.COUNTS}: holds no CSV file\. Download it again",))


def test_web_page_saved_as_a_zip(project: Path, open_folder: Path):
    (open_folder / mini.MAP).write_text("<!doctype html><title>Not found</title>", encoding="utf-8")
    refuses(project, *prepare(open_folder), says=(rf"{mini.MAP}: the zip file is damaged or cut short\.",))


@pytest.mark.parametrize(("flag", "method"), [pytest.param(1, 8, id="password"), pytest.param(0, 9, id="deflate64")])
def test_zip_that_cannot_be_unpacked(project: Path, open_folder: Path, flag: int, method: int):
    path = open_folder / mini.COUNTS
    data = bytearray(path.read_bytes())
    for start, offset in ((data.find(b"PK\3\4"), 6), (data.find(b"PK\1\2"), 8)):
        data[start + offset] = flag
        data[start + offset + 2] = method
    path.write_bytes(data)
    refuses(project, *prepare(open_folder), says=(rf"{mini.COUNTS}: ",))


@pytest.mark.parametrize(("file", "encoding"), [*((file, "latin-1") for file in CSV_FILES), (mini.MAP, "utf-16")])
def test_text_that_is_not_utf8(project: Path, open_folder: Path, file: str, encoding: str):
    text = read(open_folder / file).to_csv(index=False)
    first = text.splitlines()[1]
    write_text(open_folder / file, text.replace(first, first[:-1] + "é", 1).encode(encoding))
    refuses(project, *prepare(open_folder), says=(rf"{re.escape(file)}: the text is not UTF-8\. Download it again",))


def test_row_with_a_comma_too_many(project: Path, open_folder: Path):
    text = mini.counts().to_csv(index=False).replace("BIRCH PRACTICE", "BIRCH, PRACTICE", 1)
    write_text(open_folder / mini.COUNTS, text.encode())
    refuses(project, *prepare(open_folder), says=(rf"{mini.COUNTS}: ",))


def test_download_cut_short_within_a_row(project: Path, open_folder: Path):
    path = open_folder / mini.PREVALENCE
    path.write_text(path.read_text(encoding="utf-8").rstrip().removesuffix(",TOTAL,3100"), encoding="utf-8")
    refuses(project, *prepare(open_folder), says=(mini.PREVALENCE,))


@pytest.mark.parametrize("file", [*PARQUET_FILES, *FILES_2023])
def test_corrupt_parquet(project: Path, open_folder: Path, file: str):
    whole = (open_folder / file).read_bytes()
    (open_folder / file).write_bytes(whole[: len(whole) // 2])
    refuses(
        project,
        *prepare(open_folder, vintage_of(file)),
        says=(rf"{file}: (the file cannot be read as a table|is no .*boundaries).*ownload it again",),
    )


# -- files that hold what they should not ------------------------------------------------------------------

NUMBERS = {
    mini.COUNTS: "NUMBER_OF_PATIENTS",
    mini.AGES: "NUMBER_OF_PATIENTS",
    mini.PREVALENCE: "REGISTER",
    mini.CENSUS: "Ethnic group: Total: All usual residents",
}


@pytest.mark.parametrize(
    ("file", "value"),
    [
        *((file, value) for file in NUMBERS for value in ("many", "-3")),
        *((mini.COUNTS, value) for value in ("*", "2.5", "1,200", "inf", "1e30")),
    ],
)
def test_count_that_is_no_whole_number(project: Path, open_folder: Path, file: str, value: str):
    with_value(open_folder / file, NUMBERS[file], value, first_practice(open_folder / file))
    says = rf"{re.escape(file)}, column .*: no whole number of patients in 1 row\. Download it again"
    lines = refuses(project, *prepare(open_folder), says=(says,))
    assert value not in lines[0].replace(file, "")


@pytest.mark.parametrize("file", [mini.COUNTS, mini.AGES])
def test_blank_count_of_patients_is_not_taken_for_none(project: Path, open_folder: Path, file: str):
    with_value(open_folder / file, "NUMBER_OF_PATIENTS", "", first_practice(open_folder / file))
    refuses(project, *prepare(open_folder), says=(re.escape(file),))


@pytest.mark.parametrize("file", [mini.COUNTS, mini.AGES, mini.PREVALENCE, mini.CENSUS, mini.MAP, mini.IMD_2025])
def test_row_that_occurs_twice(project: Path, open_folder: Path, file: str):
    with_row_twice(open_folder / file, first_practice(open_folder / file))
    refuses(project, *prepare(open_folder), says=(rf"{re.escape(file)}: 1 row repeated, by .*\. ",))


def test_area_with_two_boundaries(project: Path, open_folder: Path):
    with_row_twice(open_folder / mini.BOUNDARIES_2021, 0)
    refuses(project, *prepare(open_folder), says=(mini.BOUNDARIES_2021,))


@pytest.mark.parametrize("file", ZIP_FILES)
@pytest.mark.parametrize(
    ("date", "shown"),
    [
        pytest.param("01Apr2024", "01 April 2024", id="another-date"),
        pytest.param("midsummer", "an unreadable date", id="no-date"),
    ],
)
def test_wrong_date_inside(project: Path, open_folder: Path, file: str, date: str, shown: str):
    write(open_folder / file, read(open_folder / file).assign(EXTRACT_DATE=date))
    expected = "01 July 2023" if file == mini.COUNTS else "01 July 2026"
    refuses(project, *prepare(open_folder), says=(rf"{file}: is dated {shown} inside, not {expected}\. Use the file",))


def test_unknown_age_band(project: Path, open_folder: Path):
    write(open_folder / mini.AGES, mini.ages().replace({"AGE_GROUP_5": {"95+": "95_99"}}))
    refuses(project, *prepare(open_folder), says=(rf"{mini.AGES}: 12 rows have an unknown age band\. Use",))


@pytest.mark.parametrize("vintage", ["2023-07", "2026-07"])
def test_counts_of_mixed_lsoa_vintages(project: Path, open_folder: Path, vintage: str):
    row = list(mini.COUNTS_2023["A90001"]).index("E01000101")
    with_value(open_folder / mini.COUNTS, "LSOA_CODE", "E01000301", row)
    refuses(
        project,
        *prepare(open_folder, vintage),
        says=(rf"{mini.COUNTS}: mixed LSOA vintages: 3 codes of 2011 only, 1 of 2021 only, 0 of neither\. Use",),
    )


def test_counts_wholly_on_lsoa_2021(project: Path, open_folder: Path):
    new = {"E01000103": "E01000301", "E01000205": "E01000303", "E01000206": "E01000303"}
    moved = mini.counts().replace({"LSOA_CODE": new})
    write(open_folder / mini.COUNTS, moved.drop_duplicates(["PRACTICE_CODE", "LSOA_CODE"]))
    refuses(project, *prepare(open_folder), says=(rf"{mini.COUNTS}: is on LSOA 2021, where LSOA 2011 is needed\. Use",))


def test_deprivation_of_the_other_vintage(project: Path, open_folder: Path):
    shutil.copy(open_folder / mini.IMD_2019, open_folder / mini.IMD_2025)
    refuses(project, *prepare(open_folder), says=(rf"{mini.IMD_2025}: lacks columns lsoa21_code, imd_score\. Check",))


def test_deprivation_with_codes_of_the_other_vintage(project: Path, open_folder: Path):
    codes = [*mini.AREAS_2011]
    write(open_folder / mini.IMD_2025, mini.deprivation_2025().assign(lsoa21_code=codes))
    refuses(
        project,
        *prepare(open_folder),
        says=(rf"{mini.IMD_2025}: 0 LSOAs of the counts have no local authority and 3 no decile\. Use lookup",),
    )


@pytest.mark.parametrize(
    ("decile", "says"),
    [
        pytest.param(11.0, "1 value above 10", id="11"),
        pytest.param(2.5, "is not a column of kind integer", id="2.5"),
    ],
)
def test_decile_that_there_is_not(project: Path, open_folder: Path, decile: float, says: str):
    path = open_folder / mini.IMD_2025
    write(path, mini.deprivation_2025().replace({"IMD_decile": {9.0: decile}}))
    refuses(project, *prepare(open_folder), says=(rf"areas\.imd_decile: {says}\. \S",))


def test_area_lookup_that_lacks_an_area(project: Path, open_folder: Path):
    without(open_folder / mini.WARDS, "lsoa21_code", "E01000104")
    refuses(project, *prepare(open_folder), says=(r"1 LSOAs? of the counts have no local authority",))


def test_lookup_between_vintages_that_lacks_an_area(project: Path, open_folder: Path):
    without(open_folder / mini.LINKS, "lsoa11_code", "E01000104")
    refuses(project, *prepare(open_folder), says=(r"1 (of neither|LSOA codes of the counts are not in it)\. \S",))


def test_boundaries_that_lack_areas(project: Path, open_folder: Path):
    without(open_folder / mini.BOUNDARIES_2021, "lsoa21_code", "E01000104")
    refuses(
        project,
        *prepare(open_folder),
        says=(rf"{mini.BOUNDARIES_2021}: 1 areas? of the place have no boundary\. Use boundaries",),
    )


def test_boundaries_of_elsewhere(project: Path, open_folder: Path):
    elsewhere = [f"E0199990{number}" for number in range(10)] + ["E01999910", "E01999911"]
    write(open_folder / mini.BOUNDARIES_2021, mini.boundaries_2021().assign(lsoa21_code=elsewhere))
    refuses(project, *prepare(open_folder), says=(rf"{mini.BOUNDARIES_2021}: \d+ areas of the place have no boundary",))


def test_boundaries_without_a_coordinate_system(project: Path, open_folder: Path):
    write(open_folder / mini.BOUNDARIES_2021, mini.boundaries_2021().set_crs(None, allow_override=True))
    refuses(project, *prepare(open_folder), says=(mini.BOUNDARIES_2021,))


# -- practices without a network ---------------------------------------------------------------------------


def spoil_membership(folder: Path, vintage: str, kind: str) -> str:
    """Let the map lack Cedar Medical Centre, or its network; return the file's name."""
    file, column = {"2026-07": (mini.MAP, "PCN_CODE"), "2023-07": (mini.STRUCTURES, "PCN_ODS_CODE")}[vintage]
    if kind == "no-row":
        without(folder / file, "PRACTICE_CODE", "A90003")
    else:
        frame = read(folder / file)
        frame.loc[frame["PRACTICE_CODE"] == "A90003", column] = None if kind == "null" else ""
        write(folder / file, frame)
    return file


@pytest.mark.parametrize(
    ("vintage", "kind"),
    [("2026-07", "no-row"), ("2026-07", "blank"), ("2023-07", "no-row"), ("2023-07", "blank"), ("2023-07", "null")],
)
def test_practice_without_a_network(project: Path, open_folder: Path, vintage: str, kind: str):
    file = spoil_membership(open_folder, vintage, kind)
    refuses(
        project,
        *prepare(open_folder, vintage),
        says=(
            rf"{file}: no network is given for 1 practice of Northfield.*\(A90003\)\. "
            r"Complete the file, or give --allow-unmapped",
        ),
    )

    ended = run(project, *prepare(open_folder, vintage), "--allow-unmapped")

    assert ended.code == 0, ended.err
    place = load_place(project / "data" / "processed" / f"northfield-{vintage}")
    practices = place.tables["practices"].frame.set_index("practice_code")
    assert practices.loc["A90003", "in_place"]
    assert pd.isna(practices.loc["A90003", "pcn_code"])
    assert place.networks()["pcn_code"].to_list() == ["U90001"]


def test_place_whose_practices_are_all_unallocated(project: Path, open_folder: Path):
    write(open_folder / mini.MAP, mini.membership_2026().assign(PCN_CODE="U", PCN_NAME="Unallocated"))
    assert run(project, *prepare(open_folder)).code == 0
    for command in (("report",), ("open", "01")):
        refuses(project, *command, "--place", PLACE_2026, says=(r"(Northfield|northfield|--place).* network.*\. \S",))


# -- options -----------------------------------------------------------------------------------------------


def test_unknown_place(project: Path, published: Path):
    refuses(
        project,
        *("prepare", "--place", "Northfeild", "--open-data", published),
        says=(r"--place: there is no local authority named 'Northfeild'\. Did you mean Northfield\?",),
        runner=run_process,
    )


def test_no_place(project: Path, published: Path):
    refuses(project, "prepare", "--open-data", published, says=(r"no place is named\. Give --place NAME",))


def test_blank_place(project: Path, published: Path):
    refuses(project, "prepare", "--place", " ", "--open-data", published, says=(r"--place|prepare",))


def test_synthetic_with_place(project: Path):
    refuses(project, "prepare", "--synthetic", "--place", "Northfield", says=(r"--synthetic: .*\. Leave out --place",))


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("prepare", "--place", "Northfield", "--vintage", "2019-07"), id="vintage"),
        pytest.param(("report", "--plcae", "Northfield"), id="option"),
        pytest.param(("report", "--jobs", "0"), id="jobs"),
        pytest.param(("rapport",), id="command"),
    ],
)
def test_what_the_command_line_itself_refuses(project: Path, arguments: tuple[str, ...]):
    before = tree(project)
    ended = run(project, *arguments)
    assert ended.code == 2
    assert "Traceback" not in ended.out + ended.err
    assert tree(project) == before


@pytest.mark.parametrize("command", [("report",), ("report", "--place", "Northfield"), ("open", "01")])
def test_nothing_prepared(tmp_path: Path, command: tuple[str, ...]):
    refuses(
        new_project(tmp_path / "new"), *command, says=(r"has(n't| not)? been prepared\. Run `pcn-analysis prepare`",)
    )


def test_report_of_nothing_prepared_as_a_process(tmp_path: Path):
    root = new_project(tmp_path / "new")
    refuses(
        root, "report", says=(r"no place has been prepared\. Run `pcn-analysis prepare` first\.",), runner=run_process
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(("--pcn", "U90011"), r"--pcn: .*'U90011'\. Did you mean .*U90001", id="network"),
        pytest.param(("--notebook", "99"), r"--notebook: there is no notebook '99'\. \S", id="notebook-number"),
        pytest.param(
            ("--notebook", "population_profil"),
            r"--notebook: .*\. Did you mean 01_population_profile\?",
            id="notebook-name",
        ),
        pytest.param(("--place", "Nothfield"), r"--place: .*'Nothfield'.*\. Did you mean Northfield", id="place"),
        pytest.param(("--place", "Southmere"), r"--place: .*'Southmere' has not been prepared\. \S", id="other-place"),
    ],
)
def test_report_of_what_there_is_not(project: Path, arguments: tuple[str, ...], says: str):
    refuses(project, "report", *arguments, says=(says,))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(("99",), r"there is no notebook '99'\. Known: 01_population_profile", id="notebook"),
        pytest.param(("01", "--place", "Nothfield"), r"--place: .*Did you mean Northfield", id="place"),
        pytest.param(("01", "--pcn", "U90011"), r"--pcn: .*'U90011'\. Did you mean .*U90001", id="network"),
    ],
)
def test_open_of_what_there_is_not(project: Path, arguments: tuple[str, ...], says: str):
    refuses(project, "open", *arguments, says=(says,))


def test_notebook_that_has_been_deleted(project: Path):
    (project / "notebooks" / "01_population_profile.ipynb").unlink()
    refuses(project, "report", says=(r"notebooks/01_population_profile\.ipynb: is missing\. Restore it",))
    refuses(project, "open", "01", says=(r"01_population_profile\.ipynb: is missing\. \S",))


# -- the project folder and its configuration --------------------------------------------------------------


@pytest.mark.parametrize("command", [("report",), ("prepare", "--synthetic"), ("open", "01"), ("notebooks", "lint")])
def test_not_a_project_folder(tmp_path: Path, command: tuple[str, ...]):
    says = r": this is not a pcn_analysis project: .*\. Change to the project folder, or set PCN_ANALYSIS_ROOT\."
    refuses(tmp_path, *command, says=(says,), cwd=tmp_path)


def test_not_a_project_folder_as_a_process(tmp_path: Path):
    refuses(tmp_path, "report", says=(r"not a pcn_analysis project",), cwd=tmp_path, runner=run_process)


def test_variable_that_names_no_folder(tmp_path: Path, published: Path):
    ended = run(tmp_path / "mistyped", *prepare(published))
    assert ended.code == 2
    assert re.search(r"^Error: .*mistyped.*\. \S", ended.err)
    assert not (tmp_path / "mistyped").exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("jobs = ", (r"not valid TOML .*\. Start from config/example\.toml\.",), id="bad-toml"),
        pytest.param("raw = 'caf\xe9'", (r"not valid TOML .*\. Start from",), id="not-utf8"),
        pytest.param("job = 2", (r"unknown entry 'job'\. Did you mean jobs\?",), id="unknown-entry"),
        pytest.param("jobs = 'two'", (r"jobs has the wrong type of value\. See config/example\.toml\.",), id="type"),
        pytest.param("jobs = true", (r"jobs has the wrong type of value\.",), id="true-is-no-number"),
        pytest.param("jobs = 0", (r"jobs .*\. \S",), id="no-jobs"),
        pytest.param("cell_minutes = -1", (r"cell_minutes .*\. \S",), id="negative-minutes"),
        pytest.param("raw = 3\nreport = 'x'", (r"unknown entry 'report'", r"raw has the wrong type"), id="two-faults"),
    ],
)
def test_broken_configuration(project: Path, text: str, says: tuple[str, ...]):
    (project / "config").mkdir()
    (project / "config" / "pcn_analysis.toml").write_bytes(text.encode("latin-1"))
    lines = refuses(project, "report", "--pcn", "U00000", says=says)
    assert all(line.startswith("Error: pcn_analysis.toml: ") for line in lines)


# -- a prepared place that has been damaged ----------------------------------------------------------------

AGAIN = r"Run `pcn-analysis prepare` again"
ONE_PAGE = ("report", "--place", PLACE_2026, "--notebook", "01", "--pcn", "U90001")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param('{"name": "North', id="cut-short"),
        pytest.param("[]", id="list"),
        pytest.param('{"name": "Northfield"}', id="lacks-entries"),
    ],
)
def test_damaged_facts(project: Path, text: str):
    (project / "data" / "processed" / PLACE_2026 / "place.json").write_text(text, encoding="utf-8")
    says = rf"{PLACE_2026}/place\.json: is missing or damaged\. {AGAIN}"
    refuses(project, *ONE_PAGE, says=(says,))
    refuses(project, "open", "01", "--place", PLACE_2026, says=(says,))


PREPARED = (
    "practices.parquet",
    "areas.parquet",
    "registrations_by_area.parquet",
    "registrations_by_age.parquet",
    "disease_registers.parquet",
    "boundaries.parquet",
)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def damage_inside(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4:400] = bytes([255]) * len(data[4:400])
    path.write_bytes(data)


def drop_a_column(path: Path) -> None:
    frame = gpd.read_parquet(path) if path.name == "boundaries.parquet" else pd.read_parquet(path)
    frame.drop(columns=frame.columns[0]).to_parquet(path, index=False)


@pytest.mark.parametrize(
    ("damage", "file"),
    [
        *((cut_short, file) for file in PREPARED),
        *(
            (damage, file)
            for damage in (damage_inside, drop_a_column, Path.unlink)
            for file in ("practices.parquet", "boundaries.parquet")
        ),
    ],
)
def test_damaged_prepared_file(project: Path, damage: Callable[[Path], None], file: str):
    damage(project / "data" / "processed" / PLACE_2026 / file)
    refuses(project, *ONE_PAGE, says=(rf"{file}.*\. {AGAIN}",))


def test_damaged_place_is_put_right_by_preparing_it_again(project: Path, published: Path):
    folder = project / "data" / "processed" / PLACE_2026
    good = tree(folder)
    cut_short(folder / "practices.parquet")

    ended = run(project, *prepare(published))

    assert ended.code == 0, ended.err
    assert tree(folder) == good
