"""Who works for each network: the individual-level file of the Primary Care Network Workforce, counted.

The file has a row for each person and role, and one for each contracted service, of which it says how much work it is
and not who does it. A person's identifier is used to count people, within one network and one role, and goes no
further. Which of the scheme's roles a published role is stands in ``codelists/workforce_roles.csv``; a role that the
list does not have is kept under its published name. A place can be made without the file: what rests on it is then not
known.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis import codelists, codes
from pcn_analysis.exceptions import PcnAnalysisError, Problem
from pcn_analysis.sources.published_files import AGAIN, read_table
from pcn_analysis.tables.published import CONTRACTED, STAFF
from pcn_analysis.words import number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCES = {"nwrs staff": STAFF, "nwrs contracted services": CONTRACTED}
"""What the file calls where a row comes from, in small letters, and what it is called here."""
LARGEST_FTE = 20.0
"""Whole-time equivalents that no row can have; the largest of June 2026 is 6.7, of a contracted service."""
COLUMNS = {
    "source": ("data_source",),
    "year": ("census_year",),
    "month": ("census_month",),
    "pcn_code": ("pcn_code",),
    "pcn_name": ("pcn_name",),
    "staff_group": ("staff_group",),
    "staff_role": ("staff_role",),
    "detailed_role": ("detailed_staff_role",),
    "fte": ("fte",),
    "person": ("unique_identifier",),
}
KEYS = ["pcn_code", "staff_group", "staff_role", "detailed_role", "source"]


def read_network_workforce(path: Path, expected: dt.date) -> pd.DataFrame:
    r"""Read how many people and whole-time equivalents each network has in each role.

    Parameters
    ----------
    path
        The publisher's zip, or the CSV file in it.
    expected
        The day that it must be of, the last of a month.

    Returns
    -------
    DataFrame
        Rows of the table ``network_workforce``, of every network in the file: a network without a row is not in it,
        which is not a network without staff. ``fte`` is null where the file leaves any of its rows blank; ``people``
        and ``largest_fte`` are null of contracted services, and where a row of staff names nobody.

    Raises
    ------
    PcnAnalysisError
        As :func:`read_table`; else with everything that is wrong: another month, sources of rows that the file does not
        have, codes of no network, roles without a name, no or too large an FTE.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> path = Path(tempfile.mkdtemp()) / "workforce.csv"
    >>> _ = path.write_text(
    ...     "DATA_SOURCE,CENSUS_YEAR,CENSUS_MONTH,PCN_CODE,PCN_NAME,STAFF_GROUP,STAFF_ROLE,DETAILED_STAFF_ROLE,FTE,"
    ...     "UNIQUE_IDENTIFIER\nNWRS Staff,2026,6,U00001,HARBOUR PCN,Other,Paramedics,Paramedic,0.6,1\n"
    ...     "NWRS Staff,2026,6,U00001,HARBOUR PCN,Other,Paramedics,Paramedic,0.2,1\n")
    >>> frame = read_network_workforce(path, dt.date(2026, 6, 30))
    >>> frame[["pcn_name", "role", "people", "fte", "largest_fte"]].values.tolist()
    [['Harbour PCN', 'paramedic', 1, 0.8, 0.8]]
    """
    cells = read_table(path, COLUMNS, member="*individual*.csv").fillna("").astype("str")
    cells = cells.apply(lambda column: column.str.strip())
    cells["source"] = cells["source"].str.casefold().map(SOURCES)
    cells["number"] = pd.to_numeric(cells["fte"].where(cells["fte"] != ""), errors="coerce").astype("Float64")
    problems = [Problem(path.name, what, remedy) for what, remedy in _wrong(cells, expected)]
    if problems:
        raise PcnAnalysisError(*problems)
    frame = _counted(cells)
    names = cells.groupby("pcn_code")["pcn_name"].first().map(codes.tidy_name)
    return frame.assign(
        pcn_name=frame["pcn_code"].map(names), counted_on=pd.Timestamp(expected), role=scheme_roles(frame)
    )


def unlisted_roles(workforce: pd.DataFrame) -> pd.DataFrame:
    """Rows under roles that the codelist does not have.

    Parameters
    ----------
    workforce
        staff_role and detailed_role.
    """
    keys = pd.MultiIndex.from_arrays([_folded(workforce["staff_role"]), _folded(workforce["detailed_role"])])
    return workforce[~keys.isin(list(_listed()))]


def scheme_roles(workforce: pd.DataFrame) -> list[str | None]:
    """Which of the scheme's roles each row is of; None where it is of none, or not in the codelist.

    Examples
    --------
    >>> roles = {"staff_role": ["Paramedics", "Managers"], "detailed_role": ["Paramedic", "Manager"]}
    >>> scheme_roles(pd.DataFrame(roles))
    ['paramedic', None]
    """
    listed = _listed()
    pairs = zip(_folded(workforce["staff_role"]), _folded(workforce["detailed_role"]), strict=True)
    return [listed.get(pair) or None for pair in pairs]


def _listed() -> dict[tuple[str, str], str]:
    rows = pd.DataFrame(codelists.rows("workforce_roles"))
    pairs = zip(_folded(rows["staff_role"]), _folded(rows["detailed_role"]), strict=True)
    return dict(zip(pairs, rows["role"], strict=True))


def _folded(names: pd.Series) -> pd.Series:
    """Names of roles as they are compared: whatever their case, spaces and kind of dash."""
    return names.str.casefold().str.replace("[–—-]", "-", regex=True).str.split().str.join(" ")


def _wrong(cells: pd.DataFrame, expected: dt.date) -> Iterator[tuple[str, str]]:
    """Everything that is wrong with the cells of a file, and what to do."""
    unchanged = f"Use the publisher's file of {expected:%B %Y}, unchanged."
    year, month = (pd.to_numeric(cells[name], errors="coerce") for name in ("year", "month"))
    if late := int((~(year.eq(expected.year) & month.eq(expected.month))).sum()):
        yield f"is not of {expected:%B %Y} in {number(late, 'row')}", unchanged
    if strange := int(cells["source"].isna().sum()):
        yield f"column data_source is neither staff nor contracted services in {number(strange, 'row')}", unchanged
    if odd := int((~cells["pcn_code"].str.match(codes.NETWORK)).sum()):
        yield f"column pcn_code holds no code of a network in {number(odd, 'row')}", AGAIN
    if unnamed := int((cells[["staff_role", "detailed_role"]] == "").any(axis=1).sum()):
        yield f"no role is named in {number(unnamed, 'row')}", AGAIN
    bad = (cells["number"].isna() & (cells["fte"] != "")) | (cells["number"] < 0).fillna(False)
    if broken := int(bad.sum()):
        yield f"column fte holds no whole-time equivalent in {number(broken, 'row')}", AGAIN
    if large := int((cells["number"] > LARGEST_FTE).fillna(False).sum()):
        yield f"column fte is over {LARGEST_FTE:g} in {number(large, 'row')}", AGAIN


def _counted(cells: pd.DataFrame) -> pd.DataFrame:
    """People and FTE by network and role; identifiers are left behind here."""
    groups = cells.assign(blank=cells["number"].isna(), nobody=cells["person"] == "").groupby(KEYS, sort=True)
    frame = groups.agg(fte=("number", "sum"), blank=("blank", "any"), nobody=("nobody", "any"))
    each = cells[cells["person"] != ""].groupby([*KEYS, "person"])["number"].sum().groupby(KEYS)
    frame["people"], frame["largest_fte"] = each.size().astype("Int64"), each.max().astype("Float64")
    unknown = frame.pop("nobody") | (frame.index.get_level_values("source") == CONTRACTED)
    blank = frame.pop("blank")
    frame["people"] = frame["people"].mask(unknown)
    frame["largest_fte"] = frame["largest_fte"].mask(unknown | blank)
    frame["fte"] = frame["fte"].astype("Float64").mask(blank)
    return frame.reset_index()
