"""What failed is kept where nobody else can read it, and told without any value."""

from __future__ import annotations

import shutil
import tempfile
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pcn_analysis.exceptions import PcnAnalysisError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def work_folder(restricted: Path, stem: str) -> Iterator[Path]:
    """Work in a fresh folder that nobody else can read; keep it, with the traceback, only on failure.

    Parameters
    ----------
    restricted
        The folder of what must not be published.
    stem
        What is worked on; what was kept of an earlier failure of the same is removed.
    """
    failed = restricted / "failed"
    failed.mkdir(parents=True, exist_ok=True, mode=0o700)
    for earlier in failed.glob(f"{stem}.*"):
        shutil.rmtree(earlier, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=f"{stem}.", dir=failed))
    try:
        yield work
    except Exception:
        (work / "traceback.txt").write_text(traceback.format_exc(), encoding="utf-8")
        raise
    shutil.rmtree(work, ignore_errors=True)


def said_safely(exception: Exception) -> str:
    """Say what went wrong without anything that a cell printed or held.

    Our own errors never carry values of a person and are quoted; of any other only the kind is named.
    """
    kind = getattr(exception, "ename", type(exception).__name__)
    cell = getattr(exception, "exec_count", None)
    where = f" in cell {cell}" if cell else ""
    if isinstance(exception, PcnAnalysisError):
        return f"{kind}: {exception}"
    if kind in ("PcnAnalysisError", "DisclosureError"):
        return f"{kind}{where}: {getattr(exception, 'evalue', '')}"
    return f"{kind}{where}"
