"""The note beside each file that was fetched: where it came from, under which licence, and its checksum."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from pcn_analysis.downloads.catalogue import SIDECAR
from pcn_analysis.exceptions import problem
from pcn_analysis.stored import replacing_file

if TYPE_CHECKING:
    from pathlib import Path

NOT_DATA = ("README.md",)
"""Files of ``data/raw`` that are no data."""
UNCHANGED, CHANGED, MISSING, NOT_FROM_HERE = "unchanged", "changed", "missing", "not from here"
SHORT = 12
"""Characters of a checksum that are shown."""


@dataclass(frozen=True)
class Note:
    """Where a file came from.

    Parameters
    ----------
    name
        Its name in the catalogue.
    title, publisher, period, licence, attribution
        As in the catalogue.
    file
        What it is saved as.
    address, page
        Where it was downloaded from, and the page that a person finds it on; of one copied out of a folder, its
        name there.
    retrieved
        When, in UTC.
    size, sha256
        Of its bytes.
    etag, last_modified
        What the publisher's server said of its version; empty where it said nothing.
    """

    name: str
    title: str
    publisher: str
    period: str
    licence: str
    attribution: str
    file: str
    address: str
    page: str
    retrieved: str
    size: int
    sha256: str
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Verified:
    """What became of a file in ``data/raw`` since it was fetched."""

    file: str
    state: str
    what: str = ""

    @property
    def well(self) -> bool:
        """Whether nothing has to be put right."""
        return self.state in (UNCHANGED, NOT_FROM_HERE)


def write_note(path: Path, note: Note) -> None:
    """Write a note to a path, whole or not at all."""
    with replacing_file(path) as aside:
        aside.write_text(json.dumps(asdict(note), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def note_path(path: Path) -> Path:
    """Where the note of a file is.

    Examples
    --------
    >>> from pathlib import Path
    >>> note_path(Path("PREVALENCE_2425.zip")).name
    'PREVALENCE_2425.zip.source.json'
    """
    return path.with_name(path.name + SIDECAR)


def read_note(path: Path) -> Note | None:
    """Read the note of a file; None where there is none.

    Raises
    ------
    PcnAnalysisError
        If there is one that cannot be read.
    """
    beside = note_path(path)
    try:
        return Note(**json.loads(beside.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        raise problem(beside.name, "this note cannot be read", "Delete it and its file, and fetch again.") from None


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, however large."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def short(sha256: str) -> str:
    """The beginning of a checksum, which is enough to tell two apart."""
    return sha256[:SHORT]


def verify(raw: Path) -> list[Verified]:
    """Hash every file of a folder again and hold it against its note, in the order of names.

    Hidden files, notes and the README are no files of their own.

    Raises
    ------
    PcnAnalysisError
        If a note cannot be read.
    """
    names = {path.name for path in raw.iterdir() if path.is_file()} if raw.is_dir() else set()
    shown = {name for name in names if not name.startswith(".") and name not in NOT_DATA}
    noted = {name.removesuffix(SIDECAR) for name in shown if name.endswith(SIDECAR)}
    files = {name for name in shown if not name.endswith(SIDECAR)}
    return [_verified(raw / name) for name in sorted(noted | files)]


def _verified(path: Path) -> Verified:
    note = read_note(path)
    if note is None:
        return Verified(path.name, NOT_FROM_HERE, "put there by hand")
    if not path.is_file():
        return Verified(path.name, MISSING, f"fetched on {note.retrieved[:10]}; fetch it again")
    found = sha256_of(path)
    if found == note.sha256:
        return Verified(path.name, UNCHANGED, f"since {note.retrieved[:10]}, SHA-256 {short(found)}")
    return Verified(path.name, CHANGED, f"SHA-256 is {short(found)}, was {short(note.sha256)} when fetched")
