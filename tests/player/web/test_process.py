"""The page's process and its command: off, on, refused, reloaded in place, begun anew; and the PIN's command."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from player.web import read_pin
from tests.e2e.harness import COMMAND, environ, ooh_player
from tests.player.web.conftest import PIN

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(200)]

LONG_S = 90.0


class Page:
    """``ooh-player web`` with a configuration of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "player.toml"
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def write(self, web: str = "enabled = true", screen: str = "bar-7", port: int | None = None) -> None:
        self.port = port or self.port
        self.config.write_text(
            f'[screen]\nid = "{screen}"\n[cache]\ndir = "{self.folder / "state"}"\n[web]\nport = {self.port}\n{web}\n'
        )

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            argv = [str(COMMAND), "web", "--config", str(self.config)]
            self.process = subprocess.Popen(argv, env=environ(self.folder), cwd=self.folder, stderr=log)
        self.until(lambda: self.ask() is not None)

    def tell(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def ask(self, path: str = "/") -> str | None:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONG_S)) as connection:
                connection.request("GET", path, headers={"Host": "localhost"})
                return connection.getresponse().read().decode()
        except (OSError, http.client.HTTPException):
            return None

    def until(self, what: Callable[[], bool]) -> None:
        end = time.monotonic() + LONG_S
        while not what():
            assert time.monotonic() < end, (self.folder / "log").read_text()
            time.sleep(0.05)

    def run(self, *args: str | Path, given: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(COMMAND), *map(str, args), "--config", str(self.config)],
            env=environ(self.folder),
            cwd=self.folder,
            input=given,
            capture_output=True,
            text=True,
            timeout=LONG_S,
            check=False,
        )


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port: int = free.getsockname()[1]
    return port


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    it = Page(tmp_path)
    yield it
    if it.process is not None and it.process.poll() is None:
        it.process.kill()
        it.process.wait(30)


def test_by_default_nothing_listens(page: Page) -> None:
    page.config.write_text(f'[cache]\ndir = "{page.folder / "state"}"\n')
    done = page.run("web")
    assert done.returncode == 0
    assert "web.enabled = false" in done.stderr


def test_it_serves_reloads_in_place_begins_anew_and_ends(page: Page) -> None:
    page.write()
    page.start()
    assert page.process is not None

    page.write(screen="bar-8")
    page.tell(signal.SIGHUP)
    page.until(lambda: "bar-8" in (page.ask() or ""))

    page.write("enabled = nonsense", screen="bar-9")
    page.tell(signal.SIGHUP)
    page.until(lambda: "config.refused" in (page.folder / "log").read_text())
    assert "bar-8" in (page.ask() or "")

    before = page.port
    page.write(screen="bar-10", port=free_port())
    page.tell(signal.SIGHUP)
    page.until(lambda: "bar-10" in (page.ask() or ""))
    assert page.process.poll() is None
    with closing(socket.socket()) as probe:
        assert probe.connect_ex(("127.0.0.1", before)) != 0

    page.tell(signal.SIGTERM)
    assert page.process.wait(LONG_S) == 0
    assert page.ask() is None


def test_switched_off_it_ends(page: Page) -> None:
    page.write()
    page.start()
    page.write("enabled = false")
    page.tell(signal.SIGHUP)
    assert page.process is not None
    assert page.process.wait(LONG_S) == 0


def test_a_taken_port_is_named(page: Page) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        page.write(port=taken.getsockname()[1])
        done = page.run("web")
    assert done.returncode == 1
    assert "web.port_taken" in done.stderr


def test_on_the_network_only_with_a_pin(page: Page) -> None:
    page.write('enabled = true\nhost = "lan"')
    checked = page.run("check")
    assert checked.returncode == 2
    assert 'host = "lan" needs a PIN' in checked.stdout + checked.stderr
    page.write(f'enabled = true\nhost = "lan"\npin_file = "{page.folder / "pin"}"')
    assert page.run("check").returncode == 0
    done = page.run("web")
    assert done.returncode == 1
    assert "web.no_pin" in done.stderr


def test_the_pins_command(page: Page) -> None:
    file = page.folder / "pin"
    page.write(f'enabled = true\npin_file = "{file}"')
    done = page.run("web", "pin", given=f"{PIN}\n")
    assert done.returncode == 0, done.stderr
    assert PIN not in done.stdout + done.stderr
    pin = read_pin(str(file))
    assert pin is not None
    assert pin.fits(PIN)
    refused = page.run("web", "pin", given="123456\n")
    assert refused.returncode == 1
    assert "web.pin_weak" in refused.stderr
    assert "123456" not in refused.stderr
    assert read_pin(str(file)) == pin
    assert page.run("web", "pin", given="").returncode == 1


def test_the_pins_command_without_a_place_for_it(page: Page) -> None:
    page.write()
    assert page.run("web", "pin", given=f"{PIN}\n").returncode == 2
    file = page.folder / "elsewhere"
    done = page.run("web", "pin", "--file", file, given=f"{PIN}\n")
    assert done.returncode == 0
    assert f'pin_file = "{file}"' in done.stdout
    assert read_pin(str(file)) is not None


def test_help_has_an_example(page: Page) -> None:
    for command in (("web",), ("web", "pin")):
        told = ooh_player(*command, "--help", home=page.folder)
        assert told.returncode == 0
        assert "Example:" in told.stdout
