"""Taking creatives in: downloads, and HTML5 pages with all that they ask for, into the store."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cache import Lease
from config import Code, FetchConfig, OohError, Size
from player.agent._make import PlateMaker
from player.exchange import web_url
from player.exchange.openrtb import impression_pixels, skeleton
from player.fetch import Fetched, GuardedResources, Http, HttpStream, fetch
from renderer.prepare import HtmlSource, Resource, Resources, html_form

PAGE = "page:"
"""What the identity of every page begins with."""
_UNFINISHED = "unfinished"
"""Beside the work folder, which an agent empties when it starts: downloads that broke off outlive it."""
_PAGES = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(frozen=True, slots=True)
class TakeIn:
    """Gets a lease's creative into the store, whatever it is."""

    http: HttpStream
    maker: PlateMaker
    limits: FetchConfig
    work: Path
    resources: Callable[[], Resources]
    """The network of one page: a new one for each."""

    def take(self, lease: Lease) -> str:
        """The creative's sha256, once it is in the store: for HTML5 its pack's.

        Raises ``OohError``: FETCH_*, CREATIVE_*, PREPARE_*, CACHE_*.
        """
        if lease.markup is None:
            return self._download(lease.creative_url, lease, page=False)
        if web_url(lease.markup) is not None and "<" not in lease.markup:
            return self._download(lease.markup, lease, page=True)
        with tempfile.NamedTemporaryFile(dir=self.work, prefix="markup-", suffix=".html") as file:
            file.write(lease.markup.encode())
            file.flush()
            silent = impression_pixels(lease.markup)
            return self._gather(HtmlSource(Path(file.name), "markup", "", _size(lease), silent))

    def picture(self, url: str) -> str:
        """The sha256 of what a URL gives, once it is in the store as it came: a picture or a film.

        Raises ``OohError``: FETCH_*, CREATIVE_EMPTY, CACHE_*.
        """
        fetched = self._fetch(url)
        try:
            if fetched.size_bytes == 0:
                raise OohError(Code.CREATIVE_EMPTY, "0 bytes")
            return self.maker.keep(fetched.path, "creative")
        finally:
            fetched.path.unlink(missing_ok=True)

    def _download(self, url: str, lease: Lease, *, page: bool) -> str:
        """``page``: HTML is what is asked for; where a picture should be, it is most often a login page."""
        fetched = self._fetch(url)
        try:
            if fetched.size_bytes == 0:
                raise OohError(Code.CREATIVE_EMPTY, "0 bytes")
            form = html_form(fetched.path)
            if form is None and page and fetched.mime in _PAGES:
                form = "markup"
            if form is None:
                return self.maker.keep(fetched.path, "creative")
            return self._gather(HtmlSource(fetched.path, form, url if form == "markup" else "", _size(lease)))
        finally:
            fetched.path.unlink(missing_ok=True)

    def _gather(self, source: HtmlSource) -> str:
        return self.maker.gather(source, self.resources())

    def _fetch(self, url: str) -> Fetched:
        most_bytes, timeout_s = self.limits.max_bytes, self.limits.timeout_seconds
        keep = self.work.parent / _UNFINISHED
        try:
            return fetch(self.http, url, max_bytes=most_bytes, timeout_s=timeout_s, into=self.work, keep=keep)
        except OSError as error:  # of the disk: the network's are FETCH_NETWORK
            raise OohError(Code.CACHE_UNAVAILABLE, f"a download cannot be written: {error.strerror}") from error


class NoNetwork:
    """``Resources`` that gives nothing."""

    def get(self, url: str) -> Resource:
        """Raises ``OohError`` (FETCH_REFUSED)."""
        raise OohError(Code.FETCH_REFUSED, f"there is no network for {url[:80]}")


def identity(lease: Lease) -> str:
    """Two leases with the same one have the same creative: its address, or for markup what the exchange calls it.

    Markup differs from bid to bid in its URLs' queries; of one creative id they do not count.
    """
    if lease.markup is None:
        return lease.creative_url
    page = lease.markup if lease.creative_id is None else skeleton(lease.markup)
    parts = (lease.exchange, lease.creative_id or "", str(_size(lease)), page)
    return f"{PAGE}{hashlib.sha256(repr(parts).encode()).hexdigest()}"


def page_resources(http: Http, limits: FetchConfig) -> Callable[[], Resources]:
    """A guarded network for each page."""
    return lambda: GuardedResources(http, limits)


def _size(lease: Lease) -> Size | None:
    return Size(lease.width, lease.height) if lease.width and lease.height else None
