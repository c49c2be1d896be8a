"""What the artist draws: every creative, who pays for it, and how its file is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from sandbox.artist import (
    _aurelle,
    _brioche,
    _elara,
    _fjell,
    _kestrel,
    _lantern,
    _meridian,
    _mola,
    _orbit,
    _ruba,
    _solstice,
    _tern,
)

Picture = Image.Image | list[Image.Image]
MIMES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}


_FLAT = 64
"""Colours up to which an animation is taken for flat inks, which need no dithering."""


@dataclass(frozen=True, slots=True)
class Work:
    """One creative. ``file`` is ``NAME-WxH.KIND``; ``frame_ms`` and ``last_ms`` are for animations."""

    file: str
    brand: str
    campaign: str
    price: float
    draw: Callable[[], Picture]
    quality: int = 88
    frame_ms: int = 0
    last_ms: int = 0
    colours: int = 255

    @property
    def domain(self) -> str:
        """Never a real one (RFC 2606)."""
        return self.file.split("-", maxsplit=1)[0] + ".example"

    @property
    def kind(self) -> str:
        """The file's kind."""
        return self.file.rsplit(".", 1)[1]


GALLERY = (
    Work("kestrel-300x250.jpg", "Kestrel Coffee", "autumn-roast", 6.2, _kestrel.kestrel_300x250, quality=92),
    Work("aurelle-970x250.jpg", "Aurelle Air", "lisbon", 9.5, _aurelle.aurelle_970x250, quality=90),
    Work("ruba-1080x1920.jpg", "Ruba", "squeeze-the-day", 8.1, _ruba.ruba_1080x1920, quality=84),
    Work("elara-300x250.gif", "Elara", "e6", 11.4, _elara.elara_300x250, frame_ms=70, last_ms=2400),
    Work("mola-160x600.png", "Museum of Light", "after-dark", 5.6, _mola.mola_160x600),
    Work("tern-300x600.webp", "Tern", "app", 7.3, _tern.tern_300x600),
    Work("fjell-1920x1080.jpg", "Fjell", "quiet", 7.9, _fjell.fjell_1920x1080, quality=80),
    Work("solstice-300x600.gif", "Solstice", "line-up", 5.2, _solstice.solstice_300x600, frame_ms=100, colours=48),
    Work("brioche-728x90.png", "Brioche & Sons", "morning", 4.9, _brioche.brioche_728x90),
    Work("tern-320x50.png", "Tern", "app", 4.4, _tern.tern_320x50),
    Work("meridian-160x600.jpg", "Meridian", "own-time", 8.8, _meridian.meridian_160x600, quality=92),
    Work("ruba-300x250.webp", "Ruba", "squeeze-the-day", 6.6, _ruba.ruba_300x250),
    Work("orbit-300x600.jpg", "The Quiet Orbit", "series", 7.0, _orbit.orbit_300x600, quality=90),
    Work("elara-1920x1080.webp", "Elara", "e6", 12.5, _elara.elara_1920x1080, quality=86),
    Work("aurelle-728x90.webp", "Aurelle Air", "lisbon", 6.1, _aurelle.aurelle_728x90, quality=92),
)
"""In the order in which the exchange offers them: the first ten show every size and every format."""


HOUSE = (
    Work("lantern-1080x1920.jpg", "The Lantern Room", "house", 0.0, _lantern.lantern_1080x1920, quality=84),
    Work("lantern-1920x1080.jpg", "The Lantern Room", "house", 0.0, _lantern.lantern_1920x1080, quality=84),
)
"""The venue's own, under ``house/``: nobody pays for them, and the exchange does not know them."""


def save(work: Work, folder: Path) -> tuple[int, int]:
    """Draw one creative into the folder. Returns its width and height."""
    picture = work.draw()
    path = folder / work.file
    if isinstance(picture, list):
        _save_animation(work, picture, path)
        return picture[0].size
    if work.kind == "jpg":
        picture.save(path, quality=work.quality, subsampling=0, progressive=True, optimize=True)
    elif work.kind == "webp":
        picture.save(path, quality=work.quality, method=6)
    else:
        picture.save(path, optimize=True)
    return picture.size


def _save_animation(work: Work, frames: list[Image.Image], path: Path) -> None:
    """One palette for all frames, the last one's, so that a still part stays the same.

    Painted ones: MAXCOVERAGE keeps rare colours (a red lamp in a blue night), which median cut loses.
    """
    flat = work.colours <= _FLAT
    method = Image.Quantize.MEDIANCUT if flat else Image.Quantize.MAXCOVERAGE
    palette = frames[-1].quantize(work.colours, method)
    dither = Image.Dither.NONE if flat else Image.Dither.FLOYDSTEINBERG
    first, *rest = (frame.quantize(palette=palette, dither=dither) for frame in frames)
    times = [work.frame_ms] * len(rest) + [work.last_ms or work.frame_ms]
    first.save(path, save_all=True, append_images=rest, duration=times, loop=0, optimize=True, disposal=1)
