"""The quality of records that have come in: figures of a check, made before anything else is done with them."""

from pcn_analysis.extracts.quality.report import Quality, quality

__all__ = ["Quality", "quality"]
