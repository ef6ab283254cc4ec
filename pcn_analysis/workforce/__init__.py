"""Who is needed, who is there: hours of work by role, a team within a budget, and the workforce that is published."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules={
        "competition",
        "joint_posts",
        "peers",
        "reliance",
        "scenario_costs",
        "scenario_curves",
        "scenario_plans",
        "scenarios",
        "staffing",
        "supply",
    },
)
