"""What a page on people says of them, so that nobody takes invented people for real ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import handmade
import nbformat
import pytest

from pcn_analysis import readings
from pcn_analysis.display import show_header, show_reading
from pcn_analysis.display.header import MIME, header_html
from pcn_analysis.display.method import method_html
from pcn_analysis.place import Network, Place
from pcn_analysis.population import Population
from pcn_analysis.provenance import Provenance, Source, SourcedTable
from pcn_analysis.reports.making import _without_machine

pytestmark = pytest.mark.unit

RECORDED = Provenance(
    (Source("Patient records", "Invented hospital trust", "to 1 July 2026", "agreement", "Used by agreement."),),
    people=True,
)


@pytest.fixture
def real_place(marlhaven: Place) -> Place:
    """The invented place, as if it had been published."""
    published = {name: SourcedTable(table.frame, handmade.PUBLISHED) for name, table in marlhaven.tables.items()}
    return replace(marlhaven, slug="realton-2026-07", name="Realton", vintage="2026-07", tables=published)


def people_of(place: Place, provenance: Provenance, kind: str = "synthetic") -> Population:
    date = place.index_date
    return Population(place, "U00001", kind, date, date, {}, frozenset(), provenance)


def test_invented_people_of_a_real_place_have_a_banner_of_their_own(real_place: Place) -> None:
    html = header_html(people_of(real_place, handmade.DRAWN))
    assert html.count('class="banner') == 1
    assert (
        '<p class="banner synthetic">SYNTHETIC PEOPLE. Nobody on this page exists: people were drawn at random to fit '
        "published counts of Realton. It shows what a report looks like; it is not a finding.</p>"
    ) in html
    assert "SYNTHETIC DATA" not in html
    assert "<dt>People</dt><dd>invented, drawn at random</dd>" in html
    assert "<dt>Network</dt><dd>Harbour PCN (U00001)</dd>" in html


def test_invented_people_of_the_invented_place_have_one_banner_for_both(marlhaven: Place) -> None:
    html = header_html(people_of(marlhaven, marlhaven.provenance.joined(handmade.DRAWN)))
    assert html.count('class="banner') == 1
    assert "SYNTHETIC DATA, SYNTHETIC PEOPLE. This place and everyone on this page are invented" in html


def test_what_is_modelled_of_invented_people_keeps_its_own_banner(real_place: Place) -> None:
    html = header_html(people_of(real_place, replace(handmade.DRAWN, modelled="Where they live is estimated.")))
    assert '<p class="banner modelled">Part modelled. Where they live is estimated.</p>' in html
    assert html.index("SYNTHETIC PEOPLE") < html.index("Part modelled")


def test_records_have_no_banner_and_are_named_as_records(real_place: Place) -> None:
    html = header_html(people_of(real_place, RECORDED, "records"))
    assert "banner" not in html
    assert "synthetic" not in html.lower()
    assert "<dt>People</dt><dd>from patient records</dd>" in html


def test_a_page_without_people_says_nothing_of_people(harbour: Network) -> None:
    assert "PEOPLE" not in header_html(harbour)
    assert "<dt>People</dt>" not in header_html(harbour)


@pytest.mark.parametrize(
    ("provenance", "kind", "flags"),
    [(handmade.DRAWN, "synthetic", (True, True)), (RECORDED, "records", (True, False))],
)
def test_the_head_carries_what_the_checks_of_outputs_need(
    real_place: Place, monkeypatch: pytest.MonkeyPatch, provenance: Provenance, kind: str, flags: tuple[bool, bool]
) -> None:
    shown: list[Any] = []
    monkeypatch.setattr("IPython.display.display", lambda data, **_: shown.append(data))
    show_header(people_of(real_place, provenance, kind), "Segmentation")
    page = shown[0][MIME]
    assert (page["people"], page["synthetic"]) == flags
    assert page["fingerprint"] == real_place.fingerprint
    assert page["network"] == "Harbour PCN"


def test_the_method_lists_the_sources_of_the_people_and_not_those_of_the_place_alone(real_place: Place) -> None:
    html = method_html(people_of(real_place, RECORDED, "records"), "So it was made.")
    assert '<th scope="row">Patient records</th>' in html
    assert "<td>not given</td>" in html, "records have no hash of a file, and are not invented"
    assert "<li>Used by agreement.</li>" in html
    assert "NHS England" not in html.partition("Files")[2]
    drawn = method_html(people_of(real_place, handmade.DRAWN), "So it was made.")
    assert "<td>invented</td>" in drawn
    assert "Contains information from NHS England." in drawn


def test_a_sentence_that_is_empty_leaves_no_paragraph(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    monkeypatch.setattr("IPython.display.display", lambda data, **_: shown.append(data))
    show_reading("")
    assert shown == []
    show_reading("One.")
    assert len(shown) == 1


def test_a_sentence_of_invented_people_begins_with_their_label_on_the_page_and_in_the_notebook(monkeypatch) -> None:
    shown: list[Any] = []
    monkeypatch.setattr("IPython.display.display", lambda data, **_: shown.append(data))
    show_reading(readings.people(handmade.people(handmade.DRAWN)))
    show_reading(readings.people(handmade.people(handmade.RECORDS)))
    assert shown[0]["text/plain"].startswith("SYNTHETIC PEOPLE: ")
    assert shown[0]["text/html"].startswith('<p class="reading"><span class="invented">SYNTHETIC PEOPLE: </span>')
    assert not [text for text in shown[1].values() if "SYNTHETIC" in text]


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/home/someone/models/mine.yaml", "mine.yaml"), (r"C:\\Users\\someone\\mine.yaml", "mine.yaml"),
        ("config/mine.yaml", "config/mine.yaml"), ("system_p", "system_p"),
    ],
)  # fmt: skip
def test_the_notebook_that_is_kept_does_not_say_in_whose_folder_a_model_lies(path: str, kept: str) -> None:
    cell = nbformat.v4.new_code_cell(f'# Parameters\nplace = "a/b"\nmodel_name = "{path}"')
    cell.metadata["tags"] = ["injected-parameters"]
    notebook = _without_machine(nbformat.v4.new_notebook(cells=[cell]))
    assert notebook.cells[0].source == f'# Parameters\nplace = "a/b"\nmodel_name = "{kept}"'
