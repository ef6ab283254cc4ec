"""Draw synthetic people who fit one network of a place, and store them like records.

They have the published numbers by practice, sex, age and area, and fill the published disease registers; what
else is known of them follows cited rates where there are any, and is invented where there are none
(``docs/synthetic.md``). The same place and package give the same people.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from pcn_analysis import codelists, tables
from pcn_analysis.dates import months_before
from pcn_analysis.deprivation import EDITIONS
from pcn_analysis.exceptions import PcnAnalysisError, problem
from pcn_analysis.person_table import stages
from pcn_analysis.population import STAGE_CODE, prepared_people, store_population
from pcn_analysis.provenance import Provenance, Source, code_sha256
from pcn_analysis.synthetic import cardiovascular, care, contacts, histories, hospital, leavers, readings, records
from pcn_analysis.synthetic.conditions import draw_conditions, long_term_conditions
from pcn_analysis.synthetic.drawn import Drawn
from pcn_analysis.synthetic.ethnicity import draw_ethnicity
from pcn_analysis.synthetic.frailty import deficits_known, draw_frailty
from pcn_analysis.synthetic.medicines import draw_medicines
from pcn_analysis.synthetic.residents import YEARS, Residents, day_of, draw_residents

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.place import Place

SEED = 20260701
OF_ETHNICITY = 2021
"""What keeps the random numbers of ethnic categories apart from all others."""
OF_RISKS, OF_LATER_RECORDS = 2017, 2026
"""The same for what QRISK3 asks, and for hospital diagnoses and cigarettes: without them, all else is the same."""
OF_CARE = 2019
"""The same for events of care, care homes and what is measured with them."""
BLOCK = 20_000
"""People whose records are in memory at once."""


def cannot_fit(place: Place) -> str:
    """Say why no synthetic people can be drawn for a place; empty where they can.

    Examples
    --------
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> cannot_fit(invent_place())
    ''
    """
    needed = {"registrations_by_age": "ages", "disease_registers": "disease registers"}
    absent = [what for name, what in needed.items() if name not in place.tables]
    return f"its files of {place.vintage} have no {' and no '.join(absent)} to fit people to" if absent else ""


def cannot_be_drawn(place: Place) -> PcnAnalysisError | None:
    """The error that says why no synthetic people can be drawn for a place; None where they can."""
    if why := cannot_fit(place):
        return problem(place.name, f"no synthetic people can be drawn: {why}", "Prepare a vintage that has them.")
    return None


def up_to_date(place: Place, pcn_code: str, processed: Path) -> bool:
    """Whether the stored people of a network are those that this package would draw for this place."""
    facts = prepared_people(processed, place.slug, "synthetic", pcn_code)
    return facts.get("made_from") == made_from(place) and facts.get("place_fingerprint") == place.fingerprint


def made_from(place: Place) -> str:
    """Hash of what synthetic people are drawn from: the place, and this package's way of drawing them."""
    return hashlib.sha256(f"{place.fingerprint} {code_sha256(('synthetic', *STAGE_CODE))} {SEED}".encode()).hexdigest()


def draw_people(place: Place, pcn_code: str, processed: Path) -> Path:
    """Draw and store the synthetic people of one network.

    Parameters
    ----------
    place
        A place whose vintage has ages and disease registers.
    pcn_code
        Its network.
    processed
        The folder of prepared data.

    Raises
    ------
    PcnAnalysisError
        If the vintage lacks what people are fitted to.
    """
    if why := cannot_be_drawn(place):
        raise why

    def write(folder: Path) -> None:
        with records.Files(folder) as files:
            write_people(place, pcn_code, files)

    return store_population(
        processed,
        place,
        "synthetic",
        pcn_code,
        covered=histories.covered(),
        provenance=place.provenance.joined(_provenance(place)),
        extract_date=place.index_date,
        made_from=made_from(place),
        write=write,
        stages=stages,
    )


@dataclass
class Everyone:
    """All people ever drawn of one network, in the order of their numbers, before their records.

    Parameters
    ----------
    drawn
        Who they are and their state.
    emergency
        Emergency admissions a year that theirs are drawn from; twice that for those who die.
    ids
        Their identifiers.
    rng
        The random numbers that go on to draw their records.
    """

    drawn: Drawn
    emergency: np.ndarray
    ids: pa.Array
    rng: np.random.Generator


def everyone(place: Place, pcn_code: str) -> Everyone:
    """Draw one network's people, their rates of emergency admission and their identifiers."""
    rng = np.random.default_rng([SEED, int(pcn_code[1:])])
    drawn = draw(place, pcn_code, rng)
    emergency = contacts.emergency_rate(drawn, rng)
    order = rng.permutation(len(drawn))
    ids = records.numbered(_label(pcn_code), np.arange(len(drawn)) + 1)
    return Everyone(drawn.chosen(order), emergency[order], ids, rng)


def _label(pcn_code: str) -> str:
    return f"{records.PREFIX}-{pcn_code}-"


def write_people(place: Place, pcn_code: str, files: records.Files) -> None:
    """Draw one network's people and write their records, a block of people at a time."""
    people, visits = everyone(place, pcn_code), 0
    later, of_care = (np.random.default_rng([SEED, int(pcn_code[1:]), one]) for one in (OF_LATER_RECORDS, OF_CARE))
    cared = care.of_network(place, pcn_code, people.drawn, files, of_care)
    for begin in range(0, len(people.drawn), BLOCK):
        block = slice(begin, begin + BLOCK)
        some, ids = people.drawn.chosen(block), people.ids[block]
        coded, measured = _write_block(files, some, ids, place, people.rng)
        first = hospital.first_records(some, coded)
        found = contacts.draw_contacts(some, people.emergency[block], first, people.rng)
        numbers = np.arange(visits, visits + len(found["day"])) + 1
        visit_ids = records.numbered(f"{_label(pcn_code)}V", numbers)
        records.write_encounters(files, ids, found, visit_ids)
        records.write_diagnoses(files, ids, hospital.hospital_records(some, found, first, later), visit_ids)
        records.write_measurements(files, ids, cardiovascular.cigarettes(some, later))
        cared.write(files, block, some, ids, first=first, measured=measured, contacts=found)
        visits += len(numbers)


def draw(place: Place, pcn_code: str, rng: np.random.Generator) -> Drawn:
    """Draw one network's people and their state, without records."""
    practices = place.tables["practices"].frame
    own = practices.loc[practices["pcn_code"] == pcn_code, "practice_code"].tolist()
    people = draw_residents(place, own, rng)
    health = draw_conditions(people, published_registers(place, own), rng)
    staying = leavers.keep_leavers(people, health, rng)
    people, health = people.chosen(staying), health.chosen(staying)
    taken = draw_medicines(people, health, rng)
    draw_frailty(people, health, taken, rng)
    deficits = deficits_known(health, taken)
    risks = np.random.default_rng([SEED, int(pcn_code[1:]), OF_RISKS])
    cardiovascular.add_risks(people, health, risks)
    window = day_of(months_before(place.index_date, 12 * YEARS))
    return Drawn(
        people,
        health,
        taken,
        deficits,
        long_term_conditions(health),
        leavers.draw_care_homes(people, deficits, health, rng),
        np.maximum(people.start, window),
        draw_ethnicity(people.practice, np.random.default_rng([SEED, int(pcn_code[1:]), OF_ETHNICITY])),
        cardiovascular.draw_smoking(people, risks),
    )


def published_registers(place: Place, practices: list[str]) -> dict[str, float]:
    """Published prevalence of each QOF register over some practices, as a proportion of the list of its ages.

    A register that none of them has takes that of all practices of the place.
    """
    frame = place.tables["disease_registers"].frame
    frame = frame[(frame["organisation_type"] == "practice") & frame["register_size"].notna()]
    own = frame[frame["organisation_code"].isin(practices)]
    sums = [one.groupby("register")[["register_size", "list_size"]].sum() for one in (frame, own)]
    rates: dict[str, float] = {str(row["register"]): 0.0 for row in codelists.rows("qof_registers")}
    for one in sums:
        rates |= (one["register_size"] / one["list_size"]).dropna().astype(float).to_dict()
    return rates


def _write_block(
    files: records.Files, drawn: Drawn, ids: pa.Array, place: Place, rng: np.random.Generator
) -> tuple[list[tuple[str, np.ndarray, np.ndarray, str]], dict[str, np.ndarray]]:
    """Write all but the contacts of some people and what goes with them; give coded conditions and measurements."""
    coded = list(histories.coded_conditions(drawn, rng))
    files.write(tables.PERSONS, _persons(drawn, ids, place))
    files.write(tables.OBSERVATION_PERIOD, _observed(drawn, ids))
    records.write_conditions(files, ids, coded)
    records.write_medications(files, ids, histories.issues(drawn, rng))
    measured = readings.draw_readings(drawn, rng)
    records.write_measurements(files, ids, measured)
    return coded, measured


def _persons(drawn: Drawn, ids: pa.Array, place: Place) -> dict[str, Any]:
    people: Residents = drawn.people
    size, left = len(people), people.candidate & ~people.died
    version = EDITIONS.get(place.vintage)
    return {
        "person_id": ids,
        "sex": np.where(people.female, "female", "male").astype(object),
        "birth_date": people.birth,
        "birth_precision": pa.repeat("day", size),
        "ethnicity": pa.array(drawn.ethnicity, pa.string()),
        "death_date": records.dated_or_null(people.end, people.died),
        "lsoa21": pa.array(people.area.astype(str), mask=people.area == ""),
        "imd_decile": pa.array(people.decile, mask=people.decile == 0),
        "imd_version": pa.repeat(version, size) if version else pa.nulls(size),
        "practice_code": people.practice,
        "registration_start_date": people.start,
        "registration_end_date": records.dated_or_null(people.end, left | people.died),
        "care_home": drawn.care_home,
        "housebound": drawn.health.has["housebound"],
    }


def _observed(drawn: Drawn, ids: pa.Array) -> dict[str, Any]:
    """Observed from the first day of the records, until the day of death, the day before leaving, or now."""
    left = drawn.people.candidate & ~drawn.people.died
    return {"person_id": ids, "start_date": drawn.first, "end_date": drawn.people.end - left}


def _provenance(place: Place) -> Provenance:
    source = Source(
        title=f"Synthetic people drawn to fit {place.name}",
        publisher="pcn_analysis (invented)",
        period=f"{YEARS} years to {place.index_date.day} {place.index_date:%B %Y}",
        licence="MIT",
        attribution="Synthetic people: invented by pcn_analysis to fit published counts; nobody on these pages exists.",
        kind="invented",
    )
    return Provenance((source,), people=True, synthetic=True)
