"""Records of people from the command line: checked, refused, pseudonymised, linked, mapped and stored by network."""

from __future__ import annotations

import datetime as dt
import json
import os
import stat
from dataclasses import fields
from pathlib import Path

import pytest
import typer
from test_bad_input import new_project, refuses, run

from pcn_analysis import engine
from pcn_analysis.cli import app
from pcn_analysis.commands import clock
from pcn_analysis.commands.records import Records, option
from pcn_analysis.population import load_population
from pcn_analysis.prepared import save_place
from pcn_analysis.settings import ROOT_VARIABLE
from pcn_analysis.synthetic.place import invent_place
from tests import deliveries

pytestmark = pytest.mark.journey

DAY = deliveries.EXTRACT_DATE.isoformat()
PERSONS = "person_id,sex,birth_date,birth_precision,practice_code,lsoa21\n"
SECRET = "SECRETPERSON"


@pytest.fixture(autouse=True)
def day_after(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the clock says, these commands run on the day after the extract was taken."""
    monkeypatch.setattr(clock, "today", lambda: dt.date(2026, 7, 2))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in which only the invented place has been prepared."""
    root = new_project(tmp_path / "project")
    save_place(invent_place(), root / "data" / "processed")
    (root / "data" / "processed" / "people").mkdir(mode=0o700)
    return root


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    """Five people: of two networks, of a practice elsewhere, of a practice that is not known, and not born yet."""
    practices = invent_place().tables["practices"].frame
    own = practices[practices["in_place"] & practices["pcn_code"].notna()].drop_duplicates("pcn_code")["practice_code"]
    one, other = own.iloc[:2]
    folder = tmp_path / "our tables"
    folder.mkdir()
    rows = [
        (f"00{SECRET}1", "female", "1950-03-15", one),
        (f"00{SECRET}2", "male", "1944-11-15", other),
        (f"00{SECRET}3", "male", "1944-11-15", "Z99999"),
        (f"00{SECRET}4", "female", "1960-01-15", "V81999"),
        (f"00{SECRET}5", "female", "2099-01-15", one),
    ]
    lines = [f"{person},{sex},{born},month,{practice},\n" for person, sex, born, practice in rows]
    (folder / "persons.csv").write_text(PERSONS + "".join(lines), encoding="utf-8")
    return folder


def stored(root: Path) -> dict[str, int]:
    """Rows of persons in each stored group."""
    folders = sorted((root / "data/processed/people").glob("*/records/pcn_code=*"))
    return {one.name: len(engine.to_pandas(engine.scan(one / "persons.parquet"))) for one in folders}


def prepare(root: Path, extract: Path, *more: object):
    return run(root, "prepare", "--tables", extract, "--place", "synthetic", "--extract-date", "2026-07-01", *more)


def test_people_go_to_the_network_of_their_practice_and_the_rest_is_counted(project, extract):
    ended = prepare(project, extract)
    assert ended.code == 0, ended.err
    assert stored(project) == {"pcn_code=U": 1, "pcn_code=U00001": 1, "pcn_code=U00002": 1}
    assert "Left out: persons: born after the extract was taken: 1" in ended.out
    assert "Left out: persons.practice_code: people of 1 practice elsewhere than in Marlhaven: 1" in ended.out
    assert "Prepared 3 people of Marlhaven, in 3 networks." in ended.out
    assert SECRET not in ended.out + ended.err


def test_identifiers_keep_their_leading_zeros_from_the_file_to_the_store(project, extract, monkeypatch):
    prepare(project, extract)
    monkeypatch.setenv(ROOT_VARIABLE, str(project))
    persons = engine.to_pandas(load_population("synthetic", "U").tables["persons"])
    assert persons["person_id"].to_list() == [f"00{SECRET}4"]


def test_a_network_that_a_later_delivery_does_not_hold_is_stored_no_longer(project, extract):
    prepare(project, extract)
    people = extract / "persons.csv"
    lines = people.read_text(encoding="utf-8").splitlines(keepends=True)
    people.write_text("".join(lines[:2]), encoding="utf-8")
    assert prepare(project, extract).code == 0
    assert stored(project) == {"pcn_code=U00001": 1}


def test_check_stores_nothing_but_a_report_that_its_owner_alone_can_read(project, extract):
    ended = run(project, "check", "--tables", extract, "--extract-date", "2026-07-01", "--place", "synthetic")
    assert ended.code == 0, ended.err
    assert stored(project) == {}
    page = project / "data/restricted/checks/synthetic/check.html"
    assert "is not to be published" in ended.out
    assert str(page) in ended.out
    if os.name == "posix":
        assert stat.S_IMODE(page.stat().st_mode) == 0o600
    told = page.read_text(encoding="utf-8") + page.with_suffix(".json").read_text(encoding="utf-8")
    assert SECRET not in told
    assert json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    assert not list((project / "data/processed/people").glob(".*")), "the workspace is removed"


def test_the_last_day_of_the_records_has_to_be_known_and_the_message_helps(project, tmp_path):
    rows = deliveries.hospital().write(tmp_path / "hospital")
    last = r"--extract-date: nothing says when the records were taken\. The last date in them is 20\d\d-"
    refuses(project, "prepare", "--hospital", rows, says=(last,))


@pytest.mark.parametrize("command", ["check", "prepare"])
def test_records_that_end_before_the_index_date_are_refused_by_check_as_by_prepare(project, extract, command):
    late = "the index date {} is later than the day after the records were taken, {}"
    given = command, "--tables", extract, "--place", "synthetic", "--extract-date"
    refuses(project, *given, "2025-01-01", says=(late.format("2026-07-01", "2025-01-01"),))
    refuses(
        project, *given, "2026-06-01", "--index-date", "2026-07-01", says=(late.format("2026-07-01", "2026-06-01"),)
    )
    ended = run(project, *given, "2025-01-01", "--index-date", "2025-01-02")
    assert ended.code == 0, ended.err


def test_check_and_prepare_have_the_same_options_on_records():
    commands = typer.main.get_command(app).commands
    options = [[one for each in commands[name].params for one in each.opts] for name in ("check", "prepare")]
    assert {option(one.name) for one in fields(Records)} <= set(options[0]) & set(options[1])


def test_a_day_that_has_not_come_is_refused_and_so_is_what_is_no_day(project, extract):
    given = "check", "--tables", extract, "--extract-date"
    assert run(project, *given, "2026-07-02").code == 0
    tomorrow = "2026-07-03 has not come yet"
    refuses(project, *given, "2026-07-03", "--index-date", "2026-07-03", "--name", "ours",
            says=(f"--extract-date: {tomorrow}", f"--index-date: {tomorrow}"))  # fmt: skip
    ended = run(project, *given, "1.7.2026")
    assert (ended.code, "Write it as 2026-07-01" in " ".join(ended.err.replace("│", " ").split())) == (2, True)


WITHOUT_RECORDS = r"has no effect without records\. Give --gp-extract, --wide, --omop, --hospital or --tables as well"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("--tables", ".", "--mapping", "."), [r"--mapping: has no effect without --wide\. Give --wide as well, or"]),
        (("--tables", ".", "--layout", "."), [r"--layout: has no effect without --gp-extract"]),
        (("--wide", ".", "--codelists", "."), [
            r"--codelists: has no effect without --gp-extract, --omop, --hospital or --tables",
            r"--wide: nothing says which column is which\. Give --mapping",
        ]),
        (("--tables", ".", "--name", "a", "--place", "synthetic"), [r"--name: has no effect with --place, whose name"]),
        (("--tables", ".", "--open-data", ".", "--vintage", "2023-07", "--allow-unmapped"), [
            rf"{one}: has no effect with records\. Leave it out" for one in ("--open-data", "--vintage",
                                                                            "--allow-unmapped")
        ]),
        (("--place", "synthetic", "--opt-outs", ".", "--index-date", "2999-01-01"), [
            rf"{one}: {WITHOUT_RECORDS}" for one in ("--index-date", "--opt-outs")
        ]),
        (("--synthetic", "--vintage", "2026-07", "--allow-unmapped"), [r"--synthetic: .* Leave out --vintage and"]),
        (("--gp-extract", "nowhere", "--layout", ".", "--pseudonymise", SECRET * 30), [
            r"--gp-extract: there is no file or folder nowhere\. Check", r"--layout: there is no file \.\. Check",
            r"--pseudonymise: there is no file of that name\. Check",
        ]),
    ],
    ids=["mapping", "layout", "codelists", "name", "published files", "no records", "invented place", "not there"],
)  # fmt: skip
def test_options_without_an_effect_and_files_that_are_not_there_are_told_together(project, given, says):
    lines = refuses(project, "prepare", *given, says=tuple(says))
    assert SECRET not in " ".join(lines)


def test_records_without_a_name_are_refused_before_they_are_read(project, extract):
    for command in ("check", "prepare"):
        refuses(project, command, "--tables", extract, "--name", "?!", "--extract-date", "2026-07-01",
                says=(r"--name: the records have no name with a letter or digit",))  # fmt: skip


def test_who_is_on_a_list_of_opt_outs_is_left_out_and_the_command_says_so(project, extract, tmp_path):
    listed = tmp_path / "listed.csv"
    listed.write_text(f"person_id\n00{SECRET}1\nNOBODY\n", encoding="utf-8")
    ended = prepare(project, extract, "--opt-outs", listed)
    assert ended.code == 0, ended.err
    assert stored(project) == {"pcn_code=U": 1, "pcn_code=U00002": 1}
    assert "Noted: listed.csv: people listed as opted out: 2\n" in ended.out
    assert "Noted: listed.csv: people listed as opted out who are in no delivery: 1\n" in ended.out
    assert "observation_period" not in ended.out, "what else was noted is in the report alone"


def test_identifiers_are_refused_with_their_column_and_never_a_value(project, extract):
    people = extract / "persons.csv"
    text = (
        people.read_text(encoding="utf-8").replace(f"00{SECRET}1", "9434765919").replace(f"00{SECRET}2", "9434765870")
    )
    kept = [line for line in text.splitlines() if SECRET not in line]
    people.write_text("\n".join(kept) + "\n", encoding="utf-8")
    lines = refuses(project, "prepare", "--tables", extract, "--extract-date", "2026-07-01",
                    says=(r"persons\.csv, person_id: holds 2 NHS numbers\. .*--pseudonymise KEYFILE",))  # fmt: skip
    assert "9434765919" not in " ".join(lines)


def test_with_a_key_people_become_pseudonyms_that_always_come_out_the_same(project, extract, tmp_path, monkeypatch):
    key = tmp_path / "key.txt"
    assert run(project, "key", key).code == 0
    refuses(project, "key", key, says=(r"key\.txt",))
    monkeypatch.setenv(ROOT_VARIABLE, str(project))
    found = []
    for _ in range(2):
        assert prepare(project, extract, "--pseudonymise", key).code == 0
        found.append(engine.to_pandas(load_population("synthetic", "U").tables["persons"])["person_id"].to_list())
    assert found[0] == found[1]
    assert SECRET not in found[0][0]
    assert found[0][0].startswith("p")


def test_a_gp_extract_and_hospital_rows_are_linked_and_the_command_says_who_matched(project, tmp_path):
    gp, hospital = deliveries.emis(), deliveries.hospital()
    asked = gp.asked(gp.write(tmp_path / "gp"), tmp_path / "beside")
    ended = run(project, "check", "--gp-extract", asked.deliveries["gp_extract"], "--codelists", asked.codelists,
                "--hospital", hospital.write(tmp_path / "hospital"), "--extract-date", DAY,
                "--name", "both")  # fmt: skip
    assert ended.code == 0, ended.err
    report = json.loads((project / "data/restricted/checks/both/check.json").read_text(encoding="utf-8"))
    assert "both" in json.dumps(report["links"])


def test_a_wide_file_goes_from_suggestion_to_store(project, tmp_path):
    folder = deliveries.wide().write(tmp_path / "wide")
    [file] = list(folder.iterdir())
    ended = run(project, "mapping", "suggest", file)
    assert ended.code == 0, ended.err
    suggested = file.with_suffix(".mapping.yaml")
    assert "persons:" in suggested.read_text(encoding="utf-8")
    refuses(project, "mapping", "suggest", file, says=(r"mapping\.yaml",))
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(deliveries.wide().mapping, encoding="utf-8")
    ended = run(project, "prepare", "--wide", file, "--mapping", mapping, "--extract-date", DAY)
    assert ended.code == 0, ended.err
    assert set(stored(project)) == {"pcn_code=U"}
    refuses(project, "prepare", "--wide", file, says=(r"nothing says which column is which\. Give --mapping",))


def test_records_that_are_known_to_be_of_nobody_are_labelled(project, tmp_path):
    omop = deliveries.omop("duckdb")
    ended = run(project, "prepare", "--omop", omop.write(tmp_path / "omop"), "--synthetic", "--name", "A study")
    assert ended.code == 0, ended.err
    assert "Next: pcn-analysis report --place records-a-study" in ended.out
    facts = json.loads((project / "data/processed/records-a-study/place.json").read_text(encoding="utf-8"))
    assert facts["synthetic"] is True


def test_a_fault_of_ours_is_told_by_its_kind_and_kept_where_it_may_lie(project, extract, monkeypatch):
    def broken(*_, **__):
        raise ValueError(SECRET)

    monkeypatch.setattr("pcn_analysis.reports.extracts.quality", broken)
    ended = prepare(project, extract)
    assert ended.code == 2
    assert SECRET not in ended.out + ended.err
    assert "something went wrong that nobody foresaw (ValueError)" in ended.err
    [kept] = list((project / "data/restricted/failed").glob("extract.*/traceback.txt"))
    assert SECRET in kept.read_text(encoding="utf-8")
