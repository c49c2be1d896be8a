"""Whole creatives of every kind, and the ways to damage them."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from typing import Any

from PIL import Image

PICTURE = Image.effect_mandelbrot((96, 80), (-2, -1, 1, 1), 40).convert("RGB")
INTERESTING = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\1", b"\x80\0\0\0", b"\0\0\xff\xff")


def seeds() -> dict[str, bytes]:
    """A whole file of each kind, small."""
    turned = Image.Exif()
    turned[0x0112] = 6
    grey, rgba = PICTURE.convert("L"), PICTURE.convert("RGBA")
    rgba.putalpha(Image.linear_gradient("L").resize(PICTURE.size))
    moving: dict[str, Any] = {
        "save_all": True, "append_images": [PICTURE.rotate(90 * i) for i in (1, 2, 3)], "duration": 50,
    }  # fmt: skip
    return {
        "jpeg": _as("JPEG", exif=turned, icc_profile=b"profile" * 40),
        "jpeg-progressive": _as("JPEG", progressive=True),
        "jpeg-cmyk": _as("JPEG", PICTURE.convert("CMYK")),
        "jpeg-grey": _as("JPEG", grey),
        "png": _as("PNG", exif=turned),
        "png-palette": _as("PNG", PICTURE.quantize(16)),
        "png-alpha": _as("PNG", rgba),
        "png-sixteen": _as("PNG", Image.new("I;16", (40, 40), 30_000)),
        "apng": _as("PNG", **moving),
        "gif": _as("GIF"),
        "gif-moving": _as("GIF", **moving),
        "webp": _as("WEBP", exif=turned),
        "webp-lossless": _as("WEBP", rgba, lossless=True),
        "webp-moving": _as("WEBP", **moving),
        "avif": _as("AVIF", exif=turned, speed=10),
        "avif-alpha": _as("AVIF", rgba, speed=10),
        "bmp": _as("BMP"),
        "bmp-palette": _as("BMP", PICTURE.quantize(256)),
        "bmp-alpha": _as("BMP", rgba),
        "bmp-runs": _runs(),
        "mp4": _video(),
        "zip": _zip(),
    }


def damaged(data: bytes, rng: random.Random) -> bytes:
    """One to four wounds: bytes, bits, numbers, cuts, holes, repeats, strangers."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4))):
        if not out:
            break
        at = rng.randrange(min(len(out), rng.choice((40, 200, len(out)))))
        match rng.randrange(8):
            case 0:
                out[at] = rng.randrange(256)
            case 1:
                out[at] ^= 1 << rng.randrange(8)
            case 2:
                number = rng.choice(INTERESTING)
                out[at : at + 4] = rng.choice((number, number[::-1]))
            case 3:
                del out[at:]
            case 4:
                del out[at : at + rng.randrange(1, 64)]
            case 5:
                out[at:at] = out[at : at + rng.randrange(1, 400)]
            case 6:
                out[at:at] = rng.randbytes(rng.randrange(1, 64))
            case _:
                out[at : at + rng.randrange(1, 64)] = bytes(rng.randrange(1, 64))
    return bytes(out)


def _as(kind: str, image: Image.Image = PICTURE, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _runs() -> bytes:
    """A BMP of run-length coded rows."""
    row = bytes((20, 3, 0, 5, 1, 2, 3, 4, 5, 0, 15, 9, 0, 0))
    pixels = row * 39 + b"\0\2\5\0" + b"\0\1"
    palette = b"".join(bytes((i, 255 - i, i // 2, 0)) for i in range(256))
    info = struct.pack("<IiiHHIIiiII", 40, 40, 40, 1, 8, 1, len(pixels), 0, 0, 256, 0)
    start = 14 + len(info) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start) + info + palette + pixels


def _video() -> bytes:
    import av

    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = PICTURE.width, PICTURE.height, "yuv420p"
        for turn in range(5):
            frame = av.VideoFrame(PICTURE.width, PICTURE.height, "rgb24")
            frame.planes[0].update(_padded(PICTURE.rotate(90 * turn), frame.planes[0].line_size))
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return out.getvalue()


def _padded(image: Image.Image, row_bytes: int) -> bytes:
    raw, own = image.tobytes(), image.width * 3
    return b"".join(raw[at : at + own].ljust(row_bytes, b"\0") for at in range(0, len(raw), own))


def _zip() -> bytes:
    """An archive whose page would be shown, were it whole: damaged, it must not reach a browser with anything odd."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("notes.txt", "no page in here")
        archive.writestr("image.png", _as("PNG"))
    return out.getvalue()
