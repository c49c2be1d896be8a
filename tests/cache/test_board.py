"""A board is read whole or not at all."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from cache import Board
from config import Code, OohError


def test_write_and_read(tmp_path: Path) -> None:
    assert Board.read(tmp_path, "screen") is None
    Board(tmp_path, "screen").write({"pid": 1, "on": {"kind": "ad"}})
    assert Board.read(tmp_path, "screen") == {"pid": 1, "on": {"kind": "ad"}}
    assert Board.read(tmp_path, "agent") is None
    assert [path.name for path in tmp_path.iterdir()] == ["screen.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"a": "\xff"}'])
def test_rubbish_is_no_board(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "agent.json").write_bytes(content)
    assert Board.read(tmp_path, "agent") is None


def test_a_reader_never_sees_half(tmp_path: Path) -> None:
    board, stop = Board(tmp_path, "agent"), threading.Event()
    board.write({"number": 0, "padding": "x" * 20_000})

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            board.write({"number": number, "padding": "x" * 20_000})

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert all(Board.read(tmp_path, "agent") is not None for _ in range(300))
    finally:
        stop.set()
        writer.join()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(OohError) as raised:
        Board(tmp_path / "missing", "agent").write({})
    assert raised.value.code is Code.CACHE_UNAVAILABLE


def test_what_a_killed_process_left_half_written_is_swept(tmp_path: Path) -> None:
    gone = tmp_path / "agent.999999999.new"
    at_work = tmp_path / f"agent.{os.getppid()}.new"
    anothers = tmp_path / "screen.999999999.new"
    for path in (gone, at_work, anothers):
        path.write_bytes(b"half")
    Board(tmp_path, "agent").write({})
    assert sorted(path.name for path in tmp_path.glob("*.new")) == sorted([at_work.name, anothers.name])
