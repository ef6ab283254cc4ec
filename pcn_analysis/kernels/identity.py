"""What a process was started with: the source of this package, its libraries and where they lie.

A kernel that was forked from yesterday's package would make today's page without a word.
"""

from __future__ import annotations

import hashlib
import os
import sys
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

PACKAGE = Path(__file__).parent.parent


def package_files() -> list[Path]:
    """Every file of the package that Python did not make itself."""
    return [path for path in sorted(PACKAGE.rglob("*")) if "__pycache__" not in path.parts and path.is_file()]


def package_sha256() -> str:
    """SHA-256 of the names and bytes of all files of the package, as they are now."""
    digest = hashlib.sha256()
    for path in package_files():
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def libraries() -> tuple[str, ...]:
    """Python and every installed library, with their versions, as they are now."""
    installed = {f"{one.name}={one.version}" for one in distributions() if one.name}
    return (sys.version, *sorted(installed))


def identity() -> str:
    """SHA-256 of package, libraries, and where Python looks for them, as they are now."""
    where = (str(PACKAGE), sys.prefix, os.environ.get("PYTHONPATH", ""))
    return hashlib.sha256("\0".join([package_sha256(), *libraries(), *where]).encode()).hexdigest()


@cache
def own_identity() -> str:
    """The identity of this process, read once: what it has imported stays as it was."""
    return identity()


class Unchanged:
    """Notices that files of the package or installed libraries have changed since it was made.

    Names, sizes and times of files are looked at each time, which takes milliseconds; their bytes only if those differ.
    """

    def __init__(self) -> None:
        self._seen = _signature()
        self.identity = identity()

    def __bool__(self) -> bool:
        try:
            now = _signature()
        except OSError:  # a file went as it was looked at
            return False
        if now != self._seen and identity() == self.identity:
            self._seen = now  # touched, or changed back
        return now == self._seen


def _signature() -> list[tuple[str, int, int]]:
    """Times and sizes of the package's files and of folders of libraries, which change as a library comes or goes."""
    found = [path for path in sys.path if Path(path).is_dir()]
    for folder, folders, files in os.walk(PACKAGE):
        folders[:] = [name for name in folders if name != "__pycache__"]
        found += [f"{folder}/{name}" for name in files]
    return [(path, seen.st_mtime_ns, seen.st_size) for path, seen in zip(found, map(os.stat, found), strict=True)]
