"""The rules for counts, as their publishers give them, and what somebody who knows a rule learns from a count."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from pcn_analysis.release.profiles import EXACT, MISSING, PROFILES, ROUNDED, SUPPRESSED, ZERO

pytestmark = pytest.mark.unit

GOLDEN = Path(__file__).parents[1] / "published" / "disclosure_rules.csv"
"""Counts and what is shown of them, with the publication; empty where nothing is."""


def published() -> list[tuple[str, int, int | None]]:
    with GOLDEN.open(encoding="utf-8") as stream:
        return [
            (row["profile"], int(row["count"]), int(row["shown"]) if row["shown"] else None)
            for row in csv.DictReader(stream)
        ]


@pytest.mark.parametrize(("profile", "count", "shown"), published())
def test_a_count_is_shown_as_its_rule_was_published(profile, count, shown):
    (value,) = PROFILES[profile].protect(pd.Series([count]))
    assert (None if pd.isna(value) else value) == shown


def test_every_profile_has_its_publication_and_says_what_it_does():
    for name, profile in PROFILES.items():
        assert profile.name == name
        assert len(profile.source) > 20
        assert profile.promise.endswith(".")


def test_hes_is_the_default_and_comes_first():
    assert next(iter(PROFILES)) == "hes"


@pytest.mark.parametrize(
    ("profile", "shown", "possible"),
    [
        ("hes", 0, (0, 0, ZERO)),
        ("hes", None, (1, 7, SUPPRESSED)),
        ("hes", 10, (8, 12, ROUNDED)),
        ("hes", 15, (13, 17, ROUNDED)),
        ("hes", 215, (213, 217, ROUNDED)),
        ("opensafely", None, (1, 7, SUPPRESSED)),
        ("opensafely", 10, (8, 12, ROUNDED)),
        ("opensafely_midpoint", 0, (0, 0, ZERO)),
        ("opensafely_midpoint", 3, (1, 6, SUPPRESSED)),
        ("opensafely_midpoint", 9, (7, 12, ROUNDED)),
        ("opensafely_midpoint", None, (0, None, MISSING)),
        ("threshold_10", 0, (0, 0, ZERO)),
        ("threshold_10", None, (1, 9, SUPPRESSED)),
        ("threshold_10", 10, (10, 10, EXACT)),
        ("exact_with_secondary", None, (1, 7, SUPPRESSED)),
        ("exact_with_secondary", 8, (8, 8, EXACT)),
        ("open_data", 3, (3, 3, EXACT)),
        ("open_data", None, (0, None, MISSING)),
    ],
)
def test_whoever_knows_the_rule_learns_a_range(profile, shown, possible):
    assert PROFILES[profile].seen(pd.NA if shown is None else shown) == possible


@pytest.mark.parametrize(
    ("profile", "never"),
    [
        ("hes", 5),
        ("hes", 12),
        ("hes", -5),
        ("opensafely_midpoint", 4),
        ("threshold_10", 9),
        ("exact_with_secondary", 7),
    ],
)
def test_a_value_that_a_rule_never_shows_says_that_something_is_wrong(profile, never):
    with pytest.raises(ValueError, match=f"1 values are none that the profile {profile} shows"):
        PROFILES[profile].seen_of(pd.Series([0, never, 0]))


def test_ranges_keep_the_index_of_what_is_shown():
    shown = pd.Series([0, None, 20], index=["a", "b", "c"], dtype="Int64")
    assert PROFILES["hes"].seen_of(shown).loc["c"].to_list() == [18, 22, ROUNDED]


@pytest.mark.parametrize("profile", [name for name in PROFILES if name != "open_data"])
def test_estimates_leave_as_whole_numbers(profile):
    shown = PROFILES[profile].protect(pd.Series([0.4, 12.49, None]))
    assert shown.dtype == "Int64"
    assert pd.isna(shown[2])
