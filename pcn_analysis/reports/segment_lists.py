"""Lists of all patients with their segments, network by network, for the clinicians of each practice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from pcn_analysis.engine import to_pandas
from pcn_analysis.exceptions import problem
from pcn_analysis.reports.listing import Listing, Rows, write_listing
from pcn_analysis.words import count, slug

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from pcn_analysis.population import Population
    from pcn_analysis.reports.listing import Written
    from pcn_analysis.rules import Model
    from pcn_analysis.settings import Settings

TITLE = "Segmentation"
"""What is said to be absent where there are no lists."""
BETWEEN = " | "
"""Stands between two things that would move a person; neither a segment nor a change is told with it."""
NOTHING_FOUND = "nothing was found that would"


def write_segment_lists(
    settings: Settings,
    place: str | None,
    pcns: Sequence[str],
    *,
    model: str | Path | Model,
    asked: Collection[str] = (),
    synthetic_people: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Written:
    """List everyone with their segment, the elements met and the next segment down.

    Parameters
    ----------
    model
        The name of a published model, the path of a file of one's own, or a model.
    asked
        Pseudonyms of people of whom is told what would move them; those of another network have no row here.

    Others are as for :func:`pcn_analysis.reports.listing.write_listing`.

    Raises
    ------
    PcnAnalysisError
        As there; and, before anything is written, if nobody who is asked for is in these networks; if there is no such
        model, with everything that is wrong in its file; or if it has the name of a published one and other rules: its
        lists would be taken for those of that one.
    """
    from pcn_analysis.segmentation.people import named

    chosen, wanted = named(model), set(asked)
    _check_name(chosen)
    found: set[str] = set()

    def rows(population: Population) -> Rows:
        made = segment_rows(population, chosen, wanted)
        found.update(wanted.intersection(made.people["person_id"]))
        return made

    listing = Listing(TITLE, "segment_lists", rows, asked=frozenset(wanted))
    made = write_listing(listing, settings, place, pcns, synthetic_people=synthetic_people, say=say)
    made.not_found = len(wanted - found)
    return made


def read_asked(path: Path) -> list[str]:
    """Read of whom is asked what would move them: the column person_id of a CSV file, such as a part of a list.

    Raises
    ------
    PcnAnalysisError
        If the file cannot be read, names nobody, or more than ``MOST_PEOPLE``; in counts.
    """
    from pcn_analysis.segmentation.asking import MOST_PEOPLE

    remedy = "Take a list, and leave the rows of those of whom you ask, with the heading."
    try:
        frame = pd.read_csv(path, dtype="str", encoding="utf-8-sig", keep_default_na=False)
    except (OSError, ValueError):  # of pandas too: what it says can hold a value
        raise problem(path.name, "cannot be read as a CSV file in UTF-8", remedy) from None
    if "person_id" not in frame:
        raise problem(path.name, "has no column person_id", remedy)
    people = [who for who in frame["person_id"].unique() if who]
    if not people:
        raise problem(path.name, "names nobody in person_id", remedy)
    if len(people) > MOST_PEOPLE:
        what = f"{count(len(people))} people are asked for, and {MOST_PEOPLE} at most can be"
        raise problem(path.name, what, "Ask for fewer at once.")
    return people


def segment_rows(population: Population, model: Model, asked: Collection[str] = ()) -> Rows:
    """Everyone of a network with their segment, in the order of the model, and with the elements of it that they meet.

    Parameters
    ----------
    population
        People with their records.
    model
        The model.
    asked
        People of whom is told what would move them, if they are here; with none the column is absent.
    """
    from pcn_analysis.person_table import table_of
    from pcn_analysis.release.list_kinds import SEGMENTS
    from pcn_analysis.segmentation.people import reasons, segment

    practices = table_of(population).select("person_id", "practice_code")
    people = to_pandas(segment(population, model).join(practices, on="person_id", how="left"))
    people = people.assign(priority=people["segment"].map(_priorities(model)))
    kind = replace(SEGMENTS, model=model.name)
    if asked:
        kind = replace(kind, columns=(*kind.columns, "would_move"))
        here = list(people.loc[people["person_id"].isin(list(asked)), "person_id"])
        people = people.assign(would_move=people["person_id"].map(would_move(population, model, here)))
    return Rows(kind, people, reasons(population, model).filter(nw.col("own")), about(population, model))


def would_move(population: Population, model: Model, person_ids: Sequence[str]) -> pd.Series:
    """Say in one text each what would move people, by person_id: up, down, and by time alone.

    Up, the nearest segment comes first and the first of the model last; to each segment the fewest new records first.

    Raises
    ------
    PcnAnalysisError
        If too many people are asked for; in counts.
    """
    from pcn_analysis.segmentation.lapses import lapses
    from pcn_analysis.segmentation.moves import DOWN, UP, moves

    if not person_ids:
        return pd.Series(dtype="str")
    found, ends = moves(population, model, person_ids), lapses(population, model, person_ids)
    up = found[found["direction"] == UP].drop_duplicates(["person_id", "to_segment", "change"])
    height = -up["to_segment"].map(_priorities(model)).astype("Int64")  # of nobody, map gives words
    up = up.assign(height=height).sort_values(["height", "records"])
    down = found[found["direction"] == DOWN].groupby(["person_id", "to_segment"], sort=False)["element"]
    down = down.agg(" + ".join).reset_index()
    ways = [
        up.assign(how=up["change"]),
        down.assign(how="if no more counted: " + down["element"]),
        ends.assign(how="from " + ends["date"].dt.strftime("%Y-%m-%d") + " if nothing new is recorded"),
    ]
    told = pd.concat([way[["person_id", "to_segment", "how"]].astype("str") for way in ways], ignore_index=True)
    texts = ("to " + told["to_segment"] + ": " + told["how"]).groupby(told["person_id"]).agg(BETWEEN.join)
    return texts.reindex(person_ids, fill_value=NOTHING_FOUND)


def about(population: Population, model: Model) -> str:
    """Say of a model what it is, what it takes for granted, and what of it was not assessed in full."""
    from pcn_analysis.segmentation.people import not_assessed

    lines = ["", f"Model: {model.title} ({model.name}, {model.variant}). Source: {model.source}"]
    if model.assumptions:
        lines += ["It takes for granted, as its sources do not say:", *(f"- {one}" for one in model.assumptions)]
    lacking = not_assessed(population, model).drop_duplicates(["of_segment", "element"])
    if len(lacking):
        lines += ["", "Not assessed in full, of anyone. Whoever is in a lower segment may belong in the one named:"]
        lines += [
            f"- {of_segment}, by {element} ({status}; missing: {missing})"
            for of_segment, element, status, missing in zip(
                lacking["of_segment"], lacking["element"], lacking["status"], lacking["missing"], strict=True
            )
        ]
    return "\n".join([*lines, ""])


def _check_name(model: Model) -> None:
    """Refuse a model that is called as a published one, whatever the case of its letters, and is another."""
    from pcn_analysis.segmentation.models import MODELS, find_model

    of_that_name = [name for name in MODELS if slug(name) == slug(model.name)]
    if of_that_name and find_model(of_that_name[0]) != model:
        what = "is the name of a published model with other rules"
        raise problem(model.name, what, "Give your model a name of its own, after `model:` in its file.")


def _priorities(model: Model) -> dict[str, int]:
    """Place of each segment in the order of a model; those in none come after, and those whom it is not for last."""
    from pcn_analysis.rules import NONE_ASSESSED

    names = [*(one.name for one in model.ordered()), model.remainder, NONE_ASSESSED, model.others]
    return {name: place for place, name in enumerate(names)}
