"""A word wakes the other side; nobody waits for it."""

from __future__ import annotations

import select
from pathlib import Path

import pytest

from cache import Doorbell, ring
from config import Code, OohError


def test_ring_and_drain(tmp_path: Path) -> None:
    bell = Doorbell.listen(tmp_path, "screen")
    assert bell.drain() == ()
    assert ring(tmp_path, "screen", "leases")
    assert ring(tmp_path, "screen", "screenshot:/tmp/ä.png")
    assert ring(tmp_path, "screen", "leases")
    assert select.select([bell], [], [], 1)[0] == [bell]
    assert bell.drain() == ("leases", "screenshot:/tmp/ä.png")
    assert bell.drain() == ()
    bell.close()


def test_nobody_listens(tmp_path: Path) -> None:
    assert not ring(tmp_path, "agent", "played")
    bell = Doorbell.listen(tmp_path, "agent")
    bell.close()
    assert not ring(tmp_path, "agent", "played")
    assert list(tmp_path.iterdir()) == []


def test_a_full_bell_does_not_block(tmp_path: Path) -> None:
    bell = Doorbell.listen(tmp_path, "agent")
    assert not all(ring(tmp_path, "agent", str(number)) for number in range(100_000))
    assert bell.drain()[0] == "0"
    bell.close()


def test_a_bell_left_by_the_dead_is_replaced(tmp_path: Path) -> None:
    dead = Doorbell.listen(tmp_path, "screen")
    alive = Doorbell.listen(tmp_path, "screen")
    dead.close()  # must not take the new one down
    assert ring(tmp_path, "screen", "feeds")
    assert alive.drain() == ("feeds",)
    alive.close()


def test_a_path_longer_than_an_address(tmp_path: Path) -> None:
    run = tmp_path / ("long" * 40)
    run.mkdir()
    bell = Doorbell.listen(run, "screen")
    assert ring(run, "screen", "stop")
    assert bell.drain() == ("stop",)
    bell.close()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(OohError) as raised:
        Doorbell.listen(tmp_path / "missing", "screen")
    assert raised.value.code is Code.CACHE_UNAVAILABLE
