"""The one door to the network: patient with passing faults, plain about lasting ones.

Proxies and certificates are those of the environment, as ``requests`` reads it: ``HTTPS_PROXY``, ``NO_PROXY``,
``REQUESTS_CA_BUNDLE``.
"""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urljoin, urlsplit

import requests

from pcn_analysis.exceptions import problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Answer = TypeVar("Answer")

CHUNK = 1 << 14
"""Bytes taken at once; of what is broken off, so many are lost at most."""
LONGEST_WAIT = 60.0
"""Seconds that a publisher's Retry-After is obeyed at most."""
PASSING = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
"""Refusals that pass, besides those of 500 and above."""
LATER = "Try again later."
NETWORK = "Check the network; behind a proxy set HTTPS_PROXY, and REQUESTS_CA_BUNDLE to its certificates."


@dataclass(frozen=True)
class Limits:
    """How patient a download is, and how large it may become.

    Parameters
    ----------
    connect_seconds, read_seconds
        How long to wait for a connection, and for the next bytes.
    tries
        How often a passing fault is tried, the first time included.
    wait_seconds
        Wait before the second try; each further one is twice as long.
    largest_gigabytes
        Size at which a download is stopped, so that a wrong address cannot fill the disk.
    """

    connect_seconds: float = 10
    read_seconds: float = 60
    tries: int = 4
    wait_seconds: float = 1
    largest_gigabytes: float = 2

    @property
    def largest(self) -> int:
        """Largest size of a download, in bytes."""
        return int(self.largest_gigabytes * 1e9)


class PassingError(Exception):
    """A fault that may be gone at the next try.

    Parameters
    ----------
    what
        What happened, for the message.
    remedy
        What to do if it lasts.
    wait
        Seconds that the publisher asks to wait; None if it does not say.
    host
        The host that gave no answer at all; empty if it gave one.
    """

    def __init__(self, what: str, remedy: str = LATER, wait: float | None = None, host: str = ""):
        self.what, self.remedy, self.wait, self.host = what, remedy, wait, host
        super().__init__(what)


class _Session(requests.Session):
    """Follows redirects, but never from https to http."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        target = super().get_redirect_target(resp)
        if target:
            refuse_downgrade(resp.url, urljoin(resp.url, target))
        return target


def refuse_downgrade(origin: str, target: str) -> None:
    """Raise if a secure address leads to one that is not.

    Examples
    --------
    >>> refuse_downgrade("https://a.example/file", "http://a.example/file")
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: a.example: leads from https to http, at a.example. Nothing was ...
    """
    if urlsplit(origin).scheme == "https" and urlsplit(target).scheme != "https":
        hosts = urlsplit(origin).netloc, urlsplit(target).netloc
        raise problem(
            hosts[0],
            f"leads from https to {urlsplit(target).scheme}, at {hosts[1]}",
            "Nothing was downloaded. Look for a secure address on the publisher's pages.",
        )


class Web:
    """Asks publishers for things, within limits; a host that never answered is given up for the others' sake.

    Parameters
    ----------
    limits
        How patient to be.
    """

    def __init__(self, limits: Limits):
        self.limits = limits
        self._given_up: set[str] = set()
        self._session = _Session()
        self._session.headers["User-Agent"] = "pcn-analysis (open data for population health reports)"

    def patiently(self, where: str, once: Callable[[], Answer]) -> Answer:
        """Do something until it goes well, waiting longer each time that a passing fault is met.

        Raises
        ------
        PcnAnalysisError
            After the last try, or at once for a lasting fault.
        """
        for failed in range(1, int(self.limits.tries) + 1):
            try:
                return once()
            except PassingError as fault:
                if failed >= self.limits.tries:
                    self._given_up.add(fault.host)
                    times = f" (tried {failed} times)" if failed > 1 else ""
                    raise problem(where, f"{fault.what}{times}", fault.remedy) from None
                wait = self.limits.wait_seconds * 2 ** (failed - 1) if fault.wait is None else fault.wait
                time.sleep(wait)
        raise AssertionError

    @contextmanager
    def opened(self, where: str, url: str, headers: Mapping[str, str] | None = None) -> Iterator[requests.Response]:
        """Open an address once; its body is read as it comes.

        Raises
        ------
        PassingError
            If there is no answer, the connection breaks, or the publisher asks to come again.
        PcnAnalysisError
            If the publisher refuses, or the address is none.
        """
        timeout = (self.limits.connect_seconds, self.limits.read_seconds)
        host, answered = urlsplit(url).netloc or url, False
        if host in self._given_up:
            raise problem(where, f"{host} could not be reached for another file", f"{LATER} {NETWORK}")
        try:
            with self._session.get(url, headers=headers, stream=True, timeout=timeout) as response:
                answered = True
                _check_status(where, response)
                yield response
        except requests.exceptions.SSLError:
            raise problem(where, f"the certificate of {host} is not trusted", NETWORK) from None
        except requests.exceptions.ProxyError:
            raise PassingError(f"the proxy on the way to {host} does not answer", NETWORK, host=host) from None
        except requests.exceptions.Timeout:
            raise PassingError(f"{host} does not answer in time", f"{LATER} {NETWORK}", host=host) from None
        except requests.exceptions.ChunkedEncodingError:
            raise PassingError(f"{host} broke off the answer") from None
        except requests.exceptions.ConnectionError:
            what = "stopped sending" if answered else "cannot be reached"
            raise PassingError(f"{host} {what}", f"{LATER} {NETWORK}", host="" if answered else host) from None
        except requests.exceptions.RequestException:
            raise problem(where, f"{url} cannot be asked for", "Check the address.") from None

    def text(self, where: str, url: str) -> tuple[str, str]:
        """Read a page, patiently: its text, and the address that it was found at after redirects."""
        return self.patiently(where, lambda: self._text(where, url))

    def json(self, where: str, url: str) -> Any:
        """Read a JSON answer, patiently.

        Raises
        ------
        PcnAnalysisError
            If it lasts that the answer is none, or is no JSON.
        """

        def once() -> Any:
            text, _ = self._text(where, url)
            try:
                answer = json.loads(text)
            except json.JSONDecodeError:
                raise PassingError(f"{urlsplit(url).netloc} answered with something else than JSON") from None
            if _overloaded(answer):
                raise PassingError(f"{urlsplit(url).netloc} is overloaded")
            return answer

        return self.patiently(where, once)

    def _text(self, where: str, url: str) -> tuple[str, str]:
        with self.opened(where, url) as response:
            body = bytearray()
            for chunk in response.iter_content(CHUNK):
                body += chunk
                self.refuse_larger(where, len(body))
            return body.decode("utf-8", errors="replace"), response.url

    def refuse_larger(self, where: str, size: int) -> None:
        """Raise if a download is, or says that it will be, larger than allowed."""
        if size > self.limits.largest:
            raise problem(
                where,
                f"is larger than {self.limits.largest_gigabytes:g} GB",
                "Check the address, or raise largest_gigabytes under [transfer] in config/downloads.toml.",
            )


def _check_status(where: str, response: requests.Response) -> None:
    code = response.status_code
    if code < HTTPStatus.BAD_REQUEST:
        return
    words = HTTPStatus(code).phrase.lower() if code in set(HTTPStatus) else "no known answer"
    what = f"{response.url} answered {code} ({words})"
    if code in PASSING or code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise PassingError(what, wait=_seconds(response.headers.get("Retry-After", "")))
    if code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return
    remedy = "Look for it on the publisher's pages, and put its address into config/downloads.toml."
    raise problem(where, what, remedy)


def _overloaded(answer: Any) -> bool:
    """Whether an ArcGIS service, which answers everything with status 200, says that it fails just now."""
    error = answer.get("error") if isinstance(answer, dict) else None
    code = error.get("code", 0) if isinstance(error, dict) else 0
    return isinstance(code, int) and (code in PASSING or code >= HTTPStatus.INTERNAL_SERVER_ERROR)


def _seconds(retry_after: str) -> float | None:
    """Read a Retry-After of seconds; one that is a date is not obeyed."""
    return min(float(retry_after), LONGEST_WAIT) if retry_after.isdigit() else None
