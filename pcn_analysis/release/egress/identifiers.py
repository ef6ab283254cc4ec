"""What identifiers, paths and tracebacks look like in words; each function says how many there are, never which."""

from __future__ import annotations

import getpass
import re
import socket
from contextlib import suppress
from functools import cache

_GAP = "[ \u00a0\u2009\u202f\u3000\u2011\u2013_-]?"
_TEN = re.compile(rf"(?<!\d)(?<!\d\.)\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{4}}(?!\d)(?!\.0*[1-9])")
_WEIGHTS = range(10, 1, -1)
LONGEST_CODE = 24
"""Figures inside a longer run of letters and figures are of a hash or of something encoded, not of a person."""
_RUN = re.compile(r"[0-9A-Za-z]*")

_AREAS = """
AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY
G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL
OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN
WR WS WV YO ZE
"""
_AREA = "|".join(sorted(_AREAS.split(), key=len, reverse=True))
_OUTWARD, _INWARD = r"[0-9][0-9A-Z]?", r"[0-9][ABD-HJLNP-UW-Z]{2}"
_POSTCODE = re.compile(rf"(?<![\w#.])(?:{_AREA}){_OUTWARD}[ \u00a0_-]{{0,2}}{_INWARD}(?!\w)")
_SMALL_POSTCODE = re.compile(_POSTCODE.pattern.replace("{0,2}", "{1,2}").lower())

_MONTH = "(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
DATE = (
    r"(?<![\d.])(?:\d{4}-\d\d-\d\d(?!\d)|\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d\d)(?!\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? \d{{4}}|{_MONTH} \d{{1,2}},? \d{{4}})"
)
"""Pattern of a whole date, in lower case."""
_BIRTH = r"(?:\bd\.?o\.?b\b|\bborn\b|birth)"
_BORN = re.compile(rf"{_BIRTH}((?:(?!\b(?:before|after|since|until|between)\b)[^\0]){{0,40}}?){DATE}")
_BORN_AFTER = re.compile(rf"{DATE}[ ,(]{{0,3}}\b(?:d\.?o\.?b\b|date of birth)")
_BIRTH_WORDS = ("birth", "born", "dob", "d.ob", "do.b", "d.o.b")
"""One of these is in every text in which there is a date of birth: most have none, which is told in no time."""
_DAYS_OLD = re.compile(r"\b\d{4,5} days (?:old|of age)\b")

_FOLDERS = "home|users|root|tmp|var|mnt|srv|opt|etc|usr|work|data|media|private|volumes|workspace|scratch|nfs|proc"
_PATH_SIGNS = ("/", ":", ":/", "\\")
"""What is in every text that such a path is in."""
_PATHS = (
    re.compile(rf"(?<![\w/:.<>\\)\]}}%&=-])/(?:{_FOLDERS})/\w[\w.-]*", re.IGNORECASE),
    re.compile(r"(?<![A-Za-z0-9])[A-Za-z]:(?:\\{1,2}|/)(?:[\w.~-][\w .~-]*)(?:\\{1,2}|/)[\w.~-]"),
    re.compile(r"\bfile:///?[\w.~%/]", re.IGNORECASE),
    re.compile(r"(?<![\\\w])(?:\\\\|\\{4})(?=[A-Za-z0-9])[\w.-]{2,}\\{1,2}[A-Za-z0-9][\w.$-]+"),
)
_TRACEBACK = re.compile(r"Traceback \(most recent call last\)|File \"[^\"\n\0]+\", line \d+|^-+> \d+ |\x1b\[", re.M)
_COMMON = """
root user users admin administrator jovyan runner ubuntu localhost analyst data home python test build docker vagrant
guest public reports network practice patient place records default server desktop laptop
"""
_SHORTEST_NAME = 4


def nhs_numbers(words: str) -> int:
    """How many NHS numbers: ten figures with a right check digit, in one or as 3, 3 and 4.

    Figures of a longer number, behind a decimal point or inside a code of more than 24 characters are none.

    Examples
    --------
    >>> nhs_numbers("943 476 5919, NHS9434765919 and 9434765919.0; not 9434765918, 0.9434765919 or 19434765919")
    3
    """
    found = (match for match in _TEN.finditer(words) if _is_valid(match[0]))
    return sum(not _in_code(words, match) for match in found)


def _is_valid(written: str) -> bool:
    figures = [int(one) for one in written if one.isdigit()]
    total = sum(figure * weight for figure, weight in zip(figures, _WEIGHTS, strict=False))
    return len(set(figures)) > 1 and -total % 11 == figures[9]


def _in_code(words: str, match: re.Match[str]) -> bool:
    start = match.start()
    before = re.search(r"[0-9A-Za-z]*\Z", words[max(0, start - LONGEST_CODE) : start])
    after = _RUN.match(words, match.end(), match.end() + LONGEST_CODE)
    run = len(before[0] if before else "") + len(after[0] if after else "") + match.end() - start
    return run > LONGEST_CODE


def postcodes(words: str) -> int:
    """How many whole postcodes; districts and sectors are none. In small letters only with the gap.

    Examples
    --------
    >>> postcodes("CH41 5AL, CH415AL, ch41 5al and W1A 1AA; not CH41, CH41 5, E01006512 or #E123AB")
    4
    """
    return sum(len(pattern.findall(words)) for pattern in (_POSTCODE, _SMALL_POSTCODE))


def births(words: str) -> int:
    """How many dates of birth: whole dates close behind such a word; and ages in days.

    Examples
    --------
    >>> births("Born on 3 July 1980. DOB: 03/07/1980. Aged 16,000; 16070 days old. Born before 1 July 1980.")
    3
    """
    folded = words.lower()
    told = any(word in folded for word in _BIRTH_WORDS)
    patterns = [*((_BORN, _BORN_AFTER) if told else ()), *((_DAYS_OLD,) if " days o" in folded else ())]
    return sum(len(pattern.findall(folded)) for pattern in patterns)


def paths(words: str) -> int:
    r"""How many paths from the root of a machine, a drive or a share.

    Examples
    --------
    >>> paths("/home/ann/x.csv, C:\\Users\\ann, \\\\server\\share and file:///x; not https://a.uk/data/x or data/x")
    4
    """
    patterns = (pattern for pattern, sign in zip(_PATHS, _PATH_SIGNS, strict=True) if sign in words)
    return sum(len(pattern.findall(words)) for pattern in patterns)


def tracebacks(words: str) -> int:
    """How many signs of a traceback.

    Examples
    --------
    >>> tracebacks("Traceback (most recent call last): …")
    1
    """
    return len(_TRACEBACK.findall(words))


def machine_names(words: str) -> int:
    """How often this machine or its user is named; names that anybody's have are passed over."""
    pattern = _machine()
    return len(pattern.findall(words)) if pattern else 0


@cache
def _machine() -> re.Pattern[str] | None:
    names = []
    with suppress(Exception):  # a user without an entry has no name
        names.append(getpass.getuser())
    names.append(socket.gethostname().split(".")[0])
    told = [re.escape(name) for name in names if len(name) >= _SHORTEST_NAME and name.lower() not in _COMMON.split()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(told)})(?!\w)") if told else None
