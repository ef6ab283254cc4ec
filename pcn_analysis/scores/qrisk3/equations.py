"""The two equations of QRISK3-2017, one for each sex, as data and as expressions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import narwhals as nw

from pcn_analysis import codelists

SURVIVAL = "survival_10_years"
AGES = ("age_1", "age_2")


@dataclass(frozen=True)
class Term:
    """A number as the equation takes it: ``(input / divided_by) ** power``, perhaps times its logarithm, less a centre.

    Parameters
    ----------
    name, input
        What it is called, and the input that it is made from.
    divided_by, power, times_logarithm, centre
        How it is made.
    """

    name: str
    input: str
    divided_by: float
    power: float
    times_logarithm: bool
    centre: float

    def value(self) -> Any:
        """The term of each person."""
        scaled = nw.col(self.input) / self.divided_by
        # DuckDB refuses the logarithm of 0, also of someone who is given no score.
        base = scaled if self.power == 1 else nw.when(scaled > 0).then(scaled).otherwise(None)
        raised = base if self.power == 1 else base**self.power
        return (raised * base.log() if self.times_logarithm else raised) - self.centre


@dataclass(frozen=True)
class Equation:
    """The equation for one sex.

    Parameters
    ----------
    sex
        Whom it is for.
    survival
        Share of people at the centres who have no event in ten years.
    terms
        Its numbers.
    weights
        Coefficients by term and word (empty but for ethnic group and smoking), then by the age term that they are
        multiplied with (empty for none).
    """

    sex: str
    survival: float
    terms: tuple[Term, ...]
    weights: dict[tuple[str, str], dict[str, float]]

    def columns(self) -> dict[str, Any]:
        """The terms, each under a name of its own."""
        return {self._column(term.name): term.value() for term in self.terms}

    def probability(self) -> Any:
        """The chance of an event in ten years, over :meth:`columns` and the other inputs."""
        hazard = reduce(add, [self._numbers(), *self._flags(), *self._words()]).exp()
        return 1.0 - (hazard * math.log(self.survival)).exp()

    def _column(self, term: str) -> str:
        return f"_{self.sex}_{term}"

    def _weight(self, weights: dict[str, float]) -> Any:
        """A coefficient at a person's age."""
        parts = [nw.col(self._column(age)) * weights[age] for age in AGES if age in weights]
        return reduce(add, parts, nw.lit(weights.get("", 0.0)))

    def _numbers(self) -> Any:
        return reduce(
            add, [nw.col(self._column(term.name)) * self._weight(self.weights[term.name, ""]) for term in self.terms]
        )

    def _flags(self) -> list[Any]:
        names = {term.name for term in self.terms}
        return [
            nw.col(flag).cast(nw.Float64) * self._weight(weights)
            for (flag, word), weights in self.weights.items()
            if not word and flag not in names
        ]

    def _words(self) -> list[Any]:
        chains = []
        for column in dict.fromkeys(term for term, word in self.weights if word):
            chain: Any = nw
            for (term, word), weights in self.weights.items():
                if term == column and any(weights.values()):
                    chain = chain.when(nw.col(column) == word).then(self._weight(weights))
            chains.append(chain.otherwise(nw.lit(0.0)))
        return chains


def _equation(sex: str) -> Equation:
    coefficients = [row for row in codelists.rows("qrisk3_coefficients") if row["sex"] == sex]
    weights: dict[tuple[str, str], dict[str, float]] = {}
    for row in coefficients:
        if row["term"] != SURVIVAL:
            weights.setdefault((row["term"], row["word"]), {})[row["with_age"]] = float(row["coefficient"])
    terms = tuple(
        Term(row["term"], row["input"], float(row["divided_by"]), float(row["power"]), bool(row["times_logarithm"]),
             float(row["centre"]))
        for row in codelists.rows("qrisk3_terms")
        if row["sex"] == sex
    )  # fmt: skip
    survival = next(float(row["coefficient"]) for row in coefficients if row["term"] == SURVIVAL)
    return Equation(sex, survival, terms, weights)


EQUATIONS: dict[str, Equation] = {sex: _equation(sex) for sex in ("female", "male")}
"""The equations by sex."""
