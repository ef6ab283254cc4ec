"""A score with its variants on some people: whom each picks, its bands, and why it could not be assessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis.rules import ASSESSED, NOT_ASSESSED, PARTLY
from pcn_analysis.scores import polypharmacy

if TYPE_CHECKING:
    import pandas as pd

    from pcn_analysis.counted import Conditions

BY_TOOLKIT = "frailtytoolkit_count"
"""The other published set of bands of the electronic frailty index."""
TITLES = {
    "efi_36": "Severe from 13 of 36 deficits (above 0.36)",
    BY_TOOLKIT: "Severe from 14 of 36 deficits (frailtytoolkit.org)",
    "bnssg2023_general_35of37": "35 of 37 conditions, rules of BNSSG 2023",
    "payne2020_general_35of37": "35 of 37 conditions, Payne 2020",
    "payne2020_general_20": "20 conditions, Payne 2020",
    "payne2020_mortality_20": "20 conditions, weights for death, Payne 2020",
    "tsang2023_modified_21": "21 conditions, weights for death, Tsang 2023",
    "quan_2011": "Weights of Quan 2011",
    "charlson_1987": "Weights of Charlson 1987",
    "shmi_uk": "NHS England's SHMI 1.60",
    "rcs_2010": "Royal College of Surgeons 2010",
    "gilbert_2018": "75 and over, two years, Gilbert 2018",
    "obh_65": "65 and over, two years, national segmentation",
    "nhp_emergency": "Over 75, emergencies of two years, New Hospital Programme",
    "ohdsi_365_days": "All ages, one year, OHDSI",
    "any_age": "All ages, everything recorded, comorbidipy",
} | {name: one.title for name, one in polypharmacy.VARIANTS.items()}
"""What variants are called on a page, in few words."""


@dataclass(frozen=True)
class Variant:
    """One variant of a score on some people.

    Parameters
    ----------
    title
        What it is called on a page.
    picks
        Whether it picks each person, by person_id; null for whom it has no score. None where it is not assessed.
    bands
        The band of each person, by person_id; None where it has no bands, or is not assessed.
    lacking
        What it lacks on these people, or why it cannot be assessed; empty where it lacks nothing.
    high
        Its bands whose people it picks; none where it picks by something else.
    dimension
        What its bands are called where other tables count by them as well.
    """

    title: str
    picks: pd.Series | None = None
    bands: pd.Series | None = None
    lacking: str = ""
    high: tuple[str, ...] = ()
    dimension: str = ""

    def of(self, score: Score) -> str:
        """Dimension of whom it picks: its bands, where it picks those of the highest."""
        return self.dimension or f"{'band' if self.high else 'picked'} by {score.name}: {self.title}"

    @property
    def status(self) -> str:
        """Assessed, partly assessed or not assessed."""
        if self.picks is None:
            return NOT_ASSESSED
        return PARTLY if self.lacking else ASSESSED


@dataclass(frozen=True)
class Score:
    """A score with its variants, the usual one first.

    Parameters
    ----------
    name
        What the score is called.
    threshold
        Whom it picks, in words.
    variants
        Its variants; the first is the one that is taken unasked.
    bands
        Its bands, the lowest first; none where it has none.
    among
        Whose bands are counted, in words.
    whom
        Whom the score is for, as conditions of what is counted.
    never
        What nobody can be at once, of whom the score is for.
    """

    name: str
    threshold: str
    variants: tuple[Variant, ...]
    bands: tuple[str, ...] = ()
    among: str = "everyone with a score"
    whom: Conditions = ()
    never: tuple[Conditions, ...] = ()

    def assessed(self) -> list[Variant]:
        """Variants that can be assessed, in order; the first stands for the usual one."""
        return [one for one in self.variants if one.picks is not None]
