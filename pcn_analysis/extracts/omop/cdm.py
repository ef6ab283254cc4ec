"""The tables of an OMOP delivery, each with all the columns that are read of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pcn_analysis import codelists
from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest
from pcn_analysis.extracts.date_order import in_one_order
from pcn_analysis.extracts.workspace import name, text, texts
from pcn_analysis.words import listed

if TYPE_CHECKING:
    from pcn_analysis.extracts.delivery import Delivery
    from pcn_analysis.extracts.findings import Findings
    from pcn_analysis.extracts.text_files import Raw
    from pcn_analysis.extracts.workspace import Workspace


@dataclass(frozen=True)
class CdmTable:
    """What is read of one table.

    Parameters
    ----------
    required, optional
        Columns. The day of birth, addresses and free text are never read.
    about
        What nothing is known of where it is not there; empty where something else says it.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    about: str = ""


TABLES = {
    "person": CdmTable(
        ("person_id", "gender_concept_id", "year_of_birth"), ("month_of_birth", "location_id", "care_site_id")
    ),
    "observation_period": CdmTable(
        ("person_id", "observation_period_start_date", "observation_period_end_date"), about="the time observed"
    ),
    "death": CdmTable(("person_id", "death_date"), about="deaths"),
    "location": CdmTable(("location_id", "location_source_value"), about="where people live"),
    "care_site": CdmTable(
        ("care_site_id", "care_site_source_value"),
        ("care_site_name", "place_of_service_source_value"),
        about="practices and providers",
    ),
    "visit_occurrence": CdmTable(
        ("visit_occurrence_id", "person_id", "visit_concept_id", "visit_start_date"),
        ("visit_end_date", "care_site_id", "visit_source_value", "admitted_from_source_value"),
        about="contacts",
    ),
    "condition_occurrence": CdmTable(
        ("condition_occurrence_id", "person_id", "condition_concept_id", "condition_start_date"),
        ("condition_end_date", "visit_occurrence_id", "condition_source_value", "condition_source_concept_id"),
        about="conditions",
    ),
    "drug_exposure": CdmTable(
        ("drug_exposure_id", "person_id", "drug_concept_id", "drug_exposure_start_date"),
        ("drug_exposure_end_date", "quantity", "days_supply", "drug_source_value", "drug_source_concept_id"),
        about="medicines",
    ),
    "measurement": CdmTable(
        ("measurement_id", "person_id", "measurement_concept_id", "measurement_date"),
        ("operator_concept_id", "value_as_number", "unit_concept_id", "unit_source_value", "measurement_source_value",
         "measurement_source_concept_id"),
        about="measurements",
    ),
    "concept": CdmTable(
        ("concept_id", "concept_name", "domain_id", "vocabulary_id", "concept_code"), about="what codes mean"
    ),
    "cdm_source": CdmTable((), ("source_release_date",)),
}  # fmt: skip
NOT_READ = (
    "observation", "procedure_occurrence", "device_exposure", "specimen", "note", "condition_era", "drug_era",
    "dose_era", "payer_plan_period", "cost", "visit_detail",
)  # fmt: skip
_WORDS = ("domain_id", "vocabulary_id")
"""Columns that end like identifiers and are words."""


@dataclass(frozen=True)
class Cdm:
    """The tables of a delivery.

    Parameters
    ----------
    space, findings
        As of the delivery.
    relations
        How to read each of ``TABLES`` in SQL, and ``visits`` once their kinds are known. All columns are there, as
        text: one that was not delivered is null in every row, and a table that was not delivered has no rows.
        ``location``, ``care_site`` and ``concept`` have a row for each identifier; ``concept`` those that are used,
        with ``code_system``, and never concept 0.
    there
        Names of the tables that were delivered.
    """

    space: Workspace
    findings: Findings
    relations: dict[str, str]
    there: frozenset[str]

    def count(self, table: str, test: str = "true") -> int:
        """Rows of a table that pass a test in SQL."""
        return int(self.space.row(f"SELECT count(*) FILTER ({test}) FROM {self.relations[table]}")[0])


def open_cdm(delivery: Delivery) -> Cdm:
    """Find and read the tables of a delivery.

    Raises
    ------
    PcnAnalysisError
        With every table and column that must be there and is not.
    """
    if "person" not in delivery.files:
        raise PcnAnalysisError(Problem(delivery.name, "holds no table person", nearest("person", delivery.files)))
    raws = {
        table: delivery.read(table, {*described.required, *described.optional})
        for table, described in TABLES.items()
        if table in delivery.files
    }
    if problems := [one for table, raw in raws.items() for one in _missing(raw, TABLES[table].required)]:
        raise PcnAnalysisError(*problems)
    raws = {table: _with_dates_in_order(delivery, raw) for table, raw in raws.items()}
    relations = {table: _relation(table, raws.get(table)) for table in TABLES}
    for table in ("location", "care_site"):
        relations[table] = delivery.space.write(_once(table, relations[table]), table)
    cdm = Cdm(delivery.space, delivery.findings, relations, frozenset(raws))
    relations["concept"] = delivery.space.write(_concepts(relations), "concept")
    _note_what_is_not_read(delivery, cdm)
    for table, raw in raws.items():
        if absent := [column for column in TABLES[table].optional if column not in raw.columns]:
            cdm.findings.add(raw.name, f"no column {', '.join(absent)}: missing in every row", raw.rows, "noted")
    return cdm


def _with_dates_in_order(delivery: Delivery, raw: Raw) -> Raw:
    dates = [column for column in raw.columns if column.endswith("_date")]
    relation = in_one_order(delivery.space, raw.relation, dates, raw.name, delivery.findings)
    return replace(raw, relation=relation)


def _missing(raw: Raw, required: tuple[str, ...]) -> list[Problem]:
    return [
        Problem(raw.name, f"no column {column}", nearest(column, raw.header))
        for column in required
        if column not in raw.columns
    ]


def _relation(table: str, raw: Raw | None) -> str:
    """All columns of a table, whether it was delivered with them or not."""
    described = TABLES[table]
    there = raw.columns if raw else ()
    cells = [
        f"{_cell(one) if one in there else 'NULL::VARCHAR'} AS {name(one)}"
        for one in (*described.required, *described.optional)
    ]
    return f"(SELECT {', '.join(cells)} {f'FROM {raw.relation}' if raw else 'WHERE false'})"


def _cell(column: str) -> str:
    """A cell as recorded; an identifier that passed through a floating-point number loses its ``.0``."""
    if column.endswith("_id") and column not in _WORDS:
        return rf"regexp_replace({name(column)}, '^([0-9]+)\.0+$', '\1')"
    return name(column)


def _once(table: str, relation: str) -> str:
    """A row for each identifier of a table that records look things up in."""
    key, *others = (*TABLES[table].required, *TABLES[table].optional)
    return (
        f"SELECT * FROM {relation} WHERE {key} IS NOT NULL "
        f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY {', '.join(others)}) = 1"
    )


def _concepts(relations: dict[str, str]) -> str:
    """The concepts that records name, with the system of their codes: a vocabulary has millions of others."""
    used = " UNION ".join(
        f"SELECT {name(column)} AS concept_id FROM {relations[table]}"
        for table in ("condition_occurrence", "drug_exposure", "measurement")
        for column in (*TABLES[table].required, *TABLES[table].optional)
        if column.endswith("_concept_id") and column != "operator_concept_id"
    )
    systems = ", ".join(
        f"({text(row['vocabulary_id'])}, {text(row['code_system'])})" for row in codelists.rows("omop_vocabularies")
    )
    concepts = f"SELECT * FROM {relations['concept']} SEMI JOIN ({used}) USING (concept_id) WHERE concept_id <> '0'"
    return (
        f"SELECT concepts.*, code_system FROM ({_once('concept', f'({concepts})')}) AS concepts "
        f"LEFT JOIN (VALUES {systems}) AS systems (vocabulary_id, code_system) USING (vocabulary_id)"
    )


def _note_what_is_not_read(delivery: Delivery, cdm: Cdm) -> None:
    for table, described in TABLES.items():
        if described.about and table not in cdm.there:
            what = f"people: no table {table}, so that nothing is known of {described.about}"
            cdm.findings.add("persons", what, cdm.count("person"), "noted")
    if unread := [table for table in NOT_READ if table in delivery.files]:
        cdm.findings.add(delivery.name, f"tables that are not used: {listed(unread)}", len(unread), "noted")


def coded(allowed: tuple[str, ...], source_value: str, otherwise: str) -> tuple[str, str]:
    """Code and system of a record, in SQL.

    The source's own concept decides, where it is known and of an allowed system; else the standard concept; else the
    code is what the source wrote, of the system ``otherwise``.

    Parameters
    ----------
    allowed
        Code systems.
    source_value
        SQL of what the source wrote.
    otherwise
        System of codes of which nothing is known.
    """
    systems = texts(allowed)
    code = (
        f"CASE WHEN source.code_system IN {systems} THEN source.concept_code "
        f"WHEN standard.code_system IN {systems} THEN standard.concept_code ELSE {source_value} END"
    )
    system = (
        f"CASE WHEN source.code_system IN {systems} THEN source.code_system "
        f"WHEN standard.code_system IN {systems} THEN standard.code_system ELSE {text(otherwise)} END"
    )
    return code, system


def with_concepts(cdm: Cdm, table: str, stem: str) -> str:
    """Rows of a table as ``records``, with the concept of its ``source`` and the ``standard`` one, to stand after FROM.

    Parameters
    ----------
    cdm
        The tables.
    table
        A table of records.
    stem
        Beginning of the names of its columns of concepts: ``drug``.
    """
    concepts = cdm.relations["concept"]
    return (
        f"{cdm.relations[table]} AS records "
        f"LEFT JOIN {concepts} AS source ON source.concept_id = records.{stem}_source_concept_id "
        f"LEFT JOIN {concepts} AS standard ON standard.concept_id = records.{stem}_concept_id"
    )


def note_unmapped(cdm: Cdm, table: str, stem: str, ours: str) -> None:
    """Note how many records have no standard concept."""
    unmapped, everything = cdm.count(table, f"coalesce({stem}_concept_id, '0') = '0'"), cdm.count(table)
    share = f"{unmapped / everything:.0%}" if everything else ""
    what = f"no standard concept (concept_id 0, {share} of {table}); the source's own code is used"
    cdm.findings.add(f"{ours}.code", what, unmapped, "noted")
