"""A light look into a file that has come: whether it is what it should be.

Whether its codes are of the LSOA vintage, and whether its counts add up, is checked by ``pcn-analysis prepare``,
which has all the files of a vintage before it.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING

from pcn_analysis.exceptions import PcnAnalysisError, problem
from pcn_analysis.words import folded, listed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pcn_analysis.downloads.catalogue import Download

HEAD = 1 << 16
"""Bytes that are looked at."""
LARGEST_UNPACKED = 4_000_000_000
"""Bytes that a member of a zip may say that it has; the largest published one has some 65 million."""
REFUSED = "It was not put in place. Open its page, and see what the publisher says."


def check_contents(path: Path, download: Download) -> None:
    """Look into a file: its kind, the member wanted, the columns of its header.

    Raises
    ------
    PcnAnalysisError
        If it is a web page, a damaged zip, or another table.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if re.match(rb"\s*(<!doctype html|<html)", head.removeprefix(b"\xef\xbb\xbf"), re.IGNORECASE):
        raise _refused(download, "is a web page, not data")
    if not head.strip():
        raise _refused(download, "is empty")
    if download.saved_as.endswith(".zip"):
        with _member(path, download) as stream:
            head = stream.read(HEAD)
    if download.saved_as.endswith(".geojson"):
        _check_geojson(head, download)
    else:
        _check_header(head, download)


@contextmanager
def _member(path: Path, download: Download) -> Iterator[IO[bytes]]:
    """Open the member wanted, whose bytes are checked as they are read."""
    try:
        with zipfile.ZipFile(path) as archive:
            fitting = [one for one in archive.infolist() if fnmatch(_bare(one.filename), download.member.lower())]
            if not fitting:
                held = listed([_bare(name) for name in archive.namelist()][:5] or ["nothing"])
                raise _refused(download, f"holds no {download.member}, but {held}")
            if fitting[0].file_size > LARGEST_UNPACKED:
                raise _refused(download, "would be larger than 4 GB once unpacked")
            with archive.open(fitting[0]) as stream:
                yield stream
    except PcnAnalysisError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError):
        raise _refused(download, "is no zip file, or a damaged one") from None


def _bare(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name.lower()


def _check_header(head: bytes, download: Download) -> None:
    lines = head.decode("utf-8-sig", errors="replace").splitlines()
    held = {folded(name) for name in next(csv.reader(io.StringIO(lines[0] if lines else "")), [])}
    missing = [name for name in download.columns if folded(name) not in held]
    if missing:
        raise _refused(download, f"lacks {'columns' if len(missing) > 1 else 'column'} {listed(missing)}")
    if len(lines) == 1:
        raise _refused(download, "has a header and no rows")


def _check_geojson(head: bytes, download: Download) -> None:
    text = head.decode("utf-8", errors="replace")
    missing = [name for name in download.columns if json.dumps(name).lower() not in text.lower()]
    if "FeatureCollection" not in text or missing:
        raise _refused(download, f"is not GeoJSON with {listed(list(download.columns))}")


def _refused(download: Download, what: str) -> PcnAnalysisError:
    return problem(download.saved_as, what, f"{REFUSED} ({download.page})")
