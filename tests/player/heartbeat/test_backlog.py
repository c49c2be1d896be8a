"""What is kept while nobody takes heartbeats: bounded, thinned with age, on the card now and then."""

from __future__ import annotations

import gzip
import json
import logging
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.heartbeat import Backlog, Beat, beat_of, document
from player.heartbeat._backlog import thinned
from tests.fakes import FakeClock
from tests.player.heartbeat.facts import facts

MINUTE = 60.0
FILE = "heartbeats.gz"


def beat(number: int, size: int = 100) -> Beat:
    at = f"2026-11-22T{number // 60 % 24:02}:{number % 60:02}:00.000Z"
    return Beat(number, at, json.dumps({"seq": number, "sent_at": at, "fill": "x" * size}).encode())


def numbers(backlog: Backlog) -> list[int]:
    return [one.seq for one in backlog.batch(1_000)]


def fill(backlog: Backlog, clock: FakeClock, count: int, first: int = 1) -> None:
    for number in range(first, first + count):
        backlog.add(beat(number))
        clock.advance(MINUTE)


def test_an_hour_is_kept_whole(tmp_path: Path, clock: FakeClock) -> None:
    backlog = Backlog(tmp_path, clock, 60)
    fill(backlog, clock, 60)
    assert numbers(backlog) == list(range(1, 61))


def test_a_day_is_kept_thinner_the_older_it_is(tmp_path: Path, clock: FakeClock) -> None:
    backlog = Backlog(tmp_path, clock, 60)
    fill(backlog, clock, 24 * 60)
    kept = numbers(backlog)
    assert len(kept) == 60
    assert kept[0] == 1, "the beginning of the outage"
    assert kept[-12:] == list(range(1_429, 1_441)), "the newest, one by one"
    gaps = [later - earlier for earlier, later in pairwise(kept)]
    assert max(gaps[-20:]) <= max(gaps[:20])
    assert max(gaps) < 200


@given(most=st.integers(1, 20), count=st.integers(0, 200))
def test_it_is_bounded_and_in_order(tmp_path_factory: pytest.TempPathFactory, most: int, count: int) -> None:
    backlog = Backlog(tmp_path_factory.getbasetemp() / "none", FakeClock(), most)
    for number in range(1, count + 1):
        backlog.add(beat(number))
    kept = numbers(backlog)
    assert len(kept) == min(most, count)
    assert kept == sorted(set(kept))
    assert not count or kept[-1] == count


@given(st.lists(st.integers(1, 10_000), min_size=3, max_size=60, unique=True).map(sorted))
def test_the_newest_and_the_first_are_never_thinned(places: list[int]) -> None:
    assert 0 < thinned(places) < len(places) - 1


def test_bytes_are_bounded_too(tmp_path: Path, clock: FakeClock) -> None:
    backlog = Backlog(tmp_path, clock, 1_000)
    for number in range(1, 41):
        backlog.add(beat(number, 100_000))
    assert backlog.bytes <= 1_000_000
    assert numbers(backlog)[-1] in range(1, 41)


def test_a_request_is_bounded_too(tmp_path: Path, clock: FakeClock) -> None:
    backlog = Backlog(tmp_path, clock, 1_000)
    for number in range(1, 10):
        backlog.add(beat(number, 100_000))
    first = backlog.batch()
    assert [one.seq for one in first] == [1, 2, 3, 4]
    backlog.sent(first)
    assert numbers(backlog) == [5, 6, 7, 8]
    assert [one.seq for one in backlog.batch(1)] == [5]


def test_a_short_outage_costs_the_card_nothing(tmp_path: Path, clock: FakeClock) -> None:
    backlog = Backlog(tmp_path, clock, 60)
    fill(backlog, clock, 9)
    assert not (tmp_path / FILE).exists()
    backlog.sent(backlog.batch())
    assert len(backlog) == 0
    assert not (tmp_path / FILE).exists()


def test_nor_does_the_next_one_hours_later(tmp_path: Path, clock: FakeClock) -> None:
    backlog = Backlog(tmp_path, clock, 60)
    for _ in range(3):
        fill(backlog, clock, 9)
        assert not (tmp_path / FILE).exists()
        backlog.sent(backlog.batch())
        clock.advance(300 * MINUTE)


def test_a_long_one_is_written_every_ten_minutes(tmp_path: Path, clock: FakeClock) -> None:
    backlog, file, sizes = Backlog(tmp_path, clock, 60), tmp_path / FILE, []
    for number in range(1, 61):
        backlog.add(beat_of(document(facts(clock, seq=number))))
        clock.advance(MINUTE)
        if file.exists():
            sizes.append(file.stat().st_size)
            file.unlink()
    assert len(sizes) == 5
    assert max(sizes) < 25_000


def test_it_outlives_the_process(tmp_path: Path, clock: FakeClock) -> None:
    backlog = Backlog(tmp_path, clock, 60)
    fill(backlog, clock, 3)
    backlog.save()
    again = Backlog(tmp_path, clock, 60)
    assert again.batch() == backlog.batch()
    fill(again, clock, 2, first=4)
    assert numbers(again) == [1, 2, 3, 4, 5]
    again.sent(again.batch(4))
    assert numbers(Backlog(tmp_path, clock, 60)) == [5], "what was sent is gone from the card as well"
    again.sent(again.batch())
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        (b"", []),
        (b"not gzip", []),
        (gzip.compress(b'{}\n[1]\nnonsense\n{"sent_at": "\xff"}\n' + beat(7).body + b"\n\xff\n"), [7]),
        (gzip.compress(beat(1).body + b"\n" + beat(2).body + b"\n")[:-9], [1, 2]),
        (gzip.compress(b"[" * 100_000), []),
    ],
    ids=["empty", "other", "mixed", "cut", "deep"],
)
def test_a_damaged_file_gives_what_it_can(tmp_path: Path, clock: FakeClock, data: bytes, kept: list[int]) -> None:
    (tmp_path / FILE).write_bytes(data)
    assert numbers(Backlog(tmp_path, clock, 60)) == kept


def test_pictures_are_not_kept(tmp_path: Path, clock: FakeClock) -> None:
    picture = {"type": "image/jpeg", "taken_at": "2026-11-22T12:00:00.000Z", "data": "AAAA"}
    backlog = Backlog(tmp_path, clock, 60)
    backlog.add(beat_of(document(facts(clock, thumbnail=picture))))
    (kept,) = backlog.batch()
    assert json.loads(kept.body)["thumbnail"] is None


def test_none_are_kept_when_none_may_be(tmp_path: Path, clock: FakeClock) -> None:
    backlog = Backlog(tmp_path, clock, 0)
    backlog.add(beat(1))
    assert len(backlog) == 0


def test_a_disk_that_refuses_is_told_once(tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    backlog = Backlog(tmp_path / "gone", clock, 60)
    with caplog.at_level(logging.WARNING, "ooh.heartbeat"):
        fill(backlog, clock, 40)
    assert [record.message for record in caplog.records] == ["heartbeat.not_kept"]
    assert len(backlog) == 40
