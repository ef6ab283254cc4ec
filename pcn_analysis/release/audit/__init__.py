"""What an attacker can work out from all released numbers together (docs/disclosure.md)."""

from pcn_analysis.release.audit.attack import Attacker, Audit, Finding, audit
from pcn_analysis.release.audit.cells import Cell, Seen, cells_of
from pcn_analysis.release.audit.dimensions import Structure

__all__ = ["Attacker", "Audit", "Cell", "Finding", "Seen", "Structure", "audit", "cells_of"]
