"""What a network is entitled to in a contract year: each line of the contract as a rate times a size, in words too.

It concerns no person: lists are published or given, and rates stand in tables of clauses. Release it under
``open_data`` where no size is given, and under ``hes`` where one is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.budget.assumptions import RATES
from pcn_analysis.budget.sizes import check_sizes, sizes_of
from pcn_analysis.contract.clauses import NOT_KNOWN, Clause, clause
from pcn_analysis.contract.lines import SIZE_WORDS, Line, basis_of, lines_in
from pcn_analysis.contract.standings import worst
from pcn_analysis.provenance import derive
from pcn_analysis.words import number

if TYPE_CHECKING:
    from pcn_analysis.budget.sizes import Size, Sizes
    from pcn_analysis.place import Network
    from pcn_analysis.provenance import SourcedTable

TOTAL = "total"
NUMBERS = ("size", "rate", "amount")
COLUMNS = ("contract_year", "line", "clause", "name", "paid", "formula", "basis", "size", "size_of", "rate",
           "rate_standing", "amount", "standing", "missing", "source", "note")  # fmt: skip


def entitlement(
    network: Network,
    contract_year: str,
    *,
    registered: float | None = None,
    weighted: float | None = None,
    adjusted: float | None = None,
    beds: float | None = None,
) -> SourcedTable:
    """Every line of the contract in a contract year, for one network: rate times size, or what lacks.

    A size of another date than the contract year is used where there is no other; ``size_of`` says of when it is.
    Nothing is rounded. A maximum (``paid``) is reached only by what is achieved or claimed.

    Parameters
    ----------
    network
        A network of a place; of the whole place its networks are taken together.
    contract_year
        The contract year, such as "2025/26".
    registered, weighted, adjusted, beds
        Its sizes; None: the published one. Nobody publishes the last two.

    Returns
    -------
    SourcedTable
        One row a line, or part of one that is paid on another size, and a last row ``total``: contract_year, line,
        clause (of the rate), name, paid (to whom, and whether it is a maximum), formula (in words), basis, size,
        size_of (of when or from whom), rate (GBP), rate_standing, amount (GBP a year), standing (the worst of what it
        rests on), missing (what lacks, in words), source, note. Numbers are null where they are not known. The total
        is of the lines that are known, and null if none is; its standing is the worst of those, and ``missing`` says
        how many are not in it. No rows of a group of practices that is no network, nor of a place of records alone.

    Raises
    ------
    PcnAnalysisError
        If there is no such contract year, or a size is no number of 0 or more.

    Examples
    --------
    >>> from pcn_analysis.place import network_of
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> network = network_of(invent_place(), "U00001")
    >>> frame = entitlement(network, "2023/24", registered=50_000).frame.set_index("line")
    >>> frame.loc["core", "formula"], float(frame.loc["core", "amount"])
    ('1.50 × 50,000 registered patients', 75000.0)
    >>> round(float(frame.loc["total", "amount"])), frame.loc["total", "missing"]
    (1571189, '6 of 10 lines are not known')
    """
    given = {"registered": registered, "weighted": weighted, "adjusted": adjusted, "beds": beds}
    check_sizes([contract_year], given)
    found = sizes_of(network, **given)
    rows = [row_of(one, contract_year, found) for one in lines_in(contract_year)]
    rows.append(_total(rows, contract_year))
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(NUMBERS, "Float64"))
    if not network.place.is_published or found.by_basis["registered"].value is None:
        frame = frame.iloc[:0]
    return derive(frame, *found.parents, RATES, numbers=NUMBERS, about=network.about)


def row_of(line: Line, year: str, sizes: Sizes) -> dict[str, Any]:
    """One line of the contract in a contract year, for one network."""
    row: dict[str, Any] = {
        "contract_year": year, "line": line.line, "clause": line.clause, "name": line.name, "paid": line.paid,
        "formula": "", "basis": "", "size": None, "size_of": "", "rate": None, "rate_standing": NOT_KNOWN,
        "amount": None, "standing": NOT_KNOWN, "missing": line.without_sum, "source": line.source, "note": "",
    }  # fmt: skip
    if not line.clause:
        return row
    said = clause(line.clause, year)
    row |= {"rate_standing": said.standing, "source": said.row.source, "note": said.row.note}
    if line.without_sum:
        return row | {"formula": said.value}
    basis = basis_of(said.row.unit)
    size = sizes.by_basis[basis]
    row |= {"basis": basis, "size": size.value, "size_of": size.of, "missing": _missing(said, size)}
    if said.value:
        row |= {"rate": said.number}
    if said.value and size.value is not None:
        formula = f"{said.value} × {written(size.value)} {SIZE_WORDS[basis]}"
        row |= {"formula": formula, "amount": said.number * size.value, "standing": said.standing}
    return row


def _missing(said: Clause, size: Size) -> str:
    rate = "" if said.value else f"the rate of {said.year}"
    return " and ".join(one for one in (rate, size.missing) if one)


def _total(rows: list[dict[str, Any]], year: str) -> dict[str, Any]:
    """The sum of the lines that are known, and how many are not."""
    known = [row for row in rows if row["amount"] is not None]
    most = [row["name"] for row in known if "at most" in row["paid"]]
    return dict.fromkeys(COLUMNS, "") | {
        "contract_year": year, "line": TOTAL, "name": "Lines that are known, together", "size": None, "rate": None,
        "amount": sum(row["amount"] for row in known) if known else None,
        "standing": worst([row["standing"] for row in known]), "missing": _how_many(len(rows) - len(known), len(rows)),
        "note": f"With maxima: {'; '.join(most)}" if most else "",
    }  # fmt: skip


def _how_many(unknown: int, lines: int) -> str:
    if not unknown:
        return ""
    return f"{unknown} of {number(lines, 'line')} {'is' if unknown == 1 else 'are'} not known"


def written(size: float) -> str:
    """A size with thousands, and as many decimals as it has, up to two.

    Examples
    --------
    >>> written(50_000), written(51_204.5), written(0)
    ('50,000', '51,204.5', '0')
    """
    return f"{size:,.2f}".rstrip("0").rstrip(".")
