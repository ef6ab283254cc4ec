"""The last look at finished files: whatever a page, notebook, picture or table holds is unpacked and searched."""

from pcn_analysis.release.egress.check import Finding, check_files, check_words, refuse_leaks
from pcn_analysis.release.egress.markup import digest
from pcn_analysis.release.egress.people import NOBODY, Known, known_people, readable_people

__all__ = [
    "NOBODY",
    "Finding",
    "Known",
    "check_files",
    "check_words",
    "digest",
    "known_people",
    "readable_people",
    "refuse_leaks",
]
