"""publish(): tables leave together, with the fewest counts withheld."""

from itertools import combinations

import pandas as pd
import pytest

from pcn_analysis.exceptions import DisclosureError
from pcn_analysis.provenance import Counted, Provenance, SourcedTable
from pcn_analysis.release.audit import Cell, Seen, audit, cells_of
from pcn_analysis.release.disclosure import for_audit
from pcn_analysis.release.publish import coarsened, publish
from pcn_analysis.release.secondary import Reason, can_be_withheld, least, without

pytestmark = pytest.mark.unit

ROWS = {"everyone": slice(None), "female": slice(0, 1), "male": slice(1, 2)}
COLUMNS = {"everyone": slice(None), "0-64": slice(0, 1), "65-74": slice(1, 2), "75+": slice(2, 3)}


def by_sex_and_age(people):
    """Six numbers with all their totals: two rows of three."""
    numbers = pd.DataFrame(people)
    rows = [(r, c, int(numbers.iloc[a, b].to_numpy().sum())) for r, a in ROWS.items() for c, b in COLUMNS.items()]
    frame = pd.DataFrame(rows, columns=["sex", "age_group", "patients"])
    counted = {"patients": Counted(by=("sex", "age_group"))}
    return SourcedTable(frame, Provenance((), people=True), counts=("patients",), counted=counted)


def shown(published, name="t"):
    frame = published.tables[name].frame
    return frame["patients"].set_axis(frame["sex"] + " " + frame["age_group"])


def test_nothing_is_withheld_where_nothing_small_is_counted():
    published = publish({"t": by_sex_and_age([[40, 50, 60], [70, 80, 90]])}, profile="exact_with_secondary")
    assert not published.coarsened.withheld
    assert shown(published).notna().all()


def test_one_small_number_takes_three_others_that_are_the_corners_of_a_rectangle_with_it():
    published = publish({"t": by_sex_and_age([[3, 20, 30], [40, 25, 50]])}, profile="exact_with_secondary")
    assert shown(published)[lambda one: one.isna()].index.to_list() == [
        "female 0-64",
        "female 65-74",
        "male 0-64",
        "male 65-74",
    ]
    assert published.coarsened.least


def test_a_withheld_number_is_told_from_one_that_is_small():
    published = publish({"t": by_sex_and_age([[3, 20, 30], [40, 25, 50]])}, profile="exact_with_secondary")
    assert set(published.tables["t"].seen("patients")["kind"]) == {"exact", "suppressed", "withheld"}
    assert len(published.tables["t"].withheld) == 3


@pytest.mark.parametrize("people", [[[3, 20, 30], [40, 25, 50]], [[0, 5, 9], [12, 2, 20]], [[2, 6, 0], [30, 11, 8]]])
def test_no_fewer_counts_would_do_whichever_they_were(people):
    released = for_audit(by_sex_and_age(people), profile="exact_with_secondary")
    seen = cells_of(released, "t")
    found = coarsened(seen)
    told = can_be_withheld(seen)
    many = sum(told[cell].kind != "suppressed" for cell in found.withheld)
    small = [cell for cell in told if told[cell].kind == "suppressed"]
    large = [cell for cell in told if told[cell].kind != "suppressed"]
    assert found.least
    assert audit(without(seen, found.withheld)).clean
    for some in combinations(large, many - 1):
        assert not audit(without(seen, {*some, *small})).clean


def test_the_same_cell_is_withheld_in_every_table_that_shows_it():
    sexes = by_sex_and_age([[3, 20, 30], [40, 25, 50]])
    males = SourcedTable(
        sexes.frame[sexes.frame["sex"] == "male"], sexes.provenance, counts=sexes.counts, counted=sexes.counted
    )
    published = publish({"t": sexes, "males": males}, profile="exact_with_secondary")
    both = shown(published), shown(published, "males")
    assert both[1].isna().any()
    assert both[0][both[1].index].equals(both[1])


def test_what_is_out_already_stays_out_and_others_are_withheld_instead():
    table = by_sex_and_age([[3, 20, 30], [40, 25, 50]])
    seen = cells_of(for_audit(table, profile="exact_with_secondary"), "t")
    first = coarsened(seen).withheld
    out = [one for one in seen if one.cell in first and one.kind == "exact"][:1]
    again = coarsened(seen, out)
    assert out[0].cell not in again.withheld
    assert again.audit.clean


def test_where_earlier_tables_force_a_small_number_nothing_leaves():
    table = by_sex_and_age([[3, 20, 30], [40, 25, 50]])
    seen = cells_of(for_audit(table, profile="exact_with_secondary"), "earlier")
    out = [one for one in seen if one.cell.box in ((), (("sex", ("male",)),), (("sex", ("female",)),))]
    out += [one for one in seen if dict(one.cell.box) == {"sex": ("female",), "age_group": ("65-74",)}]
    out += [one for one in seen if dict(one.cell.box) == {"sex": ("female",), "age_group": ("75+",)}]
    with pytest.raises(DisclosureError, match="a small count could be worked out"):
        publish({"t": table}, profile="exact_with_secondary", earlier=out)


def test_what_followed_from_earlier_tables_alone_is_told_and_stops_nothing():
    table = by_sex_and_age([[3, 20, 30], [40, 25, 50]])
    out = cells_of(for_audit(table, profile="exact_with_secondary"), "earlier")
    other = SourcedTable(
        pd.DataFrame({"frail": ["yes"], "patients": [80]}),
        table.provenance,
        counts=("patients",),
        counted={"patients": Counted(by=("frail",))},
    )
    found = publish({"other": other}, profile="hes", earlier=out).coarsened
    assert not found.withheld
    assert found.already
    assert not found.audit.clean


def told(*numbers):
    return {
        Cell((name,)): Seen(Cell((name,)), low, None if kind == "withheld" else low, kind, "t", 0, "patients")
        for name, low, kind in numbers
    }


def test_a_number_that_is_small_anyhow_goes_before_any_that_is_shown():
    those = told(("a", 8, "exact"), ("b", 1, "suppressed"))
    assert least([Reason(frozenset(those))], those).withheld == {Cell(("b",))}


def test_however_many_they_are():
    a, b, c = those = told(("a", 8, "exact"), ("b", 1, "suppressed"), ("c", 1, "suppressed"))
    assert least([Reason(frozenset({a, b})), Reason(frozenset({a, c}))], those).withheld == {b, c}


def test_of_equally_many_those_with_fewer_people_go():
    those = told(("a", 80, "exact"), ("b", 90, "exact"))
    assert least([Reason(frozenset(those))], those).withheld == {Cell(("a",))}


def test_what_cannot_be_protected_once_it_is_withheld_is_shown():
    those = told(("a", 8, "exact"), ("b", 90, "exact"))
    a, b = those
    assert least([Reason(frozenset({a, b})), Reason(frozenset(), or_shown=a)], those).withheld == {b}


def test_reasons_that_nothing_meets_have_no_choice():
    assert least([Reason(frozenset())], told(("a", 8, "exact"))) is None
