"""Read YAML as text: no word becomes a truth value, a date or a number, and no key stands twice.

YAML 1.1 reads ``NO`` as false, ``010`` as 8 and ``2026-07-01`` as a date. In a file of ours they are codes and names.
libyaml, where PyYAML was built with it, passes over some tabs and question marks at which PyYAML itself stops; none was
found that the two read as something different.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from pcn_analysis.exceptions import PcnAnalysisError, Problem, problem

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 1_000_000
"""Most characters of a file."""
MOST = 100_000
"""Most texts, lists and mappings of a file, repeated ones as often as they stand there."""


_Loader: Any = yaml.BaseLoader
if yaml.__with_libyaml__:
    from yaml import composer, constructor, cyaml, resolver

    class _Libyaml(composer.Composer, cyaml.CParser, constructor.BaseConstructor, resolver.BaseResolver):
        """A loader whose text libyaml takes apart, four times as fast.

        Python puts it together: libyaml would end the process where things lie too deep within each other.
        """

        def __init__(self, stream: str):
            cyaml.CParser.__init__(self, stream)
            for part in (composer.Composer, constructor.BaseConstructor, resolver.BaseResolver):
                part.__init__(self)

    _Loader = _Libyaml


class _TextLoader(_Loader):
    """Makes texts, lists and dictionaries, and nothing else."""

    def __init__(self, stream: str):
        super().__init__(stream)
        self.twice: list[tuple[int, str]] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: ARG002
        seen: set[str] = set()
        for key, _ in node.value:
            word = str(key.value)
            if word in seen:
                self.twice.append((key.start_mark.line + 1, word))
            seen.add(word)
        return super().construct_mapping(node, deep=True)


def read_text(path: Path) -> str:
    """Read a file of ours as the text that it is, with or without a mark of its byte order.

    Raises
    ------
    PcnAnalysisError
        If there is no such file, or it is not in UTF-8.

    Examples
    --------
    >>> from pathlib import Path
    >>> read_text(Path("no_such_file.yaml"))
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: no_such_file.yaml: cannot be read as a text in UTF-8. Look at its name
    and how it was saved.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        remedy = "Look at its name and how it was saved."
        raise problem(path.name, "cannot be read as a text in UTF-8", remedy) from None


def read_texts(text: str, name: str, *, example: str) -> dict[str, Any]:
    """Read a YAML text whose outermost thing is a mapping.

    Parameters
    ----------
    text
        The YAML.
    name
        What it is called in messages.
    example
        File of the kind that is expected, to start from.

    Returns
    -------
    dict
        Texts, lists and dictionaries. What is left empty is an empty text.

    Raises
    ------
    PcnAnalysisError
        If it is no YAML, too long, or a key stands twice; lines are named, never their text.

    Examples
    --------
    >>> read_texts("sex: {values: {NO: no, 010: unknown}}", "mapping.yaml", example="an.yaml")
    {'sex': {'values': {'NO': 'no', '010': 'unknown'}}}
    """
    if len(text) > LARGEST:
        raise problem(name, f"has more than {LARGEST:,} characters", f"Start from {example}.")
    loader = None
    try:
        loader = _TextLoader(text)
        found = loader.get_single_data()
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        mark = getattr(error, "problem_mark", None)
        last = max(len(text.splitlines()), 1)  # libyaml says where an open bracket ends a text with the line after it
        where = f"{name}, line {min(mark.line + 1, last)}" if mark else name
        remedy = 'Look for a missing colon, quote or bracket, and for tabs; "?" needs its quotes.'
        raise problem(where, "cannot be read as YAML", remedy) from None
    finally:
        if loader is not None:
            loader.dispose()
    if loader.twice:
        problems = [Problem(f"{name}, line {line}", f"{word} stands twice", "Keep one.") for line, word in loader.twice]
        raise PcnAnalysisError(*problems)
    if _is_endless(found):
        raise problem(name, f"holds more than {MOST:,} things", "Repeat less: each alias counts again.")
    if not isinstance(found, dict):
        raise problem(name, "holds no sections", f"Start from {example}.")
    return found


def _is_endless(found: Any) -> bool:
    """Whether a few lines of aliases of aliases make more than anybody wrote."""
    left, counted = [found], 0
    while left and counted <= MOST:
        one = left.pop()
        counted += 1
        left.extend(one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
    return counted > MOST
