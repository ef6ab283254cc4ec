"""A file of rules as it is written, read with everything that is wrong in it: a model, a cohort, an objective."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest
from pcn_analysis.yaml_text import read_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 1000
"""Largest number of a file."""


class Written:
    """What stands in a file, and what is wrong there.

    Parameters
    ----------
    text
        YAML.
    name
        What the file is called in messages.
    example
        A file of the kind that is expected.

    Raises
    ------
    PcnAnalysisError
        If it is no YAML.

    Examples
    --------
    >>> file = Written("points: many", "mine.yaml", example="objective.yaml")
    >>> file.number(file.content["points"], "mine.yaml")
    0.0
    >>> file.check()
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: mine.yaml: a number is 0 or more, and at most 1000. Change it.
    """

    one_each = "Give each its own name."
    """What to do about a name that stands more than once."""

    def __init__(self, text: str, name: str, *, example: str):
        self.name, self.example, self.problems = name, example, list[Problem]()
        self.content: dict[str, Any] = read_texts(text, name, example=example)

    def keys(
        self, written: dict[str, Any], needed: Sequence[str], where: str = "", allowed: Sequence[str] = ()
    ) -> None:
        """Note what is missing, and what says nothing."""
        for key in needed:
            if not written.get(key):
                self.wrong(where, f"does not say its {key}", f"Compare with {self.example}.")
        for key in written:
            if key not in (*needed, *allowed):
                self.wrong(where, f"{key} says nothing here", nearest(key, [*needed, *allowed]))

    def rows(self, written: dict[str, Any], key: str, where: str = "") -> list[dict[str, Any]]:
        """A list of mappings; empty where it is something else."""
        found = written.get(key) or []
        if isinstance(found, list) and all(isinstance(one, dict) for one in found):
            return found
        self.wrong(where, f"{key} is a list", "Write them under each other, each with a dash.")
        return []

    def text(self, written: dict[str, Any], key: str, where: str = "") -> str:
        """Words; empty where it is something else."""
        found = written.get(key, "")
        if isinstance(found, str):
            return found
        self.wrong(where, f"{key} is words", "Put quotes around them.")
        return ""

    def sentences(self, written: dict[str, Any], key: str) -> tuple[str, ...]:
        """Sentences below each other; none where it is something else."""
        found = written.get(key) or []
        if isinstance(found, list) and all(isinstance(one, str) for one in found):
            return tuple(found)
        self.wrong("", f"{key} is a list of sentences", "Write them under each other, each with a dash.")
        return ()

    def words(self, written: dict[str, Any], key: str, where: str = "") -> list[str]:
        """A list of words; empty where it is something else."""
        found = written.get(key) or []
        if isinstance(found, list) and all(isinstance(one, str) and one for one in found):
            return found
        self.wrong(where, f"{key} is a list of words", "Write them as [one, another].")
        return []

    def mapping(self, written: dict[str, Any], key: str, where: str = "") -> dict[str, Any]:
        """Words with what each stands for; empty where it is something else."""
        found = written.get(key) or {}
        if isinstance(found, dict):
            return found
        self.wrong(where, f"{key} is words, each with what it stands for", f"Compare with {self.example}.")
        return {}

    def number(self, written: Any, where: str) -> float:
        """A number of 0 or more; 0 where it is something else."""
        if isinstance(written, str) and re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,6})?", written) and float(written) <= MOST:
            return float(written)
        self.wrong(where, f"a number is 0 or more, and at most {MOST}", "Change it.")
        return 0.0

    def once(self, names: Sequence[str], what: str) -> None:
        """Note names that stand more than once, whatever the case of their letters."""
        folded = [one.casefold() for one in names]
        for name in sorted({one for one in names if folded.count(one.casefold()) > 1}):
            self.wrong("", f"{what} {name} stands more than once", self.one_each)

    def wrong(self, where: str, what: str, remedy: str) -> None:
        """Note what is wrong."""
        one = Problem(where or self.name, what, remedy)
        if one not in self.problems:
            self.problems.append(one)

    def check(self) -> None:
        """Raise if anything is wrong."""
        if self.problems:
            raise PcnAnalysisError(*self.problems)
