"""How many people have each condition, and how that compares with the disease registers of England."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis import codelists, tables
from pcn_analysis.extracts.workspace import texts

if TYPE_CHECKING:
    from collections.abc import Collection

    from pcn_analysis.extracts.quality.kept import Kept

REGISTERS = {
    "AF": ("atrial_fibrillation",),
    "AST": ("asthma",),
    "CAN": ("cancer",),
    "CHD": ("coronary_heart_disease", "angina", "myocardial_infarction"),
    "CKD": ("ckd",),
    "COPD": ("copd",),
    "DEM": ("dementia",),
    "DEP": ("depression",),
    "DM": ("diabetes",),
    "EP": ("epilepsy",),
    "HF": ("heart_failure",),
    "HYP": ("hypertension",),
    "LD": ("learning_disability",),
    "MH": ("schizophrenia", "bipolar_disorder", "other_psychosis"),
    "NDH": ("non_diabetic_hyperglycaemia",),
    "PAD": ("peripheral_arterial_disease",),
    "PC": ("palliative_care",),
    "RA": ("rheumatoid_arthritis",),
    "STIA": ("stroke", "tia"),
}
"""QOF registers and the conditions that put a person on them. Those of obesity and osteoporosis also ask for a
measurement or a fracture, so that a condition alone says nothing of them."""
FAR = 3
"""A share under a third of England's, or over three times it, is far from it."""
FEWEST_EXPECTED = 10
"""Where England's rate would give fewer people, no share is called far from it."""


@dataclass(frozen=True)
class Recorded:
    """People with a record of one condition, whether or not it was resolved since."""

    condition: str
    name: str
    people: int


@dataclass(frozen=True)
class Compared:
    """Records beside a QOF register.

    Parameters
    ----------
    register, name
        Its QOF code, and the condition as QOF names it.
    ages
        Whom the published rate is of, in words.
    people
        Kept people of those ages with a record of any of its conditions.
    of
        Kept people of those ages.
    england
        Published rate of England, as a proportion.
    far
        ``under a third``, ``over three times`` or empty; None where there are too few people to say.
    """

    register: str
    name: str
    ages: str
    people: int
    of: int
    england: float
    far: str | None


def conditions(kept: Kept, covered: Collection[str]) -> tuple[tuple[Recorded, ...], tuple[Compared, ...]]:
    """Count people with each condition that the records were coded for, most first."""
    slugs = [slug for slug in tables.CONDITION_NAMES if slug in covered]
    parts = [f"SELECT person, condition FROM {kept.flagged}"] if kept.flagged else []
    if "conditions" in kept.dated and slugs:
        parts.append(
            f"SELECT person, condition FROM {kept.dated['conditions']} "
            f"WHERE status <> 'resolved' AND condition IN {texts(slugs)}"
        )
    if not parts:
        return (), ()
    recorded = kept.space.write(" UNION ".join(parts), "conditions_recorded")
    people = dict(kept.space.rows(f"SELECT condition, count(*) FROM {recorded} GROUP BY condition"))
    by_condition = [Recorded(slug, tables.CONDITION_NAMES[slug], int(people.get(slug, 0))) for slug in slugs]
    by_condition.sort(key=lambda one: (-one.people, one.name))
    compared = [
        _compared(kept, recorded, register, names) for register, names in REGISTERS.items() if names[0] in covered
    ]
    return tuple(by_condition), tuple(compared)


def _compared(kept: Kept, recorded: str, register: str, slugs: tuple[str, ...]) -> Compared:
    about = next(row for row in codelists.rows("qof_registers") if row["register"] == register)
    rates = {row["register"]: float(row["england"]) / 100 for row in codelists.rows("synthetic_register_rates")}
    age = int(about["list_type"].removesuffix("OV")) if about["list_type"].endswith("OV") else 0
    born = f"birth_date <= DATE '{kept.extract_date}' - INTERVAL {age} YEAR"
    people, of = kept.space.row(
        f"SELECT count(*) FILTER (person IN (SELECT person FROM {recorded} WHERE condition IN {texts(slugs)})), "
        f"count(*) FROM {kept.people} WHERE {born}"
    )
    far = _far(int(people), int(of), rates[register])
    return Compared(register, about["condition"], about["ages"], int(people), int(of), rates[register], far)


def _far(people: int, of: int, england: float) -> str | None:
    """Whether a share is far from England's.

    Examples
    --------
    >>> _far(3, 1000, 0.06), _far(60, 1000, 0.06), _far(200, 1000, 0.06), _far(0, 100, 0.06)
    ('under a third', '', 'over three times', None)
    """
    if of * england < FEWEST_EXPECTED:
        return None
    if people / of < england / FAR:
        return "under a third"
    return "over three times" if people / of > england * FAR else ""


def kinds_of_contact(kept: Kept) -> dict[str, int] | None:
    """Count contacts by kind, in the order of ``tables.ENCOUNTERS``; None where there is no such table."""
    if "encounters" not in kept.dated:
        return None
    counted = dict(kept.space.rows(f"SELECT visit_type, count(*) FROM {kept.dated['encounters']} GROUP BY 1"))
    allowed = next(column.allowed for column in tables.ENCOUNTERS.columns if column.name == "visit_type")
    return {kind: int(counted.get(kind, 0)) for kind in allowed}


def without_bnf(kept: Kept) -> int | None:
    """Count issues of medicines whose BNF code is not known; None where there is no such table."""
    if "medications" not in kept.dated:
        return None
    return int(kept.space.row(f"SELECT count(*) FROM {kept.dated['medications']} WHERE bnf_code IS NULL")[0])
