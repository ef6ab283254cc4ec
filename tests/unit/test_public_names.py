"""What the package offers by name, and that all of it is documented."""

import importlib
import inspect
import pkgutil

import pytest

import pcn_analysis

pytestmark = pytest.mark.unit

MODULES = [
    module.name
    for module in pkgutil.walk_packages(pcn_analysis.__path__, "pcn_analysis.")
    if not module.name.endswith("__main__")
]


def test_notebooks_need_no_more_than_thirty_names():
    assert 0 < len(pcn_analysis.__all__) <= 30


def test_the_list_of_names_has_no_name_twice():
    assert len(set(pcn_analysis.__all__)) == len(pcn_analysis.__all__)


@pytest.mark.parametrize("name", pcn_analysis.__all__)
def test_every_name_can_be_imported(name):
    assert getattr(pcn_analysis, name) is not None


@pytest.mark.parametrize("name", MODULES)
def test_every_module_and_all_that_is_public_in_it_has_a_docstring(name):
    module = importlib.import_module(name)
    assert module.__doc__
    assert [thing for thing in _public(module) if not _documented(*thing)] == []


def _public(module) -> list[tuple[str, object]]:
    own = [
        (name, value)
        for name, value in vars(module).items()
        if not name.startswith("_")
        and (inspect.isfunction(value) or inspect.isclass(value))
        and value.__module__ == module.__name__
    ]
    methods = [
        (f"{name}.{part}", getattr(member, "__func__", member))
        for name, value in own
        if inspect.isclass(value)
        for part, member in vars(value).items()
        if not part.startswith("_") and (inspect.isfunction(member) or isinstance(member, (property, classmethod)))
    ]
    return own + methods


def _documented(name: str, thing: object) -> bool:
    """Whether it has a docstring of its own; a dataclass without one is given its signature."""
    text = getattr(thing, "__doc__", None) or ""
    return bool(text.strip()) and not text.startswith(f"{name}(")


def test_a_dataclass_without_a_docstring_would_be_found():
    import dataclasses

    made = dataclasses.make_dataclass("Made", ["value"])
    assert not _documented("Made", made)
