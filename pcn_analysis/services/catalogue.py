"""Which service specifications there are, and each in one contract year."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Protocol, cast

from pcn_analysis.contract.years import find_year
from pcn_analysis.exceptions import nearest, problem
from pcn_analysis.services.columns import by_name
from pcn_analysis.services.specification_files import specification_of

if TYPE_CHECKING:
    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population
    from pcn_analysis.schema import Column
    from pcn_analysis.services.specification import ServiceSpecification

SERVICES: tuple[str, ...] = (
    "structured_medication_reviews",
    "care_homes",
    "proactive_care",
    "personalised_care",
    "early_cancer_diagnosis",
    "cardiovascular",
    "neighbourhood_inequalities",
)
"""Services with a cohort, in the order of the pages: each is a file of rules in ``specifications/``, and a module."""


class ServiceModule(Protocol):
    """What the module of a service says: which columns it adds to the person table, from which of it, and how."""

    COLUMNS: tuple[Column, ...]
    READ: tuple[str, ...]

    def with_columns(self, people: Lazy, population: Population, year: str) -> Lazy:
        """Add to rows of the person table the columns that can be assessed."""
        ...


def module_of(name: str) -> ServiceModule:
    """The module of a service; it is imported when it is asked for."""
    return cast("ServiceModule", import_module(f"pcn_analysis.services.{name}"))


def incomplete_of(name: str, population: Population) -> dict[str, list[str]]:
    """Columns that a service adds and that rest on less than they should, with what is missing, in words.

    A module says so in a function ``incomplete(population)``; one without it has no such columns.
    """
    found = getattr(module_of(name), "incomplete", None)
    return dict(found(population)) if found else {}


_FOLDER = files("pcn_analysis") / "services" / "specifications"


@cache
def find_service(name: str, year: str) -> ServiceSpecification:
    """Find a service specification in one contract year.

    Parameters
    ----------
    name
        One of :data:`SERVICES`.
    year
        The contract year.

    Raises
    ------
    PcnAnalysisError
        If there is no such service or year.

    Examples
    --------
    >>> find_service("care_homes", "2025/26").title
    'Enhanced health in care homes'
    >>> find_service("care-homes", "2025/26")
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: service: there is none called care-homes. Did you mean care_homes?
    """
    if name not in SERVICES:
        raise problem("service", f"there is none called {name}", nearest(name, SERVICES))
    text = (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return specification_of(text, f"{name}.yaml", find_year(year), by_name(module_of(name).COLUMNS))


def every_service(year: str) -> list[ServiceSpecification]:
    """Every service specification in one contract year, in the order of the pages."""
    return [find_service(name, year) for name in SERVICES]
