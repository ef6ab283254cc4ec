"""Every table of every page on people of the invented place, weighed together as an attacker does.

The pages of all its networks leave together: what is withheld is chosen for all of them at once, pages that show any
of it are made again, and the audit of everything as it leaves finds nothing. Takes about six minutes on one core.
"""

import itertools
from dataclasses import replace

import pytest

from pcn_analysis.release.audit import Attacker
from pcn_analysis.release.audit.attack import Auditor
from pcn_analysis.release.profiles import ZERO
from pcn_analysis.release.publish import coarsened
from pcn_analysis.release.secondary import without
from pcn_analysis.settings import ROOT_VARIABLE
from pcn_analysis.words import WITHHELD
from tests.released_tables import told_by

pytestmark = pytest.mark.published

REPORTS = ("02", "03", "05", "06", "07", "11", "12", "14")
NETWORKS = ("U00001", "U00002", "U00003", "U00004", "U00005")


@pytest.fixture(scope="module")
def made(synthetic_people, people_project, tmp_path_factory):
    """What the tables of a page of a network tell, with some cells withheld.

    The people of a network are loaded once for all of its pages.
    """
    assert set(synthetic_people) == set(NETWORKS)
    folder = tmp_path_factory.mktemp("told")
    loaded = {("synthetic", code, "synthetic"): people for code, people in synthetic_people.items()}

    def tables(code, report, withheld=()):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(ROOT_VARIABLE, str(people_project.root))
            patch.chdir(people_project.root)
            patch.setattr("pcn_analysis.load_population", lambda *whose: loaded[whose])
            told = told_by(report, folder, withheld, place="synthetic", pcn_code=code)
        return [replace(each, table=f"{code} {one.table}") for one in told for each in one.seen]

    return tables


@pytest.fixture(scope="module")
def protected(made):
    """What each page tells, its tables protected each by itself."""
    return {page: made(*page) for page in itertools.product(NETWORKS, REPORTS)}


@pytest.fixture(scope="module")
def auditor():
    """Remembers the ways of filling in that it found; searches so long that a slow computer finds what a fast one does.

    Each way is held against all that is told before it counts again.
    """
    return Auditor(Attacker(time_limit=600))


@pytest.fixture(scope="module")
def found(protected, auditor):
    """What it takes that nothing small follows from all of them."""
    return coarsened(together(protected), auditor=auditor)


@pytest.fixture(scope="module")
def leaving(made, protected, found):
    """What each page tells as it leaves: made again, if it shows what has to be withheld."""
    shown = {page for page, seen in protected.items() if any(one.cell in found.withheld for one in seen)}
    return protected | {page: made(*page, found.withheld) for page in sorted(shown)}


def together(pages):
    return [one for seen in pages.values() for one in seen]


def test_every_page_on_people_of_every_network_tells_something(protected):
    assert len(protected) == len(REPORTS) * len(NETWORKS)
    assert all(protected.values())


def test_rules_alone_would_have_let_small_numbers_out(found):
    assert found.withheld
    assert found.audit.clean


def test_what_is_withheld_is_shown_by_no_page_of_any_network(found, leaving):
    kinds = {one.kind for one in together(leaving) if one.cell in found.withheld}
    assert WITHHELD in kinds
    assert kinds <= {WITHHELD, ZERO}


def test_what_leaves_is_what_was_weighed_to_the_number(found, protected, leaving):
    assert set(together(leaving)) == set(without(together(protected), found.withheld))


def test_nothing_small_follows_from_all_pages_of_all_networks_together(leaving, auditor):
    weighed = auditor.audit(together(leaving))
    assert [str(one) for one in weighed.breaches] == []
    assert weighed.cells > 8_000
    assert weighed.suppressed > 400
