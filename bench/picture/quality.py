"""Holds enlargements against the original: ``python -m bench.picture.quality [--sheet docs/pictures.jpg]``.

Four designs are rasterised by Chromium at 300x250 and, as the truth, at 4.32 times that; photographs are reduced 4.32
times. Each small picture is enlarged by the player (`ooh-player prepare`), Pillow, libvips and ImageMagick; the designs
also go through the player as HTML5. Structural similarity (SSIM) to the truth, of colour pictures, 1 is the same.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyvips
import skimage.data
from PIL import Image, ImageDraw, ImageFont
from skimage.metrics import structural_similarity

from bench.picture.designs import DESIGNS
from config import Size
from renderer.panels import FONTS

PLAYER = str(Path(sys.executable).parent / "ooh-player")
BROWSERS = ("chromium-headless-shell", "chromium")
SCALE = 4.32
SMALL, LARGE = (300, 250), (1296, 1080)
PHOTOGRAPHS = ("astronaut", "coffee", "chelsea", "rocket")
QUALITY = 80
CROPS = {"text": (60, 60, 560, 360), "dark": (60, 60, 560, 360), "photo": (60, 780, 560, 1080)}

Enlarge = Callable[[Path, Size], Image.Image]


def main() -> None:
    """Make the pictures, enlarge them by every tool, print the table, draw the sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheet", type=Path, default=None, help="picture to draw with details side by side")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ooh-quality-") as name:
        folder = Path(name)
        truths = _designs(folder) | _photographs(folder)
        scores, seen = _scored(folder, truths)
        _print(scores)
        if arguments.sheet is not None:
            _draw(seen, truths, arguments.sheet)


def _designs(folder: Path) -> dict[str, Image.Image]:
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit("no Chromium: install chromium-headless-shell")
    truths = {}
    for name, page in DESIGNS.items():
        path = folder / f"{name}.html"
        path.write_text(page, encoding="utf-8")
        small = _screenshot(browser, path, 1.0)
        _save_small(folder, name, small)
        truths[name] = _screenshot(browser, path, SCALE)
    return truths


def _screenshot(browser: str, page: Path, scale: float) -> Image.Image:
    shot = page.with_suffix(".shot.png")
    subprocess.run(
        [
            browser, "--headless", "--no-sandbox", "--hide-scrollbars", "--disable-lcd-text",
            "--force-color-profile=srgb", f"--force-device-scale-factor={scale}",
            f"--window-size={SMALL[0]},{SMALL[1]}", f"--screenshot={shot}", page.as_uri(),
        ],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return Image.open(io.BytesIO(shot.read_bytes())).convert("RGB")


def _photographs(folder: Path) -> dict[str, Image.Image]:
    truths = {}
    for name in PHOTOGRAPHS:
        whole = Image.fromarray(getattr(skimage.data, name)()).convert("RGB")
        units = whole.width // 108, whole.height // 108
        truth = whole.crop((0, 0, units[0] * 108, units[1] * 108))
        _save_small(folder, name, truth.resize((units[0] * 25, units[1] * 25), Image.Resampling.LANCZOS))
        truths[name] = truth
    return truths


def _save_small(folder: Path, name: str, small: Image.Image) -> None:
    small.save(folder / f"{name}.png")
    small.save(folder / f"{name}.jpg", quality=QUALITY)


def _by_player(path: Path, size: Size) -> Image.Image:
    out = path.parent / "out"
    command = [PLAYER, "prepare", str(path), "--size", str(size), "--out", str(out), "--json"]
    done = subprocess.run(command, capture_output=True, check=False)
    report = json.loads(done.stdout)
    if "error" in report:
        sys.exit(f"{path.name}: {report['error']['message']}")
    x, y, w, h = report["layout"]["creative"]
    with Image.open(out / "first.png") as screen:
        return screen.convert("RGB").crop((x, y, x + w, y + h)).resize((size.w, size.h), Image.Resampling.LANCZOS)


def _by_pillow(filter_: Image.Resampling) -> Enlarge:
    def enlarge(path: Path, size: Size) -> Image.Image:
        return Image.open(path).convert("RGB").resize((size.w, size.h), filter_)

    return enlarge


def _by_vips(kernel: str) -> Enlarge:
    def enlarge(path: Path, size: Size) -> Image.Image:
        image = pyvips.Image.new_from_file(str(path))
        image = image.resize(size.w / image.width, vscale=size.h / image.height, kernel=kernel)
        return Image.fromarray(image.numpy()[: size.h, : size.w, :3])

    return enlarge


def _by_magick(filter_: str) -> Enlarge:
    def enlarge(path: Path, size: Size) -> Image.Image:
        command = ["convert", str(path), "-filter", filter_, "-resize", f"{size}!", "png24:-"]
        return Image.open(io.BytesIO(subprocess.run(command, capture_output=True, check=True).stdout)).convert("RGB")

    return enlarge


TOOLS: dict[str, Enlarge] = {
    "ooh-player": _by_player,
    "Pillow Lanczos": _by_pillow(Image.Resampling.LANCZOS),
    "Pillow bicubic": _by_pillow(Image.Resampling.BICUBIC),
    "Pillow bilinear": _by_pillow(Image.Resampling.BILINEAR),
    "libvips Lanczos 3": _by_vips("lanczos3"),  # libvips enlarges by bicubic for every kernel but the simplest
    "ImageMagick Lanczos": _by_magick("Lanczos"),
    "ImageMagick Mitchell": _by_magick("Mitchell"),
    "ImageMagick Catrom": _by_magick("Catrom"),
}


def _scored(
    folder: Path, truths: dict[str, Image.Image]
) -> tuple[dict[tuple[str, str], list[float]], dict[tuple[str, str], Image.Image]]:
    scores: dict[tuple[str, str], list[float]] = {}
    seen: dict[tuple[str, str], Image.Image] = {}
    for name, truth in truths.items():
        size = Size(*truth.size)
        group = "design" if name in DESIGNS else "photo"
        for tool, enlarge in TOOLS.items():
            for kind in ("png", "jpg"):
                shown = enlarge(folder / f"{name}.{kind}", size)
                scores.setdefault((tool, f"{group} {kind}"), []).append(ssim(shown, truth))
                seen[(name, f"{tool}, {kind}")] = shown
        if name in DESIGNS:
            shown = _by_player(folder / f"{name}.html", size)
            scores.setdefault(("ooh-player, HTML5", "design png"), []).append(ssim(shown, truth))
            seen[(name, "ooh-player, HTML5")] = shown
    return scores, seen


def ssim(one: Image.Image, other: Image.Image) -> float:
    """Mean structural similarity over the three channels (Wang et al. 2004), windows of 7 x 7."""
    return float(structural_similarity(np.asarray(one), np.asarray(other), channel_axis=2))


def _print(scores: dict[tuple[str, str], list[float]]) -> None:
    columns = ("design png", "design jpg", "photo png", "photo jpg")
    print(f"{'SSIM at 4.32 times':24s}" + "".join(f"{column:>13s}" for column in columns))
    means = {key: sum(values) / len(values) for key, values in scores.items()}
    for tool in (*TOOLS, "ooh-player, HTML5"):
        cells = (f"{means[tool, c]:13.4f}" if (tool, c) in means else f"{'':13s}" for c in columns)
        print(f"{tool:24s}" + "".join(cells))
    for column in columns:
        best = max((means[tool, column], tool) for tool in TOOLS if tool != "ooh-player")
        ours = means["ooh-player", column]
        verdict = "at least equal" if ours >= best[0] else "BELOW"
        print(f"{column}: {ours:.4f} against {best[0]:.4f} of {best[1]}: {verdict}")


def _draw(seen: dict[tuple[str, str], Image.Image], truths: dict[str, Image.Image], path: Path) -> None:
    """A row a detail, and a column a way: the sheet in docs/pictures.md."""
    ways = ("Pillow Lanczos, png", "ImageMagick Mitchell, png", "ooh-player, png", "ooh-player, HTML5", "the original")
    jpegs = ("Pillow Lanczos, jpg", "ImageMagick Mitchell, jpg", "ooh-player, jpg", "ooh-player, HTML5", "the original")
    rows = [("text", ways), ("dark", ways), ("photo", ways), ("text", jpegs)]
    w, h, label = 500, 300, 34
    sheet = Image.new("RGB", (len(ways) * (w + 8) - 8, len(rows) * (h + label + 8) - 8), (236, 238, 241))
    draw, font = ImageDraw.Draw(sheet), ImageFont.truetype(str(FONTS / "Inter-Medium.otf"), 18)
    for row, (name, columns) in enumerate(rows):
        for column, way in enumerate(columns):
            picture = truths[name] if way == "the original" else seen[name, way]
            x, y = column * (w + 8), row * (h + label + 8)
            title = way.replace(", png", ", from PNG").replace(", jpg", ", from JPEG")
            draw.text((x + 8, y + 7), title, (30, 34, 40), font)
            sheet.paste(picture.crop(CROPS[name]), (x, y + label))
    sheet.save(path, quality=88)
    print(f"sheet: {path}")


if __name__ == "__main__":
    main()
