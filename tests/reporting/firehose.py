"""Firehose's part: lines into files under dt=/hour= of their arrival in UTC, named and packed as Firehose does."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

BUFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One record of the stream and when it came."""

    at: datetime
    line: bytes


def write(arrivals: Iterable[Arrival], folder: Path, stream: str = "ooh-plays-json") -> list[Path]:
    """One file a buffer; folder and name have the time of its first line (AWS, "Amazon S3 object name format")."""
    buffers: list[list[Arrival]] = []
    for arrival in sorted(arrivals, key=lambda one: one.at):
        if not buffers or arrival.at - buffers[-1][0].at >= BUFFER:
            buffers.append([])
        buffers[-1].append(arrival)
    files = []
    for number, buffer in enumerate(buffers):
        at = buffer[0].at
        place = folder / f"dt={at:%Y-%m-%d}" / f"hour={at:%H}"
        place.mkdir(parents=True, exist_ok=True)
        file = place / f"{stream}-1-{at:%Y-%m-%d-%H-%M-%S}-{number:08x}-0000-4000-8000-000000000000.gz"
        file.write_bytes(gzip.compress(b"".join(one.line for one in buffer), mtime=0))
        files.append(file)
    return files
