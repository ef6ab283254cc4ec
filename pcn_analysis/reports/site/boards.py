"""The integrated care board of each network of a place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcn_analysis.words import NOT_KNOWN

if TYPE_CHECKING:
    import pandas as pd

    from pcn_analysis.place import Place

LIST_OF_NETWORKS = "country_networks"


@dataclass(frozen=True)
class Board:
    """An integrated care board.

    Parameters
    ----------
    code
        Its ODS code; empty where it is not known.
    name
        Its name, where it is published.
    """

    code: str = ""
    name: str = ""

    @property
    def label(self) -> str:
        """What lists call it: its name without what every board is called, else its code.

        Examples
        --------
        >>> Board("QYG", "NHS Cheshire and Merseyside Integrated Care Board").label, Board("QYG").label, Board().label
        ('Cheshire and Merseyside', 'QYG', 'not known')
        """
        short = self.name.removeprefix("NHS ").removesuffix(" Integrated Care Board")
        return short or self.code or NOT_KNOWN


def boards_of(place: Place) -> dict[str, Board]:
    """The board of each network, by the network's code.

    It is the board of most of its patients where that has been worked out for all networks, else that of most of its
    practices; of two with as many, the first by code. Networks of which none is known are absent.
    """
    frame = place.tables["practices"].frame.dropna(subset=["pcn_code", "icb_code"])
    found: dict[str, Counter[str]] = {}
    for network, board in frame[["pcn_code", "icb_code"]].to_numpy():
        found.setdefault(str(network), Counter())[str(board)] += 1
    boards = {network: Board(min(times, key=lambda code: (-times[code], code))) for network, times in found.items()}
    return boards | (_listed(place.tables[LIST_OF_NETWORKS].frame) if LIST_OF_NETWORKS in place.tables else {})


def _listed(networks: pd.DataFrame) -> dict[str, Board]:
    own = networks[networks["in_place"]].dropna(subset=["icb_code"])
    codes = zip(own["pcn_code"], own["icb_code"], own["icb_name"].fillna(""), strict=True)
    return {str(network): Board(str(code), str(name)) for network, code, name in codes}
