"""What of QRISK3 records cannot show, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis import codelists
from pcn_analysis.scores.qrisk3.inputs import CONDITIONS, INPUTS
from pcn_analysis.tables import CONDITION_NAMES
from pcn_analysis.words import listed, within_sentence

if TYPE_CHECKING:
    from collections.abc import Collection

MEDICINES = ("statin", "atypical_antipsychotics", "corticosteroids", "treated_hypertension", "erectile_dysfunction")
"""Inputs that need issues of medicines."""
READINGS: dict[str, tuple[tuple[str, ...], ...]] = {
    "smoking": (("cigarettes",),),
    "bmi": (("bmi",), ("weight", "height")),
    "systolic": (("sbp",),),
    "systolic_sd": (("sbp",),),
    "cholesterol_ratio": (("cholesterol_hdl_ratio",), ("cholesterol", "hdl_cholesterol")),
}
"""Measurements that an input needs; any of its groups will do."""
PEOPLE = ("age", "sex", "ethnicity_group")
"""Inputs that are known of people themselves."""
_MEASURED = {slug: within_sentence(name) for slug, name in codelists.names("measurement_units", "measurement").items()}
_CODED = CONDITIONS | {"treated_hypertension": CONDITIONS["hypertension"]}


def reasons(
    covered: Collection[str], *, medicines: bool, measurements: Collection[str], given: Collection[str] = ()
) -> dict[str, str]:
    """Say why records could not show some inputs in full: by column of ``INPUTS``, in its order.

    Parameters
    ----------
    covered
        Conditions that the records were coded for.
    medicines
        Whether issues of medicines with BNF codes are held.
    measurements
        Measurements of which there are values.
    given
        Columns of ``INPUTS`` that are known from elsewhere.

    Examples
    --------
    >>> reasons(CONDITION_NAMES, medicines=True, measurements=["bmi", "sbp"], given=["townsend"])
    {'smoking': 'no readings of cigarettes smoked', 'cholesterol_ratio': 'no readings of ratio of total to HDL
     cholesterol, or of total cholesterol and HDL cholesterol'}
    """
    found = {column: _reason(column, set(covered), medicines, set(measurements)) for column in INPUTS}
    return {column: why for column, why in found.items() if why and column not in given}


def unassessable(
    covered: Collection[str], *, medicines: bool, measurements: Collection[str], given: Collection[str] = ()
) -> list[str]:
    """Name the inputs that records could not show in full, in the order of ``INPUTS``; as :func:`reasons`.

    Examples
    --------
    >>> unassessable(CONDITION_NAMES, medicines=True, measurements=["bmi", "sbp"], given=["townsend", "smoking"])
    ['cholesterol ratio']
    """
    why = reasons(covered, medicines=medicines, measurements=measurements, given=given)
    return [INPUTS[column].name for column in why]


def _reason(column: str, covered: set[str], medicines: bool, measurements: set[str]) -> str:
    """Why an input could not be shown; empty where it could."""
    said = []
    if absent := [within_sentence(CONDITION_NAMES[slug]) for slug in _CODED.get(column, ()) if slug not in covered]:
        said.append(f"no list of codes covers {listed(absent)}")
    if column in MEDICINES and not medicines:
        said.append("no issues of medicines with BNF codes")
    groups = READINGS.get(column, ())
    if groups and not any(measurements.issuperset(group) for group in groups):
        said.append("no readings of " + ", or of ".join(listed([_MEASURED[one] for one in group]) for group in groups))
    if column not in (*_CODED, *MEDICINES, *READINGS, *PEOPLE):
        said.append("no record holds it")
    return "; ".join(said)
