"""The published files of a vintage are listed, fetched and verified, from publishers that run on this machine.

Most commands run inside this process, which is quick; what is stopped in the middle runs as a person runs it.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import signal
import socket
import subprocess
import sys
import time
import traceback
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace

import pytest

from pcn_analysis import cli
from pcn_analysis.downloads.catalogue import load_catalogue
from pcn_analysis.settings import ROOT_VARIABLE
from pcn_analysis.sources import open_data
from pcn_analysis.sources.geography import read_boundaries
from pcn_analysis.sources.open_data import FILES
from pcn_analysis.sources.published_files import find_files
from tests import publishers as layout
from tests.publishers import Answer, serving

pytestmark = pytest.mark.journey

SERVICES = "/arcgis/rest/services"
ROWS = [
    {"ObjectId": place, "LSOA21CD": f"E0100000{place}", "LSOA21NM": f"Invented 00{place}A"} for place in range(1, 6)
]
CHANGES = [
    row | {"LSOA11CD": row["LSOA21CD"], "CHGIND": "U", "LAD22CD": "E06000000", "LAD22NM": "Invented"} for row in ROWS
]
WARDS = [row | {"LAD24CD": "E06000000", "LAD24NM": "Invented"} for row in ROWS]
BODIES = {
    "/98/8142DB/gp-reg-pat-prac-map.zip": layout.zipped(gp__reg__pat__prac__map=layout.MAP),
    "/BB/362F1A/gp-reg-pat-prac-quin-age.zip": layout.zipped(gp__reg__pat__prac__quin__age=layout.AGES),
    "/E3/7F080B/gp-reg-pat-prac-lsoa-male-female-July-23.zip": layout.zipped(
        gp__reg__pat__prac__lsoa__all=layout.COUNTS
    ),
    "/95/4708D7/QOF2425.zip": layout.zipped(PREVALENCE_2425=layout.PREVALENCE, ACHIEVEMENT_2425="a\n1\n"),
    "/media/691d/File_7_IoD2025_All_Ranks_Scores_Deciles_Population_Denominators.csv": layout.FILE_7.encode(),
    "/census2021-ts021.zip": layout.zipped(census2021__ts021__lsoa=layout.CENSUS),
}
MAP, AGES, AREAS, QOF, FILE_7, CENSUS = BODIES
SAVED = "gp-reg-pat-prac-map_2026-07.zip"


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


@pytest.fixture
def publishers():
    """Every publisher of vintage 2026-07."""
    with serving() as running:
        running.answers |= {path: Answer(body) for path, body in BODIES.items()}
        running.answers |= {
            "/july-2026": layout.page(MAP, AGES),
            "/july-2023": layout.page(AREAS),
            "/qof": layout.page(QOF),
            "/iod": layout.page("/media/691d/File_1_IoD2025.xlsx", FILE_7),
        }
        for name, rows in {"Changes": CHANGES, "Wards": WARDS}.items():
            running.answers[f"{SERVICES}/{name}/FeatureServer/0/query"] = layout.layer(rows, areas=False)
        running.answers[f"{SERVICES}/Areas/FeatureServer/0/query"] = layout.layer(ROWS)
        yield running


@pytest.fixture
def project(publishers, tmp_path):
    """A project whose publishers have moved to this machine."""
    for folder in ("notebooks", "data/processed", "config"):
        (tmp_path / folder).mkdir(parents=True)
    at = {
        "practice-map-2026-07": 'page = "{}/july-2026"',
        "patients-by-age-2026-07": 'page = "{}/july-2026"',
        "patients-by-area-2023-07": 'page = "{}/july-2023"',
        "qof-2024-25": 'page = "{}/qof"',
        "deprivation-2025": 'page = "{}/iod"',
        "census-residents-2021": f'url = "{{}}{CENSUS}"',
        "lsoa-lookup": f'url = "{{}}{SERVICES}/Changes/FeatureServer/0"',
        "ward-lookup-2024": f'url = "{{}}{SERVICES}/Wards/FeatureServer/0"',
        "boundaries-2021": f'url = "{{}}{SERVICES}/Areas/FeatureServer/0"',
    }
    tables = [f"[files.{name}]\n{line.format(publishers.url)}\n" for name, line in at.items()]
    tables.append("[transfer]\nread_seconds = 0.3\ntries = 2\nwait_seconds = 0.01\n")
    (tmp_path / "config" / "downloads.toml").write_text("\n".join(tables))
    return tmp_path


def data(root, *words):
    """Run ``pcn-analysis data`` inside this process; what would end it with a traceback is told as one."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["pcn-analysis", "data", *words])
        patch.setenv(ROOT_VARIABLE, str(root))
        try:
            cli.run()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        except Exception:
            traceback.print_exc()
            code = 99
    return Outcome(code, out.getvalue(), err.getvalue())


def raw(root):
    return root / "data" / "raw"


def errors(outcome):
    """Lines of errors; there is nothing else on that side."""
    lines = outcome.err.splitlines()
    assert all(line.startswith("Error: ") for line in lines), outcome.err
    return lines


# -- all goes well -----------------------------------------------------------------------------------------


def test_a_vintage_is_fetched_listed_and_verified(project, publishers):
    listed = data(project, "list")
    assert (listed.code, listed.out.count(": missing\n")) == (0, 9)
    assert listed.out.count(": missing; a place can be made without it") == 4
    fetched = data(project, "fetch")
    assert (fetched.code, fetched.err) == (0, "")
    assert "9 fetched, 0 here already, 0 failed" in fetched.out
    needed = {name for name, file in FILES["2026-07"].items() if not file.optional}
    assert set(find_files(raw(project), FILES["2026-07"])) == needed
    listed = data(project, "list")
    line = next(line for line in listed.out.splitlines() if line.startswith("practice-map-2026-07"))
    assert "(NHS England, 1 July 2026, Open Government Licence v3.0): fetched 2" in line
    verified = data(project, "verify")
    assert (verified.code, verified.err) == (0, "")
    assert "9 files well, 0 changed or missing." in verified.out


def test_what_was_fetched_is_what_the_readers_read(project, publishers):
    data(project, "fetch")
    at = find_files(raw(project), FILES["2026-07"])
    assert open_data.read_counts(at["counts"], dt.date(2023, 7, 1))["patients"].to_list() == [9]
    assert open_data.read_membership(at["membership"], dt.date(2026, 7, 1)).practices["pcn_code"].to_list() == [
        "U00001"
    ]
    assert open_data.read_lists(at["ages"], dt.date(2026, 7, 1)).sizes.to_dict() == {"A00001": 9}
    assert open_data.read_registers(at["registers"])["register_size"].to_list() == [1]
    assert open_data.read_deprivation(at["deprivation"], 2021)["imd_decile"].to_list() == [9]
    assert open_data.read_residents(at["residents"]).to_dict() == {"E01000001": 9}
    areas = [row["LSOA21CD"] for row in ROWS]
    assert open_data.read_lsoa_links(at["lsoa_lookup"])["lsoa21_code"].to_list() == areas
    assert open_data.read_area_lookup(at["area_lookup"], 2021)["area_code"].to_list() == areas
    assert read_boundaries(at["boundaries"])["area_code"].to_list() == areas


def test_fetching_twice_asks_for_nothing(project, publishers):
    data(project, "fetch")
    before = len(publishers.asked)
    again = data(project, "fetch")
    assert (again.code, len(publishers.asked)) == (0, before)
    assert "0 fetched, 9 here already" in again.out


def test_a_folder_stands_in_for_every_publisher(project, publishers, tmp_path, monkeypatch):
    data(project, "fetch")
    for path in raw(project).glob("*.json"):
        path.unlink()
    folder = raw(project).rename(tmp_path / "given")
    monkeypatch.setattr(socket, "create_connection", None)
    done = data(project, "fetch", "--from", str(folder), "--offline")
    assert done.code == 0, done.err
    assert "9 fetched" in done.out


def test_offline_all_that_is_missing_is_named_at_once(project, publishers):
    data(project, "fetch", "lsoa-lookup")
    before = len(publishers.asked)
    done = data(project, "fetch", "--offline")
    assert (done.code, len(errors(done)), len(publishers.asked)) == (2, 8, before)
    assert all("missing" in line for line in errors(done))


# -- each fault is refused plainly, and the others come ----------------------------------------------------


def moved_on(publishers):
    publishers.answers["/july-2026"] = layout.page("/x/gp-reg-pat-prac-quin-age.zip", "/x/gp-reg-pat-prac-mapping.xlsx")
    publishers.answers["/x/gp-reg-pat-prac-quin-age.zip"] = Answer(BODIES[AGES])


def not_there(publishers):
    del publishers.answers[MAP]


def cut_short(publishers):
    publishers.answers[MAP] = Answer(BODIES[MAP], broken_after=[50] * 9, ranges=False)


def slow(publishers):
    publishers.answers[MAP] = Answer(BODIES[MAP], wait=3)


def busy(publishers):
    publishers.answers[MAP] = Answer(BODIES[MAP], statuses=[503] * 9)


def web_page(publishers):
    publishers.answers[MAP] = layout.web_page("We are sorry")


def another(publishers):
    publishers.answers[MAP] = Answer(BODIES[AGES])


FAULTS = {
    moved_on: r"has moved on: no link there is named like gp-reg-pat-prac-map.zip. Nearest: gp-reg-pat-prac-quin-age",
    not_there: r"/gp-reg-pat-prac-map.zip answered 404 \(not found\)",
    cut_short: r"broke off the answer \(tried 2 times\)",
    slow: r"(does not answer in time|stopped sending) \(tried 2 times\)",
    busy: r"answered 503 \(service unavailable\) \(tried 2 times\)",
    web_page: r"is a web page, not data",
    another: r"holds no gp-reg-pat-prac-map\*.csv, but gp-reg-pat-prac-quin-age.csv",
}


@pytest.mark.parametrize(("fault", "told"), FAULTS.items(), ids=[fault.__name__ for fault in FAULTS])
def test_a_fault_is_told_in_one_line_and_the_others_come(project, publishers, fault, told):
    fault(publishers)
    done = data(project, "fetch", "practice-map-2026-07", "patients-by-age-2026-07")
    (line,) = errors(done)
    assert line.startswith(f"Error: {SAVED}: ")
    assert re.search(told, line)
    assert done.code == 1
    assert "1 fetched, 0 here already, 1 failed" in done.out
    kept = {path.name for path in raw(project).iterdir() if not path.name.startswith(".")}
    assert kept == {"gp-reg-pat-prac-quin-age_2026-07.zip", "gp-reg-pat-prac-quin-age_2026-07.zip.source.json"}
    assert data(project, "fetch", "practice-map-2026-07").code == 2


def test_several_faults_are_all_told(project, publishers):
    not_there(publishers)
    publishers.answers["/iod"] = layout.page()
    publishers.answers[f"{SERVICES}/Areas/FeatureServer/0/query"] = layout.layer([])
    done = data(project, "fetch")
    assert (done.code, len(errors(done))) == (1, 3)
    assert "6 fetched, 0 here already, 3 failed" in done.out


def test_a_changed_checksum_is_refused_until_it_is_accepted(project, publishers):
    data(project, "fetch", "practice-map-2026-07")
    (raw(project) / SAVED).unlink()
    publishers.answers[MAP] = Answer(layout.zipped(gp__reg__pat__prac__map=layout.MAP + "\n"))
    done = data(project, "fetch", "practice-map-2026-07")
    (line,) = errors(done)
    assert re.search(r"the file has changed: SHA-256 \w{12}, not \w{12} as recorded on", line)
    assert not (raw(project) / SAVED).exists()
    assert data(project, "verify").code == 2
    accepted = data(project, "fetch", "practice-map-2026-07", "--accept-changed", "practice-map-2026-07")
    assert accepted.code == 0, accepted.err
    assert data(project, "verify").code == 0


def test_verify_tells_what_changed_what_is_missing_and_what_is_not_from_here(project, publishers):
    data(project, "fetch", "practice-map-2026-07", "patients-by-age-2026-07")
    (raw(project) / "mine.csv").write_text("by hand")
    (raw(project) / SAVED).write_bytes(b"altered")
    (raw(project) / "gp-reg-pat-prac-quin-age_2026-07.zip").unlink()
    done = data(project, "verify")
    assert done.code == 2
    assert f"{SAVED}: changed" in done.err
    assert "gp-reg-pat-prac-quin-age_2026-07.zip: missing" in done.err
    assert "mine.csv: not from here" in done.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["fetch", "practice-map"], "there is no such file in the catalogue. Did you mean practice-map-2026-07?"),
        (["fetch", "--vintage", "2026-08"], "there is no vintage '2026-08'"),
        (["list", "--vintage", "2026-08"], "there is no vintage '2026-08'"),
        (["fetch", "--from", "nowhere"], "there is no folder nowhere"),
        (["fetch", "--from", "https://mirror.example", "--offline"], "cannot be asked with --offline"),
    ],
)
def test_what_cannot_be_done_is_told_before_anything_is(project, publishers, words, told):
    done = data(project, *words)
    assert (done.code, len(errors(done))) == (2, 1)
    assert told in done.err
    assert not publishers.asked


# -- stopped in the middle ---------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGINT to send there")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl+C", "killed"])
def test_a_download_that_was_stopped_goes_on_where_it_was(project, publishers, stop):
    lines = "".join(
        f"GP_PRAC_PAT_LIST,01Jul2026,A{place:05},{os.urandom(40).hex()},U00001,P,00A,Q00\n" for place in range(9999)
    )
    body = layout.zipped(gp__reg__pat__prac__map=layout.MAP + lines)
    half = len(body) // 2
    publishers.answers[MAP] = Answer(body, halt_after=half, wait=30)
    process = subprocess.Popen(
        [sys.executable, "-m", "pcn_analysis", "data", "fetch", "practice-map-2026-07"],
        env={**os.environ, ROOT_VARIABLE: str(project)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    part = raw(project) / f".{SAVED}.part"
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        if part.exists() and part.stat().st_size > half // 2:
            break
        time.sleep(0.01)
    process.send_signal(stop)
    _, err = process.communicate(timeout=20)
    assert "Traceback" not in err
    assert process.returncode == (130 if stop == signal.SIGINT else -stop)
    come = part.stat().st_size
    publishers.answers[MAP] = replace(publishers.answers[MAP], halt_after=0, wait=0)
    done = data(project, "fetch", "practice-map-2026-07")
    assert done.code == 0, done.err
    assert (raw(project) / SAVED).read_bytes() == body
    assert publishers.ranges(MAP) == [None, f"bytes={come}-"]
    assert publishers.sent(MAP) < 2 * len(body)
    assert sorted(path.name for path in raw(project).iterdir()) == [SAVED, f"{SAVED}.source.json"]


def test_the_catalogue_is_shipped_with_every_vintage():
    assert {one.name for one in load_catalogue().of_vintage("2026-07")} >= {"practice-map-2026-07", "boundaries-2021"}
