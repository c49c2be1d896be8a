"""House ads: the operator's own creatives, from the files that the loop names to plates."""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cache import Cache, HouseAd
from config import Code, OohError, SlotConfig
from player.agent._make import PlateMaker
from renderer.prepare import HtmlSource, Resources, html_form

log = logging.getLogger("ooh.agent")

LOOK_AGAIN_S = 300.0
_PATTERN = frozenset("*?[")
_MOST_FILES = 500


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file as it was when it was read."""

    path: Path
    mtime_ns: int
    size_bytes: int


@dataclass(slots=True)
class HouseAds:
    """One run brings the cache's house ads in line with the files; a file that fails is logged once and left out."""

    cache: Cache
    maker: PlateMaker
    loop: Sequence[SlotConfig]
    work: Path
    max_bytes: int
    on_change: Callable[[], None]
    resources: Callable[[], Resources] | None = None
    """The guarded network of one page; None: pages of the operator's own have none."""
    _sha256s: dict[_Seen, str] = field(default_factory=dict)
    _failed: dict[_Seen, str] = field(default_factory=dict)

    def step(self) -> float | None:
        """Returns the seconds until the files are looked at again; None when the loop names none."""
        patterns = [pattern for slot in self.loop for pattern in slot.creatives]
        files = dict.fromkeys(path for pattern in patterns for path in files_of(pattern))
        before = self.cache.house()
        found: list[HouseAd] = []
        for path in list(files)[:_MOST_FILES]:
            ad = self._ad(path)
            if ad is not None:
                found.append(ad)
                if not before:
                    self._set(found)  # the screen waits for the first one, not for the last
        if tuple(found) != self.cache.house():
            self._set(found)
        if tuple(found) != before:
            log.info("house.changed", extra={"facts": {"ads": len(found)}})
        return LOOK_AGAIN_S if patterns else None

    def _set(self, ads: Sequence[HouseAd]) -> None:
        self.cache.set_house(ads)
        self.on_change()

    def _ad(self, path: Path) -> HouseAd | None:
        try:
            status = path.stat()
        except OSError as error:
            log.warning("house.unreadable", extra={"facts": {"file": path.name, "error": error.strerror}})
            return None
        seen = _Seen(path, status.st_mtime_ns, status.st_size)
        if seen in self._failed:
            return None
        try:
            return HouseAd(path.name, self.maker.plate(self._stored(seen)))
        except OohError as error:
            if error.code is Code.CACHE_UNAVAILABLE:
                raise
            self._failed[seen] = error.code.code
            log.warning("house.failed", exc_info=error, extra={"facts": {"file": path.name}})
            return None

    def _stored(self, seen: _Seen) -> str:
        """The sha256 of the file's bytes, once they are in the store."""
        known = self._sha256s.get(seen)
        if known is not None and self.cache.store.path(known) is not None:
            return known
        if seen.size_bytes > self.max_bytes:
            raise OohError(Code.CREATIVE_TOO_LARGE, f"{seen.size_bytes} bytes")
        copy = self.work / f"house-{hashlib.sha256(str(seen.path).encode()).hexdigest()[:16]}"
        try:
            shutil.copyfile(seen.path, copy)
            sha256 = self._kept(copy, seen.path)
        except OSError as error:
            raise OohError(Code.CREATIVE_CORRUPT, f"{seen.path.name}: {error.strerror or error}") from error
        finally:
            copy.unlink(missing_ok=True)
        self._sha256s[seen] = sha256
        return sha256

    def _kept(self, copy: Path, original: Path) -> str:
        page = _as_page(copy, original) if self.resources is not None else None
        if page is None or self.resources is None:
            return self.maker.keep(copy, "creative")
        return self.maker.gather(page, self.resources())


def _as_page(copy: Path, original: Path) -> HtmlSource | None:
    """How to take a file in that is a page or an archive; None for everything else. Names are the originals'."""
    form = html_form(copy) or ("markup" if original.suffix.lower() in (".html", ".htm", ".xhtml") else None)
    return None if form is None else HtmlSource(copy, form)


def files_of(pattern: str) -> Iterator[Path]:
    """A file, the files of a folder, or what a pattern matches; sorted by name, without hidden ones."""
    path = Path(pattern).expanduser()
    if _PATTERN & set(path.name):
        found = sorted(path.parent.glob(path.name))
    elif path.is_dir():
        found = sorted(path.iterdir())
    else:
        yield path
        return
    yield from (file for file in found if file.is_file() and not file.name.startswith("."))
