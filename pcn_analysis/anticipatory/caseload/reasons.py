"""Why a person is in a caseload, in plain words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from pcn_analysis.anticipatory.eligibility import reasons as of_cohort
from pcn_analysis.engine import to_pandas
from pcn_analysis.person_table import table_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pcn_analysis.anticipatory.caseload.line import Line
    from pcn_analysis.anticipatory.caseload.objective import Objective
    from pcn_analysis.anticipatory.cohorts import Cohort
    from pcn_analysis.population import Population

BETWEEN = "; "
MISSING = {
    "ae": "A&E attendances",
    "benzodiazepines_z_drugs": "benzodiazepines and Z-drugs",
    "bmi": "body mass index",
    "cha2ds2_va": "points of CHA2DS2-VA",
    "cha2ds2_vasc": "points of CHA2DS2-VASc",
    "care_home": "who lives in a care home",
    "carer": "who is a carer",
    "dbp": "blood pressure",
    "efi_category": "frailty",
    "egfr": "kidney function (eGFR)",
    "fall": "falls",
    "gp": "contacts with general practice",
    "hazardous_combination": "issues of medicines with BNF codes",
    "hba1c": "HbA1c",
    "ld_check_and_plan": "learning disability health check with a health action plan",
    "lower_gi_urgent_referral": "lower gastrointestinal urgent referral",
    "lower_gi_with_fit": "lower gastrointestinal urgent referral with a FIT",
    "n_ltc": "long-term conditions",
    "imd_decile": "deprivation of the area",
    "n_medications": "medicines",
    "n_medicines_repeats_84d": "repeat medicines",
    "nel": "emergency admissions",
    "on_af_register": "the register of atrial fibrillation",
    "oral_anticoagulants": "oral anticoagulants",
    "palliative_care": "end-of-life care",
    "qrisk3": "QRISK3",
    "smi_physical_health_check": "severe mental illness physical health check",
    "sbp": "blood pressure",
}
"""What columns hold that records can lack, by the name without what it says of time; others are told by their name."""
OF_TIME = re.compile(r"^has_|_(ever|first|hospital)?_?date$|_(12|24)m$")


def why(population: Population, cohort: Cohort, objective: Objective, line: Line, rows: np.ndarray) -> pd.DataFrame:
    """List why people are in a cohort, and which bands of need they are in; the first band of each part that they meet.

    Parameters
    ----------
    rows
        Places of these people in the line.

    Returns
    -------
    DataFrame
        person_id, element, date (of the latest record behind it; null for a count or a state): what a band and the
        cohort both say stands once.
    """
    people = line.people["person_id"].iloc[rows]
    met = of_cohort(table_of(population), cohort, on=population.index_date)
    found = to_pandas(met.select("person_id", "element", date=nw.col("date").cast(nw.Date)))
    found = found[found["person_id"].isin(people)].assign(date=lambda frame: pd.to_datetime(frame["date"]))
    parts = [found.astype({"date": "datetime64[us]"})]
    for part in objective.need:
        above = np.zeros(len(rows), dtype=bool)
        for band in (one for one in part.bands if one.name in line.bands):
            here = line.bands[band.name].to_numpy(dtype=bool)[rows] & ~above
            above |= here
            parts.append(pd.DataFrame({"person_id": people[here], "element": band.name}))
    told = pd.concat([one for one in parts if len(one)] or parts[:1], ignore_index=True)
    told = told.drop_duplicates(["person_id", "element"]).astype({"date": "datetime64[us]", "element": "str"})
    place = pd.Series(np.arange(len(people)), index=people.to_numpy())
    return told.assign(_place=told["person_id"].map(place)).sort_values("_place", kind="stable", ignore_index=True)[
        ["person_id", "element", "date"]
    ]


def gaps_in_words(line: Line, objective: Objective, rows: np.ndarray) -> pd.Series:
    """Open gaps of people in one text each, the one that counts most first."""
    counts = {gap.name: gap.weight * objective.impactibility[gap.evidence] for gap in objective.gaps}
    names = sorted((name for name in line.gaps if counts[name]), key=lambda name: -counts[name])
    told = np.full(len(rows), "", dtype=object)
    for name in names:
        here = line.gaps[name].to_numpy(dtype=bool)[rows]
        told[here] = told[here] + np.where(told[here] == "", name, BETWEEN + name).astype(object)
    return pd.Series(told, dtype="str")


def missing_in_words(missing: Iterable[str]) -> str:
    """Say what is missing in words, for those who do not know the columns of the person table.

    Examples
    --------
    >>> missing_in_words(["Hypertension", "sbp_date", "sbp", "dbp", "myocardial_infarction_ever_date", "nel_12m"])
    'Hypertension; blood pressure; myocardial infarction; emergency admissions'
    """
    plain = (OF_TIME.sub("", name) for name in missing)
    return BETWEEN.join(dict.fromkeys(MISSING.get(name, name.replace("_", " ")) for name in plain))


def in_one_text(reasons: pd.DataFrame, people: pd.Series) -> pd.Series:
    """All reasons of each person in one text, in the order of people."""
    texts = reasons.groupby("person_id", sort=False)["element"].agg(BETWEEN.join)
    return people.map(texts).astype("str").fillna("").reset_index(drop=True)
