"""Published payments of all networks held against what the contract's rates give, line by line, differences explained.

Both are of the contract year of the file, 2022/23, with the lists of that file. What a column was taken for stands in
:mod:`pcn_analysis.budget.published_lines`, the reasons in :mod:`pcn_analysis.budget.payment_reasons`. It concerns no
person, and everything can be released under ``open_data``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis import codes
from pcn_analysis.budget.assumptions import RATES
from pcn_analysis.budget.held_payments import KINDS, MEANS, OF_NETWORKS, Tried, hold_lines
from pcn_analysis.budget.payment_reasons import CANNOT, TOLD, UNEXPLAINED
from pcn_analysis.budget.published_lines import (
    MAXIMUM,
    SUM,
    Part,
    by_line,
    standing_of,
)
from pcn_analysis.place import worked_out_once
from pcn_analysis.provenance import SourcedTable, derive
from pcn_analysis.words import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcn_analysis.place import Network, Place

NETWORKS, PRACTICES = "network_payments", "practice_payments"
"""Tables of a place, of the whole country; a place made without the file lacks them."""
WITHIN = (2, 5, 10)
"""Per cent of what was computed, within which networks are counted."""
QUARTILES = {"lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75}
SPREAD = {"lower_tenth": 0.1, **QUARTILES, "upper_tenth": 0.9}
"""Quantiles of all networks beside which one is shown."""
OF_LINES = ("contract_year", "line", "column", "taken_for", "held_against", "why", "networks", "none_shown", "compared",
            "published", "computed", "ratio", *QUARTILES, *(f"within_{one}" for one in WITHIN), "explained",
            "cannot_be_told", "unexplained", "standing")  # fmt: skip
OF_REASONS = ("contract_year", "line", "reason", "means", "kind", "fits", "by_chance", "believed", "networks")
OF_NETWORK = ("contract_year", "line", "column", "taken_for", "held_against", "published", "computed", "difference",
              "ratio", "reason", "means", "explained", "standing")  # fmt: skip
COUNTS = ("networks", "none_shown", "compared", "explained", "cannot_be_told", "unexplained")
NETWORK_NUMBERS = ("practices", "published", "computed", "difference", "ratio")


def networks_held(place: Place) -> SourcedTable:
    """Hold what every network of the country was paid against what the rates give.

    Parameters
    ----------
    place
        A place; its own networks are marked.

    Returns
    -------
    SourcedTable
        One row a line and network of the year, lines in the order of the file, networks by code: contract_year, line,
        column (as the file has it), pcn_code, pcn_name, practices (in whose rows it stands), published (GBP; null:
        none shown), computed (GBP; null: no sum can be computed), difference (published less computed), ratio
        (published over computed), reason, explained (explained, unexplained, cannot be told, not shown), in_place
        (true or false). Of additional roles, computed is the most that can be claimed. No rows of a place made
        without the file.

    Examples
    --------
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> frame = networks_held(invent_place()).frame
    >>> frame.loc[frame["line"].eq("support") & frame["pcn_code"].eq("U00003"), "reason"].item()
    'none_shown'
    """
    frame, _ = _held(place)
    return derive(frame, *_parents(place), numbers=NETWORK_NUMBERS, about=place.about())


def beside_networks(own: pd.DataFrame, every: pd.DataFrame) -> pd.DataFrame:
    """Put beside each line of a network how near the payments of all networks are.

    Parameters
    ----------
    own
        What is released of :func:`reconciled`.
    every
        What is released of :func:`networks_held`.

    Returns
    -------
    DataFrame
        ``own`` with networks (that show an amount that can be compared), unexplained (of them) and, of their ratios,
        lower_tenth, lower_quartile, median, upper_quartile and upper_tenth; null where none can be compared.

    Examples
    --------
    >>> own = pd.DataFrame({"line": ["support"], "ratio": [1.01]})
    >>> every = pd.DataFrame({"line": "support", "ratio": [0.9, 1.0, 1.1, None], "explained": "explained"})
    >>> beside_networks(own, every)[["networks", "lower_quartile", "median", "upper_quartile"]].values.tolist()
    [[3, 0.95, 1.0, 1.05]]
    """
    compared = every[every["ratio"].notna()]
    ratios = compared.groupby("line")["ratio"]
    spread = {name: ratios.quantile(at).astype("Float64") for name, at in SPREAD.items()}
    unexplained = compared["explained"].eq(UNEXPLAINED).groupby(compared["line"]).sum()
    counts = {"networks": ratios.size().astype("Int64"), "unexplained": unexplained.astype("Int64")}
    return own.join(pd.DataFrame(counts | spread), on="line")


def lines_held(place: Place) -> SourcedTable:
    """How near the published payments of all networks are to what the rates give, line by line.

    Returns
    -------
    SourcedTable
        One row a published line: contract_year, line, column, taken_for (rate, months and basis, in words),
        held_against (a sum, a maximum, whole units, no sum), why, networks, none_shown (networks of which none is
        shown), compared (networks with both), published and computed (GBP, of those compared; of lines without a
        computed sum, published is of all that is shown), ratio (of the sums), lower_quartile, median and upper_quartile
        (of the networks' ratios), within_2, within_5 and within_10 (share of networks so many per cent from what was
        computed), explained, cannot_be_told and unexplained (networks that show a payment), standing (of the rates).
        Numbers are null where nothing is compared.

    Examples
    --------
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> frame = lines_held(invent_place()).frame.set_index("line")
    >>> frame.loc["support", ["networks", "none_shown", "compared"]].tolist()
    [7, 1, 6]
    """
    held, _ = _held(place)
    rows = [_line(rows, by_line(str(year))[str(line)]) for (year, line), rows in _groups(held)]
    numbers = OF_LINES[OF_LINES.index("networks") : -1]
    kinds = dict.fromkeys(numbers, "Float64") | dict.fromkeys(COUNTS, "Int64")
    frame = pd.DataFrame(rows, columns=list(OF_LINES)).astype(kinds)
    return derive(frame, *_parents(place), numbers=numbers, about=place.about())


def reasons_found(place: Place) -> SourcedTable:
    """How many payments each reason gives, line by line, and how many it would by chance.

    Returns
    -------
    SourcedTable
        One row a line and reason, in the order in which they are tried, and a last one of what is unexplained:
        contract_year, line, reason, means (in words), kind (explained, cannot be told, not shown, unexplained), fits
        (payments that it gives, of those that no earlier reason does), by_chance (how many it would give if they were
        moved to other networks; null where that is not told), believed (yes; no: it fits no more than twice as often as
        by chance, and explains nothing; not judged), networks (with that reason).
    """
    held, tried = _held(place)
    rows: list[dict[str, Any]] = []
    for (year, line), of_line in _groups(held):
        counts = of_line["reason"].value_counts()
        for reason, (fits, chance) in (
            tried[str(line)] | {UNEXPLAINED: (int(counts.get(UNEXPLAINED, 0)), None)}
        ).items():
            had = int(counts.get(reason, 0))
            rows.append({
                "contract_year": year, "line": line, "reason": reason, "means": MEANS[reason], "kind": KINDS[reason],
                "fits": fits, "by_chance": chance, "believed": _believed(reason, fits, had, chance), "networks": had,
            })  # fmt: skip
    numbers = ("fits", "by_chance", "networks")
    frame = pd.DataFrame(rows, columns=list(OF_REASONS)).astype(dict.fromkeys(numbers, "Float64"))
    return derive(frame, *_parents(place), numbers=numbers, about=place.about())


def reconciled(network: Network) -> SourcedTable:
    """What a network was paid, line by line, beside what the rates give.

    Parameters
    ----------
    network
        A network of a place; of the whole place, its networks are taken together, each line of those that have both.

    Returns
    -------
    SourcedTable
        One row a published line: contract_year, line, column, taken_for, held_against, published, computed, difference,
        ratio, reason, means (the reason in words), explained, standing (of the rates). Numbers are null where they are
        not known. Of the whole place there is no reason: ``means`` says how many networks are in the sums. No rows of a
        network that the file does not have under its code, nor of a place made without the file.

    Examples
    --------
    >>> from pcn_analysis.place import network_of
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> frame = reconciled(network_of(invent_place(), "U00001")).frame.set_index("line")
    >>> frame.loc["support", "taken_for"]
    'Core funding, on the registered list: 6 months, 0.75 × registered patients'
    """
    held, _ = _held(network.place)
    whole = network.pcn_code == codes.WHOLE_PLACE
    own = held[held["in_place"] if whole else held["pcn_code"] == network.pcn_code]
    rows = [_together(of_line) if whole else of_line.iloc[0].to_dict() for _, of_line in _groups(own)]
    rows = [{"means": MEANS.get(row["reason"], "")} | row | _taken_for(by_line(row["contract_year"])[row["line"]])
            for row in rows]  # fmt: skip
    numbers = NETWORK_NUMBERS[1:]
    frame = pd.DataFrame(rows, columns=list(OF_NETWORK)).astype(dict.fromkeys(numbers, "Float64"))
    return derive(frame, *_parents(network.place), numbers=numbers, about=network.about)


@worked_out_once
def _held(place: Place) -> tuple[pd.DataFrame, Tried]:
    """All networks of a place's country, marked where they are its own."""
    if not {NETWORKS, PRACTICES} <= place.tables.keys():
        return pd.DataFrame(columns=list(OF_NETWORKS)).astype(dict.fromkeys(NETWORK_NUMBERS, "Float64")), {}
    frame, tried = hold_lines(place.tables[NETWORKS].frame, place.tables[PRACTICES].frame)
    own = set(place.networks()["pcn_code"]) if place.is_published else set()
    return frame.assign(in_place=frame["pcn_code"].isin(own))[list(OF_NETWORKS)], tried


def _parents(place: Place) -> list[SourcedTable]:
    return [RATES, *(place.tables[name] for name in (NETWORKS, PRACTICES) if name in place.tables)]


def _groups(frame: pd.DataFrame) -> Any:
    return frame.groupby(["contract_year", "line"], sort=False)


def _taken_for(parts: Sequence[Part]) -> dict[str, str]:
    return {
        "taken_for": "; ".join(one.words() for one in parts if one.clause),
        "held_against": parts[0].part_of,
        "why": "; ".join(one.why for one in parts),
        "standing": standing_of(parts),
    }


def _line(rows: pd.DataFrame, parts: Sequence[Part]) -> dict[str, Any]:
    """One line over all networks."""
    shown = rows[rows["published"].notna()]
    both = shown[shown["ratio"].notna()]
    first, kinds = rows.iloc[0], rows["explained"].value_counts()
    sums = {name: float(both[name].sum()) if len(both) else None for name in ("published", "computed")}
    if parts[0].part_of not in (SUM, MAXIMUM) and len(shown):
        sums["published"] = float(shown["published"].sum())
    near = {f"within_{one}": float(both["ratio"].sub(1).abs().le(one / 100).mean()) if len(both) else None
            for one in WITHIN}  # fmt: skip
    return {
        **{name: first[name] for name in ("contract_year", "line", "column")}, **_taken_for(parts),
        "networks": len(rows), "none_shown": len(rows) - len(shown), "compared": len(both), **sums,
        "ratio": (sums["published"] or 0) / sums["computed"] if sums["computed"] else None,
        **{name: float(both["ratio"].quantile(at)) if len(both) else None for name, at in QUARTILES.items()}, **near,
        "explained": kinds.get(TOLD, 0), "cannot_be_told": kinds.get(CANNOT, 0),
        "unexplained": kinds.get(UNEXPLAINED, 0),
    }  # fmt: skip


def _together(rows: pd.DataFrame) -> dict[str, Any]:
    """One line over the networks of a place, of those that have both a payment and a sum."""
    first, shown = rows.iloc[0], rows[rows["published"].notna()]
    summed = shown[shown["computed"].notna()]
    summed = summed if len(summed) else shown
    sums = {name: summed[name].sum(min_count=1) for name in ("published", "computed", "difference")}
    networks = number(len(rows), "network")
    known = pd.notna(sums["computed"]) and sums["computed"] != 0
    ratio = sums["published"] / sums["computed"] if known else None
    return first[["contract_year", "line", "column"]].to_dict() | sums | {
        "ratio": ratio, "reason": "", "explained": "", "means": f"Sums of {len(summed)} of {networks}",
    }  # fmt: skip


def _believed(reason: str, fits: int, had: int, chance: float | None) -> str:
    if KINDS[reason] != TOLD or not fits:
        return ""
    return "not judged" if chance is None else "yes" if had else "no"
