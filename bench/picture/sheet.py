"""Every creative on every screen, really prepared: ``python -m bench.picture.sheet OUT [--table MD] [--full]``.

OUT gets ``layouts.jpg`` (docs/layouts.jpg); ``--full`` adds each composed screen as PNG. The table of coverage and
scale beside a plain letterbox is printed, and written into the block ``<!-- coverage -->`` of a Markdown file.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bench.picture.panel_samples import LATIN, NOW
from bench.picture.samples import nordlys
from config import BrandConfig, Config, HeadlinesConfig, PanelsConfig, PrepareConfig, ScoresConfig, ScreenConfig, Size
from renderer.layout import Layout, LayoutRules, compose
from renderer.panels import FONTS, offers_for
from renderer.prepare import Geometry, first_png, prepare_file

CREATIVES = Path(__file__).resolve().parents[2] / "sandbox" / "creatives"
SIZES = {
    "300x250": "kestrel-300x250.jpg",
    "336x280": None,
    "250x250": None,
    "640x480": None,
    "728x90": "aurelle-728x90.webp",
    "970x250": "aurelle-970x250.jpg",
    "468x60": None,
    "320x50": "tern-320x50.png",
    "160x600": "mola-160x600.png",
    "300x600": "orbit-300x600.jpg",
    "1080x1920": "ruba-1080x1920.jpg",
    "1920x1080": "fjell-1920x1080.jpg",
}
"""Creative size → the sandbox's file; None: drawn here."""
SCREENS = tuple(map(Size.parse, ("1920x1080", "1080x1920", "3840x2160", "1400x400", "1024x768")))
CONFIG = Config(
    screen=ScreenConfig(latitude=38.7, longitude=-9.1, timezone="UTC"),
    panels=PanelsConfig(
        scores=ScoresConfig(url="https://scores.example"),
        headlines=HeadlinesConfig(url="https://news.example"),
        brand=BrandConfig(title=LATIN.brand, line=LATIN.line, url="https://harbour.example/menu"),
    ),
)

_THUMB = Size(340, 168)
_GAP, _CAPTION, _HEAD, _LEFT, _MARGIN = 24, 26, 44, 118, 32
_PAPER, _INK, _QUIET = (246, 246, 244), (27, 31, 38), (110, 117, 128)
_QUALITIES = range(86, 40, -2)
_MOST_BYTES = 590_000


@dataclass(frozen=True, slots=True)
class Cell:
    """One creative on one screen."""

    creative: Size
    screen: Size
    layout: Layout
    picture: Image.Image
    took_ms: float


def composed(screen: Size, creative: Size, file: Path, folder: Path) -> Cell:
    """Prepare ``file`` in the boxed child, draw the panels, and compose the same layout for its figures."""
    began = time.monotonic()
    prepared = prepare_file(file, Geometry.of(CONFIG, screen), PrepareConfig(max_seconds=120), folder)
    picture = first_png(prepared, LATIN.snapshots(), CONFIG, NOW)
    took_ms = (time.monotonic() - began) * 1000
    offers = offers_for(screen, CONFIG.panels_set_up())
    layout = compose(screen, creative, offers, LayoutRules.of(CONFIG.layout))
    if layout.creative != prepared.plate.creative_rect:
        message = f"{creative} on {screen}: the plate is not the layout"
        raise ValueError(message)
    prepared.file.unlink()
    return Cell(creative, screen, layout, picture, took_ms)


def cells(full: Path | None) -> Iterator[Cell]:
    """Row by row."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for text, known in SIZES.items():
            creative = Size.parse(text)
            file = folder / f"{text}.png" if known is None else CREATIVES / known
            if known is None:
                nordlys(creative).save(file)
            for screen in SCREENS:
                cell = composed(screen, creative, file, folder)
                if full is not None:
                    cell.picture.save(full / f"{text}-on-{screen}.png", compress_level=1)
                yield cell


def letterbox(screen: Size, creative: Size, most: float | None) -> Fraction:
    """The part of the screen under the creative alone, as large as fits and ``most`` allows (None: whatever it is)."""
    scale = min(Fraction(screen.w, creative.w), Fraction(screen.h, creative.h))
    if most is not None:
        scale = min(scale, Fraction(most))
    return scale * scale * creative.pixels / screen.pixels


def sheet(rows: Sequence[Sequence[Cell]]) -> Image.Image:
    """All cells in one picture, screens across and creatives down."""
    thumbs = [_thumb(screen) for screen in SCREENS]
    wide = 2 * _MARGIN + _LEFT + sum(t.w for t in thumbs) + _GAP * (len(thumbs) - 1)
    high = 2 * _MARGIN + _HEAD + len(rows) * (_THUMB.h + _CAPTION + _GAP) - _GAP
    picture = Image.new("RGB", (wide, high), _PAPER)
    draw = ImageDraw.Draw(picture)
    strong, quiet = _font("Inter-SemiBold", 16), _font("Inter-Medium", 13)
    for index, row in enumerate((None, *rows)):
        x, y = _MARGIN + _LEFT, _MARGIN + max(0, index - 1) * (_THUMB.h + _CAPTION + _GAP) + _HEAD * (index > 0)
        if row is not None:
            draw.text((_MARGIN, y), _times(row[0].creative), _INK, strong)
        for column, (screen, thumb) in enumerate(zip(SCREENS, thumbs, strict=True)):
            if row is None:
                draw.text((x, y), _times(screen), _INK, strong)
            else:
                small = row[column].picture.resize((thumb.w, thumb.h), Image.Resampling.LANCZOS)
                picture.paste(small, (x, y))
                words = _caption(row[column], quiet, thumb.w)
                draw.text((x, y + thumb.h + 6), words, _QUIET, quiet)
            x += thumb.w + _GAP
    return picture


def _thumb(screen: Size) -> Size:
    share = min(_THUMB.w / screen.w, _THUMB.h / screen.h)
    return Size(round(screen.w * share), round(screen.h * share))


def _times(size: Size) -> str:
    return f"{size.w} × {size.h}"


def save_small(picture: Image.Image, file: Path) -> None:
    """As JPEG, as good as the documents have room for."""
    for quality in _QUALITIES:
        picture.save(file, quality=quality, optimize=True)
        if file.stat().st_size <= _MOST_BYTES:
            return


def _caption(cell: Cell, font: ImageFont.FreeTypeFont, width: int) -> str:
    whole = f"{cell.layout.template} · {cell.layout.scale:.2f} · {cell.layout.coverage:.0%}"
    return whole if font.getlength(whole) <= width else f"{cell.layout.scale:.1f} · {cell.layout.coverage:.0%}"


def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"{face}.otf"), size)


def table(rows: Sequence[Sequence[Cell]]) -> str:
    """Markdown: each cell's layout, scale and coverage, beside a letterbox within the same limit and without one."""
    head = "".join(f" {screen} |" for screen in SCREENS)
    lines = [f"| creative |{head}", f"| --- |{' --- |' * len(SCREENS)}"]
    for row in rows:
        told = "".join(f" {_told(cell)} |" for cell in row)
        lines.append(f"| {row[0].creative} |{told}")
    lines.append(f"| **mean** |{''.join(f' {_mean([row[i] for row in rows])} |' for i in range(len(SCREENS)))}")
    return "\n".join(lines) + "\n"


def _told(cell: Cell) -> str:
    own, screen, most = cell.layout, cell.screen, CONFIG.layout.max_upscale
    boxed, free = letterbox(screen, cell.creative, most), letterbox(screen, cell.creative, None)
    return f"{own.template} {own.scale:.2f}×, **{own.coverage:.0%}** ({_both(float(boxed), float(free))})"


def _both(boxed: float, free: float) -> str:
    return f"{boxed:.0%}" if round(boxed, 2) == round(free, 2) else f"{boxed:.0%}, {free:.0%}"


def _mean(column: Sequence[Cell]) -> str:
    own = sum(cell.layout.coverage for cell in column) / len(column)
    most = CONFIG.layout.max_upscale
    boxed = float(sum(letterbox(c.screen, c.creative, most) for c in column)) / len(column)
    free = float(sum(letterbox(c.screen, c.creative, None) for c in column)) / len(column)
    return f"**{own:.0%}** ({_both(boxed, free)})"


def main() -> None:
    """Prepare, draw, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--table", type=Path, help="A Markdown file with a block <!-- coverage -->.")
    parser.add_argument("--full", action="store_true", help="Each composed screen in full size too.")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    found = list(cells(options.out if options.full else None))
    rows = [found[i : i + len(SCREENS)] for i in range(0, len(found), len(SCREENS))]
    picture = options.out / "layouts.jpg"
    save_small(sheet(rows), picture)
    text = table(rows)
    print(text)
    if options.table is not None:
        page = options.table.read_text("utf-8")
        block = re.compile(r"(<!-- coverage -->\n).*?(<!-- end -->)", re.DOTALL)
        options.table.write_text(block.sub(lambda m: f"{m[1]}\n{text}\n{m[2]}", page), "utf-8")
    took = sorted(cell.took_ms for cell in found)
    print(
        f"{len(found)} screens, prepared and drawn in {took[len(took) // 2]:.0f} ms (median), {took[-1]:.0f} ms at most"
    )
    print(f"{picture}: {picture.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
