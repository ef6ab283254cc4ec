"""The admission model of a place: validated in another year and in other practices, then fitted once more."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from functools import reduce
from importlib.metadata import version
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.anticipatory.admission.features import matrix, people_at
from pcn_analysis.anticipatory.admission.models import BOOSTING, FULL, LOGISTIC, SEED, RiskModel
from pcn_analysis.anticipatory.admission.origins import MONTHS
from pcn_analysis.anticipatory.admission.samples import Sample, not_assessed, sample
from pcn_analysis.anticipatory.admission.validation import PROGRESS, fit_all, left_out, temporal
from pcn_analysis.anticipatory.evaluation import BOOTSTRAPS, Evaluation, evaluate
from pcn_analysis.anticipatory.evaluation.whom import Followed
from pcn_analysis.dates import months_before
from pcn_analysis.exceptions import problem
from pcn_analysis.population import STAGE_CODE
from pcn_analysis.populations import check_alike, people_sha256
from pcn_analysis.provenance import About, Provenance, SourcedTable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from pcn_analysis.population import Population

CODE = ("anticipatory/admission", "anticipatory/evaluation", *STAGE_CODE)
"""What the model is made by: folders and modules of this package."""
YEAR, PRACTICES = "another year", "other practices"
"""What models are tested on."""
LIBRARIES = ("scikit-learn", "numpy", "scipy", "skops")


@dataclass(frozen=True)
class AdmissionModel:
    """Models of unplanned admission fitted on the people of a place, and how good they were found to be.

    Parameters
    ----------
    place, people, networks, index_date
        Whose people took part, and the day from which the model predicts.
    months
        Length of the follow-up.
    chosen
        Name of the model whose risks are used.
    models
        Every model, fitted on the people of ``months`` before the index date.
    not_assessed
        Names of what is declared and could not be assessed.
    flow
        One row an origin: use, origin, adults, and how their follow-up ended (admitted, died, left, followed).
    temporal
        Models of an earlier origin on people of a later one.
    left_out
        Models on practices that they had not seen; None where there are not two practices.
    survivors_only
        Whether nobody in the records died or left, as in an extract of those who are registered today.
    about
        The place, for titles.
    provenance
        Where the records came from.
    made_from
        What it was made from, by :func:`made_from`.
    versions
        Of Python and each library that took part.
    seed
        Of what was drawn.
    """

    place: str
    people: str
    networks: tuple[str, ...]
    index_date: dt.date
    months: int
    chosen: str
    models: dict[str, RiskModel]
    not_assessed: tuple[str, ...]
    flow: pd.DataFrame
    temporal: Evaluation
    left_out: Evaluation | None
    survivors_only: bool
    about: About
    provenance: Provenance
    made_from: str
    versions: dict[str, str]
    seed: int = SEED

    @property
    def columns(self) -> tuple[str, ...]:
        """What the chosen model reads."""
        return self.models[self.chosen].columns

    def sourced_flow(self) -> SourcedTable:
        """The people of each origin and how their follow-up ended, for release."""
        counts = tuple(name for name in self.flow if name not in ("use", "origin"))
        counted = {name: replace(one, by=("origin",)) for name, one in self._people().by_end("adults").items()}
        return SourcedTable(self.flow, self.provenance, counts=counts, about=self.about, counted=counted)

    def tested(self, on: str) -> Followed:
        """The people whom models were tested on, and what was tested."""
        later = (("origin", (str(self.flow["origin"].iloc[-1]),)),)
        return replace(self._people(), where=later, test=f", {on}, {self.made_from[:8]}")

    def _people(self) -> Followed:
        return Followed(f"adults followed for {self.months} months from an origin", networks=self.networks)


def fit_admission(
    populations: Sequence[Population],
    *,
    made_from: str = "",
    months: int = MONTHS,
    bootstraps: int = BOOTSTRAPS,
    seed: int = SEED,
) -> AdmissionModel:
    """Fit the admission model of a place.

    Models learn from people of two follow-ups before the index date and are tested on those of one before it, whose
    outcomes are all later. On the latter each practice is left out in turn, and all models are fitted once more.
    Gradient boosting is chosen where its area under the curve is larger beyond doubt (the lower limit of the
    difference above 0), else logistic regression, as the simpler.

    Parameters
    ----------
    populations
        The people of each network, of one place, kind and index date.
    made_from
        What :func:`made_from` says of them.
    months
        Length of the follow-up.
    bootstraps
        Samples of people for intervals.
    seed
        For what is drawn.

    Raises
    ------
    PcnAnalysisError
        If people do not belong together, records do not reach, a column leaks, or outcomes are of one kind.
    """
    check_alike(populations, where="admission model")
    first = populations[0]
    earlier, later = _samples(populations, first.index_date, months)
    columns = [name for name in later.columns if name in earlier.columns]
    tested = _evaluated(temporal(fit_all(earlier, columns, seed=seed), later, populations), later, bootstraps)
    several = len(set(later.people["practice_code"].fillna(""))) > 1
    apart = _evaluated(left_out(later, columns, seed=seed), later, bootstraps) if several else None
    flow = _flow(earlier, later)
    return AdmissionModel(
        place=first.place.slug,
        people=first.people,
        networks=tuple(sorted(one.pcn_code for one in populations)),
        index_date=first.index_date,
        months=months,
        chosen=choose(tested),
        models=fit_all(later, columns, seed=seed),
        not_assessed=not_assessed(columns),
        flow=flow,
        temporal=tested,
        left_out=apart,
        survivors_only=not flow[["died", "left"]].any(axis=None),
        about=About("", first.place.name, first.place.comparator, first.index_date, first.place.vintage),
        provenance=reduce(Provenance.joined, (one.provenance for one in populations)),
        made_from=made_from,
        versions={"python": sys.version.split()[0]} | {name: version(name) for name in LIBRARIES},
        seed=seed,
    )


def choose(tested: Evaluation) -> str:
    """The simpler of the two full models, unless the other tells people apart better beyond doubt."""
    rows = tested.differences
    better = rows[(rows["model"] == BOOSTING) & (rows["other_model"] == LOGISTIC)]["auc_lower"]
    return BOOSTING if (better > 0).fillna(False).any() else FULL[0]


def risks(population: Population, fitted: AdmissionModel, model: str = "") -> pd.DataFrame:
    """The chance of an unplanned admission of each adult in the months from the index date on.

    Parameters
    ----------
    population
        The people of a network, at the index date of the model.
    fitted
        The model of their place.
    model
        Which of its models; the chosen one by default.

    Returns
    -------
    DataFrame
        One row an adult, in order of person_id: person_id, risk (0 to 1).

    Raises
    ------
    PcnAnalysisError
        If they are of another place, kind or index date, or a column that the model reads is not there.
    """
    if (population.place.slug, population.people, population.index_date) != (
        fitted.place,
        fitted.people,
        fitted.index_date,
    ):
        what = "the model was fitted on people of another place, kind or index date"
        raise problem(population.name, what, "Fit the model of this place: `pcn-analysis fit --of admission`.")
    chosen = fitted.models[model or fitted.chosen]
    people = people_at(population, on=population.index_date)
    if absent := [name for name in chosen.columns if name not in people]:
        what = f"{len(absent)} columns that the model reads are not there: {', '.join(absent[:5])}"
        raise problem(population.name, what, "Fit the model again with the people of this network.")
    return pd.DataFrame({"person_id": people["person_id"], "risk": chosen.risk(matrix(people, chosen.columns))})


def made_from(processed: Path, place: str, people: str, networks: Collection[str]) -> str:
    """Fingerprint of the stored people of some networks and of the code that makes the model of them."""
    return people_sha256(processed, place, people, networks, code=CODE)


def _samples(populations: Sequence[Population], on: dt.date, months: int) -> tuple[Sample, Sample]:
    """People of two follow-ups before a day, and of one."""
    earlier, later = (months_before(on, times * months) for times in (2, 1))
    PROGRESS.info("Gathering people of %s and %s …", earlier, later)
    return sample(populations, origin=earlier, months=months), sample(populations, origin=later, months=months)


def _flow(earlier: Sample, later: Sample) -> pd.DataFrame:
    """What each origin is for, and how the follow-up of its people ended."""
    uses = (("first learnt from", earlier), ("tested on, then learnt from", later))
    return pd.DataFrame([{"use": use, "origin": f"{one.origin:%Y-%m-%d}"} | one.counts() for use, one in uses])


def _evaluated(predictions: pd.DataFrame, of: Sample, bootstraps: int) -> Evaluation:
    PROGRESS.info("Evaluating %d models …", predictions["model"].nunique())
    return evaluate(predictions, groups=of.groups(), bootstraps=bootstraps)
