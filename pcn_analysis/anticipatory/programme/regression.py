"""Fit a regression where a perfect fit is nothing to warn of: practices that all changed alike are fitted exactly."""

from __future__ import annotations

import warnings
from typing import Any


def fitted(model: Any, **how: Any) -> Any:
    """Fit a generalised linear model of statsmodels.

    Parameters
    ----------
    model
        The model. What has no contacts at all was taken out before, so that every term can be estimated.
    **how
        Passed to its ``fit``.
    """
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        return model.fit(**how)
