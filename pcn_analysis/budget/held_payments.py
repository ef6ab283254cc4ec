"""Every payment that is published of networks, beside what the rates give and the first known reason that gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis.budget.payment_fits import Held
from pcn_analysis.budget.payment_reasons import REASONS, UNEXPLAINED, find_reasons
from pcn_analysis.budget.published_lines import SUM, Part, by_line, computed, lists_of_networks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MEANS = {one.reason: one.means for one in REASONS} | {UNEXPLAINED: "no reason that is known gives it"}
KINDS = {one.reason: one.kind for one in REASONS} | {UNEXPLAINED: UNEXPLAINED}
Tried = dict[str, dict[str, tuple[int, float | None]]]
"""By line and reason: how many payments it fits, and how many it would by chance."""
OF_NETWORKS = ("contract_year", "line", "column", "pcn_code", "pcn_name", "practices", "published", "computed",
               "difference", "ratio", "reason", "explained", "in_place")  # fmt: skip


def hold_lines(networks: pd.DataFrame, practices: pd.DataFrame) -> tuple[pd.DataFrame, Tried]:
    """Hold the payments of networks against what the rates give.

    Parameters
    ----------
    networks, practices
        The tables ``network_payments`` and ``practice_payments``, of one contract year.

    Returns
    -------
    tuple of DataFrame and dict
        Rows of :func:`networks_held` without the last column; and what each reason fits, by line.
    """
    year = str(networks["contract_year"].iloc[0]) if len(networks) else ""
    lines, lists = by_line(year), lists_of_networks(practices)
    table = networks.sort_values("pcn_code", kind="stable")
    shown = {line: table[table["line"] == line].set_index("pcn_code") for line in lines}
    amounts = {line: rows["amount"].astype("Float64") for line, rows in shown.items()}
    frames, tried = [], {}
    for line, of in lines.items():
        rows = shown[line].reset_index()
        own = lists.reindex(rows["pcn_code"])
        given = computed(own, of).to_numpy("float64", na_value=np.nan)
        paid, each = amounts[line].to_numpy("float64", na_value=np.nan), rows["pcn_code"]
        implied = _implied(line, lines, amounts, each)
        held = Held(paid, given, _list(own, of), implied, _shares(practices, each, of), of)
        found, tried[line] = find_reasons(held)
        rows = rows.rename(columns={"amount": "published"}).assign(
            column=of[0].column, computed=pd.array(given, dtype="Float64"), reason=found
        )
        frames.append(rows)
    frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(OF_NETWORKS))
    frame = frame.astype({"reason": "str"} | dict.fromkeys(("practices", "published", "computed"), "Float64"))
    frame["difference"] = frame["published"] - frame["computed"]
    frame["ratio"] = frame["published"] / frame["computed"].mask(frame["computed"] == 0)
    frame["explained"] = frame["reason"].map(KINDS).astype("str")
    return frame, tried


def _list(lists: pd.DataFrame, of: Sequence[Part]) -> np.ndarray:
    if of[0].basis not in lists:
        return np.full(len(lists), np.nan)
    return lists[of[0].basis].to_numpy("float64", na_value=np.nan)


def _implied(
    line: str, lines: Mapping[str, Sequence[Part]], amounts: Mapping[str, pd.Series], of: pd.Series
) -> np.ndarray:
    """Lists that the other lines of each network imply, of those that rest on the same list alone."""
    others = [other for other, parts in lines.items() if other != line and len(parts) == 1
              and parts[0].part_of == SUM and parts[0].basis == lines[line][0].basis]  # fmt: skip
    each = [amounts[one].reindex(of).to_numpy("float64", na_value=np.nan) / lines[one][0].rate for one in others]
    return np.column_stack(each) if each else np.full((len(of), 1), np.nan)


def _shares(practices: pd.DataFrame, of: pd.Series, parts: Sequence[Part]) -> np.ndarray:
    """The share of each practice in the list of its network, a row a network, a column a practice."""
    basis = parts[0].basis
    if basis not in practices.columns:
        return np.full((len(of), 1), np.nan)
    members = practices.dropna(subset=["pcn_code", basis])
    sizes = members[basis].astype(float)
    share = sizes / sizes.groupby(members["pcn_code"]).transform("sum")
    number = members.groupby("pcn_code").cumcount()
    wide = pd.DataFrame({"pcn_code": members["pcn_code"], "number": number, "share": share})
    table = wide.set_index(["pcn_code", "number"])["share"].unstack().reindex(of)  # noqa: PD010 - each stands once
    return table.to_numpy("float64")
