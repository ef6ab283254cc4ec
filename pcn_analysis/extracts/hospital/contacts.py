"""Attendances at emergency departments, and outpatient appointments."""

from __future__ import annotations

from pcn_analysis.extracts.feeds import Feed
from pcn_analysis.extracts.hospital.columns import KINDS, Records, digit
from pcn_analysis.extracts.workspace import name, texts

PLANNED = {"ae": "2", "ecds": "4"}
"""Category of a follow-up that was planned, in each data set."""
CAME, DID_NOT_COME = ("5", "6"), ("2", "3", "4", "7")
"""Outpatient attendance: seen, or late and seen; cancelled, did not attend, or late and not seen."""
NOT_KNOWN = "an appointment of which it is not known whether the person came"


def attendances(records: Records, kind: str) -> Feed | None:
    """Give the attendances at emergency departments of one data set, where it was delivered.

    A follow-up that was planned is ``other``. Diagnoses of HES A&E are in a scheme of its own, and are not used.

    Parameters
    ----------
    records
        Hospital records.
    kind
        ``ae`` or ``ecds``.
    """
    if kind not in records.relations:
        return None
    relation, is_planned = records.relations[kind], f"{digit('category')} = '{PLANNED[kind]}'"
    planned = records.space.row(f"SELECT count(*) FROM {relation} WHERE {is_planned}")[0]
    what = f"planned follow-ups among {KINDS[kind]}: not counted as attendances"
    records.findings.add("encounters.visit_type", what, planned, "noted")
    optional = {"discharged": "visit_end_date", "cost": "cost_gbp"} if kind == "ecds" else {}
    others = "".join(f", {name(field)} AS {column}" for field, column in optional.items())
    return Feed(
        "encounters",
        f"""
        SELECT
            '{kind}-' || key AS visit_id,
            person_id,
            CASE WHEN {is_planned} THEN 'other' ELSE 'ed' END AS visit_type,
            date AS visit_start_date,
            true AS attended,
            provider AS provider_code
            {others}
        FROM {relation}
        """,
        KINDS[kind],
    )


def appointments(records: Records) -> Feed | None:
    """Give outpatient appointments, where they were delivered, whether the person came or not.

    Where that is not known, or the appointment lay in the future, the row is withheld.
    """
    if "op" not in records.relations:
        return None
    attended = digit("attended")
    return Feed(
        "encounters",
        f"""
        SELECT
            'op-' || key AS visit_id,
            person_id,
            'outpatient' AS visit_type,
            date AS visit_start_date,
            coalesce({attended} IN {texts(CAME)}, false) AS attended,
            provider AS provider_code,
            CASE WHEN coalesce({attended} NOT IN {texts((*CAME, *DID_NOT_COME))}, true) THEN '{NOT_KNOWN}'
            END AS _withheld
        FROM {records.relations["op"]}
        """,
        KINDS["op"],
    )
