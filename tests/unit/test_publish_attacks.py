"""Known ways to work out a small number from released tables: each succeeds where nothing is done, and not after."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from pcn_analysis.exceptions import DisclosureError
from pcn_analysis.provenance import About, Counted, Provenance, Rate, SourcedTable
from pcn_analysis.release import release
from pcn_analysis.release.audit import Structure, audit, cells_of
from pcn_analysis.release.disclosure import for_audit
from pcn_analysis.release.publish import publish
from pcn_analysis.statistics.rates import wilson

pytestmark = pytest.mark.unit

JULY, LATER = dt.date(2026, 7, 1), dt.date(2026, 7, 8)
EXACT = "exact_with_secondary"


def counts(frame, *, counted, network="Harbour PCN", on=JULY, rates=()):
    about = About(network, "Marlhaven", "England", on, "")
    return SourcedTable(
        pd.DataFrame(frame),
        Provenance((), people=True),
        counts=("patients", *([] if not rates else ["registered"])),
        rates=rates,
        about=about,
        counted={"patients": counted},
    )


def random_tables(count, seed=8):
    """Five rows of four numbers with their totals: negative binomial, mean 12, size 0.8."""
    chance, classes = np.random.default_rng(seed), [*range(5), None]
    for _ in range(count):
        people = chance.negative_binomial(0.8, 0.8 / 12.8, size=(5, 4))
        rows = [
            ("everyone" if a is None else f"row {a}", "everyone" if b is None else f"column {b}", _sum(people, a, b))
            for a in classes
            for b in (*range(4), None)
        ]
        frame = pd.DataFrame(rows, columns=["row", "column", "patients"])
        yield counts(frame, counted=Counted(by=("row", "column")))


def _sum(people, a, b):
    return int(people[slice(None) if a is None else a, ...][..., slice(None) if b is None else b].sum())


def found(tables, profile, *, structure=None, earlier=()):
    """What is found out of numbers that each table alone does not show."""
    seen = [one for name, table in tables.items() for one in cells_of(for_audit(table, profile=profile), name)]
    return audit([*earlier, *seen], structure=structure).breaches


def disclosed(tables, profile, **more):
    return [str(one.cell) for one in found(tables, profile, **more) if one.status == "disclosed" and one.less is None]


def after(tables, profile, **more):
    published = publish(tables, profile=profile, **more)
    assert published.coarsened.audit.clean
    return published


def test_blanks_beside_exact_totals_are_worked_out_and_publish_leaves_none():
    tables = list(random_tables(6))
    blank = sum(one.kind == "suppressed" for table in tables for one in cells_of(for_audit(table, profile=EXACT), "t"))
    open_ = sum(len(disclosed({"t": table}, EXACT)) for table in tables)
    assert 0.35 < open_ / blank < 0.75
    for table in tables:
        after({"t": table}, EXACT)


def test_rounding_leaves_hardly_any_and_publish_none():
    tables = list(random_tables(12))
    assert sum(len(disclosed({"t": table}, "hes")) for table in tables) <= 1
    for table in tables:
        after({"t": table}, "hes")


def test_two_cohorts_that_overlap_give_those_who_are_in_one_alone():
    """Of 40 people under version 1 of a rule, 38 are under version 2 as well, and nobody is under version 2 alone."""
    first = counts({"cohort": ["version 1"], "patients": [40]}, counted=Counted(groups=("cohort",)))
    both = counts(
        {"cohort": ["version 2"], "patients": [38]},
        counted=Counted(groups=("cohort",), where=(("version 1", ("yes",)),)),
    )
    tables = {"first": first, "both": both}
    assert [(one.low, one.high) for one in found(tables, EXACT) if one.less is not None] == [(2, 2)]
    after(tables, EXACT)
    assert after(tables, "hes").coarsened.withheld == frozenset()


def of_date(patients, on):
    return counts({"frail": ["yes", "everyone"], "patients": patients}, counted=Counted(by=("frail",)), on=on)


def test_a_number_that_was_shown_last_week_gives_the_one_that_is_not_shown_now():
    """8 became 7, and who looks knows that a week changes a number by one at most."""
    then = cells_of(for_audit(of_date([8, 90], JULY), profile=EXACT), "last week")
    now = {"this week": of_date([7, 90], LATER)}
    assert disclosed(now, EXACT, earlier=then) == ["Harbour PCN: frail"]
    with pytest.raises(DisclosureError, match="nothing more can be withheld"):
        publish(now, profile=EXACT, earlier=then)


def test_a_rounded_number_of_last_week_does_not_if_the_one_of_now_is_withheld():
    """1 to 7 of a number that is within one of 8 to 12 is 7; that it is not 0 tells nothing."""
    then = cells_of(for_audit(of_date([8, 90], JULY), profile="hes"), "last week")
    now = {"this week": of_date([7, 90], LATER)}
    assert disclosed(now, "hes", earlier=then) == ["Harbour PCN: frail"]
    assert after(now, "hes", earlier=then).tables["this week"].withheld == {(0, "patients")}


def of_network(network, patients, on):
    return counts({"frail": ["yes"], "patients": [patients]}, counted=Counted(by=("frail",)), network=network, on=on)


def test_a_practice_that_changes_network_takes_its_number_with_it():
    """South leaves Harbour, which has 5 patients with frailty fewer from one week to the next."""
    practices = {
        "Marlhaven|Harbour PCN|2026-07-01": ("North", "South"),
        "Marlhaven|Harbour PCN|2026-07-08": ("North",),
    }
    structure = Structure(classes={"practice": ("North", "South")}, practices=practices)
    then = cells_of(for_audit(of_network("Harbour PCN", 36, JULY), profile=EXACT), "before")
    now = {"after": of_network("Harbour PCN", 31, LATER)}
    south = found(now, EXACT, structure=structure, earlier=then)
    assert [(one.cell.box[-1], one.low, one.high) for one in south] == [(("practice", ("South",)), 4, 6)]
    left = after(now, EXACT, structure=structure, earlier=then)
    assert left.tables["after"].withheld == {(0, "patients")}
    rounded = cells_of(for_audit(of_network("Harbour PCN", 36, JULY), profile="hes"), "before")
    assert not after(now, "hes", structure=structure, earlier=rounded).coarsened.withheld


def test_bands_from_65_and_from_70_give_those_between():
    bands = counts(
        {"age_group": ["65 or over", "70 or over", "0-64"], "patients": [60, 57, 400]},
        counted=Counted(by=("age_group",)),
    )
    assert [(one.low, one.high) for one in found({"t": bands}, EXACT)] == [(3, 3)]
    left = after({"t": bands}, EXACT).tables["t"].frame["patients"]
    assert left.isna().sum() == 1
    assert after({"t": bands}, "hes").coarsened.withheld == frozenset()


def counts_with(lower, upper, whole):
    """Every count of which the limits are those, to six decimals."""
    every = np.arange(whole + 1)
    low, high = wilson(pd.Series(every, dtype="Float64"), pd.Series(np.full(len(every), whole), dtype="Float64"))
    near = (low - lower).abs().lt(1e-6) & (high - upper).abs().lt(1e-6)
    return every[near.to_numpy(dtype=bool)].tolist()


def test_true_limits_beside_a_rounded_count_give_it_back_and_released_ones_do_not():
    lower, upper = (float(one.iloc[0]) for one in wilson(pd.Series([23.0]), pd.Series([212.0])))
    assert counts_with(lower, upper, 212) == [23]
    rate = Rate("share", "patients", "registered", interval=True)
    frame = {"patients": [23, 3], "registered": [212, 212]}
    for limit in rate.columns():
        frame[limit] = [0.0, 0.0]
    out = release(counts(frame, counted=Counted(), rates=(rate,))).frame
    shown = out.iloc[0]
    assert all(
        not counts_with(shown["share_lower"], shown["share_upper"], whole) for whole in range(208, 213) if whole != 210
    )
    assert counts_with(shown["share_lower"], shown["share_upper"], 210) == [25]
    assert out.iloc[1][["patients", "share", "share_lower", "share_upper"]].isna().all()


def test_the_true_limits_of_3_of_212_give_3_back():
    lower, upper = (float(one.iloc[0]) for one in wilson(pd.Series([3.0]), pd.Series([212.0])))
    assert counts_with(lower, upper, 212) == [3]
