"""The ring keeps the last warnings of every process, within its bytes."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import Code, OohError
from player._ring import RING_BYTES, Ring
from player.log import keep_warnings


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    it = logging.getLogger()
    before = list(it.handlers)
    yield it
    for handler in it.handlers[:]:
        if handler not in before:
            it.removeHandler(handler)
            handler.close()


def told(state: Path, root: logging.Logger, part: str = "screen") -> logging.Handler:
    keep_warnings(state, part)
    return root.handlers[-1]


def test_warnings_and_worse_are_kept_newest_first(tmp_path: Path, root: logging.Logger) -> None:
    handler = told(tmp_path, root)
    log = logging.getLogger("ooh.show")
    log.setLevel(logging.INFO)
    log.info("play.started")
    log.warning("stage.late", extra={"facts": {"by_ms": 7}})
    log.error("stage.failed", exc_info=OohError(Code.CREATIVE_CORRUPT, "cut"))
    handler.close()
    newest, oldest = Ring(tmp_path).newest(10)
    assert (newest["event"], newest["level"], newest["part"], newest["code"]) == (
        "stage.failed",
        "error",
        "screen",
        "creative.corrupt",
    )
    assert (oldest["event"], oldest["by_ms"], oldest["room"]) == ("stage.late", 7, "show")
    assert (tmp_path / "log" / "warnings.jsonl").stat().st_mode & 0o777 == 0o600


def test_it_stays_within_its_bytes_and_keeps_the_newest(tmp_path: Path) -> None:
    ring = Ring(tmp_path)
    for number in range(2_000):
        ring.add(json.dumps({"number": number, "text": "x" * 500}))
    size = sum(file.stat().st_size for file in (tmp_path / "log").iterdir())
    assert size <= RING_BYTES + 8_192
    assert [entry["number"] for entry in ring.newest(3)] == [1_999, 1_998, 1_997]
    assert len(ring.newest(10_000)) > 200


def test_many_writers_lose_and_mix_nothing(tmp_path: Path) -> None:
    def write(name: str) -> None:
        ring = Ring(tmp_path)
        for number in range(200):
            ring.add(json.dumps({"who": name, "number": number, "text": "y" * 300}))

    writers = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    kept = Ring(tmp_path).newest(10_000)
    assert len({(entry["who"], entry["number"]) for entry in kept}) == len(kept)
    assert len(kept) > 300
    assert all(any(entry["who"] == name and entry["number"] == 199 for entry in kept) for name in "abc")


def test_a_storm_is_counted_and_not_written(tmp_path: Path, root: logging.Logger) -> None:
    handler = told(tmp_path, root)
    for number in range(500):
        logging.getLogger("ooh.show").warning("storm", extra={"facts": {"number": number}})
    handler.close()
    assert 1 <= len(Ring(tmp_path).newest(1_000)) <= 120


def test_a_disk_that_takes_nothing_stops_nobody(tmp_path: Path, root: logging.Logger) -> None:
    (tmp_path / "log").write_text("a file where the folder should be")
    handler = told(tmp_path, root)
    logging.getLogger("ooh.show").warning("once")
    handler.close()
    assert Ring(tmp_path).newest(10) == []


def test_damaged_lines_are_left_out_and_long_values_are_cut(tmp_path: Path, root: logging.Logger) -> None:
    handler = told(tmp_path, root)
    logging.getLogger("ooh.show").warning("long", extra={"facts": {"text": "z" * 50_000}})
    handler.close()
    with (tmp_path / "log" / "warnings.jsonl").open("ab") as file:
        file.write(b'{"half": \n[1]\n\xff\xfe\n')
    (entry,) = Ring(tmp_path).newest(10)
    assert len(entry["text"]) < 1_100
