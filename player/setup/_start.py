"""After the file is written: the player that runs reads it again, one that does not is started."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cache import Board, Clock, ask_card
from config import OohError
from player.setup._reload import PARTS, Answer, reload_player

TARGET = "ooh-player.target"
AGENT = "ooh-player-agent.service"
CARD_S = 120
_START_S = 90.0
_SYSTEMD = Path("/run/systemd/system")

Outcome = Literal["reloaded", "started", "failed", "not_running"]
Call = Callable[[Sequence[str], float], bool]


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of it."""

    outcome: Outcome
    answers: tuple[Answer, ...] = ()
    card: bool = False
    """True when the screen shows the status card now."""
    unread: bool = False
    """True when a secret was replaced that the running player reads only when it starts."""

    def lines(self) -> tuple[str, ...]:
        """For people."""
        told = [str(answer) for answer in self.answers]
        match self.outcome:
            case "started":
                told.append(f"{TARGET}: started, and starts with the machine from now on")
            case "failed":
                told.append(f"{TARGET}: could not be started; see: journalctl -u 'ooh-player-*' -n 50")
            case "not_running":
                told.append("no player runs; start it: sudo systemctl start ooh-player.target, or ooh-player run")
        if self.unread:
            told.append("the new secret is read at the player's next start: restart it")
        if self.card:
            told.append(f"the screen shows its status card for {CARD_S // 60} minutes (ooh-player resume ends it)")
        return tuple(told)


def call(argv: Sequence[str], timeout_s: float) -> bool:
    """Run a program without a word; True when it is there and succeeds in time."""
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout_s, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def apply(
    run: Path,
    wanted: Callable[[int], str],
    clock: Clock,
    *,
    new_secret: bool,
    systemd: Path = _SYSTEMD,
    run_program: Call = call,
) -> Applied:
    """Reload, or start; then have the screen show what it is now. ``wanted`` and what is raised: ``reload_player``."""
    running = any(Board.read_living(run, name) is not None for name in PARTS)
    by_systemd = systemd.is_dir() and os.geteuid() == 0 and run_program(("systemctl", "cat", TARGET), 10.0)
    if running:
        if new_secret and by_systemd:
            run_program(("systemctl", "try-restart", AGENT), _START_S)  # credentials are handed out at a start alone
        answers = reload_player(run, wanted)
        good = all(answer.outcome in {"took", "had"} for answer in answers)
        unread = new_secret and not by_systemd and all(answer.outcome == "had" for answer in answers)
        return Applied("reloaded" if good else "failed", answers, _card(run, clock), unread)
    if not by_systemd:
        return Applied("not_running")
    started = run_program(("systemctl", "enable", "--now", TARGET), _START_S)
    return Applied("started" if started else "failed", card=_card(run, clock))


def _card(run: Path, clock: Clock) -> bool:
    try:
        return ask_card(run, clock, "status", CARD_S)
    except OohError:
        return False
