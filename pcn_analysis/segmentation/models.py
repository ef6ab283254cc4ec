"""The segmentation models that there are: published ones, and those in files of one's own."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from pcn_analysis.exceptions import nearest, problem
from pcn_analysis.provenance import file_sha256
from pcn_analysis.rules.model_files import model_of, read_model
from pcn_analysis.settings import MODEL_FILES

if TYPE_CHECKING:
    from pcn_analysis.rules import Model

PUBLISHED = files("pcn_analysis") / "segmentation" / "published"
MODELS: tuple[str, ...] = tuple(sorted(one.name.removesuffix(".yaml") for one in PUBLISHED.iterdir()))
"""Names of the published models; each is ``segmentation/published/<name>.yaml``."""


def find_model(name: str) -> Model:
    """Find a segmentation model.

    Parameters
    ----------
    name
        One of :data:`MODELS`, or the path of a file that ends in ``.yaml``.

    Raises
    ------
    PcnAnalysisError
        If there is none of that name, or with everything that is wrong in its file.

    Examples
    --------
    >>> find_model("system_p").title
    'System P, Cheshire and Merseyside'
    >>> find_model("system-p")
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: segmentation model: there is none called system-p. Did you mean system_p?
    """
    if name.endswith(MODEL_FILES):
        return replace(read_model(Path(name)), file=Path(name).name, sha256=file_sha256(Path(name)))
    if name not in MODELS:
        raise problem("segmentation model", f"there is none called {name}", nearest(name, MODELS))
    return _published(name)


@cache
def _published(name: str) -> Model:
    return model_of((PUBLISHED / f"{name}.yaml").read_text(encoding="utf-8"), f"{name}.yaml")
