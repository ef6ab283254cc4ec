"""Damage to encodings and line ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mutations.catalogue import HARMLESS, LISTED, REFUSED, mutation
from tests.mutations.places import lines_of, with_note

if TYPE_CHECKING:
    import random


@mutation("bytes", "Windows-1252", LISTED, "Excel saves CSV in the encoding of Windows, not in UTF-8.", rows=1)
def _(data: bytes, _rng: random.Random) -> bytes:
    return with_note(data, "café – £5").decode().encode("cp1252")


@mutation("bytes", "UTF-16", HARMLESS, "A database tool exports Unicode text with a byte order mark.")
def _(data: bytes, _rng: random.Random) -> bytes:
    return b"\xff\xfe" + data.decode(errors="replace").encode("utf-16-le")


@mutation("bytes", "UTF-16 without a mark", REFUSED, "The same, and the mark was lost on the way.")
def _(data: bytes, _rng: random.Random) -> bytes:
    return data.decode(errors="replace").encode("utf-16-le")


@mutation("bytes", "byte order mark", HARMLESS, "Excel puts a mark before UTF-8.")
def _(data: bytes, _rng: random.Random) -> bytes:
    return b"\xef\xbb\xbf" + data


@mutation("bytes", "two byte order marks", HARMLESS, "Two programs did, one after the other.")
def _(data: bytes, _rng: random.Random) -> bytes:
    return b"\xef\xbb\xbf" * 2 + data


@mutation("bytes", "corrupt byte", LISTED, "One byte of a row was damaged in transfer.")
def _(data: bytes, rng: random.Random) -> bytes:
    lines = lines_of(data)
    spot = rng.randrange(1, len(lines))
    at = rng.randrange(len(lines[spot].strip()) or 1)
    lines[spot] = lines[spot][:at] + b"\xff" + lines[spot][at + 1 :]
    return b"".join(lines)


@mutation("bytes", "NUL bytes", LISTED, "A block of a disk was not written: zeros stand in a row.", rows=1)
def _(data: bytes, rng: random.Random) -> bytes:
    lines = lines_of(data)
    spot = rng.randrange(1, len(lines))
    lines[spot] = b"\0\0\0" + lines[spot][3:]
    return b"".join(lines)


@mutation("bytes", "carriage returns", HARMLESS, "An old Macintosh program ends lines with CR.")
def _(data: bytes, _rng: random.Random) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r")


@mutation("bytes", "mixed line ends", HARMLESS, "Files of Windows and Linux were put together.")
def _(data: bytes, _rng: random.Random) -> bytes:
    return b"".join(line.rstrip(b"\r\n") + (b"\r\n" if index % 2 else b"\n")
                    for index, line in enumerate(lines_of(data)))  # fmt: skip


@mutation("bytes", "blank lines", LISTED, "An editor left empty lines in the file and at its end.", rows=1)
def _(data: bytes, rng: random.Random) -> bytes:
    lines = lines_of(data)
    lines.insert(rng.randrange(1, len(lines)), b"\n")
    return b"".join(lines) + b"\n  \n"
