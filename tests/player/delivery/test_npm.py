"""The aggregate is read back by the npm package ``aws-kinesis-agg``: other people's code in another language."""

from __future__ import annotations

import base64
import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from player.delivery import Aggregates, encode, pack
from tests.player.delivery.waiting import MemoryQueue

VENV = Path(sys.prefix)
SCRIPT = Path(__file__).with_name("deaggregate.cjs")
SIZES = (0, 1, 120, 121, 122, 123, 124, 125, 126, 127, 128, 16_376, 16_380, 16_383, 16_384, 100_000)


def by_npm(aggregates: Sequence[bytes]) -> list[dict[str, Any]]:
    """What Amazon's package finds in each. Node and the package come with ``requirements/bootstrap dev``."""
    done = subprocess.run(
        [VENV / "bin" / "node", SCRIPT],
        input="\n".join(base64.b64encode(each).decode() for each in aggregates),
        env=os.environ | {"NODE_PATH": str(VENV / "npm" / "node_modules"), "NODE_NO_WARNINGS": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def inside(found: dict[str, Any]) -> list[tuple[str, bytes]]:
    assert "error" not in found, found
    return [(key, base64.b64decode(data)) for key, data in found["records"]]


def test_it_reads_every_size_and_key() -> None:
    dice = random.Random(1)
    cases = [
        (key, [dice.randbytes(size), b"y\n"]) for size in SIZES for key in ("screen-1", "k", "Zürich Ж 3", "x" * 200)
    ]
    cases += [
        ("screen-1", [dice.randbytes(dice.randrange(400)) for _ in range(dice.randrange(1, 80))]) for _ in range(50)
    ]
    found = by_npm([encode(key, records) for key, records in cases])
    assert len(found) == len(cases)
    for (key, records), one in zip(cases, found, strict=True):
        assert inside(one) == [(key, record) for record in records]


def test_it_reads_a_queue_as_it_is_packed() -> None:
    queue = MemoryQueue()
    queue.add(300, size_bytes=1_300)
    entries = list(pack(Aggregates("screen-1"), queue.plays, 25_000))
    assert len(entries) > 10
    got = [pair for one in by_npm([entry.data for entry in entries]) for pair in inside(one)]
    assert got == [("screen-1", play.record + b"\n") for play in queue.plays]


def test_it_would_tell_a_damaged_one() -> None:
    good = encode("screen-1", [b"a" * 50, b"b" * 50])
    bad = good[:40] + bytes((good[40] ^ 1,)) + good[41:]
    found = by_npm([good, bad])
    assert inside(found[0]) == [("screen-1", b"a" * 50), ("screen-1", b"b" * 50)]
    assert "error" in found[1]
