"""Segments found in a place, from the command line to the page: once for the place, for its owner, and never stale."""

from __future__ import annotations

import datetime as dt
import json
import stat
from itertools import combinations
from pathlib import Path

import pytest
from test_bad_input import Outcome, new_project, refuses, run

from pcn_analysis.engine import write_stage
from pcn_analysis.person_table import stages
from pcn_analysis.place import place_of_records
from pcn_analysis.population import store_population
from pcn_analysis.prepared import save_place
from pcn_analysis.provenance import Provenance, Source
from tests.unit.vignettes import condition, frame, person

pytestmark = pytest.mark.journey

DAY = dt.date(2026, 7, 1)
POISON = "POISON-NHS-9434765919"
HEART, LUNGS = ("atrial_fibrillation", "heart_failure", "hypertension"), ("copd", "bronchiectasis")
SLUG = "records-marsh"
SOURCE = Source("Study records", "A university", "2009 to 2026", "MIT", "By a university.")
KINDS = [()] * 100 + [("diabetes",)] * 20 + [HEART] * 40 + [LUNGS] * 40
KINDS += [pair for pair in combinations((*HEART, "diabetes"), 2) for _ in range(3)]


def store(root: Path, *, people: int = len(KINDS)) -> None:
    """Store the records of a place with a heart, a lung and a well group."""
    processed = root / "data" / "processed"
    provenance = Provenance((SOURCE,), people=True)
    place = place_of_records("Marsh", index_date=DAY, provenance=provenance)
    save_place(place, processed)
    who = [f"{POISON}-{number}" for number in range(people)]
    rows = {
        "persons": [person(one, born="1950-01-01") for one in who],
        "conditions": [
            condition(one, what, "2015-03-01") for one, kind in zip(who, KINDS, strict=False) for what in kind
        ],
    }

    def write(folder: Path) -> None:
        for name, some in rows.items():
            write_stage(frame(name, some), folder / f"{name}.parquet")

    covered = (*HEART, *LUNGS, "diabetes", "dementia")
    store_population(processed, place, "records", "U", covered=covered, provenance=provenance, extract_date=DAY,
                     made_from="these", write=write, stages=stages)  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """A project whose page is made before segments are looked for, after, and after its people have changed."""
    root = new_project(tmp_path_factory.mktemp("fit") / "root")
    store(root)
    page = root / "reports" / SLUG / "U" / "05_segment_comparison.html"
    texts: dict[str, str | Outcome | Path] = {"root": root}
    for when in ("before", "after", "again", "stale"):
        if when == "after":
            texts["fit"] = run(root, "fit", "--place", "Marsh", "--method", "latent_classes")
        if when == "stale":
            store(root, people=len(KINDS) - 1)
        texts[f"report {when}"] = run(root, "report", "--place", SLUG, "--notebook", "05")
        texts[when] = page.read_text(encoding="utf-8")
    return texts


def test_a_page_says_how_to_look_for_segments_where_nobody_has(made: dict) -> None:
    assert made["report before"].code == 0, made["report before"].err
    assert "Nobody has looked for segments in the records of Marsh yet." in made["before"]
    assert "pcn-analysis fit --place NAME" in made["before"]


def test_segments_are_found_and_stored_for_their_owner_alone(made: dict) -> None:
    fit = made["fit"]
    assert fit.code == 0, fit.err
    said = fit.err.splitlines()
    assert said[:2] == ["Reading the people of 1 network of Marsh …", "Looking for 2 segments …"]
    assert said[8].startswith("Are ")
    assert said[8].endswith(" segments found again in up to 50 bootstrap samples? …")
    assert "each is found again in bootstrap samples" in fit.out
    assert (
        "Stored for you alone in data/processed/people/records-marsh/records/found_segments/latent_classes" in fit.out
    )
    assert POISON not in fit.out + fit.err
    folder = made["root"] / "data/processed/people/records-marsh/records/found_segments/latent_classes"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    stored = (folder / "segments.json").read_text(encoding="utf-8")
    assert POISON not in stored
    assert json.loads(stored)["made_from"]


def test_the_page_is_made_again_with_them_and_then_left_alone(made: dict) -> None:
    assert "1 pages made, 0 up to date" in made["report after"].out
    assert "0 pages made, 1 up to date" in made["report again"].out
    assert "They were found by latent class analysis" in made["after"]
    assert "Bar chart of adults by segment found in Marsh" in made["after"]
    assert "Where the rules put most of each" in made["after"]
    assert POISON not in made["after"]


def test_segments_of_people_who_have_changed_are_not_shown(made: dict) -> None:
    assert "Not shown: its people, or the code, have changed since segments were found in it." in made["stale"]
    assert "They were found by" not in made["stale"]


def test_what_records_of_one_day_cannot_say_is_said(made: dict) -> None:
    assert "A projection cannot be shown: the records hold nobody who died or left in these years." in made["before"]
    assert "Nobody left or died: these records seem to hold only those still registered" in made["before"]


def test_a_place_without_people_or_of_another_name_is_refused(made: dict) -> None:
    root = made["root"]
    refuses(
        root,
        "fit",
        "--place",
        "Marsh",
        "--people",
        "synthetic",
        says=(r"Marsh: no synthetic people of any of its networks are stored\. Run `pcn-analysis report",),
    )
    refuses(root, "fit", "--place", "Nowhere", says=("Nowhere",))


def test_a_way_of_finding_segments_is_refused_where_none_are_looked_for(made: dict) -> None:
    asked = ("fit", "--place", "Marsh", "--of", "admission", "--method", "correspondence")
    refuses(made["root"], *asked, says=("--method: has no effect with --of admission",))
