"""Damage to files and folders."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from tests.deliveries import frame
from tests.mutations.catalogue import HARMLESS, LISTED, REFUSED, NotHereError, mutation
from tests.mutations.places import WHO, a_column

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

    from tests.deliveries import Delivered

BOMB = 110 * 2**20


def _a_folder(path: Path) -> Path:
    if not path.is_dir():
        raise NotHereError
    return path


@mutation("folder", "table missing", LISTED, "A file was forgotten.", sheet="")
def _(path: Path, rng: random.Random) -> Path:
    files = sorted(_a_folder(path).iterdir())
    if len(files) == 1:
        raise NotHereError
    rng.choice([one for one in files if one.stem.lower() not in WHO]).unlink()
    return path


@mutation("folder", "persons missing", REFUSED, "The file that says who there is was forgotten.", sheet="")
def _(path: Path, _rng: random.Random) -> Path:
    found = [one for one in _a_folder(path).iterdir() if one.stem.lower() in WHO]
    if not found:
        raise NotHereError
    found[0].unlink()
    return path


@mutation("folder", "repeated file", LISTED, "A copy of a file lies in a folder within the folder.", sheet="")
def _(path: Path, rng: random.Random) -> Path:
    file = rng.choice([one for one in _a_folder(path).iterdir() if one.suffix == ".csv"] or [path])
    if file == path:
        raise NotHereError
    (path / "again").mkdir()
    (path / "again" / file.name).write_bytes(file.read_bytes())
    return path


@mutation("folder", "other files beside", HARMLESS, "Hidden files, a note, a picture lie in the folder.")
def _(path: Path, _rng: random.Random) -> Path:
    (_a_folder(path) / ".DS_Store").write_bytes(b"\0\1\2")
    (path / "__MACOSX").mkdir()
    (path / "__MACOSX" / "._persons.csv").write_bytes(b"\0\5\x16")
    (path / "read me.pdf").write_bytes(b"%PDF-1.4")
    return path


@mutation("folder", "zipped", HARMLESS, "The folder comes as a zip.")
def _(path: Path, _rng: random.Random) -> Path:
    return _zip(path, path.with_suffix(".zip"))


def _zip(path: Path, target: Path, name: Callable[[Path], str] = lambda one: f"delivery/{one.name}") -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in sorted(_a_folder(path).rglob("*")):
            if one.is_file():
                archive.write(one, name(one))
    return target


@mutation("folder", "zip within a zip", REFUSED, "The zip was zipped again.")
def _(path: Path, _rng: random.Random) -> Path:
    inner, outer = _zip(path, path.with_name("inner.zip")), path.with_name("outer.zip")
    with zipfile.ZipFile(outer, "w") as archive:
        archive.write(inner, "inner.zip")
    return outer


@mutation("folder", "zip bomb", REFUSED, "A small zip unpacks to a file that fills the disk.")
def _(path: Path, _rng: random.Random) -> Path:
    target = _zip(path, path.with_suffix(".zip"))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("bomb.csv", "w") as bomb:
        for _ in range(BOMB // 2**20):
            bomb.write(bytes(2**20))
    return target


@mutation("folder", "path outside the folder", REFUSED, "A zip names a file ../../persons.csv, to overwrite another.")
def _(path: Path, _rng: random.Random) -> Path:
    return _zip(path, path.with_suffix(".zip"), lambda one: f"../../{one.name}")


@mutation("folder", "zip cut short", REFUSED, "The download of a zip was interrupted.")
def _(path: Path, rng: random.Random) -> Path:
    target = _zip(path, path.with_suffix(".zip"))
    data = target.read_bytes()
    target.write_bytes(data[: rng.randrange(30, len(data) - 1)])
    return target


@mutation("folder", "Parquet cut short", REFUSED, "A Parquet file was copied in part.", on="omop (Parquet)", sheet="")
def _(path: Path, rng: random.Random) -> Path:
    file = _parquet(path, rng)
    data = file.read_bytes()
    file.write_bytes(data[: rng.randrange(len(data) - 1)])
    return path


def _parquet(path: Path, rng: random.Random) -> Path:
    found = sorted(path.glob("*.parquet"))
    if not found:
        raise NotHereError
    return rng.choice([one for one in found if one.stem != "cdm_source"])


@mutation("rows", "Parquet with identifiers as floating-point numbers", REFUSED,
          "pandas read identifiers as numbers with gaps: the last digits are lost.", on="omop (Parquet)",
          sheet="measurement")  # fmt: skip
def _(one: Delivered, rng: random.Random) -> None:
    if one.form == "csv":
        raise NotHereError
    sheet, index = a_column(one, rng, "person")
    if not all(row[index].strip().isdigit() for row in sheet.rows):
        raise NotHereError
    sheet.roles[sheet.header[index]] = "number"
    if frame(sheet)[sheet.header[index]].dtype != "float64":
        raise NotHereError


@mutation("folder", "no DuckDB file", REFUSED, "Something else was renamed to .duckdb.", on="omop (DuckDB)", sheet="")
def _(path: Path, _rng: random.Random) -> Path:
    if path.suffix != ".duckdb":
        raise NotHereError
    path.write_bytes(b"This is no database. " * 1000)
    return path


@mutation("folder", "DuckDB file cut short", REFUSED, "A database was copied in part.", on="omop (DuckDB)", sheet="")
def _(path: Path, rng: random.Random) -> Path:
    if path.suffix != ".duckdb":
        raise NotHereError
    data = path.read_bytes()
    path.write_bytes(data[: rng.randrange(1, 8192)])
    return path
