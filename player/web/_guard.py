"""The guard: which host names, peers and origins a request may come with, and the headers of every answer."""

from __future__ import annotations

import ipaddress
import re
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import psutil

from config import WebConfig

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Sent(Protocol):
    """The headers of a request."""

    def get(self, name: str, /) -> str | None:
        """One of them, whatever its case; None when it was not sent."""


HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: with it a browser sends `Origin: null` with forms (Fetch standard, "append a request Origin").
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), display-capture=(), fullscreen=(), payment=(), usb=(), serial=(), "
        "bluetooth=(), hid=(), midi=(), clipboard-read=(), screen-wake-lock=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cache-Control": "no-store",
}
"""On every answer, errors included (OWASP Secure Headers Project)."""

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)\.?(?::[0-9]{1,5})?", re.IGNORECASE)
_FRESH_S = 10.0


@dataclass(slots=True)
class Networks:
    """The machine's own addresses and the networks they are in, looked up again after ten seconds."""

    look: Callable[[], list[tuple[str, str | None]]] = field(default_factory=lambda: _interfaces)
    _found: tuple[tuple[Address, Network], ...] = ()
    _until_s: float = 0.0

    def addresses(self) -> frozenset[Address]:
        """Of every interface."""
        return frozenset(address for address, _ in self._current())

    def holds(self, peer: Address) -> bool:
        """True for a peer on this machine or in a network that it is in."""
        return peer.is_loopback or any(peer.version == net.version and peer in net for _, net in self._current())

    def _current(self) -> tuple[tuple[Address, Network], ...]:
        now_s = time.monotonic()
        if now_s >= self._until_s:
            self._found = tuple(_network(address, mask) for address, mask in self.look())
            self._until_s = now_s + _FRESH_S
        return self._found


def knows_host(header: str | None, web: WebConfig, networks: Networks) -> bool:
    """True when the Host header names this machine. A page of a stranger whose name was rebound to us names itself."""
    match = _HOST.fullmatch(header or "")
    if match is None:
        return False
    host = match[1].lower()
    literal = as_address(host.strip("[]"))
    if literal is not None:
        return literal.is_loopback or (web.host == "lan" and literal in networks.addresses())
    if host == "localhost" or host in {_bare(name) for name in web.names}:
        return True
    own = socket.gethostname().lower()
    return web.host == "lan" and host in {own, f"{own.partition('.')[0]}.local"}


def knows_peer(address: str, web: WebConfig, networks: Networks) -> bool:
    """True when it comes from where ``web.host`` says: this machine, or a network that this machine is in."""
    peer = as_address(address)
    if peer is None:
        return False
    return peer.is_loopback if web.host == "loopback" else networks.holds(peer)


def same_origin(headers: Sent, host: str) -> bool:
    """True unless the browser says that a stranger's page sent this (Fetch Metadata, RFC 6454).

    A client that says nothing of where it comes from is no browser of today; the form's token still has to be right.
    """
    site = headers.get("Sec-Fetch-Site")
    origin = headers.get("Origin")
    return (site is None or site == "same-origin") and (origin is None or origin.lower() == f"http://{host.lower()}")


def is_embedded_elsewhere(headers: Sent) -> bool:
    """True when a stranger's page loads this as a part of itself: a link to us is welcome, an ``<img>`` is not."""
    return headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"} and (
        headers.get("Sec-Fetch-Mode") != "navigate" or headers.get("Sec-Fetch-Dest") not in {None, "document"}
    )


def as_address(text: str) -> Address | None:
    """An address, IPv4 also when it is written as IPv6; None for anything else."""
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found


def _bare(name: str) -> str:
    return name.lower().rpartition(":")[0] or name.lower() if name.count(":") == 1 else name.lower()


def _interfaces() -> list[tuple[str, str | None]]:
    families = (socket.AF_INET, socket.AF_INET6)
    try:
        every = psutil.net_if_addrs()
    except OSError:
        return []
    return [(one.address, one.netmask) for cards in every.values() for one in cards if one.family in families]


def _network(address: str, mask: str | None) -> tuple[Address, Network]:
    bare = address.partition("%")[0]
    found = ipaddress.ip_address(bare)
    if isinstance(found, ipaddress.IPv4Address):
        return found, ipaddress.ip_network(f"{bare}/{mask or 32}", strict=False)
    bits = int(ipaddress.IPv6Address(mask)).bit_count() if mask else 128
    return found, ipaddress.ip_network(f"{bare}/{bits}", strict=False)
