"""Systems of clinical codes: the form of a code, how it is written, and what a spreadsheet does to it.

A code is a string. It is never made into a number: identifiers of SNOMED CT have up to 18 digits, and a spreadsheet
keeps 15.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd
from stdnum import verhoeff

if TYPE_CHECKING:
    from collections.abc import Iterable

KEPT_DIGITS = 15
"""Significant digits that a spreadsheet keeps of a number."""
ALIKE = 0.95
"""Share of a list's codes that must have the form of another system before that system is named in a message."""

_IDENTIFIER = r"[0-9]{6,18}"
_READ = r"\.?[A-Za-z0-9]+\.*"  # dots fill up the end, and never stand within as in ICD-10
_SCIENTIFIC = r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]+|[0-9]\.[0-9]+[eE][0-9]+"
_DECIMAL = r"[0-9]{6,}\.0+"
_LONGEST = r"[0-9]{15}000"


@dataclass(frozen=True)
class CodeSystem:
    """A system of codes.

    Parameters
    ----------
    title
        What people call it.
    pattern
        The whole of a normalised code.
    has_check_digit
        Whether the last digit is a Verhoeff check digit.
    by_prefix
        Whether a code of a list stands for every longer code that begins with it.
    """

    title: str
    pattern: str
    has_check_digit: bool = False
    by_prefix: bool = field(default=False, kw_only=True)


SYSTEMS = {
    "snomed": CodeSystem("SNOMED CT", _IDENTIFIER, has_check_digit=True),
    "dmd": CodeSystem("dm+d", _IDENTIFIER, has_check_digit=True),
    "icd10": CodeSystem("ICD-10", r"[A-Z][0-9]{2}(?:[0-9X][0-9A-Z]*)?", by_prefix=True),
    "bnf": CodeSystem("BNF", r"[0-9]{2}[0-9A-Z]{5,13}"),
    "ctv3": CodeSystem("CTV3", rf"(?=.{{5}}$){_READ}"),
    "read2": CodeSystem("Read version 2", rf"(?=.{{5}}(?:.{{2}})?$){_READ}(?:[A-Za-z0-9]{{2}})?"),
    "rxnorm": CodeSystem("RxNorm", r"[0-9]{1,8}"),
    "text": CodeSystem("names of medicines", r".+"),
    "local": CodeSystem("local codes", r".+"),
}
"""Systems by the name that the records use, those of the narrowest form first."""
SPECIFIC = ("snomed", "icd10", "bnf", "ctv3")
"""Systems whose form is narrow enough that codes can be said to look like them, in the order of asking."""


def normalised(codes: pd.Series, system: str) -> pd.Series:
    """Write codes in the one way that lists and records are matched in.

    Spaces around a code are taken off, in every system. ICD-10 besides loses its dot, its dagger or asterisk (``†``,
    ``*``, or the letter D or A that UK extracts put last), trailing ``-``, and an X that only fills the fourth place;
    it is in capitals. Nothing else is changed: the case of CTV3 and Read codes has a meaning.

    Parameters
    ----------
    codes
        Codes as recorded; null stays null, and an empty code becomes null.
    system
        A key of :data:`SYSTEMS`.

    Examples
    --------
    >>> normalised(pd.Series(["i48.0", "I10X", "I10X-", "M45X9", "E11.3D", "G01XA", " H36.0* "]), "icd10").to_list()
    ['I480', 'I10', 'I10', 'M45X9', 'E113', 'G01', 'H360']
    >>> normalised(pd.Series([" XE0Uc "]), "ctv3").to_list()
    ['XE0Uc']
    """
    text = codes.astype("str").str.strip()
    if system == "icd10":
        text = (
            text.str.upper()
            .str.replace(r"[.\s]", "", regex=True)
            .str.replace(r"[-†*+]+$", "", regex=True)
            .str.replace(r"^([A-Z][0-9]{2}[0-9X]?[0-9]?)[AD]$", r"\1", regex=True)
            .str.replace(r"^([A-Z][0-9]{2})X$", r"\1", regex=True)
        )
    return text.mask(text == "")


def well_formed(codes: pd.Series, system: str) -> pd.Series:
    """Say of each code whether it has the form of a system; null has none.

    Identifiers of SNOMED CT and dm+d have 6 to 18 digits, do not begin with 0, and end with a Verhoeff check digit.
    Codes of ICD-10 are checked as :func:`normalised` writes them.

    Examples
    --------
    >>> well_formed(pd.Series(["12345009", "12345008", "I48", None]), "snomed").to_list()
    [True, False, False, False]
    >>> well_formed(pd.Series(["I48.0", "E113D", "48"]), "icd10").to_list()
    [True, True, False]
    """
    kind = SYSTEMS[system]
    text = normalised(codes, system)
    fits = text.str.fullmatch(kind.pattern).fillna(False).astype(bool)
    if kind.has_check_digit:
        fits &= ~text.str.startswith("0").fillna(False).astype(bool)
        fits &= text.isin(_with_right_check_digit(text[fits].unique()))
    return fits


def mangled(codes: pd.Series) -> pd.Series:
    """Say of each code whether a spreadsheet or a float has damaged it, so that it cannot be had back.

    That is ``1.23E+17``; ``22298006.0``; 16 to 18 digits that end with the zeros left after 15 significant digits and
    whose check digit is wrong; and 18 digits that end with 000, as no identifier of that length does: those of SNOMED
    CT and dm+d name their publisher, and end with 10 or 11 and the check digit. Of 16 digits some pass that were
    rounded.

    Examples
    --------
    >>> mangled(pd.Series(["1.23E+17", "12345678900001100", "12345678900001109", "I48", None])).to_list()
    [True, True, False, False, False]
    """
    text = codes.astype("str").str.strip()
    written = text.str.fullmatch(f"{_SCIENTIFIC}|{_DECIMAL}|{_LONGEST}").fillna(False).astype(bool)
    rounded = text.str.fullmatch(rf"[0-9]{{{KEPT_DIGITS}}}0{{1,3}}").fillna(False).astype(bool)
    return written | (rounded & ~text.isin(_with_right_check_digit(text[rounded].unique())))


def looks_like(codes: pd.Series, *, other_than: str) -> str | None:
    """Name the system that nearly all codes have the form of, if it is not the one they are said to be of.

    SNOMED CT and dm+d have the same form, and CTV3 and Read version 2 nearly so: neither is told from the other.

    Examples
    --------
    >>> looks_like(pd.Series(["I48", "I10"]), other_than="snomed")
    'icd10'
    >>> looks_like(pd.Series(["anything", "else"]), other_than="snomed")
    """
    alike = {"dmd": "snomed", "read2": "ctv3"}.get(other_than, other_than)
    for system in SPECIFIC:
        fits = well_formed(codes, system)
        if system == "bnf":  # digits alone may be the identifiers of something else
            fits &= codes.str.contains("[A-Z]").fillna(False).astype(bool)
        if system != alike and len(codes) and fits.mean() >= ALIKE:
            return system
    return None


def _with_right_check_digit(codes: Iterable[str]) -> list[str]:
    return [code for code in codes if verhoeff.is_valid(code)]
