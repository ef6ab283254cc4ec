"""What only whoever drew synthetic people can know: the rate of emergency admissions behind each person's own.

No forecast of admissions can know more than this rate, deaths apart, so it is the ceiling beside which forecasts are
shown. It is drawn again from the seed and stored with nobody. Two things keep it from being the whole truth:
those who die have twice as many admissions, crowded towards their death, and nobody could know who they will be; and
the rate is that of a person's state at the end of their records, in all years alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pcn_analysis.place import network_of
from pcn_analysis.synthetic.people import cannot_be_drawn, everyone

if TYPE_CHECKING:
    from pcn_analysis.place import Place


def true_rates(place: Place, pcn_code: str) -> pd.DataFrame:
    """Draw again the emergency admissions a year that each synthetic person's own were drawn from.

    Parameters
    ----------
    place
        The place that the people were fitted to.
    pcn_code
        Its network.

    Returns
    -------
    DataFrame
        One row for everyone ever drawn, those who left or died as well, in the order of their numbers: person_id, rate
        (before that of those who die is doubled). They are the stored people as long as these are
        :func:`~pcn_analysis.synthetic.people.up_to_date`; ask that first.

    Raises
    ------
    PcnAnalysisError
        If the place has no such network, or nothing to fit people to.
    """
    network_of(place, pcn_code)
    if why := cannot_be_drawn(place):
        raise why
    drawn = everyone(place, pcn_code)
    return pd.DataFrame({"person_id": drawn.ids.to_pandas().astype("str"), "rate": drawn.emergency})


def true_chance(rates: Any, years: float = 1.0) -> Any:
    """Chance of at least one emergency admission within some years, registered and alive throughout.

    Parameters
    ----------
    rates
        Admissions a year: a number, an array or a column.
    years
        Length of time.

    Examples
    --------
    >>> round(float(true_chance(0.07)), 4)
    0.0676
    """
    return -np.expm1(-rates * years)
