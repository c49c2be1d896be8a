"""The actions do what the command line does, through the same functions."""

from __future__ import annotations

import os
import select
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cache import Board, Doorbell, read_service
from player.web._actions import CARD_S
from player.web._checkup import doctor_by_agent
from tests.fakes import FakeClock
from tests.player.web.conftest import Desk


@pytest.fixture
def bell(desk: Desk) -> Iterator[Doorbell]:
    """A screen that listens."""
    it = Doorbell.listen(desk.site.folders.run, "screen")
    yield it
    it.close()


@pytest.mark.parametrize("card", ["identify", "pattern"])
def test_a_card_is_asked_for(desk: Desk, bell: Doorbell, clock: FakeClock, card: str) -> None:
    browser = desk.signed_in()
    answer = browser.act(card)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/?said={card}")
    mode = read_service(desk.site.folders.run, clock)
    assert mode.card == card
    assert mode.card_until_ns == clock.monotonic_ns() + CARD_S * 10**9
    assert bell.drain() == ("service",)


@pytest.mark.parametrize(
    ("chosen", "minutes"), [("5", 5), ("60", 60), ("240", 240), ("9999", 15), ("-1", 15), ("", 15)]
)
def test_a_pause_is_for_one_of_the_times_on_offer(
    desk: Desk, bell: Doorbell, clock: FakeClock, chosen: str, minutes: int
) -> None:
    assert bell.drain() == ()
    browser = desk.signed_in()
    answer = browser.post("/do/pause", {"token": browser.token("/"), "minutes": chosen})
    assert answer.headers["Location"] == "/?said=pause"
    assert read_service(desk.site.folders.run, clock).paused_until_ns == clock.monotonic_ns() + minutes * 60 * 10**9
    assert browser.act("resume").headers["Location"] == "/?said=resume"
    assert read_service(desk.site.folders.run, clock).paused_until_ns is None


@pytest.mark.parametrize("action", ["identify", "pattern", "pause", "resume"])
def test_without_a_screen_it_says_so(desk: Desk, action: str) -> None:
    browser = desk.signed_in()
    assert browser.act(action).headers["Location"] == "/?said=no_screen"
    assert "No screen process answers" in browser.get("/?said=no_screen").text


def test_reload_tells_what_came_of_it(desk: Desk) -> None:
    browser = desk.signed_in()
    for word in ("reload", "same", "bad_config"):
        desk.reloads.append(word)
        answer = browser.act("reload")
        assert answer.headers["Location"] == f"/?said={word}"
        assert 'class="said' in browser.get(answer.headers["Location"]).text


def test_what_was_asked_for_is_told_on_the_page(desk: Desk, bell: Doorbell) -> None:
    assert bell.drain() == ()
    Board(desk.site.folders.run, "screen").write({"pid": os.getpid(), "showing": None})
    browser = desk.signed_in()
    browser.act("pattern")
    page = browser.get("/").text
    assert "Showing a card" in page
    assert "The screen shows the test pattern for another 1 min." in page


def test_the_doctor_is_asked_once_and_not_again_at_once(desk: Desk, clock: FakeClock) -> None:
    looks = []

    def look() -> list[dict[str, str]]:
        looks.append(1)
        return [{"name": "clock", "grade": "warn", "what": "it drifts", "next_step": "Set it."}]

    desk.site.checkup.look = look
    browser = desk.browser()
    browser.get("/doctor")
    until = time.monotonic() + 30
    while "it drifts" not in browser.get("/doctor").text and time.monotonic() < until:
        time.sleep(0.01)
    page = browser.get("/doctor?again=1").text
    assert "What to do: Set it." in page
    assert len(looks) == 1
    clock.advance(16)
    browser.get("/doctor?again=1")
    while len(looks) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert len(looks) == 2


def test_a_doctor_that_comes_to_no_end_is_told(desk: Desk) -> None:
    def look() -> list[dict[str, str]]:
        message = "no answer"
        raise OSError(message)

    desk.site.checkup.look = look
    desk.browser().get("/doctor")
    until = time.monotonic() + 30
    while desk.site.checkup.last().running and time.monotonic() < until:
        time.sleep(0.01)
    assert "The doctor came to no end" in desk.browser().get("/doctor").text


def test_the_agent_is_asked_first_and_otherwise_the_command(desk: Desk) -> None:
    run = desk.site.folders.run
    mine = [{"name": "clock", "grade": "ok", "what": "mine", "next_step": ""}]
    look = doctor_by_agent(run, lambda: mine)
    assert look() == mine, "nobody is at the agent's door"
    bell = Doorbell.listen(run, "agent")

    def answer() -> None:
        select.select([bell], [], [], 60)
        (word,) = bell.drain()
        name, _, target = word.partition(":")
        assert name == "doctor"
        new = Path(target).with_suffix(".new")
        new.write_text('{"findings": [{"name": "clock", "grade": "fail", "what": "the agent\'s", "next_step": "x"}]}')
        new.replace(target)

    agent = threading.Thread(target=answer)
    agent.start()
    try:
        assert look()[0]["what"] == "the agent's"
    finally:
        agent.join(60)
        bell.close()
