"""A file comes whole or not at all; what was broken off goes on where it stopped."""

import socket

import pytest
import requests

from pcn_analysis.downloads.transfer import Part, Transfer
from pcn_analysis.downloads.web import CHUNK, Limits, Web
from pcn_analysis.exceptions import PcnAnalysisError
from tests.publishers import Answer, serving

pytestmark = pytest.mark.unit

QUICK = Limits(connect_seconds=1, read_seconds=0.2, tries=3, wait_seconds=0.01)
FILE = "/98/8142DB/map.zip"
BODY = bytes(range(256)) * 1000
KEPT = 6 * CHUNK
"""Bytes after which a connection breaks."""


@pytest.fixture
def publishers():
    with serving() as running:
        yield running


def ignored(come, size):
    """See nothing of how far it is."""


def download(publishers, folder, path=FILE, limits=QUICK, seen=ignored):
    """Download a file into a folder and return its bytes."""
    transfer = Transfer(Web(limits), folder / "map.zip", seen)
    transfer(publishers.url + path, str(folder / "whole"), None)
    return (folder / "whole").read_bytes()


def left(folder):
    return sorted(path.name for path in folder.iterdir())


# -- whole -------------------------------------------------------------------------------------------------


def test_a_file_comes_whole_and_nothing_else_is_left(publishers, tmp_path):
    publishers.answers[FILE] = Answer(BODY)
    assert download(publishers, tmp_path) == BODY
    assert left(tmp_path) == ["whole"]


def test_how_far_it_is_can_be_followed(publishers, tmp_path):
    publishers.answers[FILE] = Answer(BODY)
    steps = []
    download(publishers, tmp_path, seen=lambda come, size: steps.append((come, size)))
    assert steps[-1] == (len(BODY), len(BODY))
    assert steps == sorted(steps)


def test_redirects_are_followed_and_where_they_led_is_known(publishers, tmp_path):
    publishers.answers["/old"] = Answer(statuses=[302], headers={"Location": FILE})
    publishers.answers[FILE] = Answer(BODY)
    transfer = Transfer(Web(QUICK), tmp_path / "map.zip", ignored)
    transfer(publishers.url + "/old", str(tmp_path / "whole"), None)
    assert transfer.facts["address"] == publishers.url + FILE
    assert transfer.facts["etag"] == '"first"'


def test_a_redirect_from_https_to_http_is_refused():
    answer = requests.Response()
    answer.status_code, answer.url, answer.headers["location"] = 302, "https://files.example/a.zip", "http://b.example/"
    with pytest.raises(PcnAnalysisError, match=r"files.example: leads from https to http, at b.example"):
        Web(QUICK)._session.get_redirect_target(answer)


# -- broken off, and resumed -------------------------------------------------------------------------------


def test_what_was_broken_off_goes_on_where_it_stopped(publishers, tmp_path):
    publishers.answers[FILE] = Answer(BODY, broken_after=[2 * KEPT])
    assert download(publishers, tmp_path) == BODY
    assert publishers.ranges(FILE) == [None, f"bytes={2 * KEPT}-"]
    assert publishers.asked[1].headers["if-range"] == '"first"'
    assert publishers.sent(FILE) == len(BODY)


def test_a_later_run_goes_on_too(publishers, tmp_path):
    publishers.answers[FILE] = Answer(BODY, broken_after=[KEPT, KEPT - 1, 1])
    with pytest.raises(PcnAnalysisError, match=r"map.zip: .*broke off"):
        download(publishers, tmp_path)
    assert left(tmp_path) == [".map.zip.part", ".map.zip.part.json"]
    assert Part(tmp_path / "map.zip").size == 2 * KEPT - CHUNK
    assert download(publishers, tmp_path) == BODY
    assert publishers.ranges(FILE)[-1] == f"bytes={2 * KEPT - CHUNK}-"
    assert publishers.sent(FILE) < 2 * len(BODY)


def test_ctrl_c_keeps_what_has_come(publishers, tmp_path):
    publishers.answers[FILE] = Answer(BODY)

    def stopped(come, size):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        download(publishers, tmp_path, seen=stopped)
    assert 0 < Part(tmp_path / "map.zip").size < len(BODY)
    assert download(publishers, tmp_path) == BODY
    assert publishers.ranges(FILE)[-1].startswith("bytes=")


def test_it_begins_again_where_the_server_knows_no_ranges(publishers, tmp_path):
    publishers.answers[FILE] = Answer(BODY, broken_after=[KEPT], ranges=False)
    assert download(publishers, tmp_path) == BODY
    assert publishers.ranges(FILE) == [None, f"bytes={KEPT}-"]


def test_it_begins_again_if_the_file_has_changed_meanwhile(publishers, tmp_path):
    publishers.answers[FILE] = Answer(BODY, broken_after=[KEPT] * 3)
    with pytest.raises(PcnAnalysisError):
        download(publishers, tmp_path, limits=Limits(tries=1))
    publishers.answers[FILE] = Answer(BODY[::-1], etag='"second"')
    assert download(publishers, tmp_path) == BODY[::-1]


@pytest.mark.parametrize("told", ["bytes 7-255999/256000", f"bytes {KEPT}-299999/300000", "nonsense"])
def test_it_begins_again_if_the_rest_is_not_the_rest(publishers, tmp_path, told):
    def confused(_):
        partial = publishers.asked[-1].headers.get("range") is not None
        if not partial:
            breaks = [KEPT] if len(publishers.asked) == 1 else []
            return Answer(BODY, broken_after=breaks)
        return Answer(BODY, headers={"Content-Range": told})

    publishers.answers[FILE] = confused
    assert download(publishers, tmp_path) == BODY
    assert publishers.ranges(FILE) == [None, f"bytes={KEPT}-", None]


def test_the_rest_of_a_newer_file_is_not_added_to_the_older(publishers, tmp_path):
    def careless(_):
        if len(publishers.asked) == 1:
            return Answer(BODY, broken_after=[KEPT])
        publishers.asked[-1].headers.pop("if-range", None)  # it sends the rest whatever the condition
        return Answer(BODY[::-1], etag='"second"')

    publishers.answers[FILE] = careless
    assert download(publishers, tmp_path) == BODY[::-1]
    assert publishers.ranges(FILE) == [None, f"bytes={KEPT}-", None]


@pytest.mark.parametrize("etag", ["", 'W/"weak"'])
def test_it_begins_again_if_no_one_can_tell_whether_it_is_the_same(publishers, tmp_path, etag):
    publishers.answers[FILE] = Answer(BODY, etag=etag, broken_after=[KEPT])
    assert download(publishers, tmp_path) == BODY
    assert publishers.ranges(FILE) == [None, None]


def test_a_part_of_another_address_is_not_gone_on_with(publishers, tmp_path):
    publishers.answers |= {FILE: Answer(BODY, broken_after=[KEPT, 9, 9]), "/other": Answer(BODY[::-1])}
    with pytest.raises(PcnAnalysisError):
        download(publishers, tmp_path)
    assert download(publishers, tmp_path, "/other") == BODY[::-1]
    assert publishers.ranges("/other") == [None]


# -- faults that pass --------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_is_busy_is_asked_again(publishers, tmp_path, status):
    publishers.answers[FILE] = Answer(BODY, statuses=[status, status], headers={"Retry-After": "0"})
    assert download(publishers, tmp_path) == BODY
    assert len(publishers.asked) == 3


def test_a_server_that_stays_busy_is_told_with_the_number_of_tries(publishers, tmp_path):
    publishers.answers[FILE] = Answer(BODY, statuses=[503] * 9)
    with pytest.raises(PcnAnalysisError, match=r"answered 503 \(service unavailable\) \(tried 3 times\)"):
        download(publishers, tmp_path)
    assert len(publishers.asked) == 3


def test_a_body_that_is_always_cut_short_is_never_taken_for_whole(publishers, tmp_path):
    publishers.answers[FILE] = Answer(BODY, broken_after=[1000] * 9, ranges=False)
    with pytest.raises(PcnAnalysisError, match=r"map.zip: 127.0.0.1:\d+ broke off the answer \(tried 3 times\)"):
        download(publishers, tmp_path)
    assert "whole" not in left(tmp_path)


def test_a_slow_server_is_not_waited_for_without_end(publishers, tmp_path):
    publishers.answers[FILE] = Answer(BODY, wait=5)
    with pytest.raises(PcnAnalysisError, match=r"(does not answer in time|stopped sending) \(tried 2 times\)"):
        download(publishers, tmp_path, limits=Limits(read_seconds=0.1, tries=2, wait_seconds=0.01))


def test_a_server_that_is_not_there_is_told_with_what_to_do(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    transfer = Transfer(Web(QUICK), tmp_path / "map.zip", ignored)
    with pytest.raises(PcnAnalysisError, match=r"cannot be reached .*behind a proxy set HTTPS_PROXY"):
        transfer(f"http://127.0.0.1:{port}/a.zip", str(tmp_path / "whole"), None)


# -- faults that last --------------------------------------------------------------------------------------


def test_a_404_is_told_at_once(publishers, tmp_path):
    with pytest.raises(PcnAnalysisError, match=r"map.zip: http://.*/map.zip answered 404 \(not found\)\. Look for it"):
        download(publishers, tmp_path)
    assert len(publishers.asked) == 1
    assert left(tmp_path) == []


@pytest.mark.parametrize("headers", [{}, {"Transfer-Encoding": "chunked"}], ids=["told", "not told"])
def test_a_file_that_is_too_large_is_stopped(publishers, tmp_path, headers):
    body = f"{len(BODY):x}\r\n".encode() + BODY if headers else BODY
    publishers.answers[FILE] = Answer(body, headers=headers)
    with pytest.raises(PcnAnalysisError, match=r"map.zip: is larger than 0.0001 GB"):
        download(publishers, tmp_path, limits=Limits(largest_gigabytes=0.0001))
    assert Part(tmp_path / "map.zip").size < len(BODY)


def test_an_address_that_is_none_is_told(tmp_path):
    transfer = Transfer(Web(QUICK), tmp_path / "map.zip", ignored)
    with pytest.raises(PcnAnalysisError, match="Check the address"):
        transfer("file:///etc/hostname", str(tmp_path / "whole"), None)


# -- a proxy -----------------------------------------------------------------------------------------------


def test_a_proxy_of_the_environment_is_used(publishers, tmp_path, monkeypatch):
    for name in ("NO_PROXY", "no_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", publishers.url)
    publishers.answers[FILE] = Answer(BODY)
    transfer = Transfer(Web(QUICK), tmp_path / "map.zip", ignored)
    transfer(f"http://publisher.invalid{FILE}", str(tmp_path / "whole"), None)
    assert (tmp_path / "whole").read_bytes() == BODY
    assert publishers.asked[0].path == f"http://publisher.invalid{FILE}"


def test_a_proxy_that_does_not_answer_is_told(tmp_path, monkeypatch):
    for name in ("NO_PROXY", "no_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    transfer = Transfer(Web(QUICK), tmp_path / "map.zip", ignored)
    with pytest.raises(PcnAnalysisError, match=r"the proxy on the way to publisher.invalid does not answer"):
        transfer(f"http://publisher.invalid{FILE}", str(tmp_path / "whole"), None)
