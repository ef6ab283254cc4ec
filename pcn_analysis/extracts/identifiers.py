"""The door: no table that says who people are comes further than this, unless there is a key.

Columns are judged by their names and by their values. A column that is named like an identifier is refused once it
holds one; so is a column of any name whose values are NHS numbers, postcodes or e-mail addresses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stdnum.gb import nhs

from pcn_analysis.exceptions import PcnAnalysisError, Problem, problem
from pcn_analysis.extracts.identifier_kinds import (
    ADDRESSES,
    EMAIL,
    EMAILS,
    HAS_TEN_DIGITS,
    IS_POSTCODE,
    NAMES,
    NHS_NUMBERS,
    NOT_READ,
    OWN_WORDS,
    POSTCODE,
    POSTCODES,
    Kind,
    kind_of,
    of_others,
)
from pcn_analysis.extracts.workspace import name
from pcn_analysis.words import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pcn_analysis.extracts.findings import Findings
    from pcn_analysis.extracts.pseudonyms import Key
    from pcn_analysis.extracts.text_files import Raw
    from pcn_analysis.extracts.workspace import Workspace

SAMPLE = 20_000
"""So many filled cells of a column, drawn from all its rows, are looked at for what their values are."""
FEW, FEWEST = 20, 4
"""Fewer different ten-digit values than ``FEW`` are NHS numbers only if all of them are valid; fewer than
``FEWEST`` only if they are most of the column as well, as one random number in 11 is valid."""
SHARE = 0.1
"""From this share of a column's different values on, postcodes are no coincidence."""
NOBODY = frozenset(str(digit) * 10 for digit in range(10)) | {"9000219621"}
"""Numbers that stand for no NHS number; those of one digit pass the check, the last marks invalid patients in SUS."""
PEOPLE_LOOKED_AT = 100_000
"""So many rows, all of the same people, are looked at for words that people have for themselves."""
MOST_WORDS = 500
"""No list of words to choose from (ethnic categories, languages, units) is longer."""
_IDENTIFIERS = ("person_id", "visit_id")
"""Columns that may hold what only one person has."""
_LAID_OUT = re.compile(r"([0-9]{3})[\s-]?([0-9]{3})[\s-]?([0-9]{4})(\.0+)?")
_GAP = r"\s\p{Z}\x0b\x1c-\x1f\x{85}"


def plain(identifier: str) -> str:
    """An identifier without spaces around it; one laid out like an NHS number as its ten digits.

    Examples
    --------
    >>> plain("943 476 5919"), plain(" 943-476-5919"), plain("P-0042")
    ('9434765919', '9434765919', 'P-0042')
    """
    found = _LAID_OUT.fullmatch(identifier.strip())
    return "".join(found.groups()[:3]) if found else identifier.strip()


def plain_in_sql(cell: str) -> str:
    """The same of an identifier that is trimmed, in SQL.

    Examples
    --------
    >>> import duckdb
    >>> duckdb.execute(f"SELECT {plain_in_sql('?::VARCHAR')}", ["943 476-5919"]).fetchall()
    [('9434765919',)]
    """
    laid_out = f"^([0-9]{{3}})[{_GAP}-]?([0-9]{{3}})[{_GAP}-]?([0-9]{{4}})(\\.0+)?$"
    return f"regexp_replace({cell}, '{laid_out}', '\\1\\2\\3')"


def is_nhs_number(identifier: str) -> bool:
    """Whether a plain identifier is an NHS number: ten digits, the right check digit, and none of ``NOBODY``.

    Examples
    --------
    >>> is_nhs_number("9434765919"), is_nhs_number("9434765918"), is_nhs_number("1111111111")
    (True, False, False)
    """
    return identifier not in NOBODY and bool(nhs.is_valid(identifier))


def cut_to_month(persons: str) -> str:
    """SQL of ``persons`` with no date of birth given to the day: the 15th of the month, and said to be so.

    Parameters
    ----------
    persons
        A relation with ``birth_date``, a date, and ``birth_precision``. Of whom only the year is known, it stays; a
        missing date stays missing.
    """
    middle = "CAST(date_trunc('month', birth_date) AS DATE) + 14"
    known = "birth_date IS NOT NULL AND birth_precision IS DISTINCT FROM 'year'"
    return (
        f"SELECT * REPLACE (CASE WHEN {known} THEN {middle} ELSE birth_date END AS birth_date, "
        f"CASE WHEN {known} THEN 'month' ELSE birth_precision END AS birth_precision) FROM {persons}"
    )


@dataclass(frozen=True)
class Held:
    """A column that holds identifiers.

    Parameters
    ----------
    file, column
        Which.
    kind
        Of which kind they are.
    rows
        In how many rows.
    """

    file: str
    column: str
    kind: Kind
    rows: int

    def problem(self, remedy: str = "") -> Problem:
        """What is wrong with it, without a key."""
        what = f"holds {number(self.rows, self.kind.one, self.kind.many)}"
        return Problem(f"{self.file}, {self.column}", what, remedy or self.kind.remedy)


@dataclass
class Door:
    """What every table is shown to before anything else reads it.

    Parameters
    ----------
    key
        With one nothing is refused: people become pseudonyms, dates of birth are cut to the month, and the rest is
        not read. Without one every column that holds identifiers is a problem.
    findings
        With a key, told at the :meth:`check` what becomes of every column that holds identifiers.
    allowed
        Folded names of columns that may be named like identifiers, because whoever reads the table never reads
        them: the day of birth of an OMOP person. What their values are is looked at all the same.
    held
        What was found, by file and column.
    """

    key: Key | None = None
    findings: Findings | None = None
    allowed: frozenset[str] = frozenset()
    held: dict[tuple[str, str], Held] = field(default_factory=dict)

    @property
    def has_key(self) -> bool:
        """Whether people become pseudonyms."""
        return self.key is not None

    @property
    def problems(self) -> list[Problem]:
        """What must be put right first; with a key, nothing."""
        return [] if self.has_key else [one.problem() for one in self.held.values()]

    def allow(self, *columns: str) -> None:
        """Allow the columns that an adapter never reads, and no others, in what is examined from now on."""
        self.allowed = frozenset(columns)

    def is_named(self, column: str) -> bool:
        """Whether a folded name says that a column holds identifiers."""
        return column not in self.allowed and kind_of(column) is not None

    def examine(self, space: Workspace, raw: Raw) -> None:
        """Look through the columns of a table that were read, and keep in mind those that hold identifiers.

        Raises
        ------
        PcnAnalysisError
            If the first line is a record: what passes for names of columns must not be shown.
        """
        _check_header(raw)
        by_name = list(self._by_name(space, raw))
        rest = [column for column in raw.columns if column not in {column for column, _, _ in by_name}]
        for column, kind, rows in [*by_name, *_by_value(space, raw.relation, rest)]:
            self.held[raw.name, column] = Held(raw.name, column, kind, rows)

    def _by_name(self, space: Workspace, raw: Raw) -> Iterator[tuple[str, Kind, int]]:
        """Columns that hold what their names say."""
        kinds = {column: kind_of(column) for column in raw.columns if column not in self.allowed}
        if NAMES in kinds.values() and "title" in kinds:
            kinds["title"] = NAMES
        for column, kind in kinds.items():
            if kind and (rows := _rows(space, raw.relation, column, kind.holds)):
                yield column, kind, rows

    def check(self) -> None:
        """Refuse what was examined, if it holds identifiers and there is no key; with one, note what becomes of it.

        Raises
        ------
        PcnAnalysisError
            With every column: its file and name, what it holds and how many; never a value.
        """
        if self.problems:
            raise PcnAnalysisError(*self.problems)
        if self.findings is None:
            return
        for one in self.held.values():
            action = "noted" if one.kind.becomes == NOT_READ else "changed"
            self.findings.add(f"{one.file}, {one.column}", f"{one.kind.many}, {one.kind.becomes}", one.rows, action)


def check_made(space: Workspace, table: str, relation: str, columns: Iterable[str], *, of_people: bool = True) -> None:
    """Refuse a table that was made, if what was read into it are identifiers all the same.

    Parameters
    ----------
    space, table, relation
        The workspace, the name of the table and how to read it in SQL.
    columns
        Its columns of text.
    of_people
        Whether its rows are of people; names of care homes are each of one home.

    Raises
    ------
    PcnAnalysisError
        With the columns that hold NHS numbers, postcodes, addresses or e-mail addresses, or words that nearly everyone
        has for themselves, as names are.
    """
    columns = list(columns)
    found = {one.column: one for one in (Held(table, *told) for told in _by_value(space, relation, columns))}
    for column in columns if of_people else ():
        if column not in (*_IDENTIFIERS, *found) and (told := _of_one_person(space, relation, column)):
            found[column] = Held(table, column, *told)
    if found:
        raise PcnAnalysisError(*(one.problem("Read another column into it.") for one in found.values()))


def _check_header(raw: Raw) -> None:
    """Refuse a table without a header: its first record would be told as names of columns."""
    cells = [one.replace("_", " ") for one in raw.header]
    someone = any(is_nhs_number(plain(one)) or re.fullmatch(EMAIL, one) for one in cells)
    postcode = any(re.fullmatch(POSTCODE, one.upper()) for one in cells)
    dated = any(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}", one) for one in cells)
    if someone or (postcode and dated):
        raise problem(raw.name, "its first line is a record, and no header", "Give it with names of columns.")


def _rows(space: Workspace, relation: str, column: str, condition: str) -> int:
    """In how many rows the value of a column meets a condition; each different value is tried once."""
    filled = f"FROM {relation} WHERE {name(column)} IS NOT NULL"
    each = f"SELECT {name(column)} AS value, count(*) AS rows {filled} GROUP BY {name(column)}"
    return int(space.row(f"SELECT coalesce(sum(rows) FILTER ({condition}), 0) FROM ({each})")[0])


def _by_value(space: Workspace, relation: str, columns: Iterable[str]) -> Iterator[tuple[str, Kind, int]]:
    """Columns whose values are identifiers, whatever they are called."""
    for column in columns:
        filled = f"SELECT {name(column)} AS value FROM {relation} WHERE {name(column)} IS NOT NULL"
        sample = f"SELECT * FROM ({filled}) USING SAMPLE reservoir({SAMPLE} ROWS) REPEATABLE (1)"
        different, emails, postcodes, ten_digits = space.row(
            f"SELECT count(*), count(*) FILTER ({EMAILS.holds}), count(*) FILTER ({IS_POSTCODE}), "
            f"list(value) FILTER ({HAS_TEN_DIGITS}) FROM (SELECT DISTINCT value FROM ({sample}))"
        )
        if _are_nhs_numbers(ten_digits or [], different):
            yield column, NHS_NUMBERS, _rows(space, relation, column, HAS_TEN_DIGITS)
        elif of_others(column):
            continue
        elif emails:
            yield column, EMAILS, _rows(space, relation, column, EMAILS.holds)
        elif 2 * postcodes > different or (different >= FEW and postcodes >= SHARE * different):
            yield column, POSTCODES, _rows(space, relation, column, IS_POSTCODE)


def _of_one_person(space: Workspace, relation: str, column: str) -> tuple[Kind, int] | None:
    """Whether the words of a column are addresses, or each of one person: of which kind, and how many rows.

    People are drawn with all their rows. Names are known by this alone: hardly anyone has two, and hardly two people
    have the same, or more are different than any list of words holds. Of fewer people than ``FEW`` nobody can tell.
    """
    said = f"SELECT person_id, {name(column)} AS value FROM {relation} WHERE {name(column)} IS NOT NULL"
    drawn = (
        f"SELECT person_id, value FROM ({said}) WHERE {OWN_WORDS.holds} AND hash(person_id) % "
        f"(SELECT 1 + count(*) // {PEOPLE_LOOKED_AT} FROM {relation}) = 0"
    )
    pairs, people, different, addresses = space.row(
        "SELECT count(*), count(DISTINCT person_id), count(DISTINCT value), "
        f"count(DISTINCT value) FILTER ({ADDRESSES.holds}) FROM (SELECT DISTINCT person_id, value FROM ({drawn}))"
    )
    if 2 * addresses > different or (different >= FEW and addresses >= SHARE * different):
        return ADDRESSES, _rows(space, relation, column, ADDRESSES.holds)
    theirs = people >= FEW and pairs <= (1 + SHARE) * people
    if theirs and (2 * different > people or different > MOST_WORDS):
        return OWN_WORDS, _rows(space, relation, column, OWN_WORDS.holds)
    return None


def _are_nhs_numbers(ten_digits: list[str], different: int) -> bool:
    """Whether more ten-digit values have the right check digit than chance would give."""
    distinct = {plain(one) for one in ten_digits}
    valid = sum(is_nhs_number(one) for one in distinct)
    if len(distinct) >= FEW:
        return 2 * valid > len(distinct)
    return 0 < valid == len(distinct) and (valid >= FEWEST or 2 * len(ten_digits) > different)
