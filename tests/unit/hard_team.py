"""A case of a team that takes the solver seconds to prove."""

import numpy as np
import pandas as pd

ROLES, TASKS = 30, 15


def hard_team():
    """Roles whose hours cost nearly the same, in teams of two, each to be had once."""
    noise = np.random.default_rng(0)
    slugs = [f"role_{at:02d}" for at in range(ROLES)]
    costs = noise.integers(40_000, 80_000, ROLES)
    roles = pd.DataFrame(
        {"role": slugs, "name": slugs, "cost": costs, "hours": np.round(costs / 800 + noise.uniform(-1, 1, ROLES), 1),
         "available": 1.0, "now": 0.0, "peer_group": [f"team {at % 10}" for at in range(ROLES)]}
    )  # fmt: skip
    work = pd.DataFrame(
        {"task": [f"Task {at:02d}" for at in range(TASKS)], "hours": noise.integers(50, 150, TASKS).astype(float),
         "roles": [", ".join(noise.choice(slugs, 8, replace=False)) for _ in range(TASKS)]}
    )  # fmt: skip
    return work, roles
