"""Did a programme help: pre-specified designs with a comparison, and a verdict that may be "cannot tell"."""

from pcn_analysis.anticipatory.programme.design import DESIGNS, OUTCOMES, Design
from pcn_analysis.anticipatory.programme.design_files import check_treated, design_of, read_design, read_treated
from pcn_analysis.anticipatory.programme.evaluation import ProgrammeEvaluation, evaluate_programme
from pcn_analysis.anticipatory.programme.shown import (
    balance_of,
    by_group,
    by_month,
    people_left,
    result,
)
from pcn_analysis.anticipatory.programme.verdict import VERDICTS, Estimate

__all__ = [
    "DESIGNS",
    "OUTCOMES",
    "VERDICTS",
    "Design",
    "Estimate",
    "ProgrammeEvaluation",
    "balance_of",
    "by_group",
    "by_month",
    "check_treated",
    "design_of",
    "evaluate_programme",
    "people_left",
    "read_design",
    "read_treated",
    "result",
]
