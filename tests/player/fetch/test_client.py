"""The HTTP client against a server that misbehaves, over real sockets."""

from __future__ import annotations

import ssl
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import Code, FetchConfig, OohError
from player.fetch import Guard, GuardedHttp, HttpAnswer, open_http
from tests.player.fetch.server import WebServer, free_port

TRUST = ssl.create_default_context()


def get(http: GuardedHttp, url: str, *, timeout_s: float = 5.0, max_bytes: int = 100_000) -> HttpAnswer:
    return http.request("GET", url, headers={}, body=None, timeout_s=timeout_s, max_bytes=max_bytes)


def code_of(http: GuardedHttp, url: str, *, timeout_s: float = 5.0, max_bytes: int = 100_000) -> Code:
    with pytest.raises(OohError) as found:
        get(http, url, timeout_s=timeout_s, max_bytes=max_bytes)
    return found.value.code


def test_a_good_answer(web: WebServer, http: GuardedHttp) -> None:
    answer = get(http, web.url("/hello?a=b"))

    assert (answer.status, answer.body, answer.good) == (200, b"hello", True)
    assert answer.headers["content-type"] == "Text/Plain; charset=utf-8"
    assert web.seen[0].headers["user-agent"] == "ooh-player/test"
    assert "cookie" not in web.seen[0].headers


def test_a_post_carries_its_headers_and_body(web: WebServer, http: GuardedHttp) -> None:
    http.request(
        "POST", web.url("/hello"), headers={"x-openrtb-version": "2.6"}, body=b"{}", timeout_s=5, max_bytes=100
    )

    assert (web.seen[0].method, web.seen[0].body, web.seen[0].headers["x-openrtb-version"]) == ("POST", b"{}", "2.6")


@pytest.mark.parametrize(("path", "status"), [("/missing", 404), ("/nothing", 204), ("/empty", 200)])
def test_any_status_is_an_answer(web: WebServer, http: GuardedHttp, path: str, status: int) -> None:
    assert get(http, web.url(path)).status == status


def test_compressed_answers_are_decoded_and_counted_decoded(web: WebServer, http: GuardedHttp) -> None:
    assert get(http, web.url("/gzip")).body == b'{"a": 1}'
    assert code_of(http, web.url("/bomb")) is Code.FETCH_TOO_LARGE
    assert code_of(http, web.url("/badgzip")) is Code.FETCH_NETWORK


@pytest.mark.parametrize("path", ["/large", "/endless"])
def test_the_byte_cap_holds_with_and_without_a_length(web: WebServer, http: GuardedHttp, path: str) -> None:
    assert code_of(http, web.url(path)) is Code.FETCH_TOO_LARGE


@pytest.mark.parametrize("path", ["/drip", "/drip-headers", "/hang", "/slow-loop"])
def test_the_time_cap_is_for_the_whole_request(web: WebServer, http: GuardedHttp, path: str) -> None:
    begun = time.monotonic()

    assert code_of(http, web.url(path), timeout_s=0.25) is Code.FETCH_TIMEOUT
    assert time.monotonic() - begun < 2.0


@pytest.mark.parametrize("path", ["/short", "/rubbish"])
def test_broken_answers_are_network_errors(web: WebServer, http: GuardedHttp, path: str) -> None:
    assert code_of(http, web.url(path)) is Code.FETCH_NETWORK


def test_nobody_listening_is_a_network_error() -> None:
    http = GuardedHttp(Guard.of(("127.0.0.1",)), "test")

    assert code_of(http, f"http://127.0.0.1:{free_port()}/") is Code.FETCH_NETWORK


def test_redirects_are_followed_for_get_and_never_for_post(web: WebServer, http: GuardedHttp) -> None:
    assert get(http, web.url("/to-hello")).body == b"hello"
    posted = http.request("POST", web.url("/to-hello"), headers={}, body=b"x", timeout_s=5, max_bytes=100)
    assert posted.status == 302


@pytest.mark.parametrize("path", ["/to-private", "/to-file", "/to-junk", "/loop"])
def test_redirects_are_checked_like_the_first_url(web: WebServer, http: GuardedHttp, path: str) -> None:
    assert code_of(http, web.url(path)) is Code.FETCH_REFUSED


def test_a_token_does_not_follow_a_redirect_to_another_host(web: WebServer) -> None:
    http = GuardedHttp(Guard.of((web.host, f"localhost:{web.port}")), "test")
    headers = {"Authorization": "Bearer secret"}

    def sent_to(path: str) -> list[str | None]:
        web.seen.clear()
        http.request("GET", web.url(path), headers=headers, body=None, timeout_s=5, max_bytes=100)
        return [seen.headers.get("authorization") for seen in web.seen]

    assert sent_to("/to-hello") == ["Bearer secret", "Bearer secret"]
    assert sent_to("/to-other") == ["Bearer secret", None]


@given(st.text(max_size=80), st.sampled_from(["", "https://", "https://example.com/", "https://example.com:"]))
def test_any_url_is_fetched_or_an_ooh_error(rest: str, start: str) -> None:
    http = GuardedHttp(Guard((), lambda _host, _port: []), "test", TRUST)
    with pytest.raises(OohError):
        get(http, start + rest)


def test_the_checked_address_is_the_one_connected_to(web: WebServer) -> None:
    """DNS rebinding: the name is resolved once, by the guard, and never again by the socket layer."""
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    allowed = GuardedHttp(Guard.of((f"rebind.invalid:{web.port}",), resolve), "test")
    assert get(allowed, f"http://rebind.invalid:{web.port}/hello").body == b"hello"
    assert asked == ["rebind.invalid"]

    refused = GuardedHttp(Guard((), resolve), "test")
    assert code_of(refused, f"https://rebind.invalid:{web.port}/hello") is Code.FETCH_REFUSED


def test_a_dead_first_address_leaves_time_for_the_second(web: WebServer) -> None:
    http = GuardedHttp(Guard.of(("two.invalid",), lambda _host, _port: ["127.9.9.9", "127.0.0.1"]), "test")

    assert get(http, f"http://two.invalid:{web.port}/hello").body == b"hello"


def test_proxies_of_the_environment_are_not_used(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    http = open_http(FetchConfig(allow_hosts=(web.host,)), "1.2.3")

    assert get(http, web.url("/hello")).body == b"hello"
    assert web.seen[-1].headers["user-agent"] == "ooh-player/1.2.3"


def test_messages_name_the_host_and_keep_the_query_secret(web: WebServer, http: GuardedHttp) -> None:
    with pytest.raises(OohError) as found:
        get(http, web.url("/short?apikey=hunter2"))
    assert "127.0.0.1" in found.value.detail
    assert "hunter2" not in str(found.value)
