"""Diagnoses: from many columns to a row for each."""

from __future__ import annotations

from pcn_analysis.extracts.feeds import Feed
from pcn_analysis.extracts.hospital.columns import KINDS, Records, fields

SOURCES = {"apc": "apc", "ecds": "ecds", "op": "op"}
SUSPECTED = "415684004"
"""SNOMED CT: suspected."""
NOTHING = r"[-&.\s]*"
"""Marks that stand for no diagnosis."""
ICD10 = r"[A-Z][0-9]{2}([0-9X][0-9A-Z]{0,2})?"
SNOMED = r"[1-9][0-9]{5,17}"


def icd10(column: str) -> str:
    """A code of ICD-10 without dot, dagger, asterisk, and the X and ``-`` that fill places; null where it is none.

    Parameters
    ----------
    column
        SQL of the text.
    """
    plain = rf"regexp_replace(regexp_replace(upper({column}), '[.\s]', '', 'g'), '[-†*+]+$', '')"
    unmarked = rf"regexp_replace({plain}, '^([A-Z][0-9]{{2}}[0-9X]?[0-9]?)[AD]$', '\1')"
    code = rf"regexp_replace({unmarked}, '^([A-Z][0-9]{{2}})X$', '\1')"
    return f"CASE WHEN regexp_full_match({code}, '{ICD10}') THEN {code} END"


def conditions(records: Records, kind: str) -> Feed | None:
    """Give the diagnoses of one kind of records, where they were delivered.

    Admitted care and outpatients have codes of ICD-10, from the columns of four characters only; ECDS has codes of
    SNOMED CT. A text that is no such code is withheld, as are diagnoses of unfinished episodes and those that were
    only suspected. The date is the start of the episode, or the day of the contact.

    Parameters
    ----------
    records
        Hospital records.
    kind
        ``apc``, ``ecds`` or ``op``.
    """
    if kind not in records.relations:
        return None
    system, title = ("snomed", "SNOMED CT") if kind == "ecds" else ("icd10", "ICD-10")
    code = (
        f"CASE WHEN regexp_full_match(recorded, '{SNOMED}') THEN recorded END" if kind == "ecds" else icd10("recorded")
    )
    return Feed(
        "conditions",
        f"""
        SELECT
            person_id,
            day AS condition_start_date,
            {code} AS code,
            '{system}' AS code_system,
            'active' AS status,
            '{SOURCES[kind]}' AS source,
            visit_id,
            CASE WHEN NOT finished THEN 'an unfinished episode'
                 WHEN qualifier = '{SUSPECTED}' THEN 'only suspected'
                 WHEN ({code}) IS NULL THEN 'a diagnosis that is no code of {title}' END AS _withheld,
            '{kind}-' || key || '-' || position AS _row
        FROM ({_long(records.relations[kind], kind)})
        WHERE NOT regexp_full_match(recorded, '{NOTHING}')
        """,
        KINDS[kind],
    )


def _long(relation: str, kind: str) -> str:
    """A row for each diagnosis of each record."""
    known = fields(kind)
    numbers = [field.removeprefix("diagnosis_") for field in known if field.startswith("diagnosis_")]
    found = ", ".join(
        f"{{'position': '{one}', 'recorded': diagnosis_{one}, "
        f"'qualifier': {f'qualifier_{one}' if f'qualifier_{one}' in known else 'NULL::VARCHAR'}}}"
        for one in numbers
    )
    own = (
        "episode_start AS day, visit_id, finished"
        if kind == "apc"
        else f"date AS day, '{kind}-' || key AS visit_id, true AS finished"
    )
    return (
        f"SELECT * EXCLUDE (found), found.position AS position, found.recorded AS recorded, "
        f"found.qualifier AS qualifier FROM (SELECT person_id, key, {own}, unnest([{found}]) AS found FROM {relation})"
    )
