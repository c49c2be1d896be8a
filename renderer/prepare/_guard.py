"""Turns what a decoder throws into the codes that people meet."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Callable
from typing import TypeVar

from PIL import Image, UnidentifiedImageError

from config import Code, OohError
from renderer.prepare._ends import ends_early
from renderer.prepare._sniff import Format

_T = TypeVar("_T")
_DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
)
"""What Pillow's readers let through on hostile bytes, besides its own errors."""


def guarded(found: Format, data: bytes, action: Callable[[], _T]) -> _T:
    """Run a decoding step. Raises ``OohError`` (CREATIVE_TOO_LARGE, _TRUNCATED, _CORRUPT) or ``MemoryError``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return action()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise OohError(Code.CREATIVE_TOO_LARGE, str(error)) from error
    except _DECODER_ERRORS as error:
        said = str(error).lower()
        if "out of memory" in said:
            raise MemoryError(str(error)) from error
        if "truncated" in said or ends_early(found, data):
            raise OohError(Code.CREATIVE_TRUNCATED, f"a {found} of {len(data)} bytes") from error
        why = "its header cannot be read" if isinstance(error, UnidentifiedImageError) else str(error)
        raise OohError(Code.CREATIVE_CORRUPT, f"{found}: {why}") from error
