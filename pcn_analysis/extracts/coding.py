"""What recorded codes stand for, by codelists. Each distinct code is looked up once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.clinical_codes.contract import demand
from pcn_analysis.clinical_codes.matching import check_against, code_map, meanings
from pcn_analysis.clinical_codes.systems import SYSTEMS, mangled, well_formed
from pcn_analysis.extracts.workspace import name, texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pcn_analysis.clinical_codes.contract import Codelist
    from pcn_analysis.extracts.findings import Findings
    from pcn_analysis.extracts.workspace import Workspace

CODED = {
    "conditions": ("condition", ("condition", "resolved")),
    "medications": ("bnf_code", ("bnf",)),
    "measurements": ("measurement", ("measurement",)),
    "care_events": ("event", ("event",)),
}
"""Tables whose rows have codes: the column to fill, and the kinds of list that fill it."""
ALSO = {"conditions": ("event",)}
"""Kinds of list that say something else of a table's codes: records of general practice hold events among the rest."""


@dataclass(frozen=True)
class Meanings:
    """What every recorded code stands for.

    Parameters
    ----------
    relation
        How to read it in SQL: table, code_system, code, kind, stands_for.
    codes
        One row a distinct code of a table: table, code_system, code, rows, mapped (its source or a list says what
        it stands for), well_formed (it has the form of its system), mangled (a spreadsheet has rounded it).
    """

    relation: str
    codes: pd.DataFrame

    def present(self) -> dict[str, int]:
        """Coded rows by code system."""
        return {str(system): int(rows) for system, rows in self.codes.groupby("code_system")["rows"].sum().items()}


def find_meanings(
    space: Workspace, records: Mapping[str, str], brought: Sequence[Codelist], shipped: Sequence[Codelist]
) -> Meanings:
    """Look up every distinct code.

    Parameters
    ----------
    space
        The workspace.
    records
        How to read the rows that stay, by table.
    brought
        The user's codelists. Each must be of a system that the records are coded in.
    shipped
        The package's own, used where they fit.

    Raises
    ------
    PcnAnalysisError
        If a list that the user brought can match nothing, because no record is coded in its system.
    """
    codes = pd.concat([_distinct(space, table, records.get(table)) for table in CODED], ignore_index=True)
    mapping = code_map([*brought, *shipped])
    found = meanings(codes, mapping).merge(codes[["table", "code_system", "code"]], on=["code_system", "code"])
    kinds = {table: (*kinds, *ALSO.get(table, ())) for table, (_, kinds) in CODED.items()}
    fits = [kind in kinds[table] for table, kind in zip(found["table"], found["stands_for_kind"], strict=True)]
    found = found[pd.Series(fits, index=found.index, dtype=bool)].rename(columns={"stands_for_kind": "kind"})
    key = ["table", "code_system", "code"]
    codes["mapped"] = codes.pop("named") | codes.set_index(key).index.isin(found.set_index(key).index)
    codes["mapped"] |= (codes["table"] == "medications") & (codes["code_system"] == "bnf")
    codes["mangled"] = mangled(codes["code"])
    codes["well_formed"] = False
    for system, of_system in codes.groupby("code_system"):
        if system in SYSTEMS:
            codes.loc[of_system.index, "well_formed"] = well_formed(of_system["code"], str(system))
    result = Meanings(space.small(found[[*key, "kind", "stands_for"]].astype("str"), "meanings"), codes)
    demand(check_against(brought, result.present()))
    return result


def coded(space: Workspace, table: str, relation: str, found: Meanings, findings: Findings) -> str:
    """Fill what the codes of a table stand for, where its source did not say so itself.

    A code that stands for several things makes a row of each. A code that says of a condition that it is resolved makes
    the status so, of a condition that the source named too; one that says what became of an event makes the outcome so,
    where the source gives none. A record whose code a spreadsheet has rounded is left out: nobody can say what it was.

    Parameters
    ----------
    space
        The workspace.
    table
        One of ``CODED``.
    relation
        How to read its rows.
    found
        What codes stand for.
    findings
        Takes the counts.
    """
    codes = found.codes[found.codes["table"] == table]
    mangled_rows = codes.loc[codes["mangled"], "rows"].sum()
    unknown = codes.loc[~codes["mapped"] & ~codes["mangled"], "rows"].sum()
    findings.add(f"{table}.code", "a code that a spreadsheet has rounded", mangled_rows, "left out")
    findings.add(f"{table}.code", f"in no codelist, so that its {CODED[table][0]} is not known", unknown, "noted")
    target, kinds = name(CODED[table][0]), CODED[table][1]
    meant = "split_part(meaning.stands_for, ':', 1)" if table == "care_events" else "meaning.stands_for"
    given = f"coalesce(records.{target}, {meant})"
    if table == "medications":
        given = f"CASE WHEN records.code_system = 'bnf' THEN coalesce(records.{target}, records.code) ELSE {given} END"
    filled = f"{given} AS {target}"
    if table == "conditions":
        filled += ", CASE WHEN meaning.kind = 'resolved' THEN 'resolved' ELSE records.status END AS status"
    if table == "care_events":
        filled += ", coalesce(records.outcome, split_part(meaning.stands_for, ':', 2)) AS outcome"
    rounded = space.small(codes.loc[codes["mangled"], ["code_system", "code"]].astype("str"), "rounded")
    return space.write(
        f"SELECT records.* REPLACE ({filled}) FROM {relation} AS records "
        f"LEFT JOIN (SELECT * FROM {found.relation} WHERE \"table\" = '{table}' AND kind IN {texts(kinds)}) AS meaning "
        "ON records.code_system = meaning.code_system AND records.code = meaning.code "
        f"AND (records.{target} IS NULL OR (meaning.kind IN ('resolved', 'event') AND {meant} = records.{target})) "
        f"ANTI JOIN {rounded} AS rounded ON records.code = rounded.code "
        "AND records.code_system IS NOT DISTINCT FROM rounded.code_system",
        f"{table}_coded",
    )


def covered(present: Mapping[str, int], lists: Sequence[Codelist]) -> set[str]:
    """Conditions that a codelist covers in a system that records are coded in.

    Parameters
    ----------
    present
        Rows by code system, of the extracts that list every condition.
    lists
        Codelists.
    """
    return {one.stands_for.name for one in lists if one.stands_for.kind == "condition" and present.get(one.code_system)}


def _distinct(space: Workspace, table: str, relation: str | None) -> pd.DataFrame:
    """Distinct codes of a table, with how many rows have each, and whether the source says what it stands for."""
    named = f"bool_or({name(CODED[table][0])} IS NOT NULL)"
    rows = relation and space.rows(
        f"SELECT code_system, code, count(*), {named} FROM {relation} WHERE code IS NOT NULL "
        "GROUP BY code_system, code ORDER BY code_system, code"
    )
    frame = pd.DataFrame(rows or [], columns=["code_system", "code", "rows", "named"])
    return frame.astype({"code_system": "str", "code": "str", "rows": "int64", "named": "bool"}).assign(table=table)
