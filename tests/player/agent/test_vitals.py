"""What an agent gathers for a heartbeat, also when the disk gives nothing."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cache import Beacon, Board, CodeCounter, Folders
from config import CacheConfig, Code, Config, OohError, ProofConfig, ScreenConfig
from player.agent._parts import Bells, Edges, Parts, build
from player.agent._vitals import Vitals
from player.heartbeat import emf_line, exposition
from tests.cache.shapes import make_lease
from tests.fakes import FakeClock
from tests.player.heartbeat.facts import faults

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders.of(CacheConfig(dir=str(tmp_path / "state")), {})


@pytest.fixture
def parts(folders: Folders, clock: FakeClock) -> Iterator[Parts]:
    config = Config(screen=ScreenConfig(id="screen-1"), proof=ProofConfig(stream="plays"))
    made = build(config, folders, clock, "0.1.0", Bells(lambda *_: None, folders.run), Edges())
    yield made
    made.close()


@pytest.fixture
def vitals(parts: Parts, folders: Folders, clock: FakeClock) -> Iterator[Vitals]:
    codes = CodeCounter()
    codes.watch()
    config = Config(screen=ScreenConfig(id="screen-1"), proof=ProofConfig(stream="plays"))
    made = Vitals(config, folders, clock, "0.1.0", parts, codes, lambda: None)
    yield made
    made.close()
    codes.unwatch()


def test_a_fresh_agents_first_is_valid(vitals: Vitals) -> None:
    told = vitals.document(1, {})
    assert faults(told) == []
    assert told["screen"]["running"] is False
    assert told["plays"]["since_last"] is None
    assert set(told["queues"]) == {"kinesis", "beacons"}
    assert told["processes"]["agent"]["pid"] == os.getpid()
    assert told["cache"] == {"bytes": 0, "max_bytes": vitals.parts.cache.store.max_bytes, "creatives": 0, "plates": 0}
    assert vitals.document(2, {})["plays"]["since_last"]["closed"] == 0


def test_a_disk_that_gives_nothing_is_told_of(
    vitals: Vitals, parts: Parts, monkeypatch: pytest.MonkeyPatch, folders: Folders
) -> None:
    def refuse(*_: object) -> None:
        raise OohError(Code.JOURNAL_UNAVAILABLE, "Input/output error")

    names = ("lease_counts", "held", "counts", "health", "queue", "beacon_counts", "oldest_beacon_at")
    for name in names:
        monkeypatch.setattr(type(parts.journal), name, refuse)
    monkeypatch.setattr(type(parts.cache), "snapshots", refuse)
    monkeypatch.setattr(type(parts.cache.store), "files", refuse)
    told = vitals.document(1, {})
    assert faults(told) == []
    empty = ("plays", "leases", "journal", "beacons", "delivery", "cache")
    assert [told[name] for name in empty] == [None] * len(empty)
    assert told["queues"] == {}
    assert told["machine"]["memory_total_bytes"] > 0
    assert emf_line(told, "N", ["screen_id"])
    assert "ooh_player_info" in exposition(told)
    assert folders.state.exists()


def test_errors_of_both_processes_are_counted(vitals: Vitals, folders: Folders) -> None:
    board = Board(folders.run, "screen")
    board.write({"pid": os.getpid(), "errors": {"plate.corrupt": 2, "fetch.timeout": 1}})
    logging.getLogger("ooh.test").warning("it.failed", exc_info=OohError(Code.FETCH_TIMEOUT))
    errors = vitals.document(1, {})["errors"]
    assert errors["by_code"] == {"fetch.timeout": 2, "plate.corrupt": 2}
    board.write({"pid": os.getpid(), "errors": {"plate.corrupt": 3}})
    assert vitals.document(2, {})["errors"]["since_last"] == {"plate.corrupt": 1, "fetch.timeout": 1}


def test_the_last_frames_age_is_that_of_the_board(vitals: Vitals, folders: Folders, clock: FakeClock) -> None:
    Board(folders.run, "screen").write({"pid": os.getpid(), "last_frame_ns": clock.monotonic_ns()})
    clock.advance(12.5)
    told = vitals.document(1, {})
    assert told["screen"]["running"] is True
    assert told["screen"]["last_frame_age_s"] == 12.5
    assert faults(told) == []


def test_the_oldest_beacon_is_as_old_as_its_ad(vitals: Vitals, parts: Parts, clock: FakeClock) -> None:
    lease = make_lease(clock)
    parts.journal.offer(lease)
    clock.advance(5)
    parts.journal.release(lease.lease_id, "test")
    parts.journal.settle(lease.lease_id, [Beacon("expiration", "https://ads.example/x")])
    clock.advance(30)
    assert vitals.document(1, {})["queues"]["beacons"] == {
        "pending": 1,
        "oldest_at": "2026-11-22T12:00:05.000Z",
        "oldest_age_s": 30.0,
    }


def test_a_reboot_that_the_watchdog_asked_for_is_known(
    vitals: Vitals, parts: Parts, folders: Folders, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("player.machine._boot.matches", lambda *_: [])
    clock.advance(60)
    (folders.state / "escalations.json").write_text(
        '{"counts":{"reboot":1},"last":{"step":"reboot","reason":"watchdog.surface","at":"2026-11-22T12:01:00.000Z"}}'
    )
    vitals.close()
    clock.boot = "99999999-2222-3333-4444-555555555555"
    clock.advance(60)
    again = Vitals(vitals.config, folders, clock, "0.1.0", parts, CodeCounter(), lambda: None)
    assert again.document(1, {})["boot"]["reason"] == "rescue"
    again.close()
