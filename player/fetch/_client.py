"""The one real HTTP client: guarded, bounded in bytes and in time, the same for every room."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urljoin, urlsplit

import certifi
import requests
import urllib3

from config import Code, FetchConfig, OohError
from player.fetch._alarm import Alarm
from player.fetch._connect import GuardedAdapter, Opener
from player.fetch._guard import Guard
from player.fetch._shapes import HttpAnswer

MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BODIES = frozenset({200, 206})
_PIECE_BYTES = 65_536
_PRIVATE_HEADERS = frozenset({"authorization", "cookie"})


class GuardedHttp:
    """``Http`` and ``HttpStream`` over requests. No cookies, no proxies, no netrc, no retries."""

    def __init__(self, guard: Guard, user_agent: str, trust: ssl.SSLContext | None = None) -> None:
        self._guard = guard
        self._user_agent = user_agent
        self._trust = trust or _system_trust()

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None,
        timeout_s: float,
        max_bytes: int,
    ) -> HttpAnswer:
        """See ``Http.request``."""
        pieces: list[bytes] = []
        sent = {"Accept-Encoding": "gzip", **headers}
        follow = method in {"GET", "HEAD"}
        with Alarm(timeout_s) as alarm:
            response = self._follow(method, url, sent, body, alarm, follow=follow)
            with response:
                if max_bytes > 0:
                    _pour(response, pieces.append, max_bytes, alarm)
                found_at = str(response.url or url)
                return HttpAnswer(response.status_code, _lower(response.headers), b"".join(pieces), found_at)

    def stream(
        self,
        url: str,
        *,
        timeout_s: float,
        max_bytes: int,
        headers: Mapping[str, str],
        sink: Callable[[bytes], object],
        begin: Callable[[HttpAnswer], object] | None = None,
    ) -> HttpAnswer:
        """See ``HttpStream.stream``."""
        sent = {"Accept-Encoding": "identity", **headers}
        with Alarm(timeout_s) as alarm:
            response = self._follow("GET", url, sent, None, alarm, follow=True)
            with response:
                head = HttpAnswer(response.status_code, _lower(response.headers), b"", str(response.url or url))
                if head.status in _BODIES:
                    if begin is not None:
                        begin(head)
                    _pour(response, sink, max_bytes, alarm)
                return head

    def _follow(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, alarm: Alarm, *, follow: bool
    ) -> requests.Response:
        for _ in range(MOST_REDIRECTS + 1):
            response = self._once(method, url, headers, body, alarm)
            location = response.headers.get("location")
            if not (follow and location and response.status_code in _REDIRECTS):
                return response
            response.close()
            onward = _join(url, location)
            if _origin(onward) != _origin(url):
                headers = {name: value for name, value in headers.items() if name.lower() not in _PRIVATE_HEADERS}
            url = onward
        raise OohError(Code.FETCH_REFUSED, f"more than {MOST_REDIRECTS} redirects")

    def _once(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, alarm: Alarm
    ) -> requests.Response:
        self._guard.check(url)
        adapter = GuardedAdapter(Opener(self._guard, alarm), self._trust)
        whole = {"User-Agent": self._user_agent, "Connection": "close", **headers}
        try:
            prepared = requests.Request(method, url, headers=whole, data=body).prepare()
            return adapter.send(prepared, stream=True, timeout=alarm.left_s)
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, UnicodeError) as error:
            raise OohError(Code.FETCH_REFUSED, f"not a URL: {error}") from error
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise _failure(url, error, alarm) from error


def open_http(config: FetchConfig, player_version: str) -> GuardedHttp:
    """The client as the ``[fetch]`` section configures it."""
    return GuardedHttp(Guard.of(config.allow_hosts), f"ooh-player/{player_version}")


def _pour(response: requests.Response, sink: Callable[[bytes], object], max_bytes: int, alarm: Alarm) -> None:
    """Hand the body on, decoded, and stop at the caps. The announced length is checked before any byte is read."""
    announced = response.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > max_bytes:
        raise OohError(Code.FETCH_TOO_LARGE, f"{announced[:20]} bytes announced, {max_bytes} allowed")
    got_bytes = 0
    for piece in _pieces(response, alarm):
        got_bytes += len(piece)
        if got_bytes > max_bytes:
            raise OohError(Code.FETCH_TOO_LARGE, f"more than the {max_bytes} bytes allowed")
        sink(piece)


def _pieces(response: requests.Response, alarm: Alarm) -> Iterator[bytes]:
    try:
        # As it arrives, not in full pieces: of a connection that breaks, all that came is worth keeping.
        while piece := response.raw.read1(_PIECE_BYTES, decode_content=True):
            yield piece
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise _failure(response.url, error, alarm) from error
    if alarm.rang:
        # A cut connection looks like a finished body when no length was announced.
        raise OohError(Code.FETCH_TIMEOUT, f"{_host(response.url)} sent too slowly")


def _failure(url: str, error: Exception, alarm: Alarm) -> OohError:
    timeouts = (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)
    code = Code.FETCH_TIMEOUT if alarm.rang or isinstance(error, timeouts) else Code.FETCH_NETWORK
    return OohError(code, f"{_host(url)}: {_cause(error)}")


def _cause(error: BaseException) -> str:
    """The innermost reason: requests and urllib3 wrap one failure three times."""
    while True:
        inner = error.__cause__ or error.__context__ or getattr(error, "reason", None)
        if not isinstance(inner, BaseException):
            return f"{type(error).__name__}: {error}"[:300]
        error = inner


def _host(url: str) -> str:
    """The host for messages: never the path or query, which may hold keys."""
    return urlsplit(url).hostname or "?"


def _join(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise OohError(Code.FETCH_REFUSED, f"redirected to what is not a URL: {error}") from error


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _system_trust() -> ssl.SSLContext:
    """The system's authorities (a venue may add its own) and certifi's, for images that have none."""
    trust = ssl.create_default_context()
    trust.load_verify_locations(certifi.where())
    return trust
