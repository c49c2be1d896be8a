"""The doctor against broken set-ups: each is made for real, and must be named in one line with its remedy.

``python -m tests.faults.doctor``: prints a table of set-up, line, remedy and seconds. Disks are mounts and networks are
namespaces of their own (as root, or where a user may have them); it ends with 1 when one is not named, is not named by
the line that should, or takes ten seconds, and with 2 where namespaces are forbidden.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_MOST_S = 10.0
_PLAYER = (sys.executable, "-m", "player", "doctor", "--json", "--config")
_KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_CONFIG_FILE": "/dev/null"}
_EXCHANGE = '[exchange]\nurl = "https://ads.venue.example/openrtb"\n'
_HANGING = """\
[exchange]
url = "https://ads.venue.example/openrtb"

[heartbeat]
url = "https://beat.venue.example/"

[proof]
stream = "plays"
gateway_url = "https://plays.venue.example/"

[panels.headlines]
url = "https://news.venue.example/rss"

[panels.scores]
url = "https://scores.venue.example/"
"""


@dataclass(frozen=True)
class Scene:
    """What a set-up runs in: its folder, and what must be ended after it."""

    folder: Path
    stack: ExitStack
    environ: dict[str, str]

    def configure(self, text: str) -> None:
        """The configuration, with folders of its own."""
        own = f'[cache]\ndir = "{self.folder}/state"\nrun_dir = "{self.folder}/run"\nmax_bytes = 50_000_000\n'
        (self.folder / "player.toml").write_text(f"{text}\n{own}", encoding="utf-8")


@dataclass(frozen=True)
class SetUp:
    """One broken set-up: how it is made, and what the tech must read."""

    name: str
    line: str
    says: str
    make: Callable[[Scene], object]
    child: str = ""
    """What ``doctor_child`` makes in namespaces of its own."""
    unshare: tuple[str, ...] = ("--mount",)


@dataclass
class Seen:
    """What the doctor said."""

    finding: Mapping[str, str] | None
    seconds: float
    summary: str = ""
    others: list[str] = field(default_factory=list)
    """Further lines that fail."""


def no_display(scene: Scene) -> None:
    """No X, no Wayland; and of KMS what this machine has: nothing, or it is not looked at without a connector."""
    scene.configure("")


def wrong_url(scene: Scene) -> None:
    """A server that has no such page."""
    url = scene.stack.enter_context(server(404, {}))
    host = url.removeprefix("http://")
    scene.configure(f'[exchange]\nurl = "{url}/opnertb"\n\n[fetch]\nallow_hosts = ["{host}"]\n')


def bad_clock(scene: Scene) -> None:
    """Servers that say it is two hours later."""
    date = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    url = scene.stack.enter_context(server(204, {"Date": date}))
    host = url.removeprefix("http://")
    scene.configure(f'[exchange]\nurl = "{url}/openrtb"\n\n[fetch]\nallow_hosts = ["{host}"]\n')


def bad_key(scene: Scene) -> None:
    """The certificate of one device and the key of another."""
    one, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "screen-7")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(one.public_key()).serial_number(7)
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=365))
    files = {
        "device.pem": made.sign(one, hashes.SHA256()).public_bytes(Encoding.PEM),
        "device.key": other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    }
    for file, data in files.items():
        (scene.folder / file).write_bytes(data)
        (scene.folder / file).chmod(0o600)
    scene.configure(
        '[proof]\nstream = "plays"\ncredentials = "iot"\niot_endpoint = "127.0.0.1:9"\niot_role_alias = "player"\n'
        f'certificate_file = "{scene.folder}/device.pem"\nkey_file = "{scene.folder}/device.key"\n'
    )


def no_browser(scene: Scene) -> None:
    """A PATH without one."""
    (scene.folder / "bin").mkdir()
    scene.environ["PATH"] = str(scene.folder / "bin")
    scene.configure("")


def wrong_rotation(scene: Scene) -> None:
    """A display that stands upright, and a rotation that lays the picture down."""
    scene.environ["DISPLAY"] = scene.stack.enter_context(upright_display())
    scene.configure("[screen]\nrotation = 90\n")


def wrong_size(scene: Scene) -> None:
    """The size as the viewer sees it, where that of the panel is meant."""
    scene.environ["DISPLAY"] = scene.stack.enter_context(upright_display())
    scene.configure('[screen]\nsize = "640x480"\n')


def refusing(kind: str, message: str) -> Callable[[Scene], None]:
    """A stream that says this."""

    def make(scene: Scene) -> None:
        body = json.dumps({"__type": kind, "message": message}).encode()
        url = scene.stack.enter_context(server(400, {"Content-Type": "application/x-amz-json-1.1"}, body))
        scene.environ.update(_KEYS)
        scene.configure(f'[proof]\nstream = "plays"\nendpoint = "{url}"\n')

    return make


def hanging(scene: Scene) -> None:
    """Everything that can be asked over the network."""
    scene.environ.update(_KEYS)
    scene.configure(_HANGING)


def exchange_only(scene: Scene) -> None:
    """One exchange on the internet."""
    scene.configure(_EXCHANGE)


def nothing(scene: Scene) -> None:
    """The defaults."""
    scene.configure("")


_NET = ("--mount", "--net")
SET_UPS = (
    SetUp("no display", "display", "no display", no_display),
    SetUp("wrong URL", "exchange exchange", "wrong URL: the server knows no such page", wrong_url),
    SetUp("bad clock", "clock", "wrong: it is 2 h behind the servers", bad_clock),
    SetUp("full disk", "disk", "full:", nothing, "full_disk"),
    SetUp("bad key", "keys", "bad key: ", bad_key),
    SetUp("no font", "fonts", "the bundled fonts are missing", nothing, "no_font"),
    SetUp("captive portal", "network", "captive portal: ", exchange_only, "portal_redirect", _NET),
    SetUp("  its own page", "network", "captive portal: ", exchange_only, "portal_page", _NET),
    SetUp("  by the names", "network", "captive portal: ", exchange_only, "portal_names", _NET),
    SetUp("no browser", "browser", "none: exchanges are told", no_browser),
    SetUp("read-only disk", "disk", "read-only: ", nothing, "read_only_disk"),
    SetUp("wrong rotation", "rotation", "the display is upright already", wrong_rotation),
    SetUp("  wrong size", "rotation", "the size is said before the rotation", wrong_size),
    SetUp("DNS down", "network", "DNS is down: ", exchange_only, "dns_down", _NET),
    SetUp("  cable out", "network", "no link: ", exchange_only, "no_link", _NET),
    SetUp(
        "stream refused",
        "stream",
        "may not use it",
        refusing("AccessDeniedException", "User screen-7 may not"),
    ),
    SetUp("  no such", "stream", "no such stream", refusing("ResourceNotFoundException", "Stream plays not found")),
    SetUp("  old token", "stream", "no valid credentials", refusing("ExpiredTokenException", "The token is expired")),
    SetUp("  clock", "stream", "the clock of this machine", refusing("InvalidSignatureException", "Signature expired")),
    SetUp("all hang at once", "network", "none of 3 servers answers", hanging, "all_hang", _NET),
    SetUp("  and DNS too", "network", "DNS is down: ", hanging, "dns_down", _NET),
)


@contextmanager
def server(status: int, headers: Mapping[str, str], body: bytes = b"") -> Iterator[str]:
    """Says this to every request."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self.send_response_only(status)
            for name, text in {**headers, "Content-Length": str(len(body)), "Connection": "close"}.items():
                self.send_header(name, text)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_POST = do_HEAD  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}"
        made.shutdown()


@contextmanager
def upright_display() -> Iterator[str]:
    """An X server of portrait shape."""
    out, into = os.pipe()
    argv = ("Xvfb", "-displayfd", str(into), "-screen", "0", "480x640x24", "-nolisten", "tcp")
    with subprocess.Popen(argv, pass_fds=(into,), stderr=subprocess.DEVNULL) as process:
        os.close(into)
        with os.fdopen(out) as number:
            yield f":{number.readline().strip()}"
        process.terminate()


def examine(set_up: SetUp) -> Seen:
    """Make it, let the doctor look, and take everything down again."""
    with ExitStack() as stack, tempfile.TemporaryDirectory(prefix="ooh-doctor-") as name:
        folder = Path(name)
        for part in ("state", "run", "home"):
            (folder / part).mkdir()
        environ = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder / "home"), "PYTHONPATH": str(Path.cwd())}
        scene = Scene(folder, stack, environ)
        set_up.make(scene)
        argv: Sequence[str] = (*_PLAYER, str(folder / "player.toml"))
        if set_up.child:
            argv = (*unshare(*set_up.unshare), sys.executable, "-m", "tests.faults.doctor_child", set_up.child, name)
        began_s = time.monotonic()
        done = subprocess.run(argv, env=environ, capture_output=True, text=True, check=False, timeout=120)
        return _seen(set_up, done.stdout, done.stderr, time.monotonic() - began_s)


def _seen(set_up: SetUp, out: str, err: str, seconds: float) -> Seen:
    try:
        told: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
    except (ValueError, IndexError):
        print(err, file=sys.stderr)
        return Seen(None, seconds)
    found = next((one for one in told["findings"] if one["name"] == set_up.line), None)
    others = [one["name"] for one in told["findings"] if one["grade"] == "fail" and one["name"] != set_up.line]
    return Seen(found, seconds, told["summary"], others)


def unshare(*what: str) -> tuple[str, ...]:
    """unshare(1); for a user who is not root in a user namespace too."""
    return ("unshare", *what, *(() if os.geteuid() == 0 else ("--map-root-user",)), "--")


def is_named(set_up: SetUp, seen: Seen) -> bool:
    """In the line that should, not as good, with a remedy, and in time."""
    finding = seen.finding
    if finding is None or seen.seconds >= _MOST_S:
        return False
    return set_up.says in finding["what"] and finding["grade"] != "ok" and bool(finding["next_step"])


def main() -> None:
    """Every set-up, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="Set-ups to try; all.")
    wanted = parser.parse_args().names
    if subprocess.run([*unshare(*_NET), "true"], check=False, capture_output=True).returncode != 0:
        print("no namespaces here (unshare --mount --net): nothing was tried", file=sys.stderr)
        sys.exit(2)
    chosen = [one for one in SET_UPS if not wanted or one.name.strip() in wanted]
    width = shutil.get_terminal_size((160, 24)).columns
    missed, slowest_s = [], 0.0
    for set_up in chosen:
        seen = examine(set_up)
        slowest_s = max(slowest_s, seen.seconds)
        if not is_named(set_up, seen):
            missed.append(set_up.name.strip())
        finding = seen.finding or {"grade": "none", "name": set_up.line, "what": "not looked at", "next_step": ""}
        told = f"{finding['grade']}  {finding['name']}: {finding['what']}"
        print(f"{set_up.name:<17}{seen.seconds:4.1f} s  {told}")
        print(textwrap.indent(textwrap.fill(f"do: {finding['next_step']}", max(40, width - 26)), " " * 26))
        if seen.others:
            print(f"{'':26}(fails besides: {', '.join(seen.others)}; {seen.summary})")
    print(f"\n{len(chosen) - len(missed)} of {len(chosen)} named, slowest {slowest_s:.1f} s")
    if missed:
        print(f"not named: {', '.join(missed)}")
        sys.exit(1)


if __name__ == "__main__":
    main()
