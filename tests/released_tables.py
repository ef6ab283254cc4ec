"""The tables that a notebook releases, without drawing any of its figures."""

import ast
import json
from pathlib import Path

import pytest

from pcn_analysis.release.handed_over import hand_over

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


def told_by(report, folder, withheld=(), **parameters):
    """What the tables on people of a notebook tell, in the order in which they are released.

    Parameters
    ----------
    report
        Begin of the notebook's name.
    folder
        For the files in between.
    withheld
        Cells that no table shows.
    **parameters
        Set in the place of its own.
    """
    handed = hand_over(folder, withheld)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in handed.environment.items():
            patch.setenv(name, value)
        exec(_without_what_is_only_shown(report, parameters), {})
    return handed.tables(report)


def _without_what_is_only_shown(report, parameters):
    """The code of a notebook: what it assigns, and none of the calls that show a thing and return nothing."""
    [path] = NOTEBOOKS.glob(f"{report}_*.ipynb")
    cells = [one for one in json.loads(path.read_text(encoding="utf-8"))["cells"] if one["cell_type"] == "code"]
    first, *others = [ast.parse("".join(cell["source"])).body for cell in cells]
    given = ast.parse("\n".join(f"{name} = {value!r}" for name, value in parameters.items())).body
    kept = [one for body in (first, given, *others) for one in body if not isinstance(one, ast.Expr)]
    return compile(ast.Module(kept, type_ignores=[]), path.name, "exec")
