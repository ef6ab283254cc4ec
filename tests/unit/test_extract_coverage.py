"""For which conditions records were coded: by what stays, of deliveries that list every condition."""

import pytest

from pcn_analysis.clinical_codes.folder import shipped
from pcn_analysis.extracts.coding import find_meanings
from pcn_analysis.extracts.coverage import covered_conditions
from pcn_analysis.extracts.feeds import Extract
from tests.unit.extract_rooms import condition, room

pytestmark = pytest.mark.unit

SHIPPED = [one for one in shipped() if one.stands_for.name in ("copd", "asthma")]
COPD = {"code": "J449", "code_system": "icd10"}


@pytest.fixture
def here(tmp_path):
    with room(tmp_path) as opened:
        yield opened


def covers(here, *rows, complete=True, named=(), brought=()):
    conditions = here.ready("conditions", *rows) if rows else None
    found = find_meanings(here.space, {"conditions": conditions} if conditions else {}, brought, SHIPPED)
    extract = Extract("tables", "x", "X", (), True, complete, frozenset(named))
    return covered_conditions(here.space, [extract], conditions, found, brought=brought, ours=SHIPPED)


def test_a_shipped_list_covers_if_most_rows_are_of_its_system(here):
    coded = [condition("a", "2020-01-01", **COPD), condition("a", "2020-01-02", **COPD)]
    assert covers(here, *coded, condition("a", "2020-01-01")) == {"copd", "asthma"}
    assert covers(here, coded[0], condition("a", "2020-01-01")) == set(), "half is not most"


def test_a_list_that_was_brought_covers_in_any_system_that_occurs(here):
    rows = [condition("a", f"2020-01-0{day}") for day in range(1, 4)]
    copd = next(one for one in SHIPPED if one.stands_for.name == "copd")
    assert covers(here, *rows, condition("a", "2020-01-01", **COPD), brought=[copd]) == {"copd"}


def test_a_delivery_that_does_not_list_every_condition_covers_nothing_by_its_codes(here):
    assert covers(here, condition("a", "2020-01-01", **COPD), complete=False) == set()


def test_only_rows_of_deliveries_that_list_every_condition_say_what_most_rows_are_coded_in(here):
    gp, hospital = (here.ready("conditions", row) for row in (condition("a", "2020-01-01"),
                                                              condition("a", "2020-01-01", **COPD)))  # fmt: skip
    of_second = f"SELECT * REPLACE (1 AS _feed) FROM {hospital}"
    both = f"(SELECT * FROM {gp} UNION ALL {of_second} UNION ALL {of_second})"
    found = find_meanings(here.space, {"conditions": both}, [], SHIPPED)
    extracts = [Extract("tables", "x", "X", (), True, complete) for complete in (True, False)]
    assert covered_conditions(here.space, extracts, both, found, brought=[], ours=SHIPPED) == set()


def test_conditions_that_rows_or_flags_name_are_covered(here):
    rows = [condition("a", "2020-01-01", condition="gout"), condition("a", "2020-01-01", condition="nothing known")]
    assert covers(here, *rows, named=["diabetes"]) == {"gout", "diabetes"}
    assert covers(here, named=["diabetes"]) == {"diabetes"}
