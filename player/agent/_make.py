"""Making plates: one creative and one geometry are prepared once, whoever asks for it."""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from cache import Cache, Plate, StoredKind
from config import Code, OohError, PrepareConfig
from renderer.prepare import Geometry, HtmlSource, Prepared, Resources, html_form, is_video, plate_key, prepare
from renderer.prepare import gather as boxed_gather

log = logging.getLogger("ooh.agent")


class Prepare(Protocol):
    """``renderer.prepare.prepare``; a fake in tests."""

    def __call__(
        self, creative: Path, creative_sha256: str, geometry: Geometry, limits: PrepareConfig, out: Path
    ) -> Prepared:
        """Raises ``OohError``: CREATIVE_* or PREPARE_*."""


class Gather(Protocol):
    """``renderer.prepare.gather``; a fake in tests."""

    def __call__(
        self, source: HtmlSource, geometry: Geometry, limits: PrepareConfig, resources: Resources, out: Path
    ) -> Path:
        """The pack's file in ``out``. Raises ``OohError``: CREATIVE_* or PREPARE_*."""


class PlateMaker:
    """Plates from creatives in the store, for the geometry that the screen has now."""

    def __init__(
        self,
        cache: Cache,
        geometry: Callable[[], Geometry],
        limits: PrepareConfig,
        work: Path,
        *,
        prepare: Prepare = prepare,
        gather: Gather = boxed_gather,
        make_room: Callable[[], object] = lambda: None,
    ) -> None:
        """``work``: a folder for unfinished plates, on the store's file system; emptied here."""
        self._cache = cache
        self._geometry = geometry
        self._limits = limits
        self._work = work
        self._prepare = prepare
        self._gather = gather
        self._make_room = make_room
        # One at a time: the other processor belongs to the screen.
        self._one_at_a_time = threading.Lock()
        # Pages and videos take many times longer than pictures, which go on meanwhile.
        self._one_long_at_a_time = threading.Lock()
        _empty(work)

    def key(self, creative_sha256: str) -> str:
        """The key that a plate of this creative would have now."""
        return plate_key(creative_sha256, self._geometry())

    def plate(self, creative_sha256: str) -> Plate:
        """The plate of a creative in the store, made if there is none.

        Raises ``OohError``: CREATIVE_*, PREPARE_*, CACHE_*.
        """
        creative = self._cache.store.path(creative_sha256)
        with self._one_long_at_a_time if _is_long(creative) else self._one_at_a_time:
            geometry = self._geometry()
            known = self._cache.plate(plate_key(creative_sha256, geometry))
            if known is not None:
                return known
            if creative is None:
                raise OohError(Code.CACHE_UNAVAILABLE, f"creative {creative_sha256[:12]} is not in the store")
            return self._make(creative, creative_sha256, geometry)

    def gather(self, source: HtmlSource, resources: Resources) -> str:
        """Take an HTML5 creative in with all that it asks for; the sha256 of its pack, which is in the store.

        Raises ``OohError``: CREATIVE_*, PREPARE_*, CACHE_*.
        """
        with self._one_long_at_a_time, tempfile.TemporaryDirectory(dir=self._work, prefix="pack-") as out:
            pack = self._gather(source, self._geometry(), self._limits, resources, Path(out))
            return self.keep(pack, "creative")

    def keep(self, file: Path, kind: StoredKind) -> str:
        """Move a file into the store; when it is full, room is made once. Raises ``OohError``: CACHE_*."""
        try:
            return self._cache.store.put_file(file, kind)
        except OohError as error:
            if error.code is not Code.CACHE_FULL:
                raise
            self._make_room()
            return self._cache.store.put_file(file, kind)

    def takes_long(self, creative_sha256: str) -> bool:
        """Whether a plate is still to be made, of a page or a video."""
        return self._cache.plate(self.key(creative_sha256)) is None and _is_long(
            self._cache.store.path(creative_sha256)
        )

    def _make(self, creative: Path, creative_sha256: str, geometry: Geometry) -> Plate:
        with tempfile.TemporaryDirectory(dir=self._work, prefix="plate-") as out:
            prepared = self._prepare(creative, creative_sha256, geometry, self._limits, Path(out))
            plate = prepared.plate
            sha256 = self.keep(prepared.file, "plate")
            if sha256 != plate.plate_sha256:
                raise OohError(Code.PLATE_CORRUPT, f"{plate.plate_sha256[:12]} became {sha256[:12]} on the way")
        self._cache.save_plate(plate)
        facts = {
            "creative": creative_sha256[:12],
            "plate": plate.plate_sha256[:12],
            "kind": plate.kind,
            "source": str(plate.source_size),
            "frames": plate.frames,
            "bytes": plate.size_bytes,
        }
        log.info("plate.made", extra={"facts": facts})
        return plate


def _is_long(creative: Path | None) -> bool:
    try:
        return creative is not None and (html_form(creative) is not None or is_video(creative))
    except OSError:  # it went meanwhile: whoever opens it says so
        return False


def _empty(work: Path) -> None:
    """What a killed agent left behind: unfinished downloads and plates."""
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in work.iterdir():
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)
