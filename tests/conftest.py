"""What the tests share: an invented place, the real published files where they are at hand, a browser."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from pcn_analysis.place import Network, Place, network_of
from pcn_analysis.population import Population, load_population
from pcn_analysis.prepared import save_place
from pcn_analysis.settings import ROOT_VARIABLE, Settings
from pcn_analysis.synthetic.people import draw_people, up_to_date
from pcn_analysis.synthetic.place import invent_place

if TYPE_CHECKING:
    from collections.abc import Callable

# What a shell starts in the background ignores Ctrl+C, and so would what tests start in order to stop it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parent.parent
OPEN_DATA = ROOT.parent / "shared" / "data" / "open"


def need(present: bool, what: str) -> None:
    """Skip a test where something is missing; with CI=true that is a failure."""
    if present:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and CI must have it")
    pytest.skip(f"{what} is not here")


@pytest.fixture(scope="session")
def open_data() -> Path:
    """The folder of real published files."""
    need(OPEN_DATA.is_dir(), "the folder of published files, ../shared/data/open,")
    return OPEN_DATA


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    need(path is not None, "Chromium")
    return str(path)


@pytest.fixture(scope="session")
def marlhaven() -> Place:
    """The invented place."""
    return invent_place()


@pytest.fixture(scope="session")
def harbour(marlhaven: Place) -> Network:
    """The largest network of the invented place."""
    return network_of(marlhaven, "U00001")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An empty project of its own, with the real notebooks."""
    return make_project(tmp_path, monkeypatch)


def make_project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Lay out a project folder and make it the current one."""
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns("working", ".*"))
    for name in ("data/raw", "data/processed", "data/restricted", "reports"):
        (folder / name).mkdir(parents=True)
    monkeypatch.setenv(ROOT_VARIABLE, str(folder))
    return Settings(folder)


def made_once(name: str, make: Callable[[Settings], None], factory: pytest.TempPathFactory) -> Settings:
    """A project that the first worker of a run of tests makes, and that all of them read; nobody changes it."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    made = folder.with_name(f"{name}-made")
    with FileLock(f"{folder}.lock"), pytest.MonkeyPatch.context() as patch:
        if not made.exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(make_project(folder, patch))
            made.touch()
    return Settings(folder)


@pytest.fixture(scope="session")
def people_project(marlhaven: Place, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A project in which the invented place is prepared; set ``ROOT_VARIABLE`` to its root to load from it."""
    return made_once("synthetic-people", lambda made: save_place(marlhaven, made.processed), tmp_path_factory)


@pytest.fixture(scope="session")
def old_priory(marlhaven: Place, people_project: Settings) -> Population:
    """The synthetic people of Old Priory PCN, U00005, the smallest network of the invented place; takes 4 seconds."""
    return _drawn_and_loaded(marlhaven, "U00005", people_project)


@pytest.fixture(scope="session")
def synthetic_people(marlhaven: Place, people_project: Settings, old_priory: Population) -> dict[str, Population]:
    """The synthetic people of every network of the invented place, by its code; takes half a minute."""
    others = [code for code in marlhaven.networks()["pcn_code"] if code != old_priory.pcn_code]
    drawn = {code: _drawn_and_loaded(marlhaven, code, people_project) for code in others}
    return {old_priory.pcn_code: old_priory} | drawn


def _drawn_and_loaded(place: Place, pcn_code: str, settings: Settings) -> Population:
    with FileLock(settings.root / f"{pcn_code}.lock"):
        if not up_to_date(place, pcn_code, settings.processed):
            draw_people(place, pcn_code, settings.processed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ROOT_VARIABLE, str(settings.root))
        return load_population(place.slug, pcn_code, "synthetic")


def command(*words: str, root: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line as a person does."""
    return subprocess.run(
        [sys.executable, "-m", "pcn_analysis", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=root,
        env={**os.environ, ROOT_VARIABLE: str(root)},
        check=False,
        timeout=1800,
    )


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Reports of two networks of the invented place, made through the command line; tests that change them copy it."""

    def make(made: Settings) -> None:
        assert command("prepare", "--synthetic", root=made.root).returncode == 0
        done = command("report", "--pcn", "U00001", "--pcn", "U00005", root=made.root)
        assert done.returncode == 0, done.stderr

    return made_once("pack", make, tmp_path_factory)


@pytest.fixture
def own_pack(pack: Settings, tmp_path: Path) -> Settings:
    """A copy of it for one test."""
    return Settings(Path(shutil.copytree(pack.root, tmp_path / "pack")))
