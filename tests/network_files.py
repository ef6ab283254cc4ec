"""Workforce and payments in miniature, in their publishers' layouts, for the networks of :mod:`tests.miniature`.

Northfield Central PCN, U90001, has a pharmacist in two rows, two more pharmacists, a paramedic alone, a contracted
service and a manager. Coast and Mere PCN, U90002, has one link worker. Southmere PCN, U90003, is not in the file.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd

WORKFORCE = "PCNWFIndividualCSV.062026.zip"
MEMBER = "1.Primary Care Networks - June 2026 Individual Level.csv"
PAYMENTS = "nhs_payments_gp_2022-23.csv"
STAFF, SERVICE = "NWRS Staff", "NWRS contracted services"
CARE = "Other Direct Patient Care staff"
CENTRAL, COAST = ("U90001", "NORTHFIELD CENTRAL PCN"), ("U90002", "COAST AND MERE PCN")

STAFF_ROWS = [
    (STAFF, *CENTRAL, CARE, "Pharmacists", "Pharmacist", "0.6", "900001"),
    (STAFF, *CENTRAL, CARE, "Pharmacists", "Pharmacist", "0.3", "900001"),
    (STAFF, *CENTRAL, CARE, "Pharmacists", "Pharmacist", "0.25", "900002"),
    (STAFF, *CENTRAL, CARE, "Pharmacists", "Pharmacist", "0.25", "900003"),
    (STAFF, *CENTRAL, CARE, "Paramedics", "Paramedic", "1", "900004"),
    (SERVICE, *CENTRAL, CARE, "Physiotherapists", "Physiotherapist", "2.5", ""),
    (STAFF, *CENTRAL, "Other Admin/Non-clinical staff", "Managers", "Manager", "0.5", "900005"),
    (STAFF, *COAST, CARE, "Social Prescribing Link Workers", "Social Prescribing Link Worker", "0.8", "900006"),
]
"""Source, code and name of the network, staff group, role, detailed role, FTE and identifier."""
COLUMNS = [
    *("Data_source", "PCN_CODE", "PCN_NAME", "STAFF_GROUP", "STAFF_ROLE", "DETAILED_STAFF_ROLE", "FTE"),
    "UNIQUE_IDENTIFIER",
]
MONEY = {
    "leadership": "PCN Leadership",
    "support": "PCN Support",
    "extended_access": "PCN Extended Hours Access",
    "enhanced_access": "PCN Enhanced Access",
    "additional_roles": "PCN Workforce",
    "investment_and_impact": "PCN Investment and impact Fund",
    "care_home_premium": "PCN Care Home Premium",
    "participation": "PCN Participation",
}
REGISTERED = "Number of Registered Patients (Last Known Figure)"
WEIGHTED = "Number of Weighted Patients (Last Known Figure)"
PAID = {
    "A90001": (CENTRAL, "2500.25", "2600.5", {"leadership": "3500", "support": "-20", "participation": "4500"}),
    "A90002": (CENTRAL, "4100", "4000", {"participation": "7000"}),
    "A90003": (COAST, "2400", "2450", {"participation": "4300"}),
    "A90004": (("Unknown or no PCN", "Unknown or no PCN"), "1100", "1000", {}),
    "A90007": (CENTRAL, "0", "0", {"participation": "-12.5"}),
}
"""Of each practice: its network, its lists and its money; A90007 has closed."""


def workforce() -> pd.DataFrame:
    """The workforce of June 2026, all of it text."""
    frame = pd.DataFrame(STAFF_ROWS, columns=COLUMNS)
    frame.insert(1, "CENSUS_YEAR", "2026")
    frame.insert(2, "CENSUS_MONTH", "6")
    return frame.assign(ICB_CODE="QZZ", ICB_NAME="NHS Invented ICB")


def payments() -> pd.DataFrame:
    """Payments of 2022/23, all of it text."""
    rows = []
    for code, (network, registered, weighted, paid) in PAID.items():
        money = {name: paid.get(line, "0") for line, name in MONEY.items()}
        rows.append(
            {
                "CCG Code": "99Z",
                "Code": network[0],
                "CCG NAME": network[1],
                "Practice Code": code,
                "Practice Name": f"PRACTICE {code}",
                "Practice Close Date": "31/03/2026" if code == "A90007" else "",
                REGISTERED: registered,
                WEIGHTED: weighted,
                **money,
            }
        )
    return pd.DataFrame(rows)


def write_workforce(folder: Path, frame: pd.DataFrame | None = None) -> Path:
    """Write the zip as it is published, with a second file in it and a byte order mark; return its path."""
    text = (workforce() if frame is None else frame).to_csv(index=False)
    with zipfile.ZipFile(folder / WORKFORCE, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0.Guide to using Pivot Tables with the Individual-level CSV.pdf", b"%PDF")
        archive.writestr(MEMBER, "\ufeff" + text)
    return folder / WORKFORCE


def write_payments(folder: Path, frame: pd.DataFrame | None = None) -> Path:
    """Write the file of payments, with a byte order mark; return its path."""
    (payments() if frame is None else frame).to_csv(folder / PAYMENTS, index=False, encoding="utf-8-sig")
    return folder / PAYMENTS
