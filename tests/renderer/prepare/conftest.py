"""What the tests of preparing share: `make`, the child's work done in this process."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from PIL import Image

from config import PrepareConfig, Rect, Size
from renderer.plate import PlateFile
from renderer.prepare._make import make_plate
from renderer.prepare._order import Order

LIMITS = PrepareConfig()
SCREEN = Size(480, 270)


class Made:
    """A plate that was made: its file, open, and its pictures as Pillow images."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = PlateFile.open(path)
        self.fields = self.file.plate_fields

    def base(self) -> Image.Image:
        size = self.fields.screen_size
        return Image.frombytes("RGB", (size.w, size.h), bytes(self.file.base), "raw", "BGRX")

    def creative(self) -> Image.Image:
        rect = self.fields.creative_rect
        return self.base().crop((rect.x, rect.y, rect.right, rect.bottom))

    def shown(self) -> Iterator[Image.Image]:
        """The whole screen at each frame, then frame 0 again, as the screen process would paint them."""
        screen = self.base()
        yield screen.copy()
        for index in [*range(1, self.fields.frames), 0]:
            rect, pixels = self.file.frame(index)
            if pixels:
                screen.paste(Image.frombytes("RGB", (rect.w, rect.h), pixels, "raw", "BGRX"), (rect.x, rect.y))
            yield screen.copy()


def order_for(source: Path, part: Path, screen: Size, **order: Any) -> Order:
    """What the parent asks of the child, with the default limits and what ``order`` says instead."""
    values: dict[str, Any] = {
        "creative": str(source),
        "creative_sha256": "ab" * 32,
        "part": str(part),
        "screen": screen,
        "offers": (),
        "max_upscale": 5.0,
        "safe_margin": 0,
        "backdrop": "brand",
        "brand_colour": "#10151f",
        "max_pixels": LIMITS.max_pixels,
        "max_frames": LIMITS.max_frames,
        "max_seconds": LIMITS.max_seconds,
        "max_memory_mb": LIMITS.max_memory_mb,
        "max_plate_bytes": 500_000_000,
    }
    return Order(**(values | order))


class Make(Protocol):
    def __call__(self, creative: bytes, screen: Size = ..., **order: Any) -> Made: ...


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)  # put back what the child would set
    count = iter(range(1000))

    def made(creative: bytes, screen: Size = SCREEN, **order: Any) -> Made:
        source, part = tmp_path / "creative", tmp_path / f"{next(count)}.plate"
        source.write_bytes(creative)
        make_plate(order_for(source, part, screen, **order))
        return Made(part)

    return made


@pytest.fixture
def encoded() -> Callable[..., bytes]:
    """``encoded(image, "PNG", **options)``: the bytes of a file."""

    def encode(image: Image.Image, kind: str, **options: Any) -> bytes:
        out = io.BytesIO()
        image.save(out, kind, **options)
        return out.getvalue()

    return encode


@pytest.fixture
def corners() -> Image.Image:
    """Four quarters: red, green, blue, white, in reading order; 64 x 48."""
    image = Image.new("RGB", (64, 48))
    for at, colour in enumerate(("red", "lime", "blue", "white")):
        rect = Rect(at % 2 * 32, at // 2 * 24, 32, 24)
        image.paste(colour, (rect.x, rect.y, rect.right, rect.bottom))
    return image
