"""Which decoder to use: the board's own where the model has one that works, else software. Tried, not believed."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

log = logging.getLogger("ooh.video")

SOFTWARE = "h264"
_V4L2 = "h264_v4l2m2m"
_MODEL = Path("/proc/device-tree/model")
_MODELS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"Raspberry Pi (5|500|Compute Module 5)"), SOFTWARE),
    (re.compile(r"Raspberry Pi (Zero|[1-4]|400|Compute Module)"), _V4L2),
)
"""The Pi 5 decodes no H.264 in hardware; the boards before it do, through V4L2's memory-to-memory interface."""
_PATIENCE_S = 3.0


def decoder_for(model: str) -> str:
    """What the table says of a board; software for one that it does not know."""
    return next((codec for pattern, codec in _MODELS if pattern.search(model)), SOFTWARE)


def board_model(path: Path = _MODEL) -> str:
    """The board's name from its device tree; empty where there is none, as on a PC."""
    try:
        return path.read_bytes().rstrip(b"\0\n").decode(errors="replace")
    except OSError:
        return ""


class DecoderChoice:
    """Made once, with the first video: the board's decoder is given one picture to decode, within a time limit."""

    def __init__(self, model: Callable[[], str] = board_model, patience_s: float = _PATIENCE_S) -> None:
        self._model = model
        self._patience_s = patience_s
        self._chosen: str | None = None

    def choose(self, try_one: Callable[[str], None]) -> str:
        """The decoder to use. ``try_one`` decodes one picture with the decoder named, or raises.

        It runs in a thread of its own: a driver that hangs costs the patience once, and that thread.
        """
        if self._chosen is None:
            model = self._model()
            wanted = decoder_for(model)
            self._chosen = wanted if wanted == SOFTWARE or self._works(wanted, try_one) else SOFTWARE
            log.info("video.decoder_chosen", extra={"facts": {"decoder": self._chosen, "model": model or None}})
        return self._chosen

    def distrust(self) -> None:
        """The board's decoder failed later on: from now on software."""
        if self._chosen is not None and self._chosen != SOFTWARE:
            log.warning("video.decoder_distrusted", extra={"facts": {"decoder": self._chosen}})
            self._chosen = SOFTWARE

    def _works(self, codec: str, try_one: Callable[[str], None]) -> bool:
        done = Event()
        problems: list[str] = ["it hangs"]

        def attempt() -> None:
            try:
                try_one(codec)
            except Exception as error:  # noqa: BLE001 - whatever a driver does, there is software
                problems[0] = repr(error)
            else:
                problems.clear()
            done.set()

        Thread(target=attempt, name="video-probe", daemon=True).start()
        done.wait(self._patience_s)
        works = done.is_set() and not problems
        if not works:
            log.warning("video.decoder_refused", extra={"facts": {"decoder": codec, "why": problems[0]}})
        return works
