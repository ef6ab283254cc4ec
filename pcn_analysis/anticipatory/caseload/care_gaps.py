"""Care gaps: what a standard asks for and the records of a person do not show, or show to be off target.

They are declared in ``care_gaps.yaml``, each with its standard, who usually closes it, its weight, and what is known of
whether closing it helps. An open gap is a question for whoever opens the notes, never a finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis import codelists
from pcn_analysis.exceptions import nearest
from pcn_analysis.person.medicine_lists import issues_on_lists
from pcn_analysis.person.medicines import has_bnf_codes
from pcn_analysis.rules import Criterion, Holds, RecordedWithin
from pcn_analysis.rules.forms import read_criterion
from pcn_analysis.rules.written import Written
from pcn_analysis.scores.hazardous_medicines import ANY, hazardous_counts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population

FILE = "care_gaps.yaml"
FOLDER = files("pcn_analysis") / "anticipatory" / "caseload"
ANTICOAGULANTS = "oral_anticoagulants"
MADE_HERE: Mapping[str, Criterion] = {
    "A hazardous combination of medicines": Holds(ANY),
    "An oral anticoagulant in 3 months": RecordedWithin(ANTICOAGULANTS, 3),
}
"""What gaps ask of medicines and the person table does not hold; :func:`with_medicines` makes the columns."""
_NEEDED = ("gap", "when", "closes", "weight", "evidence", "source", "not_assessed")


@dataclass(frozen=True)
class CareGap:
    """One care gap.

    Parameters
    ----------
    name
        What is open, in plain words.
    when
        What a person must meet for it to be open.
    closes
        Who usually closes it, the most usual first.
    weight
        How soon harm may come of leaving it open.
    evidence
        A grade of what is known of whether closing it helps.
    source
        The standard, and what of it is our choice.
    not_assessed
        What the records cannot say of it.
    """

    name: str
    when: Criterion
    closes: tuple[str, ...]
    weight: float
    evidence: str
    source: str
    not_assessed: str


@dataclass(frozen=True)
class CareGaps:
    """The gaps of a file.

    Parameters
    ----------
    gaps
        In the order of the file.
    professionals
        Who can have slots; where two would close as much of a person's gaps, the first of them.
    weights, grades
        What each weight and each grade of evidence means.
    """

    gaps: tuple[CareGap, ...]
    professionals: tuple[str, ...]
    weights: dict[float, str]
    grades: dict[str, str]


@cache
def care_gaps() -> CareGaps:
    """The care gaps of this package.

    Examples
    --------
    >>> [one.name for one in care_gaps().gaps if one.closes[0] == "physiotherapist"]
    ['A fall in 12 months']
    """
    return care_gaps_of((FOLDER / FILE).read_text(encoding="utf-8"), FILE)


def care_gaps_of(text: str, name: str) -> CareGaps:
    """Make care gaps of the text of a file.

    Raises
    ------
    PcnAnalysisError
        With everything that is wrong in it.
    """
    file = Written(text, name, example=FILE)
    file.keys(file.content, ("care_gaps", "professionals", "weights", "grades", "gaps"))
    professionals = tuple(file.words(file.content, "professionals"))
    weights = {file.number(key, name): str(what) for key, what in file.mapping(file.content, "weights").items()}
    grades = {key: str(what) for key, what in file.mapping(file.content, "grades").items()}
    gaps = [_gap(file, one, professionals, weights, grades) for one in file.rows(file.content, "gaps")]
    file.once([one.name for one in gaps if one], "gap")
    file.once(list(professionals), "professional")
    file.check()
    return CareGaps(tuple(one for one in gaps if one), professionals, weights, grades)


def with_medicines(people: Lazy, population: Population) -> Lazy:
    """Add to rows of the person table what gaps ask of medicines.

    Returns
    -------
    LazyFrame
        The rows with hazardous_combination and oral_anticoagulants_date (the latest issue before the index date). The
        columns are absent where there are no medicines; where none has a BNF code the first is null and the second
        absent, as nothing is known.
    """
    medications, on = population.tables.get("medications"), population.index_date
    if medications is None or not has_bnf_codes(medications, on=on):
        return people
    own = medications.join(people.select("person_id"), on="person_id", how="semi")
    counts = hazardous_counts(own, people, on=on).select("person_id", ANY)
    date = nw.col("drug_exposure_start_date").cast(nw.Date)
    issues = own.select("person_id", "bnf_code", _date=date).filter(nw.col("_date") < on)
    rows = [row for row in codelists.rows("hazardous_medicine_groups") if row["group"] == ANTICOAGULANTS]
    taken = issues_on_lists(issues, rows, name="group").group_by("person_id").agg(nw.col("_date").max())
    latest = taken.select("person_id", **{f"{ANTICOAGULANTS}_date": nw.col("_date")})
    return people.join(counts, on="person_id", how="left").join(latest, on="person_id", how="left")


def _gap(
    file: Written,
    written: dict[str, Any],
    professionals: tuple[str, ...],
    weights: Mapping[float, str],
    grades: Mapping[str, str],
) -> CareGap | None:
    where = f"{file.name}, gap {written.get('gap', '?')}"
    file.keys(written, _NEEDED, where)
    when = read_criterion(written["when"], where, _named(file, where), file.problems) if written.get("when") else None
    closes = tuple(file.words(written, "closes", where))
    for one in closes:
        if one not in professionals:
            file.wrong(where, f"{one} is no professional of the file", nearest(one, professionals))
    weight = file.number(written.get("weight"), where)
    if weight not in weights:
        file.wrong(where, "has a weight that the file does not explain", "Take one of weights, or explain it there.")
    evidence = str(written.get("evidence", ""))
    if evidence not in grades:
        file.wrong(where, "has evidence that is no grade of the file", nearest(evidence, grades))
    if when is None:
        return None
    name, source, unknown = (str(written.get(key, "")) for key in ("gap", "source", "not_assessed"))
    return CareGap(name, when, closes, weight, evidence, source, unknown)


def _named(file: Written, where: str) -> Any:
    def find(kind: str, name: str) -> Criterion | None:
        if kind != "criterion" or name not in MADE_HERE:
            file.wrong(where, f"{kind} {name} is asked for, and there is none", nearest(name, MADE_HERE))
            return None
        return MADE_HERE[name]

    return find
