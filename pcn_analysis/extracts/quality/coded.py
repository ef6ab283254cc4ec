"""Which codes the records hold, which of them nothing is known of, and the codelists that a user brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis.clinical_codes.suspicion import suspicious_members
from pcn_analysis.clinical_codes.systems import SYSTEMS

if TYPE_CHECKING:
    import pandas as pd

    from pcn_analysis.extracts.incoming import Incoming

SHOWN = 50
"""So many codes that are in no codelist are named."""
FEWEST_ROWS = 5
"""A code of fewer rows is not named: it can be a slip of the keyboard, of one person."""
NAMED = ("snomed", "dmd", "icd10", "ctv3", "read2", "bnf", "rxnorm")
"""Systems whose codes may be named; what stands where a local code or a text should can be anything."""
OTHER = "another system"


@dataclass(frozen=True)
class System:
    """Codes of one system in one table.

    Parameters
    ----------
    table
        Name of the table.
    system
        What the system is called.
    codes, rows
        Distinct codes, and rows with one.
    mapped_codes, mapped_rows
        Those of which the source or a codelist says what they stand for.
    ill_formed, ill_formed_rows
        Distinct codes that do not have the form of their system, and their rows; None where the system has none.
    """

    table: str
    system: str
    codes: int
    rows: int
    mapped_codes: int
    mapped_rows: int
    ill_formed: int | None
    ill_formed_rows: int | None


@dataclass(frozen=True)
class Unmapped:
    """A code of the right form that no codelist holds."""

    table: str
    system: str
    code: str
    rows: int


@dataclass(frozen=True)
class Suspicious:
    """A member of a list that somebody should look at; code and term are None where it is about the whole list."""

    code: str | None
    term: str | None
    why: str


@dataclass(frozen=True)
class Brought:
    """A codelist that the user brought."""

    codelist: str
    version: str
    system: str
    stands_for: str
    codes: int
    review: str
    suspicious: tuple[Suspicious, ...]


def systems(incoming: Incoming) -> tuple[System, ...]:
    """Count codes by table and system, with all rows that were coded: those of practices elsewhere are among them."""
    codes = _codes(incoming)
    return tuple(
        _system(str(table), str(system), group)
        for (table, system), group in codes.groupby(["table", "system"], sort=False)
    )


def _system(table: str, system: str, codes: pd.DataFrame) -> System:
    mapped = codes[codes["mapped"]]
    has_form = codes["code_system"].isin(NAMED).all()
    ill = codes[~codes["well_formed"].astype(bool)]
    return System(
        table,
        system,
        len(codes),
        int(codes["rows"].sum()),
        len(mapped),
        int(mapped["rows"].sum()),
        len(ill) if has_form else None,
        int(ill["rows"].sum()) if has_form else None,
    )


def unmapped(incoming: Incoming) -> tuple[Unmapped, ...]:
    """Name the commonest codes that no codelist holds, most rows first.

    Only codes of a system in ``NAMED`` that have its form, and at least ``FEWEST_ROWS`` rows.
    """
    codes = _codes(incoming)
    shown = codes[
        codes["code_system"].isin(NAMED) & codes["well_formed"].astype(bool) & ~codes["mapped"] & ~codes["mangled"]
        & (codes["rows"] >= FEWEST_ROWS)
    ]  # fmt: skip
    shown = shown.sort_values(["rows", "table", "code"], ascending=[False, True, True]).head(SHOWN)
    return tuple(Unmapped(one.table, one.system, one.code, int(one.rows)) for one in shown.itertuples())


def _codes(incoming: Incoming) -> pd.DataFrame:
    """Distinct codes; one of the BNF says itself which medicine it is."""
    codes = incoming.meanings.codes
    titles = {name: system.title for name, system in SYSTEMS.items()}
    return codes.assign(
        system=codes["code_system"].map(titles).fillna(OTHER),
        mapped=codes["mapped"].astype(bool) | (codes["code_system"] == "bnf"),
        mangled=codes["mangled"].astype(bool),
    )


def brought(incoming: Incoming) -> tuple[Brought, ...]:
    """List the user's codelists, and the members that somebody should look at."""
    suspicions = suspicious_members(incoming.codelists)
    found: dict[str, list[Suspicious]] = {}
    for one in suspicions.astype(object).where(suspicions.notna(), None).itertuples():
        found.setdefault(one.codelist_id, []).append(Suspicious(one.code, one.term, one.why))
    return tuple(
        Brought(
            one.codelist_id,
            one.version,
            SYSTEMS[one.code_system].title,
            str(one.stands_for),
            int(one.codes["include"].sum()),
            one.review,
            tuple(found.get(one.codelist_id, ())),
        )
        for one in incoming.codelists
    )
