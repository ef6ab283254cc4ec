"""The published measures of the Network Contract in miniature, for the practices of :mod:`tests.miniature`.

Since then Gorse Surgery, A90007, was absorbed by Birch Practice, A90002; network U90002 has another name and is
smaller; U90009 is gone; U90003 was not published, nor Damson Surgery, A90004, which is in none.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

NAME = "IIF_indicators_annual_pub_2023_24.csv"
OF_NETWORKS = {
    ("U90001", "NORTHFIELD CENTRAL PCN"): (100, 7_000, 90, 6_900, 105, 95),
    ("U90002", "COAST PCN"): (120, 8_000, 110, 7_900, 125, 115),
    ("U90009", "FORMER PCN"): (60, 5_000, 55, 5_000, 65, 60),
}
"""Of each network: ACC-10 numerator and denominator, those of its baseline, ACC-10b numerator, that of its baseline."""
OF_PRACTICES = {
    ("A90001", "ALDER SURGERY"): (8_000, 10_000, 40),
    ("A90002", "BIRCH PRACTICE"): (5_000, 6_000, 0),
    ("A90003", "CEDAR MEDICAL CENTRE"): (9_000, 10_000, 25),
    ("A90005", "ELDER PRACTICE"): (3_000, 5_000, 35),
    ("A90006", "FIR MEDICAL CENTRE"): (6_000, 8_000, 0),
    ("A90007", "GORSE SURGERY"): (700, 1_000, 10),
}
"""Of each practice: ACC-08 numerator and denominator, EHCH-04 numerator."""
LABELS = {
    "PCN": (
        ("NCDMI210", "ACC-10 standardised numerator"),
        ("NCDMI210", "ACC-10 denominator"),
        ("NCDMI210", "ACC-10 baseline numerator"),
        ("NCDMI210", "ACC-10 baseline denominator"),
        ("NCDMI191", "ACC-10b non-standardised numerator"),
        ("NCDMI191", "ACC-10b baseline non-standardised numerator"),
    ),
    "GP practice": (
        ("NCD026", "ACC-08 Numerator"),
        ("NCD026", "ACC-08 Denominator"),
        ("NCDMI198", "EHCH-04 Numerator"),
    ),
}


def contract_measures() -> pd.DataFrame:
    """Every row, in the publisher's layout; all of it text."""
    rows = [
        (kind, code, name, "NCD2324", "31/03/2024", indicator, label, str(value))
        for kind, organisations in (("PCN", OF_NETWORKS), ("GP practice", OF_PRACTICES))
        for (code, name), values in organisations.items()
        for (indicator, label), value in zip(LABELS[kind], values, strict=True)
    ]
    columns = ["TYPE", "CODE", "NAME"]
    return pd.DataFrame(
        rows,
        columns=[
            *(f"ORGANISATION_{one}" for one in columns),
            *("QUALITY_SERVICE", "ACH_DATE", "IND_CODE", "MEASURE", "VALUE"),
        ],
    )


def write_contract_measures(folder: Path, frame: pd.DataFrame | None = None) -> Path:
    """Write the file, or a changed one, into a folder and return the folder."""
    (contract_measures() if frame is None else frame).to_csv(folder / NAME, index=False)
    return folder


def with_value(frame: pd.DataFrame, organisation: str, label: str, value: str) -> pd.DataFrame:
    """The file with another value in one cell."""
    one = (frame["ORGANISATION_CODE"] == organisation) & (frame["MEASURE"] == label)
    return frame.assign(VALUE=frame["VALUE"].mask(one, value))
