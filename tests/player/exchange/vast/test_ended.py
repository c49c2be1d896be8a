"""What is called when an ad ended: a table of plays, one of reasons; pure, and the same however often it is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from config import Code
from player.exchange.vast import vast_release, vast_shown
from tests.player.exchange.vast.documents import NOW, inline, lease_in, linear, media, played, tracking, vast

ALL = tracking(
    *("loaded", "creativeView", "start", "firstQuartile", "midpoint", "thirdQuartile", "complete"),
    *("notUsed", "mute", "pause", "skip", "closeLinear", "acceptInvitation"),
)
VIEWS = (
    "<ViewableImpression><Viewable>https://v.test/yes</Viewable><NotViewable>https://v.test/no</NotViewable>"
    "<ViewUndetermined>https://v.test/maybe</ViewUndetermined></ViewableImpression>"
)
FILM = lease_in(vast(inline(linear(events=ALL, duration="00:00:20"), extra=VIEWS)))
PICTURE = lease_in(vast(inline(linear(media("https://cdn.test/a.png", "image/png"), events=ALL), extra=VIEWS)))
BEGIN = ["loaded", "creativeView", "start"]
QUARTERS = ["firstQuartile", "midpoint", "thirdQuartile"]


def kinds(shown_ms: int | None, lease: Any = FILM, **changes: Any) -> list[str]:
    return [one.kind for one in vast_shown(lease, played(lease, shown_ms, **changes))]


PLAYS = [
    ("§3.14.1 whole", 20_000, ["impression", *BEGIN, *QUARTERS, "complete", "viewUndetermined"]),
    (
        "§3.14.1 within the journal's tolerance",
        19_600,
        ["impression", *BEGIN, *QUARTERS, "complete", "viewUndetermined"],
    ),
    ("§3.14.1 cut after three quarters", 15_000, ["impression", *BEGIN, *QUARTERS, "viewUndetermined"]),
    ("§3.14.1 cut just before", 14_999, ["impression", *BEGIN, "firstQuartile", "midpoint", "viewUndetermined"]),
    ("§3.14.1 cut after half", 10_000, ["impression", *BEGIN, "firstQuartile", "midpoint", "viewUndetermined"]),
    ("§3.14.1 cut after a quarter", 5_000, ["impression", *BEGIN, "firstQuartile", "viewUndetermined"]),
    ("§3.4 Impression: the first frame", 40, ["impression", *BEGIN, "viewUndetermined"]),
]


@pytest.mark.parametrize(("clause", "shown_ms", "called"), PLAYS, ids=[row[0] for row in PLAYS])
def test_a_film_is_told_as_far_as_it_ran(clause: str, shown_ms: int, called: list[str]) -> None:
    assert kinds(shown_ms) == called, clause


def test_a_still_has_no_quartiles() -> None:
    assert kinds(15_000, PICTURE) == ["impression", *BEGIN, "complete", "viewUndetermined"]


def test_a_film_that_stood_still_has_no_quartiles() -> None:
    assert kinds(20_000, frames_presented=1) == ["impression", *BEGIN, "complete", "viewUndetermined"]


def test_a_crash_counts_what_was_shown() -> None:
    assert kinds(10_500, end_reason="crash", billable=False)[-3:] == ["firstQuartile", "midpoint", "viewUndetermined"]


UNSEEN: list[tuple[str, dict[str, Any], int]] = [
    ("the display was off", {"display": "off"}, 206),
    ("the screen was switched off", {"end_reason": "screen_off"}, 206),
    ("no frame was presented", {"frames_presented": 0}, 206),
    ("nothing was shown", {"shown_ms": 0}, 206),
    ("how long is not known", {"shown_ms": None}, 206),
    ("it began after its window", {"started_at": (NOW + timedelta(hours=1)).isoformat()}, 206),
    ("it began before its window", {"started_at": (NOW - timedelta(hours=1)).isoformat()}, 206),
    ("the picture is in doubt", {"end_reason": "error"}, 405),
]


@pytest.mark.parametrize(("why", "changes", "code"), UNSEEN, ids=[row[0] for row in UNSEEN])
def test_what_nobody_saw_is_an_error_and_no_impression(why: str, changes: dict[str, Any], code: int) -> None:
    called = vast_shown(FILM, replace(played(FILM), **changes))
    assert [(one.kind, one.url) for one in called] == [("error", f"https://in.test/error?c={code}")], why


@pytest.mark.parametrize(
    ("display", "shown_ms", "kind"),
    [
        ("on", 20_000, "viewable"),
        ("on", 2_000, "viewable"),
        ("on", 1_999, "notViewable"),
        ("unknown", 20_000, "viewUndetermined"),
    ],
    ids=["on", "two-seconds", "less", "unknown"],
)
def test_one_of_three_views(display: str, shown_ms: int, kind: str) -> None:
    """§3.5 ViewableImpression: only what the display says of itself is told."""
    views = {"viewable", "notViewable", "viewUndetermined"}
    assert [one for one in kinds(shown_ms, display=display) if one in views] == [kind]


def test_progress_has_its_place() -> None:
    """§3.14.1 progress, offset in time and in percent; one without a place is left out."""
    events = (
        '<TrackingEvents><Tracking event="progress" offset="00:00:05">https://t.test/5s</Tracking>'
        '<Tracking event="progress" offset="75%">https://t.test/75</Tracking>'
        '<Tracking event="progress" offset="00:00:30">https://t.test/never</Tracking>'
        '<Tracking event="progress">https://t.test/nowhere</Tracking>'
        '<Tracking event="midpoint">https://t.test/half</Tracking></TrackingEvents>'
    )
    lease = lease_in(vast(inline(linear(events=events, duration="00:00:20"))))
    called = [one.url for one in vast_shown(lease, played(lease)) if "t.test" in one.url]
    assert called == ["https://t.test/5s", "https://t.test/half", "https://t.test/75"]


def test_verifications_are_not_executed_for_reason_2() -> None:
    """§3.16 AdVerifications."""
    extra = (
        '<AdVerifications><Verification vendor="x-omid"><TrackingEvents><Tracking event="verificationNotExecuted">'
        "<![CDATA[https://x.test/no?vendor=x-omid&r=[REASON]]]></Tracking></TrackingEvents></Verification></AdVerifications>"
    )
    lease = lease_in(vast(inline(extra=extra)))
    told = [one.url for one in vast_shown(lease, played(lease)) if one.kind == "verificationNotExecuted"]
    assert told == ["https://x.test/no?vendor=x-omid&r=2"]
    assert "verificationNotExecuted" not in [one.kind for one in vast_release(lease, "lease.expired")]


def test_an_interactive_part_that_did_not_run() -> None:
    """§2.3.6.3 code 409: the film is shown, the program beside it is not."""
    files = '<InteractiveCreativeFile apiFramework="SIMID">https://x.test/</InteractiveCreativeFile>' + media()
    lease = lease_in(vast(inline(linear(files))))
    called = vast_shown(lease, played(lease))
    assert [(one.kind, one.url) for one in called] == [
        ("impression", "https://in.test/impression"),
        ("error", "https://in.test/error?c=409"),
    ]


REASONS = [
    (Code.FETCH_STATUS.code, 401),
    (Code.FETCH_NETWORK.code, 401),
    (Code.FETCH_REFUSED.code, 401),
    (Code.FETCH_TIMEOUT.code, 402),
    (Code.FETCH_TOO_LARGE.code, 403),
    (Code.CREATIVE_UNSUPPORTED.code, 405),
    (Code.CREATIVE_CORRUPT.code, 405),
    (Code.CREATIVE_TRUNCATED.code, 405),
    (Code.CREATIVE_NOT_AN_IMAGE.code, 405),
    (Code.CREATIVE_TOO_LARGE.code, 405),
    (Code.PREPARE_CRASHED.code, 405),
    (Code.PREPARE_TIMEOUT.code, 304),
    (Code.PROCESS_FAULT.code, 400),
    (Code.JOURNAL_UNAVAILABLE.code, 400),
    (Code.LEASE_EXPIRED.code, 206),
    ("shutdown", 206),
    ("screen.off", 206),
    ("play.without_record", 206),
    ("", 206),
]


@pytest.mark.parametrize(("reason", "code"), REASONS, ids=[row[0] or "none" for row in REASONS])
def test_what_was_never_shown_tells_why(reason: str, code: int) -> None:
    """§2.3.6.3; and notUsed (§3.14.1) for an ad that was sound."""
    called = vast_release(FILM, reason)
    wanted = [("error", f"https://in.test/error?c={code}")]
    if code == 206:
        wanted.append(("notUsed", "https://t.test/notUsed"))
    assert [(one.kind, one.url) for one in called] == wanted


@pytest.mark.parametrize("memo", [None, "", "{}", "null", "[1", '{"film": 3}'], ids=str)
def test_a_lease_of_somebody_elses_calls_nothing(memo: str | None) -> None:
    lease = replace(FILM, memo=memo)
    assert vast_shown(lease, played(lease)) == ()
    assert vast_release(lease, "shutdown") == ()
