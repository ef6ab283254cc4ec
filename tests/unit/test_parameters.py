"""Parameters that an analyst sets are checked before a notebook sees them, from the command and from the file."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.place import Place
from pcn_analysis.prepared import save_place
from pcn_analysis.reports.catalogue import Parameter, find_report
from pcn_analysis.reports.jobs import Job, sealed
from pcn_analysis.reports.parameter_checks import impossible
from pcn_analysis.reports.parameter_values import converted, misfit
from pcn_analysis.reports.planning import plan
from pcn_analysis.segmentation.models import PUBLISHED
from pcn_analysis.settings import Settings

pytestmark = pytest.mark.unit

MONEY, TEAM = "13_workforce_and_money", "14_team_plan"


@pytest.fixture
def stored(project: Settings, marlhaven: Place) -> Settings:
    """A project with the invented place."""
    save_place(marlhaven, project.processed)
    return project


def lasting(settings: Settings, *lines: str, header: str = "notebook,pcn_code,parameter,value") -> None:
    path = settings.root / "config" / "parameters.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([header, *lines]), encoding="utf-8")


def planned(settings: Settings, place: Place, *sets: str, notebooks: tuple[str, ...] = ("13",)) -> list[Job]:
    return plan(settings, [place], [], list(notebooks), sets=sets).jobs


def given(settings: Settings, place: Place, *sets: str, notebooks: tuple[str, ...] = ("13",)) -> dict[str, Any]:
    """What each network's page is given."""
    return {job.pcn_code: dict(job.given) for job in planned(settings, place, *sets, notebooks=notebooks)}


def refused(settings: Settings, place: Place, *sets: str, notebooks: tuple[str, ...] = ("13",)) -> list[str]:
    with pytest.raises(PcnAnalysisError) as caught:
        planned(settings, place, *sets, notebooks=notebooks)
    return [str(one) for one in caught.value.problems]


# -- text becomes a value ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("0042", "str", "0042"), (" 01 ", "str", "01"), ("", "str", ""), ("1e3", "str", "1e3"), ("true", "str", "true"),
        ("0042", "int", 42), ("-3", "int", -3), ("+3", "int", 3),
        ("2.5", "float", 2.5), ("60", "float", 60.0), ("1e3", "float", 1000.0), (".5", "float", 0.5),
        ("true", "bool", True), ("Yes", "bool", True), ("FALSE", "bool", False), ("no", "bool", False),
        ('["01", "02"]', "list[str]", ["01", "02"]), ("[]", "list[int]", []), ("[1, 2.5]", "list[float]", [1, 2.5]),
        ('{"GP": 10}', "dict[str, int]", {"GP": 10}), ('{"a": ["01"]}', "dict[str, list[str]]", {"a": ["01"]}),
        ("none", "int | None", None), ("3", "int | None", 3), ("none", "str", "none"),
    ],
)  # fmt: skip
def test_text_becomes_a_value_of_the_declared_type(text: str, kind: str, value: Any) -> None:
    read = converted(text, kind)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("1.5", "int", "whole number"), ("1e3", "int", "whole number"), ("1_000", "int", "whole number"),
        ("1,000", "int", "whole number"), ("", "int", "whole number"), ("٣", "int", "whole number"),
        ("nan", "float", "a number"), ("inf", "float", "a number"), ("-Infinity", "float", "a number"),
        ("1e999", "float", "no finite number"), ("1,5", "float", "a number"), ("£5", "float", "a number"),
        ("1", "bool", "true or false"), ("", "bool", "true or false"), ("maybe", "bool", "true or false"),
        ("a, b", "list[str]", "list in JSON"), ('{"a": 1}', "list[str]", "not list"), ("[1]", "list[str]", "not str"),
        ("[NaN]", "list[float]", "list in JSON"), ("[1e999]", "list[float]", "no finite number"),
        ("[true]", "list[int]", "not int"), ('{"a": 1.5}', "dict[str, int]", "not int"),
        ('{"a": 1, "a": 2}', "dict[str, int]", "names and values in JSON"), ("{'a': 1}", "dict[str, int]", "in JSON"),
        ("x", "date", "cannot be set"), ("x", "tuple[int, int]", "cannot be set"),
    ],
)  # fmt: skip
def test_text_that_is_no_such_value_is_refused(text: str, kind: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        converted(text, kind)


@pytest.mark.parametrize(
    "value",
    [
        np.int64(3), np.float64(2.5), np.bool_(True), (1, 2), {1, 2}, dt.date(2026, 4, 1), Path("a"), b"a",
        float("nan"), float("inf"), [np.int64(3)], {"a": (1,)}, {1: "a", dt.date(2026, 4, 1): "b"},
        type("Own", (str,), {})("a"),
    ],
    ids=repr,
)  # fmt: skip
def test_nothing_that_papermill_would_turn_into_text_reaches_a_notebook(value: Any, project: Settings) -> None:
    job = Job("synthetic", "U00001", "Harbour PCN", find_report("13"), given=(("beds", value),))
    with pytest.raises(PcnAnalysisError, match="synthetic, U00001, 13_workforce_and_money: the parameter beds is"):
        job.parameters(project, ["beds"])
    assert misfit(value, "float") != ""


def test_what_a_run_sets_by_itself_is_held_against_the_declared_type(stored: Settings) -> None:
    job = Job("synthetic", "U00001", "Harbour PCN", find_report("03"), "synthetic")
    assert sealed([job], stored)
    for wrong in ({"monthly_capacity": 60.0}, {"slots": {"GP": 1.5}}, {"monthly_capacity": True}):
        with pytest.raises(PcnAnalysisError, match="not int"):
            sealed([job], replace(stored, **wrong))


# -- whether a value can be -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "possible"),
    [("2026-03-31", True), ("2028-02-29", True), ("2026-02-29", False), ("2026-02-30", False), ("20260401", False),
     ("01/04/2026", False), ("2026-4-1", False), ("", False)],
)  # fmt: skip
def test_where_the_default_is_a_date_only_a_real_day_can_be(text: str, possible: bool, project: Settings) -> None:
    assert bool(list(impossible("as_at", text, Parameter("str", "2026-04-01"), project))) is not possible


@pytest.mark.parametrize(
    ("notebook", "text", "said"),
    [
        ("13", "contract_year=2024-25", "2024-25 is none. Did you mean 2024/25"),
        ("13", "compared_year=2024", "2024 is none"),
        ("02", "model_name=system-p", "there is none called system-p. Did you mean system_p?"),
        ("05", "other_model=sne", "there is none called sne"),
        ("03", "cohort=carer", "there is none called carer. Did you mean carers?"),
        ("14", "own_assumptions=ours", "there is no folder of data/raw/"),
        ("14", "own_assumptions=/etc", "a page would name a file or folder outside"),
        ("14", "own_assumptions=../processed", "a page would name a file or folder outside"),
        ("02", "model_name=/home/someone/mine.yaml", "a page would name a file or folder outside"),
        ("02", "model_name=C:\\mine.yaml", "a page would name a file or folder outside"),
        ("02", "model_name=config/mine.yaml", "there is no file config/mine.yaml in the project"),
        ("10", "grouping=neighborhoods", "Marlhaven has no grouping “neighborhoods”"),
        ("13", "beds=many", "its value is not a number, as 2.5. It is declared as float in notebook 13_w"),
    ],
)
def test_what_a_parameter_names_has_to_be_there(
    notebook: str, text: str, said: str, stored: Settings, marlhaven: Place
) -> None:
    [line] = refused(stored, marlhaven, text, notebooks=(notebook,))
    assert line.startswith(f"--set {text.partition('=')[0]}: ")
    assert said in line


@pytest.mark.parametrize(
    ("notebook", "text"),
    [("13", "contract_year=2024/25"), ("02", "model_name=snee"), ("05", "other_model="), ("03", "cohort=carers"),
     ("14", "own_assumptions="), ("10", "grouping=pcn"), ("03", 'slots={"GP": 4}'), ("14", "staff_stay=no")],
)  # fmt: skip
def test_what_can_be_is_taken(notebook: str, text: str, stored: Settings, marlhaven: Place) -> None:
    assert all(
        list(one) == [text.partition("=")[0]] for one in given(stored, marlhaven, text, notebooks=(notebook,)).values()
    )


# -- for one run ------------------------------------------------------------------------------------------


def test_all_that_is_wrong_with_what_is_set_is_told_at_once(stored: Settings, marlhaven: Place) -> None:
    lasting(stored, "13,U00001,beds,some", "13,U00009,beds,3", "31,,beds,3", "13,,bed,3")
    said = refused(stored, marlhaven, "bed=3", "place=x", "pcn_code=x", "people=x", "beds=1", "beds=2", "beds", "=3",
                   notebooks=("02", "13"))  # fmt: skip
    assert said == [
        "config/parameters.csv, line 2, beds: its value is not a number, as 2.5. It is declared as float in notebook "
        "13_workforce_and_money.",
        "config/parameters.csv, line 4: there is no notebook '31'. Known: 01_population_profile, 02_segmentation, "
        "03_anticipatory_care, 04_network_footprint, 05_segment_comparison, 06_admission_risk, 07_score_agreement, "
        "08_place_networks …",
        "config/parameters.csv, line 5: notebook 13_workforce_and_money has no parameter 'bed'. Did you mean beds?",
        "--set bed: no notebook of this run has such a parameter. Did you mean beds?",
        "--set place: cannot be set. Choose it with --place.",
        "--set pcn_code: cannot be set. Choose it with --pcn.",
        "--set people: cannot be set. Choose it with --with-synthetic-people.",
        "--set beds: is given twice. Give it once.",
        "--set: 'beds' is not NAME=VALUE. Write it as contract_year=2024/25.",
        "--set: '=3' is not NAME=VALUE. Write it as contract_year=2024/25.",
        "config/parameters.csv, line 3, beds: no prepared place has a network 'U00009'. Did you mean U00007 or U00006 "
        "or U00005?",
    ]


def test_a_parameter_that_no_chosen_notebook_declares_is_refused(stored: Settings, marlhaven: Place) -> None:
    [line] = refused(stored, marlhaven, "beds=3", notebooks=("01", "04"))
    assert line.startswith("--set beds: no notebook of this run has such a parameter")


def test_what_is_set_reaches_the_notebooks_that_declare_it_and_no_others(stored: Settings, marlhaven: Place) -> None:
    jobs = planned(stored, marlhaven, "contract_year=2024/25", notebooks=("01", "11", "13"))
    assert {(job.report.name[:2], job.given) for job in jobs} == {
        ("01", ()), ("11", (("contract_year", "2024/25"),)), ("13", (("contract_year", "2024/25"),)),
    }  # fmt: skip
    [job, *_] = [job for job in jobs if job.report.name == MONEY]
    assert job.parameters(stored, job.report.defaults(stored.notebooks))["contract_year"] == "2024/25"


# -- lasting, and by network ------------------------------------------------------------------------------


def test_the_network_counts_more_than_every_network_and_the_run_counts_most(stored: Settings, marlhaven: Place) -> None:
    lasting(stored, "13,,beds,1", "13,U00002,beds,2", "Workforce and money,U00003,adjusted_patients,30000", "", ",,,")
    told = given(stored, marlhaven)
    assert told["U00001"] == {"beds": 1.0}
    assert told["U00002"] == {"beds": 2.0}
    assert told["U00003"] == {"adjusted_patients": 30000.0, "beds": 1.0}
    assert {one["beds"] for one in given(stored, marlhaven, "beds=7").values()} == {7.0}
    assert set(map(str, given(stored, marlhaven, notebooks=("01",)).values())) == {"{}"}


def test_the_file_is_read_as_text_whatever_wrote_it(stored: Settings, marlhaven: Place) -> None:
    path = stored.root / "config" / "parameters.csv"
    path.parent.mkdir(exist_ok=True)
    rows = 'notebook,pcn_code,parameter,value\r\n03,U00001,slots,"{""GP"": 4}"\r\n03, U00002 , cohort ,carers\r\n'
    path.write_bytes(b"\xef\xbb\xbf" + rows.encode())
    told = given(stored, marlhaven, notebooks=("03",))
    assert told["U00001"] == {"slots": {"GP": 4}}
    assert told["U00002"] == {"cohort": "carers"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "config/parameters.csv: has other columns"),
        (b"notebook;pcn_code;parameter;value\n", "config/parameters.csv: has other columns"),
        (b"notebook,pcn_code,parameter,value\n13,,beds\n", "line 2: does not have 4 cells"),
        (b'notebook,pcn_code,parameter,value\n03,,slots,{"GP": 4, "nurse": 1}\n', "line 2: does not have 4 cells"),
        (b'notebook,pcn_code,parameter,value\n13,,beds,"3\n', "line 2: is not sound CSV"),
        (b"notebook,pcn_code,parameter,value\n13,,beds,\xa35\n", "is not text in UTF-8"),
        (
            b"notebook,pcn_code,parameter,value\n13,,beds,1\n\n13,,beds,2\n",
            "line 4: beds is set in config/parameters.c",
        ),
        (b"notebook,pcn_code,parameter,value\n13,,place,x\n", "line 2, place: cannot be set. Choose it with --place."),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_its_line(
    text: bytes, said: str, stored: Settings, marlhaven: Place
) -> None:
    path = stored.root / "config" / "parameters.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text)
    [line] = refused(stored, marlhaven, notebooks=("01",))
    assert said in line


# -- what a page depends on -------------------------------------------------------------------------------


def test_a_page_is_of_its_own_parameters_alone(stored: Settings, marlhaven: Place) -> None:
    before = {job.page: job.made_from for job in planned(stored, marlhaven)}
    lasting(stored, "13,U00002,beds,2")
    after = {job.page: job.made_from for job in planned(stored, marlhaven)}
    assert {page[1] for page in before if before[page] != after[page]} == {"U00002"}


def test_a_page_depends_on_what_is_in_files_that_its_parameters_name(stored: Settings, marlhaven: Place) -> None:
    folder = stored.raw / "ours"
    folder.mkdir()
    (folder / "assumptions.csv").write_text(
        "assumption,applies_to,value,unit,standing,source,note\nweekly_hours,,36,hours,our choice,Us,\n",
        encoding="utf-8",
    )
    model = stored.root / "config" / "mine.yaml"
    model.parent.mkdir(exist_ok=True)
    model.write_text((PUBLISHED / "system_p.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    sets = ("own_assumptions=ours", "model_name=config/mine.yaml")

    def hashes() -> set[str]:
        return {job.made_from for job in planned(stored, marlhaven, *sets, notebooks=("14",))}

    before = hashes()
    assert hashes() == before
    for path in (folder / "assumptions.csv", model):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(",36,", ",37,").replace("within_months: 24", "within_months: 12"), "utf-8")
        assert before.isdisjoint(hashes())
        path.write_text(text, encoding="utf-8")


def test_a_page_depends_on_the_files_that_its_network_has_given(stored: Settings, marlhaven: Place) -> None:
    before = {job.pcn_code: job.made_from for job in planned(stored, marlhaven)}
    claims = stored.raw / "claims" / "marlhaven" / "U00002.csv"
    claims.parent.mkdir(parents=True)
    claims.write_text("month\n", encoding="utf-8")
    after = {job.pcn_code: job.made_from for job in planned(stored, marlhaven)}
    assert {code for code in before if before[code] != after[code]} == {"U00002"}


def test_every_parameter_of_every_notebook_is_of_a_type_that_can_be_set(project: Settings) -> None:
    for name in sorted(path.stem for path in project.notebooks.glob("*.ipynb")):
        for parameter, one in find_report(name).declared(project.notebooks).items():
            assert misfit(one.default, one.kind) == "", (name, parameter)
            json.dumps(one.default)
