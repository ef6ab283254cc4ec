"""The hazards of the product: read from ``docs/hazards.yaml``, judged, and written to ``docs/hazard_log.md``."""

from tests.hazards.document import document
from tests.hazards.log import Control, Hazard, faults, hazards, ids_of_tests

__all__ = ["Control", "Hazard", "document", "faults", "hazards", "ids_of_tests"]
