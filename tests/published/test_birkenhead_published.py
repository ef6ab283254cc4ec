"""Published measures of Birkenhead (U99194): the page's numbers are the publisher's, by a route of their own.

``birkenhead_published.csv`` holds them as they were read from the published files with the csv module alone; the same
is done again here, so that neither the file kept nor the package can be wrong unseen.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from pcn_analysis import alt_text, charts, readings, services
from pcn_analysis.display.tables import table_html
from pcn_analysis.place import Network, Place, network_of
from pcn_analysis.release import release
from pcn_analysis.services.published import published_by_practice, published_measures
from pcn_analysis.sources.local_authority import prepare_place
from pcn_analysis.synthetic import measures as invented

pytestmark = pytest.mark.published

BIRKENHEAD = "U99194"
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "11_service_specifications.ipynb"
FILE = "IIF_indicators_annual_pub_2023_24.csv"
LABELS = {
    "acc_10": ("ACC-10 standardised numerator", "ACC-10 denominator"),
    "acc_10_baseline": ("ACC-10 baseline numerator", "ACC-10 baseline denominator"),
    "acc_10b": ("ACC-10b non-standardised numerator", None),
    "acc_10b_baseline": ("ACC-10b baseline non-standardised numerator", None),
    "acc_08": ("ACC-08 Numerator", "ACC-08 Denominator"),
    "ehch_04": ("EHCH-04 Numerator", None),
}
with (Path(__file__).parent / "birkenhead_published.csv").open(encoding="utf-8", newline="") as stream:
    EXPECTED = {row["measure"]: row for row in csv.DictReader(stream)}


@pytest.fixture(scope="module")
def wirral(open_data: Path) -> Place:
    return prepare_place("Wirral", open_data, "2026-07")


@pytest.fixture(scope="module")
def birkenhead(wirral: Place) -> Network:
    return network_of(wirral, BIRKENHEAD)


@pytest.fixture(scope="module")
def rows(open_data: Path) -> list[dict[str, str]]:
    """The publisher's rows."""
    with (open_data / FILE).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def members(open_data: Path) -> set[str]:
    """Practices of the network on 1 July 2026."""
    with zipfile.ZipFile(open_data / "gp-reg-pat-prac-map_2026-07.zip") as archive:
        text = io.TextIOWrapper(archive.open("gp-reg-pat-prac-map.csv"), encoding="utf-8-sig", newline="")
        return {row["PRACTICE_CODE"] for row in csv.DictReader(text) if row["PCN_CODE"] == BIRKENHEAD}


def total(rows: list[dict[str, str]], label: str | None, organisations: set[str] | None = None) -> str:
    if label is None:
        return ""
    return str(
        sum(
            int(row["VALUE"])
            for row in rows
            if row["MEASURE"] == label and (organisations is None or row["ORGANISATION_CODE"] in organisations)
        )
    )


@pytest.mark.parametrize("measure", LABELS)
def test_the_file_kept_says_what_the_publisher_does(
    measure: str, rows: list[dict[str, str]], members: set[str]
) -> None:
    kept = EXPECTED[measure]
    own = {BIRKENHEAD} if measure.startswith("acc_10") else members
    above, below = LABELS[measure]
    assert (kept["numerator"], kept["denominator"]) == (total(rows, above, own), total(rows, below, own))
    assert (kept["england_numerator"], kept["england_denominator"]) == (total(rows, above), total(rows, below))


def test_the_page_of_birkenhead_shows_its_published_values(birkenhead: Network) -> None:
    shown = release(published_measures(birkenhead), profile="open_data").frame.set_index("measure")
    assert set(shown.index) == set(EXPECTED)
    for measure, kept in EXPECTED.items():
        found = shown.loc[measure]
        for ours, theirs in {
            "practices": "practices",
            "practices_published": "practices_published",
            "numerator": "numerator",
            "denominator": "denominator",
            "comparator_numerator": "england_numerator",
            "comparator_denominator": "england_denominator",
        }.items():
            assert ("" if pd.isna(found[ours]) else str(int(found[ours]))) == kept[theirs], (measure, ours)
        assert found["status"] == "published"


def test_the_cell_of_the_page_shows_them_and_says_of_which_years_they_are(birkenhead: Network) -> None:
    """The notebook's own cell, with Birkenhead for its network: the table as HTML, and the sentence above it."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    [code] = ["".join(cell["source"]) for cell in cells if "published_measures(population.network)" in str(cell)]
    tables, sentences = [], []
    names = {
        "release": release, "services": services, "readings": readings, "charts": charts, "alt_text": alt_text,
        "population": SimpleNamespace(network=birkenhead),
        "show_table": lambda table, columns, caption, **_: tables.append(table_html(table, columns, caption)),
        "show_reading": sentences.append, "show_figure": lambda _, alt: sentences.append(alt),
    }  # fmt: skip
    exec(code, names)
    heads = re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", tables[0])
    rows = [
        re.findall(r"<t[hd](?: [^>]*)?>(.*?)</t[hd]>", row) for row in re.findall(r"<tr><th scope=\"row\".*", tables[0])
    ]
    shown = pd.DataFrame(rows, columns=heads)
    for ours, theirs in {"Numerator": "numerator", "Denominator": "denominator"}.items():
        kept = [f"{int(one[theirs]):,}" if one[theirs] else "not shown" for one in EXPECTED.values()]
        assert sorted(shown[ours]) == sorted(kept), ours
    assert set(shown["Year"]) == {"2023/24", "2024/25"}
    hypertension = shown.set_index("Measure").loc["Hypertension, recorded prevalence"]
    assert hypertension[["Numerator", "Denominator", "Share"]].to_list() == ["16,442", "98,539", "16.7%"]
    said, alt = sentences[:2]
    assert "shares of people of Birkenhead PCN (2024/25)" in said
    assert "Birkenhead PCN, 2023/24 and 2024/25: " in alt, "and not of the date of the lists"


def test_each_practice_has_its_own_published_value(
    birkenhead: Network, rows: list[dict[str, str]], members: set[str]
) -> None:
    for measure, label in (("acc_08", "ACC-08 Numerator"), ("ehch_04", "EHCH-04 Numerator")):
        published = {row["ORGANISATION_CODE"]: int(row["VALUE"]) for row in rows if row["MEASURE"] == label}
        shown = published_by_practice(birkenhead, measure).frame.set_index("practice_code")["numerator"]
        assert shown.to_dict() == {one: published[one] for one in members}


def test_practices_of_birkenhead_are_held_against_it_and_read_out(birkenhead: Network) -> None:
    """Dementia by hand: 783 of 98,539 in all; Wilson limits of 147 of 15,496 are 0.81% to 1.11%, at 99.8% 0.74%."""
    released = release(published_by_practice(birkenhead), profile="open_data")
    held = released.followed_by(services.published_funnel.around_network)
    dementia = held.frame.set_index(["measure", "practice_name"]).loc["qof_dem"]
    counts = ["numerator", "denominator", "network_numerator", "network_denominator", "position"]
    assert dementia.loc["Vittoria Med Ctr K", counts].to_list() == [75, 1_878, 783, 98_539, "above the 99.8% limit"]
    assert dementia.loc["St Catherine's Surgery", "position"] == "above the 95% limit"
    said = readings.published_by_practice(held)
    assert "70 of the 210 shares of the 15 practices of Birkenhead PCN lie beyond the 99.8% limits" in said
    assert "dementia (0.3% at Church Road Medical Practice to 4.0% at Vittoria Med Ctr K)" in said
    assert "72.8% at Vittoria Med Ctr G to 97.6% at Whetstone Lane Med Ctr" in said


def test_nothing_is_withheld_in_the_file_of_2023_24(rows: list[dict[str, str]]) -> None:
    assert all(row["VALUE"].isdigit() for row in rows)


def test_what_has_changed_since_is_said_of_wirral(wirral: Place) -> None:
    """Birkenhead had 127,110 patients below the line; part of it is U91030 today, of which nothing was published."""
    assert "1 network has no measures published for 2023/24: U91030." in wirral.notes
    [size] = [note for note in wirral.notes if "of another size in 2023/24" in note]
    assert size.endswith("U99194, 127,110 then and 98,691 now.")
    [merged] = [note for note in wirral.notes if "absorbed since" in note]
    assert merged.endswith("N85003 in N85051; N85009 in N85007; N85014 in N85044.")
    unpublished = published_measures(network_of(wirral, "U91030")).frame.set_index("measure")["status"]
    assert (unpublished["acc_10"], unpublished["acc_08"]) == ("not published", "published")


def test_invented_measures_follow_the_sums_of_england(rows: list[dict[str, str]]) -> None:
    patients = int(total(rows, "ACC-10 denominator"))
    appointments = int(total(rows, "ACC-08 Denominator"))
    assert round(appointments / patients, 2) == invented.APPOINTMENTS
    assert round(int(total(rows, "ACC-08 Numerator")) / appointments, 3) == invented.WITHIN_TWO_WEEKS
    assert round(int(total(rows, "EHCH-04 Numerator")) / patients, 4) == invented.CARE_HOME_CONTACTS
    baseline = int(total(rows, "ACC-10 baseline denominator"))
    for measure, each in invented.OF_NETWORKS.items():
        below = baseline if measure.endswith("baseline") else patients
        assert round(int(total(rows, LABELS[measure][0])) / below, 5) == each, measure
    rounds = [row["VALUE"] for row in rows if row["MEASURE"] == "EHCH-04 Numerator"]
    assert round(rounds.count("0") / len(rounds), 2) == invented.NO_CARE_HOME
    fives = [
        int(row["VALUE"]) % 5 for row in rows if row["MEASURE"] in {LABELS[one][0] for one in invented.OF_NETWORKS}
    ]
    assert set(fives) == {0}
