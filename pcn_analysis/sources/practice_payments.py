"""What practices and networks were paid in 2022/23: NHS Payments to General Practice.

The file has a row for each practice. ``Code`` and ``CCG NAME`` hold the code and the name of its network. What a
network was paid mostly stands in the row of one practice, its lead, and many networks have 0 in every row of a line:
the money may have gone elsewhere, so that no amount is shown of them, which is not 0. Lists are the last figure known
and may be fractions; 0 says that none is known. A place can be made without the file: what rests on it is then not
known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis import codes
from pcn_analysis.exceptions import PcnAnalysisError, Problem
from pcn_analysis.sources.published_files import AGAIN, LARGEST, check_once, read_table
from pcn_analysis.words import number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONTRACT_YEAR = "2022/23"
"""Contract year of the file, which holds no date."""
NO_NETWORK = "unknown or no pcn"
"""What stands for the network of a practice that is in none, in small letters."""
LINES = {
    "leadership": "pcn leadership",
    "support": "pcn support",
    "extended_access": "pcn extended hours access",
    "enhanced_access": "pcn enhanced access",
    "additional_roles": "pcn workforce",
    "investment_and_impact": "pcn investment and impact fund",
    "care_home_premium": "pcn care home premium",
    "participation": "pcn participation",
}
"""Lines of the contract's money, and what the file calls them."""
LISTS = {
    "registered": "number of registered patients (last known figure)",
    "weighted": "number of weighted patients (last known figure)",
}
COLUMNS = {
    "practice_code": ("practice code",),
    "practice_name": ("practice name",),
    "pcn_code": ("code",),
    "pcn_name": ("ccg name",),
    "closed_on": ("practice close date",),
    **{name: (published,) for name, published in {**LISTS, **LINES}.items()},
}


def read_practice_payments(path: Path) -> pd.DataFrame:
    """Read the lists of every practice, and what it was paid of the lines of the Network Contract.

    Returns
    -------
    DataFrame
        One row a practice: practice_code, practice_name, pcn_code and pcn_name (null where it is in no network or in
        one that is not known), contract_year, registered and weighted (null where the file has 0), closed, and a column
        for each of :data:`LINES`, GBP, negative where money was taken back.

    Raises
    ------
    PcnAnalysisError
        As :func:`read_table`; else with everything that is wrong: codes of no practice or network, practices twice,
        cells that hold no number, negative lists.
    """
    cells = read_table(path, COLUMNS).fillna("").astype("str").apply(lambda column: column.str.strip())
    numbers = {name: pd.to_numeric(cells[name], errors="coerce").astype("Float64") for name in (*LISTS, *LINES)}
    problems = [Problem(path.name, what, remedy) for what, remedy in _wrong(cells, numbers)]
    if problems:
        raise PcnAnalysisError(*problems)
    check_once(cells, ["practice_code"], path)
    known = cells["pcn_code"].str.match(codes.NETWORK)
    lists = {name: numbers[name].mask(numbers[name] == 0) for name in LISTS}
    frame = pd.DataFrame(
        {
            "practice_code": cells["practice_code"],
            "practice_name": cells["practice_name"].map(codes.tidy_name),
            "pcn_code": cells["pcn_code"],
            "pcn_name": cells["pcn_name"].map({name: codes.tidy_name(name) for name in cells["pcn_name"].unique()}),
            "contract_year": CONTRACT_YEAR,
            "closed": cells["closed_on"] != "",
            **numbers,
            **lists,
        }
    )
    frame[["pcn_code", "pcn_name"]] = frame[["pcn_code", "pcn_name"]].where(known)
    return frame


def network_lines(payments: pd.DataFrame) -> pd.DataFrame:
    """What each network was paid of each line: the sum over its practices, whichever of them it stands at.

    Parameters
    ----------
    payments
        As :func:`read_practice_payments` gives it.

    Returns
    -------
    DataFrame
        Rows of the table ``network_payments``, in order of network and line; ``amount`` is null where every practice
        of the network has 0 or nothing, as none is shown then.

    Examples
    --------
    >>> one = {"pcn_code": "U00001", "pcn_name": "Harbour PCN", "contract_year": "2022/23"}
    >>> rows = pd.DataFrame([one | dict.fromkeys(LINES, 0.0), one | dict.fromkeys(LINES, 0.0) | {"support": 12.5}])
    >>> network_lines(rows).set_index("line").loc[["leadership", "support"], ["practices", "amount"]].values.tolist()
    [[0, <NA>], [1, 12.5]]
    """
    members = payments.dropna(subset=["pcn_code"])
    long = members.melt(["pcn_code", "contract_year"], list(LINES), "line", "paid")
    long = long.assign(paid=long["paid"].astype("Float64").replace(0, pd.NA))
    groups = long.groupby(["pcn_code", "contract_year", "line"], sort=False)["paid"]
    rows = pd.DataFrame({"practices": groups.count(), "amount": groups.sum(min_count=1)})
    rows = rows.reset_index().astype({"practices": "Int64", "amount": "Float64"})
    order = rows["line"].map({line: place for place, line in enumerate(LINES)})
    rows = rows.assign(order=order, pcn_name=rows["pcn_code"].map(members.groupby("pcn_code")["pcn_name"].first()))
    return rows.sort_values(["pcn_code", "order"], ignore_index=True).drop(columns="order")


def _wrong(cells: pd.DataFrame, numbers: dict[str, pd.Series]) -> Iterator[tuple[str, str]]:
    """Everything that is wrong with the cells of a file, and what to do."""
    if odd := int((~cells["practice_code"].str.match(codes.PRACTICE)).sum()):
        yield f"column practice code holds no code of a practice in {number(odd, 'row')}", AGAIN
    in_none = cells["pcn_code"].str.casefold().isin(["", NO_NETWORK])
    if odd := int((~in_none & ~cells["pcn_code"].str.match(codes.NETWORK)).sum()):
        yield f"column code holds no code of a network in {number(odd, 'row')}", AGAIN
    for name, values in numbers.items():
        published = COLUMNS[name][0]
        bad = (values.isna() & (cells[name] != "")) | (values.abs() > LARGEST).fillna(False)
        if broken := int(bad.sum()):
            yield f"column {published} holds no number in {number(broken, 'row')}", AGAIN
        if name in LISTS and (negative := int((values < 0).fillna(False).sum())):
            yield f"column {published} is below 0 in {number(negative, 'row')}", AGAIN
