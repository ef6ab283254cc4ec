"""Small released tables of scores, written out by hand; ``last`` is the number of people in the last row."""

from __future__ import annotations

import pandas as pd
from handmade import PUBLISHED, RECORDS, released

from pcn_analysis.anticipatory.score_agreement.cardiovascular import SHARE as OF_SCORED
from pcn_analysis.anticipatory.score_agreement.pairs import PAIR, PAIR_RATES, USUAL, USUAL_RATES
from pcn_analysis.anticipatory.score_agreement.reviews import OF_EVERYONE
from pcn_analysis.anticipatory.score_agreement.reviews import SHARE as OF_REGISTER
from pcn_analysis.provenance import Provenance
from pcn_analysis.release import ReleasedTable
from pcn_analysis.scores.qrisk3 import DISCLAIMER
from pcn_analysis.words import NOT_ASSESSED

WHY = "no diagnosis is held"


def variants(provenance: Provenance = PUBLISHED, last: int = 150) -> ReleasedTable:
    """A score that was not assessed; one with a usual variant, one not assessed, and one that picks others."""
    rows = [
        ("Charlson index", "3 or more", "Old", "", "no", NOT_ASSESSED, WHY, *[None] * 8),
        ("Polypharmacy", "10 or more", "Repeats", "Repeats", "yes", "assessed", "", 1000, 412, 412, 0, 0, 412, 0, 0),
        ("Polypharmacy", "10 or more", "Emergencies", "Repeats", "no", NOT_ASSESSED, "no contacts", *[None] * 8),
        ("Polypharmacy", "10 or more", "Issues", "Repeats", "no", "assessed", "", 1000, 380 + last, 380, last, 32,
         412 + last, 0, 0),
    ]  # fmt: skip
    words = ["score", "threshold", "variant", "usual", "is_usual", "status", "lacking"]
    frame = pd.DataFrame(rows, columns=[*words, *USUAL]).astype(dict.fromkeys(USUAL, "Int64"))
    return released(frame, provenance, counts=USUAL, rates=USUAL_RATES)


def variants_alike(alone: int | None) -> ReleasedTable:
    """Two variants that pick the same people, but for some whom the second picks alone; None: another is not shown."""
    rows = [
        ("Polypharmacy", "10 or more", "Repeats", "Repeats", "yes", "assessed", "", 2000, 810, 810, 0, 0, 810, 0, 0),
        ("Polypharmacy", "10 or more", "Issues", "Repeats", "no", "assessed", "", 2000, 810 + (alone or 0), 810,
         alone or 0, 0, 810 + (alone or 0), 0, 0),
        ("Polypharmacy", "10 or more", "Old", "Repeats", "no", "assessed", "", 2000, *((810, 810, 0, 0, 810, 0, 0)
         if alone is not None else (3, 0, 3, 810, 813, 0, 0))),
    ]  # fmt: skip
    words = ["score", "threshold", "variant", "usual", "is_usual", "status", "lacking"]
    frame = pd.DataFrame(rows, columns=[*words, *USUAL]).astype(dict.fromkeys(USUAL, "Int64"))
    return released(frame, RECORDS, counts=USUAL, rates=USUAL_RATES)


def variants_too_few() -> ReleasedTable:
    """The usual variant of a score, whose people are too few to show, and another."""
    rows = [
        ("Polypharmacy", "10 or more", "Repeats", "Repeats", "yes", "assessed", "", 1000, 3, 3, 0, 0, 3, 0, 0),
        ("Polypharmacy", "10 or more", "Issues", "Repeats", "no", "assessed", "", 1000, 40, 0, 40, 3, 43, 0, 0),
    ]
    words = ["score", "threshold", "variant", "usual", "is_usual", "status", "lacking"]
    frame = pd.DataFrame(rows, columns=[*words, *USUAL]).astype(dict.fromkeys(USUAL, "Int64"))
    return released(frame, RECORDS, counts=USUAL, rates=USUAL_RATES)


def pairs(provenance: Provenance = PUBLISHED, last: int = 50) -> ReleasedTable:
    """Two pairs of variants of one score."""
    rows = [
        ("Polypharmacy", "10 or more", "Repeats", "Issues", 1000, 100, 100, 80, 20, 20, 120, 0, 0),
        ("Polypharmacy", "10 or more", "Repeats", "Chapters", 1000, 100, last, last, 100 - last, 0, 100, 0, 0),
    ]
    frame = pd.DataFrame(rows, columns=["score", "threshold", "variant", "other_variant", *PAIR])
    return released(frame.astype(dict.fromkeys(PAIR, "Int64")), provenance, counts=PAIR, rates=PAIR_RATES)


def bands(provenance: Provenance = PUBLISHED, last: int = 20) -> ReleasedTable:
    """A score in three bands, and one that was not assessed."""
    rows = [
        ("Hospital Frailty", "Old", None, None, "everyone", None, None, NOT_ASSESSED, WHY),
        ("Frailty", "Usual", "fit", 0, "people of 65 and over", 100, 200, "assessed", ""),
        ("Frailty", "Usual", "mild", 1, "people of 65 and over", 80, 200, "assessed", ""),
        ("Frailty", "Usual", "severe", 2, "people of 65 and over", last, 200, "assessed", ""),
    ]
    columns = ["score", "variant", "band", "level", "among", "people", "scored", "status", "lacking"]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("level", "people", "scored"), "Int64"))
    return released(frame, provenance, counts=("people", "scored"), rates=(OF_SCORED,), numbers=("level",))


def qrisk3(provenance: Provenance = PUBLISHED, last: int = 20, status: str = "partly assessed") -> ReleasedTable:
    """A hundred women and a hundred men with a score, in four bands."""
    names = ("below 5%", "5% to 10%", "10% to 20%", "20% and over")
    of_sex = {"female": (60, 20, 10, 10), "male": (40, 20, 20, last)}
    rows = [(sex, band, people, 100, 300) for sex in of_sex for band, people in zip(names, of_sex[sex], strict=True)]
    counts = ("people", "scored", "registered")
    frame = pd.DataFrame(rows, columns=["sex", "band", *counts]).astype(dict.fromkeys(counts, "Int64"))
    if status == NOT_ASSESSED:
        frame[["people", "scored"]] = pd.NA
        frame = frame.astype(dict.fromkeys(counts, "Int64"))
    said = {"status": status, "assumed": "smoking taken as non-smoker", "lacking": "smoking", "disclaimer": DISCLAIMER}
    return released(frame.assign(**said), provenance, counts=counts, rates=(OF_SCORED,))


def without_qrisk3(provenance: Provenance = PUBLISHED, last: int = 100) -> ReleasedTable:
    """Four hundred people without a score."""
    rows = [("any reason", "everyone without a score", 400, 600), ("takes a statin", "not for them", last, 600)]
    frame = pd.DataFrame(rows, columns=["reason", "kind", "people", "registered"])
    return released(frame, provenance, counts=("people", "registered"), rates=(OF_EVERYONE,))


def tiers(provenance: Provenance = PUBLISHED, last: int = 60) -> ReleasedTable:
    """A register of which no tier could be assessed, and one with two that could and one that could not."""
    rows = [
        ("COPD", "High risk (HR)", 1, None, 50, NOT_ASSESSED, "spirometry"),
        ("COPD", "None of those assessed", 0, None, 50, NOT_ASSESSED, ""),
        ("Diabetes", "High risk and complex (HRC)", 3, 10, 100, "partly assessed", "a ratio"),
        ("Diabetes", "High risk (HR)", 2, None, 100, NOT_ASSESSED, "a ratio"),
        ("Diabetes", "Moderate risk A (MRA)", 1, 30, 100, "assessed", ""),
        ("Diabetes", "None of those assessed", 0, last, 100, "partly assessed", ""),
    ]
    columns = ["condition", "tier", "level", "people", "on_register", "status", "lacking"]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("level", "people", "on_register"), "Int64"))
    return released(frame, provenance, counts=("people", "on_register"), rates=(OF_REGISTER,), numbers=("level",))


def hazards(provenance: Provenance = PUBLISHED, last: int = 70) -> ReleasedTable:
    """A combination, one that was assessed in part, one that was not, and any of them."""
    rows = [
        ("NSAID at 65", 50, "assessed", "", "combination"),
        ("NSAID after an ulcer", 30, "partly assessed", "old ulcers", "combination"),
        ("NSAID and eGFR", None, NOT_ASSESSED, "filtration rates", "combination"),
        ("Any of these", last, "partly assessed", "", "any"),
    ]
    frame = pd.DataFrame(rows, columns=["combination", "people", "status", "lacking", "kind"])
    frame = frame.assign(registered=1000).astype({"people": "Int64", "registered": "Int64"})
    return released(frame, provenance, counts=("people", "registered"), rates=(OF_EVERYONE,))


def lacking(provenance: Provenance = PUBLISHED) -> ReleasedTable:
    """Two variants of one score that were not assessed, and a tier that was in part."""
    rows = [("Charlson index", "Old", NOT_ASSESSED, WHY), ("Charlson index", "New", NOT_ASSESSED, WHY),
            ("Risk tiers: Diabetes", "High risk (HR)", "partly assessed", "a ratio")]  # fmt: skip
    return released(pd.DataFrame(rows, columns=["score", "which", "status", "lacking"], dtype="str"), provenance)
