"""Downloads that break off go on where they ended, and never put two versions of a file together."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config import Code, OohError
from player.fetch import Fetched, GuardedHttp, fetch
from player.fetch._partial import MOST_KEPT
from player.fetch._validators import announced_bytes, content_range, strong_validator, wanted_sha256
from tests.player.fetch.server import WebServer

SIZE = 256_000


def get(http: GuardedHttp, web: WebServer, folder: Path, *, keep: bool = True, max_bytes: int = 2 * SIZE) -> Fetched:
    kept = folder / "kept" if keep else None
    url = web.url("/parts?key=secret")
    found = fetch(http, url, max_bytes=max_bytes, timeout_s=5, into=folder / "work", keep=kept)
    assert found.path.read_bytes() == web.parts.body
    assert found.sha256 == hashlib.sha256(web.parts.body).hexdigest()
    assert found.size_bytes == len(web.parts.body)
    found.path.unlink()
    assert not list((folder / "work").iterdir())
    assert kept is None or not list(kept.iterdir())
    return found


def broken(http: GuardedHttp, web: WebServer, folder: Path, code: Code = Code.FETCH_NETWORK) -> None:
    with pytest.raises(OohError) as caught:
        get(http, web, folder)
    assert caught.value.code is code
    assert not list((folder / "work").iterdir())


def asked(web: WebServer) -> list[str | None]:
    return [seen.headers.get("range") for seen in web.seen]


@pytest.mark.parametrize("keep", [False, True])
def test_a_broken_connection_is_taken_up_at_once(
    web: WebServer, http: GuardedHttp, tmp_path: Path, *, keep: bool
) -> None:
    web.parts.cuts = [100_000, 50_000]
    assert get(http, web, tmp_path, keep=keep).resumed_bytes == 150_000
    assert asked(web) == [None, "bytes=100000-", "bytes=150000-"]
    assert [seen.headers.get("if-range") for seen in web.seen] == [None, '"one"', '"one"']


def test_the_rest_comes_with_a_later_call(web: WebServer, http: GuardedHttp, tmp_path: Path) -> None:
    web.parts.cuts = [100_000, 0]
    broken(http, web, tmp_path)
    assert {path.suffix for path in (tmp_path / "kept").iterdir()} == {".part", ".json"}
    assert "secret" not in "".join(path.name for path in (tmp_path / "kept").iterdir())
    assert get(http, web, tmp_path).resumed_bytes == 100_000
    assert asked(web)[-1] == "bytes=100000-"


def test_another_version_is_fetched_whole(web: WebServer, http: GuardedHttp, tmp_path: Path) -> None:
    web.parts.cuts = [100_000, 0]
    broken(http, web, tmp_path)
    web.parts.body, web.parts.etag = b"new" * 50_000, '"two"'
    assert get(http, web, tmp_path).resumed_bytes == 0


@pytest.mark.parametrize("lie", ["ignore", "unsatisfiable"])
def test_a_server_that_gives_no_parts_sends_it_all(web: WebServer, http: GuardedHttp, tmp_path: Path, lie: str) -> None:
    web.parts.cuts, web.parts.lie = [100_000], lie
    assert get(http, web, tmp_path).resumed_bytes == 0


@pytest.mark.parametrize("lie", ["offset", "total", "etag"])
def test_parts_that_do_not_fit_are_dropped(web: WebServer, http: GuardedHttp, tmp_path: Path, lie: str) -> None:
    web.parts.cuts, web.parts.lie = [100_000], lie
    assert get(http, web, tmp_path).resumed_bytes == 0
    assert asked(web) == [None, "bytes=100000-", None]


def test_a_part_nobody_asked_for_is_refused(web: WebServer, http: GuardedHttp, tmp_path: Path) -> None:
    web.parts.lie = "uninvited"
    broken(http, web, tmp_path)


@pytest.mark.parametrize("etag", ["", 'W/"weak"', "bare"])
def test_without_a_strong_validator_nothing_is_kept(
    web: WebServer, http: GuardedHttp, tmp_path: Path, etag: str
) -> None:
    web.parts.cuts, web.parts.etag = [100_000], etag
    broken(http, web, tmp_path)
    assert not list((tmp_path / "kept").iterdir())
    assert len(web.seen) == 1


def test_bytes_that_changed_on_disk_are_not_used(web: WebServer, http: GuardedHttp, tmp_path: Path) -> None:
    """A power cut leaves files of the right length with wrong bytes."""
    web.parts.cuts = [100_000, 0]
    broken(http, web, tmp_path)
    part = next((tmp_path / "kept").glob("*.part"))
    part.write_bytes(b"\0" * 100_000)
    assert get(http, web, tmp_path).resumed_bytes == 0


@pytest.mark.parametrize(
    "note", [b"", b"{}", b'{"validator":"\xff"}', b'{"validator":"x","total_bytes":1,"size_bytes":-5,"sha256":""}']
)
def test_a_damaged_note_is_no_note(web: WebServer, http: GuardedHttp, tmp_path: Path, note: bytes) -> None:
    web.parts.cuts = [100_000, 0]
    broken(http, web, tmp_path)
    next((tmp_path / "kept").glob("*.json")).write_bytes(note)
    assert get(http, web, tmp_path).resumed_bytes == 0


def test_the_cap_is_for_the_whole(web: WebServer, http: GuardedHttp, tmp_path: Path) -> None:
    web.parts.cuts = [100_000, 0]
    broken(http, web, tmp_path)
    web.parts.body *= 3
    broken(http, web, tmp_path, Code.FETCH_TOO_LARGE)


def test_a_hash_that_the_server_names_is_held_to(web: WebServer, http: GuardedHttp, tmp_path: Path) -> None:
    web.parts.lie = "digest"
    broken(http, web, tmp_path)
    assert not list((tmp_path / "kept").iterdir())


def test_what_is_kept_is_bounded(web: WebServer, http: GuardedHttp, tmp_path: Path) -> None:
    for number in range(MOST_KEPT + 4):
        web.parts.cuts = [1_000, 0]
        with pytest.raises(OohError):
            fetch(
                http,
                web.url(f"/parts?{number}"),
                max_bytes=2 * SIZE,
                timeout_s=5,
                into=tmp_path / "work",
                keep=tmp_path / "kept",
            )
    assert len(list((tmp_path / "kept").glob("*.part"))) <= MOST_KEPT + 1
    assert len(list((tmp_path / "kept").glob("*.json"))) <= MOST_KEPT + 1


CHILD = """
import sys, pathlib
from player.fetch import Guard, GuardedHttp, fetch
url, host, folder = sys.argv[1:]
folder = pathlib.Path(folder)
http = GuardedHttp(Guard.of((host,)), "test")
fetch(http, url, max_bytes=50_000_000, timeout_s=30, into=folder / "work", keep=folder / "kept")
"""


def killed_midway(web: WebServer, folder: Path) -> bool:
    """Kill a child once it has noted something; False when it had ended by then, as it may on a busy machine."""
    child = subprocess.Popen([sys.executable, "-c", CHILD, web.url("/parts?slow"), web.host, str(folder)])
    try:
        until = time.monotonic() + 20
        while not list((folder / "kept").glob("*.json")) and child.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
    return bool(list((folder / "kept").glob("*.json")))


def test_a_killed_agent_goes_on_from_its_last_note(web: WebServer, http: GuardedHttp, tmp_path: Path) -> None:
    web.parts.body = bytes(range(256)) * 20_000
    web.seen.clear()
    assert any(killed_midway(web, tmp_path) for _ in range(10)), "it was always faster than the signal"
    found = fetch(
        http,
        web.url("/parts?slow"),
        max_bytes=50_000_000,
        timeout_s=10,
        into=tmp_path / "work",
        keep=tmp_path / "kept",
    )
    assert found.resumed_bytes >= 2_000_000
    assert found.sha256 == hashlib.sha256(web.parts.body).hexdigest()


@pytest.mark.parametrize(
    ("headers", "validator"),
    [
        ({"etag": '"abc"'}, '"abc"'),  # RFC 9110 §8.8.3
        ({"etag": '""'}, '""'),
        ({"etag": 'W/"abc"'}, None),  # weak: §13.1.5
        ({"etag": "abc"}, None),
        ({"etag": '"a"\r\nx: "'}, None),
        ({"etag": '"abc"', "accept-ranges": "none"}, None),  # §14.3
        ({"etag": '"abc"', "accept-ranges": "bytes"}, '"abc"'),
        ({"etag": '"abc"', "content-encoding": "gzip"}, None),  # a part of the coded bytes: §14.2
        (
            {"last-modified": "Sun, 22 Nov 2026 10:00:00 GMT", "date": "Sun, 22 Nov 2026 12:00:00 GMT"},
            "Sun, 22 Nov 2026 10:00:00 GMT",
        ),
        # It could change again within the second: §8.8.2.2
        ({"last-modified": "Sun, 22 Nov 2026 12:00:00 GMT", "date": "Sun, 22 Nov 2026 12:00:01 GMT"}, None),
        ({"last-modified": "Sun, 22 Nov 2026 10:00:00 GMT"}, None),
        ({"last-modified": "yesterday", "date": "today"}, None),
        ({}, None),
    ],
)
def test_what_names_a_version(headers: dict[str, str], validator: str | None) -> None:
    assert strong_validator(headers) == validator


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("bytes 5-9/10", (5, 10)),
        ("bytes 5-9/*", (5, None)),
        ("Bytes 0-0/1", (0, 1)),
        ("bytes */10", None),
        ("bytes 9-5/10", None),
        ("bytes 5-10/10", None),
        ("items 5-9/10", None),
        ("", None),
    ],
)
def test_which_part_it_is(text: str, span: tuple[int, int | None] | None) -> None:
    found = content_range({"content-range": text})
    assert (None if found is None else (found.start, found.total)) == span


def test_lengths_and_hashes_of_headers() -> None:
    assert announced_bytes({"content-length": "12"}) == 12
    assert announced_bytes({"content-length": "12", "content-encoding": "gzip"}) is None
    assert announced_bytes({"content-length": "-1"}) is None
    assert wanted_sha256({"repr-digest": "sha-256=:AAAA:"}) is None
    assert wanted_sha256({"repr-digest": f"sha-256=:{'A' * 43}=:"}) == "00" * 32
    assert wanted_sha256({"repr-digest": f"sha-256=:{'=' * 44}:"}) is None
