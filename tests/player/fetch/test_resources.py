"""The network of one page: guarded as every download, and with an end."""

from __future__ import annotations

import pytest

from config import Code, FetchConfig, OohError
from player.fetch import GuardedResources, HttpAnswer
from tests.player.fake_http import FakeHttp


def refusal(resources: GuardedResources) -> Code:
    with pytest.raises(OohError) as caught:
        resources.get("https://a.test/x")
    return caught.value.code


def test_any_status_is_an_answer() -> None:
    found_at = "https://b.test/x"
    http = FakeHttp(HttpAnswer(404, {"content-type": "text/html"}, b"gone", found_at))
    found = GuardedResources(http, FetchConfig()).get("https://a.test/x")
    assert (found.status, found.content_type, found.body, found.url) == (404, "text/html", b"gone", found_at)
    assert [(asked.method, asked.body) for asked in http.asked] == [("GET", None)]
    assert not {"cookie", "authorization", "referer"} & {name.lower() for name in http.asked[0].headers}


def test_what_the_guard_refuses_is_refused() -> None:
    http = FakeHttp(OohError(Code.FETCH_REFUSED, "private"))
    assert refusal(GuardedResources(http, FetchConfig())) is Code.FETCH_REFUSED


def test_there_is_an_end_to_bytes_requests_and_time() -> None:
    large = FakeHttp(HttpAnswer(200, {}, b"x" * 600))
    few_bytes = GuardedResources(large, FetchConfig(max_bytes=1_000))
    for _ in range(2):
        few_bytes.get("https://a.test/x")
    assert refusal(few_bytes) is Code.FETCH_TOO_LARGE

    many = GuardedResources(FakeHttp(), FetchConfig())
    for _ in range(200):
        many.get("https://a.test/x")
    assert refusal(many) is Code.FETCH_TOO_LARGE

    times = iter([0.0, 5.0, 31.0])
    slow = GuardedResources(FakeHttp(), FetchConfig(timeout_seconds=30), lambda: next(times))
    slow.get("https://a.test/x")
    assert refusal(slow) is Code.FETCH_TIMEOUT
