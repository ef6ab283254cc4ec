"""Did a programme help? A pre-specified design, put to records, and a verdict that may be "cannot tell"."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pcn_analysis.anticipatory.programme.comparisons import COMPARISON, COMPARISONS, FEWEST_PEOPLE, PROGRAMME
from pcn_analysis.anticipatory.programme.design_files import check_treated, read_treated, treated_sha256
from pcn_analysis.anticipatory.programme.followed import read_records, shifted
from pcn_analysis.anticipatory.programme.starts import check_starts
from pcn_analysis.anticipatory.programme.verdict import CANNOT_TELL, FEWER, MORE, decide
from pcn_analysis.exceptions import problem
from pcn_analysis.population import Population

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from pcn_analysis.anticipatory.programme.comparisons import Comparison
    from pcn_analysis.anticipatory.programme.design import Design
    from pcn_analysis.anticipatory.programme.followed import Records
    from pcn_analysis.anticipatory.programme.starts import Starts
    from pcn_analysis.provenance import About, Provenance


@dataclass(frozen=True, eq=False)
class ProgrammeEvaluation:
    """What a programme was found to do.

    Parameters
    ----------
    design
        What was pre-specified.
    design_sha256, treated_sha256
        Hashes of the design and of the list of those who got the programme, as they were when this was made.
    verdict
        ``fewer``, ``more``, ``no difference that matters`` or ``cannot tell``.
    reasons
        Why; every reason where it is "cannot tell".
    found
        Estimates and counts. Counts are as they are: they are released through
        :mod:`pcn_analysis.anticipatory.programme.shown`.
    notes
        What a reader has to know besides.
    provenance, about
        Of the people.
    """

    design: Design
    design_sha256: str
    treated_sha256: str
    verdict: str
    reasons: tuple[str, ...]
    found: Comparison
    notes: tuple[str, ...]
    provenance: Provenance
    about: About

    def is_of(self, design: Design) -> bool:
        """Whether this came from a design, and not from one that was changed since."""
        return self.design_sha256 == design.sha256

    @property
    def sentence(self) -> str:
        """The verdict in a sentence, with its reasons."""
        what, why = self.design.what, "; ".join(self.reasons)
        if self.verdict == CANNOT_TELL:
            return f"Cannot tell whether those with the programme had fewer or more {what}: {why}."
        ratio = f"rate ratio {self.found.effect.value:.2f}; {why}"
        if self.verdict in (FEWER, MORE):
            return f"Those with the programme had {self.verdict} {what} than they would have had without ({ratio})."
        return f"The programme made no difference that matters to {what} ({ratio})."


def evaluate_programme(
    populations: Population | Iterable[Population],
    design: Design,
    *,
    treated: pd.DataFrame | Path | None = None,
) -> ProgrammeEvaluation:
    """Evaluate a programme as its design says.

    Parameters
    ----------
    populations
        The people, of one network or several. All are read up to the day that the first of them ends.
    design
        What was pre-specified.
    treated
        Who got it and since when, a frame or a CSV file (:func:`pcn_analysis.anticipatory.programme.design_files
        .check_treated`); by default the file that the design names.

    Raises
    ------
    PcnAnalysisError
        If there is nothing to compare: nobody or everybody got it, starts outside the records, a single practice in a
        group, no contact of that kind.

    Notes
    -----
    Someone is followed while alive and registered, until the extract; time at risk is the exposure. Those who die or
    leave stay in, with the time that they had, and are counted. People who died before a start are in no comparison
    from that start on. Who was not registered in all of the months before, or does not meet ``design.whom``, is in
    neither group.
    """
    given = [populations] if isinstance(populations, Population) else list(populations)
    if not given:
        raise problem("populations", "there is none", "Give the people of a network at least.")
    who = _treated(design, treated)
    records = read_records(given, design.outcome)
    starts = check_starts(who, records, design)
    found = COMPARISONS[design.design](records, design, starts)
    if not found.groups["events"].sum():
        what = f"nobody who is compared had any {design.what} in the months compared"
        raise problem(design.name, what, "Choose another outcome, or longer periods.")
    against = [*_uncovered(records, design, starts), *found.against, *_few_people(found)]
    verdict, reasons = decide(found.effect, design.smallest_difference, against)
    provenance = given[0].provenance
    for one in given[1:]:
        provenance = provenance.joined(one.provenance)
    return ProgrammeEvaluation(
        design,
        design.sha256,
        treated_sha256(who),
        verdict,
        reasons,
        found,
        (*found.notes, *_agreed_late(design, starts)),
        provenance,
        given[0].about,
    )


def _treated(design: Design, treated: pd.DataFrame | Path | None) -> pd.DataFrame:
    if treated is None and not design.treated:
        remedy = "Name its file in the design, or hand it over."
        raise problem(design.name, "there is no list of those who got the programme", remedy)
    if treated is None or isinstance(treated, Path):
        return read_treated(treated or Path(design.treated))
    return check_treated(treated, f"{design.name}, treated")


def _uncovered(records: Records, design: Design, starts: Starts) -> list[str]:
    days = starts.days()
    first, until = shifted(days[0], -design.months_before), shifted(days[-1], design.months_after)
    if records.covers(first, until):
        return []
    held = f"{design.what} are recorded from {records.begin.date()} to before {records.end.date()}"
    return [f"records do not cover the months compared, {first.date()} to before {until.date()}: {held}"]


def _few_people(found: Comparison) -> list[str]:
    people = found.groups.groupby("group")["people"].min()
    few = [group for group in (PROGRAMME, COMPARISON) if group in people and people[group] < FEWEST_PEOPLE]
    return [f"fewer than {FEWEST_PEOPLE} people: {', '.join(few)}"] if few else []


def _agreed_late(design: Design, starts: Starts) -> list[str]:
    known = shifted(starts.days()[-1], design.months_after).date()
    if design.agreed_on < known:
        return []
    return [f"The design was agreed on {design.agreed_on}, when the outcome could already be known."]
