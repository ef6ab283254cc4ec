"""Records of people held against their descriptions: everything that is wrong at once, in counts, and nobody named."""

import json
from dataclasses import replace

import narwhals as nw
import pandas as pd
import pytest
from vignettes import NETWORK, ON, SOURCE, condition, contact, frame, issue, person, reading, tiny_place

from pcn_analysis.engine import lazy, write_stage
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.person_table import stages
from pcn_analysis.population import FACTS, load_population, population_folder, store_population
from pcn_analysis.prepared import save_place
from pcn_analysis.provenance import Provenance
from pcn_analysis.records import check_records
from pcn_analysis.stored import seal

pytestmark = pytest.mark.unit

REMEDY = "Correct the source, or the adapter that read it."
SOUND = {
    "persons": [person("p1"), person("p2", death_date="2026-01-01")],
    "conditions": [condition("p1", "asthma", "2012-03-01"), condition("p1", "asthma", "2012-03-01")],
    "medications": [issue("p1", "2026-05-01")],
    "measurements": [reading("p1", "bmi", "2025-11-30", 31.5)],
    "encounters": [contact("p1", "ed", "2026-01-15"), contact("p2", "ed", "2026-01-15")],
    "observation_period": [{"person_id": "p1", "start_date": "2023-07-01", "end_date": "2026-07-01"}],
}


def frames(**rows):
    return {name: frame(name, some) for name, some in (SOUND | rows).items()}


def said(found):
    """What is wrong with some tables, a line each."""
    with pytest.raises(PcnAnalysisError) as error:
        check_records({name: lazy(one) for name, one in found.items()})
    return str(error.value).splitlines()


BROKEN = frames(
    persons=[person("secret-1"), person("secret-1", sex="male"), person("secret-2", born=None), person("p1")],
    encounters=[contact("secret-1", "ed", None), contact(None, "gp_contact", None)],
)
BROKEN["conditions"] = BROKEN["conditions"].drop(columns=["status", "code"])
EVERYTHING = [
    f"persons.birth_date: no value in 1 row. {REMEDY}",
    f"persons: 2 rows with a key that another has (person_id). {REMEDY}",
    f"conditions: 2 columns missing: code, status. {REMEDY}",
    f"encounters.person_id: no value in 1 row. {REMEDY}",
    f"encounters.visit_start_date: no value in 2 rows. {REMEDY}",
]


# -- what is wrong -----------------------------------------------------------------------------------------


def test_sound_records_pass():
    check_records({name: lazy(one) for name, one in frames().items()})
    check_records({})


@pytest.mark.parametrize("name", SOUND)
def test_an_empty_table_passes(name):
    check_records({name: lazy(frames(**{name: []})[name])})


def test_everything_that_is_wrong_is_named_at_once():
    assert sorted(said(BROKEN)) == sorted(EVERYTHING)


def test_what_is_wrong_is_said_in_counts_and_shows_no_value():
    words = " ".join(said(BROKEN))
    assert not [value for value in ("secret", "1960", "2012", "p1", "1000001", "asthma") if value in words]


@pytest.mark.parametrize(("times", "says"), [(2, "2 rows"), (3, "3 rows"), (40, "40 rows")])
def test_every_row_with_a_key_that_another_has_is_counted(times, says):
    persons = [person("p1")] * times + [person("p2")]
    assert said(frames(persons=persons)) == [f"persons: {says} with a key that another has (person_id). {REMEDY}"]


def test_keys_of_contacts_are_those_of_contacts():
    twice = [contact("p1", "ed", "2026-01-15", visit_id="v1"), contact("p2", "ed", "2026-01-15", visit_id="v1")]
    assert said(frames(encounters=twice)) == [f"encounters: 2 rows with a key that another has (visit_id). {REMEDY}"]


def test_a_value_may_be_missing_where_its_description_says_so():
    nobody_knows = dict.fromkeys(("lsoa21", "imd_decile", "practice_code", "care_home", "registration_start_date"))
    check_records({"persons": lazy(frame("persons", [person("p1", **nobody_knows)]))})


def test_values_are_held_against_their_description_in_counts():
    persons = [
        person("p1", sex="SECRET"),
        person("p2", imd_decile=0, practice_code="secret"),
        person("p3", imd_decile=11, practice_code="a00001", lsoa21="E02000001"),
        person("p4", imd_decile=10, imd_version="2010"),
    ]
    issues = [issue("p1", "2026-05-01") | {"days_supply": -1}, issue("p1", "2026-05-01")]
    assert said(frames(persons=persons, medications=issues, encounters=[])) == [
        f"persons.sex: 1 value other than one of female, male, indeterminate, unknown. {REMEDY}",
        f"persons.lsoa21: 1 value not matching ^[EW]01[0-9]{{6}}$. {REMEDY}",
        f"persons.imd_decile: 1 value below 1. {REMEDY}",
        f"persons.imd_decile: 1 value above 10. {REMEDY}",
        f"persons.imd_version: 1 value other than one of 2019, 2025. {REMEDY}",
        f"persons.practice_code: 2 values not matching ^[A-Z][0-9]{{5}}$. {REMEDY}",
        f"medications.days_supply: 1 value below 0. {REMEDY}",
    ]


def test_a_number_that_is_none_is_no_value():
    """Parquet can hold it beside null; no pandas frame of ours does."""
    found = {name: lazy(one) for name, one in frames().items()}
    value = nw.lit("NaN").cast(nw.Float64)
    found["measurements"] = found["measurements"].with_columns(value_as_number=value)
    with pytest.raises(PcnAnalysisError, match=r"^measurements\.value_as_number: 1 value not a number\."):
        check_records(found)


@pytest.mark.parametrize(
    ("column", "values", "kind"),
    [("birth_date", ["1960-05-20", "x"], "date"), ("imd_decile", ["5", "SECRET"], "integer"),
     ("care_home", ["Y", "N"], "boolean"), ("practice_code", [1, 2], "string")],
)  # fmt: skip
def test_a_column_of_another_kind_is_told_without_its_values(column, values, kind):
    found = frames()
    found["persons"][column] = pd.Series(values)
    assert said(found) == [f"persons.{column}: 2 values not of kind {kind}. {REMEDY}"]


def test_a_column_without_any_value_may_be_of_any_kind():
    found = frames()
    found["persons"]["care_home"] = pd.Series([None, None], dtype="Int64")
    check_records({name: lazy(one) for name, one in found.items()})


def test_rows_of_people_who_are_not_in_persons_are_counted():
    rows = [condition("p1", "asthma", "2012-03-01"), *[condition("secret", "asthma", "2012-03-01")] * 2]
    assert said(frames(conditions=rows)) == [f"conditions.person_id: 2 rows of nobody in persons. {REMEDY}"]


FLAG = {"person_id": "p1", "attribute_date": "2026-07-01"}


def test_attributes_may_leave_out_what_the_source_does_not_say():
    few = frame("attributes", [FLAG | {"has_copd": True}])[["person_id", "attribute_date", "has_copd"]]
    check_records({"attributes": lazy(few)})
    with pytest.raises(PcnAnalysisError, match=r"^attributes: 1 column missing: attribute_date\."):
        check_records({"attributes": lazy(few.drop(columns="attribute_date"))})


def test_attributes_are_one_row_a_person_as_at_one_date_and_held_against_their_description():
    rows = [FLAG | {"efi_score": 1.5, "n_ltc": -1}, FLAG | {"attribute_date": "2026-06-01", "efi_category": "well"}]
    assert said(frames(attributes=rows)) == [
        f"attributes.n_ltc: 1 value below 0. {REMEDY}",
        f"attributes.efi_score: 1 value above 1. {REMEDY}",
        f"attributes.efi_category: 1 value other than one of fit, mild, moderate, severe. {REMEDY}",
        f"attributes: 2 rows with a key that another has (person_id). {REMEDY}",
        "attributes.attribute_date: 2 different dates. Bring what is known as at one date.",
    ]


def test_columns_that_are_not_described_do_no_harm():
    check_records({"persons": lazy(frames()["persons"].assign(notes="seen"))})


# -- refused when stored -----------------------------------------------------------------------------------


@pytest.fixture
def processed(project):
    save_place(tiny_place(), project.processed)
    return project.processed


def store(processed, found=None, *, place=None, people="synthetic", synthetic=True, stages=stages):
    def write(folder):
        for name, one in (found or frames()).items():
            write_stage(one, folder / f"{name}.parquet")

    return store_population(
        processed,
        place or tiny_place(),
        people,
        NETWORK,
        covered={"asthma"},
        provenance=Provenance((SOURCE,), people=True, synthetic=synthetic),
        extract_date=ON,
        made_from="these",
        write=write,
        stages=stages,
    )


def test_records_that_are_wrong_are_not_stored(processed):
    with pytest.raises(PcnAnalysisError) as error:
        store(processed, BROKEN)
    assert sorted(str(error.value).splitlines()) == sorted(EVERYTHING)
    folder = population_folder(processed, "tiny", "synthetic", NETWORK)
    assert not folder.exists()
    assert list(folder.parent.iterdir()) == []


def test_records_that_are_wrong_leave_those_that_were_stored_before(processed):
    before = {path.name: path.read_bytes() for path in store(processed).iterdir()}
    with pytest.raises(PcnAnalysisError, match="2 columns missing"):
        store(processed, BROKEN)
    folder = population_folder(processed, "tiny", "synthetic", NETWORK)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_records_that_are_wrong_are_refused_before_anything_is_made_from_them(processed):
    def never(population):
        raise AssertionError

    with pytest.raises(PcnAnalysisError):
        store(processed, BROKEN, stages=never)


# -- what the provenance promises --------------------------------------------------------------------------


def real_place():
    """The tiny place, as if its tables were published."""
    place = tiny_place()
    published = Provenance((replace(SOURCE, kind="published"),), people=False)
    return replace(place, tables={name: replace(one, provenance=published) for name, one in place.tables.items()})


@pytest.mark.parametrize(
    ("place", "people", "synthetic", "stored"),
    [
        (real_place, "records", False, True),
        (real_place, "records", True, False),
        (real_place, "synthetic", True, True),
        (real_place, "synthetic", False, False),
        (tiny_place, "records", False, True),
        (tiny_place, "records", True, True),
        (tiny_place, "synthetic", True, True),
        (tiny_place, "synthetic", False, False),
    ],
)
def test_invention_is_said_of_synthetic_people_and_never_of_records_of_a_real_place(
    project, place, people, synthetic, stored
):
    options = {"place": place(), "people": people, "synthetic": synthetic}
    if stored:
        assert store(project.processed, **options).exists()
        return
    with pytest.raises(ValueError, match=f"the provenance does not say that these are {people} of people"):
        store(project.processed, **options)
    assert not population_folder(project.processed, "tiny", people, NETWORK).exists()


# -- stages of other code ----------------------------------------------------------------------------------


def resealed(folder, **changed):
    """Change what is written of stored people, as a package would that wrote it itself."""
    facts = json.loads((folder / FACTS).read_text(encoding="utf-8")) | changed
    facts["seal"] = seal(facts)
    (folder / FACTS).write_text(json.dumps(facts), encoding="utf-8")


def test_people_whose_stages_were_made_by_this_code_are_loaded(processed):
    resealed(store(processed))
    assert "person_table" in load_population("tiny", NETWORK, "synthetic").tables


@pytest.mark.parametrize("people", ["synthetic", "records"])
def test_people_whose_stages_were_made_by_other_code_are_refused(processed, people):
    resealed(store(processed, people=people), stages_made_from="0" * 64)
    with pytest.raises(PcnAnalysisError) as error:
        load_population("tiny", NETWORK, people)
    assert str(error.value).startswith("Harbour PCN: ")
    assert not [value for value in ("p1", "p2", "1960") if value in str(error.value)]


def test_people_of_whom_it_is_not_written_what_made_their_stages_are_refused(processed):
    folder = store(processed)
    facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    del facts["stages_made_from"]
    facts["seal"] = seal(facts)
    (folder / FACTS).write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises(PcnAnalysisError):
        load_population("tiny", NETWORK, "synthetic")


def test_dates_of_vignettes_are_dates():
    assert frames()["observation_period"]["start_date"].to_list() == [pd.Timestamp("2023-07-01")]
