"""The agent's parts, put together from a configuration."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cache import Beacon, Cache, Clock, Folders, Identity, Journal, Lease, ring
from config import Config
from player.agent._ask import Asker, lane_names
from player.agent._feeds import FeedJob
from player.agent._house import HouseAds
from player.agent._keep import Keeper
from player.agent._make import PlateMaker, Prepare
from player.agent._prefetch import Prefetcher, open_prefetchers
from player.agent._proof import ProofJob, gateway_job, kinesis_sink
from player.agent._pulse import Pulse, open_pulse
from player.agent._ready import KnownCreatives, Readier
from player.agent._settle import Settler
from player.agent._size import ScreenSize
from player.agent._take_in import NoNetwork, TakeIn, page_resources
from player.delivery import Beacons, Sink
from player.exchange import ScreenIdentity, find_dialect, open_exchange
from player.feeds import Feed, open_feeds
from player.fetch import GuardedHttp, open_http
from renderer.prepare import Geometry
from renderer.prepare import prepare as boxed_prepare

READY_LANES = ("ready-1", "ready-2")
"""The jobs that make leases ready: two, so that a server that hangs holds up one of them only."""


@dataclass(frozen=True, slots=True)
class Edges:
    """What reaches outside; tests give their own."""

    http: Callable[[Config, str], GuardedHttp] = lambda config, version: open_http(config.fetch, version)
    sink: Callable[[Config], Sink] = kinesis_sink
    prepare: Prepare = boxed_prepare
    draw: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class Parts:
    """Every part once."""

    journal: Journal
    cache: Cache
    size: ScreenSize
    asker: Asker
    readier: Readier
    house: HouseAds
    feeds: Sequence[FeedJob]
    proof: ProofJob
    gateway: ProofJob
    settler: Settler
    beacons: Beacons
    keeper: Keeper
    pulse: Pulse | None
    prefetchers: Sequence[Prefetcher]

    def close(self) -> None:
        """Close the databases; what waits to be sent is on the card."""
        if self.pulse is not None:
            self.pulse.close()
        self.journal.close()
        self.cache.close()


@dataclass(frozen=True, slots=True)
class Bells:
    """Whom a part wakes."""

    wake: Callable[..., None]
    """Jobs of this agent, by name."""
    run: Path

    def screen(self, word: str) -> None:
        """Ring the screen."""
        ring(self.run, "screen", word)


def build(config: Config, folders: Folders, clock: Clock, version: str, bells: Bells, edges: Edges) -> Parts:
    """Open and wire everything. Raises ``OohError``: JOURNAL_*, CACHE_*; ``ConfigError`` on a secret's file."""
    http = edges.http(config, version)
    who = ScreenIdentity.of(config.screen, version)
    exchanges = [open_exchange(table, who, http, clock) for table in config.exchange if table.url]
    feeds: Sequence[Feed] = open_feeds(config, http, clock)
    pulse = open_pulse(config.heartbeat, http, folders, clock, edges.draw)
    journal = Journal.open(folders.state, clock, Identity(config.screen.id, config.screen.venue or None, version))
    cache = Cache.open(folders, clock, config.cache.max_bytes)

    def expired(lease: Lease) -> None:
        asker.unshown(lease.exchange)
        bells.wake(*asker.lanes, "beacons")

    size = ScreenSize(config.screen, folders.run, partial(bells.wake, *READY_LANES, "house"))
    keeper = Keeper(
        journal, cache, clock, config.proof, on_expired=expired, on_finished=partial(bells.wake, "delivery", "gateway")
    )
    work = folders.state / "work"
    maker = PlateMaker(
        cache,
        lambda: Geometry.of(config, size.now()),
        config.prepare,
        work,
        prepare=edges.prepare,
        make_room=keeper.make_room,
    )
    beacons = Beacons(journal, http, clock, draw=edges.draw)

    def notify(notices: Iterable[Beacon]) -> None:
        beacons.notify(notices)
        bells.wake("beacons")

    def ready(lease: Lease) -> None:
        asker.sound(lease.exchange)
        bells.screen("leases")

    def failed(lease: Lease) -> None:
        asker.spoiled(lease.exchange)
        bells.wake(*asker.lanes, "beacons")

    lanes = partial(bells.wake, *READY_LANES)
    asking = lane_names(config)
    others = partial(bells.wake, *(asking if len(asking) > 1 else ()))
    asker = Asker(journal, clock, config, exchanges, size.now, notify, lanes, others, edges.draw)
    known = KnownCreatives(clock)
    take = TakeIn(http, maker, config.fetch, work, NoNetwork).picture
    prefetchers = open_prefetchers(
        config, exchanges, journal, cache, take, known, size.now, folders.state, clock, edges.draw
    )
    readier = Readier(
        journal,
        cache,
        http,
        maker,
        config.fetch,
        work,
        known,
        on_ready=ready,
        on_failed=failed,
        resources=page_resources(http, config.fetch),
    )
    house = HouseAds(
        cache,
        maker,
        config.loop,
        work,
        config.fetch.max_bytes,
        partial(bells.screen, "leases"),
        page_resources(http, config.fetch),
    )
    feed_jobs = [FeedJob(feed, cache, clock, partial(bells.screen, "feeds"), edges.draw) for feed in feeds]
    proof = ProofJob(journal, clock, config, edges.sink)
    gateway = gateway_job(journal, clock, config, http)
    settler = Settler(journal, find_dialect)
    return Parts(
        journal,
        cache,
        size,
        asker,
        readier,
        house,
        feed_jobs,
        proof,
        gateway,
        settler,
        beacons,
        keeper,
        pulse,
        prefetchers,
    )
