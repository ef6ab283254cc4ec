"""Visits of an OMOP extract: what kind of contact each was.

OMOP has no admission method. An inpatient visit is an emergency or an elective admission only where the source carried
the NHS code of one in ``visit_source_value`` or ``admitted_from_source_value``.
"""

from __future__ import annotations

from pcn_analysis import codelists
from pcn_analysis.extracts import values
from pcn_analysis.extracts.feeds import Feed
from pcn_analysis.extracts.hospital.admissions import METHODS, visit_type
from pcn_analysis.extracts.hospital.columns import practice
from pcn_analysis.extracts.omop.cdm import Cdm
from pcn_analysis.extracts.workspace import text, texts

VISITS = {row["visit_concept_id"]: row for row in codelists.rows("omop_visits")}
INPATIENT, EMERGENCY, BOTH = "9201", "9203", "262"
"""A stay; an attendance at an emergency department; one that ended in a stay."""
CARRIERS = ("visit_source_value", "admitted_from_source_value")
MOST = 0.5
"""A column holds admission methods if more than this share of the stays that fill it have one."""
SAYS_GP = r"(?i)\bGP\b|general pract|primary care"


def with_kinds(cdm: Cdm) -> str:
    """Say of each visit which kind of contact it was.

    Returns
    -------
    str
        How to read ``visit_occurrence`` in SQL, with ``visit_type``, ``admission_method`` and ``provider_code``.
    """
    kinds = " ".join(f"WHEN {text(concept)} THEN {text(row['visit_type'])}" for concept, row in VISITS.items())
    may_be_gp = texts(concept for concept, row in VISITS.items() if row["may_be_gp"] == "yes")
    methods = [f"CASE WHEN upper({one}) IN {texts(METHODS)} THEN upper({one}) END" for one in _with_methods(cdm)]
    return cdm.space.write(
        f"""
        SELECT visit.*,
            coalesce({", ".join([*methods, "NULL::VARCHAR"])}, NULL) AS admission_method,
            CASE WHEN visit_concept_id = '{INPATIENT}' THEN {visit_type("admission_method")}
                 WHEN visit_concept_id IN {may_be_gp} AND {_is_gp()} THEN 'gp_contact'
                 ELSE CASE visit_concept_id {kinds} ELSE 'other' END END AS visit_type,
            upper(care_site_source_value) AS provider_code
        FROM {cdm.relations["visit_occurrence"]} AS visit
        LEFT JOIN {cdm.relations["care_site"]} AS site ON site.care_site_id = visit.care_site_id
        """,
        "omop_visits",
    )


def _with_methods(cdm: Cdm) -> list[str]:
    """The columns that hold admission methods: those where most of what stays have is one.

    A number of the source's own, such as 21, looks like one as well.
    """
    found = []
    for column in CARRIERS:
        is_stay = f"visit_concept_id IN ('{INPATIENT}', '{BOTH}') AND {column} IS NOT NULL"
        filled = cdm.count("visit_occurrence", is_stay)
        methods = cdm.count("visit_occurrence", f"{is_stay} AND upper({column}) IN {texts(METHODS)}")
        if methods > MOST * filled:
            found.append(column)
        else:
            what = f"inpatient visits whose {column} looks like an admission method, among others that do not: not used"
            cdm.findings.add("encounters.admission_method", what, methods, "noted")
    return found


def _is_gp() -> str:
    said = "concat_ws(' ', visit_source_value, care_site_name, place_of_service_source_value)"
    return f"(({practice('upper(care_site_source_value)')}) IS NOT NULL OR regexp_matches({said}, '{SAYS_GP}'))"


def encounters(cdm: Cdm) -> Feed | None:
    """Give ``visit_occurrence``, where it was delivered.

    A visit to an emergency department that ended in a stay is two contacts: the attendance and the emergency
    admission. A visit outside hospital is a contact with a GP where its care site is a practice, or its source value
    or care site says so. Visits of kinds that are not known here are ``other``.
    """
    if "visit_occurrence" not in cdm.there:
        return None
    _count(cdm)
    start, end = values.date("visit_start_date"), values.date("visit_end_date")
    is_stay = f"visit_concept_id IN ('{INPATIENT}', '{BOTH}') AND part IS DISTINCT FROM 'ed'"
    return Feed(
        "encounters",
        f"""
        SELECT
            visit_occurrence_id || coalesce('-' || part, '') AS visit_id,
            person_id,
            CASE WHEN part = 'ed' THEN 'ed' ELSE visit_type END AS visit_type,
            visit_start_date,
            CASE WHEN part IS DISTINCT FROM 'ed' THEN visit_end_date END AS visit_end_date,
            CASE WHEN {is_stay} THEN admission_method END AS admission_method,
            CASE WHEN {is_stay} AND {end} >= {start} THEN date_diff('day', {start}, {end}) END AS length_of_stay_days,
            true AS attended,
            provider_code
        FROM {cdm.relations["visits"]}
        LEFT JOIN (VALUES ('ed'), ('admission')) AS parts (part) ON visit_concept_id = '{BOTH}'
        """,
        "visit_occurrence",
    )


def _count(cdm: Cdm) -> None:
    both = cdm.count("visits", f"visit_concept_id = '{BOTH}'")
    unknown = cdm.count("visits", f"coalesce(visit_concept_id NOT IN {texts(VISITS)}, true)")
    without = cdm.count("visits", f"visit_concept_id = '{INPATIENT}' AND admission_method IS NULL")
    where = "encounters.visit_type"
    cdm.findings.add(where, "visits that are an attendance and an admission: two contacts each", both, "noted")
    cdm.findings.add(where, "visits of a kind that is not known here", unknown, "noted")
    what = "inpatient visits without an admission method: not counted as emergency or elective"
    cdm.findings.add(where, what, without, "noted")


def recorded_at(cdm: Cdm) -> str:
    """For each visit, the ``visit_id`` that its records belong to and the kind of source that they came from.

    Returns
    -------
    str
        How to read, in SQL, one row a visit_occurrence_id: visit_id, source (apc of stays, ecds of attendances at an
        emergency department, gp of contacts with one, else other).
    """
    return f"""(
        SELECT visit_occurrence_id,
            min(visit_occurrence_id || CASE visit_concept_id WHEN '{BOTH}' THEN '-admission' ELSE '' END) AS visit_id,
            min(CASE WHEN visit_concept_id IN ('{INPATIENT}', '{BOTH}') THEN 'apc'
                     WHEN visit_concept_id = '{EMERGENCY}' THEN 'ecds'
                     WHEN visit_type = 'gp_contact' THEN 'gp' ELSE 'other' END) AS source
        FROM {cdm.relations["visits"]} GROUP BY visit_occurrence_id)"""
