"""Tables as HTML that screen readers can follow, and as CSV."""

import base64
import io
import re

import handmade
import pandas as pd
import pytest
from handmade import INVENTED, PUBLISHED, RECORDS, released, sourced

from pcn_analysis.display import show_table
from pcn_analysis.display.tables import csv_text, table_html
from pcn_analysis.provenance import Rate

pytestmark = pytest.mark.unit

COLUMNS = {"practice_name": "Practice", "patients": "Patients", "share": "Share"}


def downloaded(html: str) -> pd.DataFrame:
    (encoded,) = re.findall(r'href="data:text/csv;base64,([^"]+)"', html)
    return pd.read_csv(io.BytesIO(base64.b64decode(encoded)))


def test_a_table_has_a_caption_column_headings_and_row_headings():
    html = table_html(handmade.practice_lists(), COLUMNS, "Practices of the network")
    assert "<caption>Practices of the network</caption>" in html
    assert re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', html) == ["Practice", "Patients", "Share"]
    assert re.findall(r'<th scope="row">([^<]+)</th>', html) == [
        "Quayside Surgery",
        "Rope Walk Practice",
        "Tide Row Surgery",
    ]
    assert 'role="region" aria-label="Table: Practices of the network"' in html


def test_counts_have_commas_and_rates_are_percentages():
    html = table_html(handmade.practice_lists(), COLUMNS, "Practices")
    cells = re.findall(r'<td class="number">([^<]+)</td>', html)
    assert cells == ["24,000", "60.0%", "12,000", "30.0%", "4,000", "10.0%"]


def test_a_number_that_is_missing_is_not_shown_and_a_word_that_is_missing_is_a_dash():
    html = table_html(handmade.practice_lists(RECORDS, last=3), COLUMNS, "Practices")
    assert re.findall(r"<td[^>]*>([^<]+)</td>", html)[-2:] == ["not shown", "not shown"]
    bands = table_html(handmade.network_sizes(), {"pcn_name": "Network", "size_band": "Band"}, "Networks")
    assert re.findall(r"<td[^>]*>([^<]+)</td>", bands)[-1] == "–"


@pytest.mark.parametrize("dtype", ["bool", "boolean"])
def test_flags_are_yes_and_no(dtype):
    frame = pd.DataFrame({"area": ["a", "b"], "uncertain": pd.Series([True, False], dtype=dtype)})
    html = table_html(released(frame), {"area": "Area", "uncertain": "Uncertain"}, "Areas")
    assert re.findall(r"<td[^>]*>([^<]+)</td>", html) == ["yes", "no"]


def test_the_first_rows_are_shown_and_all_are_downloaded():
    html = table_html(handmade.practice_lists(), COLUMNS, "Practices", most=2)
    assert "<caption>Practices (first 2 of 3)</caption>" in html
    assert html.count('<th scope="row">') == 2
    assert "The download has all 3 rows." in html
    assert len(downloaded(html)) == 3


def test_a_download_has_every_released_value():
    table = handmade.practice_lists()
    read = downloaded(table_html(table, COLUMNS, "Practices"))
    assert read.columns.to_list() == table.frame.columns.to_list()
    assert read.to_numpy().tolist() == table.frame.to_numpy().tolist()


def test_a_download_leaves_shapes_out_and_keeps_five_decimals_of_a_rate_and_one_of_an_estimate():
    frame = pd.DataFrame({"neighbours": [1.2345], "located": [3.0], "geometry": ["POINT (0 0)"]})
    counts = ("neighbours", "located")
    table = released(frame, PUBLISHED, counts=counts, rates=(Rate("share", *counts),))
    assert csv_text(table) == "neighbours,located,share\n1.2,3.0,0.4115\n"


def test_a_count_that_is_not_shown_is_an_empty_cell_of_the_download():
    assert csv_text(handmade.practice_lists(RECORDS, last=3)).splitlines()[-1] == "A00003,Tide Row Surgery,,40000,"


def test_invented_data_say_so_in_the_caption_the_download_and_its_name():
    html = table_html(handmade.practice_lists(INVENTED), COLUMNS, "Practices of the network")
    assert "<caption>SYNTHETIC: Practices of the network</caption>" in html
    assert 'download="synthetic-practices-of-the-network.csv"' in html
    assert downloaded(html)["synthetic"].all()
    assert "synthetic" not in table_html(handmade.practice_lists(), COLUMNS, "Practices")


def test_markup_in_values_headings_and_captions_is_text():
    bad = "<script>alert('x')</script>"
    html = table_html(released(pd.DataFrame({"name": [bad], "more": ["a & b"]})), {"name": bad, "more": "More"}, bad)
    assert "<script>" not in html
    assert "a &amp; b" in html
    assert html.count("&lt;script&gt;") == 4  # caption, its label, heading and value


def test_a_table_without_rows_shows_nothing(capsys):
    show_table(handmade.without_rows(handmade.practice_lists()), COLUMNS, "Practices")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("show", [show_table, table_html])
def test_tables_that_were_not_released_are_refused(show):
    with pytest.raises(TypeError, match="released table"):
        show(sourced(handmade.practice_lists().frame), COLUMNS, "Practices")


def test_no_download_is_made_of_a_table_that_was_not_released():
    with pytest.raises(TypeError, match="released table"):
        csv_text(sourced(handmade.practice_lists().frame))
