"""What the doctor says of the servers: exchanges, feeds, heartbeat, gateway, stream."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cache import Board, Cache, FeedSnapshot
from config import Code, Config, ExchangeConfig, HeadlinesConfig, HeartbeatConfig, OohError, PanelsConfig, ProofConfig
from player.doctor import Finding, Patient, examine
from player.doctor._network import Way
from player.doctor._servers import server_checks
from player.doctor._stream import look_at_stream
from player.fetch import HttpAnswer
from tests.fakes import FakeClock
from tests.player.doctor.patients import answers, is_told, patient, refuses
from tests.player.fake_http import Asked, FakeHttp

CONFIG = Config(exchange=(ExchangeConfig(url="https://ads.example/x"),))
GOOD = Way(Finding("network", "ok", "eth0"))
DOWN = Way(Finding("network", "fail", "DNS is down", "Restart the router."), "names")


def look(folder: Path, http: FakeHttp, config: Config = CONFIG, way: Way = GOOD) -> Finding:
    return examine(server_checks(patient(folder, config, http=http), http, lambda: way), 60)[0]


def failing(detail: str, code: Code = Code.FETCH_NETWORK) -> FakeHttp:
    return refuses(OohError(code, detail))


def test_without_an_exchange_the_screen_earns_nothing(tmp_path: Path) -> None:
    http = FakeHttp()
    assert is_told(look(tmp_path, http, Config(exchange=(ExchangeConfig(),))), "warn", "none is configured", "setup")
    assert not http.asked


@pytest.mark.parametrize(
    ("status", "grade", "what"),
    [
        (200, "ok", "reached (200)"),
        (204, "ok", "reached"),
        (400, "ok", "reached"),
        (405, "ok", "reached"),
        (401, "warn", "does not let this screen in"),
        (403, "warn", "does not let this screen in"),
        (404, "fail", "wrong URL: the server knows no such page"),
        (502, "fail", "it answers 502"),
    ],
)
def test_what_an_exchange_answers(tmp_path: Path, status: int, grade: str, what: str) -> None:
    assert is_told(look(tmp_path, answers(status)), grade, what)


class PostOnly(FakeHttp):
    """A server that knows POST alone, and says 404 to all else."""

    def request(self, method: str, url: str, **rest: object) -> HttpAnswer:
        self.asked.append(Asked(method, url, rest["headers"], rest["body"], 1.0))  # type: ignore[arg-type]
        return HttpAnswer(400 if method == "POST" else 404, {}, b"")


def test_a_server_that_knows_only_post_is_asked_so_and_no_ad_is_asked_for(tmp_path: Path) -> None:
    http = PostOnly()
    assert is_told(look(tmp_path, http), "ok", "reached (400)")
    assert [(asked.method, asked.body) for asked in http.asked] == [("HEAD", None), ("POST", b"")]


def test_a_tag_is_never_posted_to(tmp_path: Path) -> None:
    http = PostOnly()
    config = Config(exchange=(ExchangeConfig(url="https://ads.example/tag", kind="vast"),))
    assert is_told(look(tmp_path, http, config), "fail", "wrong URL")
    assert [asked.method for asked in http.asked] == ["HEAD"]


def test_the_token_is_sent_as_the_player_sends_it(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3cret\n")
    http = answers(401)
    exchange = ExchangeConfig(url="https://ads.example/x", token_file=str(tmp_path / "token"))
    told = look(tmp_path, http, Config(exchange=(exchange,)))
    assert is_told(told, "warn", "401", "exchange.token_file")
    assert http.asked[0].headers["Authorization"] == "Bearer s3cret"
    assert "s3cret" not in told.what + told.next_step


@pytest.mark.parametrize(
    ("detail", "what", "step"),
    [
        ("the name ads.exmaple cannot be resolved: [Errno -2]", "no host called ads.exmaple", "letter by letter"),
        (
            "ads.example port 8443: [Errno 111] Connection refused",
            "nobody listens at ads.example port 8443",
            "host and port",
        ),
        ("ads.example: SSLError: [SSL: WRONG_VERSION_NUMBER] wrong", "does not speak https", "scheme and port"),
        (
            "ads.example: SSLCertVerificationError: certificate verify failed: Hostname mismatch, certificate is not",
            "the certificate of ads.example is another host's",
            "Check the host",
        ),
        (
            "ads.example: SSLCertVerificationError: certificate verify failed: self-signed certificate",
            "not one that this machine trusts",
            "firewall",
        ),
        (
            "ads.example: SSLCertVerificationError: certificate verify failed: certificate is not yet valid",
            "not valid at the time of this machine's clock",
            "clock",
        ),
    ],
)
def test_why_an_exchange_is_not_reached(tmp_path: Path, detail: str, what: str, step: str) -> None:
    assert is_told(look(tmp_path, failing(detail)), "fail", what, step)


def test_an_exchange_that_is_silent(tmp_path: Path) -> None:
    told = look(tmp_path, failing("ads.example: timed out", Code.FETCH_TIMEOUT))
    assert is_told(told, "fail", "no answer within ", "TCP port 443")


def test_an_exchange_that_may_not_be_asked(tmp_path: Path) -> None:
    told = look(tmp_path, failing("ads.example is plain http, not https", Code.FETCH_REFUSED))
    assert is_told(told, "fail", "plain http", "fetch.allow_hosts")


def test_what_nobody_foresaw_has_its_code(tmp_path: Path) -> None:
    assert is_told(look(tmp_path, failing("ads.example: Odd: x")), "fail", "fetch.network")


def test_behind_a_network_that_is_amiss_nothing_is_judged(tmp_path: Path) -> None:
    told = look(tmp_path, failing("the name ads.example cannot be resolved: later"), way=DOWN)
    assert is_told(told, "warn", "not reached: DNS is down", "network")
    assert is_told(look(tmp_path, answers(200), way=DOWN), "ok", "reached")


def test_of_several_exchanges_each_has_its_line_and_its_key(tmp_path: Path) -> None:
    names = ("one", "two")
    config = Config(exchange=tuple(ExchangeConfig(url=f"https://{name}.example/", name=name) for name in names))
    http = answers(404)
    found = examine(server_checks(patient(tmp_path, config, http=http), http, lambda: GOOD), 60)
    assert [finding.name for finding in found] == ["exchange one", "exchange two"]
    assert "exchange.url of two" in found[1].next_step


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_base_address_is_no_page_by_itself(tmp_path: Path, status: int) -> None:
    config = Config(exchange=(ExchangeConfig(url="https://api.example", kind="vistar"),))
    assert is_told(look(tmp_path, answers(status), config), "ok", "ooh-player exchange try")
    assert is_told(look(tmp_path, answers(503), config), "fail", "503")


def test_a_receiver_that_does_not_know_head_is_not_called_wrong(tmp_path: Path) -> None:
    config = Config(heartbeat=HeartbeatConfig(url="https://beat.example/"))
    http = answers(404)
    (_, told) = examine(server_checks(patient(tmp_path, config, http=http), http, lambda: GOOD), 60)
    assert is_told(told, "warn", "answers 404", "only POST")
    assert [asked.method for asked in http.asked] == ["HEAD"]


def test_heartbeat_and_gateway_are_visited_too(tmp_path: Path) -> None:
    config = Config(
        heartbeat=HeartbeatConfig(url="https://beat.example/"), proof=ProofConfig(gateway_url="https://plays.example/")
    )
    http = answers(200)
    found = examine(server_checks(patient(tmp_path, config, http=http), http, lambda: GOOD), 60)
    assert [(finding.name, finding.grade) for finding in found[1:]] == [("heartbeat", "ok"), ("gateway", "ok")]


# Feeds.

FEED = Config(panels=PanelsConfig(headlines=HeadlinesConfig(url="https://news.example/rss")))
RSS = b'<rss version="2.0"><channel><title>N</title><item><title>One thing happened</title></item></channel></rss>'


def feed(folder: Path, http: FakeHttp, way: Way = GOOD) -> Finding:
    seen = patient(folder, FEED, http=http)
    return next(one for one in examine(server_checks(seen, http, lambda: way), 60) if one.name == "feed headlines")


def rss() -> FakeHttp:
    return FakeHttp(HttpAnswer(200, {"content-type": "application/rss+xml"}, RSS))


def test_a_feed_that_answers_is_good(tmp_path: Path) -> None:
    assert is_told(feed(tmp_path, rss()), "ok", "can be shown")


def test_a_feed_that_does_not_is_watched_for_the_panel_hides(tmp_path: Path) -> None:
    assert is_told(feed(tmp_path, answers(500)), "warn", "500")
    assert is_told(feed(tmp_path, failing("news.example: x"), DOWN), "warn", "not reached: DNS is down")


@pytest.mark.parametrize(("age_h", "grade"), [(1, "ok"), (9, "warn")])
def test_what_the_screen_has_may_be_old_though_the_feed_answers(tmp_path: Path, age_h: int, grade: str) -> None:
    seen, clock = patient(tmp_path, FEED), FakeClock()
    for folder in (seen.folders.state, seen.folders.run):
        folder.mkdir()
    Board(seen.folders.run, "agent").write({"pid": os.getpid()})
    cache = Cache.open(seen.folders, clock, 10**9)
    fetched_at = clock.wall - timedelta(hours=age_h)
    cache.save_snapshot(FeedSnapshot("headlines", fetched_at, 6 * 3_600_000, "N", {"title": None, "items": []}))
    cache.close()
    told = feed(tmp_path, rss())
    assert is_told(told, grade, "can be shown" if grade == "ok" else "540 min old", "" if grade == "ok" else "agent")


# The stream.


@contextmanager
def kinesis(status: int, kind: str = "", message: str = "") -> Iterator[str]:
    """Says this to every request, as AWS does."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            told: dict[str, object] = {"__type": kind, "message": message} if kind else {"StreamDescriptionSummary": {}}
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The AWS chain finds these and asks nobody."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def stream(folder: Path, endpoint: str, way: Callable[[], Way] = lambda: GOOD) -> Finding:
    return look_at_stream(_screen(folder, endpoint), way)


def _screen(folder: Path, endpoint: str) -> Patient:
    return patient(folder, Config(proof=ProofConfig(stream="plays", endpoint=endpoint)))


def test_no_stream_is_a_choice(tmp_path: Path) -> None:
    told = look_at_stream(patient(tmp_path), lambda: GOOD)
    assert is_told(told, "warn", "plays stay in the journal", "proof.stream")


@pytest.mark.usefixtures("keys")
def test_a_stream_that_answers_is_good(tmp_path: Path) -> None:
    with kinesis(200) as endpoint:
        assert is_told(stream(tmp_path, endpoint), "ok", "plays takes this screen's credentials")


@pytest.mark.usefixtures("keys")
@pytest.mark.parametrize(
    ("kind", "message", "what", "step"),
    [
        ("AccessDeniedException", "User x may not", "this screen may not use it (AccessDenied", "kinesis:PutRecords"),
        ("ResourceNotFoundException", "Stream plays not found", "there is no such stream", "proof.region"),
        ("ExpiredTokenException", "The security token is expired", "no valid credentials", "proof.credentials"),
        ("UnrecognizedClientException", "The token is invalid", "no valid credentials", "AWS chain"),
        ("InvalidSignatureException", "Signature expired: 2021 is now earlier", "the clock of this machine", "clock"),
        ("ThrottlingException", "Rate exceeded", "delivery.throttled", "sent again"),
    ],
)
def test_a_stream_that_refuses_names_the_cause(tmp_path: Path, kind: str, message: str, what: str, step: str) -> None:
    with kinesis(400, kind, message) as endpoint:
        assert is_told(stream(tmp_path, endpoint), "fail", what, step)


@pytest.mark.usefixtures("keys")
def test_a_policy_that_lets_write_and_nothing_else_is_right(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    board = {"pid": os.getpid(), "delivery": {"delivered": 80, "error": None}}
    with kinesis(400, "AccessDeniedException", "no DescribeStreamSummary") as endpoint:
        Board(tmp_path / "run", "agent").write(board)
        assert is_told(stream(tmp_path, endpoint), "ok", "takes plays, 80 so far")
        Board(tmp_path / "run", "agent").write({**board, "delivery": {"delivered": 80, "error": "delivery.denied"}})
        assert is_told(stream(tmp_path, endpoint), "fail", "may not use it")


@pytest.mark.usefixtures("keys")
def test_an_endpoint_where_nobody_listens(tmp_path: Path) -> None:
    with kinesis(200) as endpoint:
        pass
    assert is_told(stream(tmp_path, endpoint), "fail", "not reached", "proof.endpoint")
    assert is_told(stream(tmp_path, endpoint, lambda: DOWN), "warn", "DNS is down", "network")


def test_the_feeds_of_a_healthy_screen_are_asked_once(tmp_path: Path) -> None:
    http = rss()
    feed(tmp_path, http)
    assert len(http.asked) == 1
