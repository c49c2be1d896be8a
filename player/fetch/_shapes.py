"""What goes over the network's edge: a request's answer and a downloaded file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A whole answer. ``headers`` has lower-case names; ``body`` is decoded from any content encoding."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str = ""
    """Where it was found, after redirects."""

    @property
    def good(self) -> bool:
        """True for the 200s."""
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Fetched:
    """A downloaded file; the caller moves it into the store or removes it."""

    path: Path
    sha256: str
    size_bytes: int
    mime: str | None
    """What the server called it, without parameters; never to be trusted."""
    resumed_bytes: int = 0
    """How many of its bytes came with earlier tries."""


class Http(Protocol):
    """Short exchanges of bytes: ad requests, feeds, beacons, heartbeats."""

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
        """Ask and wait for the whole answer, ``timeout_s`` in all; any status is an answer.

        With ``max_bytes`` 0 only for its head: the body is neither waited for nor read.
        Redirects are followed for GET and HEAD only, at most 5, each checked like the first.
        Raises ``OohError``: FETCH_REFUSED, FETCH_NETWORK, FETCH_TIMEOUT, FETCH_TOO_LARGE.
        """


class HttpStream(Protocol):
    """Long answers, handed on piece by piece."""

    def stream(
        self,
        url: str,
        *,
        timeout_s: float,
        max_bytes: int,
        headers: Mapping[str, str],
        sink: Callable[[bytes], object],
        begin: Callable[[HttpAnswer], object] | None = None,
    ) -> HttpAnswer:
        """GET ``url``; a 200's or 206's body goes to ``sink`` in pieces and the answer's ``body`` is empty.

        ``begin`` is told status and headers before the first piece; what it raises ends the download.
        Raises as ``Http.request`` does; ``sink`` may then have had a part of the body.
        """
