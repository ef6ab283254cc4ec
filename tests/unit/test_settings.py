"""Where the project is, and the choices that a user makes once."""

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.settings import ROOT_VARIABLE, SKILL_MIX, Settings, load_settings, project_root, read_settings

pytestmark = pytest.mark.unit

EXAMPLE = Path(__file__).parents[2] / "config" / "example.toml"


@pytest.fixture(autouse=True)
def _no_named_root(monkeypatch):
    monkeypatch.delenv(ROOT_VARIABLE, raising=False)


@pytest.fixture
def project(tmp_path):
    for folder in ("notebooks/working", "data/processed", "config"):
        (tmp_path / "project" / folder).mkdir(parents=True)
    return tmp_path / "project"


def written(project: Path, text: str) -> Path:
    path = project / "config" / "pcn_analysis.toml"
    path.write_text(text, encoding="utf-8")
    return path


# -- the project folder ------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", [".", "notebooks/working", "data/processed"])
def test_the_project_is_found_at_or_above(project, start):
    assert project_root(project / start) == project


def test_the_project_is_looked_for_from_the_current_folder(project, monkeypatch):
    monkeypatch.chdir(project / "notebooks")
    assert project_root() == project


def test_the_nearest_project_is_taken(project):
    inner = project / "notebooks" / "inner"
    (inner / "notebooks").mkdir(parents=True)
    (inner / "data" / "processed").mkdir(parents=True)
    assert project_root(inner / "notebooks") == inner


def test_the_variable_names_the_project(project, tmp_path, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    assert project_root(project) == tmp_path


def test_the_variable_may_name_a_folder_from_where_one_is(project, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(ROOT_VARIABLE, "project")
    settings = load_settings()
    monkeypatch.chdir(project / "notebooks")
    assert settings.root == project
    assert settings.processed == project / "data" / "processed"
    monkeypatch.setenv(ROOT_VARIABLE, "..")
    assert project_root() == project


def test_outside_a_project_the_remedy_is_said(tmp_path):
    with pytest.raises(PcnAnalysisError, match=f"set {ROOT_VARIABLE}"):
        project_root(tmp_path)


# -- the configuration -------------------------------------------------------------------------------------


def test_without_a_configuration_folders_lie_in_the_project(project):
    settings = load_settings(project)
    assert settings == Settings(project)
    assert settings.processed == project / "data" / "processed"
    assert settings.reports == project / "reports"


def test_the_example_is_valid_and_is_the_defaults(project):
    assert read_settings(EXAMPLE, project) == Settings(project)


def test_the_example_names_every_entry():
    entries = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    assert set(entries) == {field.name for field in fields(Settings)} - {"root"}


def test_a_configuration_changes_what_it_names(project, tmp_path):
    written(project, f'raw = "{(tmp_path / "downloads").as_posix()}"\nreports = "out"\njobs = 4\ncell_minutes = 0.5\n')
    settings = load_settings(project)
    assert settings.raw == tmp_path / "downloads"
    assert settings.reports == project / "out"
    assert (settings.jobs, settings.cell_minutes) == (4, 0.5)
    assert settings.notebooks == project / "notebooks"


@pytest.mark.parametrize(("said", "is_file"), [("snee", False), ("config/mine.yaml", True)])
def test_a_model_is_a_name_or_a_file_of_the_project(project, said, is_file):
    written(project, f'model = "{said}"\n')
    assert load_settings(project).model == (str(project / said) if is_file else said)


def test_all_that_is_wrong_is_said_at_once(project):
    path = written(project, 'monthly_capacity = "60"\nreport = "out"\njobs = "two"\nraw = 5\ncell_minutes = "ten"\n')
    with pytest.raises(PcnAnalysisError) as caught:
        read_settings(path, project)
    assert [one.what for one in caught.value.problems] == [
        "unknown entry 'report'",
        "monthly_capacity has the wrong type of value",
        "jobs has the wrong type of value",
        "raw has the wrong type of value",
        "cell_minutes has the wrong type of value",
    ]
    assert caught.value.problems[0].remedy == "Did you mean reports?"


@pytest.mark.parametrize("text", ["monthly_capacity = 0", "monthly_capacity = -1"])
def test_a_team_that_can_see_nobody_is_refused(project, text):
    with pytest.raises(PcnAnalysisError, match="monthly_capacity is not above 0"):
        read_settings(written(project, text), project)


@pytest.mark.parametrize(
    "slots", ["{}", '{ "GP" = 0 }', '{ "GP" = -1, "nurse" = 2 }', '{ "GP" = 1.5 }', '{ "GP" = true }']
)
def test_slots_are_whole_numbers_with_one_above_none(project, slots):
    with pytest.raises(PcnAnalysisError, match="slots are not all whole numbers, with one above 0"):
        read_settings(written(project, f"slots = {slots}"), project)
    with pytest.raises(PcnAnalysisError, match="slots has the wrong type of value"):
        read_settings(written(project, "slots = 5"), project)


def test_slots_of_a_team_replace_the_skill_mix(project):
    assert read_settings(written(project, 'slots = { "GP" = 3 }'), project).slots == {"GP": 3}
    assert Settings(project).slots == SKILL_MIX


@pytest.mark.parametrize("text", ["jobs = true", "jobs = 2.5", "cell_minutes = false", "monthly_capacity = 1.5"])
def test_a_number_is_a_number(project, text):
    with pytest.raises(PcnAnalysisError, match="wrong type of value"):
        read_settings(written(project, text), project)


@pytest.mark.parametrize("content", [b"jobs = = 2", b"raw = '\xff'"])
def test_a_file_that_is_no_toml_is_told_in_a_line(project, content):
    path = project / "config" / "pcn_analysis.toml"
    path.write_bytes(content)
    with pytest.raises(PcnAnalysisError, match="not valid TOML"):
        load_settings(project)


def test_slots_are_whole_numbers_by_professional(project):
    path = written(project, 'slots = {GP = 10, "clinical pharmacist" = 0}\n')
    assert read_settings(path, project).slots == {"GP": 10, "clinical pharmacist": 0}
