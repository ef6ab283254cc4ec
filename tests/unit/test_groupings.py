"""Files of groupings: what they may look like, what is told of bad ones, and which groupings a place has."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pcn_analysis.exceptions import DisclosureError, PcnAnalysisError
from pcn_analysis.network.grouped import groupings
from pcn_analysis.network.grouping_files import read_grouping_file
from pcn_analysis.network.groupings import find_grouping, known_groupings, own_practices, read_grouping
from pcn_analysis.place import Place
from pcn_analysis.provenance import SourcedTable, derive
from pcn_analysis.release import release

pytestmark = pytest.mark.unit

STATED = "# publisher: Marlhaven Council\n# period: July 2026\n"
COUNTED = pd.DataFrame({"group": ["North"], "patients": [20_003]})


@pytest.fixture
def wrote(tmp_path: Path):
    """Write a file of some text and return its path."""

    def write(text: str, name: str = "areas.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def codes(marlhaven: Place) -> list[str]:
    return list(own_practices(marlhaven).index)


def everyone(codes: list[str]) -> str:
    """Rows that put practices into North and South in turn."""
    return "".join(f"{code},{('North', 'South')[at % 2]}\n" for at, code in enumerate(codes))


def said(path: Path, place: Place) -> list[str]:
    with pytest.raises(PcnAnalysisError) as told:
        read_grouping(path, place)
    return [str(one) for one in told.value.problems]


# -- what a file may look like -----------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_file_is_read_however_excel_saved_it(wrote, encoding, separator):
    rows = [" Practice Code ", "GROUP", "group_name"], [" x90001 ", "W", "Saint-Rémy  West"], ["X90002", "W", ""]
    text = "\r\n".join(separator.join(row) for row in (*rows, ["", "", ""])) + "\r\n"
    file = read_grouping_file(wrote(text, encoding=encoding))
    assert file.of.to_dict() == {"X90001": "W", "X90002": "W"}
    assert file.names == {"W": "Saint-Rémy West"}


def test_lines_above_the_header_say_whose_the_grouping_is_also_where_a_spreadsheet_added_commas(wrote):
    top = '"# publisher: Council of Marlhaven, and others",,\n# Period: July 2026,,\n# size: 50,000,\n# a remark\n'
    file = read_grouping_file(wrote(top + "practice_code,group\nX90001,A\n", encoding="utf-8-sig"))
    assert file.facts["publisher"] == "Council of Marlhaven, and others"
    assert file.facts["period"] == "July 2026"
    assert file.size == (37_500, 62_500)


def test_a_range_of_sizes_is_taken_as_it_stands(wrote):
    assert read_grouping_file(wrote("# size: 30000 to 50000\npcn_code,group\nU00001,A\n")).size == (30_000, 50_000)


def test_codes_of_networks_group_their_practices(marlhaven, wrote):
    networks = marlhaven.networks()["pcn_code"]
    rows = "".join(f"{code},{'North' if at < 2 else 'South'}\n" for at, code in enumerate(networks))
    grouping = read_grouping(wrote(f"pcn_code,group\n{rows}"), marlhaven)
    practices = own_practices(marlhaven)
    north = practices["pcn_code"].isin(networks[:2])
    assert set(grouping.of[north]) == {"North"}
    assert set(grouping.of[~north & practices["pcn_code"].notna()]) == {"South"}


def test_what_is_not_of_the_place_and_what_is_not_in_the_file_is_counted(marlhaven, wrote, codes):
    rows = everyone(codes[2:]) + f"{codes[2]},North\nZ99999,North\nZ99998,Far\n"
    grouping = read_grouping(wrote(f"practice_code,group\n{rows}"), marlhaven)
    assert grouping.notes == (
        "Counted once: 1 row that say again what another says.",
        "Left out: 2 practices of the file that Marlhaven does not have, and with them 1 group.",
        "Of “North” only practices of Marlhaven are measured.",
        "In no group: 2 practices of Marlhaven not in the file.",
    )
    assert grouping.of.index.to_list() == codes, "every practice of the place has a row"
    assert grouping.of[codes[:2]].isna().all()
    assert set(grouping.names) == {"North", "South"}


# -- what is told of bad ones ------------------------------------------------------------------------------

HEAD = "practice_code,group,group_name\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("practice,grp\nX90001,A\n", ["column practice_code is missing. Begin it with practice_code,group",
                                      "column group is missing. Begin it with practice_code,group"]),
        (HEAD, ["there is no row below the header"]),
        ("", ["the file holds no table"]),
        ("# publisher: x\n", ["the file holds no table"]),
        (HEAD + "X90001,A,B,C\n", ["1 row with more or fewer cells than the header"]),
        ("practice_code,group,group\nX90001,A,B\n", ["the column group is there twice"]),
        ("# pubisher: x\n# size: many\n" + HEAD + "X90001,A,\n", ["“# pubisher:” is not known. Did you mean publisher?",
                                                                  "the size is neither"]),
        (HEAD + ",A,\nX90001,,\nX9,B,\nX90002,C,\nX90002,D,\n",
         ["rows without a practice: 1", "rows without a group: 1", "no code of a practice: 1",
          "practices in more than one group: 1 (X90002)"]),
        (HEAD + "X90001,North,\nX90002,NORTH,\nX90003,none,\n",
         ["differ only in capitals: 2 (North and NORTH)", "called as if they were none: 1 (none)"]),
        (HEAD + "X90001,A,One\nX90002,A,Two\nX90003,B,Two\n",
         ["groups with more than one name: 1 (A)", "names that more than one group has: 1 (Two)"]),
        ("pcn_code,group\nX90001,A\n", ["no code of a network: 1"]),
        (HEAD + "Z99999,A,\n", ["none of its 1 practice is of Marlhaven on 1 July 2026"]),
    ],
)  # fmt: skip
def test_everything_that_is_wrong_is_told_at_once_with_what_to_do(marlhaven, wrote, text, told):
    lines = said(wrote(text), marlhaven)
    assert len(lines) == len(told), lines
    for line, part in zip(lines, told, strict=True):
        assert line.startswith("areas.csv: ")
        assert part in line
        assert line.endswith((".", "?"))


def test_a_list_of_people_is_refused_without_a_value_of_it(marlhaven, wrote):
    people = "X90001,Jo Doe,9434765919\nX90001,JO DOE,9434765870\nX90002,jo doe,9434765919\n"
    lines = said(wrote(HEAD + people), marlhaven)
    assert any("practices in more than one group: 1" in line for line in lines)
    assert not any("doe" in line.lower() or "94347" in line for line in lines), lines


def test_a_workbook_a_picture_and_a_file_that_is_not_there_are_refused(marlhaven, wrote, tmp_path):
    assert "a workbook or a zip" in said(wrote("PK\x03\x04"), marlhaven)[0]
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\0\x81\x8d")
    assert "it is no text" in said(tmp_path / "picture.csv", marlhaven)[0]
    assert "cannot be read" in said(tmp_path / "gone.csv", marlhaven)[0]


# -- which groupings a place has ---------------------------------------------------------------------------


def put(raw: Path, name: str, text: str) -> Path:
    folder = raw / "groupings" / "marlhaven"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return raw


def test_a_place_has_what_it_was_published_with_and_the_files_in_its_folder(marlhaven, tmp_path, codes):
    raw = put(tmp_path, "Local Areas.csv", f"{STATED}practice_code,group\n{everyone(codes)}")
    assert list(known_groupings(marlhaven, raw)) == ["pcn", "sub_icb", "icb", "neighbourhood", "local_areas"]
    assert find_grouping(marlhaven, "local-areas", raw).name == "local_areas"
    pcn = find_grouping(marlhaven, "PCN", raw)
    assert pcn.size == (30_000, 50_000)
    assert pcn.of.equals(own_practices(marlhaven)["pcn_code"].astype("str").rename("group"))
    with pytest.raises(
        PcnAnalysisError, match=r"no grouping “local aera”. Did you mean local_areas\?.*/local_aera.csv"
    ):
        find_grouping(marlhaven, "local aera", raw)


def test_neighbourhoods_that_are_named_with_practices_are_a_grouping_until_a_file_says_otherwise(
    marlhaven, tmp_path, codes
):
    frame = marlhaven.tables["practices"].frame
    named = SourcedTable(frame.assign(neighbourhood="Old Town"), marlhaven.tables["practices"].provenance)
    place = replace(marlhaven, tables=marlhaven.tables | {"practices": named})
    held = find_grouping(place, "neighbourhood", tmp_path)
    assert (set(held.of), held.size) == ({"Old Town"}, (37_500, 62_500))
    raw = put(tmp_path, "neighbourhood.csv", f"{STATED}practice_code,group\n{everyone(codes)}")
    assert set(find_grouping(place, "neighbourhood", raw).of) == {"North", "South"}


def test_no_file_stands_in_for_a_published_grouping(marlhaven, tmp_path, codes):
    raw = put(tmp_path, "pcn.csv", f"{STATED}practice_code,group\n{everyone(codes)}")
    with pytest.raises(PcnAnalysisError, match=r"name of a published grouping\. Give the file another name"):
        find_grouping(marlhaven, "pcn", raw)


# -- who says so -------------------------------------------------------------------------------------------


def test_a_file_that_says_whose_and_of_when_it_is_can_be_released_as_open_data(marlhaven, wrote, codes):
    grouping = read_grouping(wrote(f"{STATED}practice_code,group\n{everyone(codes)}"), marlhaven)
    table = derive(COUNTED, grouping.table(), counts=("patients",))
    source = release(table, profile="open_data").provenance.sources[0]
    assert (source.publisher, source.period, source.file) == ("Marlhaven Council", "July 2026", "areas.csv")
    assert len(source.sha256) == 64
    assert not grouping.provenance.people


@pytest.mark.parametrize("top", ["", "# publisher: Marlhaven Council\n", "# period: July 2026\n", "# publisher:\n"])
def test_a_draft_is_on_no_page_and_is_told_what_to_add(marlhaven, project, codes, wrote, top):
    put(project.raw, "neighbourhood.csv", f"{top}practice_code,group\n{everyone(codes)}")
    with pytest.raises(PcnAnalysisError, match=r"neighbourhood\.csv: .*Put two lines above its header: “# publisher"):
        groupings(marlhaven, "neighbourhood", "pcn")
    grouping = read_grouping(wrote(f"{top}practice_code,group\n{everyone(codes)}"), marlhaven)
    table = derive(COUNTED, grouping.table(), counts=("patients",))
    with pytest.raises(DisclosureError, match="1 sources are without publisher or period"):
        release(table, profile="open_data")
    assert release(table).frame["patients"].to_list() == [20_005], "with counts rounded it can be told"
