"""The C library's heap: kept as small as what is on the screen, for days. glibc's; with another one nothing happens."""

from __future__ import annotations

import ctypes
import mmap
import threading
from contextlib import suppress

_ARENA_MAX = -8
"""``M_ARENA_MAX`` (malloc.h): each thread that stages, decodes or writes would else keep a heap of its own."""
_ARENAS = 2
_MMAP_THRESHOLD = -3
"""``M_MMAP_THRESHOLD``: set, it no longer grows with the first picture that is freed (mallopt(3), NOTES)."""
_PICTURE_BYTES = 1 << 20
"""From here on a piece is a map of its own: a freed picture leaves no hole between small pieces."""
_LARGE_PAGE_BYTES = 2 << 20
_TRIM_THRESHOLD = -1
"""``M_TRIM_THRESHOLD``: how much may lie free at the end of a heap. 128 KiB is glibc's own."""
_USUAL_TRIM_BYTES = 128 << 10
_KEPT_BYTES = 64 << 20


def picture(count: int) -> memoryview:
    """So many zeros to be written, for pixels. Raises ``MemoryError``.

    A whole picture is a map of its own on large pages, where the kernel has them (madvise(2)): 4 page faults instead of
    2,000, a tenth of the time, and back to the kernel at once when nobody holds it any more.
    """
    if count < _LARGE_PAGE_BYTES:
        return memoryview(bytearray(count))
    try:
        memory = mmap.mmap(-1, count, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except OSError as error:
        raise MemoryError from error
    with suppress(OSError):  # a kernel without them
        memory.madvise(mmap.MADV_HUGEPAGE)
    return memoryview(memory)


def tune() -> None:
    """For a process that takes and frees pictures for days."""
    _set(_ARENA_MAX, _ARENAS)
    _set(_MMAP_THRESHOLD, _PICTURE_BYTES)
    _set(_TRIM_THRESHOLD, _USUAL_TRIM_BYTES)


class Kept:
    """While a video plays, freed pictures stay in the heap; a context that each who plays enters.

    Thirty pictures a second, taken and freed: 1 ms each from the heap at 1080p, 9 ms from the kernel (page faults).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._playing = 0

    def __enter__(self) -> None:
        with self._lock:
            self._playing += 1
            _set(_MMAP_THRESHOLD, _KEPT_BYTES)
            _set(_TRIM_THRESHOLD, _KEPT_BYTES)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._playing -= 1
            if self._playing == 0:
                tune()
        give_back()


def give_back() -> None:
    """What is free goes back to the kernel (``malloc_trim``, milliseconds).

    A picture that is being staged takes 50 MB for a moment; short videos would add up over days.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _set(what: int, value: int) -> None:
    change = getattr(ctypes.CDLL(None), "mallopt", None)
    if change is not None:
        change(what, value)
