"""A cohort as data: the steps that leave its people, why they are in it, and who goes first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pcn_analysis.rules import AtLeast

if TYPE_CHECKING:
    from pcn_analysis.rules import Criterion, Element


@dataclass(frozen=True)
class Step:
    """One step that takes people out of a cohort.

    Parameters
    ----------
    name
        Who remains, in plain words.
    criterion
        What must be met to remain; None for where every cohort starts.
    source
        Who asks for it.
    goes_to
        The pathway that those who are taken out are offered; empty where there is none.
    elements
        The reasons for being in the cohort; empty for a step that only sets limits to it.
    """

    name: str
    criterion: Criterion | None
    source: str
    goes_to: str = ""
    elements: tuple[Element, ...] = ()

    @property
    def defines(self) -> bool:
        """Whether the cohort rests on this step: where it cannot be assessed there is no cohort."""
        return bool(self.elements)


START = Step(
    "Registered and alive",
    None,
    "The person table holds those registered and alive on the index date; who opted out was left out when the records "
    "were read, and the data-quality report says how many",
)
"""Where every cohort starts."""


@dataclass(frozen=True)
class Cohort:
    """People who would be offered something, found step by step.

    Parameters
    ----------
    name, title
        Short and full name.
    source
        Publication, or who chose the rule.
    steps
        The steps in order, :data:`START` first.
    first
        Who goes first: named criteria, first priority first. Who meets none comes after all of them.
    whom
        Whom it is for, in words.
    assumptions
        What it takes for granted that its sources do not say.
    file, sha256
        Name, without its folder, and SHA-256 of the file of one's own that it was read from; empty of a cohort of this
        package.
    """

    name: str
    title: str
    source: str
    steps: tuple[Step, ...]
    first: tuple[Element, ...] = ()
    whom: str = ""
    assumptions: tuple[str, ...] = ()
    file: str = field(default="", compare=False, repr=False)
    sha256: str = field(default="", compare=False, repr=False)

    def elements(self) -> list[tuple[Step, Element]]:
        """Every reason for being in it with its step, in order."""
        return [(step, element) for step in self.steps for element in step.elements]

    @property
    def from_age(self) -> int:
        """The age in completed years from which anyone can be in it; 0 where no step asks for one by itself."""
        asked = [step.criterion for step in self.steps]
        ages = [one.value for one in asked if isinstance(one, AtLeast) and one.column == "age"]
        return int(max(ages, default=0))
