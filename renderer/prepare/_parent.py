"""Runs the child that decodes creatives, and believes nothing it says that cannot be checked."""

from __future__ import annotations

import hashlib
import logging
import os
import selectors
import signal
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import msgspec

from cache import Plate
from config import Code, OohError, PrepareConfig
from renderer.plate import BYTES_PER_PIXEL, PlateFile
from renderer.prepare._geometry import Geometry, plate_key
from renderer.prepare._limits import MEGABYTE
from renderer.prepare._order import Answer, Order
from renderer.prepare._part import unfinished
from renderer.prepare._sniff import HEAD_BYTES
from renderer.prepare._spawn import spawn
from renderer.prepare._video_kind import video_container
from renderer.prepare.html import HtmlSource, html_form, run_child

log = logging.getLogger("ooh.prepare")

_MOST_PLATE_BYTES = 500_000_000
_MOST_ANSWER_BYTES = 64_000
_LAST_WORDS_BYTES = 4_000
_LEAST_WAIT_SECONDS = 0.1
_CODES = {code.code: code for code in Code}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plate made: where its file is now, and what it is."""

    file: Path
    plate: Plate
    html: bool = False
    """True: the creative is HTML5, whatever its plate became."""
    film: bool = False
    """True: the creative is a video; a long animation may be kept as one, too."""

    @property
    def kind(self) -> Literal["still", "animation", "video", "html5"]:
        """What the creative is."""
        if self.html:
            return "html5"
        return "animation" if self.plate.kind == "video" and not self.film else self.plate.kind


def prepare_file(creative: Path, geometry: Geometry, limits: PrepareConfig, out: Path) -> Prepared:
    """`prepare` for a file that may be anything: its hash is not known yet, and it may be no regular file.

    Raises ``OohError`` as `prepare` does.
    """
    try:
        _check_file(creative.stat(), limits)
        with creative.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise OohError(Code.PREPARE_STORAGE, str(error)) from error
    return prepare(creative, digest, geometry, limits, out)


def prepare(creative: Path, creative_sha256: str, geometry: Geometry, limits: PrepareConfig, out: Path) -> Prepared:
    """Make the plate of ``creative`` in the folder ``out``, in a child process with no network and little else.

    Same creative, geometry and recipe give the same bytes. Raises ``OohError``: CREATIVE_* when the creative is
    refused, PREPARE_* when preparing failed. Leaves no file behind when it raises. Blocks for at most
    ``limits.max_seconds``, for a video ``limits.video_budget_seconds``; may be called from several threads at once.
    """
    if geometry.screen.pixels * BYTES_PER_PIXEL > _MOST_PLATE_BYTES:
        raise OohError(Code.CREATIVE_TOO_LARGE, f"a plate of {geometry.screen} is over {_MOST_PLATE_BYTES} bytes")
    key = plate_key(creative_sha256, geometry)
    with unfinished(out, key) as part:
        order = order_for(creative, creative_sha256, geometry, limits, part)
        form = html_form(creative)
        if form is None:
            _run(order, order.max_seconds)
        else:
            run_child(order, HtmlSource(creative, form), limits, None)
        plate = _read_back(part, key, creative_sha256, geometry)
        return Prepared(part.replace(out / f"{key}.plate"), plate, html=form is not None, film=order.video != "")


def _check_file(status: os.stat_result, limits: PrepareConfig) -> None:
    """Hold what would never end, or never fit the child's memory, before a byte is read."""
    if not stat.S_ISREG(status.st_mode):
        raise OohError(Code.CREATIVE_UNSUPPORTED, "it is a folder, a device or a pipe, not a file")
    if status.st_size > limits.max_memory_mb * MEGABYTE:
        raise OohError(Code.CREATIVE_TOO_LARGE, f"{status.st_size} bytes are over {limits.max_memory_mb} MB")


def order_for(creative: Path, creative_sha256: str, geometry: Geometry, limits: PrepareConfig, part: Path) -> Order:
    """What the child is asked. Raises ``OSError`` when the creative cannot be read."""
    with creative.open("rb") as file:
        video = video_container(file.read(HEAD_BYTES)) or ""
    return Order(
        creative=os.fsencode(creative.absolute()),
        creative_sha256=creative_sha256,
        part=os.fsencode(part.absolute()),
        screen=geometry.screen,
        offers=geometry.offers(),
        max_upscale=geometry.max_upscale,
        safe_margin=geometry.safe_margin,
        backdrop=geometry.backdrop,
        brand_colour=geometry.brand_colour,
        max_pixels=limits.max_pixels,
        max_frames=limits.max_frames,
        max_seconds=limits.video_budget_seconds if video else limits.max_seconds,
        max_memory_mb=limits.max_memory_mb,
        max_plate_bytes=_MOST_PLATE_BYTES,
        video=video,
        max_video_seconds=limits.max_video_seconds,
        templates=geometry.templates,
    )


def _run(order: Order, max_seconds: float) -> None:
    """Run the child to its end. Raises what it answers, or what became of it."""
    with tempfile.TemporaryFile() as last_words:
        child = spawn("renderer.prepare", last_words)
        with child:
            try:
                raw = _converse(child, msgspec.json.encode(order), max_seconds)
            finally:
                _end(child)
        _judge(raw, child.returncode, last_words)


def _converse(child: subprocess.Popen[bytes], order: bytes, max_seconds: float) -> bytes:
    """Hand over the order and read the answer to its end. Raises ``OohError(PREPARE_TIMEOUT)``."""
    assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018
    deadline = time.monotonic() + max_seconds
    try:
        child.stdin.write(order)
        child.stdin.close()
    except BrokenPipeError:
        log.debug("prepare.refused_order", extra={"facts": {"pid": child.pid}})  # its exit status says why
    answer = b""
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while len(answer) <= _MOST_ANSWER_BYTES:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise OohError(Code.PREPARE_TIMEOUT, f"over {max_seconds:g} s")
            piece = os.read(child.stdout.fileno(), _MOST_ANSWER_BYTES)
            if not piece:
                return _after_end(child, answer, max_seconds, deadline)
            answer += piece
    raise OohError(Code.PREPARE_CRASHED, f"an answer of over {_MOST_ANSWER_BYTES} bytes")


def _after_end(child: subprocess.Popen[bytes], answer: bytes, max_seconds: float, deadline: float) -> bytes:
    try:
        child.wait(max(_LEAST_WAIT_SECONDS, deadline - time.monotonic()))
    except subprocess.TimeoutExpired as error:
        raise OohError(Code.PREPARE_TIMEOUT, f"over {max_seconds:g} s") from error
    return answer


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill the child and all it may have started, if it is still there."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)


def _judge(raw: bytes, status: int, last_words: IO[bytes]) -> None:
    """Return when the child says that the plate is written; raise what it says otherwise."""
    if -status == signal.SIGXCPU:
        raise OohError(Code.PREPARE_TIMEOUT, "its time on the processor is used up")
    if status != 0:
        last_words.seek(max(0, last_words.seek(0, os.SEEK_END) - _LAST_WORDS_BYTES))
        lines = last_words.read().decode(errors="replace").split("\n")
        said = next((line.strip() for line in reversed(lines) if line.strip()), "nothing")
        if said.startswith("MemoryError"):
            raise OohError(Code.PREPARE_MEMORY, "over its limit")
        how = signal.Signals(-status).name if status < 0 else f"status {status}"
        raise OohError(Code.PREPARE_CRASHED, f"{how}, last words: {said}")
    try:
        answer = msgspec.json.decode(raw, type=Answer)
    except msgspec.DecodeError as error:
        raise OohError(Code.PREPARE_CRASHED, f"its answer cannot be read: {error}") from error
    if not answer.network_cut:
        log.debug("prepare.network_not_cut", extra={"facts": {"why": "the kernel permits no network namespace"}})
    if not answer.calls_filtered:
        log.debug("prepare.calls_not_filtered", extra={"facts": {"why": "the kernel or machine offers no filter"}})
    if answer.code:
        raise OohError(_CODES.get(answer.code, Code.PREPARE_CRASHED), answer.detail)


def _read_back(part: Path, key: str, creative_sha256: str, geometry: Geometry) -> Plate:
    with PlateFile.open(part) as file:
        fields = file.plate_fields
    if fields.creative_sha256 != creative_sha256 or fields.screen_size != geometry.screen:
        raise OohError(Code.PREPARE_CRASHED, "the plate is not the one asked for")
    with part.open("rb") as raw:
        digest = hashlib.file_digest(raw, "sha256").hexdigest()
    return Plate(
        key=key,
        plate_sha256=digest,
        creative_sha256=fields.creative_sha256,
        kind=fields.kind,
        source_size=fields.source_size,
        screen_size=fields.screen_size,
        creative_rect=fields.creative_rect,
        panel_rects=fields.panel_rects,
        panel_area=fields.panel_area,
        scale=fields.scale,
        frames=fields.frames,
        duration_ms=fields.duration_ms,
        size_bytes=part.stat().st_size,
        warnings=fields.warnings,
        loops=fields.loops,
    )
