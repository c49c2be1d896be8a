"""The display's power: turned off and on aside, with a time-out, verified, and tried again; the show never waits."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cache import DisplayState
from config import Code, OohError
from renderer.power._switch import Switch

log = logging.getLogger("ooh.power")

PATIENCE_S = 8.0
"""A TV answers within a second, a bus that is busy within five."""
_WAITS_S: tuple[float, ...] = (0.0, 2.0, 5.0)
_AGAIN_S = 60.0
"""How often a display is turned on once more that could not be, or says that it is off."""


class Power:
    """What was asked of the display and what became of it. ``None`` as switch: nothing is ever switched."""

    def __init__(
        self,
        switch: Switch | None,
        mark: Path | None = None,
        done: Callable[[], None] = lambda: None,
        patience_s: float = PATIENCE_S,
        waits_s: tuple[float, ...] = _WAITS_S,
    ) -> None:
        """``mark``: a file that says, as long as it is there, that the player turned the display off.

        ``done`` is called in another thread whenever something became known.
        """
        self._switch = switch
        self._mark = mark
        self._done = done
        self._patience_s = patience_s
        self._waits_s = waits_s
        self._wanted: bool | None = None
        self._newer = threading.Event()
        """Set when something else is wanted: whoever works for the old wish leaves."""
        self.state: DisplayState = "unknown"
        """What the display said last; ``unknown`` where nothing switches it or it does not tell."""
        self.error: str | None = None
        """Code of what went wrong with the last wish."""
        self.lighting_up = False
        """True for the seconds in which the display is being turned on: nothing is played yet."""

    @property
    def evidence(self) -> str | None:
        """For the record, such as ``cec:on``; None as long as nothing was switched."""
        return None if self._switch is None or self._wanted is None else f"{self._switch.name}:{self.state}"

    @property
    def left_off(self) -> bool:
        """True when a player turned the display off and none has turned it on since."""
        return self._mark is not None and self._mark.exists()

    def of(self, display: DisplayState) -> DisplayState:
        """For the record: what the display's connector says, or ``off`` when it is known to be turned off."""
        return "off" if self.state == "off" else display

    def want(self, *, on: bool) -> None:
        """Turn it on or off. Returns at once; nothing happens when that is wanted already."""
        if self._switch is None or on is self._wanted:
            return
        self._newer.set()
        self._newer = threading.Event()
        self.lighting_up = on and (self._wanted is False or self.left_off)
        self._wanted = on
        self._note(off=not on)
        work = threading.Thread(target=self._work, args=(self._switch, on, self._newer), name="power", daemon=True)
        work.start()

    def close(self) -> None:
        """Leave it as it is; what is under way ends by itself."""
        self._newer.set()

    def _work(self, switch: Switch, on: bool, newer: threading.Event) -> None:  # noqa: FBT001 - a thread's argument
        for wait_s in self._waits_s:
            if newer.wait(wait_s) or self._try(switch, newer, on=on):
                break
        if not newer.is_set():
            self.lighting_up = False
            self._done()
        while on and self.error is not None and not newer.wait(_AGAIN_S):
            self._try(switch, newer, on=on)

    def _try(self, switch: Switch, newer: threading.Event, *, on: bool) -> bool:
        """One attempt; True when it worked, or somebody wants something else by now."""
        state, error = _within(self._patience_s, switch, on=on)
        if newer.is_set():
            return True
        self.state, self.error = state, error
        self.lighting_up = self.lighting_up and state == "off"  # nobody waits for one that does not answer
        if error is None and state == ("off" if on else "on"):
            self.error = (Code.DISPLAY_STAYS_OFF if on else Code.DISPLAY_NOT_SWITCHED).code
        facts = {"on": on, "by": switch.name, "state": state, "error": self.error}
        (log.info if self.error is None else log.warning)("display.switched", extra={"facts": facts})
        self._done()
        return self.error is None

    def _note(self, *, off: bool) -> None:
        """Leave word for the next process of this boot."""
        if self._mark is not None:
            with suppress(OSError):
                if off:
                    self._mark.touch()
                else:
                    self._mark.unlink(missing_ok=True)


def _within(patience_s: float, switch: Switch, *, on: bool) -> tuple[DisplayState, str | None]:
    """The state afterwards and the code of an error. A driver that hangs is left behind in its thread."""
    answer: list[tuple[DisplayState, str | None]] = []

    def turn() -> None:
        try:
            answer.append((switch.turn(on=on), None))
        except OohError as error:
            log.warning("display.not_switched", exc_info=error)
            answer.append(("unknown", error.code.code))
        except Exception:
            log.exception("display.not_switched")
            answer.append(("unknown", Code.DISPLAY_NOT_SWITCHED.code))

    work = threading.Thread(target=turn, name="power-switch", daemon=True)
    work.start()
    work.join(patience_s)
    return answer[0] if answer else ("unknown", Code.DISPLAY_SWITCH_TIMEOUT.code)
