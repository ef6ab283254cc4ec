"""Tables on an engine: the same functions on DuckDB, Polars and pandas at the door give the same answers."""

import datetime as dt

import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from pcn_analysis.engine import distinct, lazy, like, on_frames, scan, to_pandas, write_stage
from pcn_analysis.exceptions import PcnAnalysisError

pytestmark = pytest.mark.unit

PEOPLE = pd.DataFrame(
    {
        "person_id": ["01", "02", "03", "04", "05"],
        "born": pd.to_datetime(["2000-02-29", "1950-12-31", "2026-02-28", None, "1999-03-01"]).astype("datetime64[us]"),
        "weight_kg": pd.array([70.0, None, 3.5, 80.0, None], dtype="Float64"),
        "practice_code": ["A00001", "A00001", None, "A00002", "A00002"],
    }
)
PRACTICES = pd.DataFrame({"practice_code": ["A00001", "A00002"], "pcn_code": ["U00001", "U00002"]})


def on_duckdb(frame: pd.DataFrame) -> nw.LazyFrame:
    return lazy(frame)


def on_polars(frame: pd.DataFrame) -> nw.LazyFrame:
    return lazy(pl.from_pandas(frame).lazy())


def as_pandas(frame: pd.DataFrame) -> pd.DataFrame:
    return frame


ENGINES = pytest.mark.parametrize("engine", [on_duckdb, on_polars, as_pandas])


def rows(answer) -> list[tuple]:
    """Return an answer as plain sorted rows, missing as None."""
    frame = answer if isinstance(answer, pd.DataFrame) else to_pandas(answer)
    return sorted(
        tuple(None if pd.isna(value) else value for value in row) for row in frame.itertuples(index=False, name=None)
    )


@on_frames
def ages_on(people: nw.LazyFrame, day: dt.date) -> nw.LazyFrame:
    """Compute age in whole years; date parts are Int32, because month × 100 overflows Int8."""
    year, month, date = (
        part.cast(nw.Int32) for part in (nw.col("born").dt.year(), nw.col("born").dt.month(), nw.col("born").dt.day())
    )
    later_in_year = nw.when(month * 100 + date > day.month * 100 + day.day).then(1).otherwise(0)
    return people.select("person_id", (day.year - year - later_in_year).alias("age"))


@on_frames
def heavy(people: nw.LazyFrame) -> nw.LazyFrame:
    return people.select("person_id", (nw.col("weight_kg") > 60).alias("heavy"))


@on_frames
def not_heavy(people: nw.LazyFrame) -> nw.LazyFrame:
    return people.filter(~(nw.col("weight_kg") > 60)).select("person_id")


@on_frames
def per_practice(people: nw.LazyFrame) -> nw.LazyFrame:
    flagged = people.with_columns(weighed=nw.when(~nw.col("weight_kg").is_null()).then(1).otherwise(0))
    return flagged.group_by("practice_code").agg(nw.col("weighed").sum(), nw.col("weight_kg").max())


# -- one function, three engines ---------------------------------------------------------------------------


@ENGINES
@pytest.mark.parametrize(
    ("day", "ages"),
    [
        (dt.date(2026, 2, 28), [25, 75, 0, None, 26]),
        (dt.date(2026, 3, 1), [26, 75, 0, None, 27]),
        (dt.date(2028, 2, 29), [28, 77, 2, None, 28]),
        (dt.date(2026, 12, 30), [26, 75, 0, None, 27]),
        (dt.date(2026, 12, 31), [26, 76, 0, None, 27]),
    ],
)
def test_ages_on_a_day(engine, day, ages):
    assert rows(ages_on(engine(PEOPLE), day=day)) == list(zip(PEOPLE["person_id"], ages, strict=True))


@ENGINES
def test_a_comparison_with_a_missing_value_is_missing(engine):
    expected = [("01", True), ("02", None), ("03", False), ("04", True), ("05", None)]
    assert rows(heavy(engine(PEOPLE))) == expected


@ENGINES
def test_a_missing_value_passes_no_negated_filter(engine):
    assert rows(not_heavy(engine(PEOPLE))) == [("03",)]


@ENGINES
def test_sums_and_maxima_pass_over_missing_values_and_keep_a_missing_group(engine):
    answer = per_practice(engine(PEOPLE))
    frame = answer if isinstance(answer, pd.DataFrame) else to_pandas(answer)
    found = {None if pd.isna(code) else code: (weighed, most) for code, weighed, most in frame.to_numpy()}
    assert found == {"A00001": (1, 70.0), "A00002": (1, 80.0), None: (1, 3.5)}


@ENGINES
def test_whole_numbers_stay_whole_through_a_sum(engine):
    answer = per_practice(engine(PEOPLE))
    frame = answer if isinstance(answer, pd.DataFrame) else to_pandas(answer)
    assert str(frame["weighed"].dtype) == "Int64"


@pytest.mark.parametrize("engine", [on_duckdb, on_polars])
def test_a_small_table_joins_on_the_engine_of_the_large_one(engine):
    people = engine(PEOPLE)
    joined = people.join(like(PRACTICES, people), on="practice_code", how="left").select("person_id", "pcn_code")
    expected = [("01", "U00001"), ("02", "U00001"), ("03", None), ("04", "U00002"), ("05", "U00002")]
    assert rows(joined) == expected


# -- the door ----------------------------------------------------------------------------------------------


def test_pandas_in_gives_pandas_out_and_lazy_in_gives_lazy_out():
    assert isinstance(heavy(PEOPLE), pd.DataFrame)
    assert isinstance(heavy(lazy(PEOPLE)), nw.LazyFrame)


def test_a_lazy_table_passes_the_door_as_it_is():
    people = lazy(PEOPLE)
    assert lazy(people) is people


def test_every_kind_of_missing_value_goes_in_and_comes_out_as_null():
    frame = pd.DataFrame(
        {
            "text": pd.Series(["a", None, float("nan")], dtype="str"),
            "whole": pd.array([1, None, 3], dtype="Int64"),
            "number": [1.5, float("nan"), None],
            "flag": pd.array([True, None, False], dtype="boolean"),
            "day": pd.to_datetime(["2024-02-29", None, None]),
        }
    )
    read = to_pandas(lazy(frame))
    assert read.isna().sum().to_dict() == {"text": 2, "whole": 1, "number": 2, "flag": 1, "day": 2}
    assert [str(read[name].dtype) for name in ("whole", "number", "flag")] == ["Int64", "Float64", "boolean"]
    assert read["whole"].to_list()[::2] == [1, 3]
    assert read["text"].dtype == "str"


def test_whole_numbers_beside_nulls_are_not_rounded_through_floats():
    large = 9_007_199_254_740_993  # 2**53 + 1, the first that a float cannot hold
    read = to_pandas(lazy(pd.DataFrame({"n": pd.array([large, None], dtype="Int64")})))
    assert read["n"][0] == large


# -- files -------------------------------------------------------------------------------------------------


def test_a_stage_is_read_as_it_was_written(tmp_path):
    path = write_stage(PEOPLE, tmp_path / "new" / "people.parquet")
    assert rows(scan(path)) == rows(PEOPLE)
    assert [file.name for file in path.parent.iterdir()] == ["people.parquet"]


@pytest.mark.parametrize("engine", [on_duckdb, on_polars])
def test_a_lazy_table_can_be_written(engine, tmp_path):
    path = write_stage(heavy(engine(PEOPLE)), tmp_path / "heavy.parquet")
    assert rows(scan(path)) == rows(heavy(PEOPLE))


def test_what_duckdb_writes_itself_has_the_kinds_that_pandas_has(tmp_path):
    """Dates without a time, text, flags, and whole numbers also where DuckDB sums them in 128 bits."""
    frame = lazy(PEOPLE).select(
        "person_id",
        day=nw.lit(dt.date(2026, 7, 1)),
        flag=nw.lit(value=True),
        share=nw.lit(0.5),
        nothing=nw.lit(None).cast(nw.String),
        n=nw.lit(1),
    )
    sums = frame.group_by("person_id", "day", "flag", "share", "nothing").agg(nw.col("n").sum())
    kinds = {field.name: str(field.type) for field in pq.read_schema(write_stage(sums, tmp_path / "sums.parquet"))}
    assert kinds == {"person_id": "string", "day": "date32[day]", "flag": "bool", "share": "double",
                     "nothing": "string", "n": "int64"}  # fmt: skip


def test_a_column_with_a_strange_name_is_written_too(tmp_path):
    frame = lazy(pd.DataFrame({'a "b"': [1]})).select(nw.all().sum())
    assert rows(scan(write_stage(frame, tmp_path / "strange.parquet"))) == [(1,)]


def test_what_cannot_be_made_is_told_without_a_value(tmp_path):
    with pytest.raises(PcnAnalysisError, match=r"^stage\.parquet: could not be made from the records") as error:
        write_stage(failing_lazily(), tmp_path / "stage.parquet")
    assert "two" not in str(error.value)


@pytest.mark.parametrize("engine", [on_duckdb, on_polars])
def test_rows_that_are_alike_are_one_also_where_something_is_missing(engine):
    frame = pd.DataFrame({"code": ["a", None, "a", None, "a"], "date": [1, 2, 1, 2, 3]})
    found = to_pandas(distinct(engine(frame))).sort_values("date")
    assert found["date"].to_list() == [1, 2, 3]
    assert found["code"].isna().to_list() == [False, True, False]


def test_rows_that_are_alike_are_found_without_numbering_them():
    found = distinct(lazy(pd.DataFrame({"code": ["a", "a"]}))).to_native()
    assert "row_number" not in found.sql_query().lower()


def test_a_folder_of_files_is_one_table_with_the_column_that_it_is_divided_by(tmp_path):
    for icb in ("QE1", "QYG"):
        (tmp_path / f"icb_code={icb}").mkdir()
        write_stage(pd.DataFrame({"person_id": [f"{icb}-1"]}), tmp_path / f"icb_code={icb}" / "part.parquet")
    assert rows(scan(tmp_path).select("person_id", "icb_code")) == [("QE1-1", "QE1"), ("QYG-1", "QYG")]


@pytest.mark.parametrize("content", [None, b"", b"person_id\n1\n"])
def test_a_missing_or_damaged_file_is_told_in_a_line(tmp_path, content):
    path = tmp_path / "people.parquet"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PcnAnalysisError, match=r"people\.parquet: not a readable Parquet file"):
        scan(path)


def failing_lazily() -> nw.LazyFrame:
    return lazy(pd.DataFrame({"n": ["1", "two"]})).select(nw.col("n").cast(nw.Int64))


def failing_as_pandas() -> pd.DataFrame:
    return pd.DataFrame({"n": [1, "two"]}, dtype=object)


@pytest.mark.parametrize("make", [failing_lazily, failing_as_pandas])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, make):
    path = write_stage(pd.DataFrame({"n": [1]}), tmp_path / "stage.parquet")
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the engine raises
        write_stage(make(), path)
    assert rows(scan(path)) == [(1,)]
    assert [file.name for file in tmp_path.iterdir()] == ["stage.parquet"]


def test_a_write_that_cannot_be_put_in_place_leaves_no_file_beside_it(tmp_path):
    (tmp_path / "stage.parquet").mkdir()
    with pytest.raises(OSError):  # noqa: PT011 - its words differ by system
        write_stage(pd.DataFrame({"n": [1]}), tmp_path / "stage.parquet")
    assert [file.name for file in tmp_path.iterdir()] == ["stage.parquet"]
