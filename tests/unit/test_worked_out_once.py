"""What is kept of a place while it is in memory, and what must not be."""

from __future__ import annotations

import pickle
from dataclasses import replace

import matplotlib.pyplot as plt
import pytest

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.place import network_of, worked_out_once
from pcn_analysis.plots.style import _undrawn
from pcn_analysis.synthetic.place import invent_place
from pcn_analysis.workforce.staffing import every_network
from pcn_analysis.yaml_text import read_texts

pytestmark = pytest.mark.unit


def test_it_is_worked_out_again_where_a_table_was_put_in_place_of_another() -> None:
    """The same tables are asked once, a new one again."""
    asked: list[int] = []
    sizes = worked_out_once(lambda place: asked.append(1) or len(place.tables["practices"].frame))
    place = invent_place()
    whole = sizes(place)
    assert (sizes(place), len(asked)) == (whole, 1)
    practices = place.tables["practices"]
    place.tables["practices"] = replace(practices, frame=practices.frame.head(2))
    assert (sizes(place), len(asked)) == (2, 2)


def test_whoever_changes_a_frame_changes_it_for_nobody_else() -> None:
    """Each network has its own marks, and each caller a frame of its own."""
    place = invent_place()
    first = every_network(network_of(place, "U00001")).frame
    first["fte"] = -1.0
    again = every_network(network_of(place, "U00001")).frame
    assert (again["fte"].dropna() >= 0).all()
    other = every_network(network_of(place, "U00002")).frame
    assert set(other.loc[other["marked"], "pcn_code"]) == {"U00002"}
    networks = place.networks()
    networks["pcn_name"] = "x"
    assert "x" not in set(place.networks()["pcn_name"])
    several = worked_out_once(lambda place: (place.tables["practices"].frame.head(1), "and more"))
    frame, _ = several(place)
    frame["pcn_code"] = "x"
    assert "x" not in set(several(place)[0]["pcn_code"])


def test_what_is_asked_by_name_is_what_is_asked_in_order() -> None:
    """Keywords are part of what is asked."""
    of_role = worked_out_once(lambda place, role="": (place.slug, role))
    place = invent_place()
    assert of_role(place, role="a") == of_role(place, "a") == (place.slug, "a")
    assert of_role(place) == (place.slug, "")
    network = network_of(place, "U00001")
    assert every_network(network, role="").frame.equals(every_network(network).frame)


def test_a_place_is_sent_elsewhere_without_what_was_worked_out_of_it() -> None:
    """It can be pickled, and asked again."""
    place = invent_place()
    networks = place.networks()
    assert pickle.loads(pickle.dumps(place)).networks().equals(networks)


@pytest.mark.parametrize("text", ["[" * 900_000, "{a: " * 200_000])
def test_yaml_within_yaml_without_end_is_refused_and_ends_nothing(text: str) -> None:
    """Libyaml alone would end the process."""
    with pytest.raises(PcnAnalysisError, match="cannot be read as YAML"):
        read_texts(text, "deep.yaml", example="an.yaml")


def test_a_figure_is_not_drawn_while_its_layers_are_added() -> None:
    """It can be drawn again afterwards, also where one chart is drawn within another."""
    figure, _ = plt.subplots()
    drawn: list[int] = []
    figure.canvas.mpl_connect("draw_event", lambda _: drawn.append(1))
    with _undrawn(figure), _undrawn(figure):
        figure.canvas.draw_idle()
    assert not drawn
    figure.canvas.draw_idle()
    assert drawn
    plt.close(figure)
