"""What holds of every table of segments of a whole synthetic network: it counts whom it says that it counts."""

import pytest

from pcn_analysis.population import Population
from pcn_analysis.provenance import SourcedTable
from pcn_analysis.segmentation import comparison, composition, found, outlook, profiles, segments
from pcn_analysis.segmentation.models import find_model
from pcn_analysis.settings import ROOT_VARIABLE, Settings
from tests.declared_counts import declared, problems_of, undeclared

pytestmark = pytest.mark.properties

OF_PEOPLE = (composition.by_age_and_sex, composition.contacts, outlook.published_projection)
OF_SEGMENTS = (
    segments.sizes, segments.by_age, segments.by_deprivation, segments.by_ethnicity, segments.by_practice,
    segments.elements_met, profiles.by_age_and_sex, profiles.conditions, profiles.activity, profiles.cost,
    outlook.everyone, outlook.outcomes, outlook.moves, outlook.flows, outlook.projection, outlook.both_projections,
)  # fmt: skip
OF_TWO_MODELS = (comparison.compared, comparison.cross_table, outlook.first_segments)


@pytest.fixture(scope="module")
def tables(old_priory: Population, people_project: Settings) -> dict[str, SourcedTable]:
    """Every table of notebooks 02 and 05 under two models that are not for the same people."""
    models = [find_model(name) for name in ("system_p", "bnssg")]
    fitted = found.of_place(old_priory, processed=people_project.processed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ROOT_VARIABLE, str(people_project.root))
        of_place = {one.name: profiles.against_place(old_priory, one) for one in models}
    made = {make.__name__: make(old_priory) for make in OF_PEOPLE}
    made |= {
        f"{make.__module__} {make.__name__}, {one.name}": make(old_priory, one)
        for make in OF_SEGMENTS
        for one in models
    }
    made |= {f"{make.__name__} of both": make(old_priory, *models) for make in OF_TWO_MODELS}
    made |= {"agreement": comparison.agreement(old_priory, models), "found": found.outcome(old_priory, fitted)}
    return made | of_place


def test_every_count_column_of_every_table_says_whom_it_counts(tables):
    assert undeclared(tables) == []


def test_no_number_contradicts_what_is_said_of_it(tables):
    assert problems_of(tables) == []
    assert len(declared(tables).seen) > 1000


def test_sizes_are_the_same_cells_in_every_table_that_shows_them(tables):
    sizes = {cell for cell in declared({"": tables[f"{segments.__name__} sizes, system_p"]}).seen if cell.box}
    for name in (f"{outlook.__name__} flows, system_p", f"{outlook.__name__} projection, system_p"):
        assert sizes <= set(declared({"": tables[name]}).seen), name
