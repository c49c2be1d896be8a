"""The local page in a real browser, of a real player: read, signed in to, acted on, with and without scripts."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from cache import SystemClock, read_service
from player.web import write_pin
from tests.e2e.browser import Tab, browsing
from tests.e2e.harness import COMMAND, environ

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(280)]

PIN = "anker-4711"
PHONE, DESKTOP = (360, 740), (1280, 800)
CONFIG = """\
[screen]
id = "bar-7"
venue_name = "Zum Anker"
size = "640x360"

[layout]
panels = ["clock"]

[cache]
dir = "{dir}"

[web]
enabled = true
port = {port}
pin_file = "{pin}"

[[loop]]
kind = "content"
seconds = 2
"""
CONTRAST = """
(() => {
  const channel = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const colour = text => text.match(/[\\d.]+/g).map(Number);
  const behind = element => {
    for (let one = element; one; one = one.parentElement) {
      const found = colour(getComputedStyle(one).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    const box = element.getBoundingClientRect();
    if (!own || box.width < 2 || box.height < 2) continue;
    const [one, other] = [light(colour(getComputedStyle(element).color)), light(behind(element))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) poor.push(element.textContent.trim().slice(0, 30) + " " + ratio.toFixed(2));
  }
  return poor;
})()
"""
UNLABELLED = """
[...document.querySelectorAll("button, a, input:not([type=hidden]), select, img")].filter(one =>
  !(one.textContent.trim() || one.alt || one.getAttribute("aria-label") || (one.labels && one.labels.length))
).map(one => one.outerHTML.slice(0, 80))
"""


@dataclass
class Player:
    folder: Path
    address: str
    port: int

    def service_card(self) -> str | None:
        return read_service(self.folder / "state" / "run", SystemClock()).card


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    folder = tmp_path_factory.mktemp("web")
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    write_pin(folder / "pin", PIN)
    config = folder / "player.toml"
    config.write_text(CONFIG.format(dir=folder / "state", port=port, pin=folder / "pin"))
    with (folder / "log").open("wb") as log:
        argv = [str(COMMAND), "run", "--headless", "--config", str(config)]
        process = subprocess.Popen(argv, env=environ(folder), cwd=folder, stderr=log)
    found = Player(folder, f"http://localhost:{port}", port)
    try:
        until_playing(found)
        yield found
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(30)


def asked(player: Player, host: str = "localhost") -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", player.port, timeout=60)) as connection:
        connection.request("GET", "/", headers={"Host": f"{host}:{player.port}"})
        answer = connection.getresponse()
        return answer.status, answer.read()


def until_playing(player: Player) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            if b"complete" in asked(player)[1]:
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.2)
    raise AssertionError((player.folder / "log").read_text())


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[Tab]:
    with browsing(tmp_path) as opened:
        opened.screen(*DESKTOP)
        yield opened


def sign_in(tab: Tab, player: Player, pin: str = PIN) -> None:
    tab.open(f"{player.address}/sign-in")
    tab.write("#pin", pin)
    tab.click("button.main")


def signed_in(tab: Tab, player: Player) -> None:
    sign_in(tab, player)
    tab.until("document.querySelector('form[action=\"/do/identify\"]') !== null")


def test_the_page_shows_what_is_on(player: Player, tab: Tab) -> None:
    tab.open(f"{player.address}/")
    tab.until("document.querySelector('#picture img').naturalWidth > 0")
    assert tab.ask("document.querySelector('#picture img').naturalWidth") == 640
    tab.until("document.querySelector('#state').textContent.trim() === 'Playing'")
    text = str(tab.ask("document.body.innerText"))
    for words in ("bar-7", "Zum Anker", "Likely next", "Last plays", "Proof of play", "Machine", "Network and clock"):
        assert words in text
    tab.until("document.querySelectorAll('#coming li').length === 6")
    assert tab.ask("document.documentElement.lang") == "en"
    assert tab.complaints == []


def test_it_goes_on_by_itself_while_somebody_looks(player: Player, tab: Tab) -> None:
    tab.open(f"{player.address}/")
    tab.ask("window.mark = 1; window.before = document.querySelector('#picture img').src")
    since = tab.ask("document.querySelector('#caption time').textContent")
    tab.until(f"document.querySelector('#caption time').textContent !== {since!r}")
    tab.until("document.querySelector('#picture img').src !== window.before")
    assert tab.ask("window.mark") == 1, "without loading the page again"
    assert tab.complaints == []


def test_nobody_looks_and_nothing_is_asked(player: Player, tab: Tab) -> None:
    tab.open(f"{player.address}/")
    tab.until("performance.getEntriesByType('resource').some(one => one.initiatorType === 'fetch')")
    tab.ask("Object.defineProperty(document, 'hidden', {value: true})")
    tab.ask("new Promise(done => setTimeout(done, 2000))")  # what was under way may end
    asked = "performance.getEntriesByType('resource').length"
    before = tab.ask(asked)
    tab.ask("new Promise(done => setTimeout(done, 4000))")
    assert tab.ask(asked) == before


@pytest.mark.parametrize("path", ["/", "/doctor", "/log", "/sign-in"])
def test_it_fits_reads_well_and_is_labelled_on_phone_and_desktop(player: Player, tab: Tab, path: str) -> None:
    signed_in(tab, player)
    for size, mobile in ((PHONE, True), (DESKTOP, False)):
        for dark in (False, True):
            tab.screen(*size, mobile=mobile, dark=dark)
            tab.open(player.address + path)
            assert tab.ask("document.documentElement.scrollWidth <= window.innerWidth"), (path, size)
            assert tab.ask(CONTRAST) == []
            assert tab.ask(UNLABELLED) == []
            assert tab.ask("document.querySelectorAll('main, header, footer, nav, h1').length") >= 5
    assert tab.complaints == []


def test_a_finger_finds_every_button_on_a_phone(player: Player, tab: Tab) -> None:
    signed_in(tab, player)
    tab.screen(*PHONE, mobile=True)
    tab.open(f"{player.address}/")
    small = "[...document.querySelectorAll('.acts button, .acts select')].filter(one => one.offsetHeight < 44).length"
    assert tab.ask(small) == 0


def test_signing_in_acting_and_signing_out(player: Player, tab: Tab) -> None:
    sign_in(tab, player, "wrong-4711")
    tab.until("document.querySelector('[role=alert]')?.textContent.includes('That is not the PIN')")
    signed_in(tab, player)
    (cookie,) = [one for one in tab.cookies() if one["name"] == "ooh_session"]
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/")
    assert tab.ask("document.cookie") == ""
    tab.click("form[action='/do/identify'] button")
    tab.until("document.querySelector('.said')?.textContent.includes('shows its name')")
    tab.until("document.querySelector('#state').textContent.includes('Showing a card')")
    assert player.service_card() == "identify"
    tab.click("form[action='/do/resume'] button")
    tab.until("document.querySelector('.said')?.textContent.includes('loop goes on')")
    assert player.service_card() is None
    tab.click("form[action='/sign-out'] button")
    tab.until("document.querySelector('.said')?.textContent.includes('Signed out')")
    assert tab.ask("document.querySelector('form[action=\"/do/identify\"]') === null")


def test_everything_works_without_scripts(player: Player, tab: Tab) -> None:
    tab.scripts(on=False)
    tab.open(f"{player.address}/")
    assert tab.ask("document.querySelector('#picture img').complete")
    signed_in(tab, player)
    tab.click("form[action='/do/pattern'] button")
    tab.until("document.querySelector('.said')?.textContent.includes('test pattern')")
    tab.click("form[action='/do/resume'] button")
    tab.until("document.querySelector('.said')?.textContent.includes('loop goes on')")
    tab.open(f"{player.address}/doctor")
    tab.until("document.querySelectorAll('.findings li').length > 5")


def test_the_doctors_list_comes_without_loading_again(player: Player, tab: Tab) -> None:
    tab.open(f"{player.address}/doctor")
    tab.until("document.querySelectorAll('.findings li').length > 5")
    text = str(tab.ask("document.body.innerText"))
    assert "fonts" in text
    assert str(player.folder) not in text
    assert tab.complaints == []


def test_a_strangers_page_can_neither_frame_it_nor_send_its_forms(player: Player, tab: Tab, tmp_path: Path) -> None:
    signed_in(tab, player)
    page = tmp_path / "evil.html"
    page.write_text(
        f'<iframe src="{player.address}/"></iframe><img id="i" src="{player.address}/screen.jpg">'
        f'<form method="post" action="{player.address}/do/pattern"><input name="token"><button>!</button></form>'
    )
    tab.open(page.as_uri())
    tab.until("document.querySelector('#i').complete")
    assert tab.ask("document.querySelector('#i').naturalWidth") == 0
    tab.click("button")
    tab.until("document.body.innerText.startsWith('403')")
    assert player.service_card() is None


def test_a_name_that_was_rebound_is_not_served(player: Player) -> None:
    assert asked(player, "evil.example")[0] == 400


def test_nobody_else_listens(player: Player) -> None:
    """On the loopback address alone, and no other port of the player."""
    listening = [one.laddr for one in psutil.net_connections("tcp") if one.status == psutil.CONN_LISTEN]
    assert [address.ip for address in listening if address and address.port == player.port] == ["127.0.0.1"]
