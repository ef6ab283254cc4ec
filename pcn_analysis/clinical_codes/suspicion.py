"""Members of lists that somebody should look at before the list is used.

Nothing here is an error: a pattern in a term proves nothing. It finds what a search for a word lets in, as
Wolff-Parkinson-White in a list of Parkinson's disease.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis.clinical_codes.matching import code_map, meanings
from pcn_analysis.codelists import names, rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcn_analysis.clinical_codes.contract import Codelist

COLUMNS = ("codelist_id", "code", "term", "why")
EVERY = "*"
"""In the list of look-alikes: a pattern for the lists of every condition."""
FEWEST, MOST = 3, 3_000
"""Codes below and above which a list of exact codes is thought to be cut short, or to hold more than it says."""
MOST_PREFIXES = 200
"""The same for a list matched by prefix. One prefix can be a whole condition, so that there is no fewest."""
EXCLUSIVE = (
    frozenset({"ckd", "ckd_1_2"}),
    frozenset({"diabetes", "non_diabetic_hyperglycaemia"}),
    frozenset({"crohns_disease", "ulcerative_colitis", "inflammatory_bowel_disease"}),
    frozenset({"schizophrenia", "bipolar_disorder", "other_psychosis", "depression"}),
    frozenset({"osteoarthritis", "rheumatoid_arthritis", "gout"}),
    frozenset({"blindness", "low_vision", "visual_impairment"}),
    frozenset({"stroke", "tia"}),
    frozenset({"asthma", "copd", "bronchiectasis"}),
    frozenset({"hypertension", "hypotension_syncope"}),
    frozenset({"parkinsons_disease", "tremor"}),
)
"""Conditions of which one code cannot mean two. A person can have several."""
_DESCRIPTION = r"[0-9]*[01]1[0-9]"
"""Identifiers of SNOMED CT whose last digit but one and two say that they name a term and not a concept."""


def suspicious_members(codelists: Sequence[Codelist]) -> pd.DataFrame:
    """List what somebody should look at in lists of codes.

    Terms are held against patterns: some for the lists of every condition (family history, screening, suspected, a
    test …), some for one condition (``lookalike_terms.csv``). Lists of measurements and medicines are not: a test is
    what they are about. Codes taken out by a list are not looked at.

    Parameters
    ----------
    codelists
        Checked lists.

    Returns
    -------
    DataFrame
        One row for each finding, in the order of the lists: codelist_id, code and term (null where the finding is of
        the whole list), why. Codes of lists are no people: all of it may be shown.

    Examples
    --------
    >>> from pcn_analysis.clinical_codes.contract import Codelist, StandsFor
    >>> terms = ["Parkinson's disease", "Wolff-Parkinson-White syndrome", "Family history of Parkinson's disease"]
    >>> codes = pd.DataFrame({"code": ["p1", "p2", "p3"], "term": terms, "include": True, "bnf_code": None})
    >>> found = suspicious_members(
    ...     [Codelist("pd", "1", "local", StandsFor("condition", "parkinsons_disease"), "", None, codes)])
    >>> found[["code", "why"]].values.tolist()
    [['p2', 'Wolff-Parkinson-White is a heart rhythm condition'], ['p3', "the family's history and not the person's"]]
    """
    order = {codelist.codelist_id: position for position, codelist in enumerate(codelists)}
    parts = [part for codelist in codelists for part in _of_list(codelist)]
    parts += [_shared(codelists)]
    found = pd.concat([pd.DataFrame(columns=list(COLUMNS), dtype="str"), *parts], ignore_index=True)
    found = found.drop_duplicates().assign(order=lambda frame: frame["codelist_id"].map(order))
    return found.sort_values(["order", "code"], kind="stable", na_position="first")[list(COLUMNS)].reset_index(
        drop=True
    )


def _of_list(codelist: Codelist) -> Iterator[pd.DataFrame]:
    """Look at one list."""
    codes = codelist.codes[codelist.codes["include"]]
    distinct = codes["code"].nunique()
    by_prefix = codelist.code_system == "icd10"
    if not by_prefix and distinct < FEWEST:
        yield _whole(codelist, f"only {distinct} codes: is the list whole?" if distinct > 1 else "only one code")
    if distinct > (MOST_PREFIXES if by_prefix else MOST):
        yield _whole(codelist, f"{distinct:,} codes: does the list hold more than it says?")
    yield _members(codelist, codes[codes.duplicated("code")], "the code is in the list twice")
    without = codes["term"].isna()
    if without.all():
        yield _whole(codelist, "the list has no terms, so that its members could not be looked at")
    else:
        yield _members(codelist, codes[without], "the code has no term")
    if codelist.code_system in ("snomed", "dmd"):
        described = codes["code"].str.fullmatch(_DESCRIPTION).fillna(False).astype(bool)
        yield _members(codelist, codes[described], "identifies a description: records hold concepts")
    yield from _alike(codelist, codes[~without])


def _alike(codelist: Codelist, codes: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Hold terms against the patterns for the list's condition."""
    meant = codelist.stands_for
    if meant.kind not in ("condition", "resolved"):
        return
    for row in rows("lookalike_terms"):
        if row["condition"] not in (EVERY, meant.name):
            continue
        if meant.kind == "resolved" and "resolved" in row["pattern"]:
            continue
        pattern = re.compile(row["pattern"], re.IGNORECASE)
        hit = pd.Series([bool(pattern.search(term)) for term in codes["term"]], index=codes.index, dtype=bool)
        yield _members(codelist, codes[hit], row["why"])


def _shared(codelists: Sequence[Codelist]) -> pd.DataFrame:
    """Find codes that stand for two conditions of which one code can mean only one."""
    mapping = code_map([one for one in codelists if one.stands_for.kind == "condition"])
    listed = mapping[mapping["include"]]
    meant = meanings(listed, mapping)
    conditions = meant.groupby(["code_system", "code"])["stands_for"].agg(list)
    titles = names("conditions", "condition")
    why = {
        key: f"stands for both {titles[one]} and {titles[other]}"
        for key, slugs in conditions[conditions.str.len() > 1].items()
        for one, other in combinations(slugs, 2)
        if any({one, other} <= group for group in EXCLUSIVE)
    }
    terms = {
        (one.codelist_id, code): term
        for one in codelists
        for code, term in zip(one.codes["code"], one.codes["term"], strict=True)
    }
    found = [
        (row.codelist_id, row.code, terms.get((row.codelist_id, row.code)), why[row.code_system, row.code])
        for row in listed.itertuples()
        if (row.code_system, row.code) in why
    ]
    return pd.DataFrame(found, columns=list(COLUMNS)).astype("str")


def _members(codelist: Codelist, codes: pd.DataFrame, why: str) -> pd.DataFrame:
    return codes.assign(codelist_id=codelist.codelist_id, why=why)[list(COLUMNS)]


def _whole(codelist: Codelist, why: str) -> pd.DataFrame:
    found = pd.DataFrame([(codelist.codelist_id, None, None, why)], columns=list(COLUMNS))
    return found.astype("str")
