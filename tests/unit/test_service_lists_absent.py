"""Where nobody knows whom a service is for there is no list of it, and what is said names what the records lack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from test_cohort_lists import PLACE, POISON, studied

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.reports.service_lists import write_service_lists

if TYPE_CHECKING:
    from pcn_analysis.settings import Settings

pytestmark = pytest.mark.unit


def test_a_service_that_rests_on_what_records_lack_is_absent_and_says_what(project: Settings) -> None:
    study = studied(project, "gout")
    with pytest.raises(PcnAnalysisError) as caught:
        write_service_lists(study, PLACE, [], service="proactive_care")
    said = str(caught.value)
    assert "no list of open gaps: proactive care: the patient records bring no codelists for frailty" in said
    assert POISON not in said
    assert not (study.restricted / "lists").exists()


def test_where_no_gap_could_be_assessed_there_is_no_list_and_the_network_says_so(project: Settings) -> None:
    study = studied(project, "gout")
    made = write_service_lists(study, PLACE, [], service="neighbourhood_inequalities")
    assert made.files == 0
    [said] = made.failed.values()
    assert "none of the gaps of “Tackling neighbourhood health inequalities” could be assessed" in said
    assert POISON not in said
    assert not (study.restricted / "lists").exists()
