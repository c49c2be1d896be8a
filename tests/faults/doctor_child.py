"""Runs the doctor where something is wrong: in namespaces of its own, which end with it.

``python -m tests.faults.doctor_child WHAT FOLDER``, started by ``tests.faults.doctor`` under unshare(1). It makes the
fault, then runs ``ooh-player doctor --json`` with ``FOLDER/player.toml`` and passes on what it prints.
"""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from renderer.panels import FONTS

PUBLIC = "93.184.216.34"
"""A public address, given to an interface in a network namespace that leads nowhere."""
SILENT = "93.184.216.53"
"""Beside it, at a hardware address that nobody has: what is sent there is lost without a word."""
PRIVATE = "192.168.77.1"


def main() -> None:
    """Make the fault, then let the doctor look."""
    what, folder = sys.argv[1], Path(sys.argv[2])
    FAULTS[what](folder)
    argv = (sys.executable, "-m", "player", "doctor", "--json", "--config", str(folder / "player.toml"))
    sys.exit(subprocess.run(argv, check=False).returncode)


def full_disk(folder: Path) -> None:
    """A tmpfs for the state, filled to its last byte."""
    _mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder / "state"))
    with (folder / "state/fill").open("wb", buffering=0) as file:
        try:
            while file.write(bytes(65_536)):
                pass
        except OSError:
            return


def read_only_disk(folder: Path) -> None:
    """The state, mounted again without the right to write."""
    _mount("--bind", str(folder / "state"), str(folder / "state"))
    _mount("-o", "remount,bind,ro", str(folder / "state"))


def no_font(folder: Path) -> None:
    """An empty folder in place of the bundled fonts."""
    (folder / "empty").mkdir()
    _mount("--bind", str(folder / "empty"), str(FONTS))


def dns_down(folder: Path) -> None:
    """A name server that never answers."""
    _network(folder, SILENT)


def portal_redirect(folder: Path) -> None:
    """Names are right, every plain page leads to a login, and https is turned away."""
    _network(folder, PUBLIC)
    _names({"*": PUBLIC})
    _answer(302, {"Location": "http://login.hotspot.example/?from=here"})


def portal_page(folder: Path) -> None:
    """Names are right, and every plain page is the login itself."""
    _network(folder, PUBLIC)
    _names({"*": PUBLIC})
    _answer(200, {"Content-Type": "text/html"}, b"<html>Welcome to our Wi-Fi</html>")


def portal_names(folder: Path) -> None:
    """Every name leads to the router."""
    _network(folder, PUBLIC)
    _names({"*": PRIVATE})


def no_link(folder: Path) -> None:
    """The cable is out."""
    _network(folder, PUBLIC)
    _ip("link", "set", "peer0", "down")


def all_hang(folder: Path) -> None:
    """Names are right; every server takes the connection and never says a word."""
    _network(folder, PUBLIC)
    _names({"*": PUBLIC})
    for port in (80, 443):
        _hold(port)


def _network(folder: Path, name_server: str) -> None:
    """One wire that leads to nobody, a default route over it, and this name server."""
    _mount("-t", "sysfs", "sysfs", "/sys")
    _ip("link", "set", "lo", "up")
    _ip("link", "add", "wire0", "type", "veth", "peer", "name", "peer0")
    _ip("link", "set", "wire0", "up")
    _ip("link", "set", "peer0", "up")
    _ip("address", "add", f"{PUBLIC}/24", "dev", "wire0")
    _ip("neighbour", "add", SILENT, "lladdr", "02:00:00:00:00:53", "dev", "wire0")
    _ip("route", "add", "default", "via", SILENT, "dev", "wire0")
    (folder / "resolv.conf").write_text(f"nameserver {name_server}\n", encoding="ascii")
    _mount("--bind", str(folder / "resolv.conf"), "/etc/resolv.conf")


def _names(known: Mapping[str, str]) -> None:
    """A name server (RFC 1035) that gives one address to every name, and none of IPv6."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((PUBLIC, 53))

    def serve() -> None:
        while True:
            query, who = server.recvfrom(512)
            end = query.index(0, 12) + 5
            is_a = query[end - 4 : end - 2] == b"\x00\x01"
            head = query[:2] + struct.pack(">HHHHH", 0x8180, 1, int(is_a), 0, 0)
            answer = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 30, 4) + socket.inet_aton(known["*"]) if is_a else b""
            server.sendto(head + query[12:end] + answer, who)

    threading.Thread(target=serve, daemon=True).start()


def _answer(status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
    """A plain web server that says this to everybody."""

    class Portal(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, text in headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_POST = do_GET  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            pass

    threading.Thread(target=ThreadingHTTPServer((PUBLIC, 80), Portal).serve_forever, daemon=True).start()


def _hold(port: int) -> None:
    server = socket.create_server((PUBLIC, port), backlog=64)
    held = []

    def serve() -> None:
        while True:
            held.append(server.accept())

    threading.Thread(target=serve, daemon=True).start()


def _mount(*words: str) -> None:
    subprocess.run(("mount", *words), check=True)


def _ip(*words: str) -> None:
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
    subprocess.run(("ip", *words), check=True, env={**os.environ, "PATH": path})


FAULTS: Mapping[str, Callable[[Path], None]] = {
    fault.__name__: fault
    for fault in (
        full_disk,
        read_only_disk,
        no_font,
        dns_down,
        portal_redirect,
        portal_page,
        portal_names,
        no_link,
        all_hang,
    )
}

if __name__ == "__main__":
    main()
