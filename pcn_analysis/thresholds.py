"""The few limits that more than one module needs, each said once with its source."""

from __future__ import annotations

NETWORK_SIZE = (30_000, 50_000)
"""Patients that a network was expected to have (NHS England, Network Contract Directed Enhanced Service)."""

SIZE_BANDS = ("under 30,000", "30,000 to 50,000", "over 50,000")

SERVED_SHARE = 0.05
"""An area is counted as served by a network from this share of its registered patients; our choice."""

UNCERTAIN_SHARE = 0.50
UNCERTAIN_MARGIN = 0.05
"""Below this winning share, or this margin over the runner-up, an area's network is uncertain; our choice."""

CORE20_DECILES = 2
"""Core20: the most deprived fifth of areas, deciles 1 and 2 (NHS England, Core20PLUS5)."""

SMALLEST_SHOWN = 8
"""Smallest count of people that is shown, but for 0 (Hospital Episode Statistics, analysis guide)."""

ROUNDED_TO = 5
"""Counts of people that are shown go to the nearest of it (the same guide)."""

FRAILTY_DEFICITS = 36
"""Deficits of the electronic frailty index (Clegg 2016, doi:10.1093/ageing/afw039)."""


def size_band(list_size: float) -> str:
    """Say which size band a list is in; 30,000 and 50,000 are both in the middle one.

    Examples
    --------
    >>> [size_band(n) for n in (29_999, 30_000, 50_000, 50_001)]
    ['under 30,000', '30,000 to 50,000', '30,000 to 50,000', 'over 50,000']
    """
    return SIZE_BANDS[int(list_size >= NETWORK_SIZE[0]) + int(list_size > NETWORK_SIZE[1])]
