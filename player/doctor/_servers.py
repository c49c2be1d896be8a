"""The servers of the configuration: exchanges, feeds, the heartbeat's receiver and the gateway."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from cache import Cache
from config import Code, ExchangeConfig, OohError
from player.doctor._finding import Check, Finding
from player.doctor._network import Way, follows
from player.doctor._patient import Patient
from player.doctor._visits import VISIT_S, Visit
from player.feeds import Feed, open_feeds
from player.fetch import Http, HttpAnswer

_SILENT = f"no answer within {VISIT_S:g} s"


@dataclass(frozen=True, slots=True)
class _Brisk:
    """A feed's own patience is longer than a tech's."""

    http: Http

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
        """See ``Http``."""
        brief_s = min(timeout_s, VISIT_S)
        return self.http.request(method, url, headers=headers, body=body, timeout_s=brief_s, max_bytes=max_bytes)


@dataclass(frozen=True, slots=True)
class _Server:
    """One server: its line, its address, and the keys that a tech would look at."""

    name: str
    url: str
    key: str
    token: str
    asked_as: Literal["it is", "by HEAD alone", "at its base"]
    """As the player asks it; or only by HEAD, which some do not know; or at an address that is no page by itself."""


def server_checks(patient: Patient, http: Http, way: Callable[[], Way]) -> tuple[Check, ...]:
    """In the order in which they earn."""
    config = patient.config
    several = len(patient.exchanges()) > 1
    checks = [_check(patient, _exchange(exchange, several=several), way) for exchange in patient.exchanges()]
    if not checks:
        checks.append(Check("exchange", _no_exchange))
    checks += [_feed(patient, feed, way) for feed in open_feeds(config, _Brisk(http), patient.clock)]
    others = (
        _Server("heartbeat", config.heartbeat.url, "heartbeat.url", "heartbeat.token_file", "by HEAD alone"),
        _Server("gateway", config.proof.gateway_url, "proof.gateway_url", "proof.gateway_token_file", "by HEAD alone"),
    )
    return (*checks, *(_check(patient, server, way) for server in others if server.url))


def _no_exchange() -> Finding:
    step = "Set exchange.url when this screen is to earn: sudo ooh-player setup"
    return Finding("exchange", "warn", "none is configured: house ads and content only", step)


def _exchange(exchange: ExchangeConfig, *, several: bool) -> _Server:
    key = f"exchange.url of {exchange.name}" if several else "exchange.url"
    token = "exchange.api_key_file" if exchange.kind == "vistar" else "exchange.token_file"
    as_it_is = exchange.kind in {"openrtb", "vast"}
    return _Server(f"exchange {exchange.name}", exchange.url, key, token, "it is" if as_it_is else "at its base")


def _check(patient: Patient, server: _Server, way: Callable[[], Way]) -> Check:
    def look() -> Finding:
        visit = patient.visits.of(server.url)
        finding = _of_status(server, visit.answer.status) if visit.answer is not None else _of_error(server, visit)
        if finding.grade != "ok" and way().trouble is not None:
            return follows(server.name, way())
        return finding

    return Check(server.name, look)


def _of_status(server: _Server, status: int) -> Finding:
    name = server.name
    if status >= 500:
        return Finding(name, "fail", f"it answers {status}", "Ask its operator; the player asks again by itself.")
    if status not in {401, 403, 404}:
        return Finding(name, "ok", f"reached ({status})")
    if server.asked_as == "at its base":
        return Finding(name, "ok", f"reached ({status}); whether it knows this screen: ooh-player exchange try")
    if status != 404:
        step = f"Check {server.token} and that the server knows this screen."
        return Finding(name, "warn", f"reached, but it answers {status}: it does not let this screen in", step)
    if server.asked_as == "by HEAD alone":
        step = f"Check {server.key}; a server that knows only POST may say so too: see ooh-player status."
        return Finding(name, "warn", "reached, but it answers 404", step)
    step = f"Check {server.key}, its path above all; then: ooh-player exchange try"
    return Finding(name, "fail", "wrong URL: the server knows no such page (404)", step)


_CAUSES: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"the name (\S+) (?:cannot be resolved|has no address)"),
        "wrong URL: there is no host called {0}",
        "Check {key} letter by letter.",
    ),
    (
        re.compile(r"the name (\S+) was not resolved in time"),
        "the name {0} is not resolved in time",
        "Restart the router, or set another name server: sudo nmtui",
    ),
    (
        re.compile(r"(\S+) port (\d+): .*(?:refused|Errno 111)"),
        "wrong URL: nobody listens at {0} port {1}",
        "Check host and port in {key}.",
    ),
    (
        re.compile(r"(\S+?): .*(?:WRONG_VERSION_NUMBER|RECORD_LAYER_FAILURE|UNKNOWN_PROTOCOL)"),
        "wrong URL: {0} does not speak https there",
        "Check scheme and port in {key}.",
    ),
    (
        re.compile(r"(\S+?): .*(?:[Hh]ostname mismatch|is not valid for|IP address mismatch)"),
        "wrong URL: the certificate of {0} is another host's",
        "Check the host in {key}.",
    ),
    (
        re.compile(r"(\S+?): .*(?:self.signed|unable to get local issuer)"),
        "the certificate of {0} is not one that this machine trusts",
        "The venue's firewall may open TLS: have it let this host pass. Else check {key}.",
    ),
    (
        re.compile(r"(\S+?): .*certificate (?:is not yet valid|has expired)"),
        "the certificate of {0} is not valid at the time of this machine's clock",
        "See the line “clock”; if that is right, ask the server's operator.",
    ),
)


def _of_error(server: _Server, visit: Visit) -> Finding:
    name, key = server.name, server.key
    error = visit.error or OohError(Code.FETCH_NETWORK)
    if error.code is Code.FETCH_REFUSED:
        step = f"Check {key}: https and a public host; a server of your own is named in fetch.allow_hosts."
        return Finding(name, "fail", f"not asked: {error.detail}", step)
    for pattern, what, step in _CAUSES:
        found = pattern.search(error.detail)
        if found:
            return Finding(name, "fail", what.format(*found.groups()), step.format(key=key))
    if error.code is Code.FETCH_TIMEOUT:
        step = f"The venue's firewall must let TCP port 443 out; else check {key}."
        return Finding(name, "fail", _SILENT, step)
    return Finding.of_error(name, error)


def _feed(patient: Patient, feed: Feed, way: Callable[[], Way]) -> Check:
    name = f"feed {feed.kind}"

    def look() -> Finding:
        try:
            feed.fetch()
        except OohError as error:
            if way().trouble is not None:
                return follows(name, way())
            return Finding.of_error(name, error, "warn")
        age = _stale(patient, feed)
        if age is not None:
            step = "The agent should have fetched it: look at ooh-player status and at its log."
            return Finding(name, "warn", f"it answers, but the screen's own data is {age} old", step)
        return Finding(name, "ok", "it answers with data that can be shown")

    late = f"Its provider is slow, or the venue's firewall holds it: check panels.{feed.kind}.url"
    return Check(name, look, late)


def _stale(patient: Patient, feed: Feed) -> str | None:
    """How old the snapshot is that the panel has, when it is too old to be shown.

    None without an agent at work, and for another user's cache: nothing of the player's is opened as somebody else.
    """
    database = patient.folders.state / "cache.db"
    if patient.board("agent") is None or not database.exists() or database.stat().st_uid != os.geteuid():
        return None
    cache = Cache.open(patient.folders, patient.clock, patient.config.cache.max_bytes)
    try:
        snapshot = cache.snapshots().get(feed.kind)
    finally:
        cache.close()
    if snapshot is None:
        return None
    age_s = (patient.clock.now() - snapshot.fetched_at).total_seconds()
    return f"{age_s / 60:.0f} min" if age_s * 1000 > snapshot.max_age_ms else None
