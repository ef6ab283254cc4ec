"""Predictions as they are handed in: everything that is wrong with them at once, or people in one order for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis.exceptions import PcnAnalysisError, Problem
from pcn_analysis.words import NOT_KNOWN, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy.typing as npt

PERSON = "person_id"
NEEDED = ("model", "risk", "outcome", "weight", "known")
_DESCRIBED = "Hand in one row a person and model, with model, risk, outcome, weight and known."
_SAME_PEOPLE = "Let every model predict for the same people."


@dataclass(frozen=True)
class People:
    """What is predicted of each person and what came of it, in one order for all models.

    Parameters
    ----------
    models
        Names of the models: in order of their categories if there are such, else as they come.
    risks
        One row a person, one column a model.
    outcome
        Whether each was admitted; false where it is not known.
    weight
        Of each person's outcome; 0 where it is not known.
    known
        Of whom it is known what came.
    groups
        What each person is, one categorical column for each thing asked.
    """

    models: tuple[str, ...]
    risks: npt.NDArray[np.float64]
    outcome: npt.NDArray[np.bool_]
    weight: npt.NDArray[np.float64]
    known: npt.NDArray[np.bool_]
    groups: pd.DataFrame

    def __len__(self) -> int:
        return len(self.outcome)


def people_of(predictions: pd.DataFrame, groups: Sequence[str] = ()) -> People:
    """Check predictions, and put people in the order of their identifiers.

    Parameters
    ----------
    predictions
        One row a person and model: model, risk (0 to 1), outcome (0 or 1), weight (0 or more), known. With person_id
        rows may be in any order; without it, each model's rows are of the same people in the same order.
        Outcome and weight of those not known are not read and may be missing.
    groups
        Columns that say what people are; who has no value is in a group of their own, "not known".

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong, in counts.
    """
    absent = [name for name in (*NEEDED, *groups) if name not in predictions]
    if absent or predictions.empty:
        what = f"there is no column {listed(absent)}" if absent else "there are no rows"
        raise PcnAnalysisError(Problem("predictions", what, _DESCRIBED))
    frame = _typed(predictions)
    if problems := [*_wrong_values(frame), *_wrong_people(frame, groups), *_empty_groups(frame, groups)]:
        raise PcnAnalysisError(*problems)
    frame = frame.sort_values(PERSON, kind="stable")
    models = tuple(map(str, _models(frame)))
    first = frame[frame["model"] == models[0]]
    if problems := list(_one_class(first)):
        raise PcnAnalysisError(*problems)
    known = first["known"].to_numpy(dtype=bool)
    return People(
        models,
        np.column_stack([frame.loc[frame["model"] == name, "risk"].to_numpy() for name in models]),
        known & (first["outcome"].to_numpy() == 1),
        np.where(known, first["weight"].to_numpy(), 0.0),
        known,
        pd.DataFrame({name: _named(first[name]) for name in groups}).reset_index(drop=True),
    )


def _typed(predictions: pd.DataFrame) -> pd.DataFrame:
    """Numbers as numbers, null where they are none; people by number where they have no identifier."""
    numbers = {
        name: pd.to_numeric(predictions[name], errors="coerce").astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        for name in ("risk", "outcome", "weight")
    }
    known = predictions["known"].astype("boolean")
    frame = predictions.assign(**numbers, known=known).reset_index(drop=True)
    if PERSON not in frame:
        frame[PERSON] = frame.groupby("model", observed=True).cumcount()
    return frame


def _models(frame: pd.DataFrame) -> Iterable[object]:
    named = frame["model"]
    if isinstance(named.dtype, pd.CategoricalDtype):
        return named.cat.remove_unused_categories().cat.categories
    return frame.sort_index()["model"].unique()


def _wrong_values(frame: pd.DataFrame) -> Iterator[Problem]:
    known = frame["known"].fillna(False).astype(bool)
    weight = frame["weight"]
    wrong = (
        ("model", frame["model"].isna(), "hold no value", "Name the model of each row."),
        (PERSON, frame[PERSON].isna(), "hold no value", "Say of whom each row is."),
        ("risk", ~frame["risk"].between(0, 1), "hold no number from 0 to 1", "Give chances, and leave nobody out."),
        ("known", frame["known"].isna(), "hold no value", "Say of everyone whether it is known what came."),
        ("outcome", known & ~frame["outcome"].isin([0, 1]), "whose outcome is known hold neither 0 nor 1",
         "Give 1 for admitted and 0 for not, or say that it is not known."),
        ("weight", known & ~(np.isfinite(weight) & (weight >= 0)), "whose outcome is known hold no number from 0 up",
         "Give each person a weight, 1 if all are alike."),
    )  # fmt: skip
    for column, which, what, remedy in wrong:
        if found := int(which.sum()):
            yield Problem(f"predictions.{column}", f"{found:,} of {len(frame):,} rows {what}", remedy)


def _wrong_people(frame: pd.DataFrame, groups: Sequence[str]) -> Iterator[Problem]:
    """Whether every model is of the same people, once each, and says the same of them."""
    where, models = f"predictions.{PERSON}", frame["model"].nunique()
    if twice := int(frame.duplicated(["model", PERSON]).sum()):
        yield Problem(where, f"{twice:,} rows repeat a person of the same model", "Give one row a person and model.")
    elif missing := int((frame.groupby(PERSON).size() != models).sum()):
        what = f"{missing:,} of {frame[PERSON].nunique():,} people are not in all of {models} models"
        yield Problem(where, what, _SAME_PEOPLE)
    for name in ("known", "outcome", "weight", *groups):
        told = frame[name].astype("object").where(frame[name].notna(), NOT_KNOWN)
        told = told if name in ("known", *groups) else told.where(frame["known"].fillna(False), NOT_KNOWN)
        first = told.groupby(frame[PERSON]).transform("first")
        if differ := frame.loc[told != first, PERSON].nunique():
            what = f"{differ:,} of {frame[PERSON].nunique():,} people have another value with another model"
            remedy = "Say the same of a person with every model; where rows have no person_id, keep them in one order."
            yield Problem(f"predictions.{name}", what, remedy)


def _empty_groups(frame: pd.DataFrame, groups: Sequence[str]) -> Iterator[Problem]:
    for name in groups:
        if frame[name].isna().all():
            what = f"none of {len(frame):,} rows holds a value"
            yield Problem(f"predictions.{name}", what, "Leave the column out of groups, or fill it.")


def _one_class(people: pd.DataFrame) -> Iterator[Problem]:
    """Whether both those admitted and those not are among people whose outcome is known and has a weight."""
    counted = people[people["known"].astype(bool) & (people["weight"] > 0)]
    admitted = int((counted["outcome"] == 1).sum())
    if 0 < admitted < len(counted):
        return
    what = f"{admitted:,} of {len(counted):,} people whose outcome is known, with a weight above 0, were admitted"
    yield Problem("predictions.outcome", what, "Take a follow-up in which some are admitted and some are not.")


def _named(values: pd.Series) -> pd.Series:
    """A group column as categories, those without a value in one of their own, last."""
    named = values.astype("category")
    if named.isna().any() and NOT_KNOWN not in named.cat.categories:
        named = named.cat.add_categories(NOT_KNOWN)
    named = named.fillna(NOT_KNOWN) if named.isna().any() else named
    return named.cat.rename_categories(list(map(str, named.cat.categories)))
