"""Coded events of general practice, one row an event: read by a layout, which is a mapping file for long tables.

Layouts of some suppliers and programmes are shipped in ``layouts/``. They were written from published descriptions,
and none was tried on a real delivery; a mapping file of the user's own takes the place of any of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest, problem
from pcn_analysis.extracts import mapping_sql
from pcn_analysis.extracts.feeds import Extract, Feed
from pcn_analysis.extracts.mapping import absent, parse
from pcn_analysis.extracts.workspace import name
from pcn_analysis.words import listed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from pcn_analysis.extracts.delivery import Delivery
    from pcn_analysis.extracts.mapping import Join, Mapping, TableMap
    from pcn_analysis.extracts.mapping_sources import Source, Sources
    from pcn_analysis.extracts.text_files import Raw

LAYOUTS = ("emis_im1", "olids", "gdppr", "opensafely_tpp")
"""Layouts that are shipped, in the order in which they are tried."""


@cache
def layouts() -> tuple[Mapping, ...]:
    """Layouts that are shipped.

    Examples
    --------
    >>> [layout.title for layout in layouts()]
    ['GP extract (EMIS IM1)', 'GP extract (OLIDS)', 'GP extract (GDPPR)', 'GP extract (OpenSAFELY-TPP)']
    """
    folder = files("pcn_analysis").joinpath("extracts/layouts")
    return tuple(parse(folder.joinpath(f"{one}.yaml").read_text(encoding="utf-8"), f"{one}.yaml") for one in LAYOUTS)


def read(delivery: Delivery, layout: Mapping | None = None, extract_date: dt.date | None = None) -> Extract:
    """Read coded events.

    Parameters
    ----------
    delivery
        The files of the extract.
    layout
        What they are; None finds the layout by the names of files and columns.
    extract_date
        The day that the extract was taken, where the layout does not say so.

    Returns
    -------
    Extract
        A feed for each table and file that the layout maps. A record in a file that several tables are filled from
        is a row of each: an observation with a code and a number is one of ``conditions`` and one of
        ``measurements``, and codelists say what the code stands for.

    Raises
    ------
    PcnAnalysisError
        If the files are of no layout, or files or columns are missing.
    """
    chosen = _Reading(delivery, layout) if layout else _recognised(delivery)
    if problems := chosen.problems():
        raise PcnAnalysisError(*problems)
    mapping = chosen.layout
    day = extract_date or mapping.extract_date
    feeds = tuple(feed for table in mapping.tables for feed in chosen.feeds(table, day))
    chosen.note_what_is_not_there()
    return Extract("gp_extract", delivery.name, mapping.title, feeds, True, True, extract_date=day)


def _recognised(delivery: Delivery) -> _Reading:
    """The layout that a delivery has: by the names of its files first, as reading takes time."""
    tried = [_Reading(delivery, layout) for layout in layouts()]
    sound = [one for one in tried if not one.missing_files()]
    whole = [one for one in sound if not one.problems()]
    if len(whole) == 1:
        return whole[0]
    known = listed([one.layout.title for one in tried])
    if whole:
        what = f"could be of several layouts: {listed([one.layout.title for one in whole])}"
        raise problem(delivery.name, what, "Give the layout.")
    closest = min(sound or tried, key=lambda one: len(one.problems() if sound else one.missing_files()))
    lacking = closest.problems() if sound else closest.missing_files()
    what = f"is of no layout that is known ({known}); the nearest is {closest.layout.title}, which misses:"
    remedy = "Deliver what is missing, or write a mapping file (docs/mapping.md) and give it with --layout."
    raise PcnAnalysisError(Problem(delivery.name, what.rstrip(":"), remedy), *lacking)


@dataclass
class _Reading:
    """A delivery being read by a layout; every file is read once, with all columns that any table needs of it."""

    delivery: Delivery
    layout: Mapping
    _raws: dict[str, Raw] = field(default_factory=dict)

    def missing_files(self) -> list[Problem]:
        """Files that the layout needs and the delivery does not hold."""
        return [
            Problem(f"{self.layout.name}, {at}", f"no file fits {' or '.join(patterns)}",
                    nearest(patterns[0].strip("*"), self.delivery.files))
            for at, patterns, is_needed in self._patterns()
            if is_needed and not self.delivery.matching(*patterns)
        ]  # fmt: skip

    def problems(self) -> list[Problem]:
        """Everything that the layout needs and the delivery does not hold."""
        if not self.layout.tables:
            remedy = "Give a mapping file with tables."
            return [Problem(self.layout.name, "maps one row a patient, not long tables", remedy)]
        if missing := self.missing_files():
            return missing
        found: dict[Problem, None] = {}
        for table in self.layout.tables:
            for file in self.delivery.matching(*table.files):
                raw, mine = self._raw(file), self._own(table)
                found |= dict.fromkeys(absent(self.layout.name, mine, raw))
            for join in table.joins:
                for file in self.delivery.matching(*join.files):
                    found |= dict.fromkeys(absent(self.layout.name, self._joined(table, join), self._raw(file)))
        return list(found)

    def note_what_is_not_there(self) -> None:
        """Note columns that may be missing, and are."""
        for file, raw in self._raws.items():
            if absent := sorted(self._wanted(file) - set(raw.header)):
                what = f"no column {', '.join(absent)}: missing in every row"
                self.delivery.findings.add(raw.name, what, raw.rows, "noted")

    def feeds(self, table: TableMap, day: dt.date | None) -> Iterator[Feed]:
        """A feed for each file of a table."""
        for file in self.delivery.matching(*table.files):
            raw = self._raw(file)
            there = {*raw.header, *(one for join in table.joins for one in self._columns_of(table, join))}
            present = replace(
                table,
                columns=_present(table.columns, there),
                withheld=_present(table.withheld, there),
                opted_out=_present(table.opted_out, there),
            )
            yield Feed(table.table, mapping_sql.select(present, self._relation(table, raw), on=day), raw.name)

    def _patterns(self) -> Iterator[tuple[str, tuple[str, ...], bool]]:
        for table in self.layout.tables:
            yield table.at, table.files, not table.optional
            for join in table.joins:
                yield f"{table.at}.join.{join.alias}", join.files, not table.optional

    def _raw(self, file: str) -> Raw:
        if file not in self._raws:
            self._raws[file] = self.delivery.read(file, self._wanted(file))
        return self._raws[file]

    def _wanted(self, file: str) -> set[str]:
        """Columns that any table needs of a file."""
        wanted: set[str] = set()
        for table in self.layout.tables:
            if file in self.delivery.matching(*table.files):
                wanted |= set(self._own(table))
            for join in table.joins:
                if file in self.delivery.matching(*join.files):
                    wanted |= set(self._joined(table, join))
        return wanted

    def _own(self, table: TableMap) -> dict[str, tuple[str, bool]]:
        """Columns that a table needs of its own file."""
        aliases = tuple(f"{join.alias}." for join in table.joins)
        return {column: how for column, how in table.references().items() if not column.startswith(aliases or "\0")}

    def _joined(self, table: TableMap, join: Join) -> dict[str, tuple[str, bool]]:
        """Columns that a table needs of a file beside it, by their names there."""
        before = f"{join.alias}."
        named = {
            column.removeprefix(before): how
            for column, how in table.references().items()
            if column.startswith(before)
        }  # fmt: skip
        return named | dict.fromkeys(join.on.values(), (f"{table.at}.join.{join.alias}.on", True))

    def _columns_of(self, table: TableMap, join: Join) -> set[str]:
        """Columns of a file beside a table that are there, as the table names them."""
        headers = [set(self._raw(file).header) for file in self.delivery.matching(*join.files)]
        return {
            f"{join.alias}.{column}" for column in self._joined(table, join) if any(column in one for one in headers)
        }

    def _relation(self, table: TableMap, raw: Raw) -> str:
        """Rows of a file, with the columns of the files beside it under their names."""
        relation = raw.relation
        for join in table.joins:
            beside = self._dictionary(table, join)
            on = " AND ".join(f"mine.{name(mine)} = beside.{name(f'on {mine}')}" for mine in join.on)
            keys = ", ".join(name(f"on {mine}") for mine in join.on)
            cells = f"SELECT mine.*, beside.* EXCLUDE ({keys})"
            relation = f"({cells} FROM {relation} AS mine LEFT JOIN {beside} AS beside ON {on})"
        return relation

    def _dictionary(self, table: TableMap, join: Join) -> str:
        """A file beside a table, one row a key: what a key has twice, and differently, is missing."""
        there = sorted(self._columns_of(table, join))
        keys = ", ".join(f"{name(theirs)} AS {name(f'on {mine}')}" for mine, theirs in join.on.items())
        cells = "".join(f", {name(one.partition('.')[2])} AS {name(one)}" for one in there)
        raws = [self._raw(file) for file in self.delivery.matching(*join.files)]
        rows = " UNION ALL ".join(f"SELECT {keys}{cells} FROM {raw.relation}" for raw in raws)
        by = ", ".join(name(f"on {mine}") for mine in join.on)
        ends = {name(one): (f"min({name(one)})", f"max({name(one)})") for one in there}
        once = "".join(f", CASE WHEN {low} = {high} THEN {low} END AS {one}" for one, (low, high) in ends.items())
        differs = " OR ".join(f"{low} <> {high}" for low, high in ends.values()) or "false"
        space = self.delivery.space
        relation = space.write(f"SELECT {by}{once}, {differs} AS _differs FROM ({rows}) GROUP BY {by}", join.alias)
        twice = space.row(f"SELECT count(*) FILTER (_differs) FROM {relation}")[0]
        what = "keys with several rows that differ; what differs is not used"
        self.delivery.findings.add(listed([raw.name for raw in raws]), what, twice, "set to missing")
        return f"(SELECT * EXCLUDE (_differs) FROM {relation})"


def _present(sources: Sources, there: set[str]) -> Sources:
    """Sources whose columns are there; part of a date may be missing where it may be."""
    return {key: source for key, source in sources.items() if _is_there(source, there)}


def _is_there(source: Source, there: set[str]) -> bool:
    return all(column in there for column in source.columns())
