"""Put mutations to a delivery."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.mutations.catalogue import Mutation, NotHereError

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from tests.deliveries import Delivered


@dataclass
class Mutated:
    """A delivery after it was mutated and written.

    Parameters
    ----------
    path
        What is delivered.
    renamed
        Identifiers that are written differently, new to old.
    lost
        Lines that were cut off the end of files, by the name of the file in small letters.
    """

    path: Path
    renamed: dict[str, str] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)


def apply(one: Delivered, chosen: list[Mutation], rng: random.Random, folder: Path, sheet: str = "") -> Mutated:
    """Mutate a delivery and write it: rows first, then bytes, then the folder.

    Parameters
    ----------
    one
        Is changed.
    chosen
        What happens to it.
    rng
        Chooses where.
    folder
        Does not exist yet.
    sheet
        The only file to change; any if empty.
    """
    one.only = sheet
    renamed: dict[str, str] = {}
    for it in (it for it in chosen if it.level == "rows"):
        written = it.change(one, rng) or {}
        renamed |= {new: renamed.get(old, old) for new, old in written.items()}  # type: ignore[attr-defined]
    path, lost = one.write(folder), {}
    for it in (it for it in chosen if it.level == "bytes"):
        files = sorted(path.glob("*.csv")) if path.is_dir() else []
        files = [file for file in files if not sheet or file.stem == sheet]
        if not files:
            raise NotHereError
        file = rng.choice(files)
        before = file.read_bytes()
        after: bytes = it.change(before, rng)  # type: ignore[assignment]
        file.write_bytes(after)
        if before.startswith(after):
            lost[file.stem.lower()] = _lines(before) - _lines(after)
    for it in (it for it in chosen if it.level == "folder"):
        path = it.change(path, rng)  # type: ignore[assignment]
    return Mutated(path, renamed, lost)


def _lines(data: bytes) -> int:
    return max(data.count(b"\n"), data.count(b"\r"))
