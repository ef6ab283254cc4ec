"""What the fork parent imports. It imports only: libraries compute, read and start threads in kernels."""

from __future__ import annotations

import pkgutil
import threading
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pcn_analysis

LIBRARIES = (
    "IPython.display",
    "PIL",
    "duckdb",
    "filelock",
    "geopandas",
    "highspy",
    "holidays",
    "jinja2",
    "lazy_loader",
    "matplotlib",
    "matplotlib.artist",
    "matplotlib.backends.backend_agg",
    "matplotlib.collections",
    "matplotlib.colors",
    "matplotlib.dates",
    "matplotlib.lines",
    "matplotlib.patches",
    "matplotlib.path",
    "matplotlib.pyplot",
    "matplotlib.ticker",
    "matplotlib_scalebar.scalebar",
    "narwhals",
    "numpy",
    "pandas",
    "pandera.config",
    "pandera.errors",
    "pandera.pandas",
    "pyarrow",
    "pyarrow.compute",
    "pyarrow.parquet",
    "scipy",
    "scipy.linalg",
    "scipy.optimize",
    "scipy.sparse",
    "scipy.sparse.csgraph",
    "scipy.spatial",
    "scipy.special",
    "scipy.stats",
    "shapely",
    "sklearn.base",
    "sklearn.cluster",
    "sklearn.compose",
    "sklearn.ensemble",
    "sklearn.exceptions",
    "sklearn.impute",
    "sklearn.linear_model",
    "sklearn.metrics",
    "sklearn.model_selection",
    "sklearn.pipeline",
    "sklearn.preprocessing",
    "skops.io",
    "stdnum",
    "stdnum.gb",
    "stepmix.stepmix",
    "threadpoolctl",
    "xlsxwriter.workbook",
    "yaml",
)
"""Every module of a library that the package imports, but for those not preloaded; a test keeps the list."""
NOT_PRELOADED = {
    "bokeh": "draws the interactive map, which is no notebook",
    "polars": "starts threads as it is imported",
    "statsmodels": "imports polars where that is installed",
}
"""Libraries that a kernel imports itself when it needs them, and why."""
KERNEL = ("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell")
"""What a kernel starts with. ``matplotlib_inline`` is not here: it joins the shell of a kernel as it is imported."""
LATER = (
    "IPython.core.pylabtools",
    "PIL.JpegImagePlugin",
    "narwhals._duckdb.dataframe",
    "narwhals._duckdb.group_by",
    "pandas.io.formats.csvs",
    "pyarrow.dataset",
)
"""What libraries import when they are first used; where another version has none of that name, it is left."""
NOT_FOR_NOTEBOOKS = ("cli", "commands", "reports", "kernels", "downloads", "__main__")
"""Parts of the package that run notebooks, or prepare what they read."""


def preload() -> None:
    """Import the libraries, what a kernel starts with, and the parts of this package that notebooks use."""
    for name in (*LIBRARIES, *KERNEL, *own_modules()):
        import_module(name)
    for name in LATER:
        with suppress(ImportError):
            import_module(name)


def own_modules() -> list[str]:
    """Modules of this package that a notebook may use."""
    found, folders = [], [("pcn_analysis", list(pcn_analysis.__path__))]
    while folders:
        above, paths = folders.pop()
        for one in pkgutil.iter_modules(paths):
            if one.name in NOT_FOR_NOTEBOOKS:
                continue
            name = f"{above}.{one.name}"
            found.append(name)
            if one.ispkg:
                folders.append((name, [str(Path(path) / one.name) for path in paths]))
    return sorted(found)


def threads() -> list[str]:
    """Threads of this process besides the one that asks, by name: no process with any may be forked."""
    if threading.active_count() > 1:
        return sorted(one.name for one in threading.enumerate() if one is not threading.current_thread())
    tasks = Path("/proc/self/task")
    if not tasks.is_dir():
        return []
    others = [one for one in tasks.iterdir() if int(one.name) != threading.get_native_id()]
    return sorted((one / "comm").read_text(encoding="utf-8").strip() for one in others)
