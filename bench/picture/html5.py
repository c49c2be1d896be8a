"""What an HTML5 creative costs, and how sharp it is: ``python -m bench.picture.html5 [--seconds 15]``.

A 300x250 banner (CSS keyframes, gradients, a canvas that moves all the time) is prepared for 1920x1080 with
`ooh-player prepare`: wall time, processor time and peak PSS of the browser and of everything else are those of the
whole command, looked at from outside four times a second. The same for a banner whose animation ends after 3 s.

Sharpness: a design of text and shapes is drawn by Pillow and FreeType at 1296x1080 (the truth, made without a browser)
and at 300x250, which Lanczos enlarges 4.32 times; beside it the same design as HTML5 through the player. SSIM to it.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Self

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from skimage.metrics import structural_similarity

from renderer.panels import FONTS

PLAYER = str(Path(sys.executable).parent / "ooh-player")
SCALE, SMALL, LARGE = 4.32, (300, 250), (1296, 1080)
LINES = (
    (20, 58, 34, "Fly further"),
    (20, 96, 34, "for less."),
    (20, 130, 13, "Lisbon, Porto, Faro from 49 EUR"),
    (20, 230, 9, "Fares one way, taxes included. Seats are limited."),
)
"""Left, baseline, size and words, CSS pixels."""
HEAD = ("banner", "frames", "ms/frame", "wall s", "CPU s", "browser PSS", "all PSS", "plate")
BOXES = ((20, 150, 140, 186, "#ffb347"), (200, 150, 280, 230, "#3a7bd5"))
PAPER, INK = "#10203f", "#ffffff"
STYLE = """
body{margin:0;width:300px;height:250px;overflow:hidden;color:#fff;font:700 26px sans-serif;
background:linear-gradient(135deg,#0b1e3f,#3a7bd5 60%,#f5af19)}
.t{position:absolute;left:20px;top:30px;animation:in 1.2s ease-out both}
@keyframes in{from{transform:translateX(-200px);opacity:0}}
.b{position:absolute;right:20px;bottom:20px;width:80px;height:80px;border-radius:50%;
background:radial-gradient(circle at 30% 30%,#fff,#f55);animation:p 2s ease-in-out ITERATIONS alternate}
@keyframes p{from{transform:scale(.8)}to{transform:scale(1.1) rotate(40deg)}}
canvas{position:absolute;left:0;top:0}
"""
CANVAS = """
const x=document.querySelector('canvas').getContext('2d');
(function f(t){x.clearRect(0,0,300,250);x.fillStyle='rgba(255,255,255,.5)';
for(let i=0;i<40;i++)x.fillRect((i*37+t/20)%300,i*61%250,2,2);if(t<LASTS)requestAnimationFrame(f)})(0)
"""


def main() -> None:
    """Prepare both banners and the design, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0, help="of animation")
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory(prefix="ooh-html5-") as name:
        folder = Path(name)
        print("{:<22}{:>8}{:>10}{:>8}{:>8}{:>13}{:>10}  {}".format(*HEAD))
        for title, iterations, lasts in (("moves all the time", "infinite", 1e9), ("ends after 3 s", "1", 3000)):
            _cost(folder, title, iterations, lasts, seconds)
        _sharpness(folder)


def _cost(folder: Path, title: str, iterations: str, lasts: float, seconds: float) -> None:
    page = folder / "banner.html"
    style, canvas = STYLE.replace("ITERATIONS", iterations), CANVAS.replace("LASTS", str(lasts))
    page.write_text(
        f'<!doctype html><meta name="ad.size" content="width=300,height=250"><style>{style}</style>'
        f"<canvas width=300 height=250></canvas><div class=t>Fly further<br>for less</div><div class=b></div>"
        f"<script>{canvas}</script>"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    with _Watch() as watch:
        report, plate = _prepare(folder, page, f"html_seconds = {seconds}")
    wall_s = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = sum(getattr(after, field) - getattr(before, field) for field in ("ru_utime", "ru_stime"))
    cpu_s = max(cpu_s, watch.cpu_s)
    frames = round(report["duration_ms"] * 30 / 1000)
    print(
        f"{title:<22}{frames:>8}{wall_s * 1000 / frames:>10.0f}{wall_s:>8.1f}{cpu_s:>8.1f}"
        f"{watch.browser_mb:>10.0f} MB{watch.all_mb:>7.0f} MB  "
        f"{plate.stat().st_size / 1e6:.1f} MB, {report['frames']} kept"
    )


def _sharpness(folder: Path) -> None:
    font = base64.b64encode((FONTS / "Inter-Bold.otf").read_bytes()).decode()
    texts = "".join(f'<text x="{x}" y="{y}" font-size="{size}">{words}</text>' for x, y, size, words in LINES)
    boxes = "".join(
        f'<rect x="{l}" y="{t}" width="{r - l}" height="{b - t}" fill="{fill}"/>'
        for l, t, r, b, fill in BOXES  # noqa: E741
    )
    page = folder / "design.html"
    page.write_text(
        '<!doctype html><meta name="ad.size" content="width=300,height=250"><style>@font-face{font-family:F;'
        f"src:url(data:font/otf;base64,{font})}}body{{margin:0;background:{PAPER}}}text{{font-family:F;fill:{INK};"
        "font-kerning:none;text-rendering:geometricPrecision}</style>"
        f'<svg width="300" height="250">{boxes}{texts}</svg>'
    )
    truth = _drawn(SCALE)
    small = _drawn(1.0)
    _prepare(folder, page)
    with Image.open(folder / "out" / "first.png") as first:
        html5 = first.convert("RGB").crop((0, 0, *LARGE))
    print(f"\nSSIM to the truth at {LARGE[0]}x{LARGE[1]}, {SCALE} times {SMALL[0]}x{SMALL[1]}")
    print(f"  bitmap, enlarged by Lanczos   {_alike(small.resize(LARGE, Image.Resampling.LANCZOS), truth):.4f}")
    print(f"  HTML5, drawn at {SCALE}          {_alike(html5, truth):.4f}")


def _drawn(scale: float) -> Image.Image:
    size = (round(SMALL[0] * scale), round(SMALL[1] * scale))
    over = 4
    image = Image.new("RGB", (size[0] * over, size[1] * over), PAPER)
    draw = ImageDraw.Draw(image)
    for left, top, right, bottom, fill in BOXES:
        edges = [round(side * scale * over) for side in (left, top, right, bottom)]
        draw.rectangle((edges[0], edges[1], edges[2] - 1, edges[3] - 1), fill)
    face = str(FONTS / "Inter-Bold.otf")
    for x, y, height, words in LINES:
        font = ImageFont.truetype(face, height * scale * over, layout_engine=ImageFont.Layout.BASIC)
        draw.text((x * scale * over, y * scale * over), words, INK, font, anchor="ls", features=None)
    return image.resize(size, Image.Resampling.BOX)


def _alike(one: Image.Image, other: Image.Image) -> float:
    return float(structural_similarity(np.asarray(one), np.asarray(other), channel_axis=2))


def _prepare(folder: Path, page: Path, *settings: str) -> tuple[dict[str, int], Path]:
    toml = folder / "player.toml"
    toml.write_text("\n".join(("[prepare]", *settings)))
    command = [PLAYER, "prepare", page, "--size", "1920x1080", "--out", folder / "out", "--json", "--config", toml]
    for old in (folder / "out").glob("*.plate"):
        old.unlink()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1]), next((folder / "out").glob("*.plate"))


class _Watch:
    """Peak PSS of this program's descendants, and their processor time, which the browser's namespace hides."""

    def __init__(self) -> None:
        self.browser_mb = self.all_mb = self.cpu_s = 0.0
        self._times: dict[int, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self.cpu_s = sum(self._times.values())

    def _run(self) -> None:
        from renderer.prepare.html._memory import family  # noqa: PLC0415

        while not self._over.wait(0.25):
            browser = everything = 0.0
            for pid in family(os.getpid()):
                if pid == os.getpid():
                    continue
                pss_mb, is_browser = _pss_mb(pid)
                everything += pss_mb
                browser += pss_mb * is_browser
                self._times[pid] = max(self._times.get(pid, 0.0), _cpu_s(pid))
            self.browser_mb, self.all_mb = max(self.browser_mb, browser), max(self.all_mb, everything)


def _pss_mb(pid: int) -> tuple[float, bool]:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return 0.0, False
    kilobytes = sum(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
    return kilobytes * 1024 / 1e6, b"--type=" in command or b"--remote-debugging-pipe" in command


def _cpu_s(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
