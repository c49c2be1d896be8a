"""Credentials from the AWS IoT credential provider: short-lived keys for a device's X.509 certificate.

AWS IoT Core Developer Guide, "Authorizing direct calls to AWS services using AWS IoT Core credential provider":
``GET https://ENDPOINT/role-aliases/ALIAS/credentials`` over mutual TLS, with the thing's name in a header.
"""

from __future__ import annotations

import json
import os
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import certifi
import urllib3
from botocore.credentials import CredentialProvider, CredentialResolver, DeferredRefreshableCredentials

from config import Code, ConfigError, OohError, ProofConfig

_THING_HEADER = "x-amzn-iot-thingname"
_CONNECT_S, _READ_S = 5.0, 10.0
_KEYS = {
    "access_key": "accessKeyId",
    "secret_key": "secretAccessKey",
    "token": "sessionToken",
    "expiry_time": "expiration",
}


def iot_provider(proof: ProofConfig) -> CredentialResolver:
    """What stands in for AWS's chain in a botocore session. Asks nobody yet."""
    return CredentialResolver(providers=[_IotProvider(IotKeys(proof))])


class IotKeys:
    """Fetches keys, and tells the provider's time: that of this machine may be years wrong.

    Thread-safe in so far as botocore refreshes in one thread at a time.
    """

    def __init__(self, proof: ProofConfig, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._proof = proof
        self._monotonic_s = monotonic_s
        self._server_at: datetime | None = None
        self._server_at_s = 0.0
        self._lock = threading.Lock()

    def fetch(self) -> dict[str, str]:
        """Keys as botocore's ``RefreshableCredentials`` takes them.

        Raises ``OohError``: ``DELIVERY_CREDENTIALS`` (files, certificate, alias), ``DELIVERY_CLOCK``,
        ``DELIVERY_THROTTLED``, ``DELIVERY_UNAVAILABLE``.
        """
        proof = self._proof
        host = proof.iot_endpoint.removeprefix("https://").rstrip("/")
        url = f"https://{host}/role-aliases/{quote(proof.iot_role_alias, safe='')}/credentials"
        headers = {_THING_HEADER: proof.thing} if proof.thing else {}
        with urllib3.PoolManager(ssl_context=self._trust(), retries=False, num_pools=1) as pool:
            try:
                answer = pool.request(
                    "GET",
                    url,
                    headers=headers,
                    timeout=urllib3.Timeout(connect=_CONNECT_S, read=_READ_S),
                    redirect=False,
                )
            except urllib3.exceptions.HTTPError as error:
                raise _unreachable(host, error) from error
        if answer.status != 200:
            raise _refused(host, answer.status, answer.data)
        keys = _keys(host, answer.data)
        with self._lock:
            self._server_at, self._server_at_s = _date(answer.headers), self._monotonic_s()
        if datetime.fromisoformat(keys["expiry_time"]).astimezone(UTC) <= self.now():
            raise OohError(Code.DELIVERY_CREDENTIALS, f"{host} answers with keys that have expired")
        return keys

    def now(self) -> datetime:
        """The provider's time at its last answer and the monotonic time since; this machine's before the first."""
        with self._lock:
            if self._server_at is None:
                return datetime.now(UTC)
            return self._server_at + timedelta(seconds=self._monotonic_s() - self._server_at_s)

    def _trust(self) -> ssl.SSLContext:
        """Made anew for every fetch: certificates are rotated in place."""
        try:
            trust = ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE"))
            if not os.environ.get("AWS_CA_BUNDLE"):
                trust.load_verify_locations(certifi.where())
            trust.load_cert_chain(_path(self._proof.certificate_file), _path(self._proof.key_file))
        except (OSError, ConfigError) as error:  # ssl.SSLError is an OSError
            raise OohError(Code.DELIVERY_CREDENTIALS, f"certificate_file and key_file: {error}") from error
        return trust


class _IotProvider(CredentialProvider):  # type: ignore[misc,unused-ignore]
    """botocore's view of it."""

    METHOD = "iot"
    CANONICAL_NAME = "iot"

    def __init__(self, keys: IotKeys) -> None:
        super().__init__()
        self._keys = keys

    def load(self) -> DeferredRefreshableCredentials:
        """Keys that are fetched with the first request and renewed 15 minutes before they end."""
        return DeferredRefreshableCredentials(
            refresh_using=self._keys.fetch, method=self.METHOD, time_fetcher=self._keys.now
        )


def _path(name: str) -> Path:
    """A relative name is a credential of systemd's, as for every other secret."""
    return Path(os.environ.get("CREDENTIALS_DIRECTORY", "")) / name


def _date(headers: Mapping[str, str]) -> datetime:
    try:
        at = parsedate_to_datetime(headers.get("Date", ""))
    except ValueError:
        return datetime.now(UTC)
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def _keys(host: str, body: bytes) -> dict[str, str]:
    try:
        told: Any = json.loads(body)["credentials"]
        keys = {ours: str(told[theirs]) for ours, theirs in _KEYS.items()}
        datetime.fromisoformat(keys["expiry_time"]).astimezone(UTC)
    except (ValueError, KeyError, TypeError) as error:
        raise OohError(Code.DELIVERY_UNAVAILABLE, f"{host} answers without credentials") from error
    return keys


def _refused(host: str, status: int, body: bytes) -> OohError:
    """Its words are AWS's (``{"message": …}``): for people; they hold no secret."""
    detail = f"{host} answers {status}: {body[:300].decode(errors='replace')}"
    if status == 429:
        return OohError(Code.DELIVERY_THROTTLED, detail)
    if status >= 500 or status == 408:
        return OohError(Code.DELIVERY_UNAVAILABLE, detail)
    return OohError(Code.DELIVERY_CREDENTIALS, detail)


def _unreachable(host: str, error: Exception) -> OohError:
    text = str(error)
    if "not yet valid" in text:
        return OohError(Code.DELIVERY_CLOCK, f"{host}: {text}")
    if "alert" in text.lower():  # TLS alerts come from the other side: it does not like our certificate
        return OohError(Code.DELIVERY_CREDENTIALS, f"{host}: {text}")
    return OohError(Code.DELIVERY_UNAVAILABLE, f"{host}: {text}")
