"""Two scenarios of Harbour PCN: few tasks, three roles and a sum, so that each plan can be worked out by hand.

One whole-time equivalent has 80.625 contact hours a month. 1,935 reviews of 30 minutes are 967.5 hours: over 12 months
80.625 a month, one pharmacist; over 6 months two. 3,870 blood pressures of 15 minutes are 967.5 hours as well, which a
healthcare support worker can take. Nobody whose cost is known can do 60 offers of social prescribing.
"""

from __future__ import annotations

import pandas as pd
from handmade import DRAWN, PUBLISHED, released

from pcn_analysis.workforce import scenario_costs, scenario_curves, scenario_plans, scenarios

FIRST = {"budget": 100_000, "backlog_months": 12, "staff_stay": True, "smallest_team": 0}
OTHER = {"budget": 0, "backlog_months": 6, "staff_stay": False, "smallest_team": 0}
TASKS = [
    ("Structured medication reviews", "Structured medication review", "clinical pharmacist", 1935, 30.0),
    ("Cardiovascular disease", "Blood pressure follow-up", "practice nurse", 3870, 15.0),
    ("Personalised care", "Offer of social prescribing", "social prescribing link worker", 60, 60.0),
    ("Personalised care", "Vaccination", "practice nurse", 3, 10.0),
]
ROLES = [
    ("clinical_pharmacist", "pharmacy", 60_000.0, 0.5, "published"),
    ("healthcare_support_worker", "nursing", 30_000.0, 0.0, "none recorded"),
    ("social_prescribing_link_worker", "personalised care", None, 2.0, "published"),
]


def worked(rows=TASKS, provenance=DRAWN, status="assessed"):
    """What is released of the work of services; 3 people are too few to show."""
    names = ["service", "task", "role", "people", "minutes"]
    frame = pd.DataFrame(rows, columns=names).astype({"people": "Int64", "minutes": "Float64"})
    frame = frame.assign(standing="our choice", status=status)
    return released(frame, provenance, counts=("people",), numbers=("minutes",))


def sizes(provenance=DRAWN):
    """90 people with frailty or dementia: 2 contacts of 20 minutes a year are 5 hours a month."""
    frame = pd.DataFrame({"segment": ["Frailty/Dementia"], "patients": pd.array([90], "Int64"), "status": "assessed"})
    return released(frame, provenance, counts=("patients",))


def roles(rows=ROLES):
    """Roles of the scheme, with their ceilings."""
    frame = pd.DataFrame([row[:3] for row in rows], columns=["role", "peer_group", "ceiling"])
    frame = frame.assign(name=frame["role"], limit="none", standing="ceiling to verify")
    return released(frame.astype({"ceiling": "Float64"}), PUBLISHED, numbers=("ceiling",))


def staff(rows=ROLES):
    """Who is there."""
    frame = pd.DataFrame([(row[0], row[3], row[4]) for row in rows], columns=["role", "fte", "status"])
    return released(frame.astype({"fte": "Float64"}), PUBLISHED, numbers=("fte",))


def lines(amount=150_000.0, line="additional_roles"):
    """What the contract pays for additional roles; None: the rate is not known."""
    frame = pd.DataFrame(
        {"contract_year": "2025/26", "line": ["core", line], "amount": pd.array([1.0, amount], "Float64"),
         "formula": "3 × 50,000 weighted patients", "standing": "published"}
    )  # fmt: skip
    return released(frame, PUBLISHED, numbers=("amount",))


def work(first=FIRST, other=OTHER, tasks=TASKS, provenance=DRAWN, **more):
    """Hours of both scenarios."""
    given = {"first": first, "other": other, **more}
    return worked(tasks, provenance).followed_by(scenarios.work, sizes(provenance), **given)


def costs(rows=ROLES, sums=None, salaries=None, own=""):
    """What posts cost."""
    return roles(rows).followed_by(scenario_costs.costs, staff(rows), sums or lines(), salaries=salaries, own=own)


def plans(first=FIRST, other=OTHER, *, tasks=TASKS, rows=ROLES, sums=None, salaries=None):
    """Both plans."""
    paid = costs(rows, sums, salaries)
    return work(first, other, tasks).followed_by(
        scenario_plans.plans, paid, sums or lines(), first=first, other=other
    )  # fmt: skip


def view(name, **given):
    """A table that follows from the plans."""
    return plans(**given).followed_by(getattr(scenario_plans, name))


def curve(name, first=FIRST, other=OTHER, *, tasks=TASKS, rows=ROLES, sums=None):
    """What each sum buys, or what each assumption changes."""
    made = plans(first, other, tasks=tasks, rows=rows, sums=sums)
    make = getattr(scenario_curves, name)
    return work(first, other, tasks).followed_by(make, costs(rows, sums), made, first=first, other=other)
