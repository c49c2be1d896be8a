"""Downloads: whole and hashed, or no file at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from config import Code, OohError
from player.fetch import GuardedHttp, fetch
from tests.player.fetch.server import WebServer


def test_a_download_is_hashed_and_named(web: WebServer, http: GuardedHttp, tmp_path: Path) -> None:
    found = fetch(http, web.url("/hello"), max_bytes=100, timeout_s=5, into=tmp_path / "new" / "folder")

    assert found.path.read_bytes() == b"hello"
    assert found.path.parent == tmp_path / "new" / "folder"
    assert (found.sha256, found.size_bytes, found.mime) == (hashlib.sha256(b"hello").hexdigest(), 5, "text/plain")


def test_creatives_are_asked_for_as_they_are(web: WebServer, http: GuardedHttp, tmp_path: Path) -> None:
    fetch(http, web.url("/hello"), max_bytes=100, timeout_s=5, into=tmp_path)

    assert web.seen[-1].headers["accept-encoding"] == "identity"


def test_an_empty_body_is_the_prepare_process_s_to_refuse(web: WebServer, http: GuardedHttp, tmp_path: Path) -> None:
    assert fetch(http, web.url("/empty"), max_bytes=100, timeout_s=5, into=tmp_path).size_bytes == 0


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/missing", Code.FETCH_STATUS),
        ("/nothing", Code.FETCH_STATUS),
        ("/large", Code.FETCH_TOO_LARGE),
        ("/endless", Code.FETCH_TOO_LARGE),
        ("/short", Code.FETCH_NETWORK),
        ("/drip", Code.FETCH_TIMEOUT),
        ("/to-private", Code.FETCH_REFUSED),
    ],
)
def test_a_failed_download_leaves_nothing(
    web: WebServer, http: GuardedHttp, tmp_path: Path, path: str, code: Code
) -> None:
    with pytest.raises(OohError) as found:
        fetch(http, web.url(path), max_bytes=100_000, timeout_s=0.4, into=tmp_path)

    assert found.value.code is code
    assert list(tmp_path.iterdir()) == []


def test_exactly_the_cap_is_allowed(web: WebServer, http: GuardedHttp, tmp_path: Path) -> None:
    assert fetch(http, web.url("/large"), max_bytes=200_000, timeout_s=5, into=tmp_path).size_bytes == 200_000
