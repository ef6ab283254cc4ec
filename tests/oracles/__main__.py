"""Print ``docs/statistics.md``: ``python -m tests.oracles``; where the workbooks are at hand they are compared anew."""

from tests.oracles.document import MEASURED, document, measured, written
from tests.oracles.workbooks import BESIDE

if BESIDE.is_dir():
    MEASURED.write_text(written(measured()), encoding="utf-8")
print(document(), end="")  # noqa: T201
