"""System P of Cheshire and Merseyside: nine segments, first match by priority.

The rules are those that ran, as published in SQL (cipha-uk/complex_households, 2023), not those of its
specification, which names severe frailty only and one year of emergency attendances. The code counts back from fixed
dates; every window here ends on the index date. A condition counts where it is current: the published code knows
resolution for diabetes, atrial fibrillation and hypertension only, so someone with another condition that is marked
as resolved is in its segment there and not here. A missing value counts as not met.

Complex Lives asks for social care records, contacts with mental health teams and admission codes. What no table of
ours holds is :class:`NotAvailable`, and :func:`pcn_analysis.rules.coverage` names it.
"""

from __future__ import annotations

from pcn_analysis import tables
from pcn_analysis.rules import (
    AtLeast,
    Criterion,
    Element,
    LaterThan,
    Model,
    Not,
    NotAvailable,
    OneOf,
    Recorded,
    RecordedWithin,
    Segment,
    Several,
    all_of,
    any_of,
)

SOURCE = "cipha-uk/complex_households (2023), System P segments"
MONTHS = 24
"""Every window of the model: two years before the index date."""
MANY_ATTENDANCES = 20
"""Emergency department attendances in two years from which they count as frequent."""

SOCIAL_CARE, MENTAL_HEALTH_TEAMS = "adult social care records", "mental health team contacts (MHSDS)"
FIXED_DATE = "The code counts two years back from a fixed date."
ADMISSIONS = "Read from the diagnoses of admissions, where they are held."


def _element(name: str, when: Criterion, note: str = "") -> Element:
    return Element(name, when, SOURCE, note)


def _recorded(*slugs: str) -> tuple[Element, ...]:
    """One element for each condition, which is named as in codelists/conditions.csv."""
    return tuple(_element(tables.CONDITION_NAMES[slug], Recorded(slug)) for slug in slugs)


def _recent(slug: str) -> RecordedWithin:
    return RecordedWithin(slug, MONTHS)


# -- conditions that one record supersedes another of ------------------------------------------------------

_RAISED_GLUCOSE, _DIABETES = "non_diabetic_hyperglycaemia", "diabetes"
_RAISED_AFTER_DIABETES = LaterThan(f"{_RAISED_GLUCOSE}_date", f"{_DIABETES}_date")

DIABETES = all_of(Recorded(_DIABETES), Not(_RAISED_AFTER_DIABETES))
RAISED_GLUCOSE = all_of(Recorded(_RAISED_GLUCOSE), any_of(Not(Recorded(_DIABETES)), _RAISED_AFTER_DIABETES))
KIDNEY_DISEASE = all_of(Recorded("ckd"), Not(LaterThan("ckd_1_2_date", "ckd_date")))

_BOWEL = (
    "crohns_disease", "coeliac_disease", "ulcerative_colitis", "inflammatory_bowel_disease", "diverticular_disease",
    "barretts_oesophagus",
)  # fmt: skip
_CIRCULATION = (
    "coronary_heart_disease", "stroke", "tia", "peripheral_arterial_disease", "myocardial_infarction", "angina",
    "atrial_fibrillation", "heart_failure",
)  # fmt: skip
_JOINTS_AND_BONES = (
    "osteoporosis", "osteoarthritis", "rheumatoid_arthritis", "ankylosing_spondylitis", "spondylosis", "lupus",
    "fibromyalgia", "gout", "reactive_arthritis", "psoriatic_arthritis", "osteomalacia", "polymyositis",
    "polymyalgia_rheumatica", "sjogrens_syndrome", "scleroderma", "tendonitis",
)  # fmt: skip
_NERVES_AND_LUNGS = (
    "epilepsy", "asthma", "copd", "parkinsons_disease", "multiple_sclerosis", "motor_neurone_disease",
)  # fmt: skip
_PSYCHOSIS = ("schizophrenia", "bipolar_disorder", "other_psychosis")
_PHYSICAL = (*_BOWEL, *_CIRCULATION, *_JOINTS_AND_BONES, *_NERVES_AND_LUNGS)

# -- Complex Lives -----------------------------------------------------------------------------------------

PHYSICAL_CONDITION = _element(
    "Complex Lives: a long-term physical condition",
    any_of(
        *(Recorded(slug) for slug in (*_PHYSICAL, "hypertension", "dementia", "learning_disability")),
        *(DIABETES, RAISED_GLUCOSE, KIDNEY_DISEASE, _recent("cancer")),
        *(Recorded("kidney_failure"), Recorded("respiratory_failure")),
        *(NotAvailable(SOCIAL_CARE), NotAvailable(MENTAL_HEALTH_TEAMS)),
    ),
    "Any physical condition of the model, and hypertension, dementia and learning disability. Organ failure is read as "
    "failure of the heart, the kidneys or the lungs.",
)
MENTAL_CONDITION = _element(
    "Complex Lives: a mental health condition",
    any_of(
        *(Recorded(slug) for slug in _PSYCHOSIS),
        *(_recent("anxiety"), _recent("depression")),
        *(NotAvailable(SOCIAL_CARE), NotAvailable(MENTAL_HEALTH_TEAMS)),
    ),
)
TRIGGERS: tuple[Element, ...] = (
    _element("Complex Lives: homeless", _recent("homelessness")),
    _element(
        "Complex Lives: abuse or maltreatment",
        _recent("maltreatment"),
        f"{ADMISSIONS} {FIXED_DATE} ICD-10 Z62.2 raises this and looked-after.",
    ),
    _element(
        "Complex Lives: offender",
        any_of(_recent("imprisonment"), NotAvailable(MENTAL_HEALTH_TEAMS)),
        f"{ADMISSIONS} {FIXED_DATE}",
    ),
    _element(
        "Complex Lives: substance or alcohol misuse",
        any_of(
            *(_recent("alcohol_misuse"), _recent("substance_misuse")),
            *(_recent("alcohol_dependence_medicines"), _recent("opioid_dependence_medicines")),
            *(NotAvailable(SOCIAL_CARE), NotAvailable(MENTAL_HEALTH_TEAMS)),
        ),
        f"Medicines for dependence are wider than acamprosate and methadone, which the code names. {FIXED_DATE}",
    ),
    _element(
        "Complex Lives: frequent A&E attendance",
        AtLeast("ae_24m", MANY_ATTENDANCES),
        "The code counts first attendances at major departments; category and kind of department are not held, so "
        f"every attendance counts. {FIXED_DATE}",
    ),
    _element("Complex Lives: looked-after child", _recent("looked_after"), f"{ADMISSIONS} {FIXED_DATE}"),
)


def _complex_lives() -> Criterion:
    """Both conditions and a trigger, or three triggers.

    The code asks for three triggers of those who lack one of the conditions; who has both and three triggers is in
    by the first half, so that the two say the same.
    """
    triggers = tuple(trigger.when for trigger in TRIGGERS)
    return any_of(all_of(PHYSICAL_CONDITION.when, MENTAL_CONDITION.when, any_of(*triggers)), Several(triggers, 3))


# -- the model ---------------------------------------------------------------------------------------------

_LONG_TERM = (
    _element("Diabetes", DIABETES, "Not where non-diabetic hyperglycaemia is recorded later."),
    *_recorded(*_BOWEL, *_CIRCULATION),
    _element("Chronic kidney disease", KIDNEY_DISEASE, "Not where stage 1 or 2 is recorded later."),
    _element("Depression in the last two years", _recent("depression")),
    _element("Anxiety in the last two years", _recent("anxiety")),
    *_recorded(*_PSYCHOSIS, *_JOINTS_AND_BONES, *_NERVES_AND_LUNGS),
)

SYSTEM_P = Model(
    name="system_p",
    title="System P, Cheshire and Merseyside",
    segments=(
        Segment(
            "End of Life",
            1,
            (_element("End-of-life care in the last two years", _recent("palliative_care")),),
            "On a palliative or end-of-life care register in the last two years.",
        ),
        Segment(
            "Frailty/Dementia",
            2,
            (
                _element(
                    "Moderate or severe frailty",
                    OneOf("efi_category", ("moderate", "severe")),
                    "The specification says severe; the code takes both. Computed here, supplied there.",
                ),
                *_recorded("dementia"),
            ),
            "Moderate or severe frailty, or dementia ever.",
        ),
        Segment(
            "Complex Lives",
            3,
            (PHYSICAL_CONDITION, MENTAL_CONDITION, *TRIGGERS),
            "A physical and a mental condition and one of six social triggers; or three of the six.",
            _complex_lives(),
        ),
        Segment(
            "Cancer", 4, (_element("Cancer in the last two years", _recent("cancer")),), "Cancer in the last two years."
        ),
        Segment(
            "LTCs",
            5,
            _LONG_TERM,
            "Any long-term condition of the list. Cancer in the last two years is on it too, but has its own segment.",
        ),
        Segment(
            "Pre-conditions",
            6,
            (
                _element(
                    "Non-diabetic hyperglycaemia",
                    RAISED_GLUCOSE,
                    "Resolved diabetes counts as none; in the code it counts unless it is the earlier record.",
                ),
                *_recorded("hypertension"),
            ),
            "Non-diabetic hyperglycaemia without diabetes or later than it; or hypertension, not resolved.",
        ),
        Segment("Learning Disabilities", 7, _recorded("learning_disability"), "Learning disability ever."),
        Segment(
            "Physical Disabilities",
            8,
            _recorded("blindness", "low_vision", "hearing_loss", "physical_disability"),
            "Blind, partially sighted, hearing impaired or physically disabled ever.",
        ),
    ),
    remainder="Healthy",
    source=SOURCE,
)
"""The eight segments and the remainder."""
