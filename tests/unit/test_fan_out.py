"""Several things at once: each is done once, whatever happens to a worker."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.reports.fan_out import fan_out

pytestmark = [pytest.mark.unit, pytest.mark.skipif(os.name != "posix", reason="signals are sent in another way")]


def squared(number: int, done: Path) -> int:
    with (done / str(number)).open("a") as file:
        file.write("x")
    return number**2


def deadly(number: int, done: Path, times: int) -> int:
    """The square of a number; for seven, its worker is killed the first times."""
    squared(number, done)
    if number == 7 and (done / "7").stat().st_size <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    return number**2


def lost(number: int) -> int:
    return -number


@pytest.mark.parametrize("workers", [1, 2])
def test_everything_is_done_once(tmp_path: Path, workers: int) -> None:
    made = list(fan_out(partial(squared, done=tmp_path), range(12), workers=workers, lost=lost))
    assert sorted(made) == [number**2 for number in range(12)]
    assert all(path.read_text() == "x" for path in tmp_path.iterdir())


@pytest.mark.parametrize(("times", "seven"), [(1, 49), (2, -7)])
def test_what_was_lost_with_a_worker_is_done_again_and_named_the_second_time(
    tmp_path: Path, times: int, seven: int
) -> None:
    made = list(fan_out(partial(deadly, done=tmp_path, times=times), range(20), workers=2, lost=lost))
    assert sorted(made) == sorted([seven, *(number**2 for number in range(20) if number != 7)])
    assert (tmp_path / "7").read_text() == "xx"


def test_the_next_is_asked_for_when_a_worker_is_free(tmp_path: Path) -> None:
    ahead: list[int] = []

    def things() -> Iterator[int]:
        for number in range(50):
            ahead.append(number - len(list(tmp_path.iterdir())))
            yield number

    assert len(list(fan_out(partial(squared, done=tmp_path), things(), workers=2, lost=lost))) == 50
    assert max(ahead) <= 4, "more were handed out than are done at once"


def test_another_can_be_fanned_out_while_one_goes_on(tmp_path: Path) -> None:
    """Pages of a place are made again while those of other places are made."""
    work, found = partial(squared, done=tmp_path), []
    for number in fan_out(work, range(6), workers=2, lost=lost):
        found.append(number)
        if len(found) == 2:
            found += list(fan_out(work, range(100, 104), workers=2, lost=lost))
    assert sorted(found) == sorted([number**2 for number in (*range(6), *range(100, 104))])


def test_an_unknown_backend_is_refused() -> None:
    with pytest.raises(PcnAnalysisError, match=r"^workers: joblib has no backend 'snowflake' here\. Use loky"):
        list(fan_out(lost, range(3), workers=2, lost=lost, backend="snowflake"))
