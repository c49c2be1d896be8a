"""A film for the tags: a slow walk over one of the pictures, made once a process."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from functools import cache
from pathlib import Path

WIDTH, HEIGHT = 960, 540
_FPS = 25


@cache
def film(picture: Path, ms: int) -> bytes:
    """An MP4 (H.264, no sound, index first) of ``ms`` milliseconds."""
    import av  # noqa: PLC0415 - 60 ms that only a film needs
    from PIL import Image  # noqa: PLC0415

    with Image.open(picture) as still:
        wide = still.convert("RGBA").resize((WIDTH * 5 // 4, HEIGHT * 5 // 4))
    frames = max(2, ms * _FPS // 1000)
    with tempfile.TemporaryDirectory(prefix="ooh-film-") as folder:  # putting the index first needs a real file
        path = Path(folder) / "film.mp4"
        with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as container:
            stream = container.add_stream("libx264", rate=Fraction(_FPS), options={"preset": "veryfast", "crf": "23"})
            stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
            for number in range(frames):
                part = number / (frames - 1)
                left, top = round((wide.width - WIDTH) * part), round((wide.height - HEIGHT) * part)
                pixels = wide.crop((left, top, left + WIDTH, top + HEIGHT)).tobytes()
                frame = av.VideoFrame.from_bytes(pixels, WIDTH, HEIGHT, format="rgba")
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        return path.read_bytes()
