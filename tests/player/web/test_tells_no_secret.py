"""No secret, no path, and no stranger's markup on any page: planted everywhere, looked for everywhere."""

from __future__ import annotations

import html
import json
import os
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache import Board, FeedSnapshot, Lease, PlayEnd, PlayLayout, PlayStart, new_id
from config import (
    Config,
    ExchangeConfig,
    HeartbeatConfig,
    ProofConfig,
    ScreenConfig,
)
from player._ring import Ring
from player.web._words import plain
from tests.fakes import FakeClock
from tests.player.web.conftest import PIN, Desk, MakeDesk

SECRET = "hush-7Zq9"  # in every file and address that may hold one
MARKUP = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'&{{7*7}}"
PAGES = ("/", "/doctor", "/log", "/sign-in", "/none", "/screen.jpg")


def config(tmp_path: Path) -> Config:
    files = {}
    for name in ("token", "api_key", "certificate", "key", "gateway", "heartbeat"):
        file = tmp_path / f"{name}.secret"
        file.write_text(f"{SECRET}-{name}")
        files[name] = str(file)
    return Config(
        screen=ScreenConfig(id="bar-7", venue_name=MARKUP[:150]),
        exchange=(
            ExchangeConfig(
                url=f"https://user:{SECRET}@exchange.example/rtb?apikey={SECRET}",
                token_file=files["token"],
                api_key_file=files["api_key"],
                name=f"ex {MARKUP[:60]}",
            ),
        ),
        proof=ProofConfig(
            stream="plays",
            gateway_url=f"https://user:{SECRET}@gateway.example/in?token={SECRET}",
            gateway_token_file=files["gateway"],
            certificate_file=files["certificate"],
            key_file=files["key"],
        ),
        heartbeat=HeartbeatConfig(url=f"https://u:{SECRET}@beat.example/{SECRET}", token_file=files["heartbeat"]),
    )


@pytest.fixture
def planted(make_desk: MakeDesk, tmp_path: Path, clock: FakeClock) -> Desk:
    """A player that has met the worst: markup in ids, secrets in errors, paths in findings."""
    desk = make_desk(config(tmp_path))
    site, now = desk.site, clock.now()
    lease = Lease(
        lease_id=new_id(clock),
        exchange="ex",
        request_id="r",
        imp_id="i",
        creative_url=f"https://u:{SECRET}@cdn.example/{SECRET}.png",
        not_before=now,
        expires_at=now + timedelta(hours=1),
        duration_ms=8_000,
        creative_id=MARKUP,
        advertiser_domain=MARKUP,
    )
    journal = site.source.journal()
    journal.offer(lease)
    start = PlayStart(
        id="0190aaaa-0000-7000-8000-000000000001",
        kind="ad",
        planned_ms=8_000,
        started_at=now,
        started_ns=clock.monotonic_ns(),
        boot_id=clock.boot_id(),
        layout=PlayLayout(None, ("clock",), None),
        clock=clock.state(),
        display="on",
        display_evidence=None,
        lease=lease,
    )
    journal.open_play(start)
    journal.close_play(start.id, PlayEnd(now, 8_000, 1, 0, "complete"), ("kinesis", "gateway"))
    journal.attempted("kinesis", [start.id], f"https://u:{SECRET}@kinesis.example/ {MARKUP}")
    site.source.cache().save_snapshot(FeedSnapshot("weather", now, 60_000, MARKUP, {"x": SECRET}))
    Board(site.folders.run, "agent").write(
        {
            "pid": os.getpid(),
            "exchanges": {MARKUP: {"asked": 1, "filled": 1, "no_fill": 0, "failed": 0, "down": False}},
            "delivery": {"error": f"{MARKUP} {tmp_path}/x"},
            "feeds": {"weather": MARKUP, MARKUP: f"token={SECRET}"},
        }
    )
    Board(site.folders.run, "screen").write(
        {
            "pid": os.getpid(),
            "driver": MARKUP,
            "size": "1x1",
            "showing": {"kind": "ad", "creative_id": MARKUP, "since": "nonsense", "planned_ms": 8_000, "panels": []},
        }
    )
    for line in (
        {"at": "2026-11-22T12:00:00.000Z", "level": "error", "part": "agent", "event": "feed.failed", "detail": MARKUP},
        {"at": None, "level": MARKUP, "part": MARKUP, "event": MARKUP, "url": f"https://u:{SECRET}@h.example/{SECRET}"},
        {"event": "x", "path": f"{tmp_path}/state/journal.db", "token": SECRET, "next_step": f"look at {tmp_path}/x"},
        {
            "event": "x",
            "header": f"Authorization: Bearer {SECRET}",
            "trace": f"Traceback\n  File /a/b\nE: api_key={SECRET}",
        },
    ):
        Ring(site.folders.state).add(json.dumps(line))
    site.checkup.look = lambda: [
        {
            "name": MARKUP,
            "grade": "fail",
            "what": f"{tmp_path}/token.secret: {MARKUP}",
            "next_step": f"secret: {SECRET}",
        }
    ]
    site.checkup.begin()
    until = time.monotonic() + 30
    while site.checkup.last().running and time.monotonic() < until:
        time.sleep(0.01)
    return desk


@pytest.mark.parametrize("path", PAGES)
def test_nothing_that_was_planted_comes_up(planted: Desk, tmp_path: Path, path: str) -> None:
    for browser in (planted.browser(), planted.signed_in()):
        answer = browser.get(path)
        told = html.unescape(answer.text) + str(answer.headers)
        assert SECRET not in told
        assert str(tmp_path) not in told
        assert "/state/" not in told
        assert "journal.db" not in told or "…/journal.db" in told
        assert PIN not in told
        assert "scrypt$" not in told


@pytest.mark.parametrize("path", PAGES)
def test_strangers_markup_is_text(planted: Desk, path: str) -> None:
    text = planted.signed_in().get(path).text
    assert "<script>" not in text
    assert "<img src=x" not in text
    assert "onerror=alert(1)>" not in text
    assert "49" not in text.partition("{{7")[2][:8]


def test_the_pages_do_tell_what_was_planted_as_text(planted: Desk) -> None:
    browser = planted.browser()
    assert "&lt;script&gt;alert(" in browser.get("/").text
    assert "&lt;script&gt;alert(" in browser.get("/log").text
    assert "&lt;script&gt;alert(" in browser.get("/doctor").text


def test_an_outcome_in_the_address_is_one_of_ours_or_nothing(desk: Desk) -> None:
    assert "Signed out." in desk.browser().get("/?said=signed_out").text
    page = desk.browser().get("/?said=<b>you+won</b>").text
    assert "you won" not in page
    assert 'class="said' not in page


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("https://user:pass@host.example:8443/a/b?token=1#x", "https://host.example:8443/…"),
        ("https://host.example", "https://host.example"),
        ("see https://host.example/ now", "see https://host.example now"),
        ("https://host.example?key=1", "https://host.example"),
        ("ftp://a:b@c/d", "ftp://c/…"),
        ("/var/lib/ooh-player/journal.db: full", "…/journal.db: full"),
        ("under /var/lib/ooh-player", "under …/ooh-player"),
        ("(~/x/y)", "(…/y)"),
        ("/dev/dri/card0, /dev/fb0", "…/card0, …/fb0"),
        ("24/7, and/or, 3 / 4", "24/7, and/or, 3 / 4"),
        ("token=abc def", "token=*** def"),
        ('"api_key": "a b"', '"api_key": ***'),
        ("password: x", "password: ***"),
        ("Authorization: Bearer abc.def", "Authorization: ***"),
        ("Bearer abc.def", "***"),
        ("two\nlines\x00\x1b[2J", "two lines [2J"),
        ("x" * 400, "x" * 299 + "…"),
        ("fetch.status: 404", "fetch.status: 404"),
    ],
)
def test_what_plain_leaves(text: str, told: str) -> None:
    assert plain(text) == told


@given(st.text(max_size=600))
def test_plain_is_total_short_and_settled(text: str) -> None:
    once = plain(text)
    assert len(once) <= 300
    assert "\n" not in once


def test_replacing_the_configuration_keeps_the_sessions(desk: Desk) -> None:
    browser = desk.signed_in()
    site = desk.site
    assert site.take(replace(site.config, screen=replace(site.config.screen, id="bar-8")))
    assert "bar-8" in browser.get("/").text
    assert browser.act("reload").status_code == 303
    assert not site.take(replace(site.config, web=replace(site.config.web, port=9_000)))
