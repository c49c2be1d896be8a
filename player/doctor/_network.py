"""The way to the network: a link, an address, names, and nobody in between who wants a login first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from config import Code, Config
from player.doctor._finding import Finding
from player.doctor._net import Name, Net, PlainAnswer
from player.doctor._patient import Patient
from player.doctor._visits import Visit
from player.fetch import Guard, PrivateAddressError
from player.machine import Link

NAME_S = 3.5
_PLAIN_S = 1.2
_MOST_HOSTS = 8
_MOST_PORTALS = 3
_LOGIN_STATUS = 511
"""Network Authentication Required, RFC 6585 section 6: the one status made for captive portals."""

T = TypeVar("T")
U = TypeVar("U")
Trouble = Literal["link", "names", "portal", "wall"]


@dataclass(frozen=True, slots=True)
class Way:
    """What was found of the way out. With a ``trouble`` nothing beyond it can be judged."""

    finding: Finding
    trouble: Trouble | None = None


def find_way(patient: Patient) -> Way:
    """Link, address, names, captive portal: the first that is amiss is told, the rest follows from it."""
    hosts = outside_hosts(patient.config)
    links = patient.machine().links
    if not hosts:
        return Way(Finding("network", "ok", f"{_told(links)}; nothing is configured that needs it"))
    return _without_link(links) or _without_names(patient, hosts) or _portal(patient, links) or _fine(links)


def _fine(links: Sequence[Link]) -> Way:
    return Way(Finding("network", "ok", f"{_told(links)}; names are resolved"))


def _without_link(links: Sequence[Link]) -> Way | None:
    if not links:
        return None  # not known here; names will show
    if not any(link.up for link in links):
        names = ", ".join(link.name for link in links)
        step = "Plug the cable in, or join the Wi-Fi: sudo nmtui (or raspi-config)."
        return _amiss("link", f"no link: {names} {'are' if len(links) > 1 else 'is'} down", step)
    if not any(_is_routable(address) for link in links for address in link.addresses):
        up = ", ".join(link.name for link in links if link.up)
        step = "The router gives none (DHCP): restart it, or set a fixed address: sudo nmtui."
        return _amiss("link", f"no address: {up} is up but has none", step)
    return None


def _without_names(patient: Patient, hosts: Sequence[str]) -> Way | None:
    """One unknown name is a typing mistake and told with its exchange; no name at all is the name server's fault."""
    found = _look_up(patient.net, [host for host in hosts if not _is_address(host)][:_MOST_HOSTS])
    if not found or any(name.state == "known" for name in found):
        return None
    silent = any(name.state == "silent" for name in found)
    if not silent and len(found) == 1:
        return None
    servers = " and ".join(_name_servers(patient)) or "none is set"
    said = "no name server answers" if silent else "the name server knows none of the names asked for"
    step = "Restart the router, or set another name server: sudo nmtui; the venue must let UDP port 53 out."
    return _amiss("names", f"DNS is down: {said} ({servers})", step)


def _look_up(net: Net, hosts: Sequence[str]) -> list[Name]:
    return _side_by_side(lambda host: net.look_up(host, NAME_S), hosts)


def _side_by_side(look: Callable[[T], U], things: Sequence[T]) -> list[U]:
    if not things:
        return []
    with ThreadPoolExecutor(len(things), thread_name_prefix="doctor-network") as pool:
        return list(pool.map(look, things))


def _portal(patient: Patient, links: Sequence[Link]) -> Way | None:
    """Looked for only when nothing was reached over TLS: a right certificate proves that nobody is in between."""
    visits = patient.visits.all()
    if any(visit.answer is not None and visit.url.startswith("https:") for visit in visits):
        return None
    guard = Guard.of(patient.config.fetch.allow_hosts)
    outside = [visit for visit in visits if not _is_local(_host(visit.url))]
    suspects = [visit for visit in outside if _is_suspect(visit)][:_MOST_PORTALS]
    told = next(filter(None, _side_by_side(lambda visit: _login_page(patient.net, visit, guard), suspects)), "")
    if told:
        mac = next((f" ({mac})" for link in links if link.up and (mac := _mac(patient, link))), "")
        step = (
            f"Log in with a browser on this network, or have the venue let this device through{mac}. "
            "If others are online here, check the URL."
        )
        return _amiss("portal", f"captive portal: {told}: this network wants a login first", step)
    return _wall(outside)


def _wall(outside: Sequence[Visit]) -> Way | None:
    """Several servers of several owners do not all hang at once: something on the way swallows what is sent."""
    silent = {_host(visit.url) for visit in outside if visit.error and visit.error.code is Code.FETCH_TIMEOUT}
    if len(silent) < 2 or any(visit.answer is not None for visit in outside):
        return None
    step = "The venue's firewall must let TCP port 443 out; or its line is dead: try a web page on this network."
    return _amiss("wall", f"names are resolved, but none of {len(silent)} servers answers", step)


def _is_suspect(visit: Visit) -> bool:
    answer = visit.answer
    if answer is None:
        return True
    page = answer.headers.get("content-type", "").startswith("text/html")
    return (
        answer.status == _LOGIN_STATUS or (answer.good and page) or _host(answer.url or visit.url) != _host(visit.url)
    )


def _login_page(net: Net, visit: Visit, guard: Guard) -> str:
    """What answers in place of the server that was meant; empty when nobody does."""
    parts = urlsplit(visit.url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    if isinstance(visit.error, PrivateAddressError) and not guard.allows(host, port):
        return f"the name {host} leads to a private address"
    answer = net.ask_plainly(host, port if parts.scheme == "http" else 80, _PLAIN_S)
    return _told_portal(answer, host) if answer is not None else ""


def _told_portal(answer: PlainAnswer, host: str) -> str:
    to = _host(answer.location)
    if answer.status == _LOGIN_STATUS:
        return f"{host} is answered with status {_LOGIN_STATUS}"
    if 300 <= answer.status < 400 and to and not _are_kin(to, host):
        return f"{host} is redirected to {to}"
    if answer.status == 200 and answer.mime == "text/html":
        return f"a web page answers in the place of {host}"
    return ""


def follows(name: str, way: Way) -> Finding:
    """The line of something that cannot be judged while the network is amiss."""
    return Finding(name, "warn", f"not reached: {way.finding.what}", "Mend the line “network” first.")


def _amiss(trouble: Trouble, what: str, step: str) -> Way:
    return Way(Finding("network", "fail", what, step), trouble)


def outside_hosts(config: Config) -> tuple[str, ...]:
    """The hosts that the configuration names, but for those on this machine."""
    urls = [exchange.url for exchange in config.exchange]
    urls += [config.heartbeat.url, config.proof.gateway_url]
    urls += [
        feed.url for feed in (config.panels.weather, config.panels.scores, config.panels.headlines) if feed.enabled
    ]
    hosts = [_host(url) for url in urls]
    if config.proof.stream:
        hosts.append(stream_host(config))
    if config.panels.weather.enabled and config.screen.latitude is not None and not config.panels.weather.url:
        hosts.append("api.open-meteo.com")
    return tuple(dict.fromkeys(host for host in hosts if host and not _is_local(host)))


def stream_host(config: Config) -> str:
    """Where the stream is: its own endpoint, else AWS's in its region."""
    proof = config.proof
    return _host(proof.endpoint) or f"kinesis.{proof.region}.amazonaws.com{'.cn' * proof.region.startswith('cn-')}"


def _told(links: Sequence[Link]) -> str:
    up = [f"{link.name} {link.addresses[0]}" for link in links if link.up and link.addresses]
    return ", ".join(up) or "no link is known"


def _name_servers(patient: Patient) -> Iterator[str]:
    try:
        lines = (patient.roots.etc / "resolv.conf").read_text("utf-8", "replace").splitlines()
    except OSError:
        return
    for line in lines:
        words = line.split()
        if words[:1] == ["nameserver"] and len(words) > 1:
            yield words[1]


def _mac(patient: Patient, link: Link) -> str:
    try:
        return (patient.roots.sys / "class/net" / link.name / "address").read_text("ascii").strip()
    except (OSError, ValueError):
        return ""


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _are_kin(one: str, other: str) -> bool:
    """``www.brand.example`` and ``ads.brand.example``: the last two labels are the same."""
    return one.lower().split(".")[-2:] == other.lower().split(".")[-2:] and not (_is_address(one) or _is_address(other))


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_local(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


def _is_routable(address: str) -> bool:
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return not (ip.is_link_local or ip.is_loopback)
