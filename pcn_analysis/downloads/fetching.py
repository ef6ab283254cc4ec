"""Put what is missing into the folder of published files: whole, looked into, noted, or not at all."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcn_analysis.downloads.contents import check_contents
from pcn_analysis.downloads.layers import LayerPages
from pcn_analysis.downloads.links import find_link
from pcn_analysis.downloads.notes import Note, note_path, read_note, sha256_of, short, write_note
from pcn_analysis.downloads.transfer import FolderCopy, Transfer
from pcn_analysis.exceptions import PcnAnalysisError, Problem, problem
from pcn_analysis.stored import locked

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterator, Sequence

    from pcn_analysis.downloads.catalogue import Download
    from pcn_analysis.downloads.transfer import Seen
    from pcn_analysis.downloads.web import Web

    Way = FolderCopy | LayerPages | Transfer

FETCHED, HERE, FAILED = "fetched", "here", "failed"


@dataclass(frozen=True)
class Origin:
    """Where files are taken from: their publishers, unless a folder or a mirror stands in.

    Parameters
    ----------
    folder
        A folder that holds them.
    mirror
        An address that they lie below, under the names that they are saved as.
    offline
        Whether the network may not be touched.
    """

    folder: Path | None = None
    mirror: str = ""
    offline: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of one file.

    Parameters
    ----------
    download
        The file.
    state
        ``fetched``, ``here`` (already) or ``failed``.
    note
        Where it came from; None if it failed, or was put there by hand.
    problems
        Why it failed.
    """

    download: Download
    state: str
    note: Note | None = None
    problems: tuple[Problem, ...] = ()


def choose_origin(given: str | None, *, offline: bool) -> Origin:
    """Tell a folder from a mirror's address.

    Raises
    ------
    PcnAnalysisError
        If there is no such folder, or the address is given together with ``--offline``.

    Examples
    --------
    >>> choose_origin("https://mirror.example/open/", offline=False).mirror
    'https://mirror.example/open'
    """
    if not given:
        return Origin(offline=offline)
    if re.match(r"https?://", given):
        if offline:
            raise problem("--from", "an address cannot be asked with --offline", "Give a folder, or leave one out.")
        return Origin(mirror=given.rstrip("/"))
    if not Path(given).is_dir():
        raise problem("--from", f"there is no folder {given}", "Give a folder, or an address with https://.")
    return Origin(Path(given), offline=offline)


def fetch(
    downloads: Sequence[Download],
    raw: Path,
    *,
    web: Web,
    retrieved: dt.datetime,
    origin: Origin | None = None,
    accept: Collection[str] = (),
    seen: Callable[[Download], Seen],
) -> Iterator[Outcome]:
    """Fetch what is missing, one file after the other; a file that fails does not keep the others from coming.

    Parameters
    ----------
    downloads
        The files wanted.
    raw
        The folder that they belong in.
    web
        The door to the network; not touched if the origin is a folder or offline.
    retrieved
        The time, in UTC, for the notes.
    origin
        Where to take them from; by default their publishers.
    accept
        Names of files that are fetched although they are here, and put in place although their bytes have changed.
    seen
        Given a file, what to call with the bytes of it that have come.

    Yields
    ------
    Outcome
        One for each file, in the order wanted.
    """
    raw.mkdir(parents=True, exist_ok=True)
    for download in downloads:
        one = _One(download, raw, web, origin or Origin(), accept=download.name in accept)
        try:
            with locked(raw / download.saved_as):
                state, note = one.fetch(retrieved, seen(download))
        except PcnAnalysisError as error:
            yield Outcome(download, FAILED, problems=error.problems)
        except OSError as error:
            told = Problem(download.saved_as, f"cannot be stored: {error.strerror}", "Check the folder and its room.")
            yield Outcome(download, FAILED, problems=(told,))
        else:
            yield Outcome(download, state, note)


class _One:
    """The fetching of one file."""

    def __init__(self, download: Download, raw: Path, web: Web, origin: Origin, *, accept: bool):
        self.download, self.web, self.origin, self.accept = download, web, origin, accept
        self.raw, self.target = raw, raw / download.saved_as

    def fetch(self, retrieved: dt.datetime, seen: Seen) -> tuple[str, Note | None]:
        """Fetch it unless it is here; return what became of it, and its note."""
        here = self.download.found(self.raw)
        if here and not self.accept:
            return HERE, self._as_noted(here[0])
        if others := [path.name for path in here if path != self.target]:
            raise problem(self.target.name, f"{others[0]} is here already, under its own name", "Move that away first.")
        address, way = self._way(seen)
        aside = self.target.with_name(f".{self.target.name}.new")
        shutil.rmtree(aside, ignore_errors=True)
        try:
            new = self._retrieved(address, way, aside)
            check_contents(new, self.download)
            note = self._note(new, way, retrieved)
            write_note(aside / note_path(new).name, note)
            new.replace(self.target)
            (aside / note_path(new).name).replace(note_path(self.target))
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        return FETCHED, note

    def _as_noted(self, path: Path) -> Note | None:
        """Hold what is here against its note, if it has one."""
        note = read_note(path)
        if note and (found := sha256_of(path)) != note.sha256:
            raise problem(
                path.name,
                f"is not the file that was fetched: SHA-256 {short(found)}, not {short(note.sha256)}",
                "Delete it and fetch again, or delete its note if the change was meant.",
            )
        return note

    def _way(self, seen: Seen) -> tuple[str, Way]:
        """Say where to get it, and by which way."""
        if self.origin.folder:
            return str(self._in_folder(self.origin.folder)), FolderCopy(seen)
        if self.origin.offline:
            raise problem(
                self.target.name, f"missing ({self.download.title})", "Fetch it without --offline, or --from DIR."
            )
        if self.origin.mirror:
            return f"{self.origin.mirror}/{self.target.name}", Transfer(self.web, self.target, seen)
        if self.download.kind == "layer":
            return self.download.url, LayerPages(self.web, self.download, seen)
        direct = self.download.kind == "direct"
        return self.download.url if direct else find_link(self.web, self.download), Transfer(
            self.web, self.target, seen
        )

    def _in_folder(self, folder: Path) -> Path:
        for name in (self.download.saved_as, self.download.original):
            if (folder / name).is_file():
                return folder / name
        raise problem(
            self.download.saved_as,
            f"is not in {folder}, nor is {self.download.original}",
            "Put it there under one of these names.",
        )

    def _retrieved(self, address: str, way: Way, aside: Path) -> Path:
        """Let Pooch get it and hold it against its checksum, if one is pinned or recorded."""
        import pooch

        pooch.get_logger().setLevel("ERROR")
        before = None if self.accept else read_note(self.target)
        known = None if self.accept else self.download.sha256 or (before.sha256 if before else None)
        hashed = _Hashed(way)
        try:
            pooch.retrieve(address, known, self.target.name, aside, downloader=hashed)
        except ValueError:
            if not known or hashed.sha256 in ("", known):
                raise
            since = f"recorded on {before.retrieved[:10]}" if before and not self.download.sha256 else "pinned"
            raise problem(
                self.target.name,
                f"the file has changed: SHA-256 {short(hashed.sha256)}, not {short(known)} as {since}",
                f"It was not put in place. See why on {self.download.page}; to take it, add --accept-changed "
                f"{self.download.name}.",
            ) from None
        return aside / self.target.name

    def _note(self, new: Path, way: Way, retrieved: dt.datetime) -> Note:
        one = self.download
        return Note(
            name=one.name,
            title=one.title,
            publisher=one.publisher,
            period=one.period,
            licence=one.licence,
            attribution=one.attribution,
            file=one.saved_as,
            page=one.page,
            retrieved=f"{retrieved:%Y-%m-%dT%H:%M:%SZ}",
            size=new.stat().st_size,
            sha256=sha256_of(new),
            address=way.facts["address"],
            etag=way.facts.get("etag", ""),
            last_modified=way.facts.get("last_modified", ""),
        )


class _Hashed:
    """A downloader that remembers the checksum of what it got, which Pooch's refusal tells only in words."""

    def __init__(self, way: Way):
        self.way, self.sha256 = way, ""

    def __call__(self, url: str, output_file: str, pooch: Any) -> None:
        Path(output_file).unlink()  # Pooch made it readable by its owner alone
        self.way(url, output_file, pooch)
        self.sha256 = sha256_of(Path(output_file))
