"""What the fork parent imports, what it is told by, and where kernels may be forked."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.kernels import preloading, starting
from pcn_analysis.kernels.facts import facts_of_process
from pcn_analysis.kernels.identity import Unchanged, identity
from pcn_analysis.kernels.limits import LIMIT_VARIABLE, limit_memory
from pcn_analysis.settings import read_settings

pytestmark = pytest.mark.unit

PACKAGE = Path(__file__).parents[2] / "pcn_analysis"


def imported(tree: ast.AST) -> set[str]:
    """Modules that a source imports anywhere, but for those of annotations."""
    found, left = set(), [tree]
    while left:
        node = left.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            left += node.orelse
            continue
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
        left += ast.iter_child_nodes(node)
    return found


def test_every_library_that_the_package_imports_is_preloaded_or_named_as_not():
    wanted = set()
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0].removesuffix(".py") not in preloading.NOT_FOR_NOTEBOOKS:
            wanted |= imported(ast.parse(path.read_text(encoding="utf-8")))
    own = sys.stdlib_module_names | {"pcn_analysis"}
    libraries = {one for one in wanted if one.split(".")[0] not in own}
    without = {one for one in libraries if one.split(".")[0] in preloading.NOT_PRELOADED}
    assert {one.split(".")[0] for one in without} == set(preloading.NOT_PRELOADED)
    assert libraries - without == set(preloading.LIBRARIES)


def test_every_module_of_the_package_that_a_notebook_may_use_is_preloaded():
    found = {
        "pcn_analysis." + ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0].removesuffix(".py") not in {*preloading.NOT_FOR_NOTEBOOKS, "__init__"}
    }
    assert set(preloading.own_modules()) == found


PRELOADED = """
from pcn_analysis.kernels.preloading import preload, threads
preload()
import sys, zmq, threading
assert threads() == [], threads()
assert "matplotlib_inline" not in sys.modules and zmq.Context._instance is None
assert not [one for one in ("polars", "statsmodels", "bokeh") if one in sys.modules]
threading.Thread(target=sys.stdin.read, name="other", daemon=True).start()
assert threads() == ["other"]
"""


@pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux")
def test_importing_starts_no_thread_and_one_that_is_there_is_seen():
    environment = {**os.environ, **starting.SAME_EVERYWHERE, **starting.OF_PARENT}
    command = [sys.executable, "-c", PRELOADED]
    done = subprocess.run(command, env=environment, stdin=subprocess.PIPE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("system", "kernels", "may"),
    [
        ("linux", "auto", True),
        ("linux", "forked", True),
        ("linux", "ordinary", False),
        ("darwin", "auto", False),
        ("darwin", "forked", True),
        ("darwin", "ordinary", False),
    ],
)
def test_kernels_are_forked_where_that_is_safe_or_asked_for(system, kernels, may, monkeypatch):
    monkeypatch.setattr(sys, "platform", system)
    assert starting.may_fork(kernels) is may


def test_without_fork_kernels_are_ordinary(monkeypatch):
    monkeypatch.delattr(os, "fork", raising=False)
    assert not starting.may_fork("forked")


def test_a_folder_of_sockets_is_private_and_has_a_short_path(tmp_path, monkeypatch):
    folder = Path(starting.short_folder(str(tmp_path)))
    assert folder.parent == tmp_path
    assert oct(folder.stat().st_mode)[-3:] == "700"
    long = tmp_path / ("x" * 100)
    long.mkdir()
    assert starting.short_folder(str(long)) == ""
    assert list(long.iterdir()) == []
    monkeypatch.setattr(starting.tempfile, "tempdir", str(long))
    found = Path(starting.short_folder())
    assert found.parent == Path("/tmp")
    found.rmdir()


def test_a_touched_package_is_the_same_and_a_changed_one_is_not(tmp_path, monkeypatch):
    from pcn_analysis.kernels import identity as module

    (tmp_path / "part").mkdir()
    one = tmp_path / "part" / "one.py"
    one.write_text("a", encoding="utf-8")
    monkeypatch.setattr(module, "PACKAGE", tmp_path)
    unchanged = Unchanged()
    assert unchanged
    os.utime(one, (1, 1))
    assert unchanged
    assert unchanged.identity == identity()
    one.write_text("b", encoding="utf-8")
    assert not unchanged
    one.write_text("a", encoding="utf-8")
    assert unchanged
    (tmp_path / "two.py").touch()
    assert not unchanged


@pytest.mark.parametrize("said", ["", "0", "-1", "much", "nan"])
def test_what_is_no_limit_limits_nothing(said):
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_DATA)
    limit_memory({LIMIT_VARIABLE: said})
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


def test_a_process_that_has_ended_has_no_facts_and_cannot_be_limited():
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    assert facts_of_process(process.pid) is None
    limit_memory({LIMIT_VARIABLE: "1"}, process.pid)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('kernels = "forkd"', "kernels is 'forkd'. Did you mean forked?"),
        ("kernels = 1", "kernels has the wrong type of value"),
        ("kernel_gigabytes = -1", "kernel_gigabytes is below 0 or no number"),
        ("kernel_gigabytes = nan", "kernel_gigabytes is below 0 or no number"),
        ('kernel_gigabytes = "8"', "kernel_gigabytes has the wrong type of value"),
    ],
)
def test_settings_of_kernels_are_checked(line, message, tmp_path):
    (tmp_path / "given.toml").write_text(line, encoding="utf-8")
    with pytest.raises(PcnAnalysisError, match=message):
        read_settings(tmp_path / "given.toml", tmp_path)
