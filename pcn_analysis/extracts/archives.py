"""Unpack a zip that somebody sent, and nothing but what it should hold."""

from __future__ import annotations

import lzma
import shutil
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from pcn_analysis.exceptions import PcnAnalysisError, Problem, problem
from pcn_analysis.words import number

LARGEST = 50 * 2**30
"""Most bytes that a zip may hold when unpacked."""
MOST_FOLD = 200
"""A zip that unpacks to more than this many times its own size is refused, once it is larger than ``SMALL``."""
SMALL = 100 * 2**20
MOST_MEMBERS = 10_000


def unpacked(path: Path, target: Path, *, largest: int = LARGEST) -> Path:
    """Unpack a zip into a folder.

    Parameters
    ----------
    path
        The zip.
    target
        The folder, which is made.
    largest
        Most bytes that it may hold.

    Raises
    ------
    PcnAnalysisError
        If it is damaged, locked, holds more than it may, names a file outside the folder, or two files alike. What is
        a link in the zip becomes a file that holds a name, and links nowhere.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            _check(path, members, largest)
            left = largest
            for member in members:
                left -= _copy(archive, member, target / _inside(member), left, path)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError):
        raise problem(path.name, "the zip is damaged or cut short", "Deliver it again.") from None
    except (RuntimeError, NotImplementedError):
        raise problem(
            path.name, "the zip is locked, or packed in a way not known here", "Unpack it yourself."
        ) from None
    except OSError:
        what = "a file in the zip could not be unpacked: the disk is full, or its name is not possible here"
        raise problem(path.name, what, "Unpack it yourself, and give the folder.") from None
    return target


def _check(path: Path, members: list[zipfile.ZipInfo], largest: int) -> None:
    size, packed = sum(one.file_size for one in members), max(path.stat().st_size, 1)
    problems = []
    if size > largest or len(members) > MOST_MEMBERS or (size > SMALL and size > MOST_FOLD * packed):
        what = f"unpacks to {size:,} bytes in {number(len(members), 'file')}, more than it may"
        problems.append(Problem(path.name, what, "Unpack it yourself if you know what it is, and give the folder."))
    if outside := sum(_outside(one.filename) for one in members):
        what = f"{number(outside, 'file')} named so as to lie outside the folder"
        problems.append(Problem(path.name, what, "Do not use it; ask for another."))
    elif len({_inside(one) for one in members}) < len(members):
        problems.append(Problem(path.name, "two files in it have the same name", "Unpack it, and give the right one."))
    if problems:
        raise PcnAnalysisError(*problems)


def _outside(filename: str) -> bool:
    inside = PurePosixPath(filename.replace("\\", "/"))
    return inside.is_absolute() or ".." in inside.parts or ":" in filename


def _inside(member: zipfile.ZipInfo) -> Path:
    return Path(*PurePosixPath(member.filename.replace("\\", "/")).parts)


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, left: int, path: Path) -> int:
    """Unpack one file, and stop where it holds more than it said."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, target.open("wb") as copy:
        limited = min(left, member.file_size)
        shutil.copyfileobj(_Limited(source, limited + 1), copy)
        if copy.tell() > limited:
            raise problem(path.name, "a file in the zip is larger than the zip says", "Do not use it; ask for another.")
        return copy.tell()


class _Limited:
    """A stream of which only so many bytes can be read."""

    def __init__(self, stream: object, left: int):
        self.stream, self.left = stream, left

    def read(self, size: int = -1) -> bytes:
        wanted = self.left if size < 0 else min(size, self.left)
        chunk = self.stream.read(wanted) if wanted else b""  # type: ignore[attr-defined]
        self.left -= len(chunk)
        return chunk
