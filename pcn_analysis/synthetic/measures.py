"""Invented measures of the Network Contract, about as large as those that are published of England.

How many there are for each patient, over the country, follows the published file (``tests/published`` holds it against
the sums); how far practices and networks stray from that is invented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import numpy as np

YEAR = "2023/24"
"""Contract year of all of them."""
PATIENTS = 1_000_000
"""Patients of the invented country; nothing of it is drawn."""
APPOINTMENTS = 3.43
"""Appointments of ACC-08 for each patient, within two weeks or not. England, 2023/24 (NHS England, IIF 2023/24;
patients are the denominators of ACC-10)."""
WITHIN_TWO_WEEKS = 0.870
"""Share of these within two weeks of booking. England, 2023/24 (as above)."""
CARE_HOME_CONTACTS = 0.0432
"""Contacts in weekly care home rounds (EHCH-04) for each patient. England, 2023/24 (as above)."""
OF_NETWORKS = {"acc_10": 0.01333, "acc_10_baseline": 0.01244, "acc_10b": 0.01277, "acc_10b_baseline": 0.01189}
"""Of measures of networks: how many above the line for each patient below it. England, 2023/24 (as above, ACC-10b over
the denominators of ACC-10)."""
NUMERATOR_ALONE = ("acc_10b", "acc_10b_baseline")
"""Measures of networks that are published without a denominator, and are so here."""
NO_CARE_HOME = 0.58
"""Share of practices whose care home rounds are 0. England, 2023/24 (as above)."""

COLUMNS = ["organisation_type", "organisation_code", "measure", "numerator", "denominator"]
Row = tuple[str, str, str, int, int | None]


def invent_measures(lists: pd.Series, networks: pd.Series, country: str, rng: np.random.Generator) -> pd.DataFrame:
    """Invent the measures of practices, networks and the country.

    Parameters
    ----------
    lists, networks
        Patients by practice code, and by network code.
    country
        Name of the comparator.
    rng
        Random numbers.

    Returns
    -------
    DataFrame
        organisation_type, organisation_code, measure, contract_year, numerator, denominator.

    Examples
    --------
    >>> import numpy as np
    >>> none = pd.Series(dtype=int)
    >>> frame = invent_measures(none, none, "the invented country", np.random.default_rng(1))
    >>> frame.loc[frame["measure"] == "acc_08", ["numerator", "denominator"]].values.tolist()
    [[2984100.0, 3430000.0]]
    """
    everyone = pd.Series({country: PATIENTS})
    rows: list[Row] = []
    for kind, sizes in (("practice", lists), ("comparator", everyone)):
        for one, size in sizes.items():
            rows += _of_practice(kind, str(one), int(size), rng)
    for kind, sizes in (("network", networks), ("comparator", everyone)):
        for one, size in sizes.items():
            rows += _of_network(kind, str(one), int(size), rng)
    return pd.DataFrame(rows, columns=COLUMNS).assign(contract_year=YEAR)


def _of_practice(kind: str, organisation: str, size: int, rng: np.random.Generator) -> list[Row]:
    """Measures of one practice; those of the country are not drawn."""
    whole, part, visits = APPOINTMENTS * size, WITHIN_TWO_WEEKS, CARE_HOME_CONTACTS * size
    if kind == "practice":
        whole, part = whole * rng.lognormal(0, 0.2), rng.beta(20 * part, 20 * (1 - part))
        visits = 0 if rng.random() < NO_CARE_HOME else visits / (1 - NO_CARE_HOME) * rng.lognormal(0, 0.5)
    return [
        (kind, organisation, "acc_08", round(part * round(whole)), round(whole)),
        (kind, organisation, "ehch_04", round(visits), None),
    ]


def _of_network(kind: str, organisation: str, size: int, rng: np.random.Generator) -> list[Row]:
    """Measures of one network, in fives above the line as they are published; those of the country are not drawn."""
    drawn = rng.lognormal(0, 0.15) if kind == "network" else 1.0
    return [
        (kind, organisation, measure, 5 * round(each * drawn * size / 5), None if measure in NUMERATOR_ALONE else size)
        for measure, each in OF_NETWORKS.items()
    ]
