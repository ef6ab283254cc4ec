"""The kinds of list that clinicians get: what a row holds, and what the README beside says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from pcn_analysis.words import slug

PLACED = ("person_id", "practice_code", "priority")
"""Columns that the people of any list come with; the lowest priority goes first."""
MADE = ("synthetic", "reasons")
"""Columns that are made when a list is written."""
NOTE = "For review by a clinician; not a diagnosis"
"""Stands in the last column, ``note``, of every row: a CSV file has no footer, and what lies beside it can be lost."""
ABOUT_NOTE = "note, the last column, says on every row what a list is not. Leave it there when rows are copied.\n"


@dataclass(frozen=True)
class Kind:
    """What the lists of a network are of.

    Parameters
    ----------
    name
        What it is called, in the names of files and in the audit.
    columns
        Columns of a list, in order.
    readme
        What is said beside the files.
    folder
        Folder of the place for lists of this kind; empty for that of the place itself.
    model
        The model, cohort or objective by which people are listed; empty where there is only one. Each has a folder of
        its own.
    dated
        Whether reasons are told with their dates, the latest first; else by name.
    """

    name: str
    columns: tuple[str, ...]
    readme: str
    folder: str = ""
    model: str = ""
    dated: bool = False

    @property
    def title(self) -> str:
        """What a list is called in its properties.

        Examples
        --------
        >>> PROACTIVE_CARE.title
        'List of people: proactive care'
        """
        return f"List of people: {' '.join(filter(None, [self.name.replace('_', ' '), self.model]))}"

    @property
    def stem(self) -> str:
        """What names of files begin with, after the label of invented people."""
        return "_".join(filter(None, [self.name, _folded(self.model)]))

    @property
    def where(self) -> PurePath:
        """Where in the folder of the place the networks' folders are: no two models share them.

        Examples
        --------
        >>> from dataclasses import replace
        >>> replace(SEGMENTS, model="system_p").where.as_posix(), PROACTIVE_CARE.where.as_posix()
        ('segments/system_p', '.')
        """
        return PurePath(self.folder, _folded(self.model))

    @property
    def needed(self) -> list[str]:
        """Columns that the rows of people must have.

        Examples
        --------
        >>> PROACTIVE_CARE.needed
        ['person_id', 'practice_code', 'priority', 'frailty']
        """
        return list(dict.fromkeys([*PLACED, *(name for name in self.columns if name not in MADE)]))


def _folded(model: str) -> str:
    return slug(model).replace("-", "_")


PROACTIVE_CARE = Kind(
    "proactive_care",
    ("synthetic", "person_id", "frailty", "reasons"),
    """\
Lists of people for proactive care, one file for each practice.

For review by a clinician who knows the patient. A list is the result of a rule: it is not a diagnosis, not a
decision, and no sign that anyone has consented. Whoever is not on it may need care as well.

Do not publish, mail or copy it. A practice sees its own file alone. Delete it when it has been reviewed.

Columns: synthetic (True: the person is invented), person_id (a pseudonym), frailty, reasons (what is recorded).
Those with severe frailty come first; within a band the order means nothing.
Files whose name begins with SYNTHETIC_PEOPLE hold invented people: nobody in them exists.
Lists that these have taken the place of are in earlier/. Do not use them.
""",
)
SEGMENTS = Kind(
    "segments",
    ("synthetic", "person_id", "segment", "next_segment", "reasons"),
    """\
Lists of all patients with their segments, one file for each practice.

For review by a clinician who knows the patient. A segment is the result of a rule: it is not a diagnosis, not a
decision, and no sign that anyone has consented. What is not recorded does not count, and may be so all the same.

Do not publish, mail or copy it. A practice sees its own file alone. Delete it when it has been reviewed.

Columns: synthetic (True: the person is invented), person_id (a pseudonym), segment, next_segment (where the person
would be if not there; empty where there is none), reasons (the elements of the segment that are met, the latest first;
the date is of the latest record behind one, and a count or a state has none).
would_move is there if it was asked for, and empty for those of whom it was not: what would put the person into another
segment, each tried alone on their records; how they would come down; and when, if nothing new is recorded.
Those in the first segment of the model come first; within a segment the order means nothing.
Files whose name begins with SYNTHETIC_PEOPLE hold invented people: nobody in them exists.
Lists by the same model that these have taken the place of are in earlier/. Do not use them. Those by another model have
a folder of their own.
""",
    folder="segments",
    dated=True,
)
COHORT = Kind(
    "cohort",
    ("synthetic", "person_id", "first", "reasons"),
    """\
Lists of the people of a cohort, one file for each practice.

For review by a clinician who knows the patient. A list is the result of a rule: it is not a diagnosis, not a
decision, and no sign that anyone has consented. Whoever is not on it may need care as well.

Do not publish, mail or copy it. A practice sees its own file alone. Delete it when it has been reviewed.

Columns: synthetic (True: the person is invented), person_id (a pseudonym), first (the first priority of the cohort that
the person meets; empty where none), reasons (why the person is in the cohort, the latest first; the date is of the
latest record behind one, and a count or a state has none).
Those of the first priority come first; within a priority the order means nothing.
Files whose name begins with SYNTHETIC_PEOPLE hold invented people: nobody in them exists.
Lists of the same cohort that these have taken the place of are in earlier/. Do not use them. Those of another cohort
have a folder of their own.
""",
    folder="cohorts",
    dated=True,
)
CASELOAD = Kind(
    "caseload",
    (
        "synthetic",
        "person_id",
        "place",
        "month",
        "suggested_professional",
        "open_gaps",
        "reasons",
        "last_contact",
    ),
    """\
Caseload lists: people of a cohort for whom there is a slot, one file for each practice.

For review by a clinician who knows the patient. A list is the result of a rule: it is not a diagnosis, not a
decision, and no sign that anyone has consented. Whoever is not on it may need care as well.

Do not publish, mail or copy it. A practice sees its own file alone. Delete it when it has been reviewed.

Columns: synthetic (True: the person is invented), person_id (a pseudonym), place (in the line of the network, the first
first; practices are in one line, so numbers are missing), month (of the plan, from 1), suggested_professional (whoever
closes most of the open gaps and has a slot; anyone may see the person), open_gaps (care that the records do not show,
or show to be off target; it may have been given elsewhere), reasons (why the person is in the cohort; the date is of
the latest record behind it), last_contact (the last attended contact with the practice before the index date).
The order is need × open care gaps × how likely it is that closing them helps. The risk of an admission is no part of
it: in a trial (PRISMATIC), practices that were shown risks had more emergency admissions, not fewer.
Files whose name begins with SYNTHETIC_PEOPLE hold invented people: nobody in them exists.
Lists of the same cohort and objective that these have taken the place of are in earlier/. Do not use them. Those of
another have a folder of their own.
""",
    folder="caseload",
    dated=True,
)
SERVICE = Kind(
    "service",
    ("synthetic", "person_id", "open_gaps", "due", "tasks", "roles", "minutes", "reasons"),
    """\
Lists of open care gaps of a service specification of the Network Contract, one file for each practice.

For review by a clinician who knows the patient. A list is the result of a rule: it is not a diagnosis, not a
decision, and no sign that anyone has consented. Whoever is not on it may need care as well. A gap is a question: the
care may have been given and not recorded here, offered and refused, or not be right for this person.

Do not publish, mail or copy it. A practice sees its own file alone. Delete it when it has been reviewed.

Columns: synthetic (True: the person is invented), person_id (a pseudonym), open_gaps (what the service asks for and the
records do not show), due (the earliest day on which one of them was or will be due; now: at once, as no earlier record
says when), tasks (what would close them), roles (who usually does that; anyone may), minutes (of all these tasks
together; empty where they are not known of one), reasons (why the person is in the cohort of the service, the latest
first; the date is of the latest record behind one, and a count or a state has none; empty for whoever is outside the
cohort and has a gap that is looked for in everyone registered).
The order: by priority in the cohort, those outside it last; then by when the first gap is due; then by how many there
are. The risk of an admission is no part of it.
Files whose name begins with SYNTHETIC_PEOPLE hold invented people: nobody in them exists.
Lists of the same service that these have taken the place of are in earlier/. Do not use them. Those of another service
have a folder of their own.
""",
    folder="services",
    dated=True,
)
