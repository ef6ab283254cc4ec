"""Find and read published files, and say plainly what is wrong with one.

A file is found by its name pattern in the folder that the user names; its contents decide the rest. Every
reader returns strings as published: codes keep their leading zeros and ``U`` or ``NO2011`` never turn into
missing values.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pandas as pd

from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest, problem
from pcn_analysis.provenance import Source, file_sha256
from pcn_analysis.words import number

if TYPE_CHECKING:
    from collections.abc import Iterator

AGAIN = "Download it again from the publisher."
LARGEST = 1e9
"""More patients than any published count can hold."""


@dataclass(frozen=True)
class PublishedFile:
    """A file that a vintage needs.

    Parameters
    ----------
    patterns
        Name patterns that it is known by; one file in the folder may fit.
    title, publisher, period, licence, attribution
        As in :class:`pcn_analysis.provenance.Source`.
    """

    patterns: tuple[str, ...]
    title: str
    publisher: str
    period: str
    attribution: str
    licence: str = field(default="Open Government Licence v3.0")

    def source(self, path: Path) -> Source:
        """Describe the file that was read, with the SHA-256 of its bytes."""
        return Source(
            title=self.title,
            publisher=self.publisher,
            period=self.period,
            licence=self.licence,
            attribution=self.attribution,
            file=path.name,
            sha256=file_sha256(path),
            kind="published",
        )


def find_files(folder: Path, wanted: dict[str, PublishedFile]) -> dict[str, Path]:
    """Find every wanted file in a folder.

    Raises
    ------
    PcnAnalysisError
        If the folder is missing, or with one problem for each file that is.
    """
    if not folder.is_dir():
        raise problem(str(folder), "there is no such folder", "Give the folder that holds the open data.")
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    found, problems = {}, []
    for key, file in wanted.items():
        matches = sorted({path for pattern in file.patterns for path in folder.glob(pattern) if path.is_file()})
        if len(matches) == 1:
            found[key] = matches[0]
        elif matches:
            several = " and ".join(path.name for path in matches)
            problems.append(Problem(file.patterns[0], f"{several} both fit", "Keep the one to be used there."))
        else:
            problems.append(
                Problem(
                    file.patterns[0],
                    f"no such file in {folder.name}/ ({file.title}, {file.period}, from {file.publisher})",
                    f"{nearest(file.patterns[0].replace('*', ''), names)} Else download it."
                    if names
                    else "Download it.",
                )
            )
    if problems:
        raise PcnAnalysisError(*problems)
    return found


def read_csv(path: Path, columns: list[str]) -> pd.DataFrame:
    """Read named columns of a CSV file, or of the one CSV file in a zip, as strings.

    Column names are matched after trimming and folding case.

    Raises
    ------
    PcnAnalysisError
        If the file is empty, damaged, in another encoding, lacks a column, or has rows with more or fewer cells
        than its header.
    """
    with _readable(path), _opened(path) as stream:
        header = next(csv.reader([stream.readline().decode("utf-8-sig")]), [])
        wanted = [name for name in header if _folded(name) in columns]
        frame = _strict_rows(stream, header, wanted) if wanted else pd.DataFrame(columns=header)
    return _checked(frame.rename(columns=_folded), columns, path)


def _strict_rows(stream: IO[bytes], header: list[str], wanted: list[str]) -> pd.DataFrame:
    """Read the rows below a header as strings; a row with more or fewer cells than the header is an error."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    rest = stream.read()
    rest.decode("utf-8")
    if not rest.strip():
        return pd.DataFrame(columns=wanted)
    convert = arrow_csv.ConvertOptions(
        include_columns=wanted, column_types=dict.fromkeys(wanted, pa.string()), strings_can_be_null=False
    )
    names = arrow_csv.ReadOptions(column_names=header)
    table = arrow_csv.read_csv(io.BytesIO(rest), read_options=names, convert_options=convert)
    return table.to_pandas()


def read_parquet(path: Path, columns: list[str]) -> pd.DataFrame:
    """Read named columns of a Parquet file; errors as :func:`read_csv`."""
    with _readable(path):
        frame = pd.read_parquet(path)
    folded = {_folded(column): column for column in frame.columns}
    kept = [folded[name] for name in columns if name in folded]
    return _checked(frame[kept].rename(columns=_folded), columns, path)


def read_table(path: Path, columns: list[str]) -> pd.DataFrame:
    """Read named columns of a CSV, zipped CSV or Parquet file; see :func:`read_csv` and :func:`read_parquet`."""
    return read_parquet(path, columns) if path.suffix == ".parquet" else read_csv(path, columns)


def whole_numbers(values: pd.Series, path: Path, *, blank: bool = False) -> pd.Series:
    """Turn published counts into whole numbers; ``113.0`` is 113.

    Parameters
    ----------
    values
        Cells as published.
    path
        The file, for the message.
    blank
        Whether an empty cell is allowed; it is null.

    Raises
    ------
    PcnAnalysisError
        With the number of rows that hold anything else.
    """
    numbers = pd.to_numeric(values.replace("", None), errors="coerce")
    known = numbers.notna()
    wrong = known & ((numbers < 0) | (numbers > LARGEST) | (numbers % 1 != 0))
    wrong |= ~known & ((values != "") | (not blank))
    if wrong.any():
        rows = number(int(wrong.sum()), "row")
        raise problem(f"{path.name}, column {values.name}", f"no whole number of patients in {rows}", AGAIN)
    return numbers.astype("Int64")


def check_once(frame: pd.DataFrame, columns: list[str], path: Path) -> None:
    """Raise if two rows of a published file are of the same thing."""
    twice = int(frame.duplicated(columns).sum())
    if twice:
        raise problem(path.name, f"{number(twice, 'row')} repeated, by {' and '.join(columns)}", AGAIN)


def _folded(name: str) -> str:
    return str(name).strip().lower().replace(" ", "_")


def _checked(frame: pd.DataFrame, columns: list[str], path: Path) -> pd.DataFrame:
    missing = [name for name in columns if name not in frame]
    if missing:
        raise problem(
            path.name,
            f"lacks {'columns' if len(missing) > 1 else 'column'} {', '.join(missing)}",
            "Check that this is the publisher's file, with its header, unchanged.",
        )
    if frame.empty:
        raise problem(path.name, "the file has a header and no rows", AGAIN)
    return frame[columns]


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turn what a damaged file makes the readers raise into one line."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise problem(path.name, "the zip file is damaged or cut short", AGAIN) from error
    except UnicodeDecodeError as error:
        raise problem(path.name, "the text is not UTF-8", AGAIN) from error
    except (RuntimeError, NotImplementedError) as error:
        raise problem(path.name, "the zip file cannot be unpacked", "Unzip it yourself, or download again.") from error
    except ValueError as error:
        if "CSV parse error" in str(error):  # its text quotes the row and is never shown
            raise problem(path.name, "a row has more or fewer cells than the header", AGAIN) from None
        raise problem(path.name, "the file cannot be read as a table", AGAIN) from error
    except OSError as error:
        raise problem(path.name, "the file is damaged or cannot be opened", AGAIN) from error


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    if path.stat().st_size == 0:
        raise problem(path.name, "the file is empty", AGAIN)
    if path.suffix != ".zip":
        with path.open("rb") as stream:
            yield stream
        return
    with zipfile.ZipFile(path) as archive:
        members = [name for name in archive.namelist() if name.lower().endswith(".csv")]
        if len(members) > 1:
            members = [name for name in members if Path(name).name.endswith("-all.csv")] or members[:1]
        if not members:
            raise problem(path.name, "holds no CSV file", AGAIN)
        with archive.open(members[0]) as stream:
            yield stream
