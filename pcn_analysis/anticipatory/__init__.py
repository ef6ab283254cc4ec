"""Who would be offered care ahead of need: cohorts as data, a month's caseload, the risk of admission, and scores."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__, submodules={"admission", "caseload", "reach", "score_agreement"}
)
