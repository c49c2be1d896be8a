"""Attempts at the PIN: after a few wrong ones each further one waits longer, by address and for all together."""

from __future__ import annotations

import ipaddress
import logging
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from cache import Clock

log = logging.getLogger("ooh.web")

FREE_BY_ADDRESS, FIRST_WAIT_S, LONGEST_WAIT_S = 4, 5, 900
FREE_FOR_ALL, FIRST_WAIT_FOR_ALL_S, LONGEST_WAIT_FOR_ALL_S = 20, 2, 300
_ALL = "all"
_MOST_ADDRESSES = 256
_HALVED_AFTER_NS = 3_600_000_000_000
_NS = 1_000_000_000


@dataclass(slots=True)
class _Tally:
    wrong: int
    last_ns: int


@dataclass(slots=True)
class Attempts:
    """Counted in a file of the state folder, so that neither a restart nor a reboot gives new ones.

    Times are monotonic: a wall clock that is set shortens no wait. In another boot every wait begins anew. Nobody is
    locked out for ever: counts halve with each quiet hour, and this machine itself does not share in the wait for all.
    """

    file: Path
    clock: Clock
    _tallies: dict[str, _Tally] = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._tallies = self._read()

    def begin(self, address: str) -> float:
        """An attempt from here: seconds to wait before one is looked at; 0: it is counted as wrong, and may be made.

        Counted before it is looked at, so that many at once are not looked at for the price of one.
        """
        key = network_of(address)
        with self._lock:
            now_ns = self.clock.monotonic_ns()
            wait_s = self._wait_s(key, now_ns, FREE_BY_ADDRESS, FIRST_WAIT_S, LONGEST_WAIT_S)
            if not _is_here(key):
                for_all_s = self._wait_s(_ALL, now_ns, FREE_FOR_ALL, FIRST_WAIT_FOR_ALL_S, LONGEST_WAIT_FOR_ALL_S)
                wait_s = max(wait_s, for_all_s)
            if wait_s > 0:
                return wait_s
            for name in (key, _ALL):
                self._tallies[name] = _Tally(self._wrong(name, now_ns) + 1, now_ns)
            self._drop_least()
            self._write()
            return 0.0

    def succeeded(self, address: str) -> None:
        """It was the PIN: this address begins at nought; what others did is not forgotten."""
        with self._lock:
            self._tallies.pop(network_of(address), None)
            everybody = self._tallies.get(_ALL)
            if everybody is not None:
                everybody.wrong = max(0, everybody.wrong - 1)
            self._write()

    def _wrong(self, name: str, now_ns: int) -> int:
        tally = self._tallies.get(name)
        return 0 if tally is None else tally.wrong >> min(62, max(0, now_ns - tally.last_ns) // _HALVED_AFTER_NS)

    def _wait_s(self, name: str, now_ns: int, free: int, first_s: int, longest_s: int) -> float:
        over = self._wrong(name, now_ns) - free
        if over < 0:
            return 0.0
        wait_s = min(longest_s, first_s << min(over, 30))
        return max(0.0, wait_s - (now_ns - self._tallies[name].last_ns) / _NS)

    def _drop_least(self) -> None:
        while len(self._tallies) > _MOST_ADDRESSES:
            least = min(self._tallies.items(), key=lambda item: (item[0] == _ALL, item[1].wrong, item[1].last_ns))
            del self._tallies[least[0]]

    def _read(self) -> dict[str, _Tally]:
        now_ns = self.clock.monotonic_ns()
        try:
            told = msgspec.json.decode(self.file.read_bytes(), type=dict[str, Any])
            same_boot = told["boot_id"] == self.clock.boot_id()
            rows = {str(name): (int(wrong), int(last_ns)) for name, (wrong, last_ns) in told["wrong"].items()}
        except (OSError, msgspec.MsgspecError, LookupError, TypeError, ValueError, AttributeError):
            return {}
        return {name: _Tally(wrong, min(at, now_ns) if same_boot else now_ns) for name, (wrong, at) in rows.items()}

    def _write(self) -> None:
        """Replace it as a whole; a disk that takes nothing is logged, and this process still remembers."""
        rows = {name: (tally.wrong, tally.last_ns) for name, tally in self._tallies.items()}
        new = self.file.with_suffix(f".{os.getpid()}.new")
        try:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new.write_bytes(msgspec.json.encode({"boot_id": self.clock.boot_id(), "wrong": rows}))
            new.replace(self.file)
        except OSError as error:
            log.warning("web.attempts_not_kept", extra={"facts": {"why": error.strerror}})


def network_of(address: str) -> str:
    """What counts as one address: IPv4 as it is, also when written as IPv6; of IPv6 the /64 that a host may choose in.

    A link-local one (RFC 4291 2.5.6) counts by itself: all hosts of a link share that /64.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        if not found.is_link_local and not found.is_loopback:
            return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _is_here(key: str) -> bool:
    try:
        return ipaddress.ip_address(key).is_loopback
    except ValueError:
        return False
