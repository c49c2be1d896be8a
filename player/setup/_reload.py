"""Reload: the processes that live are told to read the configuration again, and it is watched what they do."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from cache import Board, BoardName
from config import Code, OohError

PARTS: tuple[BoardName, ...] = ("screen", "agent")
LONGEST_S = 30.0
_BACK_S = 3.0
_STEP_S = 0.1

Outcome = Literal["took", "had", "late", "absent"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one process did. ``had``: it ran with these settings already. ``late``: it was told and has not done it."""

    name: BoardName
    outcome: Outcome
    pid: int | None = None
    again: bool = False
    """True when it started anew for it."""
    seconds: float = 0.0

    def __str__(self) -> str:
        match self.outcome:
            case "took":
                how = "started again with" if self.again else "took"
                return f"{self.name}: {how} the new settings after {self.seconds:.1f} s"
            case "had":
                return f"{self.name}: runs with these settings already"
            case "late":
                return f"{self.name}: was told, and has not taken them within {self.seconds:.0f} s: look at its log"
            case "absent":
                return f"{self.name}: not running"


@dataclass(frozen=True, slots=True)
class _Before:
    """One process before it was told."""

    name: BoardName
    pid: int | None
    had: str | None
    wanted: str = ""

    @property
    def is_told(self) -> bool:
        """False for one that is not there, or has these settings."""
        return self.pid is not None and self.had != self.wanted


def reload_player(
    run: Path,
    wanted: Callable[[int], str],
    *,
    longest_s: float = LONGEST_S,
    send: Callable[[int, int], None] = os.kill,
) -> tuple[Answer, ...]:
    """Tell screen and agent (their supervisor, where there is one), then read on their boards what they did.

    ``wanted``: the digest of the settings that a process is to have (``player._running.wanted_hash``). When all have
    them already nobody is told: it would cut a play for nothing. Raises ``OohError`` (PLAYER_OTHER_USER) when this user
    may not signal them, and what ``wanted`` raises.
    """
    began_s = time.monotonic()
    parts = [_before(run, name, wanted, longest_s) for name in PARTS]
    if any(part.is_told for part in parts):
        chiefs = [board["pid"] for board in (Board.read_living(run, "supervisor"),) if board is not None]
        page = [board["pid"] for board in (Board.read_living(run, "web"),) if board is not None]
        for pid in chiefs or [*(part.pid for part in parts if part.pid is not None), *page]:
            _tell(pid, send)
    return tuple(_await(run, part, began_s, longest_s) for part in parts)


def _before(run: Path, name: BoardName, wanted: Callable[[int], str], longest_s: float) -> _Before:
    board = _settled(run, name, longest_s)
    if board is None:
        return _Before(name, None, None)
    return _Before(name, board["pid"], board.get("config"), wanted(board["pid"]))


def _settled(run: Path, name: BoardName, longest_s: float) -> dict[str, Any] | None:
    """The board of one that lives. One that is just being started again is waited for; one that never ran is not."""
    until_s = time.monotonic() + min(longest_s, _BACK_S)
    while True:
        board = Board.read_living(run, name)
        if board is not None or Board.read(run, name) is None or time.monotonic() >= until_s:
            return board
        time.sleep(_STEP_S)


def _tell(pid: int, send: Callable[[int, int], None]) -> None:
    try:
        send(pid, signal.SIGHUP)
    except ProcessLookupError:
        return  # it has just ended; whoever starts it again gives it the new settings
    except PermissionError as error:
        raise OohError(Code.PLAYER_OTHER_USER, f"process {pid}") from error


def _await(run: Path, before: _Before, began_s: float, longest_s: float) -> Answer:
    if before.pid is None:
        return Answer(before.name, "absent")
    if not before.is_told:
        return Answer(before.name, "had", before.pid)
    while True:
        now, passed_s = Board.read_living(run, before.name), time.monotonic() - began_s
        if now is not None and now.get("config") == before.wanted:
            return Answer(before.name, "took", now["pid"], again=now["pid"] != before.pid, seconds=passed_s)
        if passed_s >= longest_s:
            return Answer(before.name, "late", before.pid, seconds=passed_s)
        time.sleep(_STEP_S)
