"""The child that draws HTML5 creatives: no network, one browser, one order, one answer."""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from config import Code, OohError, Size
from renderer.layout import LayoutRules, compose
from renderer.prepare.html import _plate as plates
from renderer.prepare.html._archive import read_archive, site_of
from renderer.prepare.html._browser import Browser, find_browser
from renderer.prepare.html._capture import Span, capture, survey
from renderer.prepare.html._cdp import Cdp
from renderer.prepare.html._launch import can_sandbox, end, launch
from renderer.prepare.html._markup import said_size, site_of_markup
from renderer.prepare.html._memory import MemoryWatch
from renderer.prepare.html._order import Got, HtmlOrder, Want, read_message, write_message
from renderer.prepare.html._pack import read_pack, write_pack
from renderer.prepare.html._page import Page
from renderer.prepare.html._recording import Recording
from renderer.prepare.html._route import Route
from renderer.prepare.html._shapes import ORIGIN, Resource, Site

_SILENCE_SECONDS = 15.0
"""A page in an endless loop does not answer at all."""
_SMALLEST_SIDE = 16


@dataclass(slots=True)
class Work:
    """One order being carried out."""

    order: HtmlOrder
    ask: Callable[[str, int], None] | None
    """Hands a question to the network; None: there is none."""
    answers: Callable[[], Got] = field(default=lambda: Got(0, 0))
    """Reads the network's next answer."""
    answers_from: int = -1
    """The descriptor that `answers` reads."""
    peak_mb: float = 0.0
    frames: int = 0
    drawn_ms: int = 0
    isolation: str = ""
    missing: tuple[str, ...] = ()
    _ends_at: float = field(default_factory=time.monotonic)

    def run(self) -> None:
        """Make the pack, or the plate. Raises ``OohError`` (CREATIVE_*, PREPARE_*), ``OSError``."""
        self._ends_at = time.monotonic() + self.order.max_seconds
        site = self._site()
        site = replace(site, size=said_size(site) or site.size)
        start = site.resources.get(site.start)
        if start is not None and start.status >= 400:
            raise OohError(Code.CREATIVE_ERROR_PAGE, f"its page has status {start.status}")
        if self.order.gather:
            write_pack(self._gathered(site), _path(self.order.plate.part))
            return
        if site.size is None and not site.fluid:
            site = self._measured(site)[0]
        self._draw(site)

    def _site(self) -> Site:
        path, size = _path(self.order.plate.creative), self.order.size
        match self.order.form:
            case "pack":
                return read_pack(path)
            case "archive":
                return site_of(read_archive(path), size)
            case "markup":
                page = path.read_bytes()
                return site_of_markup(page, size, self.order.address or f"{ORIGIN}/")

    def _gathered(self, site: Site) -> Site:
        """The site with all that it asks for at this screen's scale, and its size."""
        missing: tuple[str, ...] = ()
        if said_size(site) is None:
            site, first = self._measured(site)
            site = replace(site, resources={**first.recorded, **site.resources})
            missing = tuple(first.missing)
        viewport, scale = self._shape(site)
        with self._page(viewport, scale, site, live=True) as (page, route):
            page.load(site.start, route)
            survey(page, self._span(), signals=lambda: route.signals)
        self.missing = tuple(dict.fromkeys((*missing, *route.missing)))
        return replace(site, resources={**route.recorded, **site.resources})

    def _measured(self, site: Site) -> tuple[Site, Route]:
        """The site with its size: as ``ad.size`` says, else as named with it, else as it is found to be."""
        screen = self.order.plate.screen
        with self._page(site.size or screen, 1.0, site, live=True) as (page, route):
            page.load(site.start, route)
            page.clock.developed(page.clock.photograph(None))
            found, fluid = page.measured()
        if fluid:
            return replace(site, fluid=site.size is None), route
        return replace(site, size=found), route

    def _draw(self, site: Site) -> None:
        order = self.order.plate
        viewport, _ = self._shape(site)
        rules = LayoutRules(order.max_upscale, order.safe_margin, scalable=True, templates=order.read_templates())
        layout = compose(order.screen, viewport, order.offers, rules)
        started = time.monotonic()
        with tempfile.TemporaryDirectory(dir=_path(order.part).parent, prefix="frames-") as folder:
            size = plates.place_of(layout).size
            with Recording(Path(folder), size, self.order.fps) as recording:
                with self._page(viewport, layout.scale, site, live=False) as (page, route):
                    page.load(site.start, route)
                    ending = capture(page, self._span(), recording, signals=lambda: route.signals)
                self.frames, self.drawn_ms = recording.frames, round((time.monotonic() - started) * 1000)
                plates.write_plate(order, viewport, layout, recording, ending, tuple(route.missing))

    def _shape(self, site: Site) -> tuple[Size, float]:
        """The viewport in CSS pixels, and the scale that the layout gives it."""
        order = self.order.plate
        viewport = site.size or order.screen
        if min(viewport.w, viewport.h) < _SMALLEST_SIDE:
            raise OohError(Code.CREATIVE_TOO_SMALL, f"its page is {viewport}")
        if viewport.pixels > order.max_pixels:
            raise OohError(Code.CREATIVE_TOO_LARGE, f"its page is {viewport}, over {order.max_pixels} pixels")
        rules = LayoutRules(order.max_upscale, order.safe_margin, scalable=True, templates=order.read_templates())
        return viewport, compose(order.screen, viewport, order.offers, rules).scale

    def _span(self) -> Span:
        return Span(round(self.order.seconds * 1000), self.order.fps)

    @contextmanager
    def _page(self, viewport: Size, scale: float, site: Site, *, live: bool) -> Iterator[tuple[Page, Route]]:
        """A page in a browser of its own, which is gone afterwards, whatever happens."""
        browser = find_browser()
        if browser is None:
            raise OohError(Code.PREPARE_NO_BROWSER)
        network = self.ask if live else None
        route = Route(site, frozenset(self.order.silent), network)
        with tempfile.TemporaryFile() as log, tempfile.TemporaryDirectory(dir=_path(self.order.home)) as home:
            pid, cdp = self._launched(browser, Path(home), scale, log.fileno())
            try:
                watch = MemoryWatch(pid, self.order.max_memory_mb)
                cdp.look = watch
                page = Page(cdp, viewport, stepped=browser.stepped)
                if network is not None:
                    cdp.also(self.answers_from, lambda: self._take(page, route))
                yield page, route
                self.peak_mb = max(self.peak_mb, watch.peak_mb)
            except OohError as error:
                raise _explained(error, log.fileno()) from error
            finally:
                end(pid)
                cdp.close()

    def _launched(self, browser: Browser, home: Path, scale: float, log: int) -> tuple[int, Cdp]:
        sandboxed = can_sandbox()
        if not sandboxed and os.getuid() != 0:
            why = "its sandbox needs user namespaces, which this system does not permit"
            raise OohError(Code.PREPARE_NO_BROWSER, why)
        self.isolation = "sandbox" if sandboxed else "no sandbox: the kernel permits none"
        command = browser.command(home, scale, sandboxed=sandboxed, stepped=browser.stepped)
        cpu_seconds = round(self.order.max_seconds * 2)
        launched = launch(command, home, cpu_seconds, log)
        return launched.pid, Cdp(launched.to_browser, launched.from_browser, self._ends_at, _SILENCE_SECONDS)

    def _take(self, page: Page, route: Route) -> None:
        got = self.answers()
        found = Resource(got.status, got.content_type, got.body, got.url) if got.status else None
        page.network_answered(got.number, route.arrived(got.number, found))


def _explained(error: OohError, log: int) -> OohError:
    """A browser that ended by itself says why on its stderr."""
    if error.code is not Code.PREPARE_CRASHED:
        return error
    os.lseek(log, 0, os.SEEK_SET)
    lines = os.read(log, 100_000).decode(errors="replace").splitlines()
    said = next((line for line in reversed(lines) if "FATAL" in line or "cannot be started" in line), "")
    return OohError(error.code, f"{error.detail} ({said[:200]})" if said else error.detail)


def _path(raw: bytes) -> Path:
    return Path(os.fsdecode(raw))


def limit_files(max_bytes: int) -> None:
    """No file larger than a plate may be, whatever is written here."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    most = max_bytes if hard == resource.RLIM_INFINITY else min(max_bytes, hard)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def work_for(order: HtmlOrder, *, network: bool) -> Work:
    """The order with the parent's network at descriptors 0 and 1."""
    if not network:
        return Work(order, None)

    def ask(url: str, number: int) -> None:
        write_message(1, Want(number, url))

    def answers() -> Got:
        return msgspec.msgpack.decode(read_message(0), type=Got)

    return Work(order, ask, answers, 0)
