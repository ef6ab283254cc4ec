"""Whether a value of the right type can be: dates, contract years, and what a parameter names."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from pcn_analysis.exceptions import PcnAnalysisError, Problem
from pcn_analysis.reports.parameter_values import FILES, FOLDERS, lies_outside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pcn_analysis.place import Place
    from pcn_analysis.reports.catalogue import Parameter
    from pcn_analysis.settings import Settings

_DATE, _YEAR = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII), re.compile(r"\d{4}/\d{2}", re.ASCII)
GROUPINGS = ("grouping", "against")
"""Parameters that name a grouping of the practices of a place."""


def impossible(name: str, value: Any, declared: Parameter, settings: Settings) -> Iterator[Problem]:
    """What is wrong with a value of the right type, whatever the place; a default is always possible.

    A parameter whose default is a date or a contract year takes no other text. Files lie in the project, as pages show
    how they are named.
    """
    if value == declared.default or not isinstance(value, str):
        return
    if (name in FOLDERS or value.lower().endswith(FILES)) and lies_outside(value):
        yield Problem(name, "a page would name a file or folder outside the project", "Put it into the project.")
        return
    if value.lower().endswith(FILES) and not (settings.root / value).is_file():
        yield Problem(name, f"there is no file {value} in the project", "Give its path from the project folder.")
        return
    if _DATE.fullmatch(str(declared.default)) and not is_date(value):
        yield Problem(name, f"{value!r} is no date", f"Write it as {declared.default}.")
    find = _year if _YEAR.fullmatch(str(declared.default)) else _FINDERS.get(name)
    if find:
        yield from _found(lambda: find(value, settings))


def impossible_in(place: Place, name: str, value: Any, settings: Settings) -> Iterator[Problem]:
    """What is wrong with a value in one place: a grouping that it does not have."""
    from pcn_analysis.network.groupings import find_grouping

    if name in GROUPINGS:
        yield from _found(lambda: find_grouping(place, _path(value, settings), settings.raw))


def is_date(text: str) -> bool:
    """Whether a text is a day that there is, written in full.

    Examples
    --------
    >>> [is_date(one) for one in ("2028-02-29", "2026-02-29", "2026-02-30", "20260401", "2026-4-1")]
    [True, False, False, False, False]
    """
    try:
        return bool(_DATE.fullmatch(text) and dt.date.fromisoformat(text))
    except ValueError:
        return False


def _found(find: Callable[[], object]) -> Iterator[Problem]:
    try:
        find()
    except PcnAnalysisError as error:
        yield from error.problems


def _path(value: str, settings: Settings) -> str:
    """A file by its whole path: a notebook runs in the project folder, and a command anywhere."""
    return str(settings.root / value) if value.lower().endswith(FILES) else value


def _year(value: str, _: Settings) -> object:
    from pcn_analysis.contract.years import find_year

    return find_year(value)


def _model(value: str, settings: Settings) -> object:
    from pcn_analysis.segmentation.models import find_model

    return find_model(_path(value, settings))


def _cohort(value: str, settings: Settings) -> object:
    from pcn_analysis.anticipatory.cohorts import find_cohort

    return find_cohort(_path(value, settings))


def _assumptions(value: str, settings: Settings) -> object:
    from pcn_analysis.workforce.assumed import of_folder

    return of_folder(value, settings.raw)


_FINDERS: dict[str, Callable[[str, Settings], object]] = {
    "model_name": _model,
    "other_model": _model,
    "cohort": _cohort,
    "own_assumptions": _assumptions,
}
"""What finds the thing that a parameter names, and says what is wrong where there is none."""
