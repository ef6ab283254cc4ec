"""Statements on pseudonyms that hold for every identifier and every key."""

import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from stdnum.gb import nhs

from pcn_analysis.extracts.findings import Findings
from pcn_analysis.extracts.identifiers import is_nhs_number, plain, plain_in_sql
from pcn_analysis.extracts.pseudonyms import Key, Pseudonyms, pseudonym
from pcn_analysis.extracts.workspace import text, workspace

pytestmark = pytest.mark.properties

few = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
fewer = settings(few, max_examples=15)
KEY = Key(b"a key of the tests, never used for anybody")
keys = st.binary(min_size=32, max_size=64)
ten_digits = st.from_regex(r"[0-9]{10}", fullmatch=True)
identifiers = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=20).map(str.strip)


GAPS = st.one_of(st.just(""), st.sampled_from(" -\u00a0\u2009\u3000\x0b\x1c\x85\u2028_.\u2013"))


@few
@given(st.one_of(identifiers, st.tuples(ten_digits, GAPS, GAPS, st.sampled_from(["", ".0", ".00", ".1", "0"])).map(
    lambda parts: f"{parts[0][:3]}{parts[1]}{parts[0][3:6]}{parts[2]}{parts[0][6:]}{parts[3]}"
)))  # fmt: skip
@example("943\u2028476\x855919.0")
@example("\u0669434765919")
def test_sql_takes_the_same_identifiers_for_one_as_pseudonyms_do(identifier):
    found = duckdb.execute(f"SELECT {plain_in_sql('?::VARCHAR')}", [identifier]).fetchall()
    assert found == [(plain(identifier),)]


@few
@given(identifiers, keys)
def test_the_same_identifier_and_key_give_the_same_pseudonym(identifier, key):
    assert pseudonym(identifier, Key(key)) == pseudonym(identifier, Key(bytes(key)))


@few
@given(identifiers, keys, keys)
def test_another_key_gives_another_pseudonym(identifier, key, other):
    assume(key.rstrip(b"\0") != other.rstrip(b"\0"))  # HMAC fills a key up with zero bytes
    assert pseudonym(identifier, Key(key)) != pseudonym(identifier, Key(other))


@few
@given(identifiers, identifiers)
@example("0042", "42")
@example("123456789", "0123456789")
def test_two_identifiers_share_a_pseudonym_only_if_they_are_the_same_person(one, other):
    assert (pseudonym(one, KEY) == pseudonym(other, KEY)) == (plain(one) == plain(other))


@few
@given(
    ten_digits, st.sampled_from(["", " ", "-", "\u00a0"]), st.sampled_from(["", " ", "-"]), st.sampled_from(["", " "])
)
def test_spaces_and_dashes_in_an_nhs_number_make_no_difference(number, first, second, around):
    written = f"{around}{number[:3]}{first}{number[3:6]}{second}{number[6:]}{around}"
    assert plain(written) == number
    assert pseudonym(written, KEY) == pseudonym(number, KEY)


@few
@given(ten_digits)
def test_a_number_is_valid_for_one_check_digit_at_most(number):
    valid = [digit for digit in range(10) if nhs.is_valid(f"{number[:9]}{digit}")]
    assert len(valid) <= 1
    assert all(is_nhs_number(f"{number[:9]}{digit}") <= (digit in valid) for digit in range(10))


@few
@given(identifiers)
def test_a_pseudonym_says_nothing_and_starts_no_formula(identifier):
    made = pseudonym(identifier, KEY)
    assert made[0] == "p"
    assert made.isascii()
    assert made.isalnum()
    assert len(made) == 33
    assert len(identifier) < 4 or identifier.lower() not in made


@fewer
@given(st.lists(st.one_of(st.none(), identifiers.filter(bool), ten_digits), min_size=1, max_size=12))
def test_a_table_is_replaced_as_each_of_its_rows_would_be(ids):
    """Unless most are NHS numbers, when those that are not valid become nobody."""
    with tempfile.TemporaryDirectory() as folder, workspace(Path(folder)) as space:
        cells = ", ".join(f"({'NULL' if one is None else text(one)}, {row})" for row, one in enumerate(ids))
        recorded = space.write(f"SELECT * FROM (VALUES {cells}) AS t(person_id, row)", "recorded")
        findings = Findings()
        made = Pseudonyms(space, KEY, findings).replaced(recorded, "persons.person_id")
        found = [one for (one,) in space.rows(f"SELECT person_id FROM {made} ORDER BY row")]
    different = {one for one in ids if one is not None}
    nhs = 2 * sum(is_nhs_number(plain(one)) for one in different) > len(different)
    kept = [one is not None and (not nhs or is_nhs_number(plain(one))) for one in ids]
    assert found == [pseudonym(one, KEY) if keep else None for one, keep in zip(ids, kept, strict=True)]
    assert sum(one.rows for one in findings.rows) == sum(one is not None for one in ids) - sum(kept)
