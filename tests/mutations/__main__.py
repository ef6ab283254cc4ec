"""Print ``docs/mutations.md``: ``python -m tests.mutations``."""

from tests.mutations import document

print(document(), end="")  # noqa: T201
