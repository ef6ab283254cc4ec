"""The people of each network of a place by age band, sex and segment, counted once however many pages ask for them.

What was counted lies beside the people, in their folder, for their owner alone, and goes with them. It is exact, so
that it never leaves but through release. It is taken again only for the same people, place, model and code.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.population import STAGE_CODE, load_population, population_folder, prepared_people
from pcn_analysis.provenance import code_sha256
from pcn_analysis.segmentation.dynamics import coverage_on
from pcn_analysis.segmentation.labels import labelled
from pcn_analysis.settings import load_settings
from pcn_analysis.stored import PRIVATE_FILE, replacing_file
from pcn_analysis.words import slug

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.population import Population
    from pcn_analysis.rules import Model

BAND, OLDEST = 5, 90
"""Years of an age band, and where the last one begins."""
CODE = (*STAGE_CODE, "segmentation")
"""What counts follow from: folders and modules of this package."""
_LEVELS = ["band", "sex", "segment"]


@dataclass(frozen=True)
class Counted:
    """What is compared of a network.

    Parameters
    ----------
    known
        Fingerprint of what could be assessed; networks are alike only where it is the same.
    people
        How many there are, by band, sex and segment.
    network
        Name of the network.
    left_out
        How many are in none of these, as their sex is not known.
    """

    known: str
    people: pd.Series
    network: str = ""
    left_out: int = 0


@dataclass(frozen=True)
class Others:
    """The other networks of a place.

    Parameters
    ----------
    counted
        Those that could be counted.
    not_prepared, another_day, not_read
        How many have no people of this kind stored; have them for another index date; and have some that cannot be
        read, as they are damaged, or were stored before the place or the package changed.
    """

    counted: tuple[Counted, ...] = ()
    not_prepared: int = 0
    another_day: int = 0
    not_read: int = 0

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.counted) + self.not_prepared + self.another_day + self.not_read


def counted(population: Population, model: Model) -> Counted:
    """Count people by age band, sex and segment; those whose sex is not known are in none of these."""
    people = labelled(population, model, ["age", "sex"])
    band = (people["age"].astype(int).clip(upper=OLDEST) // BAND).rename("band")
    coverage = coverage_on(population, model, population.index_date).to_json(orient="split")
    sizes = people.groupby([band, people["sex"].astype("str"), "segment"]).size()
    return Counted(_hash(coverage), sizes, population.about.network, len(people) - int(sizes.sum()))


def others_of_place(population: Population, model: Model) -> Others:
    """Count the people of every other network of the same place that are stored, of the same kind and index date.

    A place of records alone has no other networks.
    """
    place, kind = population.place, population.people
    if not place.is_published:
        return Others()
    processed = load_settings().processed
    found: list[Counted] = []
    left = {"not_prepared": 0, "another_day": 0, "not_read": 0}
    for code in sorted(set(place.networks()["pcn_code"]) - {population.pcn_code}):
        folder = population_folder(processed, place.slug, kind, code)
        facts = prepared_people(processed, place.slug, kind, code)
        if not folder.exists():
            left["not_prepared"] += 1
        elif facts and facts["index_date"] != population.index_date.isoformat():
            left["another_day"] += 1
        else:
            try:
                found.append(_once(folder, model, f"{facts.get('seal')} {place.fingerprint}", (place.slug, code, kind)))
            except PcnAnalysisError:
                left["not_read"] += 1
    return Others(tuple(found), **left)


def _once(folder: Path, model: Model, made_from: str, network: tuple[str, str, str]) -> Counted:
    """What was counted of a network's people, or load and count them now."""
    path = folder / f"segments_by_age_{slug(model.name)}.json"
    key = _hash(" ".join([made_from, repr(model), code_sha256(CODE)]))
    with suppress(OSError, ValueError, KeyError, TypeError):  # of whatever is there, what cannot be used is made again
        facts = json.loads(path.read_text(encoding="utf-8"))
        if facts["key"] == key:
            people = pd.DataFrame(**facts["people"]).set_index(_LEVELS)["people"]
            return Counted(facts["known"], people, facts["network"], facts["left_out"])
    made = counted(load_population(*network), model)
    rows = made.people.rename("people").reset_index()
    people = {"data": rows.to_numpy().tolist(), "columns": [*_LEVELS, "people"]}
    with suppress(OSError):  # where it cannot be kept, it is counted again
        facts = {"known": made.known, "network": made.network, "left_out": made.left_out}
        _keep(path, {"key": key, "people": people} | facts)
    return made


def _keep(path: Path, facts: dict[str, Any]) -> None:
    """Put a file in place whole, for its owner alone."""
    with replacing_file(path) as aside:
        aside.touch(PRIVATE_FILE)
        aside.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
