"""A journal and a cache in a folder, leases, and fakes of the edges, for the agent's tests."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from PIL import Image

from cache import Beacon, Cache, Clock, Folders, Identity, Journal, Lease, Plate, PlayLayout, PlayStart, new_id
from config import CacheConfig, Code, OohError, PrepareConfig, Rect, Size
from player.fetch import HttpAnswer
from renderer.prepare import Geometry, Prepared, plate_key

IDENTITY = Identity("screen-1", None, "0.1.0")


def png(colour: str = "red", size: tuple[int, int] = (300, 250)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


@dataclass
class Rig:
    folders: Folders
    journal: Journal
    cache: Cache
    clock: Clock

    def lease(self, url: str = "https://cdn.example/a.png", exchange: str = "x", **changes: object) -> Lease:
        now = self.clock.now()
        lease = Lease(
            lease_id=new_id(self.clock),
            exchange=exchange,
            request_id="r",
            imp_id="1",
            creative_url=url,
            not_before=now,
            expires_at=now + timedelta(minutes=15),
            duration_ms=10_000,
            on_released=(Beacon("expiration", "https://x.example/released"),),
        )
        return replace(lease, **changes)  # type: ignore[arg-type]

    def offer(self, url: str = "https://cdn.example/a.png", **changes: object) -> Lease:
        lease = self.lease(url, **changes)  # type: ignore[arg-type]
        self.journal.offer(lease)
        return lease

    def states(self) -> dict[str, str]:
        return {held.lease.lease_id: held.state.value for held in self.journal.held()}


@contextmanager
def rig_in(folder: Path, clock: Clock, max_bytes: int = 200_000_000) -> Iterator[Rig]:
    folders = Folders.of(CacheConfig(dir=str(folder)), {})
    journal = Journal.open(folders.state, clock, IDENTITY)
    cache = Cache.open(folders, clock, max_bytes)
    yield Rig(folders, journal, cache, clock)
    journal.close()
    cache.close()


def play(rig: Rig, clock: Clock) -> str:
    """Begin to show the first lease that waits; returns the play's id."""
    lease = rig.journal.held()[0].lease
    start = PlayStart(
        id=new_id(clock),
        kind="ad",
        planned_ms=lease.duration_ms,
        started_at=clock.now(),
        started_ns=clock.monotonic_ns(),
        boot_id=clock.boot_id(),
        layout=PlayLayout(None, (), None),
        clock=clock.state(),
        display="on",
        display_evidence=None,
        lease=lease,
    )
    rig.journal.open_play(start)
    return start.id


@dataclass
class FakeStream:
    """``HttpStream``: bytes by URL, or an error; notes what was asked for."""

    bodies: dict[str, bytes | OohError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None
    mimes: dict[str, str] = field(default_factory=dict)

    def stream(
        self,
        url: str,
        *,
        timeout_s: float,
        max_bytes: int,
        headers: Mapping[str, str],
        sink: Callable[[bytes], object],
        begin: Callable[[HttpAnswer], object] | None = None,
    ) -> HttpAnswer:
        assert timeout_s > 0
        assert max_bytes > 0
        assert not headers
        self.asked.append(url)
        self.meanwhile()
        body = self.bodies.get(url, OohError(Code.FETCH_NETWORK, "nothing there"))
        if isinstance(body, OohError):
            raise body
        head = HttpAnswer(200, {"content-type": self.mimes.get(url, "image/png")}, b"")
        if begin is not None:
            begin(head)
        sink(body)
        return head


@dataclass
class FakePrepare:
    """Writes a small file as the plate; refuses what begins with ``bad``, trips over what begins with ``bug``."""

    made: list[tuple[str, Size]] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def __call__(
        self, creative: Path, creative_sha256: str, geometry: Geometry, limits: PrepareConfig, out: Path
    ) -> Prepared:
        assert limits.max_seconds
        self.meanwhile()
        data = creative.read_bytes()
        if data.startswith(b"bad"):
            raise OohError(Code.CREATIVE_CORRUPT, "bad")
        if data.startswith(b"bug"):
            message = "a case nobody thought of"
            raise KeyError(message)
        self.made.append((creative_sha256, geometry.screen))
        body = b"plate" + data + str(geometry.screen).encode()
        file = out / "plate"
        file.write_bytes(body)
        plate = Plate(
            key=plate_key(creative_sha256, geometry),
            plate_sha256=hashlib.sha256(body).hexdigest(),
            creative_sha256=creative_sha256,
            kind="still",
            source_size=Size(300, 250),
            screen_size=geometry.screen,
            creative_rect=Rect(0, 0, 300, 250),
            panel_rects=(),
            panel_area=None,
            scale=1.0,
            frames=1,
            duration_ms=0,
            size_bytes=len(body),
        )
        return Prepared(file, plate)
