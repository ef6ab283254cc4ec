"""Measures that NHS England publishes of the Network Contract, by network and practice: the IIF of 2023/24.

Which measures there are, what each is called in the file and of whom it is published stands in
``codelists/published_measures.csv``, with the source of every meaning. A place can be made without the file: what rests
on it is then not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis import codelists, codes
from pcn_analysis.exceptions import PcnAnalysisError, Problem
from pcn_analysis.sources.published_files import AGAIN, LARGEST, read_table
from pcn_analysis.words import number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PUBLISHED_IN = "IIF 2023/24"
"""What the codelist calls the file."""
ACHIEVED_BY = "31/03/2024"
"""The date inside the file, the last day of the contract year."""
WITHHELD = ("", "*")
"""Cells that hold no value: blank, or withheld by the publisher."""
LEVELS = {"PCN": "network", "GP practice": "practice"}
"""Kinds of organisation in the file, and what they are called here."""
PATTERNS = {"network": codes.NETWORK, "practice": codes.PRACTICE}
COLUMNS = {
    "level": ("organisation_type",),
    "organisation_code": ("organisation_code",),
    "organisation_name": ("organisation_name",),
    "date": ("ach_date",),
    "code": ("ind_code",),
    "label": ("measure",),
    "value": ("value",),
}


def measures() -> list[dict[str, str]]:
    """Rows of the codelist that are of this file.

    Examples
    --------
    >>> [row["measure"] for row in measures()][:2]
    ['ehch_04', 'acc_08']
    """
    return [row for row in codelists.rows("published_measures") if row["published_in"] == PUBLISHED_IN]


def read_published_measures(path: Path) -> pd.DataFrame:
    """Read the measures of every network and practice.

    Returns
    -------
    DataFrame
        One row an organisation and measure: organisation_type (``network`` or ``practice``), organisation_code,
        organisation_name, measure, contract_year, numerator and denominator, both null where the publisher withholds
        them or leaves them blank, the second also where the measure has none.

    Raises
    ------
    PcnAnalysisError
        As :func:`read_table`; else with everything that is wrong: another year, no numbers, repeated rows, measures or
        organisations that the file of that year does not have, measures that it lacks, more in a part than in the
        whole.
    """
    cells = read_table(path, COLUMNS).fillna("").astype("str").apply(lambda column: column.str.strip())
    cells["level"] = cells["level"].replace(LEVELS)
    cells = cells.merge(_named_cells(), on=["level", "code", "label"], how="left")
    cells["number"] = pd.to_numeric(cells["value"].where(~cells["value"].isin(WITHHELD)), errors="coerce")
    problems = [Problem(path.name, what, remedy) for what, remedy in _wrong(cells)]
    if problems:
        raise PcnAnalysisError(*problems)
    frame = _paired(cells)
    above = _parts_above_wholes(frame)
    if above:
        raise PcnAnalysisError(Problem(path.name, f"a part is larger than the whole in {number(above, 'row')}", AGAIN))
    return frame


def _named_cells() -> pd.DataFrame:
    """Which measure a cell is of, and whether it is above or below the line, by what the file calls it."""
    return pd.DataFrame(
        [
            {"level": row["level"], "code": row["code"], "label": row[side], "slug": row["measure"], "side": side}
            for row in measures()
            for side in ("numerator", "denominator")
            if row[side]
        ]
    )


def _wrong(cells: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Everything that is wrong with the cells of a file, and what to do."""
    unchanged = "Use the publisher's file of 2023/24, unchanged."
    if late := int((cells["date"] != ACHIEVED_BY).sum()):
        yield f"column ach_date is not {ACHIEVED_BY} in {number(late, 'row')}", unchanged
    values = cells["number"]
    bad = values.isna() & ~cells["value"].isin(WITHHELD)
    if broken := int((bad | (values < 0) | (values > LARGEST)).sum()):
        yield f"column value holds no number in {number(broken, 'row')}", AGAIN
    if twice := int(cells.duplicated(["level", "organisation_code", "code", "label"]).sum()):
        yield f"{number(twice, 'row')} repeated, by organisation, indicator and measure", AGAIN
    if unknown := int(cells["slug"].isna().sum()):
        yield f"{number(unknown, 'row')} of measures that the file of 2023/24 does not have", unchanged
    lacking = [one for one in _named_cells()["label"] if one not in set(cells["label"])]
    if lacking:
        yield f"lacks {', '.join(lacking)}", unchanged
    odd = sum(
        int((~cells.loc[cells["level"] == level, "organisation_code"].str.match(pattern)).sum())
        for level, pattern in PATTERNS.items()
    )
    if odd:
        yield f"column organisation_code holds no code of a network or practice in {number(odd, 'row')}", AGAIN


def _paired(cells: pd.DataFrame) -> pd.DataFrame:
    """One row an organisation and measure, with what is above and below the line beside each other."""
    keys = ["level", "organisation_code", "slug"]
    name = cells.groupby(["level", "organisation_code"])["organisation_name"].first().map(codes.tidy_name)
    sides = {side: cells[cells["side"] == side].set_index(keys)["number"] for side in ("numerator", "denominator")}
    wide = pd.concat(sides, axis=1).sort_index().reset_index().join(name, on=["level", "organisation_code"])
    year = {row["measure"]: row["contract_year"] for row in measures()}
    wide = wide.rename(columns={"level": "organisation_type", "slug": "measure"})
    return wide.assign(contract_year=wide["measure"].map(year))


def _parts_above_wholes(frame: pd.DataFrame) -> int:
    """How many rows of a share have more in the part than in the whole."""
    shares = [row["measure"] for row in measures() if row["kind"] != "events" and row["denominator"]]
    return int((frame["measure"].isin(shares) & (frame["numerator"] > frame["denominator"])).sum())
