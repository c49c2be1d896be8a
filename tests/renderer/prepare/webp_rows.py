"""The conformance table of animated WebPs (RFC 9649 2.7.1).

Every row was compared with Chromium 156's own decoder (``ImageDecoder``): pixels, delays and repeats. Those marked
"kinder" show the whole frames of a file that Chromium refuses; "stricter" ends where Chromium goes on.
"""

from __future__ import annotations

from dataclasses import replace

from tests.renderer.prepare.animation_rows import Row
from tests.renderer.prepare.webp_maker import (
    BLUE,
    CLEAR,
    GREEN,
    HALF_WHITE,
    Part,
    chunk,
    extended,
    frame,
    make_webp,
    riff,
)

FULL = Part(0, 0, 8, 8)
SPOT = Part(2, 2, 2, 2, GREEN)
DOT = Part(0, 0, 1, 1, BLUE)
TWO = "RRRR RGGR"
THREE = "RRRR RGGR BGGR"


def webp(*parts: Part, **options: object) -> bytes:
    return make_webp(list(parts), **options)  # type: ignore[arg-type]


def timed(*durations_ms: int) -> bytes:
    colours = (FULL.colour, GREEN, BLUE)
    return webp(*(Part(0, 0, 8, 8, colours[i % 3], duration_ms=d) for i, d in enumerate(durations_ms)))


WHOLE = webp(FULL, SPOT, DOT)
HEAD = extended((8, 8)) + chunk(b"ANIM", bytes(6))
OVER_EDGE = frame(replace(SPOT, x=8))
SPOILED = frame(SPOT).replace(b"VP8L", b"VP8?")

DISPOSAL = [
    Row("D 0: do not dispose", webp(FULL, SPOT, DOT), THREE),
    Row(
        "D 1: to the background, transparent in browsers",
        webp(FULL, replace(SPOT, dispose=True), DOT),
        "RRRR RGGR B..R",
    ),
    Row(
        "the background colour is ignored",
        webp(replace(FULL, dispose=True), DOT, background=b"\xff\0\0\xff"),
        "RRRR B...",
    ),
    Row("... also before the first frame", webp(SPOT, DOT, background=b"\xff\0\0\xff"), ".GG. BGG."),
    Row("D 1 on the first frame", webp(replace(FULL, dispose=True), SPOT), "RRRR .GG."),
    Row("B 0: blended, nothing to see", webp(FULL, replace(SPOT, colour=CLEAR)), "RRRR RRRR"),
    Row("B 1: not blended", webp(FULL, replace(SPOT, colour=CLEAR, blend=False)), "RRRR R..R"),
    Row("B 1 with half alpha", webp(FULL, replace(SPOT, colour=HALF_WHITE, blend=False)), "RRRR R??R"),
    Row("B 0 over what is transparent", webp(replace(FULL, colour=CLEAR), SPOT), ".... .GG."),
    Row("B 1 and D 1", webp(FULL, replace(SPOT, blend=False, dispose=True), DOT), "RRRR RGGR B..R"),
    Row("D 1 clears its own rectangle only", webp(FULL, replace(DOT, dispose=True), SPOT), "RRRR BRRR .GGR"),
    Row(
        "D 1 twice",
        webp(FULL, replace(SPOT, dispose=True), replace(SPOT, colour=BLUE, dispose=True), DOT),
        "RRRR RGGR RBBR B..R",
    ),
    Row("a frame that fills the canvas", webp(FULL, replace(FULL, colour=GREEN), SPOT), "RRRR GGGG GGGG"),
]

TIMES = [
    Row("browsers: 0 is 100 ms", timed(0, 50), "RRRR GGGG", (100, 50)),
    Row("browsers: 10 ms is 100 ms", timed(10, 50), "RRRR GGGG", (100, 50)),
    Row("11 ms", timed(11, 50), "RRRR GGGG", (11, 50)),
    Row("16777215 ms", timed(16_777_215, 50), "RRRR GGGG", (16_777_215, 50)),
    Row("a mix of all", timed(1, 20, 33), "RRRR GGGG BBBB", (100, 20, 33)),
]

LOOPS = [
    Row("2.7.1.1 loop count 0: for ever", webp(FULL, SPOT, loops=0), TWO, loops=0),
    Row("loop count 1: once", webp(FULL, SPOT, loops=1), TWO, loops=1),
    Row("loop count 5", webp(FULL, SPOT, loops=5), TWO, loops=5),
    Row("loop count 65535", webp(FULL, SPOT, loops=65535), TWO, loops=65535),
]

ENDS = [
    Row("2.7.1.5: an unknown chunk between frames", webp(FULL, SPOT, DOT, between=chunk(b"abcd", b"123")), THREE),
    Row("an unknown chunk at the end", webp(FULL, SPOT, after=chunk(b"abcd", b"123")), TWO),
    Row("bytes after the file", webp(FULL, SPOT) + b"junk", TWO),
    Row("kinder: cut within the last frame", WHOLE[:-6], TWO, warns="the WebP is cut"),
    Row("kinder: cut within a chunk's header", WHOLE[: len(WHOLE) - len(frame(DOT)) + 5], TWO, warns="the WebP is cut"),
    Row(
        "kinder: a frame over the edge", riff(HEAD + frame(FULL) + frame(SPOT) + OVER_EDGE), TWO, warns="over its edge"
    ),
    Row(
        "stricter: a frame without a picture",
        riff(HEAD + frame(FULL) + SPOILED + frame(DOT)),
        "RRRR",
        warns="from frame 2 on it is damaged",
    ),
]

ROWS = [*DISPOSAL, *TIMES, *LOOPS, *ENDS]
