"""The chance of an unplanned admission: who is followed, what is read, models, validation, card.

``docs/admission_model.md`` says how it is made and how to read it. A risk is one part of what ranks a caseload, never
the whole: in a trial, risks alone raised admissions.
"""

from pcn_analysis.anticipatory.admission.card import PRISMATIC, card_tables, model_card
from pcn_analysis.anticipatory.admission.card_tables import auc_in_words
from pcn_analysis.anticipatory.admission.censoring import censor_weights
from pcn_analysis.anticipatory.admission.features import FEATURES, people_at
from pcn_analysis.anticipatory.admission.fitted import AdmissionModel, fit_admission, made_from, risks
from pcn_analysis.anticipatory.admission.keeping import admission_folder, load_admission, store_admission
from pcn_analysis.anticipatory.admission.leakage import check_leakage
from pcn_analysis.anticipatory.admission.on_page import (
    about_model,
    absent,
    at_top,
    by_group,
    calibration,
    compared,
    flow,
    in_time,
    limits,
    lists_in_time,
    net_benefit,
    of_place,
)
from pcn_analysis.anticipatory.admission.origins import followed
from pcn_analysis.anticipatory.admission.validation import CEILING

__all__ = [
    "CEILING",
    "FEATURES",
    "PRISMATIC",
    "AdmissionModel",
    "about_model",
    "absent",
    "admission_folder",
    "at_top",
    "auc_in_words",
    "by_group",
    "calibration",
    "card_tables",
    "censor_weights",
    "check_leakage",
    "compared",
    "fit_admission",
    "flow",
    "followed",
    "in_time",
    "limits",
    "lists_in_time",
    "load_admission",
    "made_from",
    "model_card",
    "net_benefit",
    "of_place",
    "people_at",
    "risks",
    "store_admission",
]
