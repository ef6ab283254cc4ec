"""Our own tables as CSV or Parquet: read by name, and nothing by any other name."""

from contextlib import contextmanager

import pandas as pd
import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.extracts import canonical
from pcn_analysis.extracts.delivery import open_delivery
from pcn_analysis.extracts.findings import Findings
from pcn_analysis.extracts.identifiers import Door
from pcn_analysis.extracts.typed import typed
from pcn_analysis.extracts.workspace import workspace

pytestmark = pytest.mark.unit

PERSONS = "person_id,sex,birth_date,practice_code\n007,female,1950-06-15,N85001\n"
CONDITIONS = (
    "person_id,condition_start_date,code,code_system,condition,source\n"
    "007,2020-01-02,900000000000207008,snomed,asthma,gp\n007,2020-01-02,073211009,snomed,,gp\n"
)


@contextmanager
def delivered(folder, files):
    (folder / "in").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / "in" / f"{name}.csv").write_text(text, encoding="utf-8", newline="\n")
    with workspace(folder / "work") as space:
        yield open_delivery(folder / "in", space, Findings(), Door())


def test_tables_are_read_with_every_digit(tmp_path):
    with delivered(tmp_path, {"persons": PERSONS, "conditions": CONDITIONS}) as delivery:
        extract = canonical.read(delivery)
        relations = {feed.table: typed(delivery.space, feed, delivery.findings).relation for feed in extract.feeds}
        codes = delivery.space.rows(f"SELECT person_id, code FROM {relations['conditions']} ORDER BY code")
        person = delivery.space.row(f"SELECT person_id, birth_precision FROM {relations['persons']}")
    assert codes == [("007", "073211009"), ("007", "900000000000207008")]
    assert person == ("007", "day")
    assert extract.kind == "tables"
    assert extract.covered == frozenset(), "what rows name is found once it is known which rows stay"


def test_parquet_is_read_as_text_is(tmp_path):
    with delivered(tmp_path, {"persons": PERSONS}) as delivery:
        flags = pd.DataFrame(
            {"person_id": ["007"], "attribute_date": pd.to_datetime(["2026-07-01"]), "has_gout": [True]}
        )
        flags.to_parquet(tmp_path / "in" / "attributes.parquet")
        both = open_delivery(tmp_path / "in", delivery.space, delivery.findings, delivery.door)
        extract = canonical.read(both)
        feed = next(one for one in extract.feeds if one.table == "attributes")
        relation = typed(delivery.space, feed, delivery.findings).relation
        found = delivery.space.row(f"SELECT person_id, CAST(attribute_date AS VARCHAR), has_gout FROM {relation}")
    assert found == ("007", "2026-07-01", True)
    assert extract.covered == {"gout"}


def test_a_table_of_another_name_is_refused_with_the_nearest(tmp_path):
    files = {"person": PERSONS, "person_table": PERSONS}
    with delivered(tmp_path, files) as delivery, pytest.raises(PcnAnalysisError) as raised:
        canonical.read(delivery)
    said = [str(one) for one in raised.value.problems]
    assert "in, person: there is no table of this name. Did you mean persons" in said[0]
    assert said[1].startswith("in, person_table: there is no table of this name")
    assert said[2] == "in: holds no persons. Add persons.csv, one row a person."


def test_all_missing_columns_are_told_at_once(tmp_path):
    files = {"persons": "person_id,sex\n1,male\n", "conditions": "person_id,date,code,code_system,source\n1,2,3,4,5\n"}
    with delivered(tmp_path, files) as delivery, pytest.raises(PcnAnalysisError) as raised:
        canonical.read(delivery)
    said = [str(one).split(":")[0] for one in raised.value.problems]
    assert said == ["conditions.csv, condition_start_date", "persons.csv, birth_date"]


def test_unknown_columns_are_noted_and_not_read(tmp_path):
    with delivered(tmp_path, {"persons": PERSONS.replace("practice_code", "shoe_size")}) as delivery:
        extract = canonical.read(delivery)
        found = [str(one) for one in delivery.findings.rows]
    assert found[0] == "persons.csv: columns of no name that is known, not read: shoe_size: 1 (noted)"
    assert "shoe_size" not in extract.feeds[0].select


def test_tables_and_columns_that_are_not_there_are_noted(tmp_path):
    with delivered(tmp_path, {"persons": PERSONS}) as delivery:
        canonical.read(delivery)
        found = [str(one) for one in delivery.findings.rows]
    assert "conditions: people: no table conditions, so that nothing is known of it: 1 (noted)" in found
    [columns] = [one for one in found if one.startswith("persons.csv: no column ")]
    assert "lsoa21" in columns
    assert "birth_precision" not in columns


def births(folder, header, *rows):
    """Date and precision of birth of everyone, by person_id, and what was found of them."""
    with delivered(folder, {"persons": "\n".join([f"person_id,sex,{header}", *rows, ""])}) as delivery:
        [feed] = canonical.read(delivery).feeds
        relation = typed(delivery.space, feed, delivery.findings).relation
        cells = "CAST(birth_date AS VARCHAR), birth_precision"
        found = delivery.space.rows(f"SELECT {cells} FROM {relation} ORDER BY person_id")
        return found, [str(one) for one in delivery.findings.rows if one.where == "persons.birth_precision"]


def test_dates_of_birth_are_read_to_the_precision_that_they_are_given_in(tmp_path):
    rows = ("1,male,1950-06-15", "2,male,1950-03", "3,male,03/1950", "4,male,1950", "5,male,not known")
    found, findings = births(tmp_path, "birth_date", *rows)
    assert found == [
        ("1950-06-15", "day"), ("1950-03-15", "month"), ("1950-03-15", "month"), ("1950-07-01", "year"), (None, "day"),
    ]  # fmt: skip
    assert findings == []


def test_the_less_precise_of_the_date_and_of_what_is_said_of_it_is_believed(tmp_path):
    rows = ("1,male,1950-06-15,month", "2,male,1950-03,day", "3,male,1950-03,year", "4,male,1950,", "5,male,1950-03,")
    found, _ = births(tmp_path, "birth_date,birth_precision", *rows, "6,male,1950-06-15,")
    assert [precision for _, precision in found] == ["month", "month", "year", "year", "month", "day"]


def test_a_word_of_precision_that_cannot_be_read_is_counted_and_the_date_taken_as_it_is(tmp_path):
    rows = ("1,male,1950-06-15,roughly", "2,male,1950-03,roughly")
    found, findings = births(tmp_path, "birth_date,birth_precision", *rows)
    assert found == [("1950-06-15", "day"), ("1950-03-15", "month")]
    assert findings == ["persons.birth_precision: values other than day, month, year: 1 (set to missing)"]
