"""The parent's side: runs the child that draws HTML5, answers what its page asks of the network, reads the answer."""

from __future__ import annotations

import logging
import os
import select
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import msgspec

from config import Code, OohError, PrepareConfig
from renderer.prepare._order import Order
from renderer.prepare._sniff import HEAD_BYTES, known_format
from renderer.prepare._spawn import spawn
from renderer.prepare.html._order import (
    MOST_MESSAGE_BYTES,
    Done,
    FromChild,
    Got,
    HtmlOrder,
    Want,
    read_message,
    write_message,
)
from renderer.prepare.html._pack import is_pack
from renderer.prepare.html._shapes import Form, HtmlSource, Resources

log = logging.getLogger("ooh.prepare")

_AT_ONCE = 4
"""Requests of one page side by side, as kind as a browser."""
_LAST_WORDS_BYTES = 4_000
_GRACE_SECONDS = 2.0
_HOMES = "ooh-html-"
_ABANDONED_AFTER_SECONDS = 7_200
"""Twice the longest that a creative may take."""
_CODES = {code.code: code for code in Code}
_PAGES = (".html", ".htm", ".xhtml")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


def html_form(creative: Path) -> Form | None:
    """How to read a creative as HTML5; None when it is something else.

    Archives are told by their first bytes. Markup only by its name, and a picture by that name stays a picture: most
    pages that come where a picture should be are login pages. Raises ``OSError``.
    """
    with creative.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if known_format(head) is not None:
        return None
    if head.startswith(_ZIP):
        return "pack" if is_pack(creative) else "archive"
    return "markup" if creative.name.lower().endswith(_PAGES) else None


def run_child(order: Order, source: HtmlSource, limits: PrepareConfig, resources: Resources | None) -> Done:
    """Carry out one order in a child of its own; ``resources``: its network, None for none.

    Raises ``OohError``: CREATIVE_*, PREPARE_*. Blocks for ``limits.html_max_seconds`` at most.
    """
    with _home() as home:
        whole = HtmlOrder(
            plate=order,
            form=source.form,
            gather=resources is not None,
            home=os.fsencode(home),
            seconds=limits.html_seconds,
            fps=limits.html_fps,
            max_seconds=limits.html_max_seconds,
            max_memory_mb=limits.html_max_memory_mb,
            address=source.address,
            size=source.size,
            silent=source.silent,
        )
        done = _run(whole, resources)
    facts = {"isolation": done.isolation, "peak_mb": round(done.peak_mb), "frames": done.frames, "ms": done.drawn_ms}
    log.info("html.done", extra={"facts": {**facts, "code": done.code or "ok"}})
    if done.code:
        raise OohError(_CODES.get(done.code, Code.PREPARE_CRASHED), done.detail)
    return done


@contextmanager
def _home() -> Iterator[Path]:
    """A folder that the browser's user may pass through, gone afterwards."""
    _sweep(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=_HOMES, ignore_cleanup_errors=True) as home:
        Path(home).chmod(0o711)
        yield Path(home)


def _sweep(folder: Path) -> None:
    """Remove what parents left behind that were killed."""
    oldest = time.time() - _ABANDONED_AFTER_SECONDS  # the machine's clock, as the folders' times are
    for home in folder.glob(f"{_HOMES}*"):
        with suppress(OSError):
            status = home.lstat()
            if status.st_uid == os.getuid() and status.st_mtime < oldest:
                shutil.rmtree(home, ignore_errors=True)


def _run(order: HtmlOrder, resources: Resources | None) -> Done:
    with tempfile.TemporaryFile() as last_words:
        child = spawn("renderer.prepare.html", last_words, PATH=os.environ.get("PATH", os.defpath))
        with child:
            try:
                return _converse(child, order, resources, last_words)
            finally:
                if child.poll() is None:
                    os.killpg(child.pid, signal.SIGKILL)


def _converse(
    child: subprocess.Popen[bytes], order: HtmlOrder, resources: Resources | None, last_words: IO[bytes]
) -> Done:
    """Hand over the order, answer its questions, until it is done."""
    assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018
    ends_at = time.monotonic() + order.max_seconds + _GRACE_SECONDS
    answerer = _Answerer(child.stdin.fileno(), resources)
    try:
        with suppress(BrokenPipeError):  # its exit status says why
            write_message(child.stdin.fileno(), order)
        while True:
            raw = _next(child.stdout.fileno(), ends_at, order.max_seconds)
            if not raw:
                raise _died(child, last_words)
            try:
                message = msgspec.msgpack.decode(raw, type=FromChild)
            except msgspec.DecodeError as error:
                raise OohError(Code.PREPARE_CRASHED, f"its answer cannot be read: {error}") from error
            if isinstance(message, Done):
                return message
            answerer.take(message)
    finally:
        answerer.close()


def _next(from_child: int, ends_at: float, max_seconds: float) -> bytes:
    ready, _, _ = select.select([from_child], [], [], max(0.0, ends_at - time.monotonic()))
    if not ready:
        raise OohError(Code.PREPARE_TIMEOUT, f"over {max_seconds:g} s")
    try:
        return read_message(from_child)
    except ValueError as error:
        raise OohError(Code.PREPARE_CRASHED, f"its answer is longer than {MOST_MESSAGE_BYTES} bytes") from error


def _died(child: subprocess.Popen[bytes], last_words: IO[bytes]) -> OohError:
    status = child.wait()
    last_words.seek(max(0, last_words.seek(0, os.SEEK_END) - _LAST_WORDS_BYTES))
    lines = last_words.read().decode(errors="replace").split("\n")
    said = next((line.strip() for line in reversed(lines) if line.strip()), "nothing")
    how = signal.Signals(-status).name if status < 0 else f"status {status}"
    return OohError(Code.PREPARE_CRASHED, f"{how}, last words: {said}")


class _Answerer:
    """Fetches what the child wants, a few at a time, and writes the answers back."""

    def __init__(self, to_child: int, resources: Resources | None) -> None:
        self._to_child = to_child
        self._resources = resources
        self._pool = ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="html-fetch")
        self._lock = threading.Lock()
        self._closed = False

    def take(self, want: Want) -> None:
        self._pool.submit(self._answer, want)

    def close(self) -> None:
        with self._lock:
            self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _answer(self, want: Want) -> None:
        got = self._got(want)
        with self._lock:
            if not self._closed:
                with suppress(BrokenPipeError, OSError):  # the child has ended: nobody waits for this any more
                    write_message(self._to_child, got)

    def _got(self, want: Want) -> Got:
        if self._resources is None:
            return Got(want.number, 0)
        try:
            found = self._resources.get(want.url)
        except OohError as error:
            log.info("html.refused", exc_info=error, extra={"facts": {"code": error.code.code}})
            return Got(want.number, 0)
        return Got(want.number, found.status, found.content_type, found.body, found.url)
