"""A download: streamed to a temporary file, hashed on the way, gone again when anything fails."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from config import Code, OohError
from player.fetch._shapes import Fetched, HttpAnswer, HttpStream

_PREFIX = "fetch-"


def fetch(http: HttpStream, url: str, *, max_bytes: int, timeout_s: float, into: Path) -> Fetched:
    """Download ``url`` into a new file in the folder ``into`` (made when missing).

    The bytes are not judged: an empty body or a web page is the prepare process's to refuse.
    Raises ``OohError``: FETCH_STATUS on anything but 200, FETCH_REFUSED, FETCH_NETWORK, FETCH_TIMEOUT,
    FETCH_TOO_LARGE. ``OSError`` when the disk fails.
    """
    into.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=into, prefix=_PREFIX)
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            writer = _Writer(file)
            answer = http.stream(url, timeout_s=timeout_s, max_bytes=max_bytes, headers={}, sink=writer.take)
        _expect_ok(answer)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    mime = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Fetched(path, writer.digest.hexdigest(), writer.size_bytes, mime or None)


class _Writer:
    """Takes pieces: to the file, into the hash, onto the count."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.size_bytes = 0

    def take(self, piece: bytes) -> None:
        self._file.write(piece)
        self.digest.update(piece)
        self.size_bytes += len(piece)


def _expect_ok(answer: HttpAnswer) -> None:
    if answer.status != 200:
        raise OohError(Code.FETCH_STATUS, f"status {answer.status}")
