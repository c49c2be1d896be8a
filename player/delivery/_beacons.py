"""Beacons: the HTTP calls that exchanges asked for, called until they are answered or too late."""

from __future__ import annotations

import logging
import random
import threading
from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from cache import Beacon, Clock, QueuedBeacon
from config import Code, OohError
from player.backoff import Backoff, ThrottledError, retry_after_s
from player.fetch import Http
from player.schedule import Retry

log = logging.getLogger("ooh.delivery")

BEACON_RETRY = Backoff(first_s=2.0, cap_s=300.0)
_MOST_AT_ONCE = 100
_TIMEOUT_S = 10.0
_MOST_BYTES = 65_536
_MOST_NOTICES = 200
_PASSING = frozenset({408, 425, 429})
"""Client errors that another try may cure (RFC 9110 §15.5.9, RFC 8470 §5.2, RFC 6585 §4); other 4xx are final."""

_FINAL = frozenset({Code.FETCH_REFUSED, Code.FETCH_STATUS})
"""Asking again would get the same answer."""


class BeaconQueue(Protocol):
    """What is used of the journal."""

    def due_beacons(self, now: datetime, limit: int) -> tuple[QueuedBeacon, ...]:
        """The oldest first."""

    def beacon_done(self, beacon_id: int) -> None:
        """Answered."""

    def beacon_retry(self, beacon_id: int, not_before: datetime, error: str) -> None:
        """Failed; again later."""

    def beacon_expired(self, beacon_id: int, error: str) -> None:
        """Too late, or refused for good."""

    def beacon_counts(self) -> dict[str, int]:
        """By state."""


class Beacons:
    """Calls due beacons, a lease's in their order. Not for two threads at once.

    A host that fails is left alone, with growing waits, for all its beacons: after an outage one call finds out that
    it is back, not hundreds; and a dead tracker holds up no other host's billing call.
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
        self._hosts: dict[str, Retry] = {}
        self._notices: deque[Beacon] = deque(maxlen=_MOST_NOTICES)
        self._calling = threading.Lock()

    def notify(self, notices: Iterable[Beacon]) -> None:
        """Call these with the next step, once each: wins and losses of an auction that is over now."""
        self._notices.extend(notices)

    def step(self) -> float | None:
        """Call what is due; returns the seconds until the first host that fails may be tried again, or None."""
        with self._calling:
            due = self._journal.due_beacons(self._clock.now(), _MOST_AT_ONCE)
            for beacon in due:
                self._call(beacon)
            while self._notices:
                self._call_notice(self._notices.popleft())
            waits = [retry.wait_s() for retry in self._hosts.values() if retry.wait_s() > 0]
            self._hosts = {host: retry for host, retry in self._hosts.items() if retry.misses}
            if len(due) == _MOST_AT_ONCE and not waits:
                return 0.0
            return min(waits, default=None)

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

    def _call(self, beacon: QueuedBeacon) -> None:
        now = self._clock.now()
        if now >= beacon.not_after:
            self._journal.beacon_expired(beacon.beacon_id, "its window closed")
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
        retry.succeeded()
        self._journal.beacon_done(beacon.beacon_id)

    def _failed(self, beacon: QueuedBeacon, error: OohError, retry: Retry) -> None:
        facts = _facts(beacon)
        if error.code in _FINAL:
            self._journal.beacon_expired(beacon.beacon_id, str(error))
            log.warning("beacon.refused", exc_info=error, extra={"facts": facts})
            return
        first = retry.misses == 0
        wait_s = retry.missed(error.retry_after_s if isinstance(error, ThrottledError) else None)
        self._journal.beacon_retry(beacon.beacon_id, self._clock.now() + timedelta(seconds=wait_s), str(error))
        facts["again_in_s"] = round(wait_s, 1)
        log.log(logging.WARNING if first else logging.DEBUG, "beacon.failed", exc_info=error, extra={"facts": facts})

    def _call_notice(self, notice: Beacon) -> None:
        """Once, and not at all while its host fails: a notice is no money, and must not hold up those that are."""
        facts = {"beacon": notice.kind, "host": _host(notice.url)}
        retry = self._retry(notice.url)
        if retry.wait_s() > 0:
            log.debug("notice.dropped", extra={"facts": facts})
            return
        try:
            self._ask(notice)
        except OohError as error:
            if error.code not in _FINAL:
                retry.missed(error.retry_after_s if isinstance(error, ThrottledError) else None)
            log.warning("notice.failed", exc_info=error, extra={"facts": facts})
            return
        retry.succeeded()

    def _retry(self, url: str) -> Retry:
        """The patience with the URL's host."""
        return self._hosts.setdefault(_host(url), Retry(self._backoff, self._clock, self._draw))

    def _ask(self, beacon: QueuedBeacon | Beacon) -> None:
        """Returns when it was answered. Raises ``OohError``; FETCH_STATUS and FETCH_REFUSED are final."""
        headers = {} if beacon.content_type is None else {"Content-Type": beacon.content_type}
        body = None if beacon.body is None else beacon.body.encode()
        try:
            answer = self._http.request(
                beacon.method, beacon.url, headers=headers, body=body, timeout_s=_TIMEOUT_S, max_bytes=_MOST_BYTES
            )
        except OohError as error:
            if error.code is Code.FETCH_TOO_LARGE:
                return  # it was answered; what with is of no interest
            raise
        if answer.status < 400:
            return
        if answer.status in _PASSING or answer.status >= 500:
            wait_s = retry_after_s(answer.headers.get("retry-after"), self._clock.now())
            raise ThrottledError(Code.FETCH_NETWORK, f"status {answer.status}", wait_s)
        raise OohError(Code.FETCH_STATUS, f"status {answer.status}")


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
