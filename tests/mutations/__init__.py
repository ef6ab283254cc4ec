"""What goes wrong with extracts on their way: named kinds of damage, each with what it is in real life.

A mutation changes the rows of a delivery, the bytes of one of its files, or the folder that was written. It raises
:class:`NotHereError` where a delivery has nothing that it could change. ``docs/mutations.md`` is made from this list.
"""

from importlib import import_module

from tests.mutations.applied import Mutated, apply
from tests.mutations.catalogue import HARMLESS, LISTED, MUTATIONS, OUTCOMES, REFUSED, Mutation, NotHereError
from tests.mutations.document import document

__all__ = [
    "HARMLESS", "LISTED", "MUTATIONS", "OUTCOMES", "REFUSED", "Mutated", "Mutation", "NotHereError", "apply",
    "document",
]  # fmt: skip

SECTIONS = ("encodings", "lines", "columns", "dates", "values", "identifiers", "files")
"""Modules of kinds, in the order in which they are listed."""

for _section in SECTIONS:
    import_module(f"{__name__}.{_section}")
