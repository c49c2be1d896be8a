"""The escalations are kept for good, and a damaged file is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cache import Escalation, Escalations, read_escalations, write_escalations
from config import OohError

LAST = Escalation("process", "watchdog.surface", "2026-11-22T20:54:00.123Z", "boot", 12)
SOME = Escalations({"renderer": 3, "process": 1, "service": 0, "reboot": 0}, LAST, 2, 1, 0)


def test_they_come_back_as_they_were_written(tmp_path: Path) -> None:
    assert read_escalations(tmp_path) == Escalations()
    write_escalations(SOME, tmp_path, tmp_path / "run")
    assert read_escalations(tmp_path) == SOME
    assert [path.name for path in tmp_path.iterdir()] == ["escalations.json"]


def test_what_people_are_told() -> None:
    assert SOME.as_json() == {
        "counts": {"renderer": 3, "process": 1, "service": 0, "reboot": 0},
        "last": {"step": "process", "reason": "watchdog.surface", "at": "2026-11-22T20:54:00.123Z"},
    }
    assert Escalations({}).as_json() == {
        "counts": {"renderer": 0, "process": 0, "service": 0, "reboot": 0},
        "last": None,
    }


NOT_UTF8 = b'{"last": {"step": "process", "reason": "\xff", "at": ""}}'


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"rung": "x"}', b'{"counts": {"panic": 1}}', b"\xff", NOT_UTF8]
)
def test_rubbish_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "escalations.json").write_bytes(content)
    assert read_escalations(tmp_path) == Escalations()


def test_while_the_state_folder_refuses_they_are_in_the_runtime_folder(tmp_path: Path) -> None:
    state, run = tmp_path / "state", tmp_path / "run"
    run.mkdir()
    write_escalations(SOME, state, run)  # there is no such folder
    assert read_escalations(state, run) == SOME
    state.mkdir()
    later = replace(SOME, counts={**SOME.counts, "service": 1}, rung=3)
    write_escalations(later, state, run)
    assert read_escalations(state, run) == later
    healthy = replace(later, rung=0)
    write_escalations(healthy, state, run)
    assert read_escalations(state, run) == healthy


def test_when_both_refuse_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(OohError, match=r"cache\.unavailable"):
        write_escalations(SOME, tmp_path / "no", tmp_path / "none")
