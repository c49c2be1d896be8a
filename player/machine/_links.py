"""The ways to the network, and what the displays' connectors say."""

from __future__ import annotations

import hashlib
import ipaddress
import socket
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal, cast, get_args

import psutil

from player.machine._roots import Roots, matches, parse_int, read_bytes, read_int, read_text
from player.machine._shapes import Connector, Link, LinkKind

MOST_LINKS = 8
MOST_ADDRESSES = 8
MOST_CONNECTORS = 8

ConnectorPower = Literal["on", "standby", "suspend", "off"]
Addresses = Callable[[], Mapping[str, Sequence[str]]]
"""Addresses by interface."""

_FAMILIES = (socket.AF_INET, socket.AF_INET6)
_LOOPBACK = 772
"""ARPHRD_LOOPBACK (linux/if_arp.h)."""


def interface_addresses() -> dict[str, list[str]]:
    """As the kernel has them now."""
    try:
        found = psutil.net_if_addrs()
    except OSError:
        return {}
    return {name: [one.address for one in ones if one.family in _FAMILIES] for name, ones in found.items()}


def read_links(roots: Roots, addresses: Addresses = interface_addresses) -> tuple[Link, ...]:
    """Real interfaces, and others that have an address; loopback is none. Those that are up come first."""
    told, signals = addresses(), _signals(roots)
    links = []
    for folder in matches(roots.sys / "class/net", "*"):
        if read_int(folder / "type") in (None, _LOOPBACK):
            continue
        useful = [text for one in told.get(folder.name, ()) if (text := _useful(one)) is not None]
        if not useful and not (folder / "device").exists():
            continue
        speed = read_int(folder / "speed")
        links.append(
            Link(
                name=folder.name,
                kind=_kind(folder),
                up=_up(folder),
                addresses=tuple(useful[:MOST_ADDRESSES]),
                speed_mbit=speed if speed is not None and speed > 0 else None,
                signal_dbm=signals.get(folder.name),
            )
        )
    return tuple(sorted(links, key=lambda link: (link.up is not True, not link.addresses, link.name))[:MOST_LINKS])


def read_connectors(roots: Roots) -> tuple[Connector, ...]:
    """Of every graphics card. Those with a display come first."""
    found = []
    for folder in matches(roots.sys / "class/drm", "card*-*"):
        status, power = read_text(folder / "status"), (read_text(folder / "dpms") or "").lower()
        edid = read_bytes(folder / "edid")
        found.append(
            Connector(
                name=folder.name.partition("-")[2],
                status="connected" if status == "connected" else "disconnected" if status == "disconnected" else None,
                mode=(read_text(folder / "modes") or "").partition("\n")[0] or None,
                power=cast("ConnectorPower", power) if power in get_args(ConnectorPower) else None,
                edid_sha256=hashlib.sha256(edid).hexdigest() if edid else None,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.status != "connected", one.name))[:MOST_CONNECTORS])


def _kind(folder: Path) -> LinkKind:
    device = (read_text(folder / "uevent") or "").splitlines()
    if (folder / "wireless").exists() or (folder / "phy80211").exists() or "DEVTYPE=wlan" in device:
        return "wifi"
    if "DEVTYPE=wwan" in device or folder.name.startswith(("wwan", "ppp")):
        return "mobile"
    return (
        "wired" if (folder / "device").exists() and not any(one.startswith("DEVTYPE=") for one in device) else "other"
    )


def _up(folder: Path) -> bool | None:
    """``unknown`` is what drivers without link detection say: then a carrier is what counts."""
    state = read_text(folder / "operstate")
    if state in {"up", "down", "dormant", "lowerlayerdown", "notpresent"}:
        return state == "up"
    carrier = read_int(folder / "carrier")
    return None if carrier is None else carrier == 1


def _useful(address: str) -> str | None:
    """Without its zone; None for what every interface has. An IPv4 169.254 stays: it tells that no router gave one."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    everywhere = parsed.is_loopback or (parsed.version == 6 and parsed.is_link_local)
    return None if everywhere else str(parsed)


def _signals(roots: Roots) -> dict[str, int]:
    """Wi-Fi signal levels, dBm (proc(5), /proc/net/wireless)."""
    levels = {}
    for line in (read_text(roots.proc / "net/wireless") or "").splitlines()[2:]:
        words = line.replace(":", " ", 1).split()
        level = parse_int(words[3].rstrip(".")) if len(words) > 3 else None
        if level is not None and level < 0:
            levels[words[0]] = level
    return levels
