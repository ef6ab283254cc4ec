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
    """

    path: Path
    renamed: dict[str, str] = field(default_factory=dict)


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
    path = one.write(folder)
    for it in (it for it in chosen if it.level == "bytes"):
        files = sorted(path.glob("*.csv")) if path.is_dir() else []
        files = [file for file in files if not sheet or file.stem == sheet]
        if not files:
            raise NotHereError
        file = rng.choice(files)
        file.write_bytes(it.change(file.read_bytes(), rng))  # type: ignore[arg-type]
    for it in (it for it in chosen if it.level == "folder"):
        path = it.change(path, rng)  # type: ignore[assignment]
    return Mutated(path, renamed)
