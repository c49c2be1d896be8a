"""Whatever comes and whatever is configured: requests stay clean, answers break nothing and cost little."""

from __future__ import annotations

import json
import re
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import AdsConfig, ExchangeConfig, Size
from player.exchange import Opportunity, Rules, ScreenIdentity
from player.exchange.openrtb._request import asked_for, encode_request
from player.exchange.openrtb._response import Reading, read_response
from tests.player.exchange.openrtb.answers import NOW, SCREEN, FakeDesk, answer, asked, bid

MOST_BYTES = 2_000_000
words = st.sampled_from(["", " ", "x", "a.example", "é", "\u2028"]) | st.text(max_size=12)
screens = st.builds(
    ScreenIdentity,
    screen_id=st.sampled_from(["lobby-1", "a:b.c_d"]),  # the configuration has none that is empty
    venue=words,
    venue_types=st.lists(words, max_size=3).map(tuple),
    latitude=st.none() | st.floats(-90, 90),
    longitude=st.none() | st.floats(-180, 180),
    timezone=st.sampled_from(["", "Europe/Berlin", "No/Where"]),
    player_version=st.just("1"),
    venue_name=words,
    venue_taxonomy=st.integers(0, 5),
    ppi=st.integers(0, 300),
)
configs = st.builds(
    ExchangeConfig,
    url=st.just("https://x.test/"),
    publisher=words,
    publisher_name=words,
    domain=words,
    measured_by=words,
    floor_cpm=st.sampled_from([0.0, 0.1, 12.5]),
    multiplier=st.sampled_from([0.32, 1.0, 30.3]),
    deals=st.sampled_from([(), ("D-1",), ("D-1 2.50", "D-2")]),
    dt_unit=st.sampled_from(["ms", "s"]),
    test=st.booleans(),
)
wishes = st.builds(
    Opportunity,
    screen=st.sampled_from([SCREEN, Size(1080, 1920)]),
    duration_ms=st.integers(1_000, 60_000),
    count=st.integers(1, 3),
    video_mimes=st.sampled_from([(), ("video/mp4",)]),
    rules=st.sampled_from([Rules(), Rules.of(AdsConfig(blocked_categories=("IAB1",), blocked_domains=("a.example",)))]),
)


@given(screens, configs, wishes)
def test_no_request_has_an_empty_or_a_null_member(
    screen: ScreenIdentity, config: ExchangeConfig, wanted: Opportunity
) -> None:
    def check(value: object) -> None:
        assert value not in (None, "", [], {})
        if isinstance(value, str):
            assert value.strip() == value
        for member in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            check(member)

    request = json.loads(encode_request(asked_for(config, wanted, "req-1", NOW), config, screen))
    check(request)
    assert set(request["dooh"]) <= {"id", "name", "venuetype", "venuetypetax", "publisher", "domain"}
    assert len(request["imp"]) == wanted.count


scalars: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(
        [
            "1",
            "1e999999999",
            "-0",
            "<VAST>",
            "<img src=https://c.test/a>",
            "${AUCTION_PRICE}",
            "//x",
            "data:image/png;,",
        ]
    )
)
members = st.sampled_from(
    [
        "id",
        "impid",
        "price",
        "adm",
        "nurl",
        "burl",
        "lurl",
        "iurl",
        "adomain",
        "cat",
        "cattax",
        "attr",
        "crid",
        "cid",
        "w",
        "h",
        "dur",
        "exp",
        "mtype",
        "dealid",
        "ext",
        "banner",
    ]
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(members, inner, max_size=3), max_leaves=8
)
mutants = st.dictionaries(members, values, max_size=8).map(lambda changes: {**bid(), **changes})


@given(st.lists(mutants | values, max_size=4), values, st.integers(1, 2))
def test_any_answer_is_read_and_no_macro_is_left(bids: list[object], currency: object, count: int) -> None:
    reading = read_response(answer(*bids, cur=currency), asked(count), FakeDesk())

    assert isinstance(reading, Reading)
    for lease in getattr(reading.result, "leases", ()):
        called = (*lease.on_won, *lease.on_shown, *lease.on_released)
        assert not any(re.search(r"[${]AUCTION_(?:PRICE|ID|LOSS)}", one.url) for one in called)
        assert all(one.url.startswith(("http://", "https://", "HTTP")) for one in called)


@given(st.binary(max_size=300))
def test_any_bytes_are_read(body: bytes) -> None:
    assert isinstance(read_response(body, asked(1), FakeDesk()), Reading)


BIG = b'"' + b"x" * (MOST_BYTES - 200) + b'"'


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("deep", b"[" * MOST_BYTES),
        ("deep objects", b'{"a":' * (MOST_BYTES // 5)),
        ("many bids", answer(*[{}] * 500_000)),
        ("many seats", b'{"seatbid":[' + b"{}," * (MOST_BYTES // 3) + b"{}]}"),
        ("many domains", answer(bid(adomain=["a.b.c.example"] * 120_000))),
        ("many labels", answer(bid(adomain=["a." * 900_000]))),
        ("many categories", answer(bid(cat=["IAB1-1"] * 180_000))),
        ("a long markup", answer(bid(adm="<img src=x>" * 180_000))),
        ("a long URL", answer(bid(burl="https://x.test/" + "${AUCTION_PRICE}" * 100_000))),
        ("a long number", b'{"seatbid":[{"bid":[{"impid":"1","price":' + b"9" * 1_900_000 + b"}]}]}"),
        ("a long text", b'{"id":' + BIG + b"}"),
        ("macros that never end", answer(bid(burl="https://x.test/" + "${AUCTION_" * 700))),
        ("zeros", b"\0" * MOST_BYTES),
    ],
)
def test_no_body_takes_long_or_much_memory(what: str, body: bytes) -> None:
    tracemalloc.start()
    try:
        assert isinstance(read_response(body, asked(1), FakeDesk()), Reading), what
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100_000_000, what
