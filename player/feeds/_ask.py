"""Asking a source politely: conditional requests, bounded in bytes and time, and what the answers say of their age."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NoReturn
from urllib.parse import quote, quote_plus

from cache import Clock
from config import Code, OohError
from player import _loose as loose
from player._version import player_version
from player.backoff import ThrottledError, retry_after_s
from player.feeds._headers import age_s, date_of, fresh_for_s
from player.fetch import Http, HttpAnswer

MOST_BYTES = 4_000_000
_REQUEST_S = 15.0
_VISIT_S = 40.0
"""All requests of one visit together."""
_MOST_KEPT_BYTES = 1_000_000
_MOST_KEPT = 8
_NOT_MODIFIED = 304
_THROTTLES = frozenset({429, 503})
# JSON has neither (RFC 8259 §6), and Python's own servers write both; the first branch steps over texts.
_NO_NUMBER = re.compile(r'("(?:[^"\\]|\\.)*+(?:"|\Z))|-?\b(?:NaN|Infinity)\b', re.DOTALL)
_REASONS = ("reason", "message", "detail", "title")


class Ask:
    """One source's requests. Not shared between threads: each feed has its own."""

    def __init__(self, http: Http, clock: Clock, secret: str = "") -> None:
        self._http = http
        self._clock = clock
        self._secrets = [word for word in {secret, quote(secret, safe=""), quote_plus(secret)} if word]
        self._kept: dict[str, tuple[dict[str, str], bytes, str]] = {}
        self.content_type = ""
        """What the last body was said to be; never to be trusted."""
        self.begin()

    def begin(self) -> None:
        """A new visit: forget what the last one's answers said."""
        self._deadline_ns = self._clock.monotonic_ns() + round(_VISIT_S * 1e9)
        self.age_s = 0.0
        """The oldest answer of this visit: how long ago it was made, as far as can be told without its content."""
        self.fresh_for_s: float | None = None
        """The least time in which the servers expect nothing new."""
        self.wait_s = 0.0
        """The longest that a server asked to be left alone."""
        self.told_at: datetime | None = None
        """The servers' own time when they made their answers (``Date``)."""

    @property
    def now(self) -> datetime:
        """The time to sort old from new by: the clock's when it is synced, else the server's, else the clock's."""
        if self._clock.state().synced or self.told_at is None:
            return self._clock.now()
        return self.told_at

    def data_age_s(self, seen_at: datetime | None) -> float:
        """How old data is that was true at ``seen_at`` (None: when its answer was made).

        Measured on the server's own clock, ``Date`` − ``seen_at``, so that a wrong clock here makes nothing look
        fresh or stale; on the clock here too when it is synced or when there is nothing else. The larger one holds.
        """
        ages = [self.age_s]
        if seen_at is not None:
            if self.told_at is not None:
                ages.append(self.age_s + (self.told_at - seen_at).total_seconds())
            if self.told_at is None or self._clock.state().synced:
                ages.append((self._clock.now() - seen_at).total_seconds())
        return max(ages)

    def json(self, url: str, *, accept: str = "application/json", lasting: bool = False) -> loose.Node:
        """The JSON object at ``url``. ``lasting``: what seldom changes, whose age tells nothing of the data's.

        Raises ``OohError``: FEED_INVALID when it is none, FETCH_STATUS on an error status (``ThrottledError`` on
        429, 503 and on any that says ``Retry-After``), and what ``Http.request`` raises.
        """
        body = self.body(url, accept=accept, lasting=lasting)
        try:
            found = _decode(body) if body.strip() else {}
        except ValueError as error:
            self._kept.pop(url, None)
            raise OohError(Code.FEED_INVALID, self._clean(f"not JSON: {error}")) from None
        if not isinstance(found, dict):
            self._kept.pop(url, None)
            raise OohError(Code.FEED_INVALID, "a JSON object was expected")
        return found

    def body(self, url: str, *, accept: str, lasting: bool = False, max_bytes: int = MOST_BYTES) -> bytes:
        """The bytes at ``url``; those of last time when the server says that nothing changed. Raises as ``json``."""
        validators, kept, told = self._kept.get(url, ({}, b"", ""))
        answer = self._get(url, {"Accept": accept, **validators}, max_bytes)
        if answer.status == _NOT_MODIFIED and validators:
            self._note(answer.headers, lasting=lasting)
            self.content_type = told
            return kept
        if not answer.good:
            self._refused(answer)
        self._note(answer.headers, lasting=lasting)
        self.content_type = answer.headers.get("content-type", "")[:200]
        self._keep(url, answer)
        return answer.body

    def _get(self, url: str, headers: Mapping[str, str], max_bytes: int) -> HttpAnswer:
        left_s = (self._deadline_ns - self._clock.monotonic_ns()) / 1e9
        if left_s < 1:
            raise OohError(Code.FETCH_TIMEOUT, "its answers came too slowly")
        agent = {"User-Agent": f"ooh-player/{player_version()}"}
        try:
            return self._http.request(
                "GET",
                url,
                headers={**agent, **headers},
                body=None,
                timeout_s=min(_REQUEST_S, left_s),
                max_bytes=max_bytes,
            )
        except OohError as error:
            if not self._secrets:
                raise
            # Chained, the inner error would carry the URL, and with it the key.
            raise OohError(error.code, self._clean(error.detail)) from None

    def _refused(self, answer: HttpAnswer) -> NoReturn:
        told = f"status {answer.status}"
        wait = answer.headers.get("retry-after")
        if answer.status in _THROTTLES or wait:
            wait_s = retry_after_s(wait, self._clock.now())
            self.wait_s = max(self.wait_s, wait_s or 0.0)
            raise ThrottledError(Code.FETCH_STATUS, told, wait_s)
        try:
            found = _decode(answer.body)
        except ValueError:
            found = None
        reason = next((text for key in _REASONS if (text := loose.label(found, key, 200))), "")
        raise OohError(Code.FETCH_STATUS, self._clean(f"{told}: {reason}" if reason else told))

    def _note(self, headers: Mapping[str, str], *, lasting: bool) -> None:
        sent = date_of(headers)
        if sent is not None:
            self.told_at = sent if self.told_at is None else max(self.told_at, sent)
        if lasting:
            return
        age = age_s(headers)
        if sent is not None and self._clock.state().synced:
            # RFC 9111 §4.2.3: a cache that sends no Age still sends the Date of the origin's answer.
            age = max(age, (self._clock.now() - sent).total_seconds())
        self.age_s = max(self.age_s, age)
        fresh = fresh_for_s(headers)
        self.fresh_for_s = fresh if self.fresh_for_s is None else min(self.fresh_for_s, fresh)

    def _keep(self, url: str, answer: HttpAnswer) -> None:
        """The validators for next time (RFC 9110 §13.1), with the body that they stand for."""
        pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
        validators = {sent: held for sent, told in pairs if (held := answer.headers.get(told, "")) and len(held) < 500}
        self._kept.pop(url, None)
        if validators and len(answer.body) <= _MOST_KEPT_BYTES:
            while len(self._kept) >= _MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[url] = (validators, answer.body, self.content_type)

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


def _decode(body: bytes) -> object:
    try:
        return loose.decode(body)
    except ValueError:
        if b"NaN" not in body and b"Infinity" not in body:
            raise
        text = body.decode("utf-8", "replace")
        return loose.decode(_NO_NUMBER.sub(lambda found: found[1] or "null", text).encode())
