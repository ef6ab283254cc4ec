"""Find and read published files, and say plainly what is wrong with one.

A file is found by its name pattern in the folder that the user names; its contents decide the rest. Every
reader returns strings as published: codes keep their leading zeros and ``U`` or ``NO2011`` never turn into
missing values.

A reader names the columns that it needs, and for each the names that publishers give it. Zips are read as
streams: nothing is unpacked to disk.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Collection, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path, PureWindowsPath
from typing import IO, TYPE_CHECKING

import pandas as pd

from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest, problem
from pcn_analysis.provenance import Source, file_sha256
from pcn_analysis.words import folded, number

if TYPE_CHECKING:
    from collections.abc import Iterator

AGAIN = "Download it again from the publisher."
LARGEST = 1e9
"""More patients than any published count can hold."""

ENDINGS = (".csv", ".zip", ".parquet", ".geojson", ".gpkg")
"""What a published file's name may end in; what else lies beside it, such as a note of its origin, is passed over."""

MOST_UNPACKED = 4e9
"""Bytes that a published zip may hold once unpacked."""

MOST_SQUEEZED = 1_000
"""How many times its packed size a large file in a zip may have; published counts by area have 17 times."""

LARGE = 100e6
"""Bytes from which a file in a zip is large."""

Columns = Collection[str] | Mapping[str, tuple[str, ...]]
"""Columns that a reader needs: names, or what to call each and the names that publishers give it, ours first."""


@dataclass(frozen=True)
class PublishedFile:
    """A file that a vintage needs, or can use.

    Parameters
    ----------
    patterns
        Name patterns that it is known by; one file in the folder may fit.
    title, publisher, period, licence, attribution
        As in :class:`pcn_analysis.provenance.Source`.
    optional
        Whether a place can be made without it, with less known.
    """

    patterns: tuple[str, ...]
    title: str
    publisher: str
    period: str
    attribution: str
    licence: str = field(default="Open Government Licence v3.0")
    optional: bool = False

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
    """Find every wanted file in a folder; an optional one may be absent.

    Raises
    ------
    PcnAnalysisError
        If the folder is missing, or with one problem for each file that is, or of which there are two.
    """
    if not folder.is_dir():
        raise problem(str(folder), "there is no such folder", "Give the folder that holds the open data.")
    found, problems = {}, []
    for key, file in wanted.items():
        fits = {path for pattern in file.patterns for path in folder.glob(pattern) if path.is_file()}
        matches = sorted(path for path in fits if path.suffix.lower() in ENDINGS)
        if len(matches) == 1:
            found[key] = matches[0]
        elif matches:
            several = " and ".join(path.name for path in matches)
            problems.append(Problem(file.patterns[0], f"{several} both fit", "Keep the one to be used there."))
        elif not file.optional:
            problems.append(_missing(file, folder))
    if problems:
        raise PcnAnalysisError(*problems)
    return found


def _missing(file: PublishedFile, folder: Path) -> Problem:
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    return Problem(
        file.patterns[0],
        f"no such file in {folder.name}/ ({file.title}, {file.period}, from {file.publisher})",
        f"{nearest(file.patterns[0].replace('*', ''), names)} Else download it." if names else "Download it.",
    )


def read_table(path: Path, columns: Columns, *, optional: Collection[str] = (), member: str = "*.csv") -> pd.DataFrame:
    """Read the columns that are needed of a CSV file, of a CSV file in a zip, or of a Parquet file.

    Parameters
    ----------
    path
        The file.
    columns
        What is needed, as :data:`Columns`. Case is ignored, and any white space counts as ``_``.
    optional
        Those of them that may be absent; they are null then.
    member
        Which CSV file to read where a zip holds several, as a name pattern in small letters.

    Returns
    -------
    DataFrame
        The columns, as ``columns`` calls them and in its order; strings where the file is CSV.

    Raises
    ------
    PcnAnalysisError
        If the file is empty, damaged, in another encoding, lacks columns or has one twice, has rows with more or
        fewer cells than its header, or is a zip that holds no such file, names files outside itself or would
        unpack to an absurd size.
    """
    named = columns if isinstance(columns, Mapping) else {name: (name,) for name in columns}
    read = _read_parquet if path.suffix.lower() == ".parquet" else _read_csv
    frame = read(path, named, optional, member)
    if frame.empty:
        raise problem(path.name, "the file has a header and no rows", AGAIN)
    return frame.reindex(columns=list(named))


def _read_csv(path: Path, columns: Mapping, optional: Collection[str], member: str) -> pd.DataFrame:
    with _readable(path), _opened(path, member) as stream:
        header = next(csv.reader([stream.readline().decode("utf-8-sig")]), [])
        chosen = _chosen(header, columns, optional, path)
        frame = _strict_rows(stream, header, list(chosen.values()))
    return frame.set_axis(list(chosen), axis=1)


def _read_parquet(path: Path, columns: Mapping, optional: Collection[str], _: str) -> pd.DataFrame:
    with _readable(path):
        frame = pd.read_parquet(path)
    chosen = _chosen(frame.columns, columns, optional, path)
    return frame[list(chosen.values())].set_axis(list(chosen), axis=1)


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


def find_column(header: Iterable[str], names: Iterable[str]) -> str | None:
    """Find a column under the first of its names that a header has; None if it has none of them.

    Examples
    --------
    >>> find_column(["LSOA Code (2021)", "IMD Score"], ["lsoa21_code", "LSOA code (2021)"])
    'LSOA Code (2021)'
    """
    spelt = {folded(name): name for name in header}
    return next((spelt[folded(name)] for name in names if folded(name) in spelt), None)


def _chosen(
    header: Iterable[str], columns: Mapping[str, tuple[str, ...]], optional: Collection[str], path: Path
) -> dict[str, str]:
    """Choose the column of a file for each that is needed; what is lacking is told in one problem."""
    header = list(header)
    found = {key: find_column(header, names) for key, names in columns.items()}
    lacking = [columns[key] for key, name in found.items() if name is None and key not in optional]
    if lacking:
        others = [f"{' or '.join(names[1:])} for {names[0]}" for names in lacking if names[1:]]
        raise problem(
            path.name,
            f"lacks {'columns' if len(lacking) > 1 else 'column'} {', '.join(names[0] for names in lacking)}",
            "Check that this is the publisher's file, with its header, unchanged"
            + (f"; also read are {', '.join(others)}." if others else "."),
        )
    chosen = {key: name for key, name in found.items() if name is not None}
    names = [folded(name) for name in header]
    twice = [name for name in chosen.values() if names.count(folded(name)) > 1]
    if twice:
        raise problem(path.name, f"has column {', '.join(twice)} more than once", AGAIN)
    return chosen


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
    except (ValueError, csv.Error) as error:
        if "CSV parse error" in str(error):  # its text quotes the row and is never shown
            raise problem(path.name, "a row has more or fewer cells than the header", AGAIN) from None
        raise problem(path.name, "the file cannot be read as a table", AGAIN) from error
    except OSError as error:
        raise problem(path.name, "the file is damaged or cannot be opened", AGAIN) from error


@contextmanager
def _opened(path: Path, member: str) -> Iterator[IO[bytes]]:
    if path.stat().st_size == 0:
        raise problem(path.name, "the file is empty", AGAIN)
    if path.suffix.lower() != ".zip":
        with path.open("rb") as stream:
            yield stream
        return
    with zipfile.ZipFile(path) as archive:
        _check_members(archive, path)
        with archive.open(_member(archive, member, path)) as stream:
            yield stream


def _member(archive: zipfile.ZipFile, pattern: str, path: Path) -> str:
    """Choose the only CSV file of a zip, or the only one that fits a name pattern."""
    names = {name: PureWindowsPath(name).name.lower() for name in archive.namelist()}
    tables = [name for name, last in names.items() if last.endswith(".csv") and not last.startswith(".")]
    if not tables:
        raise problem(path.name, "holds no CSV file", AGAIN)
    fitting = tables if len(tables) == 1 else [name for name in tables if fnmatchcase(names[name], pattern)]
    if len(fitting) != 1:
        raise problem(
            path.name,
            f"holds {len(tables)} CSV files, {len(fitting) or 'none'} of them named {pattern}",
            "Use the publisher's zip unchanged, or unzip the one file that is needed.",
        )
    return fitting[0]


def check_zip(path: Path) -> None:
    """Raise if a zip is damaged, names files outside itself or would unpack to an absurd size."""
    with _readable(path), zipfile.ZipFile(path) as archive:
        _check_members(archive, path)


def _check_members(archive: zipfile.ZipFile, path: Path) -> None:
    members = archive.infolist()
    places = [PureWindowsPath(member.filename) for member in members]  # takes both / and \ as separators
    outside = sum(place.anchor != "" or ".." in place.parts for place in places)
    if outside:
        raise problem(path.name, f"the zip holds {number(outside, 'file')} with a path outside it", AGAIN)
    unpacked = sum(member.file_size for member in members)
    if unpacked > MOST_UNPACKED:
        raise problem(
            path.name, f"the zip would unpack to {unpacked / 1e9:,.1f} GB, over {MOST_UNPACKED / 1e9:.0f} GB", AGAIN
        )
    if any(member.file_size > max(LARGE, MOST_SQUEEZED * member.compress_size) for member in members):
        raise problem(path.name, f"the zip would unpack to over {MOST_SQUEEZED:,} times its size", AGAIN)
