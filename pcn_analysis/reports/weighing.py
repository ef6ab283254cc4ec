"""Which pages may leave together: those of which nothing small follows, with what is out already.

Pages that show a number which would force a small one are made again without it; those that cannot be mended fail, and
the rest is weighed again. A page that tells nothing which is not out already leaves in any case.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from pcn_analysis.exceptions import problem
from pcn_analysis.release.profiles import ZERO
from pcn_analysis.reports.publishing import seen_in, withheld_in
from pcn_analysis.words import WITHHELD, number

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from pcn_analysis.release.audit import Cell, Seen
    from pcn_analysis.release.audit.attack import Auditor
    from pcn_analysis.release.register import Told
    from pcn_analysis.reports.publishing import Page

    Again = Callable[[Sequence[Page], frozenset[Cell]], list[Page]]

ROUNDS = 3
"""So many times pages are made again: one that withholds a number may show another in its stead."""


@dataclass(frozen=True)
class Weighed:
    """A pack, weighed.

    Parameters
    ----------
    pages
        Those that may leave together, with their tables as they are entered into the register.
    failed
        Those that may not, each with what is wrong.
    """

    pages: list[Page]
    failed: list[tuple[Page, Exception]]


class Weighing:
    """Find out which pages of a place may leave together.

    Parameters
    ----------
    before
        What is out already.
    again
        Makes pages again with some cells withheld, and returns those that could be made.
    say
        Called with a line for what is weighed, and for what is made again.
    """

    def __init__(self, before: Sequence[Told], again: Again, say: Callable[[str], None] = lambda _: None):
        self.before, self.again, self.say = before, again, say
        self._anew = False

    def weighed(self, pages: Sequence[Page]) -> Weighed:
        """Weigh pages together, and make again what shows too much, until nothing small follows from those left.

        Raises
        ------
        PcnAnalysisError
            If they cannot be weighed. None of them may leave then.
        """
        from pcn_analysis.release.publish import NotMended, NotTrue

        nothing_new = self._nothing_new(pages)
        left, rounds, withheld = _others(pages, nothing_new), 0, withheld_in(self.before)
        failed: list[tuple[Page, Exception]] = []
        while left:
            self.say(f"Weighing {number(len(left), 'page')} of {left[0].job.place} together …")
            pack = self._editions(left, nothing_new)
            try:
                more = self._too_much(pack)
            except NotTrue:
                if self._anew:
                    raise
                self._anew = True
                continue
            except NotMended as error:
                lost = [page for page in pack if page.names & error.tables] or pack
                failed += [(page, error) for page in lost]
                left = _others(left, lost)
                continue
            if not more:
                return Weighed(nothing_new + pack, failed)
            withheld, showing = withheld | more, [page for page in pack if _shows(page, more)]
            left, rounds = _others(left, showing), rounds + 1
            if rounds > ROUNDS:
                failed += [(page, _still_shown(page)) for page in showing]
            else:
                left += self._made_again(showing, withheld, len(more))
        return Weighed(nothing_new, failed)

    def _nothing_new(self, pages: Sequence[Page]) -> list[Page]:
        """Pages all of whose tables are out."""
        out = {one.sha256 for one in self.before}
        return [page for page in self._editions(pages) if all(one.sha256 in out for one in page.tables)]

    def _editions(self, pages: Sequence[Page], beside: Sequence[Page] = ()) -> list[Page]:
        """The pages, of populations that were released with other numbers before as another edition of them.

        Pages beside them are of the same edition.
        """
        from pcn_analysis.release.register import of_edition

        tables = {one.table: one for one in of_edition(_tables([*pages, *beside]), self.before, anew=self._anew)}
        return [replace(page, tables=tuple(tables[one.table] for one in page.tables)) for page in pages]

    def _too_much(self, pages: Sequence[Page]) -> frozenset[Cell]:
        """Numbers on pages without which nothing small follows."""
        from pcn_analysis.release.publish import coarsened

        return coarsened(seen_in(_tables(pages)), self._earlier, auditor=self._auditor).withheld

    def _made_again(self, pages: Sequence[Page], withheld: frozenset[Cell], more: int) -> list[Page]:
        from pcn_analysis.release.register import as_told

        names = ", ".join(f"{page.job.pcn_code} {page.job.stem}" for page in pages)
        self.say(f"{number(more, 'number')} withheld; made again: {names}")
        return self.again(pages, as_told(withheld))

    @cached_property
    def _auditor(self) -> Auditor:
        from pcn_analysis.release.audit.attack import Auditor

        return Auditor()

    @cached_property
    def _earlier(self) -> list[Seen]:
        return seen_in(self.before)


def _tables(pages: Iterable[Page]) -> list[Told]:
    return [table for page in pages for table in page.tables]


def _others(pages: Iterable[Page], but: Iterable[Page]) -> list[Page]:
    named = {page.job.page for page in but}
    return [page for page in pages if page.job.page not in named]


def _shows(page: Page, cells: Collection[Cell]) -> bool:
    """Whether any of some cells is shown; that nobody is in one is never withheld."""
    return any(one.cell in cells and one.kind not in (WITHHELD, ZERO) for one in seen_in(page.tables))


def _still_shown(page: Page) -> Exception:
    return problem(page.job.stem, "what it has to withhold is still on it", "Its tables differ from run to run.")
