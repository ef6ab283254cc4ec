"""Enhanced access: minutes due a week, what a rota offers, and which of the Network Standard Hours nobody covers.

It concerns no person: lists are published, and a rota names roles. Release its tables under ``hes``, in which these
are numbers; ``open_data`` takes those that are made of published files alone.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pcn_analysis.contract.clauses import MONEY, clause
from pcn_analysis.contract.years import asked_year, last_day
from pcn_analysis.provenance import Provenance as Origin
from pcn_analysis.provenance import Source, SourcedTable, derive
from pcn_analysis.services.enhanced_access.rota import DELIVERED, GP, Rota, rota_of
from pcn_analysis.words import NOT_KNOWN

if TYPE_CHECKING:
    from pcn_analysis.place import Network

__all__ = ["by_half_hour", "coverage", "minutes_due", "rota_of"]
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SATURDAY = 5
HALF_HOUR, A_DAY = 30, 24 * 60
EXTENDED, ENHANCED = "extended hours", "enhanced access"
LIST, GIVEN = "registered list, taken for the adjusted population", "adjusted population, as given"


def minutes_due(
    network: Network, adjusted: float | None = None, on: dt.date | None = None, year: str = ""
) -> SourcedTable:
    """Minutes a week that a network has to offer outside core hours, and what it is paid for them.

    From 1 October 2022 it is an hour for each 1,000 of the adjusted population, which no open file gives: the
    registered list is taken for it, and said to be, unless it is given. Before, it was half an hour for each 1,000
    registered, rounded to the nearest quarter hour.

    Parameters
    ----------
    network
        A network of a place.
    adjusted
        Its adjusted population, as NHS England tells the network; None: not known.
    on
        The day that is asked about.
    year
        The contract year, where no day is given; that of the lists if neither is. Of another year than that of the
        lists its last day is asked about, as 2022/23 has two rules.

    Returns
    -------
    SourcedTable
        One row: contract_year, rule, registered, population (that is taken), basis, for_each_1000 (minutes), minutes
        and hours (a week), standing, payment (GBP, each), payment_of, entitlement (GBP a year), payment_standing. A
        number is null where it is not known. No row of a place of records alone, which has no lists.

    Examples
    --------
    >>> from pcn_analysis.place import network_of
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> network = network_of(invent_place(), "U00001")
    >>> minutes_due(network, 50_000).frame[["minutes", "hours"]].values.tolist()
    [[3000.0, 50.0]]
    >>> minutes_due(network, 50_000, dt.date(2021, 7, 1)).frame["rule"].item()
    'extended hours'
    """
    on = on or _day_in(year, network.place.index_date)
    year, practices = asked_year("", on), network.table("practices")
    own = practices.frame["pcn_code"] == network.pcn_code
    registered = float(practices.frame.loc[own, "list_size"].sum())
    enhanced = on >= dt.date.fromisoformat(clause("access_enhanced_from", year).value)
    each = clause("access_enhanced_minutes" if enhanced else "access_extended_minutes", year)
    of_given = enhanced and adjusted is not None
    population = float(adjusted) if of_given and adjusted is not None else registered
    minutes = weekly_minutes(population, each.number, None if enhanced else clause("access_quarter_hour", year).number)
    paid = clause("access_payment", year)
    payment = float(paid.value) if paid.value else np.nan
    row = {
        "contract_year": year, "rule": ENHANCED if enhanced else EXTENDED, "registered": registered,
        "population": population, "basis": (GIVEN if of_given else LIST) if enhanced else "registered list",
        "for_each_1000": each.number, "minutes": minutes, "hours": minutes / 60, "standing": each.standing,
        "payment": payment, "payment_of": paid.row.unit.removeprefix(f"{MONEY} a "),
        "entitlement": payment * population, "payment_standing": paid.standing,
    }  # fmt: skip
    numbers = ("registered", "population", "for_each_1000", "minutes", "hours", "payment", "entitlement")
    frame = pd.DataFrame([row]).astype(dict.fromkeys(numbers, "Float64"))
    frame = frame if network.place.is_published else frame.iloc[:0]
    return derive(frame, practices, *([_given()] if of_given else []), numbers=numbers, about=network.about)


def _day_in(year: str, lists: dt.date) -> dt.date:
    """The day of the lists, or the last day of another contract year."""
    return lists if asked_year(year, lists) == asked_year("", lists) else last_day(year)


def weekly_minutes(population: float, for_each_1000: float, rounded_to: float | None) -> float:
    """Minutes due a week; half of what they are rounded to goes up.

    Examples
    --------
    >>> weekly_minutes(50_000, 30, 15) / 60, weekly_minutes(41_250, 30, 15), weekly_minutes(41_250, 60, None)
    (25.0, 1245.0, 2475.0)
    """
    exact = population / 1000 * for_each_1000
    return exact if rounded_to is None else float(np.floor(exact / rounded_to + 0.5) * rounded_to)


def by_half_hour(network: Network, rota: Rota | None, year: str = "") -> SourcedTable:
    """What a rota offers in each half hour of a week, and in how many weeks it is covered.

    A half hour is covered in a week if there is no minute of it in which nobody works. Minutes offered are spread
    evenly over their session. Bank holidays are weeks like others: how they are made up for is agreed locally.

    Parameters
    ----------
    network
        A network of a place.
    rota
        Its rota; None: there is none.
    year
        The contract year, for its Network Standard Hours; that of the lists if none is given.

    Returns
    -------
    SourcedTable
        One row a day and half hour that is standard or in which somebody works, in order: day, time, standard (yes, no;
        not known in years without Network Standard Hours), weeks, weeks_covered, weeks_with_gp, minutes (offered a
        week). No rows without a rota.
    """
    rows: list[dict[str, Any]] = []
    numbers = ("weeks", "weeks_covered", "weeks_with_gp", "minutes")
    columns = ["day", "time", "standard", *numbers]
    if rota is not None:
        worked, with_gp, minutes = _by_minute(rota)
        standard, weeks = _standard(asked_year(year, network.place.index_date)), len(rota.weeks)
        for day, name in enumerate(DAYS):
            for first in range(0, A_DAY, HALF_HOUR):
                span = slice(first, first + HALF_HOUR)
                asked = standard is not None and bool(standard[day, span].all())
                if not asked and not worked[:, day, span].any():
                    continue
                covered, gp = (int(one[:, day, span].all(axis=1).sum()) for one in (worked, with_gp))
                offered = float(minutes[:, day, span].sum()) / weeks
                said = NOT_KNOWN if standard is None else "yes" if asked else "no"
                row = (name, f"{first // 60:02d}:{first % 60:02d}", said, weeks, covered, gp, offered)
                rows.append(dict(zip(columns, row, strict=True)))
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(numbers, "Float64"))
    return _of_rota(frame, network, rota, numbers)


def coverage(network: Network, rota: Rota | None, adjusted: float | None = None, year: str = "") -> SourcedTable:
    """What a rota offers a week against what is due, and how many of the Network Standard Hours lack somebody.

    Parameters
    ----------
    network, rota, adjusted, year
        As in :func:`minutes_due` and :func:`by_half_hour`.

    Returns
    -------
    SourcedTable
        One row: weeks (of the rota), from and to (in words), due, offered and delivered (minutes a week; delivered null
        where no row says it), offered_share (of due), standard_hours (a week), uncovered_hours and without_gp_hours (of
        those, a week), outside_share (of the minutes offered, outside Network Standard Hours). No rows without a rota.
    """
    numbers = ("weeks", "due", "offered", "delivered", "offered_share", "standard_hours", "uncovered_hours",
               "without_gp_hours", "outside_share")  # fmt: skip
    rows = []
    if rota is not None:
        minutes = minutes_due(network, adjusted, year=year).frame["minutes"]
        due = float(minutes.iloc[0]) if len(minutes) else np.nan
        weeks, slots = len(rota.weeks), by_half_hour(network, rota, year).frame
        asked, sessions = slots[slots["standard"] == "yes"], rota.sessions
        offered, delivered = (float(sessions[name].sum()) / weeks for name in ("minutes_offered", DELIVERED))
        counted = {"uncovered_hours": "weeks_covered", "without_gp_hours": "weeks_with_gp"}
        lacks = {
            name: float((weeks - asked[column]).sum()) / weeks * HALF_HOUR / 60 for name, column in counted.items()
        }
        known = bool(len(asked))
        rows.append({
            "weeks": weeks, "from": _day(sessions["date"].min()), "to": _day(sessions["date"].max()), "due": due,
            "offered": offered, "delivered": delivered if sessions[DELIVERED].notna().all() else np.nan,
            "offered_share": offered / due if due else np.nan,
            "standard_hours": len(asked) * HALF_HOUR / 60 if known else np.nan,
            **{name: hours if known else np.nan for name, hours in lacks.items()},
            "outside_share": 1 - float(asked["minutes"].sum()) / offered if known and offered else np.nan,
        })  # fmt: skip
    columns = ["weeks", "from", "to", *numbers[1:]]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(numbers, "Float64"))
    return _of_rota(frame, network, rota, numbers)


def _by_minute(rota: Rota) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """By week, day and minute: whether anybody works, whether a GP does, and minutes offered."""
    weeks = rota.weeks
    shape = (len(weeks), len(DAYS), A_DAY)
    worked, with_gp, minutes = np.zeros(shape, bool), np.zeros(shape, bool), np.zeros(shape)
    for one in rota.sessions.itertuples(index=False):
        place = divmod((one.date - weeks[0]).days, len(DAYS))
        span = slice(int(one.start), int(one.end))
        worked[place][span] = True
        with_gp[place][span] |= one.role.strip().casefold() == GP
        minutes[place][span] += float(one.minutes_offered) / (one.end - one.start)
    return worked, with_gp, minutes


def _standard(year: str) -> np.ndarray | None:
    """By day and minute, whether it is one of the Network Standard Hours; None in years without them."""
    found = np.zeros((len(DAYS), A_DAY), bool)
    for days, name in ((range(SATURDAY), "weekday"), (range(SATURDAY, SATURDAY + 1), "saturday")):
        ends = [clause(f"access_{name}_{end}", year).value for end in ("start", "end")]
        if not all(ends):
            return None
        first, last = (int(one[:2]) * 60 + int(one[3:]) for one in ends)
        found[list(days), first:last] = True
    return found


def _of_rota(frame: pd.DataFrame, network: Network, rota: Rota | None, numbers: tuple[str, ...]) -> SourcedTable:
    """A table that follows from a rota and the lists of a network."""
    parents = [network.table("practices")]
    parents += [SourcedTable(rota.sessions, rota.provenance)] if rota is not None else []
    return derive(frame, *parents, numbers=numbers, about=network.about)


def _given() -> SourcedTable:
    """The adjusted population that a user gives, as a source."""
    source = Source("PCN adjusted population", "Given by the user", "not stated", "not published", "Given by the user.",
                    kind="given")  # fmt: skip
    return SourcedTable(pd.DataFrame(), Origin((source,), people=False))


def _day(day: pd.Timestamp) -> str:
    return f"{day.day} {day:%B %Y}"
