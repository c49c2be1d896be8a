"""The contact sheet: one captured frame of every play, with a caption."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from renderer.panels import FONTS

_CELL_W = 480
_GAP = 24
_CAPTION_H = 40
_INK = "#c9d1dc"
_PAPER = "#0e1116"


@dataclass(frozen=True, slots=True)
class Captured:
    """One frame that was really presented, as the screen dumped it."""

    seq: int
    kind: str
    creative_id: str | None
    picture: Path
    """A PNG."""


def collect(folder: Path, into: Path) -> tuple[Captured, ...]:
    """Turn the screen's raw dumps into PNGs in ``into``; in the order of presentation."""
    into.mkdir(parents=True, exist_ok=True)
    return tuple(_convert(note, into) for note in sorted(folder.glob("*.json")) if note.with_suffix(".bgrx").exists())


def contact_sheet(frames: tuple[Captured, ...], out: Path) -> Path:
    """Draw the first frame of every play on one page, at most four a row (2,040 px); returns ``out``."""
    firsts = tuple({frame.seq: frame for frame in reversed(frames)}.values())[::-1]
    columns = min(4, max(1, math.ceil(math.sqrt(len(firsts)))))
    thumbs = [_thumb(frame) for frame in firsts]
    cell_h = max((thumb.height for thumb in thumbs), default=_CELL_W // 2) + _CAPTION_H
    rows = max(1, math.ceil(len(thumbs) / columns))
    size = (_GAP + columns * (_CELL_W + _GAP), _GAP + rows * (cell_h + _GAP))
    page = Image.new("RGB", size, _PAPER)
    pen = ImageDraw.Draw(page)
    font = _font()
    for index, (frame, thumb) in enumerate(zip(firsts, thumbs, strict=True)):
        left = _GAP + index % columns * (_CELL_W + _GAP)
        top = _GAP + index // columns * (cell_h + _GAP)
        page.paste(thumb, (left + (_CELL_W - thumb.width) // 2, top))
        caption = f"{frame.seq} · {frame.kind}" + (f" · {frame.creative_id}" if frame.creative_id else "")
        pen.text((left, top + thumb.height + 10), caption, fill=_INK, font=font)
    page.save(out)
    return out


def _convert(note: Path, into: Path) -> Captured:
    facts = json.loads(note.read_text(encoding="utf-8"))
    size = tuple(facts["size"])
    picture = into / f"{note.stem}-{facts['kind']}-{_safe(facts.get('creative_id') or 'panels')}.png"
    raw = note.with_suffix(".bgrx")
    Image.frombytes("RGB", size, raw.read_bytes(), "raw", "BGRX").save(picture, compress_level=3)
    raw.unlink()
    note.unlink()
    return Captured(facts["seq"], facts["kind"], facts.get("creative_id"), picture)


def _thumb(frame: Captured) -> Image.Image:
    with Image.open(frame.picture) as picture:
        thumb = picture.convert("RGB")
    thumb.thumbnail((_CELL_W, _CELL_W), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return thumb


def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    fonts = sorted(FONTS.glob("*Medium*")) or sorted(FONTS.glob("*Regular*"))
    return ImageFont.truetype(str(fonts[0]), 18) if fonts else ImageFont.load_default(18)


def _safe(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name)[:60]
