"""Pages of services to sign: all that a service asks for is on its page, with its source, and they are current."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from pcn_analysis.contract.clauses import NOT_KNOWN, PUBLISHED, tables
from pcn_analysis.contract.years import YEARS
from pcn_analysis.services.assumptions import OF_MONEY, assumptions, clauses_in
from pcn_analysis.services.catalogue import SERVICES, find_service
from pcn_analysis.services.document import LATEST, TECHNICAL, overview, sign_off

pytestmark = pytest.mark.unit

DOCS = Path(__file__).parents[2] / "docs" / "rules" / "services"


def page_of(name):
    return sign_off(find_service(name, LATEST))


def rows_of(page, heading):
    """Cells of the table below a heading."""
    section = page.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [re.split(r" (?<!\\)\| ", line[2:-2]) for line in lines[2:]]


def test_the_pages_are_current():
    expected = {f"{name}.md": page_of(name) for name in SERVICES} | {"README.md": overview()}
    written = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}
    stale = sorted(name for name in expected | written if expected.get(name) != written.get(name))
    assert stale == [], "run `make docs`"


@pytest.mark.parametrize("name", SERVICES)
def test_a_page_names_every_reason_measure_gap_and_task_once_with_its_source(name):
    service, page = find_service(name, LATEST), page_of(name)
    for heading, ones in (("Measures", service.measures), ("Gaps", service.gaps), ("Work", service.tasks)):
        assert [row[0] for row in rows_of(page, heading)] == [one.name for one in ones]
    reasons = rows_of(page, "Reasons for being in it")
    assert [row[1] for row in reasons] == [one.name for _, one in service.cohort.elements()]
    for one in (*service.measures, *service.gaps):
        assert one.source in page
    for sentence in (*service.assumptions, *service.lacks):
        assert f"- {sentence}" in page


@pytest.mark.parametrize("name", SERVICES)
def test_a_page_holds_every_clause_that_the_service_rests_on_with_its_standing_in_the_latest_year(name):
    told = {(row[0].strip("`"), row[6]) for row in rows_of(page_of(name), "Clauses by contract year")}
    assert {(one.row.clause, one.standing) for one in find_service(name, LATEST).clauses} <= told
    assert {row.clause for row in tables().get(name, ())} <= {clause for clause, _ in told}


@pytest.mark.parametrize("name", SERVICES)
def test_no_column_is_called_by_its_technical_name_outside_the_clauses(name):
    service, page = find_service(name, LATEST), page_of(name)
    rules = page.split("## Cohort\n")[1].split("## Work\n")[0]
    assert set(TECHNICAL.findall(rules)) <= {service.name}


def test_a_page_of_other_rules_has_another_fingerprint():
    service = find_service("care_homes", LATEST)
    changed = replace(service, gaps=service.gaps[:-1])
    prints = [re.findall(r"above: `([0-9a-f]{16})`", sign_off(one)) for one in (service, changed)]
    assert len(prints[0]) == 1
    assert prints[0] != prints[1]


@pytest.mark.parametrize("year", YEARS)
def test_assumptions_are_all_clauses_that_are_not_published_for_a_year(year):
    frame = assumptions(year).frame
    every = [one for name, found in clauses_in(year).items() for one in found if name not in OF_MONEY]
    assert len(frame) == sum(one.standing != PUBLISHED for one in every)
    assert PUBLISHED not in set(frame["standing"])
    assert frame.loc[frame["standing"] == NOT_KNOWN, "value"].eq("").all()
    assert frame.loc[frame["standing"] != NOT_KNOWN, "value"].ne("").all()
    assert frame["source"].ne("").all()


def test_clauses_of_money_stand_with_money_alone():
    titles = set(assumptions(LATEST, OF_MONEY).frame["service"])
    assert {"Additional roles", "Investment and impact"} <= titles
    assert not titles & set(assumptions(LATEST).frame["service"])


def test_assumptions_concern_no_person_and_are_released_as_open_data():
    from pcn_analysis.release import release

    assert len(release(assumptions(LATEST), profile="open_data"))
