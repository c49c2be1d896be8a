"""What the doctor says of the way to the network: the first thing amiss, and what follows from it only once."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from config import Code, Config, ExchangeConfig, FetchConfig, OohError, ProofConfig
from player.doctor import Finding, Name, Net, PlainAnswer
from player.doctor._net import SystemNet
from player.doctor._network import Way, find_way, follows, outside_hosts
from player.fetch import PrivateAddressError
from tests.player.doctor.patients import ETHERNET, HEALTHY, FakeNet, answers, is_told, patient, refuses

ONE = Config(exchange=(ExchangeConfig(url="https://ads.venue.example/x"),))
TWO = replace(ONE, proof=ProofConfig(stream="plays"))
KINESIS = "kinesis.us-east-1.amazonaws.com"
ADS = "ads.venue.example"
DOWN = OohError(Code.FETCH_NETWORK, f"{ADS}: SSLError: certificate verify failed: self-signed certificate")


def way(folder: Path, config: Config, **others: object) -> Way:
    (folder / "etc").mkdir(exist_ok=True)
    (folder / "etc/resolv.conf").write_text("# by hand\nnameserver 10.0.0.1\noptions edns0\n")
    return find_way(patient(folder, config, **others))  # type: ignore[arg-type]


def test_a_healthy_network_is_told_with_its_address(tmp_path: Path) -> None:
    assert is_told(way(tmp_path, TWO).finding, "ok", "eth0 192.168.1.7; names are resolved")


def test_where_nothing_needs_it_nothing_is_looked_for(tmp_path: Path) -> None:
    local = Config(exchange=(ExchangeConfig(url="http://127.0.0.1:8700/x"),))
    found = way(tmp_path, local, net=FakeNet({"127.0.0.1": Name("127.0.0.1", "silent")}))
    assert is_told(found.finding, "ok", "nothing is configured that needs it")


def test_a_cable_that_is_out(tmp_path: Path) -> None:
    machine = replace(HEALTHY, links=(replace(ETHERNET, up=False, addresses=()),))
    found = way(tmp_path, ONE, machine=machine)
    assert found.trouble == "link"
    assert is_told(found.finding, "fail", "no link: eth0 is down", "cable")


def test_a_router_that_gives_no_address(tmp_path: Path) -> None:
    machine = replace(HEALTHY, links=(replace(ETHERNET, addresses=("169.254.3.4",)),))
    assert is_told(way(tmp_path, ONE, machine=machine).finding, "fail", "no address: eth0 is up", "DHCP")


@pytest.mark.parametrize("config", [ONE, TWO])
def test_dns_down_names_the_server_that_is_silent(tmp_path: Path, config: Config) -> None:
    net = FakeNet({host: Name(host, "silent") for host in (ADS, KINESIS)})
    found = way(tmp_path, config, net=net)
    assert found.trouble == "names"
    assert is_told(found.finding, "fail", "DNS is down: no name server answers (10.0.0.1)", "port 53")


def test_a_server_that_knows_no_name_at_all_is_no_server(tmp_path: Path) -> None:
    net = FakeNet({host: Name(host, "unknown") for host in (ADS, KINESIS)})
    assert is_told(way(tmp_path, TWO, net=net).finding, "fail", "knows none of the names")


@pytest.mark.parametrize("config", [ONE, TWO])
def test_one_name_that_is_unknown_is_somebodys_typing(tmp_path: Path, config: Config) -> None:
    assert way(tmp_path, config, net=FakeNet({ADS: Name(ADS, "unknown")})).trouble is None


PORTALS = {
    "redirected": (PlainAnswer(302, "http://login.hotspot.example/?to=x", "text/html"), "login.hotspot.example"),
    "another's page": (PlainAnswer(200, "", "text/html"), "a web page answers"),
    "said so": (PlainAnswer(511, "", "text/html"), "status 511"),
}


@pytest.mark.parametrize("portal", sorted(PORTALS))
def test_a_captive_portal_is_named_with_the_address_to_let_through(tmp_path: Path, portal: str) -> None:
    answer, what = PORTALS[portal]
    (tmp_path / "sys/class/net/eth0").mkdir(parents=True)
    (tmp_path / "sys/class/net/eth0/address").write_text("dc:a6:32:01:02:03\n")
    found = way(tmp_path, ONE, http=refuses(DOWN), net=FakeNet(plain={f"{ADS}:80": answer}))
    assert found.trouble == "portal"
    assert is_told(found.finding, "fail", "captive portal: ", "dc:a6:32:01:02:03")
    assert what in found.finding.what


def test_a_name_that_leads_to_a_private_address_is_a_portals(tmp_path: Path) -> None:
    found = way(tmp_path, ONE, http=refuses(PrivateAddressError(ADS, "10.0.0.1")))
    assert is_told(found.finding, "fail", f"captive portal: the name {ADS} leads to a private address", "Log in")


@pytest.mark.parametrize(
    "answer",
    [
        None,
        PlainAnswer(301, f"https://{ADS}/", ""),
        PlainAnswer(301, "https://www.venue.example/", ""),
        PlainAnswer(404, "", "text/html"),
    ],
)
def test_what_any_web_server_does_is_no_portal(tmp_path: Path, answer: PlainAnswer | None) -> None:
    plain = {} if answer is None else {f"{ADS}:80": answer}
    assert way(tmp_path, ONE, http=refuses(DOWN), net=FakeNet(plain=plain)).trouble is None


def test_servers_of_several_owners_that_all_hang_are_behind_a_wall(tmp_path: Path) -> None:
    urls = ("https://ads.one.example/x", "https://ads.two.example/x")
    config = Config(exchange=tuple(ExchangeConfig(url=url, name=url) for url in urls))
    silence = refuses(OohError(Code.FETCH_TIMEOUT, "no answer"))
    found = way(tmp_path, config, http=silence)
    assert found.trouble == "wall"
    assert is_told(found.finding, "fail", "none of 2 servers answers", "TCP port 443")
    assert way(tmp_path, ONE, http=silence).trouble is None


def test_a_right_certificate_proves_that_nobody_is_between(tmp_path: Path) -> None:
    net = FakeNet(plain={f"{ADS}:80": PORTALS["redirected"][0]})
    assert way(tmp_path, ONE, http=answers(404), net=net).trouble is None


def test_a_page_in_the_place_of_a_plain_exchange_is_a_portals(tmp_path: Path) -> None:
    config = Config(exchange=(ExchangeConfig(url=f"http://{ADS}:8080/x"),), fetch=FetchConfig(allow_hosts=(ADS,)))
    net = FakeNet(plain={f"{ADS}:8080": PORTALS["another's page"][0]})
    http = answers(200, content_type="text/html; charset=utf-8")
    assert way(tmp_path, config, http=http, net=net).trouble == "portal"
    assert way(tmp_path, config, http=answers(405, content_type="text/html"), net=net).trouble is None


def test_what_follows_points_at_the_cause_and_is_not_counted_as_one() -> None:
    cause = Way(Finding("network", "fail", "DNS is down", "Restart the router."), "names")
    assert is_told(follows("stream", cause), "warn", "not reached: DNS is down", "network")


def test_the_hosts_are_those_of_the_whole_configuration() -> None:
    assert outside_hosts(TWO) == (ADS, KINESIS)
    assert outside_hosts(Config()) == ()


# The real edge.


@contextmanager
def server(reply: bytes) -> Iterator[int]:
    """Says this to whoever connects."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            link, _ = listening.accept()
            with link:
                link.recv(65_536)
                link.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(60)


class Quiet(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", "http://login.example/")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_a_plain_answer_is_read_and_not_followed() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        found = SystemNet().ask_plainly("127.0.0.1", http.server_port, 30)
        http.shutdown()
    assert found == PlainAnswer(302, "http://login.example/", "")


@pytest.mark.parametrize("reply", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 two hundred\r\n\r\n"])
def test_who_does_not_speak_http_gives_no_answer(reply: bytes) -> None:
    with server(reply) as port:
        assert SystemNet().ask_plainly("127.0.0.1", port, 30) is None


def test_a_port_is_listened_at_or_not() -> None:
    net: Net = SystemNet()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        assert net.listens("127.0.0.1", listening.getsockname()[1], 30)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # taken, and nobody listens
        assert not net.listens("127.0.0.1", bound.getsockname()[1], 30)


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), "unknown"),
        (socket.gaierror(socket.EAI_AGAIN, "later"), "silent"),
        (UnicodeError("label too long"), "unknown"),
    ],
)
def test_a_name_that_is_unknown_is_told_from_a_server_that_is_silent(
    monkeypatch: pytest.MonkeyPatch, failure: Exception, state: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert SystemNet().look_up("a.example", 30).state == state


def test_a_resolver_that_hangs_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    held = threading.Event()

    def hang(*_: object, **__: object) -> list[object]:
        held.wait(60)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    found = SystemNet().look_up("a.example", 0.2)
    held.set()
    assert found == Name("a.example", "silent")
