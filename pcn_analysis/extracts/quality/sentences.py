"""What a check found, in sentences: each with its numbers, none with a mark."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pcn_analysis.extracts.quality.kept import TITLES
from pcn_analysis.extracts.quality.practices import FEWEST_PEOPLE, FEWEST_PRACTICES
from pcn_analysis.words import count, listed, number, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcn_analysis.extracts.quality.practices import Practice
    from pcn_analysis.extracts.quality.report import Quality

MOST_NAMED = 6
"""So many things are named in a sentence; of more, the number is said."""
CONTACTS = {
    "gp_contact": "GP contacts",
    "ed": "emergency department visits",
    "emergency_admission": "emergency admissions",
    "elective_admission": "elective admissions",
    "maternity_admission": "maternity admissions",
    "outpatient": "outpatient appointments",
    "community": "community contacts",
    "mental_health": "mental health contacts",
    "nhs111": "NHS 111 calls",
    "ambulance": "ambulance contacts",
    "other": "other contacts",
}
"""What kinds of contact are called."""
PERSONAL = {
    "sex": ("sex", "they are in no result by sex"),
    "area": ("area of residence", "no result can be given by neighbourhood for them"),
    "deprivation": ("deprivation", "they are in no result by deprivation"),
    "ethnicity": ("ethnicity", "they are in no result by ethnicity"),
}
"""What may be missing of people: what it is called, and what follows."""
TABLES_NEEDED = {
    "conditions": "There is no table of conditions: on which dates they were recorded is not known.",
    "medications": "There is no table of medicines: which issues there were, and when, is not known.",
    "measurements": "There is no table of measurements: which values were measured, and when, is not known.",
    "encounters": "There is no table of contacts: when general practice or hospital was used is not known.",
    "care_events": "There is no table of events of care: which reviews, checks and referrals there were is not known.",
    "care_home_stays": "There is no table of stays in care homes: who came to which home, and when, is not known.",
}
"""What cannot be said without a table."""


def verdict(quality: Quality) -> tuple[str, ...]:
    """Say what matters most, in the order in which it is asked."""
    parts = (_kept, _by_practice, _of_people, _assessable, _mapped, _against_england, _over_time, _lists)
    return tuple(sentence for part in parts for sentence in part(quality))


def _kept(quality: Quality) -> Iterator[str]:
    people = quality.people
    yield (
        f"{count(people.kept)} of {number(people.read, 'person', 'people')} are kept, and {count(people.left_out)} "
        f"{'is' if people.left_out == 1 else 'are'} left out."
    )
    records = [one for one in quality.rows if one.table != "persons"]
    if not records:
        yield "No records came with them."
        return
    read, out = sum(one.read for one in records), sum(one.left_out + one.elsewhere for one in records)
    reasons = sorted((one for one in quality.found["left out"]), key=lambda one: -one.rows)
    reasons = [one for one in reasons if one.where.partition(".")[0] in {row.table for row in records}]
    most = (
        f"; the commonest reason: {reasons[0].what} ({reasons[0].where}, {number(reasons[0].rows, 'row')})"
        if reasons
        else ""
    )
    share = percent(out / read) if read else "none"
    yield f"Of {number(read, 'row')} of records {count(out)} ({share}) {'is' if out == 1 else 'are'} left out{most}."


def _by_practice(quality: Quality) -> Iterator[str]:
    named, without = named_and_not(quality)
    if not named:
        yield "No practice is known for anybody, so that nothing can be shown by practice or network."
        return
    out = [one.practice for one in named if one.practice and one.remarks]
    if out:
        stand = "stands" if len(out) == 1 else "stand"
        yield f"{count(len(out))} of {number(len(named), 'practice')} {stand} out (section 3): {_some(out)}."
    else:
        yield none_stands_out(quality)
    if without:
        yield f"No practice is known for {number(without, 'person', 'people')}."


def _of_people(quality: Quality) -> Iterator[str]:
    known = {column: sum(getattr(one, column) for one in quality.practices) for column in PERSONAL}
    if quality.people.kept:
        parts = [f"{PERSONAL[column][0]} for {percent(many / quality.people.kept)}" for column, many in known.items()]
        yield f"Of the people kept, {listed(parts).replace(' for ', ' is known for ', 1)}."


def _assessable(quality: Quality) -> Iterator[str]:
    can, every = len(quality.conditions), len(quality.conditions) + len(quality.not_covered)
    if can:
        yield f"{count(can)} of {number(every, 'condition')} can be assessed."
    elif any(one.table == "conditions" for one in quality.rows) and not _lists_conditions(quality):
        yield "No condition can be assessed: no delivery lists every condition of a person."
    elif any(one.table == "conditions" for one in quality.rows):
        yield "No condition can be assessed: no codelist covers the codes."
    else:
        yield "No condition can be assessed: the deliveries say of none who has it."


def _mapped(quality: Quality) -> Iterator[str]:
    parts = []
    for table in dict.fromkeys(one.table for one in quality.systems):
        systems = [one for one in quality.systems if one.table == table]
        share = sum(one.mapped_rows for one in systems) / sum(one.rows for one in systems)
        parts.append(f"{percent(share)} of {TITLES[table].lower()}")
    if parts:
        yield f"What a code stands for is known for {listed(parts)}."


def _against_england(quality: Quality) -> Iterator[str]:
    judged = [one for one in quality.registers if one.far is not None]
    far = [one.name for one in judged if one.far]
    if judged:
        yield (
            f"For {count(len(far))} of {number(len(judged), 'condition')} compared, the share of people with a record "
            f"is under a third of England's or over three times it{f' (section 6): {_some(far)}' if far else ''}."
        )


def _over_time(quality: Quality) -> Iterator[str]:
    for one in quality.coverage:
        low = [f"{dt.date.fromisoformat(month.period + '-01'):%B %Y}" for month in one.months if month.low]
        if low:
            yield (
                f"{TITLES[one.table]}: {number(len(low), 'month')} of the last {len(one.months)} "
                f"{'has' if len(low) == 1 else 'have'} less than half of the rows usual around "
                f"{'it' if len(low) == 1 else 'them'}: {_some(low)}."
            )
    for dates in quality.dates:
        for remark in dates.remarks:
            yield f"{TITLES[dates.table]}: {remark}."


def _lists(quality: Quality) -> Iterator[str]:
    suspicious = sum(len(one.suspicious) for one in quality.codelists)
    if quality.codelists:
        unreviewed = sum(one.review == "not reviewed" for one in quality.codelists)
        yield (
            f"Of {number(len(quality.codelists), 'codelist')} that you brought {count(unreviewed)} "
            f"{'is' if unreviewed == 1 else 'are'} not reviewed; {number(suspicious, 'entry', 'entries')} should be "
            "looked at (section 9)."
        )


def not_assessed(quality: Quality) -> tuple[str, ...]:
    """Say what cannot be assessed with these records, and what follows from it."""
    said = []
    if not quality.deliveries[0].lists_everyone:
        said.append(
            "The people are those whom the records name, and not everyone registered: shares of them are not shares of "
            "a population."
        )
    said += [*_personal(quality), *_conditions(quality)]
    there = {one.table for one in quality.rows}
    said += [sentence for table, sentence in TABLES_NEEDED.items() if table not in there]
    if quality.medicines_without_bnf:
        said.append(
            f"No BNF code is known for {number(quality.medicines_without_bnf, 'issue')} of medicines: they are in no "
            "group of medicines."
        )
    return (*said, *_measured(quality), *_contacts(quality))


def _personal(quality: Quality) -> Iterator[str]:
    everyone, (named, without) = quality.people.kept, named_and_not(quality)
    if not named:
        yield "No practice is known: nobody can be placed in a network."
    elif without:
        yield f"No practice is known for {number(without, 'person', 'people')}: they are in no network."
    for column, (called, follows) in PERSONAL.items():
        known = sum(getattr(one, column) for one in quality.practices)
        if not known:
            yield f"{called.capitalize()} is known for nobody: there is no result by it."
        elif missing := everyone - known:
            of = f"{number(missing, 'person', 'people')} ({percent(missing / everyone)})"
            yield f"{called.capitalize()} is not known for {of}: {follows}."
    if years := quality.birth_precision["year"]:
        yield f"Only the year of birth is known for {number(years, 'person', 'people')}: their ages can be a year out."


def _conditions(quality: Quality) -> Iterator[str]:
    if quality.not_covered and quality.conditions:
        them = "it" if len(quality.not_covered) == 1 else "them"
        yield (
            f"{number(len(quality.not_covered), 'condition')} cannot be assessed, as no codelist covers {them} (named "
            f"in section 6): who has {them} is not known."
        )
    elif not quality.conditions:
        yield (
            "No condition can be assessed, nor anything that rests on conditions: registers, long-term conditions, "
            f"frailty, segments. {_remedy(quality)}"
        )


def _remedy(quality: Quality) -> str:
    if _lists_conditions(quality):
        return "Bring codelists in a system that the records are coded in."
    return "A condition that is not in these records may be there all the same."


def _lists_conditions(quality: Quality) -> bool:
    return any(one.lists_every_condition for one in quality.deliveries)


def _measured(quality: Quality) -> Iterator[str]:
    if not quality.units:
        return
    unread = sum(one.rows for one in quality.units if one.wanted and one.unit != one.wanted)
    unknown = sum(one.rows for one in quality.units if one.measurement is None)
    if unknown:
        yield f"What was measured is not known for {number(unknown, 'measurement')}."
    if unread:
        yield f"No result reads {number(unread, 'measurement')} without a unit, or in one that is not converted."


def _contacts(quality: Quality) -> Iterator[str]:
    if quality.contacts is None:
        return
    there = [CONTACTS[kind] for kind, rows in quality.contacts.items() if rows]
    absent = [CONTACTS[kind] for kind, rows in quality.contacts.items() if not rows and kind != "other"]
    if there:
        yield f"The contacts are {listed(there)}."
    if absent:
        none = f"There are no {listed(absent).replace(' and ', ' or ')}"
        yield f"{none}: whether there were none, or they were not delivered, is not known."


def none_stands_out(quality: Quality) -> str:
    """Say that no practice stands out, and how many could have."""
    many = sum(one.people >= FEWEST_PEOPLE for one in named_and_not(quality)[0])
    if many < FEWEST_PRACTICES:
        return f"Fewer than {FEWEST_PRACTICES} practices have {FEWEST_PEOPLE} people or more: none can be compared."
    return f"None of {number(many, 'practice')} that can be compared stands out."


def named_and_not(quality: Quality) -> tuple[list[Practice], int]:
    """Practices with a code, and how many people have none."""
    named = [one for one in quality.practices if one.practice]
    return named, sum(one.people for one in quality.practices if not one.practice)


def _some(names: list[str]) -> str:
    """Name the first few."""
    if len(names) <= MOST_NAMED:
        return listed(names)
    return f"{', '.join(names[:MOST_NAMED])} and {count(len(names) - MOST_NAMED)} more"
