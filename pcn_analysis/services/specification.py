"""A service specification as data: whom it is for, what it measures, which gaps it leaves open, how much work it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis.contract.clauses import NOT_KNOWN

if TYPE_CHECKING:
    from pcn_analysis.anticipatory.cohorts import Cohort
    from pcn_analysis.contract.clauses import Clause
    from pcn_analysis.rules import Criterion

COHORT, REGISTERED = "cohort", "registered"
"""Among whom something is asked: the cohort of the service, or everyone registered."""
BETTER = ("higher", "lower", "neither")
"""Which way of a measure is the better one."""


@dataclass(frozen=True)
class Measure:
    """A share of people: how many of those concerned meet something.

    Parameters
    ----------
    name
        What it is, in plain words.
    among
        Whether it asks of the cohort or of everyone registered.
    of
        What is asked of those concerned beside that; None: nothing.
    excluded
        Who is left out of them; None: nobody.
    met
        What is counted.
    better
        Whether a higher or a lower share is the better one.
    target
        The share that the contract or a guideline asks for, from 0 to 1; None where there is none.
    source
        The clause.
    not_assessed
        What the records cannot say of it.
    """

    name: str
    among: str
    of: Criterion | None
    excluded: Criterion | None
    met: Criterion
    better: str
    target: Clause | None
    source: str
    not_assessed: str = ""


@dataclass(frozen=True)
class Due:
    """When something is due: so many months after a date, or on a date; at once where there is no such date.

    Parameters
    ----------
    column
        A date of the service table; empty: at once.
    months
        How many months after it.
    """

    column: str = ""
    months: int = 0


@dataclass(frozen=True)
class Gap:
    """Care that the specification asks for and that the records do not show: a question, never a finding.

    Parameters
    ----------
    name
        What is open, in plain words.
    among
        Whether it asks of the cohort or of everyone registered.
    when
        What a person must meet for it to be open.
    due
        When it was or will be due.
    task
        The piece of work that closes it.
    source
        The clause.
    not_assessed
        What the records cannot say of it.
    """

    name: str
    among: str
    when: Criterion
    due: Due
    task: str
    source: str
    not_assessed: str = ""


@dataclass(frozen=True)
class Task:
    """A piece of work: who does it, and how long one takes.

    Parameters
    ----------
    name
        What it is.
    role
        Who usually does it.
    minutes
        Minutes of one, with where that comes from.
    """

    name: str
    role: str
    minutes: Clause


@dataclass(frozen=True)
class ServiceSpecification:
    """What a service specification of the Network Contract asks for in one contract year.

    Parameters
    ----------
    name, title
        Short and full name.
    whom
        Whom it is for, in words.
    source
        The publication.
    contract_year
        The contract year.
    in_force
        Whether networks had to deliver it in that year, as a clause with its standing.
    cohort
        Its people, step by step, with the reasons for being there and who goes first.
    measures, gaps, tasks
        What it measures, which gaps it leaves open, and the work that closes them.
    clauses
        Every clause that any of it rests on.
    assumptions
        What is taken for granted beside these.
    lacks
        What it asks for and no table holds.
    same_every_year
        Whether its cohort is one of :mod:`pcn_analysis.anticipatory`, which knows no contract years.
    """

    name: str
    title: str
    whom: str
    source: str
    contract_year: str
    in_force: Clause
    cohort: Cohort
    measures: tuple[Measure, ...]
    gaps: tuple[Gap, ...]
    tasks: tuple[Task, ...]
    clauses: tuple[Clause, ...]
    assumptions: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    same_every_year: bool = False

    @property
    def counted_as(self) -> str:
        """What it is called where people are counted: rules differ between contract years, and so do those people."""
        return f"{self.title}, {self.contract_year}"

    @property
    def cohort_counted_as(self) -> str:
        """What its cohort is called there: a cohort that knows no contract years is the same on every page."""
        return self.cohort.title if self.same_every_year else self.counted_as

    @property
    def assumed(self) -> tuple[Clause, ...]:
        """The clauses that are anything but published for that year."""
        return tuple(one for one in self.clauses if one.assumed)

    @property
    def not_known(self) -> tuple[Clause, ...]:
        """The clauses of which nothing was found for that year."""
        return tuple(one for one in self.clauses if one.standing == NOT_KNOWN)

    def task(self, name: str) -> Task:
        """The piece of work of a name."""
        return next(one for one in self.tasks if one.name == name)
