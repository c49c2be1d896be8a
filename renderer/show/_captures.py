"""Pictures of what was really presented: screenshots as PNG, and raw dumps of every play for the demo."""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from PIL import Image

from renderer.window import Capture

log = logging.getLogger("ooh.show")

_JPEG = {".jpg", ".jpeg"}
_JPEG_QUALITY = 80


def write_picture(capture: Capture, target: Path) -> None:
    """Write a screenshot, JPEG by that name, else PNG: a reader sees the whole file or none.

    A folder that cannot be written is logged.
    """
    temp = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        picture = Image.frombuffer("RGB", (capture.size.w, capture.size.h), capture.bgrx, "raw", "BGRX", 0, 1)
        if target.suffix.lower() in _JPEG:
            picture.save(temp, "JPEG", quality=_JPEG_QUALITY)
        else:
            picture.save(temp, "PNG", compress_level=3)
        temp.replace(target)
    except OSError as error:
        with suppress(OSError):
            temp.unlink(missing_ok=True)
        log.warning("screenshot.failed", extra={"facts": {"path": str(target), "error": str(error)}})
    else:
        log.info("screenshot.written", extra={"facts": {"path": str(target)}})


class CaptureFolder:
    """``0001.bgrx`` with ``0001.json`` and so on; goes on after the highest number that is there."""

    def __init__(self, folder: Path) -> None:
        """Make the folder when it is missing. Raises ``OSError``."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        numbers = [int(path.stem) for path in folder.glob("*.bgrx") if path.stem.isdigit()]
        self._number = max(numbers, default=0)

    def keep(self, capture: Capture, facts: dict[str, Any]) -> None:
        """Write one dump: the pixels first, then the note that says what they are."""
        self._number += 1
        dump = self._folder / f"{self._number:04}.bgrx"
        try:
            dump.write_bytes(capture.bgrx)
            note = {**facts, "size": [capture.size.w, capture.size.h]}
            dump.with_suffix(".json").write_text(json.dumps(note), encoding="utf-8")
        except OSError as error:
            log.warning("capture.failed", extra={"facts": {"path": str(dump), "error": str(error)}})
