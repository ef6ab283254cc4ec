"""Pseudonyms: keyed hashes of identifiers, their keys, and the list of those who have opted out."""

import base64
import hashlib
import hmac
import os
import pickle

import pytest
from stdnum.gb import nhs

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.extracts.findings import Findings
from pcn_analysis.extracts.opt_outs import read_opt_outs
from pcn_analysis.extracts.pseudonyms import BLOCK, Key, Pseudonyms, generate_key, pseudonym, read_key
from pcn_analysis.extracts.workspace import workspace
from pcn_analysis.release.lists import FORMULA

pytestmark = pytest.mark.unit

SECRET = b"a key of the tests, never used for anybody"
KEY = Key(SECRET)
POSIX = pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX")
PEOPLE = [f"94347659{end}" for end in ("19", "27", "35", "43", "51", "78", "86", "94")]


@pytest.fixture
def space(tmp_path):
    with workspace(tmp_path / "people") as opened:
        yield opened


@pytest.fixture
def findings():
    return Findings()


@pytest.fixture
def pseudonyms(space, findings):
    return Pseudonyms(space, KEY, findings)


def key_file(tmp_path, content, mode=0o600):
    path = tmp_path / "pcn.key"
    path.write_bytes(content)
    path.chmod(mode)
    return path


def rows_of(space, *ids):
    """A relation of people and the number of each row."""
    cells = ", ".join(f"({'NULL' if one is None else repr(one)}, {index})" for index, one in enumerate(ids))
    return space.write(f"SELECT * FROM (VALUES {cells}) AS recorded(person_id, row)", "recorded")


def people(space, relation):
    return [one for (one,) in space.rows(f"SELECT person_id FROM {relation} ORDER BY row")]


def refused(call, *given, **named):
    with pytest.raises(PcnAnalysisError) as error:
        call(*given, **named)
    return str(error.value)


def test_the_people_of_these_tests_have_valid_numbers_of_the_range_never_issued():
    assert all(nhs.is_valid(one) for one in PEOPLE)


# -- pseudonyms ----------------------------------------------------------------------------------------------


def test_the_hash_is_hmac_sha_256_as_in_rfc_4231():
    """Test case 1 of RFC 4231."""
    expected = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    assert Key(b"\x0b" * 20).digest(b"Hi There").hex() == expected
    assert Key(b"Jefe").digest(b"what do ya want for nothing?").hex() == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"  # test case 2
    )


def test_a_pseudonym_can_be_made_again_by_anyone_with_the_key():
    digest = hmac.new(SECRET, b"9434765919", hashlib.sha256).digest()
    assert pseudonym("943 476 5919", KEY) == "p" + base64.b32encode(digest[:20]).decode().lower()


def test_a_pseudonym_is_33_letters_and_digits_and_begins_with_a_letter():
    made = [pseudonym(one, KEY) for one in PEOPLE]
    assert {len(one) for one in made} == {33}
    assert all(one.isalnum() and one[0] == "p" and one == one.lower() and not one.startswith(FORMULA) for one in made)


@pytest.mark.parametrize(
    "written", ["943 476 5919", "943-476-5919", " 9434765919 ", "943\u00a0476\u00a05919", "9434765919.0"]
)
def test_an_nhs_number_is_one_person_however_it_is_written(written):
    assert pseudonym(written, KEY) == pseudonym("9434765919", KEY)


@pytest.mark.parametrize("other", ["09434765919", "943476591", "94 3476 5919", "9434765919a", "٩434765919"])
def test_anything_else_is_another_person(other):
    assert pseudonym(other, KEY) != pseudonym("9434765919", KEY)


def test_capitals_and_leading_zeros_count():
    assert len({pseudonym(one, KEY) for one in ("ab1", "AB1", "0ab1", "00ab1", "1", "01")}) == 6


# -- in tables -----------------------------------------------------------------------------------------------


def test_people_are_replaced_row_by_row_and_a_row_of_nobody_stays_so(space, pseudonyms, findings):
    made = pseudonyms.replaced(rows_of(space, "b", None, "a", "b"), "persons.person_id")
    assert people(space, made) == [pseudonym("b", KEY), None, pseudonym("a", KEY), pseudonym("b", KEY)]
    assert findings.rows == []


def test_a_person_has_one_pseudonym_in_every_table_and_it_is_made_once(space, pseudonyms):
    first = pseudonyms.replaced(rows_of(space, "a", "b"), "persons.person_id")
    second = pseudonyms.replaced(rows_of(space, "b", "c", "b"), "conditions.person_id")
    third = pseudonyms.replaced(rows_of(space, "c", "a"), "encounters.person_id")
    assert people(space, first)[1] == people(space, second)[0]
    assert people(space, third) == [pseudonym("c", KEY), pseudonym("a", KEY)]
    assert pseudonyms.made == 3


def test_a_table_without_rows_or_people_is_left_as_it_is(space, pseudonyms):
    nobody = space.write("SELECT CAST(NULL AS VARCHAR) AS person_id, 1 AS row", "nobody")
    assert people(space, pseudonyms.replaced(nobody, "persons.person_id")) == [None]
    empty = space.write(f"SELECT * FROM {nobody} WHERE false", "empty")
    assert people(space, pseudonyms.replaced(empty, "persons.person_id")) == []


def test_columns_keep_their_order_and_kind(space, pseudonyms):
    made = pseudonyms.replaced(rows_of(space, "a"), "persons.person_id")
    assert [column[:2] for column in space.rows(f"DESCRIBE SELECT * FROM {made}")] == [
        ("person_id", "VARCHAR"),
        ("row", "INTEGER"),
    ]


def test_more_people_than_one_block_are_all_replaced(space, pseudonyms):
    many = space.write(f"SELECT 'x' || range AS person_id, range AS row FROM range({BLOCK + 10})", "many")
    made = pseudonyms.replaced(many, "persons.person_id")
    assert space.row(f"SELECT count(DISTINCT person_id), count(*) FROM {made}") == (BLOCK + 10, BLOCK + 10)


def test_an_nhs_number_that_is_not_valid_says_nothing_of_whose_a_row_is(space, pseudonyms, findings):
    ids = [*PEOPLE, "9434765918", "9000219621", "9434765918", "1111111111", "not known"]
    made = people(space, pseudonyms.replaced(rows_of(space, *ids), "persons.person_id"))
    assert made == [*(pseudonym(one, KEY) for one in PEOPLE), None, None, None, None, None]
    assert [str(one) for one in findings.rows] == [
        "persons.person_id: NHS numbers that are not valid: 5 (set to missing)"
    ]


def test_identifiers_most_of_which_are_no_nhs_numbers_are_all_kept(space, pseudonyms, findings):
    ids = [*PEOPLE[:2], "a", "b", "9434765918"]
    made = people(space, pseudonyms.replaced(rows_of(space, *ids), "persons.person_id"))
    assert made == [pseudonym(one, KEY) for one in ids]
    assert findings.rows == []


def test_spaces_within_nhs_numbers_join_tables(space, pseudonyms):
    first = pseudonyms.replaced(rows_of(space, "943 476 5919", "943 476 5927"), "persons.person_id")
    second = pseudonyms.replaced(rows_of(space, "9434765919", "9434765927"), "encounters.person_id")
    assert people(space, first) == people(space, second)


# -- contacts ------------------------------------------------------------------------------------------------


def contacts(space, *visits):
    """A relation of rows of one person, each with the contact that it belongs to."""
    cells = ", ".join(f"('a', {'NULL' if one is None else repr(one)}, {at})" for at, one in enumerate(visits))
    return space.write(f"SELECT * FROM (VALUES {cells}) AS recorded(person_id, visit_id, row)", "recorded")


def visits(space, pseudonyms, relation):
    made = pseudonyms.replaced(relation, "encounters.person_id")
    return [one for (one,) in space.rows(f"SELECT visit_id FROM {made} ORDER BY row")]


def test_contacts_have_pseudonyms_too_the_same_in_every_table(space, pseudonyms):
    first = visits(space, pseudonyms, contacts(space, "apc-17", "op-4", None))
    assert visits(space, pseudonyms, contacts(space, "op-4", "apc-17")) == first[1::-1]
    assert first[2] is None
    assert not any(one == "17" or "apc" in one for one in first[:2])
    assert visits(space, Pseudonyms(space, Key(SECRET[::-1]), Findings()), contacts(space, "op-4")) != first[1:2]


def test_the_pseudonym_of_a_contact_can_be_made_again_by_anyone_with_the_key(space, pseudonyms):
    key = hmac.new(SECRET, b"contacts", hashlib.sha256).digest()
    digest = hmac.new(key, "épisode 9434765919".encode(), hashlib.sha256).hexdigest()
    assert visits(space, pseudonyms, contacts(space, "épisode 9434765919")) == [f"v{digest[:32]}"]


# -- keys ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_key_is_what_its_file_holds_but_for_one_line_end(tmp_path, end):
    assert pseudonym("a", read_key(key_file(tmp_path, SECRET + end))) == pseudonym("a", KEY)


def test_a_key_may_be_any_bytes(tmp_path):
    secret = bytes(range(200, 240)) + b"\n\n"
    assert pseudonym("a", read_key(key_file(tmp_path, secret + b"\n"))) == pseudonym("a", Key(secret))


def test_a_key_is_never_shown_or_stored(tmp_path):
    key = read_key(key_file(tmp_path, SECRET))
    assert f"{key} {key!r}" == "Key(not shown) Key(not shown)"
    with pytest.raises(TypeError, match="not stored"):
        pickle.dumps(key)
    assert not hasattr(key, "__dict__")


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 40, b"a key of thirty-one bytes ......\n"[1:]])
def test_a_weak_key_is_refused_without_showing_it(tmp_path, content):
    said = refused(read_key, key_file(tmp_path, content))
    assert said == "pcn.key: is no key: fewer than 32 bytes, or all of them the same. Make one: pcn-analysis key FILE"


def test_a_whole_extract_is_no_key(tmp_path):
    said = refused(read_key, key_file(tmp_path, b"nhs_number\n9434765919\n" * 1000))
    assert said == "pcn.key: is too long for a key. Make one: pcn-analysis key FILE"


@POSIX
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_that_others_can_read_is_refused(tmp_path, mode):
    said = refused(read_key, key_file(tmp_path, SECRET, mode))
    assert said == "pcn.key: others can read this key. Make it private: chmod 600 pcn.key"


def test_a_key_in_a_folder_that_is_published_is_refused_also_behind_a_link(tmp_path):
    reports = tmp_path / "reports"
    (reports / "inner").mkdir(parents=True)
    path = key_file(reports / "inner", SECRET)
    expected = "pcn.key: a key lies where everything may be published. Keep it outside the project."
    assert refused(read_key, path, [tmp_path / "notebooks", reports]) == expected
    link = tmp_path / "pcn.key"
    link.symlink_to(path)
    assert refused(read_key, link, [reports]) == expected
    assert refused(generate_key, reports / "pcn.key", [reports]) == expected
    assert not (reports / "pcn.key").exists()


@POSIX
def test_everything_wrong_with_a_key_is_told_at_once(tmp_path):
    said = refused(read_key, key_file(tmp_path, b"short", 0o644), [tmp_path])
    assert len(said.splitlines()) == 3
    assert "short" not in said


def test_a_key_given_on_the_command_line_in_the_place_of_its_file_is_not_repeated(tmp_path):
    said = refused(read_key, tmp_path / "my very own secret key of the practice")
    assert "secret" not in said
    assert "never the key itself" in said
    assert "never the key itself" in refused(read_key, tmp_path), "a folder"


def test_a_new_key_can_be_read_is_private_and_is_another_each_time(tmp_path):
    first, second = tmp_path / "first.key", tmp_path / "second.key"
    generate_key(first)
    generate_key(second)
    assert pseudonym("a", read_key(first)) != pseudonym("a", read_key(second))
    assert len(bytes.fromhex(first.read_text(encoding="ascii"))) == 32
    if os.name == "posix":
        assert first.stat().st_mode & 0o777 == 0o600


def test_a_key_is_never_written_over(tmp_path):
    path = key_file(tmp_path, SECRET)
    assert "Choose another name." in refused(generate_key, path)
    assert path.read_bytes() == SECRET
    assert "cannot be written" in refused(generate_key, tmp_path / "nowhere" / "pcn.key")


# -- opt-outs ------------------------------------------------------------------------------------------------


def listed(tmp_path, content):
    path = tmp_path / "opt_outs.dat"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        b"9434765919\n943 476 5927\n",
        b"9434765919,\n9434765927,\n",
        b"9434765919,\r\n9434765927,\r\n",
        b"NHS Number\n9434765919\n9434765927\n9434765919\n",
        b"nhs_number,\n9434765919,\n9434765927,",
        b"\xef\xbb\xbf9434765919\r\n9434765927",
        b'"person_id"\n"9434765919"\n"9434765927"\n',
    ],
)
def test_a_list_of_one_column_is_read_with_a_heading_or_without(space, tmp_path, pseudonyms, findings, content):
    found = read_opt_outs(listed(tmp_path, content), space, pseudonyms, findings)
    assert found.people == 2
    rows = {one for (one,) in space.rows(f"SELECT person_id FROM {found.relation}")}
    assert rows == {pseudonym("9434765919", KEY), pseudonym("9434765927", KEY)}
    assert findings.rows == []


def test_without_a_key_the_list_holds_pseudonyms_as_they_are(space, tmp_path, findings):
    found = read_opt_outs(listed(tmp_path, b"Ab0042\n0042\nunlike-a-heading\n"), space, None, findings)
    rows = {one for (one,) in space.rows(f"SELECT person_id FROM {found.relation}")}
    assert rows == {"Ab0042", "0042", "unlike-a-heading"}


def test_without_a_key_a_list_of_nhs_numbers_is_refused(space, tmp_path, findings):
    said = refused(read_opt_outs, listed(tmp_path, b"9434765919\n9434765927\n"), space, None, findings)
    assert said.startswith("opt_outs.dat, person_id: holds 2 NHS numbers.")
    assert "943" not in said


@pytest.mark.parametrize("content", [b"a1,b1\na2,b2\n", b"a1\na2,b2\n", b"person_id;name\na1;x\n", b"a1,\na2,b2\n"])
def test_several_columns_are_refused_or_their_rows_counted(space, tmp_path, findings, content):
    said = refused(read_opt_outs, listed(tmp_path, content), space, None, findings)
    assert said.startswith("opt_outs.dat: ")
    assert not any(value in said for value in ("a1", "a2", "b1", "b2"))


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_an_empty_list_is_refused(space, tmp_path, findings, content):
    assert "first line is empty" in refused(read_opt_outs, listed(tmp_path, content), space, None, findings)


def test_a_list_with_only_its_heading_is_of_nobody(space, tmp_path, findings):
    assert read_opt_outs(listed(tmp_path, b"nhs_number\n"), space, None, findings).people == 0


def test_a_list_that_is_not_there_is_said(space, tmp_path, findings):
    assert "there is no such file" in refused(read_opt_outs, tmp_path / "none.csv", space, None, findings)


def test_a_list_that_most_people_are_on_is_that_of_those_who_have_not_opted_out(space, tmp_path, findings):
    everyone = [f"p{index}" for index in range(40)]
    persons = rows_of(space, *everyone)
    some = read_opt_outs(listed(tmp_path, "\n".join(everyone[:20]).encode()), space, None, findings)
    some.check_share(space, persons)
    most = read_opt_outs(listed(tmp_path, "\n".join(everyone[:38]).encode()), space, None, findings)
    assert refused(most.check_share, space, persons) == (
        "opt_outs.dat: lists 38 of 40 people; the national service gives back who has not opted out. "
        "Give the list of those who have opted out."
    )
    most.check_share(space, rows_of(space, "p1", "p2"))
