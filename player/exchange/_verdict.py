"""What every dialect does with an HTTP answer's status, and with what was read of it."""

from __future__ import annotations

import logging

from cache import Clock
from config import Code, OohError
from player.backoff import ThrottledError, retry_after_s
from player.exchange._shapes import Answer, Offered
from player.fetch import HttpAnswer

log = logging.getLogger("ooh.exchange")

_THROTTLES = frozenset({429, 503})


def check_throttle(answer: HttpAnswer, clock: Clock) -> None:
    """Raises ``ThrottledError`` (EXCHANGE_THROTTLED) on a 429 or 503, with the server's ``Retry-After``."""
    if answer.status in _THROTTLES:
        wait_s = retry_after_s(answer.headers.get("retry-after"), clock.now())
        raise ThrottledError(Code.EXCHANGE_THROTTLED, f"status {answer.status}", wait_s)


def status_and_words(answer: HttpAnswer, secret: str = "") -> str:
    """The status and the first words of the body, on one line, without ``secret``."""
    said = " ".join(answer.body[:400].decode("utf-8", "replace").split())[:200]
    if secret:
        said = said.replace(secret, "***")
    return f"status {answer.status}: {said}" if said else f"status {answer.status}"


def answer_or_raise(result: Answer | OohError, exchange: str, what: str) -> Answer:
    """What ``Exchange.ask`` gives: the error is raised, each refused ``what`` (bid, ad) is logged with its code."""
    if isinstance(result, OohError):
        raise result
    if isinstance(result, Offered):
        for refusal in result.refused:
            facts = {"exchange": exchange, what: refusal.bid_id, "code": refusal.code.code, "why": refusal.detail}
            log.warning(f"{what}.refused", extra={"facts": facts})  # noqa: G004 - the event's name
    return result
