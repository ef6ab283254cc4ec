"""Patients of a place by area and practice or network: what every table of its networks begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis import codes
from pcn_analysis.network.registered import Patients, Registered, registered
from pcn_analysis.place import worked_out_once

if TYPE_CHECKING:
    import pandas as pd

    from pcn_analysis.place import Place

OUTSIDE_NETWORKS = "No network"
"""How practices in no network are named where they compete as one."""


@worked_out_once
def registered_of(place: Place) -> Registered:
    """Patients by area and practice: those of the place, and of practices elsewhere that share an area with them."""
    return registered(place.tables["registrations_by_area"].frame)


@worked_out_once
def patients_of(place: Place) -> Patients:
    """Patients by area and network; every area of the place's table has its total, of all practices."""
    return registered_of(place).grouped(groups_of(place))


def groups_of(place: Place) -> pd.Series:
    """Network of each practice, by practice code; null where it is in none."""
    return place.tables["practices"].frame.set_index("practice_code")["pcn_code"]


def names_of(place: Place) -> dict[str, str]:
    """Name of each network by its code, and of the practices in none."""
    practices = place.tables["practices"].frame.dropna(subset=["pcn_code"])
    return {
        **dict(zip(practices["pcn_code"], practices["pcn_name"], strict=True)),
        codes.NO_NETWORK: OUTSIDE_NETWORKS,
    }
