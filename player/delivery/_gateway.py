"""The gateway sink: plays as JSON lines to an HTTPS address of the operator's, for sites that block AWS.

docs/delivery.md is the contract: one POST a batch, gzip, an ``Idempotency-Key`` that a batch keeps however often it
is sent, 2xx as the acknowledgement.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence

from cache import Clock
from config import Code, ConfigError, OohError, ProofConfig, read_secret
from player.backoff import ThrottledError, retry_after_s
from player.delivery._packing import Entry, Lines
from player.delivery._sink import Accepted, Poison, Refused, Sent
from player.fetch import Http, HttpAnswer

MAX_BODY_BYTES = 5_000_000
"""Before compression. Amazon's own gateways end at 10 MB, many proxies far below: 413 makes batches smaller."""

_TIMEOUT_S = 25.0
_MAX_ANSWER_BYTES = 1_000_000
_GZIP_LEVEL = 6
_LATER = frozenset({408, 409, 425})
"""Time out, a batch of the same key in work, too early: the same batch again, later."""
_MEANING = {
    401: Code.DELIVERY_CREDENTIALS,
    403: Code.DELIVERY_DENIED,
    404: Code.DELIVERY_NO_RECEIVER,
    410: Code.DELIVERY_NO_RECEIVER,
    413: Code.DELIVERY_TOO_LARGE,
}


class GatewaySink:
    """One HTTPS address. A request is one entry: its key is the SHA-256 of its lines."""

    name = "gateway"
    packing = Lines()
    max_entry_bytes = MAX_BODY_BYTES
    max_entries = 1

    def __init__(self, proof: ProofConfig, http: Http, clock: Clock) -> None:
        self._url = proof.gateway_url
        self._token_file = proof.gateway_token_file
        self._http = http
        self._clock = clock

    def send(self, entries: Sequence[Entry]) -> Sent:
        """One request. Raises ``OohError``: DELIVERY_*, as ``KinesisSink.send``, with the server's ``Retry-After``."""
        (entry,) = entries
        key = hashlib.sha256(entry.data).hexdigest()
        headers = self._headers(key)
        try:
            answer = self._http.request(
                "POST",
                self._url,
                headers=headers,
                body=gzip.compress(entry.data, compresslevel=_GZIP_LEVEL, mtime=0),
                timeout_s=_TIMEOUT_S,
                max_bytes=_MAX_ANSWER_BYTES,
            )
        except OohError as error:
            raise OohError(_transport(error), str(error)) from error
        if not answer.good:
            raise self._failure(answer)
        return _read(entry, key, answer.body)

    def _headers(self, key: str) -> dict[str, str]:
        headers = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip", "Idempotency-Key": key}
        if self._token_file:
            try:
                headers["Authorization"] = f"Bearer {read_secret(self._token_file)}"  # now: tokens are rotated
            except ConfigError as error:
                raise OohError(Code.DELIVERY_CREDENTIALS, str(error)) from error
        return headers

    def _failure(self, answer: HttpAnswer) -> OohError:
        detail = f"gateway: status {answer.status}"
        after_s = retry_after_s(answer.headers.get("retry-after"), self._clock.now())
        if answer.status == 429:
            return ThrottledError(Code.DELIVERY_THROTTLED, detail, after_s)
        if answer.status >= 500 or answer.status in _LATER:
            return ThrottledError(Code.DELIVERY_UNAVAILABLE, detail, after_s)
        return OohError(_MEANING.get(answer.status, Code.DELIVERY_REFUSED), detail)


def _transport(error: OohError) -> Code:
    if "certificate is not yet valid" in str(error):
        return Code.DELIVERY_CLOCK
    return Code.DELIVERY_REFUSED if error.code is Code.FETCH_REFUSED else Code.DELIVERY_UNAVAILABLE


def _read(entry: Entry, key: str, body: bytes) -> Sent:
    """2xx takes the whole batch, unless the body is a JSON object that names ``accepted`` or ``refused`` ids."""
    told = _object(body)
    refused = _refusals(told.get("refused"), entry)
    named = told.get("accepted")
    names = frozenset(entry.play_ids) if named is None else frozenset(_texts(named))
    accepted = tuple(name for name in entry.play_ids if name in names and name not in refused)
    left = tuple(name for name in entry.play_ids if name not in names and name not in refused)
    reason = "the gateway's answer does not name it"
    return Sent(
        (Accepted(_part(entry, accepted), None, key),) if accepted else (),
        (Refused(_part(entry, left), Code.DELIVERY_UNAVAILABLE, reason),) if left else (),
        tuple(Poison(name, why) for name, why in refused.items()),
    )


def _part(entry: Entry, play_ids: tuple[str, ...]) -> Entry:
    return Entry(play_ids, entry.data, entry.size_bytes)


def _object(body: bytes) -> Mapping[str, object]:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _refusals(value: object, entry: Entry) -> dict[str, str]:
    """``{"id": "why"}``, of plays of this batch only: nothing that was not sent is set aside."""
    if not isinstance(value, dict):
        return {}
    return {name: f"the gateway refuses it: {str(value[name])[:200]}" for name in entry.play_ids if name in value}
