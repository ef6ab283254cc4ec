"""Known reasons why a payment differs from what the rates give, in the order in which they are tried.

A reason explains a payment only if it gives its amount within :data:`~pcn_analysis.budget.payment_fits.TOLERANCE`, or
another tolerance that it states; the first that does is kept. Whatever is tried often enough fits something: so each
reason is also put to payments that were moved to other networks, and what fits then, fits by chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pcn_analysis.budget import payment_fits as fit
from pcn_analysis.budget.payment_fits import GROWN, TOLERANCE, YEAR, Held
from pcn_analysis.budget.published_lines import MAXIMUM, NO_SUM, SUM, WHOLE_UNITS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pcn_analysis.budget.published_lines import Part

MONTH_WIDTHS = {"other_months": 2 * TOLERANCE, "other_months_together": GROWN + TOLERANCE}
"""How wide the months are that a reason takes for whole ones, as a share of them."""
MOVES = 20
"""How often payments are moved on to other networks: by one place, by two, and so on, in the order of codes."""
FEWEST = 20
"""With fewer payments left than this, how often a reason fits by chance is not told."""
BY_CHANCE = 2.0
"""A reason that fits no more than so many times as often as by chance explains nothing; our choice."""

TOLD, CANNOT, NONE = "explained", "cannot be told", "not shown"
UNEXPLAINED = "unexplained"


@dataclass(frozen=True)
class Reason:
    """A reason why a payment is what it is.

    Parameters
    ----------
    reason, means
        Its short name, and what it says in words.
    kind
        Whether it explains a payment, says that it cannot be told, or that none is shown.
    fits
        Which payments it gives.
    holds
        Of which lines it can be one.
    """

    reason: str
    means: str
    kind: str
    fits: Callable[[Held], np.ndarray]
    holds: Callable[[Sequence[Part]], bool]

    @property
    def is_tested(self) -> bool:
        """Whether it is held against chance."""
        return self.kind == TOLD or self.reason.startswith("adjusted")


def _alone(parts: Sequence[Part]) -> bool:
    """Whether all of the line rests on one size that is known."""
    return len(parts) == 1 and parts[0].part_of == SUM


def _several(parts: Sequence[Part]) -> bool:
    return len(parts) > 1 and parts[0].part_of == SUM


def _of_kind(kind: str) -> Callable[[Sequence[Part]], bool]:
    return lambda parts: parts[0].part_of == kind


def _any(_: Sequence[Part]) -> bool:
    return True


REASONS = (
    Reason("none_shown", "0 or nothing stands at every practice: paid elsewhere, or not at all", NONE,
           lambda held: np.isnan(held.amounts), _any),
    Reason("taken_back", "below 0, or nothing left: money was taken back", CANNOT,
           lambda held: held.amounts <= 0, _any),
    Reason("by_points", "paid by points: no rate times a size gives it", CANNOT,
           lambda held: held.amounts > 0, _of_kind(NO_SUM)),
    Reason("whole_beds", "whole beds for the months that it was taken to be of", TOLD,
           lambda held: fit.multiple(held.amounts, held.parts[0].rate), _of_kind(WHOLE_UNITS)),
    Reason("bed_months", "whole beds and months, but not for as many months each", TOLD,
           lambda held: fit.multiple(held.amounts, fit.month(held)), _of_kind(WHOLE_UNITS)),
    Reason("no_list", "a practice of the network has no list in the file", CANNOT,
           lambda held: np.isnan(held.computed), lambda parts: parts[0].part_of in (SUM, MAXIMUM)),
    Reason("within_maximum", "no more than can be claimed: what was claimed is not published", CANNOT,
           lambda held: held.amounts <= held.computed * (1 + TOLERANCE), _of_kind(MAXIMUM)),
    Reason("as_computed", "what was computed", TOLD, fit.times(1), _alone),
    Reason("list_of_another_date", "the list of another date: another line was paid on the very same list, which is "
           "within a tenth of that of the file", TOLD, fit.of_another_date, _alone),
    Reason("smaller_list", "a list up to 3 per cent smaller than that of the file, as earlier ones are", TOLD,
           lambda held: fit.grown(held.amounts, held.computed), _alone),
    Reason("director_alone", "the clinical director alone, without leadership and management", TOLD,
           fit.director_alone, _several),
    Reason("adjusted_population", "what an adjusted population that may be gives; it is not published", CANNOT,
           fit.adjusted_population, _several),
    Reason("adjusted_other_months", "the same, for another time, for which two other lines were paid on the same list",
           CANNOT, fit.adjusted_other_months, _several),
    Reason("enhanced_access_here", "enhanced access of October to March stands in this column", TOLD, fit.other_clause,
           lambda parts: parts[0].line in fit.OTHER_CLAUSES),
    Reason("half", "half of what was computed", TOLD, fit.times(0.5), _alone),
    Reason("twice", "twice what was computed", TOLD, fit.times(2), _alone),
    Reason("other_months_together", "another whole number of months, for which another line was paid too on the very "
           "same list, which is up to 3 per cent smaller than that of the file", TOLD, fit.of_other_months_together,
           _alone),
    Reason("other_months", "another whole number of months, up to twelve", TOLD, fit.of_other_months, _alone),
    Reason("one_practice", "the list of one of its practices alone", TOLD, fit.one_practice, _alone),
    Reason("without_one", "the lists of all its practices but one", TOLD, fit.without_one, _alone),
)  # fmt: skip
"""In the order in which they are tried."""


def find_reasons(held: Held) -> tuple[np.ndarray, dict[str, tuple[int, float | None]]]:
    """The first reason that gives each payment, and how often it would fit by chance.

    A reason that fits no more than :data:`BY_CHANCE` times as often as by chance is left out: what it fits stays
    unexplained, unless a later reason gives it.

    Returns
    -------
    tuple of ndarray and dict
        The reason of each payment; and for each reason that was tried, how many payments it fits of those that no
        earlier one explains, and how many it would fit by chance (None where that is not told).
    """
    found = np.full(len(held.amounts), UNEXPLAINED, dtype=object)
    tried: dict[str, tuple[int, float | None]] = {}
    for reason in REASONS:
        if not reason.holds(held.parts):
            continue
        left = np.flatnonzero(found == UNEXPLAINED)
        fits = reason.fits(held.of(left))
        chance = fitting_by_chance(reason, held.of(left)) if reason.is_tested else None
        tried[reason.reason] = (int(fits.sum()), chance)
        if chance is None or fits.sum() > BY_CHANCE * chance:
            found[left[fits]] = reason.reason
    return found, tried


def fitting_by_chance(reason: Reason, held: Held) -> float | None:
    """How many payments a reason would fit by chance; None where there are fewer than :data:`FEWEST`.

    Payments are moved on to the networks after them, and the number that fits is that of the mean move. Of whole months
    it is no less than if any part of a month were as likely: within 1 per cent of 5 months is a tenth of the months
    around 5. Whole beds do not depend on whose payment it is: there, every multiple
    of the next smaller unit (a month for six, a pound for a month) is as likely.
    """
    amounts = held.amounts
    if len(amounts) < FEWEST:
        return None
    if reason.reason == "whole_beds":
        return float(fit.multiple(amounts, fit.month(held)).sum()) / held.parts[0].months
    if reason.reason == "bed_months":
        return float(fit.multiple(amounts, 1).sum()) / fit.month(held)
    everyone, moves = np.arange(len(amounts)), range(1, min(MOVES, len(amounts) - 1) + 1)
    moved = np.mean([reason.fits(held.of(everyone, np.roll(amounts, by))).sum() for by in moves])
    width = MONTH_WIDTHS.get(reason.reason, 0.0)
    which = fit.agreeing(held) if "together" in reason.reason else everyone >= 0
    return max(float(moved), _any_part(held, width, which))


def _any_part(held: Held, width: float, which: np.ndarray) -> float:
    """How many payments are near a whole month, if any part of a month is as likely."""
    with np.errstate(invalid="ignore"):
        months = np.round(held.amounts / held.computed * held.parts[0].months)
        inside = which & (months >= 1) & (months <= YEAR) & (months != held.parts[0].months)
    return float(np.minimum(1, width * months[inside]).sum())
