"""The people of one network: their records and what was made from them, stored together and loaded lazily.

People lie under ``data/processed/people/<place>/<kind>/pcn_code=<code>/``: one Parquet file a table, the stages
made from them, and ``people.json`` with everything a page says of where they came from. A folder is readable by its
owner only. Invented people (``synthetic``) never lie beside records of real ones (``records``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import narwhals as nw

from pcn_analysis import engine, tables
from pcn_analysis.codes import UNALLOCATED
from pcn_analysis.exceptions import PcnAnalysisError, nearest, problem
from pcn_analysis.place import Network, Place, network_of
from pcn_analysis.prepared import load_place
from pcn_analysis.provenance import About, Provenance, SourcedTable, code_sha256
from pcn_analysis.records import check_records
from pcn_analysis.settings import load_settings
from pcn_analysis.stored import recover, replacing, seal
from pcn_analysis.words import NOT_KNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    import pandas as pd

    from pcn_analysis.engine import Lazy

PEOPLE_KINDS = ("records", "synthetic")
"""Records of real people, or people invented for a network."""
FACTS = "people.json"
STAGES = ("person_table", "frailty_reasons")
"""What is made from the records once and stored beside them."""
PEOPLE_AT_ONCE = 50_000
"""Most people whose stages are made at once."""
RECORDS = tuple(table.name for table in tables.PEOPLE if table.people and table.name not in ("person_table", "reasons"))
"""Tables of records, one row for each thing recorded of a person."""
BESIDE = (tables.CARE_HOMES.name,)
"""Tables that come with records and are of no person."""
_REMEDIES = {
    "records": "Prepare its records; `pcn-analysis report --with-synthetic-people` shows reports on invented people.",
    "synthetic": "Run `pcn-analysis report --with-synthetic-people`.",
}


T = TypeVar("T")


class Stored(NamedTuple):
    """Where people are stored, and the seal of what is."""

    folder: Path
    seal: str


@dataclass(frozen=True)
class Population:
    """The people of one network of a place.

    Parameters
    ----------
    place
        The place.
    pcn_code
        ODS code of the network.
    people
        Which people: ``records`` or ``synthetic``.
    index_date
        The day that the stored stages describe.
    extract_date
        The day that the records were taken; nothing later is known.
    tables
        Lazy tables by name: those of ``RECORDS``, ``BESIDE`` and ``STAGES`` that there are.
    covered
        Conditions that the records were coded for, or that attributes say of people; of any other it is not known who
        has it.
    provenance
        Where the records came from.
    remembered
        What was found out of these people once and is asked for often; empty at first.
    stored
        Where they are stored, of people as they were loaded; None of any others.
    """

    place: Place
    pcn_code: str
    people: str
    index_date: dt.date
    extract_date: dt.date
    tables: dict[str, Lazy]
    covered: frozenset[str]
    provenance: Provenance
    remembered: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    stored: Stored | None = field(default=None, init=False, repr=False, compare=False)

    def once(self, what: str, find: Callable[[], T]) -> T:
        """Find something out of these people, the first time that it is asked for."""
        if what not in self.remembered:
            self.remembered[what] = find()
        return self.remembered[what]

    @cached_property
    def network(self) -> Network:
        """The network."""
        return network_of(self.place, self.pcn_code)

    @property
    def name(self) -> str:
        """Name of the network."""
        return self.network.name

    @property
    def about(self) -> About:
        """What a table of these people is about, on the day that is theirs and not that of the place's counts.

        The people of a place of records alone are all that there is of it, not a network of it.
        """
        about = replace(self.network.about, date=self.index_date)
        return about if self.place.is_published else replace(about, network="")

    @cached_property
    def registered(self) -> int | None:
        """How many people are in the person table; None where it has not been made."""
        table = self.tables.get("person_table")
        return None if table is None else int(engine.to_pandas(table.select(rows=nw.len()))["rows"].iloc[0])

    def practice_names(self, codes: pd.Series) -> pd.Series:
        """Names of practices by their codes, with the code where two share a name; "not known" where there is none.

        Of people in no network a practice that the place does not have keeps its code.
        """
        practices = self.place.tables["practices"].frame
        twice = practices["practice_name"].duplicated(keep=False)
        coded = practices["practice_name"] + " (" + practices["practice_code"] + ")"
        names = dict(zip(practices["practice_code"], practices["practice_name"].where(~twice, coded), strict=True))
        found = codes.map(names).astype("str")
        if self.pcn_code == UNALLOCATED:
            found = found.fillna(codes.astype("str"))
        return found.fillna(NOT_KNOWN)

    def sourced(self, frame: pd.DataFrame, **columns: Any) -> SourcedTable:
        """Wrap what was counted from these people, with where they come from.

        Parameters
        ----------
        frame
            The counts.
        **columns
            What its number columns are: counts, rates, numbers, and whom they count, counted
            (:class:`pcn_analysis.provenance.SourcedTable`).
        """
        return SourcedTable(frame, self.provenance, about=self.about, **columns)


def population_folder(processed: Path, slug: str, people: str, pcn_code: str) -> Path:
    """Folder of one network's people.

    Parameters
    ----------
    processed
        The folder of prepared things.
    slug
        Name of the place's folder.
    people
        ``records`` or ``synthetic``.
    pcn_code
        ODS code of the network; ``codes.UNALLOCATED`` for people whose practice is not known or in none.

    Examples
    --------
    >>> from pathlib import Path
    >>> population_folder(Path("processed"), "synthetic", "synthetic", "U00001").as_posix()
    'processed/people/synthetic/synthetic/pcn_code=U00001'
    """
    _check_kind(people)
    return processed / "people" / slug / people / f"pcn_code={pcn_code}"


def store_population(
    processed: Path,
    place: Place,
    people: str,
    pcn_code: str,
    *,
    covered: Collection[str],
    provenance: Provenance,
    extract_date: dt.date,
    made_from: str,
    write: Callable[[Path], None],
    stages: Callable[[Population], Mapping[str, Lazy]],
    index_date: dt.date | None = None,
) -> Path:
    """Store the people of one network and the stages made from them: whole, or not at all, beside what was there.

    Parameters
    ----------
    processed
        The folder of prepared things.
    place, people, pcn_code
        Whose people they are, and of which kind.
    covered
        Conditions that the records were coded for, or that attributes say of people.
    provenance
        Where the records came from; it says that they are of people.
    extract_date
        The day that the records were taken.
    made_from
        What the records were made from, by which a caller knows later that they are still those it would make.
    write
        Writes ``<table>.parquet`` files into the folder that it is given; at least ``persons``.
    stages
        Makes the lazy stages from the stored records (:func:`pcn_analysis.person_table.stages`).
    index_date
        The day that the stages describe; by default that of the place. It is at most the day after the extract was
        taken, as nothing is known of later days.

    Raises
    ------
    PcnAnalysisError
        If the index date is too late, if the place has no such network, or with everything that is wrong with the
        records, in counts.
    """
    on = index_date or place.index_date
    check_index_date(on, extract_date)
    target = population_folder(processed, place.slug, people, pcn_code)
    _check_promises(place, people, covered, provenance)
    network_of(place, pcn_code)
    with replacing(target, close="Close the notebooks that use these people.", private=processed / "people") as folder:
        write(folder)
        with engine.spilling(processed / "people"):
            found = _tables(folder)
            check_records(found)
            population = Population(place, pcn_code, people, on, extract_date, found, frozenset(covered), provenance)
            _write_stages(population, stages, folder)
            _write_facts(population, folder, made_from)
    return target


def _write_stages(population: Population, stages: Callable[[Population], Mapping[str, Lazy]], folder: Path) -> None:
    """Make and write the stages, some people at a time, so that memory does not grow with the network.

    What a stage asks of everyone, as whether anybody's blood pressure is known, is answered once, for all parts.
    """
    whole = stages(population)
    parts = _parts(population)
    if len(parts) == 1:
        for name, stage in whole.items():
            engine.write_stage(stage, folder / f"{name}.parquet")
        return
    made = [stages(part) for part in parts]
    for name in whole:
        engine.write_parts([one[name] for one in made], folder / f"{name}.parquet")


def _parts(population: Population) -> list[Population]:
    """The population in runs of people by identifier, at most ``PEOPLE_AT_ONCE`` in each."""
    persons = engine.to_pandas(population.tables["persons"].select("person_id").sort("person_id"))["person_id"]
    firsts = persons.iloc[::PEOPLE_AT_ONCE].drop_duplicates().tolist()
    if not firsts[1:]:
        return [population]
    parts = []
    for first, following in zip(firsts, [*firsts[1:], None], strict=True):
        within = nw.col("person_id") >= first
        if following is not None:
            within &= nw.col("person_id") < following
        found = population.tables.items()
        part = replace(population, tables={name: one if name in BESIDE else one.filter(within) for name, one in found})
        part.remembered.update(population.remembered)
        parts.append(part)
    return parts


def _write_facts(population: Population, folder: Path, made_from: str) -> None:
    """Write what is known of stored people beside their tables, sealed."""
    facts = _facts(population) | {"made_from": made_from, "fingerprint": _fingerprint(folder)}
    facts["stages_made_from"] = code_sha256(STAGE_CODE)
    facts["seal"] = seal(facts)
    (folder / FACTS).write_text(json.dumps(facts, indent=1, ensure_ascii=False), encoding="utf-8")


def prepared_people(processed: Path, slug: str, people: str, pcn_code: str) -> dict[str, Any]:
    """What is written of one network's people, without loading them; empty if there are none or it is damaged."""
    folder = population_folder(processed, slug, people, pcn_code)
    recover(folder)
    try:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) and facts.get("seal") == seal(facts) else {}


def load_population(place: str, pcn_code: str, people: str = "records") -> Population:
    """Load the people of one network of a prepared place.

    Parameters
    ----------
    place
        Name of the place's folder under ``data/processed/``.
    pcn_code
        ODS code of the network.
    people
        ``records`` or ``synthetic``.

    Raises
    ------
    PcnAnalysisError
        If the place has no such network or no such people, if what is stored is damaged, or if the place has
        changed since its people were stored.
    """
    processed = load_settings().processed
    folder = population_folder(processed, place, people, pcn_code)
    network = network_of(load_place(processed / place), pcn_code)
    recover(folder)
    if not folder.exists():
        kind = "patient records have" if people == "records" else "synthetic people have"
        raise problem(network.name, f"no {kind} been prepared for this network", _REMEDIES[people])
    facts = prepared_people(processed, place, people, pcn_code)
    try:
        loaded = _loaded(network, people, folder, facts)
    except (PcnAnalysisError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise problem(network.name, "its stored people are damaged", _REMEDIES[people]) from error
    if facts["place_fingerprint"] != network.place.fingerprint:
        raise problem(
            network.name, f"{network.place.name} has changed since its people were prepared", _REMEDIES[people]
        )
    if facts.get("stages_made_from") != code_sha256(STAGE_CODE):
        raise problem(network.name, "its person table was made by another version of the package", _REMEDIES[people])
    return loaded


def _loaded(network: Network, people: str, folder: Path, facts: dict[str, Any]) -> Population:
    """The population that a folder holds; any error means that the folder is damaged."""
    expected = (network.place.slug, network.pcn_code, people, _fingerprint(folder))
    if (facts["place"], facts["pcn_code"], facts["people"], facts["fingerprint"]) != expected:
        message = "the files are not those that were stored"
        raise ValueError(message)
    loaded = Population(
        network.place,
        network.pcn_code,
        people,
        dt.date.fromisoformat(facts["index_date"]),
        dt.date.fromisoformat(facts["extract_date"]),
        _tables(folder),
        frozenset(facts["covered"]),
        Provenance.from_dict(facts["provenance"]),
    )
    object.__setattr__(loaded, "stored", Stored(folder, facts["seal"]))  # so that no copy of them has it
    return loaded


STAGE_CODE = ("person", "scores", "codelists", "rules", "person_table.py", "dates.py", "tables", "engine.py")
"""What the stages are made by: folders and modules of this package."""


def _facts(population: Population) -> dict[str, Any]:
    return {
        "place": population.place.slug,
        "place_fingerprint": population.place.fingerprint,
        "pcn_code": population.pcn_code,
        "people": population.people,
        "index_date": population.index_date.isoformat(),
        "extract_date": population.extract_date.isoformat(),
        "covered": sorted(population.covered),
        "provenance": population.provenance.to_dict(),
    }


def _tables(folder: Path) -> dict[str, Lazy]:
    files = {path.stem: path for path in sorted(folder.glob("*.parquet"))}
    if unknown := sorted(set(files) - {*RECORDS, *BESIDE, *STAGES}):
        message = f"not tables of people: {', '.join(unknown)}"
        raise ValueError(message)
    if "persons" not in files:
        message = "a population needs its table persons"
        raise ValueError(message)
    return {name: engine.scan(path) for name, path in files.items()}


def _fingerprint(folder: Path) -> str:
    """Hash of the bytes of every table."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.parquet")):
        with path.open("rb") as file:  # in pieces, as it need not fit in memory
            digest.update(f"{path.name} {hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return digest.hexdigest()


def _check_kind(people: str) -> None:
    if people not in PEOPLE_KINDS:
        raise problem("people", f"there is no kind {people!r}", nearest(people, PEOPLE_KINDS))


def check_index_date(on: dt.date, extract_date: dt.date) -> None:
    """Raise if records do not reach an index date: it is at most the day after they were taken."""
    if on > extract_date + dt.timedelta(days=1):
        what = f"the index date {on} is later than the day after the records were taken, {extract_date}"
        raise problem("index date", what, "Give --index-date a day that the records reach.")


def _check_promises(place: Place, people: str, covered: Collection[str], provenance: Provenance) -> None:
    """Refuse what would let records of people pass as something else."""
    may_be_invented = people == "synthetic" or place.provenance.synthetic
    must_be_invented = people == "synthetic"
    if not provenance.people or not must_be_invented <= provenance.synthetic <= may_be_invented:
        message = f"the provenance does not say that these are {people} of people"
        raise ValueError(message)
    if unknown := sorted(set(covered) - set(tables.CONDITION_NAMES)):
        message = f"not conditions of codelists/conditions.csv: {', '.join(unknown)}"
        raise ValueError(message)
