"""An exchange that speaks OpenRTB 2.6 with the ``dooh`` object."""

from __future__ import annotations

import logging

from cache import Clock, new_id
from config import Code, ExchangeConfig, OohError, read_secret
from player.backoff import ThrottledError, retry_after_s
from player.exchange._shapes import Answer, Explanation, NoFill, Offered, Opportunity, ScreenIdentity
from player.exchange.openrtb._desk import OpenDesk
from player.exchange.openrtb._request import Asked, asked_for, encode_request
from player.exchange.openrtb._response import Reading, read_response
from player.fetch import Http, HttpAnswer

log = logging.getLogger("ooh.exchange")

_MOST_ANSWER_BYTES = 2_000_000
_THROTTLES = frozenset({429, 503})


class OpenRtbExchange:
    """``ExplainingExchange`` over one URL."""

    def __init__(self, config: ExchangeConfig, screen: ScreenIdentity, http: Http, clock: Clock) -> None:
        self._config = config
        self._screen = screen
        self._http = http
        self._clock = clock
        self._headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "x-openrtb-version": "2.6",
        }
        if config.token_file:
            self._headers["Authorization"] = f"Bearer {read_secret(config.token_file)}"

    @property
    def name(self) -> str:
        """What logs and records call it."""
        return self._config.name

    def ask(self, opportunity: Opportunity) -> Answer:
        """See ``Exchange.ask``. Refused bids are logged with their codes."""
        result = self._ask(opportunity, for_real=True).result
        if isinstance(result, OohError):
            raise result
        if isinstance(result, Offered):
            for refusal in result.refused:
                facts = {"exchange": self.name, "bid": refusal.bid_id, "code": refusal.code.code, "why": refusal.detail}
                log.warning("bid.refused", extra={"facts": facts})
        return result

    def explain(self, opportunity: Opportunity) -> Explanation:
        """See ``ExplainingExchange.explain``."""
        return self._ask(opportunity, for_real=False)

    def _ask(self, opportunity: Opportunity, *, for_real: bool) -> Explanation:
        asked = asked_for(self._config, opportunity, new_id(self._clock), self._clock.now())
        request = encode_request(asked, self._config, self._screen)
        begun_ns = self._clock.monotonic_ns()
        until_ns = begun_ns + self._config.timeout_ms * 1_000_000
        status: int | None = None
        body = b""
        try:
            answer = self._post(request)
            status, body = answer.status, answer.body
            desk = OpenDesk(self._config, self._screen, self._http, self._clock, asked, until_ns, for_real)
            reading = self._read(answer, asked, desk)
        except OohError as error:
            reading = Reading(error, ())
        return Explanation(
            exchange=self.name,
            url=self._config.url,
            request=request,
            status=status,
            answer=body,
            result=reading.result,
            reasons=reading.reasons,
            elapsed_ms=(self._clock.monotonic_ns() - begun_ns) // 1_000_000,
        )

    def _post(self, request: bytes) -> HttpAnswer:
        try:
            return self._http.request(
                "POST",
                self._config.url,
                headers=self._headers,
                body=request,
                timeout_s=self._config.timeout_ms / 1000,
                max_bytes=_MOST_ANSWER_BYTES,
            )
        except OohError as error:
            code = Code.EXCHANGE_INVALID if error.code is Code.FETCH_TOO_LARGE else Code.EXCHANGE_UNAVAILABLE
            raise OohError(code, str(error)) from error

    def _read(self, answer: HttpAnswer, asked: Asked, desk: OpenDesk) -> Reading:
        """Judge the status, then the body."""
        if answer.status in _THROTTLES:
            wait_s = retry_after_s(answer.headers.get("retry-after"), self._clock.now())
            raise ThrottledError(Code.EXCHANGE_THROTTLED, f"status {answer.status}", wait_s)
        if answer.status == 204:
            return Reading(NoFill("status 204"), ())
        if not answer.good:
            said = " ".join(answer.body[:400].decode("utf-8", "replace").split())[:200]
            detail = f"status {answer.status}: {said}" if said else f"status {answer.status}"
            raise OohError(Code.EXCHANGE_UNAVAILABLE, detail)
        return read_response(answer.body, asked, desk)
