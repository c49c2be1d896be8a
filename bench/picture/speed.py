"""Times preparing beside other tools: ``python -m bench.picture.speed [--runs 3] [--only NAME]``.

One run, each tool in a child process of its own, best of the runs: wall and processor seconds, and the largest resident
set of any of its processes. The player is the whole command: start, layout, backdrop, plate and ``first.png`` too.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from PIL import Image

PLAYER = str(Path(sys.executable).parent / "ooh-player")
SCREEN = "1920x1080"
_SLOW_SECONDS = 20
"""What takes longer is run once."""

NAIVE = """
import sys
from PIL import Image
Image.MAX_IMAGE_PIXELS = None
image = Image.open(sys.argv[1]).convert("RGB")
scale = min(1920 / image.width, 1080 / image.height)
image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS).save(sys.argv[2])
"""
NAIVE_FRAMES = """
import sys
from PIL import Image, ImageSequence
image = Image.open(sys.argv[1])
scale = min(1920 / image.width, 1080 / image.height)
size = (round(image.width * scale), round(image.height * scale))
frames = [f.convert("RGB").resize(size, Image.Resampling.LANCZOS) for f in ImageSequence.Iterator(image)]
frames[0].save(sys.argv[2])
"""
VIPS = """
import sys
import pyvips
pyvips.Image.thumbnail(sys.argv[1], 1920, height=1080).write_to_file(sys.argv[2])
"""
VIPS_FRAMES = """
import sys
import pyvips
pyvips.Image.thumbnail(sys.argv[1] + "[n=-1]", 1920, height=1080).write_to_file(sys.argv[2])
"""
BANNER = """<!doctype html><meta charset="utf-8"><meta name="ad.size" content="width=300,height=250"><style>
body{margin:0;width:300px;height:250px;background:#0b1020;color:#fff;font:700 30px sans-serif;overflow:hidden}
div{position:absolute;left:20px;top:90px;animation:go 15s linear forwards}
@keyframes go{from{transform:translateX(0)}to{transform:translateX(160px) rotate(6deg)}}
</style><div>Fly to Lisbon</div>"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one command took. ``pss_mb``: the largest sum over its processes at one moment, for browsers."""

    wall_s: float
    cpu_s: float
    rss_mb: float
    pss_mb: float
    said: str


def main() -> None:
    """Make the creatives, run every tool on each, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="", help="jpeg, png, gif or html5")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ooh-speed-") as name:
        folder = Path(name)
        for title, creative, tools in _cases(folder, arguments.only):
            print(f"\n{title}\n{'':34s}   wall s    CPU s   peak RSS MB")
            for tool, command in tools.items():
                costs = [_run(command)]
                while len(costs) < arguments.runs and costs[0].wall_s < _SLOW_SECONDS:
                    costs.append(_run(command))
                best = min(costs, key=lambda cost: cost.cpu_s)
                print(f"  {tool:32s} {best.wall_s:8.2f} {best.cpu_s:8.2f} {best.rss_mb:13.0f}")
                if creative.suffix == ".html":
                    _say_frames(best)


def _cases(folder: Path, only: str) -> list[tuple[str, Path, dict[str, list[str]]]]:
    cases = []
    if only in ("", "jpeg"):
        cases.append(("48-megapixel JPEG", _jpeg(folder), VIPS, NAIVE))
    if only in ("", "png"):
        cases.append(("300x250 PNG", _png(folder), VIPS, NAIVE))
    if only in ("", "gif"):
        cases.append(("300x250 GIF of 100 frames", _gif(folder), VIPS_FRAMES, NAIVE_FRAMES))
    out: list[tuple[str, Path, dict[str, list[str]]]] = []
    for title, path, vips, naive in cases:
        target = str(folder / "out.png")
        resized = "out.gif" if path.suffix == ".gif" else "out.png"
        magick = ["convert", str(path), *(["-coalesce"] if path.suffix == ".gif" else []), "-resize", SCREEN]
        tools = {
            "ooh-player prepare": _player(path, folder),
            "pyvips thumbnail": [sys.executable, "-c", vips, str(path), target],
            "ImageMagick convert": [*magick, str(folder / resized)],
            "Pillow, naive": [sys.executable, "-c", naive, str(path), target],
        }
        out.append((title, path, tools))
    if only in ("", "html5"):
        page = folder / "banner.html"
        page.write_text(BANNER, encoding="utf-8")
        out.append(("300x250 HTML5 banner of 15 s", page, {"ooh-player prepare": _player(page, folder)}))
    return out


def _player(path: Path, folder: Path) -> list[str]:
    return [PLAYER, "prepare", str(path), "--size", SCREEN, "--out", str(folder / "plates"), "--json"]


def _say_frames(cost: Cost) -> None:
    report = json.loads(cost.said)
    if "error" in report:
        print(f"    refused: {report['error']['message']}")
        return
    frames, seconds = report["frames"], report["duration_ms"] / 1000
    captured = max(1, round(seconds * 30))
    print(f"    {frames} frames kept of {seconds:.1f} s at 30 a second: {cost.wall_s * 1000 / captured:.0f} ms a frame")
    print(f"    largest sum of PSS, browser and all: {cost.pss_mb:.0f} MB")


def _run(command: list[str]) -> Cost:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=_root())
    watch = _Watch(child.pid)
    watch.start()
    said = child.communicate()[0].decode()
    wall_s = time.monotonic() - started
    watch.stopped.set()
    watch.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall_s, cpu_s, watch.rss_mb, watch.pss_mb, said)


def _root() -> Path:
    return Path(__file__).parents[2]


class _Watch(threading.Thread):
    """Samples a process and its children: the largest resident set of one, the largest PSS of all."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.rss_mb = self.pss_mb = 0.0
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(0.01):
            try:
                top = psutil.Process(self._pid)
                family = [top, *top.children(recursive=True)]
            except psutil.Error:
                return
            self._sample(family)

    def _sample(self, family: list[psutil.Process]) -> None:
        pss = 0.0
        for process in family:
            try:
                status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii", errors="replace")
                high = next((line for line in status.splitlines() if line.startswith("VmHWM")), "VmHWM: 0")
                self.rss_mb = max(self.rss_mb, int(high.split()[1]) / 1000)
                if len(family) > 3:  # PSS is costly to read: only where processes share much
                    pss += process.memory_full_info().pss / 1e6
            except (psutil.Error, OSError):
                continue
        self.pss_mb = max(self.pss_mb, pss)


def _jpeg(folder: Path) -> Path:
    path = folder / "large.jpg"
    base = Image.effect_mandelbrot((2000, 1500), (-2, -1, 1, 1), 60)
    bands = [base.transpose(turn) for turn in (Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_180)]
    image = Image.merge("RGB", (base, *bands)).resize((8000, 6000), Image.Resampling.BICUBIC)
    noise = Image.effect_noise((8000, 6000), 24).convert("RGB")
    Image.blend(image, noise, 0.15).save(path, quality=88)
    return path


def _png(folder: Path) -> Path:
    path = folder / "banner.png"
    Image.effect_mandelbrot((300, 250), (-2, -1, 1, 1), 60).convert("RGB").save(path)
    return path


def _gif(folder: Path) -> Path:
    path = folder / "banner.gif"
    frames = []
    for index in range(100):
        shift = index / 60
        frames.append(Image.effect_mandelbrot((300, 250), (-2 + shift, -1, 1 + shift, 1), 40).convert("P"))
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100, loop=0)
    return path


if __name__ == "__main__":
    os.environ.setdefault("LANG", "C.UTF-8")
    main()
