"""What each practice of a network brings to each line of the contract: the line shared by the size that it rests on.

How a network spends its money is for its own agreement; this is no rule of the contract. Shares are whole pence and sum
to the line, rounded to a penny: each practice has its exact share rounded down, and the pence that remain go to the
practices that lost the largest parts of a penny, those first by code where these are equal.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.budget.assumptions import RATES
from pcn_analysis.budget.entitlement import row_of
from pcn_analysis.budget.sizes import check_sizes, members_of, sizes_of
from pcn_analysis.contract.clauses import NOT_KNOWN
from pcn_analysis.contract.lines import lines_in
from pcn_analysis.provenance import SourcedTable, derive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.budget.sizes import Size
    from pcn_analysis.place import Network

NUMBERS = ("size", "share", "amount")
COLUMNS = ("contract_year", "line", "clause", "name", "basis", "practice_code", "practice_name", *NUMBERS, "standing",
           "missing")  # fmt: skip
NOT_BY_PRACTICE = "its size, which is not known by practice"
PENCE = 100


def practice_shares(
    network: Network,
    contract_year: str,
    *,
    registered: float | None = None,
    weighted: float | None = None,
    adjusted: float | None = None,
    beds: float | None = None,
) -> SourcedTable:
    """Share each line of the contract over the practices of a network, by the size that the line is paid on.

    Parameters
    ----------
    network
        A network of a place.
    contract_year
        The contract year.
    registered, weighted, adjusted, beds
        Its sizes, as in :func:`~pcn_analysis.budget.entitlement.entitlement`. A size that is given is shared as the
        published lists of its practices are.

    Returns
    -------
    SourcedTable
        One row a line, or part of one, and practice, lines in the order of the contract, practices by name:
        contract_year, line, clause, name, basis, practice_code, practice_name, size (of the practice), share (of the
        network's), amount (GBP, whole pence, which sum to the line rounded to a penny), standing, missing. Numbers are
        null where they are not known: the adjusted population and beds are not known by practice.

    Raises
    ------
    PcnAnalysisError
        If there is no such contract year, or a size is no number of 0 or more.

    Examples
    --------
    >>> from pcn_analysis.place import network_of
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> frame = practice_shares(network_of(invent_place(), "U00001"), "2023/24").frame
    >>> core = frame[frame["line"] == "core"]
    >>> len(core), round(float(core["amount"].sum()), 2)
    (7, 87960.0)
    """
    given = {"registered": registered, "weighted": weighted, "adjusted": adjusted, "beds": beds}
    check_sizes([contract_year], given)
    found = sizes_of(network, **given)
    members = members_of(network).drop(columns="list_size")
    rows: list[dict[str, Any]] = []
    for one in lines_in(contract_year):
        line = row_of(one, contract_year, found)
        rows += [line | share for share in _shared(line, members, found.by_basis)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(NUMBERS, "Float64"))
    if not network.place.is_published:
        frame = frame.iloc[:0]
    return derive(frame, *found.parents, RATES, numbers=NUMBERS, about=network.about)


def known(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows whose amount is known: what of a released table is shown, as lines say themselves why they are not known.

    Examples
    --------
    >>> known(pd.DataFrame({"line": ["core", "support"], "amount": [1.5, None]}))["line"].to_list()
    ['core']
    """
    return rows[rows["amount"].notna()]


def _shared(line: dict[str, Any], members: pd.DataFrame, sizes: Mapping[str, Size]) -> list[dict[str, Any]]:
    """The rows of one line, one a practice."""
    practices = members.to_dict("records")
    by_practice = sizes[line["basis"]].by_practice if line["basis"] else None
    if by_practice is None or not by_practice["size"].sum():
        unknown = {"size": None, "share": None, "amount": None, "standing": NOT_KNOWN}
        return [one | unknown | {"missing": line["missing"] or NOT_BY_PRACTICE} for one in practices]
    held = by_practice.set_index("practice_code")["size"].astype(float).to_dict()
    whole = sum(held.values())
    pence = shared_pence(line["amount"], held) if line["amount"] is not None else {}
    return [
        one | {"size": held[code], "share": held[code] / whole, "amount": pence.get(code)}
        for one in practices
        for code in [str(one["practice_code"])]
    ]


def shared_pence(amount: float, sizes: Mapping[str, float]) -> dict[str, float]:
    """Share an amount by sizes in whole pence that sum to it, rounded to a penny; nothing where no size is above 0.

    Examples
    --------
    >>> shared_pence(100, {"A": 1, "B": 1, "C": 1})
    {'A': 33.34, 'B': 33.33, 'C': 33.33}
    >>> shared_pence(0.03, {"A": 1000, "B": 1})
    {'A': 0.03, 'B': 0.0}
    """
    whole = sum((Fraction(size) for size in sizes.values()), Fraction(0))
    if not whole:
        return {}
    pence = round(amount * PENCE)
    exact = {code: pence * Fraction(size) / whole for code, size in sizes.items()}
    found = {code: int(part) for code, part in exact.items()}
    lost = sorted(exact, key=lambda code: (found[code] - exact[code], code))
    for code in lost[: pence - sum(found.values())]:
        found[code] += 1
    return {code: value / PENCE for code, value in found.items()}
