"""Codes and names of practices, networks and areas."""

import pandas as pd
import pytest

from pcn_analysis.codes import lsoa_vintage, split_areas, tidy_name
from pcn_analysis.exceptions import PcnAnalysisError

pytestmark = pytest.mark.unit

# E01000002 was in both vintages, E01000001 only in 2011's, E01033333 only in 2021's.
LSOA11 = {"E01000001", "E01000002"}
LSOA21 = {"E01000002", "E01033333"}


@pytest.mark.parametrize(
    ("published", "written"),
    [
        ("BIRKENHEAD PCN", "Birkenhead PCN"),
        ("CENTRAL & WEST WARRINGTON PCN", "Central & West Warrington PCN"),
        ("Moreton And Meols PCN", "Moreton and Meols PCN"),
        ("THE VILLAGE PRACTICE", "The Village Practice"),
        ("ST. GEORGE'S MEDICAL CENTRE", "St. George's Medical Centre"),
        ("STOKE-ON-TRENT (NORTH) GP ALLIANCE", "Stoke-On-Trent (North) GP Alliance"),
        ("DR O'BRIEN AND DR MCDONALD II", "Dr O'Brien and Dr McDonald II"),
        ("D'ARCY HOUSE", "D'Arcy House"),
        ("CARE UK (III)", "Care UK (III)"),
        ("WOOD'S END IV", "Wood's End IV"),
        ("MACKENZIE-MCKAY SURGERY", "Mackenzie-McKay Surgery"),
        ("  TWO   SPACES  SURGERY ", "Two Spaces Surgery"),
        ("", ""),
    ],
)
def test_names_published_in_capitals_are_written_as_a_person_would(published, written):
    assert tidy_name(published) == written


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("E01000001", "E01000001"),
        ("W01000003", "outside_england"),
        ("S01006506", "outside_england"),
        ("NO2011", "unknown"),
        ("EMPTY", "unknown"),
        ("CLOSED", "unknown"),
        ("L99999999", "unknown"),
        ("E02000001", "unknown"),
        ("E0100000", "unknown"),
        ("E010000011", "unknown"),
        ("e01000001", "unknown"),
        ("E0100000１", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_an_area_is_english_elsewhere_or_unknown(code, group):
    assert split_areas(pd.Series(["E01000009", code], dtype="str")).to_list() == ["E01000009", group]


def test_splitting_areas_keeps_every_row_in_its_place():
    codes = pd.Series(["NO2011", "E01000001", "W01000003"], index=[7, 3, 5], dtype="str")
    assert split_areas(codes).to_dict() == {7: "unknown", 3: "E01000001", 5: "outside_england"}


@pytest.mark.parametrize(
    ("codes", "vintage"),
    [
        (["E01000001", "E01000002"], 2011),
        (["E01000001"], 2011),
        (["E01033333", "E01000002"], 2021),
        (["E01033333"], 2021),
    ],
)
def test_the_codes_themselves_tell_the_vintage(codes, vintage):
    assert lsoa_vintage(codes, LSOA11, LSOA21, where="counts.csv") == vintage


@pytest.mark.parametrize(
    ("codes", "what"),
    [
        (["E01000001", "E01033333"], "1 codes of 2011 only, 1 of 2021 only, 0 of neither"),
        (["E01000001", "E01000002", "E01999999"], "1 codes of 2011 only, 0 of 2021 only, 1 of neither"),
    ],
)
def test_mixed_or_unknown_vintages_are_refused(codes, what):
    with pytest.raises(PcnAnalysisError, match=rf"counts\.csv: mixed LSOA vintages: {what}"):
        lsoa_vintage(codes, LSOA11, LSOA21, where="counts.csv")
