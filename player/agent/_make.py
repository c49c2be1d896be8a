"""Making plates: one creative and one geometry are prepared once, whoever asks for it."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from cache import Cache, Plate, StoredKind
from config import Code, OohError, PrepareConfig
from renderer.prepare import Geometry, Prepared, plate_key, prepare

log = logging.getLogger("ooh.agent")


class Prepare(Protocol):
    """``renderer.prepare.prepare``; a fake in tests."""

    def __call__(
        self, creative: Path, creative_sha256: str, geometry: Geometry, limits: PrepareConfig, out: Path
    ) -> Prepared:
        """Raises ``OohError``: CREATIVE_* or PREPARE_*."""


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
        make_room: Callable[[], object] = lambda: None,
    ) -> None:
        """``work``: a folder for unfinished plates, on the store's file system; emptied here."""
        self._cache = cache
        self._geometry = geometry
        self._limits = limits
        self._work = work
        self._prepare = prepare
        self._make_room = make_room
        # One at a time: the other processor belongs to the screen.
        self._one_at_a_time = threading.Lock()
        _empty(work)

    def key(self, creative_sha256: str) -> str:
        """The key that a plate of this creative would have now."""
        return plate_key(creative_sha256, self._geometry())

    def plate(self, creative_sha256: str) -> Plate:
        """The plate of a creative in the store, made if there is none.

        Raises ``OohError``: CREATIVE_*, PREPARE_*, CACHE_*.
        """
        with self._one_at_a_time:
            geometry = self._geometry()
            known = self._cache.plate(plate_key(creative_sha256, geometry))
            if known is not None:
                return known
            creative = self._cache.store.path(creative_sha256)
            if creative is None:
                raise OohError(Code.CACHE_UNAVAILABLE, f"creative {creative_sha256[:12]} is not in the store")
            return self._make(creative, creative_sha256, geometry)

    def keep(self, file: Path, kind: StoredKind) -> str:
        """Move a file into the store; when it is full, room is made once. Raises ``OohError``: CACHE_*."""
        try:
            return self._cache.store.put_file(file, kind)
        except OohError as error:
            if error.code is not Code.CACHE_FULL:
                raise
            self._make_room()
            return self._cache.store.put_file(file, kind)

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


def _empty(work: Path) -> None:
    """What a killed agent left behind: unfinished downloads and plates."""
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in work.iterdir():
        if left.is_dir():
            for file in left.iterdir():
                file.unlink(missing_ok=True)
            left.rmdir()
        else:
            left.unlink(missing_ok=True)
