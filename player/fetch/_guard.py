"""Which URLs and addresses may be reached: creatives and answers are hostile (server-side request forgery)."""

from __future__ import annotations

import queue
import re
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from config import Code, OohError

LONGEST_URL = 8_192

Resolve = Callable[[str, int], list[str]]

# ``is_global`` says True for these; most can carry a private IPv4 address inside.
_CLOSED = (
    ip_network("64:ff9b::/96"),  # NAT64, RFC 6052
    ip_network("64:ff9b:1::/48"),  # local-use NAT64, RFC 8215
    ip_network("2002::/16"),  # 6to4, RFC 3056
    ip_network("2001::/32"),  # Teredo, RFC 4380
    ip_network("::/96"),  # IPv4-compatible, RFC 4291 §2.5.5.1
    ip_network("fec0::/10"),  # site-local, RFC 3879
    ip_network("192.88.99.0/24"),  # 6to4 relay, RFC 7526
    ip_network("192.0.0.0/24"),  # IETF protocol assignments, RFC 6890; 192.0.0.192 is Oracle's metadata
    ip_network("192.52.193.0/24"),  # multicast tunnels, RFC 7450
    ip_network("5f00::/16"),  # segment routing, RFC 9602
    ip_network("3fff::/20"),  # documentation, RFC 9637: newer than Python's own list
    ip_network("168.63.129.16/32"),  # Azure's host agent, which answers its guests with secrets
)
_ISATAP = 0x0000_5EFE  # an interface identifier with an IPv4 address in it, RFC 5214 §6.1
_LOWEST_FREE_PORT = 1_024
_HTTPS_PORT = 443
# Backslashes, blanks and controls are read differently by different URL parsers.
_ODD = re.compile(r"[\x00-\x20\x7f\\]")


def system_resolve(host: str, port: int) -> list[str]:
    """All addresses of ``host``, in the system's order of preference. Raises ``OSError``."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """True for an address on the open internet; False for private, local, multicast, tunnels and metadata."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    inner: IPv4Address | IPv6Address | None = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    ip = inner or ip
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    if isinstance(ip, IPv6Address) and (int(ip) >> 32) & 0xFDFF_FFFF == _ISATAP:
        return False
    return not any(ip in closed for closed in _CLOSED if closed.version == ip.version)


class PrivateAddressError(OohError):
    """A public name that leads to a private address now: a hostile one, or a venue's network that wants a login."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(Code.FETCH_REFUSED, f"{host} is at {address}, which is not a public address")


@dataclass(frozen=True, slots=True)
class Guard:
    """https to public addresses only, unless ``host`` or ``host:port`` is named in ``allow_hosts``.

    Names are resolved here, and the connection goes to the very address that was checked: a name server that
    answers differently the second time (DNS rebinding) gains nothing.
    """

    allow_hosts: tuple[str, ...] = ()
    resolve: Resolve = system_resolve

    @classmethod
    def of(cls, allow_hosts: Iterable[str], resolve: Resolve = system_resolve) -> Guard:
        """From the configuration's ``fetch.allow_hosts``."""
        return cls(tuple(name for entry in allow_hosts if (name := _plain(entry))), resolve)

    def allows(self, host: str, port: int) -> bool:
        """True when the operator named this host: then plain http and private addresses are right."""
        name = _plain(host)
        bare = name.strip("[]")
        # An IPv6 address with a port wants brackets: ``::1:80`` is an address of its own.
        with_port = f"[{bare}]:{port}" if ":" in bare else f"{bare}:{port}"
        return any(spelt in self.allow_hosts for spelt in (name, bare, with_port))

    def check(self, url: str) -> None:
        """Judge a URL by its text alone. Raises ``OohError`` FETCH_REFUSED."""
        if len(url) > LONGEST_URL:
            raise _refused("the URL is longer than 8192 characters")
        if _ODD.search(url):
            raise _refused("the URL holds a blank, a control character or a backslash")
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise _refused(f"not a URL: {error}") from error
        if parts.scheme not in {"http", "https"}:
            raise _refused(f"scheme {parts.scheme[:20] or '(none)'!r}, not https")
        if not host or "%" in host or "@" in parts.netloc:
            raise _refused("the URL has no plain host name (none, escaped, or with a user name)")
        plain = parts.scheme == "http"
        self.check_target(host, port or (80 if plain else _HTTPS_PORT), plain=plain)

    def check_target(self, host: str, port: int, *, plain: bool) -> None:
        """Judge what a connection is about to be made to. Raises ``OohError`` FETCH_REFUSED."""
        if self.allows(host, port):
            return
        if plain:
            raise _refused(f"{host} is plain http, not https")
        if port != _HTTPS_PORT and port < _LOWEST_FREE_PORT:
            raise _refused(f"{host} port {port} is not a web server's")

    def addresses(self, host: str, port: int, *, plain: bool, timeout_s: float) -> tuple[str, ...]:
        """The addresses to connect to, all checked. One private address among them refuses the name.

        Raises ``OohError``: FETCH_REFUSED, FETCH_NETWORK, FETCH_TIMEOUT.
        """
        self.check_target(host, port, plain=plain)
        found = self._resolve_within(host.strip("[]"), port, timeout_s)
        if not self.allows(host, port):
            for address in found:
                if not is_public(address):
                    raise PrivateAddressError(host, address)
        return tuple(found)

    def _resolve_within(self, host: str, port: int, timeout_s: float) -> list[str]:
        # getaddrinfo takes no timeout (a dead name server holds it for 20 s and more), so it gets a thread
        # that is left behind when it is late; the resolver's own limits end it.
        answers: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()

        def work() -> None:
            try:
                answers.put(self.resolve(host, port))
            except (OSError, UnicodeError) as error:
                answers.put(error)

        threading.Thread(target=work, name="resolve", daemon=True).start()
        try:
            answer = answers.get(timeout=max(timeout_s, 0.0))
        except queue.Empty:
            raise OohError(Code.FETCH_TIMEOUT, f"the name {host} was not resolved in time") from None
        if isinstance(answer, (OSError, UnicodeError)):
            raise OohError(Code.FETCH_NETWORK, f"the name {host} cannot be resolved: {answer}") from answer
        if not answer:
            raise OohError(Code.FETCH_NETWORK, f"the name {host} has no address")
        return answer


def _plain(host: str) -> str:
    """A host as it is compared: lower case, without the root's dot."""
    return host.strip().lower().rstrip(".")


def _refused(why: str) -> OohError:
    return OohError(Code.FETCH_REFUSED, why)
