"""The conformance table of GIFs (GIF87a, GIF89a, and browsers where they agree to differ).

Every row was compared with Chromium 156's own decoder (``ImageDecoder``): pixels, delays and repeats. Those marked
"Firefox" are read past where Chromium stops, as Firefox reads past them.
"""

from __future__ import annotations

from dataclasses import replace

from config import Size
from tests.renderer.prepare.animation_rows import Row
from tests.renderer.prepare.gif_maker import (
    BLACK,
    BLUE,
    GREEN,
    PALETTE,
    RED,
    Patch,
    comment,
    control,
    loops,
    make_gif,
    plain_text,
)

S = Size(8, 8)
FULL = Patch(0, 0, 8, 8, RED)
SPOT = Patch(2, 2, 2, 2, GREEN)
DOT = Patch(0, 0, 1, 1, BLUE)
QUARTER = Patch(0, 0, 4, 4, RED)
TWO = "RRRR RGGR"


def gif(*patches: Patch, **options: object) -> bytes:
    return make_gif(S, list(patches), **options)  # type: ignore[arg-type]


DISPOSAL = [
    Row("89a 23 c iv 0: no disposal keeps", gif(FULL, replace(SPOT, disposal=0), DOT), "RRRR RGGR BGGR"),
    Row("89a 23 c iv 1: left in place", gif(FULL, replace(SPOT, disposal=1), DOT), "RRRR RGGR BGGR"),
    Row(
        "89a 23 c iv 2: cleared, transparent as in browsers",
        gif(FULL, replace(SPOT, disposal=2), DOT),
        "RRRR RGGR B..R",
    ),
    Row("89a 23 c iv 3: what was before", gif(FULL, replace(SPOT, disposal=3), DOT), "RRRR RGGR BRRR"),
    Row("browsers: 4 is 3", gif(FULL, replace(SPOT, disposal=4), DOT), "RRRR RGGR BRRR"),
    Row("89a 23 c iv 5: reserved, keeps", gif(FULL, replace(SPOT, disposal=5), DOT), "RRRR RGGR BGGR"),
    Row("89a 23 c iv 6: reserved, keeps", gif(FULL, replace(SPOT, disposal=6), DOT), "RRRR RGGR BGGR"),
    Row("89a 23 c iv 7: reserved, keeps", gif(FULL, replace(SPOT, disposal=7), DOT), "RRRR RGGR BGGR"),
    Row("first frame, 0", gif(replace(QUARTER, disposal=0), DOT), "RRR. BRR."),
    Row("first frame, 1", gif(replace(QUARTER, disposal=1), DOT), "RRR. BRR."),
    Row("first frame, 2", gif(replace(QUARTER, disposal=2), DOT), "RRR. B..."),
    Row("first frame, 3: before it all was transparent", gif(replace(QUARTER, disposal=3), DOT), "RRR. B..."),
    Row("first frame, 4", gif(replace(QUARTER, disposal=4), DOT), "RRR. B..."),
    Row("first frame, 5", gif(replace(QUARTER, disposal=5), DOT), "RRR. BRR."),
    Row(
        "3 twice: the same state is restored",
        gif(FULL, replace(SPOT, disposal=3), replace(DOT, disposal=3), Patch(7, 7, 1, 1, BLUE)),
        "RRRR RGGR BRRR RRRB",
    ),
    Row(
        "3 after 2: the cleared state is restored",
        gif(FULL, replace(SPOT, disposal=2), replace(SPOT, colour=BLUE, disposal=3), DOT),
        "RRRR RGGR RBBR B..R",
    ),
    Row("2 clears its own rectangle only", gif(FULL, replace(DOT, disposal=2), SPOT), "RRRR BRRR .GGR"),
    Row("2 on the whole canvas", gif(replace(FULL, disposal=2), SPOT), "RRRR .GG."),
    Row(
        "2 clears what its transparent pixels let through",
        gif(FULL, replace(SPOT, transparent=GREEN, disposal=2), DOT),
        "RRRR RRRR B..R",
    ),
    Row(
        "89a 23: a control counts for its own picture only",
        gif(FULL, replace(SPOT, disposal=2), replace(DOT, control=False), Patch(7, 7, 1, 1, BLUE, control=False)),
        "RRRR RGGR B..R B..B",
    ),
    Row("89a 18 c vi: the background colour is ignored", gif(SPOT, DOT, background=BLUE), ".GG. BGG."),
    Row("... also by disposal 2", gif(replace(FULL, disposal=2), DOT, background=BLUE), "RRRR B..."),
]

PLACES = [
    Row("89a 20: canvas grows to hold the first picture", gif(Patch(4, 4, 8, 8, RED), SPOT), "...R .GGR"),
    Row("a later picture is cut at the edge", gif(FULL, Patch(6, 6, 8, 8, GREEN), DOT), "RRRR RRRG BRRG"),
    Row("cut at the edge, then cleared", gif(FULL, Patch(6, 6, 8, 8, GREEN, disposal=2), DOT), "RRRR RRRG BRR."),
    Row("cut at the edge, then restored", gif(FULL, Patch(6, 6, 8, 8, GREEN, disposal=3), DOT), "RRRR RRRG BRRR"),
    Row("a later picture off the canvas", gif(FULL, Patch(20, 20, 8, 8, GREEN), DOT), "RRRR RRRR BRRR"),
    Row("a first picture off the canvas", gif(Patch(20, 20, 4, 4, RED), DOT), ".... B..."),
    Row("a canvas of 0x0", make_gif(Size(0, 0), [FULL, SPOT]), TWO),
    Row("a canvas of 0x8", make_gif(Size(0, 8), [FULL, SPOT]), TWO),
    Row("a picture of 0x0", gif(FULL, Patch(2, 2, 0, 0, GREEN, indices=()), DOT), "RRRR RRRR BRRR"),
    Row("a picture of 0x3", gif(FULL, Patch(2, 2, 0, 3, GREEN, indices=()), DOT), "RRRR RRRR BRRR"),
    Row("a first picture of 0x0", gif(Patch(0, 0, 0, 0, GREEN, indices=()), SPOT), ".... .GG."),
    Row(
        "89a appendix E: interlaced rows",
        gif(FULL, Patch(2, 2, 2, 5, 0, indices=(1, 1, 2, 2, 3, 3, 1, 2, 2, 3), interlaced=True)),
        "RRRR RRGR",
    ),
    Row("a first picture of the full canvas, interlaced", gif(replace(FULL, interlaced=True), SPOT), TWO),
    Row("GIF87a", gif(FULL, SPOT, version=b"GIF87a"), TWO),
]

SOME = ((255, 255, 255), (0, 0, 255))
COLOURS = [
    Row("89a 21: a local palette", gif(FULL, replace(SPOT, colour=1, local=SOME)), "RRRR RBBR"),
    Row(
        "a local palette counts for its own picture",
        gif(FULL, replace(SPOT, colour=1, local=SOME), DOT),
        "RRRR RBBR BBBR",
    ),
    Row("only local palettes", gif(replace(FULL, local=PALETTE), SPOT, palette=None), "RRRR RKKR"),  # type: ignore[arg-type]
    Row("browsers: without any palette all is black", gif(FULL, SPOT, palette=None), "KKKK KKKK"),
    Row("browsers: beyond a local palette is black", gif(FULL, replace(SPOT, local=SOME)), "RRRR RKKR"),
    Row(
        "beyond the global palette is black",
        gif(replace(FULL, colour=BLUE), replace(SPOT, colour=1), palette=PALETTE[:2]),
        "KKKK KRRK",
    ),
    Row(
        "beyond a palette that looks like greys",
        gif(replace(FULL, colour=BLUE), replace(SPOT, colour=1), palette=((0, 0, 0), (255, 0, 0))),
        "KKKK KRRK",
    ),
    Row("89a 23 c vii: a transparent index", gif(FULL, replace(SPOT, second=BLACK, transparent=BLACK)), "RRRR RGRR"),
    Row(
        "a transparent index beyond the palette, used", gif(FULL, replace(SPOT, transparent=2, local=SOME)), "RRRR RRRR"
    ),
    Row("a transparent index beyond the palette, unused", gif(FULL, replace(SPOT, transparent=200)), TWO),
    Row("a transparent first frame", gif(replace(FULL, transparent=RED), SPOT), ".... .GG."),
    Row("transparent all over changes nothing", gif(FULL, replace(SPOT, transparent=GREEN)), "RRRR RRRR"),
    Row(
        "a transparent index counts for its own picture only",
        gif(replace(FULL, transparent=BLACK), replace(SPOT, colour=BLACK)),
        "RRRR RKKR",
    ),
]


def timed(*delays_cs: int) -> bytes:
    return gif(*(Patch(0, 0, 8, 8, 1 + i % 3, delay_cs=d) for i, d in enumerate(delays_cs)))


TIMES = [
    Row("browsers: 0 cs is 100 ms", timed(0, 5), "RRRR GGGG", (100, 50)),
    Row("browsers: 1 cs is 100 ms", timed(1, 5), "RRRR GGGG", (100, 50)),
    Row("2 cs is 20 ms", timed(2, 5), "RRRR GGGG", (20, 50)),
    Row("3 cs is 30 ms", timed(3, 5), "RRRR GGGG", (30, 50)),
    Row("10 cs", timed(10, 100), "RRRR GGGG", (100, 1000)),
    Row("65535 cs", timed(65535, 256), "RRRR GGGG", (655_350, 2560)),
    Row("a mix of all", timed(0, 1, 2), "RRRR GGGG BBBB", (100, 100, 20)),
    Row("no control: 0 cs", gif(replace(FULL, control=False), SPOT), TWO, (100, 100)),
    Row(
        "89a 23 c v: waiting for a key is not waited for",
        gif(FULL, replace(SPOT, control=False, before=control(2, 100))),
        TWO,
        (100, 1000),
    ),
    Row(
        "89a 23: the later of two controls counts",
        gif(FULL, replace(SPOT, before=control(8, 50), delay_cs=30)),
        TWO,
        (100, 300),
    ),
    Row(
        "a comment between control and picture",
        gif(FULL, replace(SPOT, delay_cs=33, between=comment())),
        TWO,
        (100, 330),
    ),
    Row(
        "a loop count between control and picture",
        gif(FULL, replace(SPOT, delay_cs=33, between=loops(0))),
        TWO,
        (100, 330),
        0,
    ),
    Row(
        "browsers: plain text is not drawn, its control stays",
        gif(FULL, replace(SPOT, control=False, before=control(8, 33) + plain_text()), DOT),
        "RRRR RGGR B..R",
        (100, 330, 100),
    ),
    Row("plain text before the control", gif(FULL, replace(SPOT, before=plain_text())), TWO, (100, 100)),
]

BUFFERING = b"\x05\x02\0\0\x01\0"
NETSCAPE = b"!\xff\x0bNETSCAPE2.0"
LOOPS = [
    Row("absent: once", gif(FULL, SPOT), TWO, loops=1),
    Row("NETSCAPE2.0 0: for ever", gif(FULL, SPOT, loop=loops(0)), TWO, loops=0),
    Row("NETSCAPE2.0 1: repeated once, so twice", gif(FULL, SPOT, loop=loops(1)), TWO, loops=2),
    Row("NETSCAPE2.0 2: three times", gif(FULL, SPOT, loop=loops(2)), TWO, loops=3),
    Row("NETSCAPE2.0 65535", gif(FULL, SPOT, loop=loops(65535)), TWO, loops=65536),
    Row("ANIMEXTS1.0 0", gif(FULL, SPOT, loop=loops(0, b"ANIMEXTS1.0")), TWO, loops=0),
    Row("ANIMEXTS1.0 2", gif(FULL, SPOT, loop=loops(2, b"ANIMEXTS1.0")), TWO, loops=3),
    Row("the last of two counts: 2, 5", gif(FULL, SPOT, loop=loops(2) + loops(5)), TWO, loops=6),
    Row("the last of two counts: 5, 0", gif(FULL, SPOT, loop=loops(5) + loops(0)), TWO, loops=0),
    Row("between the pictures", gif(FULL, replace(SPOT, before=loops(3))), TWO, loops=4),
    Row("at the end", gif(FULL, SPOT, trailer=loops(3) + b";"), TWO, loops=4),
    Row("another application", gif(FULL, SPOT, loop=loops(3, b"XMP DataXMP")), TWO, loops=1),
    Row("another version", gif(FULL, SPOT, loop=loops(3, b"NETSCAPE1.0")), TWO, loops=1),
    Row("buffering after it", gif(FULL, SPOT, loop=NETSCAPE + b"\x03\x01\x04\0" + BUFFERING + b"\0"), TWO, loops=5),
    Row(
        "browsers: buffering before it hides it",
        gif(FULL, SPOT, loop=NETSCAPE + BUFFERING + b"\x03\x01\x04\0\0"),
        TWO,
        loops=1,
    ),
    Row("a block of 4 bytes", gif(FULL, SPOT, loop=NETSCAPE + b"\x04\x01\x04\0\0\0"), TWO, loops=1),
    Row("a block of 2 bytes", gif(FULL, SPOT, loop=NETSCAPE + b"\x02\x01\x04\0"), TWO, loops=1),
    Row("another sub-block id", gif(FULL, SPOT, loop=NETSCAPE + b"\x03\x41\x04\0\0"), TWO, loops=1),
]

WHOLE = gif(FULL, SPOT, DOT)
ENDS = [
    Row("no closing byte", gif(FULL, SPOT, trailer=b""), TWO, warns="without its closing byte"),
    Row(
        "zeros and nothing after the last picture",
        gif(FULL, SPOT, trailer=b"\0\0"),
        TWO,
        warns="without its closing byte",
    ),
    Row("junk after the closing byte", gif(FULL, SPOT, trailer=b";junk"), TWO),
    Row("an unknown extension", gif(FULL, replace(SPOT, before=b"!\x55\x03abc\0")), TWO),
    Row(
        "an unknown block after two pictures",
        gif(FULL, SPOT, replace(DOT, before=b"\x77")),
        TWO,
        warns="no GIF and is left out",
    ),
    Row("cut within the last picture", WHOLE[:-4], TWO, warns="the GIF is cut: its 2 whole pictures"),
    Row("cut within a control", gif(FULL, SPOT, trailer=control()[:5]), TWO, warns="the GIF is cut"),
    Row("cut after a control", gif(FULL, SPOT, trailer=control()), TWO, warns="the GIF is cut"),
    Row(
        "too few pixels in a picture",
        gif(FULL, SPOT, replace(DOT, w=2, h=2, indices=(2, 2)), FULL),
        TWO,
        warns="from frame 3 on it is damaged: 2 of its 4",
    ),
    Row("too many pixels in a picture", gif(FULL, replace(SPOT, indices=(2,) * 40), DOT), "RRRR RGGR BGGR"),
    Row("Firefox: zeros between blocks", gif(FULL, replace(SPOT, before=b"\0\0")), TWO),
    Row(
        "Firefox: a control of 5 bytes",
        gif(FULL, replace(SPOT, control=False, before=b"!\xf9\x05\0\x21\0\0\0\0")),
        TWO,
        (100, 330),
    ),
]

ROWS = [*DISPOSAL, *PLACES, *COLOURS, *TIMES, *LOOPS, *ENDS]
