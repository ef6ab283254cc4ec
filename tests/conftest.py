"""What the tests share: an invented place, the real published files where they are at hand, a browser."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from pcn_analysis.place import Network, Place, network_of
from pcn_analysis.synthetic.place import invent_place

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
