"""Released tables as rows of words for a model card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.words import NOT_SHOWN, count, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = dict[str, str]
GROUPS = {
    "sex": "Sex",
    "age_group": "Age",
    "deprivation_fifth": "Deprivation",
    "ethnicity": "Ethnicity",
    "practice_name": "Practice",
}


def markdown(rows: Sequence[Row]) -> str:
    r"""Rows as a table of Markdown; what would end a cell is escaped.

    Examples
    --------
    >>> print(markdown([{"Model": "a|b", "AUC": "0.70"}]))
    | Model | AUC |
    |---|---|
    | a\|b | 0.70 |
    """
    head = list(rows[0])
    cells = [[row[name].replace("|", "\\|").replace("\n", " ") for name in head] for row in rows]
    lines = [head, ["---"] * len(head), *cells]
    return "\n".join("|---" * len(head) + "|" if line[0] == "---" else f"| {' | '.join(line)} |" for line in lines)


def flow_rows(flow: pd.DataFrame) -> list[Row]:
    """Who was followed from each origin, and what came."""
    return [
        {
            "Origin": row["origin"],
            "Use": row["use"],
            "Adults": count(row["adults"]),
            "Admitted": count(row["admitted"]),
            "Died without": count(row["died"]),
            "Left": count(row["left"]),
            "Followed to the end": count(row["followed"]),
        }
        for row in flow.to_dict("records")
    ]


def performance_rows(overall: pd.DataFrame) -> list[Row]:
    """Figures of every model with their intervals."""
    return [
        {
            "Model": row["model"],
            "Area under the curve": figure(row, "auc", 3),
            "Brier score": figure(row, "brier", 4),
            "Observed to expected": figure(row, "observed_to_expected", 2),
            "Calibration slope": figure(row, "slope", 2),
        }
        for row in overall.to_dict("records")
    ]


def difference_rows(differences: pd.DataFrame, chosen: str) -> list[Row]:
    """How much better the chosen model tells people apart than each other."""
    return [
        {"Model": row["model"], "Than": row["other_model"], "Difference": figure(row, "auc", 3)}
        for row in differences[differences["model"] == chosen].to_dict("records")
    ]


def at_top_rows(at_top: pd.DataFrame, chosen: str) -> list[Row]:
    """What came of those at the top of the list of the chosen model."""
    return [
        {
            "Top": f"{row['top'] * 100:g}%",
            "People": count(row["flagged"]),
            "Admitted": count(row["admitted"]),
            "Of them admitted": rate(row, "ppv"),
            "Of all admissions": rate(row, "sensitivity"),
            "Times the mean": figure(row, "lift", 1),
        }
        for row in at_top[at_top["model"] == chosen].to_dict("records")
    ]


def left_out_rows(overall: pd.DataFrame) -> list[Row]:
    """Figures on practices that were left out."""
    return [{name: row[name] for name in row if name != "Brier score"} for row in performance_rows(overall)]


def fairness_rows(by_group: pd.DataFrame, chosen: str) -> list[Row]:
    """How right risks are in each group, and how much of the top of the list it is."""
    made = []
    for row in by_group[by_group["model"] == chosen].to_dict("records"):
        few = bool(row.get("reason"))
        made.append(
            {
                "Group": f"{GROUPS.get(row['group'], row['group'])}: {row['value']}",
                "People": count(row["people"]),
                "Admitted": percent(row.get("observed")),
                "Area under the curve": row["reason"] if few else figure(row, "auc", 2),
                "Observed to expected": NOT_SHOWN if few else figure(row, "observed_to_expected", 2),
                "In the top 5%": share(row["flagged"], row["people"]),
            }
        )
    return made


def figure(row: dict[str, Any], name: str, decimals: int) -> str:
    """A figure with its limits, or that it is not shown.

    Examples
    --------
    >>> figure({"auc": 0.7123, "auc_lower": 0.70, "auc_upper": 0.72}, "auc", 3), figure({"auc": None}, "auc", 3)
    ('0.712 (0.700 to 0.720)', 'not shown')
    """
    value, low, high = (row.get(f"{name}{end}") for end in ("", "_lower", "_upper"))
    if value is None or pd.isna(value):
        return NOT_SHOWN
    limits = "" if pd.isna(low) or pd.isna(high) else f" ({low:.{decimals}f} to {high:.{decimals}f})"
    return f"{round(value, decimals) + 0.0:.{decimals}f}{limits}"


def auc_in_words(row: dict[str, Any]) -> str:
    """The area under the curve of a released row, as a command says it."""
    return f"area under the curve {figure(row, 'auc', 3)}"


def rate(row: dict[str, Any], name: str) -> str:
    """A share of released counts with its limits."""
    if pd.isna(row[name]):
        return NOT_SHOWN
    return f"{percent(row[name])} ({percent(row[f'{name}_lower'])} to {percent(row[f'{name}_upper'])})"


def share(part: Any, whole: Any) -> str:
    """One released count as a share of another."""
    if pd.isna(part) or pd.isna(whole) or not whole:
        return NOT_SHOWN
    return percent(part / whole)
