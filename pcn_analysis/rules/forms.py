"""How a criterion is written in a file: each kind by the words that stand in it.

::

    {recorded: cancer, within_months: 24}
    {number: ae_24m, at_least: 20}
    {any: [{recorded: dementia}, {word: efi_category, one_of: [moderate, severe]}]}
    {at_least: 3, of: [...]}

The words of a criterion say of which kind it is, and nothing else does.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pcn_analysis import tables
from pcn_analysis.exceptions import Problem, nearest
from pcn_analysis.rules.criteria import (
    AtLeast,
    Below,
    Criterion,
    EverRecorded,
    FirstRecordedFromAge,
    FirstRecordedWithin,
    Holds,
    InHospitalWithin,
    LaterThan,
    MoreThan,
    Not,
    NotAvailable,
    OneOf,
    Recorded,
    RecordedFromAge,
    RecordedSince,
    RecordedWithin,
    Several,
    needed_columns,
)
from pcn_analysis.schema import Column
from pcn_analysis.words import listed

Named = Callable[[str, str], Criterion | None]
"""Finds what stands elsewhere in the file: its kind (``criterion`` or ``element``) and its name."""

PERSON_COLUMNS: Mapping[str, Column] = {column.name: column for column in tables.PERSON_TABLE.columns}
"""What a criterion can ask for where nothing else is said: the columns of the person table."""


@dataclass(frozen=True)
class Form:
    """One kind of criterion that asks one thing of the person table.

    Parameters
    ----------
    words
        The words that stand in it, in the order of what ``make`` takes.
    make
        Makes the criterion.
    """

    words: tuple[str, ...]
    make: Callable[..., Criterion]


FORMS: tuple[Form, ...] = (
    Form(("recorded",), Recorded),
    Form(("recorded", "within_months"), RecordedWithin),
    Form(("recorded", "since"), RecordedSince),
    Form(("recorded", "from_age"), RecordedFromAge),
    Form(("first_recorded", "within_months"), FirstRecordedWithin),
    Form(("first_recorded", "from_age"), FirstRecordedFromAge),
    Form(("ever_recorded",), EverRecorded),
    Form(("recorded_in_hospital", "within_months"), InHospitalWithin),
    Form(("date", "later_than"), LaterThan),
    Form(("number", "at_least"), AtLeast),
    Form(("number", "more_than"), MoreThan),
    Form(("number", "below"), Below),
    Form(("word", "one_of"), OneOf),
    Form(("flag",), Holds),
    Form(("not_available",), NotAvailable),
)
"""Kinds that ask one thing; ``any``, ``all``, ``at_least … of`` and ``not`` join them."""
_BY_WORDS = {frozenset(form.words): form for form in FORMS}


def read_criterion(
    written: Any,
    where: str,
    named: Named,
    problems: list[Problem],
    *,
    columns: Mapping[str, Column] = PERSON_COLUMNS,
) -> Criterion | None:
    """Read one criterion.

    Parameters
    ----------
    written
        What stands in the file: dictionaries, lists and texts.
    where
        The file and the place in it, for messages.
    named
        Finds criteria and elements that it refers to.
    problems
        Whatever is wrong is added to it.
    columns
        The columns that it can ask for, by name.

    Returns
    -------
    Criterion or None
        None where anything is wrong.

    Examples
    --------
    >>> read_criterion({"recorded": "cancer", "within_months": "24"}, "here", lambda *_: None, [])
    RecordedWithin(what='cancer', months=24)
    >>> wrong = []
    >>> read_criterion({"recorded": "dementa"}, "here", lambda *_: None, wrong)
    >>> print(wrong[0].what)
    the person table has no column has_dementa
    """
    if not isinstance(written, dict) or not written:
        return _wrong(problems, where, "a criterion is words with what they ask, as {recorded: asthma}", _KINDS)
    words = frozenset(written)
    match sorted(words):
        case ["any"] | ["all"] | ["at_least", "of"]:
            return _several(written, where, named, problems, columns)
        case ["not"]:
            inner = read_criterion(written["not"], where, named, problems, columns=columns)
            return None if inner is None else Not(inner)
        case ["criterion"] | ["element"]:
            (kind, name) = next(iter(written.items()))
            return named(kind, str(name))
    if words not in _BY_WORDS:
        return _wrong(problems, where, f"no kind of criterion has the words {listed(sorted(words))}", _KINDS)
    form = _BY_WORDS[words]
    values = [_value(word, written[word], where, problems) for word in form.words]
    if any(value is None for value in values):
        return None
    return _known(form.make(*values), where, problems, columns)


def _several(
    written: dict[str, Any], where: str, named: Named, problems: list[Problem], columns: Mapping[str, Column]
) -> Criterion | None:
    inner = written.get("any", written.get("all", written.get("of")))
    if not isinstance(inner, list) or not inner:
        return _wrong(problems, where, "any, all and of need a list of criteria", "Write them as [{…}, {…}].")
    found = [read_criterion(one, where, named, problems, columns=columns) for one in inner]
    least = 1 if "any" in written else len(inner) if "all" in written else _whole(written["at_least"])
    if least is None or not 1 <= least <= len(inner):
        return _wrong(problems, where, f"at_least is a whole number from 1 to {len(inner)}", "Change the number.")
    read = tuple(one for one in found if one is not None)
    if len(set(read)) < len(read):
        return _wrong(problems, where, "the same criterion stands twice in one list", "Keep one.")
    return Several(read, least) if len(read) == len(inner) else None


def _value(word: str, written: Any, where: str, problems: list[Problem]) -> Any | None:
    """What stands with one word, as what it is; None where it is something else."""
    asked, read = _READ.get(word, ("one word", _word))
    found = read(written)
    return _wrong(problems, where, f"{word} needs {asked}", "Change it.") if found is None else found


def _word(written: Any) -> str | None:
    return written if isinstance(written, str) and written else None


def _words(written: Any) -> tuple[str, ...] | None:
    return tuple(written) if isinstance(written, list) and written and all(map(_word, written)) else None


def _whole(written: Any) -> int | None:
    return int(written) or None if isinstance(written, str) and re.fullmatch(r"[0-9]{1,4}", written) else None


def _number(written: Any) -> float | None:
    if not (isinstance(written, str) and re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", written)):
        return None
    return float(written) if "." in written else int(written)


def _day(written: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(written)
    except (TypeError, ValueError):
        return None


_READ: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "one_of": ("a list of words, as [moderate, severe]", _words),
    "within_months": ("a whole number above 0", _whole),
    "from_age": ("a whole number above 0", _whole),
    "at_least": ("a number", _number),
    "more_than": ("a number", _number),
    "below": ("a number", _number),
    "since": ("a date, as 2006-04-01", _day),
}


def _known(
    criterion: Criterion, where: str, problems: list[Problem], columns: Mapping[str, Column]
) -> Criterion | None:
    """A criterion whose columns are there, and of the kind that it asks for."""
    if isinstance(criterion, NotAvailable):
        return criterion
    unknown = [name for name in needed_columns(criterion) if name not in columns]
    for name in unknown:
        _wrong(problems, where, f"the person table has no column {name}", nearest(name, columns))
    if unknown:
        return None
    match criterion:
        case AtLeast(column) | MoreThan(column) | Below(column):
            return _of_kind(criterion, columns[column], ("integer", "number"), where, problems)
        case LaterThan(column, other):
            named = [_of_kind(criterion, columns[name], ("date",), where, problems) for name in (column, other)]
            return criterion if None not in named else None
        case Holds(column):
            return _of_kind(criterion, columns[column], ("boolean",), where, problems)
        case OneOf(column, values):
            allowed = columns[column].allowed or values
            for value in (one for one in values if one not in allowed):
                _wrong(problems, where, f"{column} is never {value}", f"It is one of {listed(allowed)}.")
            return _of_kind(criterion, columns[column], ("category", "string"), where, problems)
    return criterion


def _of_kind(
    criterion: Criterion, column: Column, kinds: tuple[str, ...], where: str, problems: list[Problem]
) -> Criterion | None:
    if column.kind in kinds:
        return criterion
    return _wrong(problems, where, f"{column.name} is a {column.kind}", f"Ask for a {' or '.join(kinds)}.")


def _wrong(problems: list[Problem], where: str, what: str, remedy: str) -> Any | None:
    """Note what is wrong; there is no criterion then."""
    problems.append(Problem(where, what, remedy))
    return None


_KINDS = "Kinds: " + "; ".join(" + ".join(form.words) for form in FORMS) + "; any; all; at_least + of; not."
