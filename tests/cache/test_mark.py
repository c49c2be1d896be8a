"""No seq is given twice, whatever becomes of the journal: the gap tells the receiver that plays may be missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from cache.journal._mark import MARK_NAME, SeqMark, read_mark
from config import Code, OohError
from tests.cache.shapes import make_start, opened, play_once
from tests.fakes import FakeClock


def test_a_journal_that_cannot_be_read_at_all_goes_on_above(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as journal:
        for _ in range(5):
            play_once(journal, clock)
    for path in tmp_path.glob("journal.db*"):
        path.write_bytes(b"rubbish" * 10_000)
    with opened(tmp_path, clock) as journal:
        assert play_once(journal, clock).seq == 1_001
        assert play_once(journal, clock).seq == 1_002
        (name,) = journal.health().set_aside
        assert name.startswith("journal.db.corrupt-")
        assert journal.counts().last_seq == 1_002
    assert read_mark(tmp_path) == 2_000


def test_it_is_written_once_in_a_thousand(tmp_path: Path) -> None:
    mark = SeqMark(tmp_path)
    mark.reserve(1)
    written = (tmp_path / MARK_NAME).stat().st_ino
    for seq in (2, 999, 1_000):
        mark.reserve(seq)
    assert ((tmp_path / MARK_NAME).stat().st_ino, mark.reserved) == (written, 1_000)
    mark.reserve(1_001)
    assert (read_mark(tmp_path), SeqMark(tmp_path).reserved) == (2_000, 2_000)
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("content", [b"", b"many", b"-5", b"\xff"])
def test_one_that_cannot_be_read_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / MARK_NAME).write_bytes(content)
    assert read_mark(tmp_path) == 0


def test_without_it_no_seq_is_given(tmp_path: Path, clock: FakeClock) -> None:
    """A disk that takes the journal but not this: the play is tried again, as with any other fault of the disk."""
    with opened(tmp_path, clock) as journal:
        (tmp_path / f".{MARK_NAME}.new").mkdir()
        with pytest.raises(OohError) as raised:
            journal.open_play(make_start(clock))
        assert raised.value.code is Code.JOURNAL_UNAVAILABLE
        (tmp_path / f".{MARK_NAME}.new").rmdir()
        assert play_once(journal, clock).seq == 1


def test_an_old_journal_gets_one(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as journal:
        play_once(journal, clock)
    (tmp_path / MARK_NAME).unlink()
    with opened(tmp_path, clock) as journal:
        assert play_once(journal, clock).seq == 2
    assert read_mark(tmp_path) == 1_001
