"""Which workbooks are at hand, and what they hold."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from tests.oracles import funnels, inequality, limits, standardised
from tests.oracles.comparison import Comparison

VARIABLE = "PCN_ORACLES"
"""Environment variable with a folder of further workbooks."""
BESIDE = Path(__file__).parents[3] / "shared" / "reference" / "oracles"
"""The folder beside the repository."""
READERS = (
    limits.byar_and_wilson,
    limits.crude_rates_and_proportions,
    standardised.direct,
    standardised.indirect,
    inequality.slope_and_relative_index,
    funnels.ratios,
    funnels.rates,
    funnels.proportions,
    funnels.labels,
)
"""Each takes the sheets of a workbook and gives comparisons: none where it is of another kind."""


def folders() -> list[Path]:
    """Folders of workbooks that are there."""
    named = os.environ.get(VARIABLE)
    return [folder for folder in (BESIDE, *([Path(named)] if named else [])) if folder.is_dir()]


def find(*where: Path) -> list[Path]:
    """Workbooks and CSV files of folders, each name once, in order."""
    paths = {path.name: path for folder in where for path in folder.rglob("*") if path.suffix in {".xlsx", ".csv"}}
    return [paths[name] for name in sorted(paths)]


def sheets_of(path: Path) -> dict[str, pd.DataFrame]:
    """Sheets of a workbook by name; a CSV file is one."""
    if path.suffix == ".csv":
        return {path.stem: pd.read_csv(path, encoding="utf-8-sig")}
    return pd.read_excel(path, sheet_name=None)


def compare(path: Path) -> list[Comparison]:
    """Everything of a workbook that a reader recognises; nothing where none does."""
    sheets = sheets_of(path)
    return [comparison for reader in READERS for comparison in reader(sheets)]
