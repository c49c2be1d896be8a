"""The thumbnail: what is really on the screen, small. The screen makes it, asked by its doorbell."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from cache import Clock, rfc3339, ring

MOST_BYTES = 32_000
_WIDTHS = (320, 192, 96)
"""Tried in turn until the picture is small enough."""
_WAIT_S = 5.0
_STEP_S = 0.05


def take_thumbnail(run: Path, clock: Clock, sleep: Callable[[float], None] = time.sleep) -> dict[str, Any] | None:
    """``{"type", "taken_at", "data"}``, a JPEG of at most 32 kB in base64; None when no screen gives one in time."""
    for width in _WIDTHS:
        taken_at = rfc3339(clock.now())
        data = _picture(run, width, sleep)
        if data is None:
            return None
        if len(data) <= MOST_BYTES:
            return {"type": "image/jpeg", "taken_at": taken_at, "data": base64.b64encode(data).decode("ascii")}
    return None


def _picture(run: Path, width: int, sleep: Callable[[float], None]) -> bytes | None:
    """The screen replaces the file as a whole: when it is there, it is finished."""
    target = run / f"thumbnail-{secrets.token_hex(4)}.jpg"
    try:
        if not ring(run, "screen", f"screenshot@{width}:{target}"):
            return None
        for _ in range(round(_WAIT_S / _STEP_S)):
            with suppress(OSError):
                return target.read_bytes()
            sleep(_STEP_S)
        return None
    finally:
        with suppress(OSError):
            target.unlink(missing_ok=True)
