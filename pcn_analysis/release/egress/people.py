"""The pseudonyms that must not leave: those of the people who are stored for a place."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pcn_analysis import engine
from pcn_analysis.exceptions import PcnAnalysisError, problem
from pcn_analysis.release.egress.contents import BREAK

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

SHORTEST, FEWEST_FIGURES = 6, 9
"""A shorter identifier, or one of fewer figures alone, cannot be told from a count or a word of the page."""
_AROUND = string.punctuation + string.whitespace
"""What may stand around an identifier and is no part of it."""
_PIECE = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Known:
    """Pseudonyms that are looked for.

    Parameters
    ----------
    whole
        The pseudonyms, in small letters, from their first to their last letter or figure.
    firsts
        What each begins with: its letters and figures up to the first other sign.
    lengths
        How many characters they have.
    too_short
        How many are too short to be told from counts; they are not looked for.
    sizes
        How many people each network has: a table with as many rows may have one for each.
    """

    whole: frozenset[str] = frozenset()
    firsts: frozenset[str] = frozenset()
    lengths: tuple[int, ...] = ()
    too_short: int = 0
    sizes: frozenset[int] = frozenset()

    @classmethod
    def of(cls, identifiers: Iterable[str], sizes: Collection[int] = ()) -> Known:
        """Make it of identifiers.

        Examples
        --------
        >>> Known.of(["SYN-U00001-00000007", "12345"]).too_short
        1
        """
        cores = [one.strip(_AROUND) for one in BREAK.join([*identifiers, ""]).lower().split(BREAK)[:-1]]
        whole = frozenset(one for one in cores if _can_be_told(one))
        firsts = frozenset(match[0] for match in map(_PIECE.match, whole) if match)
        return cls(whole, firsts, tuple(sorted({len(one) for one in whole})), len(cores) - len(whole), frozenset(sizes))

    def found_in(self, words: str) -> int:
        """How many times one of them stands in a text, as a word of its own.

        Examples
        --------
        >>> known = Known.of(["SYN-U00001-00000007"])
        >>> known.found_in("of syn-u00001-00000007."), known.found_in("SYN-U00001-000000071")
        (1, 0)
        """
        if not self.whole:
            return 0
        folded = words.lower()
        starts = (match.start() for match in _PIECE.finditer(folded) if match[0] in self.firsts)
        return sum(any(self._stands(folded, start, length) for length in self.lengths) for start in starts)

    def _stands(self, folded: str, start: int, length: int) -> bool:
        one, after = folded[start : start + length], folded[start + length : start + length + 1]
        if one not in self.whole or after.isalnum():
            return False
        return not (one.isdigit() and re.search(r"\d\.\Z", folded[max(0, start - 2) : start]))


NOBODY = Known()
"""Where there are no people."""


def _can_be_told(core: str) -> bool:
    """Whether it is long enough; of figures alone, with whatever stands between them, nine are."""
    return len(core) >= (SHORTEST if core.islower() else FEWEST_FIGURES)


def known_people(processed: Path, slug: str, pcn_codes: Collection[str] | None = None) -> Known:
    """The pseudonyms of everyone who is stored for a place: of its records and of invented people.

    Parameters
    ----------
    processed
        The folder of prepared things.
    slug
        Name of the place's folder.
    pcn_codes
        Of which networks; by default of all.

    Raises
    ------
    PcnAnalysisError
        If they cannot be read: what is not known cannot be looked for.
    """
    folders = sorted((processed / "people" / slug).glob("*/pcn_code=*"))
    wanted = [one for one in folders if pcn_codes is None or one.name.removeprefix("pcn_code=") in pcn_codes]
    files = [one / "persons.parquet" for one in wanted]
    return _read(tuple((path, path.stat().st_mtime_ns) for path in files if path.exists()))


def readable_people(processed: Path, slug: str, pcn_codes: Collection[str] | None = None) -> Known:
    """As :func:`known_people`, and nobody where they cannot be read: for words that are made of no person's record."""
    try:
        return known_people(processed, slug, pcn_codes)
    except PcnAnalysisError:
        return NOBODY


@lru_cache(maxsize=2)
def _read(files: tuple[tuple[Path, int], ...]) -> Known:
    """Read identifiers once for files that have not changed since."""
    identifiers: list[str] = []
    sizes = []
    for path, _ in files:
        try:
            one = engine.to_pandas(engine.scan(path).select("person_id"))["person_id"].dropna().astype("str").unique()
        except PcnAnalysisError:
            raise
        except Exception:
            what = "the pseudonyms of its people cannot be read, so that nothing can be checked for them"
            raise problem(path.parent.name, what, "Prepare its records again.") from None
        identifiers += one.tolist()
        sizes.append(len(one))
    return Known.of(identifiers, sizes)
