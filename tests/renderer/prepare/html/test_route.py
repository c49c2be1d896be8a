"""What a page is answered: from its site, from the network while it is taken in, else not at all."""

from __future__ import annotations

import base64

import pytest

from renderer.prepare.html._route import Answer, Route
from renderer.prepare.html._shapes import ORIGIN, Resource, Site

SITE = Site(
    f"{ORIGIN}/index.html",
    {
        f"{ORIGIN}/index.html": Resource(200, "text/html", b"<p>"),
        f"{ORIGIN}/My%20Ad/a%26b.png": Resource(200, "image/png", b"png"),
    },
)


def told(answer: Answer | int) -> tuple[str, bytes]:
    assert not isinstance(answer, int)
    method, params = answer
    return method, base64.b64decode(str(params.get("body", "")))


def get(url: str, method: str = "GET") -> dict[str, str]:
    return {"url": url, "method": method}


@pytest.mark.parametrize(
    "url", ["My%20Ad/a%26b.png", "My Ad/a&b.png", "my ad/A&B.PNG", "My%20Ad/a%26b.png?cache=1", "My%20Ad/a&b.png#x"]
)
def test_files_of_an_archive_are_found_as_their_author_meant_them(url: str) -> None:
    assert told(Route(SITE, frozenset()).answer(get(f"{ORIGIN}/{url}"), "Image")) == ("Fetch.fulfillRequest", b"png")


@pytest.mark.parametrize("kind", ["Ping", "WebSocket", "EventSource", "Prefetch", "CSPViolationReport"])
def test_what_only_tells_others_never_goes_out(kind: str) -> None:
    asked: list[str] = []
    route = Route(SITE, frozenset(), lambda url, _: asked.append(url))
    assert told(route.answer(get("https://t.test/"), kind))[0] == "Fetch.failRequest"
    assert told(route.answer(get("https://t.test/", "POST"), "XHR"))[0] == "Fetch.failRequest"
    assert asked == []


def test_impression_pixels_are_not_called_while_it_is_taken_in() -> None:
    asked: list[str] = []
    route = Route(SITE, frozenset({"https://t.test/pixel"}), lambda url, _: asked.append(url))
    method, body = told(route.answer(get("https://t.test/pixel"), "Image"))
    assert (method, body[:3]) == ("Fetch.fulfillRequest", b"GIF")
    assert asked == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a.test/", "chrome://version/", f"{ORIGIN}/nope"])
def test_other_schemes_and_missing_files_are_not_asked_for(url: str) -> None:
    asked: list[str] = []
    route = Route(SITE, frozenset(), lambda url, _: asked.append(url))
    assert told(route.answer(get(url), "Image"))[0] == "Fetch.failRequest"
    assert list(route.missing) == [url]
    assert asked == []


def test_the_network_is_recorded_once() -> None:
    asked: list[tuple[str, int]] = []
    route = Route(SITE, frozenset(), lambda url, number: asked.append((url, number)))
    number = route.answer(get("https://cdn.test/a.js"), "Script")
    assert isinstance(number, int)
    assert told(route.arrived(number, Resource(200, "text/javascript", b"1")))[1] == b"1"
    assert told(route.answer(get("https://cdn.test/a.js"), "Script"))[1] == b"1"
    assert asked == [("https://cdn.test/a.js", number)]
    assert set(route.recorded) == {"https://cdn.test/a.js"}


def test_redirects_are_told_so_that_relative_addresses_hold() -> None:
    route = Route(SITE, frozenset(), lambda _url, _number: None)
    number = route.answer(get("https://a.test/go"), "Stylesheet")
    assert isinstance(number, int)
    method, params = route.arrived(number, Resource(200, "text/css", b"p{}", "https://b.test/css/a.css"))
    assert params["responseCode"] == 302
    assert told(route.answer(get("https://b.test/css/a.css"), "Stylesheet")) == (method, b"p{}")


def test_ad_servers_scripts_are_stood_in_for() -> None:
    asked: list[str] = []
    route = Route(SITE, frozenset(), lambda url, _: asked.append(url))
    for url in ("https://s0.2mdn.net/ads/studio/Enabler.js", "https://creative.invalid/mraid.js?x=1"):
        assert told(route.answer(get(url), "Script")) == ("Fetch.fulfillRequest", b"")
    assert asked == []


def test_there_is_an_end_to_asking() -> None:
    asked: list[str] = []
    route = Route(SITE, frozenset(), lambda url, _: asked.append(url))
    for at in range(400):
        route.answer(get(f"https://cdn.test/{at}"), "Image")
    assert len(asked) == 300
