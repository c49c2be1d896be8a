"""The conformance table of animated PNGs (PNG third edition, 4.9 and 11.3.6).

Every row was compared with Chromium 156's own decoder (``ImageDecoder``): pixels, delays and repeats. Those marked
"stricter" end before a picture whose checksum or data is wrong, where Chromium shows a part of it; those marked
"whole" show a last picture that is whole though the file is cut behind it.
"""

from __future__ import annotations

from dataclasses import replace

from tests.renderer.prepare.animation_rows import Row
from tests.renderer.prepare.apng_maker import (
    BACKGROUND,
    BLUE,
    CLEAR,
    END,
    GREEN,
    HALF_WHITE,
    OVER,
    PREVIOUS,
    RED,
    SIGNATURE,
    SOURCE,
    Part,
    chunk,
    chunks_of,
    control,
    data,
    head,
    make_apng,
    pixels,
)

FULL = Part(0, 0, 8, 8)
SPOT = Part(2, 2, 2, 2, GREEN)
DOT = Part(0, 0, 1, 1, BLUE)
QUARTER = Part(0, 0, 4, 4)
TWO = "RRRR RGGR"
DAMAGED = "its animation is damaged"


def apng(*parts: Part, **options: object) -> bytes:
    return make_apng(list(parts), **options)  # type: ignore[arg-type]


def joined(*chunks: bytes) -> bytes:
    return b"".join((SIGNATURE, head(), *chunks, END))


DISPOSAL = [
    Row("11.3.6.2 dispose 0: none", apng(FULL, replace(SPOT, dispose=0), DOT), "RRRR RGGR BGGR"),
    Row(
        "11.3.6.2 dispose 1: background, transparent black", apng(FULL, replace(SPOT, dispose=1), DOT), "RRRR RGGR B..R"
    ),
    Row("11.3.6.2 dispose 2: previous", apng(FULL, replace(SPOT, dispose=2), DOT), "RRRR RGGR BRRR"),
    Row("first picture, none", apng(FULL, DOT), "RRRR BRRR"),
    Row("first picture, background", apng(replace(FULL, dispose=BACKGROUND), DOT), "RRRR B..."),
    Row("11.3.6.2: first picture, previous is background", apng(replace(FULL, dispose=PREVIOUS), DOT), "RRRR B..."),
    Row(
        "previous twice",
        apng(FULL, replace(SPOT, dispose=2), replace(DOT, dispose=2), replace(DOT, x=7, y=7)),
        "RRRR RGGR BRRR RRRB",
    ),
    Row(
        "previous after background",
        apng(FULL, replace(SPOT, dispose=1), replace(SPOT, colour=BLUE, dispose=2), DOT),
        "RRRR RGGR RBBR B..R",
    ),
    Row(
        "11.3.6.2 blend 0: source replaces alpha too",
        apng(FULL, replace(SPOT, colour=CLEAR, blend=SOURCE)),
        "RRRR R..R",
    ),
    Row("blend 0 with half alpha", apng(FULL, replace(SPOT, colour=HALF_WHITE, blend=SOURCE)), "RRRR R??R"),
    Row("11.3.6.2 blend 1: over, nothing to see", apng(FULL, replace(SPOT, colour=CLEAR, blend=OVER)), "RRRR RRRR"),
    Row("blend 1 over what is transparent", apng(replace(FULL, colour=CLEAR), replace(SPOT, blend=OVER)), ".... .GG."),
    Row("4.9.1: a hidden default image is no frame", apng(FULL, SPOT, hidden=BLUE), TWO),
    Row("4.9.3: after a hidden one the canvas is transparent", apng(SPOT, DOT, hidden=BLUE), ".GG. BGG."),
    Row(
        "hidden, then previous on the first picture",
        apng(replace(QUARTER, dispose=PREVIOUS), DOT, hidden=BLUE),
        "RRR. B...",
    ),
]


def timed(numerator: int, denominator: int) -> bytes:
    return apng(replace(FULL, numerator=numerator, denominator=denominator), SPOT)


TIMES = [
    Row("11.3.6.2: denominator 0 is 100", timed(10, 0), TWO, (100, 100)),
    Row("11.3.6.2: denominator 0 is 100, 1 s", timed(100, 0), TWO, (1000, 100)),
    Row("browsers: 0 is 100 ms", timed(0, 10), TWO, (100, 100)),
    Row("browsers: 0 / 0 is 100 ms", timed(0, 0), TWO, (100, 100)),
    Row("browsers: 1 ms is 100 ms", timed(1, 1000), TWO, (100, 100)),
    Row("browsers: 10 ms is 100 ms", timed(1, 100), TWO, (100, 100)),
    Row("browsers: 10.1 ms is 100 ms", timed(1, 99), TWO, (100, 100)),
    Row("11 ms", timed(11, 1000), TWO, (11, 100)),
    Row("a thirtieth of a second", timed(1, 30), TWO, (33, 100)),
    Row("18 hours", timed(65535, 1), TWO, (65_535_000, 100)),
]

LOOPS = [
    Row("11.3.6.1 num_plays 0: for ever", apng(FULL, SPOT, plays=0), TWO, loops=0),
    Row("num_plays 1", apng(FULL, SPOT, plays=1), TWO, loops=1),
    Row("num_plays 5", apng(FULL, SPOT, plays=5), TWO, loops=5),
    Row("the first of two acTL", joined(*chunks_of([FULL, SPOT])[:1], *chunks_of([FULL, SPOT], plays=7)), TWO, loops=0),
]

A = chunks_of([FULL, SPOT, DOT])
"""acTL, fcTL, IDAT, fcTL, fdAT, fcTL, fdAT."""
FLIPPED = bytes((A[6][-1] ^ 1,))
ORDER = [
    Row("num_frames below what there is", apng(FULL, SPOT, DOT, listed=2), TWO),
    Row("num_frames above what there is", apng(FULL, SPOT, listed=3), TWO, warns="2 of its 3"),
    Row(
        "11.3.6.3: data in two chunks",
        joined(
            *A[:4],
            chunk(b"fdAT", b"\0\0\0\2" + pixels(SPOT)[:9]),
            chunk(b"fdAT", b"\0\0\0\3" + pixels(SPOT)[9:]),
            control(DOT, 4),
            data(DOT, 5),
        ),
        "RRRR RGGR BGGR",
    ),
    Row("a text chunk between control and data", joined(*A[:6], chunk(b"tEXt", b"a\0b"), A[6]), "RRRR RGGR BGGR"),
    Row("fcTL before acTL", joined(A[1], A[0], *A[2:]), "RRRR RGGR BGGR"),
    Row(
        "the later of two fcTL without data between",
        joined(*A[:3], control(SPOT, 1), control(DOT, 2), data(DOT, 3)),
        "RRRR BRRR",
        warns="2 of its 3",
    ),
    Row("IDAT after the animation", joined(*A, chunk(b"IDAT", pixels(FULL))), "RRRR RGGR BGGR"),
    Row("4.9.2: a gap in the sequence", joined(*A[:5], control(DOT, 9), data(DOT, 10)), TWO, warns=DAMAGED),
    Row("4.9.2: a data chunk out of order", joined(*A[:6], data(DOT, 2)), TWO, warns=DAMAGED),
    Row(
        "11.3.6.2: a picture over the edge", joined(*A[:3], control(replace(SPOT, x=7), 1), A[4]), "RRRR", warns=DAMAGED
    ),
    Row(
        "11.3.6.2: a picture without width", joined(*A[:3], control(replace(SPOT, w=0), 1), A[4]), "RRRR", warns=DAMAGED
    ),
    Row("a disposal that does not exist", apng(FULL, replace(SPOT, dispose=3), DOT), "RRRR", warns=DAMAGED),
    Row("a blending that does not exist", apng(FULL, replace(SPOT, blend=2), DOT), "RRRR", warns=DAMAGED),
    Row(
        "a control with a wrong checksum", joined(*A[:5], A[5][:-1] + bytes((A[5][-1] ^ 1,)), A[6]), TWO, warns=DAMAGED
    ),
    Row("stricter: data with a wrong checksum", joined(*A[:6], A[6][:-1] + FLIPPED), TWO, warns="from frame 3 on"),
    Row(
        "data that cannot be unpacked",
        joined(*A[:6], chunk(b"fdAT", b"\0\0\0\4junkjunk")),
        TWO,
        warns="from frame 3 on",
    ),
    Row(
        "fewer rows than the picture has",
        joined(*A[:4], chunk(b"fdAT", b"\0\0\0\2" + pixels(replace(SPOT, h=1))), *A[5:]),
        "RRRR",
        warns="from frame 2 on",
    ),
    Row("cut within the last picture", joined(*A)[:-30], TWO, warns="the PNG is cut"),
    Row("cut after a control", joined(*A)[: -len(END) - len(A[6])], TWO, warns="the PNG is cut"),
    Row("whole: cut before IEND", joined(*A)[:-12], "RRRR RGGR BGGR", warns="without its closing chunk"),
]

GREY = b"\x08\0\0\0\0"
PALETTE = chunk(b"PLTE", bytes((255, 0, 0, 0, 255, 0, 0, 0, 255)))
INDEXED = b"\x08\x03\0\0\0"
COLOURS = [
    Row(
        "8.1: interlaced pictures",
        apng(*(replace(part, interlaced=True) for part in (FULL, SPOT)), header=b"\x08\x06\0\0\x01"),
        TWO,
    ),
    Row(
        "a palette for all",
        apng(replace(FULL, colour=(0,)), replace(SPOT, colour=(1,)), header=INDEXED, shared=PALETTE),
        TWO,
    ),
    Row(
        "a palette with alpha",
        apng(
            replace(FULL, colour=(0,)),
            replace(SPOT, colour=(1,)),
            header=INDEXED,
            shared=PALETTE + chunk(b"tRNS", b"\xff\0"),
        ),
        "RRRR R..R",
    ),
    Row(
        "a palette with alpha, over",
        apng(
            replace(FULL, colour=(0,)),
            replace(SPOT, colour=(1,), blend=OVER),
            header=INDEXED,
            shared=PALETTE + chunk(b"tRNS", b"\xff\0"),
        ),
        "RRRR RRRR",
    ),
    Row(
        "RGB", apng(replace(FULL, colour=(255, 0, 0)), replace(SPOT, colour=(0, 255, 0)), header=b"\x08\x02\0\0\0"), TWO
    ),
    Row(
        "RGB with a key",
        apng(
            replace(FULL, colour=(255, 0, 0)),
            replace(SPOT, colour=(0, 255, 0)),
            header=b"\x08\x02\0\0\0",
            shared=chunk(b"tRNS", b"\0\0\0\xff\0\0"),
        ),
        "RRRR R..R",
    ),
    Row("grey", apng(replace(FULL, colour=(0,)), replace(SPOT, colour=(255,)), header=GREY), "KKKK KWWK"),
    Row(
        "grey and alpha",
        apng(replace(FULL, colour=(0, 255)), replace(SPOT, colour=(255, 0)), header=b"\x08\x04\0\0\0"),
        "KKKK K..K",
    ),
    Row(
        "16 bit RGBA",
        apng(
            replace(FULL, colour=(255, 255, 0, 0, 0, 0, 255, 255)),
            replace(SPOT, colour=(0, 0, 255, 255, 0, 0, 255, 255)),
            header=b"\x10\x06\0\0\0",
        ),
        TWO,
    ),
    Row(
        "16 bit grey",
        apng(replace(FULL, colour=(0, 0)), replace(SPOT, colour=(255, 255)), header=b"\x10\0\0\0\0"),
        "KKKK KWWK",
    ),
]

ROWS = [*DISPOSAL, *TIMES, *LOOPS, *ORDER, *COLOURS]

STILLS = {
    "acTL after the picture": joined(A[1], A[2], A[0], *A[3:]),
    "no acTL": joined(*A[1:]),
    "num_frames 0": apng(FULL, SPOT, listed=0),
    "a first control that does not fill the canvas": joined(A[0], control(QUARTER, 0), *A[2:]),
    "a hidden default image and no whole frame": joined(A[0], chunk(b"IDAT", pixels(replace(FULL, colour=RED)))),
}
"""Not shown as an animation, but as the default image, red."""
