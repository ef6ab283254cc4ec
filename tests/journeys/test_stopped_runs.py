"""Runs that are killed, starved, blocked or misled: the next one makes the rest, and the end is always the same.

Each test ends with the files under ``reports/``, the ledger and the release registers equal, by hash, to those of a run
that nobody disturbed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pcn_analysis.reports import ledger
from tests import stopped
from tests.conftest import make_project, need

pytestmark = [pytest.mark.journey, pytest.mark.skipif(os.name != "posix", reason="signals are sent in another way")]

ONE, OTHER = "U90001", "U90002"


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which nothing has been reported yet, with its people drawn; copied by each test."""
    with pytest.MonkeyPatch.context() as patch:
        settings = make_project(tmp_path_factory.mktemp("laid-out") / "project", patch)
    stopped.lay_out(settings, settings.root.parent / "files")
    code, _, err = stopped.whole(settings.root)
    assert code == 0, err
    kept = settings.root.with_name("undisturbed.json")
    kept.write_text(json.dumps(stopped.state(settings.root)), encoding="utf-8")
    for left in (settings.reports, settings.restricted):
        shutil.rmtree(left)
        left.mkdir()
    for left in settings.root.glob("reached_*"):
        left.unlink()
    (settings.root / "open").unlink()
    return settings.root


@pytest.fixture(scope="module")
def undisturbed(laid_out: Path) -> dict[str, str]:
    """The state that a run leaves which nobody disturbs."""
    return json.loads(laid_out.with_name("undisturbed.json").read_text(encoding="utf-8"))


@pytest.fixture
def root(laid_out: Path, tmp_path: Path) -> Path:
    return shutil.copytree(laid_out, tmp_path / "project")


def pages(state: dict[str, str]) -> list[str]:
    return [name for name in state if name.endswith(".html") and "index" not in name]


def on_record(root: Path, at_least: int) -> list[ledger.Entry]:
    """What the ledger of a run that is going on says, once it says so much."""
    end = time.monotonic() + 60
    while len(entries := ledger.read(root / "reports")) < at_least:
        assert time.monotonic() < end, "nothing is on record"
        time.sleep(0.1)
    return entries


def children(process: int, words: str) -> list[psutil.Process]:
    """Processes below one whose command line holds some words."""
    found = []
    for child in psutil.Process(process).children(recursive=True):
        try:
            if words in " ".join(child.cmdline()):
                found.append(child)
        except psutil.Error:
            continue
    return found


def test_a_run_is_the_same_again_and_does_nothing_the_second_time(root: Path, undisturbed: dict[str, str]) -> None:
    assert len(pages(undisturbed)) == 6
    for said in ("6 pages made, 0 up to date, 0 failed.", "0 pages made, 6 up to date, 0 failed."):
        code, out, err = stopped.whole(root)
        assert (code, out.splitlines()[0]) == (0, said), err
        assert stopped.state(root) == undisturbed


# -- killed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["held", "early"])
def test_after_the_runner_was_killed_the_next_run_makes_the_rest(
    root: Path, undisturbed: dict[str, str], moment: str
) -> None:
    run = stopped.started(root)
    if moment == "held":
        run.reached(ONE)
        assert len(on_record(root, at_least=1)) < len(pages(undisturbed)), "what is out is on record before the end"
    else:
        time.sleep(2)
    os.kill(run.process.pid, signal.SIGKILL)
    assert run.process.wait() == -signal.SIGKILL
    assert stopped.state(root) != undisturbed
    run.process.communicate()
    code, _, err = stopped.whole(root)
    assert code == 0, err
    assert stopped.state(root) == undisturbed


def test_a_killed_runner_leaves_no_kernel_behind(root: Path) -> None:
    run = stopped.started(root)
    kernel = run.reached(ONE)
    os.kill(run.process.pid, signal.SIGKILL)
    run.process.communicate()
    end = time.monotonic() + 30
    while psutil.pid_exists(kernel) and psutil.Process(kernel).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < end, "the kernel is still there"
        time.sleep(0.1)


def test_another_kernel_is_tried_where_one_was_killed(root: Path, undisturbed: dict[str, str]) -> None:
    run = stopped.started(root)
    os.kill(run.reached(ONE), signal.SIGKILL)
    stopped.open_gate(root)
    code, _, err = run.ended()
    assert code == 0, err
    assert stopped.state(root) == undisturbed
    entry = ledger.latest(ledger.read(root / "reports"))[stopped.PLACE, ONE, stopped.HELD]
    assert entry.attempts == 2


def test_the_pages_of_a_killed_worker_are_made_by_another(root: Path, undisturbed: dict[str, str]) -> None:
    run = stopped.started(root)
    run.reached(ONE)
    worker = children(run.process.pid, "loky")[-1]
    worker.kill()
    stopped.open_gate(root)
    code, _, err = run.ended()
    assert code == 0, err
    assert stopped.state(root) == undisturbed


def test_the_death_of_the_process_that_forks_kernels_loses_no_page(root: Path, undisturbed: dict[str, str]) -> None:
    run = stopped.started(root)
    run.reached(ONE)
    [parent] = children(run.process.pid, "pcn_analysis.kernels")[:1]
    parent.kill()
    stopped.open_gate(root)
    code, _, err = run.ended()
    assert code == 0, err
    assert stopped.state(root) == undisturbed


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [1, 3, 5, 7, 9, 12, 15, 20])
def test_whenever_a_run_is_killed_the_end_is_the_same(root: Path, undisturbed: dict[str, str], seconds: float) -> None:
    stopped.open_gate(root)
    run = stopped.started(root)
    try:
        run.process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(run.process.pid, signal.SIGKILL)
    run.process.communicate()
    code, _, err = stopped.whole(root)
    assert code == 0, err
    assert stopped.state(root) == undisturbed


# -- starved, blocked, misled ------------------------------------------------------------------------------


@pytest.fixture
def small_disk(root: Path) -> Iterator[Path]:
    """The folder of reports on a disk that holds next to nothing."""
    reports = root / "reports"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", str(reports)], check=False)
    need(mounted.returncode == 0, "the right to mount a small disk")
    try:
        yield reports
    finally:
        subprocess.run(["umount", "-l", str(reports)], check=True)


def test_a_full_disk_is_named_and_once_there_is_room_the_rest_is_made(
    root: Path, small_disk: Path, undisturbed: dict[str, str]
) -> None:
    code, _, err = stopped.whole(root)
    assert code in (1, 2)
    assert "No space left on device" in err
    assert "Traceback" not in err
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    code, _, err = stopped.whole(root)
    assert code == 0, err
    assert stopped.state(root) == undisturbed


def test_a_second_run_is_told_who_holds_the_project_and_changes_nothing(
    root: Path, undisturbed: dict[str, str]
) -> None:
    run = stopped.started(root)
    run.reached(ONE)
    code, out, err = stopped.started(root).ended()
    assert (code, out) == (2, "")
    told = (
        rf"Error: report: another run is making reports: process {run.process.pid} of \S+ on \S+, since .+ UTC\. Wait"
    )
    assert re.match(told, err), err
    stopped.open_gate(root)
    assert run.ended()[0] == 0
    assert stopped.state(root) == undisturbed
    assert not list((root / "data" / "restricted").glob(".report.json")), "nobody holds it any more"


@pytest.mark.parametrize("damage", [b"", b"\0" * 40, b'{"run": "', b"[1, 2]", b"\xff\xfe", b'{"files": 5}'])
def test_a_damaged_line_of_the_ledger_costs_its_page_alone(
    root: Path, undisturbed: dict[str, str], damage: bytes
) -> None:
    assert stopped.whole(root)[0] == 0
    path = root / "reports" / ledger.FILE
    first, _, *rest = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([first, damage, *rest]) + b"\n")
    code, out, err = stopped.whole(root)
    assert code == 0, err
    assert out.startswith("1 pages made, 5 up to date, 0 failed."), out
    assert ("1 of its lines cannot be read" in err) is bool(damage)
    assert stopped.state(root) == undisturbed


def test_a_clock_that_was_moved_back_changes_nothing(root: Path, undisturbed: dict[str, str]) -> None:
    """Half of the pages were made by a run whose clock was years ahead."""
    run = stopped.started(root)
    run.reached(ONE)
    os.kill(run.process.pid, signal.SIGKILL)
    run.process.communicate()
    for path in [root / "reports" / ledger.FILE, *(root / "data" / "restricted" / "released").rglob("*.jsonl")]:
        if path.exists():
            path.write_text(re.sub(r"\b2\d{3}(?=-\d\d-\d\dT|\d{4}T)", "2099", path.read_text()))
    code, _, err = stopped.whole(root)
    assert code == 0, err
    today = ledger.read(root / "reports")[-1].finished
    for page in root.glob("reports/**/index.html"):
        page.write_text(page.read_text().replace("2099", today[:4]))
    assert {name: one for name, one in stopped.state(root).items() if "index" not in name} == {
        name: one for name, one in undisturbed.items() if "index" not in name
    }


# -- cells that misbehave ----------------------------------------------------------------------------------

MISBEHAVIOUR = {
    "raises": ("raise ValueError('9434765919')", "ValueError in cell 3", 1),
    "hangs": ("time.sleep(600)", "CellTimeoutError in cell 3", 1),
    "hangs and will not be stopped": (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(600)",
        "CellTimeoutError in cell 3",
        1,
    ),
    "ends its process": ("os._exit(3)", "DeadKernelError in cell 3", 2),
    "prints a great deal": ("print('x' * 100_000_000)", "PcnAnalysisError", 1),
    "exhausts memory": ("everything = [bytearray(2**28) for _ in range(400)]", "MemoryError in cell 3", 1),
}


@pytest.mark.parametrize("how", list(MISBEHAVIOUR))
def test_a_cell_that_misbehaves_is_named_and_all_other_pages_are_made(
    root: Path, undisturbed: dict[str, str], how: str
) -> None:
    deed, error, attempts = MISBEHAVIOUR[how]
    (root / "config").mkdir()
    config = root / "config" / "pcn_analysis.toml"
    config.write_text("cell_minutes = 0.1\n" if "hangs" in how else "kernel_gigabytes = 2\n", encoding="utf-8")
    bad = root / f"misbehave_{ONE}.py"
    bad.write_text(deed, encoding="utf-8")
    code, out, err = stopped.whole(root)
    assert (code, out.splitlines()[0]) == (1, "5 pages made, 0 up to date, 1 failed."), err
    [failed] = [one for one in ledger.read(root / "reports") if one.status == ledger.FAILED]
    assert failed.page == (stopped.PLACE, ONE, stopped.HELD)
    assert failed.error.startswith(error)
    assert failed.attempts == attempts
    assert "9434765919" not in out + err + (root / "reports" / ledger.FILE).read_text()
    others = {name: one for name, one in undisturbed.items() if ONE not in name or stopped.HELD not in name}
    now = stopped.state(root)
    assert {name: one for name, one in now.items() if name in others and "index" not in name} == {
        name: one for name, one in others.items() if "index" not in name
    }
    config.unlink()
    bad.unlink()
    code, out, err = stopped.whole(root, "--retry-failed")
    assert (code, out.splitlines()[0]) == (0, "1 pages made, 0 up to date, 0 failed."), err
    assert stopped.state(root) == undisturbed


# -- what a run is asked for -------------------------------------------------------------------------------


def test_a_dry_run_says_what_would_be_made_and_makes_nothing(root: Path) -> None:
    code, out, err = stopped.whole(root, "--dry-run")
    assert code == 0, err
    assert out.splitlines()[-1] == "6 of 6 pages would be made."
    assert f"{stopped.PLACE} {ONE} {stopped.HELD}" in out.splitlines()
    assert not list((root / "reports").iterdir())


def test_so_many_pages_at_most_are_made_and_the_next_run_makes_the_others(
    root: Path, undisturbed: dict[str, str]
) -> None:
    code, out, _ = stopped.whole(root, "--limit", "4")
    assert (code, out.splitlines()[0]) == (0, "4 pages made, 0 up to date, 0 failed. 2 left for the next run.")
    assert len(pages(stopped.state(root))) == 4
    assert stopped.whole(root)[1].startswith("2 pages made, 4 up to date, 0 failed.")
    assert stopped.state(root) == undisturbed


def test_nothing_is_begun_after_the_deadline(root: Path) -> None:
    """The first network of two is held until the deadline: its last page is the last that is made."""
    at = time.time() + 75
    run = stopped.started(root, "--jobs", "1", "--deadline", time.strftime("%H:%M", time.localtime(at)))
    run.reached(OTHER)
    time.sleep(max(0.0, at - at % 60 + 1 - time.time()))
    stopped.open_gate(root)
    code, out, err = run.ended()
    assert code == 1, err
    assert re.match(r"3 pages made, 0 up to date, 0 failed\. 3 not begun before \d\d:\d\d\.", out), out


def test_every_run_leaves_a_manifest(root: Path) -> None:
    assert stopped.whole(root, "--limit", "1")[0] == 0
    [path] = (root / "reports" / "runs").glob("*.json")
    told = json.loads(path.read_text(encoding="utf-8"))
    assert (told["status"], told["pages"]) == ("ended", {"ok": 1, "not begun": 5})
    assert told["asked"]["limit"] == 1
    assert told["places"][stopped.PLACE]["index_date"] == "2026-07-01"
    assert len(told["environment"]["sha256"]) == len(told["package"]["sha256"]) == 64
    held = path.read_text(encoding="utf-8")
    assert str(root) not in held
    assert os.uname().nodename not in held
