"""Continuity of care against the worked example of the British Journal of General Practice, on both engines."""

import csv
import datetime as dt
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from pcn_analysis.engine import lazy, to_pandas
from pcn_analysis.person.continuity import continuity_of_lists, continuity_of_people

pytestmark = pytest.mark.published

ON = dt.date(2026, 7, 1)
ENGINES = {"pandas at the door": lambda frame: frame, "polars": lambda frame: lazy(pl.from_pandas(frame).lazy())}


def golden(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


ROWS = golden("continuity_worked_example.csv")
PEOPLE = pd.DataFrame({"person_id": [row["person"] for row in ROWS], "clinician": [row["list"] for row in ROWS]})


def contacts(rows=ROWS, day="2026-06-10") -> pd.DataFrame:
    pairs = [(row["person"], letter) for row in rows for letter in row["contacts"]]
    return pd.DataFrame(pairs, columns=["person_id", "clinician"]).assign(contact_date=pd.Timestamp(day))


def found(function, engine, seen=None, people=PEOPLE, **options) -> pd.DataFrame:
    put = ENGINES[engine]
    table = function(put(contacts() if seen is None else seen), put(people), on=ON, **options)
    return table if isinstance(table, pd.DataFrame) else to_pandas(table)


@pytest.mark.parametrize("engine", ENGINES)
def test_each_person_has_the_published_indices(engine):
    table = found(continuity_of_people, engine).set_index("person_id")
    for row in ROWS:
        for name in ("usual_provider", "continuity_index"):
            value = table.loc[row["person"], name]
            if not row[name]:
                assert pd.isna(value)
            else:
                assert round(float(value), 2) == float(row[name]), (row["person"], name)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("total", golden("continuity_totals.csv"), ids=lambda row: f"list {row['list']}")
def test_each_list_has_the_published_means_and_counts(engine, total):
    own = PEOPLE[PEOPLE["clinician"] == total["list"]]
    people = found(continuity_of_people, engine, people=own)
    assert round(people["usual_provider"].astype(float).mean(), 2) == float(total["mean_usual_provider"])
    assert round(people["continuity_index"].astype(float).mean(), 2) == float(total["mean_continuity_index"])
    lists = found(continuity_of_lists, engine).set_index("clinician").loc[total["list"]]
    assert (lists["contacts"], lists["with_own"]) == (int(total["contacts"]), int(total["with_own"]))


def test_the_index_of_the_practice_is_that_of_all_lists_together():
    lists = found(continuity_of_lists, "polars")
    assert round(100 * lists["with_own"].sum() / lists["contacts"].sum(), 1) == 47.6


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("day", "seen"), [("2024-07-01", 2), ("2024-06-30", 0), ("2026-06-30", 2), ("2026-07-01", 0)])
def test_the_window_holds_its_first_day_and_not_the_index_date(engine, day, seen):
    table = found(continuity_of_people, engine, contacts(ROWS[1:2], day), PEOPLE[1:2], months=24)
    assert table["contacts"].to_list() == [seen]
    assert table["usual_provider"].isna().item() == (seen == 0)


@pytest.mark.parametrize("engine", ENGINES)
def test_contacts_with_an_unknown_clinician_and_people_without_a_list_are_left_out(engine):
    seen = contacts(ROWS[3:4])
    seen.loc[0, "clinician"] = None
    table = found(continuity_of_people, engine, seen, PEOPLE[3:4])
    assert table[["contacts", "clinicians"]].to_numpy().tolist() == [[2, 2]]
    nobodys = PEOPLE[3:4].assign(clinician=pd.Series([None], dtype="string", index=[3]))
    assert found(continuity_of_lists, engine, contacts(ROWS[3:4]), nobodys).empty
