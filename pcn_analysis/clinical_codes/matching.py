"""What recorded codes stand for, by lists.

A code of ICD-10 in a list stands for every code that begins with it: ``I48`` for ``I480``. In all other systems a code
stands for itself alone. Within a list the longest entry decides, so that ``G45`` included and ``G454`` excluded takes
all of G45 but G45.4. Lists add up: what one list excludes another may include.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.clinical_codes.contract import Codelist, StandsFor, examples
from pcn_analysis.clinical_codes.systems import SYSTEMS, normalised
from pcn_analysis.exceptions import Problem
from pcn_analysis.words import listed, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAP_COLUMNS = ("codelist_id", "code_system", "code", "length", "include", "stands_for_kind", "stands_for")
_SINGLE = {"bnf": "BNF codes", "measurement": "measurements", "event": "outcomes of one event"}
"""Kinds of which a code stands for one thing, and what two would be."""
MEANING_COLUMNS = ("code_system", "code", "stands_for_kind", "stands_for")


def code_map(codelists: Sequence[Codelist]) -> pd.DataFrame:
    """Put the codes of all lists into one table.

    Parameters
    ----------
    codelists
        Checked lists.

    Returns
    -------
    DataFrame
        One row for each code of each list, in the order of the lists: codelist_id, code_system, code (normalised),
        length (of the code), include, stands_for_kind, and stands_for (slug, or BNF code). Excluded codes are there
        only where they can matter: in systems matched by prefix. To join by hand, normalise the record's code; take
        the rows of its system whose code is its first ``length`` characters (elsewhere: is the code); of each list
        keep the longest; then keep those that include. :func:`meanings` does so.

    Examples
    --------
    >>> from pcn_analysis.clinical_codes.folder import shipped
    >>> whole = code_map(shipped())
    >>> whole[whole["stands_for"] == "tia"][["code", "length", "include"]].values.tolist()
    [['G45', 3, True], ['G454', 4, False]]
    """
    parts = [_rows(codelist) for codelist in codelists]
    if not parts:
        return pd.DataFrame(columns=MAP_COLUMNS, dtype="str").astype({"length": "int64", "include": "bool"})
    return pd.concat(parts, ignore_index=True)


def meanings(recorded: pd.DataFrame, mapping: pd.DataFrame) -> pd.DataFrame:
    """Say what each distinct recorded code stands for; the one place where lists are matched.

    Records are joined to the answer by code_system and code as they stand. One code may stand for several things, and
    a record is then of each.

    Parameters
    ----------
    recorded
        code_system and code, as recorded; repeated rows do no harm, but distinct ones are meant: there are few of
        them, and no more persons' records than that are needed here.
    mapping
        From :func:`code_map`.

    Returns
    -------
    DataFrame
        One row for each code and thing that it stands for: code_system, code (as recorded), stands_for_kind,
        stands_for. A code in no list has no row.

    Examples
    --------
    >>> from pcn_analysis.clinical_codes.folder import shipped
    >>> codes = pd.DataFrame({"code_system": "icd10", "code": ["G45.9", "G454", "I48X", "Q99"]})
    >>> meanings(codes, code_map(shipped()))[["code", "stands_for"]].values.tolist()
    [['G45.9', 'tia'], ['I48X', 'atrial_fibrillation']]
    """
    distinct = recorded[["code_system", "code"]].dropna().drop_duplicates()
    hits = []
    for system in sorted(set(distinct["code_system"]) & set(mapping["code_system"])):
        codes = distinct[distinct["code_system"] == system]
        codes = codes.assign(key=normalised(codes["code"], system))
        entries = (
            mapping[mapping["code_system"] == system].drop(columns=["code_system"]).rename(columns={"code": "key"})
        )
        if SYSTEMS[system].by_prefix:
            lengths = sorted(entries["length"].unique())
            codes = pd.concat([codes.assign(key=codes["key"].str.slice(0, length)) for length in lengths])
            codes = codes.drop_duplicates()
        hits.append(codes.merge(entries, on="key"))
    if not hits:
        return pd.DataFrame(columns=MEANING_COLUMNS, dtype="str")
    found = pd.concat(hits, ignore_index=True).sort_values("length", kind="stable")
    decided = found.drop_duplicates(["codelist_id", "code_system", "code", "stands_for"], keep="last")
    included = decided[decided["include"]].drop_duplicates(list(MEANING_COLUMNS))
    return included[list(MEANING_COLUMNS)].sort_values(list(MEANING_COLUMNS), ignore_index=True)


def check_against(codelists: Sequence[Codelist], systems_present: Mapping[str, int]) -> list[Problem]:
    """List the lists that can match nothing, because no record is coded in their system.

    It is for lists that a user brings; those that are shipped are used where they fit.

    Parameters
    ----------
    codelists
        Lists.
    systems_present
        Number of coded records by system, of all tables of records together.

    Examples
    --------
    >>> from pcn_analysis.clinical_codes.folder import shipped
    >>> print(check_against(shipped()[:1], {"snomed": 12345})[0])
    icd10_conditions.csv, list icd10-hypertension: of icd10; the records hold snomed (12,345 codes). Bring the list in a
    system that the records are coded in, or take it out of the manifest.
    """
    held = [f"{name} ({number(many, 'code')})" for name, many in systems_present.items() if many]
    what = f"the records hold {listed(held)}" if held else "the records hold no codes"
    return [
        Problem(
            f"{codelist.where}, list {codelist.codelist_id}",
            f"of {codelist.code_system}; {what}",
            "Bring the list in a system that the records are coded in, or take it out of the manifest.",
        )
        for codelist in codelists
        if not systems_present.get(codelist.code_system)
    ]


def conflicts(codelists: Sequence[Codelist]) -> list[Problem]:
    """List codes that lists give two BNF codes, two measurements or two outcomes of an event: no record can be both.

    Conditions and events are let be: a code may stand for several.
    """
    mapping = code_map(codelists)
    single = mapping[mapping["include"] & mapping["stands_for_kind"].isin(_SINGLE)]
    is_event = single["stands_for_kind"] == "event"
    single = single.assign(event=single["stands_for"].str.replace(":.*", "", regex=True).where(is_event, ""))
    found = []
    for (kind, system, _), rows in single.groupby(["stands_for_kind", "code_system", "event"]):
        several = rows.groupby("code")["stands_for"].nunique()
        wrong = rows[rows["code"].isin(several.index[several > 1])]
        if not wrong.empty:
            where = f"lists {listed(sorted(wrong['codelist_id'].unique()))}"
            what = f"give one code of {system} two {_SINGLE[kind]} ({examples(wrong['code'])})"
            found.append(Problem(where, what, "Keep it in one list."))
    return found


def _rows(codelist: Codelist) -> pd.DataFrame:
    """Codes of one list as rows of the map."""
    rows = codelist.codes.assign(code=normalised(codelist.codes["code"], codelist.code_system))
    rows = rows.drop_duplicates("code")
    if not SYSTEMS[codelist.code_system].by_prefix:
        rows = rows[rows["include"]]
    meant = codelist.stands_for
    return pd.DataFrame(
        {
            "codelist_id": codelist.codelist_id,
            "code_system": codelist.code_system,
            "code": rows["code"],
            "length": rows["code"].str.len().astype("int64"),
            "include": rows["include"].astype(bool),
            "stands_for_kind": meant.kind,
            "stands_for": rows["bnf_code"] if meant == StandsFor("bnf") else meant.name,
        }
    )
