"""HTML5 creatives are taken in once: markup, pages and archives become packs, and pictures never wait for them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cache import Lease, LeaseState
from config import Code, Config, FetchConfig, OohError, PrepareConfig, Size
from player.agent._make import PlateMaker
from player.agent._ready import KnownCreatives, Readier
from player.agent._take_in import identity
from renderer.prepare import Geometry, HtmlSource, Resources
from tests.fakes import FakeClock
from tests.player.agent.rig import FakePrepare, FakeStream, Rig
from tests.renderer.prepare.html.pages import archive

MARKUP = '<canvas></canvas><img src="https://t.test/p" width=1 height=1>'
ZIP = archive({"index.html": "<p>x"})


@dataclass
class FakeGather:
    """Makes packs of nothing; keeps what it was given."""

    sources: list[tuple[HtmlSource, bytes]] = field(default_factory=list)
    fails: OohError | None = None
    started: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.go_on.set()

    def __call__(
        self, source: HtmlSource, geometry: Geometry, limits: PrepareConfig, resources: Resources, out: Path
    ) -> Path:
        del geometry, limits, resources
        self.sources.append((source, source.file.read_bytes()))
        self.started.set()
        assert self.go_on.wait(10)
        if self.fails is not None:
            raise self.fails
        pack = out / "pack"
        pack.write_bytes(b"PK\x03\x04" + source.file.read_bytes())
        return pack


@dataclass
class Bench:
    rig: Rig
    http: FakeStream = field(default_factory=FakeStream)
    gather: FakeGather = field(default_factory=FakeGather)
    prepare: FakePrepare = field(default_factory=FakePrepare)
    ready: list[Lease] = field(default_factory=list)
    failed: list[Lease] = field(default_factory=list)

    def readier(self) -> Readier:
        work = self.rig.folders.state / "work"
        geometry = Geometry.of(Config(), Size(1920, 1080))
        maker = PlateMaker(
            self.rig.cache, lambda: geometry, PrepareConfig(), work, prepare=self.prepare, gather=self.gather
        )
        return Readier(
            self.rig.journal,
            self.rig.cache,
            self.http,
            maker,
            FetchConfig(),
            work,
            KnownCreatives(self.rig.clock),
            on_ready=self.ready.append,
            on_failed=self.failed.append,
        )


def all_of(readier: Readier) -> None:
    while readier.step() == 0:
        pass


def page_lease(rig: Rig, markup: str = MARKUP, **changes: object) -> Lease:
    return rig.offer("", markup=markup, width=300, height=250, creative_id="c-1", **changes)


def test_markup_becomes_a_pack_with_its_size_and_without_its_pixels(rig: Rig, clock: FakeClock) -> None:
    bench = Bench(rig)
    lease = page_lease(rig)
    all_of(bench.readier())
    assert bench.ready == [lease]
    ((source, data),) = bench.gather.sources
    assert (source.form, source.size, source.silent) == ("markup", Size(300, 250), ("https://t.test/p",))
    assert data == MARKUP.encode()
    (ready,) = rig.journal.ready(clock.now())
    creative = rig.cache.store.path(ready.plate.creative_sha256)
    assert creative is not None
    assert creative.read_bytes().startswith(b"PK")
    assert not list((rig.folders.state / "work").iterdir())


def test_the_same_page_is_taken_in_once_whatever_its_queries(rig: Rig) -> None:
    bench = Bench(rig)
    for number in range(4):
        page_lease(rig, f'{MARKUP}<script src="https://cdn.test/a.js?cb={number}"></script>')
    all_of(bench.readier())
    assert (len(bench.ready), len(bench.gather.sources), len(bench.prepare.made)) == (4, 1, 1)


@pytest.mark.parametrize(
    ("markup", "mime", "body", "form"),
    [
        ("https://cdn.test/a.zip", "application/zip", ZIP, "archive"),
        ("https://cdn.test/a.html", "text/html; charset=utf-8", b"<p>", "markup"),
        ("https://cdn.test/a.zip", "text/html", ZIP, "archive"),
    ],
)
def test_addresses_are_fetched_and_told_by_what_they_are(
    rig: Rig, markup: str, mime: str, body: bytes, form: str
) -> None:
    bench = Bench(rig, FakeStream({markup: body}, mimes={markup: mime}))
    page_lease(rig, markup)
    all_of(bench.readier())
    ((source, data),) = bench.gather.sources
    assert (source.form, data) == (form, body)
    assert source.address == (markup if form == "markup" else "")


def test_an_archive_where_a_picture_was_meant_is_taken_and_a_page_is_not(rig: Rig) -> None:
    zipped, login = "https://cdn.test/creative?id=1", "https://cdn.test/a.jpg"
    bench = Bench(rig, FakeStream({zipped: ZIP, login: b"<html>Log in"}, mimes={login: "text/html"}))
    rig.offer(zipped)
    rig.offer(login)
    all_of(bench.readier())
    assert [source.form for source, _ in bench.gather.sources] == ["archive"]
    assert len(bench.prepare.made) == 2, "what the page is as a picture, the boxed child says"


def test_a_refusal_ends_in_the_journal(rig: Rig) -> None:
    bench = Bench(rig, gather=FakeGather(fails=OohError(Code.CREATIVE_BLANK, "white")))
    lease = page_lease(rig)
    readier = bench.readier()
    all_of(readier)
    assert bench.failed == [lease]
    assert readier.counts.failed == {"creative.blank": 1}


def test_pictures_go_on_while_a_page_is_drawn(rig: Rig) -> None:
    url = "https://cdn.test/a.png"
    bench = Bench(rig, FakeStream({url: b"picture"}))
    bench.gather.go_on.clear()
    readier = bench.readier()
    page_lease(rig)
    page_lease(rig, "<svg></svg>")
    rig.offer(url)
    slow = threading.Thread(target=readier.step)
    slow.start()
    assert bench.gather.started.wait(10)
    assert readier.step() == 0
    assert readier.step() is None, "the second page waits for the first"
    assert [lease.creative_url for lease in bench.ready] == [url]
    bench.gather.go_on.set()
    slow.join(10)
    all_of(readier)
    assert len(bench.ready) == 3
    assert LeaseState.OFFERED.value not in rig.states().values()


def test_who_is_the_same_creative(rig: Rig) -> None:
    one = rig.lease("", markup="<canvas></canvas>?a=1 ", creative_id="c")
    assert identity(rig.lease("https://a.test/x.png")) == "https://a.test/x.png"
    assert identity(one) == identity(rig.lease("", markup="<canvas></canvas>?a=2 ", creative_id="c"))
    for changes in ({"creative_id": "d"}, {"exchange": "y"}, {"width": 9, "height": 9}, {"creative_id": None}):
        assert identity(one) != identity(rig.lease("", **{"markup": one.markup, "creative_id": "c", **changes}))  # type: ignore[arg-type]
