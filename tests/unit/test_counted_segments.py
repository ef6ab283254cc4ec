"""Tables of segments say whom they count, in the same words wherever they count the same people, and it is so."""

from dataclasses import replace

import narwhals as nw
import pandas as pd
import pytest
from handmade import ABOUT, RECORDS
from vignettes import condition, contact, person, population_of

from pcn_analysis.person_table import stages
from pcn_analysis.provenance import Counted, SourcedTable
from pcn_analysis.rules import AtLeast, Below, Element, Model, Recorded, Segment
from pcn_analysis.segmentation import comparison, composition, found, outlook, profiles, segments
from pcn_analysis.segmentation.models import find_model
from tests.declared_counts import problems_of, undeclared

pytestmark = pytest.mark.unit

HEART, LUNGS = ("atrial_fibrillation", "heart_failure", "hypertension"), ("copd", "bronchiectasis")
CODED = {*HEART, *LUNGS, "asthma", "dementia"}


def model_of(name, *conditions, **more):
    """A model of a segment for each condition, the first goes first; one named with a plus has two elements."""
    made = []
    for place, one in enumerate(conditions, start=1):
        elements = tuple(Element(f"Has {what}", Recorded(what), "example") for what in one.split("+"))
        made.append(Segment(one.capitalize(), place, elements, one))
    return Model(name, name.capitalize(), tuple(made), "Well", "example", **more)


EVERYONE = model_of("lungs first", "copd+asthma", "hypertension")
ANOTHER = model_of("lungs last", "hypertension", "copd+asthma")
ADULTS = model_of("adults", "hypertension", "copd", whom=AtLeast("age", 18), others="Under 18")
CHILDREN = model_of("children", "asthma", whom=Below("age", 18), others="18 and over")
SEVENTEEN = model_of("seventeen", "dementia", "asthma", whom=AtLeast("age", 17), others="Under 17")
KINDS = ["ed", "emergency_admission", "gp_contact"]


def records():
    """Hundreds of people of all ages, of whom some came, left, died, turned 18 or fell ill in the last year."""
    births = ["1934-03-01", "1944-03-01", "1956-03-01", "1976-03-01", "1996-03-01", "2008-03-01", "2015-03-01"]
    ill = [(), HEART, LUNGS, ("asthma",), ("dementia", *HEART), (), (*LUNGS, "asthma")]
    moving = [{}, {}, {"death_date": "2026-01-01"}, {"registration_end_date": "2026-02-01"},
              {"registration_start_date": "2026-03-01"}]  # fmt: skip
    persons, conditions, encounters = [], [], []
    for number in range(600):
        name, sex = f"p{number}", ("female", "male", "indeterminate")[number % 13 % 3]
        decile = (1, 4, 10, None)[number % 4]
        area = None if decile is None else "E01000001"
        persons.append(
            person(name, born=births[number % 7], sex=sex, imd_decile=decile, lsoa21=area, **moving[number % 5])
        )
        since = "2026-02-01" if number % 11 == 0 else "2012-02-01"
        conditions += [condition(name, what, since) for what in ill[number % 41 % 7]]
        encounters += [contact(name, KINDS[number % 3], "2026-01-15") for _ in range(number % 4)]
    return {"persons": persons, "conditions": conditions, "encounters": encounters}


@pytest.fixture(scope="module")
def people():
    """The people, with their person table."""
    made = records()
    population = population_of(made.pop("persons"), covered=CODED, **made)
    return replace(population, tables=population.tables | stages(population))


@pytest.fixture(scope="module")
def fitted(people):
    """Segments found among the adults."""
    made = found.fit_place([people], starts=2, bootstraps=4, numbers=(2, 3))
    assert made.found.segment_names_, made.found.why_
    return made


def tables_of(people, model, other, fitted=None):
    """Every table of two models and of one in time, by its name."""
    made = {
        **{f"people, {make.__name__}": make(people) for make in (composition.by_age_and_sex, composition.contacts)},
        **{
            f"segments, {make.__name__}": make(people, model)
            for make in (segments.sizes, segments.by_age, segments.by_deprivation, segments.by_ethnicity,
                         segments.by_practice, segments.elements_met)
        },
        **{
            f"profiles, {make.__name__}": make(people, model)
            for make in (profiles.by_age_and_sex, profiles.conditions, profiles.activity, profiles.cost)
        },
        "against place": profiles.against_place(people, model, others=[people]),
        "compared": comparison.compared(people, model, other),
        "in both": comparison.cross_table(people, model, other, in_both=True),
        "agreement": comparison.agreement(people, [model, other, find_model("snee")]),
        "cross table": comparison.cross_table(people, model, other),
        "moved": comparison.moved(people, model, other),
        "movers": comparison.movers(people, model, other),
        "first segments": outlook.first_segments(people, model, other, first=1),
        **{
            f"time, {make.__name__}": make(people, model)
            for make in (outlook.everyone, outlook.outcomes, outlook.moves, outlook.flows)
        },
        "projection": outlook.projection(people, model),
    }  # fmt: skip
    if fitted:
        made |= {
            "outcome": found.outcome(people, fitted),
            "found": found.sizes(people, fitted),
            "found conditions": found.conditions(people, fitted),
            "across": found.across_rules(people, fitted, model),
        }
    return made


PAIRS = [(EVERYONE, ANOTHER), (ADULTS, SEVENTEEN), (CHILDREN, EVERYONE)]


@pytest.mark.parametrize(("model", "other"), PAIRS, ids=lambda model: model.name)
def test_every_table_of_two_models_counts_whom_it_says(people, fitted, model, other):
    made = tables_of(people, model, other, fitted)
    assert undeclared(made) == []
    assert problems_of(made) == []


# -- in which words ------------------------------------------------------------------------------------------


def boxes(table, column):
    """Conditions of each row of a column."""
    counted = table.counted[column]
    return [counted.box(row) for row in table.frame.to_dict("records")]


def test_people_whom_a_model_is_not_for_are_no_segment_of_it(people):
    assert boxes(segments.sizes(people, ADULTS), "patients") == [
        (("adult", ("yes",)), ("segment of adults", ("Hypertension",))),
        (("adult", ("yes",)), ("segment of adults", ("Copd",))),
        (("adult", ("yes",)), ("segment of adults", ("Well",))),
        (("adult", ("no",)),),
    ]


def test_shares_are_of_adults_and_of_the_others_of_everyone(people):
    adults = (("adult", ("yes",)),)
    assert boxes(segments.sizes(people, ADULTS), "registered") == [adults, adults, adults, ()]


def test_a_segment_that_could_not_be_assessed_is_said_to_be_of_nobody(people):
    model = model_of("gout first", "gout", "copd")
    assert boxes(segments.sizes(people, model), "patients")[0] is None


def test_the_old_are_the_groups_of_the_old(people):
    table = composition.by_age_and_sex(people)
    rows = table.frame["sex"] == "everyone"
    table = replace(table, frame=table.frame[rows])
    everyone = dict(zip(table.frame["age_group"], boxes(table, "patients"), strict=True))
    assert (everyone["all ages"], everyone["0-19"]) == ((), (("age_group", ("0-19",)),))
    assert everyone["65 or over"] == (("age_group", ("65-74", "75-84", "85+")),)


def test_whoever_is_in_a_segment_of_one_element_meets_it(people):
    counted = segments.elements_met(people, EVERYONE).counted["patients"]
    assert (("segment of lungs first", ("Hypertension",)), ("Hypertension", ("no",))) in counted.never


def test_a_condition_that_is_not_known_of_all_is_counted_of_those_of_whom_it_is(people):
    has = nw.when(nw.col("age") < 80).then(nw.col("has_bronchiectasis"))
    silent = replace(
        people,
        tables=people.tables | {"person_table": people.tables["person_table"].with_columns(has_bronchiectasis=has)},
    )
    table = profiles.conditions(silent, EVERYONE)
    of_whom = dict(zip(table.frame["condition"], boxes(table, "everyone_registered"), strict=True))
    assert of_whom["Bronchiectasis"] == (("Bronchiectasis", ("no", "yes")),)
    assert of_whom["Asthma"] == ()
    assert problems_of({"silent": table, "sizes": segments.sizes(silent, EVERYONE)}) == []


def test_people_of_the_earlier_day_are_those_still_there_and_those_gone(people):
    flows = outlook.flows(people, EVERYONE)
    assert flows.counted["before"].also == ("people who left or died since 2025-07-01",)
    assert flows.counted["died"].of == "people who left or died since 2025-07-01"
    assert boxes(flows, "after") == boxes(segments.sizes(people, EVERYONE), "patients")


@pytest.mark.parametrize("model", [EVERYONE, ADULTS, CHILDREN], ids=lambda model: model.name)
def test_there_is_one_way_from_a_segment_to_another(people, model):
    counted = outlook.everyone(people, model).counted
    never = [dict(one) for one in counted["stayed"].never]
    [(how, _)], [(before, names)] = counted["stayed"].where, counted["before"].where
    ways = {way for one in never for way in one.get(how, ())}
    sizes = segments.sizes(people, model)
    for name in (*names, "joined"):
        for to, now in zip(sizes.frame["segment"], boxes(sizes, "patients"), strict=True):
            point = {**dict(now), before: (name,)}
            cannot = [one[how] for one in never if how in one and _meets(point, {**one, how: ()})]
            left = ways.difference(*cannot)
            assert len(left) == 1, (name, to, left)
            assert ("stayed" in left, "joined" in left) == (name == to, name == "joined"), (name, to, left)


def _meets(point, conditions):
    """Whether someone of one class of each of some dimensions meets conditions."""
    return all(name in point and point[name][0] in some for name, some in conditions.items() if some)


def test_of_a_projection_only_the_first_year_counts_people(people):
    table = outlook.projection(people, EVERYONE)
    of = [table.counted["patients"].of_row(row)[0].of for row in table.frame.to_dict("records")]
    first = table.frame["year"] == table.frame["year"].iloc[0]
    assert [one == "people" for one in of] == first.to_list()


def test_a_count_of_the_place_names_the_networks_that_it_is_of(people):
    counted = profiles.against_place(people, EVERYONE, others=[people]).counted["place_patients"]
    assert counted.whole_place
    assert counted.networks == (people.about.network,) * 2


# -- what the check finds ------------------------------------------------------------------------------------

FRAIL = Counted(by=("age_group", "sex"), where=(("frail", ("yes",)),))


def sourced(of_whom, *rows, network="Harbour PCN"):
    """A table of numbers of people by age group and sex."""
    frame = pd.DataFrame(rows, columns=["age_group", "sex", "patients"])
    about = replace(ABOUT, network=network)
    return SourcedTable(frame, RECORDS, counts=("patients",), about=about, counted={"patients": of_whom})


def test_the_same_people_have_the_same_number_in_two_tables():
    one, other = sourced(FRAIL, ("0-19", "female", 5)), sourced(FRAIL, ("0-19", "female", 6))
    assert len(problems_of({"one": one, "other": other})) == 1
    elsewhere = sourced(FRAIL, ("0-19", "female", 6), network="Old Priory PCN")
    assert problems_of({"one": one, "other": elsewhere}) == []


def test_all_classes_together_are_everyone():
    rows = ("0-19", "female", 5), ("0-19", "male", 4)
    assert problems_of({"ages": sourced(FRAIL, *rows, ("0-19", "everyone", 9))}) == []
    assert len(problems_of({"ages": sourced(FRAIL, *rows, ("0-19", "everyone", 10))})) == 1


def test_those_in_a_group_are_not_everyone():
    everyone = sourced(Counted(), ("all ages", "everyone", 20))
    assert problems_of({"frail": sourced(FRAIL, ("all ages", "everyone", 5)), "everyone": everyone}) == []


def test_a_condition_more_leaves_nobody_more():
    less, more = sourced(Counted(by=("sex",)), ("", "female", 5)), sourced(FRAIL, ("all ages", "female", 6))
    assert len(problems_of({"less": less, "more": more})) == 1


def test_a_union_of_classes_is_their_sum_and_no_less_than_one_of_them():
    old = replace(FRAIL, means=composition.old_ages(["65-74", "75-84"]))
    rows = ("65-74", "male", 5), ("75-84", "male", 4)
    assert problems_of({"old": sourced(old, *rows, ("65 or over", "male", 9))}) == []
    assert len(problems_of({"old": sourced(old, *rows, ("65 or over", "male", 8))})) == 1
    assert len(problems_of({"old": sourced(old, rows[0], ("65 or over", "male", 4))})) == 1


def test_nobody_meets_what_cannot_be_met_together():
    young = replace(FRAIL, never=((("frail", ("yes",)), ("age_group", ("0-19",))),))
    assert problems_of({"young": sourced(young, ("0-19", "female", 0))}) == []
    assert len(problems_of({"young": sourced(young, ("0-19", "female", 1))})) == 1


def test_people_and_those_gone_are_both_together():
    gone, both = Counted(of="gone"), Counted(also=("gone",))
    here = {"here": sourced(Counted(), ("", "", 7)), "gone": sourced(gone, ("", "", 2))}
    assert problems_of(here | {"both": sourced(both, ("", "", 9))}) == []
    assert len(problems_of(here | {"both": sourced(both, ("", "", 10))})) == 1


def test_the_networks_of_a_place_add_up():
    places = Counted(whole_place=True, networks=("Harbour PCN", "Old Priory PCN"))
    each = {"h": sourced(Counted(), ("", "", 7)), "o": sourced(Counted(), ("", "", 2), network="Old Priory PCN")}
    assert problems_of(each | {"place": sourced(places, ("", "", 9))}) == []
    assert len(problems_of(each | {"place": sourced(places, ("", "", 8))})) == 1


def test_a_count_that_says_nothing_is_named():
    silent = replace(sourced(FRAIL), counted={})
    assert undeclared({"silent": silent}) == ["silent: patients"]
    wrong = replace(sourced(FRAIL), counted={"contacts": FRAIL})
    assert problems_of({"wrong": wrong}) == ["wrong: contacts is declared and is no count of it"]
