"""The page that lists all kinds, ``docs/mutations.md``."""

from __future__ import annotations

from tests.mutations.catalogue import MUTATIONS, OUTCOMES


def document() -> str:
    """Text of ``docs/mutations.md``."""
    lines = [
        "# What goes wrong with extracts on their way",
        "",
        "Generated from `tests/mutations/` by `python -m tests.mutations > docs/mutations.md`; a test keeps them",
        "the same. Each kind is seen to fire in `tests/properties/test_fuzzed_extracts.py`, on one delivery, with the",
        "outcome below; in the same file kinds are put to every adapter, one or two at a time. Whatever happens, the",
        "outcome is one of these:",
        "",
        *(f"- **{outcome}**: {words}" for outcome, words in OUTCOMES.items()),
        "",
        f"{len(MUTATIONS)} kinds:",
        "",
        "| kind | what it is in life | outcome | shown on |",
        "|---|---|---|---|",
        *(f"| {_escaped(it.name)} | {_escaped(it.life)} | {it.outcome} | {it.on} |" for it in MUTATIONS.values()),
        "",
        "What nobody can see: a file that ends too early at the end of a line; dates with the month first none of",
        "which has a day after the 12th; a date that moved to the column of another date; a file that was never known",
        "to be part of the delivery. Hold the counts in the quality report against what the sender says.",
        "",
    ]
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
