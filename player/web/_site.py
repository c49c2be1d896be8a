"""The site: everything that the pages of one player need, put together once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from cache import Clock, Folders
from config import Config, WebConfig
from player.web._actions import Actions
from player.web._attempts import Attempts
from player.web._checkup import Checkup, Look
from player.web._coming import Coming
from player.web._guard import Networks
from player.web._picture import Picture
from player.web._pin import Pin, read_pin
from player.web._sessions import Sessions
from player.web._source import Source


@dataclass(slots=True)
class Site:
    """One player's local page. Safe to use from threads."""

    config: Config
    folders: Folders
    clock: Clock
    version: str
    reload: Callable[[], str]
    look: Look
    networks: Networks = field(default_factory=Networks)
    source: Source = field(init=False)
    picture: Picture = field(init=False)
    coming: Coming = field(init=False)
    checkup: Checkup = field(init=False)
    actions: Actions = field(init=False)
    sessions: Sessions = field(init=False)
    attempts: Attempts = field(init=False)
    _guests_key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _one_by_one: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.source = Source(self.config, self.folders, self.clock, self.version)
        self.picture = Picture(self.folders)
        self.coming = Coming(self.folders.run)
        self.checkup = Checkup(self.look, self.clock)
        self.actions = Actions(self.folders, self.clock, self.reload)
        self.sessions = Sessions(self.clock)
        self.attempts = Attempts(self.folders.state / "web" / "attempts.json", self.clock)

    def take(self, config: Config) -> bool:
        """Go on with another configuration, sessions and all; False when the page itself must begin anew for it."""
        if config.web != self.config.web or config.cache != self.config.cache:
            return False
        self.config = config
        self.source = Source(config, self.folders, self.clock, self.version)
        return True

    @property
    def web(self) -> WebConfig:
        """The page's own configuration."""
        return self.config.web

    def pin(self) -> Pin | None:
        """The PIN as it is now: read each time, so that a new one holds at once."""
        return read_pin(self.web.pin_file)

    def try_pin(self, pin: Pin, tried: str, address: str) -> float | None:
        """None: it is the PIN. Else the seconds to wait, 0 when it was looked at and is wrong.

        One after the other: a hash takes memory, and nobody gets two for the wait of one.
        """
        with self._one_by_one:
            wait_s = self.attempts.begin(address)
            if wait_s > 0:
                return wait_s
            if pin.fits(tried):
                self.attempts.succeeded(address)
                return None
            return 0.0

    def guest_token(self, guest: str) -> str:
        """What the sign-in form of this guest must carry; good for as long as this process lives."""
        return hmac.new(self._guests_key, guest.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
