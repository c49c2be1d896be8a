"""``python -m bench.heartbeat``: what a heartbeat costs, and what is left of an hour and of a day without network."""

from __future__ import annotations

import argparse
import logging
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from bench.export import fill
from cache import ClockState, CodeCounter, Folders, SystemClock, new_id, rfc3339
from config import CacheConfig, Code, Config, OohError, ProofConfig, ScreenConfig
from player.agent._parts import Bells, Edges, build
from player.agent._pulse import Pulse
from player.agent._vitals import Vitals
from player.heartbeat import Backlog, Beat, Heartbeat, beat_of, emf_line, exposition, pack
from player.machine import process_figures

_BEATS = 50
_SHOWN = 6

T = TypeVar("T")


@dataclass
class _FakeClock:
    """Moves when it is told to."""

    wall: datetime = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    mono_ns: int = 10**9

    def monotonic_ns(self) -> int:
        return self.mono_ns

    def now(self) -> datetime:
        return self.wall

    def boot_id(self) -> str:
        return "11111111-2222-3333-4444-555555555555"

    def state(self) -> ClockState:
        return ClockState(synced=True, source="bench", offset_ms=None)

    def advance(self, seconds: float) -> None:
        self.mono_ns += round(seconds * 1e9)
        self.wall += timedelta(seconds=seconds)


@dataclass
class _Receiver(Heartbeat):
    """Away for a while; notes what arrives."""

    clock: _FakeClock
    away_until: datetime
    requests: list[tuple[datetime, tuple[Beat, ...]]] = field(default_factory=list)

    def send(self, beats: Sequence[Beat]) -> None:
        if self.clock.wall < self.away_until:
            raise OohError(Code.FETCH_NETWORK, "away")
        self.requests.append((self.clock.wall, tuple(beats)))


def _document_maker(folder: Path, plays: int, files: int) -> Callable[[int], dict[str, Any]]:
    """An agent's, with a full journal and a full store."""
    fill(folder, plays)
    with sqlite3.connect(folder / "journal.db") as db:  # the copies are finished too
        db.execute("UPDATE meta SET value = (SELECT MAX(seq) FROM plays) WHERE key = 'plays:finished_to'")
    db.close()
    config = Config(
        screen=ScreenConfig(id="bench-1"), cache=CacheConfig(dir=str(folder)), proof=ProofConfig(stream="plays")
    )
    folders = Folders.of(config.cache, {})
    clock = SystemClock()
    parts = build(config, folders, clock, "0", Bells(lambda *_: None, folders.run), Edges())
    for number in range(files):
        parts.cache.store.put_bytes(f"{number}".encode() * 100, "creative" if number % 2 else "plate")
    vitals = Vitals(config, folders, clock, "0", parts, CodeCounter(), lambda: None)
    return lambda seq: vitals.document(seq, {})


def _cost(plays: int, files: int) -> dict[str, Any]:
    """Prints what each step takes; returns a document."""
    with tempfile.TemporaryDirectory(prefix="ooh-bench-") as name:
        make = _document_maker(Path(name), plays, files)
        document = make(1)
        beat = beat_of(document)
        steps: dict[str, Callable[[], object]] = {
            "gather all facts": lambda: make(2),
            "  of that, the processes' memory": lambda: process_figures({"agent": None, "screen": 1, "supervisor": 1}),
            "JSON, bounds": lambda: beat_of(document),
            "gzip": lambda: pack([beat]),
            "EMF line": lambda: emf_line(document, "OohPlayer", ["screen_id"]),
            "Prometheus text": lambda: exposition(document),
        }
        print(f"One heartbeat of an agent with {plays:,} plays and {files} stored files, CPU ms (mean of {_BEATS}):")
        for step, run in steps.items():
            print(f"  {step:<36} {_cpu_ms(run):6.2f}")
        sizes = {
            "JSON": len(beat.body),
            "as sent (gzip)": len(pack([beat])),
            "EMF line": len(emf_line(document, "OohPlayer", ["screen_id"])),
            "Prometheus text": len(exposition(document)),
        }
        print("Bytes: " + ", ".join(f"{what} {size:,}" for what, size in sizes.items()))
        return document


def _cpu_ms(run: Callable[[], object]) -> float:
    run()
    began = time.process_time()
    for _ in range(_BEATS):
        run()
    return (time.process_time() - began) * 1000 / _BEATS


def _outage(document: dict[str, Any], minutes: int) -> None:
    """Prints what is kept, and what arrives when."""
    clock = _FakeClock()
    receiver = _Receiver(clock, clock.wall + timedelta(minutes=minutes))
    with tempfile.TemporaryDirectory(prefix="ooh-bench-") as name:
        state = Path(name)
        backlog = Backlog(state, clock, 60)
        pulse = Pulse(receiver, backlog, clock, 60.0, lambda: 0.5)
        written, files = 0, 0
        before = 0
        while clock.wall < receiver.away_until or len(backlog):
            due_s = pulse.step(
                lambda seq: {**document, "id": new_id(clock), "seq": seq, "sent_at": rfc3339(clock.now())}
            )
            file = state / "heartbeats.gz"
            changed = file.stat().st_mtime_ns if file.exists() else before
            if changed != before:
                before, written, files = changed, written + file.stat().st_size, files + 1
            clock.advance(due_s)
    print(f"\nWithout network from 12:00 for {minutes} minutes: {pulse.made} heartbeats were made.")
    print(f"  The card took {written:,} bytes in {files} files.")
    for at, beats in receiver.requests:
        times = [beat.at[8:16].replace("T", ". ") for beat in beats]
        shown = times if len(times) <= _SHOWN else [*times[: _SHOWN // 2], "…", *times[-_SHOWN // 2 :]]
        size = len(pack(beats))
        print(f"  {at:%d. %H:%M:%S}  {len(beats):>2} in {size:>6,} bytes, of {', '.join(shown)}")


def main() -> None:
    """Both."""
    parser = argparse.ArgumentParser(prog="python -m bench.heartbeat")
    parser.add_argument("--plays", type=int, default=20_000)
    parser.add_argument("--files", type=int, default=300)
    wanted = parser.parse_args()
    logging.disable(logging.CRITICAL)
    document = _cost(wanted.plays, wanted.files)
    for minutes in (60, 24 * 60):
        _outage(document, minutes)


if __name__ == "__main__":
    main()
