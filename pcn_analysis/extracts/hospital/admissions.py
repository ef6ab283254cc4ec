"""Admitted care: from consultant episodes to spells in hospital.

A spell is one stay with one provider. It has an episode for each consultant, and is counted once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis import codelists
from pcn_analysis.extracts import values
from pcn_analysis.extracts.feeds import Feed
from pcn_analysis.extracts.hospital.columns import Records, digit
from pcn_analysis.extracts.hospital.diagnoses import icd10
from pcn_analysis.extracts.workspace import text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

METHODS: Mapping[str, str] = {row["code"]: row["visit_type"] for row in codelists.rows("hospital_admission_methods")}
"""Kind of contact by NHS admission method."""
REGULAR = ("3", "4")
"""Patient classes of regular day and night attenders."""
FINISHED = "3"
"""Status of an episode that has ended."""
NOT_KNOWN = (98, 99)
"""Numbers of episodes that are none."""
UNFINISHED = "an unfinished episode"


def visit_type(method: str) -> str:
    """Kind of contact of an admission method, in SQL: ``other`` where the method is missing, unknown or a transfer.

    Parameters
    ----------
    method
        SQL of the code, in capitals.
    """
    kinds = " ".join(f"WHEN {text(code)} THEN {text(kind)}" for code, kind in METHODS.items())
    return f"CASE {method} {kinds} ELSE 'other' END"


def with_spells(records: Records) -> str:
    """Say of each episode which spell it belongs to.

    A spell is known by its identifier, where the source gives one; else its episodes are of the same person, admitted
    on the same day by the same provider. An episode without a person or a day is a spell of its own.

    Returns
    -------
    str
        How to read the episodes in SQL, with ``stay`` and ``visit_id``, which say the spell, ``admitted``, ``left_on``,
        ``started``, ``place`` (its number in the spell) and ``finished``.
    """
    order = values.whole("episode_order")
    stay = f"""
        CASE WHEN person_id IS NULL THEN 'episode ' || key
             WHEN spell IS NOT NULL THEN 'spell ' || spell
             WHEN ({values.date("date")}) IS NOT NULL
             THEN 'admitted ' || ({values.date("date")}) || ' ' || coalesce(provider, '')
             ELSE 'episode ' || key END
    """
    return records.space.write(
        f"""
        SELECT *, 'apc-' || min(key) OVER (PARTITION BY person_id, stay) AS visit_id
        FROM (
            SELECT *,
                {stay} AS stay,
                {values.date("date")} AS admitted,
                {values.date("discharged")} AS left_on,
                {values.date("episode_start")} AS started,
                CASE WHEN ({order}) NOT IN {NOT_KNOWN} THEN {order} END AS place,
                coalesce({digit("episode_status")} = '{FINISHED}', true) AS finished
            FROM {records.relations["apc"]}
        )
        """,
        "apc_episodes",
    )


def encounters(records: Records) -> Feed | None:
    """Give each spell, where there is admitted care.

    It is of the kind that the admission method of its first episode says; stays of regular attenders are ``other``.
    It starts on the day of admission and ends on that of discharge, and its primary diagnosis is the first of its
    first episode. Only finished episodes count; a spell without one is withheld.
    """
    if "apc" not in records.relations:
        return None
    spells = records.space.write(_spells(records.relations["apc"]), "apc_spells")
    _count(records, spells)
    return Feed(
        "encounters",
        f"""
        SELECT
            visit_id,
            person_id,
            CASE WHEN is_regular THEN 'other' ELSE {visit_type("method")} END AS visit_type,
            admitted AS visit_start_date,
            left_on AS visit_end_date,
            CASE WHEN method IN {texts(METHODS)} THEN method END AS admission_method,
            CASE WHEN left_on >= admitted THEN date_diff('day', admitted, left_on) END AS length_of_stay_days,
            {icd10("diagnosis_01")} AS primary_diagnosis,
            true AS attended,
            provider AS provider_code,
            CASE WHEN NOT finished THEN '{UNFINISHED}' END AS _withheld
        FROM {spells}
        """,
        "admitted care",
    )


def _spells(episodes: str) -> str:
    """One row a spell: what its first finished episode says, from the first admission to the last discharge."""
    first = "ORDER BY NOT finished, place NULLS LAST, started NULLS LAST, key"
    return f"""
        SELECT
            visit_id,
            person_id,
            count(*) AS episodes,
            bool_or(finished) AS finished,
            min(admitted) AS admitted,
            max(left_on) FILTER (finished) AS left_on,
            upper(first(method {first})) AS method,
            coalesce(first({digit("patient_class")} {first}) IN {texts(REGULAR)}, false) AS is_regular,
            first(diagnosis_01 {first}) AS diagnosis_01,
            first(provider {first}) AS provider
        FROM {episodes}
        GROUP BY person_id, stay, visit_id
    """


def _count(records: Records, spells: str) -> None:
    known = texts(METHODS)
    of_several, episodes, regular, unknown = records.space.row(
        f"""
        SELECT count(*) FILTER (episodes > 1),
            sum(episodes),
            count(*) FILTER (finished AND is_regular),
            count(*) FILTER (finished AND NOT is_regular AND coalesce(method NOT IN {known}, true))
        FROM {spells}
        """
    )
    spell_count = records.space.row(f"SELECT count(*) FROM {spells}")[0]
    what = f"episodes, which are {spell_count:,} spells in hospital, {of_several:,} of several episodes"
    no_date = values.stands_for_no_date("discharged")
    wrong, none = records.space.row(
        f"SELECT count(*) FILTER (discharged IS NOT NULL AND left_on IS NULL AND NOT {no_date}), "
        f"count(*) FILTER ({no_date}) FROM {records.relations['apc']}"
    )
    records.findings.add("encounters", what, episodes or 0, "noted")
    records.findings.add(
        "encounters.visit_end_date", "discharges that cannot be read as a date", wrong, "set to missing"
    )
    records.findings.add("encounters.visit_end_date", values.NO_DATES, none, "set to missing")
    where = "encounters.visit_type"
    records.findings.add(where, "stays of regular attenders: not counted as admissions", regular, "noted")
    what = "spells without a known admission method: not counted as emergency or elective"
    records.findings.add(where, what, unknown, "noted")
