"""Which of the pages that could be made are asked for: by place, board, network, notebook, or how they stand.

``--select FIELD=PATTERN``, each once or more often; a page has to fit every one. A pattern is one of the shell, and
several of them with commas between, of which one has to fit: ``--select icb=*cheshire*,*devon* --select status=ok``.
Capital letters count as small ones.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest, problem
from pcn_analysis.reports import ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pcn_analysis.place import Place
    from pcn_analysis.reports.jobs import Job

    Key = tuple[str, str, str]

FIELDS = ("place", "icb", "pcn", "network", "notebook", "status")
"""What a page can be chosen by."""
NEVER = "never"
"""How a page stands that no run has tried to make."""
STATUSES = (ledger.OK, ledger.FAILED, NEVER)
MOST_SHOWN = 8
"""So many of what there was are named."""


def selected(
    jobs: Sequence[Job], places: Sequence[Place], patterns: Sequence[str], entries: Iterable[ledger.Entry]
) -> list[Job]:
    """Those pages that fit every pattern, in the same order.

    Parameters
    ----------
    jobs
        Pages that could be made.
    places
        Their places.
    patterns
        Each as ``FIELD=PATTERN``: ``place`` (its name or folder), ``icb`` (name or code of the network's board; of a
        page of a whole place, those of all its networks), ``pcn`` (code), ``network`` (name), ``notebook`` (number,
        name or title), ``status`` (``ok``, ``failed`` or ``never``, by the last line of the ledger).
    entries
        Lines of the ledger.

    Raises
    ------
    PcnAnalysisError
        If a field or status is unknown, or nothing fits: it says what there was.
    """
    jobs, asked, status = list(jobs), _asked(patterns), _status(entries)
    for field, fits in asked:
        said = _said(field, jobs, places, status)
        left = [job for job in jobs if any(fnmatchcase(word, fit) for word in said[job.page] for fit in fits)]
        if not left:
            raise _nothing(f"--select {field}={','.join(fits)}", field, [said[job.page] for job in jobs])
        jobs = left
    return jobs


def failed_last(jobs: Iterable[Job], entries: Iterable[ledger.Entry]) -> list[Job]:
    """Those pages whose last attempt failed; none is an answer too."""
    status = _status(entries)
    return [job for job in jobs if status.get(job.page) == ledger.FAILED]


def _asked(patterns: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Fields with the patterns of each, in small letters."""
    asked, problems = [], []
    for text in patterns:
        field, sign, words = (part.strip() for part in text.partition("="))
        fits = [one.strip().lower() for one in words.split(",") if one.strip()]
        field = field.lower()
        if not (sign and fits):
            problems.append(Problem("--select", f"{text!r} is not FIELD=PATTERN", "Write it as place=wirral*."))
        elif field not in FIELDS:
            problems.append(Problem("--select", f"there is no field {field!r}", nearest(field, FIELDS)))
        elif field == "status" and (odd := [fit for fit in fits if not any(fnmatchcase(one, fit) for one in STATUSES)]):
            problems.append(Problem("--select", f"there is no status {odd[0]!r}", nearest(odd[0], STATUSES)))
        asked.append((field, fits))
    if problems:
        raise PcnAnalysisError(*problems)
    return asked


def _said(field: str, jobs: Iterable[Job], places: Iterable[Place], status: Mapping[Key, str]) -> dict[Key, set[str]]:
    """What a field says of each page, in small letters; several where it has more names than one."""
    words: dict[str, Callable[[Job], Iterable[str]]] = {
        "status": lambda job: [status.get(job.page, NEVER)],
        "notebook": lambda job: [job.report.name, job.report.name[:2], job.report.title],
        "pcn": lambda job: [job.pcn_code],
        "network": lambda job: [job.name],
    }
    if field in ("place", "icb"):
        of_place = {
            place.slug: _boards(place) if field == "icb" else {"": [place.slug, place.name]} for place in places
        }
        words[field] = lambda job: of_place[job.place].get(job.pcn_code, of_place[job.place][""])
    return {job.page: {word.lower() for word in words[field](job)} for job in jobs}


def _boards(place: Place) -> dict[str, list[str]]:
    """Name and code of the board of each network, and those of all of them under the empty code."""
    from pcn_analysis.reports.site.boards import boards_of

    names = {network: [one for one in (board.label, board.name, board.code) if one]
             for network, board in boards_of(place).items()}  # fmt: skip
    return {**names, "": [name for those in names.values() for name in those]}


def _status(entries: Iterable[ledger.Entry]) -> dict[Key, str]:
    """How each page stands, by its last line; a page that was found up to date is a good one."""
    last = ledger.latest(entries)
    return {page: ledger.OK if one.status == ledger.UP_TO_DATE else one.status for page, one in last.items()}


def _nothing(where: str, field: str, said: Iterable[set[str]]) -> PcnAnalysisError:
    there = sorted(set().union(*said))
    shown = ", ".join(there[:MOST_SHOWN]) + (" …" if len(there) > MOST_SHOWN else "")
    return problem(where, "fits no page", f"There is: {shown}." if shown else f"No {field} is known of any.")
