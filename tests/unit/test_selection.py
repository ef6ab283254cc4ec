"""Pages are chosen by place, board, network, notebook, or how they stand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.place import Place
from pcn_analysis.reports.catalogue import find_report
from pcn_analysis.reports.jobs import Job
from pcn_analysis.reports.ledger import Entry
from pcn_analysis.reports.selection import failed_last, selected
from pcn_analysis.reports.site.boards import boards_of

pytestmark = pytest.mark.unit


@pytest.fixture
def places(marlhaven: Place) -> list[Place]:
    return [marlhaven, replace(marlhaven, slug="realton-2026-07", name="Realton")]


@pytest.fixture
def jobs(places: list[Place]) -> list[Job]:
    networks = [
        (place.slug, *one) for place in places for one in (("U00001", "Harbour PCN"), ("U00005", "Old Priory PCN"))
    ]
    each = [Job(*network, find_report(one)) for network in networks for one in ("01", "13")]
    return [*each, Job("synthetic", "ALL", "Marlhaven", find_report("08"))]


LEDGER = [
    Entry("1", "synthetic", "U00001", "01_population_profile", "failed"),
    Entry("2", "synthetic", "U00001", "01_population_profile", "ok"),
    Entry("3", "synthetic", "U00001", "01_population_profile", "up to date"),
    Entry("1", "synthetic", "U00005", "01_population_profile", "ok"),
    Entry("2", "synthetic", "U00005", "01_population_profile", "failed"),
    Entry("1", "synthetic", "U00001", "13_workforce_and_money", "failed"),
    Entry("2", "synthetic", "U00001", "13_workforce_and_money", "up to date"),
]


def pages(jobs: list[Job], places: list[Place], *patterns: str) -> set[str]:
    left = selected(jobs, places, patterns, LEDGER)
    assert left == [job for job in jobs if job in left], "in the same order"
    return {f"{job.place[:1]} {job.pcn_code} {job.report.name[:2]}" for job in left}


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        ([], 9),
        (["place=Marlhaven"], 5), (["place=real*"], 4), (["PLACE=REALTON-2026-07"], 4), (["place=marl*, real*"], 9),
        (["pcn=u00001"], 4), (["pcn=U0000[15]"], 8), (["pcn=ALL"], 1),
        (["network=*priory*"], 4), (["network=harbour pcn"], 4), (["network=Marlhaven"], 1),
        (["notebook=13"], 4), (["notebook=13_*"], 4), (["notebook=Workforce and money"], 4), (["notebook=0?_*"], 5),
        (["status=ok"], 2), (["status=failed"], 1), (["status=never"], 6), (["status=ok,failed"], 3),
        (["place=synthetic", "notebook=01", "status=failed"], 1),
    ],
)  # fmt: skip
def test_pages_that_fit_every_pattern_are_left(
    patterns: list[str], left: int, jobs: list[Job], places: list[Place]
) -> None:
    assert len(pages(jobs, places, *patterns)) == left


def test_the_last_attempt_that_did_anything_says_how_a_page_stands(jobs: list[Job], places: list[Place]) -> None:
    assert pages(jobs, places, "status=ok") == {"s U00001 01", "s U00001 13"}
    assert pages(jobs, places, "status=failed") == {"s U00005 01"}
    assert [job.page for job in failed_last(jobs, LEDGER)] == [("synthetic", "U00005", "01_population_profile")]
    assert failed_last(jobs, []) == []


def test_a_board_is_found_by_its_name_and_its_code(jobs: list[Job], places: list[Place]) -> None:
    boards = boards_of(places[0])
    assert boards, "the invented place has boards"
    for network in ("U00001", "U00005"):
        for word in filter(None, (boards[network].code, boards[network].name, boards[network].label)):
            assert f"s {network} 01" in pages(jobs, places, f"icb={word}")
            assert "s ALL 08" in pages(jobs, places, f"icb={word}"), "of the whole place"


@pytest.mark.parametrize(
    ("patterns", "said"),
    [
        (["plac=x"], "--select: there is no field 'plac'. Did you mean place?"),
        (["place"], "--select: 'place' is not FIELD=PATTERN"),
        (["place="], "--select: 'place=' is not FIELD=PATTERN"),
        (["place=,"], "--select: 'place=,' is not FIELD=PATTERN"),
        (["status=failing"], "--select: there is no status 'failing'. Did you mean failed?"),
        (["place=wirral"], "--select place=wirral: fits no page. There is: marlhaven, realton, realton-2026-07, synth"),
        (["pcn=U00001", "network=priory"], "--select network=priory: fits no page. There is: harbour pcn."),
    ],
)
def test_a_pattern_that_cannot_be_or_fits_nothing_is_refused_with_what_there_was(
    patterns: list[str], said: str, jobs: list[Job], places: list[Place]
) -> None:
    with pytest.raises(PcnAnalysisError) as caught:
        selected(jobs, places, patterns, LEDGER)
    assert str(caught.value).startswith(said)


def test_all_patterns_that_cannot_be_are_told_at_once(jobs: list[Job], places: list[Place]) -> None:
    with pytest.raises(PcnAnalysisError) as caught:
        selected(jobs, places, ["plac=x", "status=bad", "pcn"], LEDGER)
    assert len(caught.value.problems) == 3
