"""The actions: what a tech who gave the PIN may ask for. Each says in a word what came of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cache import Clock, Folders, ask_card, pause, resume
from config import OohError

log = logging.getLogger("ooh.web")

CARD_S = 60
PAUSES_MIN = (5, 15, 60, 240)

Reload = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Actions:
    """By their names in the page's forms. ``reload`` says in one of the words below what came of it."""

    folders: Folders
    clock: Clock
    reload: Reload

    def names(self) -> tuple[str, ...]:
        """Every action."""
        return tuple(self._by_name({}))

    def do(self, name: str, form: Mapping[str, str], address: str) -> str:
        """Do one that ``names`` has; the key of what the page then says (``OUTCOMES``)."""
        try:
            outcome = self._by_name(form)[name]()
        except OohError as error:
            log.warning("web.action_failed", exc_info=error, extra={"facts": {"action": name, "by": address}})
            return "failed"
        log.info("web.action", extra={"facts": {"action": name, "outcome": outcome, "by": address}})
        return outcome

    def _by_name(self, form: Mapping[str, str]) -> dict[str, Callable[[], str]]:
        run, clock = self.folders.run, self.clock
        return {
            "identify": lambda: _told("identify", heard=ask_card(run, clock, "identify", CARD_S)),
            "pattern": lambda: _told("pattern", heard=ask_card(run, clock, "pattern", CARD_S)),
            "pause": lambda: _told("pause", heard=pause(run, clock, _minutes(form.get("minutes")) * 60)),
            "resume": lambda: _told("resume", heard=resume(run)),
            "reload": self.reload,
        }


def _told(name: str, *, heard: bool) -> str:
    return name if heard else "no_screen"


OUTCOMES: Mapping[str, tuple[str, str]] = {
    "identify": ("good", f"The screen shows its name for {CARD_S} seconds."),
    "pattern": ("good", f"The screen shows the test pattern for {CARD_S} seconds."),
    "pause": ("good", "The screen is paused. It resumes by itself."),
    "resume": ("good", "The loop goes on."),
    "reload": ("good", "The configuration is being read again."),
    "same": ("info", "The player runs with this configuration already."),
    "no_screen": ("bad", "No screen process answers, so nothing was asked for."),
    "bad_config": ("bad", "The configuration has a mistake, so the old one stays: run ooh-player check."),
    "failed": ("bad", "That did not work; the log says why."),
    "signed_out": ("info", "Signed out."),
}
"""What the page says after each, and in which state."""


def _minutes(chosen: str | None) -> int:
    """One of those on offer; anything else is the second of them."""
    offered = {str(minutes): minutes for minutes in PAUSES_MIN}
    return offered.get(chosen or "", PAUSES_MIN[1])
