"""Executed notebooks of hand-made tables, without a kernel: what the functions of `display` show is kept as outputs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import handmade
import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from pcn_analysis.display import show_header, show_method, show_table
from pcn_analysis.provenance import Rate
from pcn_analysis.release import release

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pcn_analysis.place import Network

TITLE = "SYNTHETIC PEOPLE: Population profile: Harbour PCN"
STEM = "01_population_profile_SYNTHETIC_PEOPLE"
FIRST, SECOND = "Practices of the network", "People by age and sex"


@contextmanager
def kept_outputs() -> Iterator[list[Any]]:
    """Keep what is displayed."""
    outputs: list[Any] = []

    def display(data: dict[str, Any], metadata: dict[str, Any], **_: Any) -> None:
        outputs.append(new_output("display_data", data=data, metadata=metadata))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("IPython.display.display", display)
        yield outputs


def notebook_of(outputs: list[Any]) -> Any:
    """An executed notebook with some outputs."""
    return new_notebook(cells=[new_markdown_cell("# Profile"), new_code_cell("…", outputs=outputs)])


def profile(network: Network) -> Any:
    """A page of two tables: of practices, as published, and of invented people, some withheld and some not shown."""
    with kept_outputs() as outputs:
        show_header(network, "Population profile")
        show_table(handmade.practice_lists(handmade.INVENTED), {"practice_name": "Practice", "share": "Share"}, FIRST)
        show_people({"age_band": "Age", "sex": "Sex", "patients": "People", "share": "Share"})
        show_method(network, "Numbers are [counted](https://example.org) by $$hand$$.", "=1+1")
    return notebook_of(outputs)


def show_people(headings: dict[str, str], caption: str = SECOND) -> None:
    """Four groups: one is withheld, one too small to show, in one there is nobody."""
    frame = pd.DataFrame(
        {
            "age_band": ["0 to 4", "0 to 4", "5 to 9", "5 to 9"],
            "sex": ["female", "male", "female", "male"],
            "patients": pd.array([120, 400, 3, 0], dtype="Int64"),
            "registered": pd.array([1000, 1000, 1000, 0], dtype="Int64"),
            "weight": [0.5, 1.25, 2.0, None],
            "on_register": [True, False, True, False],
        }
    )
    rates = (Rate("share", "patients", "registered", interval=True),)
    table = handmade.sourced(frame, handmade.DRAWN, counts=("patients", "registered"), rates=rates, numbers=("weight",))
    show_table(
        release(table, withheld={(0, "patients")}), headings, caption, missing="not known", decimals={"weight": 1}
    )


def show_words(*values: str, heading: str = "Note") -> None:
    """A table of words."""
    frame = pd.DataFrame({"note": list(values), "number": range(len(values))})
    show_table(handmade.released(frame, numbers=("number",)), {"note": heading, "number": "Number"}, "Notes")


def read_back(notebook: Any, folder: Path) -> Any:
    """The notebook as it is read from its file."""
    nbformat.write(notebook, folder / "kept.ipynb")
    return nbformat.read(folder / "kept.ipynb", as_version=4)
