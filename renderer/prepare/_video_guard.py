"""Turns what the video codecs throw into the codes that people meet."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import av

from config import Code, OohError


@contextmanager
def reading_video(what: str, *, cut: bool = False) -> Iterator[None]:
    """A decoding step. Raises ``OohError``, ``MemoryError``.

    CREATIVE_UNSUPPORTED for what is not known, else CREATIVE_CORRUPT, or CREATIVE_TRUNCATED when the file is ``cut``.
    """
    damaged = Code.CREATIVE_TRUNCATED if cut else Code.CREATIVE_CORRUPT
    try:
        yield
    except MemoryError:
        raise
    except (av.error.DecoderNotFoundError, av.error.DemuxerNotFoundError, av.error.PatchWelcomeError) as error:
        raise OohError(Code.CREATIVE_UNSUPPORTED, f"{what}: {error.strerror}") from error
    except av.FFmpegError as error:
        if error.errno == errno.ENOMEM:
            raise MemoryError(what) from error
        raise OohError(damaged, f"{what}: {error.strerror}") from error
    except (ValueError, OverflowError) as error:
        raise OohError(damaged, f"{what}: {error}") from error


@contextmanager
def writing_video() -> Iterator[None]:
    """An encoding step. Raises ``MemoryError``: x264 says "external error" when it gets none. ``OSError`` as is."""
    try:
        yield
    except av.error.ExternalError as error:
        raise MemoryError(str(error)) from error
