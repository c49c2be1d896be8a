"""The web server, one for all tests of this room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from player.fetch import Guard, GuardedHttp
from tests.player.fetch.server import Parts, WebServer, serving


@pytest.fixture(scope="module")
def web() -> Iterator[WebServer]:
    with serving() as server:
        yield server


@pytest.fixture
def http(web: WebServer) -> GuardedHttp:
    web.seen.clear()
    web.parts = Parts()
    return GuardedHttp(Guard.of((web.host,)), "ooh-player/test")
