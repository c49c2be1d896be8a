"""Video, beside mpv in the same run: what is really on the display, read from outside at 1 kHz.

``python -m bench.video [--seconds 20] [--size 1920x1080]`` makes a 1080p30 H.264 clip whose every picture bears its
number in black and white fields, plays it by the real screen process and by mpv (software output) on the same Xvfb,
one after the other, reads the number on the X server's own frame buffer a thousand times a second, and prints its
figures last: pictures that never came, pacing error against the clip's clock, CPU seconds a second of video, memory.
"""

from __future__ import annotations

import argparse
import mmap
import os
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import psutil
from PIL import Image, ImageDraw

from cache import Board, Cache, Folders, HouseAd, SystemClock
from config import Size, load
from renderer.plate.encode import VideoEncoder
from renderer.prepare import Geometry, prepare_file

FPS = 30
CLIP_SECONDS = 8
BITS = 10
FIELD = 24
"""Pixels a side: large enough that no codec blurs it."""
SETTLE_S = 3.0
PHOTO = Path(__file__).parent.parent / "sandbox" / "creatives" / "fjell-1920x1080.jpg"
CONFIG = """\
[screen]
size = "{size}"
[layout]
panels = []
[cache]
dir = "{state}"
[[loop]]
kind = "house"
seconds = 600
transition = "cut"
creatives = ["{creative}"]
"""


@dataclass(frozen=True)
class Figures:
    """What was seen of one player."""

    name: str
    expected: int
    missed: int
    errors_ms: list[float]
    gap_ms: float
    cpu_share: float
    pss_mb: float
    told: str = ""

    def line(self) -> str:
        """For people."""
        errors = sorted(self.errors_ms)
        p99, most = errors[int(len(errors) * 0.99)], errors[-1]
        return (
            f"{self.name:8} missed {self.missed:4} of {self.expected:5}   pacing error median "
            f"{statistics.median(errors):5.2f} ms  p99 {p99:6.2f}  most {most:6.2f}   "
            f"loop gap {self.gap_ms:5.1f} ms   CPU {self.cpu_share:.3f} s/s   PSS {self.pss_mb:.0f} MB   {self.told}"
        )


class Eye:
    """The number on the X server's frame buffer (X window dump format), from outside both players."""

    def __init__(self, dump: Path) -> None:
        with dump.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        words = struct.unpack(">25I", self._map[:100])
        start, row, pixel = words[0] + 12 * words[19], words[12], words[11] // 8
        self._places = [start + FIELD // 2 * row + (FIELD * bit + FIELD // 2) * pixel + 1 for bit in range(BITS)]

    def number(self) -> int | None:
        """None while there is no whole number, as within a tear."""
        levels = [self._map[place] for place in self._places]
        if any(64 < level < 192 for level in levels):
            return None
        return sum(1 << bit for bit, level in enumerate(levels) if level > 128)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=20)
    options.add_argument("--size", type=Size.parse, default=Size(1920, 1080))
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        clip = make_clip(folder / "clip.mp4", asked.size)
        megabytes = clip.stat().st_size / 1e6
        print(f"{asked.size} H.264 at {FPS}/s, {CLIP_SECONDS} s, {megabytes:.1f} MB, each for {asked.seconds} s")
        with x_server(folder, asked.size) as (display, eye):
            lines = [play_ours(folder, clip, asked.size, display, eye, asked.seconds)]
            if shutil.which("mpv"):
                lines.append(play_mpv(clip, display, eye, asked.seconds))
        for figures in lines:
            print(figures.line())


def make_clip(path: Path, size: Size) -> Path:
    """A photograph that pans, and each picture's number in its corner, least bit first."""
    frames = FPS * CLIP_SECONDS
    with Image.open(PHOTO) as photo:
        wide = photo.convert("RGB").resize((size.w + 4 * frames, size.h))
    with VideoEncoder(path, size, FPS) as encoder:
        for index in range(frames):
            picture = wide.crop((4 * index, 0, 4 * index + size.w, size.h))
            draw = ImageDraw.Draw(picture)
            for bit in range(BITS):
                level = 255 if index >> bit & 1 else 0
                draw.rectangle((FIELD * bit, 0, FIELD * bit + FIELD - 1, FIELD - 1), fill=(level,) * 3)
            encoder.add(picture.tobytes("raw", "BGRX"), round(index * 1000 / FPS))
        encoder.finish(round(frames * 1000 / FPS))
    return path


@contextmanager
def x_server(folder: Path, size: Size) -> Iterator[tuple[str, Eye]]:
    ready, theirs = os.pipe()
    argv = ["Xvfb", "-displayfd", str(theirs), "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-fbdir", str(folder)]
    server = subprocess.Popen(argv, pass_fds=[theirs], stderr=subprocess.DEVNULL)
    os.close(theirs)
    try:
        with os.fdopen(ready) as pipe:
            display = f":{pipe.readline().strip()}"
        yield display, Eye(folder / "Xvfb_screen0")
    finally:
        server.terminate()
        server.wait(10)


def play_ours(folder: Path, clip: Path, size: Size, display: str, eye: Eye, seconds: int) -> Figures:
    toml = folder / "player.toml"
    toml.write_text(CONFIG.format(size=size, state=folder / "state", creative=clip), encoding="utf-8")
    folders = warm(toml, folder, clip, size)
    argv = [sys.executable, "-m", "player", "screen", "--config", str(toml)]
    with process(argv, display) as child:
        watched = watch("ooh", child, eye, seconds)
    board = Board.read(folders.run, "screen") or {}
    told = f"it says: {board.get('frames')} frames, {board.get('frames_late')} late"
    return replace(watched, told=told)


def warm(toml: Path, folder: Path, clip: Path, size: Size) -> Folders:
    """A cache with the clip as one prepared house ad."""
    config = load(toml, {}).config
    folders = Folders.of(config.cache, os.environ)
    cache = Cache.open(folders, SystemClock(), config.cache.max_bytes)
    prepared = prepare_file(clip, Geometry.of(config, size), config.prepare, folder)
    cache.store.put_file(prepared.file, "plate")
    cache.save_plate(prepared.plate)
    cache.set_house([HouseAd(clip.name, prepared.plate)])
    cache.close()
    return folders


def play_mpv(clip: Path, display: str, eye: Eye, seconds: int) -> Figures:
    argv = ["mpv", "--vo=x11", "--hwdec=no", "--no-audio", "--loop-file=inf", "--no-config", "--no-osc", "--no-border"]
    argv += ["--osd-level=0", "--really-quiet", "--no-input-default-bindings", "--geometry=100%x100%+0+0", str(clip)]
    with process(argv, display) as child:
        return watch("mpv x11", child, eye, seconds)


@contextmanager
def process(argv: list[str], display: str) -> Iterator[psutil.Process]:
    environment = {**os.environ, "DISPLAY": display}
    environment.pop("WAYLAND_DISPLAY", None)
    child = subprocess.Popen(argv, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield psutil.Process(child.pid)
    finally:
        child.terminate()
        child.wait(20)


def watch(name: str, child: psutil.Process, eye: Eye, seconds: int) -> Figures:
    """Wait for moving pictures, let them settle, then note when each number came."""
    until_moving(eye)
    time.sleep(SETTLE_S)
    before = child.cpu_times()
    began = time.monotonic()
    seen: list[tuple[float, int]] = []
    while (now := time.monotonic()) < began + seconds:
        number = eye.number()
        if number is not None and (not seen or seen[-1][1] != number):
            seen.append((now, number))
        time.sleep(0.001)
    after = child.cpu_times()
    cpu_s = after.user + after.system - before.user - before.system
    pss_mb = child.memory_full_info().pss / 1e6
    expected, missed, errors_ms, gap_ms = judged(seen)
    return Figures(name, expected, missed, errors_ms, gap_ms, cpu_s / (time.monotonic() - began), pss_mb)


def until_moving(eye: Eye) -> None:
    deadline, first = time.monotonic() + 30, None
    while time.monotonic() < deadline:
        number = eye.number()
        if first is not None and number is not None and number not in (first, 0):
            return
        first = number or first
        time.sleep(0.01)
    message = "nothing moves on the display"
    raise SystemExit(message)


def judged(seen: list[tuple[float, int]]) -> tuple[int, int, list[float], float]:
    """Pictures that should have come, those that did not, each one's distance from a steady clock, and loop gaps, ms.

    The clock is the clip's own, laid anew through the middle of each of its runs: a constant delay is no error, and
    how much later (or sooner) a run begins than the one before ended is told apart.
    """
    runs: list[list[tuple[float, int]]] = [[]]
    for at, number in seen:
        if runs[-1] and number < runs[-1][-1][1]:
            runs.append([])
        runs[-1].append((at, number))
    expected, errors_ms, middles = 0, list[float](), list[float]()
    for run in runs:
        offsets = [at - number / FPS for at, number in run]
        middles.append(statistics.median(offsets))
        errors_ms += [abs(offset - middles[-1]) * 1000 for offset in offsets]
        first = 0 if run is not runs[0] else run[0][1]
        last = FPS * CLIP_SECONDS - 1 if run is not runs[-1] else run[-1][1]
        expected += last - first + 1
    gaps_ms = [abs(other - one - CLIP_SECONDS) * 1000 for one, other in pairwise(middles)]
    return expected, expected - len(seen), errors_ms, max(gaps_ms, default=0.0)


if __name__ == "__main__":
    main()
