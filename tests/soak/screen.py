"""Ten thousand slots through the real screen process, in accelerated time: does its memory grow?

``python -m tests.soak.screen [--slots 10000] [--slot-ms 60]`` shows stills, animations and videos with a clock beside
them, each for a moment, samples memory, open files and threads from outside, and prints its figures last. Exit 1 when
memory grows by more than 1 MB in 1,000 slots, or files or threads become more.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from cache import Board
from config import Rect, Size
from tests.renderer.screen_process import Screen
from tests.renderer.show.warm import WarmCache
from tests.soak.mixed import fill

SIZE = Size(1280, 720)
PANELS = Rect(900, 0, 380, 720)
WARM_UP = 0.2
"""Part of the run in which caches, decoders and the allocator's arenas find their size."""
MOST_SLOPE_MB = 1.0
_PERIOD_S = 2.0


@dataclass(frozen=True)
class Sample:
    """What was seen of the process once ``slots`` had begun."""

    slots: int
    pss_mb: float
    files: int
    threads: int


def main() -> int:
    """Run, and judge."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--slots", type=int, default=10_000)
    options.add_argument("--slot-ms", type=int, default=60)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        warm = WarmCache.at(root, SIZE)
        fill(warm, PANELS)
        loop = [{"kind": "house", "seconds": asked.slot_ms / 1000, "transition": "cut"}]
        began = time.monotonic()
        screen = Screen(root, size=str(SIZE), loop=loop, plays=asked.slots)
        samples = watch(screen, root)
        code = screen.ended()
        seconds = time.monotonic() - began
        failed = screen.events("stage.failed") + screen.events("animation.failed")
        plays = sum(1 for _ in warm.journal.plays())
        warm.journal.close()
        warm.cache.close()
    say(f"exit {code}, {plays} plays recorded of {asked.slots}, {len(failed)} failures, {seconds:.0f} s")
    return judge([sample for sample in samples if sample.slots >= asked.slots * WARM_UP], code)


def watch(screen: Screen, root: Path) -> list[Sample]:
    """Sample it until it ends."""
    process = psutil.Process(screen.process.pid)
    samples = []
    while screen.process.poll() is None:
        time.sleep(_PERIOD_S)
        board = Board.read(root / "run", "screen") or {}
        try:
            sample = Sample(
                board.get("plays_shown", 0),
                process.memory_full_info().pss / 1e6,
                process.num_fds(),
                process.num_threads(),
            )
        except psutil.Error:  # it has just ended
            break
        if sample.pss_mb:  # else it has just ended
            samples.append(sample)
    return samples


def judge(samples: list[Sample], code: int) -> int:
    """Print the figures; 0 when all is well."""
    if len(samples) < 4:
        say("too short a run to judge")
        return 1
    slope = slope_mb(samples)
    first, last = samples[0], samples[-1]
    early, late = samples[: len(samples) // 2], samples[len(samples) // 2 :]
    say(f"memory      {first.pss_mb:.1f} MB PSS at slot {first.slots}, {last.pss_mb:.1f} MB at slot {last.slots}")
    say(f"slope       {slope:+.3f} MB in 1,000 slots (at most {MOST_SLOPE_MB})")
    steady = True
    for name, what in (("open files", files), ("threads   ", threads)):
        before, after = max(map(what, early)), max(map(what, late))
        say(f"{name}  at most {before} in the first half, {after} in the second")
        steady = steady and after <= before + 1
    return 0 if code == 0 and slope <= MOST_SLOPE_MB and steady else 1


def say(line: str) -> None:
    """For people."""
    sys.stdout.write(f"{line}\n")


def files(sample: Sample) -> int:
    """Its open files."""
    return sample.files


def threads(sample: Sample) -> int:
    """Its threads."""
    return sample.threads


def slope_mb(samples: list[Sample]) -> float:
    """Least squares: MB in 1,000 slots."""
    count = len(samples)
    x = sum(s.slots for s in samples) / count
    y = sum(s.pss_mb for s in samples) / count
    spread = sum((s.slots - x) ** 2 for s in samples)
    return 1000 * sum((s.slots - x) * (s.pss_mb - y) for s in samples) / spread if spread else 0.0


if __name__ == "__main__":
    sys.exit(main())
