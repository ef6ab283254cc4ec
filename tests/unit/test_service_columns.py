"""The columns of a service are the same from the whole person table as from what the service says it reads of it."""

import pandas as pd
import pytest

from pcn_analysis.engine import to_pandas
from pcn_analysis.services.catalogue import SERVICES, module_of
from pcn_analysis.services.service_table import with_service_columns

pytestmark = pytest.mark.unit

YEAR = "2025/26"


def columns(population, service, read=None):
    table = with_service_columns(population, service, YEAR, read)
    own = [one.name for one in module_of(service).COLUMNS if one.name in table.collect_schema().names()]
    return to_pandas(table.select("person_id", *own)).sort_values("person_id", ignore_index=True)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_of_the_person_table_what_it_says(service, old_priory):
    pd.testing.assert_frame_equal(columns(old_priory, service, read=()), columns(old_priory, service))
