"""Names, peers, headers, methods, sizes and paths: what a request may be, and what every answer carries."""

from __future__ import annotations

import socket

import pytest

from player.web._guard import HEADERS
from tests.player.web.conftest import Desk, MakeDesk

PAGES = ["/", "/doctor", "/log", "/sign-in", "/static/page.css", "/static/page.js", "/static/icon.svg"]
ERRORS = ["/none", "/screen.jpg", "/static/none.css", "/do/reload"]


@pytest.mark.parametrize(
    ("host", "good"),
    [
        ("localhost", True),
        ("LOCALHOST:8480", True),
        ("localhost.:9999", True),
        ("127.0.0.1:8480", True),
        ("[::1]:8480", True),
        ("192.168.7.20:8480", False),
        ("evil.example", False),
        ("localhost.evil.example", False),
        ("evil.example:8480", False),
        ("localhost@evil.example", False),
        ("localhost:8480/evil", False),
        ("0x7f000001", False),
        ("2130706433", False),
        ("0.0.0.0:8480", False),
        ("", False),
        ("localhost:123456", False),
        ("local host", False),
        ("screen-7.bar.example:8480", False),
    ],
)
def test_host_names_on_the_loopback_address(desk: Desk, host: str, good: bool) -> None:
    answer = desk.browser().client.get("/", headers={"Host": host})
    assert answer.status_code == (200 if good else 400)


@pytest.mark.parametrize(
    ("host", "good"),
    [
        ("192.168.7.20:8480", True),
        ("[fd00:7::20]:8480", True),
        (socket.gethostname(), True),
        (f"{socket.gethostname().partition('.')[0]}.local:8480", True),
        ("screen-7.bar.example:8480", True),
        ("192.168.7.21:8480", False),
        ("8.8.8.8", False),
        ("evil.example", False),
    ],
)
def test_host_names_on_the_network(make_desk: MakeDesk, host: str, good: bool) -> None:
    desk = make_desk(host="lan", names=("screen-7.bar.example",))
    answer = desk.browser("192.168.7.9").client.get(
        "/sign-in", headers={"Host": host}, environ_base={"REMOTE_ADDR": "192.168.7.9"}
    )
    assert answer.status_code == (200 if good else 400)


@pytest.mark.parametrize(
    ("peer", "good"),
    [
        ("127.0.0.1", True),
        ("192.168.7.9", True),
        ("::ffff:192.168.7.9", True),
        ("fd00:7::9", True),
        ("192.168.8.9", False),
        ("8.8.8.8", False),
        ("2001:db8::1", False),
        ("nonsense", False),
    ],
)
def test_lan_means_the_networks_that_this_machine_is_in(make_desk: MakeDesk, peer: str, good: bool) -> None:
    answer = make_desk(host="lan").browser(peer, "192.168.7.20:8480").get("/sign-in")
    assert answer.status_code == (200 if good else 403)


def test_on_the_loopback_address_nobody_else_is_served(desk: Desk) -> None:
    assert desk.browser("192.168.7.9").get("/").status_code == 403


@pytest.mark.parametrize("path", [*PAGES, *ERRORS])
def test_every_answer_carries_the_headers(desk: Desk, path: str) -> None:
    answer = desk.browser().get(path)
    for name, value in HEADERS.items():
        assert answer.headers.getlist(name) == [value]
    assert "Server" not in answer.headers
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(desk: Desk, path: str) -> None:
    text = desk.signed_in().get(path).text
    assert " style=" not in text
    assert "<style" not in text
    assert " onclick=" not in text
    assert "javascript:" not in text
    if path.endswith((".svg", ".js", ".css")):
        assert "//" not in text.replace("// ", "").replace("http://www.w3.org/2000/svg", "")
        return
    assert "<script>" not in text
    assert "http://" not in text
    assert "https://" not in text


@pytest.mark.parametrize(
    "path",
    [
        "/../../../etc/passwd",
        "/static/../_pin.py",
        "/static/..%2f_pin.py",
        "/static/%2e%2e/%2e%2e/_pin.py",
        "/static/%252e%252e%252f_pin.py",
        "/static/..\\_pin.py",
        "/static/..%5c_pin.py",
        "/static/page.css%00.png",
        "/static/%00",
        "/static//etc/passwd",
        "/static/",
        "/static",
        "/templates/home.html",
        "/screen.jpg/../../../etc/passwd",
        "/screen.jpg%2f..%2f..%2fetc%2fpasswd",
        "/console",
        "/debug",
        "/.git/config",
        "/robots.txt",
        "/server-status",
        "/static/page.css/",
        "/do",
        "/%c0%ae%c0%ae/etc/passwd",
    ],
)
def test_no_path_leads_out(desk: Desk, path: str) -> None:
    answer = desk.browser().get(path)
    assert answer.status_code == 404, path
    assert answer.text == "404  There is no such page.\n"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "FOO"])
@pytest.mark.parametrize("path", ["/", "/sign-in", "/do/reload", "/static/page.css"])
def test_no_other_methods(desk: Desk, method: str, path: str) -> None:
    answer = desk.browser().client.open(path, method=method, headers={"Host": "localhost"})
    assert answer.status_code == 405
    assert answer.text == "405  That cannot be done with this address.\n"
    assert "Allow" in answer.headers


def test_a_large_form_is_refused(desk: Desk) -> None:
    answer = desk.browser().post("/sign-in", {"pin": "x" * 5000})
    assert answer.status_code == 413
    assert answer.text == "413  That is too large.\n"


def test_a_fault_inside_is_told_to_the_log_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_self: object) -> None:
        message = "the secret inner path /var/lib/ooh-player"
        raise RuntimeError(message)

    monkeypatch.setattr(type(desk.site.source), "find", broken)
    answer = desk.browser().get("/")
    assert answer.status_code == 500
    assert answer.text == "500  Something went wrong here; the log says what.\n"
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/doctor", "/log", "/screen.jpg"])
def test_on_the_network_nothing_is_read_without_the_pin(make_desk: MakeDesk, path: str) -> None:
    desk, host = make_desk(host="lan"), "192.168.7.20:8480"
    guest = desk.browser("192.168.7.9", host)
    assert guest.get(path).status_code == 403
    home = guest.get("/")
    assert (home.status_code, home.headers["Location"]) == (303, "/sign-in")
    assert desk.signed_in("192.168.7.9", host).get(path).status_code in {200, 503}


def test_on_the_network_without_a_readable_pin_nothing_is_served(make_desk: MakeDesk) -> None:
    browser = make_desk(pin=None, host="lan").browser("192.168.7.9", "192.168.7.20:8480")
    for path in ("/", "/sign-in", "/screen.jpg"):
        answer = browser.get(path)
        assert answer.status_code == 503
        assert "ooh-player web pin" in answer.text
