"""Every team there is, tried one after the other: what a plan of a small case is held against.

Written from the frames alone, in fractions: it shares nothing with the planner but the rules.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pandas as pd
from scipy.optimize import linprog


def fraction(value) -> Fraction:
    return Fraction(0) if pd.isna(value) else Fraction(str(value))


def every_team(roles, *, part, keep=True, smallest=0, budget=None, most=4, without=()):
    """Each team that keeps the rules, as WTE of each role, with its cost in pence."""
    rows = roles.to_dict("records")
    choices = []
    for row in rows:
        now = fraction(row["now"]) if keep else Fraction(0)
        bases = {now, Fraction(0)} if ("staff", row["role"]) in without else {now}
        limit = (
            None if pd.isna(row["available"]) or ("available", row["role"]) in without else fraction(row["available"])
        )
        choices.append(
            [(base, count) for base in sorted(bases) for count in range(most + 1)
             if limit is None or base + count * fraction(part) <= limit]
        )  # fmt: skip
    for team in product(*choices):
        wte = [base + count * fraction(part) for base, count in team]
        groups = {}
        for row, held in zip(rows, wte, strict=True):
            group = row["role"] if pd.isna(row["peer_group"]) else row["peer_group"]
            groups[group] = groups.get(group, 0) + held
        small = [one for one, held in groups.items() if 0 < held < fraction(smallest)]
        if any(("smallest team", one) not in without for one in small):
            continue
        pence = [fraction(row["cost"]) * 100 for row in rows]
        cost = sum(
            math.ceil(each * base) + count * math.ceil(each * fraction(part))
            for each, (base, count) in zip(pence, team, strict=True)
        )
        if budget is None or ("budget", "") in without or cost <= fraction(budget) * 100:
            yield wte, cost


def covered(work, roles, wte) -> float:
    """Most weighted hours that a team can do, by linear programming over every pair of a task and a role."""
    slugs = list(roles["role"])
    tasks = [row for row in work.to_dict("records") if pd.notna(row["hours"])]
    pairs = [(at, slugs.index(one.strip())) for at, row in enumerate(tasks) for one in row["roles"].split(",")]
    if not pairs:
        return 0.0
    limits = [row["hours"] for row in tasks]
    limits += [float(each * fraction(hours)) for each, hours in zip(wte, roles["hours"], strict=True)]
    matrix = np.zeros((len(limits), len(pairs)))
    for place, (task, role) in enumerate(pairs):
        matrix[task, place] = matrix[len(tasks) + role, place] = 1
    weights = [-float(tasks[task].get("weight", 1.0)) for task, _ in pairs]
    return -linprog(weights, A_ub=matrix, b_ub=limits).fun


def best_of_all(work, roles, budget, *, part, **rules) -> tuple[float, float] | None:
    """The most weighted hours of any team, and the least pounds that cover them; None where no team is possible."""
    found = [(covered(work, roles, wte), cost) for wte, cost in every_team(roles, part=part, budget=budget, **rules)]
    if not found:
        return None
    most = max(hours for hours, _ in found)
    return most, min(cost for hours, cost in found if hours >= most - 1e-6) / 100
