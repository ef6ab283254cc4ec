"""Two contract years of a network side by side: what each line comes to, the difference, and what explains it.

Where both years have a line that is paid on the same size, the difference is that of the rate at the earlier size and
that of the size at the later rate; these two sum to it. A line that began or ended explains all of its own difference.
Where either amount is not known, so is the difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.budget.assumptions import RATES
from pcn_analysis.budget.entitlement import TOTAL, row_of
from pcn_analysis.budget.sizes import check_sizes, sizes_of
from pcn_analysis.contract.clauses import NOT_KNOWN
from pcn_analysis.contract.lines import lines_in
from pcn_analysis.contract.standings import worst
from pcn_analysis.provenance import SourcedTable, derive
from pcn_analysis.words import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.budget.sizes import Sizes
    from pcn_analysis.place import Network

Lines = dict[tuple[str, str], dict[str, Any]]
"""Rows of a year by line and basis."""
BEGAN, ENDED, CHANGED, SAME = "began", "ended", "changed", "the same"
NUMBERS = ("earlier_rate", "later_rate", "earlier_size", "later_size", "earlier_amount", "later_amount", "difference",
           "of_rate", "of_size", "of_beginning_or_end")  # fmt: skip
COLUMNS = ("earlier", "later", "line", "name", "basis", *NUMBERS, "change", "explained", "standing", "missing")


def two_years(
    network: Network,
    earlier: str,
    later: str,
    earlier_sizes: Mapping[str, float] | None = None,
    later_sizes: Mapping[str, float] | None = None,
) -> SourcedTable:
    """Hold two contract years of a network against each other, line by line.

    Parameters
    ----------
    network
        A network of a place.
    earlier, later
        The contract years; given the other way round they change places, with their sizes.
    earlier_sizes, later_sizes
        registered, weighted, adjusted and beds of each year, as far as they are known. Otherwise the published size is
        taken for both, so that nothing of a difference is one of size.

    Returns
    -------
    SourcedTable
        One row a line and basis, those of the earlier year first, and a last row ``total``: earlier and later (the
        contract years), line, name, basis,
        earlier_rate, later_rate, earlier_size, later_size, earlier_amount, later_amount, difference (later less
        earlier), of_rate, of_size and of_beginning_or_end (parts that sum to it), change (began, ended, changed, the
        same, or not known), explained (in words), standing, missing. The total is of the lines whose difference is
        known, amounts too. Numbers are null where they are not known, or not there.

    Raises
    ------
    PcnAnalysisError
        If there is no such contract year, or a size is none or no number of 0 or more.

    Examples
    --------
    >>> from pcn_analysis.place import network_of
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> network = network_of(invent_place(), "U00001")
    >>> sizes = {"registered": 50_000, "adjusted": 51_000}
    >>> frame = two_years(network, "2023/24", "2025/26", sizes, sizes).frame.set_index(["line", "basis"])
    >>> frame.loc[("core", "registered"), ["change", "explained"]].to_list()
    ['changed', 'rate from 1.5 to 2.266: +38,300.00']
    >>> frame.loc[("leadership", "adjusted"), "explained"]
    'the line is not in 2025/26: -34,884.00'
    """
    check_sizes([earlier, later], earlier_sizes or {}, later_sizes or {})
    if earlier > later:
        earlier, later, earlier_sizes, later_sizes = later, earlier, later_sizes, earlier_sizes
    sizes = [sizes_of(network, **(given or {})) for given in (earlier_sizes, later_sizes)]
    years = (earlier, later)
    before, after = _paired(*(_by_line(year, one) for year, one in zip(years, sizes, strict=True)))
    rows = [_compared(key, before.get(key), after.get(key), years) for key in dict.fromkeys([*before, *after])]
    rows.append(_total(rows))
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(NUMBERS, "Float64"))
    frame = frame.assign(earlier=earlier, later=later)
    if not network.place.is_published or any(one.by_basis["registered"].value is None for one in sizes):
        frame = frame.iloc[:0]
    parents = [parent for one in sizes for parent in one.parents]
    return derive(frame, *parents, RATES, numbers=NUMBERS, about=network.about)


def _by_line(year: str, sizes: Sizes) -> Lines:
    rows = [row_of(one, year, sizes) for one in lines_in(year)]
    return {(row["line"], row["basis"]): row for row in rows}


def _paired(before: Lines, after: Lines) -> tuple[Lines, Lines]:
    """Both years, where a line that is no sum in one year has the basis that it has in the other."""
    return _with_basis_of(before, after), _with_basis_of(after, before)


def _with_basis_of(lines: Lines, other: Lines) -> Lines:
    bases = {line: [basis for name, basis in other if name == line] for line, _ in lines}
    return {(line, basis or (bases[line][0] if len(bases[line]) == 1 else "")): row
            for (line, basis), row in lines.items()}  # fmt: skip


def _compared(
    key: tuple[str, str], before: dict[str, Any] | None, after: dict[str, Any] | None, years: tuple[str, str]
) -> dict[str, Any]:
    """One line of both years."""
    one: dict[str, Any] = before or after or {}
    row: dict[str, Any] = {"line": key[0], "basis": key[1], "name": (after or one)["name"], "explained": ""}
    for name, side in (("earlier", before), ("later", after)):
        row |= {f"{name}_{what}": side[what] if side else None for what in ("rate", "size", "amount")}
    sides = [side for side in (before, after) if side]
    row["standing"] = worst([side["standing"] for side in sides])
    row["missing"] = " and ".join(dict.fromkeys(side["missing"] for side in sides if side["missing"]))
    if any(side["amount"] is None for side in sides):
        return row | {"change": ENDED if not after else BEGAN if not before else NOT_KNOWN}
    if not before or not after:
        change = one["amount"] if after else -one["amount"]
        told = f"the line is not in {years[0] if after else years[1]}: {change:+,.2f}"
        return row | {"difference": change, "of_beginning_or_end": change, "change": BEGAN if after else ENDED,
                      "explained": told}  # fmt: skip
    of_rate = (after["rate"] - before["rate"]) * before["size"]
    of_size = (after["size"] - before["size"]) * after["rate"]
    changed = {"rate": of_rate, "size": of_size}
    told = "; ".join(f"{what} from {before[what]:,.10g} to {after[what]:,.10g}: {part:+,.2f}"
                     for what, part in changed.items() if before[what] != after[what])  # fmt: skip
    return row | {"difference": after["amount"] - before["amount"], "of_rate": of_rate, "of_size": of_size,
                  "change": CHANGED if told else SAME, "explained": told}  # fmt: skip


def _total(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The sum of the lines whose difference is known, and how many are not."""
    known = [row for row in rows if row.get("difference") is not None]
    summed = ("earlier_amount", "later_amount", "difference", "of_rate", "of_size", "of_beginning_or_end")
    sums = {name: sum(row.get(name) or 0 for row in known) if known else None for name in summed}
    lacking = len(rows) - len(known)
    missing = f"{lacking} of {number(len(rows), 'line')} {'is' if lacking == 1 else 'are'} not known" if lacking else ""
    return {"line": TOTAL, "name": "Lines whose difference is known, together", "basis": "", **sums, "explained": "",
            "change": CHANGED if sums["difference"] else SAME if known else NOT_KNOWN,
            "standing": worst([row["standing"] for row in known]), "missing": missing}  # fmt: skip
