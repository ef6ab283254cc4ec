"""Care homes of synthetic people, who stayed in which from when to when, and what was done for them there.

Homes are invented and called so; their codes begin as none of the Care Quality Commission does. Residents are those of
whom it is drawn that they live in a care home. Hospital admissions that are drawn anyway end a stay and begin another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pcn_analysis.synthetic.residents import DAYS_A_YEAR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.synthetic.drawn import Drawn
    from pcn_analysis.synthetic.happened import Happened

RESIDENTS_A_HOME, FEWEST, MOST = 60, 2, 4
"""About so many residents a home; fewest and most homes with residents that are aligned to the network; invented."""
OCCUPIED, EMPTY_BEDS, SHARE_ELSEWHERE = (0.55, 0.85), 24, 0.06
"""Share of beds with a resident of the network; beds of a home without any; share of residents in each of two homes
that are aligned elsewhere or nowhere; invented."""
YEARS_THERE, MOVED, SINCE_WHEN_NOT_KNOWN = 1.8, 0.06, 0.12
"""Mean years since moving in, share who moved between homes, share of whom it is not known where they came from."""
CAME_FROM = {"home": 0.62, "hospital": 0.38}
ARRIVALS = ("home", "hospital", "other_care_home", "not_known")
IN_TIME = {"home": (0.72, 0.20), "hospital": (0.52, 0.26), "other_care_home": (0.62, 0.22), "not_known": (0.5, 0.2)}
"""Share of plans within 7 working days of an arrival, and later than that; the others have none; invented."""
WORKING_DAYS, LATE = 7, 35
SEEN = (0.80, 0.55, 0.0)
"""Share of weekly rounds in which a resident was seen: own homes, one aligned elsewhere, one aligned to none."""
OWN, ELSEWHERE, NOWHERE = range(3)


@dataclass(frozen=True)
class Homes:
    """The care homes of one network.

    Parameters
    ----------
    codes, names, beds, nursing, aligned
        Of each home; ``aligned`` is the network's code, or empty.
    kind
        ``OWN``, ``ELSEWHERE`` or ``NOWHERE`` of each.
    of_person
        Position of the home of each person of the network; -1 of those in none.
    """

    codes: list[str]
    names: list[str]
    beds: list[int]
    nursing: list[bool]
    aligned: list[str]
    kind: np.ndarray
    of_person: np.ndarray


def draw_homes(drawn: Drawn, pcn_code: str, other: str, rng: np.random.Generator) -> Homes:
    """Draw the homes, and who lives in which.

    Parameters
    ----------
    drawn
        Everyone of the network.
    pcn_code, other
        The network, and another one that a home is aligned to; empty where the place has no other.
    rng
        Source of random numbers.

    Returns
    -------
    Homes
        Those of the network's own, of which the last has no resident that is known; then one aligned to the other
        network, and one to none.
    """
    residents = np.flatnonzero(drawn.care_home)
    now = drawn.care_home & ~drawn.people.candidate
    lived_in = int(np.clip(round(now.sum() / RESIDENTS_A_HOME), FEWEST, MOST))
    size = lived_in + 3
    share = np.array([(1 - 2 * SHARE_ELSEWHERE) / lived_in] * lived_in + [0.0] + [SHARE_ELSEWHERE] * 2)
    of_person = np.full(len(drawn), -1)
    of_person[residents] = rng.choice(size, len(residents), p=share)
    living = np.bincount(of_person[now], minlength=size)
    beds = np.ceil(living / rng.uniform(*OCCUPIED, size)).astype(int) + (living == 0) * EMPTY_BEDS
    return Homes(
        [f"1-0000{pcn_code[1:]}{number:02d}" for number in range(1, size + 1)],
        [f"Synthetic care home {number} of {pcn_code}" for number in range(1, size + 1)],
        beds.tolist(),
        [number % 2 == 0 for number in range(size)],
        [pcn_code] * (lived_in + 1) + [other, ""],
        np.array([OWN] * (lived_in + 1) + [ELSEWHERE, NOWHERE]),
        of_person,
    )


def draw_stays(
    drawn: Drawn, homes: Homes, of_person: np.ndarray, contacts: Mapping[str, np.ndarray], rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Draw the stays of some people.

    Parameters
    ----------
    drawn
        The people.
    homes
        The homes of their network.
    of_person
        The home of each of these people, as in ``Homes``.
    contacts
        Their contacts; emergency admissions of a night and more interrupt a stay.
    rng
        Source of random numbers.

    Returns
    -------
    dict of arrays
        Of one length, a stay each, by person and day: person, home (positions), start, end (-1 while it lasts), arrived
        (position in ``ARRIVALS``).
    """
    who = np.flatnonzero(of_person >= 0)
    end = drawn.people.end[who]
    years = rng.exponential(YEARS_THERE, len(who))
    began = np.maximum(end - 1 - np.floor(years * DAYS_A_YEAR).astype(int), drawn.people.start[who])
    came = rng.choice([ARRIVALS.index(one) for one in CAME_FROM], len(who), p=list(CAME_FROM.values()))
    came[rng.random(len(who)) < SINCE_WHEN_NOT_KNOWN] = ARRIVALS.index("not_known")
    start_of = np.full(len(drawn), np.iinfo(np.int32).max)
    start_of[who] = began
    person, stop, start = _admitted(drawn, contacts, start_of)
    moving, day = _moves(drawn, who, began, rng)
    row = {
        "person": np.concatenate([who, person, moving]),
        "stop": np.concatenate([began - 1, stop, day]),
        "start": np.concatenate([began, start, day]),
        "arrived": np.concatenate([came, np.full(len(person), 1), np.full(len(moving), 2)]),
    }
    return _one_after_the_other(drawn, homes, of_person, row)


def _admitted(
    drawn: Drawn, contacts: Mapping[str, np.ndarray], since: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Residents' admissions of a night and more that they came back from: person, first day and day of return."""
    person, day, nights = contacts["person"], contacts["day"], contacts["nights"]
    back = day + nights
    some = (contacts["kind"] == "emergency_admission") & (nights > 0)
    some &= (day > since[person]) & (back < drawn.people.end[person])
    return person[some], day[some], back[some]


def _moves(drawn: Drawn, who: np.ndarray, began: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Who moved from one home to another, and on which day."""
    there = drawn.people.end[who] - began
    moved = (rng.random(len(who)) < MOVED) & (there > 60)  # noqa: PLR2004 - some weeks in each
    day = began + 1 + np.floor(rng.random(len(who)) * (there - 2)).astype(int)
    return who[moved], day[moved]


def _one_after_the_other(
    drawn: Drawn, homes: Homes, of_person: np.ndarray, row: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Stays of each person in order, without those that begin before another has ended."""
    order = np.lexsort((row["start"], row["person"]))
    person, stop, start, arrived = (row[name][order] for name in ("person", "stop", "start", "arrived"))
    same = np.concatenate([[False], person[1:] == person[:-1]])
    kept = ~same | (stop > np.concatenate([[0], start[:-1]]))
    person, stop, start, arrived = (values[kept] for values in (person, stop, start, arrived))
    another = np.concatenate([person[1:] == person[:-1], [False]])[: len(person)]
    last = np.where(drawn.people.candidate[person], drawn.people.end[person], -1)
    end = np.where(another, np.concatenate([stop[1:], [-1]])[: len(person)], last)
    home = _after_moves(homes, of_person[person], person, arrived == ARRIVALS.index("other_care_home"))
    return {"person": person, "home": home, "start": start, "end": end, "arrived": arrived}


def _after_moves(homes: Homes, home: np.ndarray, person: np.ndarray, came_over: np.ndarray) -> np.ndarray:
    """The home of each stay: the person's own, and from a move on another of the network's with residents."""
    moves = np.cumsum(came_over)
    first = np.searchsorted(person, person)
    has_moved = moves > moves[first] - came_over[first]
    own = np.flatnonzero(homes.kind == OWN)[:-1]
    place = np.where(np.isin(home, own), home, 0)
    return np.where(has_moved, own[(place + 1) % len(own)], home)


def add_homes_care(found: Happened, homes: Homes, stays: Mapping[str, np.ndarray], rng: np.random.Generator) -> None:
    """Add the assessment and the plan after each arrival, some of them late or not made, and the weekly rounds."""
    person, start = stays["person"], stays["start"]
    last = np.where(stays["end"] < 0, found.drawn.people.end[person], stays["end"])
    shares = np.array([IN_TIME[one] for one in ARRIVALS])[stays["arrived"]]
    draw, size = rng.random(len(person)), len(person)
    in_time, late = draw < shares[:, 0], (draw >= shares[:, 0]) & (draw < shares.sum(axis=1))
    limit = _working_days_after(start, np.full(size, WORKING_DAYS))
    soon = np.maximum(_working_days_after(start, rng.integers(0, WORKING_DAYS + 1, size)), start)
    day = np.where(in_time, soon, limit + rng.integers(1, LATE, size))
    assessed = (in_time | late) & (day < last)
    found.add("care_home_assessment", "done", person[assessed], day[assessed])
    planned = np.where(rng.random(size) < 0.8, day, day + rng.integers(1, 15, size))  # noqa: PLR2004 - mostly at once
    made = assessed & (rng.random(size) < 0.93) & (planned < last)  # noqa: PLR2004 - seldom not
    found.add("care_and_support_plan", "done", person[made], planned[made])
    _rounds(found, homes, stays, last, rng)


def _working_days_after(day: np.ndarray, number: np.ndarray) -> np.ndarray:
    """The day so many working days after another, Monday to Friday; bank holidays are not left out."""
    return np.busday_offset(day.astype("datetime64[D]"), number, roll="backward").astype(int)


def _rounds(
    found: Happened, homes: Homes, stays: Mapping[str, np.ndarray], last: np.ndarray, rng: np.random.Generator
) -> None:
    """Each week on the day of the home, those who were there and were seen."""
    person, home = stays["person"], stays["home"]
    start = np.maximum(stays["start"], found.drawn.first[person])
    first = start + (home * 2 % 5 - start) % 7
    weeks = np.maximum(last - first + 6, 0) // 7
    row = np.repeat(np.arange(len(person)), weeks)
    week = np.arange(len(row)) - np.repeat(np.cumsum(weeks) - weeks, weeks)
    seen = rng.random(len(row)) < np.array(SEEN)[homes.kind[home[row]]]
    row, week = row[seen], week[seen]
    found.add("care_home_round", "done", person[row], first[row] + 7 * week)
