"""Every table of every page on people of the invented place, weighed together as an attacker does."""

import pytest

from pcn_analysis.release.audit import audit
from pcn_analysis.release.publish import coarsened
from pcn_analysis.settings import ROOT_VARIABLE
from tests.released_tables import told_by

pytestmark = pytest.mark.published

REPORTS = ("02", "03", "05", "06", "07")
NETWORKS = ("U00001", "U00002", "U00003", "U00004", "U00005")


@pytest.fixture(scope="module")
def released(synthetic_people, people_project, tmp_path_factory):
    """What all pages of a network tell, made with some cells withheld."""
    assert set(NETWORKS) == set(synthetic_people)
    folder = tmp_path_factory.mktemp("told")

    def made(code, withheld=()):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(ROOT_VARIABLE, str(people_project.root))
            patch.chdir(people_project.root)
            tables = [
                one for report in REPORTS for one in told_by(report, folder, withheld, place="synthetic", pcn_code=code)
            ]
        return [each for one in tables for each in one.seen]

    return made


@pytest.fixture(scope="module")
def out(released):
    """What leaves of each network: its pages, made again where anything has to be withheld."""
    found = {}

    def leaves(code):
        if code not in found:
            seen = released(code)
            withheld = coarsened(seen).withheld
            found[code] = released(code, withheld) if withheld else seen
        return found[code]

    return leaves


@pytest.mark.parametrize("code", NETWORKS)
def test_nothing_small_follows_from_all_pages_of_a_network(code, out):
    seen = out(code)
    found = audit(seen)
    assert found.cells > 1_000
    assert found.suppressed > 20
    assert [str(one) for one in found.breaches] == []


@pytest.mark.slow
def test_nothing_small_follows_from_all_pages_of_all_networks_together(out):
    found = audit([one for code in NETWORKS for one in out(code)])
    assert [str(one) for one in found.breaches] == []
