"""People at an origin, with what was known of them then and what came: what models learn from and are tested on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.anticipatory.admission.censoring import censor_weights
from pcn_analysis.anticipatory.admission.features import CHARLSON, FEATURES, PREDICTORS, groups, matrix, people_at
from pcn_analysis.anticipatory.admission.leakage import check_leakage
from pcn_analysis.anticipatory.admission.origins import ENDED, MONTHS, check_classes, followed
from pcn_analysis.deprivation import FIFTHS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from pcn_analysis.population import Population

ORDERS = {"deprivation_fifth": FIFTHS}
"""Order of the values of a group where it is not that of the alphabet."""
READABLE = (*PREDICTORS, CHARLSON)


@dataclass(frozen=True)
class Sample:
    """People at an origin.

    Parameters
    ----------
    origin
        The day.
    people
        One row a person: what was known of them (:func:`people_at`), what came (:func:`followed`), weight, known
        (whether they did not leave), and columns of ``GROUPS`` named ``group_<name>``.
    columns
        Columns that models may read: those that could be assessed in every network.
    """

    origin: dt.date
    people: pd.DataFrame
    columns: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """How many people there are, and how each follow-up ended."""
        found = self.people["ended"].value_counts()
        return {"adults": len(self.people)} | {how: int(found.get(how, 0)) for how in ENDED}

    def predicted(self, risks: dict[str, pd.Series]) -> pd.DataFrame:
        """Predictions as :func:`pcn_analysis.anticipatory.evaluation.evaluate` takes them.

        Parameters
        ----------
        risks
            By the name of a model: the risk of everyone, in order of the rows.
        """
        plain = ["person_id", "weight", "known"]
        grouped = {f"group_{name}": name for name in self.groups()}
        kept = self.people[[*plain, *grouped]].rename(columns=grouped).assign(outcome=self.people["admitted"] * 1)
        parts = [kept.assign(risk=risk.to_numpy(), model=name) for name, risk in risks.items()]
        found = pd.concat(parts, ignore_index=True)
        kinds = pd.CategoricalDtype(list(risks))
        found = found.astype({"model": kinds, **dict.fromkeys(grouped.values(), "category")})
        for name, order in ORDERS.items():
            if name in found:
                found[name] = found[name].cat.set_categories(
                    [one for one in order if one in found[name].cat.categories]
                )
        return found

    def groups(self) -> list[str]:
        """Names of groups that anything is known of."""
        found = [name for name in self.people if name.startswith("group_")]
        return [name.removeprefix("group_") for name in found if self.people[name].notna().any()]


def sample(populations: Sequence[Population], *, origin: dt.date, months: int = MONTHS) -> Sample:
    """Gather the adults of some networks at an origin, and what came of them.

    Parameters
    ----------
    populations
        The people of each network.
    origin
        The day from which is predicted.
    months
        Length of the follow-up.

    Raises
    ------
    PcnAnalysisError
        If records do not reach the end of the follow-up, if a column says what was recorded later, or unless some
        are known to have been admitted and some not.
    """
    parts, assessed = [], set(READABLE)
    for population in populations:
        known = people_at(population, on=origin)
        check_leakage(population, known, origin=origin)
        assessed &= {name for name in READABLE if name in known and known[name].notna().any()}
        both = known.merge(followed(population, origin=origin, months=months), on="person_id", how="inner")
        parts.append(both.join(groups(population, both).add_prefix("group_")))
    people = pd.concat(parts, ignore_index=True)
    check_classes(people, f"follow-up from {origin}")
    people = people.assign(weight=censor_weights(people), known=people["ended"] != "left")
    return Sample(origin, people, tuple(name for name in READABLE if name in assessed))


def read(one: Sample, columns: Sequence[str]) -> pd.DataFrame:
    """What models read of a sample, as numbers."""
    return matrix(one.people, columns)


def not_assessed(columns: Sequence[str]) -> tuple[str, ...]:
    """Names of what is declared and could not be assessed in every network.

    Examples
    --------
    >>> not_assessed([name for name in READABLE if name != CHARLSON])
    ('Charlson index, Quan 2011',)
    """
    return tuple(FEATURES[name].name for name in READABLE if name not in columns)
