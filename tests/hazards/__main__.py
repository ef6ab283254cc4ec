"""Print ``docs/hazard_log.md``: ``python -m tests.hazards``."""

from tests.hazards import document, hazards

print(document(hazards()), end="")  # noqa: T201
