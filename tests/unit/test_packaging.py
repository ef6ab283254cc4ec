"""The lists of packages agree, and what the package reads is shipped with it."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "pcn_analysis"
CONDA_NAMES = {"python-duckdb": "duckdb"}

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DECLARED = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
FOR_TESTS = [Requirement(line) for line in PROJECT["project"]["optional-dependencies"]["test"]]


def conda_requirements() -> list[Requirement]:
    """Return packages of environment.yml under their names on PyPI; Python and pip are no packages of ours."""
    lines = re.findall(r"^ +- (\S+)$", (ROOT / "environment.yml").read_text(encoding="utf-8"), re.MULTILINE)
    found = [Requirement(line) for line in lines if not line.endswith(":") and line not in ("conda-forge", "pip")]
    for one in found:
        one.name = CONDA_NAMES.get(one.name, one.name)
    return found


def constraints() -> dict[str, Version]:
    """Return the pinned version of each package, whichever machine it is for."""
    pins = [Requirement(line) for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()]
    assert len({canonicalize_name(pin.name) for pin in pins}) == len(pins), "a package is pinned twice"
    return {canonicalize_name(pin.name): Version(str(pin.specifier).removeprefix("==")) for pin in pins}


def written(requirements: list[Requirement]) -> set[str]:
    return {f"{canonicalize_name(one.name)}{one.specifier}" for one in requirements}


def test_conda_and_pip_install_the_same():
    python = PROJECT["project"]["requires-python"]
    assert written(conda_requirements()) == written(DECLARED) | {f"python{python}"}


def test_no_package_is_declared_twice():
    names = [canonicalize_name(one.name) for one in DECLARED + FOR_TESTS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("requirement", DECLARED + FOR_TESTS, ids=lambda one: one.name)
def test_every_declared_package_is_pinned_at_a_version_that_will_do(requirement):
    pinned = constraints()[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(pinned, prereleases=True)


def test_no_declared_package_is_pinned_for_some_machines_only():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    somewhere = {canonicalize_name(pin.name) for pin in map(Requirement, lines) if pin.marker}
    assert not somewhere & {canonicalize_name(one.name) for one in DECLARED + FOR_TESTS}


def test_constraints_are_pins_and_hold_no_address():
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pin = r"""[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+(; sys_platform == "[a-z0-9]+")?"""
    assert [line for line in text.splitlines() if not re.fullmatch(pin, line)] == []
    assert "/" not in text
    assert "pcn-analysis" not in text


def test_everything_that_the_package_reads_is_shipped_with_it():
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["pcn_analysis"]
    data = [
        path.relative_to(PACKAGE)
        for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc") and not path.name.startswith(".")
    ]
    assert data
    assert [path.as_posix() for path in data if not any(_shipped(path, pattern) for pattern in patterns)] == []


def _shipped(path: Path, pattern: str) -> bool:
    """Whether setuptools finds a file by a pattern: a star stays within one folder, two stars cross folders."""
    parts = pattern.split("/")
    if "**" in parts:
        before = parts[: parts.index("**")]
        return path.parts[: len(before)] == tuple(before) and fnmatch(path.name, parts[-1])
    return len(path.parts) == len(parts) and all(map(fnmatch, path.parts, parts))


def test_a_star_does_not_cross_folders():
    nested = Path("reports/templates/report/conf.json")
    assert not _shipped(nested, "reports/templates/*")
    assert _shipped(nested, "reports/templates/*/*")
    assert _shipped(nested, "reports/templates/**/*")


@pytest.mark.parametrize("build", ["build_wheel", "build_editable"])
def test_the_kernelspec_is_installed_where_jupyter_looks(build, tmp_path):
    pytest.importorskip("setuptools", minversion="77", reason="only what builds the package has it")
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(PACKAGE, tmp_path / "pcn_analysis", ignore=shutil.ignore_patterns("__pycache__"))
    command = f"from setuptools import build_meta; build_meta.{build}('.')"
    done = subprocess.run([sys.executable, "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        [spec] = [one for one in packed.namelist() if one.endswith("share/jupyter/kernels/pcn-analysis/kernel.json")]
        assert "pcn-analysis-provisioner" in packed.read(spec).decode()
        [entries] = [one for one in packed.namelist() if one.endswith("entry_points.txt")]
        assert "pcn_analysis.kernels.provisioner:PreforkProvisioner" in packed.read(entries).decode()


def test_the_kernelspec_names_a_provisioner_that_is_there():
    group = PROJECT["project"]["entry-points"]["jupyter_client.kernel_provisioners"]
    [[given]] = PROJECT["tool"]["setuptools"]["data-files"].values()
    spec = json.loads((ROOT / given).read_text(encoding="utf-8"))
    module, name = group[spec["metadata"]["kernel_provisioner"]["provisioner_name"]].split(":")
    assert hasattr(import_module(module), name)
