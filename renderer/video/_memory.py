"""Gives memory back to the system: after each video, so that days of short ones do not add up."""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """What the C library holds free, back to the kernel (glibc's ``malloc_trim``, milliseconds); else nothing."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
