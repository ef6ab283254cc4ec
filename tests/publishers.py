"""Publishers on this machine: an HTTP server that serves their layouts, and fails as the real ones do.

Everything served is invented and tiny. What was asked for is remembered, so that a test can see whether a download
went on where it was broken off.
"""

from __future__ import annotations

import io
import json
import threading
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ETAG = '"first"'


@dataclass
class Answer:
    """How an address answers.

    Parameters
    ----------
    body
        What it holds.
    kind
        Its Content-Type.
    etag
        Version of it; none if empty.
    ranges
        Whether the rest of it can be asked for.
    broken_after
        Bytes after which the connection is closed, of the first answer, the second, …; later ones are whole.
    statuses
        Statuses that the first answers have instead.
    headers
        Further headers, of every answer.
    wait
        Seconds to wait before the body is sent.
    halt_after
        Bytes after which that wait is made instead.
    """

    body: bytes = b""
    kind: str = "application/octet-stream"
    etag: str = ETAG
    ranges: bool = True
    broken_after: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0
    halt_after: int = 0


@dataclass
class Asked:
    """One request: its path with its query, and its headers; and the bytes of the body that were sent."""

    path: str
    headers: dict[str, str]
    sent: int = 0


@dataclass
class Publishers:
    """What is served, and what was asked for.

    Parameters
    ----------
    answers
        By path, without query; or a function of the query.
    asked
        Every request, in order.
    """

    url: str = ""
    answers: dict[str, Answer | Callable[[dict[str, str]], Answer]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def sent(self, path: str) -> int:
        """Bytes sent of one address, over all answers."""
        return sum(one.sent for one in self.asked if urlsplit(one.path).path == path)

    def ranges(self, path: str) -> list[str | None]:
        """Which part of an address each request asked for."""
        return [one.headers.get("range") for one in self.asked if urlsplit(one.path).path == path]


@contextmanager
def serving() -> Iterator[Publishers]:
    """Serve on a free port of this machine; also as a proxy, which knows every host's paths."""
    publishers = Publishers()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            asked = Asked(self.path, {name.lower(): value for name, value in self.headers.items()})
            publishers.asked.append(asked)
            at = urlsplit(self.path)
            found = publishers.answers.get(at.path, Answer(b"not here", etag="", statuses=[404]))
            query = {name: values[0] for name, values in parse_qs(at.query).items()}
            _answer(self, found(query) if callable(found) else found, asked, publishers)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """Say nothing of those who hang up."""

    server = Quiet(("127.0.0.1", 0), Handler)
    publishers.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield publishers
    finally:
        publishers.stop.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(handler: BaseHTTPRequestHandler, answer: Answer, asked: Asked, publishers: Publishers) -> None:
    status, begin = answer.statuses.pop(0) if answer.statuses else 200, 0
    wanted = asked.headers.get("range")
    if status == 200 and wanted and answer.ranges and asked.headers.get("if-range") in (None, answer.etag):
        status, begin = 206, int(wanted.removeprefix("bytes=").removesuffix("-"))
    body = answer.body[begin:]
    headers = {"Content-Type": answer.kind, "Content-Length": str(len(body))}
    headers |= {"ETag": answer.etag} if answer.etag else {}
    headers |= {"Content-Range": f"bytes {begin}-{len(answer.body) - 1}/{len(answer.body)}"} if status == 206 else {}
    headers |= answer.headers
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    kept = body[: answer.broken_after.pop(0)] if answer.broken_after and status in (200, 206) else body
    try:
        for piece in (kept[: answer.halt_after], kept[answer.halt_after :]):
            asked.sent += len(piece)
            handler.wfile.write(piece)
            handler.wfile.flush()
            publishers.stop.wait(answer.wait if asked.sent == answer.halt_after else 0)
    except OSError:  # whoever asked has gone
        handler.close_connection = True
    handler.close_connection |= asked.sent < len(body)


# -- the publishers' layouts -------------------------------------------------------------------------------

COUNTS = "PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,LSOA_CODE,SEX,NUMBER_OF_PATIENTS\n"
COUNTS += "GP_PRAC_PAT_LIST,01Jul2023,A00001,INVENTED SURGERY,E01000001,ALL,9\n"
MAP = "PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,PCN_CODE,PCN_NAME,SUB_ICB_LOCATION_CODE,ICB_CODE\n"
MAP += "GP_PRAC_PAT_LIST,01Jul2026,A00001,INVENTED SURGERY,U00001,INVENTED PCN,00A,Q00\n"
AGES = "PUBLICATION,EXTRACT_DATE,ORG_TYPE,ORG_CODE,ONS_CODE,POSTCODE,SEX,AGE_GROUP_5,NUMBER_OF_PATIENTS\n"
AGES += "GP_PRAC_PAT_LIST,2026-07-01,GP,A00001,,,ALL,ALL,9\n"
PREVALENCE = "PRACTICE_CODE,GROUP_CODE,REGISTER,PATIENT_LIST_TYPE,PRACTICE_LIST_SIZE\nA00001,AF,1,TOTAL,9\n"
STRUCTURES = "PRACTICE_CODE,PRACTICE_NAME,PCN_ODS_CODE,PCN_NAME\nA00001,INVENTED SURGERY,U00001,INVENTED PCN\n"
FILE_7 = "LSOA code (2021),LSOA name (2021),Index of Multiple Deprivation (IMD) Score,"
FILE_7 += "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)\n"
FILE_7 += "E01000001,Invented 001A,6.2,9\n"
CENSUS = "date,geography,geography code,Ethnic group: Total: All usual residents\n2021,Invented,E01000001,9\n"


def zipped(**members: str) -> bytes:
    """Make a zip of CSV files, by names without the ending; ``__`` stands for a hyphen."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(f"{name.replace('__', '-')}.csv", text)
    return stream.getvalue()


def page(*links: str) -> Answer:
    """Make a publication page that links to files, among the links that every page has."""
    items = "".join(f'<li><a class="attachment" href="{link}"><span>Download</span></a> [size]</li>' for link in links)
    html = f'<!doctype html><html><body><a href="#main">Skip</a><ul>{items}</ul><a href="/help">Help</a></body></html>'
    return Answer(html.encode(), "text/html; charset=utf-8", etag="")


def web_page(text: str) -> Answer:
    """Make a page that is served in the place of a file."""
    return Answer(f"\n<!DOCTYPE html><html><body>{text}</body></html>".encode(), "text/html")


def layer(rows: list[dict[str, Any]], *, most: int = 2, areas: bool = True) -> Callable[[dict[str, str]], Answer]:
    """Make an ArcGIS layer that gives some rows at once.

    Parameters
    ----------
    rows
        What each row holds.
    most
        How many it gives at once, whatever is asked for.
    areas
        Whether rows have a shape; else they are of a table.
    """
    square = {"type": "Polygon", "coordinates": [[[0, 51], [0.1, 51], [0.1, 51.1], [0, 51]]]} if areas else None

    def answer(query: dict[str, str]) -> Answer:
        if query.get("returnCountOnly") == "true":
            return _json({"count": len(rows)})
        begin = int(query.get("resultOffset", 0))
        given = rows[begin : begin + min(most, int(query["resultRecordCount"]))]
        features = [
            {"type": "Feature", "id": begin + place, "properties": one, "geometry": square}
            for place, one in enumerate(given, start=1)
        ]
        more = {"exceededTransferLimit": True} if begin + len(given) < len(rows) else {}
        return _json({"type": "FeatureCollection", "features": features} | ({"properties": more} if more else {}))

    return answer


def _json(value: Any) -> Answer:
    return Answer(json.dumps(value).encode(), "application/json", etag="")
