"""Beacons: the HTTP calls that exchanges asked for, called until they are answered or too late."""

from __future__ import annotations

import logging
import random
import re
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from cache import Beacon, Clock, QueuedBeacon
from config import Code, OohError
from player.backoff import Backoff, ThrottledError, retry_after_s
from player.fetch import Http, PrivateAddressError
from player.schedule import Retry

log = logging.getLogger("ooh.delivery")

BEACON_RETRY = Backoff(first_s=2.0, cap_s=300.0)
_MOST_AT_ONCE = 100
_TIMEOUT_S = 10.0
_HEAD_ONLY = 0
"""Bytes wanted of an answer: its status is all, and nothing may come between it and the mark in the journal."""
_MOST_NOTICES = 200
_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_PASSING = frozenset({408, 425, 429})
"""Client errors that another try may cure (RFC 9110 §15.5.9, RFC 8470 §5.2, RFC 6585 §4); other 4xx are final."""

_FINAL = frozenset({Code.FETCH_REFUSED, Code.FETCH_STATUS})
"""Asking again would get the same answer."""

_LONGEST_ERROR = 500


class BeaconQueue(Protocol):
    """What is used of the journal."""

    def due_beacons(self, now: datetime, limit: int, skip: Sequence[str] = ()) -> tuple[QueuedBeacon, ...]:
        """The oldest first; none for the servers to be left alone, unless it is too late."""

    def waiting_beacons(self, now: datetime) -> tuple[tuple[str, int, float], ...]:
        """URL, attempts and seconds to wait of those that failed lately."""

    def beacon_done(self, beacon_id: int) -> None:
        """Answered."""

    def beacon_retry(self, beacon_id: int, not_before: datetime, error: str) -> None:
        """Failed; again later."""

    def beacon_expired(self, beacon_id: int, error: str) -> None:
        """Too late, or refused for good."""

    def beacon_counts(self) -> dict[str, int]:
        """By state."""


@dataclass(frozen=True, slots=True)
class _Notice:
    """A call that is nobody's lease; ``until_ns``: how long it is worth trying again, None: once."""

    beacon: Beacon
    until_ns: int | None


class Beacons:
    """Calls due beacons, a lease's in their order. Not for two threads at once.

    A server that fails is left alone, with growing waits, for all its beacons: after an outage one call finds out
    that it is back, not hundreds; and a dead tracker holds up no other server's billing call, however many wait for
    it. So the order of a lease's beacons holds for those to one server; the patience outlives the process.

    Each is called successfully once. Between a server's answer and the mark in the journal lies one commit: a
    process that dies there calls once more when it is back.
    """

    def __init__(
        self,
        journal: BeaconQueue,
        http: Http,
        clock: Clock,
        *,
        backoff: Backoff = BEACON_RETRY,
        draw: Callable[[], float] = random.random,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self._journal = journal
        self._http = http
        self._clock = clock
        self._backoff = backoff
        self._draw = draw
        self._pause = pause or threading.Event().wait
        self._servers: dict[str, Retry] = {}
        self._recalled = False
        self._answered: set[int] = set()
        """Answered, and not yet marked so because the journal failed."""
        self._notices: deque[_Notice] = deque(maxlen=_MOST_NOTICES)
        self._calling = threading.Lock()

    def notify(self, notices: Iterable[Beacon]) -> None:
        """Call these with the next step, once each: wins and losses of an auction that is over now.

        One with a window of its own gives something back: it is tried again until that closes, or the agent ends.
        """
        now_ns = self._clock.monotonic_ns()
        self._notices.extend(
            _Notice(one, None if one.window_s is None else now_ns + one.window_s * 10**9) for one in notices
        )

    def step(self) -> float | None:
        """Call what is due; returns the seconds until the first server that fails may be tried again, or None."""
        with self._calling:
            self._recall()
            skip = [server for server, retry in self._servers.items() if retry.wait_s() > 0]
            due = self._journal.due_beacons(self._clock.now(), _MOST_AT_ONCE, skip)
            for beacon in due:
                self._call(beacon)
            for _ in range(len(self._notices)):
                self._call_notice(self._notices.popleft())
            self._servers = {server: retry for server, retry in self._servers.items() if retry.misses}
            if len(due) == _MOST_AT_ONCE:
                return 0.0  # there may be more; those for servers that have failed now are left out then
            waits = [wait_s for retry in self._servers.values() if (wait_s := retry.wait_s()) > 0]
            return min(waits, default=0.0 if self._notices else None)

    def drain(self, timeout_s: float) -> bool:
        """Call what is due, now, for at most ``timeout_s``; True when none waits any more."""
        end_ns = self._clock.monotonic_ns() + round(timeout_s * 1e9)
        while True:
            wait_s = self.step()
            if not self._journal.beacon_counts().get("PENDING"):
                return True
            left_s = (end_ns - self._clock.monotonic_ns()) / 1e9
            if left_s <= 0:
                return False
            self._pause(min(left_s, 1.0 if wait_s is None else wait_s))

    def _recall(self) -> None:
        """Which servers an earlier process of this boot was waiting for."""
        if self._recalled:
            return
        for url, attempts, wait_s in self._journal.waiting_beacons(self._clock.now()):
            self._retry(url).resume(attempts, wait_s)
        self._recalled = True

    def _call(self, beacon: QueuedBeacon) -> None:
        if beacon.beacon_id in self._answered:
            self._mark_answered(beacon)
            return
        if self._clock.now() >= beacon.not_after:
            tries = (
                f"after {beacon.attempts} attempts, the last: {beacon.error}" if beacon.attempts else "before a call"
            )
            self._journal.beacon_expired(beacon.beacon_id, f"its window closed {tries}"[:_LONGEST_ERROR])
            log.warning("beacon.expired", extra={"facts": _facts(beacon)})
            return
        retry = self._retry(beacon.url)
        if retry.wait_s() > 0:
            return
        try:
            self._ask(beacon)
        except OohError as error:
            self._failed(beacon, error, retry)
            return
        self._mark_answered(beacon)
        retry.succeeded()

    def _mark_answered(self, beacon: QueuedBeacon) -> None:
        """At once, and never called again by this process even when the journal cannot take the mark now."""
        self._answered.add(beacon.beacon_id)
        self._journal.beacon_done(beacon.beacon_id)
        self._answered.discard(beacon.beacon_id)

    def _failed(self, beacon: QueuedBeacon, error: OohError, retry: Retry) -> None:
        facts = _facts(beacon)
        if _is_final(error):
            self._journal.beacon_expired(beacon.beacon_id, str(error)[:_LONGEST_ERROR])
            log.warning("beacon.refused", exc_info=error, extra={"facts": facts})
            return
        first = retry.misses == 0
        wait_s = retry.missed(error.retry_after_s if isinstance(error, ThrottledError) else None)
        again_at = self._clock.now() + timedelta(seconds=wait_s)
        self._journal.beacon_retry(beacon.beacon_id, again_at, str(error)[:_LONGEST_ERROR])
        facts["again_in_s"] = round(wait_s, 1)
        log.log(logging.WARNING if first else logging.DEBUG, "beacon.failed", exc_info=error, extra={"facts": facts})

    def _call_notice(self, notice: _Notice) -> None:
        """Not while its server fails: a notice is no money, and must not hold up those that are."""
        beacon = notice.beacon
        facts = {"beacon": beacon.kind, "host": _host(beacon.url)}
        retry = self._retry(beacon.url)
        again = notice.until_ns is not None and self._clock.monotonic_ns() < notice.until_ns
        if retry.wait_s() > 0:
            if again:
                self._notices.append(notice)
            else:
                log.debug("notice.dropped", extra={"facts": facts})
            return
        try:
            self._ask(beacon)
        except OohError as error:
            if not _is_final(error):
                retry.missed(error.retry_after_s if isinstance(error, ThrottledError) else None)
                if again:
                    self._notices.append(notice)
            log.warning("notice.failed", exc_info=error, extra={"facts": facts})
            return
        retry.succeeded()

    def _retry(self, url: str) -> Retry:
        """The patience with the URL's server."""
        return self._servers.setdefault(_server(url), Retry(self._backoff, self._clock, self._draw))

    def _ask(self, beacon: QueuedBeacon | Beacon) -> None:
        """Returns when it was answered. Raises ``OohError``; FETCH_STATUS and FETCH_REFUSED are final."""
        headers = {} if beacon.content_type is None else {"Content-Type": beacon.content_type}
        body = None if beacon.body is None else beacon.body.encode("utf-8", "replace")
        answer = self._http.request(
            beacon.method, beacon.url, headers=headers, body=body, timeout_s=_TIMEOUT_S, max_bytes=_HEAD_ONLY
        )
        if answer.status < 400:
            return
        if answer.status in _PASSING or answer.status >= 500:
            wait_s = retry_after_s(answer.headers.get("retry-after"), self._clock.now())
            raise ThrottledError(Code.FETCH_NETWORK, f"status {answer.status}", wait_s)
        raise OohError(Code.FETCH_STATUS, f"status {answer.status}")


def _is_final(error: OohError) -> bool:
    """True when asking again would get the same answer. A name that leads to a private address may be a venue's
    network that wants a login: that passes.
    """
    return error.code in _FINAL and not isinstance(error, PrivateAddressError)


def _server(url: str) -> str:
    """Scheme and host as written: what the journal leaves out by."""
    found = _ORIGIN.match(url)
    return found[0] if found else url


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def _facts(beacon: QueuedBeacon) -> dict[str, object]:
    """Never the URL: its query may hold keys and prices."""
    return {
        "beacon": beacon.kind,
        "lease": beacon.lease_id,
        "host": _host(beacon.url),
        "attempts": beacon.attempts + 1,
    }
