"""The segmentation models that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis.exceptions import nearest, problem
from pcn_analysis.segmentation.system_p import SYSTEM_P

if TYPE_CHECKING:
    from pcn_analysis.rules import Model

MODELS: dict[str, Model] = {model.name: model for model in (SYSTEM_P,)}
"""Models by name."""


def find_model(name: str) -> Model:
    """Find a segmentation model by its name.

    Raises
    ------
    PcnAnalysisError
        If there is none of that name.

    Examples
    --------
    >>> find_model("system_p").title
    'System P, Cheshire and Merseyside'
    >>> find_model("system-p")
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: segmentation model: there is none called system-p. Did you mean system_p?
    """
    if name not in MODELS:
        raise problem("segmentation model", f"there is none called {name}", nearest(name, MODELS))
    return MODELS[name]
