"""What can be delivered, which tables are found in it, and how typed tables become text without losing a digit."""

import os
import subprocess
import sys
import zipfile

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pcn_analysis import stored
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.extracts.workspace import workspace
from tests.unit.extract_rooms import room

pytestmark = pytest.mark.unit

CSV = "person_id,sex\n001,male\n"


@pytest.fixture
def here(tmp_path):
    with room(tmp_path) as opened:
        yield opened


def parquet(here, name="persons.parquet", **columns):
    path = here.file(b"", name)
    pq.write_table(pa.table(columns), path)
    return path


def database(here, *statements, name="all.duckdb"):
    path = here.file(b"", name)
    path.unlink()
    with duckdb.connect(str(path)) as connection:
        for one in statements:
            connection.execute(one)
    return path


# -- which tables there are ----------------------------------------------------------------------------------


def test_tables_are_called_as_their_files(here):
    for name in ("Persons.CSV", "sub/HES APC 2020.txt", "a.tsv", "b.psv", "c.PARQUET", ".hidden.csv", "_x/d.csv",
                 "notes.docx", "inner.zip"):  # fmt: skip
        here.file(CSV, name)
    delivery = here.opened(here.folder)
    assert sorted(delivery.files) == ["a", "b", "c", "hes_apc_2020", "persons"]
    assert delivery.matching("*hes_apc*") == ["hes_apc_2020"]
    assert delivery.matching("PERSONS", "nothing") == ["persons"]


def test_one_file_is_a_delivery(here):
    delivery = here.opened(here.file(CSV, "people.csv"))
    assert here.rows(delivery.read("people").relation) == [("001", "male")]


def test_a_zip_is_a_delivery_and_a_zip_in_it_is_not_opened(here):
    path = here.file(b"", "all.zip")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("extract/persons.csv", CSV)
        archive.writestr("extract/inner.zip", b"PK")
    delivery = here.opened(path)
    assert here.rows(delivery.read("persons").relation) == [("001", "male")]


def test_nothing_to_read_is_an_error(here):
    here.file("x", "readme.md")
    with pytest.raises(PcnAnalysisError, match="holds no file of a kind that can be read"):
        here.opened(here.folder)
    with pytest.raises(PcnAnalysisError, match="no such file or folder"):
        here.opened(here.folder / "elsewhere")


def test_parts_in_a_folder_of_their_own_are_one_table(here):
    for part in ("person/part-0001.csv", "person/part-0002.csv", "visits.parquet/x=1/data_0.csv"):
        here.file(CSV, part)
    delivery = here.opened(here.folder)
    assert sorted(delivery.files) == ["person", "visits"]
    assert delivery.read("person").rows == 2


def test_several_tables_in_one_folder_are_several_tables(here):
    parquet(here, "extract/persons.parquet", person_id=["1"])
    parquet(here, "extract/conditions.parquet", person_id=["1"])
    parquet(here, "drug/part-0.parquet", person_id=["1"])
    assert sorted(here.opened(here.folder).files) == ["conditions", "drug", "persons"]


def test_parts_with_other_columns_are_an_error_and_another_order_is_none(here):
    here.file(CSV, "person/part-1.csv")
    here.file("sex,person_id\nfemale,002\n", "person/part-2.csv")
    raw = here.opened(here.folder).read("person")
    assert sorted(here.rows(f"(SELECT person_id, sex FROM {raw.relation})")) == [("001", "male"), ("002", "female")]
    here.file("person_id\n003\n", "person/part-3.csv")
    with pytest.raises(PcnAnalysisError, match=r"part-3.csv: its columns are not those of part-1.csv"):
        here.opened(here.folder).read("person")


@pytest.mark.parametrize("names", [
    ("persons.csv", "persons.txt"), ("new persons.csv", "new_persons.csv"),
    ("persons.csv", "persons/part-1.csv"),
])  # fmt: skip
def test_two_files_beside_each_other_that_are_one_table_are_refused(here, names):
    for name in (*names, "visits.csv"):
        here.file(CSV, name)
    delivery = here.opened(here.folder)
    table = next(one for one in delivery.files if one != "visits")
    assert delivery.read("visits").rows == 1, "what is not read does no harm"
    with pytest.raises(PcnAnalysisError, match=rf" and .*: are each the table {table}\. Deliver one"):
        delivery.read(table)


def test_files_of_one_name_in_several_folders_are_one_table_and_that_is_noted(here):
    for name in ("2024/apc.csv", "2025/apc.csv", "2024/op/part-1.csv", "2024/op/part-2.csv"):
        here.file(CSV, name)
    delivery = here.opened(here.folder)
    assert [delivery.read(one).rows for one in ("apc", "op")] == [2, 2]
    assert [(one.where, one.what, one.rows, one.action) for one in here.findings.rows] == [
        ("apc", "files of this table in several folders, read as one", 2, "noted")
    ]


def test_a_file_is_told_with_its_folders_where_another_has_its_name(here):
    for name in ("a/part-1.csv", "b/part-1.csv", "c/x=1/part-1.csv"):
        here.file(CSV + "002,male\n" * 9 + "003\n", name)
    delivery = here.opened(here.folder)
    raws = [delivery.read(one) for one in "ab"]
    assert [raw.name for raw in raws] == ["a/part-1.csv", "b/part-1.csv"]
    assert {one.where for one in here.findings.rows} == {"a/part-1.csv", "b/part-1.csv"}
    assert delivery.read("c").name == "c/part-1.csv", "a folder that is named for a value is not told"
    here.file("", "b/part-1.csv")
    with pytest.raises(PcnAnalysisError, match=r"^b/part-1\.csv: the file is empty"):
        delivery.read("b")


def test_of_several_deliveries_files_are_told_with_their_kind(here):
    path = here.file(CSV, "tables/persons.csv")
    base = database(here, "CREATE TABLE person AS SELECT 1 AS person_id")
    one, other = here.opened(path.parent, kind="tables"), here.opened(base, kind="omop")
    assert (one.name, one.read("persons").name) == ("tables/tables", "tables/persons.csv")
    assert (other.name, other.read("person").name) == ("omop/all.duckdb", "omop/person")
    with pytest.raises(PcnAnalysisError, match=r"^wide/none\.csv: there is no such file"):
        here.opened(here.folder / "none.csv", kind="wide")


def test_columns_that_are_not_wanted_are_not_read_but_those_named_like_identifiers(here):
    delivery = here.opened(here.file("person_id,sex,nhs_number,x\n1,male,,2\n", "t.csv"))
    raw = delivery.read("t", {"person_id", "absent"})
    assert raw.columns == ("person_id", "nhs_number")
    assert raw.header == ("person_id", "sex", "nhs_number", "x")


# -- typed tables as text ------------------------------------------------------------------------------------


def test_every_digit_of_a_typed_column_is_kept(here):
    path = parquet(
        here, code=[999999999999999999, 1], text=[" 007 ", ""], flag=[True, None], number=[5.0, 0.1],
        small=pa.array([3.0, None], pa.float32()), day=pa.array([0, 1], pa.date32()),
        at=pa.array([0, 1], pa.timestamp("us", tz="UTC")), word=pa.array(["a", "b"]).dictionary_encode(),
        raw=pa.array([b"009", b"x"], pa.binary()),
    )  # fmt: skip
    assert here.rows(here.opened(path).read("persons").relation)[1] == (
        "999999999999999999", "007", "true", "5", "3", "1970-01-01", "1970-01-01 00:00:00+00", "a", "009"
    )  # fmt: skip


@pytest.mark.parametrize("kind", [pa.float64(), pa.float32()])
def test_long_codes_stored_as_floating_point_are_refused(here, kind):
    path = parquet(here, code=pa.array([1.0, 22298006000001.0 * 1e4], kind), x=[1, 2])
    with pytest.raises(PcnAnalysisError, match=r"persons.parquet: code: codes or identifiers stored as floating"):
        here.opened(path).read("persons")


def test_long_codes_in_a_column_that_is_not_read_do_no_harm(here):
    path = parquet(here, code=[2.0**60], person_id=["1"])
    assert here.opened(path).read("persons", {"person_id"}).rows == 1


def test_columns_that_differ_in_case_only_are_an_error(here):
    with pytest.raises(PcnAnalysisError, match="same name but for case"):
        here.opened(parquet(here, **{"Code": ["1"], "code ": ["2"]})).read("persons")


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + bytes(100) + b"PAR1", b"person_id\n1\n"])
def test_a_damaged_parquet_file_is_one_line(here, content):
    delivery = here.opened(here.file(content, "persons.parquet"))
    with pytest.raises(PcnAnalysisError, match=r"^persons.parquet: is damaged, or no table"):
        delivery.read("persons")


def test_a_parquet_file_that_is_damaged_inside_is_one_line(here):
    path = parquet(here, person_id=[f"p{row}" for row in range(10_000)])
    content = bytearray(path.read_bytes())
    content[100:400] = bytes(300)
    path.write_bytes(content)
    with pytest.raises(PcnAnalysisError) as error:
        here.opened(path).read("persons")
    assert "\n" not in str(error.value)
    assert error.value.__cause__ is None


def test_a_duckdb_file_is_read_with_its_schemas_views_and_odd_names(here):
    path = database(
        here, "CREATE TABLE person AS SELECT 1234567890123456789 AS \"Person ID\", 'x''y' AS b",
        "CREATE SCHEMA cdm", 'CREATE TABLE cdm."Visit Detail" AS SELECT 1 AS a', "CREATE VIEW v AS SELECT 2 AS c",
    )  # fmt: skip
    delivery = here.opened(path)
    assert sorted(delivery.files) == ["person", "v", "visit_detail"]
    assert here.rows(delivery.read("person").relation) == [("1234567890123456789", "x'y")]
    assert delivery.read("person").header == ("person_id", "b")
    assert here.rows(delivery.read("visit_detail").relation) == [("1",)]


def test_two_duckdb_files_can_be_open_at_once(here):
    first = here.opened(database(here, "CREATE TABLE a AS SELECT 1 AS x", name="one.duckdb"))
    second = here.opened(database(here, "CREATE TABLE b AS SELECT 2 AS x", name="two.duckdb"))
    assert (here.rows(first.read("a").relation), here.rows(second.read("b").relation)) == ([("1",)], [("2",)])


def test_what_is_no_duckdb_file_is_one_line(here):
    for content in (b"", b"SQLite format 3\0" + bytes(100), b"x" * 5000):
        with pytest.raises(PcnAnalysisError, match="is no DuckDB file"):
            here.opened(here.file(content, "all.db"))


# -- the workspace -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sql", [
    "SELECT CAST('SECRET' AS INTEGER)", "SELECT CAST('SECRET' AS DATE)", "SELECT strptime('SECRET', '%Y')",
    "SELECT 9223372036854775807 + i FROM range(2) t(i)", "SELECT error('SECRET')",
    "SELECT * FROM read_parquet('/nowhere/SECRET.parquet')",
])  # fmt: skip
def test_no_error_of_the_database_quotes_a_value(here, sql):
    for action in (here.space.rows, here.space.run, lambda one: here.space.write(one, "x")):
        with pytest.raises(PcnAnalysisError) as error:
            action(sql)
        assert "SECRET" not in str(error.value)
        assert error.value.__cause__ is None
        assert error.value.__suppress_context__


@pytest.mark.parametrize("end", [None, KeyboardInterrupt, PcnAnalysisError, SystemExit])
def test_the_workspace_is_private_and_gone_at_the_end_whatever_the_end_is(tmp_path, end):
    try:
        with workspace(tmp_path) as space:
            assert space.folder.stat().st_mode & 0o077 == 0
            assert space.folder.parent == tmp_path
            spill = space.row("SELECT current_setting('temp_directory')")[0]
            assert str(spill).startswith(str(space.folder))
            space.write("SELECT 1 AS a", "a")
            if end:
                raise end
    except (KeyboardInterrupt, PcnAnalysisError, SystemExit):
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_behind_is_removed(tmp_path):
    left = tmp_path / ".extract.99999999"
    left.mkdir()
    (left / "raw.parquet").write_text("x")
    with workspace(tmp_path):
        assert not left.exists()


def test_a_second_run_at_the_same_time_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(stored, "WAIT", 0.1)
    with (
        workspace(tmp_path) as space,
        pytest.raises(PcnAnalysisError, match="another run is storing it"),
        workspace(tmp_path),
    ):
        pass
    assert not space.folder.exists()


@pytest.mark.skipif(os.name != "posix", reason="signals are sent")
def test_ctrl_c_removes_the_workspace(tmp_path):
    """The query would take minutes."""
    program = (
        "import os, pathlib, signal, sys, threading\n"
        "from pcn_analysis.extracts.workspace import workspace\n"
        "with workspace(pathlib.Path(sys.argv[1])) as space:\n"
        "    threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()\n"
        "    space.write('SELECT hash(i) AS a FROM range(2000000000) t(i)', 'a')\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, check=False, timeout=60)
    assert done.returncode != 0
    assert b"KeyboardInterrupt" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_small_table_keeps_text_as_text(here):
    relation = here.space.small(pd.DataFrame({"a": ["007", None]}), "small")
    assert here.dictionaries(relation) == [{"a": "007"}, {}]
