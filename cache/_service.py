"""Service mode: what a tech has asked of the screen, a card for a time or a pause. It ends by itself."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from cache._clock import Clock
from cache._doorbell import ring
from cache._kept import read_json
from config import Code, OohError

CardName = Literal["status", "identify", "pattern"]
CARDS: tuple[CardName, ...] = get_args(CardName)
MOST_CARD_S = 3_600
MOST_PAUSE_S = 8 * 3_600
_WORD = "service"
_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class ServiceMode:
    """What is asked for now. Times are monotonic ns of this boot; what has run out is ``None``."""

    card: CardName | None = None
    card_until_ns: int | None = None
    paused_until_ns: int | None = None


def ask_card(run: Path, clock: Clock, card: CardName, seconds: float) -> bool:
    """Have the screen show a card so long; it takes the place of one that is on.

    ``seconds``: 1 to ``MOST_CARD_S``, what lies outside is brought inside. False, and nothing asked for, when no
    screen listens. Raises ``OohError`` (CACHE_UNAVAILABLE).
    """
    until_ns = clock.monotonic_ns() + _ns(seconds, MOST_CARD_S)
    return _ask(run, clock, replace(read_service(run, clock), card=card, card_until_ns=until_ns))


def pause(run: Path, clock: Clock, seconds: float) -> bool:
    """Have the screen play nothing so long: 1 to ``MOST_PAUSE_S``. As `ask_card`."""
    until_ns = clock.monotonic_ns() + _ns(seconds, MOST_PAUSE_S)
    return _ask(run, clock, replace(read_service(run, clock), paused_until_ns=until_ns))


def resume(run: Path) -> bool:
    """End card and pause. False when no screen listens; nothing is asked for any more all the same.

    Raises ``OohError`` (CACHE_UNAVAILABLE).
    """
    _forget(run)
    return ring(run, "screen", _WORD)


def read_service(run: Path, clock: Clock) -> ServiceMode:
    """What is asked for now. A file that cannot be read, or was written in another boot, asks for nothing."""
    told = read_json(_file(run), dict[str, Any])
    if told is None or told.get("boot_id") != clock.boot_id():
        return ServiceMode()
    now_ns = clock.monotonic_ns()
    paused_until_ns = _ahead(told.get("paused_until_ns"), now_ns, MOST_PAUSE_S)
    card, card_until_ns = told.get("card"), _ahead(told.get("card_until_ns"), now_ns, MOST_CARD_S)
    if card not in CARDS or card_until_ns is None:
        return ServiceMode(paused_until_ns=paused_until_ns)
    return ServiceMode(card, card_until_ns, paused_until_ns)


def _ask(run: Path, clock: Clock, wanted: ServiceMode) -> bool:
    before = read_service(run, clock)
    _write(run, clock, wanted)
    if ring(run, "screen", _WORD):
        return True
    if before == ServiceMode():
        _forget(run)
    else:
        _write(run, clock, before)
    return False


def _write(run: Path, clock: Clock, mode: ServiceMode) -> None:
    """Replace it as a whole. No fsync: what was asked for in another boot does not count."""
    document = {
        "boot_id": clock.boot_id(),
        "card": mode.card,
        "card_until_ns": mode.card_until_ns,
        "paused_until_ns": mode.paused_until_ns,
    }
    file = _file(run)
    new = file.with_suffix(f".{os.getpid()}.{threading.get_ident()}.new")
    try:
        new.write_bytes(msgspec.json.encode(document))
        new.replace(file)
    except OSError as error:
        raise _refused(file, error) from error


def _forget(run: Path) -> None:
    file = _file(run)
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise _refused(file, error) from error


def _refused(file: Path, error: OSError) -> OohError:
    return OohError(Code.CACHE_UNAVAILABLE, f"{file}: {error.strerror or error}")


def _file(run: Path) -> Path:
    return run / "service.json"


def _ns(seconds: float, most_s: int) -> int:
    return round(min(most_s, max(1.0, seconds)) * _NS)


def _ahead(until_ns: object, now_ns: int, most_s: int) -> int | None:
    """A moment that is ahead, and no further than may be asked for."""
    if not isinstance(until_ns, int) or isinstance(until_ns, bool) or until_ns <= now_ns:
        return None
    return min(until_ns, now_ns + most_s * _NS)
