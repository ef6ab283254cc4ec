"""Screening, urgent referrals and what came of them by practice: counts, and what follows once they are released.

Funnel limits lie around the network's own share, so that some practice is always above it; a network has few practices,
and whether they differ more than by chance can be told of ten or more only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.contract.years import asked_year
from pcn_analysis.services.catalogue import find_service
from pcn_analysis.services.counts import by_practice
from pcn_analysis.statistics.events import crude_rate
from pcn_analysis.statistics.funnel import proportion_funnel, proportion_position, ratio_position
from pcn_analysis.statistics.overdispersion import dispersion, funnel_limits
from pcn_analysis.words import NOT_KNOWN, NOT_SHOWN, count, percent

if TYPE_CHECKING:
    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable

SERVICE = "early_cancer_diagnosis"
REFERRED = "Urgently referred with suspected cancer in 12 months"
SCREENED, FOLLOWED = "screening", "urgent referrals"
"""The parts of the table of funnels; the first stands in the name of each measure of uptake."""
PATHWAY = ("Conversion", "Detection", "Lower gastrointestinal")
"""How the names of measures begin that tell what came of a referral, and whether a FIT went with it."""
LEAST_PRACTICES = 10
"""From how many practices on over-dispersion is estimated; our choice, as a spread of fewer says little."""
NETWORK, NOBODY = "All practices", "nobody"
LIMITS = {"lower_95": "lower_95", "upper_95": "upper_95", "lower_99.8": "lower_998", "upper_99.8": "upper_998"}
"""Limits as they are called here, by their names elsewhere."""
WIDER = {name: f"wider_{ours}" for name, ours in LIMITS.items()}
"""What limits with over-dispersion are called."""


def screened_and_referred(population: Population, year: str = "") -> SourcedTable:
    """Count who was screened in time, who was referred urgently and what came of it, by practice.

    Parameters
    ----------
    population
        The people of a network.
    year
        The contract year; that of the index date where none is given.

    Returns
    -------
    SourcedTable
        One row a measure and practice, as :func:`pcn_analysis.services.counts.by_practice`: the measures of uptake of
        screening, urgent referrals, then conversion, detection and FIT.
    """
    service = find_service(SERVICE, asked_year(year, population.index_date))
    names = [one.name for one in service.measures if _part(one.name) or one.name == REFERRED]
    return by_practice(population, SERVICE, year, names)


def _part(measure: str) -> str:
    """In which part of the table of funnels a measure is; in none if it is no share."""
    if SCREENED in measure.lower():
        return SCREENED
    return FOLLOWED if measure.startswith(PATHWAY) else ""


def funnels(released: pd.DataFrame) -> pd.DataFrame:
    """Hold each share of a practice against the network's own, from released counts alone.

    Parameters
    ----------
    released
        What is released of :func:`screened_and_referred`.

    Returns
    -------
    DataFrame
        One row a measure and practice: measure, part (screening or urgent referrals), practice_name, people, of, share
        with limits; practices (with a number), baseline (the share of these practices together), lower_95, upper_95,
        lower_998, upper_998 (funnel limits by chance alone), position in words; tau2 and limits with ``wider_`` before
        them where there are so many practices that over-dispersion is estimated, null where there are not; percentage,
        network, limits and wider_limits (95%) in words, for a table that people read. No rows of referrals themselves.

    References
    ----------
    Spiegelhalter DJ. Funnel plots for comparing institutional performance. Stat Med 2005;24:1185-202.
    doi:10.1002/sim.1970

    Examples
    --------
    >>> rows = pd.DataFrame({
    ...     "measure": "Bowel screening", "practice_name": ["A", "B"], "people": pd.array([60, 90], "Int64"),
    ...     "of": pd.array([100, 100], "Int64"), "share": [0.6, 0.9], "share_lower": 0.5, "share_upper": 0.95})
    >>> funnels(rows)[["baseline", "position"]].to_numpy().tolist()
    [[0.75, 'below the 99.8% limit'], [0.75, 'above the 99.8% limit']]
    """
    shares = released.assign(part=released["measure"].map(_part)).query("part != ''")
    held = [_held_against_all(rows) for _, rows in shares.groupby("measure", sort=False)]
    return _in_words(pd.concat(held, ignore_index=True)) if held else shares


def _held_against_all(rows: pd.DataFrame) -> pd.DataFrame:
    """Practices of one measure with baseline and limits; null where no practice has a number."""
    people, of = (rows[name].astype("Float64") for name in ("people", "of"))
    known = people.notna() & of.gt(0).fillna(False)
    numbers = dict.fromkeys(("baseline", *LIMITS.values(), "tau2", *WIDER.values()), pd.NA)
    found = rows.drop(columns=["service", "better", "disclaimer"], errors="ignore").assign(
        practices=int(known.sum()), **numbers
    )
    found = found.astype(dict.fromkeys(numbers, "Float64")).assign(position=pd.Series(pd.NA, rows.index, dtype="str"))
    if not known.any():
        return found
    baseline = float(people[known].sum() / of[known].sum())
    found["baseline"] = baseline
    found[[*LIMITS.values()]] = proportion_funnel(of, baseline)[[*LIMITS]].to_numpy()
    found["position"] = proportion_position(people, of.mask(~known), baseline)
    if known.sum() >= LEAST_PRACTICES:
        found["tau2"] = dispersion(people[known], of[known], "proportion").tau2
        limits = funnel_limits(people, of, "proportion", tau2=found["tau2"].iloc[0])
        found[[*WIDER.values()]] = limits[[*WIDER]].to_numpy()
    return found.astype(dict.fromkeys(numbers, "Float64") | {"position": "str"})


def _in_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Shares and 95% limits as they are read; a share of nobody is none, and not one that is too small to show."""

    def limits(before: str = "") -> list[str]:
        ends = zip(frame[f"{before}lower_95"], frame[f"{before}upper_95"], strict=True)
        return [NOT_KNOWN if pd.isna(low) else f"{percent(low)} to {percent(high)}" for low, high in ends]

    share, network = (frame[name].map(percent) for name in ("share", "baseline"))
    percentage = share.mask(frame["of"].eq(0).fillna(False).astype(bool), NOBODY)
    return frame.assign(percentage=percentage, network=network, limits=limits(), wider_limits=limits("wider_"))


def referral_rates(released: pd.DataFrame) -> pd.DataFrame:
    """People referred urgently for each 100,000 registered, by practice and together, from released counts alone.

    Parameters
    ----------
    released
        What is released of :func:`screened_and_referred`.

    Returns
    -------
    DataFrame
        One row for all practices with a number together, then one a practice: practice_name, people, of, rate, lower_95
        and upper_95 (exact below 10, else Byar's), limits in words, and position of a practice against all, in words.
        Rates are crude: those of other places, by age and sex, are not held.

    Examples
    --------
    >>> rows = pd.DataFrame({"measure": REFERRED, "practice_name": ["A", "B"],
    ...                      "people": pd.array([65, None], "Int64"), "of": pd.array([10_000, 900], "Int64")})
    >>> referral_rates(rows).round(1)[["practice_name", "rate", "lower_95", "upper_95"]].to_numpy().tolist()[:2]
    [['All practices', 650.0, 501.6, 828.5], ['A', 650.0, 501.6, 828.5]]
    """
    rows = released.loc[released["measure"] == REFERRED, ["practice_name", "people", "of"]]
    known = rows.dropna(subset=["people", "of"])
    if rows.empty:
        return rows.assign(rate=pd.array([], "Float64"))
    together = {"practice_name": NETWORK, "people": known["people"].sum(), "of": known["of"].sum()}
    frame = pd.concat([pd.DataFrame([together]), rows], ignore_index=True).astype({"people": "Int64", "of": "Int64"})
    if known.empty:
        frame.loc[0, ["people", "of"]] = pd.NA
    frame = frame.join(crude_rate(frame["people"], frame["of"]))
    ends = zip(frame["lower_95"], frame["upper_95"], strict=True)
    frame["limits"] = [NOT_SHOWN if pd.isna(low) else f"{count(low)} to {count(high)}" for low, high in ends]
    baseline = frame["people"].astype("Float64")[0] / frame["of"].astype("Float64")[0] if len(known) else pd.NA
    expected = frame["of"].astype("Float64") * baseline
    position = ratio_position(frame["people"].astype("Float64"), expected)
    return frame.assign(position=position.where(frame.index > 0))
