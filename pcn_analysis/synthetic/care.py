"""Care of synthetic people: events, stays in care homes and what was measured with them, written like records.

All random numbers are of a generator of their own, and nothing that is drawn elsewhere changes: not one column of the
person table rests on what is drawn here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from pcn_analysis import tables
from pcn_analysis.synthetic import records
from pcn_analysis.synthetic.cancer_paths import add_cancer_paths
from pcn_analysis.synthetic.care_homes import ARRIVALS, Homes, add_homes_care, draw_homes, draw_stays
from pcn_analysis.synthetic.checks import add_checks
from pcn_analysis.synthetic.happened import Happened
from pcn_analysis.synthetic.pressure import add_lipids, add_pressure
from pcn_analysis.synthetic.wellbeing import add_social_prescribing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.place import Place
    from pcn_analysis.synthetic.drawn import Drawn


@dataclass(frozen=True)
class Care:
    """What the care of a network's people is drawn from.

    Parameters
    ----------
    homes
        Its care homes, and who lives in which.
    rng
        Random numbers of care alone.
    """

    homes: Homes
    rng: np.random.Generator

    def write(
        self,
        files: records.Files,
        block: slice,
        some: Drawn,
        ids: pa.Array,
        *,
        first: Mapping[str, np.ndarray],
        measured: Mapping[str, np.ndarray],
        contacts: Mapping[str, np.ndarray],
    ) -> None:
        """Draw and write the care of a block of people.

        Parameters
        ----------
        files
            Where to.
        block
            Their positions among everyone of the network.
        some, ids
            The people and their identifiers.
        first, measured, contacts
            First records of their conditions, their measurements and contacts, as drawn.
        """
        stays = draw_stays(some, self.homes, self.homes.of_person[block], contacts, self.rng)
        found = Happened(some)
        add_checks(found, self.rng)
        add_cancer_paths(found, first, self.rng)
        add_pressure(found, first, measured, self.rng)
        add_lipids(found, self.rng)
        add_social_prescribing(found, self.rng)
        add_homes_care(found, self.homes, stays, self.rng)
        _write_events(files, ids, found)
        _write_stays(files, ids, stays, self.homes)
        records.write_measurements(files, ids, _values(found))


def of_network(place: Place, pcn_code: str, drawn: Drawn, files: records.Files, rng: np.random.Generator) -> Care:
    """Draw and write the care homes of a network, before the care of its people.

    Parameters
    ----------
    place, pcn_code
        The network; one of its homes is aligned to another network of the place, if there is any.
    drawn
        Everyone of the network.
    files
        Where to.
    rng
        Random numbers of care alone.
    """
    others = [code for code in sorted(place.networks()["pcn_code"]) if code != pcn_code]
    homes = draw_homes(drawn, pcn_code, others[0] if others else "", rng)
    aligned = pa.array([code or None for code in homes.aligned], pa.string())
    files.write(
        tables.CARE_HOMES,
        {
            "care_home_code": homes.codes,
            "care_home_name": homes.names,
            "beds": homes.beds,
            "nursing": homes.nursing,
            "pcn_code": aligned,
        },
    )
    return Care(homes, rng)


def _write_events(files: records.Files, ids: pa.Array, found: Happened) -> None:
    """Write what happened, in our own words as code."""
    sizes = [len(who) for _, _, who, _ in found.events]
    which = np.repeat(np.arange(len(sizes)), sizes)
    event = records.words([event for event, *_ in found.events], which)
    files.write(
        tables.CARE_EVENTS,
        {
            "person_id": ids.take(pa.array(_joined([who for _, _, who, _ in found.events]))),
            "event_date": _joined([day for *_, day in found.events]),
            "event": event,
            "outcome": records.words([outcome for _, outcome, *_ in found.events], which),
            "code": event,
            "code_system": pa.repeat("local", len(which)),
        },
    )


def _write_stays(files: records.Files, ids: pa.Array, stays: Mapping[str, np.ndarray], homes: Homes) -> None:
    files.write(
        tables.CARE_HOME_STAYS,
        {
            "person_id": ids.take(pa.array(stays["person"])),
            "care_home_code": records.words(homes.codes, stays["home"]),
            "start_date": stays["start"],
            "end_date": records.dated_or_null(stays["end"], stays["end"] >= 0),
            "arrived_from": records.words(list(ARRIVALS), stays["arrived"]),
        },
    )


def _values(found: Happened) -> dict[str, np.ndarray]:
    """What was measured, as :func:`~pcn_analysis.synthetic.readings.draw_readings` gives readings."""
    sizes = [len(who) for _, who, *_ in found.values]
    kinds = np.array([kind for kind, *_ in found.values], dtype=object)
    return {
        "person": _joined([who for _, who, *_ in found.values]),
        "day": _joined([day for _, _, day, _ in found.values]),
        "value": _joined([value for *_, value in found.values]).astype(float),
        "kind": np.repeat(kinds, sizes),
    }


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(parts) if parts else np.empty(0, dtype=int)
