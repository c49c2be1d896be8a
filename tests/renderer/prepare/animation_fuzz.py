"""Mutates animations and prepares them: ``python -m tests.renderer.prepare.animation_fuzz [COUNT [SEED]]``.

Every mutant must become a plate that can be shown, or be refused with a creative's code, within its limits. The work
is done in this process, not in the box: what the box would catch shows as a failure here.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
import warnings
import zlib
from collections import Counter
from pathlib import Path

from config import Code, OohError, Size
from renderer.plate import PlateFile
from renderer.prepare._make import make_plate
from tests.renderer.prepare import apng_maker, gif_maker, webp_maker
from tests.renderer.prepare.conftest import order_for

MOST_SECONDS = 5.0
SCREEN = Size(160, 120)
_INTERESTING = (0, 1, 2, 3, 4, 0x21, 0x2C, 0x3B, 0x7F, 0x80, 0xF9, 0xFE, 0xFF)


def seeds(count: int = 60) -> list[bytes]:
    """Small animations of every kind."""
    chance = random.Random(0)
    makers = (_gif, _apng, _webp)
    return [makers[i % 3](chance) for i in range(count)]


def _gif(chance: random.Random) -> bytes:
    patches = [
        gif_maker.Patch(
            *_place(chance, 1), chance.randrange(4), second=chance.choice([None, 0, 3]), disposal=chance.randrange(4),
            transparent=chance.choice([None, 0]), interlaced=chance.random() < 0.3,
        )
        for _ in range(chance.randint(1, 5))
    ]  # fmt: skip
    return gif_maker.make_gif(Size(24, 24), patches, loop=gif_maker.loops(chance.randrange(3)))


def _apng(chance: random.Random) -> bytes:
    kinds = ((b"\x08\x06\0\0\0", 4), (b"\x08\x02\0\0\0", 3), (b"\x10\x04\0\0\0", 4), (b"\x08\0\0\0\1", 1))
    header, channels = chance.choice(kinds)
    parts = [
        apng_maker.Part(
            *_place(chance, 1), tuple(chance.randrange(256) for _ in range(channels)), chance.randrange(3),
            chance.randrange(2), interlaced=header[-1] == 1,
        )
        for _ in range(chance.randint(1, 4))
    ]  # fmt: skip
    return apng_maker.make_apng(parts, size=(24, 24), header=header, hidden=(9,) * channels)


def _webp(chance: random.Random) -> bytes:
    parts = [
        webp_maker.Part(
            *_place(chance, 2), chance.choice([webp_maker.RED, webp_maker.HALF_WHITE]), chance.random() < 0.5
        )
        for _ in range(chance.randint(2, 4))
    ]
    return webp_maker.make_webp(parts, size=(24, 24))


def _place(chance: random.Random, step: int) -> tuple[int, int, int, int]:
    x, y = (chance.randrange(0, 20, step) for _ in "xy")
    return x, y, chance.randint(1, 24 - x), chance.randint(1, 24 - y)


def mutated(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """One to six small changes; the checksums of a PNG's chunks are mended most times, so that damage gets further."""
    mutant = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        if not mutant:
            break
        at = chance.randrange(len(mutant))
        span = chance.randint(1, 24)
        match chance.randrange(6):
            case 0:
                mutant[at] ^= 1 << chance.randrange(8)
            case 1:
                mutant[at] = chance.choice(_INTERESTING)
            case 2:
                del mutant[at : at + span]
            case 3:
                mutant[at:at] = mutant[at : at + span]
            case 4:
                other = chance.choice(others)
                start = chance.randrange(len(other))
                mutant[at : at + span] = other[start : start + span]
            case _:
                if chance.random() < 0.3:
                    del mutant[at:]
    return _mended(bytes(mutant)) if chance.random() < 0.8 else bytes(mutant)


def outcome(data: bytes, folder: Path) -> str:
    """A plate's kind, or the code of the refusal. Raises whatever is neither."""
    source, part = folder / "creative", folder / "plate"
    source.write_bytes(data)
    try:
        make_plate(order_for(source, part, SCREEN, max_pixels=300_000, max_frames=100))
    except OohError as error:
        if not error.code.code.startswith("creative."):
            raise
        return error.code.code
    with PlateFile.open(part) as plate:
        for index in range(1, len(plate.delays_ms)):
            plate.frame(index)
        return plate.plate_fields.kind


def _mended(png: bytes) -> bytes:
    if not png.startswith(b"\x89PNG"):
        return png
    out, at = bytearray(png[:8]), 8
    while at + 12 <= len(png):
        length = int.from_bytes(png[at : at + 4])
        if at + 12 + length > len(png):
            break
        body = png[at + 4 : at + 8 + length]
        out += png[at : at + 4] + body + zlib.crc32(body).to_bytes(4)
        at += 12 + length
    return bytes(out) + png[at:]


def main() -> None:
    count, seed = (int(word) for word in [*sys.argv[1:], "5000", "1"][:2])
    warnings.simplefilter("ignore")
    chance, files, outcomes, slowest = random.Random(seed), seeds(), Counter[str](), 0.0
    with tempfile.TemporaryDirectory() as name:
        for _ in range(count):
            data = mutated(chance.choice(files), chance, files)
            began = time.monotonic()
            try:
                outcomes[outcome(data, Path(name))] += 1
            except Exception:
                kept = Path(tempfile.gettempdir(), "animation_fuzz_failure")
                kept.write_bytes(data)
                sys.stderr.write(f"the mutant is in {kept}\n")
                raise
            slowest = max(slowest, time.monotonic() - began)
    assert slowest < MOST_SECONDS, slowest
    assert set(outcomes) <= {"still", "animation", "video"} | {code.code for code in Code}
    sys.stdout.write(f"{count} mutants, slowest {slowest:.2f} s: {dict(outcomes.most_common())}\n")


if __name__ == "__main__":
    main()
