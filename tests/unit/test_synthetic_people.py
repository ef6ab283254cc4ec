"""Synthetic people: they have the published numbers, records within their time here, and are the same every time.

Most tests read the people of Old Priory PCN, U00005, which the fixture ``old_priory`` draws once.
"""

import ast
import datetime as dt
import math
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from vignettes import tiny_place

import pcn_analysis
from pcn_analysis import codelists, engine, provenance, tables
from pcn_analysis.codes import AGE_BANDS
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.person.registers import LOWER_BMI_ETHNICITIES
from pcn_analysis.provenance import SourcedTable
from pcn_analysis.scores.hazardous_medicines import COMBINATIONS, hazardous_combinations
from pcn_analysis.scores.qrisk3 import unassessable
from pcn_analysis.segmentation.segments import ETHNIC_GROUPS
from pcn_analysis.synthetic import contacts, histories, people
from pcn_analysis.synthetic.conditions import Health
from pcn_analysis.synthetic.ethnicity import draw_ethnicity, shares
from pcn_analysis.synthetic.hospital import first_records
from pcn_analysis.synthetic.leavers import _deaths_a_year, core_segment, draw_care_homes, keep_leavers
from pcn_analysis.synthetic.people import cannot_fit, draw, draw_people, made_from, up_to_date, write_people
from pcn_analysis.synthetic.records import Files
from pcn_analysis.synthetic.residents import Residents, ages_from, draw_residents, whole_people, yearly
from pcn_analysis.synthetic.truth import true_chance, true_rates
from pcn_analysis.validation import check_tables

pytestmark = pytest.mark.unit

PCN = "U00005"
INDEX = pd.Timestamp("2026-07-01")
WINDOW = pd.Timestamp("2023-07-01")
DATED = {
    "conditions": "condition_start_date",
    "medications": "drug_exposure_start_date",
    "measurements": "measurement_date",
    "encounters": "visit_start_date",
}
DEVIATIONS = 4.5
"""How many standard deviations a binomial count may lie from what is expected of it."""


@pytest.fixture(scope="module")
def held(old_priory):
    """Every stored table of the network in pandas, in its declared kinds."""
    frames = {name: engine.to_pandas(table) for name, table in old_priory.tables.items()}
    stage = frames.pop("frailty_reasons")
    return {name: tables.NAMED[name].conform(frame) for name, frame in frames.items()} | {"frailty_reasons": stage}


@pytest.fixture(scope="module")
def persons(held):
    """Everyone, with the day on which their records end: the index date, or of leaving or death."""
    return held["persons"].assign(end=held["persons"]["registration_end_date"].fillna(INDEX))


@pytest.fixture(scope="module")
def drawn(marlhaven):
    """The same people and their state, without records."""
    return draw(marlhaven, PCN, np.random.default_rng([people.SEED, 5]))


def own_practices(place):
    frame = place.tables["practices"].frame
    return frame.loc[frame["pcn_code"] == PCN, "practice_code"].to_list()


def near(found, expected, of):
    """Whether a count is within some standard deviations of its binomial expectation."""
    share = expected / of
    return abs(found - expected) <= DEVIATIONS * math.sqrt(of * share * (1 - share))


# -- exact margins -----------------------------------------------------------------------------------------


def test_everyone_by_practice_sex_and_age_band_is_as_published(marlhaven, held):
    frame = marlhaven.tables["registrations_by_age"].frame
    keys = ["practice_code", "sex", "age_band"]
    published = frame[frame["organisation_code"].isin(own_practices(marlhaven))].rename(
        columns={"organisation_code": "practice_code"}
    )
    now = held["person_table"]
    bands = np.array(AGE_BANDS)[np.minimum(now["age"].to_numpy(dtype=int) // 5, 19)]
    found = now.assign(age_band=bands).groupby(keys).size()
    expected = published[published["patients"] > 0].set_index(keys)["patients"].astype(int)
    assert len(expected) > 3 * 2 * 18
    assert found.sort_index().to_dict() == expected.sort_index().to_dict()


def test_everyone_by_practice_and_area_is_as_published(marlhaven, held):
    frame = marlhaven.tables["registrations_by_area"].frame
    published = frame[frame["practice_code"].isin(own_practices(marlhaven))]
    found = held["person_table"].assign(area=held["person_table"]["lsoa21"].fillna("unknown"))
    assert found.groupby(["practice_code", "area"]).size().to_dict() == (
        published.set_index(["practice_code", "area_code"])["patients"].astype(int).to_dict()
    )


def test_everyone_has_the_decile_of_their_area_and_none_without_an_area(marlhaven, held):
    decile = marlhaven.tables["areas"].frame.set_index("area_code")["imd_decile"]
    now = held["person_table"]
    assert now["lsoa21"].isna().sum() > 0
    assert now["imd_decile"].isna().equals(now["lsoa21"].isna())
    known = now.dropna(subset=["lsoa21"])
    assert (known["imd_decile"] == known["lsoa21"].map(decile)).all()


def modelled_place(areas, ages):
    """The tiny place with a practice whose counts by area are fractions, and counts by sex and age band."""
    place = tiny_place()
    rows = {
        "registrations_by_area": [
            {"practice_code": "A00001", "area_code": area, "patients": patients} for area, patients in areas.items()
        ],
        "registrations_by_age": [
            {
                "organisation_type": "practice",
                "organisation_code": "A00001",
                "sex": sex,
                "age_band": band,
                "patients": n,
            }
            for (sex, band), n in ages.items()
        ],
    }
    made = {
        name: SourcedTable(tables.NAMED[name].conform(pd.DataFrame(values)), place.provenance)
        for name, values in rows.items()
    }
    return replace(place, tables=place.tables | made)


def test_modelled_counts_become_whole_people_who_fill_the_list():
    """2.6, 3.7 and 3.7 of 10 people: 2, 3 and 3 for sure; the two largest remainders have one more."""
    place = modelled_place(
        {"E01000001": 2.6, "E01000002": 3.7, "unknown": 3.7}, {("female", "0-4"): 4, ("male", "95+"): 6}
    )
    found = draw_residents(place, ["A00001"], np.random.default_rng(1))
    now = ~found.candidate
    assert dict(zip(*np.unique(found.area[now], return_counts=True), strict=True)) == {
        "": 4, "E01000001": 2, "E01000002": 4,
    }  # fmt: skip
    assert (found.female[now].sum(), (found.age[now] < 5).sum(), (found.age[now] >= 95).sum()) == (4, 4, 6)
    assert set(found.decile[found.area == "E01000001"]) == {5}
    assert set(found.decile[found.area == ""]) == {0}


def test_modelled_counts_that_do_not_sum_to_the_list_are_shared_in_proportion():
    assert whole_people(pd.Series([0.2, 0.2, 0.6]), 20).tolist() == [4, 4, 12]
    assert whole_people(pd.Series([0.0, 0.0]), 20).tolist() == [0, 0]


# -- the same every time -----------------------------------------------------------------------------------


def written(place, pcn_code, folder):
    folder.mkdir()
    with Files(folder) as files:
        write_people(place, pcn_code, files)
    return {path.stem: pq.read_table(path) for path in folder.glob("*.parquet")}


@pytest.fixture(scope="module")
def stored(people_project, old_priory):
    folder = people_project.processed / "people" / "synthetic" / "synthetic" / f"pcn_code={old_priory.pcn_code}"
    return {path.stem: path for path in folder.glob("*.parquet")}


def test_the_same_place_gives_the_same_people_and_records(marlhaven, stored, tmp_path):
    again = written(marlhaven, PCN, tmp_path / "again")
    assert sorted(again) == [
        "care_events", "care_home_stays", "care_homes", "conditions", "encounters", "measurements", "medications",
        "observation_period", "persons",
    ]  # fmt: skip
    assert [name for name, table in again.items() if not table.equals(pq.read_table(stored[name]))] == []


def test_another_network_has_other_people_however_alike_its_counts(marlhaven, stored, tmp_path):
    practices = marlhaven.tables["practices"]
    frame = practices.frame.assign(pcn_code=practices.frame["pcn_code"].replace(PCN, "U00009"))
    alike = replace(marlhaven, tables=marlhaven.tables | {"practices": replace(practices, frame=frame)})
    other, one = written(alike, "U00009", tmp_path / "other")["persons"], pq.read_table(stored["persons"])
    now = [table.filter(table["registration_end_date"].is_null()) for table in (one, other)]
    assert now[0].num_rows == now[1].num_rows
    births = [table["birth_date"].to_pandas() for table in now]
    assert (births[0] == births[1]).mean() < 0.01
    assert other["person_id"][0].as_py() == "SYN-U00009-00000001"


def test_smaller_blocks_change_when_things_happened_but_not_who_people_are_or_what_they_have(
    marlhaven, stored, tmp_path, monkeypatch
):
    """Who people are and what they have is drawn before blocks are made; days are drawn block by block."""
    monkeypatch.setattr(people, "BLOCK", 6_000)
    small = written(marlhaven, PCN, tmp_path / "small")
    for name in ("persons", "observation_period"):
        assert small[name].equals(pq.read_table(stored[name])), name
    for path, block in ((tmp_path / "small" / "persons.parquet", 6_000), (stored["persons"], 20_000)):
        file = pq.ParquetFile(path)
        assert file.num_row_groups == math.ceil(file.metadata.num_rows / block) > 1

    def who(table, column, values):
        rows = table.select(["person_id", column]).to_pandas()
        return set(rows[rows[column].isin(values)].itertuples(index=False, name=None))

    for name, column, values in (
        ("conditions", "condition", ("hypertension", "asthma", "fall", "dementia")),
        ("medications", "bnf_code", ("0212000B0", "0206020A0", "0205051R0")),
    ):
        larger = pq.read_table(stored[name])
        assert who(small[name], column, values) == who(larger, column, values) != set()
    assert not small["measurements"].equals(pq.read_table(stored["measurements"]))


def test_the_stored_people_are_those_of_the_state(drawn, persons):
    assert len(drawn) == len(persons)
    assert drawn.people.died.sum() == persons["death_date"].notna().sum()
    assert drawn.care_home.sum() == persons["care_home"].sum()
    assert drawn.people.female.sum() == (persons["sex"] == "female").sum()


def test_nothing_in_synthetic_reads_a_clock_or_other_random_numbers():
    folder = Path(pcn_analysis.__file__).parent / "synthetic"
    assert clocks_in("import time\nfrom datetime import datetime\nrng = np.random.default_rng()\ndt.date.today()") == [
        "default_rng", "time", "today",
    ]  # fmt: skip
    assert {path.name: found for path in folder.glob("*.py") if (found := clocks_in(path.read_text("utf-8")))} == {}


def clocks_in(text):
    """What a module uses whose answer is not the same every time."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & {"time", "random", "secrets", "uuid"}
        if isinstance(node, ast.ImportFrom) and node.module in ("time", "random", "secrets", "uuid"):
            found.add(node.module)
        if isinstance(node, ast.Attribute) and node.attr in ("today", "now", "utcnow", "perf_counter", "urandom"):
            found.add(node.attr)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "default_rng":
            found |= set() if node.args else {"default_rng"}
    return sorted(found)


# -- records lie within each person's time here --------------------------------------------------------------


def dated(held, persons, table):
    rows = held[table].merge(persons[["person_id", "birth_date", "registration_start_date", "end"]], on="person_id")
    assert len(rows) == len(held[table]) > 50_000
    return rows


@pytest.mark.parametrize("table", DATED)
def test_nobody_has_a_record_before_birth_or_once_gone(held, persons, table):
    rows = dated(held, persons, table)
    day = rows[DATED[table]]
    assert (day >= rows["birth_date"]).all()
    assert (day < rows["end"]).all(), "on or after the index date, death or leaving"


@pytest.mark.parametrize("table", ["medications", "measurements", "encounters"])
def test_nobody_has_activity_before_they_are_registered_or_the_window_opens(held, persons, table):
    rows = dated(held, persons, table)
    assert (rows[DATED[table]] >= rows["registration_start_date"]).all()
    assert rows[DATED[table]].min() == WINDOW
    assert rows[DATED[table]].max() == INDEX - pd.Timedelta(days=1)


@pytest.mark.parametrize("kind", ["gp_contact", "outpatient", "ed", "emergency_admission", "elective_admission"])
def test_contacts_of_every_kind_begin_three_years_before_so_that_two_years_ago_has_a_year_behind_it(held, kind):
    day = held["encounters"].loc[held["encounters"]["visit_type"] == kind, "visit_start_date"]
    assert day.min() <= WINDOW + pd.Timedelta(days=3)
    first, second = (
        (day >= WINDOW + pd.DateOffset(years=n)) & (day < WINDOW + pd.DateOffset(years=n + 1)) for n in (0, 1)
    )
    assert 0.85 < first.sum() / second.sum() < 1.1


def test_conditions_are_older_than_the_window_too(held, persons):
    rows = dated(held, persons, "conditions")
    before = (rows["condition_start_date"] < rows["registration_start_date"]).sum()
    assert before > 1_000, "what was found elsewhere comes with the person"


def test_nobody_leaves_hospital_after_their_records_end(held, persons):
    rows = dated(held, persons, "encounters")
    assert (rows["visit_end_date"] >= rows["visit_start_date"]).all()
    assert (rows["visit_end_date"] <= rows["end"]).all()
    stayed = rows[rows["length_of_stay_days"].notna()]
    nights = (stayed["visit_end_date"] - stayed["visit_start_date"]).dt.days
    assert (nights == stayed["length_of_stay_days"]).all()


def test_registration_begins_at_birth_or_later_and_ends_later(persons):
    assert (persons["registration_start_date"] >= persons["birth_date"]).all()
    assert (persons["registration_start_date"] < persons["end"]).all()
    assert (persons["end"] <= INDEX).all()
    gone = persons[persons["registration_end_date"].notna()]
    assert gone["registration_end_date"].between(WINDOW, INDEX, inclusive="neither").all()


def test_who_died_left_on_that_day(persons):
    dead = persons[persons["death_date"].notna()]
    assert len(dead) > 200
    assert (dead["registration_end_date"] == dead["death_date"]).all()


def test_the_person_table_holds_those_who_are_still_here(held, persons):
    here = persons[persons["registration_end_date"].isna()]
    assert set(held["person_table"]["person_id"]) == set(here["person_id"])
    assert len(here) < len(persons)


def test_people_are_observed_from_registration_or_the_first_day_of_the_window(held, persons, drawn):
    rows = held["observation_period"].merge(persons, on="person_id")
    early = rows["registration_start_date"] < WINDOW
    assert 0 < early.sum() < len(rows)
    assert set(rows.loc[early, "start_date"]) == {WINDOW}
    assert (rows.loc[~early, "start_date"] == rows.loc[~early, "registration_start_date"]).all()
    first = pd.to_datetime(drawn.first, unit="D")
    assert sorted(rows["start_date"]) == sorted(first)


def test_people_are_observed_until_death_the_day_before_leaving_or_the_index_date(held, persons):
    rows = held["observation_period"].merge(persons, on="person_id")
    assert len(rows) == len(persons)
    assert (rows["start_date"] == rows["registration_start_date"].clip(lower=WINDOW)).all()
    left = rows["registration_end_date"].notna() & rows["death_date"].isna()
    assert (rows["end_date"] == rows["end"] - pd.to_timedelta(left.astype(int), unit="D")).all()
    assert (rows["end_date"] >= rows["start_date"]).all()


# -- the tables --------------------------------------------------------------------------------------------


def test_every_table_is_as_declared(held):
    frames = {name: frame for name, frame in held.items() if name != "frailty_reasons"}
    assert len(frames) == 10
    check_tables(frames | {"reasons": tables.REASONS.conform(held["frailty_reasons"])})


def test_every_table_of_records_has_all_its_declared_columns(stored):
    for name, path in stored.items():
        if name in DATED or name in ("persons", "observation_period"):
            assert pq.read_schema(path).names == tables.NAMED[name].column_names(), name


def test_identifiers_say_that_people_are_synthetic_and_name_one_each(held, persons):
    ids, visits = persons["person_id"], held["encounters"]["visit_id"]
    assert ids.is_unique
    assert visits.is_unique
    assert ids.str.fullmatch(r"SYN-U00005-\d{8}").all()
    assert visits.str.fullmatch(r"SYN-U00005-V\d{8}").all()
    for name in (*DATED, "observation_period", "person_table", "frailty_reasons"):
        assert set(held[name]["person_id"]) <= set(ids), name


def test_the_number_of_a_person_says_nothing_about_them(persons):
    """People are numbered in random order: leavers, sexes and practices are spread evenly over the numbers."""
    number = persons["person_id"].str[-8:].astype(int)
    assert sorted(number) == list(range(1, len(persons) + 1))
    middle = len(persons) / 2
    for some in (persons["registration_end_date"].notna(), persons["sex"] == "female", persons["death_date"].notna()):
        assert abs(number[some].mean() / middle - 1) < DEVIATIONS / math.sqrt(3 * some.sum())


@pytest.mark.parametrize(
    ("table", "usual"), [("conditions", 4), ("medications", 25), ("measurements", 17), ("encounters", 16)]
)
def test_each_person_registered_has_about_so_many_records(held, table, usual):
    a_person = len(held[table]) / len(held["person_table"])
    assert usual * 0.75 <= a_person <= usual * 1.25, f"{a_person:.1f}"


def test_each_person_registered_has_about_60_records(held):
    assert 50 <= sum(len(held[table]) for table in DATED) / len(held["person_table"]) <= 70


def test_what_the_records_cover_is_what_they_hold(old_priory, held):
    coded = set(held["conditions"]["condition"].dropna())
    assert histories.covered() == old_priory.covered == coded
    assert coded <= set(tables.CONDITION_NAMES)


def test_states_that_no_code_records_are_in_no_record(held):
    coded = set(held["conditions"]["condition"])
    assert not coded & {"obesity", "painful", "constipation", "stroke_tia", "severe_mental_illness"}
    assert {"stroke", "tia", "schizophrenia", "bipolar_disorder", "other_psychosis"} <= coded


# -- what was published of them ----------------------------------------------------------------------------


def test_care_homes_hold_the_published_share_of_people_of_65_and_over(held):
    now = held["person_table"]
    old = now["age"] >= 65
    assert near(now["care_home"].sum(), 0.026 * old.sum(), old.sum())
    assert now.loc[now["care_home"], "age"].min() >= 65
    frailty = now["efi_deficits"].astype(float)
    assert frailty[now["care_home"]].mean() > frailty[old & ~now["care_home"]].mean() + 2


def test_care_homes_take_the_frailest_and_oldest():
    frail = np.array([12, 0] * 5_000)
    old = crowd(10_000, age=85, candidate=False)
    homes = draw_care_homes(old, frail, Health(np.zeros(10_000), {"dementia": np.zeros(10_000, bool)}), rng())
    assert near(homes.sum(), 260, 10_000)
    assert homes[frail == 12].sum() > 20 * homes[frail == 0].sum()


def rng():
    return np.random.default_rng(7)


def crowd(number, *, age, candidate=True):
    """So many people of one age, all candidates for leaving or none, registered for 10 years."""
    zeros, end = np.zeros(number, dtype=int), np.full(number, 20_000)
    birth = end - np.int64(age * 365.25) - 1
    words = np.full(number, "A00001", dtype=object)
    return Residents(words, words, zeros, zeros > 0, birth, np.maximum(birth, end - 3_652), end,
                     np.full(number, candidate), zeros > 0)  # fmt: skip


def having(number, *conditions):
    nobody = {"hypertension": np.zeros(number, dtype=bool)}
    return Health(np.zeros(number), nobody | {name: np.ones(number, dtype=bool) for name in conditions})


LEAVERS = [
    # age, conditions; deaths and people of that age, leavers and people of that age, as published
    (75, (), (400, 25_599), (392.6, 25_599)),
    (75, ("dementia", "cancer"), (400, 25_599), (392.6, 25_599)),
    (85, ("dementia",), (714, 12_928), (265.6, 12_928)),
    (35, (), (13, 25_589), (1_851.9, 25_589)),
    (20, ("hypertension",), (5, 26_145), (3_888.8, 26_145)),
]


@pytest.mark.parametrize(("age", "conditions", "deaths", "leavers"), LEAVERS)
def test_candidates_die_and_leave_at_three_years_of_the_published_yearly_rate(age, conditions, deaths, leavers):
    """All of one segment, whichever it is: they die at the rate of their age. Who does not die may leave."""
    some = crowd(30_000, age=age)
    staying = keep_leavers(some, having(30_000, *conditions), rng())
    dying, leaving = (1 - (1 - events / of) ** 3 for events, of in (deaths, leavers))
    assert near(some.died.sum(), 30_000 * dying, 30_000)
    assert near((staying & ~some.died).sum(), 30_000 * (1 - dying) * leaving, 30_000)


MIXED = [
    # age, deaths and people of that age; of segment 1, of segment 2 and of segment 5, as published
    (55, (99, 31_382), (10, 19_299), (12, 6_028), (27, 447)),
    (75, (400, 25_599), (11, 12_087), (41, 4_347), (168, 1_702)),
    (85, (714, 12_928), (23, 5_378), (45, 1_567), (403, 1_948)),
]


@pytest.mark.parametrize(("age", "crude", "first", "second", "fifth"), MIXED)
def test_deaths_at_an_age_are_the_crude_rate_shared_in_the_published_ratio_of_segments(
    age, crude, first, second, fifth
):
    """Half are of segment 1, a quarter of segment 2 and a quarter of segment 5."""
    some, segment = crowd(40_000, age=age), np.repeat([1, 1, 2, 5], 10_000)
    health = Health(np.zeros(40_000), {"hypertension": segment > 1, "dementia": segment > 2, "epilepsy": segment > 2})
    assert core_segment(health).tolist() == segment.tolist()
    chance = _deaths_a_year(some, health)
    of_segment = {one: chance[segment == one] for one in (1, 2, 5)}
    assert {one: np.ptp(rates) for one, rates in of_segment.items()} == {1: 0, 2: 0, 5: 0}
    assert chance.mean() == pytest.approx(crude[0] / crude[1])
    ratios = [rates[0] / of_segment[1][0] for rates in of_segment.values()]
    published = [events / of for events, of in (first, second, fifth)]
    assert ratios == pytest.approx([rate / published[0] for rate in published])


def test_each_age_has_its_own_crude_rate_whoever_else_is_there():
    young, old = crowd(10_000, age=35), crowd(30_000, age=85)
    both = Residents(*(np.concatenate([getattr(one, name) for one in (young, old)]) for name in vars(young)))
    chance = _deaths_a_year(both, having(40_000, "dementia"))
    assert chance[:10_000] == pytest.approx(np.full(10_000, 13 / 25_589))
    assert chance[10_000:] == pytest.approx(np.full(30_000, 714 / 12_928))


def test_no_chance_of_dying_is_above_one():
    """One of a thousand at 95 has nearly all the deaths that the segments' ratio would give."""
    ill = np.arange(1_000) == 0
    chance = _deaths_a_year(crowd(1_000, age=95), Health(np.zeros(1_000), {"dementia": ill, "epilepsy": ill}))
    assert chance.max() == 1
    assert (chance > 0).all()


def test_children_leave_as_adults_of_30_do_and_none_dies():
    some = crowd(30_000, age=8)
    staying = keep_leavers(some, having(30_000, "dementia", "cancer"), rng())
    assert some.died.sum() == 0
    assert near(staying.sum(), 30_000 * (1 - (1 - 1_851.9 / 25_589) ** 3), 30_000)


def test_who_is_registered_neither_dies_nor_leaves():
    some = crowd(1_000, age=95, candidate=False)
    assert keep_leavers(some, having(1_000, "dementia", "cancer"), rng()).all()
    assert not some.died.any()


@pytest.mark.parametrize(
    ("conditions", "segment"),
    [
        ((), 1),
        (("hearing_loss",), 1),  # 0.07
        (("hypertension",), 2),  # 0.09
        (("hearing_loss", "hypertension"), 2),  # 0.16
        (("multiple_sclerosis",), 3),  # 0.69
        (("coronary_heart_disease", "angina"), 2),  # 0.46, one condition
        (("copd",), 3),  # 1.41
        (("copd", "asthma"), 4),  # 1.59
        (("dementia",), 4),  # 2.46
        (("dementia", "epilepsy"), 5),  # 3.31
        (("painful", "severe_mental_illness", "stroke_tia"), 4),  # 0.87 + 0.58 + 0.77
        (("constipation", "migraine"), 3),  # 1.03 + 0.07
    ],
)
def test_core_segments_follow_the_published_weights(conditions, segment):
    assert core_segment(having(3, *conditions, "obesity")).tolist() == [segment] * 3


@pytest.mark.parametrize("event", ["joining", "leaving", "death"])
def test_yearly_rates_are_those_of_the_ages_that_they_begin_at(event):
    """On a birthday the next rate applies; children join and leave as adults of 30 do, and none dies."""
    rows = pd.DataFrame(codelists.rows("synthetic_joining_leaving_deaths")).query("event == @event")
    sums = rows[["age_from", "people_with_event", "people"]].astype(float).groupby("age_from").sum()
    rate = (sums["people_with_event"] / sums["people"]).to_list()
    assert ages_from(event).tolist() == sums.index.to_list() == [17, 30, 40, 50, 60, 70, 80, 90]
    starts = ages_from(event).astype(float)
    assert yearly(event, starts).tolist() == pytest.approx(rate)
    assert yearly(event, starts[1:] - 0.01).tolist() == pytest.approx(rate[:-1])
    children = 0 if event == "death" else rate[1]
    assert yearly(event, np.array([0.0, 8.0, 16.99])).tolist() == pytest.approx([children] * 3)


def test_yearly_deaths_of_a_segment_are_as_published():
    rows = [row for row in codelists.rows("synthetic_joining_leaving_deaths") if row["event"] == "death"]
    age, segment = (np.array(values) for values in zip(
        *((float(row["age_from"]), int(row["segment"][-1])) for row in rows), strict=True))  # fmt: skip
    published = [float(row["people_with_event"]) / float(row["people"]) for row in rows]
    assert yearly("death", age, segment).tolist() == pytest.approx(published)


AGES = ((0, 17), (17, 30), (30, 50), (50, 70), (70, 120))


def expected(event, age):
    """Chance of an event in three years at these ages, from the published yearly rates, segments together."""
    rows = pd.DataFrame(codelists.rows("synthetic_joining_leaving_deaths")).query("event == @event")
    columns = ["age_from", "people_with_event", "people"]
    sums = rows[columns].astype(float).groupby("age_from").sum()
    rate = (sums["people_with_event"] / sums["people"]).to_numpy()
    band = np.searchsorted(sums.index, np.where(age < 17, 30, age), side="right") - 1
    return np.where((age < 17) & (event == "death"), 0, 1 - (1 - rate[band]) ** 3)


def ages_of(persons):
    return (persons["end"] - persons["birth_date"]).dt.days.to_numpy() / 365.25


@pytest.mark.parametrize(("low", "high"), AGES)
def test_people_leave_at_the_published_rates_of_their_ages(persons, low, high):
    """Within 4.5 standard deviations of a binomial count."""
    age, gone = ages_of(persons), persons["registration_end_date"].notna().to_numpy()
    of_age = (age >= low) & (age < high)
    here = age[of_age & ~gone]
    chance = (1 - expected("death", here)) * expected("leaving", here)
    left = (of_age & gone & persons["death_date"].isna().to_numpy()).sum()
    assert abs(left - chance.sum()) <= DEVIATIONS * math.sqrt((chance * (1 - chance)).sum()), (left, chance.sum())


@pytest.mark.parametrize(("low", "high"), AGES)
def test_people_die_at_the_published_rates_of_their_ages(persons, low, high):
    """Within 0.85 and 1.15 times, beside chance."""
    age, gone = ages_of(persons), persons["registration_end_date"].notna().to_numpy()
    of_age = (age >= low) & (age < high)
    chance = expected("death", age[of_age & ~gone])
    died, spread = (of_age & persons["death_date"].notna().to_numpy()).sum(), DEVIATIONS * math.sqrt(chance.sum())
    assert 0.85 * chance.sum() - spread <= died <= 1.15 * chance.sum() + spread, (died, chance.sum())


def test_more_deaths_are_of_people_with_more_conditions(drawn):
    old = drawn.people.age >= 70
    dead = old & drawn.people.died
    assert drawn.long_term_conditions[dead].mean() > drawn.long_term_conditions[old & ~dead].mean() + 1


# -- contacts ----------------------------------------------------------------------------------------------


def test_expected_emergency_admissions_have_the_published_mean_of_each_age_and_fifth(drawn):
    rate = contacts.emergency_rate(drawn, rng())
    now = ~drawn.people.candidate
    group = np.searchsorted([20, 38, 53, 67], drawn.people.age, side="right")
    fifth = (drawn.people.decile + 1) // 2
    rows = codelists.rows("synthetic_emergency_admissions")
    compared = 0
    for row in rows:
        cell = now & (group == ["0", "20", "38", "53", "67"].index(row["age_from"]))
        cell &= fifth == int(row["deprivation_fifth"])
        if cell.any():
            compared += 1
            assert rate[cell].mean() == pytest.approx(float(row["per_1000_a_year"]) / 1000)
    assert compared >= 15
    assert rate[now].max() > 10 * np.median(rate[now])


def test_no_stay_outlasts_records_of_two_days(drawn):
    """So many admissions of so short records that stays would outlast them, elective and emergency alike."""
    short = replace(drawn, first=drawn.people.end - 2, long_term_conditions=np.full(len(drawn), 4_000))
    found = contacts.draw_contacts(short, np.full(len(drawn), 100.0), first_records(drawn, []), rng())
    left = short.people.end[found["person"]] - found["day"]
    for kind in ("elective_admission", "emergency_admission"):
        some = found["kind"] == kind
        assert some.sum() > 5_000
        assert set(left[some]) == {1, 2}
        assert (found["nights"][some] <= left[some]).all()
        assert (found["nights"][some] == left[some]).sum() > 500


def test_admission_methods_are_of_the_kind_of_admission(held):
    methods = held["encounters"].groupby("visit_type")["admission_method"]
    assert {kind: sorted(found.dropna().unique()) for kind, found in methods} == {
        "ed": [],
        "elective_admission": ["11", "12", "13"],
        "emergency_admission": ["21", "22", "24", "25", "28", "2A", "2D"],
        "gp_contact": [],
        "outpatient": [],
    }
    kinds = ["emergency_admission", "elective_admission"]
    admitted = held["encounters"][held["encounters"]["visit_type"].isin(kinds)]
    assert admitted["admission_method"].notna().all()


def test_seven_in_ten_emergency_admissions_come_through_an_emergency_department_that_day(held):
    rows = held["encounters"][["person_id", "visit_start_date", "visit_type", "admission_method"]]
    admitted = rows[rows["visit_type"] == "emergency_admission"]
    at_door = admitted[admitted["admission_method"] == "21"]
    assert near(len(at_door), 0.7 * len(admitted), len(admitted))
    seen = rows[rows["visit_type"] == "ed"].groupby(["person_id", "visit_start_date"]).size()
    needed = at_door.groupby(["person_id", "visit_start_date"]).size()
    assert (seen.reindex(needed.index, fill_value=0) >= needed).all()


def test_admissions_are_of_people_who_have_what_they_are_for(held):
    rows = held["encounters"][held["encounters"]["primary_diagnosis"].notna()]
    assert set(rows["visit_type"]) == {"emergency_admission"}
    coded = held["conditions"].groupby("condition")["person_id"].agg(set)
    for code, condition in (("I500", "heart_failure"), ("J440", "copd"), ("F059", "dementia"), ("S720", "fall")):
        found = set(rows.loc[rows["primary_diagnosis"] == code, "person_id"])
        assert found, code
        assert found <= coded[condition], code


# -- histories ---------------------------------------------------------------------------------------------


def test_depression_that_was_resolved_is_on_no_register(held):
    records = held["conditions"]
    resolved = records[records["status"] == "resolved"]
    assert set(resolved["condition"]) == {"depression"}
    now = held["person_table"]
    once = now[now["person_id"].isin(resolved["person_id"])]
    assert len(once) > 200
    assert not once["on_dep_register"].any()
    assert now["on_dep_register"].sum() > 1_000
    before = records[(records["condition"] == "depression") & (records["status"] == "active")]
    both = resolved.merge(before, on="person_id", suffixes=("", "_active"))
    assert len(both) == len(resolved)
    assert (both["condition_start_date_active"] < both["condition_start_date"]).all()


def test_kidney_disease_that_was_staged_down_is_on_no_register(held):
    down = held["conditions"].loc[held["conditions"]["condition"] == "ckd_1_2", "person_id"]
    once = held["person_table"][held["person_table"]["person_id"].isin(down)]
    assert len(once) > 10
    assert once["ckd_date"].notna().all()
    assert not once["on_ckd_register"].any()


def test_repeat_medicines_are_issued_every_84_days_until_the_end(held, persons):
    rows = dated(held, persons, "medications")
    repeats = rows[rows["repeat"]]
    keys = ["person_id", "bnf_code"]
    gaps = repeats.sort_values([*keys, "drug_exposure_start_date"]).groupby(keys)["drug_exposure_start_date"].diff()
    assert set(gaps.dropna().dt.days) == {84}
    last = (repeats["end"] - repeats["drug_exposure_start_date"]).dt.days.groupby([repeats[key] for key in keys]).min()
    assert last.between(1, 84).all()


def test_values_agree_with_what_people_have(held):
    now = held["person_table"]
    assert (now.loc[now["on_ob_register"], "bmi"] >= 30).all()
    assert now.loc[now["has_diabetes"], "hba1c"].mean() > now.loc[~now["has_diabetes"], "hba1c"].mean() + 15
    kidneys = held["measurements"].query("measurement == 'egfr'").groupby("person_id")["value_as_number"].max()
    coded = set(now.loc[now["on_ckd_register"], "person_id"])
    assert (kidneys[kidneys.index.isin(coded)] < 60).all()


# -- ages at which people have what they have ----------------------------------------------------------------

FROM_AGE = {
    "schizophrenia": 16, "bipolar_disorder": 16, "other_psychosis": 16, "dementia": 40, "copd": 30,
    "heart_failure": 18, "coronary_heart_disease": 25, "myocardial_infarction": 25, "stroke": 18, "tia": 18,
    "peripheral_arterial_disease": 30, "parkinsons_disease": 50, "fragility_fracture": 50, "palliative_care": 18,
    "housebound": 18, "requirement_for_care": 18, "memory_problem": 18, "fall": 18, "mobility_problem": 18,
    "alcohol_misuse": 16, "homelessness": 16,
}  # fmt: skip


@pytest.mark.parametrize("condition", FROM_AGE)
def test_nobody_is_recorded_with_a_condition_of_adults_as_a_child(held, persons, condition):
    """As far as a day: years are counted in days of a mean year."""
    rows = dated(held, persons, "conditions")
    rows = rows[rows["condition"] == condition]
    age = (rows["condition_start_date"] - rows["birth_date"]).dt.days / 365.25
    assert len(rows) > 0
    assert age.min() >= FROM_AGE[condition] - 3 / 365.25


def test_no_child_is_frail(held):
    children = held["person_table"].query("age < 18")
    assert len(children) > 2_000
    assert set(children["efi_category"].dropna()) == {"fit"}


# -- ethnic category ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recorded(persons):
    return persons[persons["ethnicity"].notna() & (persons["ethnicity"] != "Not stated")]


def test_ethnic_categories_are_the_19_of_the_census_in_words_that_scores_and_groups_know(persons, recorded):
    known = {row["ethnicity"] for row in codelists.rows("qrisk3_ethnicity")}
    assert len(shares()) == 19
    assert set(recorded["ethnicity"]) == set(shares()) <= known
    assert {name.split()[0].strip(":,") for name in shares()} == set(ETHNIC_GROUPS)
    hospital = {row["ethnicity"] for row in codelists.rows("hospital_ethnic_categories")}
    assert hospital <= set(shares()), "the words of hospital records"


def test_ethnic_categories_have_the_shares_of_england(recorded):
    for name, share in shares().items():
        assert near((recorded["ethnicity"] == name).sum(), share * len(recorded), len(recorded)), name


def test_practices_differ_in_how_often_the_category_is_not_recorded_or_not_stated(persons):
    by_practice = persons["ethnicity"].groupby(persons["practice_code"])
    unrecorded = by_practice.apply(lambda values: values.isna().mean())
    unstated = by_practice.apply(lambda values: (values == "Not stated").mean())
    assert unrecorded.between(0.01, 0.27).all()
    assert unstated.between(0.005, 0.07).all()
    assert unrecorded.max() > 2 * unrecorded.min()


def test_many_practices_spread_over_the_whole_range_of_missing_categories():
    practices = np.repeat([f"X9{number:04}" for number in range(200)], 500)
    found = pd.Series(draw_ethnicity(practices, rng())).isna().groupby(practices).mean()
    assert (found.min() < 0.04, found.max() > 0.22, 0.12 < found.mean() < 0.15) == (True, True, True)


def test_the_ethnic_category_goes_with_nothing_else(recorded, held):
    white = recorded["ethnicity"].str.startswith("White")
    groups = [recorded["sex"] == "female", recorded["birth_date"] > "1980", recorded["imd_decile"].isin([1, 2])]
    for who in groups:
        assert near((white & who).sum(), white.mean() * who.sum(), who.sum())
    now = held["person_table"].merge(white.rename("white").to_frame().assign(person_id=recorded["person_id"]))
    for who in (now["on_dm_register"], now["on_ob_register"], now["nel_12m"] > 0):
        assert near((now["white"] & who).sum(), now["white"].mean() * who.sum(), who.sum())


def test_other_ethnic_categories_change_nothing_else_but_body_mass(marlhaven, stored, tmp_path, monkeypatch):
    monkeypatch.setattr(people, "OF_ETHNICITY", people.OF_ETHNICITY + 1)
    other = written(marlhaven, PCN, tmp_path / "other")
    one = {name: pq.read_table(stored[name]) for name in other}
    assert not other["persons"]["ethnicity"].equals(one["persons"]["ethnicity"])
    for tables_ in (other, one):
        kinds = tables_["measurements"]["measurement"].to_pylist()
        tables_["measurements"] = tables_["measurements"].filter([kind not in ("bmi", "weight") for kind in kinds])
        tables_["persons"] = tables_["persons"].drop_columns("ethnicity")
    assert [name for name, table in other.items() if not table.equals(one[name])] == []


def test_nobody_is_obese_by_ethnic_category_alone_beyond_what_the_register_was_filled_for(held, drawn):
    """Above 27.5 and below 30 is nobody of a category that QOF counts as obese from 27.5."""
    now = held["person_table"].dropna(subset=["bmi"])
    lower = now["ethnicity"].isin(LOWER_BMI_ETHNICITIES)
    between = (now["bmi"] >= 27.5) & (now["bmi"] < 30)
    assert (lower & between).sum() == 0
    assert (~lower & between).sum() > 500
    obese = (drawn.health.has["obesity"] & ~drawn.people.candidate).sum()
    assert now["on_ob_register"].sum() == pytest.approx(obese, rel=0.01)


# -- medicines ---------------------------------------------------------------------------------------------


def test_no_two_medicines_share_a_code_and_other_lists_call_a_code_the_same():
    rows = codelists.rows("synthetic_medicines")
    names = {row["bnf_code"]: row["name"] for row in rows}
    assert len(names) == len(rows)
    asked = {
        row["bnf_prefix"]: row["name"] for row in codelists.rows("qrisk3_medicines") if len(row["bnf_prefix"]) == 9
    }
    assert {names[code]: asked[code] for code in names.keys() & asked.keys()} == {
        "Atorvastatin": "Atorvastatin", "Olanzapine": "Olanzapine", "Quetiapine": "Quetiapine",
    }  # fmt: skip


def test_every_hazardous_combination_occurs_but_none_is_common(old_priory, held):
    tables_ = old_priory.tables
    found = hazardous_combinations(tables_["medications"], tables_["person_table"], on=INDEX.date())
    number = engine.to_pandas(found).groupby("element")["person_id"].nunique()
    assert set(number.index) == set(COMBINATIONS.values())
    assert number.max() < 0.02 * len(held["person_table"])


def test_hormones_are_for_women_of_their_ages_unless_given_for_something(held, persons):
    rows = dated(held, persons.drop(columns="sex"), "medications").merge(persons[["person_id", "sex"]], on="person_id")
    for name, low, high in (("Desogestrel", 16, 54), ("Estradiol", 42, 75)):
        some = rows[rows["drug_name"] == name]
        age = (some["end"] - some["birth_date"]).dt.days / 365.25
        assert set(some["sex"]) == {"female"}, name
        assert age.between(low, high, inclusive="left").all(), name


def test_the_ratio_of_cholesterol_lets_qrisk3_be_assessed(held):
    ratio = held["measurements"].query("measurement == 'cholesterol_hdl_ratio'")
    assert ratio["value_as_number"].between(1, 11).all()
    assert 3 < ratio["value_as_number"].mean() < 4.5
    assert set(ratio["unit"]) == {"1"}
    kinds = set(held["measurements"]["measurement"])
    assert "cholesterol ratio" not in unassessable([], medicines=True, measurements=kinds)


# -- the truth ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def truth(marlhaven, persons, held):
    """True rates beside what was drawn: years of records, whether dead, emergency admissions."""
    emergency = held["encounters"].query("visit_type == 'emergency_admission'")
    observed = held["observation_period"].set_index("person_id")["start_date"]
    rows = true_rates(marlhaven, PCN).merge(persons, on="person_id", how="outer", indicator=True)
    return rows.assign(
        years=(rows["end"] - rows["person_id"].map(observed)).dt.days / 365.25,
        admissions=rows["person_id"].map(emergency.groupby("person_id").size()).fillna(0),
    )


def test_true_rates_are_of_exactly_the_stored_people_in_their_order(marlhaven, truth, stored):
    assert (truth["_merge"] == "both").all()
    ids = pq.read_table(stored["persons"])["person_id"].to_pylist()
    assert true_rates(marlhaven, PCN)["person_id"].to_list() == ids


def test_admissions_drawn_are_those_expected_of_the_true_rates_and_twice_as_many_of_those_who_died(truth):
    """Poisson counts: within 4.5 times the root of what is expected, in each fifth of the rate and of the dead."""
    for died, some in truth.groupby(truth["death_date"].notna()):
        for _, group in some.groupby(pd.qcut(some["rate"], 5)):
            mean = (group["rate"] * group["years"]).sum() * (2 if died else 1)
            assert abs(group["admissions"].sum() - mean) <= DEVIATIONS * math.sqrt(mean), (died, mean)


def test_true_rates_belong_to_the_person_and_not_to_the_row(truth):
    """Rates of others, in another order, would tell nothing of whose admissions these are."""
    alive = truth[truth["death_date"].isna()]
    assert alive["rate"].corr(alive["admissions"]) > 0.25
    shuffled = alive["rate"].sample(frac=1, random_state=1).to_numpy()
    assert abs(np.corrcoef(shuffled, alive["admissions"])[0, 1]) < 0.05


def test_true_rates_of_the_stored_people_have_the_published_mean_of_their_age_and_fifth(truth):
    """Ages and deciles as stored, rates as drawn again: of the same person, not only of the same admissions."""
    here = truth[truth["registration_end_date"].isna() & truth["imd_decile"].notna()]
    age = (here["end"] - here["birth_date"]).dt.days / 365.25
    from_age = age.map(lambda years: max(low for low in (0, 20, 38, 53, 67) if low <= years))
    found = here["rate"].groupby([from_age, (here["imd_decile"] + 1) // 2]).mean() * 1_000
    rows = codelists.rows("synthetic_emergency_admissions")
    published = {(int(row["age_from"]), int(row["deprivation_fifth"])): float(row["per_1000_a_year"]) for row in rows}
    assert len(found) >= 15
    assert found.to_dict() == pytest.approx({cell: published[cell] for cell in found.index})


def test_the_true_chance_is_that_of_any_admission_in_so_many_years(held, truth):
    """Among those registered all year."""
    year = INDEX - pd.Timedelta(days=365)
    here = truth[truth["registration_end_date"].isna() & (truth["registration_start_date"] <= year)]
    last = held["encounters"].query("visit_type == 'emergency_admission' and visit_start_date >= @year")
    admitted, chance = here["person_id"].isin(last["person_id"]).sum(), true_chance(here["rate"])
    assert abs(admitted - chance.sum()) <= DEVIATIONS * math.sqrt((chance * (1 - chance)).sum())
    assert true_chance(np.array([0.0, math.log(2)])).tolist() == pytest.approx([0, 0.5])
    assert true_chance(math.log(2), years=2) == pytest.approx(0.75)


def test_no_true_rate_is_stored_with_the_people(stored, truth):
    """No column of numbers is the rate, under whatever name."""
    rates = truth.set_index("person_id")["rate"]
    for name, path in stored.items():
        columns = pq.read_schema(path).names
        assert not [column for column in columns if "rate" in column or "risk" in column], name
        frame = pq.read_table(path).to_pandas()
        for column in frame.select_dtypes("number").columns if "person_id" in columns else ():
            assert not np.isclose(frame[column].astype(float), frame["person_id"].map(rates)).mean() > 0.5, column


def test_there_are_no_true_rates_of_a_network_or_place_without_people(marlhaven):
    with pytest.raises(PcnAnalysisError, match="no network with the code 'U00099'"):
        true_rates(marlhaven, "U00099")
    without = {name: one for name, one in marlhaven.tables.items() if name != "disease_registers"}
    with pytest.raises(PcnAnalysisError, match="Marlhaven: no synthetic people can be drawn"):
        true_rates(replace(marlhaven, tables=without), PCN)


# -- what cannot be drawn, and what is up to date ------------------------------------------------------------


@pytest.mark.parametrize(
    ("gone", "why"),
    [
        (("registrations_by_age",), "its files of synthetic have no ages to fit people to"),
        (("disease_registers",), "its files of synthetic have no disease registers to fit people to"),
        (
            ("registrations_by_age", "disease_registers"),
            "its files of synthetic have no ages and no disease registers to fit people to",
        ),
    ],
)
def test_a_place_without_ages_or_registers_says_so_and_gets_nobody(marlhaven, tmp_path, gone, why):
    place = replace(marlhaven, tables={name: one for name, one in marlhaven.tables.items() if name not in gone})
    assert cannot_fit(place) == why
    with pytest.raises(PcnAnalysisError, match=f"Marlhaven: no synthetic people can be drawn: {why}"):
        draw_people(place, PCN, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_network_that_there_is_not_gets_nobody(marlhaven, tmp_path):
    with pytest.raises(PcnAnalysisError, match="no network with the code 'U00099'"):
        draw_people(marlhaven, "U00099", tmp_path)


def test_stored_people_are_up_to_date_until_the_place_or_the_package_changes(
    marlhaven, old_priory, people_project, monkeypatch
):
    processed = people_project.processed
    assert up_to_date(marlhaven, old_priory.pcn_code, processed)
    assert not up_to_date(marlhaven, "U00098", processed), "nobody was drawn"
    registers = marlhaven.tables["disease_registers"]
    frame = registers.frame.assign(register_size=registers.frame["register_size"] + 1)
    changed = replace(marlhaven, tables=marlhaven.tables | {"disease_registers": replace(registers, frame=frame)})
    assert not up_to_date(changed, PCN, processed)
    with monkeypatch.context() as patch:
        patch.setattr(people, "SEED", people.SEED + 1)
        assert not up_to_date(marlhaven, PCN, processed)
    with monkeypatch.context() as patch:
        patch.setattr(people, "code_sha256", str)
        assert not up_to_date(marlhaven, PCN, processed)
    assert up_to_date(marlhaven, PCN, processed)


@pytest.mark.parametrize(
    ("changed", "counts"),
    [
        ("synthetic/contacts.py", True),
        ("codelists/synthetic_medicines.csv", True),
        ("person/registers.py", True),
        ("scores/frailty.py", True),
        ("rules/criteria.py", True),
        ("rules/evaluation.py", True),
        ("rules/models.py", True),
        ("person_table.py", True),
        ("dates.py", True),
        ("tables/person.py", True),
        ("engine.py", True),
        ("plots/charts.py", False),
        ("readings.py", False),
        ("segmentation/segments.py", False),
        ("reports/site/index.py", False),
    ],
)
def test_the_package_has_changed_when_what_draws_people_has(marlhaven, tmp_path, monkeypatch, changed, counts):
    package = tmp_path / "pcn_analysis"
    shutil.copytree(Path(pcn_analysis.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(provenance, "__file__", str(package / "provenance.py"))
    monkeypatch.setattr(people, "code_sha256", provenance.code_sha256.__wrapped__)
    before = made_from(marlhaven)
    with (package / changed).open("a", encoding="utf-8") as stream:
        stream.write("\n")
    assert (made_from(marlhaven) != before) is counts


def test_people_are_labelled_as_synthetic_and_know_their_sources(old_priory):
    assert old_priory.provenance.label == "SYNTHETIC PEOPLE"
    assert "Synthetic people drawn to fit Marlhaven" in {source.title for source in old_priory.provenance.sources}
    assert (old_priory.index_date, old_priory.extract_date) == (dt.date(2026, 7, 1), dt.date(2026, 7, 1))
