"""Persons: what hospital records say of the people who were seen."""

from __future__ import annotations

from pcn_analysis import codelists, codes
from pcn_analysis.extracts import values
from pcn_analysis.extracts.feeds import Feed
from pcn_analysis.extracts.hospital.columns import Records, digit, fields, practice
from pcn_analysis.extracts.workspace import name, text, texts
from pcn_analysis.tables.records import NOT_STATED

SEX = {"1": "male", "2": "female", "M": "male", "F": "female"}
NO_SEX = ("", "9", "I", "U", "X")
"""What stands for a sex that is not known or not specified."""
NEWBORN, YOUNGEST, INFANT = 7001, 7004, 7007
"""HES writes the age of infants as 7001 to 7007; up to 7004 it is three months at most."""
OLDEST = 120
_NEEDED = ("person_id", "date", "sex", "month_of_birth", "birth_year", "birth_month", "age", "ethnicity", "practice",
           "lsoa21", "other_lsoa")  # fmt: skip
_KEPT = ("sex", "born_month", "born_year", "ethnicity", "practice_code", "lsoa21")


def persons(records: Records) -> Feed:
    """Give a row for each pseudonym, with the latest that is known of it.

    Sex is 1 or 2, else unknown. Of the date of birth the month is known, where the records say it, or only the year,
    reckoned from the age if need be. LSOA is read only from a column that says that it is of 2021. An ethnic category
    that was stated once is known; one that was never stated, and once asked for (Z), is not stated.

    Parameters
    ----------
    records
        Hospital records. People of whom records say different things, and what is not used, are counted.
    """
    rows = records.space.write(
        " UNION ALL ".join(_seen(relation, kind) for kind, relation in records.relations.items()), "hospital_rows"
    )
    latest = ", ".join(
        f"last({one} ORDER BY day NULLS FIRST, {one}) FILTER ({one} IS NOT NULL) AS {one}" for one in _KEPT
    )
    differing = ", ".join(f"count(DISTINCT {one}) > 1 AS {one}_differs" for one in ("sex", "born_month"))
    people = records.space.write(
        f"SELECT person_id, {latest}, bool_or(unstated) AS unstated, {differing} FROM {rows} "
        "WHERE person_id IS NOT NULL GROUP BY person_id",
        "hospital_people",
    )
    _count(records, rows, people)
    return Feed(
        "persons",
        f"""
        SELECT
            person_id,
            coalesce(sex, 'unknown') AS sex,
            coalesce(born_month, born_year) AS birth_date,
            CASE WHEN born_month IS NOT NULL THEN 'month' ELSE 'year' END AS birth_precision,
            coalesce(ethnicity, CASE WHEN unstated THEN {text(NOT_STATED)} END) AS ethnicity,
            lsoa21,
            practice_code
        FROM {people}
        """,
        "hospital records",
    )


def _seen(relation: str, kind: str) -> str:
    """What each record says of its person."""
    cells = [name(field) if field in fields(kind) else f"NULL::VARCHAR AS {name(field)}" for field in _NEEDED]
    sexes = " ".join(f"WHEN {text(code)} THEN {text(word)}" for code, word in SEX.items())
    ethnic = " ".join(
        f"WHEN {text(row['code'])} THEN {text(row['ethnicity'])}"
        for row in codelists.rows("hospital_ethnic_categories")
    )
    year = f"({values.whole('birth_year')})"
    return f"""
        SELECT
            person_id,
            {values.date("date")} AS day,
            CASE upper({digit("sex")}) {sexes} END AS sex,
            coalesce({_month_of_birth()}, {_month(year, f"({values.whole('birth_month')})")}) AS born_month,
            coalesce(CASE WHEN {year} BETWEEN 1850 AND 9999 THEN make_date({year}, 7, 1) END, {_year_by_age()})
                AS born_year,
            CASE upper(ethnicity) {ethnic} END AS ethnicity,
            upper(ethnicity) = 'Z' AS unstated,
            {practice("upper(practice)")} AS practice_code,
            CASE WHEN regexp_matches(upper(lsoa21), {text(codes.LSOA)}) THEN upper(lsoa21) END AS lsoa21,
            coalesce(upper({digit("sex")}) NOT IN {texts((*SEX, *NO_SEX))}, false) AS strange_sex,
            month_of_birth IS NOT NULL AND ({_month_of_birth()}) IS NULL AS strange_birth,
            lsoa21 IS NULL AND other_lsoa IS NOT NULL AS other_lsoa,
            practice IS NOT NULL AND ({practice("upper(practice)")}) IS NULL AS no_practice
        FROM (SELECT {", ".join(cells)} FROM {relation})
    """


def _month(year: str, month: str) -> str:
    """Day 15 of a month, in SQL; null where there is no such month."""
    return (
        f"CASE WHEN {year} BETWEEN 1850 AND 9999 AND {month} BETWEEN 1 AND 12 THEN make_date({year}, {month}, 15) END"
    )


def _month_of_birth() -> str:
    """Day 15 of the month that is written MMYYYY, in SQL; a spreadsheet takes away a leading zero."""
    padded = "lpad(month_of_birth, 6, '0')"
    parsed = _month(f"TRY_CAST({padded}[3:6] AS INTEGER)", f"TRY_CAST({padded}[1:2] AS INTEGER)")
    return f"CASE WHEN regexp_full_match(month_of_birth, '[0-9]{{5,6}}') THEN {parsed} END"


def _year_by_age() -> str:
    """1 July of the year in which someone of an age was most likely born, in SQL."""
    age, day = f"({values.whole('age')})", f"({values.date('date')})"
    born = (
        f"CASE WHEN {age} BETWEEN {NEWBORN} AND {YOUNGEST} THEN {day} "
        f"WHEN {age} BETWEEN {YOUNGEST + 1} AND {INFANT} THEN {day} - INTERVAL 6 MONTH "
        f"WHEN {age} BETWEEN 0 AND {OLDEST} THEN {day} - to_months(CAST(12 * {age} + 6 AS INTEGER)) END"
    )
    return f"make_date(year({born}), 7, 1)"


def _count(records: Records, rows: str, people: str) -> None:
    of_2011, no_practice, strange_sex, strange_birth = records.space.row(
        "SELECT count(DISTINCT person_id) FILTER (other_lsoa), count(*) FILTER (no_practice), "
        f"count(*) FILTER (strange_sex), count(*) FILTER (strange_birth) FROM {rows}"
    )
    sexes, births, by_year = records.space.row(
        f"""
        SELECT count(*) FILTER (sex_differs), count(*) FILTER (born_month_differs),
            count(*) FILTER (born_month IS NULL AND born_year IS NOT NULL) FROM {people}
        """
    )
    add = records.findings.add
    add("persons.sex", "people with records of different sex; the latest is used", sexes, "changed")
    add("persons.birth_date", "people with records of different birth; the latest is used", births, "changed")
    add("persons.sex", "records of a sex that is no code known here", strange_sex, "set to missing")
    add("persons.birth_date", "records of a month of birth that cannot be read", strange_birth, "set to missing")
    what = "people of whose birth only the year is known, or was reckoned from their age"
    add("persons.birth_date", what, by_year, "noted")
    add("persons.lsoa21", "people with an LSOA of 2011 or 2001, which is not used", of_2011, "set to missing")
    add("persons.practice_code", "records whose practice is no practice, or not known", no_practice, "set to missing")
