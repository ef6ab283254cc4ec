"""Release a table under a disclosure profile (:mod:`pcn_analysis.release.profiles`).

Every profile but ``open_data`` may be put to what derives from a person's record, synthetic people included. Counts
become what the profile shows of them; rates and their limits are computed again from that, because true limits beside
a rounded count give the count back. ``hes`` is the default.

``open_data`` changes nothing, and is refused for any table that is not made solely from published files whose
publisher and period are known.

What is looked at here is one table. That no small count follows from several is for the audit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field
from inspect import isfunction
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.exceptions import DisclosureError, Problem
from pcn_analysis.provenance import About
from pcn_analysis.release import handed_over
from pcn_analysis.release.profiles import MISSING, PROFILES
from pcn_analysis.release.refusals import holds_numbers, refusals, undeclared
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.words import WITHHELD

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from pcn_analysis.provenance import Counted, Provenance, Rate, SourcedTable

UNNAMED = About("", "unnamed place", "", dt.date(1, 1, 1), "")
_GATE = object()
MOST_GIVEN, LONGEST_GIVEN = 50, 200
"""Values by name, and letters of a word, that a reader of a page may choose."""
Given = str | float | Mapping[str, str | float] | None
"""What a reader of a page chooses."""


@dataclass(frozen=True)
class ReleasedTable:
    """A table that may leave: what figures, sentences, pages and CSV files are made from.

    Made by :func:`release` alone. Suppressed values are null, never 0.

    Parameters
    ----------
    provenance
        Where the values came from.
    profile
        The disclosure profile that it passed.
    rates
        How its rate columns follow from its counts.
    about
        What it is about.
    counted
        Whom each count column counts.
    rows
        Of each row, its position in the table that went in.
    """

    _frame: pd.DataFrame
    provenance: Provenance
    profile: str
    rates: tuple[Rate, ...] = ()
    about: About = UNNAMED
    counted: Mapping[str, Counted] = field(default_factory=dict)
    rows: tuple[int, ...] = ()
    _gaps: pd.DataFrame = field(default_factory=pd.DataFrame)
    gate: InitVar[object] = None

    def __post_init__(self, gate: object) -> None:
        if gate is not _GATE:
            message = "a released table is made by release() alone"
            raise TypeError(message)

    @property
    def frame(self) -> pd.DataFrame:
        """A copy of the released values."""
        return self._frame.copy()

    @property
    def counts(self) -> tuple[str, ...]:
        """Columns that count people or what befell them."""
        return tuple(self._gaps)

    @property
    def withheld(self) -> frozenset[tuple[int, str]]:
        """Row and column of each count that is kept back whatever its size, and of the rates that are made from it.

        Any other null count is too small to show, or was null before release.
        """
        held = {(int(row), name) for name in self.counts for row in self._gaps.index[self._gaps[name].eq(WITHHELD)]}
        rates = {
            (row, name)
            for rate in self.rates
            for row, count in held
            if count in {rate.numerator, rate.denominator}
            for name in rate.columns()
        }
        return frozenset(held | rates)

    def seen(self, column: str) -> pd.DataFrame:
        """Which counts each value of a count column can stand for, if nothing but the rule is known.

        Returns
        -------
        DataFrame
            One row a row: low, high (null where there is no largest), kind; see
            :meth:`pcn_analysis.release.profiles.Profile.seen_of`. Of a count that is withheld it is known that it is
            not 0.
        """
        found, gaps = PROFILES[self.profile].seen_of(self._frame[column]), self._gaps[column]
        for kind, low in ((WITHHELD, 1), (MISSING, 0)):
            found.loc[gaps.eq(kind), ["low", "high", "kind"]] = [low, pd.NA, kind]
        return found

    def followed_by(self, make: Callable[..., pd.DataFrame], *others: ReleasedTable, **given: Given) -> ReleasedTable:
        """Make a table that follows from released values alone: hours of work, an index of inequality, limits, a team.

        Parameters
        ----------
        make
            Takes a copy of the released values, then those of the others, and gives a frame. It is a function, and one
            that carries no values of its own from elsewhere; that it asks no module for any cannot be checked here.
        *others
            Other released tables that it is made from. The result is of people if any of them is, and has that one's
            profile.
        **given
            What a reader of the page chooses, for ``make`` by name: words, numbers, or numbers by word. No table.

        Raises
        ------
        TypeError
            If it is no function, a closure, or has more than words and numbers as defaults; or is given anything else.

        Examples
        --------
        >>> from pcn_analysis.provenance import Provenance, SourcedTable
        >>> cases = pd.DataFrame({"task": ["review", "call"], "people": [23, 4], "minutes": [30, 10]})
        >>> columns = {"counts": ("people",), "numbers": ("minutes",)}
        >>> released = release(SourcedTable(cases, Provenance((), people=True), **columns))
        >>> released.followed_by(lambda rows: rows.assign(hours=rows["people"] * rows["minutes"] / 60)).frame["hours"]
        0    12.5
        1    <NA>
        Name: hours, dtype: Float64
        """
        _check_carries_nothing(make)
        _check_given(others, given)
        frame = make(self.frame, *(other.frame for other in others), **given).reset_index(drop=True)
        rates = tuple(one for one in self.rates if {one.numerator, one.denominator, *one.columns()} <= set(frame))
        gaps, provenance = frame.iloc[:, :0], self.provenance
        for other in others:
            provenance = provenance.joined(other.provenance)
        profile = next((one.profile for one in (self, *others) if one.provenance.people), self.profile)
        return ReleasedTable(frame, provenance, profile, rates, self.about, {}, tuple(frame.index), gaps, _GATE)

    def period(self) -> str:
        """Date or period of the file that the values themselves come from, as its publisher says it."""
        sources = self.provenance.sources
        return sources[0].period if sources else self.about.day()

    def __len__(self) -> int:
        return len(self._frame)


def release(
    table: SourcedTable, *, profile: str = "hes", withheld: Collection[tuple[int, str]] = ()
) -> ReleasedTable:  # fmt: skip
    """Pass a table through the gate.

    Parameters
    ----------
    table
        What to release, with its provenance and what its number columns are.
    profile
        Name of a profile that a table can leave under by itself.
    withheld
        Counts to keep back as well, though they are large enough to show: position of the row in ``table`` and column.

    Raises
    ------
    DisclosureError
        If the table lists people, if the profile is not for it or needs an audit, if a number column is declared
        neither as a count, nor as a rate, nor as a number that concerns no person, or if a count is below 0; for a
        page, also if a count of people does not say whom it counts. All problems are named at once.
    ValueError
        If a count to keep back is 0, or there is none.

    Examples
    --------
    >>> from pcn_analysis.provenance import Provenance, SourcedTable
    >>> people = SourcedTable(
    ...     pd.DataFrame({"segment": ["a", "b", "c"], "patients": [3, 0, 212]}),
    ...     Provenance(sources=(), people=True), counts=("patients",))
    >>> release(people).frame["patients"].to_list()
    [<NA>, 0, 210]
    >>> release(people, withheld={(2, "patients")}).frame["patients"].to_list()
    [<NA>, 0, <NA>]
    """
    if profile in PROFILES and not PROFILES[profile].alone:
        what = "it shows exact counts beside counts that are not shown, which are then often the difference"
        unsafe = Problem(f"profile {profile}", what, "Use publish(), which withholds as many as it takes.")
        raise DisclosureError(*refusals(table, profile), unsafe)
    released = for_audit(table, profile=profile, withheld=withheld)
    if not table.provenance.people:
        return released
    if handed_over.for_page() and (problems := undeclared(table)):
        raise DisclosureError(*problems)
    if more := handed_over.to_withhold(released):
        released = for_audit(table, profile=profile, withheld={*withheld, *more})
    handed_over.tell(released)
    return released


def for_audit(table: SourcedTable, *, profile: str, withheld: Collection[tuple[int, str]] = ()) -> ReleasedTable:
    """Protect each count by itself, under any profile: the first step of what is audited before anybody sees it.

    Parameters and errors are those of :func:`release`, but that every profile is taken.
    """
    if problems := refusals(table, profile):
        raise DisclosureError(*problems)
    frame = table.frame.reset_index(drop=True)
    gaps = _gaps(frame, table.counts, withheld)
    if PROFILES[profile].changes or withheld:
        counts = {name: PROFILES[profile].protect(frame[name]).mask(gaps[name].eq(WITHHELD)) for name in table.counts}
        frame = with_rates(frame.assign(**counts), table.rates)
    rows = _ranking(frame, *table.ranked_by) if table.ranked_by else frame.index
    frame, gaps = (one.loc[rows].reset_index(drop=True) for one in (frame, gaps))
    about, come_from = table.about or UNNAMED, tuple(int(row) for row in rows)
    return ReleasedTable(
        frame, table.provenance, profile, table.rates, about, dict(table.counted), come_from, gaps, _GATE
    )  # fmt: skip


def _gaps(frame: pd.DataFrame, counts: tuple[str, ...], withheld: Collection[tuple[int, str]]) -> pd.DataFrame:
    """Why a count is null, where it is not for its size: one column a count."""
    gaps = pd.DataFrame("", index=frame.index, columns=list(counts), dtype="str")
    gaps = gaps.mask(frame.reindex(columns=list(counts)).isna(), MISSING)
    for row, name in withheld:
        if name not in gaps or row not in gaps.index:
            message = f"there is no count to withhold in row {row}, column {name}"
            raise ValueError(message)
        if bool(frame[name].eq(0).fillna(False)[row]):
            message = f"a 0 is never withheld: whoever knows the rule relies on it (row {row}, column {name})"
            raise ValueError(message)
        gaps.loc[row, name] = gaps.loc[row, name] or WITHHELD
    return gaps


def _ranking(frame: pd.DataFrame, *by: str) -> pd.Index:
    """Rows with the largest released count first, within the values of a column if one is given.

    Null counts as 0. Equals are in the order of the names that their first column of words has, which owes nothing to
    what is not shown.
    """
    *within, released = by
    place = {name: frame[name].map({value: i for i, value in enumerate(frame[name].unique())}) for name in within}
    words = [name for name in frame if name not in by and not holds_numbers(frame[name])]
    named = {name: frame[name].astype("str") for name in words[:1]}
    keys = pd.DataFrame({**place, released: -frame[released].fillna(0).astype(float), **named})
    return keys.sort_values(list(keys), kind="stable").index


def _check_carries_nothing(make: object) -> None:
    defaults = [*(getattr(make, "__defaults__", None) or ()), *(getattr(make, "__kwdefaults__", None) or {}).values()]
    if not isfunction(make) or make.__closure__ or not all(_is_plain(one) for one in defaults):
        message = (
            "what makes a table from released ones sees those tables alone: give it a function, without a closure and "
            "with words and numbers alone as defaults"
        )
        raise TypeError(message)


def _check_given(others: tuple[object, ...], given: Mapping[str, object]) -> None:
    for other in others:
        check_released(other)
    if wrong := [name for name, value in given.items() if not _is_plain(value)]:
        message = f"a released table is followed by tables, words and numbers; {', '.join(wrong)} is something else"
        raise TypeError(message)


def _is_plain(value: object) -> bool:
    """Whether it is a word, a number, none, or few of them by name: what somebody types, and no table."""
    if isinstance(value, Mapping):
        return len(value) <= MOST_GIVEN and all(isinstance(key, str) and _is_one(one) for key, one in value.items())
    return _is_one(value)


def _is_one(value: object) -> bool:
    return isinstance(value, int | float | None) or (isinstance(value, str) and len(value) <= LONGEST_GIVEN)


def check_released(table: object) -> None:
    """Raise unless the table has passed the gate."""
    if not isinstance(table, ReleasedTable):
        message = f"what is shown comes from a released table, not from {type(table).__name__}: call release() first"
        raise TypeError(message)
