"""The round of checks: in order, side by side, bounded."""

from __future__ import annotations

import threading

import pytest

from config import Code, OohError
from player.doctor import Check, Finding, examine, summary


def fine() -> Finding:
    return Finding("fine", "ok", "all is well")


def test_one_check_that_trips_or_hangs_spoils_no_other() -> None:
    def trips() -> Finding:
        message = "odd"
        raise KeyError(message)

    def refuses() -> Finding:
        raise OohError(Code.FETCH_NETWORK, "no route")

    held = threading.Event()

    def hangs() -> Finding:
        held.wait(60)
        return fine()

    checks = [
        Check("trips", trips),
        Check("refuses", refuses),
        Check("hangs", hangs, "Cut it loose."),
        Check("absent", lambda: None),
        Check("fine", fine),
    ]
    findings = examine(checks, longest_s=4)
    held.set()

    assert [(found.name, found.grade) for found in findings] == [
        ("trips", "fail"),
        ("refuses", "fail"),
        ("hangs", "fail"),
        ("fine", "ok"),
    ]
    assert findings[0].what.startswith("process.fault")
    assert findings[2].next_step == "Cut it loose."
    assert all(found.next_step for found in findings[:3])


def test_what_this_user_may_not_look_at_is_no_fault_of_the_machine() -> None:
    def refused() -> Finding:
        raise PermissionError(13, "Permission denied", "/var/lib/ooh-player/store")

    (found,) = examine([Check("disk", refused)], longest_s=60)
    assert (found.grade, found.what) == ("warn", "this user may not look at /var/lib/ooh-player/store")
    assert "sudo ooh-player doctor" in found.next_step


def test_no_check_is_no_finding() -> None:
    assert examine(()) == ()


@pytest.mark.parametrize(
    ("grades", "told"),
    [
        ("ok", "all 1 good"),
        ("ok warn", "1 to watch"),
        ("fail ok", "1 to mend"),
        ("fail fail warn", "2 to mend, 1 to watch"),
    ],
)
def test_the_last_line_counts(grades: str, told: str) -> None:
    findings = [Finding("x", grade, "w", "n") for grade in grades.split()]  # type: ignore[arg-type]
    assert summary(findings) == told
