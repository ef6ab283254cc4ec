"""Invented staff of networks and invented payments, about as large as those that are published of England.

How much of each role there is for each patient, over the country, follows the published files (``tests/published``
holds it against the sums); how far networks stray from that is invented.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pcn_analysis.tables.published import CONTRACTED, STAFF

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNTED_ON = dt.date(2026, 6, 30)
"""Day of the invented count."""
CARE, NURSES, OFFICE = "Other Direct Patient Care staff", "Other Nurses", "Other Admin/Non-clinical staff"
ROLES: tuple[tuple[str, str, str, str | None, float, float], ...] = (
    (CARE, "Pharmacists", "Pharmacist", "clinical_pharmacist", 0.906, 0.21),
    (CARE, "Care Coordinators", "Care Coordinator", "care_coordinator", 0.800, 0.10),
    (CARE, "Social Prescribing Link Workers", "Social Prescribing Link Worker", "social_prescribing_link_worker",
     0.418, 0.27),
    (CARE, "Pharmacy Technicians", "Pharmacy Technician", "pharmacy_technician", 0.345, 0.11),
    (CARE, "Physiotherapists", "Physiotherapist", "first_contact_physiotherapist", 0.265, 0.60),
    (CARE, "General Practice Assistants", "General Practice Assistant", "general_practice_assistant", 0.254, 0.10),
    (CARE, "Paramedics", "Paramedic", "paramedic", 0.195, 0.10),
    ("Other GPs", "Salaried GPs", "Salaried By PCN", "gp", 0.175, 0.09),
    (CARE, "Physician Associates", "Physician Associate", "physician_associate", 0.154, 0.07),
    (CARE, "Health and Wellbeing Coaches", "Health and Wellbeing Coach", "health_and_wellbeing_coach", 0.153, 0.22),
    (NURSES, "Advanced Nurse Practitioners", "Advanced Nurse Practitioner", "advanced_practitioner", 0.115, 0.15),
    (CARE, "Nursing Associates", "Nursing Associate", "nursing_associate", 0.094, 0.06),
    (CARE, "Mental Health and Wellbeing Practitioners (Mental Health Practitioners)",
     "Mental Health and Wellbeing Practitioner (Mental Health Practitioner - Adult)",
     "mental_health_practitioner_adult", 0.067, 0.62),
    (OFFICE, "Digital and Transformation Leads", "Digital and Transformation Lead",
     "digital_and_transformation_lead", 0.063, 0.0),
    (OFFICE, "Managers", "Manager", None, 0.071, 0.0),
    ("Directors", "Medical Clinical Director (GP)", "Clinical Director – Medical", None, 0.047, 0.0),
)  # fmt: skip
"""Group, role and detailed role as published; the scheme's role; whole-time equivalents per 10,000 patients, and the
share of them in contracted services. England, 30 June 2026 (NHS England, Primary Care Network Workforce) over patients
of 1 July 2026."""
POSTS = (0.4, 0.6, 0.8, 1.0, 1.0)
"""Whole-time equivalents that a person may have; invented."""
MOSTLY = 1.5
"""How likely a network is to have contracted a service, for each unit of the share that is contracted; invented."""
NOT_IN_THE_FILE = "U00007"
"""Network that sent nothing, and so is not in the invented file."""

PARTICIPATION = 1.743
"""GBP for each weighted patient, the median of networks. England, 2022/23 (NHS England, NHS Payments to General
Practice)."""
OF_LINES = {
    "leadership": 0.704,
    "support": 0.745,
    "extended_access": 0.714,
    "enhanced_access": 0.509,
    "additional_roles": 10.467,
    "investment_and_impact": 1.346,
    "care_home_premium": 0.425,
}
"""GBP for each registered patient, medians of networks that show any. England, 2022/23 (as above)."""
WHOLE = {"care_home_premium": 60}
"""GBP of which a line is a multiple: what a bed brings in six months, at 10 a month."""
SHOWN_OF = {"enhanced_access": ("U00001",)}
"""Networks of which a line is shown, where it is not all."""
NOTHING_SHOWN = ("U00003",)
"""Networks of which every line shows 0 but for participation."""
YEAR = "2022/23"


def invent_workforce(networks: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Invent who works for each network.

    Parameters
    ----------
    networks
        pcn_code, pcn_name, patients.
    rng
        Random numbers.

    Returns
    -------
    DataFrame
        Rows of the table ``network_workforce``; none of the network that sent nothing.

    Examples
    --------
    >>> networks = pd.DataFrame({"pcn_code": ["U00001", "U00007"], "pcn_name": ["A", "B"], "patients": [50_000, 4_000]})
    >>> sorted(set(invent_workforce(networks, np.random.default_rng(1))["pcn_code"]))
    ['U00001']
    """
    there = networks[networks["pcn_code"] != NOT_IN_THE_FILE]
    rows = [row for network in there.itertuples() for row in _of_network(float(network.patients), network, rng)]
    names = ["pcn_code", "pcn_name", "staff_group", "staff_role", "detailed_role", "role", "source"]
    frame = pd.DataFrame(rows, columns=[*names, "people", "fte", "largest_fte"])
    return frame.assign(counted_on=pd.Timestamp(COUNTED_ON))


def _of_network(patients: float, network: object, rng: np.random.Generator) -> Iterator[tuple]:
    """Staff and contracted services of one network; a role of which nothing is drawn has no row."""
    code, name = network.pcn_code, network.pcn_name  # type: ignore[attr-defined]
    for group, role, detailed, slug, per_10_000, contracted in ROLES:
        wanted = per_10_000 * patients / 10_000 * rng.lognormal(0, 0.5)
        posts = rng.choice(POSTS, size=rng.poisson(wanted * (1 - contracted) / np.mean(POSTS)))
        chance = min(1.0, MOSTLY * contracted)
        service = round(float(wanted * contracted / chance), 2) if contracted and rng.random() < chance else 0.0
        names = (code, name, group, role, detailed, slug)
        if len(posts):
            yield (*names, STAFF, len(posts), round(float(posts.sum()), 2), float(posts.max()))
        if service > 0:
            yield (*names, CONTRACTED, None, service, None)


def invent_payments(practices: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Invent what practices and their networks were paid.

    Parameters
    ----------
    practices
        practice_code, practice_name, pcn_code, pcn_name, list_size; closed and survivor.
    rng
        Random numbers.

    Returns
    -------
    tuple of DataFrame
        Rows of the tables ``practice_payments`` and ``network_payments``.
    """
    lists = practices["list_size"].astype(float).to_numpy()
    own = practices[["practice_code", "practice_name", "pcn_code", "pcn_name", "closed", "survivor"]].assign(
        contract_year=YEAR,
        registered=(lists * 0.97).round(2),
        weighted=(lists * 0.97 * rng.lognormal(0, 0.06, len(lists))).round(2),
    )
    own["participation"] = (PARTICIPATION * own["weighted"]).round(2).where(own["pcn_code"].notna(), 0.0)
    groups = own.dropna(subset=["pcn_code"]).groupby("pcn_code")
    sums = groups.agg(pcn_name=("pcn_name", "first"), registered=("registered", "sum"), practices=("closed", "size"),
                      participation=("participation", "sum"))  # fmt: skip
    rows = [row for network in sums.itertuples() for row in _lines(network, rng)]
    lines = pd.DataFrame(rows, columns=["pcn_code", "pcn_name", "line", "practices", "amount"])
    return own, lines.assign(contract_year=YEAR)


def _lines(network: object, rng: np.random.Generator) -> Iterator[tuple]:
    """Lines of one network, each paid to one practice; none shown of some."""
    code, name = network.Index, network.pcn_name  # type: ignore[attr-defined]
    for line, each in OF_LINES.items():
        drawn = round(float(each * network.registered * rng.lognormal(0, 0.05)), 2)  # type: ignore[attr-defined]
        if line in WHOLE:
            drawn = float(WHOLE[line] * round(drawn / WHOLE[line]))
        shown = code not in NOTHING_SHOWN and code in SHOWN_OF.get(line, (code,))
        yield (code, name, line, int(shown), drawn if shown else None)
    yield (code, name, "participation", network.practices, round(network.participation, 2))  # type: ignore[attr-defined]
