"""Guessing the PIN: waits that rise, told honestly, that no restart and no crowd of requests shortens."""

from __future__ import annotations

import hmac
import threading

import pytest

from player.web import _pin
from player.web._attempts import FREE_BY_ADDRESS, FREE_FOR_ALL
from tests.fakes import FakeClock
from tests.player.web.conftest import PIN, Desk, MakeDesk


def test_after_a_few_wrong_ones_even_the_right_one_waits(desk: Desk, clock: FakeClock) -> None:
    browser = desk.browser()
    for _ in range(FREE_BY_ADDRESS):
        assert browser.sign_in("wrong-1").status_code == 403
    answer = browser.sign_in(PIN)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "5"
    assert "Try again in 5 seconds" in answer.text
    clock.advance(5.1)
    assert browser.sign_in(PIN).status_code == 303


def test_a_restart_of_the_page_does_not_help(make_desk: MakeDesk) -> None:
    browser = make_desk().browser()
    for _ in range(FREE_BY_ADDRESS):
        browser.sign_in("wrong-1")
    assert make_desk().browser().sign_in(PIN).status_code == 429


def test_a_new_cookie_or_a_forwarded_address_does_not_help(desk: Desk) -> None:
    for _ in range(FREE_BY_ADDRESS):
        desk.browser().sign_in("wrong-1")
    browser = desk.browser()
    token = browser.token("/sign-in")
    forged = {"X_Forwarded_For": "10.9.9.9", "Forwarded": "for=10.9.9.9", "X_Real_IP": "10.9.9.9"}
    assert browser.post("/sign-in", {"token": token, "pin": PIN}, **forged).status_code == 429


@pytest.mark.parametrize(
    ("one", "other"),
    [("192.168.7.9", "::ffff:192.168.7.9"), ("fd00:7::9", "fd00:7::abcd:1")],
    ids=["mapped", "same /64"],
)
def test_another_spelling_of_an_address_does_not_help(make_desk: MakeDesk, one: str, other: str) -> None:
    desk, host = make_desk(host="lan"), "192.168.7.20:8480"
    for _ in range(FREE_BY_ADDRESS):
        desk.browser(one, host).sign_in("wrong-1")
    assert desk.browser(other, host).sign_in(PIN).status_code == 429


def test_many_addresses_wait_together_and_the_machine_itself_does_not(make_desk: MakeDesk) -> None:
    desk, host = make_desk(host="lan"), "192.168.7.20:8480"
    for number in range(FREE_FOR_ALL):
        desk.browser(f"192.168.7.{30 + number}", host).sign_in("wrong-1")
    assert desk.browser("192.168.7.99", host).sign_in(PIN).status_code == 429
    assert desk.browser("127.0.0.1").sign_in(PIN).status_code == 303


def test_many_at_once_are_not_looked_at_for_the_price_of_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []
    real = _pin.Pin.fits

    def fits(self: _pin.Pin, tried: str) -> bool:
        looked_at.append(tried)
        return real(self, tried)

    monkeypatch.setattr(_pin.Pin, "fits", fits)
    browsers = [desk.browser() for _ in range(24)]
    tokens = [browser.token("/sign-in") for browser in browsers]

    def attack(number: int) -> None:
        browsers[number].post("/sign-in", {"token": tokens[number], "pin": f"wrong-{number}"})

    threads = [threading.Thread(target=attack, args=(number,)) for number in range(len(browsers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(looked_at) == FREE_BY_ADDRESS


def test_hashes_are_compared_in_constant_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[int, int]] = []
    real = hmac.compare_digest

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((len(one), len(other)))
        return real(one, other)

    monkeypatch.setattr(hmac, "compare_digest", compare)
    desk.browser().sign_in("wrong-1")
    assert (32, 32) in compared


def test_an_endless_pin_costs_nothing(desk: Desk) -> None:
    browser = desk.browser()
    assert browser.post("/sign-in", {"token": browser.token("/sign-in"), "pin": "x" * 3000}).status_code == 403


def test_the_pin_is_nowhere_in_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    browser = desk.browser()
    browser.sign_in("secret-typo-99")
    browser.sign_in(PIN)
    told = [str(vars(record)) for record in caplog.records]
    assert any("web.wrong_pin" in line for line in told)
    assert not any("secret-typo-99" in line or PIN in line for line in told)
