"""Parameters of notebooks that an analyst sets, checked before any kernel starts.

For one run: ``pcn-analysis report --set NAME=VALUE``. For good, and by network: the file ``config/parameters.csv``, a
row a value::

    notebook,pcn_code,parameter,value
    13,U00001,beds,214
    14,,salaries,"{""clinical_pharmacist"": 62000}"

A row without a network is of every network; one of the network counts more, and what is set for the run counts most.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from pcn_analysis.codes import UNALLOCATED, WHOLE_PLACE
from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest
from pcn_analysis.prepared import networks_elsewhere
from pcn_analysis.reports.catalogue import find_report
from pcn_analysis.reports.parameter_checks import GROUPINGS, impossible, impossible_in
from pcn_analysis.reports.parameter_values import converted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pcn_analysis.place import Place
    from pcn_analysis.reports.catalogue import Report
    from pcn_analysis.reports.jobs import Job
    from pcn_analysis.settings import Settings

FILE = "config/parameters.csv"
COLUMNS = ("notebook", "pcn_code", "parameter", "value")
HEADER = f"Begin it with the line {','.join(COLUMNS)}, and put a value with a comma in double quotes."
OPTIONS = {"place": "--place", "pcn_code": "--pcn", "people": "--with-synthetic-people"}
"""What says which page is made: it is chosen by an option, and never set."""


@dataclass(frozen=True)
class Given:
    """A parameter that somebody has set.

    Parameters
    ----------
    where
        Where it was set: a line of the file, or the option.
    report
        Of which report.
    pcn_code
        Of which network; empty: of every one.
    name, value
        The parameter, and its value as the notebook is given it.
    """

    where: str
    report: Report
    pcn_code: str
    name: str
    value: Any

    def is_of(self, job: Job) -> bool:
        """Whether it is of a page."""
        return self.report == job.report and self.pcn_code in ("", job.pcn_code)


def with_given(jobs: Sequence[Job], settings: Settings, places: Sequence[Place], sets: Sequence[str]) -> list[Job]:
    """Give jobs the parameters that somebody has set.

    Parameters
    ----------
    jobs
        Pages to make.
    settings
        Where notebooks and the file of parameters are.
    places
        The places of the jobs.
    sets
        What was set for this run, each as ``NAME=VALUE``.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong with the file and with what was set.
    """
    reading = _Reading(settings)
    lasting, for_run = list(reading.of_file()), list(reading.of_run(sets, {job.report for job in jobs}))
    problems = [*reading.problems, *_unknown_networks(lasting, places, settings)]
    problems += _impossible_somewhere([*lasting, *for_run], jobs, places, settings)
    if problems:
        raise PcnAnalysisError(*dict.fromkeys(problems))
    of: dict[tuple[Report, str], dict[str, Any]] = {}
    for one in lasting:
        of.setdefault((one.report, one.pcn_code), {})[one.name] = one.value
    chosen: dict[Report, dict[str, Any]] = {}
    for one in for_run:
        chosen.setdefault(one.report, {})[one.name] = one.value

    def given(job: Job) -> dict[str, Any]:
        return of.get((job.report, ""), {}) | of.get((job.report, job.pcn_code), {}) | chosen.get(job.report, {})

    return [replace(job, given=tuple(sorted(given(job).items()))) for job in jobs]


class _Reading:
    """Reads what is set, and collects all that is wrong with it."""

    def __init__(self, settings: Settings):
        self.settings, self.problems = settings, list[Problem]()
        self._declared = cache(lambda report: report.declared(settings.notebooks))
        self._values = cache(self._read)

    def of_file(self) -> Iterator[Given]:
        """What the file sets, line by line."""
        seen: dict[tuple[str, ...], str] = {}
        for where, row in self._lines():
            try:
                report = find_report(row["notebook"])
            except PcnAnalysisError as error:
                self._add(where, *((one.what, one.remedy) for one in error.problems))
                continue
            name, declared = row["parameter"], self._declared(report)
            key = (report.name, row["pcn_code"], name)
            if key in seen:
                self._add(where, (f"{name} is set in {seen[key]} as well", "Keep one of the lines."))
            elif name not in {**declared, **OPTIONS}:
                remedy = nearest(name, declared.keys() - OPTIONS.keys())
                self._add(where, (f"notebook {report.name} has no parameter {name!r}", remedy))
            else:
                yield from self._checked(f"{where}, {name}", report, row["pcn_code"], name, row["value"])
            seen.setdefault(key, where)

    def of_run(self, sets: Iterable[str], reports: Iterable[Report]) -> Iterator[Given]:
        """What is set for one run, for each report that declares it."""
        declared, seen = {report: self._declared(report) for report in reports}, set[str]()
        known = {name for those in declared.values() for name in those} - OPTIONS.keys()
        for text in sets:
            name, sign, value = (part.strip() for part in text.partition("="))
            where = f"--set {name}"
            if not (name and sign):
                self._add("--set", (f"{text!r} is not NAME=VALUE", "Write it as contract_year=2024/25."))
            elif name not in known | OPTIONS.keys():
                self._add(where, ("no notebook of this run has such a parameter", nearest(name, known)))
            elif name in seen:
                self._add(where, ("is given twice", "Give it once."))
            else:
                for report in (one for one in declared if name in declared[one]):
                    yield from self._checked(where, report, "", name, value)
            seen.add(name)

    def _checked(self, where: str, report: Report, pcn_code: str, name: str, text: str) -> Iterator[Given]:
        """A value that is read and found possible."""
        if name in OPTIONS:
            self._add(where, ("cannot be set", f"Choose it with {OPTIONS[name]}."))
            return
        value, wrong = self._values(report, name, text)
        self._add(where, *wrong)
        if not wrong:
            yield Given(where, report, pcn_code, name, value)

    def _read(self, report: Report, name: str, text: str) -> tuple[Any, list[tuple[str, str]]]:
        """A value, and what is wrong with it; many lines say the same."""
        declared = self._declared(report)[name]
        try:
            value = converted(text, declared.kind)
        except ValueError as error:
            remedy = f"It is declared as {declared.kind} in notebook {report.name}."
            return None, [(f"its value {error}", remedy)]
        return value, [(one.what, one.remedy) for one in impossible(name, value, declared, self.settings)]

    def _lines(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Lines of the file that hold anything, each with where it is, blanks around its cells taken off."""
        path = self.settings.root / FILE
        if not path.exists():
            return
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            self._add(FILE, ("is not text in UTF-8", "Save it as CSV UTF-8."))
            return
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        try:
            if tuple(reader.fieldnames or ()) != COLUMNS:
                self._add(FILE, ("has other columns", HEADER))
                return
            for cells in reader:
                where = f"{FILE}, line {reader.line_num}"
                if None in cells or None in cells.values():
                    self._add(where, (f"does not have {len(COLUMNS)} cells", HEADER))
                elif any(cell.strip() for cell in cells.values()):
                    yield where, {name: cell.strip() for name, cell in cells.items()}
        except csv.Error:
            self._add(f"{FILE}, line {reader.reader.line_num}", ("is not sound CSV", HEADER))

    def _add(self, where: str, *wrong: tuple[str, str]) -> None:
        self.problems += [Problem(where, what, remedy) for what, remedy in wrong]


def _impossible_somewhere(
    given: Iterable[Given], jobs: Sequence[Job], places: Sequence[Place], settings: Settings
) -> list[Problem]:
    """What cannot be in a place whose page it is of."""
    return [
        Problem(one.where, wrong.what, wrong.remedy)
        for one in given
        if one.name in GROUPINGS
        for place in places
        if any(job.place == place.slug and one.is_of(job) for job in jobs)
        for wrong in impossible_in(place, one.name, one.value, settings)
    ]


def _unknown_networks(given: Iterable[Given], places: Sequence[Place], settings: Settings) -> list[Problem]:
    """Networks of the file that no prepared place has, nor the country of any that is asked for."""
    named = {one.pcn_code for one in given} - {"", UNALLOCATED, WHOLE_PLACE}
    known = {str(code) for place in places for code in place.networks()["pcn_code"]}
    countries = [place.tables["country_networks"].frame for place in places if "country_networks" in place.tables]
    known |= {str(code) for country in countries for code in country["pcn_code"]} if named - known else set()
    known |= networks_elsewhere(places, settings.processed).keys() if named - known else set()
    return [
        Problem(one.where, f"no prepared place has a network {one.pcn_code!r}", nearest(one.pcn_code, known))
        for one in given
        if one.pcn_code in named - known
    ]
