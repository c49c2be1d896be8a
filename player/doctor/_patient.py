"""The patient: all that the doctor looks at, and the edges through which it does."""

from __future__ import annotations

import os
import pwd
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from cache import Board, BoardName, Clock, Folders
from config import Config, ExchangeConfig
from player.doctor._net import Net, SystemNet
from player.doctor._visits import Visits, visit_targets
from player.fetch import Http
from player.machine import Machine, Roots, read_machine
from renderer.panels import FONTS

T = TypeVar("T")
SERVICE_USER = "ooh-player"


@dataclass(frozen=True, slots=True)
class User:
    """On whose behalf is looked: the player runs as somebody, and what root may do says nothing of that."""

    name: str
    uid: int
    groups: frozenset[int]

    @classmethod
    def of_process(cls) -> User:
        """The user of this process; for root the service's own user, where there is one."""
        uid = os.geteuid()
        try:
            entry = pwd.getpwnam(SERVICE_USER) if uid == 0 else pwd.getpwuid(uid)
        except KeyError:
            return cls(str(uid), uid, frozenset({*os.getgroups(), os.getegid()}))
        if entry.pw_uid == uid:
            return cls(entry.pw_name, uid, frozenset({*os.getgroups(), os.getegid()}))
        return cls(entry.pw_name, entry.pw_uid, frozenset(os.getgrouplist(entry.pw_name, entry.pw_gid)))

    def may(self, path: Path, bit: int) -> bool:
        """Whether the mode of a file or folder lets this user read (4), write (2) or enter (1) it; raises ``OSError``.

        Access control lists have no part in it.
        """
        if self.uid == 0:
            return True
        found = path.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & (bit << 6))
        return bool(found.st_mode & (bit << 3 if found.st_gid in self.groups else bit))


class Once(Generic[T]):
    """Made when first asked for, by whichever check comes first; the others wait for it."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: list[T] = []

    def __call__(self) -> T:
        """What was made. What ``make`` raises is raised, and it is tried again the next time."""
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]


@dataclass(frozen=True, slots=True)
class Patient:
    """One screen's configuration and machine."""

    config: Config
    folders: Folders
    clock: Clock
    environ: Mapping[str, str]
    machine: Callable[[], Machine]
    visits: Visits
    net: Net
    user: User
    roots: Roots
    dev: Path = Path("/dev")
    opt: Path = Path("/opt/ooh-player")
    fonts: Path = FONTS
    wanted: Callable[[int], str] | None = None
    """The digest of the settings that a process should have; None: those of ``config``."""

    @classmethod
    def of(cls, config: Config, folders: Folders, clock: Clock, environ: Mapping[str, str], http: Http) -> Patient:
        """This machine."""
        roots = Roots()
        machine = Once(lambda: read_machine(folders, clock, roots=roots, card_tbw=config.heartbeat.card_tbw))
        visits = Visits(http, clock, visit_targets(config))
        return cls(config, folders, clock, environ, machine, visits, SystemNet(), User.of_process(), roots)

    def board(self, name: BoardName) -> dict[str, Any] | None:
        """The board of a process that lives; None when it does not, or tells nothing."""
        return Board.read_living(self.folders.run, name)

    def exchanges(self) -> tuple[ExchangeConfig, ...]:
        """Those that are asked."""
        return tuple(exchange for exchange in self.config.exchange if exchange.url)
