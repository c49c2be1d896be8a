"""Sessions: who has given the PIN, kept in this process alone; a cookie holds nothing but a random name."""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass, field

from cache import Clock

IDLE_S = 30 * 60
LONGEST_S = 8 * 3_600
_MOST_SESSIONS = 16
_NS = 1_000_000_000


@dataclass(slots=True)
class Session:
    """One browser that gave the PIN."""

    csrf: str
    """What every form of this session must carry."""
    pin_mark: str
    """Of the PIN that was given: a new PIN ends the session."""
    began_ns: int
    seen_ns: int


@dataclass(slots=True)
class Sessions:
    """By the hash of the cookie's token, so that a memory dump opens nothing. Safe to use from threads."""

    clock: Clock
    _open: dict[str, Session] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, pin_mark: str) -> tuple[str, Session]:
        """A new session and its token, which is told to nobody else; the oldest of too many ends."""
        token, now_ns = secrets.token_urlsafe(32), self.clock.monotonic_ns()
        session = Session(secrets.token_urlsafe(32), pin_mark, now_ns, now_ns)
        with self._lock:
            while len(self._open) >= _MOST_SESSIONS:
                del self._open[min(self._open, key=lambda name: self._open[name].seen_ns)]
            self._open[_name(token)] = session
        return token, session

    def find(self, token: str | None, pin_mark: str | None, *, touch: bool) -> Session | None:
        """The session of this token; None when it ended, or another PIN was set since.

        ``touch``: a person did something; what the page asks by itself keeps no session alive.
        """
        if not token:
            return None
        name, now_ns = _name(token), self.clock.monotonic_ns()
        with self._lock:
            session = self._open.get(name)
            if session is None:
                return None
            idle, old = now_ns - session.seen_ns > IDLE_S * _NS, now_ns - session.began_ns > LONGEST_S * _NS
            if idle or old or session.pin_mark != pin_mark:
                del self._open[name]
                return None
            if touch:
                session.seen_ns = now_ns
            return session

    def end(self, token: str | None) -> None:
        """Forget one; its cookie opens nothing any more."""
        with self._lock:
            self._open.pop(_name(token or ""), None)


def _name(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
