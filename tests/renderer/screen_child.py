"""The real screen process, started by the tests: ``python -m tests.renderer.screen_child ROOT JSON``.

The JSON says what the tests vary: size, plays, loop, captures. Events go to standard error, one JSON object a line.
"""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import replace
from pathlib import Path

from cache import Folders, SystemClock
from config import LayoutConfig, ProofConfig, Size, SlotConfig
from renderer.screen import ScreenOptions, run_screen
from tests.renderer.show.shapes import SET_UP


class Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        error = str(record.exc_info[1]) if record.exc_info else None
        return json.dumps({"event": record.getMessage(), "error": error, **getattr(record, "facts", {})}, default=str)


def main() -> int:
    root, wanted = Path(sys.argv[1]), json.loads(sys.argv[2])
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    config = replace(
        SET_UP,
        screen=replace(SET_UP.screen, rotation=wanted.get("rotation", 0), output=wanted.get("output", "auto")),
        loop=tuple(SlotConfig(**slot) for slot in wanted["loop"]),
        layout=LayoutConfig(panels=tuple(wanted.get("panels", ["weather", "scores", "clock"]))),
        proof=ProofConfig(stream="plays"),
    )
    options = ScreenOptions(
        headless=not wanted.get("display"),
        size=Size.parse(wanted["size"]),
        max_plays=wanted.get("plays"),
        capture_dir=root / "captures" if wanted.get("captures") else None,
    )
    return run_screen(config, Folders(root / "state", root / "run"), SystemClock(), options, "0.0-test")


if __name__ == "__main__":
    sys.exit(main())
