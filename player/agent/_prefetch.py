"""Fetching ahead: what an exchange may send in the next 30 hours is in the store before it does."""

from __future__ import annotations

import hashlib
import logging
import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

import msgspec

from cache import Cache, Clock, Journal, LeaseState
from config import Config, OohError, Size
from player._mimes import shown_mimes
from player.agent._ready import KnownCreatives
from player.backoff import ThrottledError
from player.exchange import Exchange, Opportunity, Rules
from player.exchange.vistar import Asset

log = logging.getLogger("ooh.agent")

KEPT_S = 30 * 3600.0
"""How long a list of assets holds."""
_DAY_S = 24 * 3600.0
_POLITE_S = 5.0
_PAGES = frozenset({"text/html", "application/xhtml+xml"})


@runtime_checkable
class AssetLister(Protocol):
    """An exchange that says beforehand what may come."""

    @property
    def name(self) -> str:
        """What logs and records call it."""

    def assets(self, opportunity: Opportunity) -> tuple[Asset, ...]:
        """Raises ``OohError``: EXCHANGE_*."""


class Listed(msgspec.Struct):
    """What is remembered over a restart: when the list was asked for, and which bytes each URL gave."""

    listed_at_ms: int = 0
    assets: dict[str, str] = {}


@dataclass(slots=True)
class Prefetcher:
    """One exchange's assets. A run asks for the list once a day, or fetches one asset of it.

    The store is keyed by URL, which names a version: what is known is not fetched again. Leases go first: while one
    waits for its creative, nothing is fetched ahead. Pages are made for the moment, and are left out.
    """

    lister: AssetLister
    opportunity: Callable[[], Opportunity]
    take: Callable[[str], str]
    """Fetches a URL into the store; the sha256. Raises ``OohError``."""
    stored: Callable[[str], Path | None]
    busy: Callable[[], bool]
    """True while leases wait for their creatives."""
    known: KnownCreatives
    folder: Path
    clock: Clock
    budget_bytes: int
    """Most that one list may bring."""
    draw: Callable[[], float] = random.random
    _left: deque[Asset] = field(default_factory=deque)
    _listed: Listed = field(default_factory=Listed)
    _loaded: bool = False
    _brought_bytes: int = 0

    def step(self) -> float | None:
        """Returns the seconds until the next run. Raises ``OohError``: EXCHANGE_*."""
        if not self._loaded:
            self._load()
        if not self._left:
            wait_s = self._due_in_s()
            if wait_s > 0:
                return wait_s
            return self._list()
        if self.busy():
            return _POLITE_S
        self._fetch(self._left.popleft())
        return 0.0 if self._left else self._due_in_s()

    def _list(self) -> float:
        try:
            found = self.lister.assets(self.opportunity())
        except ThrottledError as error:
            if error.retry_after_s is None:
                raise
            return error.retry_after_s + 60 * self.draw()
        self._left.extend(one for one in found if one.mime not in _PAGES)
        self._brought_bytes = 0
        urls = {one.url for one in found}
        kept = {url: sha256 for url, sha256 in self._listed.assets.items() if url in urls}
        # A fleet that started together asks apart from the second day on.
        early_s = 0.1 * _DAY_S * self.draw()
        self._listed = Listed(round((self.clock.now().timestamp() - early_s) * 1000), kept)
        self._save()
        log.info("assets.listed", extra={"facts": {"exchange": self.lister.name, "assets": len(self._left)}})
        return 0.0 if self._left else self._due_in_s()

    def _fetch(self, asset: Asset) -> None:
        sha256 = self._listed.assets.get(asset.url)
        if sha256 is None or self.stored(sha256) is None:
            if self._brought_bytes >= self.budget_bytes:
                return
            try:
                sha256 = self.take(asset.url)
            except OohError as error:
                facts = {"exchange": self.lister.name, "creative": asset.creative_id}
                log.warning("asset.failed", exc_info=error, extra={"facts": facts})
                return
            path = self.stored(sha256)
            self._brought_bytes += 0 if path is None else path.stat().st_size
            self._listed.assets[asset.url] = sha256
            self._save()
        self.known.learn(asset.url, sha256, KEPT_S)

    def _due_in_s(self) -> float:
        age_s = self._age_s()
        return _DAY_S - age_s if 0 <= age_s < _DAY_S else 0.0

    def _age_s(self) -> float:
        return (self.clock.now() - datetime.fromtimestamp(self._listed.listed_at_ms / 1000, UTC)).total_seconds()

    @property
    def _file(self) -> Path:
        return self.folder / f"assets-{hashlib.sha256(self.lister.name.encode()).hexdigest()[:16]}.json"

    def _load(self) -> None:
        self._loaded = True
        try:
            self._listed = msgspec.json.decode(self._file.read_bytes(), type=Listed)
            left_s = KEPT_S - self._age_s()
        except (OSError, msgspec.DecodeError, ValueError, OverflowError):
            self._listed = Listed()
            return
        if 0 < left_s <= KEPT_S:
            for url, sha256 in self._listed.assets.items():
                self.known.learn(url, sha256, left_s)

    def _save(self) -> None:
        """What cannot be written is fetched again after a restart: nothing more."""
        fresh = self._file.with_suffix(".new")
        try:
            fresh.write_bytes(msgspec.json.encode(self._listed))
            fresh.replace(self._file)
        except OSError as error:
            log.warning("assets.not_saved", exc_info=error, extra={"facts": {"exchange": self.lister.name}})


def open_prefetchers(
    config: Config,
    exchanges: Sequence[Exchange],
    journal: Journal,
    cache: Cache,
    take: Callable[[str], str],
    known: KnownCreatives,
    screen: Callable[[], Size],
    folder: Path,
    clock: Clock,
    draw: Callable[[], float],
) -> tuple[Prefetcher, ...]:
    """One for each exchange that lists its assets and whose table wants them. ``exchanges`` are those with a URL."""
    tables = [table for table in config.exchange if table.url]
    slot_ms = round(next((slot.seconds for slot in config.loop if slot.kind == "ad"), 10.0) * 1000)
    rules = Rules.of(config.ads)

    def opportunity() -> Opportunity:
        return Opportunity(screen=screen(), duration_ms=slot_ms, mimes=shown_mimes(), rules=rules)

    def busy() -> bool:
        return any(held.state in (LeaseState.OFFERED, LeaseState.CACHED) for held in journal.held())

    return tuple(
        Prefetcher(
            exchange,
            opportunity,
            take,
            cache.store.path,
            busy,
            known,
            folder,
            clock,
            config.cache.max_bytes // 2,
            draw,
        )
        for exchange, table in zip(exchanges, tables, strict=True)
        if table.prefetch and isinstance(exchange, AssetLister)
    )
