"""Assets are fetched ahead once a day, known by their URL for 30 hours, and never before a lease's own creative."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from config import Code, OohError, Size
from player.agent._prefetch import Prefetcher
from player.agent._ready import KnownCreatives
from player.backoff import ThrottledError
from player.exchange import Opportunity
from player.exchange.vistar import Asset
from tests.fakes import FakeClock

HOUR = 3_600


@dataclass
class Lister:
    answer: tuple[Asset, ...] | OohError = ()
    name: str = "vistar"
    asked: int = 0

    def assets(self, opportunity: Opportunity) -> tuple[Asset, ...]:
        assert opportunity.screen == Size(1920, 1080)
        self.asked += 1
        if isinstance(self.answer, OohError):
            raise self.answer
        return self.answer


def asset(name: str, mime: str = "image/png") -> Asset:
    return Asset(f"https://cdn.example/{name}", mime, name, 300, 250)


@dataclass
class Rig:
    folder: Path
    clock: FakeClock
    lister: Lister = field(default_factory=Lister)
    taken: list[str] = field(default_factory=list)
    failing: set[str] = field(default_factory=set)
    busy: bool = False
    budget_bytes: int = 1_000_000
    known: KnownCreatives = field(init=False)
    it: Prefetcher = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self.known = KnownCreatives(self.clock)
        self.it = Prefetcher(
            self.lister,
            lambda: Opportunity(screen=Size(1920, 1080), duration_ms=10_000),
            self.take,
            self.stored,
            lambda: self.busy,
            self.known,
            self.folder,
            self.clock,
            self.budget_bytes,
            lambda: 0.0,
        )

    def take(self, url: str) -> str:
        self.taken.append(url.rpartition("/")[2])
        if url.rpartition("/")[2] in self.failing:
            raise OohError(Code.FETCH_STATUS, "status 404")
        sha256 = hashlib.sha256(url.encode()).hexdigest()
        (self.folder / sha256).write_bytes(b"x" * 100)
        return sha256

    def stored(self, sha256: str) -> Path | None:
        path = self.folder / sha256
        return path if path.exists() else None

    def run(self) -> float | None:
        """Until it wants to wait."""
        for _ in range(50):
            wait_s = self.it.step()
            if wait_s != 0:
                return wait_s
        raise AssertionError

    def knows(self, name: str) -> bool:
        return self.known.sha256(f"https://cdn.example/{name}") is not None


@pytest.fixture
def rig(tmp_path: Path, clock: FakeClock) -> Rig:
    return Rig(tmp_path, clock, Lister((asset("a"), asset("b"), asset("page", "text/html"))))


def test_once_a_day_and_only_what_is_new(rig: Rig, clock: FakeClock) -> None:
    assert rig.run() == 24 * HOUR
    assert (rig.taken, rig.knows("a"), rig.knows("page")) == (["a", "b"], True, False)
    clock.advance(24 * HOUR)
    rig.lister.answer = (asset("a"), asset("c"))
    assert rig.run() == 24 * HOUR
    assert (rig.taken, rig.lister.asked) == (["a", "b", "c"], 2)


def test_they_are_known_for_30_hours(rig: Rig, clock: FakeClock) -> None:
    rig.run()
    clock.advance(30 * HOUR - 1)
    assert rig.knows("a")
    clock.advance(2)
    assert not rig.knows("a")


def test_a_restart_asks_and_fetches_nothing_again(rig: Rig, clock: FakeClock) -> None:
    rig.run()
    clock.advance(10 * HOUR)
    rig.restart()
    assert rig.run() == 14 * HOUR
    assert (rig.taken, rig.lister.asked, rig.knows("a")) == (["a", "b"], 1, True)
    clock.advance(20 * HOUR + 1)
    assert not rig.knows("a")


def test_what_was_evicted_is_fetched_again(rig: Rig, clock: FakeClock) -> None:
    rig.run()
    (rig.folder / hashlib.sha256(b"https://cdn.example/a").hexdigest()).unlink()
    clock.advance(24 * HOUR)
    rig.run()
    assert rig.taken == ["a", "b", "a"]


def test_leases_go_first(rig: Rig) -> None:
    rig.it.step()
    rig.busy = True
    assert rig.it.step() == 5
    assert rig.taken == []


def test_one_that_fails_holds_up_no_other(rig: Rig) -> None:
    rig.failing = {"a"}
    rig.run()
    assert (rig.taken, rig.knows("a"), rig.knows("b")) == (["a", "b"], False, True)


def test_no_more_than_the_budget(tmp_path: Path, clock: FakeClock) -> None:
    rig = Rig(tmp_path, clock, Lister(tuple(asset(str(number)) for number in range(9))), budget_bytes=250)
    rig.run()
    assert rig.taken == ["0", "1", "2"]


def test_a_throttled_list_waits_as_it_is_told(rig: Rig) -> None:
    rig.lister.answer = ThrottledError(Code.EXCHANGE_THROTTLED, "429", 77)
    assert rig.it.step() == 77
    rig.lister.answer = OohError(Code.EXCHANGE_UNAVAILABLE, "down")
    with pytest.raises(OohError):
        rig.it.step()


@pytest.mark.parametrize("body", [b"", b"[]", b'{"listed_at_ms": 1e300}', b'{"listed_at_ms": 999999999999999999}'])
def test_a_damaged_memory_is_none(rig: Rig, body: bytes) -> None:
    rig.run()
    next(rig.folder.glob("assets-*.json")).write_bytes(body)
    rig.restart()
    rig.run()
    assert rig.lister.asked == 2


def test_a_clock_that_was_set_back_asks_anew(rig: Rig, clock: FakeClock) -> None:
    rig.run()
    clock.jump(-400 * 24 * HOUR)
    rig.restart()
    rig.run()
    assert rig.lister.asked == 2


def test_bytes_of_no_use_are_doubted_within_the_hour(rig: Rig, clock: FakeClock) -> None:
    rig.run()
    rig.known.doubt("https://cdn.example/a")
    clock.advance(HOUR - 1)
    rig.known.doubt("https://cdn.example/a")
    assert rig.knows("a")
    clock.advance(2)
    assert (rig.knows("a"), rig.knows("b")) == (False, True)
