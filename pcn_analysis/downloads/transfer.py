"""Ways for Pooch to get a file: over the network, going on where it was broken off, or out of a folder.

Pooch itself cannot resume. So what has come is kept beside the target, as ``.NAME.part``, with a note of what it is
a part of; the next try asks for the rest, on condition that the file is still the same.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcn_analysis.downloads.web import CHUNK, PassingError, Web, refuse_downgrade

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

    Seen = Callable[[int, int | None], None]

UNKNOWN = -1
"""Size of a file of which the publisher does not say how long it is."""


@dataclass(frozen=True)
class Version:
    """Which version of a file an answer holds.

    Parameters
    ----------
    url
        The address that was asked for.
    found_at
        The address that answered, after redirects.
    etag, modified
        What the publisher calls this version, and when it was changed; empty where it does not say.
    size
        How long all of it is, in bytes; ``UNKNOWN`` where the publisher does not say.
    """

    url: str
    found_at: str
    etag: str
    modified: str
    size: int

    @property
    def condition(self) -> str:
        """What tells this version from another, as ``If-Range`` wants it; empty if nothing safely does.

        Examples
        --------
        >>> Version("", "", 'W/"weak"', "Wed, 01 Jul 2026 09:00:00 GMT", 10).condition
        'Wed, 01 Jul 2026 09:00:00 GMT'
        """
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified

    def same_as(self, other: Version) -> bool:
        """Whether two answers are of one version."""
        return (self.url, self.condition, self.size) == (other.url, other.condition, other.size)


class Part:
    """What has come of a file so far, and the note of what it is a part of.

    Parameters
    ----------
    target
        Where the whole file will be.
    """

    def __init__(self, target: Path):
        self.path = target.with_name(f".{target.name}.part")
        self._note = target.with_name(f".{target.name}.part.json")

    def version(self, url: str) -> Version | None:
        """What a part that can be continued is a part of; None where there is none."""
        try:
            noted = Version(**json.loads(self._note.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        usable = noted.url == url and noted.condition and 0 < self.size < noted.size
        return noted if usable else None

    @property
    def size(self) -> int:
        """Bytes that have come."""
        return self.path.stat().st_size if self.path.exists() else 0

    def begin(self, version: Version) -> None:
        """Start again, with nothing."""
        self.path.write_bytes(b"")
        self._note.write_text(json.dumps(asdict(version)), encoding="utf-8")

    def discard(self) -> None:
        """Remove the part and its note."""
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def move(self, whole: Path) -> None:
        """Hand over what is whole."""
        self.path.replace(whole)
        self._note.unlink(missing_ok=True)


class Transfer:
    """A downloader for Pooch that continues what was broken off.

    Parameters
    ----------
    web
        The door to the network.
    target
        Where the file will be in the end; what has come is kept beside it.
    seen
        Called with the bytes that have come and those that there are, or None.
    """

    def __init__(self, web: Web, target: Path, seen: Seen):
        self.facts: dict[str, str] = {}
        self._web, self._seen, self._where, self._part = web, seen, target.name, Part(target)

    def __call__(self, url: str, output_file: str, pooch: Any) -> None:  # noqa: ARG002 - as Pooch calls it
        """Download an address into a file; Ctrl+C and lasting faults leave the part for next time.

        Raises
        ------
        PcnAnalysisError
            If the publisher refuses, or a fault lasts.
        """
        version = self._web.patiently(self._where, lambda: self._once(url))
        self.facts = {"address": version.found_at, "etag": version.etag, "last_modified": version.modified}
        self._part.move(Path(output_file))

    def _once(self, url: str) -> Version:
        noted = self._part.version(url)
        headers = {"Accept-Encoding": "identity"}
        if noted:
            headers |= {"Range": f"bytes={self._part.size}-", "If-Range": noted.condition}
        with self._web.opened(self._where, url, headers) as response:
            refuse_downgrade(url, response.url)
            version = _version(url, response)
            if response.status_code == HTTPStatus.OK:
                self._web.refuse_larger(self._where, version.size)
                self._part.begin(version)
            elif not noted or not version.same_as(noted) or _begins_at(response) != self._part.size:
                self._part.discard()
                raise PassingError("the publisher's file changed while it was downloaded", wait=0)
            self._append(response, version.size)
        come = self._part.size
        if version.size not in (UNKNOWN, come):
            raise PassingError(f"was cut short: {come:,} of {version.size:,} bytes came")
        return version

    def _append(self, response: requests.Response, size: int) -> None:
        come = self._part.size
        with self._part.path.open("ab") as stream:
            for chunk in response.iter_content(CHUNK):
                come += len(chunk)
                self._web.refuse_larger(self._where, come)
                stream.write(chunk)
                self._seen(come, None if size == UNKNOWN else size)


class FolderCopy:
    """A downloader for Pooch that copies a file out of a folder."""

    def __init__(self, seen: Seen):
        self.facts: dict[str, str] = {}
        self._seen = seen

    def __call__(self, url: str, output_file: str, pooch: Any) -> None:  # noqa: ARG002 - as Pooch calls it
        """Copy the file at a path."""
        shutil.copyfile(url, output_file)
        self.facts = {"address": Path(url).name}
        size = Path(output_file).stat().st_size
        self._seen(size, size)


def _version(url: str, response: requests.Response) -> Version:
    """Read which version an answer holds; what is sent encoded has no known length, and cannot be continued."""
    told = response.headers
    whole = told.get("Content-Length", "")
    if response.status_code == HTTPStatus.PARTIAL_CONTENT:
        whole = told.get("Content-Range", "").rpartition("/")[2]
    encoded = told.get("Content-Encoding", "identity") != "identity"
    size = int(whole) if whole.isdigit() and not encoded else UNKNOWN
    return Version(url, response.url, told.get("ETag", ""), told.get("Last-Modified", ""), size)


def _begins_at(response: requests.Response) -> int:
    match = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return int(match[1]) if match else UNKNOWN
