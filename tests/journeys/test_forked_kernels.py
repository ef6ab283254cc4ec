"""Kernels forked from a process that has imported the libraries: real ones, as reports use them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import psutil
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from pcn_analysis.kernels import fork_parent
from pcn_analysis.kernels.asking import NoKernelError, ask
from pcn_analysis.kernels.identity import own_identity
from pcn_analysis.prepared import save_place
from pcn_analysis.reports.kernel import executed, kernel_of
from pcn_analysis.settings import ROOT_VARIABLE, Settings
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pcn_analysis.kernels import ForkParent
    from pcn_analysis.place import Place
    from pcn_analysis.population import Population

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux"),
]


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkParent]:
    with fork_parent(Settings(tmp_path_factory.mktemp("parent"))) as started:
        assert started.socket
        yield started


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path)


def ran(settings: Settings, *cells: str, parent: str = "", **more: Any) -> Any:
    """Execute cells; give what it returned."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in cells])
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, settings.root / "made.ipynb")
    return executed(settings.root / "made.ipynb", settings.root / "out.ipynb", {}, settings, parent=parent, **more)


def said(result: Any) -> list[str]:
    """What the cells printed."""
    return ["".join(one.get("text", "") for one in cell.outputs).strip() for cell in result.notebook.cells]


def running(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def gone(*pids: int, within: float = 10) -> bool:
    until = time.monotonic() + within
    while any(map(running, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    return not any(map(running, pids))


def number_of(parent: ForkParent) -> int:
    assert parent._process is not None
    return parent._process.pid


# -- the same as an ordinary kernel ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["01_population_profile", "04_network_footprint"])
def test_a_notebook_shows_the_same_in_either_kind_of_kernel(name, parent, people_project, tmp_path) -> None:
    source, shown, kinds = ROOT / "notebooks" / f"{name}.ipynb", [], []
    for socket in (parent.socket, ""):
        result = executed(source, tmp_path / "out.ipynb", {"pcn_code": "U00005"}, people_project, parent=socket)
        shown.append([(cell.source, cell.get("outputs")) for cell in result.notebook.cells])
        kinds.append(result.kernel.kind)
    assert shown[0] == shown[1]
    assert kinds == ["forked", "ordinary"]
    assert result.notebook.metadata.kernelspec.name == "python3"


STARTED_WITH = """
import locale, os, sys, time, warnings
print(hash("a"), os.environ.get("OMP_NUM_THREADS"), time.tzname, locale.getlocale(), sys.argv[0])
print(os.getcwd(), __name__, sys.flags.hash_randomization, sys.path)
print(sys.warnoptions, os.environ["GIVEN"])
"""
FIGURE = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nprint(plt.get_backend())"
WARNED = 'import warnings\nwarnings.warn("careful")\nwarnings.warn("old", DeprecationWarning)'


@pytest.mark.parametrize("warnings", ["default", "ignore", "error::FutureWarning", ""])
def test_a_kernel_finds_the_same_in_either_kind(parent, settings, warnings) -> None:
    environment, found = {"PYTHONWARNINGS": warnings, "GIVEN": "this"}, []
    for socket in (parent.socket, ""):
        result = ran(settings, STARTED_WITH, FIGURE, WARNED, parent=socket, environment=environment)
        kinds = [[sorted(one.get("data", {})) for one in cell.outputs] for cell in result.notebook.cells]
        found.append((said(result)[0], said(result)[1], kinds, "careful" in said(result)[2]))
    assert found[0] == found[1]
    assert found[0][3] == (warnings != "ignore")


def test_a_process_is_told_of_its_own_peak_and_work(parent, settings) -> None:
    for socket in (parent.socket, ""):
        facts = ran(settings, "x = bytearray(300 * 1024**2)\nfor _ in range(3 * 10**6): pass", parent=socket).kernel
        assert facts.peak_mb is not None
        assert 300 < facts.peak_mb < 1500
        assert facts.cpu_seconds is not None
        assert 0.05 < facts.cpu_seconds < 60


LIBRARIES = (
    """
import pandas as pd
pd.DataFrame({"a": range(10**5), "b": ["x"] * 10**5}).to_parquet("a.parquet")
print(pd.read_parquet("a.parquet")["a"].sum())
""",
    """
import duckdb
print(duckdb.sql("SELECT sum(i) FROM range(1000000) t(i)").fetchall()[0][0])
""",
    """
import pyarrow as pa, pyarrow.compute as pc
print(pc.sum(pa.chunked_array([range(1000)] * 9)).as_py())
""",
    """
import numpy as np, scipy.linalg as la
print(la.svdvals(np.eye(400)).sum(), np.linalg.inv(np.eye(9)).sum())
""",
    """
from sklearn.cluster import KMeans
from sklearn.ensemble import HistGradientBoostingRegressor
x = np.arange(4000.).reshape(-1, 2)
print(len(KMeans(3).fit(x).cluster_centers_), HistGradientBoostingRegressor(max_iter=5).fit(x, x[:, 0]).n_iter_)
""",
    """
from threadpoolctl import threadpool_limits
with threadpool_limits(2):
    print(len(KMeans(3).fit(np.arange(40000.).reshape(-1, 2)).cluster_centers_))
""",
    """
from joblib import Parallel, delayed
print(Parallel(n_jobs=2)(delayed(abs)(-i) for i in range(4)))
""",
    """
import subprocess, sys
print(subprocess.run([sys.executable, "-c", "print(7)"], text=True, capture_output=True).stdout)
""",
    """
from statsmodels.genmod.generalized_linear_model import GLM
print(GLM(np.arange(9.), np.ones((9, 1))).fit().params.round(3))
""",
    """
import geopandas as gpd, shapely
print(gpd.GeoSeries([shapely.Point(530000, 180000)], crs=27700).to_crs(4326).x.round(2).item())
""",
    """
import threading
one = threading.Thread(target=print, args=("thread",))
one.start()
one.join()
""",
)


def test_libraries_work_in_a_fork(parent, settings) -> None:
    result = ran(replace(settings, cell_minutes=1), *LIBRARIES, parent=parent.socket)
    assert result.kernel.kind == "forked"
    expected = ["4999950000", "499999500000", "4495500", "400.0 9.0", "3 5", "3", "[0, 1, 2, 3]", "7", "[4.]", "-0.13"]
    assert said(result) == [*expected, "thread"]


# -- nothing is shared -------------------------------------------------------------------------------------

STATE = {
    "pandas option": ("import pandas as pd\npd.set_option('display.max_rows', 7)", "pd.get_option('display.max_rows')"),
    "environment": ("import os\nos.environ['LEFT'] = 'x'", "os.environ.get('LEFT')"),
    "global": ("left = 1", "'left' in globals()"),
    "rcParams": ("import matplotlib as mpl\nmpl.rcParams['font.size'] = 77", "mpl.rcParams['font.size']"),
    "folder": ("os.chdir('/')", "os.getcwd()"),
    "sys.path": ("import sys\nsys.path.insert(0, '/left')", "'/left' in sys.path"),
    "patch": ("import statistics\nstatistics.mean = None", "statistics.mean is None"),
}


def test_nothing_is_left_to_the_next_notebook(parent, settings) -> None:
    imports = "import os, statistics, sys\nimport pandas as pd, matplotlib as mpl"
    looks = [f"print({look})" for _, look in STATE.values()]
    first = said(ran(settings, imports, *looks, parent=parent.socket))
    left = ran(settings, imports, *(change for change, _ in STATE.values()), *looks, parent=parent.socket)
    assert all(now != before for now, before in zip(said(left)[-7:], first[-7:], strict=True))
    assert said(ran(settings, imports, *looks, parent=parent.socket)) == first


PLACED = """
import os, geopandas as gpd, shapely
gpd.GeoSeries([shapely.Point(530000, 180000)], crs=27700).to_crs(4326)
held = [n for n in os.listdir("/proc/self/fd") if os.path.realpath(f"/proc/self/fd/{n}").endswith("proj.db")]
print(len(held) > 0, {open(f"/proc/self/fdinfo/{n}").readline().split()[1] for n in held})
"""


def test_kernels_do_not_move_each_other_in_the_one_file_that_they_share(parent, settings) -> None:
    assert said(ran(settings, PLACED, parent=parent.socket)) == ["True {'0'}"]


def test_each_kernel_has_chances_of_its_own(parent, settings) -> None:
    draw = "import random, numpy as np\nprint(random.random(), np.random.rand(), np.random.default_rng().random())"
    drawn = [said(ran(settings, draw, parent=parent.socket))[0].split() for _ in range(3)]
    assert all(len(set(column)) == 3 for column in zip(*drawn, strict=True))


def test_no_socket_or_file_of_the_fork_parent_is_in_a_kernel(parent, settings) -> None:
    look = "import json, os\nheld = '/proc/self/fd/'\n"
    look += "print(json.dumps([os.readlink(held + n) for n in os.listdir(held) if os.path.exists(held + n)]))"
    held = json.loads(said(ran(settings, look, parent=parent.socket))[0])
    assert any(one.startswith("socket:") for one in held)
    own = {str(one.readlink()) for one in Path(f"/proc/{number_of(parent)}/fd").iterdir()}
    assert not {one for one in own if one.startswith(("socket:", "pipe:"))} & set(held)
    assert os.getsid(number_of(parent)) != os.getsid(0)


# -- when it goes wrong ------------------------------------------------------------------------------------


def test_a_cell_that_takes_too_long_stops_its_kernel_alone(parent, settings) -> None:
    cells = ("import os\nprint(os.getpid(), file=open('pid', 'w'))", "import time\ntime.sleep(60)")
    with pytest.raises(CellTimeoutError) as caught:
        ran(replace(settings, cell_minutes=1 / 60), *cells, parent=parent.socket)
    assert gone(int((settings.root / "pid").read_text()))
    facts = kernel_of(caught.value)
    assert facts is not None
    assert (facts.kind, facts.peak_mb is not None) == ("forked", True)
    assert said(ran(settings, "print(1)", parent=parent.socket)) == ["1"]


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), 9)", "os._exit(3)"])
def test_a_kernel_that_dies_is_told_and_the_next_is_well(parent, settings, end) -> None:
    with pytest.raises(DeadKernelError) as caught:
        ran(settings, "import os", end, parent=parent.socket)
    assert kernel_of(caught.value).kind == "forked"
    result = ran(settings, "print(1)", parent=parent.socket)
    assert (said(result), result.kernel.kind) == (["1"], "forked")


def test_an_error_in_a_cell_is_told_as_ever(parent, settings) -> None:
    with pytest.raises(PapermillExecutionError, match="ZeroDivisionError"):
        ran(settings, "1 / 0", parent=parent.socket)


def test_kernels_leave_nothing_behind(parent, settings) -> None:
    def held() -> tuple[int, int]:
        time.sleep(0.5)  # it hangs up after it has told
        of_parent = Path(f"/proc/{number_of(parent)}")
        return len(list((of_parent / "fd").iterdir())), len(list((of_parent / "task").iterdir()))

    ran(settings, "1", parent=parent.socket)
    before, own = held(), len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        kernel = ask(parent.socket, ["--version"], str(settings.root), dict(os.environ), own_identity())
        assert kernel.wait(20) == 0
    assert held() == before
    assert before[1] == 1
    assert len(list(Path("/proc/self/fd").iterdir())) == own
    children = Path(f"/proc/{number_of(parent)}/task/{number_of(parent)}/children").read_text()
    assert children == ""
    assert [one.name for one in Path(parent.socket).parent.iterdir()] == ["kernels"]
    assert oct(Path(parent.socket).parent.stat().st_mode)[-3:] == "700"
    assert oct(Path(parent.socket).stat().st_mode)[-3:] == "600"


def test_a_fork_parent_that_dies_costs_a_notebook_and_can_be_started_again(settings) -> None:
    with fork_parent(settings) as own:
        kill = "import os, subprocess, time\nprint(subprocess.Popen(['sleep', '600']).pid, file=open('pid', 'w'))\n"
        kill += f"os.kill({number_of(own)}, 9)\ntime.sleep(30)"
        with pytest.raises(DeadKernelError):
            ran(settings, kill, parent=own.socket)
        assert gone(int((settings.root / "pid").read_text(encoding="utf-8")))
        assert not own.alive()
        assert ran(settings, "1", parent=own.socket).kernel.kind == "ordinary"
        before = own.socket
        own.restart()
        assert own.socket == before
        assert own.alive()
        assert ran(settings, "1", parent=own.socket).kernel.kind == "forked"
        pid = number_of(own)
    assert gone(pid)
    assert not Path(before).parent.exists()


HOLD = """
import os, sys, time
from pathlib import Path
from pcn_analysis.kernels import fork_parent
from pcn_analysis.kernels.asking import ask
from pcn_analysis.kernels.identity import own_identity
from pcn_analysis.settings import ROOT_VARIABLE, Settings
def hold(socket):
    connection = {"shell_port": 0, "iopub_port": 0, "stdin_port": 0, "control_port": 0, "hb_port": 0, "ip": "127.0.0.1",
                  "key": "", "transport": "tcp", "signature_scheme": "hmac-sha256", "kernel_name": ""}
    import json
    Path("connection.json").write_text(json.dumps(connection))
    return ask(socket, ["-f", os.path.abspath("connection.json")], os.getcwd(), dict(os.environ), own_identity())
"""


@contextmanager
def script(text: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A process that prints a line of numbers, and then waits."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD + text], stdout=subprocess.PIPE, text=True, cwd=folder
    ) as process:
        try:
            assert process.stdout is not None
            yield process, [int(one) for one in process.stdout.readline().split()]
        finally:
            process.kill()


def test_a_kernel_dies_with_whoever_asked_for_it(parent, tmp_path) -> None:
    with script(f"k = hold({parent.socket!r})\nprint(k.pid, flush=True)\ntime.sleep(600)", tmp_path) as (
        asker,
        [kernel],
    ):
        assert running(kernel)
        asker.kill()
        assert gone(kernel)
    assert parent.alive()


def test_a_kernel_dies_with_its_fork_parent(settings, tmp_path) -> None:
    with fork_parent(settings) as own:
        text = f"k = hold({own.socket!r})\nprint(k.pid, flush=True)\ntime.sleep(600)"
        with script(text, tmp_path) as (_, [kernel]):
            os.kill(number_of(own), signal.SIGKILL)
            assert gone(kernel)


@pytest.mark.parametrize("where", ["main()", "threading.Thread(target=main).start()"])
def test_all_die_with_whoever_started_them(where, tmp_path) -> None:
    text = f"""
import threading
def main():
    with fork_parent(Settings(Path.cwd())) as parent:
        kernel = hold(parent.socket)
        print(kernel.pid, parent._process.pid, flush=True)
        Path("socket").write_text(parent.socket)
        time.sleep(600)
{where}
"""
    with script(text, tmp_path) as (starter, [kernel, parent]):
        while not (tmp_path / "socket").exists() or not (tmp_path / "socket").read_text():
            time.sleep(0.05)
        assert running(kernel)
        assert running(parent)
        starter.kill()
        assert gone(kernel, parent)
        time.sleep(0.5)
        assert not Path((tmp_path / "socket").read_text()).parent.exists()


def test_a_changed_package_is_not_forked(tmp_path) -> None:
    shutil.copytree(
        ROOT / "pcn_analysis", tmp_path / "copy" / "pcn_analysis", ignore=shutil.ignore_patterns("__pycache__")
    )
    text = """
from pcn_analysis.kernels.asking import NoKernelError
import pcn_analysis
module = Path(pcn_analysis.__file__).parent / "words.py"
assert module.is_relative_to(os.environ["PYTHONPATH"])
def forked():
    try: return 1 if hold(parent.socket).pid else 0
    except NoKernelError as error: return 0 if "changed" in str(error) else 9
with fork_parent(Settings(Path.cwd())) as parent:
    told = [forked()]
    text = module.read_text()
    module.touch()
    told.append(forked())
    module.write_text(text + "# changed")
    told.append(forked())
    parent.restart()
    try: hold(parent.socket); told.append(1)
    except NoKernelError as error: told.append(8)  # this process has the old one
    module.write_text(text)
    parent.restart()
    told.append(forked())
    print(*told, flush=True)
"""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(tmp_path / "copy"))
        with script(text, tmp_path) as (_, told):
            assert told == [1, 1, 0, 8, 1]


def test_a_fork_parent_of_other_libraries_is_not_used(parent, tmp_path) -> None:
    with pytest.raises(NoKernelError, match="imported another package"):
        ask(parent.socket, [], str(tmp_path), {}, "someone else's")


# -- memory ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["forked", "ordinary"])
def test_a_cell_that_takes_all_memory_fails_by_name(parent, settings, kind) -> None:
    socket = parent.socket if kind == "forked" else ""
    limited = replace(settings, kernel_gigabytes=2)
    with pytest.raises(PapermillExecutionError, match="MemoryError") as caught:
        ran(limited, "import numpy as np", "x = np.ones(3 * 1024**3, dtype='u1')", parent=socket)
    assert kernel_of(caught.value).kind == kind
    result = ran(limited, "import resource\nprint(resource.getrlimit(resource.RLIMIT_DATA)[0])", parent=socket)
    assert said(result) == [str(2 * 1024**3)]
    unlimited = ran(
        replace(settings, kernel_gigabytes=0), "import resource\nprint(resource.getrlimit(2)[0])", parent=socket
    )
    assert said(unlimited) == ["-1"]


# -- where none can be forked ------------------------------------------------------------------------------


@pytest.fixture
def unanswering(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    import socket
    import tempfile

    folder, held = tempfile.mkdtemp(prefix="pcn-"), []

    def make(how: str) -> str:
        path = f"{folder}/kernels"
        if how == "a file":
            Path(path).write_text("")
        elif how != "missing":
            held.append(socket.socket(socket.AF_UNIX))
            held[0].bind(path)
            if how == "silent":
                held[0].listen()
        return path

    yield make
    for one in held:
        one.close()
    shutil.rmtree(folder)


@pytest.mark.parametrize("how", ["missing", "refusing", "silent", "a file"])
def test_without_an_answer_kernels_are_ordinary_and_the_log_says_so_once(
    how, unanswering, settings, caplog, monkeypatch
) -> None:
    from pcn_analysis.kernels import asking, provisioner

    monkeypatch.setattr(asking, "ANSWER_WITHIN", 0.5)
    provisioner._say_once.cache_clear()
    path = unanswering(how)
    for _ in range(2):
        assert ran(settings, "1", parent=path).kernel.kind == "ordinary"
    assert len([one for one in caplog.records if one.name.startswith("pcn_analysis")]) == 1


def test_without_a_socket_kernels_are_ordinary_without_a_word(settings, caplog) -> None:
    assert ran(settings, "1").kernel.kind == "ordinary"
    assert not [one for one in caplog.records if one.name.startswith("pcn_analysis")]


def test_settings_can_ask_for_ordinary_kernels(settings) -> None:
    with fork_parent(replace(settings, kernels="ordinary")) as none:
        assert none.socket == ""
        assert not none.alive()
        none.restart()
        assert none.socket == ""


def test_a_fork_parent_that_cannot_start_is_told(settings, monkeypatch, caplog) -> None:
    monkeypatch.setenv("PYTHONPATH", "")
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with fork_parent(settings) as broken:
        assert broken.socket == ""
    assert "it ended" in caplog.text


# -- what is preloaded -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["01_population_profile", "02_segmentation", "04_network_footprint"])
def test_notebooks_import_no_library_that_is_not_preloaded(
    name, parent, people_project: Settings, old_priory: Population, tmp_path
) -> None:
    look = "import sys as _sys\nprint(*sorted(_sys.modules))"
    made = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    made.cells = [nbformat.v4.new_code_cell(look), *made.cells, nbformat.v4.new_code_cell(look)]
    nbformat.write(made, tmp_path / "made.ipynb")
    result = executed(
        tmp_path / "made.ipynb", tmp_path / "out.ipynb", {"pcn_code": "U00005"}, people_project, parent=parent.socket
    )
    before, after = (
        set(cell.outputs[0].text.split()) for cell in (result.notebook.cells[0], result.notebook.cells[-1])
    )
    libraries = {one.split(".")[0] for one in after - before} - {one.split(".")[0] for one in before}
    assert libraries - sys.stdlib_module_names == {"matplotlib_inline"}
    assert not [one for one in after - before if one.startswith("pcn_analysis")]


# -- other ways to start one -------------------------------------------------------------------------------


def installed() -> bool:
    """Whether the kernelspec and its provisioner are, as after ``pip install -e .``."""
    from importlib.metadata import entry_points

    from jupyter_client.kernelspec import KernelSpecManager

    found = entry_points(group="jupyter_client.kernel_provisioners", name="pcn-analysis-provisioner")
    return bool(found) and "pcn-analysis" in KernelSpecManager().find_kernel_specs()


needs_installation = pytest.mark.skipif(not installed(), reason="the package was installed before it had a kernelspec")
KIND = "import os; print('forked' if os.getppid() == {} else 'ordinary')"


@needs_installation
@pytest.mark.parametrize("kind", ["forked", "ordinary"])
def test_nbval_runs_in_the_kernel(parent, tmp_path, kind) -> None:
    cell = nbformat.v4.new_code_cell(KIND.format(number_of(parent)), execution_count=1)
    cell.outputs = [nbformat.v4.new_output("stream", text=f"{kind}\n")]
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "checked.ipynb")
    told = {"PCN_ANALYSIS_KERNELS": parent.socket if kind == "forked" else ""}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-kernel-name", "pcn-analysis", "checked.ipynb"],
        cwd=tmp_path, env={**os.environ, **told}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@needs_installation
def test_a_jupyter_server_starts_interrupts_and_restarts_forked_kernels(parent, tmp_path) -> None:
    import requests

    told = {"PCN_ANALYSIS_KERNELS": parent.socket, "JUPYTER_RUNTIME_DIR": str(tmp_path), "JUPYTER_TOKEN": "t"}
    command = [
        sys.executable,
        "-m",
        "jupyter_server",
        "--no-browser",
        "--port=0",
        "--allow-root",
        f"--ServerApp.root_dir={tmp_path}",
    ]
    with subprocess.Popen(
        command, env={**os.environ, **told}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            address = address_of_server(tmp_path)
            with requests.Session() as session:
                session.headers["Authorization"] = "token t"
                started = session.post(f"{address}api/kernels", json={"name": "pcn-analysis"}, timeout=60)
                kernel = started.json()["id"]
                connection = tmp_path / f"kernel-{kernel}.json"
                first = asked(connection)
                assert session.post(f"{address}api/kernels/{kernel}/interrupt", timeout=60).status_code == 204
                assert session.post(f"{address}api/kernels/{kernel}/restart", timeout=60).status_code == 200
                second = asked(connection)
                assert [first[1], second[1]] == [number_of(parent)] * 2
                assert first[0] != second[0]
                assert gone(first[0])
                assert session.delete(f"{address}api/kernels/{kernel}", timeout=60).status_code == 204
                assert gone(second[0])
        finally:
            server.send_signal(signal.SIGTERM)


def address_of_server(folder: Path) -> str:
    """Where a Jupyter server that has just been started listens."""
    until = time.monotonic() + 60
    while not (found := list(folder.glob("jpserver-*.json"))) and time.monotonic() < until:
        time.sleep(0.2)
    time.sleep(0.2)
    return json.loads(found[0].read_text(encoding="utf-8"))["url"]


def asked(connection: Path) -> list[int]:
    """Numbers of a kernel and of its parent, as it says itself."""
    from jupyter_client.blocking import BlockingKernelClient

    client = BlockingKernelClient(connection_file=str(connection))
    client.load_connection_file()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        heard: list[str] = []
        client.execute_interactive(
            "import os; print(os.getpid(), os.getppid())", timeout=60,
            output_hook=lambda message: heard.append(message["content"].get("text", "")),
        )  # fmt: skip
        return [int(one) for one in "".join(heard).split()]
    finally:
        client.stop_channels()


def wait_for_fork_parent(process: int) -> None:
    """Wait until the fork parent below a process has its socket, as anyone does who opens a page and clicks on it."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        lines = [one.cmdline() for one in psutil.Process(process).children()]
        if any(Path(word).is_socket() for line in lines if "pcn_analysis.kernels.parent" in line for word in line):
            return
        time.sleep(0.1)
    pytest.fail("the fork parent has no socket")


@needs_installation
def test_open_gives_jupyterlab_kernels_that_are_forked(project: Settings, marlhaven: Place, tmp_path) -> None:
    import requests

    save_place(marlhaven, project.processed)

    told = {ROOT_VARIABLE: str(project.root), "JUPYTER_RUNTIME_DIR": str(tmp_path), "JUPYTER_TOKEN": "t"}
    words = ["open", "01", "--no-browser", "--allow-root", "--port=0"]
    with subprocess.Popen(
        [sys.executable, "-m", "pcn_analysis", *words], env={**os.environ, **told}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as opened:  # fmt: skip
        try:
            address = address_of_server(tmp_path)
            wait_for_fork_parent(opened.pid)
            copy = next((project.notebooks / "working").glob("*.ipynb"))
            name = nbformat.read(copy, as_version=4).metadata.kernelspec.name
            with requests.Session() as session:
                session.headers["Authorization"] = "token t"
                kernel = session.post(f"{address}api/kernels", json={"name": name}, timeout=60).json()["id"]
            pid, parent = asked(tmp_path / f"kernel-{kernel}.json")
            assert "pcn_analysis.kernels.parent" in Path(f"/proc/{parent}/cmdline").read_text(encoding="utf-8")
        finally:
            opened.kill()
        assert gone(pid, parent)
        os.killpg(opened.pid, signal.SIGKILL)
