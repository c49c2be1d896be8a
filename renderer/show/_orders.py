"""The orders: what goes before the loop. A card that was asked for, the hours, a pause, a screen not set up."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from cache import CARDS, CardName, Clock, ScreenHours, ServiceMode, ask_card, read_service, resume, rfc3339
from config import Config, OohError
from renderer.power import Power
from renderer.show._dimmer import Dimmer
from renderer.show._instead import DARK, Instead
from renderer.show._lookout import Seen

log = logging.getLogger("ooh.show")

_BY_KEY_S: dict[CardName, float] = {"status": 120, "identify": 30, "pattern": 120}
"""How long a card is shown that was asked for by a key."""
_NO_NAME = "unprovisioned"


@dataclass(slots=True)
class Orders:
    """Asked at every turn of the show's loop, so it is cheap: files are read when the bell says that they changed."""

    clock: Clock
    run: Path
    hours: ScreenHours
    power: Power
    dimmer: Dimmer | None = None
    provisioned: bool = True
    """False when the configuration names neither the screen nor anything to show."""
    mode: ServiceMode = field(default_factory=ServiceMode)
    _told: tuple[object, ...] | None = None

    def __post_init__(self) -> None:
        self.mode = read_service(self.run, self.clock)

    def refresh(self) -> None:
        """What a tech asked for has changed."""
        self.mode = read_service(self.run, self.clock)
        log.info("service.asked", extra={"facts": self._service()})

    def now(self, seen: Seen) -> Instead | None:
        """What has to be on now instead of the loop; None: the loop. Lights the display up when there is something."""
        if self._wanted(self.clock.monotonic_ns(), seen) != DARK and (self.hours.limited or self.power.left_off):
            self.power.want(on=True)
        return self.at(self.clock.monotonic_ns(), seen)

    def at(self, ns: int, seen: Seen) -> Instead | None:
        """The same for a monotonic time that is close; changes nothing."""
        return DARK if self.power.lighting_up else self._wanted(ns, seen)

    def shown(self, instead: Instead | None) -> None:
        """This was presented: the display is turned off behind a dark picture."""
        if instead == DARK and not self.power.lighting_up:
            self.power.want(on=False)

    def dim(self, instead: Instead | None) -> None:
        """Let the brightness follow the time of day; what is dark is left alone."""
        if self.dimmer is not None and instead != DARK:
            self.dimmer.step()

    def due_ns(self) -> list[int]:
        """When something may change by the clock alone."""
        now_ns = self.clock.monotonic_ns()
        due = [self.hours.look_again_ns(), self.mode.card_until_ns, self.mode.paused_until_ns]
        due += [] if self.dimmer is None else self.dimmer.due_ns()
        return [ns for ns in due if ns is not None and ns > now_ns]

    def press(self, key: str) -> None:
        """A key on the screen itself: the name of a card, or ``resume``."""
        try:
            for card in CARDS:
                if card == key:
                    ask_card(self.run, self.clock, card, _BY_KEY_S[card])
            if key == "resume":
                resume(self.run)
        except OohError as error:
            log.warning("service.failed", exc_info=error)

    def news(self) -> bool:
        """True when the board should say something else of the display than at the last call."""
        told = (self.power.state, self.power.error, self.hours.on(), self.mode)
        before, self._told = self._told, told
        return before is not None and told != before

    def board(self) -> dict[str, Any]:
        """What the screen's board says of it."""
        return {
            "power": self.power.state,
            "power_evidence": self.power.evidence,
            "power_error": self.power.error,
            "hours_off": not self.hours.on(),
            "service": self._service(),
            "brightness": None if self.dimmer is None else self.dimmer.percent,
        }

    def _wanted(self, ns: int, seen: Seen) -> Instead | None:
        mode = self.mode
        if mode.card is not None and mode.card_until_ns is not None and ns < mode.card_until_ns:
            return Instead(mode.card, mode.card_until_ns)
        if not self.hours.on():
            return DARK
        if mode.paused_until_ns is not None and ns < mode.paused_until_ns:
            return Instead("paused", mode.paused_until_ns)
        if not self.provisioned and not seen.ads and not seen.house:
            return Instead("status")
        return None

    def _service(self) -> dict[str, str | None]:
        mode, card_until = self.mode, self._moment(self.mode.card_until_ns)
        return {
            "card": mode.card if card_until else None,
            "card_until": card_until,
            "paused_until": self._moment(mode.paused_until_ns),
        }

    def _moment(self, until_ns: int | None) -> str | None:
        now_ns = self.clock.monotonic_ns()
        if until_ns is None or until_ns <= now_ns:
            return None
        return rfc3339(self.clock.now() + timedelta(microseconds=(until_ns - now_ns) // 1_000))


def is_provisioned(config: Config) -> bool:
    """Has anybody set this screen up: a name, an exchange, house ads, or a panel besides the clock?"""
    return (
        config.screen.id != _NO_NAME
        or any(exchange.url for exchange in config.exchange)
        or any(slot.creatives for slot in config.loop)
        or bool(set(config.panels_set_up()) - {"clock"})
    )
