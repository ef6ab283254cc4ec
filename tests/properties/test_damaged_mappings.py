"""What comes beside records, damaged: a mapping file or a codelist that is none is one of our errors."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from tests.brought import bring, lists_read_once
from tests.deliveries import EXAMPLES, LISTS
from tests.judged import LIBRARY_WORDS, check_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.properties


@pytest.fixture(autouse=True, scope="module")
def _lists_are_read_once() -> Iterator[None]:
    with lists_read_once():
        yield


NO_MAPPINGS = {
    "nothing": "",
    "no YAML": "persons: {person_id: [",
    "a list": "- persons\n- conditions\n",
    "a word": "persons",
    "bytes": "\x00\x01\x02",
    "wrong types": "persons: 7\nconditions: [1, 2]\nskip_lines: many\n",
    "unknown keys": "persons: {person_id: PATIENT_PSEUDO, shoe_size: 9}\nweather: fine\n",
    "columns that are not there": "persons: {person_id: NOBODY, birth_date: NEVER}\nextract_date: 2026-03-31\n",
    "itself": "persons: &a {person_id: *a}\n",
    "a Python object": "persons: !!python/object/apply:os.system [echo]\n",
    "a laughing billion": "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\npersons: *c\n",
    "the same key twice": "persons: {person_id: A, birth_date: B}\npersons: {person_id: C, birth_date: D}\n",
    "a very deep one": "persons: " + "{a: " * 2000 + "1" + "}" * 2000,
}


@pytest.mark.parametrize("what", NO_MAPPINGS)
def test_a_mapping_file_that_is_none_is_one_of_our_errors(what: str, tmp_path: Path) -> None:
    one = EXAMPLES["wide"]()
    one.mapping = NO_MAPPINGS[what] or "\n"
    asked = one.asked(one.write(tmp_path / "delivery"), tmp_path / "beside")
    with pytest.raises(PcnAnalysisError) as error:
        bring(asked, tmp_path / "people")
    check_words([str(it) for it in error.value.problems], one, {})


def test_a_mapping_file_with_lines_of_it_changed_is_one_of_our_errors_or_read(tmp_path: Path) -> None:
    refused, rng = 0, random.Random(3)
    for number in range(25):
        one = EXAMPLES["wide"]()
        lines = one.mapping.strip().splitlines()
        spot = rng.randrange(len(lines))
        lines[spot] = rng.choice(["", lines[spot][:-3], lines[spot].upper(), f"{lines[spot]}: 1", "\t- [", "? : -"])
        one.mapping = "\n".join(lines)
        asked = one.asked(one.write(tmp_path / f"{number}" / "delivery"), tmp_path / f"{number}" / "beside")
        try:
            bring(asked, tmp_path / "people")
        except PcnAnalysisError as error:
            refused += 1
            check_words([str(it) for it in error.problems], one, {})
    assert refused > 10


NO_LISTS = {
    "no manifest": ("codelists.csv", None),
    "a manifest without a header": ("codelists.csv", "diabetes.csv,invented,1,snomed\n"),
    "a manifest of bytes": ("codelists.csv", "\x00\x01"),
    "a file outside the folder": ("codelists.csv", LISTS["codelists.csv"].replace("bmi.csv", "../../bmi.csv")),
    "an unknown system": ("codelists.csv", LISTS["codelists.csv"].replace("snomed", "barcode")),
    "codes as Excel writes them": ("diabetes.csv", "code,term\n4.4E+07,Diabetes\n"),
    "a wrong check digit": ("diabetes.csv", "code,term\n44054007,Diabetes\n"),
    "no codes": ("diabetes.csv", "code,term\n"),
    "an empty file": ("diabetes.csv", ""),
    "no columns": ("diabetes.csv", "44054006\n"),
}


@pytest.mark.parametrize("what", NO_LISTS)
def test_a_codelist_that_is_none_is_one_of_our_errors(what: str, tmp_path: Path) -> None:
    name_of_file, content = NO_LISTS[what]
    one = EXAMPLES["gp_extract (TPP)"]()
    one.codelists = {key: text for key, text in one.codelists.items() if key != name_of_file}
    one.codelists |= {name_of_file: content} if content is not None else {}
    asked = one.asked(one.write(tmp_path / "delivery"), tmp_path / "beside")
    with pytest.raises(PcnAnalysisError) as error:
        bring(asked, tmp_path / "people")
    lines = [str(it) for it in error.value.problems]
    assert lines
    assert not any(LIBRARY_WORDS.search(line) for line in lines)
