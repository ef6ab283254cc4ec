"""What papermill gives a notebook is what was read and checked, whatever the value."""

from __future__ import annotations

import ast
import json
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from papermill.parameterize import parameterize_notebook

from pcn_analysis.reports.parameter_values import converted, misfit, refuse_misfits

pytestmark = pytest.mark.properties

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
WHOLE = st.integers(-(10**17), 10**17)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
OF_KIND = {
    "str": TEXT.map(str.strip),
    "int": WHOLE,
    "float": NUMBER,
    "bool": st.booleans(),
    "list[str]": st.lists(TEXT, max_size=4),
    "list[float]": st.lists(NUMBER, max_size=4),
    "dict[str, int]": st.dictionaries(TEXT, WHOLE, max_size=4),
    "dict[str, list[bool]]": st.dictionaries(TEXT, st.lists(st.booleans(), max_size=3), max_size=3),
}


def injected(value: Any) -> Any:
    """The value as a notebook gets it."""
    cell = nbformat.v4.new_code_cell('asked: str = ""  # what is asked', metadata={"tags": ["parameters"]})
    kernel = {"name": "python3", "display_name": "Python"}
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel, "papermill": {}})
    made = parameterize_notebook(notebook, {"asked": value}, kernel_name="python3", language="python")
    [assignment] = ast.parse(made.cells[1].source).body
    return ast.literal_eval(assignment.value)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_notebook_is_given_what_was_read_and_found_right(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(OF_KIND)))
    value = data.draw(OF_KIND[kind])
    text = value if kind == "str" else json.dumps(value) if "[" in kind else repr(value)
    read = converted(text, kind)
    assert misfit(read, kind) == ""
    refuse_misfits("a page", {"asked": read})
    got = injected(read)
    assert (repr(got), type(got)) == (repr(value), type(value))


@given(st.text(st.characters(codec="ascii"), max_size=12), st.sampled_from(sorted(OF_KIND)))
@settings(max_examples=500, deadline=None)
def test_any_text_is_read_as_the_type_or_refused_in_words(text: str, kind: str) -> None:
    said = ""
    try:
        value = converted(text, kind)
    except ValueError as error:
        said = str(error)
    if said:
        assert said.startswith("is ")
        return
    assert misfit(value, kind) == ""
    assert repr(injected(value)) == repr(value)
