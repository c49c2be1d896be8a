"""The local page of a real player, as a phone and a desktop show it: the pictures of docs/web.md.

``python -m bench.picture.page docs`` starts the sandbox and a player of its own, lets it play for a while, signs in and
takes the pictures.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from player.demo._children import demo_environ
from player.demo._ports import free_ports, wait_until_listening
from player.web import write_pin
from tests.e2e.browser import Tab, browsing

PIN = "anker-4711"
PHONE, DESKTOP = (360, 740), (1280, 800)
_PLAY_S = 75.0
_UP_S = 60.0
_ME = (sys.executable, "-m", "player")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="folder for web-phone.png and web-desktop.png")
    parser.add_argument("--all", action="store_true", help="every page, light and dark, too")
    parser.add_argument("--seconds", type=float, default=_PLAY_S, help="how long the player plays first")
    chosen = parser.parse_args(arguments)
    chosen.out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        playing(Path(folder), chosen.seconds) as address,
        browsing(Path(folder)) as tab,
    ):
        take(tab, address, chosen.out, every=chosen.all)
    for file in sorted(chosen.out.glob("web-*.png")):
        print(f"{file}  {Image.open(file).size}  {file.stat().st_size / 1000:.0f} kB")


@contextmanager
def playing(folder: Path, seconds: float) -> Iterator[str]:
    """A player with its page, against a sandbox of its own; the page's address once it has played for a while."""
    ports, page = free_ports(), free_ports().exchange
    environ = {**demo_environ(os.environ), "HOME": str(folder)}
    sandbox = _start(
        (*_ME, "sandbox", "--port", str(ports.exchange), "--dir", str(folder / "sandbox")), environ, folder
    )
    started = [sandbox]
    try:
        wait_until_listening(ports.exchange, _UP_S)
        toml = folder / "sandbox" / "player.toml"
        drop_ins = toml.parent / "player.d"
        drop_ins.mkdir()
        write_pin(folder / "pin", PIN)
        (drop_ins / "web.toml").write_text(
            f'[screen]\nid = "berlin-anker-07"\nvenue_name = "Zum Anker, Berlin"\nsize = "1280x720"\n'
            f'[web]\nenabled = true\nport = {page}\npin_file = "{folder / "pin"}"\n',
            encoding="utf-8",
        )
        started.append(_start((*_ME, "run", "--headless", "--config", str(toml)), environ, folder))
        wait_until_listening(page, _UP_S)
        time.sleep(seconds)
        yield f"http://localhost:{page}"
    finally:
        for process in reversed(started):
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def take(tab: Tab, address: str, out: Path, *, every: bool) -> None:
    """Sign in, then look."""
    tab.screen(*DESKTOP)
    tab.open(f"{address}/sign-in")
    if every:
        tab.picture(out / "web-sign-in.png")
    tab.write("#pin", PIN)
    tab.click("button.main")
    tab.until("document.querySelector('form[action=\"/do/identify\"]') !== null")
    tab.open(f"{address}/doctor")
    tab.until("document.querySelector('.findings li') !== null")
    for name, size, phone in (("desktop", DESKTOP, False), ("phone", PHONE, True)):
        for scheme in ("light", "dark") if every else ("light" if not phone else "dark",):
            tab.screen(*size, scale=1.0 if not phone else 2.0, mobile=phone, dark=scheme == "dark")
            suffix = f"-{scheme}" if every else ""
            _beside_panels(tab, address)
            tab.picture(out / f"web-{name}{suffix}.png")
            if every:
                _rest(tab, address, out, f"{name}-{scheme}", size, phone=phone, dark=scheme == "dark")
    for file in out.glob("web-*.png"):
        picture = Image.open(file).convert("RGB")
        picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=2).save(file, optimize=True)


def _rest(tab: Tab, address: str, out: Path, name: str, size: tuple[int, int], *, phone: bool, dark: bool) -> None:
    for page in ("", "doctor", "log"):
        _page(tab, f"{address}/{page}")
        height = int(tab.ask("document.documentElement.scrollHeight"))
        tab.screen(size[0], max(size[1], height), scale=1.5 if phone else 1.0, mobile=phone, dark=dark)
        _page(tab, f"{address}/{page}")
        tab.picture(out / f"web-{name}-{page or 'home'}-whole.png")
        tab.screen(*size, scale=1.0, mobile=phone, dark=dark)


def _beside_panels(tab: Tab, address: str) -> None:
    """The first page while an ad shares the screen with panels: by the names of the sandbox's creatives."""
    until_s = time.monotonic() + _UP_S
    _page(tab, f"{address}/")
    ready = "/(300|160)x/.test(document.querySelector('#caption').innerText) && document.querySelector('#coming li')"
    while time.monotonic() < until_s and not tab.ask(f"Boolean({ready})"):
        time.sleep(1)
        _page(tab, f"{address}/")


def _page(tab: Tab, address: str) -> None:
    """Loaded, with its picture."""
    tab.open(address)
    tab.until("[...document.images].every(image => image.complete && image.naturalWidth > 0)")


def _start(argv: Sequence[str], environ: dict[str, str], folder: Path) -> subprocess.Popen[bytes]:
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(argv, env=environ, stdout=log, stderr=log)


if __name__ == "__main__":
    main()
