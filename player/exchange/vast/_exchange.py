"""An exchange that answers a tag's address with VAST 2.0 to 4.3."""

from __future__ import annotations

import json
from collections.abc import Callable

from cache import Beacon, Clock, Lease, Play, new_id
from config import Code, ExchangeConfig, OohError, read_secret
from player.exchange._shapes import (
    Answer,
    ExplainingExchange,
    Explanation,
    NoFill,
    Opportunity,
    ScreenIdentity,
)
from player.exchange._verdict import answer_or_raise, check_throttle
from player.exchange.vast._asking import VastAsking, VastReading
from player.exchange.vast._ended import vast_release, vast_shown
from player.exchange.vast._macros import LATER, Moment, fill, fill_now
from player.exchange.vast._take import vast_leases
from player.exchange.vast._text import MOST_BYTES
from player.fetch import Http, HttpAnswer

_HEADERS = {"Accept": "application/xml, text/xml, */*;q=0.5"}
_LEAST_S = 0.05


class VastExchange:
    """``ExplainingExchange`` over one tag. The tag may hold macros of the IAB's list."""

    def __init__(self, config: ExchangeConfig, screen: ScreenIdentity, http: Http, clock: Clock) -> None:
        self._config = config
        self._screen = screen
        self._http = http
        self._clock = clock
        self._headers = dict(_HEADERS)
        if config.token_file:
            self._headers["Authorization"] = f"Bearer {read_secret(config.token_file)}"

    @property
    def name(self) -> str:
        """What logs and records call it."""
        return self._config.name

    def ask(self, opportunity: Opportunity) -> Answer:
        """See ``Exchange.ask``. Refused ads are logged with their codes."""
        return answer_or_raise(self.explain(opportunity).result, self.name, "ad")

    def explain(self, opportunity: Opportunity) -> Explanation:
        """See ``ExplainingExchange.explain``. Wrappers are followed; VAST knows no test requests."""
        asking = VastAsking.of(self._config, self._screen, opportunity, new_id(self._clock), self._clock.now())
        url = fill_now(fill(self._config.url, asking.values, LATER), Moment(seed=asking.request_id, at=asking.at))
        begun_ns = self._clock.monotonic_ns()
        # The whole chain has the time of one answer: a slot is not worth waiting longer for.
        get = within(self._http, self._clock, self._config.timeout_ms)
        status: int | None = None
        body = b""
        try:
            answer = self._first(get, url)
            status, body = answer.status, answer.body
            reading = self._read(answer, asking, url, get)
        except OohError as error:
            reading = VastReading(error)
        return Explanation(
            exchange=self.name,
            url=self._config.url,
            request=json.dumps({"method": "GET", "url": url}).encode(),
            status=status,
            answer=body,
            result=reading.result,
            reasons=reading.reasons,
            elapsed_ms=(self._clock.monotonic_ns() - begun_ns) // 1_000_000,
        )

    def _first(self, get: Get, url: str) -> HttpAnswer:
        try:
            return get(url, self._headers)
        except OohError as error:
            code = Code.EXCHANGE_INVALID if error.code is Code.FETCH_TOO_LARGE else Code.EXCHANGE_UNAVAILABLE
            raise OohError(code, str(error)) from error

    def _read(self, answer: HttpAnswer, asking: VastAsking, url: str, get: Get) -> VastReading:
        """Judge the status, then the body."""
        check_throttle(answer, self._clock)
        if answer.status == 204 or (answer.good and not answer.body.strip()):
            return VastReading(NoFill("status 204" if answer.status == 204 else "the answer is empty"))
        if not answer.good:
            raise OohError(Code.EXCHANGE_UNAVAILABLE, f"status {answer.status}")
        # The token is this tag's, never a wrapper's.
        return vast_leases(
            answer.body,
            asking,
            lambda onward: get(onward, _HEADERS),
            lambda: new_id(self._clock),
            answer.url or url,
        )


Get = Callable[[str, dict[str, str]], HttpAnswer]


def within(http: Http, clock: Clock, budget_ms: int) -> Get:
    """GET by ``http``, ``budget_ms`` from now for all requests together. Raises FETCH_TIMEOUT when that is used up."""
    ends_ns = clock.monotonic_ns() + budget_ms * 1_000_000

    def get(url: str, headers: dict[str, str]) -> HttpAnswer:
        left_s = (ends_ns - clock.monotonic_ns()) / 1e9
        if left_s < _LEAST_S:
            raise OohError(Code.FETCH_TIMEOUT, f"the answer's {budget_ms} ms are used up")
        return http.request("GET", url, headers=headers, body=None, timeout_s=left_s, max_bytes=MOST_BYTES)

    return get


class Vast:
    """The dialect ``vast``."""

    def open(self, config: ExchangeConfig, screen: ScreenIdentity, http: Http, clock: Clock) -> ExplainingExchange:
        """See ``Dialect.open``."""
        return VastExchange(config, screen, http, clock)

    def shown(self, lease: Lease, play: Play) -> tuple[Beacon, ...]:
        """Impressions, events, viewability and verification of the whole chain."""
        return vast_shown(lease, play)

    def release(self, lease: Lease, reason: str) -> tuple[Beacon, ...]:
        """The ``Error`` URLs of the whole chain, with the code that fits."""
        return vast_release(lease, reason)
