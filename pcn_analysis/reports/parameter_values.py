"""Values of notebook parameters: read from text by the type that a notebook declares, and held against it.

papermill checks nothing: a number of NumPy, a date, a tuple or a path reaches the notebook as text, without a word. So
only the plain types of Python pass, and of them only the declared one.
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from pcn_analysis.exceptions import PcnAnalysisError, Problem
from pcn_analysis.settings import MODEL_FILES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pcn_analysis.reports.catalogue import Parameter
    from pcn_analysis.settings import Settings

PLAIN: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool, "list": list, "dict": dict}
"""The types that a parameter can have."""
WORDS = {"true": True, "yes": True, "false": False, "no": False}
"""How a yes or no is written, in small or capital letters."""
ASKED = {
    "int": "a whole number, as 60",
    "float": "a number, as 2.5",
    "bool": "true or false, yes or no",
    "list": 'a list in JSON, as ["U00001", "U00002"]',
    "dict": 'names and values in JSON, as {"GP": 10}',
}
FILES = (*MODEL_FILES, ".csv")
"""How the value of a parameter ends that names a file."""
FOLDERS = ("own_assumptions",)
"""Parameters that name a folder of ``data/raw/``."""


def converted(text: str, kind: str) -> Any:
    """Read a value from text.

    Parameters
    ----------
    text
        As it was written; text keeps its leading zeros, and loses blanks around it.
    kind
        Type as the notebook declares it: ``str``, ``int``, ``float``, ``bool``, a ``list`` or a ``dict`` of those
        (in JSON), or one of them ``| None``.

    Raises
    ------
    ValueError
        If the text is no such value; it says what is asked for.

    Examples
    --------
    >>> converted("0042", "str"), converted("0042", "int"), converted("yes", "bool")
    ('0042', 42, True)
    >>> converted('{"GP": 10}', "dict[str, int]")
    {'GP': 10}
    >>> converted("1.5", "int")
    Traceback (most recent call last):
    ValueError: is not a whole number, as 60
    """
    plain, text = kind.removesuffix(" | None"), text.strip()
    if plain != kind and text.casefold() == "none":
        return None
    outer = plain.split("[")[0]
    try:
        value = _READERS[outer](text)
    except KeyError:
        message = f"is of a type that cannot be set, {kind}"
        raise ValueError(message) from None
    except ValueError:
        message = f"is not {ASKED[outer]}"
        raise ValueError(message) from None
    if what := misfit(value, plain):
        raise ValueError(what)
    return value


def misfit(value: Any, kind: str) -> str:
    """What keeps a value from being of a declared type, plain and through and through; empty where nothing does.

    Examples
    --------
    >>> misfit(3, "int"), misfit(3, "float"), misfit(True, "int")
    ('', '', 'is of type bool, not int')
    >>> misfit({"GP": "ten"}, "dict[str, int]")
    'is of type str, not int'
    """
    if kind.endswith(" | None"):
        return "" if value is None else misfit(value, kind.removesuffix(" | None"))
    outer, _, inner = kind.removesuffix("]").partition("[")
    if outer == "float" and type(value) in (int, float):
        return "" if math.isfinite(value) else "is no finite number"
    if outer not in PLAIN:
        return f"is of a type that cannot be set, {kind}"
    if type(value) is not PLAIN[outer]:
        return f"is of type {type(value).__name__}, not {outer}"
    parts: list[tuple[Any, str]] = []
    if isinstance(value, list):
        parts = [(one, inner) for one in value]
    elif isinstance(value, dict):
        keys, _, values = inner.partition(", ")
        parts = [*((one, keys) for one in value), *((one, values) for one in value.values())]
    return next(filter(None, (misfit(*part) for part in parts)), "")


def refuse_misfits(where: str, values: Mapping[str, Any], declared: Mapping[str, Parameter] | None = None) -> None:
    """Let nothing reach a notebook that is not plain, nor, where its declarations are given, of the declared type.

    Parameters
    ----------
    where
        Of which page they are.
    values
        Parameters and their values.
    declared
        What the notebook declares of each.

    Raises
    ------
    PcnAnalysisError
        With every value that may not.
    """
    wrong = {name: misfit(one, declared[name].kind) if declared else _not_plain(one) for name, one in values.items()}
    remedy = "Give it a plain value of the declared type."
    problems = [Problem(where, f"the parameter {name} {what}", remedy) for name, what in wrong.items() if what]
    if problems:
        raise PcnAnalysisError(*problems)


def files_named(values: Mapping[str, Any], settings: Settings) -> list[Path]:
    """Files that parameters name, and those in folders that they name: what is in them is part of the page."""
    found: list[Path] = []
    for name, value in values.items():
        if name in FOLDERS and value:
            found += sorted(path for path in (settings.raw / value).rglob("*") if path.is_file())
        elif isinstance(value, str) and value.lower().endswith(FILES) and (settings.root / value).is_file():
            found.append(settings.root / value)
    return found


def lies_outside(value: Any) -> bool:
    """Whether a value names a file or folder by a path that leads out of the project: pages would show it."""
    if not isinstance(value, str):
        return False
    paths = (PurePosixPath(value), PureWindowsPath(value))
    return any(one.is_absolute() or one.drive or ".." in one.parts for one in paths)


def _not_plain(value: Any) -> str:
    """What makes a value other than papermill can pass on as it is."""
    if type(value) is list:
        return next(filter(None, map(_not_plain, value)), "")
    if type(value) is dict:
        return next(filter(None, map(_not_plain, [*value, *value.values()])), "")
    if value is None or type(value) in (str, int, float, bool):
        return "" if type(value) is not float or math.isfinite(value) else "is no finite number"
    return f"is of type {type(value).__name__}, which a notebook would be given as text"


def _whole(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        raise ValueError
    return int(text)


def _number(text: str) -> float:
    if not re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", text, re.IGNORECASE):
        raise ValueError
    return float(text)


def _yes(text: str) -> bool:
    try:
        return WORDS[text.casefold()]
    except KeyError:
        raise ValueError from None


def _json(text: str) -> Any:
    """JSON without its looser habits: no NaN, and no name twice."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError
        return dict(pairs)

    def never(_: str) -> Any:
        raise ValueError

    return json.loads(text, object_pairs_hook=once, parse_constant=never)


_READERS: dict[str, Callable[[str], Any]] = {
    "str": str, "int": _whole, "float": _number, "bool": _yes, "list": _json, "dict": _json,
}  # fmt: skip
