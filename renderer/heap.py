"""The C library's heap: kept as small as what is on the screen, for days. glibc's; with another one nothing happens."""

from __future__ import annotations

import ctypes

_ARENA_MAX = -8
"""``M_ARENA_MAX`` (malloc.h): each thread that stages, decodes or writes would else keep a heap of its own."""
_ARENAS = 2
_MMAP_THRESHOLD = -3
"""``M_MMAP_THRESHOLD``: set, it no longer grows with the first picture that is freed (mallopt(3), NOTES)."""
_PICTURE_BYTES = 1 << 20
"""From here on a piece is a map of its own: a freed picture leaves no hole between small pieces."""


def tune() -> None:
    """For a process that takes and frees pictures for days."""
    change = getattr(ctypes.CDLL(None), "mallopt", None)
    if change is not None:
        change(_ARENA_MAX, _ARENAS)
        change(_MMAP_THRESHOLD, _PICTURE_BYTES)


def give_back() -> None:
    """What is free goes back to the kernel (``malloc_trim``, milliseconds).

    A picture that is being staged takes 50 MB for a moment; short videos would add up over days.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
