"""Leases are made ready, one apart from the other; every failure ends in the journal with its code."""

from __future__ import annotations

import errno
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cache import Cache, Lease
from config import Code, Config, FetchConfig, OohError, PrepareConfig, Size
from player.agent._keep import Keeper
from player.agent._make import PlateMaker
from player.agent._ready import KnownCreatives, Readier
from player.agent._settle import Settler
from player.exchange import find_dialect
from renderer.prepare import Geometry
from tests.fakes import FakeClock
from tests.player.agent.rig import FakePrepare, FakeStream, Rig, png

URL = "https://cdn.example/a.png"
FULL_HD = Size(1920, 1080)


@dataclass
class Bench:
    rig: Rig
    http: FakeStream = field(default_factory=FakeStream)
    prepare: FakePrepare = field(default_factory=FakePrepare)
    size: Size = FULL_HD
    ready: list[Lease] = field(default_factory=list)
    failed: list[Lease] = field(default_factory=list)

    def readier(self) -> Readier:
        rig = self.rig
        work = rig.folders.state / "work"
        keeper = Keeper(rig.journal, rig.cache, rig.clock, Config().proof)
        maker = PlateMaker(
            rig.cache,
            lambda: Geometry.of(Config(), self.size),
            PrepareConfig(),
            work,
            prepare=self.prepare,
            make_room=keeper.make_room,
        )
        return Readier(
            rig.journal,
            rig.cache,
            self.http,
            maker,
            FetchConfig(),
            work,
            KnownCreatives(rig.clock),
            on_ready=self.ready.append,
            on_failed=self.failed.append,
        )


def all_of(readier: Readier) -> None:
    while readier.step() == 0:
        pass


def test_offered_becomes_prepared(rig: Rig, clock: FakeClock) -> None:
    bench = Bench(rig, FakeStream({URL: b"picture"}))
    lease = rig.offer(URL)
    readier = bench.readier()
    assert readier.step() == 0
    assert readier.step() is None
    (ready,) = rig.journal.ready(clock.now())
    assert ready.lease == lease
    assert rig.cache.store.verify(ready.plate.plate_sha256)
    assert rig.cache.store.verify(ready.plate.creative_sha256)
    assert bench.ready == [lease]
    assert not list((rig.folders.state / "work").iterdir()), "nothing is left in the work folder"


def test_the_same_creative_is_fetched_and_prepared_once(rig: Rig, clock: FakeClock) -> None:
    bench = Bench(rig, FakeStream({URL: b"picture", "https://cdn.example/copy.png": b"picture"}))
    for _ in range(5):
        rig.offer(URL)
    rig.offer("https://cdn.example/copy.png")
    all_of(bench.readier())
    assert len(bench.ready) == 6
    assert bench.http.asked == [URL, "https://cdn.example/copy.png"]
    assert len(bench.prepare.made) == 1
    clock.advance(3_601)
    rig.offer(URL)
    readier = bench.readier()
    all_of(readier)
    assert len(bench.prepare.made) == 1, "its plate is known over a restart"


def test_a_url_is_fetched_anew_after_an_hour(rig: Rig, clock: FakeClock) -> None:
    bench = Bench(rig, FakeStream({URL: b"picture"}))
    readier = bench.readier()
    rig.offer(URL)
    all_of(readier)
    clock.advance(3_599)
    rig.offer(URL)
    all_of(readier)
    assert len(bench.http.asked) == 1
    clock.advance(2)
    rig.offer(URL)
    all_of(readier)
    assert len(bench.http.asked) == 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (OohError(Code.FETCH_STATUS, "404"), "fetch.status"),
        (OohError(Code.FETCH_REFUSED, "private address"), "fetch.refused"),
        (OohError(Code.FETCH_TIMEOUT, "slow"), "fetch.timeout"),
        (OohError(Code.FETCH_TOO_LARGE, "huge"), "fetch.too_large"),
        (b"", "creative.empty"),
        (b"bad picture", "creative.corrupt"),
        (b"bug", "process.fault"),
    ],
)
def test_every_failure_ends_in_the_journal_and_the_next_ad_goes_on(
    rig: Rig, clock: FakeClock, caplog: pytest.LogCaptureFixture, body: bytes | OohError, code: str
) -> None:
    bench = Bench(rig, FakeStream({URL: b"picture", "https://cdn.example/broken": body}))
    broken = rig.offer("https://cdn.example/broken")
    good = rig.offer(URL)
    readier = bench.readier()
    all_of(readier)
    assert [ready.lease for ready in rig.journal.ready(clock.now())] == [good]
    assert bench.failed == [broken]
    assert readier.counts.failed == {code: 1}
    assert broken.lease_id not in rig.states()
    Settler(rig.journal, find_dialect).step()
    assert [beacon.lease_id for beacon in rig.journal.due_beacons(clock.now(), 9)] == [broken.lease_id]
    (line,) = [record for record in caplog.records if record.message == "lease.failed"]
    assert line.exc_info is not None
    assert isinstance(line.exc_info[1], OohError)
    assert line.exc_info[1].code.code == code


@pytest.mark.parametrize("kind", ["truncated", "tiny", "html"])
def test_the_real_prepare_refuses_bad_creatives(rig: Rig, kind: str) -> None:
    from renderer.prepare import prepare

    whole = png(size=(400, 300))
    bodies = {"truncated": whole[:200], "tiny": png(size=(1, 1)), "html": b"<!doctype html><html>log in</html>"}
    codes = {"truncated": "creative.truncated", "tiny": "creative.too_small", "html": "creative.not_an_image"}
    bench = Bench(rig, FakeStream({URL: bodies[kind]}))
    readier = bench.readier()
    readier.maker = PlateMaker(
        rig.cache, lambda: Geometry.of(Config(), bench.size), PrepareConfig(), rig.folders.state / "w", prepare=prepare
    )
    rig.offer(URL)
    all_of(readier)
    assert readier.counts.failed == {codes[kind]: 1}


def test_work_goes_on_after_a_restart(rig: Rig, clock: FakeClock) -> None:
    lease = rig.offer(URL)
    rig.journal.cached(lease.lease_id, rig.cache.store.put_bytes(b"picture", "creative"))
    bench = Bench(rig)
    all_of(bench.readier())
    assert bench.http.asked == []
    assert len(rig.journal.ready(clock.now())) == 1


def test_another_size_makes_other_plates(rig: Rig, clock: FakeClock) -> None:
    bench = Bench(rig, FakeStream({URL: b"picture"}))
    rig.offer(URL)
    readier = bench.readier()
    all_of(readier)
    bench.size = Size(1080, 1920)
    all_of(readier)
    (ready,) = rig.journal.ready(clock.now())
    assert ready.plate.screen_size == Size(1080, 1920)
    assert bench.http.asked == [URL]
    assert [size for _, size in bench.prepare.made] == [Size(1920, 1080), Size(1080, 1920)]


def test_a_lease_given_back_meanwhile_stays_so(rig: Rig, clock: FakeClock) -> None:
    lease = rig.offer(URL)
    http = FakeStream({URL: b"picture"}, meanwhile=lambda: rig.journal.release(lease.lease_id, "shutdown"))
    bench = Bench(rig, http)
    all_of(bench.readier())
    assert not bench.ready
    assert not rig.journal.ready(clock.now())


def test_two_lanes_never_take_the_same_lease(rig: Rig) -> None:
    meet = threading.Barrier(2, timeout=5)
    http = FakeStream({URL: b"a", "https://cdn.example/b": b"b"}, meanwhile=meet.wait)
    bench = Bench(rig, http)
    rig.offer(URL)
    rig.offer("https://cdn.example/b")
    readier = bench.readier()
    lanes = [threading.Thread(target=all_of, args=(readier,)) for _ in range(2)]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    assert sorted(http.asked) == [URL, "https://cdn.example/b"]
    assert len(bench.ready) == 2


def test_a_full_store_makes_room(tmp_path: Path, clock: FakeClock) -> None:
    from tests.player.agent.rig import rig_in

    with rig_in(tmp_path / "small", clock, max_bytes=100_000) as rig:
        old = [rig.cache.store.put_bytes(bytes([number]) * 24_000, "creative") for number in range(4)]
        bench = Bench(rig, FakeStream({URL: b"p" * 20_000}))
        rig.offer(URL)
        all_of(bench.readier())
        assert len(bench.ready) == 1
        assert rig.cache.store.path(old[0]) is None, "the oldest went"
        assert rig.cache.store.path(old[3]) is not None


def test_trouble_with_the_disk_is_not_the_ads_fault(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(rig, FakeStream({URL: b"picture"}))
    lease = rig.offer(URL)
    readier = bench.readier()

    def broken(_cache: Cache, _plate: object) -> None:
        raise OohError(Code.CACHE_UNAVAILABLE, "disk")

    with monkeypatch.context() as patch:
        patch.setattr(Cache, "save_plate", broken)
        with pytest.raises(OohError):
            readier.step()
    assert lease.lease_id in rig.states()
    all_of(readier)
    assert bench.ready == [lease]


def test_a_full_disk_is_not_the_ads_fault(rig: Rig) -> None:
    """Nor a fault that nobody knows: the lease waits for room, with a code that says where to look."""
    bench = Bench(rig, FakeStream({URL: b"picture"}))
    lease = rig.offer(URL)
    readier = bench.readier()

    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    bench.http.meanwhile = full
    with pytest.raises(OohError, match="No space") as told:
        readier.step()
    assert told.value.code is Code.CACHE_UNAVAILABLE
    assert lease.lease_id in rig.states()
    bench.http.meanwhile = lambda: None
    all_of(readier)
    assert bench.ready == [lease]


def test_two_lanes_never_fetch_the_same_creative(rig: Rig) -> None:
    bench = Bench(rig, FakeStream({URL: b"picture"}))
    leases = [rig.offer(URL) for _ in range(3)]
    readier = bench.readier()
    others: list[float | None] = []
    bench.http.meanwhile = lambda: others.append(readier.step())
    all_of(readier)
    assert others == [None]
    assert bench.http.asked == [URL]
    assert bench.ready == leases


def test_a_picture_waits_for_no_video(rig: Rig) -> None:
    """While one video is prepared, the other lane fetches the next video, leaves it, and makes the picture ready."""
    film, next_film = b"\0\0\0\x18ftypisom", b"\0\0\0\x18ftypmp42"
    videos = [rig.offer(f"https://cdn.example/{n}.mp4") for n in range(2)]
    picture = rig.offer(URL)
    bench = Bench(rig, FakeStream({videos[0].creative_url: film, videos[1].creative_url: next_film, URL: b"picture"}))
    readier = bench.readier()
    seen: list[list[Lease]] = []

    def other_lane(*_of_the_first_video: object) -> None:
        bench.prepare.meanwhile = lambda: None
        lane = threading.Thread(target=all_of, args=(readier,))
        lane.start()
        lane.join(5)
        assert not lane.is_alive()
        seen.append(list(bench.ready))

    bench.prepare.meanwhile = other_lane
    all_of(readier)
    assert seen == [[picture]]
    assert bench.ready == [picture, *videos]
    assert len(bench.http.asked) == 3


def test_what_a_killed_agent_left_is_cleared(rig: Rig) -> None:
    work = rig.folders.state / "work"
    (work / "plate-old").mkdir(parents=True)
    (work / "plate-old" / "half").write_bytes(b"x")
    (work / "fetch-old").write_bytes(b"x")
    Bench(rig).readier()
    assert not list(work.iterdir())
