"""Pages and archives of the tests' own, and a short way to have them drawn."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from config import Code, OohError, PrepareConfig, Size
from renderer.plate import PlateFile
from renderer.prepare import Geometry, Prepared, Resource, prepare_file

SCREEN = Size(480, 270)
QUICK = PrepareConfig(html_seconds=3, html_fps=10, html_max_seconds=40)
SIZED = '<!doctype html><meta name="ad.size" content="width=300,height=250">'
BODY = '<body style="margin:0;background:#246;color:#fff"><h1 id=h style="margin:0">Hello</h1>'
DOT = b'<svg xmlns="http://www.w3.org/2000/svg" width="50" height="50"><rect width="50" height="50" fill="#0f0"/></svg>'


def page(script: str = "", style: str = "", body: str = BODY) -> str:
    return f"{SIZED}<style>{style}</style>{body}<script>{script}</script>"


def archive(files: Mapping[str, str | bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, body in files.items():
            made.writestr(name, body)
    return out.getvalue()


@dataclass
class Net:
    """``Resources`` of the tests' own: what it gives, and what it was asked."""

    gives: dict[str, Resource] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def get(self, url: str) -> Resource:
        self.asked.append(url)
        if url not in self.gives:
            raise OohError(Code.FETCH_REFUSED, "not one of the tests'")
        return self.gives[url]


def draw(
    folder: Path,
    creative: str | bytes,
    limits: PrepareConfig = QUICK,
    screen: Size = SCREEN,
    name: str | None = None,
) -> Prepared:
    """The plate of a page (text) or an archive (bytes), as the command makes it."""
    folder.mkdir(exist_ok=True)
    text = isinstance(creative, str)
    path = folder / (name or ("page.html" if text else "creative.zip"))
    path.write_bytes(creative.encode() if isinstance(creative, str) else creative)
    geometry = Geometry(screen, html_seconds=limits.html_seconds, html_fps=limits.html_fps)
    return prepare_file(path, geometry, limits, folder)


def first(prepared: Prepared) -> Image.Image:
    """The creative at 0 s."""
    with PlateFile.open(prepared.file) as file:
        size, rect = file.plate_fields.screen_size, file.plate_fields.creative_rect
        screen = Image.frombytes("RGB", (size.w, size.h), bytes(file.base), "raw", "BGRX")
    return screen.crop((rect.x, rect.y, rect.right, rect.bottom))


def shown(prepared: Prepared) -> list[tuple[int, Image.Image]]:
    """Every picture of an animation with the time at which it comes on."""
    with PlateFile.open(prepared.file) as file:
        size = file.plate_fields.screen_size
        screen = Image.frombytes("RGB", (size.w, size.h), bytes(file.base), "raw", "BGRX")
        found, at_ms = [(0, screen.copy())], 0
        for index in range(1, len(file.delays_ms)):
            at_ms += file.delays_ms[index - 1]
            rect, pixels = file.frame(index)
            screen.paste(Image.frombytes("RGB", (rect.w, rect.h), pixels, "raw", "BGRX"), (rect.x, rect.y))
            found.append((at_ms, screen.copy()))
    return found
