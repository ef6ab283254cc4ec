"""Rules for counts that leave, each from a publication, and what somebody who knows the rule learns from a count.

A profile is both sides of a rule: :meth:`Profile.protect` is what is written instead of a count, :meth:`Profile.seen`
which counts that can stand for. The second is all that an attacker has; an audit puts many of them together.

Examples
--------
>>> hes = PROFILES["hes"]
>>> hes.protect(pd.Series([0, 7, 8, 213])).to_list()
[0, <NA>, 10, 215]
>>> hes.seen(215), hes.seen(10), hes.seen(pd.NA)
(Possible(low=213, high=217, kind='rounded'), Possible(low=8, high=12, kind='rounded'), \
Possible(low=1, high=7, kind='suppressed'))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from pcn_analysis.thresholds import ROUNDED_TO, SMALLEST_SHOWN

ZERO, EXACT, ROUNDED, SUPPRESSED, MISSING = "zero", "exact", "rounded", "suppressed", "missing"
"""What a released count is: 0; itself; one of a few; a small one (blank, or the 3 of midpoint 6); unknown, as it was
before release. One of any size that is kept back, so that no small one can be worked out, is ``words.WITHHELD``."""


class Possible(NamedTuple):
    """The counts that what is shown can stand for; ``high`` is None where there is no largest."""

    low: int
    high: int | None
    kind: str


@dataclass(frozen=True)
class Profile:
    """A rule for counts.

    0 is always 0, and null stays null. Estimates, which are no whole numbers, are treated like counts; what is shown of
    them is whole.

    Parameters
    ----------
    name, title
        What it is asked for by, and what it is called.
    source
        The publication that it follows, with its date or version.
    promise
        What it does, in a sentence or two, and what it does not.
    smallest
        The smallest count but 0 that is shown.
    nearest
        What is shown goes to the nearest multiple of it: 1, or another odd number.
    midpoint
        Counts go to the middle of 1 to ``nearest``, of the next as many, and so on, instead.
    changes
        Whether anything is changed at all.
    alone
        Whether tables may leave without an audit that withholds more. A rule that shows exact counts and totals beside
        blanks may not: the blanks are often the difference.
    """

    name: str
    title: str
    source: str
    promise: str
    smallest: int = SMALLEST_SHOWN
    nearest: int = 1
    midpoint: bool = False
    changes: bool = True
    alone: bool = True

    def protect(self, counts: pd.Series) -> pd.Series:
        """Counts as they may be shown, as Int64; a count that is too small is null, as is one that is missing.

        Examples
        --------
        >>> PROFILES["opensafely_midpoint"].protect(pd.Series([0, 1, 6, 7, 12, None])).to_list()
        [0, 3, 3, 9, 9, <NA>]
        """
        if not self.changes:
            return counts
        exact = counts.astype("Float64")
        if self.midpoint:
            upper = -(-exact // self.nearest) * self.nearest
            return (upper - (exact != 0) * (self.nearest // 2)).astype("Int64")
        shown = ((exact + self.nearest / 2) // self.nearest * self.nearest).astype("Int64")
        return shown.mask(((exact > 0) & (exact < self.smallest)).fillna(False))

    def seen(self, value: Any) -> Possible:
        """Which counts a shown value, or null, can stand for; see :meth:`seen_of`.

        Examples
        --------
        >>> PROFILES["opensafely_midpoint"].seen(3), PROFILES["exact_with_secondary"].seen(12)
        (Possible(low=1, high=6, kind='suppressed'), Possible(low=12, high=12, kind='exact'))
        """
        row = self.seen_of(pd.Series([value], dtype="Int64")).iloc[0]
        return Possible(int(row["low"]), None if pd.isna(row["high"]) else int(row["high"]), str(row["kind"]))

    def seen_of(self, shown: pd.Series) -> pd.DataFrame:
        """Which counts each shown value can stand for, if the rule is known and nothing else.

        A range that lies wholly among counts too small to show is ``suppressed``, also where a value is written for it.
        Null is ``missing`` under a rule that leaves nothing blank, and then says nothing.

        Parameters
        ----------
        shown
            Values that :meth:`protect` returned.

        Returns
        -------
        DataFrame
            One row a value, with its index: low and high (Int64; null where there is no largest), kind.

        Raises
        ------
        ValueError
            If a value is one that the rule never shows.

        Examples
        --------
        >>> PROFILES["hes"].seen_of(pd.Series([0, None, 10, 15], dtype="Int64"))[["low", "high"]].to_numpy().tolist()
        [[0, 0], [1, 7], [8, 12], [13, 17]]
        """
        value = shown.astype("Int64")
        zero, blank = value.eq(0).fillna(False), value.isna()
        low, high = (value - (self.nearest - 1) // 2).clip(lower=self.smallest), value + self.nearest // 2
        middle = self.nearest // 2 if self.midpoint else 0
        wrong = value.lt(0) | high.lt(self.smallest) | value.mod(self.nearest).ne(middle)
        never = wrong.fillna(False) & ~zero
        if never.any():
            message = f"{int(never.sum())} values are none that the profile {self.name} shows"
            raise ValueError(message)
        low, high = low.mask(zero, 0), high.mask(zero, 0)
        low = low.mask(blank, 1 if self.smallest > 1 else 0)
        high = high.mask(blank, self.smallest - 1 if self.smallest > 1 else pd.NA)
        small = high.lt(max(self.smallest, SMALLEST_SHOWN)).fillna(False)
        kinds = [zero, blank & high.isna(), low.eq(high).fillna(False) & ~blank, small]
        kind = np.select([one.to_numpy(dtype=bool) for one in kinds], [ZERO, MISSING, EXACT, SUPPRESSED], ROUNDED)
        return pd.DataFrame({"low": low, "high": high, "kind": pd.Series(kind, index=shown.index, dtype="str")})


_OPENSAFELY = (
    "OpenSAFELY documentation, Statistical disclosure control (docs/outputs/sdc.md at commit 1ea5fd4), "
    "https://docs.opensafely.org/outputs/sdc/"
)
_ALL = (
    Profile(
        "hes",
        "Hospital Episode Statistics rule",
        "NHS Digital, Disclosure control methodology for Hospital Episode Statistics and Emergency Care Data Set, from "
        "September 2018, https://digital.nhs.uk/data-and-information/data-tools-and-services/data-services/"
        "hospital-episode-statistics/change-to-disclosure-control-methodology-for-hes-and-ecds-from-september-2018",
        "0 is shown as 0, 1 to 7 are not shown, anything else goes to the nearest 5. Totals are counted and then "
        "rounded as any count is, so that rows need not add up.",
        nearest=ROUNDED_TO,
    ),
    Profile(
        "opensafely",
        "OpenSAFELY, nearest 5",
        _OPENSAFELY,
        "0 is shown as 0, counts of 7 or fewer are not shown, anything else goes to the nearest 5. OpenSAFELY adds "
        "totals up from rounded counts; here a total is rounded by itself, as under hes.",
        nearest=ROUNDED_TO,
    ),
    Profile(
        "opensafely_midpoint",
        "OpenSAFELY, midpoint 6",
        _OPENSAFELY,
        "0 is shown as 0, 1 to 6 as 3, 7 to 12 as 9, 13 to 18 as 15 and so on. Nothing is blank; a 3 is no count of 3.",
        smallest=1,
        nearest=6,
        midpoint=True,
    ),
    Profile(
        "threshold_10",
        "Threshold of 10",
        "Office for National Statistics, advice on the Longitudinal Study, http://celsius.lshtm.ac.uk/onscell.html; "
        "the same threshold in ACRO (github.com/AI-SDC/ACRO, acro/default.yaml at commit 07a2728)",
        "0 is shown as 0, 1 to 9 are not shown, anything else is exact, totals included: safe only after publish() has "
        "withheld what gives a blank back. ACRO by default does not show 0 either.",
        smallest=10,
        alone=False,
    ),
    Profile(
        "exact_with_secondary",
        "Exact counts, with secondary suppression",
        "Fischetti M, Salazar-Gonzalez JJ. Solving the cell suppression problem on tabular data with linear "
        "constraints. Management Science 2001;47(7):1008-27",
        "0 is shown as 0, 1 to 7 are not shown, anything else is exact; publish() withholds as many more as it takes.",
        alone=False,
    ),
    Profile(
        "open_data",
        "Published already",
        "Files published under the Open Government Licence v3.0, as the provenance of each table names them",
        "Nothing is changed; refused for whatever is not made of published files alone.",
        smallest=1,
        changes=False,
    ),
)
PROFILES = {one.name: one for one in _ALL}
"""Every profile by its name; the first is the default."""
