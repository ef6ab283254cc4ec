"""What identifiers are called in extracts of the NHS, and what they look like."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pcn_analysis.extracts import values

KEY = "or give a key: --pseudonymise KEYFILE."
NOT_READ = "not read"
PSEUDONYM = "pseudonyms where they say whose a row is, otherwise not read"

TEN_DIGITS = r"[0-9]{3}[\s\x{00A0}-]?[0-9]{3}[\s\x{00A0}-]?[0-9]{4}(\.0+)?"
"""Pattern, in DuckDB, of what is laid out like an NHS number."""
POSTCODE = r"[A-Z]{1,2}[0-9][A-Z0-9]?[\s_-]*[0-9][ABD-HJLNP-UW-Z]{2}"
EMAIL = r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"
HAS_TEN_DIGITS = f"regexp_full_match(value, '{TEN_DIGITS}')"
IS_POSTCODE = f"regexp_full_match(upper(value), '{POSTCODE}')"
_ANSWER = values.among("value", (*values.YES, *values.NO, *values.NULL_WORDS))
_WORDS = f"regexp_matches(value, '[A-Za-z]{{2}}') AND NOT {_ANSWER}"
_BIRTH_DAY = f"day({values.date('value', 'either')}) NOT IN (1, 15)"
_TWO_DIGIT_YEAR = "regexp_full_match(value, '[0-9]{1,2}[ ./-][0-9A-Za-z]{1,3}[ ./-][0-9]{2}')"


@dataclass(frozen=True)
class Kind:
    """One kind of identifier.

    Parameters
    ----------
    one, many
        What it is called.
    named
        Pattern that is found in the name of a column that holds it, once that is nothing but letters and digits.
    holds
        SQL that says of a ``value`` in such a column whether it is one.
    theirs
        Whether it is one only where it is the patient's own, and not a practice's or a clinician's.
    remedy
        What to do without a key.
    becomes
        What becomes of it with a key.
    """

    one: str
    many: str
    named: str
    holds: str
    theirs: bool = False
    remedy: str = f"Remove the column, {KEY}"
    becomes: str = NOT_READ


NHS_NUMBERS = Kind(
    "NHS number", "NHS numbers",
    r"^(nhs|chi)$|nhs(no|num|number|nbr|id)|chi(no|num|number)$|^h(and|s)?c(no|num|number)$",
    f"regexp_full_match(value, '{TEN_DIGITS}|[0-9]{{9}}(\\.0+)?|[0-9](\\.[0-9]+)?[eE][+]?0?9')",
    becomes=PSEUDONYM,
)  # fmt: skip
EMAILS = Kind("e-mail address", "e-mail addresses", "email", f"regexp_full_match(value, '{EMAIL}')", theirs=True)
POSTCODES = Kind(
    "postcode", "postcodes", r"postcode|postalcode|postzip|pcds$|^pcd[78]?$|pstcd|^zip(code)?$",
    "regexp_matches(value, '[0-9]') AND NOT "
    "regexp_full_match(upper(value), '[A-Z]{1,2}[0-9][A-Z0-9]?|[A-Z][0-9]{8}|[0-9]{1,2}')", theirs=True,
)  # fmt: skip
NAMES = Kind(
    "name", "names",
    r"surname|forename|(first|last|given|family|middle|maiden|full|preferred|calling)name|knownas"
    r"|(patient|person|client|carer|kin|nok|mother|father|guardian|partner|child)s?name$|nameofpatient",
    _WORDS, theirs=True,
)  # fmt: skip
KINDS = (
    EMAILS,
    NHS_NUMBERS,
    Kind("day of birth", "days of birth", "dayofbirth",
         r"regexp_full_match(value, '(0?[2-9]|1[0-46-9]|2[0-9]|3[01])(\.0+)?')"),
    Kind("date of birth with its day", "dates of birth with their day",
         r"dateofbirth|datebirth|birthda(te|y)|birthdt|^birth$|^dob|(?<!my)dob$", f"{_BIRTH_DAY} OR {_TWO_DIGIT_YEAR}",
         remedy=f"Give month and year only, {KEY}", becomes="cut to the month"),
    POSTCODES,
    Kind("telephone number", "telephone numbers", r"phone|(?<!im)mobile|^tel(no|number)?$|^fax|contactnumber",
         "regexp_full_match(value, '[+(]?[0-9][0-9() -]{7,}[0-9]')", theirs=True),
    Kind("part of an address", "parts of addresses",
         r"address(?!ed)|addr(line)?[0-9]|^addr|house(flat)?(name|number|no)|flatnumber|numberandstreet"
         r"|^street(name)?[0-9]?$|^village$|uprn",
         rf"({_WORDS}) OR regexp_full_match(value, '[0-9]{{6,12}}(\.0+)?')", theirs=True),
    NAMES,
    Kind("local patient number", "local patient numbers",
         r"hosp(ital)?(patient)?(no|num|number)$|localpatient(id|no|num)|lopatid|^mrn$|medicalrecordn"
         r"|casenotes?(no|num)|(emis|pas|patient)(no|num|number)$", f"NOT {_ANSWER}", becomes=PSEUDONYM),
    Kind("number of another register", "numbers of other registers", r"nationalinsurance|^ni(no|number)$|passport",
         f"NOT {_ANSWER}"),
)  # fmt: skip
"""Tried in this order; the first whose pattern is found is the kind of a column."""
ADDRESSES = Kind(
    "address", "addresses", r"(?!)",
    r"regexp_matches(lower(value), '\b[0-9]+[a-z]?,? [a-z''’. -]+ "
    r"(street|st|road|rd|avenue|ave|lane|drive|close|court|crescent|gardens|grove|terrace|place|square|mews|walk|way)\b')",
)  # fmt: skip
OWN_WORDS = Kind(
    "word that only one person has", "words that hardly two people share, as names and addresses", r"(?!)",
    rf"({_WORDS} AND NOT regexp_full_match(value, '\S*[0-9]\S*'))",
)  # fmt: skip
"""Words, which codes are not."""
_PSEUDONYMOUS = re.compile(r"pseudo|deid|token|hash|encrypt|mask|anon|scrambl")
_OTHERS = re.compile(
    r"practice|surger|organi[sz]ation|provider|hospital|trust|pharmac|prescriber|clinician|consultant|staff|drug"
    r"|medic(ine|ation)|product|condition|disease|diagnos|concept|codelist|vocab|caresite"
)
_OTHERS_WORDS = frozenset({"gp", "pcn", "icb", "ccg", "org", "ods", "site", "team", "ward", "supplier", "table"})
_ABOUT = re.compile(
    r"(status|statuscode|indicator|ind|flag|type|check|verified|consent|consented|counts?|present|valid|traced)$"
    r"|district|sector|area|outward|outcode|lsoa|msoa|imd|consultations?|appointments?|contacts|phonecalls?|triage"
)


def kind_of(column: str) -> Kind | None:
    """Which kind of identifier the name of a column says that it holds.

    Parameters
    ----------
    column
        Folded name. One that calls its values pseudonyms is judged by these instead.

    Examples
    --------
    >>> kind_of("newnhsno").many, kind_of("patient_details'_nhs_number").many
    ('NHS numbers', 'NHS numbers')
    >>> kind_of("practice_postcode"), kind_of("nhs_number_deid")
    (None, None)
    """
    letters = re.sub(r"[^a-z0-9]", "", column.lower())
    if _PSEUDONYMOUS.search(letters) or _ABOUT.search(letters):
        return None
    for kind in KINDS:
        if re.search(kind.named, letters):
            return None if kind.theirs and of_others(column) else kind
    return None


def of_others(column: str) -> bool:
    """Whether a name says that a column is about a practice, a clinician or a thing, and not about the patient.

    Examples
    --------
    >>> of_others("practice_name"), of_others("usual_gp's_full_name"), of_others("surname")
    (True, True, False)
    """
    words = re.split(r"[^a-z0-9]+", column.lower())
    return bool(_OTHERS.search("".join(words))) or not _OTHERS_WORDS.isdisjoint(words)
