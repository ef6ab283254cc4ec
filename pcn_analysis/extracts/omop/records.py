"""Conditions, medicines and measurements of an OMOP extract."""

from __future__ import annotations

from pcn_analysis.extracts import values
from pcn_analysis.extracts.feeds import Feed
from pcn_analysis.extracts.omop.cdm import Cdm, coded, note_unmapped, with_concepts
from pcn_analysis.extracts.omop.visits import recorded_at

CONDITION_SYSTEMS = ("snomed", "icd10", "ctv3", "read2")
MEDICINE_SYSTEMS = ("dmd", "bnf", "rxnorm")
MEASUREMENT_SYSTEMS = ("snomed", "ctv3", "read2", "loinc")
OPERATORS = {"4172703": "=", "4171754": "<=", "4171755": ">=", "4172704": ">", "4171756": "<"}
"""OMOP's concepts of the signs before a value."""
A_CONDITION = "not a medicine: coded as a condition"
SOMETHING_ELSE = "not a medicine: coded as something else"
ALSO_A_CONDITION = "not a medicine: its code is recorded as a condition"
A_VACCINE = "a vaccine"


def conditions(cdm: Cdm) -> Feed | None:
    """Give ``condition_occurrence``, where it was delivered.

    The code is that of the source's own concept, where CONCEPT knows it and its vocabulary is one of SNOMED CT,
    ICD-10 (not its American modification), Read or CTV3; else that of the standard concept; else what the source
    wrote, as a local code.
    """
    if "condition_occurrence" not in cdm.there:
        return None
    note_unmapped(cdm, "condition_occurrence", "condition", "conditions")
    code, system = coded(CONDITION_SYSTEMS, "records.condition_source_value", "local")
    return Feed(
        "conditions",
        f"""
        SELECT
            records.person_id,
            records.condition_start_date,
            records.condition_end_date,
            {code} AS code,
            {system} AS code_system,
            'active' AS status,
            coalesce(visit.source, 'other') AS source,
            visit.visit_id,
            records.condition_occurrence_id AS _row
        FROM {with_concepts(cdm, "condition_occurrence", "condition")}
        LEFT JOIN {recorded_at(cdm)} AS visit ON visit.visit_occurrence_id = records.visit_occurrence_id
        """,
        "condition_occurrence",
    )


def medications(cdm: Cdm) -> Feed | None:
    """Give ``drug_exposure``, where it was delivered.

    Rows that are no medicines are withheld: those none of whose concepts is a drug; vaccines, by the vocabulary CVX
    or the name of the concept; and, where no concept is known, those whose code stands among the conditions. What is
    then left without a known concept is a medicine of the name that the source wrote. No quantity and no days of
    supply are 0: an issue of nothing is one of which they were not recorded.
    """
    if "drug_exposure" not in cdm.there:
        return None
    note_unmapped(cdm, "drug_exposure", "drug", "medications")
    code, system = coded(MEDICINE_SYSTEMS, "coalesce(records.drug_source_value, name)", "text")
    rows = cdm.space.write(
        f"""
        SELECT records.*, coalesce(source.concept_name, standard.concept_name, records.drug_source_value) AS name,
            {code} AS code, {system} AS code_system, {_no_medicine(cdm)} AS _withheld
        FROM {with_concepts(cdm, "drug_exposure", "drug")}
        """,
        "omop_drugs",
    )
    supplied = {column: f"(({values.number(column)}) = 0)" for column in ("quantity", "days_supply")}
    for column, is_nothing in supplied.items():
        nothing = cdm.space.row(f"SELECT count(*) FROM {rows} WHERE {is_nothing} AND _withheld IS NULL")[0]
        cdm.findings.add(f"medications.{column}", "0, which stands for not recorded", nothing, "set to missing")
    return Feed(
        "medications",
        f"""
        SELECT
            person_id,
            drug_exposure_start_date,
            drug_exposure_end_date,
            CASE WHEN {supplied["days_supply"]} THEN NULL ELSE days_supply END AS days_supply,
            code,
            code_system,
            name AS drug_name,
            CASE WHEN {supplied["quantity"]} THEN NULL ELSE quantity END AS quantity,
            _withheld,
            drug_exposure_id AS _row
        FROM {rows}
        """,
        "drug_exposure",
    )


def _no_medicine(cdm: Cdm) -> str:
    """Why a row of drugs is no medicine, in SQL; null where it is one."""
    is_vaccine = "'CVX' IN (source.vocabulary_id, standard.vocabulary_id)"
    names = "concat_ws(' ', source.concept_name, standard.concept_name)"
    conditions = f"SELECT condition_source_value FROM {cdm.relations['condition_occurrence']}"
    return f"""
        CASE WHEN coalesce({is_vaccine}, false) OR contains(lower({names}), 'vaccine') THEN '{A_VACCINE}'
             WHEN coalesce(source.domain_id, '') = 'Drug' OR coalesce(standard.domain_id, '') = 'Drug' THEN NULL
             WHEN coalesce(source.domain_id, standard.domain_id) IN ('Condition', 'Observation') THEN '{A_CONDITION}'
             WHEN coalesce(source.domain_id, standard.domain_id) IS NOT NULL THEN '{SOMETHING_ELSE}'
             WHEN records.drug_source_value IN ({conditions}) THEN '{ALSO_A_CONDITION}' END
    """


def measurements(cdm: Cdm) -> Feed | None:
    """Give ``measurement``, where it was delivered.

    The unit is what the source wrote, else the code (UCUM) of the concept of the unit, else it is not known: none is
    assumed. A value without the concept of a sign is exact, unless the sign stands in the value.
    """
    if "measurement" not in cdm.there:
        return None
    note_unmapped(cdm, "measurement", "measurement", "measurements")
    code, system = coded(MEASUREMENT_SYSTEMS, "records.measurement_source_value", "local")
    signs = " ".join(f"WHEN '{concept}' THEN '{sign}'" for concept, sign in OPERATORS.items())
    written = values.operator("records.value_as_number")
    rows = (
        f"{with_concepts(cdm, 'measurement', 'measurement')} "
        f"LEFT JOIN {cdm.relations['concept']} AS unit ON unit.concept_id = records.unit_concept_id"
    )
    unit = "coalesce(records.unit_source_value, unit.concept_code)"
    return Feed(
        "measurements",
        f"""
        SELECT
            records.person_id,
            records.measurement_date,
            {code} AS code,
            {system} AS code_system,
            records.value_as_number,
            coalesce(CASE records.operator_concept_id {signs} END, {written}, '=') AS operator,
            {unit} AS unit,
            records.measurement_id AS _row
        FROM {rows}
        """,
        "measurement",
    )
