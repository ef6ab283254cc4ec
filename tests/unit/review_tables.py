"""Small released tables of medication reviews and of early cancer diagnosis, for tests of sentences and figures."""

from __future__ import annotations

import pandas as pd
from handmade import PUBLISHED, released

from pcn_analysis.provenance import Provenance, Rate
from pcn_analysis.release import ReleasedTable
from pcn_analysis.services.early_cancer_diagnosis.by_practice import REFERRED, funnels, referral_rates
from pcn_analysis.services.structured_medication_reviews.groups import REVIEWED
from pcn_analysis.services.work import hours

SHARE = Rate("share", "people", "of", interval=True)
CONVERSION = "Conversion: a first cancer within 6 months of an urgent referral"
WITH_FIT = "Lower gastrointestinal urgent referral with a FIT"
BOWEL, BREAST = "Bowel screening within 2.5 years", "Breast screening, women of 50 to 70, within 3 years"


def groups(provenance: Provenance = PUBLISHED, last: int = 150) -> ReleasedTable:
    """Residents, of whom half were reviewed, people with severe frailty, and a group that is not known."""
    frame = pd.DataFrame(
        {
            "group": ["Care home resident", "Severe frailty", "Medicines linked to harm"],
            "people": pd.array([100, 200, None], dtype="Int64"),
            "reviewed": pd.array([50, last, None], dtype="Int64"),
            "status": ["assessed", "assessed", "not assessed"],
        }
    )
    return released(frame, provenance, counts=("people", "reviewed"), rates=(REVIEWED,))


def overlap(provenance: Provenance = PUBLISHED, last: int = 40) -> ReleasedTable:
    """People in one group, in two, and in two by name."""
    rows = [("number of groups", "1 group", 220, "assessed"), ("number of groups", "2 groups", 40, "assessed"),
            ("number of groups", "3 groups or more", 0, "assessed"),
            ("pair", "Care home resident and severe frailty", last, "assessed"),
            ("pair", "Care home resident and medicines linked to harm", None, "not assessed")]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["kind", "groups", "people", "status"]).assign(of=260)
    return released(frame.astype({"people": "Int64"}), provenance, counts=("people", "of"), rates=(SHARE,))


def reviews(
    provenance: Provenance = PUBLISHED, last: int = 120, minutes: float | None = 30, status: str = "assessed"
) -> ReleasedTable:
    """People who wait for a review."""
    row = {"service": "Structured medication reviews", "task": "Structured medication review", "status": status,
           "role": "clinical pharmacist", "people": last, "minutes": minutes, "standing": "to verify"}  # fmt: skip
    frame = pd.DataFrame([row]).astype({"people": "Int64", "minutes": "Float64"})
    return released(frame, provenance, counts=("people",), numbers=("minutes",)).followed_by(hours)


def by_practice(provenance: Provenance = PUBLISHED, last: int = 450, practices: int = 3) -> ReleasedTable:
    """Two screening programmes and referrals in some practices; the last one differs in bowel screening."""
    names = [f"Practice {letter}" for letter in "ABCDEFGHIJKL"[:practices]]
    rows = []
    for measure, usual, of in ((BREAST, 300, 500), (BOWEL, 300, 500), (REFERRED, 100, 4000)):
        for name in names:
            people = last if (measure, name) == (BOWEL, names[-1]) else usual
            rows.append((measure, name, people, of))
    frame = pd.DataFrame(rows, columns=["measure", "practice_name", "people", "of"])
    return released(frame, provenance, counts=("people", "of"), rates=(SHARE,))


def screening(provenance: Provenance = PUBLISHED, last: int = 450, practices: int = 3) -> ReleasedTable:
    return by_practice(provenance, last, practices).followed_by(funnels)


def pathway_funnels(
    provenance: Provenance = PUBLISHED, last: int = 60, referred: int = 100, practices: int = 3
) -> ReleasedTable:
    """Conversion and FIT in some practices; of the last one so many had a cancer and so many were referred for FIT."""
    *others, differs = [f"Practice {letter}" for letter in "ABCDEFGHIJKL"[:practices]]
    rows = [*((CONVERSION, name, 20, 200) for name in others), (CONVERSION, differs, last, 200)]
    rows += [*((WITH_FIT, name, 80, 100) for name in others), (WITH_FIT, differs, referred * 4 // 5, referred)]
    frame = pd.DataFrame(rows, columns=["measure", "practice_name", "people", "of"])
    return released(frame, provenance, counts=("people", "of"), rates=(SHARE,)).followed_by(funnels)


def referrals(provenance: Provenance = PUBLISHED, last: int = 100) -> ReleasedTable:
    """Three practices of 4,000 people; the last has so many referred."""
    names = ["Practice A", "Practice B", "Practice C"]
    frame = pd.DataFrame({"measure": REFERRED, "practice_name": names, "people": [100, 100, last], "of": 4000})
    return released(frame, provenance, counts=("people", "of"), rates=(SHARE,)).followed_by(referral_rates)


def pathways(provenance: Provenance = PUBLISHED, last: int = 60) -> ReleasedTable:
    """Conversion, stage with the share that is asked for, FIT that is not known, and a measure of something else."""
    rows = [("Conversion: a first cancer", 8, 100, None, "", "assessed"),
            ("Stage 1 or 2, of first cancers", last, 120, 0.75, "published", "assessed"),
            ("Lower gastrointestinal urgent referral with a FIT", None, None, 0.8, "published", "not assessed"),
            ("Bowel screening within 2.5 years", 300, 500, None, "", "assessed")]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["measure", "people", "of", "target", "target_standing", "status"])
    kinds = {"people": "Int64", "of": "Int64", "target": "Float64"}
    return released(frame.astype(kinds), provenance, counts=("people", "of"), numbers=("target",), rates=(SHARE,))
