"""What is missing is fetched, noted and put in place whole; what has changed is refused."""

import datetime as dt
import json
import os
import socket
from dataclasses import replace

import pytest

from pcn_analysis.downloads import notes
from pcn_analysis.downloads.catalogue import load_catalogue
from pcn_analysis.downloads.fetching import Origin, choose_origin, fetch
from pcn_analysis.downloads.web import Limits, Web
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.stored import locked
from tests import publishers as layout
from tests.publishers import Answer, serving

pytestmark = pytest.mark.unit

QUICK = Web(Limits(connect_seconds=1, read_seconds=0.5, tries=2, wait_seconds=0.01))
NOW = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)
MAP = load_catalogue().named(["practice-map-2026-07"])[0]
PATH = "/98/8142DB/gp-reg-pat-prac-map.zip"
FIRST = layout.zipped(gp__reg__pat__prac__map=layout.MAP)
SECOND = layout.zipped(gp__reg__pat__prac__map=layout.MAP.replace("U00001", "U00002"))


@pytest.fixture
def publishers():
    with serving() as running:
        running.answers |= {"/july-2026": layout.page(PATH), PATH: Answer(FIRST)}
        yield running


@pytest.fixture
def raw(tmp_path):
    return tmp_path / "raw"


def get(publishers, raw, **options):
    """Fetch the practice map."""
    moved = replace(MAP, page=f"{publishers.url}/july-2026", **options.pop("entry", {}))
    (one,) = fetch([moved], raw, web=QUICK, retrieved=NOW, seen=lambda _: lambda *_: None, **options)
    return one


def only(outcome):
    assert outcome.state == "failed"
    (one,) = outcome.problems
    return str(one)


def left(folder):
    return sorted(path.name for path in folder.iterdir())


BOTH = [MAP.saved_as, f"{MAP.saved_as}.source.json"]


# -- fetched, and noted ------------------------------------------------------------------------------------


def test_a_file_is_put_in_place_with_a_note_of_where_it_came_from(publishers, raw):
    outcome = get(publishers, raw)
    assert left(raw) == BOTH
    assert (raw / BOTH[0]).read_bytes() == FIRST
    assert json.loads((raw / BOTH[1]).read_text()) == {
        "name": "practice-map-2026-07",
        "title": "Patients Registered at a GP Practice: practices and networks",
        "publisher": "NHS England",
        "period": "1 July 2026",
        "licence": "Open Government Licence v3.0",
        "attribution": "Contains information from NHS England, licensed under the current version of the Open "
        "Government Licence.",
        "file": "gp-reg-pat-prac-map_2026-07.zip",
        "address": f"{publishers.url}{PATH}",
        "page": f"{publishers.url}/july-2026",
        "retrieved": "2026-11-22T09:30:00Z",
        "size": len(FIRST),
        "sha256": notes.sha256_of(raw / BOTH[0]),
        "etag": '"first"',
        "last_modified": "",
    }
    assert outcome.note == notes.read_note(raw / BOTH[0])


def test_what_is_here_is_not_asked_for_again(publishers, raw):
    get(publishers, raw)
    before = len(publishers.asked)
    assert get(publishers, raw).state == "here"
    assert len(publishers.asked) == before


def test_what_was_put_there_by_hand_is_left_alone(publishers, raw):
    raw.mkdir()
    (raw / "gp-reg-pat-prac-map_2026-07.csv").write_text("mine")
    assert get(publishers, raw).state == "here"
    assert left(raw) == ["gp-reg-pat-prac-map_2026-07.csv"]
    assert not publishers.asked


def test_a_file_put_there_by_hand_is_not_joined_by_a_second_that_fits(publishers, raw):
    raw.mkdir()
    (raw / "gp-reg-pat-prac-map_2026-07.csv").write_text("mine")
    told = only(get(publishers, raw, accept=[MAP.name]))
    assert "gp-reg-pat-prac-map_2026-07.csv is here already" in told


# -- refused -----------------------------------------------------------------------------------------------


def test_a_file_that_changed_since_it_was_recorded_is_refused_with_both_checksums(publishers, raw):
    old = get(publishers, raw).note.sha256
    (raw / BOTH[0]).unlink()
    publishers.answers[PATH] = Answer(SECOND)
    told = only(get(publishers, raw))
    new = notes.hashlib.sha256(SECOND).hexdigest()
    assert f"the file has changed: SHA-256 {new[:12]}, not {old[:12]} as recorded on 2026-11-22" in told
    assert told.endswith("add --accept-changed practice-map-2026-07.")
    assert left(raw) == BOTH[1:]


def test_the_same_bytes_come_back_where_a_file_was_lost(publishers, raw):
    get(publishers, raw)
    (raw / BOTH[0]).unlink()
    assert get(publishers, raw).state == "fetched"
    assert (raw / BOTH[0]).read_bytes() == FIRST


def test_a_changed_file_is_taken_once_it_is_accepted(publishers, raw):
    get(publishers, raw)
    publishers.answers[PATH] = Answer(SECOND)
    assert get(publishers, raw, accept=[MAP.name]).state == "fetched"
    assert (raw / BOTH[0]).read_bytes() == SECOND
    assert [one.state for one in notes.verify(raw)] == ["unchanged"]


def test_a_checksum_pinned_in_the_catalogue_is_held_to(publishers, raw):
    assert get(publishers, raw, entry={"sha256": notes.hashlib.sha256(FIRST).hexdigest()}).state == "fetched"
    told = only(get(publishers, raw / "other", entry={"sha256": "0" * 64}))
    assert "not 000000000000 as pinned" in told
    assert left(raw / "other") == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (layout.web_page("Sorry").body, "is a web page, not data"),
        (FIRST[:-30], "is no zip file, or a damaged one"),
        (layout.zipped(other="a\n1\n"), "holds no gp-reg-pat-prac-map*.csv, but other.csv"),
    ],
    ids=["web page", "damaged", "another"],
)
def test_what_is_not_the_file_is_refused_and_the_old_one_kept(publishers, raw, body, told):
    get(publishers, raw)
    before = {path.name: path.read_bytes() for path in raw.iterdir()}
    publishers.answers[PATH] = Answer(body)
    assert told in only(get(publishers, raw, accept=[MAP.name]))
    assert {path.name: path.read_bytes() for path in raw.iterdir()} == before


def test_a_file_that_was_altered_here_is_told_and_not_overwritten(publishers, raw):
    get(publishers, raw)
    (raw / BOTH[0]).write_bytes(SECOND)
    told = only(get(publishers, raw))
    assert "is not the file that was fetched" in told
    assert (raw / BOTH[0]).read_bytes() == SECOND


def test_one_run_at_a_time_fetches_a_file(publishers, raw, monkeypatch):
    monkeypatch.setattr("pcn_analysis.stored.WAIT", 0.01)
    raw.mkdir()
    with locked(raw / MAP.saved_as):
        assert "another run is storing it" in only(get(publishers, raw))
    assert not publishers.asked


def test_a_folder_that_cannot_be_written_is_told(publishers, raw):
    raw.mkdir()
    (raw / f".{MAP.saved_as}.part").mkdir()
    assert "gp-reg-pat-prac-map_2026-07.zip: cannot be stored" in only(get(publishers, raw))


def test_one_that_fails_does_not_keep_others_from_coming(publishers, raw):
    good = replace(MAP, page=f"{publishers.url}/july-2026")
    bad = replace(MAP, name="bad", saved_as="bad.zip", patterns=("bad*",), page=f"{publishers.url}/gone")
    outcomes = fetch([bad, good], raw, web=QUICK, retrieved=NOW, seen=lambda _: lambda *_: None)
    assert [one.state for one in outcomes] == ["failed", "fetched"]


def test_a_host_that_never_answers_is_not_waited_for_again_for_the_next_file(raw):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        moved = replace(MAP, page=f"http://127.0.0.1:{silent.getsockname()[1]}/july-2026")
        other = replace(moved, name="other", saved_as="other.zip", patterns=("other*",))
        web = Web(Limits(read_seconds=0.05, tries=2, wait_seconds=0.01))
        first, second = fetch([moved, other], raw, web=web, retrieved=NOW, seen=lambda _: lambda *_: None)
    assert "does not answer in time (tried 2 times)" in only(first)
    assert "could not be reached for another file" in only(second)


@pytest.mark.skipif(os.name == "nt", reason="files have no such permissions there")
@pytest.mark.parametrize("way", ["publisher", "folder"])
def test_a_file_can_be_read_by_whom_the_system_lets(publishers, raw, tmp_path, way):
    (tmp_path / MAP.saved_as).write_bytes(FIRST)
    get(publishers, raw, origin=Origin(tmp_path if way == "folder" else None))
    assert (raw / MAP.saved_as).stat().st_mode == (tmp_path / MAP.saved_as).stat().st_mode


# -- offline, folders and mirrors --------------------------------------------------------------------------


@pytest.fixture
def no_network(monkeypatch):
    """Fail whatever opens a socket."""

    def refused(*_):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refused)
    monkeypatch.setattr(socket, "create_connection", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)


@pytest.mark.usefixtures("no_network")
def test_offline_no_socket_is_opened_and_what_is_missing_is_said(raw):
    (one,) = fetch([MAP], raw, web=QUICK, retrieved=NOW, origin=Origin(offline=True), seen=lambda _: lambda *_: None)
    assert only(one).startswith("gp-reg-pat-prac-map_2026-07.zip: missing (Patients Registered")


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("name", [MAP.saved_as, MAP.original])
def test_offline_a_folder_stands_in_under_either_name(raw, tmp_path, name):
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / name).write_bytes(FIRST)
    origin = choose_origin(str(tmp_path / "given"), offline=True)
    (one,) = fetch([MAP], raw, web=QUICK, retrieved=NOW, origin=origin, seen=lambda _: lambda *_: None)
    assert (one.state, one.note.address) == ("fetched", name)
    assert (raw / BOTH[0]).read_bytes() == FIRST


def test_a_folder_without_the_file_says_under_which_names_it_was_looked_for(publishers, raw, tmp_path):
    told = only(get(publishers, raw, origin=Origin(tmp_path)))
    assert "nor is gp-reg-pat-prac-map.zip" in told
    assert not publishers.asked


def test_a_mirror_stands_in(publishers, raw):
    publishers.answers["/open/gp-reg-pat-prac-map_2026-07.zip"] = Answer(FIRST)
    outcome = get(publishers, raw, origin=choose_origin(f"{publishers.url}/open/", offline=False))
    assert outcome.note.address == f"{publishers.url}/open/gp-reg-pat-prac-map_2026-07.zip"
    assert [one.path for one in publishers.asked] == ["/open/gp-reg-pat-prac-map_2026-07.zip"]


@pytest.mark.parametrize(
    ("given", "offline", "told"),
    [("https://mirror.example", True, "cannot be asked with --offline"), ("no/such", False, "there is no folder")],
)
def test_an_origin_that_cannot_be_used_is_told(given, offline, told):
    with pytest.raises(PcnAnalysisError, match=told):
        choose_origin(given, offline=offline)


# -- verified ----------------------------------------------------------------------------------------------


def test_what_became_of_each_file_is_told(publishers, raw):
    get(publishers, raw)
    (raw / "README.md").write_text("words")
    (raw / ".hidden").write_text("words")
    (raw / "mine.csv").write_text("by hand")
    assert [(one.file, one.state, one.well) for one in notes.verify(raw)] == [
        (BOTH[0], "unchanged", True),
        ("mine.csv", "not from here", True),
    ]
    (raw / BOTH[0]).write_bytes(SECOND)
    assert next((one.state, one.well) for one in notes.verify(raw)) == ("changed", False)
    (raw / BOTH[0]).unlink()
    assert next((one.state, one.well) for one in notes.verify(raw)) == ("missing", False)


def test_a_folder_that_is_not_there_holds_nothing(raw):
    assert notes.verify(raw) == []


@pytest.mark.parametrize("text", ["", "[]", '{"name": "practice-map-2026-07"}'])
def test_a_note_that_cannot_be_read_is_told(publishers, raw, text):
    get(publishers, raw)
    (raw / BOTH[1]).write_text(text)
    with pytest.raises(PcnAnalysisError, match=r"\.zip\.source\.json: this note cannot be read"):
        notes.verify(raw)
