"""Codes of practices, networks and areas: their patterns, their vintages and their names.

Codes stay strings from the file to the page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.exceptions import problem

if TYPE_CHECKING:
    from collections.abc import Collection

PRACTICE = r"^[A-Z][0-9]{5}$"
NETWORK = r"^U[0-9]{5}$"
LSOA = r"^[EW]01[0-9]{6}$"
ENGLISH_LSOA = r"^E01[0-9]{6}$"
CARE_HOME = r"^1-[0-9]{6,12}$"
"""Location code of the Care Quality Commission."""

UNALLOCATED = "U"
"""NHS England's network code for a practice that belongs to no network."""

WHOLE_PLACE = "ALL"
"""Stands for every network of a place together, in addresses and on pages made once a place; no code of NHS England."""

COUNTRY = "England"
"""Name of the place that holds every network."""

NO_PRACTICE = ("V81997", "V81998", "V81999")
"""Practice codes that say that there is no practice, that none applies, or that it is not known."""

NO_NETWORK = "no network"
"""How practices outside every network are grouped and shown."""

NO_NETWORK_NAME = "No network"
"""Name of the group of people whose practice is not known or in no network; its code is ``UNALLOCATED``."""

OUTSIDE_ENGLAND = "outside_england"
UNKNOWN_AREA = "unknown"
"""The two residuals of patients without an English LSOA; never dropped from a list total."""

AGE_BANDS: tuple[str, ...] = (*(f"{age}-{age + 4}" for age in range(0, 95, 5)), "95+")
"""Quinary age bands as published in Patients Registered at a GP Practice."""

AGE_GROUPS = {
    "0-19": AGE_BANDS[0:4],
    "20-39": AGE_BANDS[4:8],
    "40-64": AGE_BANDS[8:13],
    "65-74": AGE_BANDS[13:15],
    "75-84": AGE_BANDS[15:17],
    "85+": AGE_BANDS[17:20],
}
"""Broad age groups, each with the five-year bands that make it."""


def age_group(age: pd.Series) -> pd.Series:
    """Broad age group of completed years.

    Examples
    --------
    >>> age_group(pd.Series([0, 19, 64, 101])).to_list()
    ['0-19', '0-19', '40-64', '85+']
    """
    starts = [int(group.split("-")[0].removesuffix("+")) for group in AGE_GROUPS]
    return pd.cut(age.astype(int), [*starts, 1000], right=False, labels=list(AGE_GROUPS)).astype("str")


_KEPT_UPPER = {"PCN", "NHS", "GP", "ICB", "UK"}
_KEPT_LOWER = {"and", "of", "the", "in", "on", "at", "for", "with"}


def tidy_name(name: str) -> str:
    """Write a name published in capitals as a person would.

    Examples
    --------
    >>> tidy_name("CENTRAL & WEST WARRINGTON PCN")
    'Central & West Warrington PCN'
    >>> tidy_name("Moreton And Meols PCN")
    'Moreton and Meols PCN'
    >>> tidy_name("ST. GEORGE'S MEDICAL CENTRE"), tidy_name("DR O'BRIEN AND DR MCDONALD II")
    ("St. George's Medical Centre", "Dr O'Brien and Dr McDonald II")
    """
    words = re.split(r"(\s+)", " ".join(str(name).split()))
    return "".join(_tidy_word(word, first=index == 0) for index, word in enumerate(words))


def _tidy_word(word: str, *, first: bool) -> str:
    bare = word.strip("()&,.-")
    if bare.upper() in _KEPT_UPPER:
        return word.upper()
    if bare.lower() in _KEPT_LOWER and not first:
        return word.lower()
    if re.fullmatch(r"(II|III|IV)", bare.upper()):
        return word.upper()
    capital = re.sub(r"(^|[(\-/.])([a-z])", lambda m: m.group(1) + m.group(2).upper(), word.lower())
    return re.sub(r"\b(O'|D'|Mc)([a-z])", lambda m: m.group(1) + m.group(2).upper(), capital)


def split_areas(codes: pd.Series) -> pd.Series:
    """Sort area codes into English LSOAs and the two residuals.

    Parameters
    ----------
    codes
        Area codes as published: LSOAs of England and Wales, and words such as ``NO2011``, ``EMPTY``,
        ``CLOSED`` or ``L99999999`` where the area is not known.

    Returns
    -------
    Series
        English codes unchanged; other LSOAs as ``outside_england``; anything else as ``unknown``.

    Examples
    --------
    >>> split_areas(pd.Series(["E01000001", "W01000003", "NO2011"])).to_list()
    ['E01000001', 'outside_england', 'unknown']
    """
    english = codes.str.match(ENGLISH_LSOA)
    elsewhere = codes.str.match(r"^[WSN9][0-9]{8}$|^W01[0-9]{6}$")
    return codes.where(english, OUTSIDE_ENGLAND).where(english | elsewhere, UNKNOWN_AREA)


def lsoa_vintage(codes: Collection[str], lsoa11: Collection[str], lsoa21: Collection[str], *, where: str) -> int:
    """Tell from the codes themselves which LSOA vintage a file is on.

    Parameters
    ----------
    codes
        English LSOA codes found in the file.
    lsoa11, lsoa21
        All codes of each vintage.
    where
        The file, for the message.

    Returns
    -------
    int
        2011 or 2021.

    Raises
    ------
    PcnAnalysisError
        If the codes are of no one vintage.

    Examples
    --------
    >>> lsoa_vintage(["E01000001", "E01000002"], {"E01000001", "E01000002"}, {"E01000001"}, where="file")
    2011
    """
    found, old, new = set(codes), set(lsoa11), set(lsoa21)
    only_old, only_new = found & (old - new), found & (new - old)
    unknown = found - old - new
    if (only_old and only_new) or unknown:
        raise problem(
            where,
            f"mixed LSOA vintages: {len(only_old)} codes of 2011 only, {len(only_new)} of 2021 only, "
            f"{len(unknown)} of neither",
            "Use a file whose LSOA codes are all of one vintage.",
        )
    return 2021 if found <= new else 2011
