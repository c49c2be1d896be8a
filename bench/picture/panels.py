"""Draws every panel in six shapes, two themes and four scripts: ``python -m bench.picture.panels OUT [--parts]``.

OUT gets one JPEG a script (docs/panels-*.jpg); ``--parts`` adds each theme's panels in full size as PNG.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from pathlib import Path

from PIL import Image

from bench.picture.panel_samples import NOW, SCRIPTS, Script
from config import PanelKind, Size
from renderer.panels import FONTS, PanelStyle, Theme, draw

SHAPES = (
    (0, 0, 1400, 200),
    (0, 224, 400, 1000),
    (424, 224, 624, 520),
    (1072, 224, 624, 300),
    (1072, 544, 300, 200),
    (424, 768, 900, 420),
)
CLUSTER = (1720, 1248)
KINDS: tuple[PanelKind, ...] = ("weather", "scores", "headlines", "clock", "brand")
THEMES: tuple[Theme, ...] = ("dark", "light")
SHARE = 0.33
"""The sheet's scale in the documents."""
STOPS = {
    "dark": ((232, 122, 66), (120, 74, 92), (34, 110, 138), (16, 34, 62)),
    "light": ((250, 196, 150), (252, 232, 200), (150, 200, 232), (196, 178, 226)),
}


def backdrop(theme: Theme) -> Image.Image:
    """A creative's colours, as a plate has them behind its panels."""
    strip = Image.new("RGB", (1, len(STOPS[theme])))
    for y, colour in enumerate(STOPS[theme]):
        strip.putpixel((0, y), colour)
    return strip.resize((1, CLUSTER[1]), Image.Resampling.BICUBIC).resize(CLUSTER)


def cluster(kind: PanelKind, theme: Theme, script: Script, spent_ms: list[float]) -> Image.Image:
    """One panel in all shapes."""
    sheet = backdrop(theme)
    settings, snapshot = script.settings(), script.snapshots().get(kind)
    for x, y, w, h in SHAPES:
        crop = sheet.crop((x + 10, y + 12, x + 10 + w, y + 12 + h))
        began = time.perf_counter()
        tile = draw(kind, Size(w, h), snapshot, settings, PanelStyle(theme), NOW, crop)
        spent_ms.append((time.perf_counter() - began) * 1000)
        sheet.paste(tile, (x + 10, y + 12))
    return sheet


def timed(kind: PanelKind, script: Script) -> float:
    """Median milliseconds for one 624x540 tile, fonts loaded."""
    settings, snapshot = script.settings(), script.snapshots().get(kind)
    behind = Image.new("RGB", (624, 540), (60, 80, 120))
    runs = []
    for _ in range(9):
        began = time.perf_counter()
        draw(kind, Size(624, 540), snapshot, settings, PanelStyle(unit=24), NOW, behind)
        runs.append((time.perf_counter() - began) * 1000)
    return statistics.median(runs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--parts", action="store_true", help="Also write each theme in full size.")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    total = 0
    for script in SCRIPTS:
        sheet = Image.new("RGB", (CLUSTER[0] * len(KINDS), CLUSTER[1] * len(THEMES)))
        first_ms: list[float] = []
        for column, kind in enumerate(KINDS):
            for row, theme in enumerate(THEMES):
                part = cluster(kind, theme, script, first_ms)
                sheet.paste(part, (CLUSTER[0] * column, CLUSTER[1] * row))
                if options.parts:
                    part.save(options.out / f"{script.name}-{kind}-{theme}.png")
        small = sheet.resize((round(sheet.width * SHARE), round(sheet.height * SHARE)), Image.Resampling.LANCZOS)
        path = options.out / f"panels-{script.name}.jpg"
        small.save(path, quality=77, optimize=True, progressive=True)
        total += path.stat().st_size
        medians = ", ".join(f"{kind} {timed(kind, script):.1f}" for kind in KINDS)
        print(f"{path.name}: {path.stat().st_size // 1000} kB; slowest first drawing {max(first_ms):.0f} ms")
        print(f"  624x540, median ms: {medians}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    fonts = sum(file.stat().st_size for file in FONTS.iterdir())
    print(f"sheets {total // 1000} kB, bundled fonts {fonts / 1e6:.2f} MB, peak RSS {peak} MB")


if __name__ == "__main__":
    main()
