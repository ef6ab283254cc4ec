"""What an evaluation found, as tables for :func:`pcn_analysis.release.release` under ``hes``.

Counts go out as counts. Figures of a model are numbers of nobody, and are left out wherever a count that they rest on
may not be shown; else they are rounded to two decimals, so that no exact count follows from them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.anticipatory.programme import whom
from pcn_analysis.provenance import Rate, SourcedTable
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.thresholds import SMALLEST_SHOWN

if TYPE_CHECKING:
    from pcn_analysis.anticipatory.programme.evaluation import ProgrammeEvaluation
    from pcn_analysis.anticipatory.programme.verdict import Estimate

NOT_SHOWN = range(1, SMALLEST_SHOWN)
"""Counts that the profile ``hes`` does not show."""
DECIMALS = 2
YEARLY = Rate("rate", "contacts", "years")
_FIGURES = ("estimate", "lower", "upper")


def result(evaluation: ProgrammeEvaluation) -> SourcedTable:
    """The estimates and the verdict.

    Returns
    -------
    SourcedTable
        One row an estimate, the effect first, then the difference it makes for 1,000 people and year, then others:
        measure, estimate, lower, upper, verdict and why (of the effect only), design_sha256. The figures are null
        where there is no estimate, and where a group may not be shown.
    """
    found = evaluation.found
    measures = {"rate ratio": found.effect, "difference per 1,000 years": found.difference, **found.further}
    shown = _may_be_shown(found.groups)
    rows = [(name, *(_figures(one) if shown else [pd.NA] * 3)) for name, one in measures.items()]
    frame = pd.DataFrame(rows, columns=["measure", *_FIGURES]).astype(dict.fromkeys(_FIGURES, "Float64"))
    of_effect = frame.index == 0
    frame["verdict"] = pd.Series(evaluation.verdict, index=frame.index, dtype="str").where(of_effect)
    why = "; ".join(evaluation.reasons)
    frame["why"] = pd.Series(why, index=frame.index, dtype="str").where(of_effect)
    frame["design_sha256"] = evaluation.design_sha256
    return _sourced(evaluation, frame, numbers=_FIGURES)


def by_group(evaluation: ProgrammeEvaluation) -> SourcedTable:
    """People, contacts and time at risk of each group before and after.

    Returns
    -------
    SourcedTable
        One row a group and period: group, period, people, contacts, years, rate (contacts a person and year), died,
        left. Those who were picked because they were seen often fall from before to after without any programme: the
        row of the programme alone shows no effect.
    """
    groups = evaluation.found.groups
    frame = groups[["group", "period", "people"]].assign(
        contacts=groups["events"], years=_whole(groups["years"]), died=groups["died"], left=groups["left"]
    )
    counts = ("people", "contacts", "years", "died", "left")
    frame = frame.astype({"group": "str", "period": "str", **dict.fromkeys(counts, "Int64")})
    counted = whom.by_group(evaluation, frame)
    return _sourced(evaluation, with_rates(frame, (YEARLY,)), counts=counts, rates=(YEARLY,), counted=counted)


def people_left(evaluation: ProgrammeEvaluation) -> SourcedTable:
    """How many people each step left.

    Returns
    -------
    SourcedTable
        One row a step, in order: step, programme, comparison; null where there is no such group.
    """
    groups = ("programme", "comparison")
    frame = evaluation.found.flow.astype({"step": "str", **dict.fromkeys(groups, "Int64")})
    return _sourced(evaluation, frame, counts=groups, counted=whom.by_step(evaluation))


def balance_of(evaluation: ProgrammeEvaluation) -> SourcedTable:
    """Standardised differences of covariates before and after matching.

    Returns
    -------
    SourcedTable
        One row a covariate: covariate, before, after; no rows where nobody was matched. Null figures where a group may
        not be shown.
    """
    frame = evaluation.found.balance.reindex(columns=["covariate", "before", "after"])
    frame = frame.astype({"covariate": "str", "before": "Float64", "after": "Float64"}).round(DECIMALS)
    if not _may_be_shown(evaluation.found.groups):
        frame[["before", "after"]] = pd.NA
    return _sourced(evaluation, frame, numbers=("before", "after"))


def by_month(evaluation: ProgrammeEvaluation) -> SourcedTable:
    """Contacts of each month of a time series.

    Returns
    -------
    SourcedTable
        One row a group and month: group, month (its first day, as text), period, people (registered at any time in
        it), contacts, years, rate (contacts a person and year); no rows of other designs.
    """
    months, parts = evaluation.found.months, []
    for group in [one for one in ("programme", "comparison") if f"{one}_events" in months]:
        parts.append(
            pd.DataFrame(
                {
                    "group": group,
                    "month": months["month"].dt.strftime("%Y-%m-%d"),
                    "period": (months["number"] < 0).map({True: "before", False: "after"}),
                    "people": months[f"{group}_people"],
                    "contacts": months[f"{group}_events"],
                    "years": _whole(months[f"{group}_years"]),
                }
            )
        )
    names = ["group", "month", "period", "people", "contacts", "years"]
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)
    frame = frame.astype({**dict.fromkeys(names[:3], "str"), **dict.fromkeys(names[3:], "Int64")})
    counts, counted = (
        ("people", "contacts", "years"),
        whom.by_month(evaluation, dict(zip(frame["month"], frame["period"], strict=True))),
    )
    return _sourced(evaluation, with_rates(frame, (YEARLY,)), counts=counts, rates=(YEARLY,), counted=counted)


def _sourced(evaluation: ProgrammeEvaluation, frame: pd.DataFrame, **kinds: Any) -> SourcedTable:
    return SourcedTable(frame.reset_index(drop=True), evaluation.provenance, about=evaluation.about, **kinds)


def _may_be_shown(groups: pd.DataFrame) -> bool:
    return not groups[["people", "events"]].isin(NOT_SHOWN).any().any()


def _figures(one: Estimate) -> list[float]:
    return [round(value, DECIMALS) for value in (one.value, one.lower, one.upper)]


def _whole(years: pd.Series) -> pd.Series:
    return years.astype("float64").round().astype("Int64")
