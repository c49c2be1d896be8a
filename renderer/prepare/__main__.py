"""The child that decodes creatives: ``python -m renderer.prepare``, an order on stdin, an answer on stdout."""

from __future__ import annotations

import errno
import sys

import msgspec
from PIL import AvifImagePlugin, GifImagePlugin, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin

from config import Code, OohError
from renderer.prepare._box import enter
from renderer.prepare._make import load_codecs, make_plate
from renderer.prepare._order import Answer, Order

_PLUGINS = (AvifImagePlugin, GifImagePlugin, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin)
"""Loaded before the box closes; Pillow then looks for no others."""
VIDEO_THREADS = 3
"""Two that encode and one that decodes: so much more processor time than time on the wall a video may take."""


def main() -> None:
    """Take one order, make one plate, answer, end."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    if order.video:
        load_codecs()
    walls = enter(
        max_memory_mb=order.max_memory_mb,
        max_seconds=order.max_seconds * (VIDEO_THREADS if order.video else 1),
        max_file_bytes=order.max_plate_bytes,
    )
    code, detail = _outcome(order)
    sys.stdout.buffer.write(msgspec.json.encode(Answer(code, detail, walls.network_cut, walls.calls_filtered)))


def _outcome(order: Order) -> tuple[str, str]:
    try:
        make_plate(order)
    except OohError as error:
        return error.code.code, error.detail
    except MemoryError:
        return Code.PREPARE_MEMORY.code, f"over {order.max_memory_mb} MB"
    except OSError as error:
        if error.errno == errno.EFBIG:
            return Code.CREATIVE_TOO_LARGE.code, f"its plate is over {order.max_plate_bytes} bytes"
        return Code.PREPARE_STORAGE.code, str(error)
    return "", ""


if __name__ == "__main__":
    main()
