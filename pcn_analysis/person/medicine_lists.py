"""Which issues of medicines are on a list that is written as prefixes of BNF codes, some of them exceptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from pcn_analysis.engine import distinct, like

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pcn_analysis.engine import Lazy

SUBSTANCE = 9
"""Characters of a BNF code that name a chemical substance."""


def issues_on_lists(issues: Lazy, rows: Collection[Mapping[str, str]], *, name: str) -> Lazy:
    """Pick issues of medicines by the lists that they are on.

    Parameters
    ----------
    issues
        Issues with their bnf_code and any other columns. One without a code is on no list.
    rows, name
        As in :func:`codes_on_lists`.

    Returns
    -------
    LazyFrame
        One row an issue and list that it is on: the columns of ``issues`` and ``name``, in no order.

    Examples
    --------
    >>> from pcn_analysis.engine import lazy, to_pandas
    >>> issues = lazy(pd.DataFrame({"person_id": ["p1", "p2", "p3"], "bnf_code": ["0501013B0", "0212000B0", None]}))
    >>> rows = [{"group": "antibacterials", "bnf_prefix": "0501"}]
    >>> to_pandas(issues_on_lists(issues, rows, name="group"))["person_id"].to_list()
    ['p1']
    """
    codes = distinct(issues.select("bnf_code").filter(~nw.col("bnf_code").is_null()))
    return issues.join(codes_on_lists(codes, rows, name=name), on="bnf_code", how="inner")


def codes_on_lists(codes: Lazy, rows: Collection[Mapping[str, str]], *, name: str) -> Lazy:
    """Match BNF codes with the lists that they are on; of several prefixes of a list the longest decides.

    Parameters
    ----------
    codes
        Different BNF codes, without dots, of any length: bnf_code. One that is shorter than a prefix does not match it.
    rows
        Rows of a file of codelists: the name of a list, bnf_prefix (empty matches every code), is_in (TRUE or FALSE;
        a file without exceptions need not say so).
    name
        The column of ``rows`` that has the name of the list.

    Returns
    -------
    LazyFrame
        One row a code and list that it is on: bnf_code and ``name``.

    Examples
    --------
    >>> from pcn_analysis.engine import lazy, to_pandas
    >>> codes = lazy(pd.DataFrame({"bnf_code": ["0501013B0", "0503010D0"]}))
    >>> rows = [{"scope": "all", "bnf_prefix": prefix, "is_in": is_in}
    ...     for prefix, is_in in (("", "TRUE"), ("05", "FALSE"), ("050301", "TRUE"))]
    >>> to_pandas(codes_on_lists(codes, rows, name="scope"))["bnf_code"].to_list()
    ['0503010D0']
    """
    by_length: dict[int, list[dict[str, object]]] = {}
    for row in rows:
        listed: dict[str, object] = {
            name: row[name],
            "bnf_prefix": row["bnf_prefix"],
            "is_in": row.get("is_in", "TRUE") == "TRUE",
            "length": len(row["bnf_prefix"]),
        }
        by_length.setdefault(len(row["bnf_prefix"]), []).append(listed)
    parts = [
        codes.with_columns(bnf_prefix=nw.col("bnf_code").str.slice(0, length))
        .join(like(pd.DataFrame(of_length), codes), on="bnf_prefix", how="inner")
        .select("bnf_code", name, "is_in", "length")
        for length, of_length in by_length.items()
    ]
    longest = nw.concat(parts).unique(subset=["bnf_code", name], keep="last", order_by=["length"])
    return longest.filter(nw.col("is_in")).select("bnf_code", name)
