"""An ad server that leases: ``get_ad`` for an ad, ``get_asset`` for what may come."""

from __future__ import annotations

import logging

from cache import Beacon, Clock, new_id
from config import Code, ExchangeConfig, OohError, read_secret
from player.exchange._shapes import Answer, Explanation, NoFill, Offered, Opportunity, RefusedError, ScreenIdentity
from player.exchange._verdict import answer_or_raise, check_throttle, status_and_words
from player.exchange.vistar._assets import Asset, read_assets
from player.exchange.vistar._request import (
    FARTHEST_AHEAD_S,
    Asked,
    asked_for,
    encode_request,
    get_ad_url,
    get_asset_url,
    masked,
    too_far,
    venue_id,
)
from player.exchange.vistar._response import Reading, read_response
from player.fetch import Http, HttpAnswer

log = logging.getLogger("ooh.exchange")

_MOST_ANSWER_BYTES = 2_000_000
_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}
_RELEASE_TIMEOUT_S = 5.0


class VistarExchange:
    """``ExplainingExchange`` over one API."""

    def __init__(self, config: ExchangeConfig, screen: ScreenIdentity, http: Http, clock: Clock) -> None:
        self._config = config
        self._screen = screen
        self._http = http
        self._clock = clock
        self._api_key = read_secret(config.api_key_file) if config.api_key_file else ""
        self._url = get_ad_url(config.url)
        if screen.venue and venue_id(screen) is None:
            facts = {"exchange": self.name, "venue": screen.venue, "allowed": "letters, digits, - and _"}
            log.warning("venue.not_sent", extra={"facts": facts})

    @property
    def name(self) -> str:
        """What logs and records call it."""
        return self._config.name

    def ask(self, opportunity: Opportunity) -> Answer:
        """See ``Exchange.ask``. Refused ads are logged with their codes."""
        return answer_or_raise(self._ask(opportunity).result, self.name, "bid")

    def explain(self, opportunity: Opportunity) -> Explanation:
        """See ``ExplainingExchange.explain``. The API has no test mode: what came is given back at once."""
        explanation = self._ask(opportunity)
        return self._given_back(explanation)

    def assets(self, opportunity: Opportunity) -> tuple[Asset, ...]:
        """Every creative that may come in the next 30 hours.

        Raises ``OohError``: EXCHANGE_*; ``ThrottledError`` (EXCHANGE_THROTTLED).
        """
        asked = asked_for(self._config, opportunity, "", self._clock.now())
        request = encode_request(asked, self._config, self._screen, self._api_key)
        answer = self._post(get_asset_url(self._config.url), request)
        self._expect_good(answer)
        return read_assets(answer.body) if answer.status != 204 else ()

    def _ask(self, opportunity: Opportunity) -> Explanation:
        asked = asked_for(self._config, opportunity, new_id(self._clock), self._clock.now())
        request = encode_request(asked, self._config, self._screen, self._api_key)
        begun_ns = self._clock.monotonic_ns()
        status: int | None = None
        body = b""
        try:
            if too_far(asked):
                why = f"the free slot is more than {FARTHEST_AHEAD_S // 60} minutes ahead; nothing was asked"
                reading = Reading(NoFill(why), (why,))
            else:
                answer = self._post(self._url, request)
                status, body = answer.status, answer.body
                reading = self._read(answer, asked)
        except OohError as error:
            reading = Reading(error)
        return Explanation(
            exchange=self.name,
            url=self._url,
            request=masked(request, self._api_key),
            status=status,
            answer=body,
            result=reading.result,
            reasons=reading.reasons,
            elapsed_ms=(self._clock.monotonic_ns() - begun_ns) // 1_000_000,
        )

    def _post(self, url: str, request: bytes) -> HttpAnswer:
        try:
            return self._http.request(
                "POST",
                url,
                headers=_HEADERS,
                body=request,
                timeout_s=self._config.timeout_ms / 1000,
                max_bytes=_MOST_ANSWER_BYTES,
            )
        except OohError as error:
            code = Code.EXCHANGE_INVALID if error.code is Code.FETCH_TOO_LARGE else Code.EXCHANGE_UNAVAILABLE
            raise OohError(code, str(error)) from error

    def _read(self, answer: HttpAnswer, asked: Asked) -> Reading:
        self._expect_good(answer)
        if answer.status == 204:
            return Reading(NoFill("status 204"), ("the answer is empty (204)",))
        return read_response(answer.body, asked, lambda: new_id(self._clock))

    def _expect_good(self, answer: HttpAnswer) -> None:
        """Judge the status. What the API says of a 4xx is for people: the same request would fail again."""
        check_throttle(answer, self._clock)
        if answer.good:
            return
        refused = 400 <= answer.status < 500 and answer.status != 408
        raise OohError(
            Code.EXCHANGE_REFUSED if refused else Code.EXCHANGE_UNAVAILABLE, status_and_words(answer, self._api_key)
        )

    def _given_back(self, explanation: Explanation) -> Explanation:
        result = explanation.result
        beacons: tuple[Beacon, ...] = ()
        if isinstance(result, Offered):
            beacons = (*(one for lease in result.leases for one in lease.on_released), *result.notices)
        elif isinstance(result, RefusedError):
            beacons = result.notices
        reasons = [*explanation.reasons, *map(self._give_back, beacons)]
        return Explanation(
            explanation.exchange,
            explanation.url,
            explanation.request,
            explanation.status,
            explanation.answer,
            result,
            tuple(reasons),
            explanation.elapsed_ms,
        )

    def _give_back(self, beacon: Beacon) -> str:
        try:
            answer = self._http.request(
                beacon.method, beacon.url, headers={}, body=None, timeout_s=_RELEASE_TIMEOUT_S, max_bytes=65_536
            )
        except OohError as error:
            return f"its lease could not be given back: {error}"
        return "its lease was given back" if answer.good else f"its lease was not taken back: status {answer.status}"
