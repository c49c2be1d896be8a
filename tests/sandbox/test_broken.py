"""What is broken on purpose is broken in the way it says."""

from __future__ import annotations

import io
import json
import time

import pytest
from PIL import Image

from sandbox.exchange import Catalogue, Mix, make_app
from sandbox.exchange._broken import BOMB_SIDE, broken_creative
from sandbox.exchange._mix import BROKEN_KINDS
from tests.sandbox.test_exchange import HEADERS, REQUEST


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load()


def test_the_bomb_is_small_and_says_that_it_is_huge(catalogue: Catalogue) -> None:
    began = time.process_time()
    bomb = broken_creative("bomb", catalogue).body
    assert time.process_time() - began < 3
    assert len(bomb) < 200_000
    assert bomb[16:24] == BOMB_SIDE.to_bytes(4, "big") * 2


def test_the_tiny_one_is_a_tracking_pixel(catalogue: Catalogue) -> None:
    with Image.open(io.BytesIO(broken_creative("tiny", catalogue).body)) as image:
        image.load()
        assert image.size == (1, 1)


def test_the_truncated_one_opens_and_does_not_load(catalogue: Catalogue) -> None:
    with Image.open(io.BytesIO(broken_creative("truncated", catalogue).body)) as image:
        assert min(image.size) > 100
        with pytest.raises(OSError, match="truncated"):
            image.load()


def test_the_others(catalogue: Catalogue) -> None:
    assert b"<html" in broken_creative("html", catalogue).body
    assert broken_creative("empty", catalogue).body == b""
    assert broken_creative("missing", catalogue).status == 404


def test_every_kind_is_served() -> None:
    mix = Mix(broken_share=0.9, nofill_share=0, throttle_share=0, slow_share=0)
    with make_app(mix).test_client() as client:
        for _ in range(20):
            answer = client.post("/openrtb", json=REQUEST, headers=HEADERS)
            try:
                (bid,) = json.loads(answer.text)["seatbid"][0]["bid"]
            except ValueError:
                continue
            if "/broken/" in bid["iurl"]:
                assert client.get(bid["iurl"]).status_code in (200, 404)
            elif bid["crid"] is not None:
                assert bid["impid"] in ("1", "not-an-imp-of-yours")
        state = client.get("/_state").json or {}
    assert set(state["broken"]) == set(BROKEN_KINDS)
    assert {name for name in state["served"] if name.startswith("broken/")} == {
        f"broken/{kind}" for kind in BROKEN_KINDS if kind not in ("unknown_imp", "invalid_json")
    }
