"""Visits: every address of the configuration is asked once, all at the same time; several checks read the answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime

from cache import Clock
from config import Code, Config, ExchangeConfig, OohError, read_secret
from player.fetch import Http, HttpAnswer

VISIT_S = 3.5
_MAX_BYTES = 1_000_000
_ASK_AGAIN = frozenset({401, 403, 404, 405, 501})
"""What a server that knows only POST may say to HEAD."""


@dataclass(frozen=True, slots=True)
class Target:
    """One address to visit."""

    url: str
    token_file: str = ""
    takes_post: bool = False
    """A POST without a body asks for nothing there."""


@dataclass(frozen=True, slots=True)
class Visit:
    """How it went: an answer or an error."""

    url: str
    answer: HttpAnswer | None = None
    error: OohError | None = None
    answered_at: datetime | None = None
    """By this machine's clock, when the answer came."""


@dataclass(slots=True)
class Visits:
    """Begun when the first answer is wanted."""

    http: Http
    clock: Clock
    targets: Sequence[Target] = ()
    timeout_s: float = VISIT_S
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _going: dict[str, Future[Visit]] = field(default_factory=dict)

    def of(self, url: str) -> Visit:
        """How the visit to a target went; waits for its end, ``timeout_s`` or little more."""
        self._begin()
        return self._going[url].result()

    def all(self) -> tuple[Visit, ...]:
        """Every target's."""
        self._begin()
        return tuple(going.result() for going in tuple(self._going.values()))

    def _begin(self) -> None:
        with self._lock:
            for target in self.targets:
                if target.url not in self._going:
                    going = self._going[target.url] = Future[Visit]()
                    work = _Work(self.http, self.clock, target, self.timeout_s, going)
                    threading.Thread(target=work.run, name="doctor-visit", daemon=True).start()


@dataclass(frozen=True, slots=True)
class _Work:
    http: Http
    clock: Clock
    target: Target
    timeout_s: float
    going: Future[Visit]

    def run(self) -> None:
        try:
            answer = self._ask()
            self.going.set_result(Visit(self.target.url, answer, answered_at=self.clock.now()))
        except OohError as error:
            self.going.set_result(Visit(self.target.url, error=error))
        except BaseException as error:  # noqa: BLE001 - a check waits for it
            fault = OohError(Code.PROCESS_FAULT, f"{type(error).__name__}: {error}")
            self.going.set_result(Visit(self.target.url, error=fault))

    def _ask(self) -> HttpAnswer:
        """Any HTTP answer shows that name, route and certificate are right; no ad is asked for."""
        until_s = time.monotonic() + self.timeout_s
        headers = _headers(self.target.token_file)
        answer = self._once("HEAD", headers, None, until_s)
        if self.target.takes_post and answer.status in _ASK_AGAIN:
            answer = self._once("POST", {"Content-Type": "application/json", **headers}, b"", until_s)
        return answer

    def _once(self, method: str, headers: Mapping[str, str], body: bytes | None, until_s: float) -> HttpAnswer:
        left_s = max(0.1, until_s - time.monotonic())
        return self.http.request(
            method, self.target.url, headers=headers, body=body, timeout_s=left_s, max_bytes=_MAX_BYTES
        )


def visit_targets(config: Config) -> tuple[Target, ...]:
    """Exchanges, the heartbeat's receiver and the gateway; feeds and the stream are asked by those who know how."""
    targets = [_of_exchange(exchange) for exchange in config.exchange if exchange.url]
    if config.heartbeat.url:
        targets.append(Target(config.heartbeat.url, config.heartbeat.token_file))
    if config.proof.gateway_url:
        targets.append(Target(config.proof.gateway_url, config.proof.gateway_token_file))
    return tuple({target.url: target for target in targets}.values())


def _of_exchange(exchange: ExchangeConfig) -> Target:
    return Target(exchange.url, exchange.token_file, takes_post=exchange.kind == "openrtb")


def _headers(token_file: str) -> dict[str, str]:
    """What the player itself sends. A token that cannot be read is told in the line ``keys``."""
    if not token_file:
        return {}
    try:
        return {"Authorization": f"Bearer {read_secret(token_file)}"}
    except OohError:
        return {}
