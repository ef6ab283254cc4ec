"""The service specifications of the Network Contract: who, how many, what is missing, how much work.

Each specification is a file of rules that a clinician can sign (``specifications/<service>.yaml``), with its numbers in
a table of clauses (``contract/tables/<service>.csv``), and a module that makes the columns which it asks for.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules={
        "assumptions",
        "care_homes",
        "cardiovascular",
        "counts",
        "early_cancer_diagnosis",
        "enhanced_access",
        "neighbourhood_inequalities",
        "over_time",
        "personalised_care",
        "published",
        "published_funnel",
        "structured_medication_reviews",
        "work",
    },
)
