"""Sentences on the admission model of a place: how good it is, for whom, and what time alone does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.readings.released import may_name_practices, of_released, who
from pcn_analysis.words import listed, number, percent

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

WITHOUT = "Not shown: there is no model, as said above."
"""What is said in place of each finding where no model is shown; why is said once."""
PRISMATIC = (
    "In PRISMATIC, a trial in 32 Welsh practices, showing practices the risks of their patients led to more emergency "
    "admissions, not fewer. Never rank people by risk alone."
)
DRAWN_WITH = " Synthetic people were drawn with these risks: nothing here says anything of the place."


HALF = 0.5
FURTHEST = 3
"""How many groups are named of those whose risks are too low, and of those whose risks are too high."""


@of_released
def admission_model(about_model: ReleasedTable, absent: ReleasedTable) -> str:
    """Read which model is shown and how it was tested, or why there is none."""
    if about_model.frame.empty:
        why = _why(absent, "model") or "there is none"
        never = _why(absent, "fit")
        how = "An analyst can fit one, with the command under “Method and sources”"
        return f"No model is shown: {why}. {f'None can be fitted: {never}' if never else how}. {PRISMATIC}"
    row = about_model.frame.iloc[0]
    lacking = f" Not assessed, and so not read: {row['not_assessed']}." if row["not_assessed"] else ""
    return (
        f"The chance of an unplanned admission in the {number(row['months'], 'month')} after {row['index_date']} is "
        f"given by: {row['chosen']}. It was fitted on adults of {number(row['networks'], 'network')} of "
        f"{about_model.about.place} and tested on {row['tested']}.{lacking} {PRISMATIC}"
        f"{DRAWN_WITH if about_model.provenance.synthetic else ''}"
    )


@of_released
def admission_calibration(curve: ReleasedTable, compared: ReleasedTable) -> str:
    """Read whether risks are as high as what came, in all and in the tenth of the highest."""
    if curve.frame.empty:
        return WITHOUT
    used = compared.frame[compared.frame["role"] == "used"].iloc[0]
    last = curve.frame.iloc[-1]
    return (
        f"For each admission that the model expected, {used['ratio']} came in another year (95% interval in "
        f"brackets). Of the tenth of people with the highest risks it expected {percent(last['mean_risk'])} to be "
        f"admitted; {percent(last['observed'])} were."
    )


@of_released
def admission_top(table: ReleasedTable) -> str:
    """Read how many at the top of the list were admitted, and how many of all who were."""
    if table.frame.empty:
        return WITHOUT
    known = table.frame.dropna(subset=["ppv", "sensitivity"])
    if known.empty:
        return "What came of those at the top of the list is not shown: too few."
    parts = [
        f"of the {row.of_list} with the highest risks {percent(row.ppv)} were admitted, which is "
        f"{percent(row.sensitivity)} of all who were"
        for row in known.iloc[[0, -1] if len(known) > 1 else [0]].itertuples()
    ]
    text = f"{'; '.join(parts)}."
    most = " Most of those admitted are not at the top of the list." if known["sensitivity"].iloc[-1] < HALF else ""
    return f"{text[0].upper()}{text[1:]}{most}"


@of_released
def admission_net_benefit(table: ReleasedTable) -> str:
    """Read at which thresholds offering by the model is better than offering to everyone or to nobody."""
    frame = table.frame
    if frame.empty:
        return WITHOUT
    used = frame[frame["model"] == frame["model"].iloc[0]].dropna(subset=["net_benefit", "treat_all"])
    better = used[used["net_benefit"] > used["treat_all"].clip(lower=0)]
    if better.empty:
        return "At no threshold is offering by this model better than offering to everyone or to nobody."
    low, high = better.iloc[0], better.iloc[-1]
    return (
        f"Offering by this model is better than offering to everyone or to nobody at thresholds from "
        f"{low['from_risk']} to {high['from_risk']}. That is so if what is offered helps; whether it does is not known."
    )


@of_released
def admission_models(table: ReleasedTable) -> str:
    """Read how well the model tells people apart, beside the best of the simple ones and the ceiling."""
    frame = table.frame
    if frame.empty:
        return WITHOUT
    known = frame[frame["tested"] == frame["tested"].iloc[0]].dropna(subset=["auc"])
    by = {role: rows.sort_values("auc", ascending=False).iloc[0] for role, rows in known.groupby("role")}
    if "used" not in by:
        return "How well the model tells people apart is not shown: too few were admitted."
    text = f"Area under the curve of {by['used']['model']}, in {by['used']['tested']}: {by['used']['area']}"
    text += f", against {by['baseline']['area']} of the best single number ({by['baseline']['model']})" if (
        "baseline" in by) else ""  # fmt: skip
    elsewhere = frame[(frame["tested"] != known["tested"].iloc[0]) & (frame["role"] == "used")].dropna(subset=["auc"])
    text += f"; on practices that it had not seen: {elsewhere['area'].iloc[0]}" if len(elsewhere) else ""
    ceiling = (
        f" No model can be above {by['ceiling']['area']}, but for chance: the true risk." if "ceiling" in by else ""
    )
    return f"{text}. 0.5 is a coin, 1 is never wrong.{ceiling}"


@of_released
def admission_by_group(table: ReleasedTable) -> str:
    """Read in which groups risks are too low or too high beyond chance."""
    frame = table.frame
    if frame.empty:
        return WITHOUT
    named = frame if may_name_practices(table) else frame[frame["group"] != "Practice"]
    known = named.dropna(subset=["observed_to_expected_lower", "observed_to_expected_upper"])
    low = known[known["observed_to_expected_lower"] > 1]
    high = known[known["observed_to_expected_upper"] < 1]
    hidden = int(named["observed_to_expected"].isna().sum())
    parts = [_apart(how, rows, len(known)) for how, rows in (("low", low), ("high", high)) if len(rows)]
    text = ". ".join(parts) if parts else "In no group that is shown are risks clearly too low or too high"
    few = f" Of {number(hidden, 'group')} too few were admitted to say." if hidden else ""
    return f"{text} (admitted ÷ expected; of many groups, some are apart by chance).{few}"


def _apart(how: str, rows: pd.DataFrame, of: int) -> str:
    """In how many groups risks are wrong one way, and in which they are so the most."""
    far = rows.loc[(rows["observed_to_expected"] - 1).abs().sort_values(ascending=False, kind="stable").index]
    furthest = ", the furthest in" if len(far) > FURTHEST else ":"
    return f"Risks are too {how} in {number(len(far), 'group')} of {of}{furthest} {_named(far.head(FURTHEST))}"


def _named(rows: pd.DataFrame) -> str:
    return "; ".join(f"{row.group.lower()}: {row.value} ({row.observed_to_expected:.2f})" for row in rows.itertuples())


@of_released
def admissions_in_time(table: ReleasedTable, absent: ReleasedTable) -> str:
    """Read how those who were admitted often are admitted less often a year later, with nothing done."""
    if table.frame.empty:
        return f"What time alone does is not shown: {_why(absent, 'admissions in time') or 'nothing is known of it'}."
    often, everyone = (table.frame.iloc[place] for place in (0, -1))
    if pd.isna(often["each_year_before"]) or pd.isna(often["each_year_after"]):
        return "What time alone does is not shown: too few people were admitted often."
    many = often["group"].removesuffix(" in the year before")
    return (
        f"{number(often['people'], 'person', 'people')} {who(table.about)} had {many} emergency admissions in a year, "
        f"{often['each_year_before']:.1f} each; in the year after it was {often['each_year_after']:.1f}, with nothing "
        f"done for them because of it ({_each(everyone['each_year_before'])} and "
        f"{_each(everyone['each_year_after'])} of everyone). Whoever is chosen for a bad year has a better one next: "
        f"as much as that is no effect of a programme."
    )


def _each(value: float) -> str:
    return "not shown" if pd.isna(value) else f"{value:.2f}"


@of_released
def lists_in_time(table: ReleasedTable, absent: ReleasedTable) -> str:
    """Read how many of those on a list of the highest risks are still on it months later."""
    if table.frame.empty:
        why = _why(absent, "lists in time")
        return f"Who stays on a list is not shown: {why}." if why else WITHOUT
    known = table.frame.dropna(subset=["share"])
    if known.empty:
        return "Who stays on a list is not shown: too few."
    parts = [f"{percent(row.share)} {row.later}" for row in known.itertuples()]
    return (
        f"Of {number(known['listed'].iloc[0], 'person', 'people')} {who(table.about)} with the highest 5% of risks six "
        f"months before, so many are on such a list again: {listed(parts)}. Who died or left is on none."
    )


@of_released
def admission_limits(table: ReleasedTable) -> str:
    """Read how many limits the card of the model has."""
    if table.frame.empty:
        return f"{WITHOUT} Once there is one, its card says what it is not for."
    return (
        "A risk says neither why somebody may be admitted nor whether that can be prevented, and that nobody is safe. "
        f"{_each_kind(table.frame['kind'])}"
    )


def _each_kind(kinds: pd.Series) -> str:
    never, limits = int((kinds == "Not for").sum()), int((kinds == "Limit").sum())
    return f"The card of the model names {number(limits, 'limit')}, and {number(never, 'use')} that it is not for."


def _why(absent: ReleasedTable, what: str) -> str:
    frame = absent.frame
    return "" if frame.empty else next(iter(frame.loc[frame["what"] == what, "why"]), "")
