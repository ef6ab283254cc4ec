"""Whom the counts of an evaluation count: people who were followed, how that ended, and where a model puts them."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pcn_analysis.anticipatory.evaluation.found import FAIR_TOP
from pcn_analysis.anticipatory.whom import OTHER
from pcn_analysis.counted import Counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.anticipatory.evaluation.evaluated import Evaluation
    from pcn_analysis.counted import Conditions

ENDS = "end of the follow-up"
ADMITTED, LEFT = "admitted", "left"
KNOWN = (ADMITTED, "died", "followed")
"""Ends after which it is known what came."""


@dataclass(frozen=True)
class Followed:
    """People who were followed, and the test that models were put to on them.

    Parameters
    ----------
    of
        What they are called, in one way for the same people.
    where
        Which of these they are.
    test
        What the models were tested on, and which models they are; places on a list are by it.
    networks
        Networks whose people they are, where these are several.
    """

    of: str = "people of an evaluation"
    where: Conditions = ()
    test: str = ""
    networks: tuple[str, ...] = ()

    def people(self, *ends: str, **kinds: Any) -> Counted:
        """People whose follow-up ended in some ways; in any, where none is named."""
        where = (*self.where, (ENDS, ends or (*KNOWN, LEFT)))
        return Counted(where=where, of=self.of, whole_place=bool(self.networks), networks=self.networks, **kinds)

    def overall(self) -> dict[str, Counted]:
        """Counts of everyone."""
        return {
            "people": self.people(),
            "known": self.people(*KNOWN),
            "not_known": self.people(LEFT),
            "events": self.people(ADMITTED),
        }

    def by_end(self, adults: str) -> dict[str, Counted]:
        """Everyone, and a column for each end."""
        return {adults: self.people()} | {end: self.people(end) for end in (*KNOWN, LEFT)}

    def curve(self, evaluation: Evaluation) -> dict[str, Counted]:
        """Counts by model and tenth of risk of those of whom it is known what came."""
        rows = evaluation.curve[["model", "tenth"]].itertuples(index=False)
        tenths = {(model, tenth): ((f"tenth by {model}{self.test}", (str(tenth),)),) for model, tenth in rows}
        never = tuple(((dimension, (OTHER,)),) for dimension in dict.fromkeys(one[0][0] for one in tenths.values()))
        kinds: dict[str, Any] = {"means": {("model", "tenth"): tenths}, "never": never}
        return {"known": self.people(*KNOWN, **kinds), "events": self.people(ADMITTED, **kinds)}

    def at_top(self, evaluation: Evaluation) -> dict[str, Counted]:
        """Counts by model and share of its list."""
        rows = evaluation.at_top[["model", "top"]].itertuples(index=False)
        kinds: dict[str, Any] = {"means": {("model", "top"): {row: self._top(evaluation, *row) for row in rows}}}
        return {
            "people": self.people(),
            "flagged": self.people(**kinds),
            "known": self.people(*KNOWN, **kinds),
            "admitted": self.people(ADMITTED, **kinds),
            "admitted_of_all": self.people(ADMITTED),
        }

    def by_group(self, evaluation: Evaluation, words: Mapping[str, str] = MappingProxyType({})) -> dict[str, Counted]:
        """Counts by model, group and value; words are what groups are called in the table instead."""
        columns = ("model", "group", "value")
        rows = list(evaluation.by_group[list(columns)].itertuples(index=False, name=None))
        groups = {(model, words.get(group, group), value): ((group, (value,)),) for model, group, value in rows}
        flagged = {row: (*one, *self._top(evaluation, row[0], FAIR_TOP)) for row, one in groups.items()}
        never = tuple(((group, (OTHER,)),) for group in dict.fromkeys(group for _, group, _ in rows))
        of_all, of_top = ({"means": {columns: means}, "never": never} for means in (groups, flagged))
        return {
            "people": self.people(**of_all),
            "known": self.people(*KNOWN, **of_all),
            "events": self.people(ADMITTED, **of_all),
            "flagged": self.people(**of_top),
            "flagged_known": self.people(*KNOWN, **of_top),
            "flagged_events": self.people(ADMITTED, **of_top),
        }

    def _top(self, evaluation: Evaluation, model: str, top: float) -> Conditions:
        """The first of the list of a model: all shorter shares of it are in a longer one."""
        tops = sorted({*evaluation.at_top["top"].astype(float), FAIR_TOP})
        return ((f"place by {model}{self.test}", tuple(f"top {one:.4%}" for one in tops if one <= top)),)
