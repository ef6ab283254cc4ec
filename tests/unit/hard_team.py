"""A case of a team that takes the solver many seconds to prove, and a fraction of one to find a good team of."""

import numpy as np
import pandas as pd

ROLES, TASKS, TEAMS = 80, 60, 20
BUDGET = 2_000_000


def hard_team():
    """Roles whose hours cost nearly the same, in teams of four, each to be had once."""
    noise = np.random.default_rng(0)
    slugs = [f"role_{at:02d}" for at in range(ROLES)]
    costs = noise.integers(40_000, 80_000, ROLES)
    roles = pd.DataFrame(
        {"role": slugs, "name": slugs, "cost": costs, "hours": np.round(costs / 800 + noise.uniform(-1, 1, ROLES), 1),
         "available": 1.0, "now": 0.0, "peer_group": [f"team {at % TEAMS}" for at in range(ROLES)]}
    )  # fmt: skip
    work = pd.DataFrame(
        {"task": [f"Task {at:02d}" for at in range(TASKS)], "hours": noise.integers(50, 150, TASKS).astype(float),
         "roles": [", ".join(noise.choice(slugs, 6, replace=False)) for _ in range(TASKS)]}
    )  # fmt: skip
    return work, roles
