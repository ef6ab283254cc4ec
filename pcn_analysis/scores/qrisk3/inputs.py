"""What QRISK3 asks of a person, within which bounds, and why someone has no score."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis import codelists
from pcn_analysis.exceptions import PcnAnalysisError, Problem

if TYPE_CHECKING:
    from pcn_analysis.engine import Lazy

NUMBER, WORD, FLAG, EXCLUSION = "number", "word", "flag", "exclusion"
WORDS: dict[str, tuple[str, ...]] = {"sex": ("female", "male")} | {
    term: tuple(dict.fromkeys(row["word"] for row in codelists.rows("qrisk3_coefficients") if row["term"] == term))
    for term in ("ethnicity_group", "smoking")
}
"""The words that an input can have."""
CONDITIONS: dict[str, tuple[str, ...]] = {
    flag: tuple(row["condition"] for row in codelists.rows("qrisk3_conditions") if row["input"] == flag)
    for flag in codelists.names("qrisk3_conditions", "input", "condition")
}
"""Conditions behind each flag; any of them will do."""
DIABETES = ("type_1_diabetes", "type_2_diabetes")
BOTH_DIABETES = "both types of diabetes recorded"


@dataclass(frozen=True)
class Input:
    """One thing that QRISK3 asks.

    Parameters
    ----------
    column
        Its column in the table of inputs.
    name
        What it is called in a reason.
    kind
        ``number``; ``word``; ``flag`` (true or false); or ``exclusion``, a flag of which a true one means no score.
    lowest, highest
        Bounds of a number, both inclusive.
    for_sex
        The sex of which it is asked; empty where it is asked of everyone.
    assumed
        What may be taken where nothing is known; None where nothing may.
    by_default
        Whether that is taken unasked.
    said
        What is said of someone excluded.
    source
        Where bounds and assumption come from.
    """

    column: str
    name: str
    kind: str
    lowest: float
    highest: float
    for_sex: str
    assumed: float | str | bool | None
    by_default: bool
    said: str
    source: str

    def fits(self) -> Any:
        """Whether a person's value is there and can be scored; null, like false, says that it is not."""
        value = nw.col(self.column)
        if self.kind == EXCLUSION:
            return ~value
        if self.kind == NUMBER:
            return self.within()
        if self.kind == WORD:
            return reduce(or_, [value == word for word in WORDS[self.column]])
        return ~value.is_null() | (nw.col("sex") != self.for_sex) if self.for_sex else ~value.is_null()

    def reason(self) -> Any:
        """Say what is wrong with a person's value, never the value; null where nothing is."""
        value = nw.col(self.column)
        absent = value.is_null()
        if self.for_sex:
            absent = absent & (nw.col("sex") == self.for_sex)
        unknown = nw.when(absent).then(nw.lit(f"{self.name} not known"))
        said = {
            EXCLUSION: self.said,
            WORD: f"{self.name} not one that QRISK3 has",
            NUMBER: f"{self.name} out of range ({self.lowest:g}–{self.highest:g})",
        }
        return unknown if self.kind == FLAG else unknown.when(~self.fits()).then(nw.lit(said[self.kind]))

    def assumption(self) -> str:
        """Say in words what is assumed."""
        taken = f"{self.assumed:g}" if self.kind == NUMBER else "no" if self.assumed is False else self.assumed
        return f"{self.name} taken as {taken}"

    def within(self) -> Any:
        """Whether a number is within its bounds."""
        return nw.col(self.column).is_between(self.lowest, self.highest)


def _input(row: dict[str, str]) -> Input:
    low, high = ((float(row[one]) if row[one] else 0.0) for one in ("lowest", "highest"))
    taken: dict[str, Any] = {"": None, "no": False}
    assumed = taken.get(row["assumed"], row["assumed"])
    return Input(
        column=row["input"],
        name=row["name"],
        kind=row["kind"],
        lowest=low,
        highest=high,
        for_sex=row["for_sex"],
        assumed=float(assumed) if row["kind"] == NUMBER and assumed is not None else assumed,
        by_default=row["by_default"] == "yes",
        said=row["said"],
        source=row["source"],
    )


INPUTS: dict[str, Input] = {row["input"]: _input(row) for row in codelists.rows("qrisk3_inputs")}
"""Everything that is asked, by its column, in the order in which reasons are told."""
KINDS: dict[str, Any] = {NUMBER: nw.Float64, WORD: nw.String, FLAG: nw.Boolean, EXCLUSION: nw.Boolean}
"""The kind of column that each kind of input is kept in."""


def fits() -> Any:
    """Whether a person can be scored."""
    both = nw.col("type_1_diabetes") & nw.col("type_2_diabetes")
    return reduce(and_, [*(one.fits() for one in INPUTS.values()), ~both])


def missing() -> Any:
    """All reasons why a person has no score, in one text."""
    both = nw.when(nw.col("type_1_diabetes") & nw.col("type_2_diabetes")).then(nw.lit(BOTH_DIABETES))
    reasons = [one.reason() for one in INPUTS.values()]
    return nw.concat_str([*reasons, both], separator="; ", ignore_nulls=True)


def cleaned(inputs: Lazy) -> Lazy:
    """Take the columns of a table of inputs, in their kinds, with person_id first.

    Raises
    ------
    PcnAnalysisError
        If columns are missing or of another kind; all are named.
    """
    schema = inputs.collect_schema()
    problems = [
        Problem(f"inputs.{column}", "the column is missing", "Give it; where nothing is known, leave it empty.")
        for column in ("person_id", *INPUTS)
        if column not in schema
    ]
    problems += [
        Problem(f"inputs.{column}", f"the column is not {_IN_WORDS[one.kind]}", "Convert it first.")
        for column, one in INPUTS.items()
        if column in schema and not _is_kind(schema[column], one.kind)
    ]
    if problems:
        raise PcnAnalysisError(*problems)
    kept = {column: nw.col(column).cast(KINDS[one.kind]) for column, one in INPUTS.items()}
    others = [name for name in ("qrisk3_assumed",) if name in schema]
    return inputs.select("person_id", *others, **kept)


_IN_WORDS = {NUMBER: "a number", WORD: "text", FLAG: "true or false", EXCLUSION: "true or false"}


def _is_kind(dtype: Any, kind: str) -> bool:
    """Whether a column can hold such an input; one in which everything is missing can hold any."""
    if dtype == nw.Unknown:
        return True
    if kind == NUMBER:
        return bool(dtype.is_numeric())
    return bool(dtype in ((nw.String, nw.Categorical, nw.Enum) if kind == WORD else (nw.Boolean,)))


def assumable() -> tuple[str, ...]:
    """Columns of which something may be taken where nothing is known, if it is asked for.

    Examples
    --------
    >>> assumable()[:3]
    ('smoking', 'family_history', 'atrial_fibrillation')
    """
    return tuple(column for column, one in INPUTS.items() if one.assumed is not None and not one.by_default)
