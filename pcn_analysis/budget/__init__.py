"""What a network may spend: every line of the Network Contract by contract year, its sizes and its rates."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules={
        "additional_roles",
        "additionality",
        "assumptions",
        "claimed",
        "claims",
        "entitlement",
        "investment_and_impact",
        "practice_shares",
        "reconciliation",
        "two_years",
        "underspend",
    },
)
