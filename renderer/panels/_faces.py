"""The typefaces: Inter in six cuts, and behind it one for every script that Inter does not draw."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont, features

from renderer.panels._coverage import coverage

FONTS = Path(__file__).with_name("fonts")
SYSTEM_FOLDERS = (
    Path("/usr/share/fonts/truetype/noto"),
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/local/share/fonts"),
    Path("/usr/share/fonts/google-noto-cjk"),
    Path("/usr/share/fonts/noto-cjk"),
)
"""Where Debian and its kin put Noto. Looked into by name only: there is no fontconfig here."""
BITMAP_SIZE = 109
"""The one size of Noto Color Emoji's bitmaps."""
_EMOJI_SCALE = 0.95


class Face(StrEnum):
    """The cuts in use. Display cuts are drawn for 30 pixels and more."""

    TEXT = "Inter-Medium"
    STRONG = "Inter-SemiBold"
    BOLD = "Inter-Bold"
    FIGURE = "InterDisplay-Light"
    DISPLAY = "InterDisplay-Medium"
    HEADLINE = "InterDisplay-SemiBold"


_LIGHT = frozenset({Face.TEXT, Face.FIGURE})


@dataclass(frozen=True, slots=True)
class Cut:
    """One font file, and how it is set beside Inter."""

    path: Path
    index: int = 0
    """The face in a collection."""
    scale: float = 1.0
    """Its size as a share of Inter's, so that both look equally large."""
    stroke: float = 0.0
    """Outline that thickens it, as a share of the size: a family of one weight."""
    colour: bool = False
    """Bitmaps in colours of their own (emoji)."""
    tabular: bool = False

    def __contains__(self, char: str) -> bool:
        return char in coverage(self.path, self.index)


_SCRIPTS: tuple[tuple[str, float], ...] = (
    ("NotoSansArabic", 1.0),
    ("NotoSansDevanagari", 0.96),
    ("NotoSansThai", 1.0),
    ("NotoSansHebrew", 1.04),
    ("NotoSans", 1.0),
    *(
        (f"NotoSans{script}", 1.0)
        for script in [
            "Bengali",
            "Gurmukhi",
            "Gujarati",
            "Oriya",
            "Tamil",
            "Telugu",
            "Kannada",
            "Malayalam",
            "Sinhala",
            "Lao",
            "Myanmar",
            "Khmer",
            "Georgian",
            "Armenian",
            "Ethiopic",
            "Tibetan",
            "Mongolian",
            "Cherokee",
            "Symbols",
            "Symbols2",
            "Math",
        ]
    ),
)
"""Families, and their scale: bundled ones first, then what the system may have."""
_CJK_COLLECTION = "NotoSansCJK"
_CJK_FACES = {"ja": 0, "ko": 1, "zh": 2}
"""The faces of the collection as Debian and upstream order them."""


@lru_cache(maxsize=16)
def primary(face: Face) -> Cut:
    """Inter."""
    return Cut(FONTS / f"{face}.otf", tabular=True)


@lru_cache(maxsize=16)
def fallbacks(*, light: bool, east: str) -> tuple[Cut, ...]:
    """What is tried after Inter, in order. ``east``: ja, ko or zh, whose forms Han characters take."""
    weight = "Regular" if light else "Bold"
    found = []
    for family, scale in _SCRIPTS:
        path = _find(f"{family}-{weight}.ttf")
        if path is not None:
            found.append(Cut(path, scale=scale))
    collection = _find(f"{_CJK_COLLECTION}-{weight}.ttc")
    if collection is not None:
        found.append(Cut(collection, _CJK_FACES[east], 0.97))
    found.append(Cut(FONTS / "DroidSansFallback.ttf", scale=0.97, stroke=0.006 if light else 0.016))
    found.append(emoji())
    return tuple(found)


@lru_cache(maxsize=1)
def emoji() -> Cut:
    """The system's colour emoji, else the bundled 313 with 81 flags."""
    path = _find("NotoColorEmoji.ttf") or FONTS / "NotoColorEmoji-Subset.ttf"
    return Cut(path, scale=_EMOJI_SCALE, colour=True)


def cut_of(cluster: str, face: Face, east: str) -> Cut | None:
    """The font that draws this character and its marks; None: none does."""
    char = cluster[0]
    if "\ufe0f" in cluster and char in emoji():
        return emoji()
    own = primary(face)
    if char in own:
        return own
    return next((cut for cut in fallbacks(light=face in _LIGHT, east=east) if char in cut), None)


@lru_cache(maxsize=1)
def shaping() -> bool:
    """True with Raqm (HarfBuzz); without it letters are not joined and figures keep their own widths."""
    return bool(features.check("raqm"))


@lru_cache(maxsize=64)
def loaded(cut: Cut, size_px: int) -> ImageFont.FreeTypeFont:
    """The font at a size; colour fonts at their only one."""
    layout = ImageFont.Layout.RAQM if shaping() else ImageFont.Layout.BASIC
    size = BITMAP_SIZE if cut.colour else max(1, round(size_px * cut.scale))
    return ImageFont.truetype(cut.path, size, index=cut.index, layout_engine=layout)


@lru_cache(maxsize=64)
def _find(name: str) -> Path | None:
    for folder in (FONTS, *SYSTEM_FOLDERS):
        path = folder / name
        if path.is_file():
            return path
    return None
