"""Predictions for tests: a few that a reader can count, and many that are drawn.

::

    few = predictions([0.9, 0.2, 0.1], [1, 0, 0])
    many = drawn(5_000, spread=1.2)                      # risks that are right
    many = drawn(5_000, told=lambda logit: logit + 1)    # risks that are too high
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit


def predictions(risks, outcomes, *, model="model", **columns):
    """One row a person, all known and of weight 1 unless said otherwise."""
    usual = {"model": model, "weight": 1.0, "known": True}
    people = [f"p{number:05d}" for number in range(len(risks))]
    return pd.DataFrame({"person_id": people, "risk": risks, "outcome": outcomes, **(usual | columns)})


def drawn(people, *, seed=0, middle=-2.0, spread=1.0, told=lambda logit: logit, **columns):
    """People whose true risk is drawn, and who are admitted by it; ``told`` is what the model says of its logit."""
    rng = np.random.default_rng(seed)
    true = rng.normal(middle, spread, people)
    return predictions(expit(told(true)), (rng.random(people) < expit(true)).astype(int), **columns)


def beside(*frames):
    """Several models of the same people."""
    return pd.concat(frames, ignore_index=True)


def same(one, other):
    """Whether two evaluations hold the same values, rows in any order of models."""
    for name in ("overall", "differences", "curve", "smooth", "at_top", "net_benefit", "by_group"):
        tables = [getattr(found, name) for found in (one, other)]
        keys = [key for key in ("model", "other_model", "group", "value", "tenth", "top", "threshold", "risk")
                if key in tables[0]]  # fmt: skip
        first, second = (table.sort_values(keys, ignore_index=True) for table in tables)
        pd.testing.assert_frame_equal(first, second, rtol=1e-9)
    return True
