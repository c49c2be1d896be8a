"""The screen beside Chromium in kiosk mode and mpv's slideshow, each on an X server of its own, in one run.

``python -m bench.screen [--seconds 60] [--starts 3] [--switches 1000] [--slots 100] [--only cost|start|gap|drift]``
prints figures last: CPU and memory of the same loop of stills (ours and Chromium's with a clock, a weather column and
fades; mpv's without), of a still alone, from the process' start to the first ad on the display, what was seen between
items at 60 Hz, and how long each of a hundred slots was.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bench.screen._cost import compare_cost, still_alone
from bench.screen._drift import time_slots
from bench.screen._gap import watch_gaps
from bench.screen._loop import Loop, make_loop
from bench.screen._start import compare_start


def main() -> None:
    """Measure what is asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=60, help="how long the cost is measured")
    options.add_argument("--starts", type=int, default=3, help="starts of each, the first not counted")
    options.add_argument("--switches", type=int, default=1000, help="switches watched for gaps")
    options.add_argument("--slots", type=int, default=100, help="slots that are timed")
    options.add_argument("--slot-seconds", type=float, default=1.0, help="how long each of them is")
    options.add_argument("--only", choices=("cost", "start", "gap", "drift"))
    asked = options.parse_args()
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if asked.only in (None, "cost", "start"):
            loop: Loop = make_loop(folder)
            if asked.only in (None, "start"):
                lines += compare_start(loop, asked.starts)
            if asked.only in (None, "cost"):
                lines += compare_cost(loop, asked.seconds)
                lines += still_alone(folder, asked.seconds)
        if asked.only in (None, "gap"):
            lines += watch_gaps(folder / "gap", asked.switches)
        if asked.only in (None, "drift"):
            lines += time_slots(folder / "drift", asked.slots, asked.slot_seconds)
    print(*lines, sep="\n")


if __name__ == "__main__":
    main()
