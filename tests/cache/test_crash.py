"""Killed at any moment, cut at any byte: what was acknowledged is there, whole and in order."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cache import Journal, SystemClock, record_json, verify_export
from tests.cache.shapes import IDENTITY, SINK, make_lease, opened, play_once
from tests.fakes import FakeClock

ROOT = Path(__file__).parents[2]
PLAYER = """
import sys
from pathlib import Path
from cache import Journal, Playhead
from tests.cache.shapes import IDENTITY, SINK, make_end, make_lease, make_start
from tests.fakes import FakeClock
from cache import new_id
folder, count = Path(sys.argv[1]), int(sys.argv[2])
clock = FakeClock()
journal, head = Journal.open(folder, clock, IDENTITY), Playhead(folder)
print("open", flush=True)
sys.stdin.readline()
journal.recover(head.read(), [SINK])
for _ in range(count):
    start = make_start(clock, make_lease(clock, new_id(clock)))
    head.stamp(start.id, start.boot_id, start.started_ns, start.started_ns + 10**10, 1, 0)
    print("opened", journal.open_play(start), start.id, flush=True)
    clock.advance(10)
    journal.close_play(start.id, make_end(clock), [SINK])
    head.clear()
    print("closed", start.id, flush=True)
journal.close()
"""


def player(folder: Path, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PLAYER, str(folder), str(count)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "open\n"
    process.stdin.write("go\n")
    process.stdin.flush()


def test_killed_again_and_again_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    acknowledged: dict[str, str] = {}
    for lines in (7, 8, 31, 50):
        with player(tmp_path, 10_000) as process:
            go(process)
            assert process.stdout is not None
            for _ in range(lines):
                word, *_, play_id = process.stdout.readline().split()
                acknowledged[play_id] = word
            process.kill()
    journal = Journal.open(tmp_path, SystemClock(), IDENTITY)
    try:
        journal.recover(None, [SINK])
        rows = list(journal.plays())
        found = {row.play.id: row for row in rows}
        assert set(acknowledged) <= set(found)
        assert [row.play.seq for row in rows] == list(range(1, len(rows) + 1))
        assert verify_export(record_json(row.play) for row in rows).fault is None
        for play_id, word in acknowledged.items():
            reason = found[play_id].play.end_reason
            assert reason in ({"complete"} if word == "closed" else {"complete", "crash"})
            if reason == "crash":
                # Recovered by the next process of the same boot from the playhead; the last one here without it.
                assert found[play_id].play.shown_ms in (10_000, None)
        assert journal.queue(SINK).pending == len(rows)
    finally:
        journal.close()


def test_processes_that_start_together_share_one_new_journal(tmp_path: Path) -> None:
    started = [player(tmp_path, 20) for _ in range(3)]
    for process in started:
        go(process)
    for process in started:
        process.communicate(timeout=60)
        assert process.returncode == 0
    journal = Journal.open(tmp_path, SystemClock(), IDENTITY)
    try:
        assert journal.counts().last_seq == journal.counts().opened == 60
    finally:
        journal.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal copied with its WAL while it was open, as the power leaves it."""
    folder, clock = tmp_path_factory.mktemp("running"), FakeClock()
    left = tmp_path_factory.mktemp("left")
    with opened(folder, clock) as journal:
        for number in range(30):
            play_once(journal, clock, make_lease(clock, f"lease-{number}"))
        for name in ("journal.db", "journal.db-wal"):
            shutil.copyfile(folder / name, left / name)
    return left


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_wal_cut_at_any_byte_leaves_a_whole_journal(
    running: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Commits are all there up to some one, and none after it: seq, chain, deliveries and beacons agree."""
    folder, clock = tmp_path_factory.mktemp("cut"), FakeClock()
    for name in ("journal.db", "journal.db-wal"):
        shutil.copyfile(running / name, folder / name)
    wal = folder / "journal.db-wal"
    size = wal.stat().st_size
    cut = data.draw(st.integers(0, size))
    with wal.open("r+b") as file:
        file.truncate(cut)
    with opened(folder, clock) as journal:
        counts = journal.counts()
        rows = list(journal.plays())
        assert not list(folder.glob("*.corrupt-*"))
        assert counts.opened - counts.closed in (0, 1)
        assert counts.last_seq == counts.opened
        assert [row.play.seq for row in rows] == list(range(1, counts.closed + 1))
        assert verify_export(row.record for row in rows).fault is None
        assert journal.queue(SINK).pending == counts.closed
        assert journal.beacon_counts()["PENDING"] + 2 * len(journal.unsettled(9)) == 2 * counts.closed
        if cut == size:
            assert counts.closed == 30
        assert len(journal.recover(None, [SINK])) == counts.opened - counts.closed
        assert play_once(journal, clock).seq == counts.opened + 1
