"""Nothing that a page tries gets through: not the network, not the files, and no process stays behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from renderer.prepare import Geometry, HtmlSource, Resource, gather, prepare_file
from renderer.prepare.html._memory import MemoryWatch, family
from renderer.prepare.html._pack import read_pack
from tests.renderer.prepare.html.pages import BODY, QUICK, SCREEN, Net, draw, first, page

ROOT = Path(__file__).parents[4]


class Canary:
    """Listens on the loopback, TCP and UDP, and notes whoever comes."""

    def __init__(self) -> None:
        self.hits: list[str] = []
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        threading.Thread(target=self._tcp, daemon=True).start()
        threading.Thread(target=self._udp, daemon=True).start()

    def _tcp(self) -> None:
        while True:
            try:
                caller, _ = self.tcp.accept()
            except OSError:
                return
            self.hits.append("tcp")
            caller.close()

    def _udp(self) -> None:
        while True:
            try:
                self.udp.recv(10)
            except OSError:
                return
            self.hits.append("udp")


@pytest.fixture
def canary() -> Iterator[Canary]:
    made = Canary()
    socket.create_connection(("127.0.0.1", made.port)).close()
    yield made
    made.tcp.close()
    made.udp.close()


def tries(port: int) -> str:
    """Every way out that a page has, of which each is tried whatever becomes of the others."""
    frame = "const d = document.createElement('iframe'); document.body.append(d)"
    stun = "{iceServers: [{urls: 'stun:127.0.0.1:PORT'}]}"
    ice = "r.createDataChannel('x'); r.createOffer().then((o) => r.setLocalDescription(o))"
    ways = (
        "new WebSocket('ws://127.0.0.1:PORT/ws')",
        "new EventSource('http://127.0.0.1:PORT/es')",
        "navigator.sendBeacon('http://127.0.0.1:PORT/beacon', 'x')",
        "fetch('http://127.0.0.1:PORT/fetch', {mode: 'no-cors'}).catch(() => 0)",
        "fetch('http://localhost:PORT/post', {method: 'POST', mode: 'no-cors', keepalive: true}).catch(() => 0)",
        "new Image().src = 'http://127.0.0.1:PORT/img'",
        "window.open('http://127.0.0.1:PORT/open')",
        "navigator.serviceWorker.register('http://127.0.0.1:PORT/sw.js').catch(() => 0)",
        """new Worker(URL.createObjectURL(new Blob(['fetch("http://127.0.0.1:PORT/worker")'])))""",
        """new Worker(URL.createObjectURL(new Blob(['new WebSocket("ws://127.0.0.1:PORT/worker")'])))""",
        """document.body.insertAdjacentHTML('beforeend', '<iframe src="http://127.0.0.1:PORT/frame"></iframe>')""",
        """document.body.insertAdjacentHTML('beforeend', '<link rel=prefetch href="http://127.0.0.1:PORT/pre">')""",
        """document.body.insertAdjacentHTML('beforeend', '<link rel=preconnect href="//127.0.0.1:PORT">')""",
        """document.body.insertAdjacentHTML('beforeend', '<a id=p href="#" ping="http://127.0.0.1:PORT/ping">x</a>')""",
        "p.click()",
        f"{frame}; d.contentWindow.Function('new WebSocket(`ws://127.0.0.1:PORT/x`)')()",
        f"{frame}; const r = new d.contentWindow.RTCPeerConnection({stun});{ice}",
        "const a = document.createElement('a'); a.href = 'http://127.0.0.1:PORT/file'; a.download = 'x'; a.click()",
        "alert(1)",
        "setTimeout(() => { location = 'http://127.0.0.1:PORT/away' }, 300)",
    )
    return ";".join(f"try {{ {way} }} catch (e) {{}}" for way in ways).replace("PORT", str(port))


def test_no_way_out_of_the_page(tmp_path: Path, canary: Canary) -> None:
    prepared = draw(tmp_path, page(tries(canary.port)))
    assert first(prepared).getpixel((5, 200)) == (34, 68, 102), "the page itself was drawn"
    time.sleep(0.2)
    assert canary.hits == ["tcp"], "only the tests' own call"


def test_while_it_is_taken_in_everything_goes_through_the_guard(tmp_path: Path, canary: Canary) -> None:
    source = tmp_path / "page.html"
    source.write_text(page(tries(canary.port)))
    net = Net()
    gather(HtmlSource(source, "markup"), Geometry(SCREEN), QUICK, net, tmp_path)
    time.sleep(0.2)
    assert canary.hits == ["tcp"]
    assert f"http://127.0.0.1:{canary.port}/img" in net.asked
    assert not any(way in url for url in net.asked for way in ("beacon", "post", "open", "ws", "sw.js", "ping", "es"))


def test_no_file_of_this_machine_is_shown(tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><rect width="999" height="999" fill="#f00"/></svg>')
    tmp_path.chmod(0o755)
    body = f'{BODY}<img src="file://{secret}"><iframe src="file://{secret}"></iframe><embed src="file://{secret}">'
    picture = first(draw(tmp_path, page(f"location = 'file://{secret}'", body=body)))
    assert (255, 0, 0) not in [colour for _, colour in picture.getcolors(picture.width * picture.height) or []]


def test_a_pack_needs_no_network_and_is_the_same_each_time(tmp_path: Path) -> None:
    dot = Resource(
        200, "image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="300" height="99"/></svg>'
    )
    late = "setTimeout(() => { const i = new Image(); i.src = 'https://cdn.test/late.svg'; h.after(i) }, 1500)"
    source = tmp_path / "page.html"
    body = f'{BODY}<img src="https://cdn.test/dot.svg"><img src="https://t.test/pixel" width=1 height=1>'
    source.write_text(page(late, body=body))
    packs = []
    for _ in range(2):
        net = Net({"https://cdn.test/dot.svg": dot, "https://cdn.test/late.svg": dot})
        asked = HtmlSource(source, "markup", silent=("https://t.test/pixel",))
        packs.append(gather(asked, Geometry(SCREEN), QUICK, net, tmp_path))
        assert sorted(net.asked) == ["https://cdn.test/dot.svg", "https://cdn.test/late.svg"]
    assert packs[0].read_bytes() == packs[1].read_bytes()
    assert set(read_pack(packs[0]).resources) >= {"https://cdn.test/dot.svg", "https://cdn.test/late.svg"}
    prepared = prepare_file(packs[0], Geometry(SCREEN), QUICK, tmp_path)
    assert prepared.plate.frames == 2, "what came late is in the pack too"
    assert prepared.plate.warnings == ("1 of the files that its page asks for are not there: https://t.test/pixel",)


_PARENT = """
import pathlib, sys
from tests.renderer.prepare.html.pages import draw, page, QUICK
print("drawing", flush=True)
draw(pathlib.Path(sys.argv[1]), page("setInterval(() => { h.textContent = Math.random() }, 50)"))
"""


def test_the_browser_ends_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", _PARENT, str(tmp_path)], cwd=ROOT, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    browsers: list[int] = []
    while not browsers and time.monotonic() < deadline:
        browsers = [pid for pid in family(parent.pid) if b"--remote-debugging-pipe" in _command(pid)]
        time.sleep(0.02)
    assert browsers
    everyone = list(family(parent.pid))
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    while any(_runs(pid) for pid in everyone) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [_command(pid)[:80] for pid in everyone if _runs(pid)] == []


def test_nothing_stays_after_work(tmp_path: Path) -> None:
    me = os.getpid()
    before = set(family(me))
    assert draw(tmp_path, page()).plate.frames == 1
    assert set(family(me)) == before
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".html", ".plate"]


def test_memory_is_counted_over_all_descendants() -> None:
    child = subprocess.Popen([sys.executable, "-c", "x = bytearray(60_000_000); import time; time.sleep(30)"])
    try:
        watch, deadline = MemoryWatch(os.getpid(), 100_000), time.monotonic() + 10
        alone = MemoryWatch(child.pid, 100_000)
        while alone.peak_mb < 55 and time.monotonic() < deadline:
            alone()
            watch()
            time.sleep(0.05)
        assert 55 < alone.peak_mb < 120
        assert watch.peak_mb > alone.peak_mb
    finally:
        child.kill()
        child.wait()


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _runs(pid: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
