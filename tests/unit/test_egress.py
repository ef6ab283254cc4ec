"""Finished files are unpacked and searched: what must not leave is found wherever it hides, and is never quoted."""

from __future__ import annotations

import getpass
import re
import socket
import sqlite3
from pathlib import Path

import pytest
from leaky_files import HOLDERS, notebook, page, picture, sheet, shown, written

from pcn_analysis.display.output import MARK
from pcn_analysis.exceptions import DisclosureError
from pcn_analysis.release.egress import NOBODY, Known, check_files, check_words, digest, identifiers, refuse_leaks
from pcn_analysis.release.egress.check import KINDS
from pcn_analysis.release.egress.containers import SHOWN_BY

pytestmark = pytest.mark.unit

PERSON = "SYN-U00001-00000007"
KNOWN = Known.of([PERSON, "9f86d081884c7d65", "p12"])
LEAKS = {
    "nhs": "943 476 5919",
    "postcode": "CH41 5AL",
    "birth": "date of birth: 3 July 1980",
    "pseudonym": PERSON,
    "path": "/home/ann/wirral/people.csv",
    "traceback": "Traceback (most recent call last):",
}


def kinds(path: Path, known: Known = NOBODY) -> dict[str, int]:
    return {one.kind: one.times for one in check_files([path], known=known)}


def of_bytes(folder: Path, name: str, data: bytes | str, known: Known = NOBODY) -> dict[str, int]:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return kinds(path, known)


# -- every kind in every place -----------------------------------------------------------------------------


@pytest.mark.parametrize("holder", HOLDERS)
def test_each_kind_of_leak_is_found_in_each_place_of_each_kind_of_file(tmp_path: Path, holder: str) -> None:
    for kind, words in LEAKS.items():
        assert kinds(written(tmp_path, holder, words), KNOWN).keys() == {kind}, kind


@pytest.mark.parametrize("holder", HOLDERS)
def test_a_file_without_a_leak_is_clean(tmp_path: Path, holder: str) -> None:
    assert kinds(written(tmp_path, holder, "215 people of Harbour PCN, U00001, in CH41"), KNOWN) == {}


def test_a_finding_says_where_and_how_many_and_never_which(tmp_path: Path) -> None:
    path = written(tmp_path, "a CSV file", " ".join(LEAKS.values()))
    with pytest.raises(DisclosureError) as told:
        refuse_leaks([path], KNOWN)
    assert str(told.value) == (
        "a.csv: holds 1 NHS number, 1 whole postcode, 1 date of birth or age in days, 1 pseudonym of a person, 1 path "
        "of a machine and 1 sign of a traceback. Nothing of it is published; take it out of what makes the file."
    )
    assert {one.kind for one in check_files([path], known=KNOWN)} == set(LEAKS)
    assert not any(leak in str(told.value) for leak in LEAKS.values())


def test_the_name_of_a_file_is_searched_and_not_said(tmp_path: Path) -> None:
    path = tmp_path / f"{PERSON}.csv"
    path.write_bytes(b"patients,synthetic\n215,False\n")
    [found] = check_files([path], known=KNOWN)
    assert str(found) == "a file with a name that holds 1 pseudonym of a person: 1 pseudonym of a person"


@pytest.mark.parametrize("name", ["a.parquet", "a.pkl", "a.csv.gz", "a"])
def test_a_file_that_cannot_be_looked_into_is_a_finding_and_is_searched_as_far_as_it_can_be_read(
    tmp_path: Path, name: str
) -> None:
    assert of_bytes(tmp_path, name, b"PAR1\0\0943 476 5919\0\xff") == {"nhs": 1, "closed": 1}


@pytest.mark.parametrize("name", ["a.xlsx", "a.gpkg", "a.zip"])
def test_a_damaged_file_is_a_finding(tmp_path: Path, name: str) -> None:
    assert of_bytes(tmp_path, name, b"no such thing") == {"closed": 1}


def test_a_part_of_a_page_that_cannot_be_opened_is_a_finding(tmp_path: Path) -> None:
    for address in ("data:text/csv;base64,!!!", "data:application/pdf;base64,AAAA"):
        assert of_bytes(tmp_path, "a.html", page(f'<a href="{address}">x</a>')) == {"closed": 1}


def test_an_empty_file_is_clean(tmp_path: Path) -> None:
    assert of_bytes(tmp_path, ".gitkeep", b"") == {}


# -- identifiers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    ["9434765919", "7,9434765919,215", "943 476 5919", "943-476-5919", "943\u00a0476\u00a05919", "NHS9434765919",
     "x_9434765919_", "9434765919.0"],
)  # fmt: skip
def test_an_nhs_number_is_found_however_it_is_written(words: str) -> None:
    assert identifiers.nhs_numbers(words) == 1


@pytest.mark.parametrize(
    "words",
    [
        "9434765918", "0.9434765919", "3.9434765919", "9434765919.25", "94347659190", "19434765919", "9,434,765,919",
        "0000000000", "1111111111", "e3b0c44298fc1c149afbf4c8996fb9434765919ae41e4649b934ca495991b7852b855",
        "943\n476\n5919",
    ],
)  # fmt: skip
def test_figures_of_something_else_are_no_nhs_number(words: str) -> None:
    assert identifiers.nhs_numbers(words) == 0


@pytest.mark.parametrize("words", ["CH41 5AL", "CH415AL", "ch41 5al", "M1 1AE", "W1A 0AX", "EC1A 1BB", "CH41_5AL"])
def test_a_whole_postcode_is_found(words: str) -> None:
    assert identifiers.postcodes(f"({words})") == 1


@pytest.mark.parametrize(
    "words", ["CH41", "CH41 5", "E01006512", "P82022", "U00001", "#E123AB", "v2 1st", "QQ1 1AA", "M1 1CC", "8f3e15ab9"]
)
def test_districts_sectors_and_codes_are_no_postcode(words: str) -> None:
    assert identifiers.postcodes(words) == 0


@pytest.mark.parametrize(
    "words",
    ["Born: 1980-07-03", "DOB 03/07/1980", "D.O.B. 3.7.80", "date_of_birth, 3 July 1980", "birthday July 3, 1980",
     "1980-07-03 (date of birth)", "she is 16072 days old"],
)  # fmt: skip
def test_a_whole_date_beside_a_word_of_birth_is_one_of_birth(words: str) -> None:
    assert identifiers.births(words) == 1


@pytest.mark.parametrize(
    "words",
    ["on 3 July 1980", "born in 1980", "born in July 1980", "born after 1 September 2020", "birth weight"],
)
def test_other_dates_are_none_of_birth(words: str) -> None:
    assert identifiers.births(words) == 0


@pytest.mark.parametrize(
    "words",
    ["/home/ann/x.csv", "at '/tmp/x'", r"C:\Users\ann\x.csv", "D:/data/x", r"\\server\share", r"\\\\server\\share",
     "file:///srv/x", '["/work/main/a"]'],
)  # fmt: skip
def test_a_path_of_a_machine_is_found(words: str) -> None:
    assert identifiers.paths(words) == 1


@pytest.mark.parametrize(
    "words",
    ["https://a.nhs.uk/data/x", "../../index.html", "data/restricted/failed", "a/b", "and/or", r"\\n", "1/2"],
)
def test_addresses_and_relative_paths_are_none(words: str) -> None:
    assert identifiers.paths(words) == 0


@pytest.mark.parametrize("words", ['File "<stdin>", line 3', "----> 3 frame.head()", "\x1b[0;31mKeyError"])
def test_a_piece_of_a_traceback_is_one(words: str) -> None:
    assert identifiers.tracebacks(words) == 1


def test_this_machine_and_its_user_are_found_unless_anybody_is_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "annsmith")
    monkeypatch.setattr(socket, "gethostname", lambda: "localhost")
    identifiers._machine.cache_clear()
    found = [identifiers.machine_names(words) for words in ("made by annsmith", "annsmithson", "localhost")]
    identifiers._machine.cache_clear()
    assert found == [1, 0, 0]


# -- pseudonyms --------------------------------------------------------------------------------------------


def test_a_pseudonym_is_found_as_a_word_of_its_own_in_any_case() -> None:
    for words in (PERSON, f"({PERSON.lower()})", f"x={PERSON},", "9f86d081884c7d65."):
        assert KNOWN.found_in(words) == 1, words
    for words in (f"{PERSON}1", f"X{PERSON}", PERSON[:-1], "9f86d081884c7d6", "p12"):
        assert KNOWN.found_in(words) == 0, words


def test_pseudonyms_that_look_like_counts_are_told_and_not_looked_for() -> None:
    known = Known.of(["12345", "20260701", "p123", "123456789"])
    assert (known.too_short, known.whole) == (3, {"123456789"})
    assert known.found_in("12345 20260701 p123 and 0.123456789") == 0
    assert known.found_in("123456789") == 1
    assert Known.of([]).too_short == 0


# -- tables ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["person_id", "NHS number", "patient_id", "visit_id", "Surname", "hospital_number"])
def test_a_table_with_a_column_for_identifiers_is_found_in_every_file_with_tables(tmp_path: Path, column: str) -> None:
    table = f'<table class="released"><tr><th>{column}</th></tr><tr><td>x</td></tr></table>'
    assert of_bytes(tmp_path, "a.html", page(table)) == {"rows": 1}
    assert of_bytes(tmp_path, "a.csv", f"{column},synthetic\nx,False\n") == {"rows": 1}
    assert of_bytes(tmp_path, "a.ipynb", notebook(shown(html=table))) == {"rows": 1}
    path = tmp_path / "a.gpkg"
    with sqlite3.connect(path) as database:
        database.execute(f'CREATE TABLE areas ("{column}" TEXT, synthetic INTEGER)')
    assert kinds(path) == {"rows": 1}


def test_a_sheet_with_a_row_for_each_person_is_found(tmp_path: Path) -> None:
    data = sheet("x")
    assert of_bytes(tmp_path, "a.xlsx", data) == {}
    assert of_bytes(tmp_path, "b.xlsx", _renamed(data)) == {"rows": 1}


def _renamed(data: bytes) -> bytes:
    """The spreadsheet with another first heading."""
    import io
    import zipfile

    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<t>note</t>", b"<t>person_id</t>"))
    return held.getvalue()


def test_a_table_with_as_many_rows_as_a_network_has_people_is_found(tmp_path: Path) -> None:
    rows = "age_group,synthetic\n" + "65-74,False\n" * 120
    assert of_bytes(tmp_path, "a.csv", rows, Known.of([], sizes=[120])) == {"rows": 120}
    assert of_bytes(tmp_path, "a.csv", rows, Known.of([], sizes=[121])) == {}


def test_a_column_with_another_code_in_each_row_is_found_whatever_it_is_called(tmp_path: Path) -> None:
    rows = "".join(f"{number:04d}ab{number:04d}cd,False\n" for number in range(20))
    assert of_bytes(tmp_path, "a.csv", f"row,synthetic\n{rows}") == {"rows": 20}


@pytest.mark.parametrize("code", ["E{:08d}", "P{:05d}", "{}", "2026-07-{:02d}", "0.{:010d}", "{} patients"])
def test_published_codes_dates_and_numbers_are_no_identifiers(tmp_path: Path, code: str) -> None:
    rows = "".join(f"{code.format(number)},False\n" for number in range(1, 31))
    assert of_bytes(tmp_path, "a.csv", f"row,synthetic\n{rows}") == {}


@pytest.mark.parametrize("column", ["date_of_birth", "DOB", "birth_date"])
def test_a_column_of_dates_of_birth_is_found(tmp_path: Path, column: str) -> None:
    found = of_bytes(tmp_path, "a.csv", f"{column},synthetic\n1980-07-03,False\n1981-08-04,False\n")
    assert found["birth"] >= 2


def test_a_column_of_ages_in_days_is_found(tmp_path: Path) -> None:
    assert of_bytes(tmp_path, "a.csv", "age_in_days,synthetic\n16072,False\n") == {"birth": 1}


# -- what was not released ---------------------------------------------------------------------------------


def test_a_table_that_did_not_pass_the_gate_is_found(tmp_path: Path) -> None:
    assert of_bytes(tmp_path, "a.html", page('<table class="dataframe"><tr><th>x</th></tr></table>')) == {
        "unreleased": 1
    }
    assert of_bytes(tmp_path, "a.csv", "age_group,patients\n65-74,215\n") == {"unreleased": 1}
    method = '<div role="region" aria-label="Table: files"><table><tr><th>What</th></tr></table></div>'
    assert of_bytes(tmp_path, "a.html", page(method)) == {}
    assert of_bytes(tmp_path, "a.html", page(f"{method}<table><tr><th>x</th></tr></table>")) == {"unreleased": 1}


def test_an_output_of_a_notebook_that_this_package_did_not_show_is_found(tmp_path: Path) -> None:
    printed = {"output_type": "stream", "name": "stdout", "text": ["215\n"]}
    bare = {"output_type": "execute_result", "data": {"text/plain": "215"}, "metadata": {}, "execution_count": 1}
    error = {"output_type": "error", "ename": "KeyError", "evalue": "215", "traceback": []}
    assert of_bytes(tmp_path, "a.ipynb", notebook(printed, bare, shown(plain="215"))) == {"unreleased": 2}
    assert of_bytes(tmp_path, "a.ipynb", notebook(error)) == {"traceback": 1}
    assert SHOWN_BY == MARK


def test_scripts_of_others_are_passed_over_word_for_word_only(tmp_path: Path) -> None:
    script = "const teal = 9434765919;"
    path = tmp_path / "a.html"
    path.write_bytes(page(f"<script>{script}</script>"))
    assert check_files([path], libraries=[digest(script)]) == []
    path.write_bytes(page(f"<script>{script} </script><script>{script}//</script>"))
    assert {one.kind: one.times for one in check_files([path], libraries=[digest(script)])} == {"nhs": 1}


def test_a_picture_with_nothing_to_say_is_clean(tmp_path: Path) -> None:
    assert of_bytes(tmp_path, "a.png", picture()) == {}


def test_a_message_is_searched_as_well() -> None:
    assert check_words("Column a: 3 rows hold no value") == ""
    assert check_words(f"{PERSON} of CH41 5AL", KNOWN) == "1 whole postcode and 1 pseudonym of a person"
    assert all(re.fullmatch(r"[A-Za-z ]+", name) for names in KINDS.values() for name in names)
