"""A service specification as a page to read and sign: its cohort, measures, gaps and work, and every clause by year.

The page is Markdown and follows from the specification of the latest contract year alone, as those of models and
cohorts do (:mod:`pcn_analysis.rules.document`); its fingerprint changes with any of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pcn_analysis.anticipatory.cohorts.document import faults_of, write_texts
from pcn_analysis.anticipatory.cohorts.faults import faults
from pcn_analysis.contract.clauses import NOT_KNOWN, in_year, tables
from pcn_analysis.contract.years import YEARS
from pcn_analysis.rules import any_of
from pcn_analysis.rules.document import GENERATED, OVERVIEW, bullet, signatures, table
from pcn_analysis.rules.in_words import in_words
from pcn_analysis.services.catalogue import SERVICES, every_service, find_service, module_of
from pcn_analysis.services.columns import MEDICINES
from pcn_analysis.services.specification import COHORT
from pcn_analysis.tables import CARE_EVENT_NAMES
from pcn_analysis.words import number, within_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pcn_analysis.anticipatory.cohorts import Step
    from pcn_analysis.contract.clauses import Clause
    from pcn_analysis.rules import Criterion
    from pcn_analysis.services.specification import Due, Measure, ServiceSpecification

LATEST = YEARS[-1]
OF_SERVICES = GENERATED.replace("change the model", "change the specification or its table of clauses")
TECHNICAL = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")
"""How a column is called that only a service has."""
LIMIT = re.compile(r"(\d|known) ((?:below|over) [\d.]+|[\d.]+ or more)\b")
"""A limit right after a name that ends in a number, or in a sentence: a colon stands between."""
_ENDINGS = {"": "", "_declined": " (declined or unsuitable)", "_offered": " (offered)"}


def sign_off(service: ServiceSpecification) -> str:
    """Write the page of one service.

    Parameters
    ----------
    service
        The specification, of the contract year that the page is of.

    Returns
    -------
    str
        Markdown: what the service is; its cohort with reasons and who goes first; measures; gaps with when they are
        due; tasks with minutes; every clause by contract year, with standing and source; assumptions; what no table
        holds; faults of the cohort; lines to sign on.
    """
    names = column_names(service.name)
    force = service.in_force
    facts = [
        ("Name", f"`{service.name}`"),
        ("Contract year", service.contract_year),
        ("Asked of networks", f"{force.value or NOT_KNOWN} ({force.standing}); {force.row.source}"),
        ("For whom", service.whom),
        ("Source", service.source),
    ]
    parts = [
        f"# {service.title}\n\n{OF_SERVICES}\n",
        "".join(bullet(what, said) for what, said in facts),
        "What is not recorded is not met, and so meets a “not”. A step, measure or gap that cannot be assessed says "
        "so, and counts nobody. Windows end on the index date, which is not in them. A gap is a question, never a "
        "finding.\n",
        *_cohort(service, names),
        _measures(service, names),
        _gaps(service, names),
        _tasks(service),
        _clauses(service),
        _list("What is taken for granted", service.assumptions),
        _list("What it asks for and no table holds", service.lacks),
        faults_of(service.cohort, "Faults of the cohort"),
    ]
    body = "\n".join(parts)
    return f"{body}\n{signatures(body)}"


def write_pages(folder: Path) -> int:
    """Write the page of every service in the latest contract year, and the list of them.

    Parameters
    ----------
    folder
        Where the pages go; it is made where it is not there.

    Returns
    -------
    int
        How many services have a page.
    """
    write_texts(folder, {name: sign_off(find_service(name, LATEST)) for name in SERVICES} | {OVERVIEW: overview()})
    return len(SERVICES)


def overview() -> str:
    """Write the list of the pages of all services."""
    rows = [
        (
            f"[{one.title}]({one.name}.md)",
            one.whom,
            f"{len(one.measures)}",
            f"{len(one.gaps)}",
            f"{len(one.assumed)} of {len(one.clauses)}",
            str(len(faults(one.cohort)) or "none"),
        )
        for one in every_service(LATEST)
    ]
    headings = ("service", "for whom", "measures", "gaps", f"clauses not published for {LATEST}", "faults")
    return (
        f"# Services to sign\n\n{OF_SERVICES}\n\nOne page for each service specification in {LATEST}, to be read, "
        f"printed and signed by those who answer for its rules.\n\n{table(headings, rows)}"
    )


def column_names(service: str) -> dict[str, str]:
    """What the columns of a service are called in a sentence, by their names as criteria give them.

    Examples
    --------
    >>> names = column_names("neighbourhood_inequalities")
    >>> names["smi_physical_health_check_declined"]
    'physical health check for people with severe mental illness (declined or unsuitable)'
    """
    events = {
        f"{event}{ending}": f"{within_sentence(name)}{said}"
        for event, name in CARE_EVENT_NAMES.items()
        for ending, said in _ENDINGS.items()
    }
    medicines = {group: within_sentence(name) for group, name in MEDICINES.items()}
    own = {
        column.name.removesuffix("_date"): within_sentence(column.meaning.rstrip("."))
        for column in module_of(service).COLUMNS
    }
    return own | medicines | events


def asked(criterion: Criterion, names: Mapping[str, str]) -> str:
    """Say what a criterion asks, with the columns of a service in words.

    Examples
    --------
    >>> from pcn_analysis.rules import RecordedWithin
    >>> asked(RecordedWithin("mdt_review", 12), column_names("proactive_care"))
    'review by a multidisciplinary team, in the 12 months before the index date'
    """
    said = TECHNICAL.sub(lambda found: names.get(found[0], found[0].replace("_", " ")), in_words(criterion))
    return LIMIT.sub(r"\1: \2", said)


def _cohort(service: ServiceSpecification, names: Mapping[str, str]) -> Iterator[str]:
    cohort = service.cohort
    steps = [
        (
            f"{place}",
            step.name,
            _of_step(step, names),
            "yes" if step.defines else "",
            step.goes_to,
            step.source,
        )
        for place, step in enumerate(cohort.steps, start=1)
    ]
    headings = ("step", "who remains", "asks", "the cohort rests on it", "who is taken out is offered", "source")
    yield f"## Cohort\n\n{table(headings, steps)}"
    why = [(step.name, one.name, asked(one.when, names), one.note, one.source) for step, one in cohort.elements()]
    yield f"## Reasons for being in it\n\n{table(('step', 'reason', 'asks', 'note', 'source'), why)}"
    reasons = {asked(one.when, names): f"“{one.name}”" for _, one in cohort.elements()}
    first = [
        (f"{place}", one.name, _by_reasons(asked(one.when, names), reasons), one.source)
        for place, one in enumerate(cohort.first, start=1)
    ]
    first.append((f"{len(first) + 1}", "Everyone else", "", ""))
    yield f"## Who goes first\n\n{table(('priority', 'who', 'asks', 'source'), first)}"


def _of_step(step: Step, names: Mapping[str, str]) -> str:
    """What a step asks; only that it is any of its reasons, where it is, as these stand below."""
    if step.criterion is None:
        return "everyone in the person table"
    if step.elements and step.criterion == any_of(*(one.when for one in step.elements)):
        return "any of its reasons below"
    return asked(step.criterion, names)


def _by_reasons(text: str, reasons: Mapping[str, str]) -> str:
    """What is asked, with reasons of the cohort by their names where it is more than one of them."""
    if text in reasons:
        return text
    for said, name in sorted(reasons.items(), key=lambda one: -len(one[0])):
        text = text.replace(f"({said})", name).replace(said, name)
    return text


def _measures(service: ServiceSpecification, names: Mapping[str, str]) -> str:
    rows = [
        (
            one.name,
            _of_whom(one, names),
            asked(one.excluded, names) if one.excluded else "",
            asked(one.met, names),
            one.better,
            _valued(one.target),
            one.source,
            one.not_assessed,
        )
        for one in service.measures
    ]
    headings = ("measure", "of whom", "left out", "counted", "better", "target", "source", "cannot be told")
    return f"## Measures\n\n{table(headings, rows) if rows else 'There is none.'}"


def _of_whom(measure: Measure, names: Mapping[str, str]) -> str:
    among = "the cohort" if measure.among == COHORT else "everyone registered"
    return f"{among}: {asked(measure.of, names)}" if measure.of else among


def _valued(clause: Clause | None) -> str:
    """A clause with its standing; empty where none is named."""
    if clause is None:
        return ""
    return f"{clause.value} ({clause.standing})" if clause.value else NOT_KNOWN


def _gaps(service: ServiceSpecification, names: Mapping[str, str]) -> str:
    rows = [
        (
            one.name,
            "the cohort" if one.among == COHORT else "everyone registered",
            asked(one.when, names),
            _due(one.due, names),
            one.task,
            one.source,
            one.not_assessed,
        )
        for one in service.gaps
    ]
    headings = ("gap", "among", "is open if", "is due", "task", "source", "cannot be told")
    return f"## Gaps\n\n{table(headings, rows) if rows else 'There is none.'}"


def _due(due: Due, names: Mapping[str, str]) -> str:
    if not due.column:
        return "at once"
    name = due.column.removesuffix("_date")
    what = names.get(name, name.replace("_", " "))
    after = f"{number(due.months, 'month')} after: " if due.months else "on: "
    return f"{after}{what}; at once where there is no such date"


def _tasks(service: ServiceSpecification) -> str:
    rows = [(one.name, one.role, _valued(one.minutes), one.minutes.row.source) for one in service.tasks]
    return f"## Work\n\n{table(('task', 'who usually does it', 'minutes of one', 'source'), rows)}"


def _clauses(service: ServiceSpecification) -> str:
    """Every row of the service's table of clauses, and those of others that it rests on."""
    own = tables().get(service.name, ())
    elsewhere = {one.row.clause for one in service.clauses} - {row.clause for row in own}
    rows = [*own, *(row for rows in tables().values() for row in rows if row.clause in elsewhere)]
    now = {name: in_year([row for row in rows if row.clause == name], service.contract_year).standing
           for name in dict.fromkeys(row.clause for row in rows)}  # fmt: skip
    told = [
        (f"`{row.clause}`", row.name, row.value or NOT_KNOWN, row.unit, _years(row.from_year, row.to_year),
         row.standing, now[row.clause], row.source, row.note)
        for row in rows
    ]  # fmt: skip
    headings = ("clause", "what it is", "value", "unit", "contract years", "standing", f"in {service.contract_year}",
                "source", "note")  # fmt: skip
    said = "A value is carried over to years for which no source was found, as an assumption; a payment never is."
    return f"## Clauses by contract year\n\n{said}\n\n{table(headings, told)}"


def _years(first: str, last: str) -> str:
    if not first and not last:
        return "every year"
    if first == last:
        return first
    return f"{first} to {last}" if first and last else f"from {first}" if first else f"to {last}"


def _list(heading: str, sentences: tuple[str, ...]) -> str:
    return f"## {heading}\n\n" + ("\n".join(f"- {one}" for one in sentences) or "None is stated.") + "\n"
