"""Plates, house ads, feed snapshots and eviction."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cache import Cache, EvictReport, FeedSnapshot, Folders, HouseAd, Store
from cache.tables import stored_rows
from tests.cache.shapes import make_plate
from tests.fakes import FakeClock


@pytest.fixture
def cache(tmp_path: Path, clock: FakeClock) -> Iterator[Cache]:
    cache = Cache.open(Folders(tmp_path, tmp_path), clock, max_bytes=1_000)
    yield cache
    cache.close()


def put(cache: Cache, clock: FakeClock, content: str, size_bytes: int) -> str:
    """A stored file, used a second after the one before."""
    clock.advance(1)
    name = cache.store.put_bytes(content.encode() * size_bytes, "creative")
    cache.touch([name])
    return name


def snapshot(clock: FakeClock, temperature: float) -> FeedSnapshot:
    data = {"now": {"temperature": temperature}, "place": "Zürich", "hours": []}
    return FeedSnapshot("weather", clock.now(), 60_000, "Open-Meteo.com", data)


def test_a_plate_is_known_as_long_as_its_file_is_there(cache: Cache) -> None:
    name = cache.store.put_bytes(b"plate", "plate")
    plate = make_plate("key", name)
    cache.save_plate(plate)
    cache.save_plate(make_plate("gone", "0" * 64))
    assert cache.plate("key") == plate
    assert cache.plate("gone") is None
    assert cache.plate("unknown") is None
    cache.store.remove(name)
    assert cache.plate("key") is None


def test_house_ads_in_their_order(cache: Cache) -> None:
    name = cache.store.put_bytes(b"plate", "plate")
    ads = [HouseAd(f"{letter}.png", make_plate(letter, name)) for letter in "cab"]
    cache.set_house(ads)
    assert cache.house() == tuple(ads)
    cache.set_house([*ads[:1], HouseAd("gone.png", make_plate("x", "0" * 64))])
    assert cache.house() == tuple(ads[:1])
    cache.set_house([])
    assert cache.house() == ()


def test_snapshots_and_their_version(cache: Cache, clock: FakeClock, tmp_path: Path) -> None:
    assert (cache.snapshots(), cache.snapshots_version()) == ({}, 0)
    cache.save_snapshot(snapshot(clock, 20.5))
    first = cache.snapshots_version()
    other_side = Cache.open(Folders(tmp_path, tmp_path), clock, max_bytes=1_000)
    assert other_side.snapshots() == {"weather": snapshot(clock, 20.5)}
    cache.save_snapshot(snapshot(clock, 21.0))
    assert other_side.snapshots_version() != first
    assert other_side.snapshots()["weather"].data["now"]["temperature"] == 21.0
    other_side.close()


def test_evict_the_least_recently_used_and_no_more_than_needed(cache: Cache, clock: FakeClock) -> None:
    names = [put(cache, clock, letter, 200) for letter in "abcde"]
    clock.advance(1)
    cache.touch([names[0]])
    assert cache.evict(keep=[names[1]]) == EvictReport(removed=1, freed_bytes=200)
    assert [name for name in names if cache.store.path(name) is None] == [names[2]]


def test_evict_leaves_room_for_the_next(cache: Cache, clock: FakeClock) -> None:
    for letter in "abcde":
        put(cache, clock, letter, 200)
    cache.evict(keep=[])
    assert cache.store.total_bytes() <= 900
    assert cache.evict(keep=[]) == EvictReport(0, 0)


def test_evict_never_takes_what_is_needed(cache: Cache, clock: FakeClock) -> None:
    names = [put(cache, clock, letter, 240) for letter in "abcd"]
    house = HouseAd("house.png", make_plate("key", names[0], creative_sha256=names[1]))
    cache.set_house([house])
    cache.save_plate(house.plate)
    assert cache.evict(keep=names[2:]) == EvictReport(0, 0)
    assert cache.evict(keep=names[3:]).removed == 1
    assert cache.store.path(names[2]) is None
    assert cache.house() == (house,)


def test_an_evicted_plate_is_forgotten(cache: Cache, clock: FakeClock) -> None:
    name = put(cache, clock, "p", 950)
    cache.save_plate(make_plate("key", name))
    assert cache.evict(keep=[]).removed == 1
    assert cache.plate("key") is None
    cache.store.put_bytes(b"p" * 950, "plate")
    assert cache.plate("key") is None  # its row went too


def test_tables_for_people(cache: Cache, clock: FakeClock, tmp_path: Path) -> None:
    creative = put(cache, clock, "a", 10)
    plate = cache.store.put_bytes(b"plate", "plate")
    clock.advance(1)
    cache.touch([plate])
    cache.save_plate(make_plate("key", plate, creative_sha256=creative))
    rows = list(stored_rows(tmp_path, Store(tmp_path / "store", 1_000)))
    assert [(row["kind"], row["size_bytes"], row["creative_sha256"]) for row in rows] == [
        ("plate", 5, creative),
        ("creative", 10, None),
    ]
