"""Who would be offered care ahead of need: cohorts as data, the caseload of a month, and the risk of an admission."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submodules={"admission", "caseload", "reach"})
