"""Sessions: HttpOnly and strict, rotated, ended by idleness, age, signing out and a new PIN."""

from __future__ import annotations

from pathlib import Path

from player.web import write_pin
from player.web._sessions import IDLE_S, LONGEST_S, Sessions
from tests.fakes import FakeClock
from tests.player.web.conftest import PIN, Desk, MakeDesk


def test_the_cookie_is_strict_and_no_script_reads_it(desk: Desk) -> None:
    answer = desk.browser().sign_in(PIN)
    (cookie,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("ooh_session=")]
    parts = {part.strip() for part in cookie.split(";")}
    assert {"HttpOnly", "SameSite=Strict", "Path=/", f"Max-Age={LONGEST_S}"} <= parts
    assert not any(part.startswith("Domain") for part in parts)


def test_a_session_acts(desk: Desk) -> None:
    assert desk.signed_in().act("reload").headers["Location"] == "/?said=reload"


def test_signing_in_again_takes_another_name_and_ends_the_old_one(desk: Desk) -> None:
    browser = desk.signed_in()
    first = browser.cookie()
    assert browser.sign_in(PIN).status_code == 303
    assert browser.cookie() != first
    browser.client.set_cookie("ooh_session", str(first), domain="localhost")
    assert browser.act("reload", token="any").status_code == 403


def test_a_name_that_the_browser_brings_is_never_taken(desk: Desk) -> None:
    browser = desk.browser()
    browser.client.set_cookie("ooh_session", "chosen-by-a-stranger", domain="localhost")
    assert browser.sign_in(PIN).status_code == 303
    assert browser.cookie() != "chosen-by-a-stranger"


def test_signing_out_ends_it_on_the_server(desk: Desk) -> None:
    browser = desk.signed_in()
    token, name = browser.token("/"), str(browser.cookie())
    assert browser.post("/sign-out", {"token": token}).status_code == 303
    assert browser.cookie() is None
    browser.client.set_cookie("ooh_session", name, domain="localhost")
    assert browser.act("reload", token=token).status_code == 403


def test_a_new_pin_ends_every_session(desk: Desk) -> None:
    browser, other = desk.signed_in(), desk.signed_in()
    tokens = browser.token("/"), other.token("/")
    write_pin(Path(desk.site.web.pin_file), "another-0815")
    assert browser.act("reload", token=tokens[0]).status_code == 403
    assert other.act("reload", token=tokens[1]).status_code == 403
    assert browser.sign_in(PIN).status_code == 403
    assert browser.sign_in("another-0815").status_code == 303


def test_a_pin_that_is_taken_away_ends_them_too(desk: Desk) -> None:
    browser = desk.signed_in()
    token = browser.token("/")
    Path(desk.site.web.pin_file).unlink()
    assert browser.act("reload", token=token).status_code == 403


def test_it_ends_when_nobody_is_there(desk: Desk, clock: FakeClock) -> None:
    browser = desk.signed_in()
    token = browser.token("/")
    for _ in range(3):
        clock.advance(IDLE_S - 1)
        assert browser.act("reload", token=token).status_code == 303
    clock.advance(IDLE_S + 1)
    assert browser.act("reload", token=token).status_code == 403


def test_what_the_page_asks_by_itself_keeps_it_not_alive(desk: Desk, clock: FakeClock) -> None:
    browser = desk.signed_in()
    token = browser.token("/")
    for _ in range(4):
        clock.advance(IDLE_S / 3)
        browser.get("/", X_Refresh="1")
        browser.get("/screen.jpg")
    assert browser.act("reload", token=token).status_code == 403


def test_it_ends_when_it_is_old(desk: Desk, clock: FakeClock) -> None:
    browser = desk.signed_in()
    token = browser.token("/")
    for _ in range(LONGEST_S // 600):
        clock.advance(600)
        browser.get("/")
    clock.advance(2)
    assert browser.act("reload", token=token).status_code == 403


def test_there_are_never_many(clock: FakeClock) -> None:
    sessions = Sessions(clock)
    tokens = []
    for _ in range(40):
        clock.advance(1)
        tokens.append(sessions.begin("mark")[0])
    assert sum(sessions.find(token, "mark", touch=False) is not None for token in tokens) == 16
    assert sessions.find(tokens[-1], "mark", touch=False) is not None


def test_without_a_pin_nobody_signs_in(make_desk: MakeDesk) -> None:
    browser = make_desk(pin=None).browser()
    page = browser.get("/sign-in")
    assert page.status_code == 200
    assert "ooh-player web pin" in page.text
    assert browser.post("/sign-in", {"token": "x", "pin": ""}).status_code == 403
    assert browser.post("/do/reload", {"token": "x"}).status_code == 403
    assert "For reading only" in browser.get("/").text
