"""Tables as HTML that screen readers can follow, and as CSV."""

import base64
import io
import re

import handmade
import pandas as pd
import pytest
from handmade import DRAWN, INVENTED, PUBLISHED, RECORDS, released, sourced

from pcn_analysis.display import show_table
from pcn_analysis.display.tables import csv_text, table_html
from pcn_analysis.provenance import Provenance, Rate
from pcn_analysis.release import release

pytestmark = pytest.mark.unit

COLUMNS = {"practice_name": "Practice", "patients": "Patients", "share": "Share"}
LABELS = ["place", "index_date", "vintage", "part_modelled", "synthetic"]
PLAIN = "Marlhaven,2026-07-01,2026-07,False,False"


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


SHARES = {"practice_name": "Practice", "registered": "Registered", "share": "Share", "share_lower": "From"}


def cells_of_shares(patients, registered, provenance=RECORDS, **options):
    """The cells of three practices, row by row, without their names."""
    names = ["Quayside Surgery", "Rope Walk Practice", "Tide Row Surgery"]
    frame = pd.DataFrame({"practice_name": names, "patients": patients, "registered": registered})
    table = released(frame, provenance, counts=("patients", "registered"), rates=(handmade.SHARE,))
    html = table_html(table, SHARES, "Practices", **options)
    found = re.findall(r"<td[^>]*>([^<]+)</td>", html)
    return [found[row : row + 3] for row in range(0, len(found), 3)]


def test_a_rate_among_nobody_is_a_dash_and_one_that_is_suppressed_is_not_shown():
    assert cells_of_shares([0, 3, 3], [0, 1000, 5]) == [
        ["0", "–", "–"],
        ["1,000", "not shown", "not shown"],
        ["not shown", "not shown", "not shown"],
    ]


def test_a_rate_among_nobody_is_found_by_its_row_also_among_the_first():
    assert cells_of_shares([3, 0, 100], [1000, 0, 1000], most=2) == [
        ["1,000", "not shown", "not shown"],
        ["0", "–", "–"],
    ]


def test_a_rate_of_nobody_among_some_is_zero_and_one_above_zero_is_never_written_as_zero():
    cells = cells_of_shares([0, 3, 6], [10000, 10000, 10000], PUBLISHED)
    assert [share for _, share, _ in cells] == ["0.0%", "&lt;0.1%", "0.1%"]


def with_withheld():
    frame = pd.DataFrame({"segment": ["Lungs", "Heart", "Bones"], "patients": [120, 3, 400], "registered": 1000})
    table = sourced(frame, RECORDS, counts=("patients", "registered"), rates=(handmade.SHARE,))
    return release(table, withheld={(0, "patients")})


WITHHELD_COLUMNS = {"segment": "Segment", "patients": "People", "share": "Share", "share_lower": "From"}


def test_a_withheld_number_is_not_one_that_is_too_small_and_a_note_says_why():
    html = table_html(with_withheld(), WITHHELD_COLUMNS, "Segments")
    assert re.findall(r'<td class="number">([^<]+)</td>', html)[:6] == ["withheld"] * 3 + ["not shown"] * 3
    assert html.count("Withheld: a number of any size") == 1


def test_a_table_that_shows_no_withheld_number_has_no_note_on_them():
    assert "ithheld" not in table_html(with_withheld(), {"segment": "Segment", "registered": "All"}, "Segments")
    assert "ithheld" not in csv_text(handmade.practice_lists(RECORDS, last=3))


def test_the_note_on_withheld_numbers_is_folded_with_its_table():
    folded, _, after = table_html(with_withheld(), WITHHELD_COLUMNS, "Segments", folded=True).partition("</details>")
    assert "Withheld: a number" in folded
    assert "Withheld: a number" not in after


def test_a_download_names_what_is_withheld_and_its_numbers_stay_numbers():
    read = pd.read_csv(io.StringIO(csv_text(with_withheld())), keep_default_na=False, na_values=[""])
    assert read["withheld"].to_list()[0] == "patients"
    assert read["withheld"].isna().to_list() == [False, True, True]
    assert read["patients"].dtype == float
    assert read["patients"].isna().to_list() == [True, True, False]


def test_a_segment_that_was_not_assessed_says_so_in_its_row():
    columns = {"segment": "Segment", "patients": "People", "share": "Share", "status": "Status"}
    html = table_html(handmade.segment_sizes(RECORDS, first=None), columns, "Segments")
    cells = re.findall(r"<td[^>]*>([^<]+)</td>", html)
    assert cells[:6] == ["not assessed", "not assessed", "not assessed", "4,000", "40.0%", "partly assessed"]


@pytest.mark.parametrize("status", ["not published", "not known"])
def test_a_number_that_nobody_published_is_not_one_that_is_too_small_to_show(status):
    table = handmade.segment_sizes(RECORDS, first=None, why=status)
    cells = re.findall(r"<td[^>]*>([^<]+)</td>", table_html(table, {"segment": "S", "patients": "P"}, "Segments"))
    assert cells[0] == status


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
    assert read.columns.to_list() == [*table.frame.columns, *LABELS]
    assert read[table.frame.columns].to_numpy().tolist() == table.frame.to_numpy().tolist()


@pytest.mark.parametrize(
    ("provenance", "flags"),
    [
        (PUBLISHED, [False, False]),
        (INVENTED, [False, True]),
        (RECORDS, [False, False]),
        (Provenance(PUBLISHED.sources, people=False, modelled="Estimated."), [True, False]),
    ],
    ids=["published", "invented", "of people", "modelled"],
)
def test_every_row_of_a_download_says_what_it_is_of(provenance, flags):
    read = pd.read_csv(io.StringIO(csv_text(handmade.practice_lists(provenance))))
    assert read[LABELS].to_numpy().tolist() == [["Marlhaven", "2026-07-01", "2026-07", *flags]] * 3


def test_a_label_never_replaces_a_column_of_the_table():
    table = released(pd.DataFrame({"place": ["Quayside", "Oldmoor"]}))
    read = pd.read_csv(io.StringIO(csv_text(table)))
    assert read["place"].to_list() == ["Quayside", "Oldmoor"]
    assert read.columns.to_list() == LABELS


def test_a_download_leaves_shapes_out_and_keeps_five_decimals_of_a_rate_and_one_of_an_estimate():
    frame = pd.DataFrame({"neighbours": [1.2345], "located": [3.0], "geometry": ["POINT (0 0)"]})
    counts = ("neighbours", "located")
    table = released(frame, PUBLISHED, counts=counts, rates=(Rate("share", *counts),))
    assert csv_text(table) == f"neighbours,located,share,{','.join(LABELS)}\n1.2,3.0,0.4115,{PLAIN}\n"


def test_a_count_that_is_not_shown_is_an_empty_cell_of_the_download():
    last = csv_text(handmade.practice_lists(RECORDS, last=3)).splitlines()[-1]
    assert last == f"A00003,Tide Row Surgery,,40000,,{PLAIN}"


def test_invented_data_say_so_in_the_caption_the_download_and_its_name():
    html = table_html(handmade.practice_lists(INVENTED), COLUMNS, "Practices of the network")
    assert "<caption>SYNTHETIC: Practices of the network</caption>" in html
    assert 'download="synthetic-practices-of-the-network.csv"' in html
    assert downloaded(html)["synthetic"].all()
    plain = table_html(handmade.practice_lists(), COLUMNS, "Practices")
    assert "synthetic" not in plain.lower()
    assert not downloaded(plain)["synthetic"].any()


def test_invented_people_are_named_in_the_caption_the_download_and_its_name():
    html = table_html(handmade.practice_lists(DRAWN), COLUMNS, "Practices of the network", most=2)
    assert "<caption>SYNTHETIC PEOPLE: Practices of the network (first 2 of 3)</caption>" in html
    assert 'aria-label="Table: SYNTHETIC PEOPLE: Practices of the network' in html
    assert 'download="synthetic-people-practices-of-the-network.csv"' in html
    assert downloaded(html)["synthetic"].tolist() == [True] * 3


def test_records_of_people_are_not_called_synthetic():
    html = table_html(handmade.practice_lists(RECORDS), COLUMNS, "Practices of the network")
    assert "synthetic" not in html.lower()


def test_a_folded_table_shows_its_caption_and_keeps_its_download_in_the_open():
    html = table_html(handmade.practice_lists(INVENTED), COLUMNS, "Practices", folded=True)
    folded, _, after = html.partition("</details>")
    assert folded.startswith("<details><summary>Table: SYNTHETIC: Practices</summary>")
    assert folded.count('<th scope="row">') == 3
    assert "<a download=" in after
    assert "<a download=" not in folded
    plain = table_html(handmade.practice_lists(INVENTED), COLUMNS, "Practices")
    assert "<details" not in plain
    assert "<summary" not in plain
    assert downloaded(html).equals(downloaded(plain))


def test_markup_in_values_headings_and_captions_is_text():
    bad = "<script>alert('x')</script>"
    table = released(pd.DataFrame({"name": [bad], "more": ["a & b"]}))
    html = table_html(table, {"name": bad, "more": "More"}, bad)
    assert "<script>" not in html
    assert "a &amp; b" in html
    assert html.count("&lt;script&gt;") == 4  # caption, its label, heading and value
    folded = table_html(table, {"name": bad, "more": "More"}, bad, folded=True)
    assert "<script>" not in folded
    assert folded.count("&lt;script&gt;") == 5  # and the summary


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


FIGURES = pd.DataFrame(
    {"line": ["Core", "Support", "Fund"], "rate": [1.5, 1234.5678, None], "share": [0.25, None, 0.5]}
)
HEADINGS = {"line": "Line", "rate": "Rate", "share": "Share"}


def cells_of(html: str) -> list[str]:
    return re.findall(r'<td class="number">([^<]+)</td>', html)


def test_figures_have_the_decimals_and_shares_the_percentages_that_are_asked_for():
    html = table_html(released(FIGURES), HEADINGS, "Lines", decimals={"rate": 3}, shares=["share"], missing="not known")
    assert cells_of(html) == ["1.500", "25.0%", "1,234.568", "not known", "not known", "50.0%"]
    assert downloaded(html)["rate"].to_list()[:2] == [1.5, 1234.5678]
    assert downloaded(html)["share"].to_list()[0] == 0.25


def test_figures_of_which_no_decimals_are_asked_for_are_as_before():
    html = table_html(released(FIGURES), HEADINGS, "Lines")
    assert cells_of(html)[:3] == ["2", "0", "1,235"]
    assert downloaded(html)["rate"].to_list()[1] == 1234.6
    assert cells_of(html)[-2:] == ["not shown", "0"]


def test_a_row_of_a_network_that_is_not_in_a_file_says_so():
    frame = FIGURES.assign(status=["not in the file", "published", "published"], rate=None).astype({"rate": "Float64"})
    html = table_html(released(frame), {"line": "Line", "rate": "Rate"}, "Lines", missing="–")
    assert cells_of(html) == ["not in the file", "–", "–"]
