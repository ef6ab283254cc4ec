"""Profiles of segments: who is in each, what they live with, how often they are seen, what it costs, against the place.

Each function takes a :class:`pcn_analysis.population.Population` and a model, and returns a table ready for
:func:`pcn_analysis.release.release` under ``hes``. Only segments that could be assessed have rows, then the remainder
and people whom the model is not for; there are no rows where no segment could be assessed. How segments differ by
deprivation, ethnic group and practice is in ``segmentation/segments.py``.
"""

from pcn_analysis.segmentation.profiles.care import activity, cost
from pcn_analysis.segmentation.profiles.people import by_age_and_sex, conditions
from pcn_analysis.segmentation.profiles.place import against_place

__all__ = ["activity", "against_place", "by_age_and_sex", "conditions", "cost"]
