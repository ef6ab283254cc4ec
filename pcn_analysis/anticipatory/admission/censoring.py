"""Weights that make up for people who left before the end of a follow-up."""

from __future__ import annotations

import numpy as np
import pandas as pd


def censor_weights(people: pd.DataFrame) -> pd.Series:
    """Weight each person whose outcome is known by how many stand behind them, as others like them left.

    One over the chance of not having left by the day on which it was known what came (the admission, the death, the
    end), by Kaplan-Meier of leaving among all alike: it is taken that leaving has nothing to do with being admitted.
    Who died is known not to be admitted any more, and keeps the weight of the day of death. Who left has 0.

    Parameters
    ----------
    people
        days and ended, as of :func:`pcn_analysis.anticipatory.admission.origins.followed`.

    Returns
    -------
    Series
        Weights in order of the rows. They add up to the number of people, unless the last of all left.

    References
    ----------
    Graf E, et al. Assessment and comparison of prognostic classification schemes for survival data. Stat Med
    1999;18:2529-45. Blanche P, et al. Estimating and comparing time-dependent areas under receiver operating
    characteristic curves for censored event times with competing risks. Stat Med 2013;32:5381-97.

    Examples
    --------
    One of three leaves on day 100; the other two, an admission and a year without one, count for 3/2 each. The death
    of day 50, before anybody left, counts for itself.

    >>> people = pd.DataFrame({"days": [50, 100, 200, 365], "ended": ["died", "left", "admitted", "followed"]})
    >>> censor_weights(people).round(3).to_list()
    [1.0, 0.0, 1.5, 1.5]
    """
    days, left = people["days"].to_numpy(dtype=int), (people["ended"] == "left").to_numpy()
    if not len(days):
        return pd.Series(dtype=float, index=people.index)
    leaving = np.bincount(days[left], minlength=days.max() + 1)
    there = np.bincount(days, minlength=days.max() + 1)[::-1].cumsum()[::-1]
    staying = np.cumprod(1 - leaving / np.maximum(there, 1))
    return pd.Series(np.where(left, 0.0, 1 / np.where(left, 1.0, staying[days])), index=people.index)
