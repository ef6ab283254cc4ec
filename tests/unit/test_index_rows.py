"""The index and the pages of places: what stands on them, and that the same ledger and files give the same bytes."""

from __future__ import annotations

import random
from dataclasses import replace

import handmade
import pandas as pd
import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.place import Place
from pcn_analysis.prepared import load_place, save_place
from pcn_analysis.provenance import SourcedTable
from pcn_analysis.reports import ledger
from pcn_analysis.reports.site import write_index
from pcn_analysis.reports.site.boards import Board, boards_of
from pcn_analysis.reports.site.index import SHOWN_FAILURES
from pcn_analysis.settings import Settings

pytestmark = pytest.mark.unit

ONLY = ("practices", "country_networks")
OPEN = ("01_population_profile", "04_network_footprint", "13_workforce_and_money")


@pytest.fixture
def realton(project: Settings, marlhaven: Place) -> Place:
    """A place that looks real, stored beside the invented one."""
    published = {name: SourcedTable(table.frame, handmade.PUBLISHED) for name, table in marlhaven.tables.items()}
    real = replace(marlhaven, slug="realton-2026-07", name="Realton", vintage="2026-07", tables=published)
    for place in (marlhaven, real):
        save_place(place, project.processed)
    return real


def attempt(settings: Settings, slug: str, code: str, report: str, status: str = ledger.OK, **said: object) -> None:
    """A line of the ledger, and the files where all went well."""
    folder = settings.reports / slug / code
    folder.mkdir(parents=True, exist_ok=True)
    if status == ledger.OK:
        for end in (".html", ".ipynb", ".csv"):
            (folder / f"{report}{end}").write_text("page", encoding="utf-8")
    facts = {"run": "1", "started": "2026-11-22T23:00:00Z"} | said
    ledger.record(settings.reports, ledger.Entry(place=slug, pcn_code=code, report=report, status=status, **facts))


def written(settings: Settings) -> dict[str, bytes]:
    """Every page of the index, as it is."""
    return {
        path.relative_to(settings.reports).as_posix(): path.read_bytes()
        for path in settings.reports.rglob("index.html")
    }


def test_the_same_ledger_and_files_give_the_same_bytes_whatever_run_made_them(
    project: Settings, realton: Place
) -> None:
    pages = [(realton.slug, code, name) for code in ("U00001", "U00002", "U00003") for name in OPEN]
    for page in pages:
        attempt(project, *page)
    attempt(project, *pages[0], ledger.FAILED, error="KeyError in cell 7")
    write_index(project, [], {realton.slug})
    first = written(project)
    assert sorted(first) == ["index.html", "realton-2026-07/index.html"]
    (project.reports / ledger.FILE).unlink()
    random.Random(1).shuffle(pages)
    failing = (realton.slug, "U00001", OPEN[0])
    for number, page in enumerate(pages):
        attempt(project, *page, run=f"another {number}", started="2026-11-22T07:00:01Z", seconds=float(number))
    attempt(project, *failing, ledger.FAILED, run="third", seconds=9.0, error="KeyError in cell 7")
    write_index(project, [], {realton.slug})
    assert written(project) == first


def test_pages_that_would_be_the_same_are_left_and_those_of_other_places_follow_what_is_listed(
    project: Settings, realton: Place
) -> None:
    attempt(project, "synthetic", "U00001", OPEN[0])
    attempt(project, realton.slug, "U00001", OPEN[0])
    write_index(project, [], {realton.slug})
    target = project.reports / "synthetic" / "index.html"
    before = target.stat().st_mtime_ns
    attempt(project, realton.slug, "U00001", OPEN[1])
    write_index(project, [], {realton.slug})
    assert target.stat().st_mtime_ns == before
    target.unlink()
    write_index(project, [], {realton.slug})
    assert target.exists()


def test_a_failure_is_named_with_its_place_network_report_and_reason(project: Settings, realton: Place) -> None:
    attempt(project, realton.slug, "U00001", OPEN[0])
    attempt(project, realton.slug, "U00001", OPEN[0], ledger.FAILED, error="KeyError in cell 7")
    attempt(project, realton.slug, "U00002", OPEN[1], ledger.FAILED)
    html = write_index(project, [], {realton.slug}).read_text(encoding="utf-8")
    assert "Pages that could not be made when last tried: 2." in html
    place = f'<li><a href="{realton.slug}/index.html">Realton</a>'
    assert f"{place}, Harbour PCN (U00001), Population profile: KeyError in cell 7</li>" in html
    assert f"{place}, North Sands PCN (U00002), Network footprint: no reason is known</li>" in html
    assert html.index("could not be made") < html.index('id="search"') < html.index("<table")
    assert ">1 of 3 failed</td>" in html
    of_place = (project.reports / realton.slug / "index.html").read_text(encoding="utf-8")
    assert '<td class="failing">failed since; this page is of 22 Nov 2026: KeyError in cell 7</td>' in of_place


def test_many_failures_are_folded_and_none_is_left_out(project: Settings, realton: Place) -> None:
    networks = [code for code in realton.networks()["pcn_code"] for _ in OPEN]
    for code, name in zip(networks, OPEN * 5, strict=True):
        attempt(project, realton.slug, code, name, ledger.FAILED, error="KeyError")
    html = write_index(project, [], {realton.slug}).read_text(encoding="utf-8")
    shown, folded = html.split("<details>")
    assert shown.count(": KeyError</li>") == SHOWN_FAILURES
    assert folded.count(": KeyError</li>") == len(networks) - SHOWN_FAILURES
    assert f"<summary>{len(networks) - SHOWN_FAILURES} more</summary>" in folded


def test_every_format_that_is_there_is_linked_and_no_other(project: Settings, realton: Place) -> None:
    attempt(project, realton.slug, "U00001", OPEN[0])
    write_index(project, [], {realton.slug})
    html = (project.reports / realton.slug / "index.html").read_text(encoding="utf-8")
    for end in (".html", ".ipynb", ".csv"):
        assert f'href="U00001/{OPEN[0]}{end}"' in html
    assert ".xlsx" not in html
    assert 'href="../index.html"' in html


def test_when_a_page_ended_counts_where_the_ledger_says_so() -> None:
    from pcn_analysis.reports.site.published import _when

    entry = ledger.Entry("r", "a", "U1", "01", ledger.OK, started="2026-11-22T23:59:00Z")
    assert _when(entry) == "2026-11-22T23:59:00Z"
    object.__setattr__(entry, "finished", "2026-11-23T00:01:00Z")
    assert _when(entry) == "2026-11-23T00:01:00Z"


def test_a_network_of_two_places_stands_under_both_and_is_counted_once(project: Settings, realton: Place) -> None:
    other = replace(realton, slug="otherton-2026-07", name="Otherton")
    save_place(other, project.processed)
    html = write_index(project, [], {realton.slug, other.slug}).read_text(encoding="utf-8")
    assert ">5 networks in 10 rows</p>" in html
    assert html.count('data-network="U00001"') == 2
    assert '<option value="otherton-2026-07">Otherton</option><option value="realton-2026-07">Realton</option>' in html
    assert 'id="icb"' not in html, "there is only one board to choose"


# -- boards --------------------------------------------------------------------------------------------------


def with_boards(place: Place, boards: dict[str, str | None], *, named: bool) -> Place:
    practices = place.tables["practices"]
    frame = practices.frame.assign(icb_code=practices.frame["pcn_code"].map(boards).astype("str"))
    changed = {**place.tables, "practices": replace(practices, frame=frame)}
    if not named:
        changed.pop("country_networks")
    return replace(place, tables=changed)


def test_a_board_has_its_published_name_else_its_code_and_else_is_not_known(marlhaven: Place) -> None:
    assert boards_of(marlhaven)["U00001"] == Board("QXX", "Invented Integrated Care Board")
    found = boards_of(with_boards(marlhaven, {"U00001": "QYG", "U00002": None}, named=False))
    assert found == {"U00001": Board("QYG")}
    assert (found["U00001"].label, Board().label) == ("QYG", "not known")


def test_a_network_of_two_boards_is_of_that_of_most_of_its_practices(marlhaven: Place) -> None:
    plain = with_boards(marlhaven, {}, named=False)
    practices = plain.tables["practices"]
    own = practices.frame["pcn_code"].eq("U00001")
    codes = pd.Series(["QBB", "QAA", "QBB", "QAA"] + ["QBB"] * (own.sum() - 4), dtype="str")
    practices.frame.loc[own, "icb_code"] = codes.to_numpy()
    assert boards_of(plain) == {"U00001": Board("QBB")}


# -- reading a place for a list --------------------------------------------------------------------------------


def test_a_place_read_for_a_list_has_its_networks_its_sources_and_its_fingerprint(
    project: Settings, marlhaven: Place
) -> None:
    folder = save_place(marlhaven, project.processed)
    listed, whole = load_place(folder, only=ONLY), load_place(folder)
    for name in ONLY:
        pd.testing.assert_frame_equal(listed.tables[name].frame, whole.tables[name].frame)
    assert set(listed.tables) == set(whole.tables)
    assert listed.tables["areas"].frame.empty
    assert (listed.provenance, listed.fingerprint) == (whole.provenance, whole.fingerprint)


@pytest.mark.parametrize("name", ["practices.parquet", "areas.parquet", "boundaries.parquet", "place.json"])
def test_a_file_that_was_changed_is_noticed_though_it_is_not_read(
    project: Settings, marlhaven: Place, name: str
) -> None:
    folder = save_place(marlhaven, project.processed)
    path = folder / name
    path.write_bytes(path.read_bytes().replace(b"1 July 2026", b"2 July 2026") + b" ")
    if name == "place.json":
        path.write_text(path.read_text(encoding="utf-8").replace("Marlhaven", "Marlhaver"), encoding="utf-8")
    with pytest.raises(PcnAnalysisError, match=r"has been changed since|damaged"):
        load_place(folder, only=ONLY)
