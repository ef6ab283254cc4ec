"""Invented people for tests of programmes: many at once, with contacts at a rate that the test knows."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from pcn_analysis import tables
from pcn_analysis.engine import lazy
from pcn_analysis.population import Population
from tests.unit import vignettes

BEGIN, EXTRACT = pd.Timestamp("2022-01-01"), dt.date(2026, 6, 30)
"""The first day of which contacts are recorded, and the day that the records were taken."""
START = pd.Timestamp("2025-01-01")
MONTHS = 54
"""From ``BEGIN`` to ``EXTRACT``."""
START_MONTH = 36
"""The month of ``START``, counted from ``BEGIN``."""


def persons(count: int, *, practices: int = 4, seed: int = 0, **columns) -> pd.DataFrame:
    """Adults registered for years, in turn with each practice."""
    draws = np.random.default_rng(seed)
    rows = {
        "person_id": [f"p{i:05}" for i in range(count)],
        "sex": draws.choice(["female", "male"], count),
        "birth_date": pd.Timestamp("2000-01-01") - pd.to_timedelta(draws.integers(0, 60 * 365, count), unit="D"),
        "birth_precision": "day",
        "practice_code": [f"A{i % practices + 1:05}" for i in range(count)],
        "registration_start_date": pd.Timestamp("2010-01-01"),
    }
    described = tables.NAMED["persons"]
    return described.conform(pd.DataFrame(rows | columns).reindex(columns=described.column_names()))


def contacts(people: pd.DataFrame, monthly: np.ndarray, *, seed: int = 0, kind: str = "ed") -> pd.DataFrame:
    """Contacts drawn at a rate of each person (row) and month (column, from ``BEGIN``)."""
    draws = np.random.default_rng(seed)
    number = draws.poisson(np.broadcast_to(monthly, (len(people), MONTHS)))
    who, month = np.repeat(np.arange(number.size), number.ravel()) // MONTHS, None
    month = np.repeat(np.tile(np.arange(MONTHS), len(people)), number.ravel())
    edges = np.array([(BEGIN + pd.DateOffset(months=int(one))).to_datetime64() for one in range(MONTHS + 1)])
    days = (np.diff(edges) / np.timedelta64(1, "D")).astype(int)
    day = edges[month] + (draws.random(len(month)) * days[month]).astype("timedelta64[D]")
    return pd.DataFrame({"person_id": people["person_id"].to_numpy()[who], "visit_start_date": day}).assign(
        visit_id=lambda rows: [f"v{i}" for i in range(len(rows))], visit_type=kind, attended=True
    )


def population(people: pd.DataFrame, seen: pd.DataFrame) -> Population:
    """The population of the one network of a tiny place."""
    described = tables.NAMED["encounters"]
    rows = described.conform(seen.reindex(columns=described.column_names()))
    made = vignettes.population_of([vignettes.person("nobody")], index_date=EXTRACT)
    return Population(
        made.place, made.pcn_code, made.people, EXTRACT, EXTRACT,
        {"persons": lazy(people), "encounters": lazy(rows)}, frozenset(), made.provenance,
    )  # fmt: skip


def list_of(people: pd.DataFrame, start: pd.Timestamp = START) -> pd.DataFrame:
    """Everyone of some rows, as a list of those who got a programme on one day."""
    return pd.DataFrame({"person_id": people["person_id"].to_numpy(), "start_date": start})


def practices_from(*codes: str, start: str = "2025-01-01") -> pd.DataFrame:
    """Some practices, as a list of those that got a programme on one day."""
    return pd.DataFrame({"practice_code": list(codes), "start_date": start})
