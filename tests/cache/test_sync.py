"""How far the wall clock can be trusted, by what the kernel and the time services say."""

from __future__ import annotations

from pathlib import Path

import pytest

from cache import SystemClock
from cache._sync import KernelClock, clock_sync, kernel_clock

STEERED = KernelClock(synced=True, offset_ms=-1.5)
CHRONY_STEERED = KernelClock(synced=True, offset_ms=None)
FREE = KernelClock(synced=False, offset_ms=None)


@pytest.mark.parametrize(
    ("marks", "kernel", "state"),
    [
        ((), STEERED, (True, "kernel", -1.5)),
        ((), FREE, (None, None, None)),
        ((), None, (None, None, None)),
        (("systemd/timesync/",), FREE, (False, "timesyncd", None)),
        (("systemd/timesync/",), STEERED, (True, "timesyncd", -1.5)),
        (("systemd/timesync/", "systemd/timesync/synchronized"), None, (True, "timesyncd", None)),
        (("systemd/timesync/", "systemd/timesync/synchronized"), FREE, (True, "timesyncd", None)),
        (("chrony/",), FREE, (False, "chrony", None)),
        (("chrony/",), CHRONY_STEERED, (True, "chrony", None)),
        (("ntpd.pid",), FREE, (False, "ntpd", None)),
        (("systemd/timesync/",), None, (False, "timesyncd", None)),
        (("chrony/",), None, (None, None, None)),
    ],
)
def test_what_is_known(
    tmp_path: Path,
    marks: tuple[str, ...],
    kernel: KernelClock | None,
    state: tuple[bool | None, str | None, float | None],
) -> None:
    for mark in marks:
        path = tmp_path / mark
        if mark.endswith("/"):
            path.mkdir(parents=True)
        else:
            path.touch()
    assert clock_sync(tmp_path, lambda: kernel) == state


def test_this_machine_answers() -> None:
    told = kernel_clock()
    assert told is None or told.synced in {True, False}
    state = SystemClock().state()
    assert state.synced in {True, False, None}
    assert (state.source is None) == (state.synced is None)
