"""Opens a creative within its limits; its pixels come when they are asked for, at the size they are needed."""

from __future__ import annotations

from pathlib import Path

from renderer.prepare._apng import open_apng
from renderer.prepare._avif_animation import open_avif
from renderer.prepare._gif import open_gif
from renderer.prepare._limits import Limits
from renderer.prepare._sniff import HEAD_BYTES, Format, header_size, is_animated_webp, sniff
from renderer.prepare._source import Source
from renderer.prepare._still import StillSource
from renderer.prepare._webp_animation import open_webp


def open_creative(path: Path, limits: Limits) -> Source:
    """Read the file and its header, and hold the limits before anything is unpacked.

    Raises ``OohError`` (CREATIVE_*), ``OSError`` when the file cannot be read.
    """
    with path.open("rb", buffering=0) as file:  # a buffered file would hold its bytes twice while it is read
        head = file.read(HEAD_BYTES)
        size_bytes = path.stat().st_size
        found = sniff(head, size_bytes)
        size = header_size(found, head)
        if size is not None and found != "GIF":  # a GIF's pictures may be larger than its header says
            limits.check_size(size)
        file.seek(0)
        data = file.read()
    source = _source(found, data, limits)
    limits.check_size(source.size)
    limits.check_frames(source.frames)
    return source


def _source(found: Format, data: bytes, limits: Limits) -> Source:
    if found == "GIF":
        return open_gif(data, limits)
    if found == "WEBP" and is_animated_webp(data):
        return open_webp(data, limits)
    if found == "PNG" and (animation := open_apng(data, limits)) is not None:
        return animation
    if found == "AVIF" and (animation := open_avif(data, limits)) is not None:
        return animation
    return StillSource(found, data, limits)
