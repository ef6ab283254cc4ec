"""Whom each variant of a score picks, in which band it puts people, and why it cannot say so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis import codelists
from pcn_analysis.anticipatory.score_agreement.score import BY_TOOLKIT, TITLES, Score, Variant
from pcn_analysis.anticipatory.whom import FRAILTY as FRAILTY_BAND
from pcn_analysis.anticipatory.whom import aged, never_aged
from pcn_analysis.engine import lazy, to_pandas
from pcn_analysis.person_table import FRAILTY, incomplete_columns, registered_people, table_of
from pcn_analysis.rules import NONE_ASSESSED
from pcn_analysis.scores import cambridge, charlson, hospital_frailty, polypharmacy
from pcn_analysis.scores.cambridge.bands import OF_BNSSG
from pcn_analysis.tables import FRAILTY_BANDS
from pcn_analysis.words import within_sentence

if TYPE_CHECKING:
    from collections.abc import Collection

    from pcn_analysis.engine import Lazy
    from pcn_analysis.population import Population

CHARLSON_FROM = 3
"""Points, or categories where a variant counts these, from which the Charlson index is called high; our choice."""
HIGHEST = 0.05
"""The share of adults that the Cambridge score picks at most, as it has no limit of its own; our choice."""
ADULT, OLDER = 18, 65
"""Ages in completed years from which the Cambridge score and the electronic frailty index were made."""
NO_DIAGNOSES = "no diagnoses are held"
NO_MEDICINES = "no issues of medicines are held"
NO_CONDITIONS = "nothing is known of the conditions that it counts"
NO_FRAILTY = "deficits are not recorded"
SCORE_ONLY = "the source gives no number of deficits"


def scores_of(population: Population) -> tuple[Score, ...]:
    """The scores that have variants, on the people of a network and its index date; worked out once."""
    made = (_frailty, _cambridge, _polypharmacy, _charlson, _hospital_frailty)
    return population.once("variants of scores", lambda: tuple(make(population) for make in made))


def everyone(population: Population) -> Lazy:
    """Everyone registered and alive on the index date."""
    return registered_people(lazy(population.tables["persons"]), on=population.index_date)


def _frailty(population: Population) -> Score:
    """The electronic frailty index of people of 65 and over, by two published sets of bands."""
    held = table_of(population)
    there = [name for name in ("age", *FRAILTY) if name in held.collect_schema().names()]
    people = to_pandas(held.select("person_id", *there).sort("person_id")).set_index("person_id").convert_dtypes()
    older = people[people["age"].ge(OLDER).fillna(False)]
    lacking = "; ".join(incomplete_columns(population).get("efi_category", []))
    found = []
    for name, column, why in (("efi_36", "efi_category", NO_FRAILTY), (BY_TOOLKIT, "efi_deficits", SCORE_ONLY)):
        if column not in older or older[column].isna().all():
            found.append(Variant(TITLES[name], lacking=why if "efi_category" in older else NO_FRAILTY))
            continue
        bands = older[column] if column == "efi_category" else _by_number(older[column], name)
        dimension = FRAILTY_BAND if column == "efi_category" else ""
        found.append(replace(_banded(TITLES[name], bands, ["severe"], lacking), dimension=dimension))
    name, among = "Electronic frailty index", "people of 65 and over"
    return Score(name, "severe, from 65", tuple(found), FRAILTY_BANDS, among, aged(OLDER))


def _by_number(deficits: pd.Series, bands: str) -> pd.Series:
    """Bands of a number of deficits."""
    rows = [row for row in codelists.rows("frailty_bands") if row["variant"] == bands]
    edges = [int(row["lowest"]) - 1 for row in rows] + [int(rows[-1]["highest"])]
    cut = pd.cut(deficits.astype("Float64").astype("float64"), edges, labels=[row["band"] for row in rows])
    return cut.astype("str").where(deficits.notna()).astype("string")


def _cambridge(population: Population) -> Score:
    """The highest scores of adults by each variant, and core segments by those that have them."""
    held, on = table_of(population), population.index_date
    columns = held.collect_schema().names()
    names = dict.fromkeys([OF_BNSSG, *cambridge.VARIANTS])
    new = [name for name in names if cambridge.score_column(name) not in columns]
    scored = cambridge.cambridge_scores(held, on=on, variants=new) if new else held
    there = [name for name in names if cambridge.score_column(name) in scored.collect_schema().names()]
    banded = [name for name in there if cambridge.VARIANTS[name].bands
              and cambridge.assessed_column(name) in scored.collect_schema().names()]  # fmt: skip
    for name in banded:
        scored = cambridge.core_segments(scored, variant=name)
    asked = [cambridge.score_column(name) for name in there] + [cambridge.segment_column(name) for name in banded]
    people = (
        to_pandas(scored.select("person_id", "age", *asked).sort("person_id")).set_index("person_id").convert_dtypes()
    )
    adults = people[people["age"].ge(ADULT).fillna(False)]
    found = []
    for name in names:
        score = adults.get(cambridge.score_column(name))
        if score is None or score.isna().all():
            found.append(Variant(TITLES[name], lacking=NO_CONDITIONS))
            continue
        lacking = "; ".join(map(within_sentence, cambridge.unassessable(name, columns)))
        found.append(Variant(TITLES[name], highest(score), adults.get(cambridge.segment_column(name)), lacking))
    bands = tuple(dict.fromkeys([NONE_ASSESSED, *(row["band"] for row in codelists.rows("cambridge_bands"))]))
    threshold = f"highest {HIGHEST:.0%} of adults"
    name = "Cambridge Multimorbidity Score"
    return Score(name, threshold, tuple(found), bands, "adults", aged(ADULT), never_aged(ADULT))


def highest(score: pd.Series) -> pd.Series:
    """Whether each score is among the highest; those that tie at the limit are out, so that they never are more.

    Examples
    --------
    >>> highest(pd.Series([*range(18), 30, 40], dtype="Float64")).to_list()[-2:]
    [False, True]
    """
    places = int(score.notna().sum() * HIGHEST)
    return score.rank(ascending=False, method="max").le(places).astype("boolean").where(score.notna())


def _polypharmacy(population: Population) -> Score:
    """Ten medicines or more."""
    on, held = population.index_date, population.tables.get("medications")
    found = []
    for name in _usual_first(polypharmacy.DEFAULT, polypharmacy.VARIANTS):
        lacks = [NO_MEDICINES] if held is None else polypharmacy.unassessable(lazy(held), on=on, variant=name)
        if lacks:
            found.append(Variant(TITLES[name], lacking=f"not held: {lacks[0]}" if held is not None else lacks[0]))
            continue
        counted = polypharmacy.polypharmacy(held, everyone(population), on=on, variant=name)
        column = polypharmacy.polypharmacy_columns(name)[2]
        found.append(_banded(TITLES[name], _column(counted, column), ["10-14", "15+"]))
    bands = tuple(band for band, _ in polypharmacy.BANDS)
    threshold = f"{polypharmacy.VERY_MANY} or more medicines"
    return Score("Polypharmacy", threshold, tuple(found), bands)


def _charlson(population: Population) -> Score:
    """Three points or more."""
    on, held = population.index_date, population.tables.get("conditions")
    lacks = [NO_DIAGNOSES] if held is None else charlson.unassessable(held, on=on)
    found = []
    for name in _usual_first(charlson.score.DEFAULT, charlson.VARIANTS):
        if lacks:
            found.append(Variant(TITLES[name], lacking="; ".join(lacks)))
            continue
        scored = charlson.charlson(held, everyone(population), on=on, variant=name)
        found.append(Variant(TITLES[name], _column(scored, charlson.score_column(name)).ge(CHARLSON_FROM)))
    return Score("Charlson index", f"{CHARLSON_FROM} or more", tuple(found))


def _hospital_frailty(population: Population) -> Score:
    """The high band."""
    on, held, seen = population.index_date, population.tables.get("conditions"), population.tables.get("encounters")
    found = []
    for name in _usual_first(hospital_frailty.score.DEFAULT, hospital_frailty.VARIANTS):
        lacks = (
            [NO_DIAGNOSES]
            if held is None
            else hospital_frailty.unassessable(held, on=on, variant=name, encounters=seen)
        )
        bands = None
        if not lacks:
            scored = hospital_frailty.hospital_frailty(held, everyone(population), on=on, variant=name, encounters=seen)
            bands = _column(scored, hospital_frailty.band_column(name))
            lacks = ["nobody is of the age that it is for"] if bands.isna().all() else []
        found.append(_banded(TITLES[name], bands, ["high"], "; ".join(lacks)))
    return Score("Hospital Frailty Risk Score", "high", tuple(found), ("low", "intermediate", "high"))


def _banded(title: str, bands: pd.Series | None, high: Collection[str], lacking: str = "") -> Variant:
    """A variant that picks those of its highest bands."""
    if bands is None or bands.isna().all():
        return Variant(title, lacking=lacking)
    picks = bands.isin(list(high)).astype("boolean").where(bands.notna())
    return Variant(title, picks, bands, lacking, tuple(high))


def _usual_first(usual: str, names: Collection[str]) -> list[str]:
    return list(dict.fromkeys([usual, *names]))


def _column(scores: Lazy, name: str) -> pd.Series:
    """A column by person_id, in its order, so that columns of the same people are quickly put side by side."""
    return to_pandas(scores.select("person_id", name).sort("person_id")).set_index("person_id")[name].convert_dtypes()
