"""The C library's heap: kept as small as what is on the screen, for days."""

from __future__ import annotations

import ctypes

_ARENA_MAX = -8
"""``M_ARENA_MAX`` (malloc.h): each thread that stages, decodes or writes would else keep a heap of its own."""
_ARENAS = 2
_MMAP_THRESHOLD = -3
"""``M_MMAP_THRESHOLD``: set, it no longer grows with the first picture that is freed (mallopt(3), NOTES)."""
_PICTURE_BYTES = 1 << 20
"""From here on a piece is a map of its own: a freed picture leaves no hole between small pieces."""


class Heap:
    """glibc's allocator; with another C library it does nothing."""

    def __init__(self) -> None:
        libc = ctypes.CDLL(None)
        self._trim = getattr(libc, "malloc_trim", None)
        tune = getattr(libc, "mallopt", None)
        if tune is not None:
            tune(_ARENA_MAX, _ARENAS)
            tune(_MMAP_THRESHOLD, _PICTURE_BYTES)

    def give_back(self) -> None:
        """What is free goes back to the kernel: a picture that is being staged takes 50 MB for a moment."""
        if self._trim is not None:
            self._trim(0)
