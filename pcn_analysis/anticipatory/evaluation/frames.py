"""The tables of an evaluation, from counts of people and the figures found."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis.anticipatory.evaluation import calibration
from pcn_analysis.anticipatory.evaluation.found import FAIR_TOP, THRESHOLDS, Key
from pcn_analysis.anticipatory.evaluation.measured import AT_TOP, FIGURES, flagged
from pcn_analysis.thresholds import SMALLEST_SHOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcn_analysis.anticipatory.evaluation.found import Found
    from pcn_analysis.anticipatory.evaluation.predictions import People

OF_GROUPS = ("auc", "observed_to_expected", "intercept", "slope")
DIFFERENCES = ("auc", "brier")


def overall(people: People, found: Found) -> pd.DataFrame:
    """One row a model: whom it was measured on, and its figures with limits."""
    counts = {"people": len(people), "known": int(people.known.sum())}
    counts |= {"not_known": counts["people"] - counts["known"], "events": int(people.outcome.sum())}
    counts |= {"non_events": counts["known"] - counts["events"]}
    return _by_model(
        people,
        [
            _row(counts | _plain(found, Key(model))).join(found.columns(Key(model), FIGURES))
            for model in range(len(people.models))
        ],
    )


def differences(people: People, found: Found) -> pd.DataFrame:
    """One row an ordered pair of models: how much larger a figure of the first is, in the same people."""
    rows = []
    for one, other in permutations(range(len(people.models)), 2):
        row: dict[str, object] = {"model": people.models[one], "other_model": people.models[other]}
        for name in DIFFERENCES:
            value, low, high = found.difference(Key(one), Key(other), name)
            row |= {name: value, f"{name}_lower": low, f"{name}_upper": high}
        rows.append(row)
    limits = [f"{name}{limit}" for name in DIFFERENCES for limit in ("", "_lower", "_upper")]
    return pd.DataFrame(rows, columns=["model", "other_model", *limits])


def curve(people: People) -> pd.DataFrame:
    """One row a model and tenth of people of known outcome by risk."""
    return _by_model(people, [calibration.tenths(people, model) for model in range(len(people.models))])


def smooth(people: People) -> pd.DataFrame:
    """One row a model and risk: what came there, by a smooth curve."""
    return _by_model(people, [calibration.smooth(people, model) for model in range(len(people.models))])


def at_top(people: People, found: Found, line: np.ndarray, tops: Sequence[float]) -> pd.DataFrame:
    """One row a model and share of its list: who is in it, and how many of them were admitted."""
    parts = []
    for model in range(len(people.models)):
        rows = []
        for top in tops:
            chosen = flagged(people, line[:, model], top)
            counts = {
                "top": top,
                "people": len(people),
                "flagged": int(chosen.sum()),
                "known": int((chosen & people.known).sum()),
                "admitted": int((chosen & people.outcome).sum()),
                "admitted_of_all": int(people.outcome.sum()),
            }
            rows.append(_row(counts).join(found.columns(Key(model, top=top), AT_TOP)))
        parts.append(pd.concat(rows, ignore_index=True))
    return _by_model(people, parts)


def net_benefit(people: People, found: Found) -> pd.DataFrame:
    """One row a model and threshold: the net benefit of offering to all above it, to everyone, and to nobody."""
    parts = []
    for model in range(len(people.models)):
        above = people.risks[:, [model]] >= THRESHOLDS
        part = pd.DataFrame(
            {
                "threshold": THRESHOLDS,
                "known": int(people.known.sum()),
                "flagged": (above & people.known[:, None]).sum(axis=0),
                "admitted": (above & people.outcome[:, None]).sum(axis=0),
            }
        )
        values = found.columns(Key(model), ("net_benefit",))
        parts.append(part.join(values).assign(treat_all=found.of_people[Key(model)]["treat_all"], treat_none=0.0))
    return _by_model(people, parts)


def by_group(people: People, found: Found, line: np.ndarray) -> pd.DataFrame:
    """One row a model, group column and value of it; figures of groups with too few are null, with the reason."""
    parts = []
    for model in range(len(people.models)):
        chosen = flagged(people, line[:, model], FAIR_TOP)
        of_each = {
            "people": np.ones(len(people), dtype=bool),
            "known": people.known,
            "events": people.outcome,
            "non_events": people.known & ~people.outcome,
            "flagged": chosen,
            "flagged_known": chosen & people.known,
            "flagged_events": chosen & people.outcome,
        }
        for name in people.groups:
            key = Key(model, name)
            counts = pd.DataFrame(of_each).groupby(people.groups[name].to_numpy(), observed=False).sum()
            counts = counts.reindex(people.groups[name].cat.categories, fill_value=0).rename_axis("value").reset_index()
            figures = found.columns(key, (*OF_GROUPS, "ppv", "sensitivity"))
            plain = pd.DataFrame({one: found.of_people[key][one] for one in ("observed", "mean_risk")})
            reason = _too_few(counts)
            shown = plain.join(figures).where(reason == "")
            parts.append(counts.join(shown).assign(group=name, reason=reason, model=people.models[model]))
    if not parts:
        return pd.DataFrame(columns=["model", "group", "value", "reason"], dtype="str")
    rows = pd.concat(parts, ignore_index=True)
    rows["value"] = rows["value"].astype("str")
    first = ["model", "group", "value"]
    return rows[[*first, *(name for name in rows if name not in (*first, "reason")), "reason"]]


def _too_few(counts: pd.DataFrame) -> pd.Series:
    """Why no figures of a group are given, in words; empty where they are."""
    what = {"known": "people whose outcome is known", "events": "admitted", "non_events": "not admitted"}
    reason = pd.Series("", index=counts.index)
    for column, words in reversed(what.items()):
        reason = reason.mask(counts[column] < SMALLEST_SHOWN, f"fewer than {SMALLEST_SHOWN} {words}")
    return reason


def _plain(found: Found, key: Key) -> dict[str, float]:
    return {name: found.of_people[key][name].item() for name in ("observed", "mean_risk")}


def _row(values: dict[str, float]) -> pd.DataFrame:
    return pd.DataFrame([values])


def _by_model(people: People, parts: list[pd.DataFrame]) -> pd.DataFrame:
    named = [part.assign(model=name) for name, part in zip(people.models, parts, strict=True)]
    rows = pd.concat(named, ignore_index=True)
    return rows[["model", *(name for name in rows if name != "model")]]
