"""Numbers as people read them: the one way that sentences, tables and descriptions write them.

Examples
--------
>>> count(98691), percent(0.16693), count(None)
('98,691', '16.7%', 'not shown')
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

NOT_SHOWN = "not shown"
NOT_ASSESSED = "not assessed"
NOT_PUBLISHED = "not published"
NOT_KNOWN = "not known"
NOT_STATED = "not stated"
"""Of an ethnic group: asked, and not said. It is never put together with what is not known."""
WITHHELD = "withheld"
NOT_IN_THE_FILE = "not in the file"
"""Of a network that a published file does not hold: nothing is known of it, which is not 0."""
SMALLEST_PERCENT = 0.0005


def count(value: Any) -> str:
    """Write a number of people with a comma; an estimate is rounded to whole people, null is not shown."""
    return NOT_SHOWN if pd.isna(value) else f"{float(value):,.0f}"


def percent(value: Any) -> str:
    """Write a proportion as a percentage with one decimal; null is not shown, and nothing above 0 is written as 0.

    Examples
    --------
    >>> percent(0.0), percent(0.0004), percent(0.0006)
    ('0.0%', '<0.1%', '0.1%')
    """
    if pd.isna(value):
        return NOT_SHOWN
    return "<0.1%" if 0 < float(value) < SMALLEST_PERCENT else f"{float(value):.1%}"


def pounds(value: Any, pence: int = 0) -> str:
    """Write a sum of money, in whole pounds unless pence are asked for; null is not known.

    Examples
    --------
    >>> pounds(2909580.02), pounds(-0.4), pounds(1.5, 2), pounds(None), pounds(-1200)
    ('£2,909,580', '£0', '£1.50', 'not known', '-£1,200')
    """
    if pd.isna(value):
        return NOT_KNOWN
    rounded = round(float(value), pence)
    return f"{'-' if rounded < 0 else ''}£{abs(rounded):,.{pence}f}"


def number(value: Any, noun: str, nouns: str = "") -> str:
    """Write a number with its noun in the right form.

    Examples
    --------
    >>> number(1, "practice"), number(15, "practice"), number(2, "local authority", "local authorities")
    ('1 practice', '15 practices', '2 local authorities')
    """
    return f"{count(value)} {noun if not pd.isna(value) and value == 1 else nouns or noun + 's'}"


def ranked(rank: int, total: int) -> str:
    """Say where something stands among others, largest first, counting from 1.

    Examples
    --------
    >>> ranked(1, 6), ranked(3, 6), ranked(6, 6), ranked(1, 1)
    ('the largest of', 'the third largest of', 'the smallest of', 'the only one of')
    """
    ordinals = (
        "",
        "second ",
        "third ",
        "fourth ",
        "fifth ",
        "sixth ",
        "seventh ",
        "eighth ",
        "ninth ",
        "tenth ",
    )
    if total == 1:
        return "the only one of"
    if rank == total:
        return "the smallest of"
    return f"the {ordinals[rank - 1]}largest of" if rank <= len(ordinals) else f"number {rank} by size of"


def listed(names: Sequence[str]) -> str:
    """Join names as in a sentence.

    Examples
    --------
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def within_sentence(words: str) -> str:
    """Words as they stand within a sentence: a first capital goes unless it is that of an abbreviation or a name.

    Examples
    --------
    >>> within_sentence("Heart failure"), within_sentence("COPD"), within_sentence("Crohn's disease")
    ('heart failure', 'COPD', "Crohn's disease")
    """
    first = words.split(" ", maxsplit=1)[0]
    is_name = first[1:] != first[1:].lower() or "'" in first
    return words if is_name else words[:1].lower() + words[1:]


def several(role: str) -> str:
    """More than one of a role or profession, as within a sentence.

    Examples
    --------
    >>> several("Care co-ordinator"), several("Mental health practitioner for adults")
    ('care co-ordinators', 'mental health practitioners for adults')
    >>> several("General practice nurse new to general practice"), several("Health and wellbeing coach")
    ('general practice nurses new to general practice', 'health and wellbeing coaches')
    """
    words = within_sentence(role)
    cut = min((at for mark in (" for ", " new to ", " in ") if (at := words.find(mark)) > 0), default=len(words))
    return f"{words[:cut]}{'es' if words[:cut].endswith('ch') else 's'}{words[cut:]}"


def slug(name: str) -> str:
    """Name of a folder or file: lower case, letters and digits, with a dash between words.

    Examples
    --------
    >>> slug("Kingston upon Hull, City of")
    'kingston-upon-hull-city-of'
    """
    return "-".join("".join(letter if letter.isalnum() else " " for letter in name.lower()).split())


def folded(heading: Any) -> str:
    """Name of a column as names of columns are compared: whatever its case, spaces and byte order mark.

    Examples
    --------
    >>> folded(" NHS Number "), folded("LSOA code  (2021)")
    ('nhs_number', 'lsoa_code_(2021)')
    """
    return "_".join(str(heading).replace("\ufeff", "").casefold().split())
