"""No answer makes any provider raise anything but ``OohError``, nor work for long, nor say what JSON cannot hold."""

from __future__ import annotations

import contextlib
import copy
import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cache import FeedSnapshot
from config import OohError, PanelKind
from player.feeds.headlines._rss import read_headlines
from player.feeds.headlines._tame import tame
from player.fetch import HttpAnswer
from tests.fakes import FakeClock
from tests.player.feeds.sources import Source, one
from tests.player.feeds.test_sandbox import CASES, HARBOUR, IDS, Sandbox

ODD: tuple[Any, ...] = (
    None, True, "", "x" * 300, "NaN", "∞", -1, 0, 10**30, 1e308, -0.0, [], {}, [None], [[]], {"a": 1}, "2026-11-22",
    "0001-01-01T00:00", "9999-12-31T23:59:59Z", "2026-11-22T12:00:00+14:00", "\ud83e".encode("utf-16", "surrogatepass"),
)  # fmt: skip


def judged(fetch: Callable[[], FeedSnapshot]) -> None:
    try:
        snapshot = fetch()
    except OohError:
        return
    json.dumps(snapshot.data, allow_nan=False)
    assert snapshot.attribution or snapshot.kind == "headlines"


class Mutated(Sandbox):
    """The sandbox, whose JSON answers each have some values replaced by odd ones."""

    def __init__(self, seed: int, known: dict[str, HttpAnswer]) -> None:
        super().__init__()
        self.dice = random.Random(seed)
        self.known = known

    def request(self, method: str, url: str, **more: Any) -> HttpAnswer:
        if url not in self.known:
            self.known[url] = super().request(method, url, **more)
        answer = self.known[url]
        try:
            found = json.loads(answer.body)
        except ValueError:
            return HttpAnswer(answer.status, answer.headers, self._scrambled(answer.body))
        for _ in range(self.dice.randint(1, 12)):
            self._spoil(found)
        body = json.dumps(found, default=lambda value: value.decode("utf-16", "replace")).encode()
        return HttpAnswer(answer.status, answer.headers, body)

    def _spoil(self, node: Any) -> None:
        while True:
            if not isinstance(node, dict | list) or not node:
                return
            key = self.dice.choice(list(node) if isinstance(node, dict) else range(len(node)))
            if self.dice.random() < 0.25 or not isinstance(node[key], dict | list) or not node[key]:
                node[key] = copy.deepcopy(self.dice.choice(ODD))
                return
            node = node[key]

    def _scrambled(self, body: bytes) -> bytes:
        found = bytearray(body)
        for _ in range(self.dice.randint(1, 30)):
            found[self.dice.randrange(len(found))] = self.dice.randrange(256)
        start = self.dice.randrange(len(found))
        return bytes(found[:start] + found[start + self.dice.randrange(60) :])


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("key") / "key"
    path.write_text("secret")
    return str(path)


@pytest.mark.parametrize(("kind", "section"), CASES, ids=IDS)
def test_mutated_answers(kind: PanelKind, section: dict[str, Any], key_file: str) -> None:
    known: dict[str, HttpAnswer] = {}
    for seed in range(30):
        feed = one(kind, {**section, "key_file": key_file}, Mutated(seed, known), FakeClock(), HARBOUR)
        judged(feed.fetch)
        assert feed.refresh_s >= 15


@pytest.mark.parametrize(("kind", "section"), CASES, ids=IDS)
@settings(max_examples=40, deadline=2_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=200) | st.text(max_size=100).map(str.encode),
    status=st.sampled_from([200, 204, 304, 400, 429, 500]),
    headers=st.dictionaries(
        st.sampled_from(["date", "age", "cache-control", "expires", "retry-after", "etag", "content-type"]),
        st.text(max_size=40),
    ),
)
def test_any_bytes_and_headers(
    kind: PanelKind, section: dict[str, Any], key_file: str, body: bytes, status: int, headers: dict[str, str]
) -> None:
    source = Source({"*": HttpAnswer(status, headers, body)})
    feed = one(kind, {**section, "key_file": key_file}, source, FakeClock())
    judged(feed.fetch)
    judged(feed.fetch)


N = 600_000
ITEM = b"<rss version='2.0' xmlns:q='http://purl.org/dc/elements/1.1/'><channel><item>"
SPACES = b" ".join(b'xmlns:a%d="http://x/%d"' % (number, number) for number in range(100))
HOSTILE = {
    "opened": b"<rss>" + b"<!--" * (N // 4),
    "cdata": b"<rss>" + b"<![CDATA[" * (N // 9),
    "ampersands": b"<rss>" + b"&" * N,
    "references": b"<rss>" + b"&#1" * (N // 3),
    "deep": b"<rss>" + b"<a>" * 990 + b"<b></b>" * 14_000,
    "author": ITEM + b"<author>" + b"a." * (N // 2),
    "creator": ITEM + b"<q:creator>" + b"a.<b/>" * 14_000,
    "entities": ITEM + b"<title>" + b"&lt;b" * (N // 5) + b"</title></item></channel></rss>",
    "title": ITEM + b"<title>" + b"&lt;script&gt;" * (N // 14) + b"</title></item></channel></rss>",
    "namespaces": b"<rss " + SPACES + b">" + b"<a1:b/>" * 29_000,
    "dates": ITEM + b"<title>x</title><pubDate>" + b"1:" * (N // 2) + b"</pubDate></item></channel></rss>",
    "doctype": b"<!DOCTYPE rss [" + b'<!ENTITY a "b">' * (N // 15) + b"]><rss/>",
    "xhtml": b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='xhtml'>" + b"<b>x</b>" * 14_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_markup_takes_bounded_time(name: str) -> None:
    """On the build machine each takes at most 1.0 s of CPU; untamed, "author" took minutes."""
    began = time.process_time()
    with contextlib.suppress(OohError):
        read_headlines(tame(HOSTILE[name]), FakeClock().now())
    assert time.process_time() - began < 5


@pytest.mark.parametrize("path", ["/scoreboard", "/mlb/api/v1/schedule", "/nhl/v1/score/now", "/golf"])
def test_a_huge_board_takes_bounded_time(path: str) -> None:
    answer = json.loads(Sandbox().client.get(path).data)
    for key in ("events", "dates", "games"):
        if key in answer:
            answer[key] = answer[key] * 400
    kind, section = next(case for case, name in zip(CASES, IDS, strict=True) if name == path)
    body = json.dumps(answer).encode()[:]
    began = time.process_time()
    snapshot = one(kind, section, Source({"*": body}), FakeClock()).fetch()
    assert len(snapshot.data["games"]) <= 24
    assert time.process_time() - began < 5
