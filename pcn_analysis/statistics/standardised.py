"""Rates held against each other as if populations had the same ages: directly and indirectly standardised."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis.codelists import rows
from pcn_analysis.statistics.columns import check_not_negative, column, floats, limit_names
from pcn_analysis.statistics.events import byar, poisson_limits
from pcn_analysis.statistics.rates import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST_EVENTS = 10
"""With fewer events a directly standardised rate is null: a band with few people would decide it (OHID's rule)."""


def european_standard_population() -> pd.Series:
    """European Standard Population of 2013 by age band of five years, 0-4 to 90+; 100,000 in all.

    References
    ----------
    Eurostat. Revision of the European Standard Population, 2013 edition. doi:10.2785/11470

    Examples
    --------
    >>> standard = european_standard_population()
    >>> int(standard["0-4"]), int(standard["90+"]), int(standard.sum())
    (5000, 1000, 100000)
    """
    table = rows("european_standard_population_2013")
    bands = pd.Index([row["age_band"] for row in table], name="age_band")
    return pd.Series([int(row["people"]) for row in table], index=bands, dtype="Int64", name="people")


def directly_standardised_rate(
    events: pd.Series,
    population: pd.Series,
    weight: pd.Series,
    groups: pd.Series,
    *,
    squares: pd.Series | None = None,
    multiplier: float = 100_000,
    confidence: Sequence[float] = (CONFIDENCE,),
) -> pd.DataFrame:
    """Rate that a group would have if its ages were those of a standard population, with Dobson's limits.

    Parameters
    ----------
    events
        Events in each stratum (age band, or age band and sex) of each group; not negative.
    population
        People or person-years of the stratum.
    weight
        People of the standard population in the stratum: see :func:`european_standard_population`.
    groups
        The group of each stratum.
    squares
        For events of which one person can have several (admissions): the sum, over the people of the stratum, of the
        square of each one's events. Without it the events are taken for independent of each other.
    multiplier
        The rate is for so many of the population.
    confidence
        Two-sided confidences.

    Returns
    -------
    DataFrame
        A row for each group, in sorted order, indexed by it: events, population, rate and two columns of limits for
        each confidence. Rate and limits are null where the events are fewer than ``FEWEST_EVENTS``, where a stratum
        lacks a count, a population or a weight, and where one has a population of 0. A lower limit can be null at
        99.8% where Byar's is.

    Raises
    ------
    ValueError
        If a number is negative, or if the weights of the groups do not add up to the same: a group lacks a stratum.

    References
    ----------
    Dobson AJ, Kuulasmaa K, Eberle E, Scherer J. Confidence intervals for weighted sums of Poisson parameters. Stat Med
    1991;10:457-62. doi:10.1002/sim.4780100317

    Examples
    --------
    >>> strata = pd.DataFrame({"age": ["young", "old"] * 2, "network": ["A", "A", "B", "B"],
    ...                        "deaths": [2, 30, 1, 60], "people": [900, 100, 800, 200], "standard": [700, 300] * 2})
    >>> found = directly_standardised_rate(
    ...     strata["deaths"], strata["people"], strata["standard"], strata["network"], multiplier=1_000)
    >>> print(found["rate"].round(2).to_list())
    [91.56, 90.88]
    """
    check_not_negative(events=events, population=population, weight=weight)
    whole = pd.DataFrame({"weight": floats(weight)}).groupby(groups.to_numpy())["weight"].sum(skipna=False)
    _check_same_weights(whole)
    n = np.where(floats(population) > 0, floats(population), np.nan)
    share = floats(weight) / whole.loc[groups.to_numpy()].to_numpy() / n
    spread = floats(events if squares is None else squares) * share**2
    counts = {"events": floats(events), "population": floats(population)}
    strata = counts | {"rate": floats(events) * share, "variance": spread}
    sums = pd.DataFrame(strata).groupby(groups.to_numpy()).sum(skipna=False)
    sums.index.name = groups.name
    sums.loc[sums["events"] < FEWEST_EVENTS, ["rate", "variance"]] = np.nan
    found = pd.DataFrame({name: column(sums[name].to_numpy(), sums.index) for name in counts})
    found["rate"] = column(sums["rate"].to_numpy() * multiplier, sums.index)
    for level in confidence:
        for name, limit in zip(limit_names(level), _dobson(sums, level), strict=True):
            found[name] = column(limit * multiplier, sums.index)
    return found


def _check_same_weights(whole: pd.Series) -> None:
    apart = ~np.isclose(whole.dropna(), whole.max())
    if apart.any():
        message = f"weight: the strata of {int(apart.sum())} group(s) add up to less than those of the others"
        raise ValueError(message)


def _dobson(sums: pd.DataFrame, confidence: float) -> list[np.ndarray]:
    events = sums["events"].where(sums["events"] > 0)
    scale = np.sqrt(sums["variance"] / events)
    return [floats(sums["rate"] + scale * (limit - events)) for limit in byar(events, confidence)]


def expected_events(
    population: pd.Series, reference_events: pd.Series, reference_population: pd.Series, groups: pd.Series
) -> pd.Series:
    """Events that each group would have at the rates of a reference population.

    Parameters
    ----------
    population
        People or person-years of each stratum of each group.
    reference_events, reference_population
        Of the same stratum in the reference population, such as England.
    groups
        The group of each stratum.

    Returns
    -------
    Series
        By group, in sorted order; null where a stratum lacks a number or its reference population is 0.

    Examples
    --------
    >>> strata = [pd.Series(numbers) for numbers in ([100, 50], [10, 40], [1_000, 1_000])]
    >>> expected_events(*strata, pd.Series(["A", "A"])).to_list()
    [3.0]
    """
    check_not_negative(
        population=population, reference_events=reference_events, reference_population=reference_population
    )
    reference = np.where(floats(reference_population) > 0, floats(reference_population), np.nan)
    strata = pd.DataFrame({"expected": floats(population) * floats(reference_events) / reference})
    sums = strata.groupby(groups.to_numpy())["expected"].sum(skipna=False)
    sums.index.name = groups.name
    return column(sums.to_numpy(), sums.index)


def indirectly_standardised_ratio(
    observed: pd.Series,
    expected: pd.Series,
    *,
    multiplier: float = 100,
    confidence: Sequence[float] = (CONFIDENCE,),
) -> pd.DataFrame:
    """Observed events over those expected (100 is as in the reference), with exact or Byar's limits.

    Ratios of two groups are not to be compared with each other: each is standardised to its own ages. They compare a
    group with the reference.

    Parameters
    ----------
    observed
        Events of each group, all strata together.
    expected
        From :func:`expected_events`, in the same order.
    multiplier
        What a group that is as the reference has.
    confidence
        Two-sided confidences.

    Returns
    -------
    DataFrame
        A row for each of ``observed``: ratio and two columns of limits for each confidence: exact below
        ``events.EXACT_BELOW`` events, Byar's from there on. Null where a count is null or nothing is expected.

    References
    ----------
    Breslow NE, Day NE. Statistical methods in cancer research, volume II. IARC Scientific Publications 82, 1987,
    chapter 2.

    Examples
    --------
    >>> print(indirectly_standardised_ratio(pd.Series([9]), pd.Series([12.0])).round(1).iloc[0].to_list())
    [75.0, 34.3, 142.4]
    """
    check_not_negative(observed=observed, expected=expected)
    factor = multiplier / np.where(floats(expected) > 0, floats(expected), np.nan)
    found = {"ratio": column(floats(observed) * factor, observed.index)}
    for level in confidence:
        pairs = zip(limit_names(level), poisson_limits(observed, level), strict=True)
        found |= {name: column(floats(limit) * factor, observed.index) for name, limit in pairs}
    return pd.DataFrame(found)


def indirectly_standardised_rate(
    observed: pd.Series,
    expected: pd.Series,
    *,
    reference_rate: float,
    confidence: Sequence[float] = (CONFIDENCE,),
) -> pd.DataFrame:
    """Crude rate of the reference times the ratio of observed to expected events, with the limits of the ratio.

    Parameters
    ----------
    observed, expected, confidence
        As for :func:`indirectly_standardised_ratio`.
    reference_rate
        Crude rate of the reference population; the result is for as many people as it is.

    Returns
    -------
    DataFrame
        As for :func:`indirectly_standardised_ratio`, with ``rate`` for ``ratio``.

    Examples
    --------
    >>> rate = indirectly_standardised_rate(pd.Series([9]), pd.Series([12.0]), reference_rate=400.0)
    >>> print(rate.round(1).iloc[0].to_list())
    [300.0, 137.2, 569.5]
    """
    ratio = indirectly_standardised_ratio(observed, expected, multiplier=reference_rate, confidence=confidence)
    return ratio.rename(columns={"ratio": "rate"})
