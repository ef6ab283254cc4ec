"""What would move a few people who are asked for to another segment, tried on their own records.

For every element of a segment of higher priority that a person does not meet, the smallest change to their records is
sought that would put them there (:mod:`pcn_analysis.segmentation.candidates`). Each is then tried: the person's records
are copied, the change is added, the person table is made anew and the model put to it. Only what ends in exactly the
segment that was meant is told, so that counts, registers and scores that follow from a record are followed.

The answer has rows of people: it belongs in ``data/restricted/`` and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis import rules
from pcn_analysis.engine import lazy, to_pandas
from pcn_analysis.segmentation.asking import Asked, asked_people
from pcn_analysis.segmentation.candidates import candidates
from pcn_analysis.segmentation.people import named
from pcn_analysis.segmentation.trials import Trial, outcomes

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.population import Population
    from pcn_analysis.rules import Model
    from pcn_analysis.segmentation.changes import Change
    from pcn_analysis.segmentation.known import Known

UP, DOWN = "up", "down"
COLUMNS = {
    "person_id": "str", "segment": "str", "direction": "str", "to_segment": "str", "element": "str", "change": "str",
    "records": "Int64", "rows": "str",
}  # fmt: skip


@dataclass(frozen=True)
class _Move:
    """A person, the element by which they might get to a segment, and the change that is tried."""

    person_id: str
    to_segment: str
    element: str
    change: Change


def moves(population: Population, model: str | Path | Model, person_ids: Collection[str]) -> pd.DataFrame:
    """Say what would move people to another segment.

    Parameters
    ----------
    population
        People with their records.
    model
        The name of a published model, the path of a file of one's own, or a model.
    person_ids
        At most ``MOST_PEOPLE``, all in the person table on the index date.

    Returns
    -------
    DataFrame
        In the order of the people asked for; of each the higher segments first. One row a person, segment of higher
        priority and element of it that is not met (direction ``up``), and one for each element of the person's own
        segment that is met (``down``): person_id, segment (where the person is), direction, to_segment, element,
        change (in words), records (how many rows are new or other) and rows (the change as JSON: of each row the
        table, how many times, and the columns; of persons and attributes the column of the person's one row with its
        new value). Up, the change alone moves exactly there. Down, the person would be in to_segment if nothing that
        is named counted any more and all else stayed; no records can say that, so there are none.

        There is no row up where nothing that can be recorded does it alone: where it takes another age or area, or
        records that no table holds. Nor of those whom the model is not for.

    Raises
    ------
    PcnAnalysisError
        If too many people are asked for, or any who are not registered on the index date; in counts.
    """
    chosen = named(model)
    few = asked_people(population, chosen, person_ids)
    tried = [move for who, known in few.known.items() for move in _up(who, few, chosen, known)]
    rows = [*_rows_up(_verified(few, chosen, tried), few), *_rows_down(few, chosen)]
    found = pd.DataFrame(rows, columns=[name for name in COLUMNS if name != "segment"])
    found.insert(1, "segment", found["person_id"].map(few.placed["segment"]))
    return _in_order(found.astype(COLUMNS), chosen, list(few.known))


def _up(who: str, few: Asked, model: Model, known: Known) -> Iterable[_Move]:
    """What might put a person into each segment before their own."""
    own = few.placed["segment"][who]
    if model.whom and own == model.others:
        return
    for segment in model.ordered():
        if segment.name == own:
            return
        for element in segment.elements:
            if known.meets(element.when) is False:
                for change in candidates(segment, element, known):
                    yield _Move(who, segment.name, element.name, change)


def _verified(few: Asked, model: Model, tried: list[_Move]) -> list[_Move]:
    """The smallest change of each person, segment and element that ends in the segment that was meant."""
    trials = list(dict.fromkeys(Trial(move.person_id, move.change) for move in tried))
    ends = dict(zip(trials, outcomes(few.part, model, trials), strict=True))
    kept: dict[tuple[str, str, str], _Move] = {}
    for move in sorted(tried, key=lambda move: move.change.records()):
        if ends[Trial(move.person_id, move.change)] == move.to_segment:
            kept.setdefault((move.person_id, move.to_segment, move.element), move)
    return list(kept.values())


def _rows_up(done: Iterable[_Move], few: Asked) -> Iterable[tuple[Any, ...]]:
    for move in done:
        change = move.change
        rows = json.dumps(change.rows(few.part.index_date), ensure_ascii=False)
        yield move.person_id, UP, move.to_segment, move.element, change.words(), change.records(), rows


def _rows_down(few: Asked, model: Model) -> Iterable[tuple[Any, ...]]:
    """The elements met of each person's own segment, where there is one to come down to."""
    home = {element.name: segment.name for segment, element in model.elements()}
    elements = [element for _, element in model.elements()]
    met = to_pandas(rules.reasons(lazy(few.people), elements, on=few.part.index_date)).join(few.placed, on="person_id")
    met = met[(met["element"].map(home) == met["segment"]) & met["next_segment"].notna()]
    for who, element, to in zip(met["person_id"], met["element"], met["next_segment"], strict=True):
        yield who, DOWN, to, element, f"no longer: {element}", None, None


def _in_order(found: pd.DataFrame, model: Model, wanted: list[str]) -> pd.DataFrame:
    elements = {element.name: place for place, (_, element) in enumerate(model.elements())}
    place = {who: place for place, who in enumerate(wanted)}
    keys = found.assign(
        _person=found["person_id"].map(place), _down=found["direction"] == DOWN, _element=found["element"].map(elements)
    )
    return found.loc[keys.sort_values(["_person", "_down", "_element"]).index].reset_index(drop=True)
