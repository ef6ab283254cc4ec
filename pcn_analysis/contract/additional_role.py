"""A role of the Additional Roles Reimbursement Scheme in a contract year: what is said of it, and how sure it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pcn_analysis.contract.clauses import PUBLISHED, Clause

NETWORK = "network"
"""Who pays what is not reimbursed, where no clause says otherwise."""
NO_LIMIT = "none"
"""What stands for a limit where it is known that there is none."""
AREAS = ("", "outer_london", "inner_london")
"""Areas with ceilings of their own; empty: the rest of England."""


@dataclass(frozen=True)
class AdditionalRole:
    """A role that is reimbursed in a contract year.

    Parameters
    ----------
    role, name
        Its short name and what it is called.
    contract_year
        The contract year.
    eligible
        The first day from which it is reimbursed.
    band
        Agenda for Change band, such as 7-8a; "none" for general practitioners.
    ceilings
        The most that is reimbursed a whole-time equivalent and year, in GBP, by area (:data:`AREAS`).
    before
        The same until the ceilings were changed within the year; None in a year in which they were not.
    changed
        The day from which ``ceilings`` hold; None in a year in which they were not changed.
    reimbursed
        Share of the cost that is reimbursed, up to the ceiling.
    rest
        Who pays the rest, where a clause says so; None: the network.
    limits
        The most that a network may claim for: of one that is not large, and of a large one; None where nothing is said
        of that year.
    large
        Patients from which a network is large.
    """

    role: str
    name: str
    contract_year: str
    eligible: Clause
    band: Clause
    ceilings: dict[str, Clause]
    before: Clause | None
    changed: dt.date | None
    reimbursed: Clause
    rest: Clause | None
    limits: tuple[Clause | None, Clause | None]
    large: Clause

    @property
    def ceiling(self) -> Clause:
        """The ceiling outside London, as it is at the end of the year."""
        return self.ceilings[""]

    @property
    def eligible_from(self) -> dt.date:
        """The first day from which it is reimbursed, of this year or an earlier one."""
        return dt.date.fromisoformat(self.eligible.value)

    @property
    def rest_paid_by(self) -> str:
        """Who pays what is not reimbursed: the network, or the provider of mental health services."""
        return self.rest.value if self.rest is not None else NETWORK

    def ceiling_clause(self, month: dt.date, area: str = "") -> Clause | None:
        """What is said of the ceiling that holds in a month; None where nothing is.

        Parameters
        ----------
        month
            Any day of it.
        area
            One of :data:`AREAS`. Ceilings in London before a change within the year are not known.
        """
        if self.changed is not None and month < self.changed:
            return self.before if not area else None
        return self.ceilings[area]

    def ceiling_in(self, month: dt.date, area: str = "") -> float | None:
        """The ceiling a whole-time equivalent and year that holds in a month; None where it is not known."""
        found = self.ceiling_clause(month, area)
        return float(found.value) if found is not None and found.value else None

    def limit(self, *, large: bool | None) -> Clause | None:
        """What is said of the most that a network may claim for; None where nothing is, or its size is not known.

        A limit of networks that are not large says nothing of a large one.

        Parameters
        ----------
        large
            Whether the network is large; None: it is not known, and a limit holds that is the same for both.
        """
        small, higher = self.limits
        if large is None:
            return small if small is not None and higher is not None and small.value == higher.value else None
        return higher if large else small

    @property
    def standing(self) -> str:
        """What of it is not published for that year, in words; "published" where everything that is known is.

        Other ceilings than that of the end of the year outside London, who pays the rest, and limits are named where
        they are known and not published; where they are not known, nothing is said of them here.

        Examples
        --------
        >>> from pcn_analysis.contract.additional_roles import find_role
        >>> find_role("clinical_pharmacist", "2024/25").standing
        'published'
        >>> find_role("mental_health_practitioner_adult", "2024/25").standing
        'ceiling not known; share, who pays the rest to verify'
        """
        doubts: dict[str, list[str]] = {}
        for what, one in self._parts().items():
            if one.assumed:
                doubts.setdefault(one.standing, []).append(what)
        return "; ".join(f"{', '.join(what)} {standing}" for standing, what in doubts.items()) or PUBLISHED

    @property
    def source(self) -> str:
        """Who says so, each once."""
        return "; ".join(dict.fromkeys(one.row.source for one in self._parts().values() if one.value))

    @property
    def note(self) -> str:
        """What to know of it, each once."""
        said = (one.row.note for one in self._parts().values() if one.value)
        return ". ".join(dict.fromkeys(filter(None, said)))

    def _parts(self) -> dict[str, Clause]:
        """Every clause that it rests on, by what it says; of what few roles have, only where something is known."""
        small, higher = self.limits
        some = {
            "ceiling until the change": self.before, "ceiling in outer London": self.ceilings[AREAS[1]],
            "ceiling in inner London": self.ceilings[AREAS[2]], "who pays the rest": self.rest, "limit": small,
            "limit of a large network": higher,
            "patients of a large network": self.large if higher is not None and higher.value != NO_LIMIT else None,
        }  # fmt: skip
        known = {what: one for what, one in some.items() if one is not None and one.value}
        every = {"eligibility": self.eligible, "band": self.band, "ceiling": self.ceiling, "share": self.reimbursed}
        return every | known
