"""A stretch of a mapped file as a file of its own: what a decoder reads the video of a plate from."""

from __future__ import annotations

import io
import os

_Writable = bytearray | memoryview


class SpanReader(io.RawIOBase):
    """Reads and seeks within ``view``; keeps the map alive until it is closed."""

    def __init__(self, view: memoryview) -> None:
        super().__init__()
        self._view = view
        self._at = 0

    def __len__(self) -> int:
        return len(self._view)

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes from here on; all that are left when it is negative. Empty at the end."""
        end = len(self._view) if size < 0 else min(len(self._view), self._at + size)
        piece = bytes(self._view[self._at : end])
        self._at += len(piece)
        return piece

    def readinto(self, buffer: _Writable, /) -> int:  # type: ignore[override]  # typeshed's Buffer needs Python 3.12
        """Fill ``buffer`` as far as there are bytes."""
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """As files do; before the start is an ``OSError``."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: len(self._view)}[whence]
        if start + offset < 0:
            message = f"seek to {start + offset}"
            raise OSError(message)
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        """Where the next read begins."""
        return self._at

    def twin(self) -> SpanReader:
        """Another reader of the same bytes, at their beginning. Close both."""
        return SpanReader(memoryview(self._view))

    def close(self) -> None:
        """Let go of the map."""
        if not self.closed:
            self._view.release()
        super().close()
