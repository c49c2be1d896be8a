"""An exchange that speaks OpenRTB 2.6 with the ``dooh`` object."""

from __future__ import annotations

from cache import Clock, new_id
from config import Code, ExchangeConfig, OohError, read_secret
from player.exchange._shapes import Answer, Explanation, NoFill, Opportunity, ScreenIdentity
from player.exchange._verdict import answer_or_raise, check_throttle, status_and_words
from player.exchange.openrtb._desk import OpenDesk
from player.exchange.openrtb._request import Asked, asked_for, encode_request
from player.exchange.openrtb._response import Reading, read_response
from player.fetch import Http, HttpAnswer

_MOST_ANSWER_BYTES = 2_000_000


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
        return answer_or_raise(self._ask(opportunity, for_real=True).result, self.name, "bid")

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
        check_throttle(answer, self._clock)
        if answer.status == 204:
            return Reading(NoFill("status 204"), ())
        if not answer.good:
            raise OohError(Code.EXCHANGE_UNAVAILABLE, status_and_words(answer))
        return read_response(answer.body, asked, desk)
