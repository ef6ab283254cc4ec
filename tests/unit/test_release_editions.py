"""The same people told of again with other numbers are another edition of them, and are held against the first."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pcn_analysis.release.audit import Attacker, Cell, Seen, Structure, audit
from pcn_analysis.release.audit.cells import Population, known
from pcn_analysis.release.audit.dates import links
from pcn_analysis.release.audit.populations import Populations
from pcn_analysis.release.register import Told, as_told, of_edition, read, record

pytestmark = pytest.mark.unit

HARBOUR, LIGHTHOUSE, PLACE = (f"Marlhaven|{name}|2026-07-01" for name in ("Harbour PCN", "Lighthouse PCN", "*"))
SEGMENTS = ("Healthy", "LTCs", "Frailty")
WITHHELD = (1, None, "withheld")

PEOPLE = st.tuples(st.integers(0, 14), st.integers(0, 14))

few = settings(max_examples=150, deadline=None, derandomize=True)


def rounded(value: int) -> tuple[int, int, str]:
    if value < 8:
        return (0, 0, "zero") if value == 0 else (1, 7, "suppressed")
    shown = (value + 2) // 5 * 5
    return max(shown - 2, 8), shown + 2, "rounded"


def exactly(value: int) -> tuple[int, int, str]:
    return (value, value, "exact") if value > 7 else rounded(value)


def seen(shown: tuple, people: str | tuple[str, ...] = HARBOUR, name: str = "table 1", **box: str) -> Seen:
    """What a number tells; a class by the name of its dimension."""
    names = (people,) if isinstance(people, str) else people
    cell = Cell(names, tuple((dimension, (one,)) for dimension, one in sorted(box.items())))
    return Seen(cell, *shown, name, 0, "patients", tuple(box))


def table(*numbers: Seen, name: str = "table 1", profile: str = "hes") -> Told:
    return Told(name, profile, numbers)


def segments(*patients: int, people: str = HARBOUR, rule=rounded, name: str = "table 1") -> Told:
    """People of a network, and of each segment."""
    parts = [seen(rule(n), people, segment=one) for n, one in zip(patients, SEGMENTS, strict=True)]
    return table(seen(rule(sum(patients)), people), *parts, name=name)


def populations(*tables: Told) -> set[str]:
    return {name for one in tables for number in one.seen for name in number.cell.populations}


def second(name: str, edition: int = 2) -> str:
    return f"{name}|{edition}"


def everything(*tables: Told) -> list[Seen]:
    return [number for one in tables for number in one.seen]


def test_the_same_run_again_is_the_first_edition_and_adds_nothing_to_the_register(tmp_path):
    path = tmp_path / "U00001.jsonl"
    assert of_edition([segments(200, 90, 20)], []) == [segments(200, 90, 20)]
    record(path, of_edition([segments(200, 90, 20)], []), run="r1", released="")
    assert record(path, of_edition([segments(200, 90, 20)], read(path)), run="r2", released="") == 0


def test_another_extract_with_three_people_fewer_is_a_second_edition_and_the_next_a_third(tmp_path):
    path, extracts = tmp_path / "U00001.jsonl", [(200, 90, 20), (197, 90, 20), (200, 87, 20)]
    for run, patients in enumerate((*extracts, *extracts)):
        new = of_edition([segments(*patients)], read(path))
        assert populations(*new) == {[HARBOUR, second(HARBOUR), second(HARBOUR, 3)][run % 3]}
        assert record(path, new, run=str(run), released="") == (1 if run < 3 else 0)
    assert audit(everything(*read(path))).clean
    assert not audit(everything(*(segments(*patients) for patients in extracts))).clean


def test_networks_that_nothing_adds_up_have_editions_of_their_own():
    before = [segments(200, 90, 20), segments(300, 40, 30, people=LIGHTHOUSE, name="table 2")]
    after = [segments(190, 90, 20), segments(300, 40, 30, people=LIGHTHOUSE, name="table 2")]
    assert [populations(one) for one in of_edition(after, before)] == [{second(HARBOUR)}, {LIGHTHOUSE}]


def test_a_whole_place_and_its_networks_are_of_one_edition():
    harbour, lighthouse = segments(200, 90, 20), segments(300, 40, 30, people=LIGHTHOUSE, name="table 2")
    before = [harbour, lighthouse, segments(500, 130, 50, people=PLACE, name="table 3")]
    after = [segments(190, 90, 20), lighthouse, segments(490, 130, 50, people=PLACE, name="table 3")]
    assert populations(*of_edition(before, before)) == {HARBOUR, LIGHTHOUSE, PLACE}
    assert populations(*of_edition(after, before)) == {second(one) for one in (HARBOUR, LIGHTHOUSE, PLACE)}
    assert populations(*of_edition(after[1:2], before)) == {LIGHTHOUSE}


def test_networks_that_one_number_adds_up_are_of_one_edition():
    both = (HARBOUR, LIGHTHOUSE)
    before, after = (
        [segments(n, 90, 20), table(seen(rounded(n + 400), both), name="table 2")] for n in (200, 190)
    )  # fmt: skip
    assert populations(*of_edition(after, before)) == {second(HARBOUR), second(LIGHTHOUSE)}
    assert of_edition(after, before)[1].seen[0].cell.populations == (second(HARBOUR), second(LIGHTHOUSE))


def test_a_whole_place_is_made_of_its_networks_of_its_edition_as_nobody_knows_whether_others_still_hold():
    names = [HARBOUR, second(HARBOUR), second(HARBOUR, 3), LIGHTHOUSE, PLACE, second(PLACE)]
    cells = [Cell((name,)) for name in names]
    made = Populations(cells, Structure())
    assert [key.population for key in made.keys(cells[4])] == [HARBOUR, LIGHTHOUSE, f"{PLACE}|rest"]
    assert [key.population for key in made.keys(cells[5])] == [second(HARBOUR), f"{second(PLACE)}|rest"]
    made = Populations(cells, Structure(networks={PLACE: (HARBOUR, LIGHTHOUSE)}))
    assert [key.population for key in made.keys(cells[5])] == [second(HARBOUR), second(LIGHTHOUSE)]


def test_numbers_that_agree_one_by_one_can_be_made_another_edition():
    before = [segments(200, 90, 20)]
    assert populations(*of_edition(before, before, anew=True)) == {second(HARBOUR)}
    assert populations(*of_edition(before, [], anew=True)) == {HARBOUR}


@pytest.mark.parametrize(
    ("first", "then", "alike"),
    [
        (rounded(20), rounded(20), True),
        (rounded(20), rounded(23), False),
        (rounded(5), rounded(9), False),
        (rounded(0), rounded(3), False),
        (rounded(20), WITHHELD, True),
        (WITHHELD, rounded(3), True),
        (WITHHELD, rounded(0), False),
        (rounded(0), WITHHELD, False),
        (WITHHELD, WITHHELD, True),
    ],
)
def test_what_is_withheld_is_told_otherwise_only_where_nobody_is(first, then, alike):
    new = of_edition([table(seen(then))], [table(seen(first))])
    assert populations(*new) == {HARBOUR if alike else second(HARBOUR)}


def test_under_another_profile_the_same_people_stay_the_same_where_both_can_be_true():
    before = [table(seen(rounded(216)))]
    assert populations(*of_edition([table(seen(exactly(216)), profile="exact_with_secondary")], before)) == {HARBOUR}
    changed = of_edition([table(seen(exactly(220)), profile="exact_with_secondary")], before)
    assert populations(*changed) == {second(HARBOUR)}


def test_a_run_that_says_two_things_of_a_cell_is_not_another_edition_each_time():
    run = [table(seen(rounded(20))), table(seen(rounded(30)), name="table 2")]
    assert of_edition(run, run) == run


def test_cells_go_back_to_notebooks_by_the_names_that_they_know():
    cells = {Cell((second(HARBOUR), second(LIGHTHOUSE, 3))), Cell((HARBOUR, LIGHTHOUSE)), Cell((second(PLACE),))}
    assert as_told(cells) == {Cell((HARBOUR, LIGHTHOUSE)), Cell((PLACE,))}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (HARBOUR, "Harbour PCN: everyone"),
        (second(HARBOUR), "Harbour PCN (second edition of 2026-07-01): everyone"),
        (second(PLACE, 3), "Marlhaven (third edition of 2026-07-01): everyone"),
        (second(PLACE, 12), "Marlhaven (edition 12 of 2026-07-01): everyone"),
        ("Harbour PCN", "Harbour PCN: everyone"),
        ("Harbour PCN|2", "Harbour PCN (second edition): everyone"),
    ],
)
def test_names_are_read_written_and_put_in_words(name, words):
    assert (str(Population.parse(name)), str(Cell((name,)))) == (name, words)


def linked(*numbers: Seen, structure: Structure | None = None, changes: int = 1) -> list[tuple[str, str]]:
    found, _ = links(known(numbers), structure or Structure(), changes, 27)
    return [(str(one.one), str(one.other)) for one in found]


def test_editions_of_one_date_and_of_near_dates_are_near_and_networks_of_one_edition_are_not():
    week_later, month_later = (HARBOUR.replace("07-01", date) for date in ("07-08", "08-01"))
    for name in (second(HARBOUR), week_later, second(week_later)):
        assert len(linked(seen(rounded(20)), seen(rounded(21), name))) == 1
    for name in (HARBOUR, LIGHTHOUSE, second(LIGHTHOUSE), second(month_later), second(PLACE)):
        assert not linked(seen(rounded(20)), seen(rounded(21), name))
    assert not linked(seen(rounded(20)), seen(rounded(40), second(HARBOUR)))


def test_a_practice_that_another_extract_has_in_another_network_keeps_its_people():
    here, there = seen(rounded(20), practice="Chapel"), seen(rounded(21), second(LIGHTHOUSE), practice="Chapel")
    assert len(linked(here, there)) == 1


def test_practices_of_one_name_in_two_networks_of_one_edition_are_two():
    assert not linked(seen(rounded(20), practice="(other)"), seen(rounded(21), LIGHTHOUSE, practice="(other)"))


@pytest.mark.parametrize("named", [HARBOUR, second(HARBOUR)])
def test_an_edition_that_is_told_of_without_practices_has_those_of_the_other(named):
    whole = [seen(rounded(50), name) for name in (HARBOUR, second(HARBOUR))]
    assert linked(*whole, seen(rounded(20), named, practice="Abbey")) == linked(*whole)
    assert len(linked(*whole)) == 1


def test_every_edition_has_the_practices_that_everybody_knows_of():
    whole = [seen(rounded(50), name) for name in (HARBOUR, second(HARBOUR))]
    one = seen(rounded(20), second(HARBOUR), practice="Abbey")
    assert linked(*whole, one, structure=Structure(practices={HARBOUR: ("Abbey", "Bridge")})) == linked(*whole)


def test_a_cohort_rule_that_lets_one_person_more_in_gives_away_the_number_that_was_too_small():
    """Not frail were 7, which is not shown, and are 8 of the next version: few change, so that they were 7."""
    before = [table(seen(exactly(30)), seen(WITHHELD, frail="yes"), seen(exactly(7), frail="no"))]
    after = of_edition([table(seen(exactly(30)), seen(exactly(22), frail="yes"), seen(exactly(8), frail="no"))], before)
    assert audit(everything(*before)).clean
    found = {(str(one), one.low, one.high) for one in audit(everything(*before, *after)).breaches}
    assert ("Harbour PCN: frail no: disclosed", 7, 7) in found
    assert ("Harbour PCN: frail: disclosed", 23, 23) in found


def numbers_of(everyone: int, women: int, rule, name: str) -> list[Seen]:
    parts = {"female": women, "male": everyone - women}
    return [seen(rule(everyone), name), *(seen(rule(n), name, sex=one) for one, n in parts.items())]


PEOPLE = st.tuples(st.integers(0, 14), st.integers(0, 14))


@few
@given(PEOPLE, PEOPLE, st.sampled_from([rounded, exactly]), st.integers(0, 2))
def test_two_editions_tell_what_trying_every_number_of_people_in_both_gives(before, after, rule, changes):
    editions = (of_both_sexes(*before, rule, HARBOUR), of_both_sexes(*after, rule, second(HARBOUR)))
    pairs = list(zip(*editions, strict=True))
    near = [one.low - other.high <= changes and other.low - one.high <= changes for one, other in pairs]
    parts = [range(one.low, one.high + 1) for each in pairs[1:] for one in each]
    ways = [
        way
        for a, c, b, d in product(*parts)
        for way in [((a + b, c + d), (a, c), (b, d))]
        if all(one.low <= n <= one.high for one, n in zip(pairs[0], way[0], strict=True))
        and all(abs(n - m) <= changes for (n, m), few_change in zip(way, near, strict=True) if few_change)
    ]
    assume(ways)
    found = audit([one for each in pairs for one in each], attacker=Attacker(known_changes=changes)).findings
    of_cell = {one.cell: one for one in found if one.less is None}
    for i, edition in product(range(3), range(2)):
        if pairs[i][edition].kind == "suppressed":
            values, one = {way[i][edition] for way in ways}, of_cell[pairs[i][edition].cell]
            assert one.status == ("disclosed" if len(values) == 1 else "too narrow" if len(values) < 4 else "clean")
            assert one.status == "clean" or (one.low, one.high) == (min(values), max(values))


def of_both_sexes(female: int, male: int, rule, name: str) -> list[Seen]:
    parts = {"female": female, "male": male}
    return [seen(rule(female + male), name), *(seen(rule(n), name, sex=one) for one, n in parts.items())]


NAMES = (HARBOUR, LIGHTHOUSE, PLACE, HARBOUR.replace("07-01", "08-01"))
BOXES = ({}, {"sex": "female"}, {"sex": "male"})
WHOM = st.sampled_from([*((name,) for name in NAMES), (HARBOUR, LIGHTHOUSE)])
SHOWN = st.sampled_from([(0, 0, "zero"), (1, 7, "suppressed"), (8, 12, "rounded"), (13, 17, "rounded"), WITHHELD])


@st.composite
def runs(draw: st.DrawFn) -> list[Told]:
    """Draw the tables of a run: of each cell they say one thing."""
    cells = draw(st.dictionaries(st.tuples(WHOM, st.integers(0, 2)), SHOWN, min_size=1, max_size=6))
    numbers = [seen(shown, whom, **BOXES[box]) for (whom, box), shown in cells.items()]
    cut = draw(st.integers(0, len(numbers)))
    return [table(*some, name=f"table {i}") for i, some in enumerate((numbers[:cut], numbers[cut:])) if some]


@few
@given(st.lists(runs(), min_size=1, max_size=5), st.randoms())
def test_no_cell_is_ever_told_otherwise_within_an_edition_and_order_does_not_matter(told, dice):
    before: list[Told] = []
    for run in told:
        new = of_edition(run, before)
        mixed, shuffled = list(run), list(before)
        dice.shuffle(mixed)
        dice.shuffle(shuffled)
        assert sorted(of_edition(mixed, shuffled), key=str) == sorted(new, key=str)
        assert of_edition(new, before) == of_edition(new, [*before, *new]) == new
        assert as_told(one.cell for one in everything(*new)) == {one.cell for one in everything(*run)}
        assert [replace_cells(one) for one in new] == [replace_cells(one) for one in run]
        before += new
        said: dict[Cell, set] = {}
        for one in everything(*before):
            said.setdefault(one.cell, set()).add((one.low, one.high))
        for those in said.values():
            assert len(those - {(1, None)}) <= 1
            assert not {(0, 0), (1, None)} <= those
    highest = max(Population.parse(name).edition for name in populations(*before))
    assert highest <= len(told)


def replace_cells(one: Told) -> list[tuple]:
    return [(number.low, number.high, number.kind, number.cell.box) for number in one.seen]
