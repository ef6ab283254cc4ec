"""Persons of an OMOP extract, and the time that they were observed."""

from __future__ import annotations

from pcn_analysis import codes
from pcn_analysis.extracts import values
from pcn_analysis.extracts.feeds import Feed
from pcn_analysis.extracts.hospital.columns import practice
from pcn_analysis.extracts.omop.cdm import Cdm
from pcn_analysis.extracts.workspace import text, texts

SCOTTISH = r"^S01[0-9]{6}$"
MALE, FEMALE = "8507", "8532"
NO_SEX = ("0", "8521", "8551", "8570")
"""Concepts of a gender that is other, unknown or ambiguous, or of none."""


def persons(cdm: Cdm) -> Feed:
    """Give everyone in ``person``.

    Sex is the concept of gender, unknown where that is neither male nor female. Of the date of birth the year and the
    month are read and never the day. LSOA is what a location's source value says, where that is an English or Welsh
    LSOA; the practice is the person's care site, where its source value is the ODS code of one. Of several dates of
    death the earliest is used.

    Parameters
    ----------
    cdm
        The tables. Locations that are no LSOA, care sites that are no practice, and people with several deaths are
        counted in its findings.
    """
    year, month = f"({values.whole('year_of_birth')})", f"({values.whole('month_of_birth')})"
    is_month = f"{month} BETWEEN 1 AND 12"
    people = cdm.space.write(
        f"""
        SELECT
            person.person_id,
            CASE gender_concept_id WHEN '{MALE}' THEN 'male' WHEN '{FEMALE}' THEN 'female' ELSE 'unknown' END AS sex,
            CASE WHEN {year} NOT BETWEEN 1000 AND 9999 THEN NULL
                 WHEN {is_month} THEN make_date({year}, {month}, 15) ELSE make_date({year}, 7, 1) END AS birth_date,
            CASE WHEN {is_month} THEN 'month' ELSE 'year' END AS birth_precision,
            died.death_date,
            location_source_value,
            upper(care_site_source_value) AS care_site
        FROM {cdm.relations["person"]} AS person
        LEFT JOIN ({_deaths(cdm)}) AS died ON died.person_id = person.person_id
        LEFT JOIN {cdm.relations["location"]} AS location ON location.location_id = person.location_id
        LEFT JOIN {cdm.relations["care_site"]} AS site ON site.care_site_id = person.care_site_id
        """,
        "omop_persons",
    )
    is_lsoa = f"regexp_matches(location_source_value, {text(codes.LSOA)})"
    _count(cdm, people, is_lsoa)
    return Feed(
        "persons",
        f"""
        SELECT person_id, sex, birth_date, birth_precision, death_date,
            CASE WHEN {is_lsoa} THEN location_source_value END AS lsoa21,
            {practice("care_site")} AS practice_code
        FROM {people}
        """,
        "person",
    )


def _deaths(cdm: Cdm) -> str:
    """The day on which each person died."""
    return (
        f"SELECT person_id, min({values.date('death_date')}) AS death_date "
        f"FROM {cdm.relations['death']} WHERE person_id IS NOT NULL GROUP BY person_id"
    )


def _count(cdm: Cdm, people: str, is_lsoa: str) -> None:
    several = f"SELECT person_id FROM {cdm.relations['death']} GROUP BY person_id HAVING count(DISTINCT death_date) > 1"
    people_known = f"SELECT person_id FROM {cdm.relations['person']} WHERE person_id IS NOT NULL"
    nobody = cdm.count("death", f"coalesce(person_id NOT IN ({people_known}), true)")
    no_day = cdm.count("death", f"death_date IS NOT NULL AND ({values.date('death_date')}) IS NULL")
    scottish, elsewhere, nowhere, no_practice = cdm.space.row(
        f"""
        SELECT count(*) FILTER (regexp_matches(location_source_value, '{SCOTTISH}')),
            count(*) FILTER (NOT {is_lsoa} AND NOT regexp_matches(location_source_value, '{SCOTTISH}')),
            count(*) FILTER (location_source_value IS NULL),
            count(*) FILTER (care_site IS NOT NULL AND ({practice("care_site")}) IS NULL)
        FROM {people}
        """
    )
    add, deaths = cdm.findings.add, cdm.space.row(f"SELECT count(*) FROM ({several})")[0]
    add("persons.death_date", "people with several dates of death; the earliest is used", deaths, "changed")
    add("persons.death_date", "dates of death that cannot be read", no_day, "set to missing")
    no_sex = cdm.count("person", f"gender_concept_id NOT IN {texts((MALE, FEMALE, *NO_SEX))}")
    add("persons.sex", "concepts of gender that are not known here", no_sex, "set to missing")
    month = values.whole("month_of_birth")
    no_month = cdm.count("person", f"month_of_birth IS NOT NULL AND coalesce(({month}) NOT BETWEEN 1 AND 12, true)")
    add("persons.birth_date", "months of birth that cannot be read; only the year is used", no_month, "changed")
    add("persons.death_date", "deaths of people who are not among the persons", nobody, "set to missing")
    add("persons.lsoa21", "Scottish data zones, which are no LSOA", scottish, "set to missing")
    add("persons.lsoa21", "locations that are no area of the United Kingdom known here", elsewhere, "set to missing")
    add("persons.lsoa21", "people without a location", nowhere if "location" in cdm.there else 0, "noted")
    add("persons.practice_code", "care sites that are no GP practice", no_practice, "set to missing")


def observation_period(cdm: Cdm) -> Feed | None:
    """Give the periods in which people were observed, where the delivery holds them."""
    if "observation_period" not in cdm.there:
        return None
    return Feed(
        "observation_period",
        f"""
        SELECT person_id, observation_period_start_date AS start_date, observation_period_end_date AS end_date
        FROM {cdm.relations["observation_period"]}
        """,
        "observation_period",
    )
