"""How many long-term conditions a person has, of the 37 of the Cambridge list.

The list is that of CPRD@Cambridge (version 1.1, October 2018), with which Payne and others made the Cambridge
Multimorbidity Score. Its code lists have 38 codes; anxiety and depression are one condition, which makes 37. Each
asks for a record ever, a recent record, or repeated medicines. This module counts conditions; it does not weigh them.

A record counts where it is current (:mod:`pcn_analysis.person.conditions`): the published rules say "ever recorded" and
know no resolution, ours leave out those whose record was marked as resolved. A missing value counts as not met.

These are not the QOF registers of :mod:`pcn_analysis.person.registers`. They have no limits of age; where both ask for
time, theirs can be another: an antiepileptic of 12 months here and of 6 there, cancer of five years and since 2003.

References
----------
Payne et al. 2020, Development and validation of the Cambridge Multimorbidity Score, CMAJ 192:E107-E114,
doi:10.1503/cmaj.190757.
"""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import add, and_
from typing import TYPE_CHECKING, Any

import narwhals as nw

from pcn_analysis.person.filtration import LOW
from pcn_analysis.rules import (
    AtLeast,
    Below,
    Criterion,
    Element,
    FirstRecordedWithin,
    Not,
    Recorded,
    RecordedSince,
    RecordedWithin,
    all_of,
    any_of,
    flags,
    needed_columns,
)
from pcn_analysis.tables import BEST_FILTRATION_RATE

if TYPE_CHECKING:
    from collections.abc import Collection

    from pcn_analysis.engine import Lazy

SOURCE = "CPRD@Cambridge code lists 1.1 (2018), as in Payne et al. 2020, doi:10.1503/cmaj.190757"

REPEATED = 4
"""Issues in 12 months from which a treatment counts as repeated; the lists write it "= 4" and mean 4 or more."""

EVER = dt.date(1900, 1, 1)


def _repeated(medicines: str) -> AtLeast:
    return AtLeast(f"{medicines}_12m", REPEATED)


def _any(*conditions: str) -> Criterion:
    return any_of(*(Recorded(condition) for condition in conditions))


def _condition(name: str, when: Criterion, note: str = "") -> Element:
    return Element(name, when, SOURCE, note)


_LOW_MOOD = any_of(
    RecordedWithin("depression", 12),
    _repeated("antidepressants"),
    RecordedWithin("anxiety", 12),
    _repeated("anxiolytics_hypnotics"),
)
_PAIN = any_of(_repeated("analgesics"), all_of(_repeated("antiepileptics"), Not(Recorded("epilepsy"))))
_CONNECTIVE_TISSUE = (
    "rheumatoid_arthritis",
    "psoriatic_arthritis",
    "ankylosing_spondylitis",
    "lupus",
    "sjogrens_syndrome",
    "scleroderma",
    "polymyositis",
    "polymyalgia_rheumatica",
)
_PSYCHOSIS = any_of(
    Recorded("schizophrenia"), Recorded("bipolar_disorder"), Recorded("other_psychosis"), RecordedSince("lithium", EVER)
)

LONG_TERM_CONDITIONS: tuple[Element, ...] = (
    _condition("Alcohol problems", Recorded("alcohol_misuse")),
    _condition("Anorexia or bulimia", Recorded("eating_disorder")),
    _condition(
        "Anxiety or depression",
        _LOW_MOOD,
        "Antidepressants include tricyclics at a low dose, which the list leaves out.",
    ),
    _condition("Asthma, treated", all_of(Recorded("asthma"), RecordedWithin("asthma_medicines", 12))),
    _condition("Atrial fibrillation", Recorded("atrial_fibrillation")),
    _condition("Blindness and low vision", _any("blindness", "low_vision")),
    _condition("Bronchiectasis", Recorded("bronchiectasis")),
    _condition("Cancer first recorded within five years", FirstRecordedWithin("cancer", 60)),
    _condition(
        "Chronic kidney disease",
        Below(BEST_FILTRATION_RATE, LOW),
        "The better of the last two filtration rates. Where there was one reading only, it decides; a person without "
        "any does not have it.",
    ),
    _condition("Chronic liver disease and viral hepatitis", Recorded("chronic_liver_disease")),
    _condition("Chronic sinusitis", Recorded("chronic_sinusitis")),
    _condition("Connective tissue disorders and inflammatory arthritis", _any(*_CONNECTIVE_TISSUE)),
    _condition("Constipation, treated", _repeated("laxatives")),
    _condition("Chronic obstructive pulmonary disease", Recorded("copd")),
    _condition("Coronary heart disease", _any("coronary_heart_disease", "angina", "myocardial_infarction")),
    _condition("Dementia", Recorded("dementia")),
    _condition("Diabetes", Recorded("diabetes")),
    _condition("Diverticular disease", Recorded("diverticular_disease")),
    _condition("Epilepsy, treated", all_of(Recorded("epilepsy"), RecordedWithin("antiepileptics", 12))),
    _condition("Hearing loss", Recorded("hearing_loss")),
    _condition("Heart failure", Recorded("heart_failure")),
    _condition("Hypertension", Recorded("hypertension")),
    _condition(
        "Inflammatory bowel disease", _any("crohns_disease", "ulcerative_colitis", "inflammatory_bowel_disease")
    ),
    _condition("Irritable bowel syndrome", any_of(Recorded("irritable_bowel_syndrome"), _repeated("antispasmodics"))),
    _condition("Learning disability", Recorded("learning_disability")),
    _condition("Migraine, treated", _repeated("antimigraine")),
    _condition("Multiple sclerosis", Recorded("multiple_sclerosis")),
    _condition(
        "Painful condition",
        _PAIN,
        "Every antiepileptic counts, where the list names some; analgesics sold over the counter are not told apart.",
    ),
    _condition("Parkinson's disease", Recorded("parkinsons_disease")),
    _condition("Peptic ulcer", Recorded("peptic_ulcer")),
    _condition("Peripheral vascular disease", Recorded("peripheral_arterial_disease")),
    _condition("Prostate disorders", Recorded("prostate_disorder")),
    _condition("Psoriasis or eczema, treated", all_of(_any("psoriasis", "eczema"), _repeated("skin_medicines"))),
    _condition("Psychoactive substance misuse", Recorded("substance_misuse")),
    _condition(
        "Schizophrenia or bipolar disorder", _PSYCHOSIS, "Lithium counts if ever issued in the records that are held."
    ),
    _condition("Stroke or transient ischaemic attack", _any("stroke", "tia")),
    _condition("Thyroid disorders", Recorded("thyroid_disorder")),
)
"""The 37 conditions, each with what must be met."""


def n_ltc(people: Lazy, *, on: dt.date) -> Lazy:
    """Add n_ltc to each person: the long-term conditions met, among those that can be assessed.

    Parameters
    ----------
    people
        The person table, lazy. A condition whose columns it lacks counts towards nothing: the number can then be too
        low, and :func:`unassessable` says for which conditions.
    on
        The index date.

    Returns
    -------
    LazyFrame
        The rows of ``people`` with n_ltc, 0 to 37; null where no condition can be assessed, and of a person of whom
        nothing is known that any condition asks for.

    Examples
    --------
    >>> import pandas as pd
    >>> from pcn_analysis.engine import lazy, to_pandas
    >>> people = lazy(pd.DataFrame({"person_id": ["a"], "has_dementia": [True], "laxatives_12m": [4]}))
    >>> to_pandas(n_ltc(people, on=dt.date(2026, 7, 1)))["n_ltc"].to_list()
    [2]
    """
    names = {f"_condition_{number}": element.when for number, element in enumerate(LONG_TERM_CONDITIONS)}
    flagged = flags(people, names, on=on)
    columns = flagged.collect_schema().names()
    met = [name for name in columns if name in names]
    if not met:
        return people.with_columns(n_ltc=nw.lit(None).cast(nw.Int64))
    ones: list[Any] = [nw.when(nw.col(name)).then(nw.lit(1)).otherwise(nw.lit(0)) for name in met]
    read = sorted({column for name in met for column in needed_columns(names[name])} & set(columns))
    nothing_known: Any = reduce(and_, [nw.col(name).is_null() for name in read])
    number = nw.when(nothing_known).then(None).otherwise(reduce(add, ones)).cast(nw.Int64)
    return flagged.with_columns(n_ltc=number).drop(*met)


def unassessable(columns: Collection[str]) -> list[str]:
    """Name the conditions of 37 that a person table could not show in full, in the order of the list.

    Parameters
    ----------
    columns
        Columns that the person table has.

    Examples
    --------
    >>> from pcn_analysis.tables import PERSON_TABLE
    >>> unassessable(set(PERSON_TABLE.column_names()) - {"has_tia", "egfr_best_of_2"})
    ['Chronic kidney disease', 'Stroke or transient ischaemic attack']
    """
    return [one.name for one in LONG_TERM_CONDITIONS if not set(needed_columns(one.when)) <= set(columns)]
